/**
 * Bulk (RFC 7644 §3.7): many operations in few requests, or one request each where the server has no bulk.
 *
 * @module
 */
import { RequestPending, SCIMResponseError, UnexpectedContentFormat } from "../errors.ts";
import { defined, isJsonObject, kindOf, type JsonValue } from "../json.ts";
import { planBulk } from "../protocol/bulk-plan.ts";
import { runSingly } from "../protocol/bulk-single.ts";
import type { BulkOperation, BulkRequestOperation, BulkResponseOperation, BulkResult } from "../protocol/bulk.ts";
import { member } from "../protocol/messages.ts";
import type { UnknownAttributes } from "../schema/known-part.ts";
import { discreet, isEmpty, reference, subject } from "./answer.ts";
import { BulkCheck, type PlacedOperation } from "./bulk-check.ts";
import type { AnyBulkOperation, BulkResultOf } from "./bulk-operation.ts";
import type { Exchange } from "./exchange.ts";
import type { Answer } from "./http.ts";
import { checkOptions, type CallOptions } from "./options.ts";
import type { Payload } from "./payload.ts";
import type { AnyModel, ServiceDescription } from "./service-description.ts";
import { EXPECTED_STATUS_CODES } from "./status-codes.ts";

/**
 * Options of `bulk`.
 *
 * @typeParam R the results, as `bulk` gives them.
 */
export interface BulkCallOptions<R = BulkResult> extends Pick<
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
  readonly onResult?: ((result: R) => void) | undefined;
}

/** The same, of operations with paths. */
type PlanOptions = Omit<BulkCallOptions, "onResult"> & { readonly onResult: (result: BulkResult) => void };

/** Carries out one bulk for one client. */
export class Bulk {
  readonly #exchange: Exchange;
  readonly #payload: Payload;
  readonly #check: BulkCheck;
  /** What a bulk request was answered with, and what each single request was. */
  #answer: Answer | undefined;
  readonly #answers = new Map<number, Answer>();

  constructor(exchange: Exchange, description: ServiceDescription, payload: Payload) {
    this.#exchange = exchange;
    this.#payload = payload;
    this.#check = new BulkCheck(exchange, description, payload);
  }

