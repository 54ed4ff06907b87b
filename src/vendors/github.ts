/**
 * GitHub: Enterprise Managed Users on GitHub Enterprise Cloud, and GitHub Enterprise Server. Sources: "REST API endpoints for
 * SCIM" (docs.github.com/rest/enterprise-admin/scim) and "Provisioning users and groups with SCIM using the REST API".
 *
 * @module
 */
import type { ServerProfile } from "../client/profile.ts";

/**
 * How GitHub differs from the RFC. The base URL is `https://api.github.com/scim/v2/enterprises/{enterprise}`, that of a GitHub
 * Enterprise Server `https://{host}/api/v3/scim/v2`. Users have to exist before a group names them.
 */
export const github: ServerProfile = {
  name: "GitHub",
  // "REST API endpoints for SCIM" has no discovery.
  discovery: {
    serviceProviderConfig: { patch: { supported: true }, filter: { supported: true } },
    resourceTypes: [
      { name: "User", endpoint: "/Users", schema: "urn:ietf:params:scim:schemas:core:2.0:User" },
      { name: "Group", endpoint: "/Groups", schema: "urn:ietf:params:scim:schemas:core:2.0:Group" },
    ],
    schemas: [
      {
        // "Supported SCIM user attributes".
        id: "urn:ietf:params:scim:schemas:core:2.0:User",
        name: "User",
        attributes: [
          { name: "userName", required: true, uniqueness: "server" },
          {
            name: "name",
            type: "complex",
            subAttributes: [
              { name: "formatted" },
              { name: "familyName" },
              { name: "givenName" },
              { name: "middleName" },
            ],
          },
          { name: "displayName" },
          { name: "active", type: "boolean" },
          {
            name: "emails",
            type: "complex",
            multiValued: true,
            subAttributes: [{ name: "value" }, { name: "type" }, { name: "primary", type: "boolean" }],
          },
          {
            name: "roles",
            type: "complex",
            multiValued: true,
            subAttributes: [
              { name: "value" },
              { name: "display" },
              { name: "type" },
              { name: "primary", type: "boolean" },
            ],
          },
          {
            name: "groups",
            type: "complex",
            multiValued: true,
            mutability: "readOnly",
          },
        ],
      },
      {
        // "Supported SCIM group attributes", and the members of the requests and answers below.
        id: "urn:ietf:params:scim:schemas:core:2.0:Group",
        name: "Group",
        attributes: [
          { name: "displayName", required: true },
          {
            name: "members",
            type: "complex",
            multiValued: true,
            subAttributes: [
              { name: "value", caseExact: true },
              { name: "displayName" },
              { name: "$ref", type: "reference", mutability: "readOnly" },
              { name: "display", mutability: "readOnly" },
            ],
          },
        ],
      },
    ],
  },
  // The same: no /Bulk, no /.search, no sorting.
  capabilities: { bulk: false, search: false, sort: false },
  // "List SCIM provisioned identities", "List provisioned SCIM groups": multiple filters are not supported.
  filter: { operators: ["eq"], logical: [] },
  resourceTypes: {
    User: {
      // "List SCIM provisioned identities for an enterprise": possible filters.
      filter: { attributes: ["userName", "externalId", "id", "displayName"] },
      // "Update an attribute for a SCIM enterprise user": paths with filters are ineffective.
      patch: { valuePaths: false },
      // "Provision a SCIM enterprise user", "Set SCIM information for a provisioned enterprise user": required parameters.
      demands: {
        create: ["externalId", "active", "displayName", "emails.value", "emails.type", "emails.primary"],
        replace: ["externalId", "active", "displayName", "emails.value", "emails.type", "emails.primary"],
      },
      // "Delete a SCIM user from an enterprise": suspended for good; active = false is what can be undone.
      deletion: "suspends",
    },
    Group: {
      // "List provisioned SCIM groups for an enterprise": possible filters.
      filter: { attributes: ["externalId", "id", "displayName"] },
      // "Provision a SCIM enterprise group", "Set SCIM information for a provisioned enterprise group": required parameters.
      demands: { create: ["externalId"], replace: ["externalId"] },
      // "Delete a SCIM group from an enterprise".
      deletion: "deletes",
    },
  },
};
