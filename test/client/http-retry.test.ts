import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bearer } from "../../src/client/auth.ts";
import { type Answer, Http, type HttpOptions, type SendRequest } from "../../src/client/http.ts";
import { BaseURL } from "../../src/client/url.ts";
import { RequestNetworkError } from "../../src/errors.ts";

const BASE = new BaseURL("https://auth.example/scim/v2");

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What a server or the network does to one request. */
type Behaviour = (request: Request) => Response | Promise<Response>;

const status =
  (code: number, headers: HeadersInit = {}): Behaviour =>
  () =>
    new Response(null, { status: code, headers });
const lost =
  (code: string): Behaviour =>
  () =>
    Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error("gone"), { code }) }));
const reset = lost("ECONNRESET");
const silent: Behaviour = () => new Promise<never>(() => undefined);
const broken: Behaviour = () =>
  new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) }));
const stuck: Behaviour = () => new Response(new ReadableStream());
const unconnected: Behaviour = () => {
  const error = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  return new Response(new ReadableStream({ pull: (controller) => controller.error(error) }));
};
const textual: Behaviour = () =>
  new Response(new ReadableStream({ pull: (controller) => controller.enqueue("text") }));
const gone: Behaviour = () => Response.json({ status: "404" }, { status: 404 });
const passed = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
const after =
  (milliseconds: number, behaviour: Behaviour): Behaviour =>
  async (request) => {
    await passed(milliseconds);
    return behaviour(request);
  };
const endless = (): Promise<void> => new Promise(() => undefined);
const oversized: Behaviour = () => new Response("x".repeat(101));

/** Sends with the clock turned on as fast as it goes: the outcome, how many attempts it took, and how long. */
async function outcomeOf(
  behaviours: readonly Behaviour[],
  request: Partial<SendRequest> & { path?: string } = {},
  options: HttpOptions = {},
): Promise<{ answer?: Answer; error?: unknown; attempts: number; waited: number; bodies: string[] }> {
  let attempts = 0;
  const bodies: string[] = [];
  const fetch = async (sent: Request): Promise<Response> => {
    bodies.push(await sent.text());
    const behaviour = behaviours[Math.min(attempts, behaviours.length - 1)];
    attempts += 1;
    return behaviour === undefined ? new Response() : behaviour(sent);
  };
  const { path = "/Users", method = "GET", ...rest } = request;
  const http = new Http(BASE, { fetch, maxResponseBytes: 100, ...options });
  const started = performance.now();
  const sending = http.send({ method, url: BASE.resolve(path), ...rest }).then(
    (answer) => ({ answer, attempts, waited: performance.now() - started, bodies }),
    (error: unknown) => ({ error, attempts, waited: performance.now() - started, bodies }),
  );
  await vi.runAllTimersAsync();
  return sending;
}

