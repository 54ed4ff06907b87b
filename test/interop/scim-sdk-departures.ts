/**
 * Where SCIM-SDK 1.30 with handlers that keep resources in memory does not do what the RFCs say, and what the client
 * makes of it.
 *
 * @module
 */
import { expect } from "vitest";
import { ResourceType, bearer, filter, patch } from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { CIRCLE } from "./behaviours/bulking.ts";
import { disagreements } from "./behaviours/differing.ts";
import { ENTERPRISE, Employee, babs, populate } from "./behaviours/people.ts";
import type { Departure } from "./lane.ts";

const FEATURES = "urn:gold:params:scim:schemas:extension:url:2.0:ResourceTypeFeatures";
const NOT_FOUND = { code: "scim_response_error_object", status: 404 };

export const scimSdkDepartures: readonly Departure[] = [
  {
    behaviour: "selfDescription",
    // RFC 7643 §6 gives a resource type no extensions; this one is published as one of its own.
    reason: "resource types have extension data",
    async instead({ scim, deviations }) {
      const { Resources } = await scim.query(ResourceType);
      expect(Resources.map(({ name }) => name)).toEqual(expect.arrayContaining(["User", "Group"]));
      expect(new Set(deviations.map(({ kind, path }) => `${kind} ${path}`))).toEqual(
        new Set([`unknownAttribute ${FEATURES}`]),
      );
    },
  },
  {
    behaviour: "unauthorised",
    // RFC 7643 §5 wants authenticationSchemes to be "publicly accessible without prior authentication".
    reason: "anybody may read what it says of itself",
    async instead({ connect, provider }) {
      const refused = connect({ auth: bearer("somebody-elses-token") });
      await refused.discover();
      await expect(refused.query(User)).rejects.toMatchObject({ code: "scim_response_error_object", status: 401 });

      const asked: boolean[] = [];
      const renewed = connect({
        auth: bearer(({ refresh }) => {
          asked.push(refresh);
          return refresh ? provider.token : "expired";
        }),
      });
      expect((await renewed.query(User)).Resources).toEqual([]);
      expect(asked).toEqual([false, true]);
    },
  },
  {
    behaviour: "qualifiedFilter",
    reason: "a filter on an extension fails as soon as one resource has no data of it",
    async instead({ scim }) {
      await scim.discover();
      await scim.create(Employee, babs);
      const sales = { filter: `${ENTERPRISE}:department eq "Sales"` };
      expect((await scim.query(Employee, sales)).Resources).toHaveLength(1);
      await populate(scim, "alice");
      await expect(scim.query(Employee, sales)).rejects.toMatchObject({
        code: "scim_response_error_object",
        status: 500,
      });
    },
  },
  {
    behaviour: "escapedFilter",
    reason: "a filter's string knows no escapes: it is refused, or taken as it stands",
    async instead({ scim }) {
      const awkward = ["and (or) not [x]", "ünïcode 漢字 🦊", "a+b&c=d%20#?"];
      await populate(scim, ...awkward, "back\\slash");
      for (const name of awkward) {
        const { Resources } = await scim.query(User, { filter: filter`userName eq ${name}` });
        expect(Resources).toMatchObject([{ userName: name }]);
      }
      expect((await scim.query(User, { filter: filter`userName eq ${"back\\slash"}` })).Resources).toEqual([]);
      const quoted = filter`userName eq ${'quote " and \\ slash'}`;
      await expect(scim.query(User, { filter: quoted })).rejects.toMatchObject({
        status: 400,
        scimType: "invalidFilter",
      });
    },
  },
  {
    behaviour: "invalidFilter",
    // RFC 7644 §3.4.2.2: "the service provider MUST return an HTTP 400 with a scimType of invalidFilter".
    reason: "the refusal has no scimType",
    async instead({ scim }) {
      await expect(scim.query(User, { filter: "userName bad x" })).rejects.toMatchObject({
        code: "scim_syntax_error",
        scimType: "invalidFilter",
      });
      await expect(
        scim.query(User, { filter: "userName bad x", checkRequestPayload: false }),
      ).rejects.toMatchObject({ code: "scim_response_error_object", status: 400, scimType: undefined });
    },
  },
  {
    behaviour: "attributes",
    // RFC 7644 §3.9: only "the minimum set" comes unasked, the attributes that are returned always; its schema says default.
    reason: "a required attribute comes whether it is asked for or not",
    async instead({ scim, deviations }) {
      await scim.discover();
      const { id } = await scim.create(Employee, babs);
      expect(await scim.query(Employee, id, { attributes: ["displayName"] })).toMatchObject({
        id,
        displayName: "Babs",
        userName: "bjensen",
      });
      expect(deviations).toEqual([]);
    },
  },
  {
    behaviour: "searchRoot",
    reason: "there is no endpoint at the root",
    async instead({ scim }) {
      await expect(scim.search({ filter: 'displayName sw "The"' })).rejects.toMatchObject(NOT_FOUND);
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
    behaviour: "listSearch",
    reason: "there is no endpoint at the root; one resource type is walked by POST",
    async instead({ scim }) {
      await scim.discover();
      await populate(scim, "alice", "bob", "carol");
      const seen: unknown[] = [];
      for await (const { userName } of scim.list(User, { via: "search", sortBy: "userName", count: 2 })) {
        seen.push(userName);
      }
      expect(seen).toEqual(["alice", "bob", "carol"]);
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
    behaviour: "required",
    // RFC 7644 §3.12, table 9: "A required value was missing" is an invalidValue.
    reason: "the refusal has no scimType",
    async instead({ scim }) {
      const nameless = { displayName: "Nameless" } as unknown as { userName: string };
      await expect(scim.create(User, nameless)).rejects.toMatchObject({
        issues: [{ path: "userName", rule: "required" }],
      });
      await expect(scim.create(User, nameless, { checkRequestPayload: false })).rejects.toMatchObject({
        code: "scim_response_error_object",
        status: 400,
        scimType: undefined,
      });
      expect((await scim.query(User)).totalResults).toBe(0);
    },
  },
  {
    behaviour: "modifyReadOnly",
    // RFC 7644 §3.5.2: an operation on what is readOnly fails with mutability.
    reason: "an operation on a readOnly attribute is passed over",
    async instead({ scim }) {
      const { id } = await scim.create(Employee, babs);
      const operations = [{ op: "replace", path: "id", value: "another" }] as const;
      expect(await scim.modify(Employee, id, operations, { checkRequestPayload: false })).toMatchObject({ id });
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
    // RFC 7643 §2.4: a primary that is not there is assumed to be false.
    reason: "another primary value is unassigned, values are repeated, what a replace does not name stays",
    async instead({ scim }) {
      expect(await disagreements(scim)).toEqual([
        "add a primary value",
        "add a value that is there",
        "replace a selected value",
      ]);
    },
  },
  {
    behaviour: "bulkStop",
    // RFC 7644 §3.7: a bulk that was not processed successfully has an error code; nothing is said of the operations.
    reason: "what was not carried out is answered with 412, and so is the whole",
    async instead({ scim }) {
      await scim.discover();
      const results = await scim.bulk(
        [
          { method: "POST", path: "/Users", data: { userName: "alice" } },
          { method: "DELETE", path: "/Users/nobody" },
          { method: "POST", path: "/Users", data: { userName: "bob" } },
        ],
        { failOnErrors: 1 },
      );
      expect(results).toMatchObject([
        { ok: true, status: 201 },
        { ok: false, reason: "refused", status: 404 },
        { ok: false, reason: "refused", status: 412 },
      ]);
      expect((await scim.query(User)).Resources).toMatchObject([{ userName: "alice" }]);
    },
  },
  {
    behaviour: "bulkCircle",
    // RFC 7644 §3.7.1: "The service provider MUST try to resolve circular cross-references".
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
  {
    behaviour: "me",
    reason: "/Me calls its resource type Me",
    async instead({ scim, deviations }) {
      await scim.discover();
      const created = await scim.create(Employee, babs);
      const meta = { ...created.meta, resourceType: "Me" };
      expect(await scim.me.query(Employee)).toEqual({ ...created, meta });
      expect(deviations).toEqual([]);
    },
  },
  {
    behaviour: "meWrites",
    // RFC 7644 §3.11: the location of what was created by /Me is its permanent one.
    reason: "whoever registers at /Me is told a location below it",
    async instead({ scim, provider }) {
      await expect(scim.me.query(Employee)).rejects.toMatchObject(NOT_FOUND);
      const created = await scim.me.create(Employee, babs);
      expect(created.meta?.location).toBe(`${provider.baseURL}/Me/user-1`);
      const replaced = await scim.me.replace(Employee, { ...created, title: "Tour Guide" });
      expect(replaced.meta?.location).toBe(`${provider.baseURL}/Users/user-1`);
      await scim.me.modify(Employee, [{ op: "replace", path: "title", value: "Manager" }]);
      expect(await scim.query(Employee, created.id)).toMatchObject({ userName: "bjensen", title: "Manager" });
      await scim.me.delete(Employee);
      expect((await scim.query(User)).totalResults).toBe(0);
    },
  },
];
