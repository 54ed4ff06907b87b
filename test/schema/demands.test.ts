import { describe, expect, test } from "vitest";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import { unmetDemands, type Demands } from "../../src/schema/demands.ts";
import type { JsonValue } from "../../src/json.ts";

const Employee = User.with(EnterpriseUser);
const ENTERPRISE = EnterpriseUser.schema.id;

describe("RFC 7643 §2.5: what is unassigned does not meet a demand", () => {
  const table: { given: [path: string, resource: JsonValue]; want: boolean }[] = [
    { given: ["active", { active: false }], want: true },
    { given: ["active", {}], want: false },
    { given: ["active", { active: null }], want: false },
    { given: ["ACTIVE", { active: true }], want: true },
    { given: ["emails", { emails: [] }], want: false },
    { given: ["emails", { emails: [{ value: "a" }] }], want: true },
    { given: ["emails.type", { emails: [{ value: "a" }] }], want: false },
    { given: ["emails.type", { emails: [{ type: "work" }, { value: "a" }] }], want: false },
    { given: ["emails.type", { emails: [{ type: "work" }, { type: "home" }] }], want: true },
    { given: ["emails.type", {}], want: false },
    { given: ["name.familyName", { name: { familyName: "x" } }], want: true },
    { given: ["name.familyName", { name: { givenName: "x" } }], want: false },
    { given: ["name.familyName", {}], want: false },
    { given: [`${ENTERPRISE}:department`, { [ENTERPRISE]: { department: "x" } }], want: true },
    { given: [`${ENTERPRISE}:department`, { [ENTERPRISE]: {} }], want: false },
    { given: ["constructor", {}], want: true },
  ];
  for (const { given, want } of table) {
    test(`${given[0]} in ${JSON.stringify(given[1])}`, () => {
      const unmet = unmetDemands(Employee, "replace", given[1], { replace: [given[0]] }, "acme");
      expect(unmet.map(({ path }) => path)).toEqual(want ? [] : [given[0]]);
    });
  }

  test("a demand is of one context, and says whose it is", () => {
    const demands: Demands = { create: ["title"] };
    expect(unmetDemands(Employee, "replace", {}, demands, "acme")).toEqual([]);
    expect(unmetDemands(Employee, "create", {}, demands, "acme")).toEqual([
      {
        path: "title",
        rule: "required",
        message: '"title" must be present in a create request for acme',
        section: "RFC 7643 §2.2",
      },
    ]);
  });
});