describe("RFC 9110 §9.2.2: which requests are sent again after which failure", () => {
  const idempotent = [
    { title: "GET", request: { method: "GET" } },
    { title: "HEAD", request: { method: "HEAD" } },
    { title: "PUT", request: { method: "PUT", body: { a: 1 } } },
    { title: "DELETE", request: { method: "DELETE" } },
    { title: "DELETE with If-Match", request: { method: "DELETE", headers: { "If-Match": 'W/"1"' } } },
    { title: "POST /.search", request: { method: "POST", path: "/.search", body: { a: 1 } } },
    { title: "POST /Users/.search", request: { method: "POST", path: "/Users/.search", body: { a: 1 } } },
  ];
  const conditional = [
    { title: "PUT with If-Match", request: { method: "PUT", body: { a: 1 }, headers: { "If-Match": 'W/"1"' } } },
  ];
  const others = [
    { title: "POST", request: { method: "POST", body: { a: 1 } } },
    { title: "POST /Bulk", request: { method: "POST", path: "/Bulk", body: { a: 1 } } },
    { title: "PATCH", request: { method: "PATCH", body: { a: 1 } } },
    {
      title: "PATCH with If-Match",
      request: { method: "PATCH", body: { a: 1 }, headers: { "If-Match": 'W/"1"' } },
    },
  ];
  const soon = { "retry-after": "1" };
  const failures: Array<{
    title: string;
    given: Behaviour;
    want: [idempotent: number, conditional: number, others: number];
  }> = [
    { title: "a refused connection", given: lost("ECONNREFUSED"), want: [4, 1, 1] },
    { title: "a reset connection", given: reset, want: [4, 1, 1] },
    { title: "no answer in time", given: silent, want: [4, 1, 1] },
    { title: "a body that breaks off", given: broken, want: [4, 1, 1] },
    { title: "a body that does not end in time", given: stuck, want: [4, 1, 1] },
    { title: "a body that is too large", given: oversized, want: [1, 1, 1] },
    { title: "200", given: status(200), want: [1, 1, 1] },
    { title: "400", given: status(400, soon), want: [1, 1, 1] },
    { title: "404", given: status(404, soon), want: [1, 1, 1] },
    { title: "408", given: status(408, soon), want: [1, 1, 1] },
    { title: "409", given: status(409, soon), want: [1, 1, 1] },
    { title: "412", given: status(412, soon), want: [1, 1, 1] },
    { title: "413", given: status(413, soon), want: [1, 1, 1] },
    { title: "429", given: status(429), want: [4, 4, 4] },
    { title: "429 with Retry-After", given: status(429, soon), want: [4, 4, 4] },
    { title: "500", given: status(500), want: [1, 1, 1] },
    { title: "500 with Retry-After", given: status(500, soon), want: [1, 1, 1] },
    { title: "501", given: status(501, soon), want: [1, 1, 1] },
    { title: "502", given: status(502), want: [4, 1, 1] },
    { title: "502 with Retry-After", given: status(502, soon), want: [4, 1, 1] },
    { title: "503", given: status(503), want: [4, 1, 1] },
    { title: "503 with Retry-After", given: status(503, soon), want: [4, 4, 4] },
    {
      title: "503 with a Retry-After that makes no sense",
      given: status(503, { "retry-after": "soon" }),
      want: [4, 1, 1],
    },
    { title: "504", given: status(504), want: [4, 1, 1] },
    { title: "504 with Retry-After", given: status(504, soon), want: [4, 1, 1] },
  ];
  for (const { title, given, want } of failures) {
    const groups = [idempotent, conditional, others].map((requests, index) => ({ requests, want: want[index] }));
    test(`${title}: ${want.join(", ")} attempts`, async () => {
      for (const { requests, want: attempts } of groups) {
        for (const { title: method, request } of requests) {
          expect([method, (await outcomeOf([given], request)).attempts]).toEqual([method, attempts]);
        }
      }
    });
  }

  test("every attempt sends the same body", async () => {
    const { bodies } = await outcomeOf([status(429), status(429), status(201)], {
      method: "POST",
      body: { a: "é" },
    });
    expect(bodies).toEqual(['{"a":"é"}', '{"a":"é"}', '{"a":"é"}']);
  });

  test("the first good answer counts", async () => {
    const { answer, attempts } = await outcomeOf([reset, status(503), broken, () => new Response("{}")]);
    expect([answer?.status, answer?.attempt, attempts]).toEqual([200, 4, 4]);
  });
});

