import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/json.ts";
import { Group } from "../../src/models.gen.ts";
import { applyPatch } from "../../src/protocol/apply.ts";
import { diff } from "../../src/protocol/diff.ts";
import type { PatchOperation } from "../../src/protocol/patch.ts";
import { toDialect, type PatchDialect, type SentOperation } from "../../src/protocol/patch-dialect.ts";
import { readOperations } from "../../src/protocol/patch-reading.ts";
import { staff } from "./arbitrary-patch.ts";
import { stateOfMembers } from "./naive-patch.ts";
import { BADGE, Staff } from "./staff-model.ts";

interface Case {
  readonly title: string;
  readonly dialect: PatchDialect;
  readonly given: readonly PatchOperation[];
  readonly want: readonly (readonly SentOperation[])[];
}

const table: Case[] = [
  {
    title: "without a dialect operations are sent as they are, in one request",
    dialect: {},
    given: [
      { op: "add", value: { title: "Cook" } },
      { op: "remove", path: 'contacts[value eq "x"]' },
    ],
    want: [
      [
        { op: "add", value: { title: "Cook" } },
        { op: "remove", path: 'contacts[value eq "x"]' },
      ],
    ],
  },
  { title: "no operations are no request", dialect: { maxOperations: 1 }, given: [], want: [] },
  {
    title: "form path: what has no path becomes one operation for each attribute, also of extensions",
    dialect: { form: "path" },
    given: [
      { op: "replace", value: { title: "Cook", name: { first: "Kim" }, [BADGE]: { number: "7", colour: null } } },
      { op: "replace", path: "rank", value: 1 },
      { op: "replace", value: { [BADGE]: null } },
      { op: "remove", path: "tags" },
    ],
    want: [
      [
        { op: "replace", path: "title", value: "Cook" },
        { op: "replace", path: "name", value: { first: "Kim" } },
        { op: "replace", path: `${BADGE}:number`, value: "7" },
        { op: "replace", path: `${BADGE}:colour`, value: null },
        { op: "replace", path: "rank", value: 1 },
        { op: "replace", path: BADGE, value: null },
        { op: "remove", path: "tags" },
      ],
    ],
  },
  {
    title: "form pathless: neighbours that do the same to different attributes become one object",
    dialect: { form: "pathless" },
    given: [
      { op: "replace", path: "title", value: "Cook" },
      { op: "replace", path: `${BADGE}:number`, value: "7" },
      { op: "replace", value: { active: true } },
      { op: "replace", path: "name.first", value: "Kim" },
      { op: "replace", path: "name.last", value: "Lee" },
      { op: "add", path: "tags", value: ["a"] },
      { op: "remove", path: "rank" },
      { op: "add", path: "levels", value: [1] },
      { op: "replace", path: 'contacts[value eq "x"].type', value: "work" },
      { op: "replace", path: "contacts.type", value: "work" },
      { op: "replace", path: "unheardOf", value: 1 },
    ],
    want: [
      [
        { op: "replace", value: { title: "Cook", [BADGE]: { number: "7" }, active: true, name: { first: "Kim" } } },
        { op: "replace", value: { name: { last: "Lee" } } },
        { op: "add", value: { tags: ["a"] } },
        { op: "remove", path: "rank" },
        { op: "add", value: { levels: [1] } },
        { op: "replace", path: 'contacts[value eq "x"].type', value: "work" },
        { op: "replace", path: "contacts.type", value: "work" },
        { op: "replace", path: "unheardOf", value: 1 },
      ],
    ],
  },
  {
    title: "opCase capitalised",
    dialect: { opCase: "capitalised" },
    given: [
      { op: "add", path: "title", value: "Cook" },
      { op: "replace", path: "rank", value: 1 },
      { op: "remove", path: "tags" },
    ],
    want: [
      [
        { op: "Add", path: "title", value: "Cook" },
        { op: "Replace", path: "rank", value: 1 },
        { op: "Remove", path: "tags" },
      ],
    ],
  },
  {
    title: "memberRemove valueList: neighbours that remove values of one attribute become one list",
    dialect: { memberRemove: "valueList" },
    given: [
      { op: "remove", path: 'contacts[value eq "x"]' },
      { op: "remove", path: 'contacts[Value eq "y"]' },
      { op: "remove", path: 'tags[value eq "a"]' },
      { op: "remove", path: `${BADGE}:locks[value eq "l"]` },
      { op: "remove", path: 'contacts[value eq "z"].type' },
      { op: "remove", path: 'contacts[value eq "z" and type eq "work"]' },
      { op: "remove", path: 'contacts[type eq "work"]' },
      { op: "remove", path: 'contacts[value sw "z"]' },
      { op: "remove", path: "contacts" },
      { op: "remove", path: "not a path" },
    ],
    want: [
      [
        { op: "remove", path: "contacts", value: [{ value: "x" }, { value: "y" }] },
        { op: "remove", path: "tags", value: ["a"] },
        { op: "remove", path: `${BADGE}:locks`, value: [{ value: "l" }] },
        { op: "remove", path: 'contacts[value eq "z"].type' },
        { op: "remove", path: 'contacts[value eq "z" and type eq "work"]' },
        { op: "remove", path: 'contacts[type eq "work"]' },
        { op: "remove", path: 'contacts[value sw "z"]' },
        { op: "remove", path: "contacts" },
        { op: "remove", path: "not a path" },
      ],
    ],
  },
  {
    title: "maxOperations: further operations go into further requests",
    dialect: { maxOperations: 2, form: "path" },
    given: [
      { op: "replace", value: { title: "Cook", rank: 1 } },
      { op: "remove", path: "tags" },
    ],
    want: [
      [
        { op: "replace", path: "title", value: "Cook" },
        { op: "replace", path: "rank", value: 1 },
      ],
      [{ op: "remove", path: "tags" }],
    ],
  },
  {
    title: "maxValues: values are counted, lists split, and what replaces all is added to afterwards",
    dialect: { maxValues: 2, memberRemove: "valueList", opCase: "capitalised" },
    given: [
      { op: "remove", path: 'tags[value eq "x"]' },
      { op: "remove", path: 'tags[value eq "y"]' },
      { op: "remove", path: 'tags[value eq "z"]' },
      { op: "replace", path: "levels", value: [1, 2, 3] },
      { op: "replace", path: "title", value: "Cook" },
      { op: "remove", path: 'contacts[value sw "x"]' },
      { op: "remove", path: 'contacts[value sw "y"]' },
    ],
    want: [
      [{ op: "Remove", path: "tags", value: ["x", "y"] }],
      [{ op: "Remove", path: "tags", value: ["z"] }],
      [{ op: "Replace", path: "levels", value: [1, 2] }],
      [
        { op: "Add", path: "levels", value: [3] },
        { op: "Replace", path: "title", value: "Cook" },
        { op: "Remove", path: 'contacts[value sw "x"]' },
      ],
      [{ op: "Remove", path: 'contacts[value sw "y"]' }],
    ],
  },
];

