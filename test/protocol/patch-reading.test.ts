import { describe, expect, test } from "vitest";
import type { Deviation } from "../../src/deviation.ts";
import { PatchError } from "../../src/errors.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { applyPatch } from "../../src/protocol/apply.ts";
import { PATCH_OP_SCHEMA } from "../../src/protocol/patch.ts";
import { readOperations } from "../../src/protocol/patch-reading.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";
import { BADGE, STAFF, Staff } from "./staff-model.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);

function message(...operations: readonly unknown[]): unknown {
  return { schemas: [PATCH_OP_SCHEMA], Operations: operations };
}

function read(model: ResourceModel<Views>, given: unknown): { operations: unknown; kinds: string[] } {
  const deviations: Deviation[] = [];
  const operations = readOperations(model, given, (deviation) => deviations.push(deviation));
  for (const { message: text, section } of deviations) expect(text).toContain(section);
  return { operations, kinds: deviations.map(({ kind, path }) => `${kind} ${path}`) };
}

interface Case {
  readonly title: string;
  readonly model?: ResourceModel<Views>;
  readonly given: unknown;
  readonly want: unknown;
  readonly kinds: readonly string[];
}

function check({ title, model = Staff, given, want, kinds }: Case): void {
  test(title, () => {
    expect(read(model, given)).toEqual({ operations: want, kinds });
  });
}

describe("RFC 7644 §3.5.2: a message in the RFC's own form is read as it is, without a report", () => {
  const operations = [
    { op: "add", path: "title", value: "Cook" },
    { op: "remove", path: 'tags[value eq "a"]' },
    { op: "replace", value: { contacts: [{ value: "x", primary: true }], [BADGE]: { number: "7" } } },
    { op: "add", path: "unheardOf", value: { any: ["thing"] } },
  ];
  check({ title: "one message", given: message(...operations), want: operations, kinds: [] });
});

describe("what Entra sends", () => {
  const table: Case[] = [
    {
      title: "capitalised operations, and booleans as text",
      given: message(
        { op: "Add", path: "title", value: "Cook" },
        { op: "Replace", path: "active", value: "False" },
        { op: "REMOVE", path: "title" },
      ),
      want: [
        { op: "add", path: "title", value: "Cook" },
        { op: "replace", path: "active", value: false },
        { op: "remove", path: "title" },
      ],
      kinds: [
        "envelope Operations[0].op",
        "envelope Operations[1].op",
        "stringifiedBoolean active",
        "envelope Operations[2].op",
      ],
    },
    {
      title: "members to be removed in a list",
      model: Group,
      given: message({ op: "Remove", path: "members", value: [{ value: "7c1e" }, { $ref: null, value: "19af" }] }),
      want: [
        { op: "remove", path: 'members[value eq "7c1e"]' },
        { op: "remove", path: 'members[value eq "19af"]' },
      ],
      kinds: ["envelope Operations[0].op", "envelope Operations[0].value"],
    },
    {
      title: "a value without a path whose members are paths (aadOptscim062020)",
      model: Employee,
      given: message({
        op: "replace",
        value: {
          displayName: "Dana",
          active: "True",
          "name.givenName": "Dana",
          [`${ENTERPRISE}:department`]: "Sea",
          'emails[type eq "work"].value': "dana@corp.example",
        },
      }),
      want: [
        { op: "replace", path: "name.givenName", value: "Dana" },
        { op: "replace", path: `${ENTERPRISE}:department`, value: "Sea" },
        { op: "replace", path: 'emails[type eq "work"].value', value: "dana@corp.example" },
        { op: "replace", value: { displayName: "Dana", active: true } },
      ],
      kinds: [
        "stringifiedBoolean active",
        "flatName name.givenName",
        `flatName ${ENTERPRISE}:department`,
        'flatName emails[type eq "work"].value',
      ],
    },
    {
      title: "a manager in an array",
      model: Employee,
      given: message({ op: "Add", path: `${ENTERPRISE}:manager`, value: [{ value: "19af" }] }),
      want: [{ op: "add", path: `${ENTERPRISE}:manager`, value: { value: "19af" } }],
      kinds: ["envelope Operations[0].op", `arrayForSingle ${ENTERPRISE}:manager`],
    },
  ];
  for (const each of table) check(each);

  test("added members with a null reference do not keep the null", () => {
    const given = message({ op: "Add", path: "members", value: [{ $ref: null, value: "7c1e" }] });
    const group = { schemas: [Group.schema.id], id: "1", displayName: "Crew" };
    expect(applyPatch(Group, group, readOperations(Group, given))).toEqual({
      ...group,
      members: [{ value: "7c1e" }],
    });
  });
});

