import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bearer } from "../../src/client/auth.ts";
import type { RequestEvent, ResponseEvent, RetryEvent } from "../../src/client/hooks.ts";
import { type Answer, Http, type HttpOptions, type SendRequest } from "../../src/client/http.ts";
import { BaseURL } from "../../src/client/url.ts";
import { VERSION } from "../../src/client/user-agent.ts";
import type { JsonValue } from "../../src/json.ts";

const ORIGIN = "https://auth.example";
const BASE = new BaseURL(`${ORIGIN}/scim/v2`);
const SCIM = { "content-type": "application/scim+json" };

beforeAll(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  if (pending.length > 0) throw new Error(`never requested: ${pending.join(", ")}`);
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

function send(request: Partial<SendRequest> & { path?: string }, options: HttpOptions = {}): Promise<Answer> {
  const { path = "/Users", method = "GET", ...rest } = request;
  return new Http(BASE, options).send({ method, url: BASE.resolve(path), ...rest });
}

/** What `send` gives for this answer, made in process. */
async function read(body: BodyInit | null, init?: ResponseInit): Promise<Answer> {
  return send({}, { fetch: () => new Response(body, init) });
}

describe("RFC 7644 §3.1: requests are in application/scim+json", () => {
  const accept = "application/scim+json, application/json";
  const agent = `scimkit/${VERSION}`;
  const body = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "bjensen", displayName: "é" };

  for (const method of ["GET", "DELETE"]) {
    test(`${method} has Accept and User-Agent and neither body nor Content-Type`, async () => {
      nock(ORIGIN, { badheaders: ["content-type"], reqheaders: { accept, "user-agent": agent } })
        .intercept("/scim/v2/Users/1", method, "")
        .reply(204);
      expect(await send({ method, path: "/Users/1" })).toMatchObject({
        status: 204,
        body: undefined,
        text: undefined,
      });
    });
  }

  for (const method of ["POST", "PUT", "PATCH"]) {
    test(`${method} has a body in application/scim+json`, async () => {
      nock(ORIGIN, { reqheaders: { ...SCIM, accept, "user-agent": agent } })
        .intercept("/scim/v2/Users", method, body)
        .reply(201, body, SCIM);
      expect(await send({ method, body })).toMatchObject({ status: 201, body });
    });
  }

  test("POST without a body has no Content-Type", async () => {
    nock(ORIGIN, { badheaders: ["content-type"] })
      .post("/scim/v2/Users", "")
      .reply(200);
    await send({ method: "POST" });
  });

  test("media types can be set for the client, and in the headers of a request", async () => {
    nock(ORIGIN, { reqheaders: { "content-type": "application/json", accept: "text/json" } })
      .post("/scim/v2/Users")
      .reply(201);
    nock(ORIGIN, { reqheaders: { "content-type": "a/b", accept: "c/d" } })
      .post("/scim/v2/Users")
      .reply(201);
    const options = { contentType: "application/json", accept: "text/json" };
    await send({ method: "POST", body }, options);
    await send({ method: "POST", body, headers: { "Content-Type": "a/b", Accept: "c/d" } }, options);
  });

  test("the headers of a request replace those of auth, which replace those of the client", async () => {
    const auth = bearer("t");
    const options = { auth, headers: { Authorization: "client", "X-One": "client", "User-Agent": "mine" } };
    nock(ORIGIN, { reqheaders: { authorization: "Bearer t", "x-one": "client", "user-agent": "mine" } })
      .get("/scim/v2/Users")
      .reply(200);
    nock(ORIGIN, { reqheaders: { authorization: "call", "x-one": "call", accept: "a/b" } })
      .get("/scim/v2/Users")
      .reply(200);
    await send({}, options);
    await send(
      {
        headers: [
          ["AUTHORIZATION", "call"],
          ["x-one", "call"],
          ["Accept", "a/b"],
        ],
      },
      options,
    );
  });

  test("query and id go out as they were resolved", async () => {
    const paths: string[] = [];
    nock(ORIGIN)
      .get(/./)
      .query(true)
      .reply(({ url }: Request) => [200, String(paths.push(url))]);
    const url = BASE.resolve("/Users", { id: "a/../b?x#y", searchParams: { filter: 'userName eq "a b"' } });
    await new Http(BASE).send({ method: "GET", url });
    expect(paths).toEqual([`${ORIGIN}/scim/v2/Users/a%2F..%2Fb%3Fx%23y?filter=userName%20eq%20%22a%20b%22`]);
  });
});

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);

