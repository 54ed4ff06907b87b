import type { RequestListener } from "node:http";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  basic,
  bearer,
  patch,
  SCIMClient,
  SCIMClientError,
  strict,
  type ClientOptions,
  type Deviation,
  type ErrorMessage,
  type Fetch,
  type JsonObject,
  type JsonValue,
} from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { isJsonObject } from "../../src/json.ts";
import { Schema, ServiceProviderConfig } from "../../src/schema/service-provider-models.ts";
import { loopback } from "./loopback.ts";
import {
  collect,
  ENTERPRISE,
  errorOf,
  failure,
  GROUP,
  LIST,
  listOf,
  PATCH_OP,
  replay,
  routes,
  SCIM_JSON,
  USER,
  type Reply,
} from "./replay.ts";

const BASE = "https://auth.example/scim/v2";
const MIB = 1024 * 1024;
const babs = {
  schemas: [USER, ENTERPRISE],
  id: "2819c223",
  externalId: "bjensen",
  userName: "bjensen",
  name: { familyName: "Jensen", givenName: "Barbara" },
  active: true,
  emails: [
    { value: "bjensen@example.com", type: "work", primary: true },
    { value: "babs@example.org", type: "home" },
  ],
  groups: [{ value: "e9e30dba", $ref: `${BASE}/Groups/e9e30dba`, display: "Tour Guides" }],
  [ENTERPRISE]: { employeeNumber: "701984", manager: { value: "26118915", displayName: "John Smith" } },
  meta: { resourceType: "User", created: "2010-01-23T04:56:22Z", version: 'W/"1"', location: `${BASE}/Users/1` },
};
const tour = { schemas: [GROUP], id: "e9e30dba", displayName: "Tour Guides", members: [{ value: "2819c223" }] };

type AnyClient = SCIMClient<boolean, boolean>;

function client(fetch: Fetch, options: ClientOptions = {}): AnyClient {
  return new SCIMClient(BASE, { fetch, retry: false, ...options });
}

/** The error of the family that a call ends with, if it does; any other error is thrown on. */
async function refusal(call: () => unknown): Promise<SCIMClientError | undefined> {
  try {
    await call();
  } catch (error) {
    if (error instanceof SCIMClientError) return error;
    throw error;
  }
  return undefined;
}

const operations = [{ op: "replace", path: "displayName", value: "Babs" }] as const;

/** Every verb, each with the answer that it hopes for. */
const VERBS: ReadonlyArray<{ verb: string; call: (scim: AnyClient) => unknown; good: Reply }> = [
  { verb: "query", call: (scim) => scim.query(User, "2819c223"), good: { body: babs } },
  {
    verb: "query with ifNoneMatch",
    call: (scim) => scim.query(User, "2819c223", { ifNoneMatch: 'W/"1"' }),
    good: { body: babs },
  },
  {
    verb: "query of a list",
    call: (scim) => scim.query(User, { filter: "userName pr" }),
    good: { body: listOf(babs) },
  },
  {
    verb: "query of the root",
    call: (scim) => scim.query([User, Group], { filter: "id pr" }),
    good: { body: listOf(babs, tour) },
  },
  {
    verb: "query of the configuration",
    call: (scim) => scim.query(ServiceProviderConfig),
    good: { body: { patch: { supported: true }, bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 } } },
  },
  {
    verb: "query of a schema",
    call: (scim) => scim.query(Schema, USER),
    good: { body: { id: USER, attributes: [{ name: "a", subAttributes: [{ name: "b" }] }] } },
  },
  {
    verb: "search",
    call: (scim) => scim.search(User.with(EnterpriseUser), {}),
    good: { body: listOf(babs, babs) },
  },
  {
    verb: "list",
    call: (scim) => collect(scim.list(User, { count: 2, limit: 20 })),
    good: { body: { ...listOf(babs, tour), totalResults: 5 } },
  },
  {
    verb: "list by cursor",
    call: (scim) => collect(scim.list({ cursor: "", limit: 20 })),
    good: { body: { ...listOf(babs), nextCursor: "abc" } },
  },
  { verb: "find", call: (scim) => scim.find(User, 'userName eq "bjensen"'), good: { body: listOf(tour, babs) } },
  { verb: "create", call: (scim) => scim.create(User, { userName: "b" }), good: { status: 201, body: babs } },
  {
    verb: "create, answered without a body",
    call: (scim) => scim.create(Group, { displayName: "b" }),
    good: { status: 201, headers: { location: `${BASE}/Groups/1` } },
  },
  { verb: "replace", call: (scim) => scim.replace(User, { id: "1", userName: "b" }), good: { body: babs } },
  { verb: "modify", call: (scim) => scim.modify(User, "1", operations), good: { body: babs } },
  {
    verb: "modify with reread",
    call: (scim) => scim.modify(User, "1", operations, { reread: true }),
    good: { status: 204 },
  },
  {
    verb: "modify by replacing",
    call: (scim) =>
      scim.modify(User, "1", patch(User).add("nickName", "b"), {
        withoutPatch: "replace",
        capabilities: { patch: false },
      }),
    good: { body: babs },
  },
  { verb: "delete", call: (scim) => scim.delete(User, "1"), good: { status: 204 } },
  {
    verb: "bulk",
    call: (scim) =>
      scim.bulk([{ method: "DELETE", path: "/Users/1" }], { strategy: "bulk", capabilities: { bulk: true } }),
    good: {
      body: {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
        Operations: [{ method: "DELETE", status: "204", location: `${BASE}/Users/1` }],
      },
    },
  },
  { verb: "me.query", call: (scim) => scim.me.query(User), good: { body: babs } },
  { verb: "me.create", call: (scim) => scim.me.create(User, { userName: "b" }), good: { status: 201, body: babs } },
  { verb: "me.replace", call: (scim) => scim.me.replace(User, { userName: "b" }), good: { body: babs } },
  { verb: "me.modify", call: (scim) => scim.me.modify(User, operations), good: { body: babs } },
  { verb: "me.delete", call: (scim) => scim.me.delete(User), good: { status: 204 } },
  { verb: "request", call: (scim) => scim.request({ method: "GET", path: "/x" }), good: { body: babs } },
];