describe("how long a request waits and how often", () => {
  const cases: Array<{
    title: string;
    given: Behaviour[];
    options?: HttpOptions;
    want: [attempts: number, waited: number];
  }> = [
    { title: "waits double from 250 ms at least", given: [status(503)], want: [4, 250 + 500 + 1000] },
    {
      title: "Retry-After in seconds is waited for",
      given: [status(429, { "retry-after": "30" }), status(200)],
      want: [2, 30_000],
    },
    {
      title: "a Retry-After of an hour is the answer at once",
      given: [status(429, { "retry-after": "3600" })],
      want: [1, 0],
    },
    {
      title: "the cap can be set",
      given: [status(429, { "retry-after": "30" })],
      options: { retry: { maxRetryAfter: 29_999 } },
      want: [1, 0],
    },
    {
      title: "a wait that would exceed the total is the answer at once",
      given: [status(429, { "retry-after": "50" })],
      want: [3, 100_000],
    },
    { title: "a limit of 1 is one retry", given: [status(503)], options: { retry: { limit: 1 } }, want: [2, 250] },
    { title: "false is no retry", given: [status(503)], options: { retry: false }, want: [1, 0] },
    { title: "an attempt takes 30 s at most", given: [silent], options: { retry: false }, want: [1, 30_000] },
    { title: "a body is part of its attempt", given: [stuck], options: { retry: false }, want: [1, 30_000] },
    { title: "all attempts take 120 s at most", given: [silent], want: [4, 120_000] },
    {
      title: "the total is never less than one attempt",
      given: [silent],
      options: { timeout: 10_000, retry: { totalTimeout: 1 } },
      want: [1, 10_000],
    },
  ];
  for (const { title, given, options, want } of cases) {
    test(title, async () => {
      const { attempts, waited } = await outcomeOf(given, {}, options);
      expect([attempts, Math.round(waited)]).toEqual(want);
    });
  }

  test("RFC 9110 §10.2.3: Retry-After as a date is waited for", async () => {
    vi.setSystemTime("2026-01-01T00:00:00Z");
    const date = "Thu, 01 Jan 2026 00:00:20 GMT";
    expect(await outcomeOf([status(503, { "retry-after": date }), status(200)])).toMatchObject({
      attempts: 2,
      waited: 20_000,
    });
  });

  test("a request may set its own bounds", async () => {
    const request = { timeout: 1000, retry: { limit: 1 } };
    expect(await outcomeOf([silent], request)).toMatchObject({ attempts: 2, waited: 2250 });
  });

  test("header and body share the time of an attempt", async () => {
    expect(await outcomeOf([after(20_000, stuck)], {}, { retry: false })).toMatchObject({
      waited: 30_000,
      error: { reason: "timeout", status: 200 },
    });
  });

  test("auth has the total to answer in", async () => {
    const { error, attempts, waited } = await outcomeOf([], {}, { auth: () => new Promise(() => undefined) });
    expect([attempts, waited]).toEqual([0, 120_000]);
    expect(error).toBeInstanceOf(RequestNetworkError);
    expect(error).toMatchObject({
      message: "GET https://auth.example/scim/v2/Users: authentication did not end in time",
      reason: "timeout",
      unknownOutcome: false,
    });
  });

  test("nothing is sent when a hook has taken all the time", async () => {
    // It holds the thread, so that no timer can end it.
    const options = { onRequest: () => void vi.advanceTimersByTime(121_000) };
    const { error, attempts } = await outcomeOf([status(201)], { method: "POST" }, options);
    expect(attempts).toBe(0);
    expect(error).toMatchObject({
      message: "POST https://auth.example/scim/v2/Users: the total time ran out",
      reason: "timeout",
      unknownOutcome: false,
    });
  });

  const hooks: Array<{
    hook: string;
    given: Behaviour;
    request?: Partial<SendRequest>;
    options?: HttpOptions;
    want: { status: number | undefined; unknownOutcome: boolean };
  }> = [
    {
      hook: "onRequest",
      given: status(201),
      options: { onRequest: endless },
      want: { status: undefined, unknownOutcome: false },
    },
    {
      hook: "onResponse",
      given: status(201),
      options: { onResponse: endless },
      want: { status: 201, unknownOutcome: true },
    },
    {
      hook: "onResponse",
      given: status(409),
      options: { onResponse: endless },
      want: { status: 409, unknownOutcome: false },
    },
    {
      hook: "onResponse",
      given: status(201),
      request: { onResponse: endless },
      want: { status: 201, unknownOutcome: true },
    },
    {
      hook: "onRetry",
      given: status(429),
      options: { onRetry: endless },
      want: { status: undefined, unknownOutcome: false },
    },
  ];
  for (const { hook, given, request, options, want } of hooks) {
    test(`${hook} of ${request === undefined ? "the client" : "the call"} with ${want.status ?? "no answer"} that does not end is ended with the total time`, async () => {
      const { error, waited } = await outcomeOf([given], { method: "POST", ...request }, options);
      expect([error, waited]).toEqual([expect.any(RequestNetworkError), 120_000]);
      const what = want.unknownOutcome ? "; whether the server carried it out is unknown" : "";
      expect(error).toMatchObject({
        message: `POST https://auth.example/scim/v2/Users: ${hook} did not end in time${what}`,
        reason: "timeout",
        ...want,
      });
    });
  }

  test("auth is asked again for every retry", async () => {
    let asked = 0;
    await outcomeOf([status(503)], {}, { auth: () => ({ authorization: String((asked += 1)) }) });
    expect(asked).toBe(4);
  });
});

