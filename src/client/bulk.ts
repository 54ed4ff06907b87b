/**
 * Bulk (RFC 7644 §3.7): many operations in few requests, or one request each where the server has no bulk.
 *
 * @module
 */
import {
  RequestPayloadValidationError,
  RequestPending,
  UnexpectedContentFormat,
  UnsupportedByServer,
  type Issue,
} from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { planBulk } from "../protocol/bulk-plan.ts";
import { runSingly } from "../protocol/bulk-single.ts";
import type { BulkOperation, BulkRequestOperation, BulkResponseOperation, BulkResult } from "../protocol/bulk.ts";
import { member } from "../protocol/messages.ts";
import type { UnknownAttributes } from "../schema/known-part.ts";
import { discreet, isEmpty, reference, subject } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import { readModifications, type Modification } from "./modification.ts";
import { checkOptions, type CallOptions } from "./options.ts";
import { refusal, type Payload } from "./payload.ts";
import { secretsIn } from "./secrets.ts";
import type { AnyModel, ServiceDescription } from "./service-description.ts";
import { EXPECTED_STATUS_CODES } from "./status-codes.ts";

/** Options of `bulk`. */
export interface BulkCallOptions extends Pick<
  CallOptions,
  "signal" | "timeout" | "retry" | "headers" | "onResponse" | "checkRequestPayload" | "onDeviation" | "capabilities"
> {
  /** After so many errors no further operation is sent, counted over all requests. Default: none. */
  readonly failOnErrors?: number | undefined;
  /**
   * `bulk` sends bulk requests, `single` one request for each operation, `auto` the first where the server says that it
   * supports them. Default `auto`.
   */
  readonly strategy?: "auto" | "bulk" | "single" | undefined;
  /** How many single requests are under way at a time. Default 4, and 1 with `failOnErrors`. */
  readonly concurrency?: number | undefined;
  /** The most operations of one bulk request. Default: what ServiceProviderConfig says. */
  readonly maxOperations?: number | undefined;
  /** The most bytes of one bulk request. Default: what ServiceProviderConfig says. */
  readonly maxPayloadSize?: number | undefined;
  /** What becomes of attributes that the server's schemas do not define, when a resource is created or replaced: see `WriteOptions`. */
  readonly unknownAttributes?: UnknownAttributes | undefined;
  /** Called with each result as soon as it is known: progress. */
  readonly onResult?: ((result: BulkResult) => void) | undefined;
}

/** Carries out bulks for one client. */
export class Bulk {
  readonly #exchange: Exchange;
  readonly #payload: Payload;
  readonly #description: ServiceDescription;

  constructor(exchange: Exchange, known: { readonly payload: Payload; readonly description: ServiceDescription }) {
    this.#exchange = exchange;
    this.#payload = known.payload;
    this.#description = known.description;
  }

  /** Carries out operations; what fails is in the results, in the order of the operations. */
  async run(operations: readonly BulkOperation[], options: BulkCallOptions = {}): Promise<BulkResult[]> {
    checkOptions(options, KNOWN);
    for (const [index, operation] of operations.entries()) this.#require(operation, index, options);
    const checked = this.#exchange.switch("checkRequestPayload", options)
      ? this.#check(operations, options)
      : operations;
    // What is sent is completed and in the schema's spelling; callers know the operations that they gave.
    const asGiven = (result: BulkResult): BulkResult => {
      const { path, data } = result.operation;
      const operation = operations[result.index] ?? result.operation;
      return result.ok
        ? { ...result, operation }
        : { ...result, operation, error: discreet(result.error, this.#secretsAt(path, data)) };
    };
    const { onResult } = options;
    const heard = onResult === undefined ? {} : { onResult: (result: BulkResult) => onResult(asGiven(result)) };
    const results = await this.#run(checked, { ...options, ...heard });
    return results.map(asGiven);
  }

  #run(operations: readonly BulkOperation[], options: BulkCallOptions): Promise<BulkResult[]> {
    const strategy = options.strategy ?? "auto";
    const supported = this.#exchange.supports("bulk", options);
    if (strategy === "single" || (strategy === "auto" && supported !== true))
      return this.#single(operations, options);
    this.#exchange.require("bulk", options);
    return this.#bulk(operations, options);
  }

  async #bulk(operations: readonly BulkOperation[], options: BulkCallOptions): Promise<BulkResult[]> {
    const { failOnErrors, onResult, signal } = options;
    const report = this.#exchange.report(options);
    const plan = planBulk(operations, {
      ...this.#limits(options),
      ...given({ failOnErrors, onResult, onDeviation: report }),
    });
    let step = plan.next();
    while (step.done !== true) {
      let response: JsonValue;
      try {
        response = await this.#send(step.value as unknown as JsonValue, options);
      } catch (error) {
        signal?.throwIfAborted();
        step = plan.throw(error);
        continue;
      }
      step = plan.next(response);
    }
    return step.value;
  }

