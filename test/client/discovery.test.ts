import { describe, expect, test } from "vitest";
import {
  defineExtension,
  defineModel,
  ResponsePayloadValidationError,
  SCIMClient,
  strict,
  UnknownResourceType,
  type ClientOptions,
  type Deviation,
  type Discovery,
  type DiscoveryOptions,
  type JsonObject,
  type ServerProfile,
} from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import {
  ENTERPRISE,
  errorOf,
  failure,
  GROUP,
  LIST,
  listOf,
  routes,
  USER,
  type Reply,
  type Sent,
} from "./replay.ts";

const BASE = "https://auth.example/scim/v2";
const CONFIG = "/ServiceProviderConfig";
const TYPES = "/ResourceTypes";
const SCHEMAS = "/Schemas";
const CUSTOM = "urn:example:params:scim:schemas:core:2.0:Device";
const EXTRA = "urn:example:params:scim:schemas:extension:2.0:Badge";

const config = { patch: { supported: true }, filter: { supported: true, maxResults: 0 }, specUrl: "https://x" };
const userSchema = {
  id: USER,
  name: "User",
  attributes: [{ name: "userName", required: true }, { name: "login" }],
};
const groupSchema = { id: GROUP, name: "Group", attributes: [{ name: "displayName" }] };
const badgeSchema = { id: EXTRA, name: "Badge", attributes: [{ name: "colour" }] };
const deviceSchema = { id: CUSTOM, name: "Device", attributes: [{ name: "serial" }] };
const userType = { name: "User", endpoint: "/Users", schema: USER };
const groupType = { name: "Group", endpoint: "/Groups", schema: GROUP };

/** A server whose three documents are these; `undefined` for one that is missing. */
function server(
  documents: { config?: unknown; types?: unknown; schemas?: unknown } & { more?: Readonly<Record<string, Reply>> },
  options: ClientOptions = {},
): { scim: SCIMClient<boolean, boolean>; sent: Sent[] } {
  const { fetch, sent } = routes({
    ...("config" in documents ? { [`GET ${CONFIG}`]: { body: documents.config } } : {}),
    ...("types" in documents ? { [`GET ${TYPES}`]: { body: documents.types } } : {}),
    ...("schemas" in documents ? { [`GET ${SCHEMAS}`]: { body: documents.schemas } } : {}),
    ...documents.more,
  });
  return { scim: new SCIMClient(BASE, { fetch, retry: false, ...options }), sent };
}

function many<T>(length: number, make: (at: number) => T): T[] {
  return Array.from({ length }, (_, at) => make(at));
}

function userAt(name: string, endpoint: string): object {
  return { name, endpoint, schema: USER };
}

/** A server where all is as it should be. */
const WHOLE = { config, types: listOf(userType, groupType), schemas: listOf(userSchema, groupSchema) };

function paths(sent: readonly Sent[]): string[] {
  return sent.map(({ url }) => decodeURIComponent(url.slice(BASE.length))).toSorted();
}

function models(scim: SCIMClient<boolean, boolean>): string[][] {
  return scim.resourceModels.map(({ name, endpoint, schema, extensions }) => [
    name,
    endpoint,
    schema.id,
    ...extensions.map(({ model }) => model.schema.id),
  ]);
}

function messages({ warnings }: Discovery): string[] {
  return warnings.map(({ document, path, message }) => `${document} ${path}: ${message}`);
}

const NO_CONFIG =
  "ServiceProviderConfig : the server has no /ServiceProviderConfig: nothing is known of what the server supports";
const NO_TYPES =
  "ResourceTypes : the server has no /ResourceTypes: User at /Users and Group at /Groups are assumed (RFC 7644 §3.2)";
const NO_SCHEMAS = "Schemas : the server has no /Schemas: the schemas of RFC 7643 are used";
const fallback = (urn: string): string =>
  `Schemas ${urn}: the server does not publish the schema ${urn}; the definition of RFC 7643 is used`;
const unpublished = (urn: string): string => `Schemas ${urn}: the server does not publish the schema ${urn}`;

describe("RFC 7644 §4: a server says what it is in three documents", () => {
  test("they are read at the same time, with the client's credentials and header fields", async () => {
    let waiting = 0;
    let most = 0;
    const { promise: all, resolve } = Promise.withResolvers<void>();
    const inner = routes({
      [`GET ${CONFIG}`]: { body: WHOLE.config },
      [`GET ${TYPES}`]: { body: WHOLE.types },
      [`GET ${SCHEMAS}`]: { body: WHOLE.schemas },
    });
    const scim = new SCIMClient(BASE, {
      auth: () => ({ authorization: "Bearer t0ken" }),
      fetch: async (request) => {
        waiting += 1;
        most = Math.max(most, waiting);
        if (waiting === 3) resolve();
        await all;
        waiting -= 1;
        return inner.fetch(request);
      },
    });
    await scim.discover();
    expect(most).toBe(3);
    expect(inner.sent.map(({ method, headers }) => [method, headers["authorization"], headers["accept"]])).toEqual(
      [1, 2, 3].map(() => ["GET", "Bearer t0ken", "application/scim+json, application/json"]),
    );
  });

  test("they become models and a configuration, and are given back as plain JSON", async () => {
    const { scim, sent } = server(WHOLE);
    const discovery = await scim.discover();
    expect(paths(sent)).toEqual([TYPES, SCHEMAS, CONFIG]);
    expect(models(scim)).toEqual([
      ["User", "/Users", USER],
      ["Group", "/Groups", GROUP],
    ]);
    expect(scim.serviceProviderConfig).toEqual(config);
    expect(discovery).toEqual({
      serviceProviderConfig: config,
      resourceTypes: [
        { ...userType, schemaExtensions: [] },
        { ...groupType, schemaExtensions: [] },
      ],
      schemas: [userSchema, groupSchema],
      warnings: [],
    });
    expect(JSON.parse(JSON.stringify(discovery))).toEqual(discovery);
    const user = scim.getResourceModel("User");
    expect([user.attributes.get("LOGIN")?.name, user.attributes.get("emails")]).toEqual(["login", undefined]);
  });

  for (const status of [404, 405, 501]) {
    const absent = (path: string) => ({ [`GET ${path}`]: { status, body: errorOf(status) } });
    const rows = [
      {
        title: "ServiceProviderConfig",
        more: { ...absent(CONFIG), ...absent(`${CONFIG}s`) },
        warnings: [NO_CONFIG],
        want: [
          ["User", "/Users", USER],
          ["Group", "/Groups", GROUP],
        ],
      },
      {
        title: "ResourceTypes",
        more: absent(TYPES),
        warnings: [NO_TYPES, fallback(ENTERPRISE)],
        want: [
          ["User", "/Users", USER, ENTERPRISE],
          ["Group", "/Groups", GROUP],
        ],
      },
      {
        title: "Schemas",
        more: absent(SCHEMAS),
        warnings: [NO_SCHEMAS, fallback(USER), fallback(GROUP)],
        want: [
          ["User", "/Users", USER],
          ["Group", "/Groups", GROUP],
        ],
      },
    ];
    for (const { title, more, warnings, want } of rows) {
      test(`${title} may be missing: ${status}`, async () => {
        const { scim } = server({ ...WHOLE, more });
        expect(messages(await scim.discover())).toEqual(warnings);
        expect(models(scim)).toEqual(want);
      });
    }

    test(`a server that has none of the three is no SCIM server: ${status}`, async () => {
      const more = { ...absent(CONFIG), ...absent(`${CONFIG}s`), ...absent(TYPES), ...absent(SCHEMAS) };
      const error = await failure(() => server({ more }).scim.discover());
      expect(error).toMatchObject({
        code: "unexpected_status_code",
        status,
        message: `GET ${BASE}${CONFIG} answered ${status}, and the server has neither of the other two documents of RFC 7644 §4; is the base URL right, which often ends in /scim/v2?`,
      });
    });
  }

  test("unless its profile says that this is how it is", async () => {
    const { scim } = server({}, { profile: { name: "bare", discovery: { none: "accept" } } });
    expect(messages(await scim.discover())).toEqual([
      NO_CONFIG,
      NO_SCHEMAS,
      NO_TYPES,
      fallback(USER),
      fallback(ENTERPRISE),
      fallback(GROUP),
    ]);
    expect(models(scim)).toEqual([
      ["User", "/Users", USER, ENTERPRISE],
      ["Group", "/Groups", GROUP],
    ]);
  });

  test("the plural of SCIM 1.1 is tried for the configuration", async () => {
    const { scim, sent } = server({
      types: WHOLE.types,
      schemas: WHOLE.schemas,
      more: { [`GET ${CONFIG}s`]: { body: config } },
    });
    expect((await scim.discover()).warnings).toEqual([]);
    expect(scim.serviceProviderConfig).toEqual(config);
    expect(paths(sent)).toEqual([TYPES, SCHEMAS, CONFIG, `${CONFIG}s`]);
  });
});

