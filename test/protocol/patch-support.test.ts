import { describe, expect, test } from "vitest";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { checkOperations } from "../../src/protocol/patch-check.ts";
import { unsupportedOperation, type PatchSupport } from "../../src/protocol/patch-support.ts";
import type { PatchOperation } from "../../src/protocol/patch.ts";

const Employee = User.with(EnterpriseUser);
const ENTERPRISE = EnterpriseUser.schema.id;

function title(op: "add" | "replace"): PatchOperation {
  return { op, path: "title", value: "x" };
}

function refused(op: string): string {
  return `cannot ${op} all of "members" at once in PATCH, only add and remove single values`;
}

describe("RFC 7644 §3.5.2: an operation is refused for what the server does not do with PATCH", () => {
  const work = 'emails[type eq "work"]';
  const table: { given: [operation: PatchOperation, support: PatchSupport]; want: string | undefined }[] = [
    { given: [title("add"), {}], want: undefined },
    { given: [title("add"), { operations: ["add", "replace"] }], want: undefined },
    {
      given: [{ op: "remove", path: "title" }, { operations: ["add", "replace"] }],
      want: 'does not carry out "remove" in PATCH',
    },
    { given: [title("replace"), { operations: ["add"] }], want: 'does not carry out "replace" in PATCH' },
    {
      given: [{ op: "replace", value: { active: true } }, { operations: [] }],
      want: 'does not carry out "replace" in PATCH',
    },
    { given: [title("replace"), { attributes: ["title"] }], want: undefined },
    { given: [{ op: "replace", path: "TITLE", value: "x" }, { attributes: ["title"] }], want: undefined },
    {
      given: [title("replace"), { attributes: ["active", "name"] }],
      want: 'does not change "title" of User by PATCH (it changes: active, name)',
    },
    {
      given: [title("replace"), { attributes: [] }],
      want: 'does not change "title" of User by PATCH (it changes: nothing)',
    },
    {
      given: [{ op: "replace", path: "name.familyName", value: "x" }, { attributes: ["name"] }],
      want: undefined,
    },
    {
      given: [{ op: "replace", path: "name", value: { familyName: "x" } }, { attributes: ["name.familyName"] }],
      want: 'does not change "name" of User by PATCH (it changes: name.familyName)',
    },
    {
      given: [{ op: "replace", value: { active: true, title: "x" } }, { attributes: ["active"] }],
      want: 'does not change "title" of User by PATCH (it changes: active)',
    },
    {
      given: [{ op: "add", value: { [ENTERPRISE]: { department: "x" } } }, { attributes: [ENTERPRISE] }],
      want: undefined,
    },
    {
      given: [{ op: "add", value: { [ENTERPRISE]: { department: "x" } } }, { attributes: ["title"] }],
      want: `does not change "${ENTERPRISE}:department" of User by PATCH (it changes: title)`,
    },
    { given: [{ op: "remove", path: work }, { valuePaths: true }], want: undefined },
    {
      given: [{ op: "remove", path: work }, { valuePaths: false }],
      want: `selects no values in PATCH, as "${work}" does`,
    },
    { given: [{ op: "replace", path: "title", value: null }, {}], want: undefined },
    {
      given: [{ op: "replace", path: "title", value: null }, { nulls: false }],
      want: 'does not unassign "title" by null in PATCH',
    },
    {
      given: [{ op: "replace", value: { title: null } }, { nulls: false }],
      want: 'does not unassign "title" by null in PATCH',
    },
  ];
  for (const { given, want } of table) {
    test(`${JSON.stringify(given[1])}: ${JSON.stringify(given[0])}`, () => {
      const { operations, issues } = checkOperations(Employee, [given[0]]);
      expect(issues).toEqual([]);
      expect(unsupportedOperation(Employee, operations, given[1])).toBe(want);
    });
  }

  test("the first operation that the server does not carry out is named", () => {
    const operations: PatchOperation[] = [
      title("add"),
      { op: "remove", path: "title" },
      { op: "remove", path: work },
    ];
    expect(unsupportedOperation(Employee, operations, { operations: ["add"], valuePaths: false })).toContain(
      '"remove"',
    );
  });
});

describe("values that can only be added and removed one by one", () => {
  const support: PatchSupport = { valueByValue: ["members"] };
  const table: { given: PatchOperation; want: string | undefined }[] = [
    { given: { op: "add", path: "members", value: [{ value: "1" }] }, want: undefined },
    { given: { op: "remove", path: 'members[value eq "1"]' }, want: undefined },
    { given: { op: "replace", path: "members", value: [{ value: "1" }] }, want: refused("replace") },
    { given: { op: "remove", path: "members" }, want: refused("remove") },
    { given: { op: "replace", value: { members: [{ value: "1" }] } }, want: refused("replace") },
    { given: { op: "replace", path: "displayName", value: "x" }, want: undefined },
  ];
  for (const { given, want } of table) {
    test(JSON.stringify(given), () => {
      expect(unsupportedOperation(Group, [given], support)).toBe(want);
    });
  }

  test("a server that wants a list of what to remove selects nothing by a filter", () => {
    const operations: PatchOperation[] = [{ op: "remove", path: 'members[value eq "1"]' }];
    const both = { ...support, valuePaths: false };
    expect(unsupportedOperation(Group, operations, both)).toContain("selects no values");
    expect(unsupportedOperation(Group, operations, both, "valueList")).toBeUndefined();
  });
});