describe("RFC 9110 §9.3.5: a DELETE that meets 404 on a retry has succeeded", () => {
  const cases: Array<{ title: string; given: Behaviour; want: number }> = [
    { title: "a lost answer", given: reset, want: 204 },
    { title: "502", given: status(502), want: 204 },
    { title: "503 without Retry-After", given: status(503), want: 204 },
    { title: "504", given: status(504), want: 204 },
    { title: "429, which did nothing", given: status(429), want: 404 },
    { title: "503 with Retry-After, which did nothing", given: status(503, { "retry-after": "1" }), want: 404 },
    { title: "a connection that was never made", given: lost("ECONNREFUSED"), want: 404 },
  ];
  for (const { title, given, want } of cases) {
    test(`after ${title} it is ${want}`, async () => {
      const { answer } = await outcomeOf([given, gone], { method: "DELETE" });
      expect(answer).toMatchObject({
        status: want,
        body: want === 204 ? undefined : { status: "404" },
        attempt: 2,
      });
      expect(answer?.text).toBeUndefined();
    });
  }

  test("what was done before 429 counts", async () => {
    const { answer } = await outcomeOf([reset, status(429), gone], { method: "DELETE" });
    expect(answer).toMatchObject({ status: 204, attempt: 3 });
  });

  test("at the first attempt 404 is the answer", async () => {
    expect((await outcomeOf([status(404)], { method: "DELETE" })).answer).toMatchObject({ status: 404 });
  });

  test("after a renewed token 404 is the answer", async () => {
    let token = 0;
    const auth = (): { authorization: string } => ({ authorization: String((token += 1)) });
    const { answer } = await outcomeOf([status(401), status(404)], { method: "DELETE" }, { auth });
    expect(answer).toMatchObject({ status: 404, attempt: 2 });
  });

  test("a GET that meets 404 on a retry has not", async () => {
    expect((await outcomeOf([reset, status(404)])).answer).toMatchObject({ status: 404 });
  });
});

describe("a write is answered or reported as unknown", () => {
  const unknown = "; whether the server carried it out is unknown";
  const cases: Array<{
    title: string;
    given: Behaviour[];
    method?: string;
    path?: string;
    want: { reason: string; unknownOutcome: boolean; status?: number };
    says: string;
  }> = [
    {
      title: "a reset",
      given: [reset],
      want: { reason: "connection", unknownOutcome: true },
      says: `the connection failed (ECONNRESET)${unknown}`,
    },
    {
      title: "a connection that was never made",
      given: [lost("ECONNREFUSED")],
      want: { reason: "connection", unknownOutcome: false },
      says: "the connection failed (ECONNREFUSED): nothing listens there",
    },
    {
      title: "an unknown host",
      given: [lost("ENOTFOUND")],
      want: { reason: "connection", unknownOutcome: false },
      says: "the connection failed (ENOTFOUND): there is no such host",
    },
    {
      title: "a handler that throws",
      given: [() => Promise.reject(new Error("bug"))],
      want: { reason: "connection", unknownOutcome: true },
      says: `the connection failed${unknown}`,
    },
    {
      title: "silence",
      given: [silent],
      want: { reason: "timeout", unknownOutcome: true },
      says: `no answer in 30000 ms${unknown}`,
    },
    {
      title: "a body that breaks off",
      given: [broken],
      want: { reason: "connection", unknownOutcome: true, status: 200 },
      says: `the connection broke off in the middle of the answer${unknown}`,
    },
    {
      title: "a body that breaks off because its source has no connection",
      given: [unconnected],
      want: { reason: "connection", unknownOutcome: true, status: 200 },
      says: `the connection broke off in the middle of the answer (ECONNREFUSED)${unknown}`,
    },
    {
      title: "a body that is not a stream of bytes",
      given: [textual],
      want: { reason: "connection", unknownOutcome: true, status: 200 },
      says: `the connection broke off in the middle of the answer${unknown}`,
    },
    {
      title: "a body without end",
      given: [stuck],
      want: { reason: "timeout", unknownOutcome: true, status: 200 },
      says: `the answer did not end in time${unknown}`,
    },
    {
      title: "a body that is too large",
      given: [oversized],
      want: { reason: "bodyTooLarge", unknownOutcome: true, status: 200 },
      says: `the answer is larger than 100 bytes${unknown}`,
    },
    {
      title: "a PUT whose first answer was lost and which then finds no server",
      given: [reset, lost("ECONNREFUSED")],
      method: "PUT",
      want: { reason: "connection", unknownOutcome: true },
      says: `the connection failed (ECONNREFUSED): nothing listens there${unknown}`,
    },
    {
      title: "a PUT that a gateway gave up and which then finds no server",
      given: [status(504), lost("ECONNREFUSED")],
      method: "PUT",
      want: { reason: "connection", unknownOutcome: true },
      says: `the connection failed (ECONNREFUSED): nothing listens there${unknown}`,
    },
    {
      title: "a search, which is no write",
      given: [reset],
      path: "/.search",
      want: { reason: "connection", unknownOutcome: false },
      says: "the connection failed (ECONNRESET)",
    },
    {
      title: "a GET",
      given: [silent],
      method: "GET",
      want: { reason: "timeout", unknownOutcome: false },
      // What the first three attempts and their waits leave of the total.
      says: "no answer in 28250 ms",
    },
  ];
  for (const { title, given, method = "POST", path = "/Users", want, says } of cases) {
    test(title, async () => {
      const body = method === "GET" ? undefined : { a: 1 };
      const { error } = await outcomeOf(given, { method, path, body });
      expect(error).toBeInstanceOf(RequestNetworkError);
      const request = { method, url: `https://auth.example/scim/v2${path}` };
      expect(error).toMatchObject({ status: undefined, ...want, request });
      expect(error).toHaveProperty("message", `${method} ${request.url}: ${says}`);
    });
  }
});

