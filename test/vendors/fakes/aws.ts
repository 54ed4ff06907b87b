/** AWS IAM Identity Center as its SCIM developer guide has it. */
import type { JsonObject, JsonValue } from "../../../src/json.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "../../../src/schema/core-schemas.ts";
import { FakeService, objectOf, Refusal, textOf, type Call, type Collection, type Stored } from "./service.ts";

const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

/** Supported filter combinations of "ListUsers" and "ListGroups". */
const COMBINATIONS: Readonly<Record<string, readonly string[]>> = {
  Users: ["userName", "externalId", "groups.value", "id", "id manager", "manager id"],
  Groups: ["displayName", "externalId", "id", "id members", "members id"],
};

/** An IAM Identity Center with an empty identity store. */
export class AWSFake extends FakeService {
  protected override readonly contentType = "application/json";

  constructor() {
    super("https://scim.us-east-1.amazonaws.example/t3nant/scim/v2");
  }

  protected override checkContentType(type: string): void {
    if (!type.includes("json")) throw invalid("unsupported media type");
  }

  protected override document(path: readonly string[]): JsonValue | undefined {
    switch (path.join("/")) {
      case "ServiceProviderConfig":
        return {
          schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
          patch: { supported: true },
          bulk: { supported: false, maxOperations: 1, maxPayloadSize: 1048576 },
          filter: { supported: true, maxResults: 100 },
          changePassword: { supported: false },
          sort: { supported: false },
          etag: { supported: false },
          authenticationSchemes: [],
        };
      case "ResourceTypes":
        return listOf([
          {
            name: "User",
            endpoint: "/Users",
            schema: UserSchema.id,
            schemaExtensions: [{ schema: EnterpriseUserSchema.id, required: false }],
          },
          { name: "Group", endpoint: "/Groups", schema: GroupSchema.id },
        ]);
      case "Schemas":
        return listOf([UserSchema, EnterpriseUserSchema, GroupSchema] as unknown as JsonValue[]);
      default:
        return undefined;
    }
  }

  /** "Including the cursor parameter changes the default response format"; startIndex is not supported. */
  protected override list(collection: Collection, { query }: Call): JsonObject {
    const count = Number(query.get("count") ?? 100);
    if (!(count >= 1 && count <= 100)) throw invalid("count must be from 1 to 100");
    const all = [...collection.resources.values()];
    const matching = query.has("filter") ? this.filtered(collection, all, query.get("filter") ?? "") : all;
    const cursor = query.get("cursor");
    const start = cursor === null || cursor === "" ? 0 : position(cursor);
    const page = matching.slice(start, start + count);
    const Resources = page.map((resource) => this.shown(collection, resource));
    if (cursor === null) {
      return {
        schemas: [LIST],
        totalResults: matching.length,
        startIndex: 1,
        itemsPerPage: page.length,
        Resources,
      };
    }
    const next = start + count < matching.length ? { nextCursor: `+/${start + count}==` } : {};
    return { schemas: [LIST], itemsPerPage: page.length, ...next, Resources };
  }

  protected override filtered(collection: Collection, all: readonly Stored[], text: string): Stored[] {
    const conditions = text.split(" and ").map((part) => /^([\w.]+) eq ("(?:[^"\\]|\\.)*")$/.exec(part));
    const names = conditions.map((match) => match?.[1] ?? "?");
    if (COMBINATIONS[collection.name]?.includes(names.join(" ")) !== true) throw invalid("Filter is not supported");
    return all.filter((resource) =>
      conditions.every((match) => holds(resource, match?.[1] ?? "", JSON.parse(match?.[2] ?? '""') as string)),
    );
  }

  protected override create(collection: Collection, body: JsonObject): Response {
    if (collection === this.users) {
      const name = objectOf(body["name"] ?? {});
      for (const value of [body["userName"], body["displayName"], name["givenName"], name["familyName"]]) {
        if (typeof value !== "string" || value === "")
          throw invalid("givenName, familyName, userName, displayName");
      }
      if (Array.isArray(body["emails"]) && body["emails"].length > 1) throw invalid("one e-mail address at most");
    }
    return super.create(collection, body);
  }

  /** "GetGroup and ListGroups return an empty member list". */
  protected override shown(collection: Collection, resource: Stored): JsonObject {
    return collection === this.groups ? { ...resource, members: [] } : resource;
  }

  protected override replace(collection: Collection, resource: Stored, body: JsonObject): Response {
    if (collection === this.groups) throw new Refusal(404, "no such operation");
    return super.replace(collection, resource, body);
  }

  protected override patch(collection: Collection, resource: Stored, body: JsonObject): Response {
    if (collection === this.users) return super.patch(collection, resource, body);
    let changes = 0;
    let members = Array.isArray(resource["members"]) ? resource["members"].map(objectOf) : [];
    const after: JsonObject = { ...resource };
    for (const { op, path, value } of this.operations(body)) {
      if (path === "displayName" || path === "externalId") {
        after[path] = value;
      } else if (path === "members" && (op === "add" || op === "remove") && Array.isArray(value)) {
        changes += value.length;
        const ids = value.map((member) => objectOf(member)["value"]);
        members = members.filter((member) => !ids.includes(member["value"]));
        if (op === "add") members.push(...value.map(objectOf));
      } else {
        throw invalid(`${textOf(op)} ${textOf(path)} is not supported`);
      }
    }
    if (changes > 100) throw invalid("at most 100 membership changes in a request");
    this.put(collection, resource, { ...after, members });
    return new Response(null, { status: 204 });
  }

  protected override refuse({ status, message }: Refusal): Response {
    return this.json(status, {
      schema: ERROR,
      schemas: [ERROR],
      detail: message,
      status: textOf(status),
      exceptionRequestId: "0c1d",
      timeStamp: "2026-01-01 00:00:00",
    });
  }
}

function invalid(detail: string): Refusal {
  return new Refusal(400, detail);
}

function listOf(resources: JsonValue[]): JsonValue {
  return {
    schemas: [LIST],
    totalResults: resources.length,
    itemsPerPage: resources.length,
    startIndex: 1,
    Resources: resources,
  };
}

/** Cursors have characters that a query has to encode: `[-a-zA-Z0-9+=/:_]*`. */
function position(cursor: string): number {
  const match = /^\+\/(\d+)==$/.exec(cursor);
  if (match === null) throw invalid("the cursor is not one of ours");
  return Number(match[1]);
}

function holds(resource: Stored, name: string, wanted: string): boolean {
  if (name !== "members" && name !== "groups.value") return resource[name] === wanted;
  const values = resource[name === "members" ? "members" : "groups"];
  return Array.isArray(values) && values.some((value) => objectOf(value)["value"] === wanted);
}