describe("documents are read in whatever form a server gives them", () => {
  const list = [userType, groupType];
  const forms: ReadonlyArray<{ title: string; given: unknown; want?: readonly string[] }> = [
    { title: "a list", given: listOf(...list) },
    { title: "a bare array", given: list },
    { title: "a list without schemas", given: { totalResults: 2, Resources: list } },
    { title: "a list without totals", given: { schemas: [LIST], Resources: list } },
    { title: "a list in other case", given: { TotalResults: 2, resources: list } },
    { title: "totals as text", given: { schemas: [LIST], totalResults: "2", Resources: list } },
    { title: "a list by another name", given: { resource_types: list } },
    { title: "a list by another name, beside its schema", given: { schemas: [LIST], resourceType: list } },
    { title: "a lone document", given: { ...userType, schemaExtensions: [{ schema: EXTRA }] }, want: ["User"] },
    { title: "a lone document in a list", given: { schemas: [LIST], Resources: userType }, want: ["User"] },
    { title: "names in other case", given: [{ Name: "User", Endpoint: "/Users", Schema: USER }], want: ["User"] },
    { title: "a type with an id alone", given: [{ id: "User", endpoint: "/Users", schema: USER }], want: ["User"] },
    { title: "totals that promise more than there is", given: { ...listOf(...list), totalResults: 9 } },
  ];
  for (const { title, given, want = ["User", "Group"] } of forms) {
    test(`ResourceTypes: ${title}`, async () => {
      const { scim } = server({ ...WHOLE, types: given });
      await scim.discover();
      expect(scim.resourceModels.map(({ name }) => name)).toEqual(want);
    });
  }

  for (const [title, given] of [
    ["a bare array", [userSchema, groupSchema]],
    ["a list by another name", { schemas: [LIST], Schemas: [userSchema, groupSchema] }],
    ["a lone document", userSchema],
    ["with everything null", listOf({ ...userSchema, description: null, meta: null, schemas: null }, groupSchema)],
  ] as const) {
    test(`Schemas: ${title}`, async () => {
      const { scim } = server({ ...WHOLE, schemas: given });
      await scim.discover();
      expect(scim.getResourceModel("User").attributes.get("login")).toMatchObject({ mutability: "readWrite" });
    });
  }

  for (const [title, given] of [
    ["a list", listOf(config)],
    ["a bare array", [config]],
    ["with more than the RFC knows", { ...config, pagination: { cursor: true }, xmlDataFormat: {} }],
  ] as const) {
    test(`ServiceProviderConfig: ${title}`, async () => {
      const { scim } = server({ ...WHOLE, config: given });
      await scim.discover();
      expect(scim.serviceProviderConfig).toMatchObject(config);
    });
  }

  test("an empty list in its place is no configuration", async () => {
    const { scim } = server({ ...WHOLE, config: listOf() });
    expect(messages(await scim.discover())).toEqual([NO_CONFIG]);
  });

  test("RFC 7644 §3.4.2.4: all pages of a document are read", async () => {
    const types = ["A", "B", "C", "D", "E"].map((name) => ({ name, endpoint: `/${name}`, schema: USER }));
    const page = (from: number, to: number): Reply => ({
      body: { schemas: [LIST], totalResults: 5, startIndex: from + 1, Resources: types.slice(from, to) },
    });
    const { scim, sent } = server({
      ...WHOLE,
      more: {
        [`GET ${TYPES}`]: page(0, 2),
        [`GET ${TYPES}?startIndex=3`]: page(2, 4),
        [`GET ${TYPES}?startIndex=5`]: page(4, 5),
      },
    });
    await scim.discover();
    expect(scim.resourceModels.map(({ name }) => name)).toEqual(["A", "B", "C", "D", "E"]);
    expect(paths(sent).filter((path) => path.startsWith(TYPES))).toEqual([
      TYPES,
      `${TYPES}?startIndex=3`,
      `${TYPES}?startIndex=5`,
    ]);
  });

  test("a server that ignores startIndex is not asked forever", async () => {
    const { scim, sent } = server({ ...WHOLE, types: { ...listOf(userType), totalResults: 1000 } });
    await scim.discover();
    expect(scim.resourceModels.map(({ name }) => name)).toEqual(["User"]);
    expect(paths(sent).filter((path) => path.startsWith(TYPES))).toHaveLength(2);
  });

  test("entries that are no resource types or schemas are left out, each with a warning", async () => {
    const { scim } = server({
      ...WHOLE,
      types: [
        null,
        1,
        "User",
        [userType],
        {},
        { name: "X" },
        { schema: USER },
        { name: "", schema: USER },
        userType,
      ],
      schemas: [userSchema, { id: "", attributes: [] }, { attributes: [] }, { id: "x" }, true],
    });
    const discovery = await scim.discover();
    expect(messages(discovery)).toEqual([
      ...[1, 2, 3, 4].map((at) => `Schemas ${at}: entry ${at} of /Schemas lacks what RFC 7643 asks of it`),
      ...[0, 1, 2, 3, 4, 5, 6, 7].map(
        (at) => `ResourceTypes ${at}: entry ${at} of /ResourceTypes lacks what RFC 7643 asks of it`,
      ),
    ]);
    expect(models(scim)).toEqual([["User", "/Users", USER]]);
  });
});

describe("endpoints are below the base URL, or not used at all", () => {
  const rows: ReadonlyArray<{ given: string; want: string }> = [
    { given: "/Users", want: "/Users/1" },
    { given: "Users", want: "/Users/1" },
    { given: "/Users/", want: "/Users/1" },
    { given: "/scim/v2/Users", want: "/Users/1" },
    { given: "https://auth.example/scim/v2/Users", want: "/Users/1" },
    { given: "HTTPS://AUTH.EXAMPLE:443/scim/v2/a b/Users", want: "/a%20b/Users/1" },
    { given: "/Users?kind=a", want: "/Users/1?kind=a" },
    { given: "", want: "/Employees/1" },
  ];
  for (const { given, want } of rows) {
    test(`"${given}" leads to ${want}`, async () => {
      const { scim, sent } = server({ ...WHOLE, types: [{ ...userType, name: "Employee", endpoint: given }] });
      await scim.discover();
      await scim.query(scim.getResourceModel("Employee"), "1").catch(() => undefined);
      expect(sent.at(-1)?.url).toBe(BASE + want);
    });
  }

  const foreign: ReadonlyArray<[string, string]> = [
    ["https://evil.example/scim/v2/Users", "origin"],
    ["//evil.example/Users", "origin"],
    ["http://auth.example/scim/v2/Users", "origin"],
    ["https://auth.example:444/scim/v2/Users", "origin"],
    ["https://user:pw@auth.example/scim/v2/Users", "origin"],
    ["\\\\evil.example\\Users", "origin"],
    ["javascript:alert(1)", "origin"],
    ["https://auth.example/admin", "path"],
    ["/../admin", "path"],
    ["/%2e%2e/admin", "path"],
  ];
  for (const [given, why] of foreign) {
    test(`"${given}" is never used`, async () => {
      const { scim, sent } = server({ ...WHOLE, types: [{ ...userType, endpoint: given }, groupType] });
      const reason = `its endpoint is not below the base URL (${why})`;
      expect(messages(await scim.discover())).toEqual([`ResourceTypes User: "User" is left out: ${reason}`]);
      const before = sent.length;
      for (const call of [
        () => scim.getResourceModel("User"),
        () => scim.query(User, "1"),
        () => scim.create(User, { userName: "b" }),
        () => scim.delete(User, "1"),
      ]) {
        const error = await failure(call);
        expect(error).toBeInstanceOf(UnknownResourceType);
        expect(error).toMatchObject({ message: `"User" cannot be used: ${reason}; there are Group` });
      }
      expect(scim.findResourceModel("User")).toBeUndefined();
      expect(sent).toHaveLength(before);
    });
  }

  test("nor is it where it is the only one: a static model does not stand for itself then", async () => {
    const { scim, sent } = server({ ...WHOLE, types: [{ ...userType, endpoint: "https://evil.example/Users" }] });
    await scim.discover();
    const before = sent.length;
    expect(await failure(() => scim.query(User, "1"))).toMatchObject({ code: "unknown_resource_type" });
    expect(sent).toHaveLength(before);
  });
});

