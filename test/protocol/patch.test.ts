import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/json.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { patch, type PatchOperation } from "../../src/protocol/patch.ts";
import { checkOperations } from "../../src/protocol/patch-check.ts";
import { path } from "../../src/protocol/path.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import { BADGE, STAFF, Staff } from "./staff-model.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);

describe("the builder", () => {
  test("RFC 7644 §3.5.2: makes a PatchOp message of its calls, in their order", () => {
    const built = patch(Employee)
      .add("nickName", "Dee")
      .replace(`${ENTERPRISE}:department`, "Sea")
      .remove("title")
      .add(path`emails[type eq ${'w"'}].display`, "Work")
      .remove(path`emails[value eq ${"x"}]`)
      .add({ locale: "en-GB" })
      .replace({ active: false });
    expect(JSON.parse(JSON.stringify(built))).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [
        { op: "add", path: "nickName", value: "Dee" },
        { op: "replace", path: `${ENTERPRISE}:department`, value: "Sea" },
        { op: "remove", path: "title" },
        { op: "add", path: 'emails[type eq "w\\""].display', value: "Work" },
        { op: "remove", path: 'emails[value eq "x"]' },
        { op: "add", value: { locale: "en-GB" } },
        { op: "replace", value: { active: false } },
      ],
    });
  });

  test("is immutable: every call gives another one", () => {
    const empty = patch(User);
    const one = empty.add("nickName", "Dee");
    const two = one.remove("title");
    expect([empty, one, two].map(({ operations }) => operations.length)).toEqual([0, 1, 2]);
    expect(Object.isFrozen(one)).toBe(true);
    expect(() => (one.operations as PatchOperation[]).push({ op: "remove", path: "x" })).toThrow(TypeError);
    expect(() => Object.assign(one.operations[0] ?? {}, { op: "remove" })).toThrow(TypeError);
  });

  test("knows its model", () => {
    expect(patch(User).add("nickName", "Dee").model).toBe(User);
  });

  test("RFC 7644 §3.5.2: a filter in plain text is taken where nobody compiles, and judged as any path is", () => {
    const selected = 'emails[type eq "work"].value';
    const untyped: ResourceModel = User;
    const { operations } = patch(untyped).replace(selected, "dana@corp.example");
    expect(operations).toEqual([{ op: "replace", path: selected, value: "dana@corp.example" }]);
    expect(checkOperations(User, operations)).toEqual({ operations, issues: [] });
    const wrong = patch(untyped).replace('emails[kind eq "work"].value', "dana@corp.example");
    expect(checkOperations(User, wrong).issues).toMatchObject([{ rule: "unknown" }]);
  });

  test("null is a value, undefined is none", () => {
    expect(patch(User).replace("nickName", null).operations).toEqual([
      { op: "replace", path: "nickName", value: null },
    ]);
    const calls: [() => unknown, string][] = [
      [() => patch(User).add("nickName" as never), 'add("nickName") needs a value; null unassigns'],
      [() => patch(User).replace(path`nickName` as never), 'replace("nickName") needs a value; null unassigns'],
      [() => patch(User).add("nickName", undefined as never), "the value of add is JSON; null unassigns"],
      [() => patch(User).replace(path`nickName`, () => 1), "the value of replace is JSON; null unassigns"],
      [() => patch(User).replace(path`nickName`, 1n), "the value of replace is JSON; null unassigns"],
      [() => patch(User).add({} as never, "Dee" as never), "the path of add is an attribute path or a Path"],
      [() => patch(User).remove(undefined as never), "the path of remove is an attribute path or a Path"],
    ];
    for (const [call, message] of calls) expect(call).toThrow(new TypeError(message));
  });
});

