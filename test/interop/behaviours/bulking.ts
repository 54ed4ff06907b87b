/**
 * Many operations at once (RFC 7644 §3.7).
 *
 * @module
 */
import { expect } from "vitest";
import type { BulkOperation, BulkResult, SCIMClient } from "../../../src/index.ts";
import { Group, User } from "../../../src/models.gen.ts";
import type { Behaviour } from "../lane.ts";
import { ENTERPRISE, Employee, babs, populate } from "./people.ts";

/** Six users, each with a group of its own, the groups first. */
export const TWELVE: readonly BulkOperation[] = [
  ...["a", "b", "c", "d", "e", "f"].map((name) => ({
    method: "POST" as const,
    path: "/Groups",
    data: { displayName: `Group of ${name}`, members: [{ value: `bulkId:${name}` }] },
  })),
  ...["a", "b", "c", "d", "e", "f"].map((name) => ({
    method: "POST" as const,
    path: "/Users",
    bulkId: name,
    data: { userName: name },
  })),
];

/** Two users, each the manager of the other. */
export const CIRCLE: readonly BulkOperation[] = [
  { method: "POST", path: "/Users", bulkId: "alice", data: { userName: "alice", ...managedBy("bob") } },
  { method: "POST", path: "/Users", bulkId: "bob", data: { userName: "bob", ...managedBy("alice") } },
];

/** Whether the groups have their members. */
export async function expectTwelve(scim: SCIMClient): Promise<void> {
  const userNames = new Map<string, string | undefined>();
  for await (const { id, userName } of scim.list(User)) userNames.set(id, userName);
  expect(userNames.size).toBe(6);
  const groups = new Map<string | undefined, unknown>();
  for await (const { displayName, members = [] } of scim.list(Group)) {
    groups.set(
      displayName,
      members.map(({ value = "" }) => userNames.get(value)),
    );
  }
  expect(groups).toEqual(new Map(["a", "b", "c", "d", "e", "f"].map((name) => [`Group of ${name}`, [name]])));
}

function managedBy(bulkId: string): object {
  return { [ENTERPRISE]: { manager: { value: `bulkId:${bulkId}` } } };
}