describe("what is no answer is an error that says what came", () => {
  const rows: ReadonlyArray<{ title: string; given: Reply; want: object }> = [
    {
      title: "200 with HTML",
      given: {
        text: "<!doctype html><title>Sign in</title>",
        headers: { "content-type": "text/html; charset=utf-8" },
      },
      want: {
        code: "unexpected_content_type",
        message: `GET ${BASE}/Users/1 answered 200 with text/html, expected application/scim+json (RFC 7644 §3.1); is the base URL right, which often ends in /scim/v2?`,
        body: "<!doctype html><title>Sign in</title>",
      },
    },
    {
      title: "an empty 404 typed as JSON",
      given: { status: 404, text: "", headers: { "content-type": "application/json" } },
      want: { code: "unexpected_status_code", status: 404, message: `GET ${BASE}/Users/1 answered 404` },
    },
    {
      title: "an empty 500 typed as SCIM",
      given: { status: 500, text: "" },
      want: { code: "unexpected_status_code", status: 500 },
    },
    {
      title: "a gateway's words",
      given: {
        status: 502,
        body: { error: { code: 7 }, Message: "upstream is away" },
        headers: { "content-type": "text/json" },
      },
      want: {
        code: "unexpected_status_code",
        message: `GET ${BASE}/Users/1 answered 502: upstream is away`,
        body: { error: { code: 7 }, Message: "upstream is away" },
      },
    },
    {
      title: "an OAuth error",
      given: { status: 403, body: { error: "insufficient_scope", error_description: "scope is too small" } },
      want: { message: `GET ${BASE}/Users/1 answered 403: scope is too small` },
    },
    {
      title: "Slack's Errors",
      given: { status: 400, body: { Errors: [{ description: "user_not_found", code: 404 }] } },
      want: { message: `GET ${BASE}/Users/1 answered 400: user_not_found` },
    },
    {
      title: "truncated JSON",
      given: { text: '{"schemas":["urn:ietf' },
      want: {
        code: "unexpected_content_format",
        message: `GET ${BASE}/Users/1 answered 200 with a body that is not JSON`,
        body: '{"schemas":["urn:ietf',
      },
    },
    {
      title: "an array",
      given: { body: [babs] },
      want: {
        code: "unexpected_content_format",
        message: `GET ${BASE}/Users/1 answered 200 with an array, expected one User`,
      },
    },
    {
      title: "text",
      given: { body: "ok" },
      want: { message: `GET ${BASE}/Users/1 answered 200 with a string, expected one User` },
    },
    {
      title: "null",
      given: { text: "null" },
      want: { message: `GET ${BASE}/Users/1 answered 200 with null, expected one User` },
    },
    {
      title: "true",
      given: { body: true },
      want: { message: `GET ${BASE}/Users/1 answered 200 with a boolean, expected one User` },
    },
    {
      title: "a list",
      given: { body: listOf(babs) },
      want: { message: `GET ${BASE}/Users/1 answered 200 with a ListResponse, expected one User` },
    },
    {
      title: "nothing",
      given: {},
      want: { message: `GET ${BASE}/Users/1 answered 200 without a body, expected one User` },
    },
    {
      title: "a redirect to another origin",
      given: { status: 307, headers: { location: "https://evil.example/scim/v2/Users/1" } },
      want: {
        code: "unexpected_status_code",
        status: 307,
        message:
          `GET ${BASE}/Users/1 answered 307, expected 200; it redirects to https://evil.example/scim/v2/Users/1, ` +
          "which is not followed; is the base URL right, which often ends in /scim/v2?",
      },
    },
    {
      title: "a resource without an id",
      given: { body: { schemas: [USER], userName: "b" } },
      want: {
        code: "response_payload_validation_error",
        message: `GET ${BASE}/Users/1: "id" must be present in a response (RFC 7643 §3.1)`,
        issues: [{ path: "id", rule: "required" }],
        index: undefined,
      },
    },
  ];
  for (const { title, given, want } of rows) {
    test(title, async () => {
      const { fetch, sent } = replay(given);
      const error = await failure(() => client(fetch).query(User, "1"));
      expect(error).toMatchObject({ request: { method: "GET", url: `${BASE}/Users/1` }, ...want });
      expect(sent).toHaveLength(1);
    });
  }

  test("no list: what stands in its place", async () => {
    for (const [given, want] of [
      [{ body: babs, headers: { "content-type": "text/html" } }, "unexpected_content_type"],
      [{ body: { a: 1 } }, "unexpected_content_format"],
      [{ body: "x" }, "unexpected_content_format"],
      [{}, "unexpected_content_format"],
      [{ body: { schemas: [LIST], totalResults: 1, Resources: "none" } }, "unexpected_content_format"],
      [{ body: listOf(7) }, "unexpected_content_format"],
      [{ body: listOf(null) }, "unexpected_content_format"],
      [{ body: listOf([babs]) }, "unexpected_content_format"],
      [{ body: listOf(babs, { userName: "b" }) }, "response_payload_validation_error"],
    ] as const) {
      expect(await failure(() => client(replay(given).fetch).query(User))).toMatchObject({ code: want });
      expect(await failure(() => collect(client(replay(given).fetch).list(User)))).toMatchObject({ code: want });
      expect(await failure(() => client(replay(given).fetch).find(User, "id pr"))).toMatchObject({ code: want });
      expect(await failure(() => client(replay(given).fetch).query([User]))).toMatchObject({ code: want });
    }
  });

  test("the index says which resource of a list it is", async () => {
    const error = await failure(() =>
      client(replay({ body: listOf(babs, tour, { id: "1", name: 7 }) }).fetch).query(User),
    );
    expect(error).toMatchObject({
      index: 2,
      message: `GET ${BASE}/Users, resource 2: "name" must be an object, not a number, in a response (RFC 7643 §2.3.8)`,
    });
  });
});