describe("schemas may be missing or incomplete", () => {
  const employee = {
    ...userType,
    schemaExtensions: [
      { schema: ENTERPRISE, required: true },
      { schema: EXTRA, required: false },
    ],
  };

  test("a schema that is not in the list is asked for by its URN", async () => {
    const { scim, sent } = server({
      ...WHOLE,
      types: [employee],
      schemas: listOf(userSchema),
      more: { [`GET ${SCHEMAS}/${EXTRA}`]: { body: badgeSchema } },
    });
    expect(messages(await scim.discover())).toEqual([fallback(ENTERPRISE)]);
    expect(paths(sent)).toEqual([TYPES, SCHEMAS, `${SCHEMAS}/${EXTRA}`, `${SCHEMAS}/${ENTERPRISE}`, CONFIG]);
    const model = scim.getResourceModel("User");
    expect(model.extensions.map((extension) => [extension.model.name, extension.required])).toEqual([
      ["EnterpriseUser", true],
      ["Badge", false],
    ]);
    expect(model.getExtensionModel("badge").attributes.get("colour")).toBeDefined();
  });

  test("so is each of them where there is no list", async () => {
    const { scim } = server({
      config,
      types: [userType, { name: "Device", endpoint: "/Devices", schema: CUSTOM }],
      more: {
        [`GET ${SCHEMAS}/${USER}`]: { body: userSchema },
        [`GET ${SCHEMAS}/${CUSTOM}`]: { body: listOf(deviceSchema) },
      },
    });
    expect(messages(await scim.discover())).toEqual([NO_SCHEMAS]);
    expect(scim.getResourceModel("User").attributes.get("login")).toBeDefined();
    expect(scim.getResourceModel("Device").attributes.get("serial")).toBeDefined();
  });

  const ODD: ReadonlyArray<{ title: string; reply: Reply }> = [
    { title: "404", reply: { status: 404, body: errorOf(404) } },
    { title: "405", reply: { status: 405 } },
    { title: "501", reply: { status: 501, body: errorOf(501) } },
    {
      title: "HTML, as applications of one page answer to anything",
      reply: { text: "<html>", headers: { "content-type": "text/html" } },
    },
    { title: "nothing", reply: { status: 204 } },
    { title: "another schema", reply: { body: userSchema } },
    { title: "a schema without attributes", reply: { body: { id: EXTRA } } },
    { title: "JSON that is none", reply: { body: 7 } },
  ];
  for (const { title, reply } of ODD) {
    test(`what a server answers for one that it does not publish is no reason to give up: ${title}`, async () => {
      const { scim } = server({
        ...WHOLE,
        types: [{ ...userType, schemaExtensions: [{ schema: EXTRA, required: true }] }],
        more: { [`GET ${SCHEMAS}/${EXTRA}`]: reply },
      });
      const discovery = await scim.discover();
      expect(messages(discovery)).toEqual([unpublished(EXTRA)]);
      expect(discovery.schemas.map(({ id }) => id)).toEqual([USER, GROUP]);
      expect(models(scim)).toEqual([["User", "/Users", USER]]);
    });
  }

  const REFUSALS: ReadonlyArray<{ title: string; reply: Reply; status: number }> = [
    { title: "a SCIM Error", reply: { status: 400, body: errorOf(400, "invalidValue") }, status: 400 },
    { title: "410", reply: { status: 410 }, status: 410 },
    { title: "a redirect", reply: { status: 302, headers: { location: "https://auth.example/" } }, status: 302 },
  ];
  for (const { title, reply, status } of REFUSALS) {
    test(`nor is a refusal, which the warning names: ${title}`, async () => {
      const { scim } = server({
        ...WHOLE,
        types: [
          { ...userType, schemaExtensions: [{ schema: EXTRA }, { schema: ENTERPRISE }] },
          { name: "Device", endpoint: "/Devices", schema: EXTRA },
        ],
        more: { [`GET ${SCHEMAS}/${EXTRA}`]: reply, [`GET ${SCHEMAS}/${ENTERPRISE}`]: reply },
      });
      const asked = (urn: string): string =>
        `Schemas ${urn}: the server answered ${status} when asked for the schema ${urn}`;
      expect(messages(await scim.discover())).toEqual([
        `${asked(ENTERPRISE)}; the definition of RFC 7643 is used`,
        asked(EXTRA),
        `ResourceTypes Device: "Device" is left out: its schema ${EXTRA} is not known`,
      ]);
      expect(models(scim)).toEqual([["User", "/Users", USER, ENTERPRISE]]);
    });
  }

  const FAILING: ReadonlyArray<{ title: string; reply: Reply; want: object }> = [
    { title: "401", reply: { status: 401 }, want: { status: 401 } },
    { title: "403", reply: { status: 403, body: errorOf(403) }, want: { status: 403 } },
    { title: "429", reply: { status: 429 }, want: { status: 429 } },
    { title: "500", reply: { status: 500, text: "oops" }, want: { status: 500, code: "unexpected_status_code" } },
    { title: "500 with a SCIM Error", reply: { status: 500, body: errorOf(500) }, want: { status: 500 } },
    { title: "503", reply: { status: 503 }, want: { status: 503 } },
  ];
  for (const { title, reply, want } of FAILING) {
    test(`a failure throws also where one schema is asked for: ${title}`, async () => {
      const { scim } = server({
        ...WHOLE,
        types: [{ ...userType, schemaExtensions: [{ schema: EXTRA }] }],
        more: { [`GET ${SCHEMAS}/${EXTRA}`]: reply },
      });
      const error = await failure(() => scim.discover());
      expect(error).toMatchObject(want);
      const { request } = error as { readonly request: { readonly url: string } };
      expect(decodeURIComponent(request.url)).toBe(`${BASE}${SCHEMAS}/${EXTRA}`);
      expect(scim.resourceModels).toEqual([]);
    });
  }

  test("a name that cannot stand in a URL is not asked for", async () => {
    const hostile = ["..", ".", "\ud800", "a/../../b?c#d"];
    const { scim, sent } = server({
      ...WHOLE,
      types: [{ ...userType, schemaExtensions: hostile.map((schema) => ({ schema })) }],
    });
    await scim.discover();
    const extra = sent.filter(({ url }) => ![CONFIG, TYPES, SCHEMAS].includes(url.slice(BASE.length)));
    expect(extra.map(({ url }) => url)).toEqual([`${BASE}/Schemas/a%2F..%2F..%2Fb%3Fc%23d`]);
  });

  const UNUSABLE = [
    "__proto__",
    "constructor",
    "prototype",
    "__PROTO__",
    "",
    "a\u0000b",
    "a\nb",
    "\u0085",
    "a".repeat(1025),
  ];
  for (const id of UNUSABLE) {
    test(`RFC 7643 §7: an id that no schema can have is left out: ${JSON.stringify(id.slice(0, 20))}`, async () => {
      const evil = { id, attributes: [{ name: "active", type: "boolean" }, { name: "EVIL" }] };
      const { scim, sent } = server({
        ...WHOLE,
        types: [
          { ...userType, schemaExtensions: [{ schema: id }] },
          { name: "Evil", endpoint: "/Evil", schema: id },
        ],
        schemas: listOf(userSchema, evil),
        more: {
          [`GET ${SCHEMAS}/${id}`]: { body: evil },
          "GET /Users/1": { text: '{"ID":"1","userName":"u","__proto__":{"EVIL":"x","active":true}}' },
        },
      });
      const discovery = await scim.discover();
      expect(messages(discovery).map((message) => message.split(": ")[1])).toEqual([
        "entry 1 of /Schemas lacks what RFC 7643 asks of it",
        expect.stringMatching(/^no schema can be called "[ -~]*…?" \(RFC 7643 §7\)$/),
        expect.stringMatching(/^"Evil" is left out$/),
      ]);
      expect(discovery.schemas.map((schema) => schema.id)).toEqual([USER]);
      expect(models(scim)).toEqual([["User", "/Users", USER]]);
      expect(sent).toHaveLength(3);
      const user: unknown = await scim.query(User, "1");
      expect(Object.getPrototypeOf(user)).toBe(Object.prototype);
      expect(user).not.toHaveProperty("active");
    });
  }

  test("RFC 7643 §7: an id that is no URN, as servers have them, is taken", async () => {
    const ids = ["User", "core:User", "urn:x:Gerät", "toString", "hasOwnProperty"];
    const { scim } = server({
      ...WHOLE,
      types: ids.map((id) => ({
        name: `Of ${id}`,
        endpoint: "/Users",
        schema: id,
        schemaExtensions: [{ schema: EXTRA }],
      })),
      schemas: listOf(badgeSchema, ...ids.map((id) => ({ ...userSchema, id }))),
    });
    expect(messages(await scim.discover())).toEqual([]);
    expect(models(scim).map(([, , schema]) => schema)).toEqual(ids);
  });

  test("a resource type whose own schema nobody knows is left out", async () => {
    const { scim } = server({
      ...WHOLE,
      types: [userType, { name: "Device", endpoint: "/Devices", schema: CUSTOM }],
    });
    const reason = `its schema ${CUSTOM} is not known`;
    expect(messages(await scim.discover())).toEqual([
      unpublished(CUSTOM),
      `ResourceTypes Device: "Device" is left out: ${reason}`,
    ]);
    expect(await failure(() => scim.getResourceModel("device"))).toMatchObject({
      message: `"device" cannot be used: ${reason}; there are User`,
    });
  });

  test("RFC 7643 §2.2: characteristics that are missing, null or unknown have their defaults", async () => {
    const attributes = [
      { name: "plain" },
      { name: "nulls", type: null, multiValued: null, mutability: null, returned: null, required: null },
      {
        name: "odd",
        type: "String",
        mutability: "READONLY",
        returned: "sometimes",
        multiValued: "true",
        idcsPii: {},
      },
      { name: "nested", subAttributes: [{ name: "inner" }] },
    ];
    const { scim } = server({ ...WHOLE, types: [userType], schemas: [{ id: USER, attributes }] });
    expect((await scim.discover()).warnings).toEqual([]);
    const model = scim.getResourceModel("User");
    const kept = ["plain", "nulls", "odd", "nested"].map((name) => {
      const { type, mutability, returned, multiValued } = model.attributes.get(name) ?? {};
      return [type, mutability, returned, multiValued];
    });
    expect(kept).toEqual([
      ["string", "readWrite", "default", false],
      ["string", "readWrite", "default", false],
      // Text that stands for a boolean is read as one.
      ["string", "readOnly", "default", true],
      ["complex", "readWrite", "default", false],
    ]);
  });

  test("RFC 7643 §2.1: an attribute with a bad name is dropped with a warning, and discovery goes on", async () => {
    const names = [
      "__proto__",
      "constructor",
      "prototype",
      'a"b',
      "a\nb",
      "",
      "1st",
      "ok",
      "OK",
      "$ref",
      "x".repeat(300),
    ];
    const { scim } = server({
      ...WHOLE,
      types: [userType],
      schemas: [
        { id: USER, attributes: [...names.map((name) => ({ name })), null, 7, { name: "fine", type: "blob" }] },
      ],
    });
    const { warnings } = await scim.discover();
    expect(warnings.map(({ message }) => message)).toEqual([
      ...["__proto__", "constructor", "prototype", 'a"b', "a?b", "", "1st"].map(
        (name) => `"${name}" is not an attribute name (RFC 7643 §2.1)`,
      ),
      '"OK" is defined twice, names do not differ by case (RFC 7643 §2.1)',
      `"${"x".repeat(64)}…" is not an attribute name (RFC 7643 §2.1)`,
      '"(no name)" is not an attribute name (RFC 7643 §2.1)',
      '"fine" has a type that RFC 7643 §2.3 does not define',
    ]);
    expect([...scim.getResourceModel("User").attributes].map(({ name }) => name)).toEqual([
      "schemas",
      "id",
      "externalId",
      "meta",
      "ok",
      "$ref",
    ]);
  });

  test("canonical values of a complex attribute without sub-attributes make it text, with a warning", async () => {
    const type = { name: "type", type: "complex", subAttributes: [], canonicalValues: ["User", "Group"] };
    const members = {
      name: "members",
      type: "complex",
      multiValued: true,
      subAttributes: [{ name: "value" }, type],
    };
    const { scim } = server({ ...WHOLE, schemas: [userSchema, { id: GROUP, attributes: [members] }] });
    const { warnings } = await scim.discover();
    expect(warnings).toEqual([
      {
        document: "Schemas",
        path: `${GROUP}:members.type`,
        message:
          '"members.type" is complex without sub-attributes, and its canonical values are text (RFC 7643 §7)',
      },
    ]);
    expect(scim.getResourceModel("Group").resolve("members.type")?.at(-1)?.type).toBe("string");
  });

  test("what a warning quotes of a server's names is short and printable", async () => {
    const long = "é\n".repeat(10_000);
    const { scim } = server({
      ...WHOLE,
      types: [{ name: long, endpoint: "//evil.example", schema: long }, userType],
    });
    for (const { message } of (await scim.discover()).warnings) expect(message).toMatch(/^[\x20-\x7e§…]{1,1000}$/);
    const error = await failure(() => scim.getResourceModel("x"));
    expect(error).toMatchObject({ message: '"x" is not a resource type of this server; there are User' });
  });

  test("nor does an error list a thousand names", async () => {
    const types = Array.from({ length: 1000 }, (_, at) => ({ ...userType, name: `Type${at}` }));
    const { scim } = server({ ...WHOLE, types });
    await scim.discover();
    const error = await failure(() => scim.getResourceModel("x"));
    expect(error).toMatchObject({ known: types.map(({ name }) => name) });
    expect((error as Error).message.length).toBeLessThan(1000);
    expect(((await failure(() => scim.getResourceModel(USER))) as Error).message.length).toBeLessThan(1000);
  });
});