  async #send(body: JsonValue, options: BulkCallOptions): Promise<JsonValue> {
    const operations = isJsonObject(body) ? body["Operations"] : undefined;
    const secrets = (): readonly string[] =>
      (Array.isArray(operations) ? operations : []).flatMap((operation) =>
        isJsonObject(operation) ? this.#secretsAt(operation["path"], operation["data"]) : [],
      );
    const url = this.#exchange.url("/Bulk", undefined);
    const { answer } = await this.#exchange.run(
      { method: "POST", url, body, expected: EXPECTED_STATUS_CODES.bulk, secrets },
      { ...sendOptions(options), raiseScimErrors: true },
    );
    if (answer.body !== undefined) return answer.body;
    throw new UnexpectedContentFormat(
      `${subject(answer)} answered ${answer.status} without a BulkResponse`,
      reference(answer),
    );
  }

  async #single(operations: readonly BulkOperation[], options: BulkCallOptions): Promise<BulkResult[]> {
    const { failOnErrors, onResult, concurrency, signal } = options;
    const perform = async (operation: BulkRequestOperation): Promise<BulkResponseOperation> => {
      try {
        return await this.#perform(operation, options);
      } catch (error) {
        if (error instanceof RequestPending) return pending(operation, error);
        // Of the family, the signal's reason would pass for the result of this operation.
        throw signal?.aborted === true ? new Error("aborted") : error;
      }
    };
    try {
      return await runSingly(operations, perform, given({ failOnErrors, onResult, concurrency }));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  async #perform(operation: BulkRequestOperation, options: BulkCallOptions): Promise<BulkResponseOperation> {
    const { method, path, data, version } = operation;
    const { answer } = await this.#exchange.run(
      {
        method,
        url: this.#exchange.url(path, undefined),
        body: data,
        headers: version === undefined ? undefined : { "if-match": version },
        expected: [],
        secrets: () => this.#secretsAt(path, data),
      },
      { ...sendOptions(options), raiseScimErrors: true },
    );
    const meta = isJsonObject(answer.body) ? answer.body["meta"] : undefined;
    const { location, version: current } = isJsonObject(meta) ? meta : {};
    return {
      method,
      status: answer.status,
      ...text("location", answer.headers.get("location") ?? location),
      ...text("version", answer.headers.get("etag") ?? current),
      ...(isEmpty(answer) || answer.body === undefined ? {} : { response: answer.body }),
    };
  }

  #limits(options: BulkCallOptions): { readonly maxOperations?: number; readonly maxPayloadSize?: number } {
    const config = this.#description.serviceProviderConfig;
    const bulk = config === undefined ? undefined : member(config, "bulk");
    const published = (name: string): number | undefined => {
      const stated = isJsonObject(bulk) ? member(bulk, name) : undefined;
      const value = typeof stated === "string" ? Number(stated) : stated;
      return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
    };
    return given({
      maxOperations: options.maxOperations ?? published("maxOperations"),
      maxPayloadSize: options.maxPayloadSize ?? published("maxPayloadSize"),
    });
  }

  /** Nothing of a bulk is sent where the server cannot do a part of it, or would not heed a version (RFC 7644 §3.14). */
  #require(operation: BulkOperation, index: number, options: BulkCallOptions): void {
    const model = this.#modelAt(operation.path);
    const capability = isMethod(operation.method) ? CAPABILITIES[operation.method] : undefined;
    try {
      if (capability !== undefined) this.#exchange.require(capability, options, model);
      if (operation.method !== "POST" && operation.version !== undefined)
        this.#exchange.requireVersions(options, model);
    } catch (error) {
      if (!(error instanceof UnsupportedByServer)) throw error;
      throw new UnsupportedByServer(error.capability, `operation ${index} of the bulk: ${error.message}`);
    }
  }

  /** Each operation, checked as the verb would check it. Where nothing is known of the server, it has to judge. */
  #check(operations: readonly BulkOperation[], options: BulkCallOptions): readonly BulkOperation[] {
    return operations.map((operation, index) => {
      const model = this.#checkPath(operation, index);
      if (model === undefined || operation.data === undefined) return operation;
      try {
        return { ...operation, data: this.#checkData(model, operation.method, operation.data, options) };
      } catch (error) {
        if (!(error instanceof RequestPayloadValidationError)) throw error;
        const [first, ...more] = error.issues.map((issue) => at(issue, index));
        if (first === undefined) throw error;
        const where = `operation ${index} of the bulk`;
        throw operation.method === "PATCH"
          ? new RequestPayloadValidationError(where, [first, ...more])
          : refusal(where, [first, ...more]);
      }
    });
  }

  /** RFC 7644 §3.7: the path of a POST is the endpoint of a resource type, every other that of a resource. */
  #checkPath({ method, path }: BulkOperation, index: number): AnyModel | undefined {
    // What is no operation at all is refused when the bulk is planned.
    if (typeof path !== "string" || path === "" || !isMethod(method)) return undefined;
    const located = this.#exchange.context.base.locate(path);
    if ("outside" in located) {
      throw new TypeError(`operation ${index}, a ${method}: the path "${path}" is not below the base URL`);
    }
    const { models } = this.#description;
    const model = this.#modelAt(path);
    const [place = ""] = located.path.split("?", 1);
    if (model === undefined) {
      if (models.length === 0 || ME.test(place)) return undefined;
      throw this.#description.unknownEndpoint(`operation ${index}, a ${method}: nothing is known of "${path}"`);
    }
    const isEndpoint = place.replace(/\/$/, "") === model.endpoint;
    if (isEndpoint === (method === "POST")) return model;
    throw new TypeError(
      method === "POST"
        ? `operation ${index}, a POST, goes to the endpoint ${model.endpoint}, not to "${path}" (RFC 7644 §3.7)`
        : `operation ${index}, a ${method}, needs an id in its path, such as ${model.endpoint}/2819c223 (RFC 7644 §3.7)`,
    );
  }

  #checkData(model: AnyModel, method: BulkOperation["method"], data: object, options: BulkCallOptions): JsonObject {
    if (method === "PATCH") {
      const checked = { ...sendOptions(options), checkRequestPayload: true };
      const { messages, unsupported } = readModifications(this.#exchange, model, data as Modification, checked);
      if (unsupported !== undefined) throw unsupported;
      if (messages.length > 1) throw new TypeError("the server takes such a PATCH in several requests; use modify");
      const [message] = messages;
      return isJsonObject(message) ? message : { Operations: [] };
    }
    const unknown = this.#exchange.unknownAttributes(options);
    return this.#payload.encode(model, method === "POST" ? "create" : "replace", data, unknown);
  }

  #secretsAt(path: JsonValue | undefined, data: unknown): readonly string[] {
    const model = this.#modelAt(path);
    return model === undefined ? [] : secretsIn(model, data);
  }

  /** The model of what a path leads to, where there is one. */
  #modelAt(place: unknown): AnyModel | undefined {
    const located = typeof place === "string" ? this.#exchange.context.base.locate(place) : undefined;
    if (located === undefined || "outside" in located) return undefined;
    const [path = ""] = located.path.split("?", 1);
    return this.#description.models.find(({ endpoint }) => path === endpoint || path.startsWith(`${endpoint}/`));
  }
}

