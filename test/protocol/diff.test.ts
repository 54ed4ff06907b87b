import { describe, expect, test } from "vitest";
import { PatchError } from "../../src/errors.ts";
import type { JsonObject, JsonValue } from "../../src/json.ts";
import { Group, User } from "../../src/models.gen.ts";
import { applyPatch } from "../../src/protocol/apply.ts";
import { diff } from "../../src/protocol/diff.ts";
import { PatchBuilder, type PatchOperation } from "../../src/protocol/patch.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";
import { BADGE, STAFF, Staff } from "./staff-model.ts";

const minimal = { schemas: [STAFF], id: "1", login: "kim", teams: [{ value: "red" }] };

function operations(model: ResourceModel<Views>, before: object, after: object): readonly PatchOperation[] {
  return diff(model, before, after).operations;
}

interface Case {
  readonly title: string;
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly want: readonly PatchOperation[];
  readonly model?: ResourceModel<Views>;
}

function check({ title, before = {}, after = {}, want, model = Staff }: Case): void {
  test(title, () => {
    const [one, other] = [before, after].map((resource): JsonObject => ({ ...minimal, ...resource }));
    expect(operations(model, one ?? {}, other ?? {})).toEqual(want);
  });
}

describe("what is unchanged is not sent", () => {
  const table: Case[] = [
    { title: "nothing at all", want: [] },
    {
      title: "RFC 7643 §2.5: null, an empty array and absence are one state",
      before: { title: null, tags: [], name: { first: null, last: "Lee" }, places: null },
      after: { title: null, name: { last: "Lee", aliases: [] }, places: [], contacts: [], office: {} },
      want: [],
    },
    {
      title: "RFC 7643 §2.4: values in another order, and primary that is false or absent",
      before: { tags: ["a", "b"], contacts: [{ value: "x", primary: false }, { value: "y" }] },
      after: { tags: ["b", "a"], contacts: [{ value: "y", primary: false }, { value: "x" }] },
      want: [],
    },
    {
      title: "values that nothing tells apart, in another order",
      before: { places: [{ city: "Oslo" }, { city: "Bergen" }, { city: "Oslo" }] },
      after: { places: [{ city: "Bergen" }, { city: "Oslo" }, { city: "Oslo" }] },
      want: [],
    },
    {
      title: "what is readOnly, schemas, id and meta",
      before: {
        stamp: "s",
        groups: [{ value: "g" }],
        name: { last: "Lee", formatted: "a" },
        meta: { version: "1" },
      },
      after: { stamp: "t", id: "2", schemas: [], name: { last: "Lee" }, contacts: [], meta: { version: "2" } },
      want: [],
    },
    {
      title: "what is readOnly in values",
      before: { contacts: [{ value: "x", label: "a" }], [BADGE]: { holder: { value: "k", label: "a" } } },
      after: { contacts: [{ label: "b", value: "x" }], [BADGE]: { holder: { value: "k" } } },
      want: [],
    },
    {
      title: "names in another case",
      before: { TITLE: "Cook", Contacts: [{ VALUE: "x" }] },
      after: { title: "Cook", contacts: [{ value: "x" }] },
      want: [],
    },
  ];
  for (const each of table) check(each);
});