describe("what is lost on the way is a RequestNetworkError, and a write has an unknown outcome", () => {
  const CALLS: ReadonlyArray<[string, boolean, (scim: AnyClient) => unknown]> = [
    ["query", false, (scim) => scim.query(User, "1")],
    ["list", false, (scim) => collect(scim.list(User))],
    ["search", false, (scim) => scim.search(User, {})],
    ["discover", false, (scim) => scim.discover()],
    ["create", true, (scim) => scim.create(User, { userName: "b" })],
    ["modify", true, (scim) => scim.modify(User, "1", operations)],
    ["delete", true, (scim) => scim.delete(User, "1")],
  ];
  const FAULTS: ReadonlyArray<{ title: string; listener: RequestListener; want: object }> = [
    {
      title: "a connection that is reset before the answer",
      listener: ({ socket }) => socket.resetAndDestroy(),
      want: { reason: "connection", status: undefined },
    },
    {
      title: "a connection that is reset in the middle of the answer",
      listener: ({ socket }, response) => {
        response.writeHead(200, { "content-type": SCIM_JSON, "content-length": 1000 });
        response.write('{"schemas":', () => socket.resetAndDestroy());
      },
      want: { reason: "connection", status: 200 },
    },
  ];
  const DELAYS: ReadonlyArray<{ title: string; fetch: Fetch; want: object }> = [
    { title: "slow header fields", fetch: () => new Promise(() => undefined), want: { status: undefined } },
    {
      title: "a slow body",
      fetch: () => new Response(new ReadableStream<Uint8Array>(), { headers: { "content-type": SCIM_JSON } }),
      want: { status: 200 },
    },
  ];
  for (const [verb, writes, call] of CALLS) {
    for (const { title, listener, want } of FAULTS) {
      test(`${verb}: ${title}`, async () => {
        const scim = new SCIMClient(await loopback(listener), { retry: false });
        const error = await failure(() => call(scim));
        expect(error).toMatchObject({ code: "request_network_error", unknownOutcome: writes, ...want });
      });
    }

    for (const { title, fetch, want } of DELAYS) {
      test(`${verb}: ${title}`, async () => {
        const error = await failure(() => call(client(fetch, { timeout: 200 })));
        expect(error).toMatchObject({
          code: "request_network_error",
          reason: "timeout",
          unknownOutcome: writes,
          ...want,
        });
      });
    }

    test(`${verb}: an answer of 64 MiB and one byte`, async () => {
      const chunk = new Uint8Array(MIB).fill(0x20);
      let cancelled = 0;
      const fetch: Fetch = () => {
        let left = 64;
        const body = new ReadableStream<Uint8Array>({
          pull: (controller) => {
            left -= 1;
            controller.enqueue(left < 0 ? chunk.subarray(0, 1) : chunk);
          },
          cancel: () => {
            cancelled += 1;
          },
        });
        return new Response(body, { headers: { "content-type": SCIM_JSON } });
      };
      expect(await failure(() => call(client(fetch)))).toMatchObject({
        code: "request_network_error",
        reason: "bodyTooLarge",
        status: 200,
        unknownOutcome: writes,
        message: expect.stringMatching(/the answer is larger than 67108864 bytes/) as string,
      });
      expect(cancelled).toBeGreaterThan(0);
    });
  }

  test("a redirect and an endpoint on another origin are never followed, and no credentials go there", async () => {
    let reached = 0;
    const elsewhere = await loopback((_request, response) => void response.end(String((reached += 1))));
    const here = await loopback(({ url = "" }, response) => {
      if (url.endsWith("/ResourceTypes")) {
        response.writeHead(200, { "content-type": SCIM_JSON });
        response.end(JSON.stringify(listOf({ name: "User", endpoint: `${elsewhere}/Users`, schema: USER })));
      } else if (url.endsWith("/Groups/1")) {
        response.writeHead(308, { location: `${elsewhere}/Groups/1` }).end();
      } else {
        response.writeHead(404).end();
      }
    });
    const scim = new SCIMClient(here, { auth: bearer("t0ken"), retry: false });
    expect(await failure(() => scim.query(Group, "1"))).toMatchObject({
      code: "unexpected_status_code",
      status: 308,
    });
    await scim.discover();
    expect(await failure(() => scim.query(User, "1"))).toMatchObject({
      code: "unknown_resource_type",
      message: expect.stringMatching(
        /"User" cannot be used: its endpoint is not below the base URL \(origin\)/,
      ) as string,
    });
    expect(reached).toBe(0);
  });
});