const CAPABILITIES = { POST: "create", PUT: "replace", PATCH: "patch", DELETE: "delete" } as const;

/** An alias for a resource of a type that nobody names (RFC 7644 §3.11). */
const ME = /^\/Me\/?$/i;

/** Callers without types may give anything. */
function isMethod(method: string): method is BulkOperation["method"] {
  return Object.hasOwn(CAPABILITIES, method);
}

function at(issue: Issue, index: number): Issue {
  return { ...issue, path: `Operations[${index}]${issue.path === "" ? "" : `.${issue.path}`}` };
}

function text(name: "location" | "version", value: JsonValue | undefined): Readonly<Record<string, string>> {
  return typeof value === "string" ? { [name]: value } : {};
}

/** RFC 9967 §2.5: in a bulk an operation that is carried out later has succeeded with 202, and so it has alone. */
function pending({ method }: BulkRequestOperation, { status, location }: RequestPending): BulkResponseOperation {
  return { method, status, ...text("location", location) };
}

/** Options of the bulk that are those of each request. */
function sendOptions(options: BulkCallOptions): CallOptions {
  const { signal, timeout, retry, headers, onResponse, onDeviation, capabilities } = options;
  return given({ signal, timeout, retry, headers, onResponse, onDeviation, capabilities });
}

const KNOWN: Readonly<Record<keyof BulkCallOptions, true>> = {
  capabilities: true,
  checkRequestPayload: true,
  concurrency: true,
  failOnErrors: true,
  headers: true,
  maxOperations: true,
  maxPayloadSize: true,
  onDeviation: true,
  onResponse: true,
  onResult: true,
  retry: true,
  signal: true,
  strategy: true,
  timeout: true,
  unknownAttributes: true,
};

/** Leaves out what is undefined. */
function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