describe("an answer says whether the write may have been carried out", () => {
  const cases: Array<{ title: string; given: Behaviour[]; method?: string; path?: string; want: boolean }> = [
    { title: "success", given: [status(201)], want: true },
    { title: "a redirect that leads elsewhere", given: [status(302)], want: false },
    { title: "400", given: [status(400)], want: false },
    { title: "409", given: [status(409)], want: false },
    { title: "500, which is the server's own word", given: [status(500)], want: false },
    { title: "502", given: [status(502)], want: true },
    { title: "503, as gateways that lost the server say too", given: [status(503)], want: true },
    { title: "503 with Retry-After", given: [status(503, { "retry-after": "1" })], want: false },
    { title: "504", given: [status(504)], want: true },
    { title: "a PUT that is lost and then refused", given: [reset, status(429)], method: "PUT", want: true },
    {
      title: "a PUT that is not let in and then refused",
      given: [status(429), status(400)],
      method: "PUT",
      want: false,
    },
    {
      title: "a DELETE that gets no answer of a server",
      given: [status(504), status(400)],
      method: "DELETE",
      want: true,
    },
    { title: "a search", given: [status(504)], path: "/.search", want: false },
    { title: "a GET", given: [reset, status(504)], method: "GET", want: false },
  ];
  for (const { title, given, method = "POST", path = "/Users", want } of cases) {
    test(`${title}: ${want ? "it may" : "it was not"}`, async () => {
      const { answer } = await outcomeOf(given, { method, path, body: method === "GET" ? undefined : { a: 1 } });
      expect(answer?.unknownOutcome).toBe(want);
    });
  }
});

