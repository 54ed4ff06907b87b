/**
 * Creating, replacing and deleting resources (RFC 7644 §3.3, §3.5.1, §3.6).
 *
 * @module
 */
import { expect } from "vitest";
import { RequestPayloadValidationError, SCIMResponseErrorObject } from "../../../src/index.ts";
import { Group, User } from "../../../src/models.gen.ts";
import type { Behaviour } from "../lane.ts";
import { ENTERPRISE, Employee, babs, populate } from "./people.ts";

export const writing: readonly Behaviour[] = [
  {
    name: "create",
    title: "RFC 7644 §3.3: a created resource comes back with an id, schemas and meta",
    async run({ scim, provider, deviations }) {
      await scim.discover();
      const created = await scim.create(Employee, babs);
      expect(created).toMatchObject({ ...babs, id: "user-1" });
      expect(created.schemas).toEqual(["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE]);
      expect(created.meta).toMatchObject({ resourceType: "User", location: `${provider.baseURL}/Users/user-1` });
      expect(new Date(created.meta?.created ?? "").getUTCFullYear()).toBe(2026);
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "createDiscovered",
    title: "RFC 7644 §3.3: a resource of a discovered type is plain JSON, and checked against the published schema",
    async run({ scim }) {
      await scim.discover();
      const model = scim.getResourceModel("User");
      const created = await scim.create(model, { userName: "alice", emails: [{ value: "a@example.com" }] });
      expect(created).toMatchObject({ id: "user-1", userName: "alice", emails: [{ value: "a@example.com" }] });
      await expect(scim.create(model, { userName: 7 })).rejects.toMatchObject({ issues: [{ path: "userName" }] });
      await expect(scim.create(model, { userName: "bob", shoeSize: 44 })).rejects.toMatchObject({
        issues: [{ path: "shoeSize", rule: "unknown" }],
      });
    },
  },
  {
    name: "duplicate",
    title: "RFC 7644 §3.3: a second resource of the same userName is refused with 409 uniqueness",
    async run({ scim }) {
      await scim.create(User, { userName: "bjensen" });
      const failure = await scim.create(User, { userName: "bjensen" }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SCIMResponseErrorObject);
      expect(failure).toMatchObject({
        code: "scim_response_error_object",
        status: 409,
        scimType: "uniqueness",
        request: { method: "POST" },
      });
      expect((failure as SCIMResponseErrorObject).toError()).toMatchObject({
        status: "409",
        scimType: "uniqueness",
      });
    },
  },
  {
    name: "required",
    title: "RFC 7643 §4.1.1: a user without userName is refused before it is sent, and by the service provider",
    async run({ scim }) {
      const nameless = { displayName: "Nameless" } as unknown as { userName: string };
      const refusal = await scim.create(User, nameless).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(RequestPayloadValidationError);
      expect(refusal).toMatchObject({ issues: [{ path: "userName", rule: "required" }] });
      await expect(
        scim.create(
          User,
          { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], ...nameless },
          { checkRequestPayload: false },
        ),
      ).rejects.toMatchObject({ code: "scim_response_error_object", status: 400, scimType: "invalidValue" });
      expect((await scim.query(User)).totalResults).toBe(0);
    },
  },
  {
    name: "password",
    title: "RFC 7643 §4.1.1: a password is taken and never returned",
    async run({ scim, deviations }) {
      const created = await scim.create(User, { userName: "alice", password: "t1meMa$heen" });
      expect(JSON.stringify([created, await scim.query(User, created.id)])).not.toContain("t1meMa$heen");
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "text",
    title: "RFC 8259 §8.1: text of any script goes there and back",
    async run({ scim }) {
      const displayName = 'Łukasz "漢字" 🦊 \\ \u0001\t\n é e\u0301 \u202e';
      const { id } = await scim.create(User, { userName: "text", displayName });
      expect((await scim.query(User, id)).displayName).toBe(displayName);
    },
  },
  {
    name: "extension",
    title: "RFC 7643 §3.3: extension data stands under its URN, and goes when it is unassigned",
    async run({ scim }) {
      await scim.discover();
      const created = await scim.create(Employee, babs);
      const moved = await scim.replace(Employee, {
        ...created,
        [ENTERPRISE]: { department: "Tour Operations", manager: { value: "user-9" } },
      });
      expect(moved[ENTERPRISE]).toEqual({ department: "Tour Operations", manager: { value: "user-9" } });
      expect(await scim.query(Employee, created.id)).toEqual(moved);
      const { [ENTERPRISE]: _, ...plain } = moved;
      const left = await scim.replace(Employee, plain);
      expect(left).not.toHaveProperty([ENTERPRISE]);
      expect(left.schemas).toEqual(["urn:ietf:params:scim:schemas:core:2.0:User"]);
    },
  },
  {
    name: "replace",
    title: "RFC 7644 §3.5.1: a replace sets what it holds and unassigns what it does not",
    async run({ scim, deviations }) {
      await scim.discover();
      const created = await scim.create(Employee, babs);
      const { emails: _, ...rest } = created;
      const replaced = await scim.replace(Employee, { ...rest, displayName: "Babs Jensen" });
      expect(replaced).toMatchObject({ id: created.id, userName: "bjensen", displayName: "Babs Jensen" });
      expect(replaced).not.toHaveProperty("emails");
      expect(replaced.meta?.created).toBe(created.meta?.created);
      expect(await scim.query(Employee, created.id)).toEqual(replaced);
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "replaceWithNull",
    title: "RFC 7643 §2.5: null and an empty array unassign an attribute",
    async run({ scim }) {
      const created = await scim.create(User, { userName: "alice", displayName: "Alice", emails: babs.emails });
      const replaced = await scim.replace(User, { ...created, displayName: null, emails: [] });
      expect(replaced).not.toHaveProperty("displayName");
      expect(replaced.emails ?? []).toEqual([]);
    },
  },
  {
    name: "replaceNobody",
    title: "RFC 7644 §3.5.1: a resource that is not there cannot be replaced",
    async run({ scim }) {
      await expect(scim.replace(User, { id: "nobody", userName: "nobody" })).rejects.toMatchObject({
        code: "scim_response_error_object",
        status: 404,
      });
    },
  },
  {
    name: "delete",
    title: "RFC 7644 §3.6: what was deleted is not found any more, neither alone nor in a list",
    async run({ scim }) {
      const [id = ""] = await populate(scim, "alice", "bob");
      expect(await scim.delete(User, id)).toBeUndefined();
      await expect(scim.query(User, id)).rejects.toMatchObject({ status: 404 });
      await expect(scim.delete(User, id)).rejects.toMatchObject({
        code: "scim_response_error_object",
        status: 404,
      });
      await expect(scim.replace(User, { id, userName: "alice" })).rejects.toMatchObject({ status: 404 });
      expect((await scim.query(User)).Resources.map(({ userName }) => userName)).toEqual(["bob"]);
      expect(await scim.create(User, { userName: "alice" })).not.toMatchObject({ id });
    },
  },
  {
    name: "group",
    title: "RFC 7643 §4.2: a group lists its members",
    async run({ scim }) {
      await scim.discover();
      const [alice = "", bob = ""] = await populate(scim, "alice", "bob");
      const group = await scim.create(Group, { displayName: "Staff", members: [{ value: alice }, { value: bob }] });
      expect((await scim.query(Group, group.id)).members?.map(({ value }) => value)).toEqual([alice, bob]);
      const { Resources } = await scim.query(Group, { filter: 'displayName eq "Staff"' });
      expect(Resources.map(({ id }) => id)).toEqual([group.id]);
    },
  },
  {
    name: "groupsOfUser",
    title: "RFC 7643 §4.1.2: a user shows the groups it is a member of",
    async run({ scim }) {
      await scim.discover();
      const [alice = ""] = await populate(scim, "alice");
      const { id } = await scim.create(Group, { displayName: "Staff", members: [{ value: alice }] });
      expect((await scim.query(User, alice)).groups).toMatchObject([{ value: id, display: "Staff" }]);
    },
  },
  {
    name: "concurrent",
    title: "RFC 7644 §3.3: writes at the same time are all answered, each with its own resource",
    async run({ scim }) {
      const userNames = Array.from({ length: 25 }, (_, index) => `user${index}`);
      const created = await Promise.all(userNames.map((userName) => scim.create(User, { userName })));
      expect(created.map(({ userName }) => userName)).toEqual(userNames);
      expect(new Set(created.map(({ id }) => id)).size).toBe(25);
    },
  },
  {
    name: "version",
    title: "RFC 7644 §3.14: a write over somebody else's change is refused with 412",
    async run({ scim }) {
      await scim.discover();
      const mine = await scim.create(User, { userName: "alice" });
      expect(mine.meta?.version).toBeTypeOf("string");
      const theirs = await scim.replace(User, { ...mine, displayName: "Theirs" });
      expect(theirs.meta?.version).not.toBe(mine.meta?.version);
      await expect(scim.replace(User, { ...mine, displayName: "Mine" })).rejects.toMatchObject({ status: 412 });
      await expect(scim.delete(User, mine)).rejects.toMatchObject({ status: 412 });
      expect((await scim.query(User, mine.id)).displayName).toBe("Theirs");
      const forced = await scim.replace(User, { ...mine, displayName: "Mine" }, { ifMatch: false });
      expect(forced.displayName).toBe("Mine");
      await scim.delete(User, forced);
    },
  },
];
