/**
 * Where SCIMMY 1.3 with scimmy-routers 1.3 does not do what the RFCs say, and what the client makes of it.
 *
 * @module
 */
import { expect } from "vitest";
import { diff, filter, patch, type BulkOperation } from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { CIRCLE } from "./behaviours/bulking.ts";
import { disagreements } from "./behaviours/differing.ts";
import { ENTERPRISE, Employee, babs, populate } from "./behaviours/people.ts";
import type { Departure } from "./lane.ts";

export const scimmyDepartures: readonly Departure[] = [
  {
    behaviour: "caseInsensitiveFilter",
    reason: "values are compared with regard to case",
    async instead({ scim }) {
      await populate(scim, "alice");
      expect((await scim.query(User, { filter: 'USERNAME Eq "ALICE"' })).Resources).toEqual([]);
    },
  },
  {
    behaviour: "negatedFilter",
    reason: "not (a or b) is taken for (not a) or (not b), and groups do not nest",
    async instead({ scim, deviations }) {
      await populate(scim, "alice", "bob", "carol");
      const { Resources } = await scim.query(User, { filter: 'not (userName eq "alice" or userName eq "bob")' });
      expect(Resources.map(({ userName }) => userName)).toEqual(["alice", "bob", "carol"]);
      expect(deviations).toMatchObject([{ kind: "filterIgnored", section: "RFC 7644 §3.4.2.2" }]);
      await expect(
        scim.query(User, { filter: '(userName eq "alice" or (userName eq "bob" and not (active eq true)))' }),
      ).rejects.toMatchObject({ status: 400, scimType: "invalidFilter" });
    },
  },
  {
    behaviour: "complexFilter",
    reason: "a filter on a complex attribute fails as soon as one resource has none",
    async instead({ scim }) {
      await scim.create(Employee, babs);
      const familyName = { filter: 'name.familyName eq "Jensen"' };
      expect((await scim.query(User, familyName)).Resources).toHaveLength(1);
      await populate(scim, "alice");
      await expect(scim.query(User, familyName)).rejects.toMatchObject({ status: 400, scimType: "invalidValue" });
    },
  },
  {
    behaviour: "qualifiedFilter",
    reason: "a name with a URN matches nothing",
    async instead({ scim }) {
      await scim.create(Employee, babs);
      const { Resources } = await scim.query(Employee, { filter: `${ENTERPRISE}:department eq "Sales"` });
      expect(Resources).toEqual([]);
    },
  },
  {
    behaviour: "escapedFilter",
    reason: "an escaped character in a filter's string is refused",
    async instead({ scim }) {
      const awkward = ["and (or) not [x]", "ünïcode 漢字 🦊", "a+b&c=d%20#?"];
      await populate(scim, ...awkward);
      for (const name of awkward) {
        const { Resources } = await scim.query(User, { filter: filter`userName eq ${name}` });
        expect(Resources).toMatchObject([{ userName: name }]);
      }
      await expect(scim.query(User, { filter: filter`userName eq ${'a "quote"'}` })).rejects.toMatchObject({
        status: 400,
        scimType: "invalidFilter",
      });
    },
  },
  {
    behaviour: "pastTheEnd",
    reason: "a startIndex past the end gives the first page",
    async instead({ scim, deviations }) {
      await populate(scim, "a", "b", "c");
      const page = await scim.query(User, { startIndex: 1000 });
      expect(page).toMatchObject({ totalResults: 3, startIndex: 1000 });
      expect(page.Resources).toHaveLength(3);
      expect(deviations).toMatchObject([{ kind: "totalResults", path: "totalResults" }]);
      expect(deviations[0]?.message).toContain("from position 1000 on");
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
    behaviour: "subAttributes",
    reason: "the server fails on a sub-attribute of a resource with extension data",
    async instead({ scim }) {
      const { id } = await scim.create(Employee, babs);
      await expect(scim.query(Employee, id, { attributes: ["name.familyName"] })).rejects.toMatchObject({
        status: 400,
        scimType: "invalidValue",
      });
    },
  },
  {
    behaviour: "queryRoot",
    reason: "there is no endpoint at the root",
    async instead({ scim }) {
      await expect(scim.query([User, Group], { filter: "id pr" })).rejects.toMatchObject({
        code: "scim_response_error_object",
        status: 404,
      });
    },
  },
  {
    behaviour: "version",
    reason: "there are no versions, and the client sends no If-Match, nor one that nobody would heed",
    async instead({ scim }) {
      await scim.discover();
      const mine = await scim.create(User, { userName: "alice" });
      expect(mine.meta).not.toHaveProperty("version");
      await scim.replace(User, { ...mine, displayName: "Theirs" });
      const again = { ...mine, displayName: "Mine" };
      for (const guarded of [
        () => scim.replace(User, again, { ifMatch: '"stale"' }),
        () => scim.modify(User, mine, [{ op: "remove", path: "displayName" }], { ifMatch: "*" }),
        () => scim.delete(User, mine, { ifMatch: '"stale"' }),
        () => scim.query(User, mine.id, { ifNoneMatch: '"stale"' }),
        () => scim.bulk([{ method: "DELETE", path: `/Users/${mine.id}`, version: '"stale"' }]),
      ]) {
        await expect(guarded()).rejects.toMatchObject({ code: "unsupported_by_server", capability: "etag" });
      }
      expect((await scim.query(User, mine.id)).displayName).toBe("Theirs");
      const unheeded = { ifMatch: '"stale"', capabilities: { etag: true } };
      expect((await scim.replace(User, again, unheeded)).displayName).toBe("Mine");
    },
  },
  {
    behaviour: "conditionalRead",
    reason: "versions are not in meta, but in the ETag that Express makes of the body",
    async instead({ scim }) {
      const { id, meta } = await scim.create(User, { userName: "alice" });
      expect(meta).not.toHaveProperty("version");
      let version = "";
      await scim.query(User, id, { onResponse: ({ etag }) => void (version = etag ?? "") });
      expect(await scim.query(User, id, { ifNoneMatch: version })).toEqual({ notModified: true, version });
    },
  },
  {
    behaviour: "membersTwice",
    reason: "what is there already is added again",
    async instead({ scim }) {
      const [alice = ""] = await populate(scim, "alice");
      const { id } = await scim.create(Group, { displayName: "Staff", members: [{ value: alice }] });
      await scim.modify(Group, id, patch(Group).add("members", { value: alice }));
      expect((await scim.query(Group, id)).members).toHaveLength(2);
    },
  },
  {
    behaviour: "apply",
    reason: "values are repeated, appended and dropped in cases that applyPatch knows",
    async instead({ scim }) {
      expect(await disagreements(scim)).toEqual([
        "add a primary value",
        "add a value that is there",
        "replace a selected value",
        "replace a complex value",
        "replace without a path",
      ]);
    },
  },
  {
    behaviour: "diffManager",
    reason: "the only sub-attribute of an extension's complex attribute cannot be replaced",
    async instead({ scim }) {
      const before = await scim.create(Employee, babs);
      const after = { ...before, [ENTERPRISE]: { ...before[ENTERPRISE], manager: { value: "user-9" } } };
      await expect(scim.modify(Employee, before, diff(Employee, before, after))).rejects.toMatchObject({
        status: 400,
        scimType: "noTarget",
      });
      const whole = patch(Employee).replace(`${ENTERPRISE}:manager`, { value: "user-9" });
      const modified = await scim.modify(Employee, before, whole, { reread: true });
      expect(modified[ENTERPRISE]).toEqual(after[ENTERPRISE]);
    },
  },
  {
    behaviour: "bulkMany",
    reason: "of several references in one operation only the last one is replaced",
    async instead({ scim }) {
      await scim.discover();
      const team = (displayName: string, ...names: readonly string[]): BulkOperation[] => [
        ...names.map((userName): BulkOperation => ({
          method: "POST",
          path: "/Users",
          bulkId: userName,
          data: { userName },
        })),
        {
          method: "POST",
          path: "/Groups",
          data: { displayName, members: names.map((name) => ({ value: `bulkId:${name}` })) },
        },
      ];
      const members = async (displayName: string): Promise<unknown> =>
        (await scim.find(Group, filter`displayName eq ${displayName}`))?.members?.map(({ value }) => value);
      await scim.bulk(team("In one", "a", "b"));
      expect(await members("In one")).toEqual(["bulkId:a", "user-2"]);
      await scim.bulk(team("One by one", "c", "d"), { strategy: "single" });
      expect(await members("One by one")).toEqual(["user-3", "user-4"]);
    },
  },
  {
    behaviour: "bulkVersion",
    reason: "there are no versions, and an operation that counts on one is not sent",
    async instead({ scim }) {
      await scim.discover();
      const [id] = await populate(scim, "alice");
      const operation = { method: "DELETE", path: `/Users/${id}`, version: '"1"' } as const;
      await expect(scim.bulk([operation])).rejects.toMatchObject({ code: "unsupported_by_server" });
      expect((await scim.query(User)).totalResults).toBe(1);
    },
  },
  {
    behaviour: "bulkCircle",
    reason: "the first of the circle is created twice, so that a unique one is in its own way",
    async instead({ scim }) {
      await scim.discover();
      expect(await scim.bulk(CIRCLE)).toMatchObject([
        { ok: false, reason: "refused", status: 409, error: { scimType: "uniqueness" } },
        { ok: true, status: 201 },
      ]);
    },
  },
  {
    behaviour: "meWrites",
    reason: "/Me can only be read",
    async instead({ scim }) {
      const unsupported = { code: "scim_response_error_object", status: 501 };
      await expect(scim.me.query(Employee)).rejects.toMatchObject(unsupported);
      await expect(scim.me.create(Employee, babs)).rejects.toMatchObject(unsupported);
      await expect(scim.me.delete(Employee)).rejects.toMatchObject(unsupported);
    },
  },
];
