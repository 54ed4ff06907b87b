import { describe, expect, test } from "vitest";
import type { AttributeDefinition, SchemaDefinition } from "../../src/schema/attribute.ts";
import {
  CommonAttributes,
  EnterpriseUserSchema,
  GroupSchema,
  ResourceTypeSchema,
  SchemaSchema,
  ServiceProviderConfigSchema,
  UserSchema,
} from "../../src/schema/core-schemas.ts";

const SCHEMAS: readonly SchemaDefinition[] = [
  UserSchema,
  EnterpriseUserSchema,
  GroupSchema,
  ServiceProviderConfigSchema,
  ResourceTypeSchema,
  SchemaSchema,
];

/** Every attribute below these, by its path. */
function flatten(
  attributes: readonly AttributeDefinition[],
  prefix = "",
): Array<[path: string, AttributeDefinition]> {
  return attributes.flatMap((attribute) => {
    const path = prefix + attribute.name;
    return [[path, attribute], ...flatten(attribute.subAttributes ?? [], `${path}.`)];
  });
}

const ALL: ReadonlyArray<[path: string, AttributeDefinition]> = [
  ...SCHEMAS.flatMap((schema) => flatten(schema.attributes, `${schema.name}.`)),
  ...flatten(CommonAttributes),
];

/** An attribute's type and the characteristics that are not the default, in the order of RFC 7643 §7. */
function facts(attribute: AttributeDefinition): string {
  return [
    attribute.type,
    attribute.multiValued === true && "multiValued",
    attribute.required === true && "required",
    attribute.canonicalValues !== undefined && `(${attribute.canonicalValues.join(" ")})`,
    attribute.caseExact === true && "caseExact",
    attribute.mutability,
    attribute.returned !== undefined && `returned:${attribute.returned}`,
    attribute.uniqueness !== undefined && `unique:${attribute.uniqueness}`,
    attribute.referenceTypes !== undefined && `-> ${attribute.referenceTypes.join(" ")}`,
  ]
    .filter(Boolean)
    .join(" ");
}

type Row = [path: string, facts: string];

function table(attributes: readonly AttributeDefinition[]): Row[] {
  return flatten(attributes).map(([path, attribute]) => [path, facts(attribute)]);
}

function attributeAt(path: string): AttributeDefinition {
  const found = ALL.find(([candidate]) => candidate === path)?.[1];
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found;
}

/** The default sub-attributes of a multi-valued attribute (RFC 7643 §2.4). */
function plural(name: string, value: string, type = "string"): Row[] {
  return [
    [name, "complex multiValued"],
    [`${name}.value`, value],
    [`${name}.display`, "string"],
    [`${name}.type`, type],
    [`${name}.primary`, "boolean"],
  ];
}

