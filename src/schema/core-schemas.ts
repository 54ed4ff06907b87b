/**
 * The schemas of RFC 7643 as data: the definitions of §8.7 with the errata applied, and where §8.7 and the text of
 * §3 to §7 disagree, the text. A characteristic that has its default (RFC 7643 §2.2) is left out.
 *
 * - 5368: a Group's displayName is required
 * - 5607, 7522: referenceTypes and schemaExtensions are multi-valued
 * - 6000, 6001: binary values and references are case exact (§2.3.6, §2.3.7)
 * - 6004: complex attributes have no uniqueness
 * - 8011: authenticationSchemes have type and primary
 * - 8417: each document names the schema of schemas in `schemas`; its `meta` is for the server to state
 * - 8471: what a User is a member of is a Group
 * - 8472: an id is case exact wherever it is referred to, so manager.value, groups.value and members.value are
 * - 8475: a resource type's name and endpoint are unique on the server
 *
 * @module
 */

export { CommonAttributes } from "./common-attributes.ts";
export { SchemaSchema } from "./schema-schema.ts";
export { ResourceTypeSchema, ServiceProviderConfigSchema } from "./service-provider-schemas.ts";

/** The User schema (RFC 7643 §4.1, §8.7.1). */
export const UserSchema = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  id: "urn:ietf:params:scim:schemas:core:2.0:User",
  name: "User",
  description: "A person's account.",
  attributes: [
    {
      name: "userName",
      type: "string",
      description: "Name to sign in with.",
      required: true,
      uniqueness: "server",
    },
    {
      name: "name",
      type: "complex",
      description: "The name of the person, in parts.",
      subAttributes: [
        { name: "formatted", type: "string", description: "All parts, ready to show." },
        { name: "familyName", type: "string", description: "Last name in most Western languages." },
        { name: "givenName", type: "string", description: "First name in most Western languages." },
        { name: "middleName", type: "string", description: "Names in between." },
        { name: "honorificPrefix", type: "string", description: "Title before the name, such as Ms." },
        { name: "honorificSuffix", type: "string", description: "Suffix after the name, such as III." },
      ],
    },
    { name: "displayName", type: "string", description: "Name to show to others." },
    { name: "nickName", type: "string", description: "What friends call the person." },
    {
      name: "profileUrl",
      type: "reference",
      description: "Page about the person.",
      caseExact: true,
      referenceTypes: ["external"],
    },
    { name: "title", type: "string", description: "Job title." },
    { name: "userType", type: "string", description: "Relation to the organization, such as Employee." },
    { name: "preferredLanguage", type: "string", description: "Languages to use, as in Accept-Language." },
    { name: "locale", type: "string", description: "Language tag for dates, numbers and currency." },
    { name: "timezone", type: "string", description: "Time zone by its IANA name." },
    { name: "active", type: "boolean", description: "Whether the account may be used." },
    // RFC 7644 §7.8 has it compared by RFC 7613 §4, which tells upper from lower case; §8.7.1 does not.
    {
      name: "password",
      type: "string",
      description: "Password in clear text; can be set but never read.",
      caseExact: true,
      mutability: "writeOnly",
      returned: "never",
    },
    {
      name: "emails",
      type: "complex",
      description: "E-mail addresses.",
      multiValued: true,
      subAttributes: [
        { name: "value", type: "string", description: "The address." },
        { name: "display", type: "string", description: "Text to show." },
        { name: "type", type: "string", description: "Its use.", canonicalValues: ["work", "home", "other"] },
        { name: "primary", type: "boolean", description: "Whether it is the preferred one." },
      ],
    },
    {
      name: "phoneNumbers",
      type: "complex",
      description: "Telephone numbers.",
      multiValued: true,
      subAttributes: [
        { name: "value", type: "string", description: "The number, best as a tel URI." },
        { name: "display", type: "string", description: "Text to show." },
        {
          name: "type",
          type: "string",
          description: "Its use.",
          canonicalValues: ["work", "home", "mobile", "fax", "pager", "other"],
        },
        { name: "primary", type: "boolean", description: "Whether it is the preferred one." },
      ],
    },
    {
      name: "ims",
      type: "complex",
      description: "Instant messaging addresses.",
      multiValued: true,
      subAttributes: [
        { name: "value", type: "string", description: "The address." },
        { name: "display", type: "string", description: "Text to show." },
        {
          name: "type",
          type: "string",
          description: "The service.",
          canonicalValues: ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
        },
        { name: "primary", type: "boolean", description: "Whether it is the preferred one." },
      ],
    },
    {
      name: "photos",
      type: "complex",
      description: "Pictures of the person.",
      multiValued: true,
      subAttributes: [
        {
          name: "value",
          type: "reference",
          description: "Where the picture is.",
          caseExact: true,
          referenceTypes: ["external"],
        },
        { name: "display", type: "string", description: "Text to show." },
        { name: "type", type: "string", description: "Its size.", canonicalValues: ["photo", "thumbnail"] },
        { name: "primary", type: "boolean", description: "Whether it is the preferred one." },
      ],
    },
    {
      name: "addresses",
      type: "complex",
      description: "Postal addresses.",
      multiValued: true,
      subAttributes: [
        { name: "formatted", type: "string", description: "All parts, ready to print." },
        { name: "streetAddress", type: "string", description: "Street and house." },
        { name: "locality", type: "string", description: "City or place." },
        { name: "region", type: "string", description: "State or region." },
        { name: "postalCode", type: "string", description: "ZIP or postal code." },
        { name: "country", type: "string", description: "Country by its two-letter code." },
        { name: "type", type: "string", description: "Its use.", canonicalValues: ["work", "home", "other"] },
        // Left out of §8.7.1; a default sub-attribute (§2.4) that the example of §8.2 has.
        { name: "primary", type: "boolean", description: "Whether it is the preferred one." },
      ],
    },
    {
      name: "groups",
      type: "complex",
      description: "Groups the user is in; changed through the groups.",
      multiValued: true,
      mutability: "readOnly",
      subAttributes: [
        { name: "value", type: "string", description: "Id of the group.", caseExact: true, mutability: "readOnly" },
        {
          name: "$ref",
          type: "reference",
          description: "Where the group is found.",
          caseExact: true,
          mutability: "readOnly",
          referenceTypes: ["Group"],
        },
        { name: "display", type: "string", description: "Name of the group.", mutability: "readOnly" },
        {
          name: "type",
          type: "string",
          description: "Whether the user is itself a member or by way of another group.",
          canonicalValues: ["direct", "indirect"],
          mutability: "readOnly",
        },
      ],
    },
    {
      name: "entitlements",
      type: "complex",
      description: "Things the user has a right to.",
      multiValued: true,
      subAttributes: [
        { name: "value", type: "string", description: "The entitlement." },
        { name: "display", type: "string", description: "Text to show." },
        { name: "type", type: "string", description: "Its kind." },
        { name: "primary", type: "boolean", description: "Whether it is the preferred one." },
      ],
    },
    {
      name: "roles",
      type: "complex",
      description: "Roles the user has.",
      multiValued: true,
      subAttributes: [
        { name: "value", type: "string", description: "The role." },
        { name: "display", type: "string", description: "Text to show." },
        { name: "type", type: "string", description: "Its kind." },
        { name: "primary", type: "boolean", description: "Whether it is the preferred one." },
      ],
    },
    {
      name: "x509Certificates",
      type: "complex",
      description: "Certificates issued to the user.",
      multiValued: true,
      subAttributes: [
        { name: "value", type: "binary", description: "The certificate in DER, base64-encoded.", caseExact: true },
        { name: "display", type: "string", description: "Text to show." },
        { name: "type", type: "string", description: "Its kind." },
        { name: "primary", type: "boolean", description: "Whether it is the preferred one." },
      ],
    },
  ],
} as const;

