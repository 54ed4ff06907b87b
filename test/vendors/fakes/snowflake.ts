/** Snowflake as BCR-2276 has it, before and after. */
import type { JsonObject, JsonValue } from "../../../src/json.ts";
import { FakeService, Refusal, type Call, type Collection, type Stored } from "./service.ts";

const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** A Snowflake account. */
export class SnowflakeFake extends FakeService {
  readonly #enabled: boolean;

  /** @param enabled whether bundle 2026_03 is. */
  constructor(enabled: boolean) {
    super("https://acme.snowflakecomputing.example/scim/v2");
    this.#enabled = enabled;
  }

  protected override document(path: readonly string[]): JsonValue | undefined {
    if (path.join("/") !== "ServiceProviderConfig") return undefined;
    return {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
      patch: { supported: true },
      filter: { supported: this.#enabled },
    };
  }

  protected override list(collection: Collection, call: Call): JsonObject {
    if (this.#enabled || call.query.has("filter")) return super.list(collection, call);
    const sample = {
      schemas: [collection.model.schema.id],
      id: "1",
      externalId: "synthesis_user_external_id",
      userName: "synthesis_user",
      displayName: "synthesis_user_display_name",
      active: false,
    };
    return { schemas: [LIST], totalResults: 1, startIndex: 1, itemsPerPage: 1, Resources: [sample] };
  }

  protected override filtered(collection: Collection, all: readonly Stored[], text: string): Stored[] {
    const understood = /^[\w.]+ (?:eq|sw) "(?:[^"\\]|\\.)*"$/.test(text);
    if (understood) return super.filtered(collection, all, text);
    if (this.#enabled) throw new Refusal(400, "unsupported filter", "invalidFilter");
    return [];
  }
}
