/**
 * Slack's SCIM API 2.0. Source: "SCIM API reference" (docs.slack.dev/reference/scim-api), by its sections.
 *
 * @module
 */
import type { ServerProfile } from "../client/profile.ts";

/** How Slack differs from the RFC. The base URL is `https://api.slack.com/scim/v2`. */
export const slack: ServerProfile = {
  name: "Slack",
  // goauthentik/authentik, providers/scim/clients/base.py: Slack filters, though it says that it does not.
  capabilities: { filter: true, search: false },
  // "Filter": the operators; "GET /Users": a filter on userName.
  filter: {
    operators: ["eq", "co", "sw", "pr", "gt", "ge", "lt", "le"],
    logical: ["and", "or"],
  },
  // "GET /Users", "GET /Groups": 10 on a page by default, 1,000 at most.
  paging: { maxCount: 1000 },
  // "POST /Groups", "PATCH /Groups": 15,000 users are the limit, batches of 5,000 are recommended.
  patch: { maxValues: 5000 },
  resourceTypes: {
    User: {
      // "Filter": user name and e-mail address, of which the second has no SCIM 2.0 name.
      filter: { attributes: ["userName"] },
      // "User attributes": emails are required. "PUT /Users": what is not provided is overwritten as well.
      demands: { create: ["emails"], replace: ["emails", "active"] },
      // "DELETE /Users": sets a user to deactivated.
      deletion: "deactivates",
    },
    Group: {
      // "Filter" speaks of users alone.
      filter: { attributes: [] },
      // "DELETE /Groups": permanently removes a group.
      deletion: "deletes",
    },
  },
};
