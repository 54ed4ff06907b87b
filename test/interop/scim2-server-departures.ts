/**
 * Where scim2-server 0.8 with its storage in memory does not do what the RFCs say, and what the client makes of it.
 *
 * @module
 */
import { expect } from "vitest";
import { Group, User } from "../../src/models.gen.ts";
import { CIRCLE } from "./behaviours/bulking.ts";
import { disagreements } from "./behaviours/differing.ts";
import { populate } from "./behaviours/people.ts";
import type { Departure } from "./lane.ts";

export const scim2ServerDepartures: readonly Departure[] = [
  {
    behaviour: "groupsOfUser",
    reason: "membership is shown on the group alone",
    async instead({ scim }) {
      const [alice = ""] = await populate(scim, "alice");
      await scim.create(Group, { displayName: "Staff", members: [{ value: alice }] });
      expect(await scim.query(User, alice)).not.toHaveProperty("groups");
    },
  },
  {
    behaviour: "apply",
    reason: "what a replace of a selected value does not name stays",
    async instead({ scim }) {
      expect(await disagreements(scim)).toEqual(["replace a selected value"]);
    },
  },
  {
    behaviour: "bulkCircle",
    reason: "resources that refer to each other are refused",
    async instead({ scim }) {
      await scim.discover();
      expect(await scim.bulk(CIRCLE)).toMatchObject([
        { ok: false, reason: "refused", status: 409 },
        { ok: false, reason: "refused", status: 409 },
      ]);
      expect((await scim.query(User)).totalResults).toBe(0);
    },
  },
];