describe("what Okta sends", () => {
  const user = { schemas: [CORE], id: "7c1e", userName: "dreyes", active: true };
  const group = { schemas: [Group.schema.id], id: "a0c3", displayName: "Crew", members: [{ value: "7c1e" }] };

  test("a user is deactivated without a path", () => {
    const operations = readOperations(User, message({ op: "replace", value: { active: false } }));
    expect(applyPatch(User, user, operations)).toEqual({ ...user, active: false });
  });

  test("a group is renamed with its id beside the name", () => {
    const operations = readOperations(
      Group,
      message({ op: "replace", value: { id: "a0c3", displayName: "Hands" } }),
    );
    expect(applyPatch(Group, group, operations)).toEqual({ ...group, displayName: "Hands" });
  });

  test("members are removed, added and replaced by none", () => {
    const change = message(
      { op: "remove", path: 'members[value eq "7c1e"]' },
      { op: "add", path: "members", value: [{ value: "19af", display: "ravi@corp.example" }] },
    );
    const changed = applyPatch(Group, group, readOperations(Group, change));
    expect(changed.members).toEqual([{ value: "19af", display: "ravi@corp.example" }]);
    const none = readOperations(Group, message({ op: "replace", path: "members", value: [] }));
    expect(applyPatch(Group, group, none)).not.toHaveProperty("members");
  });
});

describe("what others send", () => {
  const table: Case[] = [
    {
      title: "member names in another case, a path that is empty or null",
      given: {
        SCHEMAS: [PATCH_OP_SCHEMA.toUpperCase()],
        operations: [{ OP: "add", Path: "", VALUE: { title: "Cook" } }],
      },
      want: [{ op: "add", value: { title: "Cook" } }],
      kinds: [],
    },
    {
      title: "no schemas, and a lone operation",
      given: { Operations: { op: "add", path: null, value: { title: "Cook" } } },
      want: [{ op: "add", value: { title: "Cook" } }],
      kinds: ["envelope schemas", "envelope Operations"],
    },
    {
      title: "numbers and booleans as text, at every depth",
      given: message({
        op: "add",
        value: { rank: "7", office: { floor: "-2" }, contacts: [{ value: "x", primary: "true" }], title: "True" },
      }),
      want: [
        {
          op: "add",
          value: { rank: 7, office: { floor: -2 }, contacts: [{ value: "x", primary: true }], title: "True" },
        },
      ],
      kinds: ["stringifiedNumber rank", "stringifiedNumber office.floor", "stringifiedBoolean contacts.primary"],
    },
    {
      title: "an array of one for a value that a filter selects, and for a single value",
      given: message(
        { op: "replace", path: 'contacts[value eq "x"]', value: [{ value: "y" }] },
        { op: "replace", path: "title", value: ["Cook"] },
        { op: "replace", path: "title", value: ["Cook", "Chef"] },
      ),
      want: [
        { op: "replace", path: 'contacts[value eq "x"]', value: { value: "y" } },
        { op: "replace", path: "title", value: "Cook" },
        { op: "replace", path: "title", value: ["Cook", "Chef"] },
      ],
      kinds: ['arrayForSingle contacts[value eq "x"]', "arrayForSingle title"],
    },
    {
      title: "attributes under the core schema's own URN",
      given: message({ op: "add", value: { [STAFF]: { title: "Cook", [STAFF]: {} }, rank: 1 } }),
      want: [
        { op: "add", value: { title: "Cook", [STAFF]: {} } },
        { op: "add", value: { rank: 1 } },
      ],
      kinds: [`flatName ${STAFF}`],
    },
    {
      title: "values to remove that have no value, or are simple, or one",
      given: message(
        { op: "remove", path: "places", value: [{ type: "work", City: "Oslo", floor: 3, other: {} }] },
        { op: "remove", path: "tags", value: ["a", 'b"'] },
        { op: "remove", path: "levels", value: 3 },
      ),
      want: [
        { op: "remove", path: 'places[type eq "work" and City eq "Oslo" and floor eq 3]' },
        { op: "remove", path: 'tags[value eq "a"]' },
        { op: "remove", path: 'tags[value eq "b\\""]' },
        { op: "remove", path: "levels[value eq 3]" },
      ],
      kinds: ["envelope Operations[0].value", "envelope Operations[1].value", "envelope Operations[2].value"],
    },
    {
      title: "an empty list of values to remove, which is nothing to remove",
      given: message({ op: "remove", path: "tags", value: [] }),
      want: [],
      kinds: ["envelope Operations[0].value"],
    },
    {
      title: "a value beside the removal of something else is ignored",
      given: message(
        { op: "remove", path: "title", value: "Cook" },
        { op: "remove", path: 'tags[value eq "a"]', value: ["b"] },
        { op: "remove", path: "tags", value: null },
        { op: "remove", path: "unheardOf", value: ["b"] },
      ),
      want: [
        { op: "remove", path: "title" },
        { op: "remove", path: 'tags[value eq "a"]' },
        { op: "remove", path: "tags" },
        { op: "remove", path: "unheardOf" },
      ],
      kinds: [],
    },
    {
      title: "names that lead nowhere are left for applyPatch to refuse",
      given: message(
        { op: "add", value: { titel: "x", "name.frist": "x", "a b": 1 } },
        { op: "add", path: "a b", value: "1" },
      ),
      want: [
        { op: "add", value: { titel: "x", "name.frist": "x", "a b": 1 } },
        { op: "add", path: "a b", value: "1" },
      ],
      kinds: [],
    },
  ];
  for (const each of table) check(each);

  test("nothing that was given is changed", () => {
    const given = message({ op: "Replace", value: { active: "True", contacts: [{ primary: "False" }] } });
    const before = structuredClone(given);
    readOperations(Staff, given);
    expect(given).toEqual(before);
  });
});

