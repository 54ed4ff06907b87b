import { inspect } from "node:util";
import type { RequestListener } from "node:http";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { Authenticate } from "../../src/client/auth.ts";
import type { Fetch } from "../../src/client/http.ts";
import { clientCredentials, type ClientCredentialsOptions } from "../../src/client/oauth.ts";
import { SCIMClient } from "../../src/client/scim-client.ts";
import { RequestNetworkError, TokenRequestError } from "../../src/errors.ts";
import { User } from "../../src/models.gen.ts";
import { authorizationServer, scimServer } from "./authorization-server.ts";
import { closedPort, loopback } from "./loopback.ts";

const CLIENT = { clientId: "provisioning", clientSecret: "s3cret/+ :%" };
const ENDPOINT = "https://as.example/oauth/token";
const REQUEST = { method: "GET", url: "https://scim.example/Users" };
const FIRST = { refresh: false };

function client(auth: Authenticate, fetch: Fetch): SCIMClient {
  const scim = new SCIMClient("https://scim.example/v2", { auth, fetch, retry: false });
  scim.registerNaiveResourceTypes([User]);
  return scim;
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly form: URLSearchParams;
}

/** An authorization server of one line: answers with what it is told, and remembers what it was asked. */
function answering(...answers: Array<Response | (() => Response)>): { fetch: Fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (request) => {
      const { method, url, headers } = request;
      const form = new URLSearchParams(await request.text());
      const answer = answers[Math.min(sent.push({ method, url, headers, form }), answers.length) - 1];
      return typeof answer === "function" ? answer() : (answer?.clone() ?? Response.error());
    },
  };
}

const newYear = (): number => Date.UTC(2030, 0, 1);
const TOKEN = Response.json({ access_token: "t0ken", token_type: "Bearer", expires_in: 3600 });

async function keyPair(algorithm: "ES256" | "Ed25519"): Promise<{ privateKey: CryptoKey; jwk: object }> {
  const name = algorithm === "ES256" ? { name: "ECDSA", namedCurve: "P-256" } : { name: "Ed25519" };
  const pair = await crypto.subtle.generateKey(name, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("the algorithm has no key pair");
  const { privateKey, publicKey } = pair;
  const jwk = { ...(await crypto.subtle.exportKey("jwk", publicKey)), kid: "k1", use: "sig", alg: algorithm };
  return { privateKey, jwk };
}

async function rejection(work: unknown): Promise<TokenRequestError> {
  const error: unknown = await Promise.resolve(work).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TokenRequestError)) throw new Error("expected a TokenRequestError", { cause: error });
  return error;
}