describe("an answer is given complete, whatever its status", () => {
  for (const status of [200, 204, 301, 302, 303, 304, 307, 308, 400, 401, 404, 409, 412, 500, 501]) {
    test(`${status} is an answer`, async () => {
      nock(ORIGIN).get("/scim/v2/Users").reply(status, "", { etag: 'W/"1"' });
      const answer = await send({});
      expect(answer).toMatchObject({
        status,
        attempt: 1,
        request: { method: "GET", url: `${ORIGIN}/scim/v2/Users` },
      });
      expect(answer.headers.get("etag")).toBe('W/"1"');
      expect(answer.url.href).toBe(`${ORIGIN}/scim/v2/Users`);
    });
  }

  const bodies: Array<{ title: string; given: BodyInit | null; type?: string; want: Partial<Answer> }> = [
    { title: "an object", given: '{"a":[1,null]}', want: { body: { a: [1, null] }, text: undefined } },
    { title: "null", given: "null", want: { body: null, text: undefined } },
    { title: "a string", given: '"x"', want: { body: "x", text: undefined } },
    { title: "an array", given: "[]", want: { body: [], text: undefined } },
    { title: "nothing", given: "", want: { body: undefined, text: undefined, json: true } },
    { title: "no body at all", given: null, want: { body: undefined, text: undefined } },
    { title: "truncated JSON", given: '{"a":', want: { body: undefined, text: '{"a":', json: true } },
    {
      title: "HTML",
      given: "<html>",
      type: "Text/HTML",
      want: { text: "<html>", json: false, mediaType: "text/html" },
    },
    { title: "JSON that says it is text", given: "{}", type: "text/plain", want: { body: {}, json: false } },
    { title: "JSON without a media type", given: bytes(0x7b, 0x7d), type: "", want: { body: {}, json: false } },
    { title: "a byte order mark", given: bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d), want: { body: {} } },
    { title: "UTF-8", given: '"é😀"', want: { body: "é😀" } },
    {
      title: "bytes that are not UTF-8",
      given: bytes(0x22, 0xff, 0x22),
      want: { body: undefined, text: '"\ufffd"' },
    },
    {
      title: "another charset that is declared",
      given: bytes(0x22, 0xe9, 0x22),
      type: "application/json;charset=ISO-8859-1",
      want: { body: "é" },
    },
    {
      title: "bytes that are not UTF-8 in a charset nobody knows",
      given: bytes(0x22, 0xff, 0x22),
      type: "application/json; charset=klingon",
      want: { body: undefined, text: '"\ufffd"' },
    },
    {
      title: "a charset nobody knows",
      given: '"é"',
      type: "application/json; charset=klingon",
      want: { body: "é" },
    },
  ];
  for (const { title, given, type, want } of bodies) {
    test(`RFC 8259 §8.1: ${title}`, async () => {
      const headers: HeadersInit = type === "" ? {} : { "content-type": type ?? "application/scim+json" };
      expect(await read(given, { headers })).toMatchObject(want);
    });
  }

  test("members called __proto__ stay members", async () => {
    const { body } = await read('{"__proto__":{"admin":true},"constructor":1}');
    expect(JSON.stringify(body)).toBe('{"__proto__":{"admin":true},"constructor":1}');
    expect((body as Record<string, JsonValue>)["admin"]).toBeUndefined();
  });

  test("a body that comes byte by byte is put together", async () => {
    const text = JSON.stringify({ userName: "é😀".repeat(100) });
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of new TextEncoder().encode(text)) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    expect((await read(stream)).body).toEqual(JSON.parse(text));
  });
});