describe("checkOperations: what can be sent", () => {
  const table: { title: string; given: PatchOperation; want: PatchOperation }[] = [
    {
      title: "RFC 7644 §3.10: paths are brought to the schema's spelling",
      given: { op: "replace", path: "NAME.FIRST", value: "Kim" },
      want: { op: "replace", path: "name.first", value: "Kim" },
    },
    {
      title: "so are URNs, of which the core schema's is left out",
      given: { op: "add", path: `${STAFF.toUpperCase()}:Title`, value: "Cook" },
      want: { op: "add", path: "title", value: "Cook" },
    },
    {
      title: "and those of extensions",
      given: { op: "add", path: `${BADGE.toUpperCase()}:Locks[Value eq "x"].Zone`, value: "a" },
      want: { op: "add", path: `${BADGE}:locks[Value eq "x"].zone`, value: "a" },
    },
    {
      title: "names in values are, too",
      given: { op: "add", value: { NAME: { First: "Kim" }, [BADGE.toUpperCase()]: { Number: "7" } } },
      want: { op: "add", value: { name: { first: "Kim" }, [BADGE]: { number: "7" } } },
    },
    {
      title: "a lone value of a multi-valued attribute is sent in an array",
      given: { op: "add", path: "contacts", value: { VALUE: "x" } },
      want: { op: "add", path: "contacts", value: [{ value: "x" }] },
    },
    {
      title: "also in a complex attribute, in an extension and without a path",
      given: { op: "add", value: { tags: "a", name: { aliases: "K" }, [BADGE]: { locks: { value: "x" } } } },
      want: { op: "add", value: { tags: ["a"], name: { aliases: ["K"] }, [BADGE]: { locks: [{ value: "x" }] } } },
    },
    {
      title: "but one value that a filter selects is no array",
      given: { op: "replace", path: 'contacts[value eq "x"]', value: { value: "y" } },
      want: { op: "replace", path: 'contacts[value eq "x"]', value: { value: "y" } },
    },
    {
      title: "null and an empty array unassign what is not required",
      given: { op: "replace", value: { title: null, tags: [], name: { first: null } } },
      want: { op: "replace", value: { title: null, tags: [], name: { first: null } } },
    },
    {
      title: "RFC 7644 §3.5.2: what is immutable may be added, also in a value",
      given: { op: "add", value: { code: "c", name: { origin: "o" } } },
      want: { op: "add", value: { code: "c", name: { origin: "o" } } },
    },
    {
      title: "RFC 7643 §4.2: values with immutable sub-attributes may be replaced as a whole",
      given: { op: "replace", path: "teams", value: [{ value: "red", type: "a" }] },
      want: { op: "replace", path: "teams", value: [{ value: "red", type: "a" }] },
    },
    {
      title: "writeOnly attributes are set and removed like others",
      given: { op: "remove", path: "SECRET" },
      want: { op: "remove", path: "secret" },
    },
    {
      title: "values of a required multi-valued attribute may be removed one by one",
      given: { op: "remove", path: 'teams[value eq "red"]' },
      want: { op: "remove", path: 'teams[value eq "red"]' },
    },
  ];
  for (const { title, given, want } of table) {
    test(title, () => {
      expect(checkOperations(Staff, [given])).toEqual({ operations: [want], issues: [] });
    });
  }

  test("a builder and a message are checked as well", () => {
    const given = patch(Group).add("members", { value: "7c1e" });
    const want = [{ op: "add", path: "members", value: [{ value: "7c1e" }] }];
    expect(checkOperations(Group, given).operations).toEqual(want);
    expect(checkOperations(Group, given.toJSON()).operations).toEqual(want);
  });

  test("nothing that was given is changed", () => {
    const given: PatchOperation[] = [{ op: "add", value: { TITLE: "Cook", tags: "a" } }];
    const before = structuredClone(given);
    checkOperations(Staff, given);
    expect(given).toEqual(before);
  });
});

