import { describe, expect, test } from "vitest";
import type { Deviation, DeviationKind } from "../../src/deviation.ts";
import type { JsonObject, JsonValue } from "../../src/json.ts";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import { compileAttributes, type Attribute } from "../../src/schema/attribute.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import { DEVIATION_LIMIT } from "../../src/schema/deviation-report.ts";
import { normalise, normaliseAttribute } from "../../src/schema/normalise.ts";
import { ExtensionModel } from "../../src/schema/resource-model.ts";
import type { Repairs } from "../../src/schema/repairs.ts";
import { users } from "../../bench/users.ts";

const CORE = "urn:example:schemas:core:2.0:Thing";
const EXTENSION = "urn:example:schemas:extension:2.0:Part";

const Part = defineExtension({
  schema: {
    id: EXTENSION,
    attributes: [
      { name: "serial" },
      { name: "pin", returned: "never" },
      { name: "batch", type: "complex", subAttributes: [{ name: "number", type: "integer" }, { name: "line" }] },
      { name: "keys", multiValued: true },
    ],
  },
});
const Thing = defineModel({
  schema: {
    id: CORE,
    attributes: [
      { name: "userName", required: true },
      { name: "active", type: "boolean" },
      { name: "flags", type: "boolean", multiValued: true },
      { name: "size", type: "integer" },
      { name: "weight", type: "decimal" },
      { name: "link", type: "reference" },
      { name: "seal", type: "binary" },
      { name: "made", type: "dateTime" },
      { name: "tags", multiValued: true },
      { name: "password", mutability: "writeOnly" },
      { name: "secret", returned: "never" },
      { name: "assigned", mutability: "readOnly" },
      { name: "anything", type: "complex" },
      {
        name: "name",
        type: "complex",
        subAttributes: [
          { name: "formatted", mutability: "readOnly" },
          { name: "familyName" },
          { name: "givenName" },
          { name: "hidden", returned: "never" },
        ],
      },
      {
        name: "emails",
        type: "complex",
        multiValued: true,
        subAttributes: [
          { name: "value" },
          { name: "type" },
          { name: "primary", type: "boolean" },
          { name: "display", mutability: "readOnly" },
          { name: "token", returned: "never" },
        ],
      },
    ],
  },
  extensions: [Part],
});

/** A resource in which everything but `members` is in order. */
function thing(members: JsonObject): JsonObject {
  const populated = (members[EXTENSION] ?? null) !== null;
  return { schemas: populated ? [CORE, EXTENSION] : [CORE], id: "1", ...members };
}

/** As JSON has it: `__proto__` is a member like any other. */
function parsed(source: string): JsonObject {
  return JSON.parse(source) as JsonObject;
}

interface Row {
  readonly title: string;
  readonly given: JsonObject;
  /** Default: the very object that was given. */
  readonly want?: JsonObject;
  /** Kind and path of each. Default: none. */
  readonly deviations?: ReadonlyArray<`${DeviationKind} ${string}` | "schemas">;
  readonly repairs?: Repairs;
}

function response(rows: readonly Row[]): void {
  for (const { title, given, want, deviations = [], repairs } of rows) {
    test(title, () => {
      const before = JSON.stringify(given);
      const reported: Deviation[] = [];
      const value = normalise(Thing, "response", given, (deviation) => reported.push(deviation), repairs);
      expect(reported.map(({ kind, path }) => (path === kind ? kind : `${kind} ${path}`))).toEqual(deviations);
      expect(value === given).toBe(want === undefined);
      expect(text(value)).toBe(text(want ?? given));
      expect(JSON.stringify(given)).toBe(before);
      expect(normalise(Thing, "response", given, undefined, repairs)).toEqual(value);
    });
  }
}

/** Members in alphabetical order. Unlike `toEqual` a comparison of texts sees `__proto__`. */
function text(value: JsonValue): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member ?? null)]));
}

describe("a response that is in order", () => {
  response([
    { title: "is returned as it is", given: thing({ userName: "b", emails: [{ value: "b@example.com" }] }) },
    {
      title: "RFC 7643 §2.2: may have non-canonical values, lack required attributes and have empty arrays",
      given: thing({ emails: [{ type: "somewhere" }, {}], tags: [] }),
    },
    {
      title: "RFC 7643 §3: lists its schemas in any order, and others too",
      given: { id: "1", schemas: [EXTENSION, "urn:example:other", CORE], [EXTENSION]: { serial: "7" } },
    },
    {
      title: "RFC 7643 §2.3.8: a complex attribute without published sub-attributes is passed on unseen",
      given: thing({ anything: { "": null, active: "true" } }),
    },
  ]);

  test("comes back to the same reference for each of a thousand users", () => {
    const model = User.with(EnterpriseUser);
    for (const user of users(1000)) {
      expect(normalise(model, "response", user, (deviation) => expect.fail(deviation.message))).toBe(user);
    }
  });

  test("what is no object is returned as it is", () => {
    for (const value of [null, true, 1, "text", [], [{ USERNAME: "b" }]]) {
      for (const context of ["create", "replace", "patch", "response"] as const) {
        expect(normalise(Thing, context, value)).toBe(value);
      }
    }
  });
});