describe("RFC 9110 §15.4.8: 307 and 308 are followed below the base URL with method and body", () => {
  for (const status of [307, 308]) {
    test(`${status} repeats a POST at the target, with credentials for it`, async () => {
      const asked: string[] = [];
      const auth = bearer("t");
      const reqheaders = { ...SCIM, authorization: "Bearer t" };
      nock(ORIGIN, { reqheaders })
        .post("/scim/v2/Me", { a: 1 })
        .reply(status, "", { location: "/scim/v2/Users/1?x=y" });
      nock(ORIGIN, { reqheaders }).post("/scim/v2/Users/1?x=y", { a: 1 }).reply(201, {}, SCIM);
      const answer = await send(
        { method: "POST", path: "/Me", body: { a: 1 } },
        {
          auth: (request, options) => {
            asked.push(request.url);
            return auth(request, options);
          },
        },
      );
      expect(answer).toMatchObject({ status: 201, attempt: 2, request: { url: `${ORIGIN}/scim/v2/Users/1?x=y` } });
      expect(answer.url.pathname).toBe("/scim/v2/Users/1");
      expect(asked).toEqual([`${ORIGIN}/scim/v2/Me`, `${ORIGIN}/scim/v2/Users/1?x=y`]);
    });
  }

  test("a relative Location starts from the URL that answered", async () => {
    nock(ORIGIN).get("/scim/v2/a/b").reply(307, "", { location: "../c" });
    nock(ORIGIN).get("/scim/v2/c").reply(200);
    expect(await send({ path: "/a/b" })).toMatchObject({ status: 200, attempt: 2 });
  });

  const refused = [
    { status: 308, location: "https://evil.example/scim/v2/Users/1" },
    { status: 308, location: "http://auth.example/scim/v2/Users/1" },
    { status: 307, location: "//evil.example/scim/v2/Users/1" },
    { status: 307, location: "https://me:pw@auth.example/scim/v2/Users/1" },
    { status: 308, location: "/admin" },
    { status: 308, location: "/scim/v2/../admin" },
    { status: 308, location: "https://" },
    { status: 308, location: undefined },
    { status: 301, location: "/scim/v2/Users/1" },
    { status: 302, location: "/scim/v2/Users/1" },
    { status: 303, location: "/scim/v2/Users/1" },
    { status: 201, location: "/scim/v2/Users/1" },
  ];
  for (const { status, location } of refused) {
    test(`${status} to ${location ?? "nowhere"} is the answer`, async () => {
      nock(ORIGIN)
        .post("/scim/v2/Users")
        .reply(status, "", location === undefined ? {} : { location });
      expect(await send({ method: "POST", body: {} })).toMatchObject({ status, attempt: 1 });
    });
  }

  test("five are followed, the sixth is the answer", async () => {
    nock(ORIGIN).get("/scim/v2/Users").times(6).reply(308, "", { location: "/scim/v2/Users" });
    expect(await send({})).toMatchObject({ status: 308, attempt: 6 });
  });

  test("a redirect that a browser hides is an error", async () => {
    const hidden = Object.defineProperties(new Response(null), {
      type: { value: "opaqueredirect" },
      status: { value: 0 },
    });
    await expect(send({}, { fetch: () => hidden, retry: false })).rejects.toThrow(
      "GET https://auth.example/scim/v2/Users: the server redirects, which no browser lets a script see",
    );
  });
});

