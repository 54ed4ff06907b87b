/**
 * Turning a resource into what it should be by the least PATCH request (RFC 7644 §3.5.2).
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { diff, type PatchOperation, type SCIMClient } from "../../../src/index.ts";
import { Group } from "../../../src/models.gen.ts";
import { applyPatch } from "../../../src/protocol.ts";
import type { Behaviour } from "../lane.ts";
import { ENTERPRISE, Employee, babs, populate } from "./people.ts";

const OPERATIONS: Readonly<Record<string, readonly PatchOperation[]>> = {
  "replace text": [{ op: "replace", path: "displayName", value: "Babs Jensen" }],
  "add a value": [{ op: "add", path: "emails", value: [{ value: "babs@other.example", type: "other" }] }],
  "add a primary value": [{ op: "add", path: "emails", value: [{ value: "babs@other.example", primary: true }] }],
  "add a value that is there": [
    { op: "add", path: "emails", value: [{ value: "babs@home.example", type: "home" }] },
  ],
  "replace all values": [{ op: "replace", path: "emails", value: [{ value: "only@example.com" }] }],
  "replace a selected value": [
    { op: "replace", path: 'emails[type eq "work"]', value: { value: "b@work.example" } },
  ],
  "replace in a selected value": [{ op: "replace", path: 'emails[type eq "work"].value', value: "b@work.example" }],
  "remove a selected value": [{ op: "remove", path: 'emails[type eq "work" and value co "work"]' }],
  "remove all values": [{ op: "remove", path: "emails" }],
  "replace a complex value": [{ op: "replace", path: "name", value: { givenName: "Babs" } }],
  "add to a complex value": [{ op: "add", path: "name", value: { middleName: "Jane" } }],
  "replace without a path": [{ op: "replace", value: { emails: [{ value: "only@example.com" }], title: "Guide" } }],
  "add without a path": [
    { op: "add", value: { emails: [{ value: "o@example.com" }], name: { middleName: "Jane" } } },
  ],
  "add to an extension": [{ op: "add", path: `${ENTERPRISE}:costCenter`, value: "4130" }],
  "remove from an extension": [{ op: "remove", path: `${ENTERPRISE}:manager` }],
  "one after the other": [
    { op: "replace", path: "userName", value: "babs" },
    { op: "remove", path: "displayName" },
  ],
};

/** Which of the operations on Babs the service provider carries out in another way than `applyPatch`. */
export async function disagreements(scim: SCIMClient): Promise<string[]> {
  await scim.discover();
  const disagreed: string[] = [];
  for (const [name, operations] of Object.entries(OPERATIONS)) {
    const before = await scim.create(Employee, babs);
    const { meta: _ours, ...ours } = applyPatch(Employee, before, operations);
    const { meta: _theirs, ...theirs } = await scim.modify(Employee, before.id, operations, { reread: true });
    if (!isDeepStrictEqual(ours, theirs)) disagreed.push(name);
    await scim.delete(Employee, before.id);
  }
  return disagreed;
}

export const differing: readonly Behaviour[] = [
  {
    name: "diff",
    title: "RFC 7644 §3.5.2: the difference of two states turns one into the other",
    async run({ scim }) {
      await scim.discover();
      const before = await scim.create(Employee, babs);
      const after = {
        ...before,
        displayName: "Babs Jensen",
        title: "Tour Guide",
        active: false,
        name: { givenName: "Babs", familyName: "Jensen" },
        emails: [
          { value: "bjensen@work.example", type: "work", primary: true },
          { value: "babs@other.example", type: "other" },
        ],
        [ENTERPRISE]: { department: "Tour Operations", costCenter: "4130", manager: { value: "26118915" } },
      };
      await scim.modify(Employee, before, diff(Employee, before, after));
      const { meta: _, ...wanted } = after;
      expect(await scim.query(Employee, before.id)).toMatchObject(wanted);
      const now = await scim.query(Employee, before.id);
      expect(diff(Employee, now, after).operations).toEqual([]);

      await scim.modify(Employee, now, diff(Employee, now, before));
      expect(diff(Employee, await scim.query(Employee, before.id), before).operations).toEqual([]);
    },
  },
  {
    name: "apply",
    title: "RFC 7644 §3.5.2: a service provider makes of operations what applyPatch makes of them",
    async run({ scim }) {
      expect(await disagreements(scim)).toEqual([]);
    },
  },
  {
    name: "diffManager",
    title: "RFC 7643 §4.3: a user gets another manager",
    async run({ scim }) {
      await scim.discover();
      const before = await scim.create(Employee, babs);
      const after = { ...before, [ENTERPRISE]: { ...before[ENTERPRISE], manager: { value: "user-9" } } };
      await scim.modify(Employee, before, diff(Employee, before, after));
      expect((await scim.query(Employee, before.id))[ENTERPRISE]).toEqual(after[ENTERPRISE]);
    },
  },
  {
    name: "diffUnassigned",
    title: "RFC 7644 §3.5.2.2: what the later state does not have is removed",
    async run({ scim }) {
      await scim.discover();
      const before = await scim.create(Employee, babs);
      const { emails: _emails, displayName: _name, [ENTERPRISE]: _extension, ...after } = before;
      await scim.modify(Employee, before, diff(Employee, before, after));
      const now = await scim.query(Employee, before.id);
      expect(now).not.toHaveProperty("emails");
      expect(now).not.toHaveProperty("displayName");
      expect(now).not.toHaveProperty([ENTERPRISE]);
      expect(now).toMatchObject({ userName: "bjensen", name: babs.name });
    },
  },
  {
    name: "diffNothing",
    title: "RFC 7644 §3.5.2: equal states differ by nothing, and nothing is sent",
    async run({ scim }) {
      const before = await scim.create(Employee, babs);
      expect(await scim.modify(Employee, "nobody", diff(Employee, before, { ...before }))).toBeUndefined();
    },
  },
  {
    name: "diffMembers",
    title: "RFC 7644 §3.5.2: members that come and go are added and removed one by one",
    async run({ scim }) {
      const ids = await populate(scim, "a", "b", "c", "d");
      const [a = "", b = "", c = "", d = ""] = ids;
      const before = await scim.create(Group, {
        displayName: "Staff",
        members: [a, b, c].map((value) => ({ value })),
      });
      const after = { ...before, members: [a, c, d].map((value) => ({ value })) };
      const change = diff(Group, before, after);
      expect(change.operations.map(({ op }) => op).toSorted()).toEqual(["add", "remove"]);
      await scim.modify(Group, before, change);
      const members = (await scim.query(Group, before.id)).members ?? [];
      expect(new Set(members.map(({ value }) => value))).toEqual(new Set([a, c, d]));
    },
  },
];
