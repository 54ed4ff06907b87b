/**
 * The schemas of what a service provider says of itself, as data: core-schemas.ts says which errata apply.
 *
 * @module
 */

/** The ServiceProviderConfig schema (RFC 7643 §5, §8.7.2; RFC 9865 §4; RFC 9967). */
export const ServiceProviderConfigSchema = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  id: "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
  // §8.7.2 has "Service Provider Configuration"; this is the name of the resource type, as in the other schemas.
  name: "ServiceProviderConfig",
  description: "What the server supports.",
  attributes: [
    {
      name: "documentationUri",
      type: "reference",
      description: "Page for people about the server.",
      caseExact: true,
      mutability: "readOnly",
      referenceTypes: ["external"],
    },
    {
      name: "patch",
      type: "complex",
      description: "The PATCH method.",
      required: true,
      mutability: "readOnly",
      subAttributes: [
        { name: "supported", type: "boolean", description: "Supported?", required: true, mutability: "readOnly" },
      ],
    },
    {
      name: "bulk",
      type: "complex",
      description: "Many operations in one request.",
      required: true,
      mutability: "readOnly",
      subAttributes: [
        { name: "supported", type: "boolean", description: "Supported?", required: true, mutability: "readOnly" },
        {
          name: "maxOperations",
          type: "integer",
          description: "Most operations in a request.",
          required: true,
          mutability: "readOnly",
        },
        {
          name: "maxPayloadSize",
          type: "integer",
          description: "Most bytes in a request.",
          required: true,
          mutability: "readOnly",
        },
      ],
    },
    {
      name: "filter",
      type: "complex",
      description: "Filters.",
      required: true,
      mutability: "readOnly",
      subAttributes: [
        { name: "supported", type: "boolean", description: "Supported?", required: true, mutability: "readOnly" },
        {
          name: "maxResults",
          type: "integer",
          description: "Most resources in an answer.",
          required: true,
          mutability: "readOnly",
        },
      ],
    },
    {
      name: "changePassword",
      type: "complex",
      description: "Setting a new password.",
      required: true,
      mutability: "readOnly",
      subAttributes: [
        { name: "supported", type: "boolean", description: "Supported?", required: true, mutability: "readOnly" },
      ],
    },
    {
      name: "sort",
      type: "complex",
      description: "Sorted lists.",
      required: true,
      mutability: "readOnly",
      subAttributes: [
        { name: "supported", type: "boolean", description: "Supported?", required: true, mutability: "readOnly" },
      ],
    },
    // Left out of §8.7.2; required in §5.
    {
      name: "etag",
      type: "complex",
      description: "Entity tags.",
      required: true,
      mutability: "readOnly",
      subAttributes: [
        { name: "supported", type: "boolean", description: "Supported?", required: true, mutability: "readOnly" },
      ],
    },
    {
      name: "authenticationSchemes",
      type: "complex",
      description: "Ways to authenticate.",
      multiValued: true,
      required: true,
      mutability: "readOnly",
      subAttributes: [
        {
          name: "type",
          type: "string",
          description: "Kind of the scheme.",
          required: true,
          canonicalValues: ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"],
          mutability: "readOnly",
        },
        { name: "name", type: "string", description: "Its name.", required: true, mutability: "readOnly" },
        { name: "description", type: "string", description: "What it is.", required: true, mutability: "readOnly" },
        {
          name: "specUri",
          type: "reference",
          description: "Its specification.",
          caseExact: true,
          mutability: "readOnly",
          referenceTypes: ["external"],
        },
        {
          name: "documentationUri",
          type: "reference",
          description: "How to use it.",
          caseExact: true,
          mutability: "readOnly",
          referenceTypes: ["external"],
        },
        { name: "primary", type: "boolean", description: "Whether it is preferred.", mutability: "readOnly" },
      ],
    },
    {
      name: "pagination",
      type: "complex",
      description: "Ways to page through a list.",
      mutability: "readOnly",
      subAttributes: [
        { name: "cursor", type: "boolean", description: "By cursor?", required: true, mutability: "readOnly" },
        { name: "index", type: "boolean", description: "By index?", required: true, mutability: "readOnly" },
        {
          name: "defaultPaginationMethod",
          type: "string",
          description: "The way when the client asks for none.",
          canonicalValues: ["cursor", "index"],
          mutability: "readOnly",
        },
        { name: "defaultPageSize", type: "integer", description: "Usual page size.", mutability: "readOnly" },
        { name: "maxPageSize", type: "integer", description: "Largest page size.", mutability: "readOnly" },
        { name: "cursorTimeout", type: "integer", description: "Seconds a cursor lives.", mutability: "readOnly" },
      ],
    },
    {
      name: "securityEvents",
      type: "complex",
      description: "Security events and asynchronous requests.",
      mutability: "readOnly",
      subAttributes: [
        {
          name: "asyncRequest",
          type: "string",
          description: "When the server completes a request later.",
          canonicalValues: ["none", "long", "request"],
          mutability: "readOnly",
        },
        {
          name: "eventUris",
          type: "string",
          description: "Events the server can send.",
          multiValued: true,
          mutability: "readOnly",
        },
      ],
    },
  ],
} as const;

/** The ResourceType schema (RFC 7643 §6, §8.7.2). */
export const ResourceTypeSchema = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  id: "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
  name: "ResourceType",
  description: "A kind of resource, its endpoint and its schemas.",
  attributes: [
    { name: "id", type: "string", description: "Often the same as the name.", mutability: "readOnly" },
    {
      name: "name",
      type: "string",
      description: "Its name, as resources give it in their metadata.",
      required: true,
      caseExact: true,
      mutability: "readOnly",
      uniqueness: "server",
    },
    { name: "description", type: "string", description: "What it is for.", mutability: "readOnly" },
    {
      name: "endpoint",
      type: "reference",
      description: "Endpoint, relative to the base URL.",
      required: true,
      caseExact: true,
      mutability: "readOnly",
      uniqueness: "server",
      referenceTypes: ["uri"],
    },
    {
      name: "schema",
      type: "reference",
      description: "URN of its core schema.",
      required: true,
      caseExact: true,
      mutability: "readOnly",
      referenceTypes: ["uri"],
    },
    // Required in §8.7.2, but optional in §6.
    {
      name: "schemaExtensions",
      type: "complex",
      description: "Schemas that extend it.",
      multiValued: true,
      mutability: "readOnly",
      subAttributes: [
        {
          name: "schema",
          type: "reference",
          description: "URN of the extension.",
          required: true,
          caseExact: true,
          mutability: "readOnly",
          referenceTypes: ["uri"],
        },
        {
          name: "required",
          type: "boolean",
          description: "Whether every resource must have it.",
          required: true,
          mutability: "readOnly",
        },
      ],
    },
  ],
} as const;
