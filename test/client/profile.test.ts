import { describe, expect, test } from "vitest";
import {
  filter,
  RequestPayloadValidationError,
  SCIMClient,
  UnexpectedStatusCode,
  UnsupportedByServer,
  type Capabilities,
  type Capability,
  type ClientOptions,
  type ETagPolicy,
  type JsonObject,
  type QueryOptions,
  type ServerProfile,
  type WriteOptions,
} from "../../src/index.ts";
import { isJsonObject } from "../../src/json.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { collect, failure, LIST, listOf, replay, type Reply } from "./replay.ts";

const BASE = "https://auth.example/scim/v2";
const babs = { schemas: [User.schema.id], id: "2819c223", userName: "bjensen" };
const versioned = { ...babs, meta: { version: 'W/"3"' } };

type Options = Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload">;

function client(profile: Omit<ServerProfile, "name">, options: Options, ...replies: readonly Reply[]) {
  const { fetch, sent } = replay(...replies);
  const scim = new SCIMClient<true, true>(BASE, {
    retry: false,
    fetch,
    profile: { name: "acme", ...profile },
    ...options,
  });
  return { scim, sent };
}

/** What one level of settings says; `undefined` where it says nothing. */
interface Said<T> {
  readonly call?: T;
  readonly client?: T;
  readonly profile?: T;
  readonly config?: T;
}

const remove = [{ op: "remove", path: "title" }] as const;

