/**
 * Finding one among many, and walking over all of them page by page (RFC 7644 §3.4.2.4, RFC 9865).
 *
 * @module
 */
import { expect } from "vitest";
import { filter, type SCIMClient } from "../../../src/index.ts";
import { Group, User } from "../../../src/models.gen.ts";
import type { Behaviour } from "../lane.ts";
import { Employee, babs, populate, sorted } from "./people.ts";

const USER_NAMES = ["u1", "u2", "u3", "u4", "u5", "u6", "u7"];

async function walk(
  scim: SCIMClient,
  options: { readonly count?: number; readonly cursor?: string; readonly limit?: number },
): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const { userName } of scim.list(User, { ...sorted(scim, "userName"), ...options }))
    seen.push(userName);
  return seen;
}

export const walking: readonly Behaviour[] = [
  {
    name: "find",
    title: "RFC 7644 §3.4.2.2: the one resource that matches is found, or nobody, and two are refused",
    async run({ scim, deviations }) {
      await scim.discover();
      await populate(scim, "alice", "bob");
      const created = await scim.create(Employee, babs);
      expect(await scim.find(Employee, filter`userName eq ${"bjensen"}`)).toEqual(created);
      expect(await scim.find(Employee, 'displayName eq "Babs" and active eq true')).toEqual(created);
      expect(await scim.find(User, filter`userName eq ${"nobody"}`)).toBeUndefined();
      await expect(scim.find(User, 'displayName sw "The "')).rejects.toMatchObject({
        code: "response_payload_validation_error",
      });
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "list",
    title: "RFC 7644 §3.4.2.4: a list is walked page by page to its end, each resource once",
    async run({ scim, deviations }) {
      await scim.discover();
      await populate(scim, ...USER_NAMES);
      for (const count of [2, 3, 6, 8]) expect(await walk(scim, { count })).toEqual(USER_NAMES);
      expect(await walk(scim, {})).toEqual(USER_NAMES);
      expect(await walk(scim, { count: 2, limit: 5 })).toEqual(USER_NAMES.slice(0, 5));

      const list = scim.list(User, { count: 3 });
      const sizes: number[] = [];
      for await (const { Resources } of list.pages()) sizes.push(Resources.length);
      expect(sizes).toEqual([3, 3, 1]);
      expect(list).toMatchObject({ complete: true, totalResults: 7 });

      const early = scim.list(User, { count: 2 });
      for await (const _ of early) break;
      expect(early.complete).toBe(false);
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "listFullPage",
    title: "RFC 7644 §3.4.2.4: a list ends with its last page, even when that is a full one",
    async run({ scim, deviations }) {
      await populate(scim, ...USER_NAMES);
      for (const count of [1, 7]) expect(await walk(scim, { count })).toEqual(USER_NAMES);
      const list = scim.list(User, { count: 7 });
      for await (const _ of list);
      expect(list).toMatchObject({ complete: true, totalResults: 7 });
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "listNobody",
    title: "RFC 7644 §3.4.2: a list of nobody ends at once",
    async run({ scim }) {
      const list = scim.list(User, { filter: 'userName eq "nobody"' });
      for await (const _ of list) expect.unreachable("nobody came");
      expect(list).toMatchObject({ complete: true, totalResults: 0 });
    },
  },
  {
    name: "listSearch",
    title: "RFC 7644 §3.4.3: a list is walked by POST as well, across all resource types",
    async run({ scim }) {
      await scim.discover();
      await populate(scim, "alice", "bob");
      await scim.create(Group, { displayName: "The others" });
      const seen: unknown[] = [];
      for await (const { displayName } of scim.list({ via: "search", sortBy: "displayName", count: 2 })) {
        seen.push(displayName);
      }
      expect(seen).toEqual(["The alice", "The bob", "The others"]);
    },
  },
  {
    name: "cursor",
    title: "RFC 9865 §2: a list is walked by cursor where the service provider has cursors",
    async run({ scim, deviations }) {
      await scim.discover();
      await populate(scim, ...USER_NAMES);
      const first = await scim.query(User, { cursor: "", count: 3, sortBy: "userName" });
      expect(first.Resources).toHaveLength(3);
      expect(first.nextCursor).toBeTypeOf("string");
      expect(await walk(scim, { cursor: "", count: 3 })).toEqual(USER_NAMES);
      await expect(scim.query(User, { cursor: "no-such-cursor" })).rejects.toMatchObject({
        code: "scim_response_error_object",
        status: 400,
        scimType: "invalidCursor",
      });
      expect(deviations).toEqual([]);
    },
  },
];
