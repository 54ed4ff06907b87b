/**
 * What became of the operations of a bulk, as it becomes known: results, the ids of new resources, and the count of errors
 * that `failOnErrors` bounds (RFC 7644 §3.7.3).
 *
 * @module
 */
import {
  type ErrorMessage,
  RequestNetworkError,
  SCIMRequestError,
  SCIMResponseError,
  SCIMResponseErrorObject,
} from "../errors.ts";
import { isJsonObject } from "../json.ts";
import type { BulkFailure, BulkResponseOperation, BulkResult } from "./bulk.ts";
import type { BulkEntry } from "./bulk-references.ts";
import { ERROR, readError } from "./messages.ts";

/** What planning and running a bulk have in common. */
export interface BulkOptions {
  /**
   * After so many failed operations no further one is sent; counted over all requests, and over operations that were not
   * sent. A whole number from 1. Default: none, everything is tried.
   */
  readonly failOnErrors?: number;
  /** Called with each result as soon as it is known. */
  readonly onResult?: (result: BulkResult) => void;
}

/** The statuses of Error messages that no server wrote (RFC 9110 §15, RFC 4918 §11.4). */
const STATUS: Readonly<Record<BulkFailure, string>> = {
  refused: "400",
  dependency: "424",
  cycle: "409",
  tooLarge: "413",
  stopped: "424",
  unanswered: "502",
};

/** The answer to an operation that has nothing to say, which is not sent. */
export const DONE: BulkResponseOperation = { status: "204" };

/** Collects results. */
export class BulkResults {
  readonly #entries: readonly BulkEntry[];
  readonly #options: BulkOptions;
  readonly #results: (BulkResult | undefined)[];
  readonly #ids = new Map<string, string>();
  #errors = 0;

  /** @throws {TypeError} when `failOnErrors` is not a whole number from 1. */
  constructor(entries: readonly BulkEntry[], options: BulkOptions) {
    const { failOnErrors } = options;
    if (failOnErrors !== undefined && !(Number.isSafeInteger(failOnErrors) && failOnErrors >= 1)) {
      throw new TypeError('"failOnErrors" must be a whole number of 1 or more (RFC 7644 §3.7)');
    }
    this.#entries = entries;
    this.#options = options;
    this.#results = entries.map(() => undefined);
  }

  /** How many more errors are accepted; `undefined` when any number is. */
  get errorsLeft(): number | undefined {
    const { failOnErrors } = this.#options;
    return failOnErrors === undefined ? undefined : failOnErrors - this.#errors;
  }

  /** Whether `failOnErrors` is reached. */
  get full(): boolean {
    return this.errorsLeft !== undefined && this.errorsLeft <= 0;
  }

  has({ index }: BulkEntry): boolean {
    return this.#results[index] !== undefined;
  }

  /** The id of the resource that a bulkId stands for. */
  readonly idOf = (bulkId: string): string | undefined => this.#ids.get(bulkId);

  /** Why an operation can never be sent: it refers to a resource that there will not be. */
  obstacle({ creates }: BulkEntry): string | undefined {
    for (const index of creates) {
      const result = this.#results[index];
      const bulkId = this.#entries[index]?.bulkId;
      if (result === undefined || bulkId === undefined || this.#ids.has(bulkId)) continue;
      return `it refers to "bulkId:${bulkId}", and ${
        result.ok ? `the server did not tell the id of operation ${index}` : `operation ${index} has failed`
      } (RFC 7644 §3.7.2)`;
    }
    return undefined;
  }

  /** The server has answered the operation that was sent to this path. */
  settle(entry: BulkEntry, path: string, answer: BulkResponseOperation): void {
    const { index, operation, bulkId } = entry;
    const status = Number(answer.status);
    const { location, version, response } = answer;
    if (!Number.isInteger(status) || status < 100 || status > 599) {
      this.fail(entry, "unanswered", "the answer has no status (RFC 7644 §3.7.3)");
    } else if (status >= 200 && status < 300) {
      const id = newId(operation.method === "POST" ? undefined : path, status, answer);
      if (operation.method === "POST" && bulkId !== undefined && id !== undefined) this.#ids.set(bulkId, id);
      this.#add({
        ok: true,
        operation,
        index,
        status,
        ...(location === undefined ? {} : { location }),
        ...(id === undefined ? {} : { id }),
        ...(version === undefined ? {} : { version }),
        ...(response === undefined ? {} : { response }),
      });
    } else {
      const error =
        readError(response, status) ?? message(String(status), `operation ${index} was refused with ${status}`);
      this.#add({ ok: false, operation, index, reason: "refused", status, error });
    }
  }

  /** The operation has failed without an answer of its own. */
  fail({ index, operation }: BulkEntry, reason: BulkFailure, why: string, cause?: unknown): void {
    const error =
      cause instanceof SCIMResponseErrorObject
        ? cause.toError()
        : message(
            cause instanceof SCIMResponseError && cause.status >= 400 ? String(cause.status) : STATUS[reason],
            `operation ${index}: ${why}`,
          );
    this.#add({
      ok: false,
      operation,
      index,
      reason,
      ...(cause instanceof SCIMResponseError ? { status: cause.status } : {}),
      error,
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /**
   * The request that carried the operation was rejected.
   *
   * @param unknownFrom the status from which on nobody knows what the server has done: 500 for a request of several
   *   operations; for one of this operation alone, every error is its answer, but for those of gateways.
   */
  reject(entry: BulkEntry, cause: unknown, unknownFrom: number): void {
    const why = cause instanceof Error ? cause.message : "the request failed";
    const unknown =
      cause instanceof SCIMResponseError
        ? cause.status < 400 || cause.status >= unknownFrom || cause.unknownOutcome
        : cause instanceof RequestNetworkError
          ? cause.unknownOutcome
          : !(cause instanceof SCIMRequestError);
    const tooLarge = cause instanceof SCIMResponseError && cause.status === 413;
    this.fail(entry, unknown ? "unanswered" : tooLarge ? "tooLarge" : "refused", why, cause);
  }

  /** All results, in the order of the operations; those not known yet were stopped. */
  finish(why = "failOnErrors was reached before it was sent (RFC 7644 §3.7)"): BulkResult[] {
    for (const entry of this.#entries) if (!this.has(entry)) this.fail(entry, "stopped", why);
    return this.#results.filter((result) => result !== undefined);
  }

  #add(result: BulkResult): void {
    this.#results[result.index] = result;
    if (!result.ok) this.#errors += 1;
    this.#options.onResult?.(result);
  }
}

function message(status: string, detail: string): ErrorMessage {
  return { schemas: [ERROR], status, detail };
}

/** RFC 7644 §3.7.3: the location of a resource ends in its id. That of a request that is pending does not (RFC 9967 §2.5). */
function newId(path: string | undefined, status: number, answer: BulkResponseOperation): string | undefined {
  const { location, response } = answer;
  if (isJsonObject(response) && typeof response["id"] === "string" && response["id"] !== "") return response["id"];
  const [place = ""] = (path ?? (status === 202 ? "" : (location ?? ""))).split(/[?#]/, 1);
  const id = place.replace(/\/$/, "").split("/").at(-1) ?? "";
  try {
    return id === "" ? undefined : decodeURIComponent(id);
  } catch {
    return id;
  }
}