describe("names of attributes cannot do harm", () => {
  const NAMES = [
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    'a"b',
    "a\nb",
    "",
    "ä",
    "a.b",
    "x".repeat(100_000),
  ];

  for (const name of NAMES) {
    const start = JSON.stringify(name.slice(0, 20));
    test(`${start} in an answer is an unknown attribute, and stays`, async () => {
      const text = `{"schemas":[${JSON.stringify(USER)}],"id":"1",${JSON.stringify(name)}:{"polluted":true}}`;
      const heard: Deviation[] = [];
      const scim = client(replay({ text }).fetch, { onDeviation: (deviation) => void heard.push(deviation) });
      const user = await scim.query(User, "1");
      expect(Object.keys(user as object)).toEqual(["schemas", "id", name]);
      expect(JSON.parse(JSON.stringify(user))).toEqual(JSON.parse(text));
      expect(Object.getPrototypeOf(user)).toBe(Object.prototype);
      expect({}).not.toHaveProperty("polluted");
      expect(heard.map(({ kind }) => kind)).toEqual(["unknownAttribute"]);
      expect(heard[0]?.message).toMatch(/^[\x20-\x7e§…]{1,1000}$/);
    });

    test(`${start} in a list, in a sub-attribute and in an extension`, async () => {
      const key = JSON.stringify(name);
      const text = `{"schemas":["${LIST}"],"totalResults":1,${key}:1,"Resources":[{"schemas":["${USER}"],"id":"1",
        "name":{${key}:1},"emails":[{${key}:1}],"${ENTERPRISE}":{${key}:{"polluted":true}}}]}`;
      const page = await client(replay({ text }).fetch).query(User.with(EnterpriseUser), { count: 1 });
      expect({}).not.toHaveProperty("polluted");
      expect(page).toMatchObject({ Resources: [{ id: "1" }] });
    });

    test(`${start} in what is to be created or replaced is refused, and nothing is sent`, async () => {
      const { fetch, sent } = replay({ status: 201, body: babs });
      const given = JSON.parse(`{"id":"1","userName":"b",${JSON.stringify(name)}:"v"}`) as never;
      for (const call of [() => client(fetch).create(User, given), () => client(fetch).replace(User, given)]) {
        const error = await failure(call);
        expect(error).toMatchObject({ code: "request_payload_validation_error", issues: [{ rule: "unknown" }] });
        expect((error as Error).message).toMatch(/^[\x20-\x7e§…]{1,1000}$/);
      }
      expect(sent).toEqual([]);
    });

    test(`${start} in a PATCH, a filter or a choice of attributes is refused, and nothing is sent`, async () => {
      const { fetch, sent } = replay({ body: babs });
      const value = JSON.parse(`{${JSON.stringify(name)}:1}`) as JsonValue;
      const calls: ReadonlyArray<() => unknown> = [
        () => client(fetch).modify(User, "1", [{ op: "add", path: name, value: 1 }]),
        () => client(fetch).modify(User, "1", [{ op: "add", value }]),
        () => client(fetch).modify(User, "1", [{ op: "remove", path: `name.${name}` }]),
        () => client(fetch).query(User, { filter: `${name} pr` }),
        () => client(fetch).query(User, { attributes: [name] }),
        () => client(fetch).query(User, { sortBy: name }),
        () => client(fetch).find(User, `${name} eq "x"`),
      ];
      for (const call of calls) {
        const error = await failure(call);
        expect(error).toBeInstanceOf(SCIMClientError);
        expect((error as Error).message.length).toBeLessThan(1100);
      }
      expect(sent).toEqual([]);
    });

    test(`${start} in an Error message or a configuration is not taken for what it is not`, async () => {
      const key = JSON.stringify(name);
      const refused = replay({
        status: 400,
        text: `{${key}:{"detail":"x"},"detail":"no","__proto__":{"scimType":"y"}}`,
      });
      expect(await failure(() => client(refused.fetch).query(User, "1"))).toMatchObject({
        detail: "no",
        scimType: undefined,
      });
      const config = JSON.parse(`{${key}:{"supported":false}}`) as JsonObject;
      await client(replay({ body: listOf() }).fetch, { serviceProviderConfig: config }).query(User, {
        filter: "id pr",
      });
    });
  }

  test("RFC 7643 §2.1: of two that differ by case one counts, and the other stays", async () => {
    const body = {
      schemas: [USER],
      ID: "0",
      id: "1",
      USERNAME: "a",
      username: "b",
      Name: { formatted: "x", FORMATTED: "y" },
    };
    const heard: string[] = [];
    const scim = client(replay({ body }).fetch, {
      onDeviation: ({ kind, path }) => void heard.push(`${kind} ${path}`),
    });
    expect(await scim.query(User, "1")).toEqual({
      schemas: [USER],
      ID: "0",
      id: "1",
      userName: "a",
      username: "b",
      name: { formatted: "x", FORMATTED: "y" },
    });
    expect(heard.toSorted()).toEqual([
      "attributeName name",
      "attributeName userName",
      "duplicateName ID",
      "duplicateName name.FORMATTED",
      "duplicateName username",
    ]);
    const { fetch, sent } = replay({ status: 201, body: babs });
    const twins = { userName: "a", USERNAME: "b" } as never;
    expect(await failure(() => client(fetch).create(User, twins))).toMatchObject({
      issues: [{ path: "USERNAME" }],
    });
    expect(sent).toEqual([]);
  });

  test("ten thousand attributes in an answer stay, and are not ten thousand deviations", async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`a${at}`, at]));
    const heard: Deviation[] = [];
    const scim = client(replay({ body: { ...babs, ...many } }).fetch, {
      onDeviation: (one) => void heard.push(one),
    });
    expect(await scim.query(User.with(EnterpriseUser), "1")).toEqual({ ...babs, ...many });
    expect(heard).toHaveLength(1000);
    expect(heard.at(-1)?.message).toMatch(/more are not reported/);
    const error = await failure(() => scim.create(User, { userName: "b", ...many }));
    expect((error as { issues: unknown[] }).issues.length).toBeLessThanOrEqual(64);
    expect((error as Error).message.length).toBeLessThan(500);
  });

  test("a schema with ten thousand attributes, or a thousand levels, is refused in a few words", async () => {
    let nested: object = { name: "a" };
    for (let depth = 0; depth < 1000; depth += 1) nested = { name: "a", type: "complex", subAttributes: [nested] };
    for (const attributes of [Array.from({ length: 10_000 }, (_, at) => ({ name: `a${at}` })), [nested]]) {
      const { fetch } = routes({ "GET /Schemas": { body: [{ id: USER, attributes }] } });
      const error = await failure(() => client(fetch).discover());
      expect(error).toMatchObject({ code: "response_payload_validation_error", issues: [{ rule: "bounds" }] });
      expect((error as Error).message.length).toBeLessThan(500);
    }
  });

  test("a thousand attributes that are allowed are validated all the same", async () => {
    const attributes = Array.from({ length: 4000 }, (_, at) => ({ name: `a${at}`, type: "boolean" }));
    const { fetch } = routes({
      "GET /Schemas": { body: [{ id: USER, attributes }] },
      "GET /Users/1": { body: { schemas: [USER], id: "1", a3999: "maybe" } },
    });
    const scim = client(fetch);
    await scim.discover();
    expect(await failure(() => scim.query(User, "1"))).toMatchObject({ issues: [{ path: "a3999", rule: "type" }] });
  });
});

