/**
 * RiverGen as its documentation has it (docs.rivergen.ai, organization/reference/scim): the opposite of Grantex in what it
 * reads, publishes and filters.
 */
import type { JsonObject, JsonValue } from "../../../src/json.ts";
import { GroupSchema, UserSchema } from "../../../src/schema/core-schemas.ts";
import { FakeService, Refusal, type Call, type Collection, type Stored } from "./service.ts";

const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** A RiverGen with an empty organization. */
export class RiverGenFake extends FakeService {
  constructor() {
    super("https://api.rivergen.example/scim/v2");
  }

  protected override document(path: readonly string[]): JsonValue | undefined {
    if (path.length !== 1) return undefined;
    const documents: Record<string, unknown> = {
      ServiceProviderConfig: {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        patch: { supported: true },
        bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
        filter: { supported: true, maxResults: 100 },
        changePassword: { supported: false },
        sort: { supported: false },
        etag: { supported: false },
        authenticationSchemes: [{ type: "oauthbearertoken", name: "Bearer", description: "Bearer token" }],
      },
      ResourceTypes: {
        schemas: [LIST],
        totalResults: 2,
        Resources: [
          { name: "User", endpoint: "/Users", schema: UserSchema.id },
          { name: "Group", endpoint: "/Groups", schema: GroupSchema.id },
        ],
      },
      Schemas: { schemas: [LIST], totalResults: 2, Resources: [UserSchema, GroupSchema] },
    };
    return Object.hasOwn(documents, path[0] ?? "") ? (documents[path[0] ?? ""] as JsonValue) : undefined;
  }

  /** Groups can be listed, and there are none; what the query says is accepted and not used. */
  protected override answer(call: Call): Response {
    if (call.path[0] !== "Groups") return super.answer(call);
    if (call.method !== "GET" || call.path.length > 1) throw new Refusal(405, "Method Not Allowed");
    return this.json(200, { schemas: [LIST], totalResults: 0, itemsPerPage: 100, startIndex: 1, Resources: [] });
  }

  protected override shown(collection: Collection, resource: Stored): JsonObject {
    const meta = { resourceType: "User", location: `/scim/v2/${collection.name}/${resource.id}` };
    return { ...resource, meta };
  }

  protected override missing(): Refusal {
    return new Refusal(404, "User not found", "uniqueness");
  }
}
