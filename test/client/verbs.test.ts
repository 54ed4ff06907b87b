import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  basic,
  bearer,
  filter,
  patch,
  path,
  RequestPending,
  SCIMClient,
  SCIMResponseErrorObject,
  UnexpectedContentFormat,
  type ClientOptions,
  type ResponseEvent,
} from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { ResourceType, Schema, ServiceProviderConfig } from "../../src/schema/service-provider-models.ts";
import {
  collect,
  ENTERPRISE,
  errorOf,
  failure,
  GROUP,
  headersOf,
  LIST,
  listOf,
  PATCH_OP,
  rejection,
  SCIM_JSON,
  SEARCH,
  sentBy,
  textOf,
  USER,
  type Reply,
  type Sent,
} from "./replay.ts";

const ORIGIN = "https://auth.example";
const BASE = `${ORIGIN}/scim/v2`;

beforeAll(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

/** Has the origin give these replies in their order, the last one ever after; collects what it is sent. */
function serve(...replies: readonly Reply[]): Sent[] {
  const sent: Sent[] = [];
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
    nock(ORIGIN)
      .persist()
      .intercept(/./, method)
      .query(true)
      .reply(async (request: Request) => {
        sent.push(await sentBy(request));
        const reply = replies[Math.min(sent.length, replies.length) - 1] ?? { status: 500 };
        return [reply.status ?? 200, textOf(reply), headersOf(reply)];
      });
  }
  return sent;
}

/** Options of a client that throws and checks. */
type Options = Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload">;

function client(options: Options = {}, base: string = BASE): SCIMClient {
  return new SCIMClient<true, true>(base, { retry: false, ...options });
}

const WITH_ETAGS: Options = { serviceProviderConfig: { etag: { supported: true } } };
const babs = { schemas: [USER], id: "2819c223", userName: "bjensen" };
const tour = { schemas: [GROUP], id: "e9e30dba", displayName: "Tour Guides" };
const config = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"], patch: {} };
const url = (id: string): string => `urn:ietf:params:scim:schemas:core:2.0:${id}`;

/** The answer to a create without a body. */
function at(location: string): Reply {
  return { status: 201, headers: { location } };
}

interface Verb {
  readonly title: string;
  readonly call: (scim: SCIMClient) => unknown;
  readonly reply: Reply;
  /** Method and what follows the base URL. */
  readonly want: string;
  readonly body?: unknown;
  readonly gives?: unknown;
}

const created: Reply = { status: 201, body: babs };
const found: Reply = { body: babs };
const none: Reply = { body: listOf() };
const gone: Reply = { status: 204 };