describe("RFC 7643 §2.1: attribute names are case insensitive", () => {
  response([
    {
      title: "a name in another case is renamed to the schema's spelling",
      given: thing({ USERNAME: "b", Name: { FamilyName: "Jensen" } }),
      want: thing({ userName: "b", name: { familyName: "Jensen" } }),
      deviations: ["attributeName userName", "attributeName name", "attributeName name.familyName"],
    },
    {
      title: "sub-attributes of an element are renamed and the other elements are shared",
      given: thing({ emails: [{ value: "a" }, { Value: "b" }] }),
      want: thing({ emails: [{ value: "a" }, { value: "b" }] }),
      deviations: ["attributeName emails[1].value"],
    },
    {
      title: "so is the URN of an extension",
      given: thing({ schemas: [CORE, EXTENSION], [EXTENSION.toUpperCase()]: { SERIAL: "7" } }),
      want: thing({ [EXTENSION]: { serial: "7" } }),
      deviations: [`attributeName ${EXTENSION}`, `attributeName ${EXTENSION}:serial`],
    },
    {
      title: "of two names that differ by case the schema's spelling counts",
      given: thing({ username: "a", userName: "b" }),
      deviations: ["duplicateName username"],
    },
    {
      title: "it counts also when it comes first",
      given: thing({ userName: "b", username: "a", active: "true" }),
      want: thing({ userName: "b", username: "a", active: true }),
      deviations: ["duplicateName username", "stringifiedBoolean active"],
    },
    {
      title: "where neither is in the schema's spelling the first counts",
      given: thing({ USERNAME: "a", username: "b" }),
      want: thing({ userName: "a", username: "b" }),
      deviations: ["attributeName userName", "duplicateName username"],
    },
    {
      title: "a null in the schema's spelling does not count",
      given: thing({ username: "a", userName: null }),
      want: thing({ userName: "a" }),
      deviations: ["attributeName userName"],
    },
    {
      title: "nor does an empty array where a single value belongs",
      given: thing({ size: [], SIZE: 1 }),
      want: thing({ size: 1 }),
      deviations: ["arrayForSingle size", "attributeName size"],
    },
    {
      title: "a null under an extension counts",
      given: thing({ [EXTENSION]: { serial: null, SERIAL: "7" } }),
      deviations: [`duplicateName ${EXTENSION}:SERIAL`],
    },
    {
      title: "a duplicate that is null is removed",
      given: thing({ userName: "b", username: null }),
      want: thing({ userName: "b" }),
    },
    {
      title: "schemas in another case is understood",
      given: { id: "1", Schemas: [CORE] },
      want: thing({}),
      deviations: ["attributeName schemas"],
    },
    {
      title: "schemas that is null does not hide Schemas",
      given: { id: "1", schemas: null, Schemas: [CORE] },
      want: thing({}),
      deviations: ["attributeName schemas"],
    },
    {
      title: "nor does it come after",
      given: { id: "1", Schemas: [CORE], schemas: null },
      want: thing({}),
      deviations: ["attributeName schemas"],
    },
  ]);
});

describe("RFC 7643 §3: attributes are defined by the schemas of the resource", () => {
  response([
    {
      title: "unknown attributes are kept and not looked into",
      given: thing({ colour: { USERNAME: null }, name: { middle: null } }),
      deviations: ["unknownAttribute colour", "unknownAttribute name.middle"],
    },
    {
      title: "an extension that the model does not know is an unknown attribute",
      given: thing({ "urn:example:other": { a: 1 } }),
      deviations: ["unknownAttribute urn:example:other"],
    },
    {
      title: "RFC 9944: a URN inside an extension is a nested extension, known or not",
      given: thing({ [EXTENSION]: { "urn:example:nested:2.0:Part": { key: null }, "URN:example:null": null } }),
    },
    {
      title: "anything else inside an extension is an unknown attribute",
      given: thing({ [EXTENSION]: { odd: 1 } }),
      deviations: [`unknownAttribute ${EXTENSION}:odd`],
    },
    {
      title: "so is a URN in one of its complex attributes",
      given: thing({ [EXTENSION]: { batch: { "urn:example:nested:2.0:Part": {} } } }),
      deviations: [`unknownAttribute ${EXTENSION}:batch.urn:example:nested:2.0:Part`],
    },
    {
      title: "a name of a million characters is cut and made printable in the report",
      given: thing({ ["\n\u{1f600}".padEnd(1_000_000, "x")]: 1 }),
      deviations: [`unknownAttribute ???${"x".repeat(253)}…`],
    },
  ]);
});