describe("RFC 7643: the attributes and their characteristics", () => {
  test("RFC 7643 §3.1: every resource has id, externalId and meta", () => {
    expect(table(CommonAttributes)).toEqual([
      ["id", "string required caseExact readOnly returned:always unique:server"],
      ["externalId", "string caseExact"],
      ["meta", "complex readOnly"],
      ["meta.resourceType", "string caseExact readOnly"],
      ["meta.created", "dateTime readOnly"],
      ["meta.lastModified", "dateTime readOnly"],
      ["meta.location", "reference caseExact readOnly -> uri"],
      ["meta.version", "string caseExact readOnly"],
    ]);
  });

  test("RFC 7643 §4.1: the attributes of User", () => {
    expect(UserSchema.id).toBe("urn:ietf:params:scim:schemas:core:2.0:User");
    expect(table(UserSchema.attributes)).toEqual([
      ["userName", "string required unique:server"],
      ["name", "complex"],
      ["name.formatted", "string"],
      ["name.familyName", "string"],
      ["name.givenName", "string"],
      ["name.middleName", "string"],
      ["name.honorificPrefix", "string"],
      ["name.honorificSuffix", "string"],
      ["displayName", "string"],
      ["nickName", "string"],
      ["profileUrl", "reference caseExact -> external"],
      ["title", "string"],
      ["userType", "string"],
      ["preferredLanguage", "string"],
      ["locale", "string"],
      ["timezone", "string"],
      ["active", "boolean"],
      ["password", "string caseExact writeOnly returned:never"],
      ...plural("emails", "string", "string (work home other)"),
      ...plural("phoneNumbers", "string", "string (work home mobile fax pager other)"),
      ...plural("ims", "string", "string (aim gtalk icq xmpp msn skype qq yahoo)"),
      ...plural("photos", "reference caseExact -> external", "string (photo thumbnail)"),
      ["addresses", "complex multiValued"],
      ["addresses.formatted", "string"],
      ["addresses.streetAddress", "string"],
      ["addresses.locality", "string"],
      ["addresses.region", "string"],
      ["addresses.postalCode", "string"],
      ["addresses.country", "string"],
      ["addresses.type", "string (work home other)"],
      ["addresses.primary", "boolean"],
      ["groups", "complex multiValued readOnly"],
      ["groups.value", "string caseExact readOnly"],
      ["groups.$ref", "reference caseExact readOnly -> Group"],
      ["groups.display", "string readOnly"],
      ["groups.type", "string (direct indirect) readOnly"],
      ...plural("entitlements", "string"),
      ...plural("roles", "string"),
      ...plural("x509Certificates", "binary caseExact"),
    ]);
  });

  test("RFC 7643 §4.3: the attributes of the enterprise extension", () => {
    expect(EnterpriseUserSchema.id).toBe("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User");
    expect(table(EnterpriseUserSchema.attributes)).toEqual([
      ["employeeNumber", "string"],
      ["costCenter", "string"],
      ["organization", "string"],
      ["division", "string"],
      ["department", "string"],
      ["manager", "complex"],
      ["manager.value", "string caseExact"],
      ["manager.$ref", "reference caseExact -> User"],
      ["manager.displayName", "string readOnly"],
    ]);
  });

  test("RFC 7643 §4.2: the attributes of Group, the sub-attributes of members being immutable", () => {
    expect(GroupSchema.id).toBe("urn:ietf:params:scim:schemas:core:2.0:Group");
    expect(table(GroupSchema.attributes)).toEqual([
      ["displayName", "string required"],
      ["members", "complex multiValued"],
      ["members.value", "string caseExact immutable"],
      ["members.$ref", "reference caseExact immutable -> User Group"],
      ["members.type", "string (User Group) immutable"],
      ["members.display", "string immutable"],
    ]);
  });

  test("RFC 7643 §5, RFC 9865 §4 and RFC 9967: the attributes of ServiceProviderConfig", () => {
    expect(ServiceProviderConfigSchema.id).toBe("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig");
    expect(table(ServiceProviderConfigSchema.attributes)).toEqual([
      ["documentationUri", "reference caseExact readOnly -> external"],
      ["patch", "complex required readOnly"],
      ["patch.supported", "boolean required readOnly"],
      ["bulk", "complex required readOnly"],
      ["bulk.supported", "boolean required readOnly"],
      ["bulk.maxOperations", "integer required readOnly"],
      ["bulk.maxPayloadSize", "integer required readOnly"],
      ["filter", "complex required readOnly"],
      ["filter.supported", "boolean required readOnly"],
      ["filter.maxResults", "integer required readOnly"],
      ["changePassword", "complex required readOnly"],
      ["changePassword.supported", "boolean required readOnly"],
      ["sort", "complex required readOnly"],
      ["sort.supported", "boolean required readOnly"],
      ["etag", "complex required readOnly"],
      ["etag.supported", "boolean required readOnly"],
      ["authenticationSchemes", "complex multiValued required readOnly"],
      [
        "authenticationSchemes.type",
        "string required (oauth oauth2 oauthbearertoken httpbasic httpdigest) readOnly",
      ],
      ["authenticationSchemes.name", "string required readOnly"],
      ["authenticationSchemes.description", "string required readOnly"],
      ["authenticationSchemes.specUri", "reference caseExact readOnly -> external"],
      ["authenticationSchemes.documentationUri", "reference caseExact readOnly -> external"],
      ["authenticationSchemes.primary", "boolean readOnly"],
      ["pagination", "complex readOnly"],
      ["pagination.cursor", "boolean required readOnly"],
      ["pagination.index", "boolean required readOnly"],
      ["pagination.defaultPaginationMethod", "string (cursor index) readOnly"],
      ["pagination.defaultPageSize", "integer readOnly"],
      ["pagination.maxPageSize", "integer readOnly"],
      ["pagination.cursorTimeout", "integer readOnly"],
      ["securityEvents", "complex readOnly"],
      ["securityEvents.asyncRequest", "string (none long request) readOnly"],
      ["securityEvents.eventUris", "string multiValued readOnly"],
    ]);
  });

  test("RFC 7643 §6: the attributes of ResourceType, schemaExtensions being optional", () => {
    expect(ResourceTypeSchema.id).toBe("urn:ietf:params:scim:schemas:core:2.0:ResourceType");
    expect(table(ResourceTypeSchema.attributes)).toEqual([
      ["id", "string readOnly"],
      ["name", "string required caseExact readOnly unique:server"],
      ["description", "string readOnly"],
      ["endpoint", "reference required caseExact readOnly unique:server -> uri"],
      ["schema", "reference required caseExact readOnly -> uri"],
      ["schemaExtensions", "complex multiValued readOnly"],
      ["schemaExtensions.schema", "reference required caseExact readOnly -> uri"],
      ["schemaExtensions.required", "boolean required readOnly"],
    ]);
  });

  test("RFC 7643 §7: the attributes of Schema, two levels of characteristics", () => {
    const characteristics: readonly Row[] = [
      ["name", "string required caseExact readOnly"],
      ["type", "string required (string complex boolean decimal integer dateTime reference binary) readOnly"],
      ["multiValued", "boolean required readOnly"],
      ["description", "string caseExact readOnly"],
      ["required", "boolean readOnly"],
      ["canonicalValues", "string multiValued caseExact readOnly"],
      ["caseExact", "boolean readOnly"],
      ["mutability", "string (readOnly readWrite immutable writeOnly) caseExact readOnly"],
      ["returned", "string (always never default request) caseExact readOnly"],
      ["uniqueness", "string (none server global) caseExact readOnly"],
      ["referenceTypes", "string multiValued caseExact readOnly"],
    ];
    const below = (prefix: string) => characteristics.map(([name, want]) => [`${prefix}.${name}`, want]);
    expect(SchemaSchema.id).toBe("urn:ietf:params:scim:schemas:core:2.0:Schema");
    expect(table(SchemaSchema.attributes)).toEqual([
      ["id", "string required readOnly"],
      ["name", "string readOnly"],
      ["description", "string readOnly"],
      ["attributes", "complex multiValued required readOnly"],
      ...below("attributes"),
      ["attributes.subAttributes", "complex multiValued readOnly"],
      ...below("attributes.subAttributes"),
    ]);
  });
});

