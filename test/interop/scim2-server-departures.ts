/**
 * Where scim2-server 0.8 with its storage in memory does not do what the RFCs say, and what the client makes of it.
 *
 * @module
 */
import { expect } from "vitest";
import { Group, User } from "../../src/models.gen.ts";
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
];
