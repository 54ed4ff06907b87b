import { describe, expect, test } from "vitest";
import {
  defineExtension,
  defineModel,
  SCIMClient,
  strict,
  type ClientOptions,
  type Deviation,
  type DeviationKind,
  type JsonObject,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { collect, failure, GROUP, LIST, listOf, replay, SCIM_JSON, USER, type Reply } from "./replay.ts";

const BASE = "https://auth.example/scim/v2";
const DEVICE = "urn:example:params:scim:schemas:core:2.0:Device";
const BADGE = "urn:example:params:scim:schemas:extension:2.0:Badge";

const Device = defineModel({
  schema: {
    id: DEVICE,
    attributes: [
      { name: "serial", required: true, returned: "always" },
      { name: "kind", canonicalValues: ["printer", "door"] },
      { name: "count", type: "integer" },
      { name: "ratio", type: "decimal" },
      { name: "on", type: "boolean" },
      { name: "since", type: "dateTime" },
      { name: "pin", returned: "never" },
      { name: "key", mutability: "writeOnly" },
      { name: "tags", multiValued: true },
      {
        name: "place",
        type: "complex",
        subAttributes: [
          { name: "floor", type: "integer" },
          { name: "room", required: true },
          { name: "code", returned: "never" },
        ],
      },
      {
        name: "ports",
        type: "complex",
        multiValued: true,
        subAttributes: [
          { name: "value", type: "integer" },
          { name: "primary", type: "boolean" },
        ],
      },
    ],
  },
  extensions: [
    defineExtension({
      schema: { id: BADGE, attributes: [{ name: "colour" }, { name: "until", type: "dateTime" }] },
    }),
  ],
});
const good: JsonObject = {
  schemas: [DEVICE, BADGE],
  id: "1",
  serial: "a",
  count: 1,
  on: true,
  since: "2026-01-23T04:56:22Z",
  tags: ["x"],
  place: { floor: 1, room: "b" },
  ports: [{ value: 80, primary: true }],
  [BADGE]: { colour: null },
};

const REPAIRS = { name: "p", repairs: { flatNames: true, stringifiedJson: ["ports", "place"] } } as const;

/** What differs from the good resource, what is said of it, and what is given. */
interface Row {
  readonly title: string;
  readonly kind: DeviationKind;
  /** In place of, or beside, members of the good resource; `undefined` takes one away. */
  readonly given: JsonObject;
  readonly path: string;
  readonly section: string;
  /** In place of, or beside, members of the good resource. */
  readonly gives: JsonObject;
  readonly profile?: typeof REPAIRS;
}

const ROWS: readonly Row[] = [
  {
    title: "a name in other case is brought to the schema's spelling",
    kind: "attributeName",
    given: { serial: undefined, SERIAL: "a" },
    path: "serial",
    section: "RFC 7643 §2.1",
    gives: {},
  },
  {
    title: "so is the name of a sub-attribute",
    kind: "attributeName",
    given: { place: { Floor: 1, room: "b" } },
    path: "place.floor",
    section: "RFC 7643 §2.1",
    gives: {},
  },
  {
    title: "and the URN of an extension",
    kind: "attributeName",
    given: { [BADGE]: undefined, [BADGE.toLowerCase()]: { colour: "red" } },
    path: BADGE,
    section: "RFC 7643 §2.1",
    gives: { [BADGE]: { colour: "red" } },
  },
  {
    title: "of two names that differ by case the second stays as it is",
    kind: "duplicateName",
    given: { COUNT: 2 },
    path: "COUNT",
    section: "RFC 7643 §2.1",
    gives: { COUNT: 2 },
  },
  {
    title: "an unknown attribute stays",
    kind: "unknownAttribute",
    given: { ports: [{ value: 80, primary: true, speed: null }] },
    path: "ports[0].speed",
    section: "RFC 7643 §3",
    gives: { ports: [{ value: 80, primary: true, speed: null }] },
  },
  {
    title: "schemas may be missing",
    kind: "schemas",
    given: { schemas: undefined },
    path: "schemas",
    section: "RFC 7643 §3",
    gives: {},
  },
  {
    title: "schemas may be text",
    kind: "schemas",
    given: { schemas: DEVICE },
    path: "schemas",
    section: "RFC 7643 §3",
    gives: {},
  },
  {
    title: "schemas may be in other case",
    kind: "schemas",
    given: { schemas: [DEVICE.toUpperCase(), BADGE] },
    path: "schemas",
    section: "RFC 7643 §3",
    gives: {},
  },
  {
    title: "schemas may lack an extension that has a value",
    kind: "schemas",
    given: { schemas: [DEVICE] },
    path: "schemas",
    section: "RFC 7643 §3",
    gives: {},
  },
  {
    title: "a boolean may be text",
    kind: "stringifiedBoolean",
    given: { on: "True" },
    path: "on",
    section: "RFC 7643 §2.3.2",
    gives: {},
  },
  {
    title: "a number may be text",
    kind: "stringifiedNumber",
    given: { ports: [{ value: "80", primary: true }] },
    path: "ports[0].value",
    section: "RFC 7643 §2.3.3",
    gives: {},
  },
  {
    title: "text may be a number",
    kind: "numberForString",
    given: { kind: 7 },
    path: "kind",
    section: "RFC 7643 §2.3.1",
    gives: { kind: "7" },
  },
  {
    title: "an id may be a number",
    kind: "numberForString",
    given: { id: 1 },
    path: "id",
    section: "RFC 7643 §2.3.1",
    gives: {},
  },
  {
    title: "an array may be a lone value",
    kind: "loneValue",
    given: { tags: "x" },
    path: "tags",
    section: "RFC 7643 §2.4",
    gives: {},
  },
  {
    title: "an array of complex values as well",
    kind: "loneValue",
    given: { ports: { value: 80, primary: true } },
    path: "ports",
    section: "RFC 7643 §2.4",
    gives: {},
  },
  {
    title: "a single value may be in an array",
    kind: "arrayForSingle",
    given: { place: [{ floor: 1, room: "b" }] },
    path: "place",
    section: "RFC 7643 §7",
    gives: {},
  },
  {
    title: "more than one value may be the primary one",
    kind: "repeatedPrimary",
    given: {
      ports: [
        { value: 80, primary: true },
        { value: 81, primary: true },
      ],
    },
    path: "ports[1].primary",
    section: "RFC 7643 §2.4",
    gives: {
      ports: [
        { value: 80, primary: true },
        { value: 81, primary: true },
      ],
    },
  },
  {
    title: "a dateTime may be none",
    kind: "dateTime",
    given: { since: "23 Jan" },
    path: "since",
    section: "RFC 7643 §2.3.5",
    gives: { since: "23 Jan" },
  },
  {
    title: "what is never returned is removed",
    kind: "returnedNever",
    given: { pin: "1234" },
    path: "pin",
    section: "RFC 7643 §7",
    gives: {},
  },
  {
    title: "so is what is writeOnly",
    kind: "returnedNever",
    given: { key: "1234" },
    path: "key",
    section: "RFC 7643 §7",
    gives: {},
  },
  {
    title: "and what is inside of another",
    kind: "returnedNever",
    given: { place: { floor: 1, room: "b", code: "1234" } },
    path: "place.code",
    section: "RFC 7643 §7",
    gives: {},
  },
  {
    title: "what is always returned may be missing",
    kind: "returnedAlways",
    given: { serial: undefined },
    path: "serial",
    section: "RFC 7643 §7",
    gives: { serial: undefined },
  },
  {
    title: "names may be flat, where the profile says so",
    kind: "flatName",
    given: { place: undefined, "place.room": "b" },
    path: "place.room",
    section: "RFC 7643 §2.3.8",
    gives: { place: { room: "b" } },
    profile: REPAIRS,
  },
  {
    title: "values may be text with JSON in it, where the profile says so",
    kind: "stringifiedJson",
    given: { ports: '[{"value":80,"primary":true}]' },
    path: "ports",
    section: "RFC 7643 §2.3",
    gives: {},
    profile: REPAIRS,
  },
];

/** A resource with some members in place of, or beside, those of the good one. */
function deviceWith(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...good, ...members }).filter(([, value]) => value !== undefined));
}