describe("single values", () => {
  const table: Case[] = [
    {
      title: "become assigned, change, and become unassigned",
      before: { title: "Cook", rank: 1, active: true },
      after: { title: "Chef", rank: null, secret: "s" },
      want: [
        { op: "replace", path: "title", value: "Chef" },
        { op: "remove", path: "active" },
        { op: "remove", path: "rank" },
        { op: "add", path: "secret", value: "s" },
      ],
    },
    {
      title: "change when only their case does",
      before: { title: "cook" },
      after: { title: "Cook" },
      want: [{ op: "replace", path: "title", value: "Cook" }],
    },
    {
      title: "that are immutable are added",
      after: { code: "c", keys: ["k"], office: { city: "Oslo", floor: null } },
      want: [
        { op: "add", path: "code", value: "c" },
        { op: "add", path: "office", value: { city: "Oslo" } },
        { op: "add", path: "keys", value: ["k"] },
      ],
    },
    {
      title: "of a complex attribute: one that changes has a path of its own",
      before: { name: { first: "Kim", last: "Lee", aliases: ["K"] } },
      after: { name: { first: "Kym", last: "Lee", aliases: ["K"] } },
      want: [{ op: "replace", path: "name.first", value: "Kym" }],
    },
    {
      title: "of a complex attribute: several that change are merged, others removed",
      before: { name: { first: "Kim", last: "Lee", aliases: ["K"] }, [BADGE]: { number: "7", colour: "red" } },
      after: { name: { first: "Kym", last: "Li", origin: "o", formatted: "x" }, [BADGE]: { number: "8" } },
      want: [
        { op: "add", path: "name.origin", value: "o" },
        { op: "replace", path: "name", value: { first: "Kym", last: "Li" } },
        { op: "remove", path: "name.aliases" },
        { op: "replace", path: `${BADGE}:number`, value: "8" },
        { op: "remove", path: `${BADGE}:colour` },
      ],
    },
    {
      title: "a complex attribute comes or goes as a whole, without what is readOnly",
      before: { [BADGE]: { holder: { value: "k", label: "l" } } },
      after: { name: { first: "Kim", last: "Lee", formatted: "Kim Lee" } },
      want: [
        { op: "add", path: "name", value: { first: "Kim", last: "Lee" } },
        { op: "remove", path: `${BADGE}:holder` },
      ],
    },
    {
      title: "an extension comes and goes attribute by attribute",
      before: { [BADGE]: { colour: "red" } },
      after: { [BADGE]: { number: "7", locks: [{ value: "l" }] } },
      want: [
        { op: "add", path: `${BADGE}:number`, value: "7" },
        { op: "add", path: `${BADGE}:locks`, value: [{ value: "l" }] },
        { op: "remove", path: `${BADGE}:colour` },
      ],
    },
  ];
  for (const each of table) check(each);
});

