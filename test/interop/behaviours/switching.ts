/**
 * The switches, requests that no verb makes, `/Me`, and what is asked for once is given up.
 *
 * @module
 */
import { expect } from "vitest";
import { strict } from "../../../src/index.ts";
import { User } from "../../../src/models.gen.ts";
import type { Behaviour } from "../lane.ts";
import { Employee, babs, populate } from "./people.ts";

export const switching: readonly Behaviour[] = [
  {
    name: "returnedErrors",
    title: "RFC 7644 §3.12: a SCIM Error is returned in place of being thrown where raiseScimErrors is false",
    async run({ scim, connect }) {
      const lenient = connect({ raiseScimErrors: false });
      const answer = await lenient.query(User, "nobody");
      expect(answer).toMatchObject({ schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "404" });
      expect(await scim.query(User, "nobody", { raiseScimErrors: false })).toEqual(answer);
      expect(await lenient.create(User, { userName: "alice" })).toMatchObject({ id: "user-1" });
      expect(await lenient.create(User, { userName: "alice" })).toMatchObject({
        status: "409",
        scimType: "uniqueness",
      });
      expect(await lenient.delete(User, "nobody")).toMatchObject({ status: "404" });
    },
  },
  {
    name: "uncheckedAnswers",
    title: "RFC 7644 §3.1: an answer is given as it came where checkResponsePayload is false",
    async run({ scim, connect }) {
      const { id } = await scim.create(Employee, babs);
      const unchecked = connect({ checkResponsePayload: false });
      const given = await unchecked.query(Employee, id);
      const { body } = await scim.request({ method: "GET", path: `/Users/${id}` });
      expect(given).toEqual(body);
      expect(await scim.query(Employee, { checkResponsePayload: false })).toMatchObject({ Resources: [body] });
    },
  },
  {
    name: "request",
    title: "RFC 7644 §3.1: a request that no verb makes gives its answer as it came, below the base URL",
    async run({ scim }) {
      const answer = await scim.request({
        method: "POST",
        path: "/Users",
        body: { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "raw" },
      });
      expect(answer).toMatchObject({ status: 201, body: { userName: "raw" } });
      expect(answer.headers.get("content-type")).toMatch(/^application\/scim\+json/);
      expect((await scim.request({ method: "GET", path: "/User/i-know-what-im-doing" })).status).toBe(404);
      await expect(scim.request({ method: "GET", path: "https://elsewhere.example/Users" })).rejects.toThrow(
        TypeError,
      );
      await expect(scim.request({ method: "GET", path: "/../Users" })).rejects.toThrow(TypeError);
    },
  },
  {
    name: "urlOption",
    title: "RFC 7644 §3.13: a verb goes where its url option says, below the base URL",
    async run({ scim }) {
      const [id = ""] = await populate(scim, "alice");
      expect((await scim.query(User, "ignored", { url: `/Users/${id}` })).userName).toBe("alice");
      await expect(scim.query(User, id, { url: "https://elsewhere.example/Users/1" })).rejects.toThrow(TypeError);
    },
  },
  {
    name: "me",
    title: "RFC 7644 §3.11: /Me is the resource of whoever is asking",
    async run({ scim }) {
      const created = await scim.create(Employee, babs);
      expect(await scim.me.query(Employee)).toEqual(created);
    },
  },
  {
    name: "meWrites",
    title: "RFC 7644 §3.11: whoever is asking registers, changes and removes itself at /Me",
    async run({ scim }) {
      await expect(scim.me.query(Employee)).rejects.toMatchObject({ code: "scim_response_error_object" });
      const created = await scim.me.create(Employee, babs);
      expect(await scim.me.query(Employee)).toEqual(created);
      const replaced = await scim.me.replace(Employee, { ...created, title: "Tour Guide" });
      expect(replaced.title).toBe("Tour Guide");
      const modified = await scim.me.modify(Employee, [{ op: "replace", path: "title", value: "Manager" }], {
        reread: true,
      });
      expect(modified.title).toBe("Manager");
      await scim.me.delete(Employee);
      expect((await scim.query(User)).totalResults).toBe(0);
    },
  },
  {
    name: "strict",
    title: "RFC 7644 §3: a strict profile finds nothing to object to",
    async run({ connect }) {
      const scim = connect({ profile: strict });
      await scim.discover();
      const created = await scim.create(Employee, babs);
      const replaced = await scim.replace(Employee, { ...created, title: "Tour Guide" });
      expect(await scim.query(Employee, created.id)).toEqual(replaced);
      expect((await scim.query(Employee, { filter: 'userName eq "bjensen"' })).Resources).toEqual([replaced]);
      expect((await scim.query(Employee, { attributes: ["userName"] })).Resources).toHaveLength(1);
      await scim.delete(Employee, replaced);
    },
  },
  {
    name: "abort",
    title: "RFC 7644 §3.3: a call that was given up rejects with the reason, and the next one works",
    async run({ scim }) {
      const reason = new Error("given up");
      await expect(scim.query(User, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const controller = new AbortController();
      const call = scim.query(User, { signal: controller.signal });
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
      expect((await scim.query(User)).Resources).toEqual([]);
    },
  },
];
