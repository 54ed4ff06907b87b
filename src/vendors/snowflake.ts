/**
 * Snowflake. Sources: "SCIM user API reference" (docs.snowflake.com) and behaviour change BCR-2276, "SCIM: List API returns
 * paginated results; unsupported filters rejected", of bundle 2026_03.
 *
 * @module
 */
import type { ServerProfile } from "../client/profile.ts";

/** How Snowflake differs from the RFC, where bundle 2026_03 is enabled. */
export const snowflake: ServerProfile = {
  name: "Snowflake",
  // BCR-2276: single-attribute filters with eq or sw; others are refused with invalidFilter.
  filter: { operators: ["eq", "sw"], logical: [], valuePaths: false },
  resourceTypes: {
    // "SCIM user API reference", "SCIM group API reference": DELETE.
    User: { deletion: "deletes" },
    Group: { deletion: "deletes" },
  },
};

/**
 * How Snowflake differs from the RFC, where bundle 2026_03 is not enabled: a list without a filter is one made-up resource,
 * and a filter that is not understood gives an empty list, which must not be taken for nobody.
 */
export const snowflakeBefore2026: ServerProfile = {
  ...snowflake,
  name: "Snowflake before bundle 2026_03",
  // BCR-2276, "Unfiltered list calls" and "ServiceProviderConfig filter support", before the change.
  capabilities: { filter: true, unfiltered: false },
};