describe("RFC 7643 §3: schemas is an array with the URN of each schema in use", () => {
  const rest = { id: "1" };
  response([
    { title: "absent", given: rest, want: { schemas: [CORE], ...rest }, deviations: ["schemas"] },
    { title: "null", given: { schemas: null, ...rest }, want: thing({}), deviations: ["schemas"] },
    { title: "empty", given: { schemas: [], ...rest }, want: thing({}), deviations: ["schemas"] },
    { title: "a lone URN", given: { schemas: CORE, ...rest }, want: thing({}), deviations: ["schemas"] },
    { title: "an object", given: { schemas: { a: 1 }, ...rest }, want: thing({}), deviations: ["schemas"] },
    {
      title: "in another case",
      given: { schemas: [CORE.toLowerCase(), EXTENSION.toUpperCase()], ...rest },
      want: { schemas: [CORE, EXTENSION], ...rest },
      deviations: ["schemas"],
    },
    {
      title: "without the core schema; other URNs stay",
      given: { schemas: ["urn:example:other"], ...rest },
      want: { schemas: ["urn:example:other", CORE], ...rest },
      deviations: ["schemas"],
    },
    {
      title: "without an extension that is there",
      given: { schemas: [CORE], ...rest, [EXTENSION]: {} },
      want: { schemas: [CORE, EXTENSION], ...rest, [EXTENSION]: {} },
      deviations: ["schemas"],
    },
    {
      title: "with one that is not",
      given: { schemas: [CORE, EXTENSION], ...rest },
    },
    {
      title: "with things that are no text",
      given: { schemas: [null, CORE, 7, [CORE], {}], ...rest },
      want: thing({}),
      deviations: ["schemas"],
    },
    {
      title: "with repeats",
      given: { schemas: [CORE, CORE.toUpperCase(), "urn:a", "urn:a"], ...rest },
      want: { schemas: [CORE, "urn:a"], ...rest },
      deviations: ["schemas"],
    },
    {
      title: "with repeats in a long list",
      given: { schemas: [CORE, ...Array.from({ length: 20 }, (_, index) => `urn:a:${index % 19}`)], ...rest },
      want: { schemas: [CORE, ...Array.from({ length: 19 }, (_, index) => `urn:a:${index}`)], ...rest },
      deviations: ["schemas"],
    },
  ]);
});

describe("RFC 7643 §2.5: null is the same as no value", () => {
  response([
    {
      title: "null members of schema attributes are removed without a report",
      given: thing({ userName: null, name: { familyName: null, givenName: "B" }, emails: null, password: null }),
      want: thing({ name: { givenName: "B" } }),
    },
    {
      title: "so are null elements",
      given: thing({ tags: ["a", null, "b"], emails: [null, { value: null }], flags: [null] }),
      want: thing({ tags: ["a", "b"], emails: [{}], flags: [] }),
    },
    { title: "an extension that is null is not there", given: thing({ [EXTENSION]: null }), want: thing({}) },
    {
      title: "RFC 9944: below an extension null has a meaning and stays",
      given: thing({ [EXTENSION]: { serial: null, batch: { line: null }, keys: [null] } }),
    },
    {
      title: "nulls of unknown attributes stay",
      given: thing({ colour: null }),
      deviations: ["unknownAttribute colour"],
    },
  ]);
});

describe("RFC 7643 §2.3: data types", () => {
  response([
    {
      title: "§2.3.2: a boolean sent as text is parsed in any case",
      given: thing({ active: "True", flags: ["FALSE", true, "false"] }),
      want: thing({ active: true, flags: [false, true, false] }),
      deviations: ["stringifiedBoolean active", "stringifiedBoolean flags[0]", "stringifiedBoolean flags[2]"],
    },
    { title: "other text is not taken for a boolean", given: thing({ active: "yes", flags: ["", "1", 1] }) },
    {
      title: "§2.3.3 and §2.3.4: a number sent as text is parsed",
      given: thing({ size: "-12", weight: "1.5e3" }),
      want: thing({ size: -12, weight: 1500 }),
      deviations: ["stringifiedNumber size", "stringifiedNumber weight"],
    },
    ...["", " 1", "01", "+1", "1.", ".5", "0x10", "1e", "Infinity", "NaN", "1,5", "1_0", "1e999"].map((other) => ({
      title: `other text is not taken for a number: ${JSON.stringify(other)}`,
      given: thing({ size: other, weight: other }),
    })),
    {
      title: "§2.3.4: text with a fraction, or with more digits than a number holds, is not taken for an integer",
      given: thing({ size: "1.5", [EXTENSION]: { batch: { number: "9007199254740993" } } }),
    },
    {
      title: "§2.3.1: a number where text belongs becomes text",
      given: { schemas: [CORE], id: 42, userName: -0.5, link: 7, tags: [1, "a"] },
      want: { schemas: [CORE], id: "42", userName: "-0.5", link: "7", tags: ["1", "a"] },
      deviations: [
        "numberForString id",
        "numberForString userName",
        "numberForString link",
        "numberForString tags[0]",
      ],
    },
    {
      title: "a number that may have lost digits already does not, nor one where binary data belongs",
      given: { schemas: [CORE], id: 2 ** 53, seal: 1234 },
    },
    {
      title: "§2.3.5: a dateTime that is none is kept",
      given: thing({ made: "yesterday", meta: { created: "2011-05-13T04:42:34" } }),
      deviations: ["dateTime made", "dateTime meta.created"],
    },
    {
      title: "§2.3.5: so is one in milliseconds, as text",
      given: thing({ made: 1305261754000 }),
      want: thing({ made: "1305261754000" }),
      deviations: ["numberForString made", "dateTime made"],
    },
    {
      title: "what cannot be repaired stays for validation to refuse",
      given: thing({ userName: true, active: 1, size: false, seal: {}, name: "Babs", emails: ["a"], tags: [{}] }),
    },
  ]);
});