for (const { title, dialect, given, want } of table) {
  test(title, () => {
    const before = structuredClone(given);
    expect(toDialect(Staff, given, dialect)).toEqual(want);
    expect(given).toEqual(before);
  });
}

test("AWS IAM Identity Center: a hundred changes of membership in a request, members removed by a list", () => {
  const people = Array.from({ length: 500 }, (_, index) => ({ value: `u${index}` }));
  const group = { schemas: [Group.schema.id], id: "1", displayName: "All" };
  const change = diff(Group, { ...group, members: people.slice(0, 250) }, { ...group, members: people.slice(150) });
  const sent = toDialect(Group, change.operations, { form: "path", memberRemove: "valueList", maxValues: 100 });
  expect(
    sent.map(([{ op, path, value } = { op: "" }]) => [op, path, Array.isArray(value) && value.length]),
  ).toEqual([
    ["remove", "members", 100],
    ["remove", "members", 50],
    ["add", "members", 100],
    ["add", "members", 100],
    ["add", "members", 50],
  ]);
});

test("a limit of nothing is a TypeError", () => {
  for (const dialect of [{ maxOperations: 0 }, { maxValues: 0 }, { maxOperations: Number.NaN }]) {
    expect(() => toDialect(Staff, [], dialect)).toThrow(TypeError);
  }
});

describe("in any dialect a server that understands it gets to the same resource", () => {
  const dialects = fc.record<PatchDialect>(
    {
      form: fc.constantFrom("any", "path", "pathless"),
      opCase: fc.constantFrom("lower", "capitalised"),
      memberRemove: fc.constantFrom("valuePath", "valueList"),
      maxOperations: fc.integer({ min: 1, max: 3 }),
      // Values that are the same are the same value in the next request.
      maxValues: fc.integer({ min: 5, max: 8 }),
    },
    { requiredKeys: [] },
  );

  test("request by request", () => {
    fc.assert(
      fc.property(staff, staff, dialects, (before, wanted, dialect) => {
        const after: JsonObject = { ...wanted };
        for (const name of ["code", "keys", "office", "name"]) after[name] = before[name];
        const { operations } = diff(Staff, before as never, after as never);
        let resource = before;
        for (const request of toDialect(Staff, operations, dialect)) {
          expect(request.length).toBeLessThanOrEqual(dialect.maxOperations ?? Infinity);
          const message = { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: request };
          resource = applyPatch(Staff, resource, readOperations(Staff, message));
        }
        const how = { writable: true };
        expect(stateOfMembers(Staff.attributes, { ...resource, schemas: null }, how)).toEqual(
          stateOfMembers(Staff.attributes, { ...after, schemas: null }, how),
        );
      }),
      { numRuns: 400 },
    );
  });
});