describe("multiple values", () => {
  const contacts: JsonObject[] = [{ value: "x", type: "work" }, { value: "y", type: "home" }, { value: "z" }];
  const table: Case[] = [
    {
      title: "that are new are added together, those that are gone removed one by one",
      before: { contacts },
      after: { contacts: [{ value: "v" }, contacts[1] ?? {}, { value: 'w"', type: "home", label: "l" }] },
      want: [
        { op: "remove", path: 'contacts[value eq "x"]' },
        { op: "remove", path: 'contacts[value eq "z"]' },
        { op: "add", path: "contacts", value: [{ value: "v" }, { value: 'w"', type: "home" }] },
      ],
    },
    {
      title: "go all at once",
      before: { contacts, tags: ["a", "b"] },
      after: { tags: null },
      want: [
        { op: "remove", path: "tags" },
        { op: "remove", path: "contacts" },
      ],
    },
    {
      title: "one that changes in one sub-attribute is changed where it stands",
      before: { contacts },
      after: { contacts: [{ value: "x", type: "other" }, ...contacts.slice(1)] },
      want: [{ op: "replace", path: 'contacts[value eq "x"].type', value: "other" }],
    },
    {
      title: "one that loses a sub-attribute, likewise",
      before: { contacts },
      after: { contacts: [{ value: "x" }, ...contacts.slice(1)] },
      want: [{ op: "remove", path: 'contacts[value eq "x"].type' }],
    },
    {
      title: "one whose value changes in case alone, likewise",
      before: { contacts },
      after: { contacts: [{ value: "X", type: "work" }, ...contacts.slice(1)] },
      want: [{ op: "replace", path: 'contacts[value eq "x"].value', value: "X" }],
    },
    {
      title: "one that changes in several is replaced as a whole",
      before: {
        places: [
          { type: "work", city: "Oslo", floor: 1 },
          { type: "home", city: "Oslo" },
        ],
      },
      after: {
        places: [
          { type: "work", city: "Bergen", floor: 2 },
          { type: "home", city: "Oslo" },
        ],
      },
      want: [
        {
          op: "replace",
          path: 'places[type eq "work"]',
          value: { type: "work", city: "Bergen", floor: 2 },
        },
      ],
    },
    {
      title: "one that changes and loses something is removed and added: a server may merge what it replaces",
      before: {
        places: [
          { type: "work", city: "Oslo", floor: 1 },
          { type: "home", city: "Oslo" },
        ],
      },
      after: {
        places: [
          { type: "work", city: "Bergen" },
          { type: "home", city: "Oslo" },
        ],
      },
      want: [
        { op: "remove", path: 'places[type eq "work"]' },
        { op: "add", path: "places", value: [{ type: "work", city: "Bergen" }] },
      ],
    },
    {
      title: "several that change are removed and added",
      before: { contacts },
      after: { contacts: [{ value: "x", type: "a" }, { value: "y", type: "b" }, contacts[2] ?? {}] },
      want: [
        { op: "remove", path: 'contacts[value eq "x"]' },
        { op: "remove", path: 'contacts[value eq "y"]' },
        {
          op: "add",
          path: "contacts",
          value: [
            { value: "x", type: "a" },
            { value: "y", type: "b" },
          ],
        },
      ],
    },
    {
      title: "RFC 7643 §4.2: a member whose immutable sub-attribute changes is another member",
      before: { teams: [{ value: "red", type: "a" }, { value: "blue" }] },
      after: { teams: [{ value: "red", type: "b" }, { value: "blue" }] },
      want: [
        { op: "remove", path: 'teams[value eq "red"]' },
        { op: "add", path: "teams", value: [{ value: "red", type: "b" }] },
      ],
    },
    {
      title: "RFC 7644 §3.5.2: that one is no longer primary follows from another one's being it",
      before: { contacts: [{ value: "x", primary: true }, { value: "y" }] },
      after: { contacts: [{ value: "x" }, { value: "y", primary: true }] },
      want: [{ op: "replace", path: 'contacts[value eq "y"].primary', value: true }],
    },
    {
      title: "that none is primary any longer does not follow",
      before: { contacts: [{ value: "x", primary: true }, { value: "y" }] },
      after: { contacts: [{ value: "x", primary: false }, { value: "y" }] },
      want: [{ op: "replace", path: 'contacts[value eq "x"].primary', value: false }],
    },
    {
      title: "RFC 7643 §2.4: one value with several types is told apart by both",
      before: { contacts: [{ value: "x", type: "work" }, { value: "x", type: "home" }, { value: "z" }] },
      after: { contacts: [{ value: "x", type: "home" }] },
      want: [
        { op: "remove", path: 'contacts[value eq "x" and type eq "work"]' },
        { op: "remove", path: 'contacts[value eq "z"]' },
      ],
    },
    {
      title: "those without a value are told apart by their type",
      before: {
        places: [
          { type: "work", city: "Oslo" },
          { type: "home", city: "Bergen" },
        ],
      },
      after: {
        places: [
          { type: "home", city: "Bergen" },
          { type: "other", city: "Oslo" },
        ],
      },
      want: [
        { op: "remove", path: 'places[type eq "work"]' },
        { op: "add", path: "places", value: [{ type: "other", city: "Oslo" }] },
      ],
    },
    {
      title: "those that nothing tells apart are replaced together",
      before: { places: [{ city: "Oslo" }, { city: "Oslo", floor: 1 }] },
      after: { places: [{ city: "Oslo" }, { city: "Bergen" }] },
      want: [{ op: "replace", path: "places", value: [{ city: "Oslo" }, { city: "Bergen" }] }],
    },
    {
      title: "those that differ only by a case that does not count are replaced together",
      before: { tags: ["a", "A"] },
      after: { tags: ["a", "b"] },
      want: [{ op: "replace", path: "tags", value: ["a", "b"] }],
    },
    {
      title: "those whose value is too long for a filter are replaced together",
      before: { tags: ["a".repeat(600)] },
      after: { tags: ["b"] },
      want: [{ op: "replace", path: "tags", value: ["b"] }],
    },
    {
      title: "simple ones are their own value",
      before: { tags: ["a", "b"], levels: [1, 2] },
      after: { tags: ["b", "c"], levels: [2, 3] },
      want: [
        { op: "remove", path: 'tags[value eq "a"]' },
        { op: "add", path: "tags", value: ["c"] },
        { op: "remove", path: "levels[value eq 1]" },
        { op: "add", path: "levels", value: [3] },
      ],
    },
    {
      title: "of a required attribute are never all removed on the way",
      before: { teams: [{ value: "red" }, { value: "blue" }] },
      after: { teams: [{ value: "green" }] },
      want: [{ op: "replace", path: "teams", value: [{ value: "green" }] }],
    },
    {
      title: "a lone value of a careless server is one value",
      before: { tags: "a", contacts: { value: "x" } },
      after: { tags: ["a", "b"], contacts: [{ value: "x" }] },
      want: [{ op: "add", path: "tags", value: ["b"] }],
    },
  ];
  for (const each of table) check(each);
});

