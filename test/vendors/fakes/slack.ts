/** Slack's SCIM API 2.0 as docs.slack.dev has it. */
import type { JsonObject, JsonValue } from "../../../src/json.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "../../../src/schema/core-schemas.ts";
import { FakeService, objectOf, Refusal, type Collection, type Stored } from "./service.ts";

const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

/** A Slack organization. */
export class SlackFake extends FakeService {
  protected override readonly maxCount = 1000;
  protected override readonly defaultCount = 10;
  protected override readonly contentType = "application/json; charset=utf-8";

  constructor() {
    super("https://api.slack.example/scim/v2");
  }

  protected override checkContentType(): void {
    // Its samples say nothing of it.
  }

  protected override newId(): string {
    return `U${super.newId().padStart(8, "0")}`;
  }

  protected override document(path: readonly string[]): JsonValue | undefined {
    switch (path.join("/")) {
      // The sample has no schemas, and names of its own.
      case "ServiceProviderConfigs":
        return {
          patch: { supported: true },
          bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
          filter: { supported: false, maxResults: 0 },
          changePassword: { supported: false },
          sort: { supported: false },
          etag: { supported: false },
          xmlDataFormat: { supported: false },
          authenticationSchemes: [{ name: "OAuth", specUrl: "http://tools.ietf.org/html/draft-ietf-oauth-v2-31" }],
        };
      // The sample has no totals.
      case "ResourceTypes":
        return {
          schemas: [LIST],
          Resources: [
            {
              schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
              id: "User",
              name: "User",
              endpoint: "/Users",
              schema: UserSchema.id,
              schemaExtensions: [{ schema: EnterpriseUserSchema.id, required: false }],
            },
            {
              schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
              id: "Group",
              name: "Group",
              endpoint: "/Groups",
              schema: GroupSchema.id,
            },
          ],
        };
      case "Schemas":
        return { schemas: [LIST], Resources: [UserSchema, ENTERPRISE, GroupSchema] as unknown as JsonValue[] };
      default:
        return undefined;
    }
  }

  protected override create(collection: Collection, body: JsonObject): Response {
    this.#check(collection, body);
    const name = collection === this.users ? "userName" : "displayName";
    const taken = [...collection.resources.values()].some((resource) => resource[name] === body[name]);
    if (taken) throw new Refusal(409, "username_taken");
    const active = collection === this.users ? { active: true } : {};
    return this.json(201, this.shown(collection, this.add(collection, { ...active, ...body })));
  }

  /** "Overwriting all values for a user even if an attribute is empty or not provided." */
  protected override replace(collection: Collection, resource: Stored, body: JsonObject): Response {
    this.#check(collection, body);
    const active = collection === this.users ? { active: false } : {};
    return super.replace(collection, resource, { ...active, ...body });
  }

  protected override patched(collection: Collection, resource: Stored, operations: readonly JsonObject[]): Stored {
    const changes = operations.flatMap(({ value }) => (Array.isArray(value) ? value : []));
    if (changes.length > 15_000) throw new Refusal(400, "too_many_users");
    const [first, ...more] = operations;
    if (first?.["op"] !== "add" || first["path"] !== "members" || more.length > 0) {
      return super.patched(collection, resource, operations);
    }
    // The applier of the tests compares each member with each.
    const known = Array.isArray(resource["members"]) ? resource["members"] : [];
    const members = new Map([...known, ...changes].map((member) => [objectOf(member)["value"], member]));
    return this.put(collection, resource, { ...resource, members: [...members.values()] });
  }

  /** "Sets a Slack user to deactivated"; "Permanently removes a group". */
  protected override remove(collection: Collection, resource: Stored): Response {
    if (collection === this.groups) return super.remove(collection, resource);
    this.put(collection, resource, { ...resource, active: false });
    return new Response(null, { status: 204 });
  }

  /** The samples fill what is unassigned with null, at every level. */
  protected override shown(collection: Collection, resource: Stored): JsonObject {
    const meta = {
      created: "2023-02-20T14:33:21-08:00",
      location: `${this.base}/${collection.name}/${resource.id}`,
    };
    if (collection === this.groups) return { ...resource, meta, members: resource["members"] ?? [] };
    return {
      userType: null,
      addresses: [{ streetAddress: null, locality: null, region: null, postalCode: null, country: null }],
      phoneNumbers: [
        { value: null, type: "mobile" },
        { value: null, primary: true },
      ],
      preferredLanguage: null,
      groups: [],
      ...resource,
      externalId: resource["externalId"] ?? "",
      meta,
    };
  }

  /** The sample error has a number for its status, and no scimType. */
  protected override refuse({ status, message }: Refusal): Response {
    return this.json(status, { schemas: [ERROR], detail: message, status });
  }

  #check(collection: Collection, body: JsonObject): void {
    if (!Array.isArray(body["schemas"])) throw new Refusal(400, "missing_schema_element");
    if (collection === this.groups) return;
    if (!Array.isArray(body["emails"]) || body["emails"].length === 0) throw new Refusal(400, "email_empty");
    body["emails"].map(objectOf);
  }
}

/** A manager is a `managerId`, as in SCIM 1.1. */
const ENTERPRISE = {
  ...EnterpriseUserSchema,
  attributes: [
    { name: "employeeNumber" },
    { name: "department" },
    { name: "manager", type: "complex", subAttributes: [{ name: "managerId" }] },
  ],
};