describe("a setting is the call's, else the client's, the profile's, ServiceProviderConfig's, the RFC's", () => {
  const levels: { given: Said<boolean>; want: boolean }[] = [
    { given: {}, want: true },
    { given: { config: false }, want: false },
    { given: { config: true }, want: true },
    { given: { profile: false }, want: false },
    { given: { profile: true, config: false }, want: true },
    { given: { profile: false, config: true }, want: false },
    { given: { client: true, profile: false, config: false }, want: true },
    { given: { client: false, profile: true, config: true }, want: false },
    { given: { call: true, client: false, profile: false, config: false }, want: true },
    { given: { call: false, client: true, profile: true, config: true }, want: false },
  ];
  const uses: { name: Capability; use: (scim: SCIMClient, call: object) => Promise<unknown> }[] = [
    { name: "patch", use: (scim, call) => scim.modify(User, "1", remove, call) },
    { name: "filter", use: (scim, call) => scim.query(User, { filter: "title pr", ...call }) },
    { name: "sort", use: (scim, call) => scim.query(User, { sortBy: "title", ...call }) },
    { name: "create", use: (scim, call) => scim.create(User, { userName: "a" }, call) },
    { name: "replace", use: (scim, call) => scim.replace(User, babs, call) },
    { name: "delete", use: (scim, call) => scim.delete(User, "1", call) },
    { name: "unfiltered", use: (scim, call) => scim.query(User, call) },
    { name: "search", use: (scim, call) => scim.search(User, call) },
    { name: "startIndex", use: (scim, call) => scim.query(User, { startIndex: 2, ...call }) },
    { name: "zeroCount", use: (scim, call) => scim.query(User, { count: 0, ...call }) },
    { name: "etag", use: (scim, call) => scim.query(User, "1", { ifNoneMatch: '"1"', ...call }) },
    { name: "etag", use: (scim, call) => scim.me.query(User, { ifNoneMatch: '"1"', ...call }) },
    { name: "etag", use: (scim, call) => scim.replace(User, babs, { ifMatch: '"1"', ...call }) },
    { name: "etag", use: (scim, call) => scim.modify(User, "1", remove, { ifMatch: '"1"', ...call }) },
    { name: "etag", use: (scim, call) => scim.delete(User, "1", { ifMatch: "*", ...call }) },
    { name: "etag", use: (scim, call) => scim.me.replace(User, babs, { ifMatch: '"1"', ...call }) },
    { name: "etag", use: (scim, call) => scim.me.modify(User, remove, { ifMatch: '"1"', ...call }) },
    { name: "etag", use: (scim, call) => scim.me.delete(User, { ifMatch: '"1"', ...call }) },
  ];
  for (const [index, { name, use }] of uses.entries()) {
    for (const { given, want } of levels) {
      test(`${name}, use ${index}: ${JSON.stringify(given)}`, async () => {
        const said = (value: boolean | undefined): Capabilities => (value === undefined ? {} : { [name]: value });
        const { scim, sent } = client(
          name === "startIndex" || name === "zeroCount"
            ? { paging: given.profile === undefined ? {} : { [name]: given.profile } }
            : { capabilities: said(given.profile) },
          {
            capabilities: said(given.client),
            ...(given.config === undefined
              ? {}
              : { serviceProviderConfig: { [name]: { supported: given.config } } }),
          },
          { body: listOf(babs), status: 200 },
        );
        const call = { capabilities: said(given.call), expectedStatusCodes: [], checkResponsePayload: false };
        const error = await use(scim, call).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        const refused = error instanceof UnsupportedByServer ? error.capability : error;
        expect({ requests: sent.length, refused }).toEqual({
          requests: want ? 1 : 0,
          refused: want ? undefined : name,
        });
        expect(want || String(error).includes(`{ ${name}: true }`)).toBe(true);
      });
    }
  }

  const policies: { given: Said<ETagPolicy> & { ifMatch?: string | false; etag?: boolean }; want?: string }[] = [
    { given: {} },
    { given: { etag: false } },
    { given: { etag: false, ifMatch: false } },
    { given: { ifMatch: '"9"' }, want: '"9"' },
    { given: { etag: false, profile: "*", ifMatch: '"9"' }, want: '"9"' },
    { given: { etag: false, client: "*", ifMatch: '"9"' }, want: '"9"' },
    { given: { etag: true }, want: 'W/"3"' },
    { given: { etag: true, profile: "never" } },
    { given: { etag: true, profile: "never", client: "auto" }, want: 'W/"3"' },
    { given: { etag: true, profile: "auto", client: "never" } },
    { given: { etag: false, profile: "*" }, want: "*" },
    { given: { etag: true, profile: "*" }, want: 'W/"3"' },
    { given: { profile: "*", ifMatch: false } },
    { given: { etag: true, profile: "never", client: "never", ifMatch: '"9"' }, want: '"9"' },
  ];
  for (const { given, want } of policies) {
    test(`If-Match: ${JSON.stringify(given)}`, async () => {
      const { scim, sent } = client(
        given.profile === undefined ? {} : { etag: given.profile },
        {
          ...(given.client === undefined ? {} : { etag: given.client }),
          ...(given.etag === undefined ? {} : { serviceProviderConfig: { etag: { supported: given.etag } } }),
        },
        { body: versioned },
      );
      const call: WriteOptions = given.ifMatch === undefined ? {} : { ifMatch: given.ifMatch };
      await scim.replace(User, versioned, call);
      await scim.modify(User, versioned, remove, call);
      await scim.delete(User, versioned, { ...call, expectedStatusCodes: [] });
      expect(sent.map(({ method, headers }) => [method, headers["if-match"]])).toEqual([
        ["PUT", want],
        ["PATCH", want],
        ["DELETE", want],
      ]);
    });
  }

  const unheeded: {
    given: { profile?: Omit<ServerProfile, "name">; client?: Options; call?: Capabilities };
    want: "sent" | "refused";
  }[] = [
    { given: {}, want: "refused" },
    { given: { profile: { etag: "auto" } }, want: "refused" },
    { given: { profile: { etag: "never" } }, want: "refused" },
    { given: { profile: { etag: "*" } }, want: "sent" },
    { given: { profile: { etag: "*" }, client: { etag: "auto" } }, want: "refused" },
    { given: { profile: { etag: "*", capabilities: { etag: false } } }, want: "refused" },
    { given: { profile: { etag: "*" }, client: { capabilities: { etag: false } } }, want: "refused" },
    { given: { client: { etag: "*" }, call: { etag: false } }, want: "refused" },
    {
      given: { client: { etag: "*" }, profile: { resourceTypes: { User: { without: ["etag"] } } } },
      want: "refused",
    },
    { given: { profile: { resourceTypes: { Group: { without: ["etag"] } } }, call: { etag: true } }, want: "sent" },
  ];
  for (const { given, want } of unheeded) {
    test(`RFC 7644 §3.14: where ServiceProviderConfig knows no ETags, a version is ${want}: ${JSON.stringify(given)}`, async () => {
      const config = { serviceProviderConfig: { etag: { supported: false } } };
      const { scim, sent } = client(given.profile ?? {}, { ...config, ...given.client }, { body: versioned });
      const read = { ifNoneMatch: '"9"', capabilities: given.call };
      const options = { ifMatch: '"9"', capabilities: given.call, expectedStatusCodes: [] };
      for (const write of [
        () => scim.replace(User, versioned, options),
        () => scim.modify(User, "2819c223", remove, options),
        () => scim.modify(User, "2819c223", remove, { ...options, withoutPatch: "replace" }),
        () => scim.delete(User, "2819c223", options),
        () => scim.query(User, "2819c223", read),
      ]) {
        sent.length = 0;
        // oxlint-disable-next-line no-await-in-loop
        const error = await write().catch((reason: unknown) => reason);
        expect([sent.length, error instanceof UnsupportedByServer]).toEqual(
          want === "sent" ? [1, false] : [0, true],
        );
      }
    });
  }

  test("RFC 7644 §3.5.1: modify by reading and replacing refuses a version before it reads", async () => {
    const options = { serviceProviderConfig: { patch: { supported: false }, etag: { supported: false } } };
    const { scim, sent } = client({}, options, { body: versioned });
    const call = { withoutPatch: "replace", ifMatch: 'W/"3"' } as const;
    expect(await failure(() => scim.modify(User, "2819c223", remove, call))).toMatchObject({ capability: "etag" });
    expect(await failure(() => scim.me.modify(User, remove, call))).toMatchObject({ capability: "etag" });
    expect(sent).toEqual([]);
    await scim.modify(User, "2819c223", [{ op: "replace", path: "title", value: "Guide" }], {
      ...call,
      capabilities: { etag: true },
    });
    expect(sent.map(({ method, headers }) => [method, headers["if-match"]])).toEqual([
      ["GET", undefined],
      ["PUT", 'W/"3"'],
    ]);
  });

  for (const strategy of ["bulk", "single"] as const) {
    test(`RFC 7644 §3.7: a version in a bulk that the server would not heed: strategy ${strategy}`, async () => {
      const config = { serviceProviderConfig: { etag: { supported: false }, bulk: { supported: true } } };
      const { scim, sent } = client({}, config, { status: 404 });
      const operations = [
        { method: "DELETE", path: "/Users/1" },
        { method: "DELETE", path: "/Users/2", version: '"9"' },
      ] as const;
      const error = await failure(() => scim.bulk(operations, { strategy }));
      expect(error).toBeInstanceOf(UnsupportedByServer);
      expect(error).toMatchObject({ capability: "etag" });
      expect(sent).toEqual([]);
      await scim.bulk(operations, { strategy, capabilities: { etag: true } }).catch(() => []);
      expect(JSON.stringify(sent)).toContain('\\"9\\"');
    });
  }

  const bounds: {
    given: { profile?: number; config?: JsonObject; count?: number };
    want: [list: string, query: string | number];
  }[] = [
    { given: {}, want: ["100", "null"] },
    { given: { count: 500 }, want: ["500", "500"] },
    { given: { profile: 50 }, want: ["50", "null"] },
    { given: { profile: 50, count: 500 }, want: ["50", 50] },
    { given: { profile: 50, count: 50 }, want: ["50", "50"] },
    { given: { profile: 0, config: { filter: { maxResults: 20 } }, count: 500 }, want: ["500", "500"] },
    { given: { profile: 50, count: 7 }, want: ["7", "7"] },
    { given: { config: { filter: { maxResults: 20 } }, count: 500 }, want: ["20", 20] },
    { given: { config: { filter: { maxResults: 20 } }, count: 21 }, want: ["20", 20] },
    { given: { config: { filter: { maxResults: 20 } }, count: 20 }, want: ["20", "20"] },
    { given: { config: { filter: { maxResults: 0 } }, count: 500 }, want: ["500", "500"] },
    { given: { config: { filter: { maxResults: -1 } }, count: 500 }, want: ["500", "500"] },
    { given: { config: { filter: { maxResults: "20" } }, count: 500 }, want: ["500", "500"] },
    { given: { config: { filter: { maxResults: null } }, count: 500 }, want: ["500", "500"] },
    { given: { config: { filter: {} }, count: 500 }, want: ["500", "500"] },
    { given: { profile: 50, config: { filter: { maxResults: 20 } }, count: 500 }, want: ["50", 50] },
    {
      given: { config: { filter: { maxResults: 200 }, pagination: { maxPageSize: 30 } }, count: 500 },
      want: ["30", 30],
    },
  ];
  for (const { given, want } of bounds) {
    test(`RFC 7644 §3.4.2.4: count is within the bound of a page: ${JSON.stringify(given)}`, async () => {
      const { scim, sent } = client(
        given.profile === undefined ? {} : { paging: { maxCount: given.profile } },
        given.config === undefined ? {} : { serviceProviderConfig: given.config },
        { body: listOf(babs) },
      );
      const options: Pick<QueryOptions, "count"> = given.count === undefined ? {} : { count: given.count };
      await collect(scim.list(User, options));
      const error = await scim.query(User, options).catch((reason: unknown) => reason);
      const [list, query] = want;
      expect(sent.map(({ url }) => String(new URL(url).searchParams.get("count")))).toEqual(
        typeof query === "string" ? want : [list],
      );
      if (typeof query === "string") return;
      expect(error).toBeInstanceOf(UnsupportedByServer);
      expect(error).toMatchObject({
        capability: "maxResults",
        message: expect.stringContaining(
          `at most ${query} resources in one answer, and count asks for ${given.count}`,
        ) as string,
      });
    });
  }

  const maxResults: { given: Said<number> & { maxCount?: number }; want: number | "none" }[] = [
    { given: {}, want: "none" },
    { given: { config: 10 }, want: 10 },
    { given: { maxCount: 20, config: 10 }, want: 20 },
    { given: { profile: 30, maxCount: 20, config: 10 }, want: 30 },
    { given: { profile: 0, maxCount: 20, config: 10 }, want: "none" },
    { given: { client: 40, profile: 30, config: 10 }, want: 40 },
    { given: { client: 0, profile: 30, config: 10 }, want: "none" },
    { given: { call: 50, client: 40, profile: 30, config: 10 }, want: 50 },
    { given: { call: 0, client: 40, profile: 30, config: 10 }, want: "none" },
    { given: { call: 5, client: 0 }, want: 5 },
  ];
  for (const { given, want } of maxResults) {
    test(`RFC 7643 §5: the most resources of an answer: ${JSON.stringify(given)}`, async () => {
      const said = (value: number | undefined): Capabilities => (value === undefined ? {} : { maxResults: value });
      const { scim, sent } = client(
        {
          capabilities: said(given.profile),
          ...(given.maxCount === undefined ? {} : { paging: { maxCount: given.maxCount } }),
        },
        {
          capabilities: said(given.client),
          ...(given.config === undefined
            ? {}
            : { serviceProviderConfig: { filter: { maxResults: given.config } } }),
        },
        { body: listOf(babs) },
      );
      const capabilities = said(given.call);
      await collect(scim.list(User, { count: 1000, capabilities }));
      const bound = want === "none" ? 1000 : want;
      for (const ask of [
        (count: number) => scim.query(User, { count, capabilities }),
        (count: number) => scim.search(User, { count, capabilities }),
      ]) {
        // oxlint-disable-next-line no-await-in-loop
        await ask(bound);
        const more = ask(want === "none" ? bound : bound + 1).catch((reason: unknown) => reason);
        // oxlint-disable-next-line no-await-in-loop
        expect((await more) instanceof UnsupportedByServer).toBe(want !== "none");
      }
      const counts = sent.map(({ url, body }) =>
        Number(new URL(url).searchParams.get("count") ?? (isJsonObject(body) ? body["count"] : "")),
      );
      expect(new Set(counts)).toEqual(new Set([bound]));
      expect(counts).toHaveLength(want === "none" ? 5 : 3);
    });
  }

  for (const wrong of [-1, 1.5, Number.NaN, "20", true]) {
    test(`maxResults is a number of resources, not ${JSON.stringify(wrong)}`, async () => {
      const capabilities = { maxResults: wrong } as Capabilities;
      const { scim, sent } = client({}, {}, { body: listOf(babs) });
      await expect(scim.query(User, { count: 1, capabilities })).rejects.toThrow(TypeError);
      expect(() => scim.list(User, { capabilities })).toThrow("maxResults must be a whole number from 0");
      expect(sent).toEqual([]);
    });
  }

  const methods: { given: [profile: ServerProfile["paging"] & object, pagination: JsonObject]; want: string }[] = [
    { given: [{}, {}], want: "?count=100" },
    { given: [{}, { cursor: true, index: true }], want: "?count=100" },
    { given: [{}, { cursor: true, index: false }], want: "?count=100&cursor=" },
    { given: [{}, { cursor: true, index: true, defaultPaginationMethod: "cursor" }], want: "?count=100&cursor=" },
    { given: [{}, { cursor: false, defaultPaginationMethod: "cursor" }], want: "?count=100" },
    { given: [{ method: "index" }, { cursor: true, index: false }], want: "?count=100" },
    { given: [{ method: "cursor" }, {}], want: "?count=100&cursor=" },
  ];
  for (const { given, want } of methods) {
    test(`RFC 9865 §4: how a list is walked: ${JSON.stringify(given)}`, async () => {
      const serviceProviderConfig = { pagination: given[1] };
      const { scim, sent } = client({ paging: given[0] }, { serviceProviderConfig }, { body: listOf(babs) });
      await collect(scim.list(User));
      expect(sent.map(({ url }) => new URL(url).search)).toEqual([want]);
    });
  }
});