describe("depth and number cannot do harm", () => {
  for (const depth of [1000, 100_000]) {
    const array = "[".repeat(depth) + "]".repeat(depth);
    const object = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

    test(`${depth} levels in an unknown attribute stay`, async () => {
      for (const value of [array, object]) {
        const text = `{"schemas":["${USER}"],"id":"1","x":${value},"${ENTERPRISE}":{"y":${value}}}`;
        expect(
          await client(replay({ text }).fetch, { onDeviation: () => undefined }).query(User, "1"),
        ).toHaveProperty("x");
      }
    });

    const PLACES: ReadonlyArray<{ title: string; text: string }> = [
      { title: "in the place of the resource", text: array },
      { title: "in the id", text: `{"id":${array}}` },
      { title: "in a single attribute", text: `{"id":"1","userName":${array}}` },
      { title: "in a complex attribute", text: `{"id":"1","name":${array}}` },
      { title: "in a multi-valued attribute", text: `{"id":"1","emails":${array}}` },
      { title: "in its element", text: `{"id":"1","emails":[{"value":${object}}]}` },
      { title: "in schemas", text: `{"id":"1","schemas":${array},"userName":1.5e999}` },
      { title: "in meta", text: `{"id":"1","meta":{"resourceType":${object}},"active":[]}` },
    ];
    for (const { title, text } of PLACES) {
      test(`${depth} levels ${title} are an error of the family, or nothing at all`, async () => {
        for (const options of [{}, { profile: strict }, { onDeviation: () => undefined }]) {
          const error = await refusal(() => client(replay({ text }).fetch, options).query(User, "1"));
          expect((error?.message ?? "").length).toBeLessThan(1100);
        }
      });
    }

    test(`${depth} levels in what says why`, async () => {
      for (const status of [200, 400]) {
        for (const text of [
          array,
          object,
          `${'{"Errors":'.repeat(depth)}1${"}".repeat(depth)}`,
          `${'{"errors":['.repeat(depth)}1${"]}".repeat(depth)}`,
          `{"detail":${array},"scimType":${object},"schemas":${array}}`,
          `{"detail":"no","status":${array},"schemas":["urn:ietf:params:scim:api:messages:2.0:Error",${array}]}`,
        ]) {
          const error = await failure(() => client(replay({ status, text }).fetch).query(User, "1"));
          expect(error).toBeInstanceOf(SCIMClientError);
          expect((error as Error).message.length).toBeLessThan(1100);
        }
      }
    });

    test(`${depth} levels in the documents of discovery`, async () => {
      for (const text of [
        array,
        object,
        `[${array},${object}]`,
        `{"Resources":${array},"totalResults":3}`,
        `[{"id":"${USER}","name":${array},"schema":"${USER}","attributes":[{"name":"a","type":${object}}]}]`,
        `{"totalResults":9,"Resources":[{"id":${array},"name":"x","endpoint":${object},"schema":"${USER}"}]}`,
      ]) {
        const reply = { text };
        const { fetch } = routes({
          "GET /ServiceProviderConfig": reply,
          "GET /ResourceTypes": reply,
          "GET /Schemas": reply,
        });
        const error = await refusal(() => client(fetch).discover());
        expect((error?.message ?? "").length).toBeLessThan(1100);
      }
    });
  }

  test("a hundred thousand invalid resources are one small error, at the first", async () => {
    const invalid = { schemas: [USER], id: "1", emails: [{ value: 7, primary: "?" }], name: "x", meta: [1, 2] };
    const body = {
      schemas: [LIST],
      totalResults: 100_000,
      Resources: Array.from({ length: 100_000 }, () => invalid),
    };
    const { fetch } = replay({ body });
    for (const options of [{}, { profile: strict }, { onDeviation: () => undefined }]) {
      for (const call of [
        (scim: AnyClient) => scim.query(User, {}),
        (scim: AnyClient) => scim.query([User, Group], {}),
        (scim: AnyClient) => scim.find(User, "id pr"),
      ]) {
        const error = await failure(() => call(client(fetch, options)));
        expect(error).toMatchObject({ code: "response_payload_validation_error", index: 0 });
        const { issues, message } = error as { issues: unknown[]; message: string };
        expect(issues.length).toBeLessThanOrEqual(128);
        expect(message.length).toBeLessThan(1100);
        expect(inspect(error, { depth: 10 }).length).toBeLessThan(50_000);
        expect(JSON.stringify(error).length).toBeLessThan(50_000);
      }
    }
  }, 30_000);

  test("a million values of one attribute that are none are a small error as well", async () => {
    const text = `{"schemas":["${USER}"],"id":"1","emails":[${"7,".repeat(999_999)}7]}`;
    const error = await failure(() => client(replay({ text }).fetch).query(User, "1"));
    expect(error).toMatchObject({ code: "response_payload_validation_error", issues: { length: 64 } });
    expect(inspect(error, { depth: 10 }).length).toBeLessThan(50_000);
  });

  test("an Error that goes on and on is cut in the message, and whole in its detail", async () => {
    const detail = "no ".repeat(1_000_000);
    const error = await failure(() => client(replay({ status: 400, body: { detail } }).fetch).query(User, "1"));
    expect(error).toMatchObject({ detail });
    expect((error as Error).message.length).toBeLessThan(2000);
    const plain = replay({ status: 400, body: { message: detail } });
    expect(((await failure(() => client(plain.fetch).query(User, "1"))) as Error).message.length).toBeLessThan(
      2000,
    );
  });

  test("what a server says is one line of a log", async () => {
    const detail = "no\r\n2026-01-01 ERROR forged\u0000\u001b[31m\u2028";
    for (const body of [{ detail }, { scimType: detail }, { message: detail }]) {
      const { message } = (await failure(() =>
        client(replay({ status: 400, body }).fetch).query(User, "1"),
      )) as Error;
      expect(message.split(/\p{Cc}|\p{Zl}/u)).toEqual([message]);
      expect(message).toContain("ERROR forged");
    }
  });
});

