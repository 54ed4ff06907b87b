/**
 * A service provider in memory, as `fetch` sees it. What stands here is the RFC, read by the tests' own evaluator and applier;
 * each vendor's fake overrides what its documentation says otherwise.
 */
import type { JsonObject, JsonValue } from "../../../src/json.ts";
import { EnterpriseUser, Group, User } from "../../../src/models.gen.ts";
import { parseFilter } from "../../../src/protocol/filter-parser.ts";
import type { PatchOperation } from "../../../src/protocol/patch.ts";
import type { ResourceModel } from "../../../src/schema/resource-model.ts";
import type { Views } from "../../../src/schema/view.ts";
import { evaluate } from "../../protocol/naive-evaluator.ts";
import { NaiveError, naivePatch } from "../../protocol/naive-patch.ts";

const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

/** A request that was taken apart. */
export interface Call {
  readonly method: string;
  /** Below the base URL, decoded: `["Users", "2819c223"]`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: JsonValue | undefined;
}

/** What ends a request with an error. */
export class Refusal extends Error {
  readonly status: number;
  readonly scimType: string | undefined;

  constructor(status: number, detail: string, scimType?: string) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
  }
}

/** A resource as it is kept. */
export type Stored = JsonObject & { readonly id: string };

/** One endpoint with its resources. */
export interface Collection {
  readonly name: string;
  readonly model: ResourceModel<Views>;
  readonly resources: Map<string, Stored>;
}

/** A service provider that keeps to the RFC. */
export class FakeService {
  readonly base: string;
  readonly token = "t0ken";
  /** What came in: `GET /Users?count=100`. */
  readonly calls: string[] = [];
  /** The bodies that came in, `undefined` for none. */
  readonly bodies: (JsonValue | undefined)[] = [];
  readonly users: Collection = { name: "Users", model: User.with(EnterpriseUser), resources: new Map() };
  readonly groups: Collection = { name: "Groups", model: Group, resources: new Map() };
  #ids = 0;

  constructor(base: string) {
    this.base = base;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const { pathname } = new URL(this.base);
    const below = url.pathname.slice(pathname.length);
    this.calls.push(`${request.method} ${below}${decodeURIComponent(url.search)}`);
    const text = await request.text();
    const body = text === "" ? undefined : (JSON.parse(text) as JsonValue);
    this.bodies.push(body);
    try {
      if (!url.href.startsWith(`${this.base}/`)) throw new Refusal(404, "no such path");
      if (!this.isPublic(below)) this.authenticate(request.headers);
      if (body !== undefined) this.checkContentType(request.headers.get("content-type") ?? "");
      const path = below.split("/").slice(1).map(decodeURIComponent);
      return this.answer({ method: request.method, path, query: url.searchParams, headers: request.headers, body });
    } catch (error) {
      if (error instanceof Refusal) return this.refuse(error);
      if (error instanceof NaiveError) return this.refuse(new Refusal(400, "invalid operation", error.scimType));
      throw error;
    }
  };

  /** A resource as if it had been created. */
  add(collection: Collection, resource: JsonObject): Stored {
    const id = this.newId();
    const stored = { schemas: [collection.model.schema.id], ...resource, id };
    collection.resources.set(id, stored);
    return stored;
  }

