/**
 * RiverGen AI. Source: docs.rivergen.ai, "Organization / Reference / SCIM".
 *
 * @module
 */
import type { ServerProfile } from "../client/profile.ts";

/** How RiverGen's SCIM differs from the RFC: hardly at all for users, while groups are only there to be listed. */
export const rivergen: ServerProfile = {
  name: "RiverGen",
  resourceTypes: {
    // "Delete user": the user is deleted or deactivated.
    User: { deletion: "unspecified" },
    // "List groups" is the only page about groups; its filter is "accepted but not used".
    Group: { without: ["create", "replace", "patch", "delete"], filter: { ignored: true } },
  },
};