describe("RFC 7643 §2.4: multi-valued attributes are arrays", () => {
  response([
    {
      title: "a lone value becomes an array, its own type repaired",
      given: thing({ tags: "a", emails: { VALUE: "b" }, flags: "true" }),
      want: thing({ tags: ["a"], emails: [{ value: "b" }], flags: [true] }),
      deviations: [
        "loneValue tags",
        "attributeName emails[0].value",
        "loneValue emails",
        "stringifiedBoolean flags[0]",
        "loneValue flags",
      ],
    },
    { title: "a lone value of another type stays", given: thing({ emails: "a@example.com", tags: {}, flags: 1 }) },
    {
      title: "an array of one becomes a single value, its own type repaired",
      given: thing({ userName: ["b"], active: ["true"], name: [{ FamilyName: "J" }], anything: [{}] }),
      want: thing({ userName: "b", active: true, name: { familyName: "J" }, anything: {} }),
      deviations: [
        "arrayForSingle userName",
        "stringifiedBoolean active",
        "arrayForSingle active",
        "attributeName name.familyName",
        "arrayForSingle name",
        "arrayForSingle anything",
      ],
    },
    {
      title: "an empty array, or one of null, where a single value belongs is removed",
      given: thing({ userName: [], name: [null], [EXTENSION]: { batch: [] } }),
      want: thing({ [EXTENSION]: {} }),
      deviations: ["arrayForSingle userName", "arrayForSingle name", `arrayForSingle ${EXTENSION}:batch`],
    },
    {
      title: "more than one primary value is kept, also where it was text",
      given: thing({ emails: [{ primary: true }, { value: "b" }, { primary: "True" }, { Primary: true }] }),
      want: thing({ emails: [{ primary: true }, { value: "b" }, { primary: true }, { primary: true }] }),
      deviations: [
        "stringifiedBoolean emails[2].primary",
        "attributeName emails[3].primary",
        "repeatedPrimary emails[2].primary",
        "repeatedPrimary emails[3].primary",
      ],
    },
    {
      title: "one primary value is in order",
      given: thing({ emails: [{}, { primary: true }, { primary: false }] }),
    },
    {
      title: "an array of two, of an array or of another type stays",
      given: thing({ userName: ["a", "b"], active: [["true"]], name: ["Babs"], size: [{}] }),
    },
  ]);
});

describe("RFC 7643 §7: returned", () => {
  response([
    {
      title: "never: the attribute is removed, in whatever spelling and type",
      given: thing({ password: "p", PASSWORD: { a: "p" }, secret: ["s"], name: { hidden: 1, familyName: "J" } }),
      want: thing({ name: { familyName: "J" } }),
      deviations: [
        "returnedNever password",
        "returnedNever password",
        "returnedNever secret",
        "returnedNever name.hidden",
      ],
    },
    {
      title: "never: also in an extension",
      given: thing({ [EXTENSION]: { pin: "1234", Pin: "1" } }),
      want: thing({ [EXTENSION]: {} }),
      deviations: [`returnedNever ${EXTENSION}:pin`, `returnedNever ${EXTENSION}:pin`],
    },
  ]);

  test("always: an attribute that is missing is reported, a sub-attribute only where its parent is present", () => {
    const model = defineModel({
      schema: {
        id: CORE,
        attributes: [
          { name: "label", returned: "always" },
          { name: "hidden", returned: "always", mutability: "writeOnly" },
          {
            name: "origin",
            type: "complex",
            subAttributes: [
              { name: "id", returned: "always" },
              { name: "schemas", multiValued: true },
            ],
          },
          {
            name: "parts",
            type: "complex",
            multiValued: true,
            subAttributes: [{ name: "value", returned: "always" }, { name: "type" }],
          },
        ],
      },
    });
    const missing = (given: JsonObject, repairs?: Repairs): string[] => {
      const found: string[] = [];
      normalise(model, "response", given, ({ kind, path }) => found.push(`${kind} ${path}`), repairs);
      return found;
    };
    expect(missing({ schemas: [CORE], label: "a" })).toEqual([]);
    expect(missing({ schemas: [CORE], Label: "a", parts: [{ Value: 1 }, { type: "b" }] })).toEqual([
      "attributeName label",
      "attributeName parts[0].value",
      "numberForString parts[0].value",
      "returnedAlways parts[1].value",
    ]);
    expect(missing({ schemas: [CORE], label: "a", origin: { schemas: "b" } })).toEqual([
      "loneValue origin.schemas",
      "returnedAlways origin.id",
    ]);
    expect(missing({ schemas: [CORE], label: null })).toEqual(["returnedAlways label"]);
    expect(missing({ parts: [] })).toEqual(["returnedAlways label", "schemas schemas"]);
    expect(missing({ schemas: [CORE] }, { flatNames: true })).toEqual(["returnedAlways label"]);
    expect(missing({ schemas: [CORE], [`${CORE}:label`]: "a" }, { flatNames: true })).toEqual(["flatName label"]);
  });
});