describe("RFC 9110 §15.5.2: after a 401 auth is asked once more", () => {
  test("the request is repeated with new credentials", async () => {
    nock(ORIGIN, { reqheaders: { authorization: "Bearer 1" } })
      .post("/scim/v2/Users", { a: 1 })
      .reply(401);
    nock(ORIGIN, { reqheaders: { authorization: "Bearer 2" } })
      .post("/scim/v2/Users", { a: 1 })
      .reply(201);
    const asked: boolean[] = [];
    const auth = bearer(({ refresh }) => String(asked.push(refresh)));
    expect(await send({ method: "POST", body: { a: 1 } }, { auth })).toMatchObject({ status: 201, attempt: 2 });
    expect(asked).toEqual([false, true]);
  });

  test("a second 401 is the answer", async () => {
    nock(ORIGIN).get("/scim/v2/Users").times(2).reply(401);
    let token = 0;
    expect(await send({}, { auth: bearer(() => String((token += 1))) })).toMatchObject({ status: 401, attempt: 2 });
  });

  test("a token that does not change is not sent twice", async () => {
    nock(ORIGIN).get("/scim/v2/Users").reply(401);
    expect(await send({}, { auth: bearer("t") })).toMatchObject({ status: 401, attempt: 1 });
  });

  test("after a redirect auth may be asked once more again", async () => {
    nock(ORIGIN, { reqheaders: { authorization: "Bearer 1" } })
      .get("/scim/v2/Me")
      .reply(401);
    nock(ORIGIN, { reqheaders: { authorization: "Bearer 2" } })
      .get("/scim/v2/Me")
      .reply(308, "", { location: "/scim/v2/Users/1" });
    nock(ORIGIN, { reqheaders: { authorization: "Bearer 2" } })
      .get("/scim/v2/Users/1")
      .reply(401);
    nock(ORIGIN, { reqheaders: { authorization: "Bearer 3" } })
      .get("/scim/v2/Users/1")
      .reply(200);
    let token = 1;
    const auth = bearer(({ refresh }) => String(refresh ? (token += 1) : token));
    expect(await send({ path: "/Me" }, { auth })).toMatchObject({ status: 200, attempt: 4 });
  });

  test("without auth a 401 is the answer", async () => {
    nock(ORIGIN).get("/scim/v2/Users").reply(401);
    expect(await send({})).toMatchObject({ status: 401, attempt: 1 });
  });

  test("requests that are refused together share one refresh", async () => {
    let token = 1;
    let refreshes = 0;
    const http = new Http(BASE, {
      auth: bearer(async ({ refresh }) => {
        if (refresh) {
          refreshes += 1;
          token += 1;
        }
        return String(token);
      }),
      fetch: ({ headers }) =>
        new Response(null, { status: headers.get("authorization") === "Bearer 2" ? 204 : 401 }),
    });
    const all = Array.from({ length: 10 }, (_, id) => {
      return http.send({ method: "DELETE", url: BASE.resolve("/Users", { id: String(id) }) });
    });
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 204));
    expect(refreshes).toBe(1);
  });

  test("what auth throws reaches the caller, and nothing is sent", async () => {
    const failure = new Error("no token");
    await expect(send({}, { auth: bearer(() => Promise.reject(failure)) })).rejects.toBe(failure);
    const thrower = (): never => {
      throw failure;
    };
    await expect(send({}, { auth: thrower })).rejects.toBe(failure);
  });
});

describe("hooks see every attempt and no credentials", () => {
  test("onRequest, onResponse and onRetry are called in order", async () => {
    const events: Array<RequestEvent | ResponseEvent | RetryEvent> = [];
    const keep = (event: RequestEvent | ResponseEvent | RetryEvent): void => void events.push(event);
    const path = "/scim/v2/Users?key=s3cret";
    nock(ORIGIN).get(path).reply(503, "", { "retry-after": "0", "set-cookie": "session=1" });
    nock(ORIGIN).get(path).reply(202, "", { etag: 'W/"1"', location: "/x", "set-txn": "t1" });
    const base = new BaseURL(`${ORIGIN}/scim/v2?key=s3cret`);
    const hooks = { onRequest: keep, onResponse: keep, onRetry: keep };
    const http = new Http(base, { auth: bearer("hunter2"), retry: { backoff: 0 }, ...hooks });
    await http.send({ method: "GET", url: base.resolve("/Users"), headers: { cookie: "a=b" } });
    const request = { method: "GET", url: `${ORIGIN}/scim/v2/Users?key=***` };
    expect(events).toEqual([
      { request, attempt: 1, headers: expect.any(Headers) as unknown },
      expect.objectContaining({
        request,
        attempt: 1,
        status: 503,
        etag: undefined,
        location: undefined,
        txn: undefined,
      }),
      { request, attempt: 1, status: 503, failure: undefined, delay: expect.any(Number) as unknown },
      { request, attempt: 2, headers: expect.any(Headers) as unknown },
      expect.objectContaining({ request, attempt: 2, status: 202, etag: 'W/"1"', location: "/x", txn: "t1" }),
    ]);
    const [sent, received] = events as [RequestEvent, ResponseEvent];
    expect(Object.fromEntries(sent.headers)).toMatchObject({ authorization: "***", cookie: "***" });
    expect(received.headers.get("set-cookie")).toBeNull();
    expect(received.headers.get("retry-after")).toBe("0");
    expect(received.milliseconds).toBeGreaterThanOrEqual(0);
  });

  test("onResponse of a request is called after that of the client", async () => {
    const called: string[] = [];
    const options = { fetch: () => new Response(), onResponse: () => void called.push("client") };
    await send({ onResponse: () => void called.push("request") }, options);
    expect(called).toEqual(["client", "request"]);
  });

  test("a promise is waited for", async () => {
    const order: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const sending = send(
      {},
      {
        fetch: () => new Response(String(order.push("fetch"))),
        onRequest: async () => {
          await promise;
          order.push("hook");
        },
      },
    );
    resolve();
    await sending;
    expect(order).toEqual(["hook", "fetch"]);
  });

  for (const hook of ["onRequest", "onResponse", "onRetry"] as const) {
    test(`what ${hook} throws reaches the caller`, async () => {
      const failure = new Error("hook");
      const thrower = (): never => {
        throw failure;
      };
      const options = { fetch: () => new Response(null, { status: 503 }), [hook]: thrower };
      await expect(send({}, options)).rejects.toBe(failure);
    });
  }
});