describe("abort rejects with the reason of the signal, exactly", () => {
  const situations: Array<{ title: string; given: Behaviour; options?: HttpOptions }> = [
    { title: "while the server is silent", given: silent },
    { title: "in the middle of a body", given: stuck },
    { title: "while waiting for a retry", given: status(503, { "retry-after": "30" }) },
    { title: "while auth is asked", given: silent, options: { auth: () => new Promise(() => undefined) } },
    { title: "in onRequest", given: silent, options: { onRequest: () => new Promise(() => undefined) } },
    { title: "in onResponse", given: status(200), options: { onResponse: () => new Promise(() => undefined) } },
    { title: "in onRetry", given: status(429), options: { onRetry: () => new Promise(() => undefined) } },
  ];
  const reasons = [new Error("enough"), "a string", null, new DOMException("late", "TimeoutError")];
  for (const { title, given, options } of situations) {
    test(title, async () => {
      for (const method of ["GET", "POST"]) {
        for (const reason of reasons) {
          const abort = new AbortController();
          setTimeout(() => abort.abort(reason), 1000);
          const { error, waited } = await outcomeOf([given], { method, signal: abort.signal }, options);
          expect([method, Object.is(error, reason), waited]).toEqual([method, true, 1000]);
        }
      }
    });
  }

  test("in a hook, before the wait for a retry and before a body is read", async () => {
    const reason = new Error("enough");
    for (const hook of ["onRetry", "onRequest"] as const) {
      const abort = new AbortController();
      const options = { [hook]: () => abort.abort(reason) };
      const { error, waited } = await outcomeOf([status(503)], { signal: abort.signal }, options);
      expect([error, waited]).toEqual([reason, 0]);
    }
  });

  test("in a hook, before credentials are renewed that never come", async () => {
    const reason = new Error("enough");
    const abort = new AbortController();
    const options: HttpOptions = {
      auth: (_request, { refresh }) => (refresh ? new Promise(() => undefined) : {}),
      onResponse: () => abort.abort(reason),
    };
    const { error, waited } = await outcomeOf([status(401)], { signal: abort.signal }, options);
    expect([error, waited]).toEqual([reason, 0]);
  });

  test("before anything is sent", async () => {
    const reason = new Error("enough");
    const { error, attempts } = await outcomeOf([status(200)], { signal: AbortSignal.abort(reason) });
    expect([error, attempts]).toEqual([reason, 0]);
  });

  test("the Request that fetch gets is aborted too, and a late answer is given up", async () => {
    const abort = new AbortController();
    let aborted = false;
    let cancelled = false;
    const late: Behaviour = (request) => {
      request.signal.addEventListener("abort", () => (aborted = true));
      const body = new ReadableStream({ cancel: () => void (cancelled = true) });
      return after(5000, () => new Response(body))(request);
    };
    setTimeout(() => abort.abort(), 1000);
    await outcomeOf([late], { signal: abort.signal });
    expect([aborted, cancelled]).toEqual([true, true]);
  });

  const unread: Array<{ title: string; chunk?: unknown; init?: ResponseInit; abort?: boolean }> = [
    { title: "the signal is aborted", abort: true },
    { title: "it does not end in time" },
    { title: "its Content-Length is above the bound", init: { headers: { "content-length": "101" } } },
    { title: "it grows above the bound", chunk: new Uint8Array(101) },
    { title: "it is not a stream of bytes", chunk: "text" },
  ];
  for (const { title, chunk, init, abort } of unread) {
    test(`a body is cancelled when ${title}`, async () => {
      let cancelled = false;
      const body = new ReadableStream({
        start: (controller) => {
          if (chunk !== undefined) controller.enqueue(chunk);
        },
        cancel: () => void (cancelled = true),
      });
      const controller = new AbortController();
      if (abort === true) setTimeout(() => controller.abort(), 1000);
      await outcomeOf([() => new Response(body, init)], { signal: controller.signal }, { retry: false });
      expect(cancelled).toBe(true);
    });
  }

  test("at whatever instant after the answer has begun", async () => {
    const reason = new Error("enough");
    for (let ticks = 0; ticks < 60; ticks += 1) {
      const abort = new AbortController();
      const late: Behaviour = (request) => {
        void (async () => {
          for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
          abort.abort(reason);
        })();
        return stuck(request);
      };
      const { error, waited } = await outcomeOf([late], { signal: abort.signal }, { retry: false });
      expect([ticks, error, waited]).toEqual([ticks, reason, 0]);
    }
  });

  test("a signal that outlives its requests keeps no listeners", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    await outcomeOf([status(503), () => new Response("{}")], { signal }, { auth: () => Promise.resolve({}) });
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });
});

describe("no timer outlives its request", () => {
  const auth = bearer(() => Promise.resolve("t"));
  const cases: Array<{ title: string; given: Behaviour; options?: HttpOptions }> = [
    { title: "that is answered", given: status(204) },
    { title: "that is answered with a body", given: () => new Response("{}"), options: { auth } },
    { title: "whose body breaks off", given: broken, options: { retry: false } },
    { title: "whose body is too large", given: oversized, options: { auth } },
    { title: "whose connection is lost", given: reset, options: { retry: false } },
    { title: "that auth refuses", given: silent, options: { auth: () => Promise.reject(new Error("no")) } },
  ];
  for (const { title, given, options } of cases) {
    test(title, async () => {
      const http = new Http(BASE, { fetch: given, maxResponseBytes: 100, ...options });
      await Promise.allSettled([http.send({ method: "GET", url: BASE.resolve("/Users") })]);
      expect(vi.getTimerCount()).toBe(0);
    });
  }

  const unending: Array<{ title: string; given: Behaviour; options?: HttpOptions }> = [
    { title: "while the server is silent", given: silent },
    { title: "while it waits for a retry", given: status(503) },
    { title: "in the middle of a body", given: stuck },
    { title: "while auth is asked", given: silent, options: { auth: () => new Promise(() => undefined) } },
  ];
  for (const { title, given, options } of unending) {
    test(`that is aborted ${title}`, async () => {
      const abort = new AbortController();
      const http = new Http(BASE, { fetch: given, ...options });
      const sending = http.send({ method: "GET", url: BASE.resolve("/Users"), signal: abort.signal });
      await vi.advanceTimersByTimeAsync(0);
      expect(vi.getTimerCount()).toBe(1);
      abort.abort();
      await Promise.allSettled([sending]);
      expect(vi.getTimerCount()).toBe(0);
    });
  }
});