describe("RFC 7643: the errata", () => {
  const single: Array<{ erratum: number; says: string; path: string; want: AttributeDefinition }> = [
    {
      erratum: 5368,
      says: "a Group's displayName is required",
      path: "Group.displayName",
      want: { name: "displayName", required: true },
    },
    {
      erratum: 5607,
      says: "referenceTypes is multi-valued",
      path: "Schema.attributes.subAttributes.referenceTypes",
      want: { name: "referenceTypes", multiValued: true },
    },
    {
      erratum: 7522,
      says: "schemaExtensions is multi-valued",
      path: "ResourceType.schemaExtensions",
      want: { name: "schemaExtensions", multiValued: true },
    },
    {
      erratum: 8011,
      says: "an authentication scheme has a type",
      path: "ServiceProviderConfig.authenticationSchemes.type",
      want: { name: "type", type: "string", required: true },
    },
    {
      erratum: 8011,
      says: "an authentication scheme may be the primary one",
      path: "ServiceProviderConfig.authenticationSchemes.primary",
      want: { name: "primary", type: "boolean" },
    },
    {
      erratum: 8471,
      says: "a user's groups refer to Group only",
      path: "User.groups.$ref",
      want: { name: "$ref", referenceTypes: ["Group"] },
    },
    {
      erratum: 8472,
      says: "the id of a manager is case exact",
      path: "EnterpriseUser.manager.value",
      want: { name: "value", caseExact: true },
    },
    {
      erratum: 8475,
      says: "the name of a resource type is unique on the server",
      path: "ResourceType.name",
      want: { name: "name", uniqueness: "server" },
    },
    {
      erratum: 8475,
      says: "the endpoint of a resource type is unique on the server",
      path: "ResourceType.endpoint",
      want: { name: "endpoint", uniqueness: "server" },
    },
  ];
  test.each(single)("erratum $erratum: $says", ({ path, want }) => {
    expect(attributeAt(path)).toMatchObject(want);
  });

  test("errata 6000 and 6001, RFC 7643 §2.3.6 and §2.3.7: binary values and references are case exact", () => {
    const found = ALL.filter(([, { type }]) => type === "binary" || type === "reference");
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(([, { caseExact }]) => caseExact !== true).map(([path]) => path)).toEqual([]);
  });

  test("erratum 6004: complex attributes have no uniqueness and no caseExact", () => {
    const found = ALL.filter(([, { type }]) => type === "complex");
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(([, attribute]) => "uniqueness" in attribute || "caseExact" in attribute)).toEqual([]);
  });

  test.each(SCHEMAS)("erratum 8417: $name names the schema of schemas", (schema) => {
    expect(schema.schemas).toEqual([SchemaSchema.id]);
  });
});