describe("RFC 7644 §3.5.2: what PATCH cannot do fails with mutability", () => {
  const table: [before: JsonObject, after: JsonObject, operation: number, message: string][] = [
    [{ code: "c" }, { code: "d" }, 0, '"code" is immutable and has a value (RFC 7644 §3.5.2)'],
    [{ code: "c" }, {}, 0, '"code" is immutable and has a value (RFC 7644 §3.5.2)'],
    [{ keys: ["k"] }, { title: "x", keys: ["k", "l"] }, 1, '"keys" is immutable and has a value (RFC 7644 §3.5.2)'],
    [
      { office: { city: "a" } },
      { office: { city: "b" } },
      0,
      '"office" is immutable and has a value (RFC 7644 §3.5.2)',
    ],
    [
      { name: { last: "Lee", origin: "o" } },
      { name: { last: "Li", origin: "p" } },
      1,
      '"name.origin" is immutable and has a value (RFC 7644 §3.5.2)',
    ],
    [{ name: { last: "Lee", origin: "o" } }, {}, 0, '"name.origin" is immutable and has a value (RFC 7644 §3.5.2)'],
    [{}, { login: null }, 0, '"login" is required and must not become unassigned (RFC 7644 §3.5.2.2)'],
    [{}, { teams: [] }, 0, '"teams" is required and must not become unassigned (RFC 7644 §3.5.2.2)'],
    [
      { name: { first: "Kim", last: "Lee" } },
      { name: { first: "Kim" } },
      0,
      '"name.last" is required and must not become unassigned (RFC 7644 §3.5.2.2)',
    ],
  ];
  for (const [before, after, operation, message] of table) {
    test(`${JSON.stringify(before)} → ${JSON.stringify(after)}`, () => {
      const states = [before, after].map((state) => ({ ...minimal, ...state }));
      const change = (): unknown => diff(Staff, states[0] ?? {}, states[1] ?? {});
      expect(change).toThrow(new PatchError(message, "mutability", operation));
      expect(change).toThrow(expect.objectContaining({ scimType: "mutability", operation }) as Error);
    });
  }

  test("two things that are no objects are a TypeError", () => {
    expect(() => diff(Staff, minimal, [])).toThrow(new TypeError("a Staff is an object"));
    expect(() => diff(Staff, null as never, minimal)).toThrow(TypeError);
  });
});