const VERBS: readonly Verb[] = [
  {
    title: "RFC 7644 §3.3: create is POST to the endpoint, with the schemas filled in",
    call: (scim) => scim.create(User, { userName: "bjensen" }),
    reply: created,
    want: "POST /Users",
    body: { schemas: [USER], userName: "bjensen" },
    gives: babs,
  },
  {
    title: "RFC 7643 §3: schemas lists the core schema and the extensions that have a value",
    call: (scim) =>
      scim.create(User.with(EnterpriseUser), { userName: "bjensen", [ENTERPRISE]: { department: "Tours" } }),
    reply: created,
    want: "POST /Users",
    body: { schemas: [USER, ENTERPRISE], userName: "bjensen", [ENTERPRISE]: { department: "Tours" } },
  },
  {
    title: "RFC 7643 §3: schemas does not list an extension in which nothing has a value",
    call: (scim) =>
      scim.create(User.with(EnterpriseUser), {
        userName: "bjensen",
        [ENTERPRISE]: { department: null, manager: {} },
      }),
    reply: created,
    want: "POST /Users",
    body: { schemas: [USER], userName: "bjensen", [ENTERPRISE]: { department: null, manager: {} } },
  },
  {
    title: "RFC 7643 §2.5: schemas lists an extension in which a replacement unassigns something",
    call: (scim) =>
      scim.replace(User.with(EnterpriseUser), {
        ...babs,
        [ENTERPRISE]: { department: null },
      }),
    reply: found,
    want: "PUT /Users/2819c223",
    body: { schemas: [USER, ENTERPRISE], userName: "bjensen", [ENTERPRISE]: { department: null } },
  },
  {
    title: "RFC 7643 §2.5: null and [] mean unassigned and are sent as given",
    call: (scim) => scim.create(User, { userName: "bjensen", nickName: null, emails: [] }),
    reply: created,
    want: "POST /Users",
    body: { schemas: [USER], userName: "bjensen", nickName: null, emails: [] },
  },
  {
    title: "RFC 7644 §3.3: what is readOnly is not sent, and names are in the schema's spelling",
    call: (scim) =>
      scim.create(User, { USERNAME: "bjensen", id: "1", meta: {}, groups: [], Name: { FamilyName: "J" } } as never),
    reply: created,
    want: "POST /Users",
    body: { schemas: [USER], userName: "bjensen", name: { familyName: "J" } },
  },
  {
    title: "RFC 7644 §3.9: create chooses the attributes of its answer",
    call: (scim) => scim.create(User, { userName: "bjensen" }, { attributes: ["userName", "emails.value"] }),
    reply: created,
    want: "POST /Users?attributes=userName,emails.value",
    body: { schemas: [USER], userName: "bjensen" },
  },
  {
    title: "RFC 7644 §3.4.1: query by id is GET of the resource",
    call: (scim) => scim.query(User, "2819c223"),
    reply: found,
    want: "GET /Users/2819c223",
    gives: babs,
  },
  {
    title: "RFC 7644 §3.9: attributes are one comma-separated list",
    call: (scim) => scim.query(User, "2819c223", { attributes: ["userName", "name.familyName"] }),
    reply: found,
    want: "GET /Users/2819c223?attributes=userName,name.familyName",
  },
  {
    title: "RFC 7644 §3.9: excludedAttributes that are none are not sent",
    call: (scim) => scim.query(User, "2819c223", { excludedAttributes: [] }),
    reply: found,
    want: "GET /Users/2819c223",
  },
  {
    title: "RFC 7644 §3.9: so are excludedAttributes, which may be named after their URN",
    call: (scim) => scim.query(User, "2819c223", { excludedAttributes: ["emails", `${USER}:name`] }),
    reply: found,
    want: `GET /Users/2819c223?excludedAttributes=emails,${USER}:name`,
  },
  {
    title: "RFC 7644 §3.4.2: query without an id is GET of the endpoint, and spaces are %20",
    call: (scim) =>
      scim.query(User, {
        attributes: ["userName", "title"],
        filter: 'userName sw "b & c+d" and title pr',
        sortBy: "name.familyName",
        sortOrder: "descending",
        startIndex: 1,
        count: 10,
      }),
    reply: { body: listOf(babs) },
    want:
      "GET /Users?attributes=userName,title&filter=userName%20sw%20%22b%20%26%20c%2Bd%22%20and%20title%20pr" +
      "&sortBy=name.familyName&sortOrder=descending&startIndex=1&count=10",
    gives: { schemas: [LIST], totalResults: 1, Resources: [babs] },
  },
  {
    title: "RFC 7644 §3.4.2.2: a value in a filter template is quoted",
    call: (scim) => scim.query(User, { filter: filter`userName eq ${'a"b'}` }),
    reply: none,
    want: "GET /Users?filter=userName%20eq%20%22a%5C%22b%22",
    gives: { schemas: [LIST], totalResults: 0, Resources: [] },
  },
  {
    title: "RFC 7644 §3.4.2.1: the RFC's example without quotation marks is sent with them",
    call: (scim) => scim.query([User, Group], { filter: "(meta.resourceType eq User)" }),
    reply: none,
    want: "GET /?filter=meta.resourceType%20eq%20%22User%22",
  },
  {
    title: "RFC 7644 §3.4.2.2: unchecked, a misprint is sent as it is",
    call: (scim) => scim.query(User, { filter: 'title eq"x"', checkRequestPayload: false }),
    reply: none,
    want: "GET /Users?filter=title%20eq%22x%22",
  },
  {
    title: "RFC 9865 §2: an empty cursor asks for the first page",
    call: (scim) => scim.query(User, { cursor: "", count: 5 }),
    reply: none,
    want: "GET /Users?count=5&cursor=",
  },
  {
    title: "RFC 7644 §3.4.2.1: query of several models is GET of the root",
    call: (scim) => scim.query([User, Group], { filter: "id pr" }),
    reply: { body: listOf(tour, babs) },
    want: "GET /?filter=id%20pr",
    gives: { schemas: [LIST], totalResults: 2, Resources: [tour, babs] },
  },
  {
    title: "RFC 7644 §3.4.2.1: so is query of nothing in particular",
    call: (scim) => scim.query({ count: 1 }),
    reply: none,
    want: "GET /?count=1",
  },
  { title: "RFC 7644 §3.4.2.1: and query of nothing", call: (scim) => scim.query(), reply: none, want: "GET /" },
  {
    title: "RFC 7644 §4: the ServiceProviderConfig is one resource",
    call: (scim) => scim.query(ServiceProviderConfig),
    reply: { body: config },
    want: "GET /ServiceProviderConfig",
    gives: config,
  },
  {
    title: "RFC 7644 §4: the resource types are a list",
    call: (scim) => scim.query(ResourceType),
    reply: none,
    want: "GET /ResourceTypes",
  },
  {
    title: "RFC 7644 §4: a schema is found by its URN",
    call: (scim) => scim.query(Schema, USER),
    reply: { body: { schemas: [url("Schema")], id: USER, attributes: [] } },
    want: `GET /Schemas/${USER}`,
    gives: { schemas: [url("Schema")], id: USER, attributes: [] },
  },
  {
    title: "RFC 7644 §3.4.3: search of a model is POST to its .search",
    call: (scim) =>
      scim.search(User, { filter: filter`title pr`, attributes: ["title"], sortOrder: "ascending", count: 3 }),
    reply: { body: listOf(babs) },
    want: "POST /Users/.search",
    body: { schemas: [SEARCH], attributes: ["title"], filter: "title pr", sortOrder: "ascending", count: 3 },
    gives: { schemas: [LIST], totalResults: 1, Resources: [babs] },
  },
  {
    title: "RFC 7644 §3.4.3: search of everything is POST to /.search",
    call: (scim) => scim.search({ filter: 'displayName co "b"' }),
    reply: none,
    want: "POST /.search",
    body: { schemas: [SEARCH], filter: 'displayName co "b"' },
  },
  {
    title: "RFC 7644 §3.4.3: so is search of several models",
    call: (scim) => scim.search([User, Group], { startIndex: 2 }),
    reply: none,
    want: "POST /.search",
    body: { schemas: [SEARCH], startIndex: 2 },
  },
  {
    title: "RFC 7644 §3.5.1: replace is PUT of the resource, without what is readOnly",
    call: (scim) =>
      scim.replace(User, {
        ...babs,
        schemas: [USER],
        meta: { resourceType: "User", version: 'W/"1"' },
        nickName: "Babs",
      }),
    reply: found,
    want: "PUT /Users/2819c223",
    body: { schemas: [USER], userName: "bjensen", nickName: "Babs" },
    gives: babs,
  },
  {
    title: "RFC 7644 §3.5.2: modify by a builder is PATCH with its operations",
    call: (scim) =>
      scim.modify(
        User,
        "2819c223",
        patch(User)
          .replace("displayName", "Babs")
          .remove(path`emails[type eq ${"work"}]`)
          .add("emails", { value: "b@example.com" }),
      ),
    reply: found,
    want: "PATCH /Users/2819c223",
    body: {
      schemas: [PATCH_OP],
      Operations: [
        { op: "replace", path: "displayName", value: "Babs" },
        { op: "remove", path: 'emails[type eq "work"]' },
        { op: "add", path: "emails", value: [{ value: "b@example.com" }] },
      ],
    },
    gives: babs,
  },
  {
    title: "RFC 7644 §3.5.2: modify by a list of operations",
    call: (scim) => scim.modify(User, "2819c223", [{ op: "replace", value: { DISPLAYNAME: "Babs" } }]),
    reply: found,
    want: "PATCH /Users/2819c223",
    body: { schemas: [PATCH_OP], Operations: [{ op: "replace", value: { displayName: "Babs" } }] },
  },
  {
    title: "RFC 7644 §3.5.2: modify by a PatchOp message",
    call: (scim) =>
      scim.modify(User, "2819c223", { schemas: [PATCH_OP], Operations: [{ op: "remove", path: "nickname" }] }),
    reply: gone,
    want: "PATCH /Users/2819c223",
    body: { schemas: [PATCH_OP], Operations: [{ op: "remove", path: "nickName" }] },
    gives: undefined,
  },
  {
    title: "RFC 7644 §3.6: delete is DELETE of the resource",
    call: (scim) => scim.delete(User, "2819c223"),
    reply: gone,
    want: "DELETE /Users/2819c223",
    gives: undefined,
  },
  {
    title: "RFC 7644 §3.6: so is delete of a resource that was read",
    call: (scim) => scim.delete(User, { ...babs, id: "x y" }),
    reply: gone,
    want: "DELETE /Users/x%20y",
  },
  {
    title: "RFC 7644 §3.11: query of /Me",
    call: (scim) => scim.me.query(User, { attributes: ["userName"] }),
    reply: found,
    want: "GET /Me?attributes=userName",
    gives: babs,
  },
  {
    title: "RFC 7644 §3.11: create at /Me",
    call: (scim) => scim.me.create(User, { userName: "bjensen" }),
    reply: created,
    want: "POST /Me",
    body: { schemas: [USER], userName: "bjensen" },
    gives: babs,
  },
  {
    title: "RFC 7644 §3.11: replace of /Me, with an id or without",
    call: (scim) => scim.me.replace(User, { userName: "bjensen" }),
    reply: found,
    want: "PUT /Me",
    body: { schemas: [USER], userName: "bjensen" },
    gives: babs,
  },
  {
    title: "RFC 7644 §3.11: modify of /Me",
    call: (scim) => scim.me.modify(User, patch(User).remove("nickName")),
    reply: gone,
    want: "PATCH /Me",
    body: { schemas: [PATCH_OP], Operations: [{ op: "remove", path: "nickName" }] },
    gives: undefined,
  },
  {
    title: "RFC 7644 §3.11: delete of /Me",
    call: (scim) => scim.me.delete(User),
    reply: gone,
    want: "DELETE /Me",
    gives: undefined,
  },
];