describe("RFC 7644 §3.4.2.2: filters of a server that understands less of them", () => {
  const profile: Omit<ServerProfile, "name"> = {
    filter: { operators: ["eq"], logical: ["and"] },
    resourceTypes: {
      User: { filter: { attributes: ["userName", "active"] } },
      Group: { filter: { attributes: [] } },
    },
  };

  test("what the server does not understand is refused before it is sent", async () => {
    const { scim, sent } = client(profile, {}, { body: listOf(babs) });
    const error = await failure(() => scim.query(User, { filter: 'userName sw "b"' }));
    expect(error).toBeInstanceOf(UnsupportedByServer);
    expect(error).toMatchObject({
      capability: "filter",
      message: 'acme knows no "sw" in filters, only eq; capabilities: { filter: true } sends it all the same',
    });
    await expect(scim.query(User, { filter: filter`title eq ${"x"}` })).rejects.toThrow(
      'cannot filter User by "title"',
    );
    await expect(collect(scim.list(Group, { filter: 'displayName eq "x"' }))).rejects.toThrow(
      "cannot filter Group",
    );
    await expect(scim.search(User, { filter: "not (active eq true)" })).rejects.toThrow('does not know "not"');
    expect(sent).toEqual([]);
    await scim.query(User, { filter: 'userName eq "b" and active eq true' });
    expect(sent).toHaveLength(1);
  });

  for (const [level, call, options] of [
    ["call", { capabilities: { filter: true } }, {}],
    ["client", {}, { capabilities: { filter: true } }],
    ["switch", { checkRequestPayload: false }, {}],
  ] as const) {
    test(`the word of the ${level} is believed over the profile`, async () => {
      const { scim, sent } = client(profile, options, { body: listOf(babs) });
      await scim.query(User, { filter: 'userName sw "b"', ...call });
      expect(new URL(sent[0]?.url ?? "").searchParams.get("filter")).toBe('userName sw "b"');
    });
  }

  test("over several types a filter is good where one of them can be filtered so (RFC 7644 §3.4.2.1)", async () => {
    const { scim, sent } = client(profile, {}, { body: listOf(babs) });
    await scim.query([Group, User], { filter: 'userName eq "b"' });
    await expect(scim.query([Group, User], { filter: 'id eq "b"' })).rejects.toThrow(UnsupportedByServer);
    expect(sent).toHaveLength(1);
  });

  test("find sends what the server understands of the filter, and matches the rest itself", async () => {
    const other = { ...babs, id: "1", title: "Guide", active: true };
    const { scim, sent } = client(profile, {}, { body: listOf({ ...babs, active: true }, other) });
    expect(await scim.find(User, 'active eq true and title eq "guide"')).toEqual(other);
    expect(await scim.find(User, 'title eq "guide"')).toEqual(other);
    expect(await scim.find(User, 'title eq "guide"', { capabilities: { filter: true } })).toEqual(other);
    expect(sent.map(({ url }) => new URL(url).searchParams.get("filter"))).toEqual([
      "active eq true",
      null,
      'title eq "guide"',
    ]);
  });

  test("what is known of a type goes over what is known in general", async () => {
    const general = { operators: ["eq"], logical: [] } as const;
    const known = { filter: general, resourceTypes: { Group: { filter: { operators: ["sw"] } } } } as const;
    const { scim, sent } = client(known, {}, { body: listOf() });
    await scim.query(Group, { filter: 'displayName sw "x"' });
    await expect(scim.query(Group, { filter: 'displayName eq "x"' })).rejects.toThrow('knows no "eq"');
    await expect(scim.query(Group, { filter: 'not (members sw "1")' })).rejects.toThrow('does not know "not"');
    await expect(scim.query(User, { filter: 'displayName sw "x"' })).rejects.toThrow('knows no "sw"');
    expect(sent).toHaveLength(1);
  });

  test("a server that ignores the filters of one type alone", async () => {
    const { scim, sent } = client(
      { resourceTypes: { Group: { filter: { ignored: true } } } },
      {},
      { body: listOf() },
    );
    await scim.find(Group, 'displayName eq "x"');
    await scim.find(User, 'displayName eq "x"');
    await expect(scim.query(Group, { filter: "members pr" })).rejects.toThrow("ignores filters");
    expect(sent.map(({ url }) => new URL(url).searchParams.has("filter"))).toEqual([false, true]);
  });

  test("where lists need a filter, find refuses one that the server does not understand", async () => {
    const needy = { filter: { operators: ["eq"] }, capabilities: { unfiltered: false } } as const;
    const { scim, sent } = client(needy, {}, { body: listOf(babs) });
    expect(await scim.find(User, 'userName eq "bjensen" and title pr')).toBeUndefined();
    await expect(scim.find(User, "title pr")).rejects.toThrow(UnsupportedByServer);
    await expect(collect(scim.list(User))).rejects.toThrow(UnsupportedByServer);
    expect(sent).toHaveLength(1);
  });

  test("a server that ignores filters is asked for everything by find, and for nothing by query", async () => {
    const { scim, sent } = client(
      { filter: { ignored: true } },
      {},
      { body: listOf(babs, { ...babs, id: "1", userName: "x" }) },
    );
    expect(await scim.find(User, 'userName eq "bjensen"')).toEqual(babs);
    expect(await scim.find(User, 'userName eq "nobody"')).toBeUndefined();
    expect(sent.map(({ url }) => new URL(url).searchParams.has("filter"))).toEqual([false, false]);
    await expect(scim.query(User, { filter: 'userName eq "bjensen"' })).rejects.toThrow(UnsupportedByServer);
  });

  const forms = [
    {
      given: [false, "title pr and userName pr or active eq true"],
      want: "title pr and userName pr or active eq true",
    },
    {
      given: [true, "title pr and userName pr or active eq true"],
      want: "(title pr and userName pr) or active eq true",
    },
    {
      given: [true, "title pr or userName pr and active eq true"],
      want: "title pr or (userName pr and active eq true)",
    },
    { given: [false, '(title eq"x") and id pr'], want: 'title eq "x" and id pr' },
  ] as const;
  for (const { given, want } of forms) {
    test(`parenthesise ${given[0]}: ${given[1]}`, async () => {
      const { scim, sent } = client({ filter: { parenthesise: given[0] } }, {}, { body: listOf(babs) });
      await scim.query(User, { filter: given[1] });
      expect(new URL(sent[0]?.url ?? "").searchParams.get("filter")).toBe(want);
    });
  }
});