describe("repairs for servers that are known to need them", () => {
  const flat = { flatNames: true };
  const json = { stringifiedJson: ["emails", "Name", `${EXTENSION}:batch`, "no such attribute"] };
  response([
    {
      title: "flat names are unknown attributes unless asked for",
      given: thing({ "name.familyName": "J" }),
      deviations: ["unknownAttribute name.familyName"],
    },
    {
      title: "RFC 7643 §2.3.8: a dotted name is moved to where it points",
      given: thing({ "name.familyName": "J", "NAME.GivenName": "B", active: true }),
      want: thing({ name: { familyName: "J", givenName: "B" }, active: true }),
      deviations: ["flatName name.familyName", "flatName name.givenName"],
      repairs: flat,
    },
    {
      title: "so is a name after a URN, with its value repaired",
      given: { id: "1", schemas: [CORE], [`${CORE}:active`]: "true", [`${EXTENSION}:batch.number`]: "7" },
      want: thing({ active: true, [EXTENSION]: { batch: { number: 7 } } }),
      deviations: [
        "stringifiedBoolean active",
        "flatName active",
        `stringifiedNumber ${EXTENSION}:batch.number`,
        `flatName ${EXTENSION}:batch.number`,
        "schemas",
      ],
      repairs: flat,
    },
    {
      title: "it joins what is there already, however that is spelled",
      given: thing({ NAME: { GivenName: "B" }, "name.familyName": "J" }),
      want: thing({ name: { givenName: "B", familyName: "J" } }),
      deviations: ["attributeName name", "attributeName name.givenName", "flatName name.familyName"],
      repairs: flat,
    },
    {
      title: "it stays where the place is taken, leads through an array or does not exist",
      given: thing({
        name: { familyName: "J" },
        "name.familyName": "K",
        anything: {},
        "anything.at": 1,
        "emails.value": "a",
        "colour.name": "red",
        "urn:example:other": {},
        "..": 1,
      }),
      deviations: [
        "unknownAttribute name.familyName",
        "unknownAttribute anything.at",
        "unknownAttribute emails.value",
        "unknownAttribute colour.name",
        "unknownAttribute urn:example:other",
        "unknownAttribute ..",
      ],
      repairs: flat,
    },
    {
      title: "it stays where the complex attribute is something else",
      given: thing({ name: "Babs", "name.familyName": "J" }),
      deviations: ["unknownAttribute name.familyName"],
      repairs: flat,
    },
    {
      title: "the second of two for one place stays",
      given: thing({ "name.familyName": "J", "name.FAMILYNAME": "K" }),
      want: thing({ name: { familyName: "J" }, "name.FAMILYNAME": "K" }),
      deviations: ["flatName name.familyName", "unknownAttribute name.FAMILYNAME"],
      repairs: flat,
    },
    {
      title: "null is removed, and what is never returned too",
      given: thing({ "name.familyName": null, "name.hidden": "h", "emails.token": 1, [`${EXTENSION}:pin`]: "1" }),
      want: thing({}),
      deviations: ["returnedNever name.hidden", "returnedNever emails.token", `returnedNever ${EXTENSION}:pin`],
      repairs: flat,
    },
    {
      title: "an extension beside one that differs by case is no path",
      given: thing({ [EXTENSION]: { serial: "7" }, [EXTENSION.toUpperCase()]: { serial: "8" } }),
      deviations: [`duplicateName ${EXTENSION.toUpperCase()}`],
      repairs: flat,
    },
    {
      title: "JSON as text is text unless asked for",
      given: thing({ emails: '[{"value":"a"}]' }),
    },
    {
      title: "RFC 7643 §2.4: JSON as text is parsed, and repaired like any other",
      given: thing({ emails: '[{"Value":"a"}]', name: '{"familyName":"J"}', [EXTENSION]: { batch: "[]" } }),
      want: thing({ emails: [{ value: "a" }], name: { familyName: "J" }, [EXTENSION]: {} }),
      deviations: [
        "stringifiedJson emails",
        "attributeName emails[0].value",
        "stringifiedJson name",
        `stringifiedJson ${EXTENSION}:batch`,
        `arrayForSingle ${EXTENSION}:batch`,
      ],
      repairs: json,
    },
    {
      title: "null as text is removed; an object as text becomes an array",
      given: thing({ name: "null", emails: '{"value":"a"}' }),
      want: thing({ emails: [{ value: "a" }] }),
      deviations: ["stringifiedJson name", "stringifiedJson emails", "loneValue emails"],
      repairs: json,
    },
    {
      title: "other text stays, and so does JSON as text within JSON as text",
      given: thing({ emails: "a@example.com", name: '"{}"' }),
      repairs: json,
    },
    {
      title: "elements of an array stay",
      given: thing({ emails: ['{"value":"a"}'], name: ['{"familyName":"J"}'] }),
      repairs: json,
    },
    {
      title: "text that belongs to an attribute of text stays",
      given: thing({ userName: "[null]", made: "null" }),
      deviations: ["dateTime made"],
      repairs: { stringifiedJson: ["userName", "made"] },
    },
    {
      title: "a duplicate that is null as text does not count",
      given: thing({ name: "null", Name: { familyName: "J" } }),
      want: thing({ name: { familyName: "J" } }),
      deviations: ["stringifiedJson name", "attributeName name"],
      repairs: json,
    },
  ]);
});

