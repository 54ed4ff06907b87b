/**
 * Modifying resources (RFC 7644 §3.5.2).
 *
 * @module
 */
import { expect } from "vitest";
import { RequestPayloadValidationError, patch, path } from "../../../src/index.ts";
import { Group, User } from "../../../src/models.gen.ts";
import type { Behaviour } from "../lane.ts";
import { ENTERPRISE, Employee, babs, populate } from "./people.ts";

export const patching: readonly Behaviour[] = [
  {
    name: "modify",
    title: "RFC 7644 §3.5.2: operations are applied in order, and the resource can be read again",
    async run({ scim, deviations }) {
      await scim.discover();
      const { id } = await scim.create(Employee, babs);
      const modified = await scim.modify(
        Employee,
        id,
        patch(Employee)
          .replace("displayName", "Babs Jensen")
          .add("nickName", "Babsie")
          .add("emails", { value: "babs@other.example", type: "other" })
          .remove("name.givenName"),
        { reread: true },
      );
      expect(modified).toMatchObject({ id, displayName: "Babs Jensen", nickName: "Babsie", userName: "bjensen" });
      expect(modified.name).toEqual({ familyName: "Jensen" });
      expect(modified.emails?.map(({ value }) => value)).toEqual([
        "bjensen@work.example",
        "babs@home.example",
        "babs@other.example",
      ]);
      expect(await scim.query(Employee, id)).toEqual(modified);
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "modifyValuePath",
    title: "RFC 7644 §3.5.2: a value path selects the values that an operation changes",
    async run({ scim }) {
      const { id } = await scim.create(Employee, babs);
      const modified = await scim.modify(
        Employee,
        id,
        patch(Employee)
          .replace(path`emails[type eq ${"work"}].value`, "barbara@work.example")
          .remove(path`emails[type eq ${"home"}]`),
        { reread: true },
      );
      expect(modified.emails).toEqual([{ value: "barbara@work.example", type: "work", primary: true }]);
    },
  },
  {
    name: "modifyByOperations",
    title: "RFC 7644 §3.5.2: operations are a list, or a PatchOp message",
    async run({ scim }) {
      const { id } = await scim.create(Employee, babs);
      await scim.modify(Employee, id, [
        { op: "replace", path: "active", value: false },
        { op: "remove", path: 'emails[type eq "home"]' },
      ]);
      await scim.modify(Employee, id, {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations: [{ op: "add", path: "title", value: "Tour Guide" }],
      });
      const user = await scim.query(Employee, id);
      expect(user).toMatchObject({ active: false, title: "Tour Guide" });
      expect(user.emails).toHaveLength(1);
    },
  },
  {
    name: "modifyWithoutPath",
    title: "RFC 7644 §3.5.2.1: an operation without a path has the attributes as its value",
    async run({ scim }) {
      const { id } = await scim.create(Employee, babs);
      const modified = await scim.modify(
        Employee,
        id,
        patch(Employee)
          .replace({ displayName: "Babs Jensen", title: "Guide" })
          .add({ nickName: "Babsie", [ENTERPRISE]: { costCenter: "4130" } }),
        { reread: true },
      );
      expect(modified).toMatchObject({ displayName: "Babs Jensen", title: "Guide", nickName: "Babsie" });
      expect(modified[ENTERPRISE]).toMatchObject({ costCenter: "4130", department: "Sales" });
    },
  },
  {
    name: "modifyExtension",
    title: "RFC 7644 §3.10: a path reaches an extension's attributes by its URN",
    async run({ scim }) {
      await scim.discover();
      const { id } = await scim.create(Employee, babs);
      const modified = await scim.modify(
        Employee,
        id,
        patch(Employee)
          .replace(`${ENTERPRISE}:department`, "Tour Operations")
          .replace(`${ENTERPRISE}:manager`, { value: "user-9" })
          .remove(`${ENTERPRISE}:employeeNumber`),
        { reread: true },
      );
      expect(modified[ENTERPRISE]).toEqual({ department: "Tour Operations", manager: { value: "user-9" } });
    },
  },
  {
    name: "modifyNothing",
    title: "RFC 7644 §3.5.2: no operations make no request",
    async run({ scim }) {
      expect(await scim.modify(User, "nobody", patch(User))).toBeUndefined();
      expect(await scim.modify(User, "nobody", [])).toBeUndefined();
    },
  },
  {
    name: "modifyNoTarget",
    title: "RFC 7644 §3.5.2.3: a replace whose value path selects nothing is refused with noTarget",
    async run({ scim }) {
      const { id } = await scim.create(Employee, babs);
      await expect(
        scim.modify(Employee, id, patch(Employee).replace(path`emails[type eq ${"fax"}].value`, "x@example.com")),
      ).rejects.toMatchObject({ code: "scim_response_error_object", status: 400, scimType: "noTarget" });
    },
  },
  {
    name: "modifyReadOnly",
    title:
      "RFC 7644 §3.5.2: an attribute that is readOnly is refused before it is sent, and by the service provider",
    async run({ scim }) {
      const { id } = await scim.create(Employee, babs);
      const operations = [{ op: "replace", path: "id", value: "another" }] as const;
      await expect(scim.modify(Employee, id, operations)).rejects.toThrow(RequestPayloadValidationError);
      await expect(scim.modify(Employee, id, operations, { checkRequestPayload: false })).rejects.toMatchObject({
        code: "scim_response_error_object",
        status: 400,
        scimType: "mutability",
      });
    },
  },
  {
    name: "modifyNobody",
    title: "RFC 7644 §3.5.2: a resource that is not there cannot be modified",
    async run({ scim }) {
      await expect(scim.modify(User, "nobody", patch(User).replace("displayName", "X"))).rejects.toMatchObject({
        code: "scim_response_error_object",
        status: 404,
      });
    },
  },
  {
    name: "members",
    title: "RFC 7644 §3.5.2: members join and leave a group one by one",
    async run({ scim }) {
      await scim.discover();
      const [alice = "", bob = "", carol = ""] = await populate(scim, "alice", "bob", "carol");
      const { id } = await scim.create(Group, { displayName: "Staff", members: [{ value: alice }] });
      const members = async (): Promise<(string | undefined)[]> =>
        ((await scim.query(Group, id)).members ?? []).map(({ value }) => value);

      await scim.modify(Group, id, patch(Group).add("members", [{ value: bob }, { value: carol }]));
      expect(await members()).toEqual([alice, bob, carol]);
      await scim.modify(Group, id, patch(Group).remove(path`members[value eq ${bob}]`));
      expect(await members()).toEqual([alice, carol]);
      await scim.modify(Group, id, patch(Group).remove("members"));
      expect(await members()).toEqual([]);
    },
  },
  {
    name: "membersTwice",
    title: "RFC 7644 §3.5.2.1: a value that is there already is not added again",
    async run({ scim }) {
      const [alice = ""] = await populate(scim, "alice");
      const { id } = await scim.create(Group, { displayName: "Staff", members: [{ value: alice }] });
      await scim.modify(Group, id, patch(Group).add("members", { value: alice }));
      expect((await scim.query(Group, id)).members).toHaveLength(1);
    },
  },
];
