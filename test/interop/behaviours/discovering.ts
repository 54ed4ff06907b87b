/**
 * What a client learns of a service provider before it does anything (RFC 7644 §4).
 *
 * @module
 */
import { expect } from "vitest";
import {
  ResourceType,
  SCIMResponseErrorObject,
  Schema,
  ServiceProviderConfig,
  UnknownResourceType,
  bearer,
} from "../../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../../src/models.gen.ts";
import type { Behaviour } from "../lane.ts";
import { ENTERPRISE, Employee, babs } from "./people.ts";

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

export const discovering: readonly Behaviour[] = [
  {
    name: "discovery",
    title: "RFC 7644 §4: a service provider publishes its configuration, resource types and schemas",
    async run({ scim, deviations }) {
      const discovery = await scim.discover();
      expect(discovery.warnings).toEqual([]);
      expect(deviations).toEqual([]);
      expect(discovery.resourceTypes.map(({ name, endpoint, schema }) => [name, endpoint, schema])).toEqual(
        expect.arrayContaining([
          ["User", "/Users", USER],
          ["Group", "/Groups", GROUP],
        ]),
      );
      expect(discovery.schemas.map(({ id }) => id)).toEqual(expect.arrayContaining([USER, GROUP, ENTERPRISE]));
      expect(scim.serviceProviderConfig).toMatchObject({ patch: { supported: true }, filter: { supported: true } });
      expect(JSON.parse(JSON.stringify(discovery))).toEqual(discovery);
    },
  },
  {
    name: "models",
    title: "RFC 7643 §6: a model is found by its resource type's name, its schema's URN and its schema's name",
    async run({ scim }) {
      await scim.discover();
      const model = scim.getResourceModel("User");
      expect(scim.getResourceModel(USER)).toBe(model);
      expect(scim.getResourceModel("user")).toBe(model);
      expect(model.endpoint).toBe("/Users");
      expect(model.getExtensionModel("EnterpriseUser").schema.id).toBe(ENTERPRISE);
      expect(model.getExtensionModel(ENTERPRISE)).toBe(model.getExtensionModel("EnterpriseUser"));
      expect(scim.findResourceModel("Device")).toBeUndefined();
      expect(() => scim.getResourceModel("Device")).toThrow(UnknownResourceType);
      expect(() => scim.getResourceModel("Device")).toThrow(/\bUser\b/);
    },
  },
  {
    name: "selfDescription",
    title: "RFC 7643 §5 to §7: configuration, resource types and schemas are read like any other resource",
    async run({ scim, deviations }) {
      expect(await scim.query(ServiceProviderConfig)).toMatchObject({ patch: { supported: true } });
      const types = await scim.query(ResourceType);
      expect(types.Resources.map(({ name }) => name)).toEqual(expect.arrayContaining(["User", "Group"]));
      expect(await scim.query(ResourceType, "Group")).toMatchObject({ endpoint: "/Groups", schema: GROUP });
      const schema = await scim.query(Schema, ENTERPRISE);
      expect(schema.attributes?.map(({ name }) => name)).toEqual(expect.arrayContaining(["department", "manager"]));
      expect(deviations).toEqual([]);
    },
  },
  {
    name: "savedDiscovery",
    title: "RFC 7644 §4: a later client takes what an earlier one learned, and asks the service provider nothing",
    async run({ scim, connect, provider }) {
      const saved: unknown = JSON.parse(JSON.stringify(await scim.discover()));
      const asked: string[] = [];
      const later = connect({
        discovery: saved as Awaited<ReturnType<typeof scim.discover>>,
        fetch: (request) => {
          asked.push(
            `${request.method} ${new URL(request.url).pathname.slice(new URL(provider.baseURL).pathname.length)}`,
          );
          return provider.fetch(request);
        },
      });
      const created = await later.create(later.getResourceModel("User"), { userName: "later" });
      expect(created["userName"]).toBe("later");
      expect(asked).toEqual(["POST /Users"]);
    },
  },
  {
    name: "naive",
    title: "RFC 7644 §3.2: resource types registered by hand stand at the endpoints of their names",
    async run({ scim }) {
      scim.registerNaiveResourceTypes([Employee, Group]);
      const user = await scim.create(Employee, babs);
      const group = await scim.create(Group, { displayName: "Staff", members: [{ value: user.id }] });
      expect(await scim.query(Employee, user.id)).toMatchObject({ [ENTERPRISE]: { department: "Sales" } });
      expect(await scim.query(Group, group.id)).toMatchObject({ displayName: "Staff" });
    },
  },
  {
    name: "manualModels",
    title: "RFC 7644 §3.2: models given to the constructor need no discovery",
    async run({ connect }) {
      const scim = connect({ resourceModels: [Employee, Group] });
      const { id } = await scim.create(Employee, babs);
      expect(await scim.query(scim.getResourceModel("User"), id)).toMatchObject({ userName: "bjensen" });
    },
  },
  {
    name: "typedDiscovered",
    title: "RFC 7643 §6: a static model stands for the service provider's resource type of its name",
    async run({ scim }) {
      await scim.discover();
      const typed = scim.getResourceModel("User", { as: User.with(EnterpriseUser) });
      const { id } = await scim.create(typed, babs);
      const user = await scim.query(Employee, id);
      expect(user[ENTERPRISE]?.manager?.value).toBe("26118915");
      expect(user.schemas).toEqual([USER, ENTERPRISE]);
    },
  },
  {
    name: "unauthorised",
    title:
      "RFC 7644 §2: a token that the service provider does not know is refused with 401, and a fresh one asked for",
    async run({ connect, provider }) {
      const refused = connect({ auth: bearer("somebody-elses-token") });
      const failure = await refused.discover().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SCIMResponseErrorObject);
      expect(failure).toMatchObject({ code: "scim_response_error_object", status: 401 });
      expect(String(failure)).not.toContain("somebody");

      const asked: boolean[] = [];
      const renewed = connect({
        auth: bearer(({ refresh }) => {
          asked.push(refresh);
          return refresh ? provider.token : "expired";
        }),
      });
      const { Resources } = await renewed.query(User);
      expect(Resources).toEqual([]);
      expect(asked).toEqual([false, true]);
    },
  },
];