function listening(
  reply: Reply | readonly Reply[],
  options: ClientOptions = {},
): { scim: SCIMClient<boolean, boolean>; heard: Deviation[] } {
  const heard: Deviation[] = [];
  const replies: readonly Reply[] = Array.isArray(reply) ? reply : [reply as Reply];
  const { fetch } = replay(...replies);
  const onDeviation = (deviation: Deviation): void => void heard.push(deviation);
  return { heard, scim: new SCIMClient(BASE, { fetch, retry: false, onDeviation, ...options }) };
}

describe("a tolerated deviation is told with its kind, its path and its section; a strict profile makes it an error", () => {
  for (const { title, kind, given, path, section, gives, profile } of ROWS) {
    const answer = deviceWith(given);
    const want = deviceWith(gives);
    const options: ClientOptions = profile === undefined ? {} : { profile };
    const told = { kind, path, section, message: expect.stringContaining(`"${path}" must`) as string };
    if (kind === "unknownAttribute" || kind === "duplicateName")
      told.message = expect.stringContaining(path) as string;

    test(`${title}: ${kind}`, async () => {
      const { scim, heard } = listening({ body: answer }, options);
      expect(await scim.query(Device, "1")).toEqual(want);
      expect(heard).toEqual([told]);
    });

    test(`${title}: ${kind}, with its position in a list`, async () => {
      const { scim, heard } = listening({ body: listOf(good, answer, good) }, options);
      expect(await scim.query(Device, {})).toMatchObject({ Resources: [good, want, good] });
      expect(heard).toEqual([{ ...told, index: 1 }]);
    });

    test(`${title}: strict`, async () => {
      const strictOptions = { profile: { ...profile, ...strict, repairs: profile?.repairs ?? {} } };
      const { scim, heard } = listening({ body: answer }, strictOptions);
      expect(await failure(() => scim.query(Device, "1"))).toMatchObject({
        code: "response_payload_validation_error",
        issues: [{ rule: "deviation", path, section }],
        index: undefined,
      });
      const list = listening({ body: listOf(good, answer) }, strictOptions);
      expect(await failure(() => list.scim.query(Device, {}))).toMatchObject({
        code: "response_payload_validation_error",
        issues: [{ rule: "deviation", path, section }],
        index: 1,
        message: expect.stringMatching(/^GET https:\/\/auth\.example\/scim\/v2\/Devices, resource 1: /) as string,
      });
      expect([...heard, ...list.heard]).toEqual([]);
    });
  }

  const NOTHING: ReadonlyArray<{ title: string; given: JsonObject; gives?: JsonObject }> = [
    { title: "the resource as it should be", given: {} },
    { title: "RFC 7643 §7: a value that is not canonical", given: { kind: "toaster" } },
    { title: "erratum 8280: a required attribute that is missing", given: { place: { floor: 1 } } },
    {
      title: "RFC 7643 §2.5: null, which is no value",
      given: { kind: null, tags: null },
      gives: { kind: undefined, tags: undefined },
    },
    {
      title: "RFC 9944: null in an extension, which may mean something",
      given: { [BADGE]: { colour: null, until: null } },
    },
    { title: "RFC 7643 §3: schemas in any order", given: { schemas: [BADGE, DEVICE] } },
    { title: "an extension that the model does not know", given: { schemas: [DEVICE, BADGE, "urn:x"] } },
    { title: "a number that is whole", given: { ratio: 1 } },
  ];
  for (const { title, given, gives = given } of NOTHING) {
    test(`nothing to tell: ${title}`, async () => {
      for (const options of [{}, { profile: strict }]) {
        const { scim, heard } = listening({ body: deviceWith(given) }, options);
        expect(await scim.query(Device, "1")).toEqual(deviceWith(gives));
        expect(heard).toEqual([]);
      }
    });
  }

  const BROKEN: ReadonlyArray<{ given: JsonObject; path: string; rule: string }> = [
    { given: { id: undefined }, path: "id", rule: "required" },
    { given: { id: "" }, path: "id", rule: "required" },
    { given: { id: true }, path: "id", rule: "type" },
    { given: { on: "yes" }, path: "on", rule: "type" },
    { given: { count: 1.5 }, path: "count", rule: "type" },
    { given: { count: "1.5" }, path: "count", rule: "type" },
    { given: { place: "here" }, path: "place", rule: "type" },
    { given: { place: [{}, {}] }, path: "place", rule: "type" },
    { given: { tags: [1, {}] }, path: "tags[1]", rule: "type" },
    { given: { ports: [{ value: {} }] }, path: "ports[0].value", rule: "type" },
    { given: { [BADGE]: "red" }, path: BADGE, rule: "type" },
  ];
  for (const { given, path, rule } of BROKEN) {
    test(`what cannot be repaired is an error: ${JSON.stringify(given)}`, async () => {
      for (const options of [{}, { profile: strict }]) {
        const { scim } = listening({ body: deviceWith(given) }, options);
        const error = await failure(() => scim.query(Device, "1"));
        expect(error).toMatchObject({ code: "response_payload_validation_error" });
        expect((error as { issues: unknown[] }).issues).toContainEqual(expect.objectContaining({ path, rule }));
      }
    });
  }
});

