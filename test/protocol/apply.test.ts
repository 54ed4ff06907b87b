import { describe, expect, test } from "vitest";
import { PatchError } from "../../src/errors.ts";
import type { JsonObject, JsonValue } from "../../src/json.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { applyPatch, type ApplyOptions } from "../../src/protocol/apply.ts";
import { PATCH_OP_SCHEMA, patch, type PatchInput, type PatchOperation } from "../../src/protocol/patch.ts";
import { path } from "../../src/protocol/path.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";
import { BADGE, STAFF, Staff } from "./staff-model.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);

function refusal(
  model: ResourceModel<Views>,
  resource: object,
  operations: PatchInput,
  options?: ApplyOptions,
): PatchError {
  try {
    applyPatch(model, resource, operations, options);
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
  throw new Error("it was applied");
}

const dana = { value: "7c1e", $ref: "https://id.example/v2/Users/7c1e", display: "Dana Reyes" };
const ravi = { value: "19af", $ref: "https://id.example/v2/Users/19af", display: "Ravi Patel" };
const group = { schemas: [Group.schema.id], id: "a0c3", displayName: "Crew", members: [dana] };
const user = {
  schemas: [CORE],
  id: "7c1e",
  userName: "dreyes",
  name: { formatted: "Dana Reyes", familyName: "Reyes", givenName: "Dana" },
  nickName: "Dee",
  emails: [
    { value: "dana@corp.example", type: "work", primary: true },
    { value: "dana@home.example", type: "home" },
  ],
  addresses: [
    { type: "work", streetAddress: "1 Quay St", locality: "Bristol", country: "GB" },
    { type: "home", streetAddress: "9 Hill Rd", locality: "Bath", country: "GB", primary: true },
  ],
};

describe("RFC 7644 §3.5.2: every example request of the section, with other names", () => {
  const office = {
    type: "work",
    streetAddress: "44 Dock Lane",
    locality: "Cardiff",
    region: "Wales",
    postalCode: "CF10",
    country: "GB",
    formatted: "44 Dock Lane\nCardiff CF10",
    primary: true,
  };
  const table: {
    name: string;
    model: ResourceModel<Views>;
    resource: object;
    given: PatchOperation[];
    want: JsonObject;
  }[] = [
    {
      name: "§3.5.2.1: a member is added to a group",
      model: Group,
      resource: group,
      given: [{ op: "add", path: "members", value: [ravi] }],
      want: { members: [dana, ravi] },
    },
    {
      name: "§3.5.2.1: attributes are added without a path",
      model: User,
      resource: user,
      given: [{ op: "add", value: { emails: [{ value: "dr@lab.example", type: "other" }], nickname: "Dany" } }],
      want: { emails: [...user.emails, { value: "dr@lab.example", type: "other" }], nickName: "Dany" },
    },
    {
      name: "§3.5.2.2: one member is removed",
      model: Group,
      resource: { ...group, members: [dana, ravi] },
      given: [{ op: "remove", path: 'members[value eq "7c1e"]' }],
      want: { members: [ravi] },
    },
    {
      name: "§3.5.2.2: all members are removed",
      model: Group,
      resource: group,
      given: [{ op: "remove", path: "members" }],
      want: {},
    },
    {
      name: "§3.5.2.2: a value is removed by two of its sub-attributes",
      model: User,
      resource: user,
      given: [{ op: "remove", path: 'emails[type eq "work" and value ew "corp.example"]' }],
      want: { emails: [{ value: "dana@home.example", type: "home" }] },
    },
    {
      name: "§3.5.2.2: a member is removed and another one added, printed without a space before the string",
      model: Group,
      resource: group,
      given: [
        { op: "remove", path: 'members[value eq"7c1e"]' },
        { op: "add", path: "members", value: [ravi] },
      ],
      want: { members: [ravi] },
    },
    {
      name: "§3.5.2.2: all members are removed and others added",
      model: Group,
      resource: group,
      given: [
        { op: "remove", path: "members" },
        { op: "add", path: "members", value: [ravi, dana] },
      ],
      want: { members: [ravi, dana] },
    },
    {
      name: "§3.5.2.3: all members are replaced",
      model: Group,
      resource: { ...group, members: [{ value: "gone" }] },
      given: [{ op: "replace", path: "members", value: [dana, ravi] }],
      want: { members: [dana, ravi] },
    },
    {
      name: "§3.5.2.3: the work address is replaced and becomes the primary one",
      model: User,
      resource: user,
      given: [{ op: "replace", path: 'addresses[type eq "work"]', value: office }],
      want: { addresses: [office, { ...user.addresses[1], primary: false }] },
    },
    {
      name: "§3.5.2.3: a sub-attribute of the work address is replaced",
      model: User,
      resource: user,
      given: [{ op: "replace", path: 'addresses[type eq "work"].streetAddress', value: "2 Quay St" }],
      want: { addresses: [{ ...user.addresses[0], streetAddress: "2 Quay St" }, { ...user.addresses[1] }] },
    },
    {
      name: "§3.5.2.3: all values of attributes are replaced without a path",
      model: User,
      resource: user,
      given: [
        {
          op: "replace",
          value: { emails: [{ value: "dr@new.example", type: "work", primary: true }], nickname: "Dany" },
        },
      ],
      want: { emails: [{ value: "dr@new.example", type: "work", primary: true }], nickName: "Dany" },
    },
  ];
  for (const { name, model, resource, given, want } of table) {
    test(name, () => {
      const touched = new Set([...Object.keys(want), ...given.flatMap(({ path: at }) => at?.split("[")[0] ?? [])]);
      const rest = Object.entries(resource).filter(([attribute]) => !touched.has(attribute));
      expect(applyPatch(model, resource, given)).toEqual({ ...Object.fromEntries(rest), ...want });
    });
  }

  test("§3.5.2.1: a user who is a member already is not added again, and nothing changes", () => {
    for (const member of [dana, { value: "7c1e" }, { ...dana, $ref: "https://id.example/Users/7c1e" }]) {
      expect(applyPatch(Group, group, [{ op: "add", path: "members", value: [member] }])).toBe(group);
    }
  });

  test("§3.5.2.2: a user who is no member is removed without a change", () => {
    expect(applyPatch(Group, group, [{ op: "remove", path: 'members[value eq "none"]' }])).toBe(group);
  });
});

interface Case {
  readonly title: string;
  readonly resource?: JsonObject;
  readonly given: readonly PatchOperation[];
  /** What the operations change; `undefined` for what becomes unassigned. */
  readonly want: Record<string, JsonValue | undefined>;
  readonly options?: ApplyOptions;
}

/** Staff with the least that is required. */
const minimal = { schemas: [STAFF], id: "1", login: "kim", teams: [{ value: "red" }] };

function check({ title, resource = {}, given, want, options }: Case): void {
  test(title, () => {
    const before: JsonObject = { ...minimal, ...resource };
    const expected = Object.entries({ ...before, ...want }).filter(([, value]) => value !== undefined);
    expect(applyPatch(Staff, before, given, options)).toEqual(Object.fromEntries(expected));
  });
}

describe("RFC 7644 §3.5.2.1: add", () => {
  const table: Case[] = [
    {
      title: "If the target location does not exist, the attribute and value are added",
      given: [{ op: "add", path: "title", value: "Cook" }],
      want: { title: "Cook" },
    },
    {
      title: "If the target location specifies a single-valued attribute, the existing value is replaced",
      resource: { title: "Cook" },
      given: [{ op: "add", path: "title", value: "Chef" }],
      want: { title: "Chef" },
    },
    {
      title: "If the target location specifies a complex attribute, its sub-attributes are merged",
      resource: { name: { first: "Kim", last: "Lee" } },
      given: [{ op: "add", path: "name", value: { first: "Kym", aliases: ["K"] } }],
      want: { name: { first: "Kym", last: "Lee", aliases: ["K"] } },
    },
    {
      title: "If the target location specifies a multi-valued attribute, a new value is added",
      resource: { tags: ["a"] },
      given: [{ op: "add", path: "tags", value: ["b"] }],
      want: { tags: ["a", "b"] },
    },
    {
      title: "A value that is not in an array is one value",
      resource: { tags: ["a"], contacts: [{ value: "x" }] },
      given: [
        { op: "add", path: "tags", value: "b" },
        { op: "add", value: { contacts: { value: "y" } } },
      ],
      want: { tags: ["a", "b"], contacts: [{ value: "x" }, { value: "y" }] },
    },
    {
      title: "A value that is there already is not added again; whether case counts the schema says",
      resource: { tags: ["a"], teams: [{ value: "red" }] },
      given: [
        { op: "add", path: "tags", value: ["A", "b", "B"] },
        { op: "add", path: "teams", value: [{ value: "Red" }, { value: "red" }] },
      ],
      want: { tags: ["a", "b"], teams: [{ value: "red" }, { value: "Red" }] },
    },
    {
      title: "RFC 7643 §2.4: one value may be there with several types",
      resource: { contacts: [{ value: "x", type: "work" }] },
      given: [{ op: "add", path: "contacts", value: [{ value: "X", type: "home" }] }],
      want: {
        contacts: [
          { value: "x", type: "work" },
          { value: "X", type: "home" },
        ],
      },
    },
    {
      title: "A value that is there takes on what was added to it, but for what is immutable and set",
      resource: { contacts: [{ value: "x", display: "X" }] },
      given: [{ op: "add", path: "contacts", value: [{ value: "x", type: "work", display: "Y", primary: true }] }],
      want: { contacts: [{ value: "x", display: "X", type: "work", primary: true }] },
    },
    {
      title: "Values without a value are the same when all their sub-attributes are",
      resource: { places: [{ city: "Oslo", type: "home" }] },
      given: [
        {
          op: "add",
          path: "places",
          value: [{ type: "Home", city: "OSLO", floor: null }, { city: "Oslo" }, { city: "oslo", primary: false }],
        },
      ],
      want: { places: [{ city: "Oslo", type: "home" }, { city: "Oslo" }] },
    },
    {
      title: "To an attribute that has no value the new value is added as it is",
      given: [{ op: "add", path: "levels", value: [1, 1] }],
      want: { levels: [1, 1] },
    },
    {
      title: "A value that a filter selects is merged",
      resource: { contacts: [{ value: "x", type: "work" }, { value: "y" }] },
      given: [{ op: "add", path: 'contacts[type eq "WORK"]', value: { display: "X" } }],
      want: { contacts: [{ value: "x", type: "work", display: "X" }, { value: "y" }] },
    },
    {
      title: "RFC 7643 §2.5: null unassigns a single value, and adding no values changes nothing",
      resource: { title: "Cook", tags: ["a"] },
      given: [
        { op: "add", path: "title", value: null },
        { op: "add", path: "tags", value: [] },
        { op: "add", path: "tags", value: null },
      ],
      want: { title: undefined },
    },
    {
      title: "An extension is named by its URN, in a path and in a value",
      given: [
        { op: "add", path: `${BADGE}:number`, value: "7" },
        { op: "add", path: BADGE, value: { colour: "blue" } },
        { op: "add", value: { [BADGE.toUpperCase()]: { holder: { value: "k" } } } },
      ],
      want: { schemas: [STAFF, BADGE], [BADGE]: { number: "7", colour: "blue", holder: { value: "k" } } },
    },
  ];
  for (const each of table) check(each);
});

describe("RFC 7644 §3.5.2.2: remove", () => {
  const table: Case[] = [
    {
      title: "If the target location is a single-value attribute, it becomes unassigned",
      resource: { title: "Cook", name: { first: "Kim", last: "Lee" } },
      given: [
        { op: "remove", path: "title" },
        { op: "remove", path: "name.first" },
      ],
      want: { title: undefined, name: { last: "Lee" } },
    },
    {
      title: "If the target location is a multi-valued attribute without a filter, all values are removed",
      resource: { tags: ["a", "b"] },
      given: [{ op: "remove", path: "tags" }],
      want: { tags: undefined },
    },
    {
      title: "A filter that compares a value selects simple values; erratum 7122 writes it without brackets",
      resource: { tags: ["a", "b", "c"] },
      given: [
        { op: "remove", path: 'tags[value eq "A"]' },
        { op: "remove", path: 'tags eq "b"' },
      ],
      want: { tags: ["c"] },
    },
    {
      title: "If no other values remain, the multi-valued attribute is unassigned",
      resource: { contacts: [{ value: "x" }, { value: "xy" }] },
      given: [{ op: "remove", path: 'contacts[value sw "x"]' }],
      want: { contacts: undefined },
    },
    {
      title: "A sub-attribute is removed from the values that the filter selects",
      resource: {
        contacts: [
          { value: "x", type: "work" },
          { value: "y", type: "home" },
        ],
      },
      given: [{ op: "remove", path: 'contacts[type eq "work"].type' }],
      want: { contacts: [{ value: "x" }, { value: "y", type: "home" }] },
    },
    {
      title: "A path through a multi-valued attribute without a filter is about all values",
      resource: {
        contacts: [
          { value: "x", type: "work" },
          { value: "y", type: "home" },
        ],
      },
      given: [{ op: "remove", path: "contacts.type" }],
      want: { contacts: [{ value: "x" }, { value: "y" }] },
    },
    {
      title: "A complex value of which nothing is left is unassigned",
      resource: { places: [{ city: "Oslo" }], [BADGE]: { holder: { value: "k" } }, schemas: [STAFF, BADGE] },
      given: [
        { op: "remove", path: 'places[city eq "Oslo"].city' },
        { op: "remove", path: `${BADGE}:holder.value` },
      ],
      want: { places: undefined, [BADGE]: undefined, schemas: [STAFF] },
    },
    {
      title: "What is unassigned already is removed without a change",
      given: [
        { op: "remove", path: "title" },
        { op: "remove", path: "name.first" },
        { op: "remove", path: "code" },
        { op: "remove", path: "contacts.type" },
        { op: "remove", path: BADGE },
      ],
      want: {},
    },
    {
      title: "An extension is removed by its URN, and leaves schemas",
      resource: { [BADGE]: { number: "7" }, schemas: [STAFF, BADGE.toUpperCase(), "urn:example:other"] },
      given: [{ op: "remove", path: BADGE }],
      want: { [BADGE]: undefined, schemas: [STAFF, "urn:example:other"] },
    },
  ];
  for (const each of table) check(each);
});

describe("RFC 7644 §3.5.2.3: replace", () => {
  const table: Case[] = [
    {
      title: "If the target location is a multi-valued attribute without a filter, all values are replaced",
      resource: { tags: ["a", "b"] },
      given: [{ op: "replace", path: "tags", value: ["c"] }],
      want: { tags: ["c"] },
    },
    {
      title: "If the path specifies an attribute that does not exist, replace is an add",
      resource: { name: { last: "Lee" } },
      given: [
        { op: "replace", path: "title", value: "Cook" },
        { op: "replace", path: "name.first", value: "Kim" },
        { op: "replace", path: "tags", value: ["a"] },
      ],
      want: { title: "Cook", name: { last: "Lee", first: "Kim" }, tags: ["a"] },
    },
    {
      title: "Sub-attributes that are not specified are left unchanged",
      resource: { name: { first: "Kim", last: "Lee", formatted: "Kim Lee" } },
      given: [
        { op: "replace", path: "name", value: { last: "Li" } },
        { op: "replace", value: { name: { first: null } } },
      ],
      want: { name: { last: "Li", formatted: "Kim Lee" } },
    },
    {
      title: "All records that the filter matches are replaced as a whole",
      resource: {
        places: [
          { type: "work", city: "Oslo", floor: 3 },
          { type: "home", city: "Bergen" },
        ],
      },
      given: [{ op: "replace", path: 'places[type eq "work"]', value: { type: "work", city: "Tromsø" } }],
      want: {
        places: [
          { type: "work", city: "Tromsø" },
          { type: "home", city: "Bergen" },
        ],
      },
    },
    {
      title: "The sub-attribute of all records that the filter matches is replaced",
      resource: { places: [{ type: "work", floor: 1 }, { type: "work", floor: 2 }, { type: "home" }] },
      given: [{ op: "replace", path: 'places[type eq "work"].city', value: "Oslo" }],
      want: {
        places: [
          { type: "work", floor: 1, city: "Oslo" },
          { type: "work", floor: 2, city: "Oslo" },
          { type: "home" },
        ],
      },
    },
    {
      title: "RFC 7643 §2.5: null and an empty array unassign",
      resource: { title: "Cook", tags: ["a"], levels: [1] },
      given: [
        { op: "replace", path: "title", value: null },
        { op: "replace", path: "tags", value: [] },
        { op: "replace", value: { levels: null } },
      ],
      want: { title: undefined, tags: undefined, levels: undefined },
    },
    {
      title: "What is readOnly in a value of a multi-valued attribute stays with that value",
      resource: {
        contacts: [
          { value: "x", label: "first" },
          { value: "y", label: "second" },
        ],
      },
      given: [
        {
          op: "replace",
          path: "contacts",
          value: [{ value: "Y" }, { value: "z" }, { value: "x", label: "first" }],
        },
      ],
      want: { contacts: [{ value: "Y", label: "second" }, { value: "z" }, { value: "x", label: "first" }] },
    },
    {
      title: "RFC 7644 §3.5.2: what is readOnly may be given as it is",
      resource: { stamp: "s", name: { last: "Lee", formatted: "Kim Lee" } },
      given: [{ op: "replace", value: { id: "1", stamp: "s", title: "Cook", name: { formatted: "Kim Lee" } } }],
      want: { title: "Cook" },
    },
    {
      title: "RFC 7644 §3.5.2: what is immutable may be set once, and again to the same",
      given: [
        { op: "replace", path: "code", value: "c" },
        { op: "add", path: "code", value: "c" },
        { op: "add", path: "keys", value: ["k", "l"] },
        { op: "replace", path: "keys", value: ["l", "k"] },
        { op: "add", path: "office.city", value: "Oslo" },
      ],
      want: { code: "c", keys: ["l", "k"], office: { city: "Oslo" } },
    },
    {
      title: "RFC 7644 §3.10: names in paths, values and resources are found in any case",
      resource: { TITLE: "Cook", Contacts: [{ Value: "x", TYPE: "work" }] },
      given: [
        { op: "replace", path: "Title", value: "Chef" },
        { op: "replace", path: 'CONTACTS[Type eq "work"].VALUE', value: "y" },
        { op: "add", value: { nAmE: { LAST: "Lee" } } },
        { op: "replace", path: `${STAFF.toUpperCase()}:ACTIVE`, value: true },
      ],
      want: {
        TITLE: undefined,
        title: "Chef",
        Contacts: undefined,
        contacts: [{ TYPE: "work", value: "y" }],
        name: { last: "Lee" },
        active: true,
      },
    },
    {
      title: "The core schema's URN is the resource itself",
      given: [{ op: "add", path: STAFF, value: { title: "Cook" } }],
      want: { title: "Cook" },
    },
  ];
  for (const each of table) check(each);
});

describe("RFC 7644 §3.5.2: a value that becomes primary is the only one", () => {
  const contacts = [
    { value: "x", primary: true },
    { value: "y", primary: false },
  ];
  const table: Case[] = [
    {
      title: "when it is added",
      resource: { contacts },
      given: [{ op: "add", path: "contacts", value: [{ value: "z", primary: true }] }],
      want: { contacts: [{ value: "x", primary: false }, contacts[1] ?? {}, { value: "z", primary: true }] },
    },
    {
      title: "when its sub-attribute is set",
      resource: { contacts },
      given: [{ op: "replace", path: 'contacts[value eq "y"].primary', value: true }],
      want: {
        contacts: [
          { value: "x", primary: false },
          { value: "y", primary: true },
        ],
      },
    },
    {
      title: "when it is replaced",
      resource: { contacts },
      given: [{ op: "replace", path: 'contacts[value eq "y"]', value: { value: "z", primary: true } }],
      want: {
        contacts: [
          { value: "x", primary: false },
          { value: "z", primary: true },
        ],
      },
    },
    {
      title: "and stays so until another one does",
      resource: { contacts },
      given: [
        { op: "add", path: "contacts", value: [{ value: "z" }] },
        { op: "replace", path: 'contacts[value eq "y"].primary', value: false },
      ],
      want: { contacts: [...contacts, { value: "z" }] },
    },
  ];
  for (const each of table) check(each);

  test("two values cannot both become it", () => {
    const two = [
      { value: "a", primary: true },
      { value: "b", primary: true },
    ];
    const second = '"contacts[1].primary" must not be true a second time in a patch request (RFC 7643 §2.4)';
    const given: { operation: PatchOperation; message: string }[] = [
      { operation: { op: "replace", path: "contacts", value: two }, message: second },
      { operation: { op: "add", path: "contacts", value: two }, message: second },
      { operation: { op: "add", value: { contacts: two } }, message: second },
      {
        operation: { op: "replace", path: "contacts.primary", value: true },
        message: '"contacts" can have one primary value at most (RFC 7643 §2.4)',
      },
    ];
    for (const { operation, message } of given) {
      const error = refusal(Staff, { ...minimal, contacts }, [operation]);
      expect(error).toMatchObject({ scimType: "invalidValue", message });
    }
  });
});

describe("RFC 7644 §3.12, table 9: an operation that cannot be carried out fails with its keyword", () => {
  const full = {
    ...minimal,
    title: "Cook",
    code: "c",
    stamp: "s",
    keys: ["k"],
    office: { city: "Oslo" },
    name: { last: "Lee", formatted: "Kim Lee", origin: "o" },
    contacts: [{ value: "x", display: "X", label: "first" }],
  };
  const table: [given: unknown, scimType: string, message: string | RegExp][] = [
    [{ op: "remove" }, "noTarget", '"path" must be present in an operation that is to remove (RFC 7644 §3.5.2.2)'],
    [
      { op: "remove", path: STAFF },
      "noTarget",
      "a whole resource cannot be removed with PATCH (RFC 7644 §3.5.2.2)",
    ],
    [
      { op: "replace", path: 'contacts[value eq "none"].type', value: "work" },
      "noTarget",
      '"contacts" has no value that the filter matches (RFC 7644 §3.5.2.3)',
    ],
    [
      { op: "add", path: 'contacts[value eq "none"].type', value: "work" },
      "noTarget",
      '"contacts" has no value that the filter matches (RFC 7644 §3.5.2.3)',
    ],
    [
      { op: "replace", path: "places.city", value: "Oslo" },
      "noTarget",
      '"places" has no values (RFC 7644 §3.5.2.3)',
    ],
    [
      { op: "add", path: "titel", value: "x" },
      "invalidPath",
      /"titel" is not an attribute of Staff; perhaps "title"/,
    ],
    [{ op: "add", path: "name.frist", value: "x" }, "invalidPath", /"name.frist" .* perhaps "first" is meant/],
    [{ op: "add", path: "contacts[0]", value: {} }, "invalidPath", /^path: expected/],
    [{ op: "add", path: "", value: "x" }, "invalidPath", /^path: expected an attribute name at offset 0/],
    [{ op: "add", path: 7, value: "x" }, "invalidPath", '"path" must be a string (RFC 7644 §3.5.2)'],
    [{ op: "add", path: 'name[last eq "x"]', value: {} }, "invalidPath", /"name" is single-valued/],
    [{ op: "add", path: 'contacts[value eq "x"].valu', value: "x" }, "invalidPath", /perhaps "value" is meant/],
    [{ op: "add", path: 'contacts[typ eq "x"]', value: {} }, "invalidFilter", /perhaps "type" is meant/],
    [
      { op: "remove", path: "contacts", value: [{ value: "x" }] },
      "invalidValue",
      'operation 1 removes "contacts" and must not have a "value"',
    ],
    [
      { op: "remove", path: "title", value: "Cook" },
      "invalidValue",
      /must not have a "value" \(RFC 7644 §3.5.2.2\)$/,
    ],
    [{ op: "remove", path: "contacts[value gt 5]" }, "invalidFilter", /cannot be compared with a number/],
    [{ op: "add", value: { titel: "x" } }, "invalidPath", /"titel" is not defined by the schema/],
    [{ op: "add", path: "title" }, "invalidValue", /"value" must be present in an operation that is to add/],
    [{ op: "add", value: "x" }, "invalidValue", /must be an object of attributes/],
    [{ op: "add", path: "title", value: 7 }, "invalidValue", /"title" must be a string, not a number/],
    [{ op: "add", path: "since", value: "today" }, "invalidValue", /"since" must be an RFC 3339 date-time/],
    [
      { op: "add", path: "name", value: { frist: "x" } },
      "invalidValue",
      /"name.frist" is not defined by the schema/,
    ],
    [{ op: "add", path: "contacts", value: [{ type: "work" }] }, "invalidValue", /must have a "value"/],
    [{ op: "add", path: "contacts", value: [{ value: null }] }, "invalidValue", /"contacts\[0\].value" must have/],
    [{ op: "replace", path: 'contacts[value eq "x"]', value: null }, "invalidValue", /must be an object, not null/],
    [{ op: "remove", path: "login" }, "mutability", /"login" is required and must not become unassigned/],
    [{ op: "replace", path: "login", value: null }, "mutability", /"login" must have a value, not null/],
    [{ op: "replace", value: { teams: [] } }, "mutability", /"teams" must have a value, not an empty array/],
    [{ op: "remove", path: 'teams[value eq "red"]' }, "mutability", /"teams" is required/],
    [{ op: "remove", path: "name.last" }, "mutability", /"last" is required/],
    [{ op: "remove", path: 'contacts[value eq "x"].value' }, "mutability", /"value" is required/],
    [{ op: "replace", path: "stamp", value: "t" }, "mutability", '"stamp" is readOnly (RFC 7644 §3.5.2)'],
    [{ op: "remove", path: "stamp" }, "mutability", '"stamp" is readOnly (RFC 7644 §3.5.2)'],
    [{ op: "remove", path: "groups" }, "mutability", '"groups" is readOnly (RFC 7644 §3.5.2)'],
    [
      { op: "add", path: "groups", value: [{ value: "g" }] },
      "mutability",
      '"groups" is readOnly (RFC 7644 §3.5.2)',
    ],
    [{ op: "replace", value: { id: "2" } }, "mutability", '"id" is readOnly (RFC 7644 §3.5.2)'],
    [{ op: "replace", path: "meta.version", value: "2" }, "mutability", /is readOnly/],
    [
      { op: "replace", path: "name", value: { formatted: "x" } },
      "mutability",
      '"formatted" is readOnly (RFC 7644 §3.5.2)',
    ],
    [{ op: "add", path: "contacts", value: [{ value: "z", label: "l" }] }, "mutability", /"label" is readOnly/],
    [
      { op: "add", path: "code", value: "C" },
      "mutability",
      '"code" is immutable and has a value (RFC 7644 §3.5.2)',
    ],
    [{ op: "remove", path: "code" }, "mutability", /"code" is immutable/],
    [{ op: "add", path: "keys", value: ["l"] }, "mutability", /"keys" is immutable/],
    [{ op: "replace", path: "name.origin", value: "p" }, "mutability", /"origin" is immutable/],
    [{ op: "replace", path: "office.floor", value: 1 }, "mutability", /"office" is immutable/],
    [{ op: "remove", path: "name" }, "mutability", /"origin" is immutable/],
    [{ op: "replace", path: 'contacts[value eq "x"].display', value: "Y" }, "mutability", /"display" is immutable/],
    [{ op: "move", path: "title" }, "invalidSyntax", '"op" must be "add", "remove" or "replace" (RFC 7644 §3.5.2)'],
    [{ op: "Add", path: "title", value: "x" }, "invalidSyntax", /"op" must be/],
    ["add", "invalidSyntax", "an operation must be an object (RFC 7644 §3.5.2)"],
  ];
  for (const [given, scimType, message] of table) {
    test(`${JSON.stringify(given)}: ${scimType}`, () => {
      const first: PatchOperation = { op: "add", path: "rank", value: 1 };
      const error = refusal(Staff, full, [first, given as PatchOperation]);
      expect(error).toMatchObject({ scimType, operation: 1, code: "patch_error" });
      expect(error.message).toMatch(message);
    });
  }
});

test("RFC 7644 §3.5.2: among much that is readOnly and as it is, a value that is not valid is found", () => {
  const contacts = Array.from({ length: 100 }, (_, index) => ({ value: `v${index}`, label: `label ${index}` }));
  const resource: JsonObject = { ...minimal, contacts };
  expect(applyPatch(Staff, resource, [{ op: "replace", path: "contacts", value: contacts }])).toBe(resource);
  const value = [...contacts, { value: 7 }];
  expect(refusal(Staff, resource, [{ op: "replace", path: "contacts", value }])).toMatchObject({
    scimType: "invalidValue",
    message: '"contacts[100].value" must be a string, not a number, in a patch request (RFC 7643 §2.3.1)',
  });
});

describe("RFC 7644 §3.5.2: the schemas attribute", () => {
  test("adding an attribute with its fully qualified name adds the URN", () => {
    const result = applyPatch(Employee, user, [{ op: "add", path: `${ENTERPRISE}:employeeNumber`, value: "701" }]);
    expect(result).toMatchObject({ schemas: [CORE, ENTERPRISE], [ENTERPRISE]: { employeeNumber: "701" } });
  });

  test("operations may change it, but not so that it lacks a schema in use", () => {
    const resource = { ...user, schemas: [CORE, ENTERPRISE], [ENTERPRISE]: { department: "Sea" } };
    const given: PatchOperation[] = [{ op: "replace", path: "schemas", value: ["urn:example:other"] }];
    expect(applyPatch(Employee, resource, given)).toMatchObject({
      schemas: ["urn:example:other", CORE, ENTERPRISE],
    });
  });

  test("a resource without it gets it when an extension becomes populated", () => {
    const result = applyPatch(Staff, { login: "kim" }, [{ op: "add", path: `${BADGE}:number`, value: "7" }]);
    expect(result).toEqual({ login: "kim", [BADGE]: { number: "7" }, schemas: [STAFF, BADGE] });
  });
});

describe("a value path that matches nothing can create the value that its filter describes, as Entra expects", () => {
  const options = { unmatched: "create" } as const;
  const table: Case[] = [
    {
      title: "with a sub-attribute",
      given: [{ op: "add", path: 'contacts[type eq "work"].value', value: "x" }],
      want: { contacts: [{ type: "work", value: "x" }] },
      options,
    },
    {
      title: "as a whole, and by replace",
      resource: { contacts: [{ value: "x", primary: true }] },
      given: [
        {
          op: "replace",
          path: 'contacts[Type eq "work" and primary eq true]',
          value: { value: "y", display: "Y" },
        },
      ],
      want: {
        contacts: [
          { value: "x", primary: false },
          { type: "work", primary: true, value: "y", display: "Y" },
        ],
      },
      options,
    },
  ];
  for (const each of table) check(each);

  test("but not what no filter can describe, and nothing that is not valid", () => {
    const given: [path: string, scimType: string][] = [
      ['contacts[type ne "work"].value', "noTarget"],
      ['contacts[type eq "work" or type eq "home"].value', "noTarget"],
      ['contacts[not (type eq "work")].value', "noTarget"],
      ['contacts[label eq "l"].value', "mutability"],
      ['contacts[type eq "work"].type', "invalidValue"],
    ];
    for (const [at, scimType] of given) {
      const error = refusal(Staff, minimal, [{ op: "add", path: at, value: "x" }], options);
      expect([at, error.scimType]).toEqual([at, scimType]);
    }
    expect(refusal(Staff, minimal, [{ op: "add", path: 'tags[value eq "a"]', value: "b" }], options).scimType).toBe(
      "noTarget",
    );
  });
});

describe("RFC 7644 §3.5.2: the resulting resource becomes the target of the next operation", () => {
  const many = Array.from({ length: 20 }, (_, index) => `t${index}`);
  const table: Case[] = [
    {
      title: "a value that was removed can be added again",
      resource: { tags: ["a"] },
      given: [
        { op: "add", path: "tags", value: ["x"] },
        { op: "remove", path: 'tags[value eq "x"]' },
        { op: "add", path: "tags", value: ["x"] },
        { op: "remove", path: 'tags[value eq "x"]' },
        { op: "add", path: "tags", value: ["x"] },
      ],
      want: { tags: ["a", "x"] },
    },
    {
      title: "values that took the place of others are found",
      resource: { tags: many, contacts: [{ value: "x", primary: true }] },
      given: [
        { op: "add", path: "tags", value: ["b"] },
        { op: "remove", path: 'tags[value eq "b"]' },
        { op: "add", path: "contacts", value: [{ value: "y", primary: true }] },
        { op: "replace", path: "tags", value: [...many, "c", "d"] },
        { op: "replace", path: "contacts", value: [{ value: "z", primary: true }] },
        { op: "add", path: "tags", value: ["C"] },
        { op: "remove", path: 'tags[value eq "d"]' },
        { op: "add", path: "contacts", value: [{ value: "w", primary: true }] },
      ],
      want: {
        tags: [...many, "c"],
        contacts: [
          { value: "z", primary: false },
          { value: "w", primary: true },
        ],
      },
    },
    {
      title: "a value is found by what it was changed to, and no longer by what it was",
      resource: { contacts: many.map((value) => ({ value })) },
      given: [
        { op: "remove", path: 'contacts[value eq "t19"]' },
        { op: "replace", path: 'contacts[value eq "t0"].value', value: "T1X" },
        { op: "remove", path: 'contacts[value eq "t0"]' },
        { op: "replace", path: 'contacts[value eq "t1x"].type', value: "work" },
        ...many
          .slice(1, 18)
          .map((value): PatchOperation => ({ op: "remove", path: `contacts[value eq "${value}"]` })),
      ],
      want: { contacts: [{ value: "T1X", type: "work" }, { value: "t18" }] },
    },
  ];
  for (const each of table) check(each);

  test("what one operation sets another one finds immutable", () => {
    const given: PatchOperation[] = [
      { op: "add", path: "office", value: { city: "Oslo" } },
      { op: "add", path: "office", value: { city: "Oslo" } },
      { op: "add", path: "office.floor", value: 1 },
    ];
    expect(refusal(Staff, minimal, given)).toMatchObject({ scimType: "mutability", operation: 2 });
  });
});

describe("operations are given in three forms", () => {
  const want = { ...user, nickName: "Dany" };
  const builder = patch(User).replace("nickName", "Dany");
  const forms: [string, PatchInput][] = [
    ["a builder", builder],
    ["a list", builder.operations],
    ["a message", builder.toJSON()],
    ["a message off the wire", JSON.parse(JSON.stringify(builder)) as PatchInput],
  ];
  for (const [name, given] of forms) {
    test(name, () => {
      expect(applyPatch(User, user, given)).toEqual(want);
    });
  }

  test("anything else is a TypeError", () => {
    expect(() => applyPatch(User, user, { schemas: [PATCH_OP_SCHEMA] } as never)).toThrow(TypeError);
    expect(() => applyPatch(User, [] as never, [])).toThrow(new TypeError("a User is an object"));
  });
});

test("what no operation touches is shared with the result", () => {
  const resource = structuredClone(user);
  const result = applyPatch(
    User,
    resource,
    patch(User).replace(path`emails[type eq "home"].value`, "d@home.example"),
  );
  expect(result.addresses).toBe(resource.addresses);
  expect(result.emails[0]).toBe(resource.emails[0]);
  expect(resource).toEqual(user);
});

describe("hostile requests", () => {
  test("JavaScript's own names are no attributes", () => {
    for (const name of ["__proto__", "constructor", "prototype", "toString"]) {
      for (const at of [`${name}.polluted`, `name.${name}`, `contacts[${name} eq "x"].value`, name]) {
        expect(refusal(Staff, minimal, [{ op: "add", path: at, value: "x" }]).scimType).toMatch(/^invalid/);
      }
      const value = JSON.parse(`{"${name}":{"polluted":true}}`) as JsonObject;
      expect(refusal(Staff, minimal, [{ op: "add", value }]).scimType).toBe("invalidPath");
      expect(refusal(Staff, minimal, [{ op: "add", path: "name", value }]).scimType).toBe("invalidValue");
    }
    expect({}).not.toHaveProperty("polluted");
  });

  test("a resource keeps a member called __proto__, and nobody's prototype changes", () => {
    const resource = JSON.parse('{"login":"kim","__proto__":{"polluted":true}}') as JsonObject;
    const result = applyPatch(Staff, resource, [{ op: "add", path: "title", value: "Cook" }]);
    expect(Object.keys(result)).toEqual(["login", "__proto__", "title"]);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(result).not.toHaveProperty("polluted");
  });

  test("values as deep and paths as long as the wire carries them are refused", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`) as JsonObject;
    const nested = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`) as JsonValue;
    const given: [PatchOperation, string][] = [
      [{ op: "add", value: deep }, "invalidPath"],
      [{ op: "add", path: "name", value: deep }, "invalidValue"],
      [{ op: "replace", path: "contacts", value: [deep] }, "invalidValue"],
      [{ op: "add", path: "tags", value: nested }, "invalidValue"],
      [{ op: "remove", path: `contacts[${"(".repeat(100_000)}value pr${")".repeat(100_000)}]` }, "invalidPath"],
      [{ op: "remove", path: `contacts[value eq "${"x".repeat(1_100_000)}"]` }, "invalidPath"],
      [{ op: "remove", path: "a.".repeat(500_000) }, "invalidPath"],
      [{ op: "remove", path: "x".repeat(1_000_000) }, "invalidPath"],
    ];
    for (const [operation, scimType] of given) {
      const error = refusal(Staff, minimal, [operation]);
      expect(error.scimType).toBe(scimType);
      expect(error.message.length).toBeLessThan(400);
    }
  });

  test("the time is linear in the operations and the values", () => {
    const many = 30_000;
    const contacts = Array.from({ length: many }, (_, index) => ({ value: `v${index}` }));
    const resource: JsonObject = { ...minimal, contacts };
    const removals = contacts.map(({ value }): PatchOperation => ({
      op: "remove",
      path: `contacts[value eq "${value}"]`,
    }));
    expect(applyPatch(Staff, resource, removals)).not.toHaveProperty("contacts");
    const additions = contacts.map((value): PatchOperation => ({ op: "add", path: "contacts", value }));
    expect(applyPatch(Staff, resource, additions)).toBe(resource);
    expect(applyPatch<JsonObject>(Staff, minimal, additions)["contacts"]).toHaveLength(many);
    const primaries = contacts.slice(0, 1000).map(({ value }): PatchOperation => ({
      op: "add",
      path: `contacts[value eq "${value}"].primary`,
      value: true,
    }));
    expect(applyPatch(Staff, resource, primaries)["contacts"]).toHaveLength(many);
  });

  test("a value that comes and goes does not slow its index down", () => {
    const resource: JsonObject = { ...minimal, tags: Array.from({ length: 20 }, (_, index) => `t${index}`) };
    const turns = Array.from({ length: 20_000 }, (): PatchOperation[] => [
      { op: "add", path: "tags", value: "x" },
      { op: "remove", path: 'tags[value eq "x"]' },
    ]).flat();
    expect(applyPatch(Staff, resource, turns)).toEqual(resource);
  });

  test("of several equal parts of a filter the one that selects the least is used", () => {
    const contacts = Array.from({ length: 5000 }, (_, index) => ({ type: "work", value: `v${index}` }));
    const removals = contacts.map(({ value }): PatchOperation => {
      return { op: "remove", path: `contacts[type eq "work" and value eq "${value}"]` };
    });
    expect(applyPatch(Staff, { ...minimal, contacts }, removals)).toEqual(minimal);
  });

  test("filters that need a look at every value have a bound", () => {
    const resource: JsonObject = { ...minimal, tags: Array.from({ length: 10_000 }, (_, index) => `t${index}`) };
    const scans = Array.from({ length: 1000 }, (): PatchOperation => ({
      op: "remove",
      path: 'tags[value co "x"]',
    }));
    expect(refusal(Staff, resource, scans)).toMatchObject({ scimType: "tooMany", operation: 200 });
  });
});
