import { describe, expect, test } from "vitest";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import type { AttributeDefinition } from "../../src/schema/attribute.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";

const id = "urn:example:params:scim:schemas:core:2.0:Device";

/** Names that must not reach the type checker as literals, as in JavaScript. */
function schemaOf(...attributes: AttributeDefinition[]) {
  return { id, attributes };
}

describe("a definition that is wrong is a TypeError naming what is wrong", () => {
  const nested = (depth: number): AttributeDefinition =>
    depth === 1 ? { name: "a" } : { name: "a", type: "complex", subAttributes: [nested(depth - 1)] };
  const cases: ReadonlyArray<{ given: () => unknown; want: string }> = [
    {
      given: () => defineModel({ schema: schemaOf({ name: "__proto__" }) }),
      want: '"__proto__" is not an attribute name',
    },
    { given: () => defineModel({ schema: schemaOf({ name: "constructor" }) }), want: '"constructor" is not' },
    { given: () => defineModel({ schema: schemaOf({ name: 'a"b' }) }), want: '"a"b" is not an attribute name' },
    { given: () => defineModel({ schema: schemaOf({ name: "a\nb" }) }), want: '"a?b" is not an attribute name' },
    {
      given: () =>
        defineModel({ schema: schemaOf({ name: "port", type: "complex", subAttributes: [{ name: "no good" }] }) }),
      want: '"port.no good" is not an attribute name (RFC 7643 §2.1)',
    },
    {
      given: () => defineModel({ schema: schemaOf({ name: "port" }, { name: "Port" }) }),
      want: '"Port" is defined twice, names do not differ by case (RFC 7643 §2.1)',
    },
    {
      // @ts-expect-error RFC 7643 §2.3 has no such type
      given: () => defineModel({ schema: schemaOf({ name: "port", type: "number" }) }),
      want: '"port" has a type that RFC 7643 §2.3 does not define',
    },
    { given: () => defineModel({ schema: schemaOf(nested(9)) }), want: "nests sub-attributes more than 8 deep" },
    { given: () => defineModel({ schema: { id: "Device", attributes: [] } }), want: '"Device" is not a URN' },
    // @ts-expect-error a schema has attributes
    { given: () => defineModel({ schema: { id } }), want: `"attributes" of ${id} must be a list` },
    {
      given: () => defineExtension({ schema: schemaOf({ name: "9" }) }),
      want: `${id}: "9" is not an attribute name`,
    },
    {
      given: () => defineModel({ schema: schemaOf(), extensions: [EnterpriseUser, EnterpriseUser] }),
      want: "extends urn:example:params:scim:schemas:core:2.0:Device twice, or itself",
    },
    {
      given: () => defineModel({ schema: schemaOf(), extensions: [defineExtension({ schema: schemaOf() })] }),
      want: "twice, or itself",
    },
    {
      // @ts-expect-error a resource model is no extension
      given: () => defineModel({ schema: schemaOf(), extensions: [User] }),
      want: "are extension models",
    },
  ];
  test.each(cases)("$want", ({ given, want }) => {
    let thrown: unknown;
    try {
      given();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expect(String(thrown)).toContain(want);
  });
});