test("RFC 7643 §3.1: a resource whose id is empty has none, in a list and for compiled validators as well", async () => {
  const { scim } = listening({ body: listOf(good, { ...good, id: "" }) });
  for (let compiled = 0; compiled < 120; compiled += 1) {
    expect(await failure(() => scim.query(Device, {}))).toMatchObject({
      code: "response_payload_validation_error",
      index: 1,
      issues: [{ path: "id", rule: "required", section: "RFC 7643 §3.1" }],
    });
  }
});

type Call = (scim: SCIMClient<boolean, boolean>) => unknown;

function pages(...bodies: readonly object[]): Reply[] {
  return bodies.map((body) => ({ body }));
}

function page(ids: readonly string[], more: object = {}): object {
  return { schemas: [LIST], Resources: ids.map((id) => ({ ...good, id })), ...more };
}

async function query(scim: SCIMClient<boolean, boolean>): Promise<void> {
  await scim.query(Device, {});
}

async function walk(scim: SCIMClient<boolean, boolean>): Promise<void> {
  await collect(scim.list(Device, { count: 2 }));
}

describe("deviations of the message as a whole", () => {
  const MESSAGES: ReadonlyArray<{
    title: string;
    replies: readonly Reply[];
    call: Call;
    want: object;
    error?: object;
  }> = [
    {
      title: "a bare array",
      replies: [{ body: [good] }],
      call: query,
      want: { kind: "envelope", section: "RFC 7644 §3.4.2" },
    },
    { title: "a lone resource for a list", replies: [{ body: good }], call: query, want: { kind: "envelope" } },
    {
      title: "a list that does not say that it is one",
      replies: [{ body: { totalResults: 1, Resources: [good] } }],
      call: query,
      want: { kind: "envelope" },
    },
    {
      title: "Resources in other case",
      replies: [{ body: { schemas: [LIST], totalResults: 1, resources: [good] } }],
      call: query,
      want: { kind: "envelope" },
    },
    {
      title: "a lone resource in Resources",
      replies: [{ body: { schemas: [LIST], totalResults: 1, Resources: good } }],
      call: query,
      want: { kind: "envelope" },
    },
    {
      title: "less in all than came",
      replies: [{ body: page(["1", "2"], { totalResults: 1 }) }],
      call: query,
      want: { kind: "totalResults", path: "totalResults" },
    },
    {
      title: "a walk that ends before the total",
      replies: pages(
        page(["1", "2"], { totalResults: 5 }),
        page(["3", "4"], { totalResults: 5 }),
        page([], { totalResults: 5 }),
      ),
      call: walk,
      want: { kind: "totalResults", path: "totalResults" },
    },
    {
      title: "a page that repeats a resource",
      replies: pages(
        page(["1", "2"], { totalResults: 4 }),
        page(["2", "3"], { totalResults: 4 }),
        page(["4"], { totalResults: 4 }),
      ),
      call: walk,
      want: { kind: "repeatedResource" },
    },
    {
      title: "resources that do not match the filter",
      replies: [{ body: listOf(good, { ...good, serial: "b" }) }],
      call: (scim) => scim.query(Device, { filter: 'serial eq "a"' }),
      want: {
        kind: "filterIgnored",
        path: "Resources",
        message: "1 of 2 resources do not match the filter",
        section: "RFC 7644 §3.4.2.2",
      },
    },
    {
      title: "a media type that is not SCIM's",
      replies: [{ body: good, headers: { "content-type": "text/json" } }],
      call: (scim) => scim.query(Device, "1"),
      want: { kind: "mediaType", path: "", section: "RFC 7644 §3.1" },
      error: { code: "unexpected_content_type" },
    },
  ];
  for (const { title, replies, call, want, error } of MESSAGES) {
    test(`${title}: told`, async () => {
      const { scim, heard } = listening(replies);
      await call(scim);
      expect(heard).toContainEqual(expect.objectContaining(want));
      for (const deviation of heard) expect(deviation).not.toHaveProperty("index");
    });

    test(`${title}: strict`, async () => {
      const { scim, heard } = listening(replies, { profile: strict });
      expect(await failure(() => call(scim))).toMatchObject(
        error ?? { code: "response_payload_validation_error", issues: [{ rule: "deviation" }] },
      );
      expect(heard).toEqual([]);
    });
  }

  test("a media type that nobody wants checked is no deviation, strict or not", async () => {
    for (const options of [{}, { profile: strict }]) {
      const { scim, heard } = listening({ body: good, headers: { "content-type": "text/json" } }, options);
      expect(await scim.query(Device, "1", { checkResponseContentType: false })).toEqual(good);
      expect(heard).toEqual([]);
    }
  });

  test("a list as it should be is none, strict or not", async () => {
    for (const options of [{}, { profile: strict }]) {
      const three = pages(page(["1", "2"], { totalResults: 3 }), page(["3"], { totalResults: 3 }));
      const { scim, heard } = listening(three, options);
      expect(await collect(scim.list(Device, { count: 2, filter: 'serial eq "a"' }))).toHaveLength(3);
      expect(heard).toEqual([]);
    }
  });

  test("RFC 7644 §3.12: an Error that is not in the RFC's form", async () => {
    const { scim, heard } = listening({ status: 404, body: { status: 400, detail: "no" } });
    expect(await failure(() => scim.query(Device, "1"))).toMatchObject({ status: 404, detail: "no" });
    expect(heard.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      "envelope: schemas of an Error must be the Error schema alone (RFC 7644 §3.12)",
      "envelope: status of an Error must be the HTTP status as text (RFC 7644 §3.12)",
      "envelope: status of an Error is 400 where the HTTP status is 404 (RFC 7644 §3.12)",
    ]);
    const other = listening({ status: 404, body: { detail: "no" } }, { profile: strict });
    expect(await failure(() => other.scim.query(Device, "1"))).toMatchObject({
      code: "scim_response_error_object",
    });
  });
});