describe("against oidc-provider", () => {
  const registered = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };

  for (const authMethod of ["client_secret_basic", "client_secret_post"] as const) {
    test(`RFC 6749 §2.3.1: the client authenticates by ${authMethod}`, async () => {
      const as = await authorizationServer({ ...registered, token_endpoint_auth_method: authMethod });
      const { fetch, seen } = scimServer(as);
      const auth = clientCredentials({ issuer: as.issuer, ...CLIENT, authMethod, scope: "scim" });
      expect(await client(auth, fetch).query(User, "1")).toMatchObject({ id: "1" });
      expect(seen).toMatchObject([{ clientId: "provisioning", scope: "scim" }]);
    });
  }

  for (const algorithm of ["ES256", "Ed25519"] as const) {
    test(`RFC 7523 §2.2: the client authenticates by an assertion, signed with ${algorithm}`, async () => {
      const { privateKey, jwk } = await keyPair(algorithm);
      const as = await authorizationServer({
        client_id: "signer",
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: algorithm,
        jwks: { keys: [jwk] },
      });
      const { fetch, seen } = scimServer(as);
      const key = { key: privateKey, kid: "k1" };
      const auth = clientCredentials({ issuer: as.issuer, clientId: "signer", privateKey: key, scope: "scim" });
      await client(auth, fetch).query(User, "1");
      expect(seen).toMatchObject([{ clientId: "signer" }]);
    });
  }

  test("RFC 8707 §2: the token is for the resource that was named", async () => {
    const as = await authorizationServer(registered);
    const { fetch, seen } = scimServer(as);
    const resource = "https://scim.example/v2";
    await client(clientCredentials({ issuer: as.issuer, ...CLIENT, resource }), fetch).query(User, "1");
    expect(seen).toMatchObject([{ aud: resource }]);
  });

  test("RFC 6749 §1.4: fifty requests of two clients wait for one token", async () => {
    const as = await authorizationServer(registered);
    const { fetch, seen } = scimServer(as);
    const auth = clientCredentials({ issuer: as.issuer, ...CLIENT });
    const clients = [client(auth, fetch), client(auth, fetch)];
    const ids = Array.from({ length: 25 }, (_none, index) => String(index));
    const users = await Promise.all(clients.flatMap((scim) => ids.map((id) => scim.query(User, id))));
    expect(users.map(({ id }) => id)).toEqual([...ids, ...ids]);
    expect(seen.length).toBe(50);
    expect(as.tokenRequests()).toBe(1);
  });

  test("RFC 6750 §3.1: a token that was revoked is renewed once for all that meet the 401", async () => {
    const as = await authorizationServer(registered);
    const { fetch, seen } = scimServer(as);
    const scim = client(clientCredentials({ issuer: as.issuer, ...CLIENT }), fetch);
    await scim.query(User, "1");
    await seen[0]?.destroy();
    await Promise.all(Array.from({ length: 20 }, (_none, index) => scim.query(User, String(index))));
    expect(seen.length).toBe(21);
    expect(as.tokenRequests()).toBe(2);
  });

  test("RFC 6749 §5.2: a wrong secret is an error that names invalid_client and not the secret", async () => {
    const as = await authorizationServer(registered);
    const auth = clientCredentials({ issuer: as.issuer, clientId: "provisioning", clientSecret: "wr0ng" });
    const error = await rejection(client(auth, scimServer(as).fetch).query(User, "1"));
    expect(error).toMatchObject({
      code: "token_request_error",
      error: "invalid_client",
      status: 401,
      request: { method: "POST", url: `${as.issuer}/token` },
      message: `POST ${as.issuer}/token: the authorization server refused with 401: invalid_client: client authentication failed (RFC 6749 §5.2)`,
    });
  });

  test("RFC 6749 §5.2: a scope that nobody may have is refused", async () => {
    const as = await authorizationServer({ ...registered, scope: "scim" });
    const auth = clientCredentials({ issuer: as.issuer, ...CLIENT, scope: "openid" });
    expect((await rejection(auth(REQUEST, FIRST))).error).toBe("invalid_scope");
  });
});