  /** Carries out operations; what fails is in the results, in the order of the operations. */
  async run(
    operations: readonly AnyBulkOperation[],
    options: BulkCallOptions<BulkResultOf<AnyModel>> = {},
  ): Promise<BulkResultOf<AnyModel>[]> {
    checkOptions(options, KNOWN);
    const list: unknown = operations;
    if (!Array.isArray(list))
      throw new TypeError(`a bulk is a list of operations, not ${kindOf(list)} (RFC 7644 §3.7)`);
    const placed = operations.map((operation, index) => this.#check.place(operation, index));
    const { onResult, ...others } = options;
    for (const [index, each] of placed.entries()) this.#check.require(each, index, others);
    const checked = this.#exchange.switch("checkRequestPayload", options)
      ? placed.map((each, index) => this.#check.check(each, index, others))
      : placed.map(({ operation }) => operation);
    const known = new Map<number, BulkResultOf<AnyModel>>();
    const hear = (result: BulkResult): void => {
      const own = this.#asGiven(result, operations[result.index], placed[result.index], options);
      known.set(result.index, own);
      onResult?.(own);
    };
    const results = await this.#run(checked, { ...others, onResult: hear });
    return results.map((result) => known.get(result.index) ?? result);
  }

  /** What is sent is completed and in the schema's spelling; callers know the operations that they gave. */
  #asGiven(
    result: BulkResult,
    operation: AnyBulkOperation = result.operation,
    placed: PlacedOperation | undefined,
    options: BulkCallOptions<BulkResultOf<AnyModel>>,
  ): BulkResultOf<AnyModel> {
    if (!result.ok) {
      const { path, data } = result.operation;
      return { ...result, operation, error: discreet(result.error, this.#check.secretsAt(path, data)) };
    }
    const { index, response } = result;
    const answer = this.#answers.get(index) ?? this.#answer;
    this.#answers.delete(index);
    const isResource = placed?.named === true && result.operation.method !== "DELETE" && response !== undefined;
    if (!isResource || placed.model === undefined || answer === undefined) return { ...result, operation };
    if (!this.#exchange.switch("checkResponsePayload", undefined)) return { ...result, operation };
    try {
      const report = this.#exchange.report(sendOptions(options));
      return {
        ...result,
        operation,
        resource: this.#payload.decode(placed.model, response, answer, report, false, index),
      };
    } catch (error) {
      if (!(error instanceof SCIMResponseError)) throw error;
      return { ...result, operation, invalid: error };
    }
  }

  #run(operations: readonly BulkOperation[], options: PlanOptions): Promise<BulkResult[]> {
    const strategy = options.strategy ?? "auto";
    const supported = this.#exchange.supports("bulk", options);
    if (strategy === "single" || (strategy === "auto" && supported !== true))
      return this.#single(operations, options);
    this.#exchange.require("bulk", options);
    return this.#bulk(operations, options);
  }

  async #bulk(operations: readonly BulkOperation[], options: PlanOptions): Promise<BulkResult[]> {
    const { failOnErrors, onResult, signal } = options;
    const report = this.#exchange.report(options);
    const plan = planBulk(operations, {
      ...this.#limits(options),
      ...defined({ failOnErrors, onResult, onDeviation: report }),
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

  async #send(body: JsonValue, options: PlanOptions): Promise<JsonValue> {
    const operations = isJsonObject(body) ? body["Operations"] : undefined;
    const secrets = (): readonly string[] =>
      (Array.isArray(operations) ? operations : []).flatMap((operation) =>
        isJsonObject(operation) ? this.#check.secretsAt(operation["path"], operation["data"]) : [],
      );
    const url = this.#exchange.url("/Bulk", undefined);
    this.#answer = undefined;
    const { answer } = await this.#exchange.run(
      { method: "POST", url, body, expected: EXPECTED_STATUS_CODES.bulk, secrets },
      { ...sendOptions(options), raiseScimErrors: true },
    );
    this.#answer = answer;
    if (answer.body !== undefined) return answer.body;
    throw new UnexpectedContentFormat(
      `${subject(answer)} answered ${answer.status} without a BulkResponse`,
      reference(answer),
    );
  }

  async #single(operations: readonly BulkOperation[], options: PlanOptions): Promise<BulkResult[]> {
    const { failOnErrors, onResult, concurrency, signal } = options;
    const perform = async (operation: BulkRequestOperation, index: number): Promise<BulkResponseOperation> => {
      try {
        return await this.#perform(operation, index, options);
      } catch (error) {
        if (error instanceof RequestPending) return pending(operation, error);
        // Of the family, the signal's reason would pass for the result of this operation.
        throw signal?.aborted === true ? new Error("aborted") : error;
      }
    };
    try {
      return await runSingly(operations, perform, defined({ failOnErrors, onResult, concurrency }));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  async #perform(
    operation: BulkRequestOperation,
    index: number,
    options: PlanOptions,
  ): Promise<BulkResponseOperation> {
    const { method, path, data, version } = operation;
    const { answer } = await this.#exchange.run(
      {
        method,
        url: this.#exchange.url(path, undefined),
        body: data,
        headers: version === undefined ? undefined : { "if-match": version },
        expected: [],
        secrets: () => this.#check.secretsAt(path, data),
      },
      { ...sendOptions(options), raiseScimErrors: true },
    );
    this.#answers.set(index, answer);
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

  #limits(options: PlanOptions): { readonly maxOperations?: number; readonly maxPayloadSize?: number } {
    const config = this.#exchange.context.serviceProviderConfig();
    const bulk = config === undefined ? undefined : member(config, "bulk");
    const published = (name: string): number | undefined => {
      const stated = isJsonObject(bulk) ? member(bulk, name) : undefined;
      const value = typeof stated === "string" ? Number(stated) : stated;
      return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
    };
    return defined({
      maxOperations: options.maxOperations ?? published("maxOperations"),
      maxPayloadSize: options.maxPayloadSize ?? published("maxPayloadSize"),
    });
  }
}

function text(name: "location" | "version", value: JsonValue | undefined): Readonly<Record<string, string>> {
  return typeof value === "string" ? { [name]: value } : {};
}

/** RFC 9967 §2.5: in a bulk an operation that is carried out later has succeeded with 202, and so it has alone. */
function pending({ method }: BulkRequestOperation, { status, location }: RequestPending): BulkResponseOperation {
  return { method, status, ...text("location", location) };
}

/** Options of the bulk that are those of each request. */
function sendOptions(options: Omit<BulkCallOptions, "onResult">): CallOptions {
  const { signal, timeout, retry, headers, onResponse, onDeviation, capabilities } = options;
  return defined({ signal, timeout, retry, headers, onResponse, onDeviation, capabilities });
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