/** A server that quotes the header fields of the request in its answer. */
function echo(status: number, body: (quoted: string) => JsonValue): Fetch {
  return ({ headers }) => {
    const quoted = [...headers].map(([name, value]) => `${name}: ${value}`).join(", ");
    return Response.json(body(quoted), { status });
  };
}

const TOKEN = "t0ken-s3cret";
const PASSWORD = "passw0rd-s3cret";

/** Everything of an error that a log could show. */
function shown(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error("no error");
  return [
    message,
    stack,
    JSON.stringify(error),
    inspect(error, { depth: 10 }),
    inspect({ error }, { depth: 10 }),
    inspect([error], { depth: 10, showHidden: false, getters: true }),
    String(error),
  ].join("\n");
}

describe("RFC 7644 §7.5: no error shows credentials, nor what is never returned", () => {
  const secrets = { userName: "b", password: PASSWORD };
  const never = { ...babs, password: PASSWORD };
  const CALLS: ReadonlyArray<{ title: string; call: (scim: AnyClient) => unknown; reply: Reply }> = [
    {
      title: "a create that is refused here",
      call: (scim) => scim.create(User, { ...secrets, nosuch: 1 } as never),
      reply: {},
    },
    {
      title: "a password of the wrong type",
      call: (scim) => scim.create(User, { userName: "b", password: [PASSWORD] } as never),
      reply: {},
    },
    {
      title: "a password in the place of another attribute",
      call: (scim) =>
        scim.create(User, { userName: "b", emails: PASSWORD, [PASSWORD.slice(0, 3)]: PASSWORD } as never),
      reply: {},
    },
    {
      title: "a replace that is refused here",
      call: (scim) => scim.replace(User, { ...secrets, id: "1", name: 1 } as never),
      reply: {},
    },
    {
      title: "a modify that is refused here",
      call: (scim) =>
        scim.modify(User, "1", [
          { op: "replace", path: "password", value: { a: PASSWORD } },
          { op: "add", value: { password: PASSWORD, nosuch: PASSWORD } },
        ]),
      reply: {},
    },
    ...[400, 409, 500].map((status) => ({
      title: `a create that the server refuses with ${status}`,
      call: (scim: AnyClient) => scim.create(User, secrets),
      reply: { status, body: errorOf(status, "invalidValue", "weak") },
    })),
    {
      title: "a create that the server refuses, quoting the password",
      call: (scim) => scim.create(User, secrets),
      reply: { status: 400, body: errorOf(400, "invalidValue", `"${PASSWORD}" is weak`) },
    },
    {
      title: "a modify that the server refuses, quoting the password",
      call: (scim) => scim.modify(User, "1", [{ op: "replace", path: "password", value: PASSWORD }]),
      reply: { status: 400, body: { message: `bad value ${PASSWORD}` } },
    },
    {
      title: "a modify without a path that the server refuses, quoting the password",
      call: (scim) => scim.modify(User, "1", [{ op: "replace", value: { password: PASSWORD } }]),
      reply: { status: 400, body: errorOf(400, "invalidValue", PASSWORD) },
    },
    {
      title: "a refusal that quotes the payload in a body of its own",
      call: (scim) => scim.create(User, secrets),
      reply: { status: 422, body: { errors: [{ input: secrets }], received: secrets } },
    },
    {
      title: "header fields that hold the token",
      call: (scim) => scim.query(User, "1"),
      reply: { status: 500, headers: { "x-debug": TOKEN, "set-cookie": `session=${TOKEN}` } },
    },
    {
      title: "an answer with what is never returned, and an issue",
      call: (scim) => scim.query(User, "1"),
      reply: { body: { ...never, name: 7 } },
    },
    {
      title: "a list with what is never returned, and an issue",
      call: (scim) => scim.query(User),
      reply: { body: listOf(never, { ...never, id: undefined }) },
    },
    {
      title: "what is never returned where nothing is expected",
      call: (scim) => scim.query(Group, "1"),
      reply: { body: { ...tour, id: undefined, password: PASSWORD } },
    },
    {
      title: "an answer in HTML that holds it",
      call: (scim) => scim.query(User, "1"),
      reply: { text: `<p>${PASSWORD}` },
    },
    {
      title: "an answer that is another message",
      call: (scim) => scim.query(User, "1"),
      reply: { body: listOf(never) },
    },
  ];
  for (const { title, call, reply } of CALLS) {
    for (const [kind, auth] of [
      ["bearer", bearer(TOKEN)],
      ["basic", basic("me", TOKEN)],
    ] as const) {
      test(`${title}, with ${kind}`, async () => {
        const error = await failure(() => call(client(replay(reply).fetch, { auth })));
        expect(error).toBeInstanceOf(SCIMClientError);
        for (const secret of [TOKEN, PASSWORD, btoa(`me:${TOKEN}`)]) expect(shown(error)).not.toContain(secret);
      });
    }
  }

  for (const [kind, auth] of [
    ["bearer", bearer(TOKEN)],
    ["basic", basic("me", TOKEN)],
    ["a function", () => ({ "x-api-key": TOKEN, cookie: `session=${TOKEN}` })],
  ] as const) {
    test(`a server that quotes the credentials of ${kind}`, async () => {
      for (const fetch of [
        echo(401, (quoted) => errorOf(401, undefined, quoted) as JsonObject),
        echo(403, (quoted) => errorOf(403, quoted) as JsonObject),
        echo(200, (quoted) => errorOf(403, undefined, quoted) as JsonObject),
        echo(500, (message) => ({ message })),
      ]) {
        const error = await failure(() => client(fetch, { auth }).query(User, "1"));
        expect(error).toBeInstanceOf(SCIMClientError);
        for (const secret of [TOKEN, btoa(`me:${TOKEN}`)]) expect(shown(error)).not.toContain(secret);
        expect(shown(error)).toContain("***");
      }
    });
  }

  test("nor does a bulk of operations, in one request or in many", async () => {
    const writes = [
      { method: "POST", path: "/Users", bulkId: "a", data: secrets },
      {
        method: "PATCH",
        path: "/Users/1",
        data: { schemas: [PATCH_OP], Operations: [{ op: "replace", path: "password", value: PASSWORD }] },
      },
    ] as const;
    const error = errorOf(400, "invalidValue", `"${PASSWORD}" is weak`);
    const refused = writes.map(({ method }) => ({
      method,
      ...(method === "POST" ? { bulkId: "a" } : {}),
      location: "/Users/1",
      status: "400",
      response: error,
    }));
    const bulk = { schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], Operations: refused };
    for (const [strategy, reply] of [
      ["single", { status: 400, body: error }],
      ["bulk", { body: bulk }],
    ] as const) {
      const results = await client(replay(reply).fetch, { resourceModels: [User] }).bulk(writes, { strategy });
      expect(results).toHaveLength(2);
      for (const { operation: _given, ...result } of results) {
        expect(result).toMatchObject({ ok: false, error: { detail: '"***" is weak' } });
        expect(inspect(result, { depth: 10 })).not.toContain(PASSWORD);
      }
    }
    const whole = client(replay({ status: 400, body: error }).fetch, { resourceModels: [User] });
    expect(shown(await failure(() => whole.bulk(writes, { strategy: "bulk" })))).not.toContain(PASSWORD);
    const listed = client(replay({ body: bulk }).fetch, { resourceModels: [User] });
    const outsider = [{ method: "DELETE", path: "//evil.example/" }] as const;
    const [outside] = await listed.bulk(outsider, { strategy: "bulk", checkRequestPayload: false });
    expect(outside).toMatchObject({ ok: false });
  });

  test("nor does a deviation, or a client, or what was never returned itself", async () => {
    const heard: Deviation[] = [];
    const scim = client(
      replay({ body: { ...never, Active: PASSWORD, schemas: PASSWORD, [PASSWORD]: PASSWORD } }).fetch,
      {
        auth: bearer(TOKEN),
        onDeviation: (deviation) => void heard.push(deviation),
      },
    );
    await scim.query(User, "1");
    expect(heard.length).toBeGreaterThan(1);
    const messages = heard.filter(({ path }) => path !== PASSWORD);
    expect(JSON.stringify(messages)).not.toContain(PASSWORD);
    expect(inspect(scim, { depth: 10 }) + JSON.stringify(scim)).not.toContain(TOKEN);
    const good = client(replay({ body: never }).fetch);
    expect(await good.query(User, "1")).not.toHaveProperty("password");
  });

  test("what was sent and what came are there for whoever asks for them", async () => {
    const body = errorOf(400, "invalidValue", `"${PASSWORD}" is weak`) as ErrorMessage;
    const error = await failure(() => client(replay({ status: 400, body }).fetch).create(User, secrets));
    expect(error).toMatchObject({ body, scimType: "invalidValue" });
  });
});

