import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import type { AttributeDefinition } from "../../src/schema/attribute.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import { ExtensionModel } from "../../src/schema/resource-model.ts";
import { ResourceType, Schema, ServiceProviderConfig } from "../../src/schema/service-provider-models.ts";

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
      // @ts-expect-error RFC 7643 §2.3 has no such type.
      given: () => defineModel({ schema: schemaOf({ name: "port", type: "number" }) }),
      want: '"port" has a type that RFC 7643 §2.3 does not define',
    },
    { given: () => defineModel({ schema: schemaOf(nested(9)) }), want: "nests sub-attributes more than 8 deep" },
    { given: () => defineModel({ schema: { id: "Device", attributes: [] } }), want: '"Device" is not a URN' },
    // @ts-expect-error A schema has attributes.
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
      // @ts-expect-error A resource model is no extension.
      given: () => defineModel({ schema: schemaOf(), extensions: [User] }),
      want: "are extension models",
    },
    {
      given: () => defineModel({ schema: schemaOf(), name: " " }),
      want: `the resource type of ${id} needs a name`,
    },
    { given: () => defineModel({ schema: schemaOf(), name: "Gerät" }), want: '"/Geräts" cannot be the endpoint' },
    ...["Users", "//evil.example/Users", "/Users/", "/a/../b", "/..", "/Users?a=b", "/Users#a", "/a b", ""].map(
      (endpoint) => ({
        given: () => defineModel({ schema: schemaOf(), endpoint }),
        want: `${JSON.stringify(endpoint)} cannot be the endpoint of ${id}`,
      }),
    ),
  ];
  test.each(cases)("$want", ({ given, want }) => {
    expect(given).toThrow(TypeError);
    expect(given).toThrow(want);
  });
});

describe("RFC 7643 §6: a resource type has a name and an endpoint", () => {
  const cases: ReadonlyArray<{
    given: { name?: string; endpoint?: string };
    want: [name: string, endpoint: string];
  }> = [
    { given: {}, want: ["Device", "/Devices"] },
    { given: { name: "User" }, want: ["User", "/Users"] },
    { given: { name: "Policy" }, want: ["Policy", "/Policies"] },
    { given: { name: "Key" }, want: ["Key", "/Keys"] },
    { given: { name: "Address" }, want: ["Address", "/Addresses"] },
    { given: { name: "Branch" }, want: ["Branch", "/Branches"] },
    { given: { name: "Acme Device" }, want: ["Acme Device", "/AcmeDevices"] },
    { given: { name: "Employee", endpoint: "/Users" }, want: ["Employee", "/Users"] },
    { given: { endpoint: "/v2/Devices:all" }, want: ["Device", "/v2/Devices:all"] },
  ];
  test.each(cases)("$want", ({ given, want }) => {
    const model = defineModel({ schema: schemaOf(), ...given });
    expect([model.name, model.endpoint]).toEqual(want);
  });

  test("the schema's name is the resource type's, unless that has its own", () => {
    const schema = { ...schemaOf(), name: "Printer" };
    expect(defineModel({ schema })).toMatchObject({ name: "Printer", endpoint: "/Printers" });
    expect(defineModel({ schema, name: "Plotter" })).toMatchObject({ name: "Plotter", endpoint: "/Plotters" });
  });
});

describe("RFC 7643 §3.3: a resource type may have schema extensions", () => {
  const Warranty = defineExtension({
    schema: {
      id: "urn:example:params:scim:schemas:extension:warranty:2.0:Device",
      name: "Warranty",
      attributes: [{ name: "until", type: "dateTime", required: true }],
    },
  });

  test("an extension alone is not required", () => {
    const model = defineModel({ schema: schemaOf(), extensions: [Warranty] });
    expect(model.extensions).toEqual([{ model: Warranty, required: false }]);
    expect(model.attributes.get(Warranty.schema.id)).toMatchObject({
      type: "complex",
      extension: true,
      required: false,
      subAttributes: Warranty.attributes,
    });
  });

  test("an extension may be required", () => {
    const model = defineModel({ schema: schemaOf(), extensions: [{ model: Warranty, required: true }] });
    expect(model.attributes.get(Warranty.schema.id)?.required).toBe(true);
  });

  test("the definition is not changed, and its extensions not kept", () => {
    const entry = Object.freeze({ model: Warranty, required: true });
    const definition = Object.freeze({ schema: Object.freeze(schemaOf()), extensions: Object.freeze([entry]) });
    expect(defineModel(definition).extensions[0]).not.toBe(entry);
  });
});

describe("RFC 7643 §8.7.1: the models of scimkit/models", () => {
  test("User and Group have the RFC's endpoints and schemas", () => {
    expect([User.name, User.endpoint, User.schema.id]).toEqual([
      "User",
      "/Users",
      "urn:ietf:params:scim:schemas:core:2.0:User",
    ]);
    expect([Group.name, Group.endpoint, Group.schema.id]).toEqual([
      "Group",
      "/Groups",
      "urn:ietf:params:scim:schemas:core:2.0:Group",
    ]);
    expect([User.readOnly, User.identified]).toEqual([false, true]);
  });

  test("EnterpriseUser is an extension model", () => {
    expect(EnterpriseUser).toBeInstanceOf(ExtensionModel);
    expect(EnterpriseUser.name).toBe("EnterpriseUser");
    expect(EnterpriseUser.attributes.get("manager")?.subAttributes?.get("displayName")?.mutability).toBe(
      "readOnly",
    );
  });
});

describe("RFC 7644 §4: what describes a service provider is read at fixed endpoints", () => {
  const cases = [
    { given: Schema, want: { name: "Schema", endpoint: "/Schemas", identified: true } },
    { given: ResourceType, want: { name: "ResourceType", endpoint: "/ResourceTypes", identified: false } },
    {
      given: ServiceProviderConfig,
      want: { name: "ServiceProviderConfig", endpoint: "/ServiceProviderConfig", identified: false },
    },
  ];
  test.each(cases)("$want.endpoint", ({ given, want }) => {
    expect(given).toMatchObject({ ...want, readOnly: true });
    expect(
      [...given.attributes].filter(({ mutability }) => mutability !== "readOnly").map(({ name }) => name),
    ).toEqual(["schemas", "externalId"]);
  });
});

test("whatever the attributes are, a definition makes a model with each of them, or is a TypeError", () => {
  const definition: fc.Arbitrary<unknown> = fc.oneof(
    fc.anything(),
    fc.record(
      {
        name: fc.oneof(
          fc.constantFrom("a", "A", "b", "$ref", "__proto__", "constructor"),
          fc.string(),
          fc.anything(),
        ),
        type: fc.oneof(fc.constantFrom("string", "complex", "dateTime"), fc.anything()),
        multiValued: fc.oneof(fc.boolean(), fc.anything()),
        subAttributes: fc.oneof(fc.array(fc.record({ name: fc.string() })), fc.anything()),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(fc.array(definition), (definitions) => {
      // The point is what gets past the compiler.
      const attributes = definitions as AttributeDefinition[];
      const model = attempt(() => defineModel({ schema: { id, attributes } }));
      expect(
        model instanceof TypeError
          ? model.message.startsWith(id)
          : attributes.every(({ name }) => model.attributes.get(name.toUpperCase()) !== undefined),
      ).toBe(true);
    }),
  );
});

function attempt<T>(run: () => T): T | TypeError {
  try {
    return run();
  } catch (error) {
    if (error instanceof TypeError) return error;
    throw error;
  }
}