describe("fetch", () => {
  test("the handler of an app in this process gets a Request and may answer at once", async () => {
    const seen: unknown[] = [];
    const fetch = async (request: Request, init?: RequestInit): Promise<Response> => {
      seen.push(request.method, request.url, await request.json(), init);
      return Response.json({ id: "1" }, { status: 201, headers: SCIM });
    };
    expect(await send({ method: "POST", body: { a: 1 } }, { fetch })).toMatchObject({
      status: 201,
      body: { id: "1" },
    });
    expect(seen).toEqual(["POST", `${ORIGIN}/scim/v2/Users`, { a: 1 }, undefined]);
  });

  test("fetchOptions reach it as its second argument, without what is not theirs to change", async () => {
    const inits: unknown[] = [];
    const dispatcher = {};
    const fetch = (_request: Request, init?: RequestInit): Response => new Response(String(inits.push(init)));
    const fetchOptions = { dispatcher, method: "POST", headers: {}, body: "x", redirect: "follow", signal: null };
    await send({}, { fetch, fetchOptions });
    expect(inits).toEqual([{ dispatcher }]);
  });

  test("the global fetch is looked up at each request", async () => {
    const http = new Http(BASE);
    const original = globalThis.fetch;
    globalThis.fetch = () => Promise.resolve(new Response("1"));
    try {
      expect((await http.send({ method: "GET", url: BASE.resolve("/Users") })).body).toBe(1);
    } finally {
      globalThis.fetch = original;
    }
  });

  test("what is not a Response is wrong use", async () => {
    // @ts-expect-error: a handler that forgets to answer.
    await expect(send({}, { fetch: () => undefined })).rejects.toThrow(
      new TypeError("fetch must answer with a Response"),
    );
  });
});

describe("wrong use is a TypeError, and nothing is sent", () => {
  const cases: Array<{ title: string; given: Partial<SendRequest>; want: string }> = [
    {
      title: "a URL on another origin",
      given: { url: new URL("https://evil.example/scim/v2/Users") },
      want: "the URL must be on the base URL's origin and below its path",
    },
    {
      title: "a URL beside the base path",
      given: { url: new URL("https://auth.example/admin") },
      want: "the URL must be on the base URL's origin and below its path",
    },
    { title: "a GET with a body", given: { body: {} }, want: "a GET request has no body" },
    { title: "a time-out of 0", given: { timeout: 0 }, want: "timeout must be from 1 to 2147483647 milliseconds" },
    {
      title: "a header field with a line break",
      given: { headers: { "x-key": "hunter2\r\n" } },
      want: 'the header field "x-key" must be text without line breaks (RFC 9110 §5.5)',
    },
    {
      title: "a method that fetch forbids",
      given: { method: "TRACE" },
      want: "'TRACE' HTTP method is unsupported.",
    },
    {
      title: "a negative limit",
      given: { retry: { limit: -1 } },
      want: "retry.limit must be a number from 0 to 2147483647",
    },
  ];
  for (const { title, given, want } of cases) {
    test(title, async () => {
      await expect(send(given)).rejects.toThrow(new TypeError(want));
    });
  }

  test("a bound of no bytes", () => {
    expect(() => new Http(BASE, { maxResponseBytes: 0 })).toThrow(
      new TypeError("maxResponseBytes must be a positive number"),
    );
  });
});