/** The enterprise extension of User (RFC 7643 §4.3, §8.7.1). */
export const EnterpriseUserSchema = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  id: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  name: "EnterpriseUser",
  description: "A user as a part of an organization.",
  attributes: [
    { name: "employeeNumber", type: "string", description: "Number the organization knows the person by." },
    { name: "costCenter", type: "string", description: "Cost center." },
    { name: "organization", type: "string", description: "Name of the organization." },
    { name: "division", type: "string", description: "Name of the division." },
    { name: "department", type: "string", description: "Name of the department." },
    {
      name: "manager",
      type: "complex",
      description: "The user's manager.",
      subAttributes: [
        // value and $ref are RECOMMENDED in §4.3, so neither is required.
        { name: "value", type: "string", description: "Id of the manager.", caseExact: true },
        {
          name: "$ref",
          type: "reference",
          description: "Where the manager is found.",
          caseExact: true,
          referenceTypes: ["User"],
        },
        { name: "displayName", type: "string", description: "Name of the manager.", mutability: "readOnly" },
      ],
    },
  ],
} as const;

/** The Group schema (RFC 7643 §4.2, §8.7.1). */
export const GroupSchema = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  id: "urn:ietf:params:scim:schemas:core:2.0:Group",
  name: "Group",
  description: "A set of users and of other groups.",
  attributes: [
    { name: "displayName", type: "string", description: "Name of the group.", required: true },
    {
      name: "members",
      type: "complex",
      description: "Who is in the group.",
      multiValued: true,
      subAttributes: [
        {
          name: "value",
          type: "string",
          description: "Id of the member.",
          caseExact: true,
          mutability: "immutable",
        },
        {
          name: "$ref",
          type: "reference",
          description: "Where the member is found.",
          caseExact: true,
          mutability: "immutable",
          referenceTypes: ["User", "Group"],
        },
        {
          name: "type",
          type: "string",
          description: "Resource type of the member.",
          canonicalValues: ["User", "Group"],
          mutability: "immutable",
        },
        // Left out of §8.7.1; a default sub-attribute (§2.4), and §4.2 makes all those of members immutable.
        { name: "display", type: "string", description: "Name of the member.", mutability: "immutable" },
      ],
    },
  ],
} as const;