  /** So many users: `user0`, `user1`, … */
  populate(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.add(this.users, { userName: `user${index}`, displayName: `User ${index}` });
    }
  }

  protected newId(): string {
    this.#ids += 1;
    return String(this.#ids);
  }

  protected isPublic(_path: string): boolean {
    return false;
  }

  protected authenticate(headers: Headers): void {
    if (headers.get("authorization") !== `Bearer ${this.token}`) throw new Refusal(401, "no valid token");
  }

  protected checkContentType(type: string): void {
    if (!type.startsWith("application/scim+json")) throw new Refusal(415, `cannot read ${type}`);
  }

  /** A document of RFC 7644 §4 by its path. */
  protected document(_path: readonly string[]): JsonValue | undefined {
    return undefined;
  }

  protected collectionOf(name: string | undefined): Collection | undefined {
    return [this.users, this.groups].find((collection) => collection.name === name);
  }

  protected answer(call: Call): Response {
    const { method, path } = call;
    const document = method === "GET" ? this.document(path) : undefined;
    if (document !== undefined) return this.json(200, document);
    const collection = this.collectionOf(path[0]);
    if (collection === undefined || path.length > 2) throw new Refusal(404, "no such path");
    if (path.length === 1) {
      if (method === "GET") return this.json(200, this.list(collection, call));
      if (method === "POST") return this.create(collection, objectOf(call.body));
      throw new Refusal(405, "no such method");
    }
    const resource = collection.resources.get(path[1] ?? "");
    if (resource === undefined) throw this.missing(collection);
    if (method === "GET") return this.json(200, this.shown(collection, resource));
    if (method === "PUT") return this.replace(collection, resource, objectOf(call.body));
    if (method === "PATCH") return this.patch(collection, resource, objectOf(call.body));
    if (method === "DELETE") return this.remove(collection, resource);
    throw new Refusal(405, "no such method");
  }

  protected list(collection: Collection, { query }: Call): JsonObject {
    const all = [...collection.resources.values()];
    const matching = query.has("filter") ? this.filtered(collection, all, query.get("filter") ?? "") : all;
    const startIndex = Math.max(1, Number(query.get("startIndex") ?? 1));
    const count = Math.min(this.maxCount, Math.max(0, Number(query.get("count") ?? this.defaultCount)));
    const page = matching.slice(startIndex - 1, startIndex - 1 + count);
    return {
      schemas: [LIST],
      totalResults: matching.length,
      startIndex,
      itemsPerPage: page.length,
      Resources: page.map((resource) => this.shown(collection, resource)),
    };
  }

  protected readonly maxCount: number = 100;
  protected readonly defaultCount: number = 100;

  protected filtered(collection: Collection, all: readonly Stored[], text: string): Stored[] {
    const { model } = collection;
    const filter = parseFilter(text);
    const extensions = model.extensions.map((extension) => extension.model.schema);
    return all.filter((resource) => evaluate(filter, resource, [model.schema, ...extensions]));
  }

  protected create(collection: Collection, body: JsonObject): Response {
    const name = collection === this.users ? "userName" : "displayName";
    const taken = [...collection.resources.values()].some((resource) => resource[name] === body[name]);
    if (taken) throw new Refusal(409, `${name} is taken`, "uniqueness");
    return this.json(201, this.shown(collection, this.add(collection, body)));
  }

  protected replace(collection: Collection, resource: Stored, body: JsonObject): Response {
    return this.json(200, this.shown(collection, this.put(collection, resource, body)));
  }

  protected patch(collection: Collection, resource: Stored, body: JsonObject): Response {
    return this.json(200, this.shown(collection, this.patched(collection, resource, this.operations(body))));
  }

  protected operations(body: JsonObject): JsonObject[] {
    const operations = body["Operations"];
    if (!Array.isArray(operations) || operations.length === 0)
      throw new Refusal(400, "no operations", "invalidSyntax");
    return operations.map(objectOf);
  }

  protected patched(collection: Collection, resource: Stored, operations: readonly JsonObject[]): Stored {
    const after = naivePatch(collection.model, resource, operations as unknown as PatchOperation[]);
    return this.put(collection, resource, after);
  }

  protected put(collection: Collection, resource: Stored, body: JsonObject): Stored {
    const stored = { schemas: [collection.model.schema.id], ...body, id: resource.id };
    collection.resources.set(resource.id, stored);
    return stored;
  }

  protected remove(collection: Collection, resource: Stored): Response {
    collection.resources.delete(resource.id);
    return new Response(null, { status: 204 });
  }

  /** A resource as it is returned. */
  protected shown(_collection: Collection, resource: Stored): JsonObject {
    return resource;
  }

  protected missing(collection: Collection): Refusal {
    return new Refusal(404, `there is no such resource in ${collection.name}`);
  }

  protected refuse({ status, message, scimType }: Refusal): Response {
    return this.json(status, {
      schemas: [ERROR],
      status: String(status),
      ...(scimType === undefined ? {} : { scimType }),
      detail: message,
    });
  }

  protected json(status: number, body: unknown): Response {
    return new Response(JSON.stringify(body), { status, headers: { "content-type": this.contentType } });
  }

  protected readonly contentType: string = "application/scim+json";
}

/** A body that has to be an object. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Refusal(400, "the body is no object", "invalidSyntax");
}

/** A value as text. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}