describe("RFC 7644 §3.3 and §3.5.1: what a client sends", () => {
  const table: ReadonlyArray<{ title: string; given: JsonObject; want?: JsonObject }> = [
    { title: "is sent as it is when it is in order", given: { schemas: [CORE], userName: "b", emails: [] } },
    {
      title: "names its attributes as the schema spells them",
      given: {
        schemas: [CORE, EXTENSION],
        USERNAME: "b",
        emails: [{ Value: "a" }],
        [EXTENSION.toUpperCase()]: { Serial: "1" },
      },
      want: {
        schemas: [CORE, EXTENSION],
        userName: "b",
        emails: [{ value: "a" }],
        [EXTENSION]: { serial: "1" },
      },
    },
    {
      title: "has no attributes that are read-only, whole or in part",
      given: {
        schemas: [CORE],
        id: "1",
        META: { created: "now" },
        assigned: "a",
        Assigned: "b",
        name: { formatted: "B J", givenName: "B" },
        emails: [{ value: "a", display: "A" }, { value: "b" }],
      },
      want: { schemas: [CORE], name: { givenName: "B" }, emails: [{ value: "a" }, { value: "b" }] },
    },
    {
      title: "has its values as given: null, empty, of another type, unknown",
      given: {
        schemas: [CORE],
        userName: null,
        active: "true",
        tags: "a",
        flags: [null],
        size: [],
        made: "yesterday",
        password: "p",
        colour: null,
        name: [[{ formatted: "B J" }]],
      },
    },
    {
      title: "has names that differ by case as given, the first of them renamed",
      given: { schemas: [CORE], USERNAME: "a", username: "b", userName: "c", ACTIVE: true, Active: false },
      want: { schemas: [CORE], USERNAME: "a", username: "b", userName: "c", active: true, Active: false },
    },
    {
      title: "lists its schemas: added",
      given: { userName: "b", [EXTENSION]: { serial: "1" } },
      want: { schemas: [CORE, EXTENSION], userName: "b", [EXTENSION]: { serial: "1" } },
    },
    {
      title: "lists its schemas: completed, in their own spelling, further ones kept",
      given: { schemas: ["urn:example:other", CORE.toUpperCase()], [EXTENSION]: { serial: "1" } },
      want: { schemas: ["urn:example:other", CORE, EXTENSION], [EXTENSION]: { serial: "1" } },
    },
    {
      title: "lists its schemas: not an extension that is null",
      given: { schemas: null, [EXTENSION]: null },
      want: { schemas: [CORE], [EXTENSION]: null },
    },
    {
      title: "lists its schemas: not an extension whose data was taken out",
      given: { schemas: [EXTENSION.toUpperCase(), CORE, "urn:example:other"], userName: "b" },
      want: { schemas: [CORE, "urn:example:other"], userName: "b" },
    },
    { title: "lists its schemas: what is no array stays", given: { schemas: CORE } },
    {
      title: "lists its schemas: what is no text stays",
      given: { schemas: [1] },
      want: { schemas: [1, CORE] },
    },
  ];
  for (const { title, given, want } of table) {
    test(title, () => {
      const before = JSON.stringify(given);
      for (const context of ["create", "replace"] as const) {
        const value = normalise(Thing, context, given, () => expect.fail("requests are not reported"));
        expect(value === given).toBe(want === undefined);
        expect(text(value)).toBe(text(want ?? given));
        expect(normalise(Thing, context, value)).toBe(value);
      }
      expect(JSON.stringify(given)).toBe(before);
    });
  }

  const extensions: ReadonlyArray<{ given: JsonObject; create: boolean; replace: boolean }> = [
    { given: {}, create: false, replace: false },
    { given: { batch: {} }, create: false, replace: false },
    { given: { batch: {}, keys: [{}] }, create: false, replace: false },
    { given: { serial: null }, create: false, replace: true },
    { given: { keys: [] }, create: false, replace: true },
    { given: { batch: { line: null } }, create: false, replace: true },
    { given: { batch: {}, keys: [], serial: "" }, create: true, replace: true },
    { given: { batch: { number: 0 } }, create: true, replace: true },
    { given: { keys: [null, "k"] }, create: true, replace: true },
  ];
  for (const { given, ...want } of extensions) {
    for (const context of ["create", "replace"] as const) {
      test(`RFC 7643 §3: ${context} ${want[context] ? "names" : "does not name"} an extension of ${text(given)}`, () => {
        const schemas = want[context] ? [CORE, EXTENSION] : [CORE];
        for (const listed of [[CORE], [CORE, EXTENSION]]) {
          const resource = { schemas: listed, userName: "b", [EXTENSION]: given };
          const value = normalise(Thing, context, resource) as JsonObject;
          expect(value).toStrictEqual({ ...resource, schemas });
          expect(value[EXTENSION]).toBe(given);
        }
      });
    }
  }

  test("RFC 7643 §6: a required extension is named also when it is empty", () => {
    const Whole = defineModel({
      schema: { id: CORE, attributes: [{ name: "userName" }] },
      extensions: [{ model: Part, required: true }],
    });
    for (const context of ["create", "replace"] as const) {
      const given = { userName: "b", [EXTENSION]: {} };
      expect(normalise(Whole, context, given)).toEqual({ ...given, schemas: [CORE, EXTENSION] });
    }
  });

  test("schemas comes first where it was missing", () => {
    expect(JSON.stringify(normalise(Thing, "create", { userName: "b" }))).toBe(
      `{"schemas":["${CORE}"],"userName":"b"}`,
    );
  });

  test("RFC 7644 §3.5.2: in PATCH only names are brought to the schema's spelling", () => {
    const given = { ID: "1", Name: { FORMATTED: "B J" }, emails: { Value: "a" }, ACTIVE: null };
    const want = { id: "1", name: { formatted: "B J" }, emails: { value: "a" }, active: null };
    expect(normalise(Thing, "patch", given)).toEqual(want);
    expect(normalise(Thing, "patch", want)).toBe(want);
  });
});