describe("checkOperations: what is refused before it is sent", () => {
  const table: [given: unknown, scimType: string, rule: string, message: string | RegExp][] = [
    [{ op: "remove" }, "noTarget", "required", /"path" must be present in an operation that is to remove/],
    [{ op: "add", path: "titel", value: "x" }, "invalidPath", "unknown", /"titel" .* perhaps "title" is meant/],
    [{ op: "add", path: "number", value: "7" }, "invalidPath", "unknown", `"${BADGE}:number" is meant`],
    [
      { op: "add", path: "urn:example:other:1.0:x", value: "7" },
      "invalidPath",
      "unknown",
      /not in a schema of Staff/,
    ],
    [{ op: "add", path: "title x", value: "7" }, "invalidPath", "unknown", /^path: expected/],
    [{ op: "remove", path: 'contacts[valeu eq "x"]' }, "invalidFilter", "unknown", /perhaps "value" is meant/],
    [{ op: "add", path: "title" }, "invalidValue", "required", /"value" must be present/],
    [{ op: "add", path: "title", value: 7 }, "invalidValue", "type", /"title" must be a string, not a number/],
    [
      { op: "add", path: "contacts", value: [{ type: 7 }] },
      "invalidValue",
      "type",
      /^"contacts\[0\].type" must be/,
    ],
    [{ op: "add", path: 'contacts[value eq "x"].type', value: 7 }, "invalidValue", "type", /must be a string/],
    [
      { op: "add", path: "contacts", value: [{ primary: true }, { primary: true }] },
      "invalidValue",
      "bounds",
      '"contacts[1].primary" must not be true a second time in a patch request (RFC 7643 §2.4)',
    ],
    [
      { op: "replace", value: { contacts: [{ primary: true }, { primary: true }] } },
      "invalidValue",
      "bounds",
      /^"contacts\[1\].primary" must not be true a second time/,
    ],
    [
      { op: "add", path: "name", value: { frist: "x" } },
      "invalidValue",
      "unknown",
      /"name.frist" .* "first" is meant/,
    ],
    [{ op: "add", value: { titel: "x" } }, "invalidPath", "unknown", /"titel" .* "title" is meant/],
    [
      { op: "add", value: { "urn:example:other:1.0": {} } },
      "invalidPath",
      "unknown",
      /not an extension of the resource/,
    ],
    [{ op: "add", path: BADGE, value: { nummer: "7" } }, "invalidValue", "unknown", `"${BADGE}:nummer"`],
    [
      { op: "replace", path: "login", value: null },
      "mutability",
      "required",
      /"login" must have a value, not null/,
    ],
    [
      { op: "replace", path: "teams", value: [] },
      "mutability",
      "required",
      /must have a value, not an empty array/,
    ],
    [{ op: "replace", value: { name: { last: null } } }, "mutability", "required", /"name.last" must have a value/],
    [{ op: "remove", path: "login" }, "mutability", "mutability", /"login" is required and must not be removed/],
    [{ op: "remove", path: "name.last" }, "mutability", "mutability", /"name.last" is required/],
    [{ op: "remove", path: 'contacts[type eq "x"].value' }, "mutability", "mutability", /is required/],
    [{ op: "remove", path: "stamp" }, "mutability", "mutability", /"stamp" is readOnly/],
    [{ op: "replace", path: "meta.version", value: "2" }, "mutability", "mutability", /"meta.version" is readOnly/],
    [{ op: "replace", value: { id: "2" } }, "mutability", "mutability", /"id" is readOnly/],
    [
      { op: "add", value: { name: { formatted: "x" } } },
      "mutability",
      "mutability",
      /"name.formatted" is readOnly/,
    ],
    [{ op: "add", path: "contacts", value: [{ value: "x", label: "l" }] }, "mutability", "mutability", /readOnly/],
    [{ op: "add", path: 'contacts[value eq "x"].label', value: "l" }, "mutability", "mutability", /is readOnly/],
    [
      { op: "replace", path: "code", value: "c" },
      "mutability",
      "mutability",
      /"code" is immutable and can only be added/,
    ],
    [{ op: "remove", path: "code" }, "mutability", "mutability", /"code" is immutable/],
    [
      { op: "replace", path: "office.city", value: "Oslo" },
      "mutability",
      "mutability",
      /"office.city" is immutable/,
    ],
    [{ op: "replace", value: { code: "c" } }, "mutability", "mutability", /"code" is immutable/],
    [
      { op: "replace", path: "name", value: { origin: "o" } },
      "mutability",
      "mutability",
      /"name.origin" is immutable/,
    ],
    [{ op: "replace", value: { name: { origin: "o" } } }, "mutability", "mutability", /"name.origin" is immutable/],
    [{ op: "replace", path: 'teams[value eq "x"].type', value: "t" }, "mutability", "mutability", /is immutable/],
    [{ op: "copy", path: "title" }, "invalidSyntax", "type", /"op" must be "add", "remove" or "replace"/],
    [
      { op: "remove", path: "contacts", value: [{ value: "x" }] },
      "invalidValue",
      "unknown",
      'operation 1 removes "contacts" and must not have a "value": what it removes is selected in its path, path`contacts[value eq ${value}]`; readOperations of scimkit/protocol reads the form that Entra sends (RFC 7644 §3.5.2.2)',
    ],
    [{ op: "remove", path: "tags", value: [] }, "invalidValue", "unknown", "path`tags[value eq ${value}]`"],
    [{ op: "remove", path: "places", value: { city: "Oslo" } }, "invalidValue", "unknown", "path`places[type eq"],
    [{ op: "remove", path: "title", value: "Cook" }, "invalidValue", "unknown", /must not have a "value" \(RFC/],
    [
      { op: "remove", path: 'contacts[value eq "x"]', value: false },
      "invalidValue",
      "unknown",
      /must not have a "value" \(RFC 7644 §3.5.2.2\)$/,
    ],
  ];
  for (const [given, scimType, rule, message] of table) {
    test(`${JSON.stringify(given)}: ${scimType}`, () => {
      const fine: PatchOperation = { op: "add", path: "Title", value: "Cook" };
      const { operations, issues } = checkOperations(Staff, [fine, given as PatchOperation]);
      expect(operations).toEqual([{ ...fine, path: "title" }, given]);
      expect(issues).toHaveLength(1);
      expect(issues[0]).toMatchObject({ scimType, rule, operation: 1 });
      expect(issues[0]?.message).toMatch(message);
      expect(issues[0]?.message).toContain(issues[0]?.section);
    });
  }

  test("RFC 7644 §3.5.2.2: a value of remove that is null or undefined is none", () => {
    for (const value of [null, undefined]) {
      const given = [{ op: "remove", path: "TITLE", value }] as unknown as PatchOperation[];
      expect(checkOperations(Staff, given)).toEqual({ operations: [{ op: "remove", path: "title" }], issues: [] });
    }
  });

  test("issues of several operations are listed together, up to the limit", () => {
    const given = Array.from({ length: 100 }, (): PatchOperation => ({ op: "remove", path: "login" }));
    expect(checkOperations(Staff, given).issues.map(({ operation }) => operation)).toEqual(
      [...given.keys()].slice(0, 64),
    );
    expect(checkOperations(Staff, given, 3).issues).toHaveLength(3);
    const value = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`unknown${index}`, 1]));
    expect(checkOperations(Staff, [{ op: "add", value }], 5).issues).toHaveLength(5);
  });

  test("an issue never holds a value", () => {
    const value: JsonObject = { title: { hidden: "s3cret" }, contacts: [{ value: ["s3cret"] }] };
    const { issues } = checkOperations(Staff, [
      { op: "add", value },
      { op: "add", path: "title", value: ["s3cret"] },
    ]);
    expect(issues.length).toBeGreaterThan(2);
    expect(JSON.stringify(issues)).not.toContain("s3cret");
  });
});
