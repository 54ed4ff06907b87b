/** Salesforce as its help pages have it. */
import type { JsonObject, JsonValue } from "../../../src/json.ts";
import { GroupSchema, UserSchema } from "../../../src/schema/core-schemas.ts";
import { FakeService, Refusal, type Call, type Collection, type Stored } from "./service.ts";

const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

/** A Salesforce org. */
export class SalesforceFake extends FakeService {
  protected override readonly maxCount = 200;

  constructor() {
    super("https://acme.my.salesforce.example/services/scim/v2");
  }

  protected override document(path: readonly string[]): JsonValue | undefined {
    switch (path.join("/")) {
      case "ServiceProviderConfigs":
        return {
          schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
          patch: { supported: true },
          bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
          filter: { supported: true, maxResults: 200 },
          changePassword: { supported: true },
          sort: { supported: false },
          etag: { supported: false },
          authenticationSchemes: [{ type: "oauth2", name: "OAuth v2.0", description: "OAuth Standard" }],
        };
      case "ResourceTypes":
        return {
          schemas: [LIST],
          totalResults: 2,
          Resources: [
            { name: "User", endpoint: "/Users", schema: UserSchema.id },
            { name: "Group", endpoint: "/Groups", schema: GroupSchema.id },
          ],
        };
      case "Schemas":
        return { schemas: [LIST], totalResults: 2, Resources: [UserSchema, GroupSchema] as unknown as JsonValue[] };
      default:
        return undefined;
    }
  }

  /** Groups: GET, PUT and PATCH. */
  protected override answer(call: Call): Response {
    if (call.path[0] === "Groups" && ["POST", "DELETE"].includes(call.method))
      throw new Refusal(405, "METHOD_NOT_ALLOWED");
    return super.answer(call);
  }

  /** "In a clause, AND doesn't have precedence over OR": from left to right. */
  protected override filtered(_collection: Collection, all: readonly Stored[], text: string): Stored[] {
    const tokens = text.match(/\(|\)|"(?:[^"\\]|\\.)*"|[^\s()]+/g) ?? [];
    return all.filter((resource) => readClause([...tokens], resource));
  }

  protected override create(collection: Collection, body: JsonObject): Response {
    const entitlements = body["entitlements"];
    if (!Array.isArray(entitlements) || entitlements.length === 0) {
      throw new Refusal(
        409,
        "REQUIRED_FIELD_MISSING:user_must_have_one_entitlement_which_must_be_a_profileid:Required fields are missing",
      );
    }
    return super.create(collection, { active: true, ...body });
  }

  /** "You deactivate user objects rather than deleting them." */
  protected override remove(collection: Collection, resource: Stored): Response {
    this.put(collection, resource, { ...resource, active: false });
    return new Response(null, { status: 204 });
  }

  protected override refuse({ status, message }: Refusal): Response {
    return this.json(status, { schemas: [ERROR], detail: message, status });
  }
}

function readClause(tokens: string[], resource: Stored): boolean {
  let result = readOperand(tokens, resource);
  while (tokens[0] === "and" || tokens[0] === "or") {
    const both = tokens.shift() === "and";
    const next = readOperand(tokens, resource);
    result = both ? result && next : result || next;
  }
  return result;
}

function readOperand(tokens: string[], resource: Stored): boolean {
  const [first = ""] = tokens.splice(0, 1);
  if (first === "(") {
    const result = readClause(tokens, resource);
    tokens.shift();
    return result;
  }
  const [operator, literal = "null"] = tokens.splice(0, 2);
  if (operator !== "eq") throw new Refusal(400, `unknown operator ${operator}`, "invalidFilter");
  return resource[first] === JSON.parse(literal);
}