describe("a failure throws, and keeps what was known", () => {
  const FAILURES: ReadonlyArray<{ title: string; reply: Reply | "network"; want: object }> = [
    { title: "401", reply: { status: 401 }, want: { code: "unexpected_status_code", status: 401 } },
    {
      title: "403 with a SCIM Error",
      reply: { status: 403, body: errorOf(403) },
      want: { code: "scim_response_error_object", status: 403 },
    },
    { title: "500", reply: { status: 500, body: errorOf(500) }, want: { status: 500 } },
    { title: "503", reply: { status: 503 }, want: { status: 503 } },
    { title: "429", reply: { status: 429 }, want: { status: 429 } },
    {
      title: "HTML",
      reply: { text: "<html>", headers: { "content-type": "text/html" } },
      want: { code: "unexpected_content_type" },
    },
    { title: "truncated JSON", reply: { text: '{"Resources":[' }, want: { code: "unexpected_content_format" } },
    { title: "JSON that is text", reply: { body: "ok" }, want: { code: "unexpected_content_format" } },
    { title: "JSON that is null", reply: { text: "null" }, want: { code: "unexpected_content_format" } },
    { title: "nothing", reply: { text: "" }, want: { code: "unexpected_content_format" } },
    { title: "204", reply: { status: 204 }, want: { code: "unexpected_status_code" } },
    {
      title: "a SCIM Error in a success",
      reply: { body: errorOf(400) },
      want: { code: "scim_response_error_object" },
    },
    { title: "no connection", reply: "network", want: { code: "request_network_error" } },
    {
      title: "a redirect to another origin",
      reply: { status: 308, headers: { location: "https://evil.example/" } },
      want: { code: "unexpected_status_code", status: 308 },
    },
  ];
  for (const path of [CONFIG, TYPES, SCHEMAS]) {
    for (const { title, reply, want } of FAILURES) {
      test(`${path}: ${title}`, async () => {
        let failing = false;
        const good = routes({
          [`GET ${CONFIG}`]: { body: WHOLE.config },
          [`GET ${TYPES}`]: { body: WHOLE.types },
          [`GET ${SCHEMAS}`]: { body: WHOLE.schemas },
        });
        const bad = routes({ [`GET ${path}`]: reply === "network" ? {} : reply });
        const scim = new SCIMClient(BASE, {
          retry: false,
          fetch: (request) => {
            if (!failing || !request.url.endsWith(path)) return good.fetch(request);
            return reply === "network" ? Promise.reject(new TypeError("fetch failed")) : bad.fetch(request);
          },
        });
        await scim.discover();
        const before = [scim.resourceModels, scim.serviceProviderConfig, scim.getResourceModel("User")];
        failing = true;
        expect(await failure(() => scim.discover())).toMatchObject({
          ...want,
          request: { method: "GET", url: BASE + path },
        });
        expect(scim.resourceModels).toBe(before[0]);
        expect(scim.serviceProviderConfig).toBe(before[1]);
        expect(scim.getResourceModel("User")).toBe(before[2]);
        failing = false;
        expect((await scim.discover()).warnings).toEqual([]);
      });
    }
  }

  test("several failures at once are one rejection", async () => {
    const { scim } = server({ more: { [`GET ${TYPES}`]: { status: 500 }, [`GET ${SCHEMAS}`]: { status: 403 } } });
    expect(await failure(() => scim.discover())).toMatchObject({ status: 500 });
  });

  test("schemas beyond all bounds are an error of few words", async () => {
    const attributes = Array.from({ length: 10_000 }, (_, at) => ({ name: `a${at}` }));
    let deep: object = { name: "a" };
    for (let depth = 0; depth < 1000; depth += 1) deep = { name: "a", type: "complex", subAttributes: [deep] };
    for (const schema of [
      { id: USER, attributes },
      { id: USER, attributes: [deep] },
    ]) {
      const { scim } = server({ ...WHOLE, schemas: [schema, groupSchema] });
      const error = await failure(() => scim.discover());
      expect(error).toMatchObject({
        code: "response_payload_validation_error",
        issues: [{ rule: "bounds", section: "RFC 7643 §7" }],
        request: { url: BASE + SCHEMAS },
      });
      expect((error as Error).message.length).toBeLessThan(500);
      expect(scim.resourceModels).toEqual([]);
    }
  });
});

