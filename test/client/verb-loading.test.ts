import { afterEach, describe, expect, test, vi } from "vitest";
import { SCIMClient, UnknownResourceType, type ClientOptions, type JsonObject } from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";

const VERBS = "../../src/client/verbs.ts";
const BABS = { schemas: [User.schema.id], id: "1", userName: "babs" };
const LIST = {
  schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  totalResults: 1,
  Resources: [BABS],
};

interface Sent {
  readonly request: string;
  body?: JsonObject;
}

/** A client that has not loaded the verbs, and what its server was sent. */
function fresh(options: Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload"> = {}): {
  scim: SCIMClient;
  sent: Sent[];
} {
  const sent: Sent[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const { method, url } = request;
    const place = url.slice("https://scim.example/v2".length);
    const entry: Sent = { request: `${method} ${place}` };
    sent.push(entry);
    const text = await request.text();
    if (text !== "") entry.body = JSON.parse(text) as JsonObject;
    if (method === "DELETE") return new Response(null, { status: 204 });
    const creates = method === "POST" && /^\/(?:Users|Me)(?:\?|$)/.test(place);
    const one = creates || /^\/(?:Users\/[^.]|Me)/.test(place);
    return Response.json(one ? BABS : LIST, { status: creates ? 201 : 200 });
  };
  return { scim: new SCIMClient("https://scim.example/v2", { retry: false, fetch, ...options }), sent };
}

interface Call {
  readonly title: string;
  readonly run: (scim: SCIMClient, signal: AbortSignal | undefined) => Promise<unknown>;
}

const one = <T>(list: AsyncIterable<T>): Promise<unknown> => list[Symbol.asyncIterator]().next();
const calls: Call[] = [
  { title: "create", run: (scim, signal) => scim.create(User, { userName: "babs" }, { signal }) },
  { title: "query for one", run: (scim, signal) => scim.query(User, "1", { signal }) },
  { title: "query for many", run: (scim, signal) => scim.query(User, { signal }) },
  { title: "search", run: (scim, signal) => scim.search(User, { signal }) },
  { title: "list", run: (scim, signal) => one(scim.list(User, { signal })) },
  { title: "find", run: (scim, signal) => scim.find(User, 'userName eq "babs"', { signal }) },
  { title: "replace", run: (scim, signal) => scim.replace(User, BABS, { signal }) },
  {
    title: "modify",
    run: (scim, signal) => scim.modify(User, "1", [{ op: "replace", path: "title", value: "x" }], { signal }),
  },
  { title: "delete", run: (scim, signal) => scim.delete(User, "1", { signal }) },
  {
    title: "bulk",
    run: (scim, signal) =>
      scim.bulk([{ method: "DELETE", path: "/Users/1" }], { signal, strategy: "single", concurrency: 1 }),
  },
  { title: "me.query", run: (scim, signal) => scim.me.query(User, { signal }) },
  { title: "me.create", run: (scim, signal) => scim.me.create(User, { userName: "babs" }, { signal }) },
  { title: "me.replace", run: (scim, signal) => scim.me.replace(User, BABS, { signal }) },
  {
    title: "me.modify",
    run: (scim, signal) => scim.me.modify(User, [{ op: "replace", path: "title", value: "x" }], { signal }),
  },
  { title: "me.delete", run: (scim, signal) => scim.me.delete(User, { signal }) },
];

describe("where the verbs cannot be loaded a call rejects with the reason, nothing is sent, and the next call tries again", () => {
  afterEach(() => {
    vi.doUnmock(VERBS);
    vi.resetModules();
  });
  for (const { title, run } of calls) {
    test(title, async () => {
      const { scim, sent } = fresh();
      vi.doMock(VERBS, () => {
        throw new Error("offline");
      });
      await expect(run(scim, undefined)).rejects.toMatchObject({ cause: { message: "offline" } });
      await expect(run(scim, new AbortController().signal)).rejects.toMatchObject({
        cause: { message: "offline" },
      });
      expect(sent).toEqual([]);
      vi.doUnmock(VERBS);
      await run(scim, undefined);
      expect(sent).toHaveLength(1);
    });
  }
});

describe("an abort while the verbs are loaded rejects with the reason at once, and nothing is sent", () => {
  let loading = Promise.withResolvers<object>();
  afterEach(() => {
    loading.resolve({});
    vi.doUnmock(VERBS);
    vi.resetModules();
  });
  for (const { title, run } of calls) {
    test(title, async () => {
      loading = Promise.withResolvers();
      vi.doMock(VERBS, () => loading.promise);
      const { scim, sent } = fresh();
      const controller = new AbortController();
      const call = run(scim, controller.signal);
      const reason = new Error("enough");
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
      expect(sent).toEqual([]);
    });
  }
});

