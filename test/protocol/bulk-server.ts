import { isJsonObject, type JsonObject, type JsonValue } from "../../src/json.ts";
import {
  BULK_RESPONSE,
  type BulkOperation,
  type BulkRequest,
  type BulkRequestOperation,
  type BulkResponse,
  type BulkResponseOperation,
  type BulkResult,
} from "../../src/protocol/bulk.ts";
import { refusal } from "./list-server.ts";

export interface ModelLimits {
  readonly maxOperations?: number;
  readonly maxPayloadSize?: number;
}

/**
 * A service provider with a bulk endpoint, from RFC 7644 §3.7 alone. What it does to a resource is written into the
 * resource: a PATCH adds its values to `log`. A POST or PUT with `refuse: true` is refused.
 */
export class BulkServer {
  readonly resources: Map<string, JsonObject> = new Map();
  /** The bulkId of each POST by the id of what it created. */
  readonly created: Map<string, string | undefined> = new Map();
  readonly requests: BulkRequest[] = [];
  /** How many requests were larger than the limits. */
  tooLarge = 0;
  readonly #limits: ModelLimits;
  #ids = 0;

  constructor(limits: ModelLimits = {}, existing: readonly string[] = []) {
    this.#limits = limits;
    for (const path of existing) this.resources.set(path, { name: path, log: [] });
  }

  /** POST /Bulk. */
  bulk(request: BulkRequest): BulkResponse {
    const { maxOperations = Infinity, maxPayloadSize = Infinity } = this.#limits;
    // RFC 7644 §3.7.4
    const bytes = new TextEncoder().encode(JSON.stringify(request)).length;
    if (request.Operations.length > maxOperations || bytes > maxPayloadSize) {
      this.tooLarge += 1;
      throw refusal(undefined, 413);
    }
    this.requests.push(request);
    const ids = new Map<string, string>();
    const failed = new Set<string>();
    // RFC 7644 §3.7.1: the ids of this request are known before its operations are, so that circles can be resolved.
    for (const { method, bulkId } of request.Operations) {
      if (method === "POST" && bulkId !== undefined) ids.set(bulkId, this.#newId());
    }
    const answers: BulkResponseOperation[] = [];
    let errors = 0;
    for (const operation of request.Operations) {
      const answer = this.#carryOut(operation, ids, failed);
      answers.push(answer);
      if (Number(answer.status) < 300) continue;
      if (operation.bulkId !== undefined) failed.add(operation.bulkId);
      errors += 1;
      if (errors === request.failOnErrors) break;
    }
    return { schemas: [BULK_RESPONSE], Operations: answers };
  }

  /** One request for one operation. */
  single(operation: BulkRequestOperation): BulkResponseOperation {
    const answer = this.#carryOut(operation, new Map(), new Set());
    const { bulkId: _bulkId, ...rest } = answer;
    return rest;
  }

  /** The resources by their names, references to resources as names. */
  state(): Record<string, JsonValue> {
    const named = [...this.resources.entries()].map(([path, { name, ...rest }]): [string, JsonValue] => [
      typeof name === "string" ? name : path,
      JSON.parse(
        JSON.stringify(rest).replaceAll(/"(id-\d+)"/g, (_, id) => JSON.stringify(this.#nameOf(String(id)))),
      ) as JsonValue,
    ]);
    return Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #nameOf(id: string): string {
    for (const [path, { name }] of this.resources)
      if (path.endsWith(`/${id}`) && typeof name === "string") return name;
    return "gone";
  }

  #newId(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }

  #carryOut(
    operation: BulkRequestOperation,
    ids: ReadonlyMap<string, string>,
    failed: ReadonlySet<string>,
  ): BulkResponseOperation {
    const { method, path, bulkId } = operation;
    const named = { method, ...(bulkId === undefined ? {} : { bulkId }) };
    const location = `https://scim.example/v2${path}`;
    const fail = (status: number): BulkResponseOperation => ({
      ...named,
      ...(method === "POST" ? {} : { location }),
      status: String(status),
      response: refusal("invalidValue", status).toError() as unknown as JsonValue,
    });
    if (path.includes("bulkId:")) return fail(400);
    const text = JSON.stringify(operation.data ?? {});
    let unresolved = false;
    const data = JSON.parse(
      text.replaceAll(/"bulkId:([^"]*)"/g, (_, reference) => {
        const id = failed.has(String(reference)) ? undefined : ids.get(String(reference));
        unresolved ||= id === undefined;
        return JSON.stringify(id ?? "");
      }),
    ) as JsonObject;
    if (unresolved || data["refuse"] === true) return fail(unresolved ? 409 : 400);
    if (method === "POST") {
      const id = (bulkId === undefined ? undefined : ids.get(bulkId)) ?? this.#newId();
      this.resources.set(`${path}/${id}`, { ...data, log: [] });
      this.created.set(id, bulkId);
      return { ...named, location: `${location}/${id}`, status: "201" };
    }
    const resource = this.resources.get(path);
    if (resource === undefined) return fail(404);
    if (method === "DELETE") this.resources.delete(path);
    if (method === "PUT") this.resources.set(path, { ...resource, ...data, log: resource["log"] });
    if (method === "PATCH") {
      const operations = Array.isArray(data["Operations"]) ? data["Operations"] : [];
      const log = Array.isArray(resource["log"]) ? resource["log"] : [];
      const values = operations.map((each) => (isJsonObject(each) ? (each["value"] ?? null) : null));
      this.resources.set(path, { ...resource, log: [...log, ...values] });
    }
    return { ...named, location, status: method === "DELETE" ? "204" : "200" };
  }
}

/** Plays a plan against a server, as a client does. */
export function play(
  plan: Generator<BulkRequest, BulkResult[], unknown>,
  answer: (request: BulkRequest) => unknown,
): BulkResult[] {
  let step = plan.next();
  while (step.done !== true) {
    let response: unknown;
    try {
      response = answer(step.value);
    } catch (error) {
      step = plan.throw(error);
      continue;
    }
    step = plan.next(response);
  }
  return step.value;
}

export function post(bulkId: string, members: object = {}): BulkOperation {
  return { method: "POST", path: "/Users", bulkId, data: { name: bulkId, ...members } };
}

export function add(path: string, ...values: readonly JsonValue[]): BulkOperation {
  return { method: "PATCH", path, data: values.map((value) => ({ op: "add", path: "log", value })) };
}