/** Values that no attribute expects. */
const ODD: readonly JsonValue[] = [
  null,
  true,
  0,
  -1,
  1e300,
  1.5,
  "",
  "x",
  "true",
  "12",
  [],
  [[]],
  {},
  { value: 1 },
  [null],
];

/** One place of a JSON document, changed: the part of the paths is chosen by numbers, so that the text shrinks well. */
function mutate(document: JsonValue, steps: readonly number[], odd: JsonValue, how: number): JsonValue {
  const [step, ...rest] = steps;
  if (Array.isArray(document)) {
    const at = (step ?? 0) % Math.max(1, document.length);
    const inner = document[at];
    if (step === undefined || inner === undefined) return odd;
    return document.flatMap((item, index) => {
      if (index !== at) return [item];
      return how === 0 && rest.length === 0 ? [] : [mutate(item, rest, odd, how)];
    });
  }
  if (!isJsonObject(document)) return odd;
  const names = Object.keys(document);
  const name = names[(step ?? 0) % Math.max(1, names.length)];
  if (step === undefined || name === undefined) return odd;
  const copy: JsonObject = { ...document };
  if (rest.length > 0) copy[name] = mutate(document[name] ?? null, rest, odd, how);
  else if (how === 0) delete copy[name];
  else if (how === 1) copy[name.toUpperCase()] = odd;
  else if (how === 2) copy[name] = [document[name] ?? null];
  else copy[name] = odd;
  return copy;
}

