import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../src/json.ts";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import { check } from "../../src/schema/check.ts";
import { defineModel } from "../../src/schema/define-model.ts";
import { knownPart } from "../../src/schema/known-part.ts";
import { normalise } from "../../src/schema/normalise.ts";
import { arbitraryJson, arbitraryModel, arbitraryValue, mutate } from "./arbitraries.ts";

const USER = User.schema.id;
const ENTERPRISE = EnterpriseUser.schema.id;
const Employee = User.with(EnterpriseUser);
const babs = { schemas: [USER], id: "2819c223", userName: "bjensen" };

describe("RFC 7643 §7: a resource without what its schemas do not define", () => {
  const table: { title: string; given: JsonObject; want: JsonObject }[] = [
    { title: "attributes", given: { ...babs, badge: 7, roomKeys: [{ a: 1 }] }, want: babs },
    {
      title: "sub-attributes, also of one value among many",
      given: {
        ...babs,
        name: { familyName: "Jensen", nick: "B" },
        emails: [{ value: "a" }, { value: "b", verified: true }],
      },
      want: { ...babs, name: { familyName: "Jensen" }, emails: [{ value: "a" }, { value: "b" }] },
    },
    {
      title: "a value of which nothing is known stays, empty",
      given: { ...babs, name: { nick: "B" }, emails: [{ verified: true }] },
      want: { ...babs, name: {}, emails: [{}] },
    },
    {
      title: "extensions, which schemas then does not list",
      given: { ...babs, schemas: [USER, "urn:Acme:badge:1.0:User"], "urn:acme:badge:1.0:User": { number: 7 } },
      want: babs,
    },
    {
      title: "attributes of an extension, but not what extends it (RFC 9944)",
      given: {
        ...babs,
        schemas: [USER, ENTERPRISE, "urn:acme:other"],
        [ENTERPRISE]: { department: "Tours", desk: "4", "urn:acme:deep": { a: 1 } },
      },
      want: {
        ...babs,
        schemas: [USER, ENTERPRISE, "urn:acme:other"],
        [ENTERPRISE]: { department: "Tours", "urn:acme:deep": { a: 1 } },
      },
    },
    {
      title: "names in another case than the schema's, which normalising has not taken for it",
      given: { ...babs, USERNAME: "x" },
      want: babs,
    },
    {
      title: "a schemas that is no list stays",
      given: { ...babs, schemas: "x", badge: 7 },
      want: { ...babs, schemas: "x" },
    },
  ];
  for (const { title, given, want } of table) {
    test(title, () => {
      const before = structuredClone(given);
      expect(knownPart(Employee, given)).toEqual(want);
      expect(given).toEqual(before);
    });
  }

  test("a complex attribute without published sub-attributes may hold anything", () => {
    const Thing = defineModel({
      schema: { id: "urn:example:Thing", name: "Thing", attributes: [{ name: "free", type: "complex" }] } as const,
    });
    const given = { schemas: ["urn:example:Thing"], free: { a: [{ b: 1 }] } };
    expect(knownPart(Thing, given)).toBe(given);
  });

  test("what is not a number, of which no two are equal, is no change", () => {
    const given: JsonObject = { ...babs, title: Number.NaN, emails: [Number.NaN] };
    expect(knownPart(Employee, given)).toBe(given);
  });

  test("in a value of the wrong shape nothing is unknown", () => {
    const given: JsonObject = {
      ...babs,
      name: [{ nick: "B" }],
      emails: { verified: true },
      [ENTERPRISE]: [{ desk: 4 }],
    };
    expect(check(Employee, "replace", given).filter(({ rule }) => rule === "unknown")).toEqual([]);
    expect(knownPart(Employee, given)).toBe(given);
  });

  test("a name that JavaScript keeps for itself is nothing special", () => {
    const given = JSON.parse('{"userName":"a","__proto__":{"active":true},"constructor":1}') as JsonObject;
    const known = knownPart(User, given);
    expect(Object.keys(known)).toEqual(["userName"]);
    expect(Object.getPrototypeOf(known)).toBe(Object.prototype);
  });

  test("property: what is known stays as it is, and nothing in the rest is unknown", () => {
    const given = arbitraryModel().chain((model) =>
      fc.tuple(
        fc.constant(model),
        fc.oneof(
          arbitraryValue(model, "replace"),
          arbitraryValue(model, "replace").chain((value) =>
            mutate(model, "replace", value).map((mutation) => mutation.value),
          ),
          arbitraryJson(model),
        ),
      ),
    );
    fc.assert(
      fc.property(given, ([model, value]) => {
        const resource = normalise(model, "replace", value);
        if (!isJsonObject(resource)) return;
        const unknown = check(model, "replace", resource, 1000).filter(({ rule }) => rule === "unknown");
        const known = knownPart(model, resource);
        expect(known === resource).toBe(unknown.length === 0);
        expect(check(model, "replace", known, 1000).filter(({ rule }) => rule === "unknown")).toEqual([]);
        expect(knownPart(model, known)).toBe(known);
      }),
      { numRuns: 300 },
    );
  });
});