export const bulking: readonly Behaviour[] = [
  {
    name: "bulk",
    title: "RFC 7644 §3.7: each operation of a bulk request is carried out and has its result",
    async run({ scim, provider }) {
      await scim.discover();
      const [alice = "", bob = ""] = await populate(scim, "alice", "bob");
      const results = await scim.bulk([
        { method: "POST", path: "/Users", bulkId: "new", data: { ...babs } },
        { method: "PATCH", path: `/Users/${alice}`, data: [{ op: "replace", path: "title", value: "Guide" }] },
        { method: "DELETE", path: `/Users/${bob}` },
      ]);
      expect(results.map(({ ok, index }) => [ok, index])).toEqual([
        [true, 0],
        [true, 1],
        [true, 2],
      ]);
      const [created] = results;
      expect(created).toMatchObject({ status: 201, id: "user-3", location: `${provider.baseURL}/Users/user-3` });
      expect(await scim.query(Employee, "user-3")).toMatchObject(babs);
      expect((await scim.query(User, alice)).title).toBe("Guide");
      await expect(scim.query(User, bob)).rejects.toMatchObject({ status: 404 });
    },
  },
  {
    name: "bulkReplace",
    title: "RFC 7644 §3.7: a bulk request replaces",
    async run({ scim }) {
      await scim.discover();
      const [alice = ""] = await populate(scim, "alice");
      const [result] = await scim.bulk([
        { method: "PUT", path: `/Users/${alice}`, data: { id: alice, userName: "alice", title: "Guide" } },
      ]);
      expect(result).toMatchObject({ ok: true, status: 200 });
      const user = await scim.query(User, alice);
      expect(user.title).toBe("Guide");
      expect(user).not.toHaveProperty("displayName");
    },
  },
  {
    name: "bulkReferences",
    title: "RFC 7644 §3.7.2: an operation refers to a resource of the same bulk request, wherever that stands",
    async run({ scim }) {
      await scim.discover();
      const heard: BulkResult[] = [];
      const results = await scim.bulk(TWELVE, { onResult: (result) => heard.push(result) });
      expect(results.every(({ ok }) => ok)).toBe(true);
      expect(results.map(({ operation }) => operation)).toEqual(TWELVE);
      expect(new Set(heard)).toEqual(new Set(results));
      await expectTwelve(scim);
    },
  },
  {
    name: "bulkSplit",
    title: "RFC 7644 §3.7.4: more operations than the service provider takes go in several bulk requests",
    async run({ scim, connect, provider }) {
      const sent: string[] = [];
      const split = connect({
        discovery: await scim.discover(),
        fetch: (request) => {
          sent.push(new URL(request.url).pathname.split("/").at(-1) ?? "");
          return provider.fetch(request);
        },
      });
      const results = await split.bulk(TWELVE, { maxOperations: 5 });
      expect(results.every(({ ok }) => ok)).toBe(true);
      expect(sent).toEqual(["Bulk", "Bulk", "Bulk"]);
      await expectTwelve(scim);
    },
  },
  {
    name: "bulkMany",
    title: "RFC 7644 §3.7.4: three hundred operations keep within the limits, and their resources are all there",
    async run({ scim, deviations }) {
      await scim.discover();
      const operations = Array.from({ length: 300 }, (_, at): BulkOperation => {
        const members = [{ value: `bulkId:u${at - 1}` }, { value: `bulkId:u${at - 4}` }];
        return at % 6 === 5
          ? { method: "POST", path: "/Groups", data: { displayName: `g${at}`, members } }
          : { method: "POST", path: "/Users", bulkId: `u${at}`, data: { userName: `user${at}` } };
      });
      const results = await scim.bulk(operations, { maxOperations: 50 });
      expect(results.filter(({ ok }) => !ok)).toEqual([]);
      const ids = new Map(results.map((result) => [result.operation, result.ok ? result.id : undefined]));
      const seen = new Set<string>();
      for await (const { id } of scim.list(User, { count: 60 })) seen.add(id);
      expect(seen.size).toBe(250);
      const group = await scim.find(Group, 'displayName eq "g299"');
      expect(group?.members?.map(({ value }) => value)).toEqual(
        [298, 295].map((at) => operations[at]).map((operation) => operation && ids.get(operation)),
      );
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "bulkVersion",
    title: "RFC 7644 §3.7: an operation on another version than the one it names is refused with 412",
    async run({ scim }) {
      await scim.discover();
      const { id, meta } = await scim.create(User, { userName: "alice" });
      const path = `/Users/${id}`;
      const version = meta?.version ?? "";
      const results = await scim.bulk([
        { method: "PATCH", path, version, data: [{ op: "replace", path: "title", value: "Guide" }] },
        { method: "PUT", path, version, data: { userName: "alice", title: "Manager" } },
        { method: "DELETE", path, version },
      ]);
      expect(results).toMatchObject([
        { ok: true, status: 200 },
        { ok: false, reason: "refused", status: 412 },
        { ok: false, reason: "refused", status: 412 },
      ]);
      const user = await scim.query(User, id);
      expect(user.title).toBe("Guide");
      expect(results[0]).toMatchObject({ version: user.meta?.version });
    },
  },
  {
    name: "bulkSingle",
    title: "RFC 7644 §3.7: the same operations as single requests come to the same",
    async run({ scim, connect, provider }) {
      const sent = new Set<string>();
      const single = connect({
        discovery: await scim.discover(),
        fetch: (request) => {
          sent.add(new URL(request.url).pathname.split("/").at(-1) ?? "");
          return provider.fetch(request);
        },
      });
      const results = await single.bulk(TWELVE, { strategy: "single" });
      expect(results.every(({ ok }) => ok)).toBe(true);
      expect(sent).toEqual(new Set(["Users", "Groups"]));
      await expectTwelve(scim);
    },
  },
  {
    name: "bulkFailure",
    title:
      "RFC 7644 §3.7.3: a failed operation has the service provider's Error, and what depends on it is not sent",
    async run({ scim }) {
      await scim.discover();
      await populate(scim, "alice");
      const results = await scim.bulk(
        [
          { method: "POST", path: "/Users", bulkId: "twin", data: { userName: "alice" } },
          { method: "POST", path: "/Users", bulkId: "bob", data: { userName: "bob" } },
          { method: "DELETE", path: "/Users/nobody" },
          { method: "POST", path: "/Groups", data: { displayName: "Twins", members: [{ value: "bulkId:twin" }] } },
        ],
        { maxOperations: 3 },
      );
      expect(results).toMatchObject([
        { ok: false, reason: "refused", status: 409, error: { scimType: "uniqueness" } },
        { ok: true, status: 201 },
        { ok: false, reason: "refused", status: 404 },
        { ok: false, reason: "dependency" },
      ]);
      expect((await scim.query(Group)).totalResults).toBe(0);
    },
  },
  {
    name: "bulkStop",
    title: "RFC 7644 §3.7: after failOnErrors errors nothing more is carried out",
    async run({ scim }) {
      await scim.discover();
      const results = await scim.bulk(
        [
          { method: "DELETE", path: "/Users/nobody" },
          { method: "POST", path: "/Users", data: { userName: "alice" } },
        ],
        { failOnErrors: 1 },
      );
      expect(results).toMatchObject([
        { ok: false, reason: "refused", status: 404 },
        { ok: false, reason: "stopped" },
      ]);
      expect((await scim.query(User)).totalResults).toBe(0);
    },
  },
  {
    name: "bulkCircle",
    title: "RFC 7644 §3.7.1: resources that refer to each other are created by one bulk request",
    async run({ scim }) {
      await scim.discover();
      const results = await scim.bulk(CIRCLE);
      expect(results.map(({ ok }) => ok)).toEqual([true, true]);
      const alice = await scim.find(Employee, 'userName eq "alice"');
      const bob = await scim.find(Employee, 'userName eq "bob"');
      expect(alice?.[ENTERPRISE]?.manager?.value).toBe(bob?.id);
      expect(bob?.[ENTERPRISE]?.manager?.value).toBe(alice?.id);
    },
  },
];