describe("who hears of deviations", () => {
  const reply = { body: deviceWith({ on: "true" }) };

  test("the call's function in place of the client's", async () => {
    const { scim, heard } = listening(reply);
    const own: string[] = [];
    await scim.query(Device, "1", { onDeviation: ({ kind }) => void own.push(kind) });
    expect([heard, own]).toEqual([[], ["stringifiedBoolean"]]);
  });

  test("what it throws reaches the caller", async () => {
    const { scim } = listening(reply);
    const reason = new Error("stop");
    const onDeviation = (): never => {
      throw reason;
    };
    expect(await failure(() => scim.query(Device, "1", { onDeviation }))).toBe(reason);
    expect(await failure(() => collect(scim.list(Device, { onDeviation })))).toBe(reason);
  });

  test("nobody has to", async () => {
    expect(await new SCIMClient(BASE, { fetch: replay(reply).fetch }).query(Device, "1")).toEqual(good);
  });
});

describe("RFC 7644 §3.4.2.1: a resource of a mixed list is read by the model that it says it is of", () => {
  const user = { schemas: [USER], id: "1", userName: "b", active: "true" };
  const group = { schemas: [GROUP], id: "2", displayName: "t", members: { value: "1" } };
  const rows: ReadonlyArray<{ title: string; given: JsonObject; want: object; kinds: readonly string[] }> = [
    { title: "by its schemas", given: user, want: { active: true }, kinds: ["stringifiedBoolean"] },
    {
      title: "in any case",
      given: { ...group, schemas: [GROUP.toUpperCase()] },
      want: { members: [{ value: "1" }] },
      kinds: ["loneValue", "schemas"],
    },
    {
      title: "by meta.resourceType, where there are none",
      given: { ...user, schemas: undefined, meta: { resourceType: "user" } },
      want: { active: true, schemas: [USER] },
      kinds: ["schemas", "stringifiedBoolean"],
    },
    {
      title: "by none, where it is of another type: it is given as it came",
      given: { schemas: ["urn:x"], id: "3", active: "true" },
      want: { schemas: ["urn:x"], id: "3", active: "true" },
      kinds: ["schemas"],
    },
  ];
  for (const { title, given, want, kinds } of rows) {
    test(title, async () => {
      const { scim, heard } = listening({ body: listOf(given) });
      expect(await scim.query([User, Group])).toMatchObject({ Resources: [want] });
      expect(heard.map(({ kind, index }) => `${kind} ${index}`).toSorted()).toEqual(
        kinds.map((kind) => `${kind} 0`),
      );
      expect(
        await failure(() => listening({ body: listOf(given) }, { profile: strict }).scim.query([User, Group])),
      ).toMatchObject({
        code: "response_payload_validation_error",
        index: 0,
      });
    });
  }

  test("RFC 7643 §6: of two types with one schema by meta.resourceType", async () => {
    const colour = { name: "colour", type: "boolean" } as const;
    const discovery = {
      resourceTypes: [
        { name: "Employee", endpoint: "/Employees", schema: USER },
        {
          name: "Contractor",
          endpoint: "/Contractors",
          schema: USER,
          schemaExtensions: [{ schema: BADGE, required: false }],
        },
      ],
      schemas: [
        { id: USER, attributes: [{ name: "userName" }] },
        { id: BADGE, attributes: [colour] },
      ],
      warnings: [],
    };
    const resource = { schemas: [USER], id: "1", [BADGE]: { colour: "true" } };
    const resources = ["Contractor", "contractor", "Employee", "Nobody", undefined].map((resourceType) => {
      return { ...resource, ...(resourceType === undefined ? {} : { meta: { resourceType } }) };
    });
    const { scim } = listening({ body: listOf(...resources) }, { discovery });
    const all = (await scim.query()) as { Resources: JsonObject[] };
    expect(all.Resources.map((each) => (each[BADGE] as JsonObject)["colour"])).toEqual([
      true,
      true,
      "true",
      "true",
      "true",
    ]);
  });

  test("one model alone is taken whatever a resource says of itself", async () => {
    const { scim } = listening({ body: listOf({ ...user, schemas: [GROUP] }) });
    expect(await scim.query([User])).toMatchObject({ Resources: [{ active: true, schemas: [GROUP, USER] }] });
  });
});