describe("RFC 7644 §3.5.2: what is no PATCH request is refused", () => {
  const table: [given: unknown, scimType: string, operation: number, message: RegExp][] = [
    [null, "invalidSyntax", 0, /a PATCH request must be an object/],
    [[], "invalidSyntax", 0, /a PATCH request must be an object/],
    [{}, "invalidSyntax", 0, /"Operations" must have one operation at least/],
    [message(), "invalidSyntax", 0, /"Operations" must have one operation at least/],
    [message({ op: "remove", path: "title" }, "add"), "invalidSyntax", 1, /an operation must be an object/],
    [message({ op: "Update", path: "active", value: "false" }), "invalidSyntax", 0, /"op" must be/],
    [message({ path: "active", value: false }), "invalidSyntax", 0, /"op" must be/],
    [message({ op: "x".repeat(1_000_000) }), "invalidSyntax", 0, /"op" must be/],
    [message({ op: "add", path: 7, value: 1 }), "invalidSyntax", 0, /"path" must be a string/],
    [message({ op: "add", path: "title" }), "invalidSyntax", 0, /"value" must be present/],
    [message({ op: "add", value: ["x"] }), "invalidSyntax", 0, /must be an object of attributes/],
    [message({ op: "remove" }), "noTarget", 0, /"path" must be present/],
    [message({ op: "remove", path: "contacts", value: [{ other: 1 }] }), "invalidValue", 0, /value to remove/],
    [message({ op: "remove", path: "tags", value: [["a"]] }), "invalidValue", 0, /value to remove/],
  ];
  for (const [given, scimType, operation, text] of table) {
    test(`${JSON.stringify(given).slice(0, 120)}: ${scimType}`, () => {
      expect(() => readOperations(Staff, given)).toThrow(PatchError);
      expect(() => readOperations(Staff, given)).toThrow(text);
      expect(() => readOperations(Staff, given)).toThrow(expect.objectContaining({ scimType, operation }) as Error);
    });
  }

  test("values as deep as the wire carries them are passed on, and refused by applyPatch", () => {
    const deep: unknown = JSON.parse(`${'{"name":'.repeat(100_000)}1${"}".repeat(100_000)}`);
    const operations = readOperations(Staff, message({ op: "add", value: deep }));
    expect(() => applyPatch(Staff, { login: "kim" }, operations)).toThrow(PatchError);
    const urns: unknown = JSON.parse(`${`{"${STAFF}":`.repeat(20_000)}1${"}".repeat(20_000)}`);
    expect(readOperations(Staff, message({ op: "add", value: urns }))).toHaveLength(1);
  });
});
