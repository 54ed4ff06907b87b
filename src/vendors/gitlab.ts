/**
 * GitLab. Source: "Internal API", sections "Group SCIM API" and "Instance SCIM API" (docs.gitlab.com/development/
 * internal_api). GitLab reserves the right to change it without notice.
 *
 * @module
 */
import type { Deletion, ServerProfile } from "../client/profile.ts";

/**
 * How the SCIM API of a group differs from the RFC. The base URL is `https://{host}/api/scim/v2/groups/{path}`. The id of a
 * user is its `externalId` and changes with it.
 */
export const gitlabGroup: ServerProfile = profile("GitLab group", "unlinks");

/**
 * How the SCIM API of a whole instance differs from the RFC. The base URL is `https://{host}/api/scim/v2/application`. The id
 * of a user is its `externalId` and changes with it.
 */
export const gitlabInstance: ServerProfile = profile("GitLab instance", "deactivates");

/** @param deletion "Remove a single SCIM provisioned user": identity and membership; "Block a single SCIM provisioned user". */
function profile(name: string, deletion: Deletion): ServerProfile {
  return {
    name,
    // The endpoints are /Users and /Users/:id, and nothing else.
    discovery: {
      serviceProviderConfig: { patch: { supported: true }, filter: { supported: true } },
      resourceTypes: [{ name: "User", endpoint: "/Users", schema: "urn:ietf:params:scim:schemas:core:2.0:User" }],
      schemas: [
        {
          // "Create a SCIM provisioned user": parameters and example.
          id: "urn:ietf:params:scim:schemas:core:2.0:User",
          name: "User",
          attributes: [
            { name: "userName", required: true, uniqueness: "server" },
            { name: "active", type: "boolean" },
            {
              name: "name",
              type: "complex",
              subAttributes: [{ name: "formatted" }, { name: "familyName" }, { name: "givenName" }],
            },
            {
              name: "emails",
              type: "complex",
              multiValued: true,
              subAttributes: [{ name: "value" }, { name: "type" }, { name: "primary", type: "boolean" }],
            },
          ],
        },
      ],
    },
    // The same: no bulk, no search, no sorting.
    capabilities: { bulk: false, search: false, sort: false },
    // The examples: the name comes as "name.formatted".
    repairs: { flatNames: true },
    // "Available filters": eq.
    filter: { operators: ["eq"], logical: [], valuePaths: false },
    // "Available operations": Replace and Add, which have a path in all examples.
    patch: { form: "path", operations: ["add", "replace"] },
    resourceTypes: {
      User: {
        // There is no PUT.
        without: ["replace"],
        // "Update a single SCIM provisioned user": what else could be updated once was removed.
        patch: { attributes: ["active", "externalId"] },
        // "Create a SCIM provisioned user": required parameters.
        demands: { create: ["externalId", "emails", "name"] },
        deletion,
      },
    },
  };
}
