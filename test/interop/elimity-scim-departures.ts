/**
 * Where elimity-com/scim of March 2024 with handlers that keep resources in memory does not do what the RFCs say, and what
 * the client makes of it. It has no versions, no bulk, no sorting, no searches by POST and no /Me, and says so where the
 * RFC lets it.
 *
 * @module
 */
import { expect } from "vitest";
import { filter, patch } from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { CIRCLE, TWELVE, expectTwelve } from "./behaviours/bulking.ts";
import { ENTERPRISE, Employee, babs, populate } from "./behaviours/people.ts";
import type { Departure } from "./lane.ts";

const UNSUPPORTED = { code: "unsupported_by_server" };
const NOT_FOUND = { code: "scim_response_error_object", status: 404 };
const NOT_IMPLEMENTED = { code: "scim_response_error_object", status: 501 };

/** RFC 7643 §3.1: location is "the URI of the resource being returned". */
const RELATIVE = "a location is relative to the base URL";

export const elimityScimDepartures: readonly Departure[] = [
  {
    behaviour: "read",
    reason: RELATIVE,
    async instead({ scim, deviations }) {
      await scim.discover();
      const created = await scim.create(Employee, babs);
      const user = await scim.query(Employee, created.id);
      expect(user).toEqual(created);
      expect(user).toMatchObject({ ...babs, meta: { resourceType: "User", location: "Users/user-1" } });
      expect(deviations).toEqual([]);
    },
  },
  {
    behaviour: "create",
    reason: RELATIVE,
    async instead({ scim, deviations }) {
      await scim.discover();
      const created = await scim.create(Employee, babs);
      expect(created).toMatchObject({ ...babs, id: "user-1", meta: { location: "Users/user-1" } });
      expect(deviations).toEqual([]);
    },
  },
  {
    behaviour: "bulk",
    reason: `there is no bulk, and ${RELATIVE}`,
    async instead({ scim }) {
      await scim.discover();
      const [alice = "", bob = ""] = await populate(scim, "alice", "bob");
      const results = await scim.bulk([
        { method: "POST", path: "/Users", bulkId: "new", data: { ...babs } },
        { method: "PATCH", path: `/Users/${alice}`, data: [{ op: "replace", path: "title", value: "Guide" }] },
        { method: "DELETE", path: `/Users/${bob}` },
      ]);
      expect(results).toMatchObject([
        { ok: true, status: 201, id: "user-3", location: "Users/user-3" },
        { ok: true, status: 200 },
        { ok: true, status: 204 },
      ]);
      expect((await scim.query(User, alice)).title).toBe("Guide");
      await expect(scim.query(User, bob)).rejects.toMatchObject(NOT_FOUND);
    },
  },
  {
    behaviour: "bulkSplit",
    reason: "there is no bulk, and each operation is a request",
    async instead({ scim, connect }) {
      const discovery = await scim.discover();
      await expect(scim.bulk(TWELVE, { strategy: "bulk" })).rejects.toMatchObject(UNSUPPORTED);
      const results = await connect({ discovery }).bulk(TWELVE, { maxOperations: 5 });
      expect(results.every(({ ok }) => ok)).toBe(true);
      await expectTwelve(scim);
    },
  },
  {
    behaviour: "bulkVersion",
    reason: "there are no versions, and an operation that counts on one is not sent",
    async instead({ scim }) {
      await scim.discover();
      const [id] = await populate(scim, "alice");
      const operation = { method: "DELETE", path: `/Users/${id}`, version: '"1"' } as const;
      await expect(scim.bulk([operation])).rejects.toMatchObject(UNSUPPORTED);
      expect((await scim.query(User)).totalResults).toBe(1);
    },
  },
  {
    behaviour: "bulkCircle",
    reason: "there is no bulk, and single requests cannot create resources that refer to each other",
    async instead({ scim }) {
      await scim.discover();
      expect(await scim.bulk(CIRCLE)).toMatchObject([
        { ok: false, reason: "cycle" },
        { ok: false, reason: "cycle" },
      ]);
      expect((await scim.query(User)).totalResults).toBe(0);
    },
  },
  {
    behaviour: "conditionalRead",
    reason: "there are no versions, and the client does not ask for one",
    async instead({ scim }) {
      await scim.discover();
      const [id = ""] = await populate(scim, "alice");
      await expect(scim.query(User, id, { ifNoneMatch: '"1"' })).rejects.toMatchObject(UNSUPPORTED);
    },
  },
  {
    behaviour: "version",
    reason: "there are no versions, and a write that counts on one is not sent",
    async instead({ scim }) {
      await scim.discover();
      const mine = await scim.create(User, { userName: "alice" });
      expect(mine.meta).not.toHaveProperty("version");
      await scim.replace(User, { ...mine, displayName: "Theirs" });
      await expect(scim.replace(User, mine, { ifMatch: '"stale"' })).rejects.toMatchObject(UNSUPPORTED);
      await expect(scim.delete(User, mine.id, { ifMatch: '"stale"' })).rejects.toMatchObject(UNSUPPORTED);
      expect((await scim.query(User, mine.id)).displayName).toBe("Theirs");
    },
  },
  {
    behaviour: "complexFilter",
    reason: "a sub-attribute of a multi-valued attribute matches nothing, but in brackets",
    async instead({ scim }) {
      await scim.create(Employee, babs);
      await populate(scim, "alice");
      for (const { given, want } of [
        { given: 'name.familyName eq "Jensen"', want: 1 },
        { given: 'emails.value eq "bjensen@work.example"', want: 0 },
        { given: 'emails[value eq "bjensen@work.example"]', want: 1 },
        { given: 'emails[type eq "home" and value co "@home"]', want: 1 },
        { given: "emails pr", want: 1 },
      ]) {
        expect([given, (await scim.query(User, { filter: given })).totalResults]).toEqual([given, want]);
      }
    },
  },
  {
    behaviour: "escapedFilter",
    reason: "a filter's string knows no escapes",
    async instead({ scim }) {
      const awkward = ["and (or) not [x]", "ünïcode 漢字 🦊", "a+b&c=d%20#?"];
      await populate(scim, ...awkward, 'a "quote"');
      for (const name of awkward) {
        const { Resources } = await scim.query(User, { filter: filter`userName eq ${name}` });
        expect(Resources).toMatchObject([{ userName: name }]);
      }
      expect((await scim.query(User, { filter: filter`userName eq ${'a "quote"'}` })).Resources).toEqual([]);
    },
  },
  {
    behaviour: "sort",
    reason: "nothing is sorted, and the client does not ask for it",
    async instead({ scim }) {
      await scim.discover();
      await populate(scim, "bob", "alice");
      await expect(scim.query(User, { sortBy: "userName" })).rejects.toMatchObject(UNSUPPORTED);
      const { Resources } = await scim.query(User, { sortBy: "userName", capabilities: { sort: true } });
      expect(Resources.map(({ userName }) => userName)).toEqual(["bob", "alice"]);
    },
  },
  {
    behaviour: "attributes",
    // RFC 7644 §3.9: "attributes" and "excludedAttributes" MUST be supported.
    reason: "everything comes, whatever is asked for",
    async instead({ scim, deviations }) {
      const { id } = await scim.create(Employee, babs);
      expect(await scim.query(Employee, id, { attributes: ["displayName"] })).toMatchObject({ id, ...babs });
      expect(deviations).toEqual([]);
    },
  },
  {
    behaviour: "subAttributes",
    reason: "everything comes, whatever is asked for",
    async instead({ scim }) {
      const { id } = await scim.create(Employee, babs);
      expect(await scim.query(Employee, id, { attributes: ["name.familyName"] })).toMatchObject({ id, ...babs });
    },
  },
  {
    behaviour: "excludedAttributes",
    reason: "everything comes, whatever is asked for",
    async instead({ scim }) {
      const { id } = await scim.create(Employee, babs);
      const { Resources } = await scim.query(Employee, { excludedAttributes: ["emails"] });
      expect(Resources).toMatchObject([{ id, ...babs }]);
    },
  },
  {
    behaviour: "searchType",
    // RFC 7644 §3.4.3: "Clients MAY execute queries without passing parameters on the URL"; there is no way to say no.
    reason: "there are no searches by POST",
    async instead({ scim }) {
      await expect(scim.search(User, { filter: 'userName sw "al"' })).rejects.toMatchObject(NOT_FOUND);
    },
  },
  {
    behaviour: "searchRoot",
    reason: "there are no searches by POST",
    async instead({ scim }) {
      await expect(scim.search({ filter: 'displayName sw "The"' })).rejects.toMatchObject(NOT_FOUND);
    },
  },
  {
    behaviour: "listSearch",
    reason: "there are no searches by POST",
    async instead({ scim }) {
      await expect(scim.list({ via: "search" })[Symbol.asyncIterator]().next()).rejects.toMatchObject(NOT_FOUND);
    },
  },
  {
    behaviour: "queryRoot",
    reason: "there is no endpoint at the root",
    async instead({ scim }) {
      await scim.discover();
      await expect(scim.query([User, Group], { filter: "id pr" })).rejects.toMatchObject(NOT_FOUND);
    },
  },
  {
    behaviour: "cursor",
    reason: "cursors are ignored, and pages are found by index all the same",
    async instead({ scim }) {
      await populate(scim, "a", "b", "c");
      const seen: unknown[] = [];
      for await (const { userName } of scim.list(User, { cursor: "", count: 2 })) seen.push(userName);
      expect(seen).toEqual(["a", "b", "c"]);
    },
  },
  {
    behaviour: "password",
    // RFC 7643 §7: what is returned never "is never returned".
    reason: "what the handler keeps comes back, the password too",
    async instead({ scim, deviations }) {
      const created = await scim.create(User, { userName: "alice", password: "t1meMa$heen" });
      expect(JSON.stringify([created, await scim.query(User, created.id)])).not.toContain("t1meMa$heen");
      expect(deviations).toMatchObject([
        { kind: "returnedNever", path: "password" },
        { kind: "returnedNever", path: "password" },
      ]);
    },
  },
  {
    behaviour: "extension",
    reason: "schemas names the extension whether there is data of it or not",
    async instead({ scim, deviations }) {
      await scim.discover();
      const created = await scim.create(Employee, babs);
      const { [ENTERPRISE]: _, ...plain } = created;
      const left = await scim.replace(Employee, plain);
      expect(left).not.toHaveProperty([ENTERPRISE]);
      expect(left.schemas).toContain(ENTERPRISE);
      expect(deviations).toEqual([]);
    },
  },
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
    behaviour: "modifyWithoutPath",
    reason: "without a path there is no way to an extension",
    async instead({ scim, connect }) {
      const { id } = await scim.create(Employee, babs);
      const change = patch(Employee).replace({ title: "Guide", [ENTERPRISE]: { costCenter: "4130" } });
      await expect(scim.modify(Employee, id, change)).rejects.toMatchObject({
        status: 400,
        scimType: "invalidValue",
      });
      const informed = connect({ profile: { name: "elimity", patch: { form: "path" } } });
      await informed.modify(Employee, id, change);
      expect(await scim.query(Employee, id)).toMatchObject({
        title: "Guide",
        [ENTERPRISE]: { costCenter: "4130", department: "Sales" },
      });
    },
  },
  {
    behaviour: "modifyReadOnly",
    // RFC 7644 §3.12, table 9: mutability.
    reason: "an operation on the id is refused with invalidPath",
    async instead({ scim }) {
      const { id } = await scim.create(Employee, babs);
      const operations = [{ op: "replace", path: "id", value: "another" }] as const;
      await expect(scim.modify(Employee, id, operations, { checkRequestPayload: false })).rejects.toMatchObject({
        code: "scim_response_error_object",
        status: 400,
        scimType: "invalidPath",
      });
    },
  },
  {
    behaviour: "me",
    // RFC 7644 §3.11: "501 (Not Implemented)" is what a service provider without /Me SHOULD answer.
    reason: "there is no /Me",
    async instead({ scim }) {
      await scim.create(Employee, babs);
      await expect(scim.me.query(Employee)).rejects.toMatchObject(NOT_IMPLEMENTED);
    },
  },
  {
    behaviour: "meWrites",
    reason: "there is no /Me",
    async instead({ scim }) {
      await expect(scim.me.create(Employee, babs)).rejects.toMatchObject(NOT_IMPLEMENTED);
      await expect(scim.me.delete(Employee)).rejects.toMatchObject(NOT_IMPLEMENTED);
      expect((await scim.query(User)).totalResults).toBe(0);
    },
  },
];