function arbitraryMutation(document: JsonValue): fc.Arbitrary<JsonValue> {
  return fc
    .array(
      fc.record({
        steps: fc.array(fc.nat(12), { maxLength: 6 }),
        odd: fc.oneof(fc.constantFrom(...ODD), fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>),
        how: fc.nat(4),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((changes) =>
      changes.reduce<JsonValue>((value, { steps, odd, how }) => mutate(value, steps, odd, how), document),
    );
}

const arbitraryHeaders = fc.record(
  {
    "content-type": fc.constantFrom(
      SCIM_JSON,
      "application/json",
      "text/html",
      "application/json; charset=utf-16le",
      ";",
      "",
    ),
    location: fc.oneof(fc.webUrl(), fc.constantFrom("/scim/v2/Users/1", "..", "//", "https://", "\\", "?")),
    etag: fc.constantFrom('W/"1"', "1", "", '"é"'),
    "retry-after": fc.constantFrom("0", "soon"),
    "set-txn": fc.constantFrom("1", ""),
  },
  { requiredKeys: [] },
);

/** Any answer: the good one with its status or another, mutated, cut, or bytes at random. */
function arbitraryAnswer(
  good: Reply,
): fc.Arbitrary<{ status: number; headers: object; body: string | Uint8Array }> {
  const document = (good.body ?? {}) as JsonValue;
  const text = JSON.stringify(document);
  return fc.record({
    status: fc.oneof(
      { weight: 6, arbitrary: fc.constant(good.status ?? 200) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(200, 201, 202, 204, 301, 304, 307, 400, 401, 404, 409, 412, 429, 500, 503),
      },
    ),
    headers: fc.oneof(
      { weight: 4, arbitrary: fc.constant({ "content-type": SCIM_JSON, ...good.headers }) },
      { weight: 1, arbitrary: arbitraryHeaders },
    ),
    body: fc.oneof(
      { weight: 5, arbitrary: arbitraryMutation(document).map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.nat(text.length).map((end) => text.slice(0, end)) },
      { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
      {
        weight: 1,
        arbitrary: arbitraryMutation(errorOf(400, "invalidValue", "no") as JsonValue).map((value) =>
          JSON.stringify(value),
        ),
      },
    ),
  });
}

const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

function respond({
  status,
  headers,
  body,
}: {
  status: number;
  headers: object;
  body: string | Uint8Array;
}): Response {
  const given = typeof body === "string" ? body : new Uint8Array(body);
  return new Response(NO_BODY.has(status) ? null : given, { status, headers: { ...headers } });
}

const CLIENTS: ReadonlyArray<{ title: string; options: ClientOptions }> = [
  { title: "a client", options: {} },
  {
    title: "a lenient client that listens",
    options: {
      raiseScimErrors: false,
      checkResponseStatusCodes: false,
      checkResponseContentType: false,
      onDeviation: () => undefined,
      profile: { name: "p", repairs: { flatNames: true, stringifiedJson: ["emails", "name"] }, nulls: "drop" },
      serviceProviderConfig: { etag: { supported: true } },
    },
  },
  { title: "a strict client", options: { profile: strict } },
];

describe("whatever bytes come, a verb succeeds or rejects with an error of the family", () => {
  for (const { title, options } of CLIENTS) {
    for (const { verb, call, good } of VERBS) {
      test(`${title}: ${verb}`, async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(arbitraryAnswer(good), { minLength: 1, maxLength: 4 }), async (answers) => {
            let count = 0;
            const scim = client(() => {
              count += 1;
              return respond(answers[(count - 1) % answers.length] ?? { status: 500, headers: {}, body: "" });
            }, options);
            const error = await refusal(() => call(scim));
            expect((error?.message ?? "").length).toBeLessThan(1100);
            expect(JSON.stringify(error ?? null).length).toBeLessThan(100_000);
          }),
          { numRuns: 60 },
        );
      });
    }

    test(`${title}: discover, and a query of what it found`, async () => {
      const documents = {
        "/ServiceProviderConfig": { patch: { supported: true }, filter: { supported: true, maxResults: 5 } },
        "/ResourceTypes": listOf(
          {
            id: "User",
            name: "User",
            endpoint: "/Users",
            schema: USER,
            schemaExtensions: [{ schema: ENTERPRISE, required: true }],
          },
          { name: "Group", endpoint: "Groups", schema: GROUP },
        ) as JsonObject,
        "/Schemas": listOf(
          {
            id: USER,
            name: "User",
            attributes: [
              { name: "userName", type: "string", required: true, returned: "always", uniqueness: "server" },
              {
                name: "emails",
                type: "complex",
                multiValued: true,
                subAttributes: [{ name: "value" }, { name: "primary", type: "boolean" }],
              },
              { name: "password", mutability: "writeOnly", returned: "never" },
            ],
          },
          { id: GROUP, attributes: [{ name: "displayName" }] },
        ) as JsonObject,
      };
      const arbitrary = fc.record({
        config: arbitraryAnswer({ body: documents["/ServiceProviderConfig"] }),
        types: arbitraryAnswer({ body: documents["/ResourceTypes"] }),
        schemas: arbitraryAnswer({ body: documents["/Schemas"] }),
        answer: arbitraryAnswer({ body: babs }),
      });
      await fc.assert(
        fc.asyncProperty(arbitrary, async ({ config, types, schemas, answer }) => {
          const scim = client((request) => {
            if (request.url.includes("/ServiceProviderConfig")) return respond(config);
            if (request.url.includes("/ResourceTypes")) return respond(types);
            return request.url.includes("/Schemas") ? respond(schemas) : respond(answer);
          }, options);
          await refusal(async () => {
            const discovery = await scim.discover();
            const saved = JSON.parse(JSON.stringify(discovery)) as typeof discovery;
            expect(new SCIMClient(BASE, { discovery: saved }).resourceModels).toHaveLength(
              scim.resourceModels.length,
            );
            for (const model of scim.resourceModels) await refusal(() => scim.query(model, "1"));
          });
        }),
        { numRuns: 300 },
      );
    });
  }
});
