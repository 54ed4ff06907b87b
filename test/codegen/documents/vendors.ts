/**
 * What servers publish, in shapes that were seen in the wild; names and texts are made up. Each departs from RFC 7643 in its
 * own way, and of each the usable part makes a module.
 */
import type { DiscoveryDocuments } from "../../../codegen/documents.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "../../../src/schema/core-schemas.ts";

/** Two extensions whose schemas are both called User; one holds a list of complex values. */
const chat: DiscoveryDocuments = {
  resourceTypes: [
    {
      name: "User",
      endpoint: "/Users",
      schema: UserSchema.id,
      schemaExtensions: [
        { schema: "urn:ietf:params:scim:schemas:extension:chat:guest:2.0:User", required: false },
        { schema: "urn:ietf:params:scim:schemas:extension:chat:profile:2.0:User", required: false },
        { schema: EnterpriseUserSchema.id, required: false },
      ],
    },
  ],
  schemas: [
    UserSchema,
    {
      id: "urn:ietf:params:scim:schemas:extension:chat:guest:2.0:User",
      name: "User",
      attributes: [
        { name: "type", canonicalValues: ["single", "multi"], required: true },
        { name: "expiration", type: "dateTime" },
        {
          name: "channels",
          type: "complex",
          multiValued: true,
          subAttributes: [{ name: "value" }, { name: "primary", type: "boolean" }],
        },
      ],
    },
    {
      id: "urn:ietf:params:scim:schemas:extension:chat:profile:2.0:User",
      name: "User",
      attributes: [{ name: "startDate", type: "dateTime" }],
    },
    EnterpriseUserSchema,
  ],
};

/** More resource types than the RFC has; multi-valued complex attributes whose content is not published. */
const warehouse: DiscoveryDocuments = {
  resourceTypes: [
    {
      name: "Service Principal",
      endpoint: "ServicePrincipals",
      schema: "urn:x-warehouse:scim:2.0:ServicePrincipal",
    },
    { name: "WorkspaceGroup", endpoint: "/Groups", schema: "urn:x-warehouse:scim:2.0:Group" },
  ],
  schemas: [
    {
      id: "urn:x-warehouse:scim:2.0:ServicePrincipal",
      name: "ServicePrincipal",
      attributes: [
        { name: "applicationId", caseExact: true, mutability: "immutable", uniqueness: "global" },
        { name: "displayName" },
        { name: "entitlements", type: "complex", multiValued: true },
        { name: "roles", type: "complex", multiValued: true },
        { name: "settings", type: "complex" },
      ],
    },
    {
      id: "urn:x-warehouse:scim:2.0:Group",
      attributes: [
        { name: "displayName", required: true },
        { name: "entitlements", type: "complex", multiValued: true },
        { name: "roles", type: "complex", multiValued: true },
      ],
    },
  ],
};

/** A lone e-mail address where the RFC has many, an externalId in another case that is required. */
const design: DiscoveryDocuments = {
  resourceTypes: [
    {
      name: "User",
      endpoint: "https://design.example/scim/v2/x/Users",
      schema: "urn:ietf:params:scim:schemas:core:2.0:User",
    },
  ],
  schemas: [
    {
      id: "urn:ietf:params:scim:schemas:core:2.0:User",
      name: "User",
      attributes: [
        { name: "userName", required: true },
        { name: "externalID", required: true },
        { name: "active", type: "boolean", required: true },
        {
          name: "emails",
          type: "complex",
          subAttributes: [{ name: "value" }, { name: "primary" }, { name: "type", canonicalValues: ["work"] }],
        },
        { name: "roles", type: "complex", multiValued: true, subAttributes: [{ name: "type" }, { name: "value" }] },
      ],
    },
  ],
};