describe("RFC 7643: the form of the definitions", () => {
  const DEFAULTS = {
    required: false,
    caseExact: false,
    multiValued: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
  } as const;

  test("RFC 7643 §2.2: a characteristic that has its default is left out", () => {
    const spelled = ALL.filter(([, attribute]) =>
      Object.entries(DEFAULTS).some(([name, value]) =>
        Object.entries(attribute).some(([n, v]) => n === name && v === value),
      ),
    );
    expect(spelled.map(([path]) => path)).toEqual([]);
  });

  test("RFC 7643 §7: an attribute has exactly a name, a type, a description and known characteristics", () => {
    const known = Object.keys(DEFAULTS).concat([
      "name",
      "type",
      "description",
      "canonicalValues",
      "referenceTypes",
      "subAttributes",
    ]);
    const odd = ALL.filter(
      ([, attribute]) =>
        Object.keys(attribute).some((key) => !known.includes(key)) ||
        attribute.type === undefined ||
        (attribute.type === "complex") !== (attribute.subAttributes !== undefined) ||
        (attribute.type === "reference") !== (attribute.referenceTypes !== undefined),
    );
    expect(odd.map(([path]) => path)).toEqual([]);
  });

  test("RFC 7643 §2.1: every name is an ATTRNAME or $ref", () => {
    const odd = ALL.filter(([, { name }]) => !/^(?:[A-Za-z][$\-_0-9A-Za-z]*|\$ref)$/.test(name));
    expect(odd.map(([path]) => path)).toEqual([]);
  });

  test("RFC 7643 §2.1: no two attributes of one level differ only by case", () => {
    const paths = ALL.map(([path]) => path.toLowerCase());
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
  });

  test("RFC 7643 §7: descriptions are one short sentence", () => {
    const described = [...ALL, ...SCHEMAS.map((schema) => [schema.id, schema] as const)];
    const odd = described.filter(([, { description = "" }]) => !/^[A-Z'][^.]{2,100}[.?]$/.test(description));
    expect(odd.map(([path, { description }]) => `${path}: ${description}`)).toEqual([]);
  });

  test("RFC 7643 §8.7: a schema has the name of its resource type or extension", () => {
    expect(SCHEMAS.map(({ name }) => name)).toEqual([
      "User",
      "EnterpriseUser",
      "Group",
      "ServiceProviderConfig",
      "ResourceType",
      "Schema",
    ]);
  });
});