describe("how much of a server is taken has bounds", () => {
  const typeAt = (at: number): object => ({ ...userType, name: `Type${at}` });
  const schemaAt = (at: number): object => ({ ...badgeSchema, id: `${EXTRA}${at}` });
  const wide = (length: number): object => ({
    ...userType,
    schemaExtensions: many(length, (at) => ({ schema: `${EXTRA}${at}` })),
  });
  const BOUNDS: ReadonlyArray<{ title: string; given: object; path: string; url: string; requests: number }> = [
    {
      title: "1001 resource types",
      given: { types: many(1001, typeAt) },
      path: "ResourceTypes",
      url: TYPES,
      requests: 3,
    },
    { title: "1001 schemas", given: { schemas: many(1001, schemaAt) }, path: "Schemas", url: SCHEMAS, requests: 3 },
    { title: "101 extensions of one type", given: { types: [wide(101)] }, path: "User", url: TYPES, requests: 3 },
    {
      title: "a million resource types in pages",
      given: {
        types: { ...listOf(...many(600, typeAt)), totalResults: 1_000_000 },
        more: {
          [`GET ${TYPES}?startIndex=601`]: {
            body: { ...listOf(...many(600, (at) => typeAt(at + 600))), totalResults: 1_000_000 },
          },
        },
      },
      path: "ResourceTypes",
      url: TYPES,
      requests: 4,
    },
  ];
  for (const { title, given, path, url, requests } of BOUNDS) {
    test(`${title} are too many`, async () => {
      const { scim, sent } = server({ ...WHOLE, ...given });
      const error = await failure(() => scim.discover());
      expect(error).toMatchObject({
        code: "response_payload_validation_error",
        issues: [{ path, rule: "bounds" }],
        request: { url: BASE + url },
      });
      expect((error as Error).message.length).toBeLessThan(500);
      expect(sent).toHaveLength(requests);
      expect(scim.resourceModels).toEqual([]);
    });
  }

  test("a thousand resource types of thirty extensions each are not", async () => {
    const types = many(1000, (type) => ({
      ...userType,
      name: `Type${type}`,
      schemaExtensions: many(30, (at) => ({ schema: `${EXTRA}${100_000 + type * 30 + at}` })),
    }));
    const schemas = [userSchema, ...many(999, (at) => schemaAt(100_000 + at))];
    const { scim } = server({ ...WHOLE, types, schemas });
    const { warnings } = await scim.discover();
    expect(warnings.at(-1)?.message).toBe(`and ${30_000 - 999 - 200} warnings more`);
    expect(scim.resourceModels).toHaveLength(1000);
    expect(scim.resourceModels[0]?.extensions).toHaveLength(30);
  });

  test("a hundred thousand bad attributes are told of in a few hundred warnings, the last of which says how many more", async () => {
    const bad = many(100_000, (at) => ({ name: `${at} bad` }));
    const schemas = [{ ...userSchema, attributes: [...bad, { name: "login" }] }];
    const { scim } = server({ ...WHOLE, types: [userType], schemas });
    const { warnings } = await scim.discover();
    expect(warnings).toHaveLength(201);
    expect(warnings.at(-2)?.message).toBe('"199 bad" is not an attribute name (RFC 7643 §2.1)');
    expect(warnings.at(-1)).toEqual({ document: "Schemas", path: "", message: "and 99800 warnings more" });
    expect(scim.getResourceModel("User").attributes.get("login")).toBeDefined();
  });

  test("as many warnings as are kept are given without a word of more", async () => {
    const bad = many(199, (at) => ({ name: `${at} bad` }));
    const { scim } = server({ ...WHOLE, schemas: [{ ...userSchema, attributes: bad }], types: [userType, 7] });
    const { warnings } = await scim.discover();
    expect(warnings).toHaveLength(200);
    expect(warnings.at(-1)?.message).toBe('"198 bad" is not an attribute name (RFC 7643 §2.1)');
  });

  const shadows = ["USERNAME", "externalId", "meta", USER.toUpperCase(), `${USER}:userName`];
  for (const id of shadows) {
    test(`RFC 7643 §3.3: an extension called ${id} is left out, for it would hide what the type has`, async () => {
      const { scim } = server({
        ...WHOLE,
        types: [{ ...userType, schemaExtensions: [{ schema: id, required: true }, { schema: EXTRA }] }],
        schemas: [userSchema, badgeSchema, ...(id === USER.toUpperCase() ? [] : [{ ...badgeSchema, id }])],
      });
      expect(messages(await scim.discover())).toEqual([
        `ResourceTypes User: the extension "${id}" of "User" is left out: the type has something of that name (RFC 7643 §3.3)`,
      ]);
      expect(models(scim)).toEqual([["User", "/Users", USER, EXTRA]]);
      expect(scim.getResourceModel("User").resolve("userName")).toMatchObject([{ type: "string" }]);
    });
  }

  test("of two entries that differ by case the first counts", async () => {
    const { scim, sent } = server({
      ...WHOLE,
      types: [{ ...userType, schemaExtensions: [EXTRA.toUpperCase(), EXTRA] }],
      schemas: [userSchema, badgeSchema, { ...badgeSchema, id: EXTRA.toUpperCase(), attributes: [] }],
    });
    expect(messages(await scim.discover())).toEqual([]);
    expect(models(scim)).toEqual([["User", "/Users", USER, EXTRA]]);
    expect(sent).toHaveLength(3);
  });

  /** Asks for twenty schemas one by one; how many at most were under way, and how many were asked for. */
  async function oneByOne(status: number): Promise<{ most: number; asked: number; outcome: unknown }> {
    const { fetch } = routes({
      [`GET ${CONFIG}`]: { body: config },
      [`GET ${TYPES}`]: { body: [wide(20)] },
      [`GET ${SCHEMAS}`]: { body: [userSchema] },
    });
    let [open, most, asked] = [0, 0, 0];
    const scim = new SCIMClient(BASE, {
      retry: false,
      fetch: async (request) => {
        if (!request.url.includes("/Schemas/")) return fetch(request);
        asked += 1;
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => void setImmediate(resolve));
        open -= 1;
        const id = decodeURIComponent(request.url.slice(request.url.lastIndexOf("/") + 1));
        return Response.json({ ...badgeSchema, id }, { status });
      },
    });
    const outcome = await scim.discover().catch((error: unknown) => error);
    return { most, asked, outcome };
  }

  test("six schemas are asked for at the same time", async () => {
    const { most, asked, outcome } = await oneByOne(200);
    expect({ most, asked }).toEqual({ most: 6, asked: 20 });
    expect((outcome as Discovery).schemas.map(({ id }) => id)).toEqual([
      USER,
      ...many(20, (at) => `${EXTRA}${at}`),
    ]);
  });

  test("and no further one once one has failed", async () => {
    const { asked, outcome } = await oneByOne(500);
    expect(outcome).toMatchObject({ status: 500 });
    expect(asked).toBe(6);
  });
});