describe("the token request on the wire", () => {
  test("RFC 6749 §4.4.2: a form with the grant type, the secret in the Authorization header", async () => {
    const { fetch, sent } = answering(TOKEN);
    const auth = clientCredentials({ tokenEndpoint: `${ENDPOINT}?tenant=1`, ...CLIENT, scope: "a b", fetch });
    expect(await auth(REQUEST, FIRST)).toEqual({ authorization: "Bearer t0ken" });
    const [request] = sent;
    expect(request).toMatchObject({ method: "POST", url: `${ENDPOINT}?tenant=1` });
    expect(Object.fromEntries(request?.form ?? [])).toEqual({ grant_type: "client_credentials", scope: "a b" });
    const encoded = btoa("provisioning:s3cret%2F%2B+%3A%25");
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
      authorization: `Basic ${encoded}`,
      accept: "application/json",
      "content-type": expect.stringMatching(/^application\/x-www-form-urlencoded\b/) as unknown,
      "user-agent": expect.stringMatching(/^scimkit\//) as unknown,
    });
  });

  test("RFC 6749 §2.3.1: the secret goes into the form where the metadata list only that", async () => {
    const metadata = {
      issuer: "https://as.example",
      token_endpoint: ENDPOINT,
      token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_post"],
    };
    const { fetch, sent } = answering(Response.json(metadata), TOKEN);
    await clientCredentials({ issuer: "https://as.example", ...CLIENT, fetch })(REQUEST, FIRST);
    expect(sent[1]?.headers.get("authorization")).toBeNull();
    expect(Object.fromEntries(sent[1]?.form ?? [])).toEqual({
      grant_type: "client_credentials",
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
    });
  });

  test("RFC 8707 §2: several resources, an audience and other parameters are sent as given", async () => {
    const { fetch, sent } = answering(TOKEN);
    const resource = ["https://a.example", "https://b.example"];
    const options = { resource, audience: "scim", parameters: { tenant: "x&y" } };
    await clientCredentials({ tokenEndpoint: ENDPOINT, ...CLIENT, ...options, fetch })(REQUEST, FIRST);
    sent[0]?.form.sort();
    expect([...(sent[0]?.form ?? [])]).toEqual([
      ["audience", "scim"],
      ["grant_type", "client_credentials"],
      ["resource", "https://a.example"],
      ["resource", "https://b.example"],
      ["tenant", "x&y"],
    ]);
  });

  const audiences = [
    { given: { tokenEndpoint: ENDPOINT }, want: ENDPOINT },
    { given: { tokenEndpoint: ENDPOINT, issuer: "https://as.example" }, want: "https://as.example" },
    {
      given: { tokenEndpoint: ENDPOINT, assertionAudience: "https://other.example" },
      want: "https://other.example",
    },
  ];
  for (const { given, want } of audiences) {
    test(`RFC 7523 §3: the assertion of ${JSON.stringify(given)} is for ${want}`, async () => {
      const { privateKey } = await keyPair("ES256");
      const { fetch, sent } = answering(TOKEN);
      await clientCredentials({ ...given, clientId: "signer", privateKey, fetch, clock: newYear })(REQUEST, FIRST);
      const [, payload = ""] = sent[0]?.form.get("client_assertion")?.split(".") ?? [];
      expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({
        iss: "signer",
        sub: "signer",
        aud: want,
        exp: expect.closeTo(newYear() / 1000 + 60, -1) as unknown,
      });
    });
  }

  test("a dispatcher of fetchOptions reaches fetch, and an aborted wait is not the request's end", async () => {
    const inits: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<Response>();
    const auth = clientCredentials({
      tokenEndpoint: ENDPOINT,
      ...CLIENT,
      fetchOptions: { dispatcher: "a proxy" },
      fetch: (_request, init) => {
        inits.push(init);
        return promise;
      },
    });
    const scim = client(auth, () => new Response(null, { status: 204 }));
    const { signal, abort } = aborting();
    const gone = scim.delete(User, "1", { signal });
    const waiting = scim.delete(User, "2");
    abort("enough");
    await expect(gone).rejects.toBe("enough");
    resolve(TOKEN.clone());
    await waiting;
    expect(inits).toEqual([{ dispatcher: "a proxy" }]);
  });
});