describe("extensions whose attributes are required", () => {
  const URN = "urn:example:params:scim:schemas:extension:pass:1.0:Staff";
  const Pass = defineExtension({
    schema: { id: URN, attributes: [{ name: "number", required: true }, { name: "zone" }] },
  });
  const Visitor: ResourceModel<Views> = defineModel({
    schema: { id: "urn:example:params:scim:schemas:core:1.0:Visitor", attributes: [] },
    extensions: [Pass],
  });
  const table: [before: JsonValue, after: JsonValue, want: PatchOperation[]][] = [
    [null, { number: "1", zone: "a" }, [{ op: "add", path: URN, value: { number: "1", zone: "a" } }]],
    [{ number: "1", zone: "a" }, null, [{ op: "remove", path: URN }]],
    [
      { number: "1", zone: "a" },
      { number: "2" },
      [
        { op: "replace", path: `${URN}:number`, value: "2" },
        { op: "remove", path: `${URN}:zone` },
      ],
    ],
  ];
  for (const [before, after, want] of table) {
    test(`come and go as a whole: ${JSON.stringify(before)} → ${JSON.stringify(after)}`, () => {
      expect(operations(Visitor, { [URN]: before }, { [URN]: after })).toEqual(want);
    });
  }

  test("a required extension is not emptied on the way", () => {
    const Guest: ResourceModel<Views> = defineModel({
      schema: { id: "urn:example:params:scim:schemas:core:1.0:Guest", attributes: [] },
      extensions: [
        {
          model: defineExtension({
            schema: { id: URN, attributes: [{ name: "tags", multiValued: true }, { name: "zone" }] },
          }),
          required: true,
        },
      ],
    });
    const states: JsonObject[] = [{ tags: ["a"] }, { tags: ["b"] }, { zone: "z" }];
    for (const before of states) {
      for (const after of states) {
        const found = operations(Guest, { [URN]: before }, { [URN]: after });
        expect(applyPatch<JsonObject>(Guest, { [URN]: before }, found)).toMatchObject({ [URN]: after });
      }
    }
  });
});

describe("what no schema defines", () => {
  test("is sent, for checkOperations to refuse", () => {
    const before = { ...minimal, extra: 1, gone: [1], __proto__: { polluted: 1 } };
    const after = { ...minimal, extra: 2, fresh: { a: 1 }, "a b": 1, [BADGE]: { nested: true } };
    expect(operations(Staff, before, after)).toEqual([
      { op: "add", path: `${BADGE}:nested`, value: true },
      { op: "replace", path: "extra", value: 2 },
      { op: "remove", path: "gone" },
      { op: "add", path: "fresh", value: { a: 1 } },
    ]);
  });

  test("RFC 9944: an extension of an extension is merged into it", () => {
    const [kept, gone, made] = ["urn:example:kept", "urn:example:gone", "urn:example:made"];
    const before = { ...minimal, [BADGE]: { [kept]: { a: 1 }, [gone]: { b: 1 } } };
    const after = { ...minimal, [BADGE]: { [kept]: { a: 1 }, [made]: { c: null, d: 1 } } };
    const found = operations(Staff, before, after);
    expect(found).toEqual([{ op: "replace", path: BADGE, value: { [gone]: null, [made]: { c: null, d: 1 } } }]);
    expect(applyPatch<JsonObject>(Staff, before, found)[BADGE]).toEqual(after[BADGE]);
  });
});

