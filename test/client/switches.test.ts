import { describe, expect, test } from "vitest";
import {
  patch,
  SCIMClient,
  SCIMClientError,
  SCIMResponseErrorObject,
  type ClientOptions,
  type Fetch,
  type JsonValue,
  type Switches,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import {
  collect,
  ERROR,
  errorOf,
  failure,
  GROUP,
  LIST,
  listOf,
  PATCH_OP,
  replay,
  routes,
  SEARCH,
  USER,
  type Reply,
} from "./replay.ts";

const BASE = "https://auth.example/scim/v2";
const babs = { schemas: [USER], id: "2819c223", userName: "bjensen" };
const taken = errorOf(409, "uniqueness", "userName is taken");

function client(reply: Reply, options: ClientOptions = {}): SCIMClient<boolean, boolean> {
  return new SCIMClient(BASE, { fetch: replay(reply).fetch, retry: false, ...options });
}

/** What became of a call: the error's code, `Error` for a message that was returned, or the value as JSON. */
async function outcome(call: () => unknown): Promise<string> {
  let given: unknown;
  try {
    given = await call();
  } catch (error) {
    return error instanceof SCIMClientError ? error.code : `not of the family: ${String(error)}`;
  }
  const isMessage =
    typeof given === "object" && given !== null && "schemas" in given && String(given.schemas) === ERROR;
  return isMessage ? "Error" : given === undefined ? "undefined" : JSON.stringify(given);
}

const ALL_ON: Switches = {
  checkRequestPayload: true,
  checkResponsePayload: true,
  checkResponseContentType: true,
  checkResponseStatusCodes: true,
  raiseScimErrors: true,
};
const OFF = {
  none: {},
  status: { checkResponseStatusCodes: false },
  type: { checkResponseContentType: false },
  raise: { raiseScimErrors: false },
  payload: { checkResponsePayload: false },
  request: { checkRequestPayload: false },
  all: {
    checkRequestPayload: false,
    checkResponsePayload: false,
    checkResponseContentType: false,
    checkResponseStatusCodes: false,
    raiseScimErrors: false,
  },
} as const satisfies Record<string, Switches>;

const STATUS = "unexpected_status_code";
const TYPE = "unexpected_content_type";
const FORMAT = "unexpected_content_format";
const PAYLOAD = "response_payload_validation_error";
const RAISED = "scim_response_error_object";
const given = (value: JsonValue | object): string => JSON.stringify(value);
const html = { "content-type": "text/html" };

/** An answer to a read, what becomes of it, and what becomes of it with a switch off where that is something else. */
interface Row {
  readonly title: string;
  readonly reply: Reply;
  readonly want: string;
  readonly off?: { readonly [K in keyof typeof OFF]?: string };
}

const returned = { raise: "Error", all: "Error" };

const JSON_TYPES = [
  "application/scim+json",
  "application/json",
  "Application/SCIM+JSON; charset=UTF-8",
  "application/scim+json ;charset=utf-8",
  "application/problem+json",
  "application/json+scim",
  "text/json",
];

const ORDER: readonly Row[] = [
  ...JSON_TYPES.map((type) => ({
    title: `(1) 400 or more with a SCIM Error in ${type}`,
    reply: { status: 409, body: taken, headers: { "content-type": type } },
    want: RAISED,
    off: returned,
  })),
  {
    title: "(1) a SCIM Error whose media type is not said",
    reply: { status: 409, body: taken, headers: { "content-type": "" } },
    want: RAISED,
    off: returned,
  },
  {
    title: "(1) a SCIM Error with a status that no verb expects",
    reply: { status: 418, body: errorOf(418) },
    want: RAISED,
    off: returned,
  },
  {
    title: "(1) a SCIM Error with its names in other case, and more members",
    reply: { status: 400, body: { Schemas: [ERROR.toLowerCase(), "urn:x"], Status: 400, Detail: "no", extra: {} } },
    want: RAISED,
    off: returned,
  },
  {
    title: "(1) a SCIM Error that does not say that it is one",
    reply: { status: 400, body: { detail: "no", scimType: "invalidValue" } },
    want: RAISED,
    off: returned,
  },
  { title: "(2) a SCIM Error in HTML", reply: { status: 404, body: errorOf(404), headers: html }, want: STATUS },
  { title: "(2) 404 with HTML", reply: { status: 404, text: "<html>", headers: html }, want: STATUS },
  {
    title: "(2) 404 without a body, in application/scim+json",
    reply: { status: 404, text: "", headers: { "content-type": "application/scim+json" } },
    want: STATUS,
  },
  { title: "(2) 500 without anything", reply: { status: 500 }, want: STATUS },
  { title: "(2) 429 without anything", reply: { status: 429 }, want: STATUS },
  { title: "(2) 599", reply: { status: 599 }, want: STATUS },
  { title: "(2) 400 with truncated JSON", reply: { status: 400, text: '{"schemas":["urn' }, want: STATUS },
  { title: "(2) 400 with JSON that is no SCIM", reply: { status: 400, body: { error: "no" } }, want: STATUS },
  { title: "(2) 400 with an array", reply: { status: 400, body: [taken] }, want: STATUS },
  { title: "(2) 400 with text", reply: { status: 400, body: "no" }, want: STATUS },
  { title: "(2) 400 with null", reply: { status: 400, body: null }, want: STATUS },
  { title: "(2) 404 with the very resource", reply: { status: 404, body: babs }, want: STATUS },
  {
    title: "(3) a status that is not listed, with HTML",
    reply: { status: 201, text: "<html>", headers: html },
    want: STATUS,
    off: { status: TYPE, all: FORMAT },
  },
  {
    title: "(3) a status that is not listed, with a SCIM Error",
    reply: { status: 203, body: taken },
    want: STATUS,
    off: { status: RAISED, all: "Error" },
  },
  {
    title: "(3) a status that is not listed, with the resource",
    reply: { status: 203, body: babs },
    want: STATUS,
    off: { status: given(babs), all: given(babs) },
  },
  {
    title: "(3) 204, which has nothing to give",
    reply: { status: 204 },
    want: STATUS,
    off: { status: FORMAT, all: given(null) },
  },
  {
    title: "(3) a redirect to another origin is no success, even where statuses are not checked",
    reply: { status: 307, headers: { location: "https://evil.example/scim/v2/Users/1" } },
    want: STATUS,
  },
  {
    title: "(3) nor is one that changes the method",
    reply: { status: 302, headers: { location: `${BASE}/Users/1` }, body: babs },
    want: STATUS,
  },
  { title: "(3) nor is 304", reply: { status: 304 }, want: STATUS },
  {
    title: "(4) 200 with HTML",
    reply: { text: "<html>", headers: html },
    want: TYPE,
    off: { type: FORMAT, all: FORMAT },
  },
  {
    title: "(4) 200 with a SCIM Error in HTML",
    reply: { body: taken, headers: html },
    want: TYPE,
    off: { type: RAISED, all: "Error" },
  },
  {
    title: "(4) 200 with the resource in text/plain",
    reply: { body: babs, headers: { "content-type": "text/plain" } },
    want: TYPE,
    off: { type: given(babs), all: given(babs) },
  },
  {
    title: "(4) 200 with the resource in a media type that is not said",
    reply: { body: babs, headers: { "content-type": "" } },
    want: TYPE,
    off: { type: given(babs), all: given(babs) },
  },
  {
    title: "(4) 200 with the resource in application/jsonp",
    reply: { body: babs, headers: { "content-type": "application/jsonp" } },
    want: TYPE,
    off: { type: given(babs), all: given(babs) },
  },
  { title: "(5) 200 with truncated JSON", reply: { text: '{"id":"1",' }, want: FORMAT },
  { title: "(6) 200 with a SCIM Error", reply: { body: taken }, want: RAISED, off: returned },
  {
    title: "(7) 200 with a resource without an id",
    reply: { body: { schemas: [USER], userName: "b" } },
    want: PAYLOAD,
    off: {
      payload: given({ schemas: [USER], userName: "b" }),
      all: given({ schemas: [USER], userName: "b" }),
    },
  },
  {
    title: "(7) 200 with a list",
    reply: { body: listOf(babs) },
    want: FORMAT,
    off: { payload: given(listOf(babs)), all: given(listOf(babs)) },
  },
  {
    title: "(7) 200 with an array",
    reply: { body: [babs] },
    want: FORMAT,
    off: { payload: given([babs]), all: given([babs]) },
  },
  {
    title: "(7) 200 with null",
    reply: { text: "null" },
    want: FORMAT,
    off: { payload: given(null), all: given(null) },
  },
  {
    title: "(7) 200 without a body",
    reply: { text: "", headers: { "content-type": "application/scim+json" } },
    want: FORMAT,
    off: { payload: given(null), all: given(null) },
  },
  {
    title: "(7) 200 with nothing but space, which is no body",
    reply: { text: " \n" },
    want: FORMAT,
    off: { payload: given(null), all: given(null) },
  },
  {
    title: "(7) 200 with an attribute of a type that cannot be repaired",
    reply: { body: { ...babs, active: { a: 1 } } },
    want: PAYLOAD,
    off: { payload: given({ ...babs, active: { a: 1 } }), all: given({ ...babs, active: { a: 1 } }) },
  },
  {
    title: "what is repaired is given as it should be, or as it came",
    reply: { body: { schemas: USER, ID: "2819c223", userName: "bjensen", active: "True" } },
    want: given({ schemas: [USER], id: "2819c223", userName: "bjensen", active: true }),
    off: {
      payload: given({ schemas: USER, ID: "2819c223", userName: "bjensen", active: "True" }),
      all: given({ schemas: USER, ID: "2819c223", userName: "bjensen", active: "True" }),
    },
  },
  ...JSON_TYPES.map((type) => ({
    title: `200 with the resource in ${type}`,
    reply: { body: babs, headers: { "content-type": type } },
    want: given(babs),
  })),
];

describe("the order in which an answer is judged never takes a failure for a success", () => {
  for (const { title, reply, want, off } of ORDER) {
    for (const [name, switches] of Object.entries(OFF) as Array<[keyof typeof OFF, Switches]>) {
      const expected = off?.[name] ?? want;
      const without =
        name === "none" ? "" : `, ${name === "all" ? "all switches" : Object.keys(switches).join()} off`;
      test(`${title}${without}: ${expected}`, async () => {
        const onTheClient = client(reply, switches);
        expect(await outcome(() => onTheClient.query(User, "2819c223"))).toBe(expected);
        const onTheCall = client(reply);
        expect(await outcome(() => onTheCall.query(User, "2819c223", switches))).toBe(expected);
        // What a call says wins, also when it says that a switch is on.
        expect(await outcome(() => onTheClient.query(User, "2819c223", ALL_ON))).toBe(want);
      });
    }
  }

  test("RFC 7644 §3.12: the Error that is returned is in the RFC's own form", async () => {
    const reply = { status: 409, body: { Detail: "no", scimtype: "uniqueness", status: 200, extra: "x" } };
    expect(await client(reply).query(User, "1", { raiseScimErrors: false })).toEqual(
      errorOf(409, "uniqueness", "no"),
    );
  });

  test("RFC 7644 §3.12: the Error in a success has the status that it states itself, thrown or returned", async () => {
    const reply = { status: 200, body: taken };
    expect(await client(reply).query(User, "1", { raiseScimErrors: false })).toEqual(taken);
    const error = await failure(() => client(reply).query(User, "1"));
    expect(error).toBeInstanceOf(SCIMResponseErrorObject);
    expect(error).toMatchObject({ status: 200, scimType: "uniqueness" });
    expect((error as SCIMResponseErrorObject).toError()).toEqual(taken);
  });
});

/** A server's three documents, all answered in the same odd way. */
function documents(oddity: Omit<Reply, "body">): Fetch {
  return routes({
    "GET /ServiceProviderConfig": { ...oddity, body: { patch: { supported: true } } },
    "GET /ResourceTypes": { ...oddity, body: listOf({ name: "User", endpoint: "/Users", schema: USER }) },
    "GET /Schemas": { ...oddity, body: listOf({ id: USER, attributes: [{ name: "userName" }] }) },
  }).fetch;
}

function ignore(): void {}

type Call = (scim: SCIMClient<boolean, boolean>, options: object) => unknown;

const operations = [{ op: "remove", path: "nickName" }] as const;
const READS: ReadonlyArray<[string, Call]> = [
  ["query", (scim, options) => scim.query(User, "1", options)],
  ["query of a list", (scim, options) => scim.query(User, options)],
  ["query of the root", (scim, options) => scim.query([User, Group], options)],
  ["search", (scim, options) => scim.search(User, options)],
  ["me.query", (scim, options) => scim.me.query(User, options)],
];
const WRITES: ReadonlyArray<[string, Call]> = [
  ["create", (scim, options) => scim.create(User, { userName: "b" }, options)],
  ["replace", (scim, options) => scim.replace(User, { id: "1", userName: "b" }, options)],
  ["modify", (scim, options) => scim.modify(User, "1", operations, options)],
  ["me.create", (scim, options) => scim.me.create(User, { userName: "b" }, options)],
  ["me.replace", (scim, options) => scim.me.replace(User, { userName: "b" }, options)],
  ["me.modify", (scim, options) => scim.me.modify(User, operations, options)],
];
const DELETES: ReadonlyArray<[string, Call]> = [
  ["delete", (scim, options) => scim.delete(User, "1", options)],
  ["me.delete", (scim, options) => scim.me.delete(User, options)],
];
const WALKS: ReadonlyArray<[string, Call]> = [
  ["list", (scim, options) => collect(scim.list(User, options))],
  ["find", (scim, options) => scim.find(User, "id pr", options)],
];

describe("raiseScimErrors decides for every verb whether a SCIM Error is thrown", () => {
  for (const [verb, call] of [...READS, ...WRITES, ...DELETES]) {
    test(`${verb} returns it`, async () => {
      const reply = { status: 409, body: taken };
      expect(await call(client(reply, { raiseScimErrors: false }), {})).toEqual(taken);
      expect(await call(client(reply), { raiseScimErrors: false })).toEqual(taken);
      expect(await outcome(() => call(client(reply), {}))).toBe(RAISED);
      expect(await outcome(() => call(client(reply, { raiseScimErrors: false }), ALL_ON))).toBe(RAISED);
    });
  }
  for (const [verb, call] of WALKS) {
    test(`${verb} throws it all the same, for it has nowhere to return it`, async () => {
      const reply = { status: 400, body: errorOf(400, "invalidFilter") };
      expect(await outcome(() => call(client(reply, { raiseScimErrors: false }), {}))).toBe(RAISED);
      expect(await outcome(() => call(client(reply), { raiseScimErrors: false }))).toBe(RAISED);
    });
  }
  for (const [verb, call] of [...READS, ...WRITES, ...DELETES, ...WALKS]) {
    test(`${verb} throws what is no SCIM Error in any case`, async () => {
      const reply = { status: 502, text: "<html>", headers: html };
      expect(await outcome(() => call(client(reply, OFF.all), OFF.all))).toBe(STATUS);
    });
  }
});

describe("checkResponsePayload decides for every verb whether the answer is repaired and validated", () => {
  const odd = { schemas: [USER], userName: 7, password: "never", Active: "true" };
  const answers = { schemas: [LIST], totalResults: 1, Resources: [odd] };
  const rows: ReadonlyArray<readonly [string, Call, Reply, unknown]> = [
    ...READS.slice(0, 1).map(([verb, call]) => [verb, call, { body: odd }, odd] as const),
    ...READS.slice(1, 4).map(([verb, call]) => [verb, call, { body: answers }, answers] as const),
    ...READS.slice(4).map(([verb, call]) => [verb, call, { body: odd }, odd] as const),
    ...WRITES.map(([verb, call]) => {
      return [verb, call, { status: verb.endsWith("create") ? 201 : 200, body: odd }, odd] as const;
    }),
    ["list", (scim, options) => collect(scim.list(User, options)), { body: answers }, [odd]],
  ];
  for (const [verb, call, reply, want] of rows) {
    test(`${verb} gives it as it came`, async () => {
      expect(await call(client(reply, { checkResponsePayload: false }), {})).toEqual(want);
      expect(await call(client(reply), { checkResponsePayload: false })).toEqual(want);
      expect(await outcome(() => call(client(reply), {}))).toBe(PAYLOAD);
      expect(await outcome(() => call(client(reply, { checkResponsePayload: false }), ALL_ON))).toBe(PAYLOAD);
    });
  }

  test("find checks all the same, for it believes only what it has matched", async () => {
    const lenient = client({ body: answers }, { checkResponsePayload: false });
    expect(await outcome(() => lenient.find(User, "id pr"))).toBe(PAYLOAD);
  });

  test("list of what is no list is an error all the same", async () => {
    const lenient = client({ body: { a: 1 } }, { checkResponsePayload: false });
    expect(await outcome(() => collect(lenient.list(User)))).toBe(FORMAT);
  });

  test("nobody hears of deviations in what is not checked", async () => {
    const heard: unknown[] = [];
    const options: ClientOptions = {
      checkResponsePayload: false,
      onDeviation: (deviation) => heard.push(deviation),
    };
    await client({ body: { ...odd, id: "1" } }, options).query(User, "1");
    expect(heard).toEqual([]);
  });
});

describe("checkResponseStatusCodes and checkResponseContentType mean the same for every verb", () => {
  for (const [verb, call] of [...READS, ...WRITES, ...DELETES, ...WALKS]) {
    const body =
      verb.startsWith("query of") || verb === "search" || verb === "list" || verb === "find" ? listOf() : babs;
    test(`${verb}: a success that it does not expect`, async () => {
      const reply = { status: 203, body };
      expect(await outcome(() => call(client(reply), {}))).toBe(STATUS);
      expect(await outcome(() => call(client(reply), { checkResponseStatusCodes: false }))).not.toContain("_");
      expect(await outcome(() => call(client(reply, { checkResponseStatusCodes: false }), {}))).not.toContain("_");
    });
    test(`${verb}: JSON that says that it is text`, async () => {
      const reply = { status: 203, body, headers: { "content-type": "text/plain" } };
      const any = { expectedStatusCodes: [203] };
      expect(await outcome(() => call(client(reply), any))).toBe(TYPE);
      const off = { checkResponseContentType: false };
      expect(await outcome(() => call(client(reply), { ...any, ...off }))).not.toContain("_");
      expect(await outcome(() => call(client(reply, off), any))).not.toContain("_");
    });
  }
});

describe("discovery reads answers as the client's switches say", () => {
  const plain = { "content-type": "text/plain" };
  const rows = [
    {
      title: "media type",
      fetch: documents({ headers: plain }),
      want: TYPE,
      off: { checkResponseContentType: false },
    },
    { title: "status", fetch: documents({ status: 203 }), want: STATUS, off: { checkResponseStatusCodes: false } },
  ];
  for (const { title, fetch, want, off } of rows) {
    test(title, async () => {
      const strict = new SCIMClient(BASE, { fetch, retry: false });
      expect(await outcome(() => strict.discover())).toBe(want);
      const lenient = new SCIMClient(BASE, { fetch, retry: false, ...off });
      expect((await lenient.discover()).warnings).toEqual([]);
      expect(lenient.getResourceModel("User").attributes.get("userName")).toBeDefined();
    });
  }

  test("what it needs is an error all the same: SCIM Errors are thrown and documents are checked", async () => {
    const refused = routes({ "GET /Schemas": { status: 403, body: errorOf(403) } });
    expect(await outcome(() => new SCIMClient(BASE, { fetch: refused.fetch, ...OFF.all }).discover())).toBe(RAISED);
  });
});

describe("checkRequestPayload decides whether what is sent is normalised and validated", () => {
  interface Payload {
    readonly title: string;
    readonly call: Call;
    readonly want: string;
    readonly reply?: Reply;
    /** What is sent all the same with the switch off. */
    readonly body?: unknown;
    readonly search?: string;
  }
  const REQUEST = "request_payload_validation_error";
  const user = { USERNAME: "b", id: "1", unknown: { a: null }, schemas: ["urn:x"] };
  const message = { schemas: ["urn:x"], operations: [], Operations: [{ op: "Replace", value: 1 }], extra: true };
  const created = { status: 201, body: babs };
  const rows: readonly Payload[] = [
    {
      title: "create",
      call: (scim, options) => scim.create(User, user as never, options),
      want: REQUEST,
      reply: created,
      body: user,
    },
    {
      title: "replace",
      call: (scim, options) => scim.replace(User, user as never, options),
      want: REQUEST,
      body: user,
    },
    {
      title: "me.create",
      call: (scim, options) => scim.me.create(User, user as never, options),
      want: REQUEST,
      reply: created,
      body: user,
    },
    {
      title: "modify with operations",
      call: (scim, options) => scim.modify(User, "1", message.Operations as never, options),
      want: REQUEST,
      body: { schemas: [PATCH_OP], Operations: message.Operations },
    },
    {
      title: "modify with a message",
      call: (scim, options) => scim.modify(User, "1", message as never, options),
      want: REQUEST,
      body: message,
    },
    {
      title: "modify with a builder",
      call: (scim, options) => scim.me.modify(User, patch(User).remove("nosuch" as never), options),
      want: REQUEST,
      body: { schemas: [PATCH_OP], Operations: [{ op: "remove", path: "nosuch" }] },
    },
    {
      title: "query with a filter that is none",
      call: (scim, options) => scim.query(User, { filter: "userName like b", ...options }),
      want: "scim_syntax_error",
      reply: { body: listOf(babs) },
      search: "?filter=userName%20like%20b",
    },
    {
      title: "query with a filter over what the model does not have",
      call: (scim, options) => scim.query(User, { filter: "members pr", ...options }),
      want: REQUEST,
      reply: { body: listOf(babs) },
      search: "?filter=members%20pr",
    },
    {
      title: "query with attributes that the model does not have",
      call: (scim, options) => scim.query(User, "1", { attributes: ["members"], ...options }),
      want: REQUEST,
      search: "?attributes=members",
    },
    {
      title: "query sorted by what the model does not have",
      call: (scim, options) => scim.query(User, { sortBy: "members", ...options }),
      want: REQUEST,
      reply: { body: listOf(babs) },
      search: "?sortBy=members",
    },
    {
      title: "search with a filter that is none",
      call: (scim, options) => scim.search({ filter: "like", ...options }),
      want: "scim_syntax_error",
      reply: { body: listOf() },
      body: { schemas: [SEARCH], filter: "like" },
    },
    {
      title: "list with a filter that is none",
      call: (scim, options) => collect(scim.list(User, { filter: "like", ...options })),
      want: "scim_syntax_error",
      reply: { body: listOf(babs) },
      search: "?filter=like&count=100",
    },
  ];
  for (const { title, call, want, reply = { body: babs }, body, search = "" } of rows) {
    test(`${title}: ${want}, and nothing is sent`, async () => {
      const { fetch, sent } = replay(reply);
      const strict = new SCIMClient(BASE, { fetch });
      const lenient = new SCIMClient(BASE, { fetch, checkRequestPayload: false });
      expect(await outcome(() => call(strict, {}))).toBe(want);
      expect(await outcome(() => call(lenient, ALL_ON))).toBe(want);
      expect(sent).toEqual([]);
    });

    test(`${title}: switched off, it is sent as it is`, async () => {
      const { fetch, sent } = replay(reply);
      const lenient = new SCIMClient(BASE, { fetch, checkRequestPayload: false, onDeviation: ignore });
      expect(await outcome(() => call(lenient, {}))).not.toContain("_");
      const strict = new SCIMClient(BASE, { fetch, onDeviation: ignore });
      expect(await outcome(() => call(strict, OFF.request))).not.toContain("_");
      expect(sent.map((request) => [new URL(request.url).search, request.body])).toEqual([
        [search, body],
        [search, body],
      ]);
    });
  }

  test("what is wrong is said for each place, with the rule and its section", async () => {
    const { fetch, sent } = replay(created);
    const error = await failure(() =>
      new SCIMClient(BASE, { fetch }).create(Group, { members: [{ value: 7 }], nosuch: 1 } as never),
    );
    expect(error).toMatchObject({
      code: REQUEST,
      issues: [
        { path: "displayName", rule: "required", section: "RFC 7643 §2.2" },
        { path: "members[0].value", rule: "type", section: "RFC 7643 §2.3.1" },
        { path: "nosuch", rule: "unknown", section: "RFC 7643 §2.1" },
      ],
    });
    expect((error as Error).message).toBe(
      'Group cannot be sent to create it: "displayName" must be present in a create request (RFC 7643 §2.2) (and 2 more)',
    );
    expect(sent).toEqual([]);
  });

  test("a verb never changes what it is given", async () => {
    const frozen = Object.freeze({
      USERNAME: "b",
      id: "1",
      emails: Object.freeze([Object.freeze({ Value: "b@example.com" })]),
    });
    const { fetch } = replay({ status: 201, body: babs }, { body: babs });
    const scim = new SCIMClient(BASE, { fetch });
    await scim.create(User, frozen as never);
    await scim.replace(User, frozen as never);
    expect(Object.keys(frozen)).toEqual(["USERNAME", "id", "emails"]);
  });
});

test("a group is a group: what is read for one model is not taken for another", async () => {
  const group = { schemas: [GROUP], id: "1", displayName: "Tour" };
  const heard: string[] = [];
  const scim = client({ body: group }, { onDeviation: ({ kind }) => void heard.push(kind) });
  expect(await scim.query(User, "1")).toEqual({ ...group, schemas: [GROUP, USER] });
  expect(heard).toContain("schemas");
});