function aborting(): { signal: AbortSignal; abort: (reason: unknown) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

/** Answers with one token after another: t1, t2, … */
function numbered(lifetime: object): { fetch: Fetch; sent: Sent[] } {
  let issued = 0;
  return answering(() => Response.json({ access_token: `t${(issued += 1)}`, token_type: "bearer", ...lifetime }));
}

describe("RFC 6749 §5.1: how long a token is used", () => {
  test("until shortly before it expires", async () => {
    let now = 0;
    const { fetch, sent } = numbered({ expires_in: "600" });
    const auth = clientCredentials({ tokenEndpoint: ENDPOINT, ...CLIENT, fetch, clock: () => now });
    for (const [time, want] of [
      [0, "t1"],
      [569_999, "t1"],
      [570_000, "t2"],
      [1_139_999, "t2"],
      [1_140_000, "t3"],
    ] as const) {
      now = time;
      expect(await auth(REQUEST, FIRST)).toEqual({ authorization: `Bearer ${want}` });
    }
    expect(sent.length).toBe(3);
  });

  test("until it is refused, where expires_in is absent", async () => {
    let now = 0;
    const { fetch } = numbered({});
    const auth = clientCredentials({ tokenEndpoint: ENDPOINT, ...CLIENT, fetch, clock: () => now });
    await auth(REQUEST, FIRST);
    now = 1e14;
    expect(await auth(REQUEST, FIRST)).toEqual({ authorization: "Bearer t1" });
    expect(await auth(REQUEST, { refresh: true })).toEqual({ authorization: "Bearer t2" });
    expect(await auth(REQUEST, FIRST)).toEqual({ authorization: "Bearer t2" });
  });
});

const missing = (): Response => new Response("not here", { status: 404 });
const metadata = (members: object): Response => Response.json({ issuer: "https://as.example/x", ...members });

describe("RFC 8414 §3: the metadata of an issuer", () => {
  test("are read once, below the issuer's path and before OpenID Connect's", async () => {
    const { fetch, sent } = answering(missing, metadata({ token_endpoint: ENDPOINT }), TOKEN);
    const auth = clientCredentials({ issuer: "https://as.example/x", ...CLIENT, fetch });
    await auth(REQUEST, FIRST);
    await auth(REQUEST, { refresh: true });
    expect(sent.map(({ url }) => url)).toEqual([
      "https://as.example/.well-known/oauth-authorization-server/x",
      "https://as.example/x/.well-known/openid-configuration",
      ENDPOINT,
      ENDPOINT,
    ]);
    expect(sent[1]?.headers.get("authorization")).toBeNull();
  });

  test("are asked for again after a failure", async () => {
    const found = metadata({ token_endpoint: ENDPOINT });
    const { fetch } = answering(missing, missing, found, TOKEN);
    const auth = clientCredentials({ issuer: "https://as.example/x", ...CLIENT, fetch });
    await rejection(auth(REQUEST, FIRST));
    expect(await auth(REQUEST, FIRST)).toEqual({ authorization: "Bearer t0ken" });
  });

  const cases: Array<{ title: string; given: Response; want: RegExp }> = [
    { title: "are nowhere", given: missing(), want: /answered 404 without an OAuth error/ },
    { title: "name another issuer", given: metadata({ issuer: "https://evil.example" }), want: /"issuer"/ },
    {
      title: "have no token endpoint",
      given: metadata({}),
      want: /"token_endpoint" must be present .*RFC 8414 §2/,
    },
    {
      title: "name a token endpoint in clear text",
      given: metadata({ token_endpoint: "http://as.example/token" }),
      want: /"token_endpoint" in the metadata must be an https: URL \(RFC 6749 §3\.2\)/,
    },
    { title: "are not JSON", given: new Response("<html>"), want: /content-type/ },
  ];
  for (const { title, given, want } of cases) {
    test(`that ${title} are an error, and no secret is sent`, async () => {
      const { fetch, sent } = answering(given);
      const error = await rejection(
        clientCredentials({ issuer: "https://as.example/x", ...CLIENT, fetch })(REQUEST, FIRST),
      );
      expect(error.message).toMatch(/^GET https:\/\/as\.example\/[^ ]*\.well-known\//);
      expect(error.message).toMatch(want);
      expect(sent.every(({ method }) => method === "GET")).toBe(true);
    });
  }
});

const quoting: Fetch = async (request) => {
  throw new Error(`cannot send ${request.headers.get("authorization")} ${await request.text()}`);
};
const deaf: Fetch = () => new Promise(() => undefined);

describe("RFC 6749 §5.2: an answer that is no token is one typed error", () => {
  const cases: Array<{ title: string; given: Response; want: object; message: RegExp }> = [
    {
      title: "an OAuth error",
      given: Response.json({ error: "invalid_scope", error_description: "no\nsuch scope" }, { status: 400 }),
      want: { status: 400, error: "invalid_scope" },
      message: /refused with 400: invalid_scope: no such scope \(RFC 6749 §5\.2\)$/,
    },
    {
      title: "an OAuth error beside a challenge",
      given: Response.json(
        { error: "invalid_client" },
        { status: 401, headers: { "www-authenticate": 'Basic realm="as"' } },
      ),
      want: { status: 401, error: "invalid_client" },
      message: /refused with 401: invalid_client \(RFC 6749 §5\.2\)$/,
    },
    {
      title: "an error page",
      given: new Response("<html>", { status: 503 }),
      want: { status: 503, error: undefined },
      message: /answered 503 without an OAuth error/,
    },
    {
      title: "a redirect",
      given: new Response(null, { status: 302, headers: { location: "https://evil.example" } }),
      want: { status: 302 },
      message: /answered 302/,
    },
    {
      title: "no content",
      given: new Response(null, { status: 204 }),
      want: { status: 204 },
      message: /answered 204/,
    },
    { title: "a page", given: new Response("<html>"), want: { status: 200 }, message: /content-type/ },
    {
      title: "truncated JSON",
      given: new Response('{"access_token":"t0ken', { headers: { "content-type": "application/json" } }),
      want: { status: 200 },
      message: /JSON/,
    },
    {
      title: "a token without a type",
      given: Response.json({ access_token: "t0ken" }),
      want: { status: 200 },
      message: /"token_type"/,
    },
    {
      title: "a token of another type",
      given: Response.json({ access_token: "t0ken", token_type: "DPoP" }),
      want: { status: 200 },
      message: /another type than "Bearer" \(RFC 6750 §4\)/,
    },
    {
      title: "a token with a line break",
      given: Response.json({ access_token: "t0ken\r\nx: y", token_type: "Bearer" }),
      want: { status: 200 },
      message: /not visible ASCII text \(RFC 6750 §2\.1\)/,
    },
    {
      title: "a lifetime that is no number",
      given: Response.json({ access_token: "t0ken", token_type: "Bearer", expires_in: "soon" }),
      want: { status: 200 },
      message: /"expires_in"/,
    },
    {
      title: "an error that quotes the secret",
      given: Response.json(
        {
          error: "invalid_client",
          error_description: `${CLIENT.clientSecret} ${btoa("provisioning:s3cret%2F%2B+%3A%25")}`,
        },
        { status: 401 },
      ),
      want: { status: 401, error: "invalid_client" },
      message: /invalid_client: \*\*\* \*\*\* /,
    },
    {
      title: "more than a mebibyte",
      given: Response.json({ access_token: "t0ken".repeat(300_000), token_type: "Bearer" }),
      want: { status: undefined },
      message: /larger than 1048576 bytes/,
    },
  ];
  for (const { title, given, want, message } of cases) {
    test(title, async () => {
      const { fetch } = answering(given);
      const error = await rejection(
        clientCredentials({ tokenEndpoint: ENDPOINT, ...CLIENT, fetch })(REQUEST, FIRST),
      );
      expect(error).toMatchObject({
        code: "token_request_error",
        request: { method: "POST", url: ENDPOINT },
        ...want,
      });
      expect(error.message).toMatch(message);
      expectNothingSecret(error);
    });
  }

  const faults: Array<{ title: string; listener: RequestListener; reason: string }> = [
    { title: "a reset connection", listener: ({ socket }) => socket.resetAndDestroy(), reason: "connection" },
    { title: "headers that do not come", listener: () => undefined, reason: "timeout" },
    {
      title: "a body that stops",
      listener: (_request, response) =>
        void response.writeHead(200, { "content-type": "application/json" }).write("{"),
      reason: "timeout",
    },
  ];
  for (const { title, listener, reason } of faults) {
    test(`${title}: the cause is a RequestNetworkError with the reason ${reason}`, async () => {
      const tokenEndpoint = await loopback(listener);
      const error = await rejection(clientCredentials({ tokenEndpoint, ...CLIENT, timeout: 200 })(REQUEST, FIRST));
      expect(error.cause).toBeInstanceOf(RequestNetworkError);
      expect(error.cause).toMatchObject({ reason, unknownOutcome: false });
      expectNothingSecret(error);
    });
  }

  test("nobody listens: the message says so", async () => {
    const tokenEndpoint = await closedPort();
    const error = await rejection(clientCredentials({ tokenEndpoint, ...CLIENT })(REQUEST, FIRST));
    expect(error.message).toBe(
      `POST ${tokenEndpoint}/: the connection failed (ECONNREFUSED): nothing listens there`,
    );
  });

  test("a fetch that quotes what it sends, and one that heeds no signal", async () => {
    for (const [fetch, authMethod] of [
      [quoting, "client_secret_basic"],
      [quoting, "client_secret_post"],
      [deaf, "client_secret_basic"],
    ] as const) {
      const options = { tokenEndpoint: ENDPOINT, ...CLIENT, authMethod, fetch, timeout: 50 };
      expectNothingSecret(await rejection(clientCredentials(options)(REQUEST, FIRST)));
    }
  });

  test("an assertion is not shown either", async () => {
    const { privateKey } = await keyPair("ES256");
    let assertion = "";
    const fetch: Fetch = async (request) => {
      assertion = new URLSearchParams(await request.text()).get("client_assertion") ?? "";
      return Response.json({ error: "invalid_client", error_description: assertion }, { status: 401 });
    };
    const error = await rejection(
      clientCredentials({ tokenEndpoint: ENDPOINT, clientId: "signer", privateKey, fetch })(REQUEST, FIRST),
    );
    expect(assertion.length).toBeGreaterThan(100);
    expect(shown(error)).not.toContain(assertion.slice(0, 50));
  });
});

/** Everything of an error that a log could show. */
function shown(error: Error): string {
  const { cause, stack } = error;
  return [
    stack,
    JSON.stringify(error),
    JSON.stringify(cause),
    inspect(error, { depth: 10, showHidden: true }),
  ].join("\n");
}

function expectNothingSecret(error: Error): void {
  for (const secret of ["s3cret", btoa("provisioning:s3cret%2F%2B+%3A%25"), "t0ken"]) {
    expect(shown(error)).not.toContain(secret);
  }
}

describe("options that make no sense are a TypeError that shows no secret", () => {
  const { publicKey } = { publicKey: {} };
  const cases: Array<{ given: object; want: RegExp }> = [
    { given: CLIENT, want: /issuer or tokenEndpoint must be given/ },
    { given: { tokenEndpoint: "/token", ...CLIENT }, want: /tokenEndpoint must be an absolute https: URL/ },
    { given: { issuer: "ftp://as.example", ...CLIENT }, want: /issuer must be an absolute https: URL/ },
    { given: { issuer: "http://as.example", ...CLIENT }, want: /issuer must be an https: URL .*RFC 6749 §3\.2/ },
    { given: { tokenEndpoint: "http://127.0.0.1.evil.example", ...CLIENT }, want: /must be an https: URL/ },
    { given: { tokenEndpoint: "https://a:b@as.example", ...CLIENT }, want: /neither credentials nor a fragment/ },
    { given: { tokenEndpoint: "https://as.example/#x", ...CLIENT }, want: /neither credentials nor a fragment/ },
    { given: { tokenEndpoint: ENDPOINT, clientSecret: "s3cret" }, want: /clientId must be text/ },
    { given: { tokenEndpoint: ENDPOINT, clientId: "" }, want: /clientId must be text/ },
    { given: { tokenEndpoint: ENDPOINT, clientId: "a" }, want: /one of clientSecret and privateKey/ },
    {
      given: { tokenEndpoint: ENDPOINT, ...CLIENT, privateKey: publicKey },
      want: /one of clientSecret and privateKey/,
    },
    { given: { tokenEndpoint: ENDPOINT, clientId: "a", privateKey: publicKey }, want: /CryptoKey/ },
    { given: { tokenEndpoint: ENDPOINT, clientId: "a", clientSecret: "" }, want: /clientSecret must be text/ },
    { given: { tokenEndpoint: ENDPOINT, ...CLIENT, timeout: 0 }, want: /timeout must be from 1 to/ },
  ];
  for (const { given, want } of cases) {
    test(`${Object.keys(given).join(", ")}: ${want.source}`, () => {
      expect(() => clientCredentials(given as ClientCredentialsOptions)).toThrow(TypeError);
      expect(() => clientCredentials(given as ClientCredentialsOptions)).toThrow(want);
      expect(() => clientCredentials(given as ClientCredentialsOptions)).not.toThrow(/s3cret/);
    });
  }

  test("RFC 8252 §7.3: http: is for this machine, or for who asks for it", async () => {
    for (const host of ["localhost:1", "127.0.0.1", "127.1.2.3", "[::1]:8080"]) {
      expect(clientCredentials({ issuer: `http://${host}`, ...CLIENT })).toBeTypeOf("function");
    }
    const { fetch } = answering(TOKEN);
    const options = { tokenEndpoint: "http://as.example/token", ...CLIENT, fetch, allowInsecureRequests: true };
    expect(await clientCredentials(options)(REQUEST, FIRST)).toEqual({ authorization: "Bearer t0ken" });
  });

  test("the compiler says most of it before", () => {
    expectTypeOf(clientCredentials).returns.toEqualTypeOf<Authenticate>();
    expectTypeOf<{ clientId: string; clientSecret: string }>().not.toExtend<ClientCredentialsOptions>();
    expectTypeOf<{ issuer: string; clientId: string }>().not.toExtend<ClientCredentialsOptions>();
    expectTypeOf<{
      issuer: string;
      clientId: string;
      clientSecret: string;
      privateKey: CryptoKey;
    }>().not.toExtend<ClientCredentialsOptions>();
    expectTypeOf<{
      tokenEndpoint: URL;
      clientId: string;
      privateKey: CryptoKey;
    }>().toExtend<ClientCredentialsOptions>();
  });

  test("the function itself shows nothing", () => {
    const auth = clientCredentials({ tokenEndpoint: ENDPOINT, ...CLIENT });
    expect(inspect({ auth }, { depth: 10, showHidden: true })).not.toContain("s3cret");
  });
});
