import { PatchError } from "../../src/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/json.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { applyPatch } from "../../src/protocol/apply.ts";
import { parseFilter } from "../../src/protocol/filter-parser.ts";
import { matches } from "../../src/protocol/matches.ts";
import type { PatchOp } from "../../src/protocol/patch.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";
import { LIST, USER, type Reply } from "../client/replay.ts";
import { BASE, error, type Message, nameOfWrite, plain } from "./message.ts";
import { carryOutBulk } from "./provider-bulk.ts";

export interface ProviderOptions {
  /** How many users there are at the start: `u1`, `u2`, … */
  readonly users?: number;
  /** The most resources on a page. Default 100. */
  readonly maxResults?: number;
  /** Whether it pages by cursor (RFC 9865) where it is asked to. Default `false`. */
  readonly cursors?: boolean;
  /** Default: 1000 operations, 1 MiB. `false` has none. */
  readonly bulk?: { readonly maxOperations: number; readonly maxPayloadSize: number } | false;
  readonly patch?: boolean;
  /** What it says of filters; it filters all the same. */
  readonly filter?: boolean;
  readonly etag?: boolean;
  /** Whether writes are answered without the resource. Default `false`. */
  readonly terse?: boolean;
}

/** What became of one write, which a text `write-…` in its body names, else its method and path. */
export interface Execution {
  /** How often it was carried out. */
  times: number;
  /** How often it changed something. */
  changes: number;
}

const MODELS: Readonly<Record<string, ResourceModel<Views>>> = { Users: User.with(EnterpriseUser), Groups: Group };
const DAY = "2026-01-01T00:00:00Z";

/** A service provider that keeps to RFC 7644 and RFC 9865, with users and groups in memory. */
export class Provider {
  readonly options: ProviderOptions;
  readonly executions: Map<string, Execution> = new Map();
  readonly #resources: Readonly<Record<string, Map<string, JsonObject>>> = { Users: new Map(), Groups: new Map() };
  readonly #userNames = new Map<string, string>();
  #ids = 0;

  constructor(options: ProviderOptions = {}) {
    this.options = options;
    for (let number = 1; number <= (options.users ?? 0); number += 1) {
      this.#store("Users", `u${number}`, { schemas: [USER], userName: `user-${number}` });
    }
  }

  /** All resources of an endpoint such as `Users`, in the order of their creation. */
  all(endpoint: string): JsonObject[] {
    return [...(this.#resources[endpoint]?.values() ?? [])];
  }

  newId(): string {
    this.#ids += 1;
    return `n${this.#ids}`;
  }

  handle(message: Message): Reply {
    const [endpoint = "", id, ...more] = message.path.split("/").slice(1).map(decodeURIComponent);
    if (endpoint === "Bulk" && message.method === "POST") return carryOutBulk(this, message);
    if (endpoint === "ServiceProviderConfig") return { body: this.#config() };
    if (endpoint === "Me") return this.#resource({ ...message, path: "/Users/u1" }, "Users", "u1");
    if (endpoint === "Users" || endpoint === "Groups") {
      if (id === ".search" && message.method === "POST") return this.#list(endpoint, searched(message.body));
      if (id !== undefined) return more.length > 0 ? error(404) : this.#resource(message, endpoint, id);
      if (message.method === "GET") return this.#list(endpoint, message.query ?? new URLSearchParams());
      if (message.method === "POST") return this.#create(message, endpoint);
    }
    return error(endpoint === "Users" || endpoint === "Groups" ? 405 : 404);
  }

  #config(): JsonObject {
    const { bulk = { maxOperations: 1000, maxPayloadSize: 1_048_576 }, patch = true, etag = false } = this.options;
    return {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
      patch: { supported: patch },
      bulk:
        bulk === false ? { supported: false, maxOperations: 0, maxPayloadSize: 0 } : { supported: true, ...bulk },
      filter: { supported: this.options.filter ?? true, maxResults: this.options.maxResults ?? 100 },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: etag },
      authenticationSchemes: [],
    };
  }

  /** RFC 7644 §3.4.2.4, RFC 9865 §2. */
  #list(endpoint: string, query: URLSearchParams): Reply {
    const model = MODELS[endpoint];
    const filter = query.get("filter");
    let found = this.all(endpoint);
    if (filter !== null && model !== undefined) {
      const parsed = parseFilter(filter);
      found = found.filter((resource) => matches(model, parsed, resource));
    }
    const { maxResults = 100, cursors = false } = this.options;
    const count = Math.max(0, Math.min(Number(query.get("count") ?? maxResults), maxResults));
    const cursor = query.get("cursor");
    const byCursor = cursors && cursor !== null;
    const start = byCursor ? positionOf(cursor) : Math.max(1, Number(query.get("startIndex") ?? 1));
    if (Number.isNaN(start)) return error(400, byCursor ? "invalidCursor" : "invalidValue");
    const Resources = found.slice(start - 1, start - 1 + count);
    const next = start + Resources.length;
    return {
      body: {
        schemas: [LIST],
        totalResults: found.length,
        itemsPerPage: Resources.length,
        ...(byCursor ? (next <= found.length ? { nextCursor: cursorOf(next) } : {}) : { startIndex: start }),
        Resources,
      },
    };
  }