describe("each verb is one request", () => {
  for (const { title, call, reply, want, body, ...rest } of VERBS) {
    test(title, async () => {
      const sent = serve(reply);
      const given = await call(client({ auth: bearer("t0ken") }));
      const [method, target = ""] = want.split(" ");
      expect(sent).toMatchObject([{ method, url: BASE + target, body }]);
      const headers = sent[0]?.headers ?? {};
      expect(headers).toMatchObject({
        accept: "application/scim+json, application/json",
        authorization: "Bearer t0ken",
        "user-agent": expect.stringMatching(/^scimkit\//) as string,
      });
      expect(headers["content-type"]).toBe(body === undefined ? undefined : SCIM_JSON);
      expect(headers).not.toHaveProperty("if-match");
      expect(headers).not.toHaveProperty("prefer");
      expect(given).toEqual("gives" in rest ? rest.gives : given);
    });

    test(`${title}: below the base path, with the base URL's query`, async () => {
      const sent = serve(reply);
      await call(client({}, `${ORIGIN}/t/a%20b/?tenant=7&x=%2F`));
      const target = new URL(BASE + (want.split(" ")[1] ?? ""));
      const query = target.search === "" ? "" : `&${target.search.slice(1)}`;
      expect(sent.map((request) => request.url)).toEqual([
        `${ORIGIN}/t/a%20b${target.pathname.slice("/scim/v2".length)}?tenant=7&x=%2F${query}`,
      ]);
    });
  }
});

describe("an id is one path segment, whatever is in it", () => {
  const IDS: ReadonlyArray<{ given: string; want: string }> = [
    { given: "a/../b?x#y", want: "a%2F..%2Fb%3Fx%23y" },
    { given: "../Groups/1", want: "..%2FGroups%2F1" },
    { given: "%2e%2e", want: "%252e%252e" },
    { given: "auth0|65 ü", want: "auth0%7C65%20%C3%BC" },
    { given: "urn:uuid:1", want: "urn:uuid:1" },
    { given: "...", want: "..." },
    { given: "a\\b\n", want: "a%5Cb%0A" },
  ];
  const VERBS_BY_ID: ReadonlyArray<[string, (scim: SCIMClient, id: string) => unknown]> = [
    ["query", (scim, id) => scim.query(User, id)],
    ["replace", (scim, id) => scim.replace(User, { id, userName: "b" })],
    ["modify", (scim, id) => scim.modify(User, id, [{ op: "remove", path: "nickName" }])],
    ["delete", (scim, id) => scim.delete(User, id)],
  ];
  for (const [verb, call] of VERBS_BY_ID) {
    for (const { given, want } of IDS) {
      test(`${verb} of ${JSON.stringify(given)}`, async () => {
        const sent = serve(verb === "delete" ? gone : found);
        await call(client(), given);
        expect(sent.map((request) => request.url)).toEqual([`${BASE}/Users/${want}`]);
      });
    }
    // Where a query has no id but an object, that is its options.
    const objects = verb === "query" ? [] : [{}, { id: "" }];
    for (const given of ["", ".", "..", undefined, null, 7, ["1"], "\ud800", ...objects]) {
      test(`${verb} of ${JSON.stringify(given)} is a TypeError, and nothing is sent`, async () => {
        const sent = serve(found);
        const error = await failure(() => call(client(), given as never));
        expect(error).toBeInstanceOf(TypeError);
        expect((error as TypeError).message).toMatch(/\bid\b/);
        expect(sent).toEqual([]);
      });
    }
  }
});

describe("list walks over all pages", () => {
  const users = ["1", "2", "3", "4", "5"].map((id) => ({ schemas: [USER], id, userName: `u${id}` }));
  const page = (from: number, to: number, more: object = {}): Reply => ({
    body: { schemas: [LIST], totalResults: 5, Resources: users.slice(from, to), ...more },
  });

  test("RFC 7644 §3.4.2.4: by index, from behind what came", async () => {
    const sent = serve(page(0, 2), page(2, 4), page(4, 5));
    const list = client().list(User, { count: 2, filter: "userName pr", attributes: ["userName"] });
    const ids: string[] = [];
    for await (const { id } of list) ids.push(id);
    expect(ids).toEqual(["1", "2", "3", "4", "5"]);
    expect([list.complete, list.totalResults]).toEqual([true, 5]);
    const query = "attributes=userName&filter=userName%20pr";
    expect(sent.map((request) => request.url)).toEqual([
      `${BASE}/Users?${query}&count=2`,
      `${BASE}/Users?${query}&startIndex=3&count=2`,
      `${BASE}/Users?${query}&startIndex=5&count=2`,
    ]);
  });

  test("RFC 9865 §2: by cursor, wherever one comes", async () => {
    const sent = serve(page(0, 2, { nextCursor: "a+b/c" }), page(2, 5));
    expect(await collect(client().list(User, { count: 2 }))).toEqual(users);
    expect(sent.map((request) => request.url)).toEqual([
      `${BASE}/Users?count=2`,
      `${BASE}/Users?count=2&cursor=a%2Bb%2Fc`,
    ]);
  });

  test("RFC 7644 §3.4.3: by POST, when it is told so", async () => {
    const sent = serve(page(0, 3), page(3, 5));
    await collect(client().list([User, Group], { via: "search", count: 3, filter: "id pr" }));
    expect(sent.map(({ method, body, ...request }) => [method, request.url, body])).toEqual([
      ["POST", `${BASE}/.search`, { schemas: [SEARCH], filter: "id pr", count: 3 }],
      ["POST", `${BASE}/.search`, { schemas: [SEARCH], filter: "id pr", startIndex: 4, count: 3 }],
    ]);
  });

  test("nothing is sent before the first resource is asked for, and no more than the limit", async () => {
    const sent = serve(page(0, 2), page(2, 4), page(4, 5));
    const list = client().list(User, { count: 2, limit: 3 });
    expect(sent).toEqual([]);
    expect(await collect(list)).toEqual(users.slice(0, 3));
    expect(sent).toHaveLength(2);
  });

  test("RFC 7644 §3.12: an error behind the first page comes when it is reached", async () => {
    serve(page(0, 2), { status: 400, body: errorOf(400, "tooMany") });
    const ids: string[] = [];
    const walk = async (): Promise<void> => {
      for await (const { id } of client().list(User, { count: 2 })) ids.push(id);
    };
    expect(await failure(walk)).toMatchObject({ code: "scim_response_error_object", scimType: "tooMany" });
    expect(ids).toEqual(["1", "2"]);
  });
});

describe("RFC 7644 §3.14: versions guard reads and writes", () => {
  const versioned = { ...babs, schemas: [USER], meta: { version: 'W/"7"' } };
  const operations = [{ op: "remove", path: "nickName" }] as const;
  const WRITES: ReadonlyArray<{ title: string; call: (scim: SCIMClient) => unknown; want: string | undefined }> = [
    { title: "replace", call: (scim) => scim.replace(User, versioned), want: 'W/"7"' },
    { title: "modify", call: (scim) => scim.modify(User, versioned, operations), want: 'W/"7"' },
    { title: "delete", call: (scim) => scim.delete(User, versioned), want: 'W/"7"' },
    { title: "me.replace", call: (scim) => scim.me.replace(User, versioned), want: 'W/"7"' },
    { title: "modify by id", call: (scim) => scim.modify(User, "1", operations), want: undefined },
    { title: "delete by id", call: (scim) => scim.delete(User, "1"), want: undefined },
    { title: "replace without a version", call: (scim) => scim.replace(User, babs), want: undefined },
    {
      title: "replace with the version of the call",
      call: (scim) => scim.replace(User, versioned, { ifMatch: "*" }),
      want: "*",
    },
    {
      title: "delete by id with the version of the call",
      call: (scim) => scim.delete(User, "1", { ifMatch: '"8"' }),
      want: '"8"',
    },
    {
      title: "me.modify with the version of the call",
      call: (scim) => scim.me.modify(User, operations, { ifMatch: '"8"' }),
      want: '"8"',
    },
    {
      title: "modify that wants none",
      call: (scim) => scim.modify(User, versioned, operations, { ifMatch: false }),
      want: undefined,
    },
    {
      title: "replace with a header of its own",
      call: (scim) => scim.replace(User, versioned, { headers: { "If-Match": '"9"' } }),
      want: '"9"',
    },
    {
      title: "replace where the call says that there are no versions",
      call: (scim) => scim.replace(User, versioned, { capabilities: { etag: false } }),
      want: undefined,
    },
  ];
  for (const { title, call, want } of WRITES) {
    test(`${title} sends ${want === undefined ? "no If-Match" : `If-Match: ${want}`}`, async () => {
      const sent = serve(title.startsWith("delete") ? gone : found);
      await call(client(WITH_ETAGS));
      expect(sent.map(({ headers }) => headers["if-match"])).toEqual([want]);
    });
  }

  test("where nobody says that the server has versions, none is sent", async () => {
    const sent = serve(found);
    await client().replace(User, versioned);
    await client({ serviceProviderConfig: { etag: { supported: false } } }).replace(User, versioned);
    await client({ capabilities: { etag: true } }).replace(User, versioned);
    expect(sent.map(({ headers }) => headers["if-match"])).toEqual([undefined, undefined, 'W/"7"']);
  });

  test("If-None-Match gives the resource, or says that it has not changed", async () => {
    const sent = serve({ status: 304, headers: { etag: 'W/"7"' } }, { status: 304 }, found);
    const scim = client();
    const ask = () => scim.query(User, "1", { ifNoneMatch: 'W/"7"' });
    expect(await ask()).toEqual({ notModified: true, version: 'W/"7"' });
    expect(await ask()).toEqual({ notModified: true, version: 'W/"7"' });
    expect(await ask()).toEqual(babs);
    expect(sent.map(({ headers }) => headers["if-none-match"])).toEqual(Array(3).fill('W/"7"'));
  });

  test("a 304 that was not asked for is unexpected", async () => {
    serve({ status: 304 });
    expect(await rejection(client().query(User, "1"))).toMatchObject({
      code: "unexpected_status_code",
      status: 304,
    });
  });

  test("412 is an error with the server's words", async () => {
    serve({ status: 412, body: errorOf(412, undefined, "versions differ") }, { status: 412 });
    const scim = client(WITH_ETAGS);
    const ask = () => scim.replace(User, versioned);
    expect(await rejection(ask())).toMatchObject({ status: 412, detail: "versions differ" });
    expect(await rejection(ask())).toMatchObject({ code: "unexpected_status_code", status: 412 });
  });

  test("the ETag header fills an absent meta.version, and never another one", async () => {
    serve({ body: babs, headers: { etag: 'W/"h"' } }, { body: versioned, headers: { etag: 'W/"h"' } });
    const scim = client(WITH_ETAGS);
    expect(await scim.query(User, "1")).toEqual({ ...babs, meta: { version: 'W/"h"' } });
    expect(await scim.query(User, "1")).toEqual(versioned);
  });

  test("where nobody says that the server has versions, the header is no version", async () => {
    serve({ body: babs, headers: { etag: 'W/"h"' } });
    expect(await client().query(User, "1")).toEqual(babs);
    expect(await client(WITH_ETAGS).query(User, "1", { capabilities: { etag: false } })).toEqual(babs);
  });

  test("the ETag header of a list is not that of its resources", async () => {
    serve({ body: listOf(babs), headers: { etag: 'W/"h"' } });
    expect((await client(WITH_ETAGS).query(User)).Resources).toEqual([babs]);
  });
});

describe("RFC 9967 §2.5: a write may be carried out later", () => {
  const pending: Reply = { status: 202, headers: { "set-txn": "734f0614", location: `${BASE}/Users/2819c223` } };
  const CALLS: ReadonlyArray<[string, (scim: SCIMClient, options: { respondAsync?: true }) => unknown]> = [
    ["create", (scim, options) => scim.create(User, { userName: "b" }, options)],
    ["replace", (scim, options) => scim.replace(User, babs, options)],
    ["modify", (scim, options) => scim.modify(User, "1", [{ op: "remove", path: "nickName" }], options)],
    ["delete", (scim, options) => scim.delete(User, "1", options)],
    ["me.create", (scim, options) => scim.me.create(User, { userName: "b" }, options)],
    ["me.delete", (scim, options) => scim.me.delete(User, options)],
  ];
  for (const [verb, call] of CALLS) {
    test(`${verb}: 202 is thrown, or given where the call asks for it`, async () => {
      const sent = serve(pending);
      const want = { code: "request_pending", txn: "734f0614", location: `${BASE}/Users/2819c223`, status: 202 };
      const thrown = await failure(() => call(client(), {}));
      expect(thrown).toBeInstanceOf(RequestPending);
      expect(thrown).toMatchObject(want);
      const given = await call(client(), { respondAsync: true });
      expect(given).toBeInstanceOf(RequestPending);
      expect(given).toMatchObject(want);
      expect(sent.map(({ headers }) => headers["prefer"])).toEqual([undefined, "respond-async"]);
    });
  }

  test("an answer that comes at once is given, also when it may come later", async () => {
    const sent = serve({ status: 201, headers: { location: "/scim/v2/Users/2819c223" } }, found);
    expect(await client().create(User, { userName: "b" }, { respondAsync: true, ifMatch: "*" })).toEqual(babs);
    const [write, read] = sent.map(({ headers }) => [headers["prefer"], headers["if-match"]]);
    expect(write).toEqual(["respond-async", undefined]);
    expect(read).toEqual([undefined, undefined]);
  });
});

describe("a write that is answered without the resource is completed by a read", () => {
  const READS: ReadonlyArray<{
    title: string;
    call: (scim: SCIMClient) => unknown;
    reply: Reply;
    want: string;
    base?: string;
  }> = [
    {
      title: "RFC 7644 §3.3: create, at its Location",
      call: (scim) => scim.create(User, { userName: "b" }),
      reply: at(`${BASE}/Users/2819c223`),
      want: `${BASE}/Users/2819c223`,
    },
    {
      title: "RFC 9110 §10.2.2: a Location may be relative to the URL that answered",
      call: (scim) => scim.create(User, { userName: "b" }),
      reply: at("Users/2819c223"),
      want: `${BASE}/Users/2819c223`,
    },
    {
      title: "the base URL's query and the chosen attributes are those of the read as well",
      call: (scim) => scim.create(User, { userName: "b" }, { attributes: ["userName"] }),
      reply: at(`${BASE}/Users/2819c223`),
      want: `${BASE}/Users/2819c223?tenant=7&attributes=userName`,
      base: `${BASE}?tenant=7`,
    },
    {
      title: "the call's query parameters are those of the read as well, whatever the Location has of them",
      call: (scim) => scim.create(User, { userName: "b" }, { searchParams: { tenant: 7 } }),
      reply: at(`${BASE}/Users/2819c223?tenant=8&x=1`),
      want: `${BASE}/Users/2819c223?x=1&tenant=7`,
    },
    {
      title: "modify, with its query parameters",
      call: (scim) =>
        scim.modify(User, "1", [{ op: "remove", path: "nickName" }], {
          reread: true,
          attributes: ["userName"],
          searchParams: { tenant: 7 },
        }),
      reply: { status: 204 },
      want: `${BASE}/Users/1?attributes=userName&tenant=7`,
    },
    {
      title: "me.replace, with its query parameters and not at its URL",
      call: (scim) =>
        scim.me.replace(User, { userName: "b" }, { url: "/Me/elsewhere", searchParams: { tenant: 7 } }),
      reply: { status: 204 },
      want: `${BASE}/Me?tenant=7`,
    },
    {
      title: "replace, by its id",
      call: (scim) => scim.replace(User, { ...babs, id: "a/b" }),
      reply: { status: 204 },
      want: `${BASE}/Users/a%2Fb`,
    },
    {
      title: "me.create, at /Me",
      call: (scim) => scim.me.create(User, { userName: "b" }),
      reply: { status: 201 },
      want: `${BASE}/Me`,
    },
    {
      title: "me.replace, at /Me",
      call: (scim) => scim.me.replace(User, { userName: "b" }),
      reply: { status: 200 },
      want: `${BASE}/Me`,
    },
    {
      title: "an answer of white space is one without the resource",
      call: (scim) => scim.replace(User, { ...babs, id: "1" }),
      reply: { status: 200, text: " \r\n\t" },
      want: `${BASE}/Users/1`,
    },
    {
      title: "modify, where it is asked to",
      call: (scim) => scim.modify(User, "1", [{ op: "remove", path: "nickName" }], { reread: true }),
      reply: { status: 204 },
      want: `${BASE}/Users/1`,
    },
    {
      title: "me.modify, where it is asked to",
      call: (scim) => scim.me.modify(User, [{ op: "remove", path: "nickName" }], { reread: true }),
      reply: { status: 204 },
      want: `${BASE}/Me`,
    },
  ];
  for (const { title, call, reply, want, base } of READS) {
    test(title, async () => {
      const sent = serve(reply, found);
      expect(await call(client({ auth: basic("me", "pw") }, base))).toEqual(babs);
      expect(sent.map(({ method }) => method)).toEqual([sent[0]?.method, "GET"]);
      expect(sent[1]?.url).toBe(want);
      expect(sent[1]?.body).toBeUndefined();
    });
  }

  const NOWHERE: ReadonlyArray<{ title: string; reply: Reply }> = [
    { title: "no Location", reply: { status: 201 } },
    { title: "a Location on another origin", reply: at("https://evil.example/scim/v2/Users/1") },
    { title: "a Location outside the base path", reply: at("/admin/Users/1") },
    { title: "a Location that is none", reply: at("https://") },
  ];
  for (const { title, reply } of NOWHERE) {
    test(`create with ${title} says so, and nothing is read`, async () => {
      const sent = serve(reply);
      const error = await rejection(client().create(User, { userName: "b" }));
      expect(error).toBeInstanceOf(UnexpectedContentFormat);
      expect(error).toMatchObject({
        status: 201,
        message: `POST ${BASE}/Users answered 201 without a body, and without a Location below the base URL to read it at`,
      });
      expect(sent).toHaveLength(1);
    });
  }

  test("what belongs to the write alone is not sent with the read", async () => {
    const sent = serve({ status: 204 }, found);
    const seen: string[] = [];
    await client().replace(User, babs, {
      url: "/Users/elsewhere",
      headers: { "X-Tenant": "1", Prefer: "return=minimal" },
      expectedStatusCodes: [204],
      ifMatch: '"1"',
      onResponse: ({ request }) => void seen.push(request.method),
    });
    const of = ["x-tenant", "prefer", "if-match"];
    expect(sent.map((request) => [request.url, ...of.map((name) => request.headers[name])])).toEqual([
      [`${BASE}/Users/elsewhere`, "1", "return=minimal", '"1"'],
      [`${BASE}/Users/2819c223`, "1", undefined, undefined],
    ]);
    expect(seen).toEqual(["PUT", "GET"]);
  });
});

describe("RFC 7644 §3.5.2: modify without operations sends nothing", () => {
  for (const [title, given] of [
    ["a builder", patch(User)],
    ["a list", []],
    ["a message", { schemas: [PATCH_OP], Operations: [] }],
  ] as const) {
    test(title, async () => {
      const sent = serve(found);
      expect(await client().modify(User, "1", given)).toBeUndefined();
      expect(await client().me.modify(User, given)).toBeUndefined();
      expect(await client({ checkRequestPayload: false }).modify(User, "1", given)).toBeUndefined();
      expect(sent).toEqual([]);
    });

    test(`${title}, with reread: only the read`, async () => {
      const sent = serve(found);
      expect(await client().modify(User, "1", given, { reread: true })).toEqual(babs);
      expect(sent.map(({ method }) => method)).toEqual(["GET"]);
    });
  }

  test("an answer without the resource gives undefined, whatever its status", async () => {
    serve({ status: 200 });
    expect(await client().modify(User, "1", [{ op: "remove", path: "nickName" }])).toBeUndefined();
  });
});

describe("RFC 7644 §3.5.1: without PATCH a modification can be a replacement", () => {
  const whole = { ...babs, schemas: [USER], displayName: "Babs", meta: { version: 'W/"2"' } };
  const nickName = [{ op: "add", path: "nickName", value: "b" }] as const;
  const NO_PATCH: Options = { serviceProviderConfig: { patch: { supported: false }, etag: { supported: true } } };

  test("the whole resource is read, changed and sent, whatever attributes are wanted in the answer", async () => {
    const sent = serve({ body: whole }, found);
    const options = { withoutPatch: "replace", attributes: ["nickName"], searchParams: { tenant: 7 } } as const;
    expect(await client(NO_PATCH).modify(User, "2819c223", nickName, options)).toEqual(babs);
    expect(sent).toMatchObject([
      { method: "GET", url: `${BASE}/Users/2819c223?tenant=7` },
      {
        method: "PUT",
        url: `${BASE}/Users/2819c223?attributes=nickName&tenant=7`,
        headers: { "if-match": 'W/"2"' },
        body: { schemas: [USER], userName: "bjensen", displayName: "Babs", nickName: "b" },
      },
    ]);
  });

  test("RFC 7644 §3.14: the version that guards it is the one that the caller has seen", async () => {
    const sent = serve({ body: whole }, found);
    const seen = { ...whole, meta: { version: 'W/"1"' } };
    await client(NO_PATCH).modify(User, seen, nickName, { withoutPatch: "replace" });
    await client(NO_PATCH).modify(User, seen, nickName, { withoutPatch: "replace", ifMatch: '"0"' });
    await client(NO_PATCH).modify(User, seen, nickName, { withoutPatch: "replace", ifMatch: false });
    expect(sent.filter(({ method }) => method === "PUT").map(({ headers }) => headers["if-match"])).toEqual([
      'W/"1"',
      '"0"',
      undefined,
    ]);
  });

  test("what changes nothing is not sent", async () => {
    const sent = serve({ body: whole });
    const same = [{ op: "replace", path: "displayName", value: "Babs" }] as const;
    expect(await client(NO_PATCH).modify(User, "2819c223", same, { withoutPatch: "replace" })).toEqual(whole);
    expect(sent.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });

  test("a server that has PATCH, or does not say, gets a PATCH", async () => {
    const sent = serve(found);
    await client().modify(User, "2819c223", nickName, { withoutPatch: "replace" });
    await client({ capabilities: { patch: true } }).me.modify(User, nickName, { withoutPatch: "replace" });
    expect(sent.map(({ method }) => method)).toEqual(["PATCH", "PATCH"]);
  });

  test("what cannot be read is an error, and nothing is sent", async () => {
    const sent = serve({ status: 404, body: errorOf(404) });
    const replacing = { withoutPatch: "replace" } as const;
    expect(await rejection(client(NO_PATCH).modify(User, "1", nickName, replacing))).toMatchObject({ status: 404 });
    const returning = { ...replacing, raiseScimErrors: false } as const;
    expect(await client(NO_PATCH).modify(User, "1", nickName, returning)).toEqual(errorOf(404));
    expect(sent.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });
});

describe("options of a call", () => {
  const CALLS: ReadonlyArray<[string, Reply, (scim: SCIMClient, options: object) => unknown]> = [
    ["create", created, (scim, options) => scim.create(User, { userName: "b" }, options)],
    ["query", found, (scim, options) => scim.query(User, "1", options)],
    ["query of a list", none, (scim, options) => scim.query(User, options)],
    ["query of the root", none, (scim, options) => scim.query([User, Group], options)],
    ["query of a singleton", { body: config }, (scim, options) => scim.query(ServiceProviderConfig, options)],
    ["search", none, (scim, options) => scim.search(User, options)],
    ["list", none, (scim, options) => collect(scim.list(User, options))],
    ["find", none, (scim, options) => scim.find(User, "id pr", options)],
    ["replace", found, (scim, options) => scim.replace(User, babs, options)],
    ["modify", found, (scim, options) => scim.modify(User, "1", [{ op: "remove", path: "nickName" }], options)],
    ["delete", gone, (scim, options) => scim.delete(User, "1", options)],
    ["me.query", found, (scim, options) => scim.me.query(User, options)],
    ["me.create", created, (scim, options) => scim.me.create(User, { userName: "b" }, options)],
    ["me.replace", found, (scim, options) => scim.me.replace(User, babs, options)],
    ["me.modify", found, (scim, options) => scim.me.modify(User, [{ op: "remove", path: "nickName" }], options)],
    ["me.delete", gone, (scim, options) => scim.me.delete(User, options)],
  ];
  test("request and bulk have retries of their own, too", async () => {
    const sent = serve({ status: 429 }, gone, { status: 429 }, gone);
    const retry = { limit: 1, backoff: 0 };
    await client().request({ method: "GET", path: "/" }, { retry });
    await client().bulk([{ method: "DELETE", path: "/Users/1" }], { retry });
    expect(sent).toHaveLength(4);
  });

  for (const [verb, reply, call] of CALLS) {
    test(`${verb}: headers, searchParams and url of its own`, async () => {
      const sent = serve(reply);
      await call(client({ auth: bearer("t0ken") }), {
        headers: { "X-Tenant": "t", Authorization: "Bearer 0ther" },
        searchParams: { aadOptscim062020: true, none: undefined },
        url: "/Elsewhere/1?q=a",
      });
      const { url: target = "", headers = {} } = sent[0] ?? {};
      expect(target).toMatch(new RegExp(`^${BASE}/Elsewhere/1\\?q=a&`));
      expect(target).toContain("aadOptscim062020=true");
      expect(target).not.toContain("none");
      expect(headers).toMatchObject({ "x-tenant": "t", authorization: "Bearer 0ther" });
      expect(sent).toHaveLength(1);
    });

    for (const outside of ["https://evil.example/scim/v2/Users", "//evil.example/", "/../admin"]) {
      test(`${verb}: the url ${outside} is a TypeError, and nothing is sent`, async () => {
        const sent = serve(reply);
        expect(await failure(() => call(client(), { url: outside }))).toBeInstanceOf(TypeError);
        expect(sent).toEqual([]);
      });
    }

    test(`${verb}: a status of its own that counts as success`, async () => {
      serve({ ...reply, status: 203, body: reply.body ?? {} });
      expect(await failure(() => call(client(), {}))).toMatchObject({
        code: "unexpected_status_code",
        status: 203,
      });
      await call(client(), { expectedStatusCodes: [203] });
      await call(client(), { expectedStatusCodes: [] });
      expect(await failure(() => call(client(), { expectedStatusCodes: [200] }))).toMatchObject({ status: 203 });
    });

    test(`${verb}: onResponse hears of its answers, after the client's`, async () => {
      serve({ ...reply, headers: { ...headersOf(reply), etag: 'W/"1"', location: `${BASE}/Users/1` } });
      const heard: Array<[string, ResponseEvent]> = [];
      await call(client({ onResponse: (event) => void heard.push(["client", event]) }), {
        onResponse: (event: ResponseEvent) => void heard.push(["call", event]),
      });
      expect(heard.map(([who]) => who)).toEqual(["client", "call"]);
      expect(heard[1]?.[1]).toMatchObject({ etag: 'W/"1"', location: `${BASE}/Users/1`, attempt: 1 });
    });

    test(`${verb}: a signal ends it with the signal's reason`, async () => {
      const sent = serve(reply);
      const reason = new Error("enough");
      expect(await failure(() => call(client(), { signal: AbortSignal.abort(reason) }))).toBe(reason);
      expect(sent).toEqual([]);
    });

    test(`${verb}: a time-out is a RequestNetworkError`, async () => {
      const scim = client({ fetch: () => new Promise<Response>(() => undefined) });
      expect(await failure(() => call(scim, { timeout: 5 }))).toMatchObject({
        code: "request_network_error",
        reason: "timeout",
      });
    });

    test(`${verb}: retries of its own, over the client's`, async () => {
      const sent = serve({ status: 429 }, { status: 429 }, reply);
      await call(client(), { retry: { limit: 2, backoff: 0 } });
      expect(sent).toHaveLength(3);
      nock.cleanAll();
      const refused = serve({ status: 429 });
      const scim = client({ retry: { limit: 2, backoff: 0 } });
      expect(await failure(() => call(scim, { retry: false }))).toMatchObject({ status: 429 });
      expect(refused).toHaveLength(1);
    });

    test(`${verb}: an option that there is not is a TypeError, and nothing is sent`, async () => {
      const sent = serve(reply);
      const error = await failure(() => call(client(), { fitler: "id pr" }));
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message: expect.stringMatching(/^"fitler" is not an option/) as string });
      expect(sent).toEqual([]);
    });
  }
});

describe("wrong use is a TypeError, and nothing is sent", () => {
  const WRONG: ReadonlyArray<{ title: string; call: (scim: SCIMClient) => unknown; want: RegExp }> = [
    { title: "query of undefined", call: (scim) => scim.query(undefined as never), want: /a resource model/ },
    { title: "query of null", call: (scim) => scim.query(null as never), want: /a resource model/ },
    { title: "query of a name", call: (scim) => scim.query("User" as never), want: /a resource model/ },
    { title: "query of no models", call: (scim) => scim.query([]), want: /one resource model or a list/ },
    {
      title: "query of a list with something else",
      call: (scim) => scim.query([User, "Group"] as never),
      want: /one resource model or a list/,
    },
    {
      title: "search of undefined",
      call: (scim) => scim.search(undefined as never),
      want: /a resource model/,
    },
    { title: "list of undefined", call: (scim) => scim.list(undefined as never), want: /a resource model/ },
    {
      title: "query of an extension",
      call: (scim) => scim.query(EnterpriseUser as never, "1"),
      want: /a resource model/,
    },
    {
      title: "create of an extension",
      call: (scim) => scim.create(EnterpriseUser as never, {} as never),
      want: /a resource model/,
    },
    {
      title: "create of undefined",
      call: (scim) => scim.create(undefined as never, {} as never),
      want: /a resource model/,
    },
    {
      title: "delete of a name",
      call: (scim) => scim.delete("User" as never, "1"),
      want: /a resource model/,
    },
    {
      title: "me.query of nothing",
      call: (scim) => scim.me.query(undefined as never),
      want: /a resource model/,
    },
    {
      title: "find of nothing",
      call: (scim) => scim.find(undefined as never, "id pr"),
      want: /a resource model/,
    },
    {
      title: "create of nothing",
      call: (scim) => scim.create(User, undefined as never),
      want: /must be an object/,
    },
    { title: "create of a list", call: (scim) => scim.create(User, [] as never), want: /must be an object/ },
    { title: "replace with null", call: (scim) => scim.replace(User, null as never), want: /must be an object/ },
    {
      title: "modify with nothing",
      call: (scim) => scim.modify(User, "1", undefined as never),
      want: /^changes are what patch/,
    },
    {
      title: "modify with an operation alone",
      call: (scim) => scim.modify(User, "1", { op: "remove", path: "title" } as never),
      want: /^changes are what patch/,
    },
    {
      title: "attributes and excludedAttributes",
      call: (scim) => scim.query(User, { attributes: ["title"], excludedAttributes: ["name"] }),
      want: /exclude each other \(RFC 7644 §3\.9\)/,
    },
    {
      title: "attributes as text",
      call: (scim) => scim.query(User, { attributes: "title" as never }),
      want: /"attributes" must be a list/,
    },
    {
      title: "a filter that only looks like one",
      call: (scim) => scim.query(User, { filter: { op: "pr", path: { attribute: "id" } } as never }),
      want: /filter comes from/,
    },
    { title: "a negative count", call: (scim) => scim.query(User, { count: -1 }), want: /count must be/ },
    {
      title: "half a startIndex",
      call: (scim) => scim.query(User, { startIndex: 1.5 }),
      want: /startIndex must be/,
    },
    { title: "a limit that is none", call: (scim) => scim.list(User, { limit: -1 }), want: /"limit" must be/ },
    {
      title: "a retry that is none",
      call: (scim) => scim.query(User, "1", { retry: { limit: -1 } }),
      want: /retry.limit must be/,
    },
    { title: "a time-out of 0", call: (scim) => scim.query(User, "1", { timeout: 0 }), want: /timeout must be/ },
    {
      title: "a header with a line break",
      call: (scim) => scim.query(User, "1", { headers: { "x-a": "b\r\nc: d" } }),
      want: /"x-a" must be text without line breaks/,
    },
    {
      title: "a request elsewhere",
      call: (scim) => scim.request({ method: "GET", path: "https://evil.example/" }),
      want: /another origin/,
    },
  ];
  for (const { title, call, want } of WRONG) {
    test(title, async () => {
      const sent = serve(found);
      const error = await failure(() => call(client()));
      expect(error).toBeInstanceOf(TypeError);
      expect((error as TypeError).message).toMatch(want);
      expect(sent).toEqual([]);
    });
  }

  for (const model of [Schema, ResourceType, ServiceProviderConfig] as const) {
    const READ_ONLY: ReadonlyArray<[string, (scim: SCIMClient) => unknown]> = [
      ["create", (scim) => scim.create(model, {} as never)],
      ["replace", (scim) => scim.replace(model, { id: "1" } as never)],
      ["modify", (scim) => scim.modify(model, "1", [{ op: "remove", path: "name" }])],
      ["modify with nothing to do", (scim) => scim.modify(model, "1", [])],
      ["delete", (scim) => scim.delete(model as unknown as typeof User, "1")],
    ];
    for (const [verb, call] of READ_ONLY) {
      test(`RFC 7644 §4: ${verb} of a ${model.name}, which only the server writes`, async () => {
        const sent = serve(found);
        const error = await failure(() => call(client()));
        expect(error).toBeInstanceOf(TypeError);
        expect((error as TypeError).message).toMatch(new RegExp(`${model.name} is maintained by the server`));
        expect(sent).toEqual([]);
      });
    }
  }

  test("RFC 7643 §5: a ServiceProviderConfig has no id", async () => {
    const sent = serve({ body: config });
    const error = await failure(() => client().query(ServiceProviderConfig as never, "1"));
    expect(error).toBeInstanceOf(TypeError);
    expect(sent).toEqual([]);
  });
});

describe("what the server cannot do is refused before it is sent", () => {
  const CAPABILITIES: ReadonlyArray<{ capability: string; call: (scim: SCIMClient, options: object) => unknown }> =
    [
      { capability: "filter", call: (scim, options) => scim.query(User, { filter: "id pr", ...options }) },
      { capability: "filter", call: (scim, options) => scim.search({ filter: "id pr", ...options }) },
      { capability: "filter", call: (scim, options) => collect(scim.list(User, { filter: "id pr", ...options })) },
      { capability: "sort", call: (scim, options) => scim.query(User, { sortBy: "userName", ...options }) },
      {
        capability: "patch",
        call: (scim, options) => scim.modify(User, "1", [{ op: "remove", path: "nickName" }], options),
      },
      { capability: "etag", call: (scim, options) => scim.delete(User, "1", { ifMatch: '"8"', ...options }) },
      {
        capability: "etag",
        call: (scim, options) =>
          scim.modify(User, "1", [{ op: "remove", path: "nickName" }], { ifMatch: "*", ...options }),
      },
    ];
  for (const { capability, call } of CAPABILITIES) {
    test(`RFC 7643 §5: ${capability}.supported is false`, async () => {
      const reply = capability === "patch" || capability === "etag" ? gone : none;
      const sent = serve(reply);
      for (const supported of [false, "false", "False"]) {
        const serviceProviderConfig = { [capability]: { supported } };
        const error = await failure(() => call(client({ serviceProviderConfig }), {}));
        expect(error).toMatchObject({ code: "unsupported_by_server", capability });
        expect(sent).toEqual([]);
      }
      const no = { serviceProviderConfig: { [capability]: { supported: false } } };
      const said = { capabilities: { [capability]: true } };
      await call(client(no), said);
      await call(client({ ...no, ...said }), {});
      await call(client({ ...no, profile: { name: "p", ...said } }), {});
      await call(client({ serviceProviderConfig: { [capability]: { supported: "maybe" } } }), {});
      await call(client(), {});
      expect(sent).toHaveLength(5);
      const denied = { capabilities: { [capability]: false } };
      expect(await failure(() => call(client(said), denied))).toMatchObject({ capability });
      expect(await failure(() => call(client({ ...denied, profile: { name: "p", ...said } }), {}))).toMatchObject({
        capability,
      });
      expect(sent).toHaveLength(5);
    });
  }
});

test("RFC 7643 §5: more than filter.maxResults is refused by query and search, and not asked for by list", async () => {
  const sent = serve({ body: listOf(babs) });
  const scim = client({ serviceProviderConfig: { filter: { supported: true, maxResults: 50 } } });
  for (const call of [() => scim.query(User, { count: 51 }), () => scim.search(User, { count: 51 })]) {
    // oxlint-disable-next-line no-await-in-loop
    expect(await failure(call)).toMatchObject({ code: "unsupported_by_server", capability: "maxResults" });
  }
  expect(sent).toEqual([]);
  await collect(scim.list(User, { count: 51 }));
  await scim.query(User, { count: 51, capabilities: { maxResults: 0 } });
  expect(sent.map((request) => request.url)).toEqual([`${BASE}/Users?count=50`, `${BASE}/Users?count=51`]);
});

describe("request sends what no verb does", () => {
  test("GET, with parameters and header fields of its own", async () => {
    const sent = serve({ status: 418, body: { a: null }, headers: { "x-b": "c" } });
    const answer = await client({ auth: bearer("t0ken") }).request(
      { method: "GET", path: "/User/i-know-what-im-doing", headers: { "x-a": "b" } },
      { searchParams: { q: "a b" } },
    );
    expect(answer).toMatchObject({ status: 418, body: { a: null } });
    expect(answer.headers.get("x-b")).toBe("c");
    expect(sent).toMatchObject([
      {
        method: "GET",
        url: `${BASE}/User/i-know-what-im-doing?q=a%20b`,
        headers: { "x-a": "b", authorization: "Bearer t0ken" },
        body: undefined,
      },
    ]);
  });

  for (const method of ["get", "patch"]) {
    test(`RFC 9110 §9.1: ${method}, which is case-sensitive, is sent in upper case and treated as such`, async () => {
      const sent = serve({ status: 503 }, gone);
      const { status } = await client().request({ method, path: "/" }, { retry: { limit: 1, backoff: 0 } });
      const want = method.toUpperCase();
      const reads = want !== "PATCH";
      expect(status).toBe(reads ? 204 : 503);
      expect(sent.map((request) => request.method)).toEqual(reads ? [want, want] : [want]);
    });
  }

  for (const method of ["", "GET /", "G\r\nX", "é", 1 as never, undefined as never]) {
    test(`RFC 9110 §9.1: the method ${JSON.stringify(method)} is refused`, async () => {
      const sent = serve(gone);
      const error = await failure(() => client().request({ method, path: "/" }));
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message: "the method of a request must be a token (RFC 9110 §9.1)" });
      expect(sent).toEqual([]);
    });
  }

  test("POST, with a body that nobody looks at", async () => {
    const sent = serve(gone);
    const body = { schemas: ["urn:x"], anything: [{ goes: null }] };
    expect(await client().request({ method: "POST", path: "Tokens", body })).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect(sent).toMatchObject([
      { method: "POST", url: `${BASE}/Tokens`, body, headers: { "content-type": SCIM_JSON } },
    ]);
  });

  const BODIES: ReadonlyArray<{ given: Reply; want: unknown }> = [
    { given: { text: "<html>", headers: { "content-type": "text/html" } }, want: "<html>" },
    { given: { text: "null" }, want: null },
    { given: { text: "false" }, want: false },
    { given: { text: "{" }, want: "{" },
    { given: {}, want: undefined },
  ];
  for (const { given, want } of BODIES) {
    test(`the body ${given.text ?? "that is none"} is given as ${JSON.stringify(want)}`, async () => {
      serve(given);
      expect((await client().request({ method: "GET", path: "/" })).body).toBe(want);
    });
  }
});

test("RFC 7644 §3.12: a refused write is an error with all that the server said", async () => {
  serve({ status: 409, body: errorOf(409, "uniqueness", "userName is taken"), headers: { "x-request-id": "42" } });
  const error = await rejection(client().create(User, { userName: "bjensen" }));
  expect(error).toBeInstanceOf(SCIMResponseErrorObject);
  expect(error).toMatchObject({
    code: "scim_response_error_object",
    message: `POST ${BASE}/Users was refused with 409: uniqueness: userName is taken`,
    status: 409,
    scimType: "uniqueness",
    detail: "userName is taken",
    request: { method: "POST", url: `${BASE}/Users` },
  });
  expect((error as SCIMResponseErrorObject).headers.get("x-request-id")).toBe("42");
  expect((error as SCIMResponseErrorObject).toError()).toEqual(errorOf(409, "uniqueness", "userName is taken"));
});
