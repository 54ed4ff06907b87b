import { inspect } from "node:util";
import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { type Authenticate, basic, bearer } from "../../src/client/auth.ts";
import { type Fetch, Http, type HttpOptions } from "../../src/client/http.ts";
import { BaseURL } from "../../src/client/url.ts";
import { SCIMClient } from "../../src/index.ts";
import { User } from "../../src/models.gen.ts";
import { loopback } from "./loopback.ts";
import { errorOf, failure, replay } from "./replay.ts";

const TOKEN = "t0ken-s3cret";
const PASSWORD = "passw0rd-s3cret";
const PAYLOAD = "payl0ad-s3cret";
const KEY = "k3y-s3cret";
const COOKIE = "c00kie-s3cret";
const ALL = [TOKEN, PASSWORD, PAYLOAD, KEY, COOKIE, btoa(`me:${PASSWORD}`), "s3cret"];

/** Everything of an error that a log could show. */
function shown(error: unknown): string {
  const { message, stack, cause } = error instanceof Error ? error : new Error("not an error");
  return [
    message,
    stack,
    JSON.stringify(error),
    JSON.stringify(cause),
    inspect(error, { depth: 10 }),
    inspect(error, { depth: 10, showHidden: true }),
    inspect({ error }, { depth: 10 }),
    String(error),
  ].join("\n");
}

async function rejectWith(value: unknown): Promise<never> {
  // oxlint-disable-next-line typescript/only-throw-error -- what a fetch throws is its own affair
  throw value;
}

const faults: Array<{ title: string; listener?: RequestListener; fetch?: Fetch; options?: HttpOptions }> = [
  { title: "a reset connection", listener: ({ socket }) => socket.resetAndDestroy() },
  { title: "headers that do not come", listener: () => undefined },
  { title: "a body that stops", listener: (_request, response) => void response.writeHead(200).write("{") },
  {
    title: "a body that breaks off",
    listener: ({ socket }, response) => {
      response.writeHead(200, { "content-length": 100, "set-cookie": COOKIE });
      response.write("{", () => socket.resetAndDestroy());
    },
  },
  { title: "a body that is too large", listener: (_request, response) => void response.end("x".repeat(2000)) },
  {
    title: "an error that holds the request",
    fetch: (request) =>
      Promise.reject(Object.assign(new TypeError("fetch failed"), { request, headers: request.headers })),
  },
  {
    title: "an error that quotes the credentials",
    fetch: (request) => {
      const quoted = [...request.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      throw new Error(`cannot send ${quoted}`, { cause: new Error(quoted) });
    },
  },
  {
    title: "an error that holds the body",
    fetch: async (request) => {
      throw Object.assign(new Error("no"), { code: PAYLOAD, body: await request.text() });
    },
  },
  {
    title: "an error that is a text",
    fetch: ({ headers }) => rejectWith(headers.get("authorization")),
  },
  { title: "a fetch that answers nothing", fetch: () => JSON.parse("null") as Response },
];
const auths: Array<[string, Authenticate]> = [
  ["bearer", bearer(TOKEN)],
  ["basic", basic("me", PASSWORD)],
  ["a function", () => ({ "x-signature": TOKEN })],
];

describe("RFC 7644 §7.5: no error shows credentials or payload", () => {
  for (const { title, listener, fetch } of faults) {
    for (const [kind, auth] of auths) {
      test(`${title}, with ${kind}`, async () => {
        const origin = listener === undefined ? "http://scim.test" : await loopback(listener);
        const base = new BaseURL(`${origin}/scim/v2?apikey=${KEY}`);
        const options = { auth, fetch, timeout: 100, maxResponseBytes: 1000, headers: { "x-api-key": KEY } };
        const error: unknown = await new Http(base, options)
          .send({
            method: "POST",
            url: base.resolve("/Users"),
            body: { password: PAYLOAD },
            headers: { cookie: COOKIE },
          })
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(Error);
        const text = shown(error);
        for (const secret of ALL) expect(text).not.toContain(secret);
      });
    }
  }

  test("nor what the verb says of its body, nor the query of the base URL, nor passwords out of Basic credentials", async () => {
    const base = new BaseURL(`https://scim.test?a=${KEY}`);
    const fetch = async (request: Request): Promise<Response> => {
      throw new Error(`${await request.text()} refused for ${PASSWORD} at ${request.url}`);
    };
    const error: unknown = await new Http(base, { auth: basic("me", PASSWORD), fetch })
      .send({ method: "POST", url: base.resolve("/Users"), body: [PAYLOAD], secrets: () => [PAYLOAD] })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ cause: { message: '["***"] refused for *** at ***' } });
    expect(shown(error)).not.toContain("s3cret");
  });

  const PARAMETERS: ReadonlyArray<{ title: string; base?: string; name?: string; value: string }> = [
    { title: "a parameter of the base URL", base: `?tenant=${KEY}`, value: KEY },
    { title: "one that is percent-encoded there", base: "?key=k3y%2fs3cret+x", value: "k3y/s3cret x" },
    { title: "the same as it stands there", base: "?key=k3y%2fs3cret+x", value: "k3y%2fs3cret+x" },
    { title: "an access token in a call", name: "access_token", value: TOKEN },
    { title: "a code in a call, in any case", name: "CODE", value: "c0de s3cret" },
    { title: "a signature in a call", name: "sig", value: "s1g+/s3cret=" },
    { title: "a value that is a name as well", base: "?flag&key=k3y-s3cret", value: KEY },
  ];
  for (const { title, base, name, value } of PARAMETERS) {
    test(`nor ${title}, which the server quotes`, async () => {
      const { fetch } = replay({ status: 400, body: errorOf(400, "invalidValue", `no "${value}" with flag`) });
      const scim = new SCIMClient(`https://scim.test/scim${base ?? ""}`, {
        fetch,
        retry: false,
        resourceModels: [User],
      });
      const searchParams = name === undefined ? {} : { [name]: value };
      const error = await failure(() => scim.query(User, { searchParams, filter: "title pr", count: 7 }));
      expect(error).toMatchObject({ detail: 'no "***" with flag' });
      expect(error).toMatchObject({ message: expect.stringMatching(/filter=title%20pr&count=7/) as string });
      expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain("s3cret");
    });
  }

  test("nor anything of the body of a request that no verb sends, for nobody knows what is secret in it", async () => {
    const fetch = async (request: Request): Promise<Response> => {
      throw new Error(`cannot send ${await request.text()}`);
    };
    const scim = new SCIMClient("https://scim.test", { fetch, retry: false });
    const body = { password: PAYLOAD, pins: [12345], note: 'a "quoted s3cret"', active: true };
    const error = await failure(() => scim.request({ method: "POST", path: "/Users", body }));
    expect(error).toMatchObject({
      cause: { message: 'cannot send {"password":"***","pins":[***],"note":"***","active":true}' },
    });
    expect(shown(error)).not.toMatch(/s3cret|12345/);
  });

  test("nor does what a client prints of itself", () => {
    const http = new Http(new BaseURL(`https://scim.test?apikey=${KEY}`), {
      auth: basic("me", PASSWORD),
      headers: { "x-api-key": KEY },
    });
    for (const secret of ALL) expect(inspect(http, { depth: 10 }) + JSON.stringify(http)).not.toContain(secret);
  });
});
