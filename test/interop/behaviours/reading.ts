/**
 * Reading one resource and reading lists of them (RFC 7644 §3.4).
 *
 * @module
 */
import { expect } from "vitest";
import {
  SCIMResponseErrorObject,
  UnsupportedByServer,
  filter,
  type QueryOptions,
  type SCIMClient,
} from "../../../src/index.ts";
import { isJsonObject } from "../../../src/json.ts";
import { Group, User } from "../../../src/models.gen.ts";
import type { Behaviour } from "../lane.ts";
import { ENTERPRISE, Employee, babs, populate } from "./people.ts";

/** The userNames that a query gives, in order. */
async function names(
  scim: SCIMClient,
  options: Pick<QueryOptions, "filter" | "sortBy" | "sortOrder">,
): Promise<string[]> {
  const { Resources } = await scim.query(User, options);
  return Resources.map(({ userName }) => userName ?? "nobody");
}

export const reading: readonly Behaviour[] = [
  {
    name: "read",
    title: "RFC 7644 §3.4.1: a resource is read by its id",
    async run({ scim, provider, deviations }) {
      await scim.discover();
      const created = await scim.create(Employee, babs);
      const user = await scim.query(Employee, created.id);
      expect(user).toEqual(created);
      expect(user).toMatchObject(babs);
      expect(user.meta).toMatchObject({ resourceType: "User", location: `${provider.baseURL}/Users/${user.id}` });
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "notFound",
    title: "RFC 7644 §3.4.1: an id that no resource has is answered with 404",
    async run({ scim }) {
      const failure = await scim.query(User, "nobody").catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SCIMResponseErrorObject);
      expect(failure).toMatchObject({ status: 404, request: { method: "GET" } });
    },
  },
  {
    name: "oddId",
    title: "RFC 3986 §3.3: an id is one path segment, whatever characters it has",
    async run({ scim }) {
      await scim.create(User, { userName: "victim" });
      for (const id of ["a/../b?x#y", "..%2f", "%", "ü 漢 🦊", "a;b=c", "x".repeat(200)]) {
        await expect(scim.query(User, id)).rejects.toMatchObject({ status: 404 });
      }
      for (const id of ["", ".", ".."]) await expect(scim.query(User, id)).rejects.toThrow(TypeError);
    },
  },
  {
    name: "conditionalRead",
    title: "RFC 7644 §3.14: a resource that still has the version one knows is not sent again",
    async run({ scim }) {
      await scim.discover();
      const { id, meta } = await scim.create(User, { userName: "alice" });
      const version = meta?.version ?? "";
      expect(await scim.query(User, id, { ifNoneMatch: version })).toEqual({ notModified: true, version });
      await scim.modify(User, id, [{ op: "replace", path: "displayName", value: "Alice" }]);
      expect(await scim.query(User, id, { ifNoneMatch: version })).toMatchObject({ displayName: "Alice" });
    },
  },
  {
    name: "filter",
    title: "RFC 7644 §3.4.2.2: a filter selects by eq, ne, co, sw, ew, pr, and, or",
    async run({ scim }) {
      await scim.discover();
      await populate(scim, "alice", "albert", "bob", "robert");
      const cases: readonly { readonly given: string; readonly want: readonly string[] }[] = [
        { given: 'userName eq "bob"', want: ["bob"] },
        { given: 'userName ne "bob"', want: ["albert", "alice", "robert"] },
        { given: 'userName sw "al"', want: ["albert", "alice"] },
        { given: 'userName co "ob"', want: ["bob", "robert"] },
        { given: 'userName ew "bert"', want: ["albert", "robert"] },
        { given: "active eq true", want: ["albert", "alice", "robert"] },
        { given: "displayName pr", want: ["albert", "alice", "bob", "robert"] },
        { given: 'userName sw "al" and active eq true', want: ["albert", "alice"] },
        { given: 'userName eq "bob" or userName ew "ert"', want: ["albert", "bob", "robert"] },
        { given: 'userName eq "nobody"', want: [] },
      ];
      for (const { given, want } of cases) {
        expect([given, (await names(scim, { filter: given })).toSorted()]).toEqual([given, want]);
      }
    },
  },
  {
    name: "caseInsensitiveFilter",
    title: "RFC 7643 §2.2: an attribute that is not caseExact is compared without regard to case",
    async run({ scim }) {
      await populate(scim, "alice");
      expect(await names(scim, { filter: 'USERNAME Eq "ALICE"' })).toEqual(["alice"]);
    },
  },
  {
    name: "negatedFilter",
    title: "RFC 7644 §3.4.2.2: not negates a group, and groups nest",
    async run({ scim }) {
      await populate(scim, "alice", "bob", "carol");
      expect(await names(scim, { filter: 'not (userName eq "alice" or userName eq "bob")' })).toEqual(["carol"]);
      const nested = '(userName sw "a" or (userName sw "b" and not (active eq true))) and displayName pr';
      expect((await names(scim, { filter: nested })).toSorted()).toEqual(["alice", "bob"]);
    },
  },
  {
    name: "complexFilter",
    title: "RFC 7644 §3.4.2.2: a filter reaches into complex and multi-valued attributes",
    async run({ scim }) {
      await scim.create(Employee, babs);
      await populate(scim, "alice");
      for (const given of [
        'name.familyName eq "Jensen"',
        'emails.value eq "bjensen@work.example"',
        'emails[type eq "home" and value co "@home"]',
        "emails pr",
      ]) {
        expect([given, await names(scim, { filter: given })]).toEqual([given, ["bjensen"]]);
      }
    },
  },
  {
    name: "qualifiedFilter",
    title: "RFC 7644 §3.10: a filter names an extension's attribute by its URN",
    async run({ scim }) {
      await scim.discover();
      await scim.create(Employee, babs);
      await populate(scim, "alice");
      const { Resources } = await scim.query(Employee, { filter: `${ENTERPRISE}:department eq "Sales"` });
      expect(Resources.map(({ userName }) => userName)).toEqual(["bjensen"]);
    },
  },
  {
    name: "escapedFilter",
    title: "RFC 7644 §3.4.2.2: a value in a filter is a JSON string, whatever it holds",
    async run({ scim }) {
      const awkward = ['quote " and \\ slash', "and (or) not [x]", "ünïcode 漢字 🦊", "a+b&c=d%20#?"];
      await populate(scim, ...awkward);
      for (const name of awkward) {
        expect(await names(scim, { filter: filter`userName eq ${name}` })).toEqual([name]);
      }
    },
  },
  {
    name: "invalidFilter",
    title: "RFC 7644 §3.4.2.2: a filter that is none is refused with invalidFilter",
    async run({ scim }) {
      await expect(scim.query(User, { filter: "userName bad x" })).rejects.toMatchObject({
        code: "scim_syntax_error",
        scimType: "invalidFilter",
      });
      await expect(
        scim.query(User, { filter: "userName bad x", checkRequestPayload: false }),
      ).rejects.toMatchObject({ code: "scim_response_error_object", status: 400, scimType: "invalidFilter" });
    },
  },
  {
    name: "sort",
    title: "RFC 7644 §3.4.2.3: a list is sorted by an attribute, ascending by default",
    async run({ scim }) {
      await scim.discover();
      await populate(scim, "bob", "alice", "carol");
      expect(await names(scim, { sortBy: "userName" })).toEqual(["alice", "bob", "carol"]);
      expect(await names(scim, { sortBy: "userName", sortOrder: "descending" })).toEqual(["carol", "bob", "alice"]);
    },
  },
  {
    name: "page",
    title: "RFC 7644 §3.4.2.4: startIndex and count select a page, and totalResults counts all",
    async run({ scim }) {
      await populate(scim, "a", "b", "c", "d", "e");
      const page = await scim.query(User, { startIndex: 3, count: 2, sortBy: "userName" });
      expect(page.Resources.map(({ userName }) => userName)).toEqual(["c", "d"]);
      expect(page).toMatchObject({ totalResults: 5, startIndex: 3 });
      const none = await scim.query(User, { count: 0 });
      expect(none).toMatchObject({ totalResults: 5, Resources: [] });
    },
  },
  {
    name: "pastTheEnd",
    title: "RFC 7644 §3.4.2.4: there is nothing past the last resource",
    async run({ scim }) {
      await populate(scim, "a", "b", "c");
      const page = await scim.query(User, { startIndex: 1000 });
      expect(page.Resources).toEqual([]);
      expect(page.totalResults).toBe(3);
    },
  },
  {
    name: "maxResults",
    title: "RFC 7643 §5: more than filter.maxResults is not asked for at once, and a list asks page by page",
    async run({ scim, connect, provider }) {
      const discovery = await scim.discover();
      const { filter: section } = discovery.serviceProviderConfig ?? {};
      const most = Number(isJsonObject(section) ? section["maxResults"] : undefined);
      expect(most).toBeGreaterThan(0);
      const counts: (string | null)[] = [];
      const other = connect({
        discovery,
        fetch: (request) => {
          counts.push(new URL(request.url).searchParams.get("count"));
          return provider.fetch(request);
        },
      });
      await populate(scim, "a", "b");
      const count = most + 1;
      await expect(other.query(User, { count })).rejects.toMatchObject({
        capability: "maxResults",
        message: expect.stringMatching(`${most}.*${count}`) as string,
      });
      await expect(other.search(User, { count })).rejects.toBeInstanceOf(UnsupportedByServer);
      expect(counts).toEqual([]);
      let seen = 0;
      for await (const _ of other.list(User, { count })) seen += 1;
      expect(seen).toBe(2);
      const page = await other.query(User, { count, capabilities: { maxResults: 0 } });
      expect(page.Resources).toHaveLength(2);
      expect(counts).toEqual([String(most), String(count)]);
    },
  },
  {
    name: "attributes",
    title: "RFC 7644 §3.9: attributes selects what is returned, beside the id and the schemas",
    async run({ scim }) {
      const { id } = await scim.create(Employee, babs);
      const user = await scim.query(Employee, id, { attributes: ["displayName", "emails"] });
      expect(user).toEqual({
        id,
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        displayName: babs.displayName,
        emails: babs.emails,
      });
    },
  },
  {
    name: "subAttributes",
    title: "RFC 7644 §3.9: attributes reaches into complex attributes and extensions",
    async run({ scim }) {
      const { id } = await scim.create(Employee, babs);
      const user = await scim.query(Employee, id, { attributes: ["name.familyName", `${ENTERPRISE}:department`] });
      expect(user).toMatchObject({ id, name: { familyName: "Jensen" }, [ENTERPRISE]: { department: "Sales" } });
      expect(user.name).not.toHaveProperty("givenName");
      expect(user).not.toHaveProperty("emails");
    },
  },
  {
    name: "excludedAttributes",
    title: "RFC 7644 §3.9: excludedAttributes leaves attributes out, never the id",
    async run({ scim }) {
      const { id } = await scim.create(Employee, babs);
      const { Resources } = await scim.query(Employee, { excludedAttributes: ["emails", "displayName"] });
      expect(Resources).toHaveLength(1);
      expect(Resources[0]).toMatchObject({ id, userName: "bjensen", name: babs.name });
      expect(Resources[0]).not.toHaveProperty("emails");
      expect(Resources[0]).not.toHaveProperty("displayName");
    },
  },
  {
    name: "searchType",
    title: "RFC 7644 §3.4.3: a search of one resource type is posted to its /.search",
    async run({ scim }) {
      await populate(scim, "alice", "albert", "bob");
      const { Resources, totalResults } = await scim.search(User, {
        filter: 'userName sw "al"',
        sortBy: "userName",
        startIndex: 1,
        count: 1,
      });
      expect(Resources.map(({ userName }) => userName)).toEqual(["albert"]);
      expect(totalResults).toBe(2);
    },
  },
  {
    name: "searchRoot",
    title: "RFC 7644 §3.4.3: a search of all resource types is posted to /.search",
    async run({ scim }) {
      await scim.discover();
      await populate(scim, "alice");
      await scim.create(Group, { displayName: "The others" });
      const { Resources } = await scim.search({ filter: 'displayName sw "The"', sortBy: "displayName" });
      expect(Resources.map(({ meta, displayName }) => [meta?.resourceType, displayName])).toEqual([
        ["User", "The alice"],
        ["Group", "The others"],
      ]);
      const users = Resources.filter((resource) => User.is(resource));
      expect(users).toHaveLength(1);
    },
  },
  {
    name: "queryRoot",
    title: "RFC 7644 §3.4.2.1: a query of the root selects among all resource types",
    async run({ scim }) {
      await scim.discover();
      await populate(scim, "alice", "bob");
      await scim.create(Group, { displayName: "Staff" });
      const mixed = await scim.query([User, Group], { filter: "id pr" });
      expect(mixed.totalResults).toBe(3);
      const groups = mixed.Resources.filter((resource) => Group.is(resource));
      expect(groups.map(({ displayName }) => displayName)).toEqual(["Staff"]);
      expect((await scim.query({ filter: 'userName eq "bob"' })).Resources).toMatchObject([{ userName: "bob" }]);
    },
  },
];