describe("what a server does not offer for one resource type", () => {
  test("is refused for that type alone", async () => {
    const profile = { resourceTypes: { Group: { without: ["create", "replace", "delete", "patch"] as const } } };
    const { scim, sent } = client(profile, {}, { body: babs });
    const tour = { schemas: [Group.schema.id], id: "1", displayName: "Tour Guides" };
    for (const [name, call] of [
      ["create", () => scim.create(Group, tour)],
      ["replace", () => scim.replace(Group, tour)],
      ["delete", () => scim.delete(Group, "1")],
      ["patch", () => scim.modify(Group, "1", [{ op: "remove", path: "members" }])],
    ] as const) {
      const error = await failure(call);
      expect(error).toBeInstanceOf(UnsupportedByServer);
      expect(String(error)).toContain(`does not support ${name} for Group`);
    }
    expect(sent).toEqual([]);
    await scim.replace(User, babs);
    await scim.replace(Group, tour, { capabilities: { replace: true }, checkResponsePayload: false });
    expect(sent.map(({ method }) => method)).toEqual(["PUT", "PUT"]);
  });

  test("a name that every object has is no resource type", async () => {
    const { scim, sent } = client({ resourceTypes: {} }, {}, { body: { ...babs, schemas: ["urn:a:b"] } });
    const odd = User.at({ name: "constructor", endpoint: "/Users" });
    await scim.query(odd, "2819c223");
    await scim.create(odd, { userName: "a" }, { expectedStatusCodes: [] });
    expect(sent).toHaveLength(2);
  });
});