function attribute(name: string): Attribute {
  const found = Thing.attributes.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe("one attribute by itself", () => {
  test("RFC 7644 §3.5.2: the value of a PATCH operation", () => {
    const emails = attribute("emails");
    expect(normaliseAttribute(emails, "patch", [{ VALUE: "a" }])).toEqual([{ value: "a" }]);
    expect(normaliseAttribute(emails, "patch", { VALUE: "a", Display: "A" })).toEqual({ value: "a", display: "A" });
    expect(normaliseAttribute(attribute(EXTENSION), "patch", { SERIAL: null })).toEqual({ serial: null });
    expect(normaliseAttribute(attribute("userName"), "patch", 1)).toBe(1);
    expect(normaliseAttribute(attribute("name"), "patch", null)).toBe(null);
    const same = [{ value: "a" }, { type: "b" }];
    expect(normaliseAttribute(emails, "patch", same)).toBe(same);
  });

  test("read-only sub-attributes are taken out where a resource is created, whatever the attribute itself", () => {
    expect(normaliseAttribute(attribute("name"), "create", { formatted: "B J" })).toEqual({});
    expect(normaliseAttribute(attribute("assigned"), "create", "a")).toBe("a");
  });

  test("an answer is repaired and reported below the attribute's name; of nothing, null is left", () => {
    const found: string[] = [];
    const report = ({ kind, path }: Deviation): unknown => found.push(`${kind} ${path}`);
    expect(normaliseAttribute(attribute("emails"), "response", { Value: 1 }, report)).toEqual([{ value: "1" }]);
    expect(normaliseAttribute(attribute(EXTENSION), "response", { Serial: null }, report)).toEqual({
      serial: null,
    });
    expect(normaliseAttribute(attribute("size"), "response", [], report)).toBe(null);
    expect(found).toEqual([
      "attributeName emails[0].value",
      "numberForString emails[0].value",
      "loneValue emails",
      `attributeName ${EXTENSION}:serial`,
      "arrayForSingle size",
    ]);
  });
});

describe("reports", () => {
  test("say subject, rule and place, and never a value", () => {
    const found: Deviation[] = [];
    const given = {
      ID: 4711,
      schemas: [],
      password: "tiger",
      made: "tiger",
      name: { hidden: "tiger" },
      odd: "tiger",
    };
    normalise(Thing, "response", given, (deviation) => found.push(deviation));
    expect(found[0]).toEqual({
      kind: "attributeName",
      path: "id",
      message: '"id" must be spelled as its schema spells it, and is renamed from "ID" (RFC 7643 §2.1)',
      section: "RFC 7643 §2.1",
    });
    for (const { path, message, section } of found) {
      expect(message).toMatch(/^"[^"]+" (?:must|is) .+ \(RFC 7643 §[\d.]+\)$/);
      expect(message).toContain(`"${path}"`);
      expect(message).toContain(section);
    }
    expect(found).toHaveLength(7);
    expect(JSON.stringify(found)).not.toMatch(/tiger|4711/);
  });

  test("end at a thousand for one resource, and the last says so; repairs go on", () => {
    const found: Deviation[] = [];
    const flags = Array.from({ length: 100_000 }, () => "True");
    const value = normalise(Thing, "response", thing({ flags }), (deviation) => found.push(deviation));
    expect(found).toHaveLength(DEVIATION_LIMIT);
    expect(found.filter(({ message }) => message.includes("more are not reported"))).toEqual([found.at(-1)]);
    expect(value).toEqual(thing({ flags: flags.map(() => true) }));
  });

  test("that throw end the walk and leave nothing behind", () => {
    const given = thing({ USERNAME: "b" });
    const stop = new Error("strict");
    expect(() =>
      normalise(Thing, "response", given, () => {
        throw stop;
      }),
    ).toThrow(stop);
    expect(normalise(Thing, "response", given)).toEqual(thing({ userName: "b" }));
  });
});

describe("hostile names and sizes", () => {
  response([
    {
      title: "__proto__, constructor and prototype are unknown attributes like any other, also in copies",
      given: parsed(
        `{"__proto__":{"active":true},"constructor":1,"prototype":{},"toString":"x","schemas":["${CORE}"],"ID":"1","name":{"Hidden":1,"__proto__":null}}`,
      ),
      want: parsed(
        `{"__proto__":{"active":true},"constructor":1,"prototype":{},"toString":"x","schemas":["${CORE}"],"id":"1","name":{"__proto__":null}}`,
      ),
      deviations: [
        "unknownAttribute __proto__",
        "unknownAttribute constructor",
        "unknownAttribute prototype",
        "unknownAttribute toString",
        "attributeName id",
        "returnedNever name.hidden",
        "unknownAttribute name.__proto__",
      ],
    },
    {
      title: "also where flat names are moved",
      given: parsed(`{"schemas":["${CORE}"],"id":"1","__proto__":{"a":1},"name.familyName":"J","__proto__.a":1}`),
      want: parsed(
        `{"schemas":["${CORE}"],"id":"1","__proto__":{"a":1},"name":{"familyName":"J"},"__proto__.a":1}`,
      ),
      deviations: ["unknownAttribute __proto__", "flatName name.familyName", "unknownAttribute __proto__.a"],
      repairs: { flatNames: true },
    },
    {
      title: "names that would break a pattern or a line",
      given: thing({ 'a"b': 1, "a\nb": 1, "": 1, "a.b": 1, "[0]": 1 }),
      deviations: [
        'unknownAttribute a"b',
        "unknownAttribute a?b",
        "unknownAttribute (empty name)",
        "unknownAttribute a.b",
        "unknownAttribute [0]",
      ],
    },
  ]);

  test("copies have the prototype of any object", () => {
    const value = normalise(Thing, "response", parsed(`{"ID":"1","__proto__":{"active":true}}`));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Reflect.get(Object(value), "active")).toBeUndefined();
  });

  test("only own members count", () => {
    const inherited = Object.create({
      USERNAME: "a",
      userName: "a",
      schemas: [CORE],
      [EXTENSION]: {},
    }) as JsonObject;
    inherited["ACTIVE"] = true;
    expect(normalise(Thing, "create", inherited)).toEqual({ schemas: [CORE], active: true });
  });

  test("nesting of a hundred thousand levels is not followed further than the model goes", () => {
    let deep: JsonValue = "a";
    for (let level = 0; level < 100_000; level += 1) deep = level % 2 === 0 ? [deep] : { value: deep, a: deep };
    for (const context of ["create", "replace", "patch", "response"] as const) {
      const given = thing({ userName: deep, tags: [deep], name: deep, emails: deep, colour: deep, anything: deep });
      expect(() => normalise(Thing, context, given, () => undefined)).not.toThrow();
    }
  });

  test("a hundred thousand spellings of one name are all kept but one", () => {
    const given = thing({});
    const letters = "abcdefghijklmnopq".split("");
    const long = letters.join("");
    for (let bits = 0; bits < 100_000; bits += 1) {
      given[letters.map((letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter)).join("")] = bits;
    }
    const model = defineModel({ schema: { id: CORE, attributes: [{ name: long, type: "integer" }] } });
    expect(normalise(model, "response", given, () => undefined)).toBe(given);
    delete given[long];
    const value = Object(normalise(model, "response", given)) as JsonObject;
    expect(value[long]).toBe(1);
    expect(Object.keys(value)).toHaveLength(100_001);
  });
});

describe("RFC 7643 §3.3: what an extension is called never reaches an object's prototype", () => {
  const attributes = compileAttributes([{ name: "active", type: "boolean" }, { name: "tone" }], (fault) => {
    throw new Error(fault.message);
  });
  const Odd = Thing.with(new ExtensionModel({ schema: { id: "__proto__", attributes: [] }, attributes }));

  const TEXTS = [
    '{"ID":"1","__proto__":{"TONE":"x","active":true}}',
    '{"id":"1","__proto__":{"TONE":"x","active":true}}',
  ];
  for (const given of TEXTS) {
    test(given, () => {
      const walked = normalise(Odd, "response", JSON.parse(given) as JsonValue);
      expect(Object.getPrototypeOf(walked)).toBe(Object.prototype);
      expect(walked).not.toHaveProperty("active");
      expect(Object.getOwnPropertyDescriptor(walked, "__proto__")?.value).toEqual({ tone: "x", active: true });
    });
  }
});