describe("RFC 7643 §2.5: null in what is written", () => {
  const given = { userName: "b", nickName: null, name: { givenName: null, familyName: "J" }, emails: [] };

  test("is sent as it is", async () => {
    const { fetch, sent } = replay({ status: 201, body: { schemas: [USER], id: "1" } });
    await new SCIMClient(BASE, { fetch }).create(User, given);
    expect(sent[0]?.body).toEqual({ schemas: [USER], ...given });
  });

  test("is dropped for a server that refuses it; an empty array is not", async () => {
    const answer = { schemas: [USER], id: "1" };
    const { fetch, sent } = replay({ status: 201, body: answer }, { body: answer });
    const scim = new SCIMClient(BASE, { fetch, profile: { name: "p", nulls: "drop" } });
    await scim.create(User, given);
    await scim.replace(User, { id: "1", ...given });
    const want = { schemas: [USER], userName: "b", name: { familyName: "J" }, emails: [] };
    expect(sent.map(({ body }) => body)).toEqual([want, want]);
    expect(given).toHaveProperty("nickName", null);
  });

  test("is refused for a required attribute, dropped or not", async () => {
    for (const nulls of ["send", "drop"] as const) {
      const { fetch, sent } = replay({ status: 201 });
      const scim = new SCIMClient(BASE, { fetch, profile: { name: "p", nulls } });
      expect(await failure(() => scim.create(User, { userName: null } as never))).toMatchObject({
        issues: [{ path: "userName", rule: "required" }],
      });
      expect(sent).toEqual([]);
    }
  });

  test("the media type of what is written is the profile's", async () => {
    const { fetch, sent } = replay({ status: 201, body: { schemas: [USER], id: "1" } });
    const scim = new SCIMClient(BASE, { fetch, profile: { name: "p", requestContentType: "application/json" } });
    await scim.create(User, { userName: "b" });
    expect(sent[0]?.headers["content-type"]).toBe("application/json");
    expect(sent[0]?.headers["content-type"]).not.toBe(SCIM_JSON);
  });
});