describe("RFC 7644 §3.5.1: what a server asks of a resource beyond its schema", () => {
  const profile = { resourceTypes: { User: { demands: { create: ["emails.type"], replace: ["active"] } } } };

  test("is missed before the resource is sent", async () => {
    const { scim, sent } = client(profile, {}, { body: babs });
    const error = await failure(() => scim.replace(User, babs));
    expect(error).toBeInstanceOf(RequestPayloadValidationError);
    expect(error).toMatchObject({ issues: [{ path: "active", rule: "required" }] });
    expect(String(error)).toContain('"active" must be present in a replace request for acme');
    await expect(scim.create(User, { userName: "a", emails: [{ value: "a" }] })).rejects.toThrow('"emails.type"');
    expect(sent).toEqual([]);
    await scim.replace(User, { ...babs, active: false });
    await scim.replace(User, babs, { checkRequestPayload: false });
    expect(sent).toHaveLength(2);
  });

  test("may be readOnly: then it is sent as the resource has it, and nothing else that is readOnly", async () => {
    const ids = { resourceTypes: { User: { demands: { replace: ["id"] } } } };
    const { scim, sent } = client(ids, {}, { body: babs });
    await scim.replace(User, { ...versioned, displayName: "Babs" }, { ifMatch: false });
    expect(sent[0]?.body).toEqual({ ...babs, displayName: "Babs" });
    await expect(scim.me.replace(User, { userName: "a" })).rejects.toThrow(
      '"id" must be present in a replace request for acme',
    );
    await scim.create(User, { userName: "a" }, { expectedStatusCodes: [] });
    expect(sent[1]?.body).not.toHaveProperty("id");
    expect(sent).toHaveLength(2);
  });
});