describe("calls at the same time share one run", () => {
  test("with the same switches, whether they are said or not", async () => {
    const { scim, sent } = server(WHOLE);
    const [one, other, said] = await Promise.all([
      scim.discover(),
      scim.discover({}),
      scim.discover({ schemas: true, resourceTypes: true, serviceProviderConfig: true }),
    ]);
    expect(one).toBe(other);
    expect(one).toBe(said);
    expect(sent).toHaveLength(3);
    await scim.discover();
    expect(sent).toHaveLength(6);
  });

  test("also a failure, after which the next call tries again", async () => {
    let count = 0;
    const scim = new SCIMClient(BASE, {
      retry: false,
      fetch: async () => {
        count += 1;
        return new Response(null, { status: 401 });
      },
    });
    const [one, other] = await Promise.all([failure(() => scim.discover()), failure(() => scim.discover())]);
    expect(one).toBe(other);
    expect(count).toBe(3);
    await failure(() => scim.discover());
    expect(count).toBe(6);
  });

  test("a signal that is already aborted sends nothing", async () => {
    const { scim, sent } = server(WHOLE);
    const reason = new Error("enough");
    const aborted = failure(() => scim.discover({ signal: AbortSignal.abort(reason) }));
    await scim.discover();
    expect(await aborted).toBe(reason);
    expect(sent).toHaveLength(3);
  });

  /** A server that answers nothing before it is let. */
  function waiting(): { scim: SCIMClient; sent: Request[]; answer: () => void; asked: Promise<void> } {
    const { fetch } = routes({
      [`GET ${CONFIG}`]: { body: WHOLE.config },
      [`GET ${TYPES}`]: { body: WHOLE.types },
      [`GET ${SCHEMAS}`]: { body: WHOLE.schemas },
    });
    const gate = Promise.withResolvers<void>();
    const all = Promise.withResolvers<void>();
    const sent: Request[] = [];
    const scim = new SCIMClient(BASE, {
      retry: false,
      fetch: async (request) => {
        sent.push(request);
        if (sent.length === 3) all.resolve();
        await gate.promise;
        return fetch(request);
      },
    });
    return { scim, sent, answer: gate.resolve, asked: all.promise };
  }

  for (const first of [true, false]) {
    test(`a signal ends the wait of its own call alone: ${first ? "the one that began the run" : "one that joined it"}`, async () => {
      const { scim, sent, answer, asked } = waiting();
      const [one, two] = [new AbortController(), new AbortController()];
      const calls = [scim.discover({ signal: one.signal }), scim.discover({ signal: two.signal }), scim.discover()];
      const [ended, going] = first ? [calls[0], calls[1]] : [calls[1], calls[0]];
      const reason = new Error("enough");
      const aborted = failure(() => ended);
      await asked;
      (first ? one : two).abort(reason);
      expect(await aborted).toBe(reason);
      const late = scim.discover({ signal: new AbortController().signal });
      answer();
      expect(await going).toBe(await calls[2]);
      expect(await late).toBe(await calls[2]);
      expect(sent).toHaveLength(3);
      expect(sent.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
      expect(scim.resourceModels).toHaveLength(2);
    });
  }

  test("the run ends when nobody waits any more, and the next call has a run of its own", async () => {
    const { scim, sent, answer, asked } = waiting();
    const [one, two] = [new AbortController(), new AbortController()];
    const aborted = [one, two].map(({ signal }) => failure(() => scim.discover({ signal })));
    await asked;
    one.abort("one");
    expect(await aborted[0]).toBe("one");
    expect(sent.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
    two.abort("two");
    expect(await aborted[1]).toBe("two");
    const next = scim.discover();
    expect(sent.slice(0, 3).map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
    expect(scim.resourceModels).toEqual([]);
    answer();
    expect((await next).resourceTypes).toHaveLength(2);
    expect(sent).toHaveLength(6);
    expect(await scim.discover()).not.toBe(await next);
  });

  test("an option that there is not is a TypeError", async () => {
    const { scim, sent } = server(WHOLE);
    expect(await failure(() => scim.discover({ schema: false } as never))).toBeInstanceOf(TypeError);
    expect(sent).toEqual([]);
  });
});

describe("what is not read stays as it was known", () => {
  const rows: ReadonlyArray<{ given: DiscoveryOptions; want: readonly string[] }> = [
    { given: { schemas: false }, want: [TYPES, CONFIG] },
    { given: { resourceTypes: false }, want: [SCHEMAS, CONFIG] },
    { given: { serviceProviderConfig: false }, want: [TYPES, SCHEMAS] },
    { given: { schemas: false, resourceTypes: false }, want: [CONFIG] },
  ];
  for (const { given, want } of rows) {
    test(`after a discovery: ${JSON.stringify(given)}`, async () => {
      const { scim, sent } = server(WHOLE);
      const first = await scim.discover();
      const asked = sent.length;
      expect(await scim.discover(given)).toEqual(first);
      expect(paths(sent.slice(asked))).toEqual(want);
      expect(models(scim)).toEqual([
        ["User", "/Users", USER],
        ["Group", "/Groups", GROUP],
      ]);
    });
  }

  const Device = defineModel({ schema: deviceSchema, extensions: [defineExtension({ schema: badgeSchema })] });
  const known = { patch: { supported: false } };

  test("models that were given, when only the configuration is read", async () => {
    const { scim } = server(WHOLE, { resourceModels: [Device, Group] });
    const discovery = await scim.discover({ schemas: false, resourceTypes: false });
    expect(models(scim)).toEqual([
      ["Device", "/Devices", CUSTOM, EXTRA],
      ["Group", "/Groups", GROUP],
    ]);
    expect(scim.serviceProviderConfig).toEqual(config);
    expect(discovery.resourceTypes).toMatchObject([
      {
        name: "Device",
        endpoint: "/Devices",
        schema: CUSTOM,
        schemaExtensions: [{ schema: EXTRA, required: false }],
      },
      { name: "Group", endpoint: "/Groups", schema: GROUP },
    ]);
    expect(discovery.schemas.map(({ id }) => id)).toEqual([CUSTOM, EXTRA, GROUP]);
    expect(JSON.parse(JSON.stringify(discovery))).toEqual(discovery);
    const later = new SCIMClient(BASE, { discovery });
    expect(later.getResourceModel("Device").getExtensionModel("Badge").attributes.get("colour")).toBeDefined();
  });

  test("models that were registered, in place of those that were discovered", async () => {
    const { scim } = server(WHOLE);
    await scim.discover();
    scim.registerNaiveResourceTypes([Device]);
    await scim.discover({ schemas: false, resourceTypes: false });
    expect(models(scim)).toEqual([["Device", "/Devices", CUSTOM, EXTRA]]);
  });

  test("nothing, when nothing was known: a model stands for itself", async () => {
    const { scim, sent } = server(WHOLE);
    expect((await scim.discover({ schemas: false, resourceTypes: false })).warnings).toEqual([]);
    expect(scim.resourceModels).toEqual([]);
    await failure(() => scim.query(Device, "1"));
    expect(sent.at(-1)?.url).toBe(`${BASE}/Devices/1`);
  });

  test("a configuration that was given, when the rest is read", async () => {
    const { scim } = server(WHOLE, { serviceProviderConfig: known });
    expect(await scim.discover({ serviceProviderConfig: false })).toMatchObject({ serviceProviderConfig: known });
    expect(scim.serviceProviderConfig).toEqual(known);
    await scim.discover();
    expect(scim.serviceProviderConfig).toEqual(config);
  });

  test("a configuration that was given beside a saved discovery", async () => {
    const discovery = await server(WHOLE).scim.discover();
    const { scim } = server(WHOLE, { discovery, serviceProviderConfig: known });
    expect(scim.serviceProviderConfig).toEqual(known);
    await scim.discover({ serviceProviderConfig: false });
    expect(scim.serviceProviderConfig).toEqual(known);
  });
});

describe("a profile says what a server's documents are", () => {
  const rows: ReadonlyArray<{ title: string; discovery: ServerProfile["discovery"]; want: readonly string[] }> = [
    {
      title: "the documents themselves",
      discovery: {
        serviceProviderConfig: config,
        resourceTypes: [userType, groupType],
        schemas: [userSchema, groupSchema],
      },
      want: [],
    },
    {
      title: "the paths at which they are",
      discovery: { serviceProviderConfig: "/config", resourceTypes: "/types", schemas: "schemata" },
      want: ["/config", "/schemata", "/types"],
    },
  ];
  for (const { title, discovery = {}, want } of rows) {
    test(title, async () => {
      const { scim, sent } = server(
        {
          more: {
            "GET /config": { body: config },
            "GET /types": { body: listOf(userType, groupType) },
            "GET /schemata": { body: listOf(userSchema, groupSchema) },
          },
        },
        { profile: { name: "p", discovery } },
      );
      expect((await scim.discover()).warnings).toEqual([]);
      expect(paths(sent)).toEqual(want);
      expect(models(scim)).toEqual([
        ["User", "/Users", USER],
        ["Group", "/Groups", GROUP],
      ]);
      expect(scim.serviceProviderConfig).toEqual(config);
    });
  }

  test("that there are none", async () => {
    const discovery = { serviceProviderConfig: false, resourceTypes: false, schemas: false } as const;
    const { scim, sent } = server({}, { profile: { name: "p", discovery } });
    await scim.discover();
    expect(sent).toEqual([]);
    expect(models(scim)).toEqual([
      ["User", "/Users", USER, ENTERPRISE],
      ["Group", "/Groups", GROUP],
    ]);
  });
});

describe("a client knows a server without asking it", () => {
  test("from what an earlier discovery returned, saved as JSON", async () => {
    const saved = JSON.stringify(await server(WHOLE).scim.discover());
    const { scim, sent } = server(WHOLE, { discovery: JSON.parse(saved) as Discovery });
    expect(models(scim)).toEqual([
      ["User", "/Users", USER],
      ["Group", "/Groups", GROUP],
    ]);
    expect(scim.serviceProviderConfig).toEqual(config);
    expect(sent).toEqual([]);
    expect(await failure(() => scim.create(User, { userName: "b", nickName: "x" }))).toMatchObject({
      issues: [{ path: "nickName", rule: "unknown" }],
    });
    expect(sent).toEqual([]);
  });

  test("from models and where they are", async () => {
    const { scim, sent } = server(
      {},
      {
        resourceModels: [User, Group],
        resourceTypes: [
          { name: "Employee", endpoint: "/scim/v2/People", schema: USER },
          { name: "Contractor", endpoint: "Contractors", schema: USER },
        ],
        serviceProviderConfig: config,
      },
    );
    expect(models(scim)).toEqual([
      ["Employee", "/People", USER],
      ["Contractor", "/Contractors", USER],
    ]);
    expect(scim.serviceProviderConfig).toEqual(config);
    await failure(() => scim.query(scim.getResourceModel("contractor", { as: User }), "1"));
    expect(sent.map(({ url }) => url)).toEqual([`${BASE}/Contractors/1`]);
  });

  test("from models alone, each at its own endpoint, given or registered", async () => {
    const given = server({}, { resourceModels: [User.with(EnterpriseUser), Group] }).scim;
    const registered = server({}).scim;
    registered.registerNaiveResourceTypes([User.with(EnterpriseUser), Group]);
    for (const scim of [given, registered]) {
      expect(models(scim)).toEqual([
        ["User", "/Users", USER, ENTERPRISE],
        ["Group", "/Groups", GROUP],
      ]);
      expect(scim.getResourceModel("User")).toBe(User.with(EnterpriseUser));
    }
  });

  test("RFC 7643 §6: registering keeps the configuration and forgets the other resource types", async () => {
    const { scim } = server(WHOLE);
    await scim.discover();
    scim.registerNaiveResourceTypes([Group]);
    expect(scim.serviceProviderConfig).toEqual(config);
    expect(scim.findResourceModel("User")).toBeUndefined();
  });

  const WRONG: ReadonlyArray<{ title: string; given: ClientOptions; want: RegExp }> = [
    {
      title: "a discovery and models",
      given: { discovery: { resourceTypes: [], schemas: [], warnings: [] }, resourceModels: [User] },
      want: /give one of them/,
    },
    {
      title: "a resource type without a model",
      given: { resourceModels: [Group], resourceTypes: [userType] },
      want: new RegExp(`no model in resourceModels has the schema ${USER}`),
    },
    {
      title: "a resource type elsewhere",
      given: { resourceModels: [User], resourceTypes: [{ ...userType, endpoint: "https://evil.example/Users" }] },
      want: /"User" cannot be used, its endpoint is not below the base URL \(origin\)/,
    },
  ];
  for (const { title, given, want } of WRONG) {
    test(`${title}: a TypeError`, () => {
      expect(() => new SCIMClient(BASE, given)).toThrow(TypeError);
      expect(() => new SCIMClient(BASE, given)).toThrow(want);
    });
  }
});

describe("a model is found by its name, its schema's URN or its schema's name", () => {
  const types = [
    { name: "Employee", endpoint: "/Employees", schema: USER },
    { name: "Contractor", endpoint: "/Contractors", schema: USER },
    { name: "Team", endpoint: "/Teams", schema: GROUP },
  ];
  const discovered = { ...WHOLE, types };

  for (const [given, want] of [
    ["Employee", "Employee"],
    ["contractor", "Contractor"],
    ["Team", "Team"],
    [GROUP, "Team"],
    [GROUP.toUpperCase(), "Team"],
    ["group", "Team"],
  ] as const) {
    test(`"${given}" is ${want}`, async () => {
      const { scim } = server(discovered);
      await scim.discover();
      expect(scim.getResourceModel(given).name).toBe(want);
      expect(scim.findResourceModel(given)).toBe(scim.getResourceModel(given));
      expect(scim.getResourceModel(given, { as: Group })).toBe(scim.getResourceModel(given));
    });
  }

  for (const given of [USER, "User"]) {
    test(`"${given}" is the schema of two: a TypeError that names them`, async () => {
      const { scim } = server(discovered);
      await scim.discover();
      const message = `"${given}" is the schema of several resource types: Employee, Contractor; name one of them`;
      expect(await failure(() => scim.getResourceModel(given))).toEqual(new TypeError(message));
      expect(await failure(() => scim.findResourceModel(given))).toEqual(new TypeError(message));
    });
  }

  test("RFC 7644 §3.11: a resource type at /Me is an alias for the other one of its schema", async () => {
    const me = { name: "Me", endpoint: "/Me", schema: USER };
    for (const listed of [
      [me, userAt("Employee", "/Employees")],
      [userAt("Employee", "/Employees"), me],
    ]) {
      const { scim, sent } = server({ ...WHOLE, types: listed });
      await scim.discover();
      expect(scim.getResourceModel(USER).name).toBe("Employee");
      expect(scim.getResourceModel("user").name).toBe("Employee");
      expect(scim.getResourceModel("Me").endpoint).toBe("/Me");
      await failure(() => scim.query(User, "1"));
      expect(sent.at(-1)?.url).toBe(`${BASE}/Employees/1`);
    }
    const { scim } = server({ ...WHOLE, types: [me] });
    await scim.discover();
    expect(scim.getResourceModel(USER).name).toBe("Me");
  });

  test("an unknown one is an error that lists what there is", async () => {
    const { scim } = server(discovered);
    expect(await failure(() => scim.getResourceModel("Device"))).toMatchObject({
      message: '"Device" is not a resource type of this server; none is known, call discover() first',
      known: [],
    });
    await scim.discover();
    expect(scim.findResourceModel("Device")).toBeUndefined();
    expect(await failure(() => scim.getResourceModel("Device"))).toMatchObject({
      code: "unknown_resource_type",
      message: '"Device" is not a resource type of this server; there are Employee, Contractor, Team',
      known: ["Employee", "Contractor", "Team"],
    });
  });
});

describe("a static model stands for the server's resource type", () => {
  test("of its name, before one of its schema", async () => {
    const { scim, sent } = server({
      ...WHOLE,
      types: [userAt("Employee", "/Employees"), userAt("user", "/People")],
    });
    await scim.discover();
    await failure(() => scim.query(User, "1"));
    expect(sent.at(-1)?.url).toBe(`${BASE}/People/1`);
  });

  test("of its name, though it has another schema", async () => {
    const { scim, sent } = server({
      ...WHOLE,
      types: [{ name: "User", endpoint: "/Accounts", schema: CUSTOM }],
      schemas: [deviceSchema],
    });
    await scim.discover();
    await failure(() => scim.query(User, "1"));
    expect(sent.at(-1)?.url).toBe(`${BASE}/Accounts/1`);
  });

  test("of its name, though another has its schema", async () => {
    const types = [userAt("Employee", "/Employees"), { name: "User", endpoint: "/Accounts", schema: CUSTOM }];
    const { scim, sent } = server({ ...WHOLE, types, schemas: [userSchema, deviceSchema] });
    await scim.discover();
    await failure(() => scim.query(User, "1"));
    expect(sent.at(-1)?.url).toBe(`${BASE}/Accounts/1`);
  });

  test("of its schema, where only one has it", async () => {
    const { scim, sent } = server({ ...WHOLE, types: [userAt("Employee", "/Employees"), groupType] });
    await scim.discover();
    await failure(() => scim.query(User, "1"));
    expect(sent.at(-1)?.url).toBe(`${BASE}/Employees/1`);
  });

  test("several have its schema: a TypeError names the candidates, and nothing is sent", async () => {
    const { scim, sent } = server({
      ...WHOLE,
      types: [userAt("Employee", "/Employees"), userAt("Contractor", "/Contractors")],
    });
    await scim.discover();
    const before = sent.length;
    for (const call of [
      () => scim.query(User, "1"),
      () => scim.query([User]),
      () => scim.list(User),
      () => scim.me.query(User),
      () => scim.create(User, { userName: "b" }),
    ]) {
      const error = await failure(call);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(/several resource types: Employee, Contractor; name one of them/);
    }
    expect(sent).toHaveLength(before);
  });

  test("none has: an error that lists what there is", async () => {
    const { scim, sent } = server({ ...WHOLE, types: [groupType] });
    await scim.discover();
    const before = sent.length;
    expect(await failure(() => scim.query(User, "1"))).toMatchObject({
      code: "unknown_resource_type",
      message: '"User" is not a resource type of this server; there are Group',
    });
    expect(sent).toHaveLength(before);
  });

  test("the server's schema validates what is sent and what comes", async () => {
    const { scim } = server({
      ...WHOLE,
      more: {
        "POST /Users": { status: 201, body: { schemas: [USER], id: "1", userName: "b", LOGIN: "x" } },
      },
    });
    await scim.discover();
    expect(await scim.create(User, { userName: "b", login: "x" } as never)).toMatchObject({ login: "x" });
    expect(await failure(() => scim.create(User, { userName: "b", nickName: "x" }))).toMatchObject({
      issues: [{ path: "nickName", rule: "unknown" }],
    });
  });

  test("an extension that the server does not publish is refused on write", async () => {
    const { scim, sent } = server(WHOLE);
    await scim.discover();
    const before = sent.length;
    const Enterprise = User.with(EnterpriseUser);
    expect(
      await failure(() => scim.create(Enterprise, { userName: "b", [ENTERPRISE]: { department: "x" } })),
    ).toMatchObject({ issues: [{ path: ENTERPRISE, rule: "unknown", section: "RFC 7643 §3.3" }] });
    expect(sent).toHaveLength(before);
  });

  test("a model of an earlier discovery stands for the one of a later", async () => {
    const replies = {
      [`GET ${CONFIG}`]: { body: config },
      [`GET ${TYPES}`]: { body: listOf(userType) },
      [`GET ${SCHEMAS}`]: { body: listOf(userSchema) },
    };
    const { fetch, sent } = routes(replies);
    const scim = new SCIMClient(BASE, { fetch, retry: false });
    await scim.discover();
    const early = scim.getResourceModel("User");
    replies[`GET ${TYPES}`] = { body: listOf({ ...userType, endpoint: "/People" }) };
    await scim.discover();
    await failure(() => scim.query(early, "1"));
    expect(sent.at(-1)?.url).toBe(`${BASE}/People/1`);
  });
});

test("a media type that is JSON and not SCIM's is reported as a deviation", async () => {
  const text = { "content-type": "text/json" };
  const heard: Deviation[] = [];
  const { fetch } = routes({
    [`GET ${CONFIG}`]: { body: config, headers: text },
    [`GET ${TYPES}`]: { body: WHOLE.types },
    [`GET ${SCHEMAS}`]: { body: WHOLE.schemas },
  });
  await new SCIMClient(BASE, { fetch, onDeviation: (deviation) => void heard.push(deviation) }).discover();
  expect(heard.filter(({ kind }) => kind === "mediaType")).toEqual([
    {
      kind: "mediaType",
      path: "ServiceProviderConfig",
      message: "/ServiceProviderConfig: the answer is text/json where application/scim+json belongs",
      section: "RFC 7644 §3.1",
    },
  ]);
});

test("what a server publishes cannot reach what a client is made of", async () => {
  const types: JsonObject[] = ["__proto__", "constructor", "toString"].map((name) => ({
    name,
    endpoint: `/${name}`,
    schema: USER,
  }));
  const { scim } = server({ ...WHOLE, types });
  await scim.discover();
  expect(scim.getResourceModel("__proto__").endpoint).toBe("/__proto__");
  expect(scim.findResourceModel("hasOwnProperty")).toBeUndefined();
  expect(Object.prototype).not.toHaveProperty("endpoint");
});

describe("what is not as the RFC has it in a document, and is understood, is told; under a strict profile it is an error", () => {
  const CONFIG_URN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
  const TYPE_URN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
  const supported = { supported: true };
  const properConfig = {
    schemas: [CONFIG_URN],
    patch: supported,
    bulk: { ...supported, maxOperations: 10, maxPayloadSize: 1000 },
    filter: { ...supported, maxResults: 0 },
    changePassword: supported,
    sort: supported,
    etag: supported,
    authenticationSchemes: [{ type: "oauthbearertoken", name: "token", description: "a token" }],
  };
  const properType = { schemas: [TYPE_URN], id: "User", ...userType };
  const proper = { config: properConfig, types: listOf(properType), schemas: listOf(userSchema) };

  const rows: ReadonlyArray<{
    title: string;
    given: Parameters<typeof server>[0];
    want: readonly { kind: string; path: string; message: string }[];
  }> = [
    { title: "nothing, of documents as the RFC has them", given: proper, want: [] },
    {
      title: "nothing, of documents that are extended, or absent",
      given: {
        types: listOf({ ...properType, [EXTRA]: { any: "thing" } }),
        schemas: listOf(userSchema),
      },
      want: [],
    },
    {
      title: "a bare array, and a lone entry",
      given: { ...proper, types: [properType], schemas: userSchema },
      want: [
        {
          kind: "envelope",
          path: "ResourceTypes",
          message: "/ResourceTypes: a bare array stands where a ListResponse belongs",
        },
        {
          kind: "envelope",
          path: "Schemas",
          message: "/Schemas: a lone entry stands where a ListResponse belongs (RFC 7644 §4)",
        },
      ],
    },
    {
      title: "a list under another name",
      given: { ...proper, schemas: { schemas: [LIST], Schemas: [userSchema] } },
      want: [
        {
          kind: "envelope",
          path: "Schemas",
          message: "/Schemas: a list under another name stands where a ListResponse belongs (RFC 7644 §4)",
        },
      ],
    },
    {
      title: "a configuration in a list, where SCIM 1.1 had it",
      given: {
        types: proper.types,
        schemas: proper.schemas,
        more: { "GET /ServiceProviderConfigs": { body: listOf(properConfig) } },
      },
      want: [
        {
          kind: "envelope",
          path: "ServiceProviderConfig",
          message: "/ServiceProviderConfig: a list stands where the one configuration belongs (RFC 7644 §4)",
        },
        {
          kind: "envelope",
          path: "ServiceProviderConfig",
          message: "/ServiceProviderConfig: it must be at /ServiceProviderConfig (RFC 7644 §4)",
        },
      ],
    },
    {
      title: "a value as text, and a name in another case",
      given: {
        ...proper,
        config: { ...properConfig, sort: { supported: "True" } },
        types: listOf({ ...properType, Endpoint: "/Users", endpoint: undefined }),
      },
      want: [
        {
          kind: "stringifiedBoolean",
          path: "ServiceProviderConfig.sort.supported",
          message: '/ServiceProviderConfig: "sort.supported" must be a JSON boolean, not text (RFC 7643 §2.3.2)',
        },
        {
          kind: "attributeName",
          path: "ResourceTypes[0].endpoint",
          message:
            '/ResourceTypes, entry 0: "endpoint" must be spelled as its schema spells it, and is renamed from "Endpoint" (RFC 7643 §2.1)',
        },
      ],
    },
    {
      title: "what is odd in each of many entries, once",
      given: {
        ...proper,
        schemas: listOf(userSchema, {
          id: EXTRA,
          attributes: many(200, (at) => ({ name: `a${at}`, required: "true", pii: at })),
        }),
      },
      want: [
        {
          kind: "stringifiedBoolean",
          path: "Schemas[1].attributes[0].required",
          message: '/Schemas, entry 1: "attributes[0].required" must be a JSON boolean, not text (RFC 7643 §2.3.2)',
        },
        {
          kind: "unknownAttribute",
          path: "Schemas[1].attributes[0].pii",
          message:
            '/Schemas, entry 1: "attributes[0].pii" must be defined by a schema of the resource; it is kept (RFC 7643 §3)',
        },
      ],
    },
  ];
  for (const { title, given, want } of rows) {
    test(title, async () => {
      const heard: Deviation[] = [];
      const onDeviation = (deviation: Deviation): void => void heard.push(deviation);
      await server(given, { onDeviation }).scim.discover();
      expect(heard.map(({ kind, path, message }) => ({ kind, path, message }))).toEqual(want);
    });

    test(`${title}: strict`, async () => {
      const heard: Deviation[] = [];
      const { scim } = server(given, { profile: strict, onDeviation: (deviation) => void heard.push(deviation) });
      const found = await scim.discover().then(
        () => [],
        (error: unknown) => (error instanceof ResponsePayloadValidationError ? error.issues : error),
      );
      expect(found).toMatchObject(want.map(({ path, message }) => ({ rule: "deviation", path, message })));
      expect(heard).toEqual([]);
      expect(models(scim)).toEqual(want.length === 0 ? [["User", "/Users", USER]] : []);
    });
  }

  test("strict: what cannot be used, where otherwise a warning would do", async () => {
    const { scim } = server(
      {
        ...proper,
        types: listOf(properType, { ...properType, name: "Key", schema: EXTRA }, { name: "No schema" }),
      },
      { profile: strict },
    );
    expect(await failure(() => scim.discover())).toMatchObject({
      code: "response_payload_validation_error",
      issues: [
        { path: "ResourceTypes[2].schemas", rule: "deviation" },
        { path: "2", rule: "deviation", message: "entry 2 of /ResourceTypes lacks what RFC 7643 asks of it" },
        { path: EXTRA, rule: "deviation", message: `the server does not publish the schema ${EXTRA}` },
        { path: "Key", rule: "deviation" },
      ],
    });
  });

  test("strict: a value of a type that nothing can repair", async () => {
    const { scim } = server(
      { ...proper, config: { ...properConfig, patch: { supported: "perhaps" } } },
      { profile: strict },
    );
    const error = await failure(() => scim.discover());
    expect(error).toMatchObject({
      issues: [{ path: "ServiceProviderConfig.patch.supported", rule: "type" }],
      request: { url: `${BASE}${CONFIG}` },
    });
  });

  test("strict: a tolerant discovery can be given to a client that is strict from then on", async () => {
    const odd = { ...proper, types: [properType] };
    const discovery = await server(odd).scim.discover();
    const { scim } = server(odd, { profile: strict, discovery });
    expect(models(scim)).toEqual([["User", "/Users", USER]]);
  });

  test("nothing, where answers are not checked", async () => {
    const heard: Deviation[] = [];
    const options = {
      checkResponsePayload: false,
      onDeviation: (deviation: Deviation) => void heard.push(deviation),
    };
    const odd = { ...proper, types: [properType] };
    await server(odd, options).scim.discover();
    await server(odd, { ...options, profile: strict }).scim.discover();
    expect(heard).toEqual([]);
  });

  test("documents of a profile are not the server's", async () => {
    const schemas = [{ id: USER, attributes: [{ name: "userName" }, { name: "1st" }] }];
    const profile = { ...strict, discovery: { schemas } };
    const { scim } = server(proper, { profile });
    expect((await scim.discover()).warnings).toHaveLength(1);
  });

  test("no server can tell of more than a few dozen", async () => {
    const heard: Deviation[] = [];
    const odd = { ...userSchema, ...Object.fromEntries(many(500, (at) => [`x${at}`, at])) };
    const onDeviation = (deviation: Deviation): void => void heard.push(deviation);
    await server({ ...proper, schemas: listOf(odd) }, { onDeviation }).scim.discover();
    expect(heard).toHaveLength(64);
    const { scim } = server({ ...proper, schemas: listOf(odd) }, { profile: strict });
    expect(((await failure(() => scim.discover())) as ResponsePayloadValidationError).issues).toHaveLength(64);
  });
});