describe("RFC 7643 §2.4: one value is primary at most, in whatever is sent", () => {
  const two = [
    { value: "a@example.com", primary: true },
    { value: "b@example.com", primary: true },
  ];
  const CALLS: ReadonlyArray<{
    title: string;
    call: (scim: SCIMClient, options: object) => unknown;
    path?: string;
  }> = [
    { title: "create", call: (scim, options) => scim.create(User, { userName: "b", emails: two }, options) },
    {
      title: "replace",
      call: (scim, options) => scim.replace(User, { id: "1", userName: "b", emails: two }, options),
    },
    {
      title: "modify",
      call: (scim, options) => scim.modify(User, "1", [{ op: "replace", path: "emails", value: two }], options),
    },
    {
      title: "bulk",
      call: (scim, options) =>
        scim.bulk([{ method: "POST", path: "/Users", data: { userName: "b", emails: two } }], options),
      path: "Operations[0].emails[1].primary",
    },
  ];
  for (const { title, call, path = "emails[1].primary" } of CALLS) {
    test(title, async () => {
      const { fetch, sent } = replay({ status: 404 });
      const scim = new SCIMClient<true, true>(BASE, { fetch, retry: false });
      scim.registerNaiveResourceTypes([User]);
      const error = await failure(() => call(scim, {}));
      expect(error).toMatchObject({ code: "request_payload_validation_error", issues: [{ path, rule: "bounds" }] });
      expect(sent).toEqual([]);
      await Promise.allSettled([call(scim, { checkRequestPayload: false })]);
      expect(sent.length).toBeGreaterThan(0);
    });
  }
});
