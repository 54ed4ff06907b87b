import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AttributeDefinition } from "../../src/schema/attribute.ts";
import { CONTEXTS } from "../../src/schema/context.ts";
import { EnterpriseUserSchema, UserSchema } from "../../src/schema/core-schemas.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import { differences } from "../../src/schema/differences.ts";
import { jsonSchema } from "../../src/schema/json-schema.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";
import { arbitraryModel } from "./arbitraries.ts";

function modelOf(attributes: readonly AttributeDefinition[]): ResourceModel<Views> {
  return defineModel({ schema: { id: "urn:example:core:2.0:Thing", name: "Thing", attributes } });
}

describe("what a server's schema has become since code was generated from it", () => {
  const cases: {
    given: [AttributeDefinition[], AttributeDefinition[]];
    want: [path: string, message: string][];
  }[] = [
    {
      given: [[{ name: "a" }], [{ name: "a", type: "string", description: "d", canonicalValues: ["b"] }]],
      want: [],
    },
    {
      given: [
        [{ name: "a" }, { name: "b" }],
        [{ name: "b" }, { name: "a" }],
      ],
      want: [],
    },
    { given: [[{ name: "a" }], []], want: [["a", `"a" is not in the server's schema any more`]] },
    { given: [[], [{ name: "a" }]], want: [["a", `"a" is new in the server's schema`]] },
    {
      given: [[{ name: "a" }], [{ name: "a", type: "boolean", required: true }]],
      want: [
        ["a", `"a" has "type": "boolean" in the server's schema, it was "string"`],
        ["a", `"a" has "required": true in the server's schema, it was false`],
      ],
    },
    {
      given: [
        [{ name: "a", type: "complex", subAttributes: [{ name: "b" }] }],
        [{ name: "a", type: "complex", subAttributes: [{ name: "b", mutability: "readOnly" }] }],
      ],
      want: [["a.b", `"a.b" has "mutability": "readOnly" in the server's schema, it was "readWrite"`]],
    },
    {
      given: [[{ name: "a", type: "complex", subAttributes: [{ name: "b" }] }], [{ name: "a", type: "complex" }]],
      want: [["a", `"a" has other sub-attributes in the server's schema`]],
    },
  ];
  for (const { given, want } of cases) {
    test(JSON.stringify(given), () => {
      const found = differences(modelOf(given[0]), modelOf(given[1]));
      expect(found.map(({ path, message }) => [path, message])).toEqual(want);
    });
  }

  test("an attribute of an extension is named after its URN", () => {
    const before = defineModel({
      schema: UserSchema,
      extensions: [defineExtension({ schema: { ...EnterpriseUserSchema, attributes: [{ name: "badge" }] } })],
    });
    const now = defineModel({
      schema: UserSchema,
      extensions: [defineExtension({ schema: EnterpriseUserSchema })],
    });
    expect(differences(before, now)[0]?.path).toBe(`${EnterpriseUserSchema.id}:badge`);
  });

  test("sixty-four are listed at most", () => {
    const names = Array.from({ length: 100 }, (_, index) => ({ name: `a${index}` }));
    expect(differences(modelOf(names), modelOf([]))).toHaveLength(64);
    expect(differences(modelOf([]), modelOf(names))).toHaveLength(64);
  });
});

/** A JSON Schema with its members in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [
    name,
    name === "required" && Array.isArray(member) ? new Set(member) : sorted(member),
  ]);
  return Object.fromEntries(members.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

test("where nothing differs the JSON Schemas are the same in every context", () => {
  fc.assert(
    fc.property(arbitraryModel(), arbitraryModel(), (one, other) => {
      expect(differences(one, one)).toEqual([]);
      if (one.identified !== other.identified || differences(one, other).length > 0) return;
      for (const context of CONTEXTS) {
        expect(sorted(jsonSchema(one, context))).toEqual(sorted(jsonSchema(other, context)));
      }
    }),
  );
});
