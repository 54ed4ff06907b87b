import { isJsonObject, type JsonObject, type JsonValue } from "../../src/json.ts";
import { BULK_RESPONSE } from "../../src/protocol/bulk.ts";
import type { Reply } from "../client/replay.ts";
import { BASE, error, type Message, plain } from "./message.ts";
import type { Provider } from "./provider.ts";

/** `POST /Bulk` (RFC 7644 §3.7), within the limits that the provider publishes. */
export function carryOutBulk(provider: Provider, message: Message): Reply {
  const { bulk: limits = { maxOperations: 1000, maxPayloadSize: 1_048_576 } } = provider.options;
  if (limits === false) return error(501);
  const { body } = message;
  const operations = isJsonObject(body) && Array.isArray(body["Operations"]) ? body["Operations"] : undefined;
  if (!isJsonObject(body) || operations === undefined) return error(400, "invalidSyntax");
  if ((message.size ?? 0) > limits.maxPayloadSize || operations.length > limits.maxOperations) return error(413);
  const failOnErrors = typeof body["failOnErrors"] === "number" ? body["failOnErrors"] : Infinity;
  const run = new BulkRun(provider, operations.filter(isJsonObject));
  return { body: { schemas: [BULK_RESPONSE], Operations: run.answers(failOnErrors) } };
}

class BulkRun {
  readonly #provider: Provider;
  readonly #operations: readonly JsonObject[];
  /** The ids of what is created are known beforehand, so that references may lead ahead (RFC 7644 §3.7.1). */
  readonly #ids = new Map<JsonValue, string>();

  constructor(provider: Provider, operations: readonly JsonObject[]) {
    this.#provider = provider;
    this.#operations = operations;
    for (const { method, bulkId } of operations) {
      if (method === "POST" && bulkId !== undefined) this.#ids.set(bulkId, provider.newId());
    }
  }

  answers(failOnErrors: number): JsonObject[] {
    const answers: JsonObject[] = [];
    let errors = 0;
    for (const operation of this.#operations) {
      const answer = this.#carryOut(operation);
      answers.push(answer);
      if (Number(answer["status"]) < 300) continue;
      if (operation["bulkId"] !== undefined) this.#ids.delete(operation["bulkId"]);
      errors += 1;
      if (errors >= failOnErrors) break;
    }
    return answers;
  }

  #carryOut(operation: JsonObject): JsonObject {
    const { method, path, bulkId, version, data } = operation;
    const named = { ...(method === undefined ? {} : { method }), ...(bulkId === undefined ? {} : { bulkId }) };
    const reply = this.#reply(plain(method), plain(path), version, data, bulkId);
    const location = reply.headers?.["location"] ?? (method === "POST" ? undefined : `${BASE}${plain(path)}`);
    return {
      ...named,
      ...(location === undefined ? {} : { location }),
      ...(reply.headers?.["etag"] === undefined ? {} : { version: reply.headers["etag"] }),
      status: String(reply.status ?? 200),
      ...((reply.status ?? 200) >= 300 ? { response: reply.body as JsonValue } : {}),
    };
  }

  #reply(
    method: string,
    path: string,
    version: JsonValue | undefined,
    data: JsonValue | undefined,
    bulkId: JsonValue | undefined,
  ): Reply {
    // RFC 7644 §3.7: the bulkId is required of a POST, and stands in no path.
    if ((method === "POST" && typeof bulkId !== "string") || path.includes("bulkId:"))
      return error(400, "invalidSyntax");
    const body = data === undefined ? undefined : this.#resolved(data);
    if (body === DANGLING) return error(409);
    const ifMatch = typeof version === "string" ? version : undefined;
    const newId = method === "POST" ? this.#ids.get(bulkId ?? "") : undefined;
    return this.#provider.handle({ method, path, ifMatch, body, newId });
  }

  #resolved(value: JsonValue): JsonValue | typeof DANGLING {
    if (typeof value === "string") {
      return value.startsWith("bulkId:") ? (this.#ids.get(value.slice("bulkId:".length)) ?? DANGLING) : value;
    }
    if (Array.isArray(value)) {
      const resolved = value.map((each) => this.#resolved(each));
      const whole = resolved.filter((each) => each !== DANGLING);
      return whole.length < resolved.length ? DANGLING : whole;
    }
    if (!isJsonObject(value)) return value;
    const object: JsonObject = {};
    for (const [name, each] of Object.entries(value)) {
      const resolved = each === undefined ? undefined : this.#resolved(each);
      if (resolved === DANGLING) return DANGLING;
      object[name] = resolved;
    }
    return object;
  }
}

/** A reference to what is not created by this request. */
const DANGLING = Symbol("dangling");