  #resource(message: Message, endpoint: string, id: string): Reply {
    const current = this.#resources[endpoint]?.get(id);
    if (current === undefined) return error(404);
    const version = versionOf(current);
    if (message.method === "GET") {
      return message.ifNoneMatch === undefined || message.ifNoneMatch !== version
        ? this.#answer(200, current)
        : { status: 304, headers: { etag: version } };
    }
    const { ifMatch } = message;
    if (ifMatch !== undefined && ifMatch !== "*" && ifMatch !== version) return error(412);
    if (message.method === "DELETE") return this.#delete(message, endpoint, id, current);
    if (!isJsonObject(message.body)) return error(400, "invalidSyntax");
    if (message.method === "PUT") return this.#replace(message, endpoint, id, message.body);
    if (message.method === "PATCH" && this.options.patch !== false) {
      return this.#modify(message, endpoint, id, current);
    }
    return error(this.options.patch === false ? 501 : 405);
  }

  #create(message: Message, endpoint: string): Reply {
    if (!isJsonObject(message.body)) return error(400, "invalidSyntax");
    const refused = this.#refuse(endpoint, message.body, undefined);
    if (refused !== undefined) return refused;
    const id = message.newId ?? this.newId();
    this.#executed(message, true);
    return this.#answer(201, this.#store(endpoint, id, message.body), this.options.terse);
  }

  #replace(message: Message, endpoint: string, id: string, body: JsonObject): Reply {
    const refused = this.#refuse(endpoint, body, id);
    if (refused !== undefined) return refused;
    return this.#stored(message, endpoint, id, body);
  }

  #modify(message: Message, endpoint: string, id: string, current: JsonObject): Reply {
    const model = MODELS[endpoint];
    if (model === undefined) return error(404);
    let patched: JsonObject;
    try {
      patched = applyPatch(model, current, message.body as unknown as PatchOp);
    } catch (refused) {
      if (refused instanceof PatchError) return error(400, refused.scimType);
      throw refused;
    }
    return this.#refuse(endpoint, patched, id) ?? this.#stored(message, endpoint, id, patched);
  }

  #stored(message: Message, endpoint: string, id: string, body: JsonObject): Reply {
    const before = this.#resources[endpoint]?.get(id);
    const after = this.#store(endpoint, id, body);
    this.#executed(message, after !== before);
    return this.#answer(this.options.terse === true ? 204 : 200, after, this.options.terse);
  }

  #delete(message: Message, endpoint: string, id: string, current: JsonObject): Reply {
    this.#resources[endpoint]?.delete(id);
    this.#userNames.delete(nameOf(current));
    this.#executed(message, true);
    return { status: 204 };
  }

  /** RFC 7643 §4.1.1: `userName` is required and unique, whatever its case. */
  #refuse(endpoint: string, body: JsonObject, id: string | undefined): Reply | undefined {
    if (endpoint === "Groups")
      return typeof body["displayName"] === "string" ? undefined : error(400, "invalidValue");
    const name = nameOf(body);
    if (name === "") return error(400, "invalidValue");
    const holder = this.#userNames.get(name);
    return holder === undefined || holder === id ? undefined : error(409, "uniqueness");
  }

  /** What is stored already stays the same object. */
  #store(endpoint: string, id: string, body: JsonObject): JsonObject {
    const before = this.#resources[endpoint]?.get(id);
    const { id: _id, meta: _meta, ...attributes } = body;
    if (before !== undefined) {
      const { id: _sameId, meta: _sameMeta, ...old } = before;
      if (JSON.stringify(old) === JSON.stringify(attributes)) return before;
      this.#userNames.delete(nameOf(before));
    }
    const revision = before === undefined ? 1 : Number(versionOf(before).slice(3, -1)) + 1;
    const resource: JsonObject = {
      ...attributes,
      id,
      meta: {
        resourceType: endpoint === "Groups" ? "Group" : "User",
        created: DAY,
        lastModified: DAY,
        location: `${BASE}/${endpoint}/${id}`,
        version: `W/"${revision}"`,
      },
    };
    if (endpoint === "Users") this.#userNames.set(nameOf(resource), id);
    this.#resources[endpoint]?.set(id, resource);
    return resource;
  }

  #answer(status: number, resource: JsonObject, terse = false): Reply {
    const { location = "", version = "" } = isJsonObject(resource["meta"]) ? resource["meta"] : {};
    const headers = { location: plain(location), etag: plain(version) };
    return terse ? { status, headers } : { status, headers, body: resource };
  }

  #executed(message: Message, changed: boolean): void {
    const name = nameOfWrite(message);
    const execution = this.executions.get(name) ?? { times: 0, changes: 0 };
    this.executions.set(name, execution);
    execution.times += 1;
    if (changed) execution.changes += 1;
  }
}

/** RFC 9865 §2: opaque, and to be percent-encoded. */
function cursorOf(position: number): string {
  return `p&=+%2F ${position.toString(36)}`;
}

function positionOf(cursor: string): number {
  if (cursor === "") return 1;
  return /^p&=\+%2F [\da-z]+$/.test(cursor) ? Number.parseInt(cursor.slice(8), 36) : Number.NaN;
}

/** RFC 7644 §3.4.3: a search says in its body what a query says in its URL. */
function searched(body: JsonValue | undefined): URLSearchParams {
  const members = Object.entries(isJsonObject(body) ? body : {}).filter(([name]) => name !== "schemas");
  return new URLSearchParams(members.map(([name, value]) => [name, plain(value)]));
}

function versionOf(resource: JsonObject): string {
  const { meta } = resource;
  return isJsonObject(meta) ? plain(meta["version"]) : "";
}

function nameOf(body: JsonObject): string {
  const { userName } = body;
  return typeof userName === "string" ? userName.toLowerCase() : "";
}
