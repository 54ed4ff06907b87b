/**
 * Salesforce. Sources: Salesforce Help, "SCIM and REST API Reference Sheet", "Understand the SCIM Implementation", "Examples:
 * Deactivate and Reactivate Users with SCIM".
 *
 * @module
 */
import type { ServerProfile } from "../client/profile.ts";

/**
 * How Salesforce differs from the RFC. The base URL is `https://{domain}.my.salesforce.com/services/scim/v2`. A refusal with
 * 409 need not be a duplicate: a user without a profile among the entitlements is refused so as well.
 */
export const salesforce: ServerProfile = {
  name: "Salesforce",
  // "SCIM and REST API Reference Sheet": the endpoint is /ServiceProviderConfigs.
  discovery: { serviceProviderConfig: "/ServiceProviderConfigs" },
  // "SCIM and REST API Reference Sheet": in a clause, AND does not have precedence over OR.
  filter: { parenthesise: true },
  resourceTypes: {
    User: {
      // The server's message: user_must_have_one_entitlement_which_must_be_a_profileid.
      demands: { create: ["entitlements"] },
      // "Deactivate and Reactivate Users": users are deactivated rather than deleted, and can still be queried.
      deletion: "deactivates",
    },
    // "SCIM and REST API Reference Sheet", Groups: read and update.
    Group: { without: ["create", "delete"] },
  },
};