describe("RFC 7644 §3.5.1: a sub-attribute that is omitted can count as not asserted", () => {
  const members = ["u1", "u2"].map((value) => ({
    value,
    $ref: `https://example.com/Users/${value}`,
    type: "User",
    display: value,
  }));
  const before = { schemas: [Group.schema.id], id: "1", displayName: "Crew", members };
  const after = { ...before, members: [{ value: "u2" }, { value: "u3" }] };
  const difference = (model: ResourceModel<Views>, one: object, other: object): readonly PatchOperation[] =>
    diff(model, one, other, { omittedSubAttributes: "notAsserted" }).operations;

  test("only who joins and who leaves is sent, and the others stay as they are", () => {
    const changes = difference(Group, before, after);
    expect(changes).toEqual([
      { op: "remove", path: 'members[value eq "u1"]' },
      { op: "add", path: "members", value: [{ value: "u3" }] },
    ]);
    expect(applyPatch(Group, before, changes).members).toEqual([members[1], { value: "u3" }]);
  });

  test("by default it is unassigned: the value is removed and added", () => {
    for (const options of [undefined, {}, { omittedSubAttributes: "unassigned" }] as const) {
      expect(diff(Group, before, after, options).operations).toEqual([
        { op: "remove", path: 'members[value eq "u1"]' },
        { op: "remove", path: 'members[value eq "u2"]' },
        { op: "add", path: "members", value: [{ value: "u3" }, { value: "u2" }] },
      ]);
    }
  });

  const table: Case[] = [
    {
      title: "null unassigns",
      before: { contacts: [{ value: "x", type: "work", primary: true }, { value: "y" }] },
      after: { contacts: [{ value: "x", type: null }, { value: "y" }] },
      want: [{ op: "remove", path: 'contacts[value eq "x"].type' }],
    },
    {
      title: "what is asserted changes, and takes along what is not",
      before: { contacts: [{ value: "x", type: "work", display: "X", primary: true }, { value: "y" }] },
      after: { contacts: [{ value: "x", display: "Z" }, { value: "y" }] },
      want: [
        { op: "remove", path: 'contacts[value eq "x"]' },
        { op: "add", path: "contacts", value: [{ value: "x", display: "Z", type: "work", primary: true }] },
      ],
    },
    {
      title: "another value becomes primary",
      before: { contacts: [{ value: "x", type: "work", primary: true }, { value: "y" }] },
      after: { contacts: [{ value: "x" }, { value: "y", primary: true }] },
      want: [{ op: "replace", path: 'contacts[value eq "y"].primary', value: true }],
    },
    {
      title: "also in an extension, in any case, where the key is the type",
      before: { places: [{ type: "work", City: "Oslo" }], [BADGE]: { locks: [{ value: "l", zone: "z" }] } },
      after: { places: [{ type: "work", floor: 2 }], [BADGE]: { locks: [{ value: "l" }, { value: "m" }] } },
      want: [
        { op: "replace", path: 'places[type eq "work"].floor', value: 2 },
        { op: "add", path: `${BADGE}:locks`, value: [{ value: "m" }] },
      ],
    },
    {
      title: "an attribute that is omitted is still unassigned",
      before: { tags: ["a"], contacts: [{ value: "x" }] },
      want: [
        { op: "remove", path: "tags" },
        { op: "remove", path: "contacts" },
      ],
    },
  ];
  for (const { title, want, ...states } of table) {
    test(title, () => {
      expect(difference(Staff, { ...minimal, ...states.before }, { ...minimal, ...states.after })).toEqual(want);
    });
  }
});

test("a builder comes back, for modify, for applyPatch and for more", () => {
  const before = { schemas: [User.schema.id], id: "1", userName: "dreyes" };
  const change = diff(User, before, { ...before, nickName: "Dee" });
  expect(change).toBeInstanceOf(PatchBuilder);
  expect(change.remove("title").toJSON().Operations).toEqual([
    { op: "add", path: "nickName", value: "Dee" },
    { op: "remove", path: "title" },
  ]);
});

test("neither state is changed, and only what changes is looked into", () => {
  const members = Array.from({ length: 1000 }, (_, index) => Object.freeze({ value: `u${index}` }));
  const before = { schemas: [Group.schema.id], id: "1", displayName: "All", members };
  const after = { ...before, members: [...members.slice(1), { value: "new" }] };
  expect(diff(Group, Object.freeze(before), Object.freeze(after)).operations).toEqual([
    { op: "remove", path: 'members[value eq "u0"]' },
    { op: "add", path: "members", value: [{ value: "new" }] },
  ]);
});

/** An object that ends in a number, fifty thousand levels down. */
function deep(end: number): JsonValue {
  return JSON.parse(`${'{"a":'.repeat(50_000)}${end}${"}".repeat(50_000)}`) as JsonValue;
}

test("values as deep as the wire carries them do not exhaust the stack", () => {
  const found = operations(Staff, { ...minimal, extra: deep(1) }, { ...minimal, extra: deep(2) });
  expect(found.map(({ op, path }) => [op, path])).toEqual([["replace", "extra"]]);
  const list = (end: number): JsonObject => ({ ...minimal, places: [{ city: "Oslo", other: deep(end) }, {}] });
  expect(() => operations(Staff, list(1), list(2))).toThrow(TypeError);
});