describe("RFC 7644 §3.3: statuses that only this server answers with", () => {
  test("count as success beside those of the verb", async () => {
    const statuses = { create: [200], delete: [200] };
    const { scim } = client({ expectedStatusCodes: statuses }, {}, { body: babs });
    expect(await scim.create(User, { userName: "bjensen" })).toEqual(babs);
    await scim.delete(User, "2819c223");
    const { scim: without } = client({}, {}, { body: babs });
    await expect(without.create(User, { userName: "bjensen" })).rejects.toThrow(UnexpectedStatusCode);
    await expect(scim.create(User, { userName: "bjensen" }, { expectedStatusCodes: [201] })).rejects.toThrow(
      UnexpectedStatusCode,
    );
  });
});

test("a client says which profile it has", () => {
  expect(client({ resourceTypes: { User: { deletion: "deactivates" } } }, {}).scim.profile).toEqual({
    name: "acme",
    resourceTypes: { User: { deletion: "deactivates" } },
  });
  expect(new SCIMClient(BASE).profile).toEqual({ name: "rfc" });
});

test("an extension's attributes can be filterable", async () => {
  const path = `${EnterpriseUser.schema.id}:department`;
  const { scim, sent } = client(
    { resourceTypes: { User: { filter: { attributes: [path] } } } },
    {},
    { body: { schemas: [LIST] } },
  );
  await scim.query(User.with(EnterpriseUser), { filter: `${path} eq "x"` });
  expect(sent).toHaveLength(1);
});