/** Resource types that nobody but the server writes; a schema that is referred to and not published. */
const sales: DiscoveryDocuments = {
  resourceTypes: [
    { name: "Entitlement", endpoint: "/Entitlements", schema: "urn:x-sales:scim:schemas:core:2.0:Entitlement" },
    {
      name: "Group",
      endpoint: "/Groups",
      schema: GroupSchema.id,
      schemaExtensions: [{ schema: "urn:x-sales:scim:schemas:extension:2.0:Group", required: true }],
    },
    { name: "Role", endpoint: "/Roles", schema: "urn:x-sales:scim:schemas:core:2.0:Role" },
    {
      name: "ResourceType",
      endpoint: "/ResourceTypes",
      schema: "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
    },
  ],
  schemas: [
    {
      id: "urn:x-sales:scim:schemas:core:2.0:Entitlement",
      name: "Entitlement",
      description: "What a user may be given.",
      attributes: [
        { name: "externalId", mutability: "readOnly" },
        { name: "displayName", required: true, mutability: "readOnly", returned: "always" },
        { name: "type", mutability: "readOnly" },
      ],
    },
    GroupSchema,
  ],
};

/** Characteristics in another case or unknown, attributes whose names or types cannot be used, one that is there twice. */
const identity: DiscoveryDocuments = JSON.parse(`{
  "resourceTypes": [
    {
      "name": "Agent", "endpoint": "/Agents", "schema": "urn:scim:schemas:core:Agent",
      "schemaExtensions": [{ "schema": "urn:scim:schemas:extension:custom:User", "required": false }]
    }
  ],
  "schemas": [
    {
      "id": "urn:scim:schemas:core:Agent", "name": "Agent",
      "attributes": [
        { "name": "userName", "type": "String", "mutability": "READWRITE", "required": true },
        { "name": "userName", "type": "string" },
        { "name": "agentOwner", "type": "COMPLEX", "subAttributes": [{ "name": "$ref", "type": "Reference" }] },
        { "name": "last login", "type": "dateTime" },
        { "name": "1st", "type": "string" },
        { "name": "score", "type": "float" },
        { "name": "class", "mutability": "sometimes", "returned": null, "canonicalValues": "none" },
        { "name": "default", "type": "boolean" },
        { "name": "a-b_c$", "type": "integer" }
      ]
    },
    {
      "id": "urn:scim:schemas:extension:custom:User", "name": "Custom Extension",
      "attributes": [{ "name": "accountState", "canonicalValues": ["LOCKED", "UNLOCKED", "LOCKED"] }]
    }
  ]
}`) as DiscoveryDocuments;

/** A required extension with a unique name, three levels of sub-attributes, characteristics mostly left out. */
const directory: DiscoveryDocuments = {
  resourceTypes: [
    {
      name: "Group",
      endpoint: "/Groups",
      schema: GroupSchema.id,
      schemaExtensions: [
        { schema: "urn:x-directory:cloud:scim:schemas:extension:custom:2.0:Group", required: true },
      ],
    },
    { name: "Company Group", endpoint: "/CompanyGroups", schema: "urn:x-directory:cloud:scim:2.0:CompanyGroup" },
  ],
  schemas: [
    GroupSchema,
    {
      id: "urn:x-directory:cloud:scim:schemas:extension:custom:2.0:Group",
      name: "Group Extension",
      attributes: [
        { name: "name", required: true, uniqueness: "server", mutability: "immutable" },
        { name: "description" },
        {
          name: "supportedOperations",
          subAttributes: [
            {
              name: "members",
              subAttributes: [
                { name: "limit", type: "integer" },
                { name: "mode", subAttributes: [{ name: "strict", type: "boolean", mutability: "readOnly" }] },
              ],
            },
          ],
        },
      ],
    },
    {
      id: "urn:x-directory:cloud:scim:2.0:CompanyGroup",
      name: "Group",
      attributes: [
        { name: "id", required: true },
        { name: "meta", type: "complex" },
        { name: "path", required: true, returned: "request" },
        { name: "secret", mutability: "writeOnly" },
        { name: "limits", multiValued: true, type: "decimal", required: true },
      ],
    },
  ],
};

export const vendors: Readonly<Record<string, DiscoveryDocuments>> = {
  chat,
  warehouse,
  design,
  sales,
  identity,
  directory,
};