describe("a call that was aborted before", () => {
  const signal = AbortSignal.abort(new Error("too late"));

  test("rejects with the reason", async () => {
    const { scim, sent } = fresh();
    await expect(scim.query(User, "1", { signal })).rejects.toBe(signal.reason);
    expect(sent).toEqual([]);
  });

  test("is told first what is wrong with its arguments", async () => {
    const { scim, sent } = fresh();
    // @ts-expect-error: a user has a userName
    await expect(scim.create(User, {}, { signal })).rejects.toMatchObject({
      code: "request_payload_validation_error",
    });
    expect(sent).toEqual([]);
  });
});

test("first calls at the same time are sent in the order in which they were made", async () => {
  const order: string[] = [];
  const { scim } = fresh({ onRequest: ({ request }) => void order.push(`${request.method} ${request.url}`) });
  const { signal } = new AbortController();
  await Promise.all([
    scim.query(User, "1", { signal }),
    scim.query(User, "2"),
    scim.delete(User, "3", { signal }),
    scim.query(User, "4"),
  ]);
  expect(order.map((request) => request.replace(/^(\w+) .*\//, "$1 "))).toEqual([
    "GET 1",
    "GET 2",
    "DELETE 3",
    "GET 4",
  ]);
});

describe("a call is carried out with its arguments as they were when it was made", () => {
  for (const title of ["the first", "a later one"]) {
    test(title, async () => {
      const { scim, sent } = fresh();
      if (title !== "the first") await scim.query(User, "1");
      sent.length = 0;
      const resource = { userName: "babs", emails: [{ value: "a@example.com" }] };
      const options = { searchParams: { tenant: "a" }, headers: { "x-trace": "a" } };
      const creating = scim.create(User, resource, options);
      resource.userName = "changed";
      resource.emails.push({ value: "changed@example.com" });
      options.searchParams = { tenant: "changed" };
      const page = { count: 10, startIndex: 1 };
      const pages = [1, 11].map((startIndex) => {
        page.startIndex = startIndex;
        return scim.query(User, page);
      });
      await Promise.all([creating, ...pages]);
      expect(sent).toEqual([
        {
          request: "POST /Users?tenant=a",
          body: { schemas: [User.schema.id], userName: "babs", emails: [{ value: "a@example.com" }] },
        },
        { request: "GET /Users?startIndex=1&count=10" },
        { request: "GET /Users?startIndex=11&count=10" },
      ]);
    });
  }

  for (const title of ["the first", "a later one"]) {
    test(`${title}, where it has to wait again before it is sent`, async () => {
      const { scim, sent } = fresh();
      if (title !== "the first") await scim.query(User, "1");
      sent.length = 0;
      const change = { op: "replace", path: "title", value: "a" } as const;
      const operations: { op: "replace"; path: "title"; value: string }[] = [{ ...change }];
      const searchParams = { tenant: "a" };
      const options = { searchParams };
      const page = { filter: 'title eq "a"', searchParams };
      const calling = [
        scim.modify(User, "1", operations, options),
        scim.me.modify(User, operations, options),
        scim.query(User, page),
        scim.search(User, page),
        scim.find(User, 'title eq "a"', options).catch(() => undefined),
      ];
      operations[0] = { ...change, value: "changed" };
      page.filter = 'title eq "changed"';
      searchParams.tenant = "changed";
      await Promise.all(calling);
      expect(sent).toHaveLength(calling.length);
      expect(JSON.stringify(sent)).not.toContain("changed");
    });
  }

  test("bulk, by the resource types that were known then", async () => {
    const { scim, sent } = fresh();
    const results = scim.bulk([{ method: "DELETE", path: "/Users/1" }], { strategy: "single" });
    scim.registerNaiveResourceTypes([Group]);
    expect(await results).toMatchObject([{ ok: true }]);
    expect(sent).toEqual([{ request: "DELETE /Users/1" }]);
  });

  test("a list, whose first page is asked for later", async () => {
    const { scim, sent } = fresh();
    const options = { sortBy: "userName", count: 10, searchParams: { tenant: "a" } };
    const list = scim.list(User, options);
    options.sortBy = "title";
    options.searchParams.tenant = "changed";
    await one(list);
    expect(sent[0]?.request).toBe("GET /Users?sortBy=userName&count=10&tenant=a");
  });
});

test("the wrong options of a list, and a model that the server does not have, are refused when it is called", () => {
  const { scim } = fresh();
  // @ts-expect-error: there is no such option
  expect(() => scim.list(User, { fitler: "x" })).toThrow('"fitler" is not an option here');
  expect(() => scim.list(User, { count: 0 })).toThrow(TypeError);
  expect(() => scim.list(User, { startIndex: 2, cursor: "a" })).toThrow(TypeError);
  scim.registerNaiveResourceTypes([Group]);
  expect(() => scim.list(User)).toThrow(UnknownResourceType);
});
