/**
 * Any number of operations as a sequence of bulk requests that keep within a server's limits (RFC 7644 §3.7.4).
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import { SCIMResponseError } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import {
  BULK_REQUEST,
  BULK_RESPONSE,
  type BulkFailure,
  type BulkOperation,
  type BulkRequest,
  type BulkRequestOperation,
  type BulkResult,
  readBulkResponse,
} from "./bulk.ts";
import { pairAnswers, understandAnswers } from "./bulk-answers.ts";
import { type BulkUnit, orderOperations } from "./bulk-order.ts";
import { type BulkEntry, isNothing, readEntries, wireOperation } from "./bulk-references.ts";
import { type BulkOptions, BulkResults, DONE } from "./bulk-results.ts";
import { hasSchema } from "./messages.ts";

/** What a server takes in one bulk request (RFC 7643 §5), and what the caller wants. */
export interface BulkLimits extends BulkOptions {
  /** The most operations of one request; 0 and absence mean that it is not known. */
  readonly maxOperations?: number;
  /** The most bytes of one request, as JSON without blanks in UTF-8; 0 and absence mean that it is not known. */
  readonly maxPayloadSize?: number;
  /** Called with whatever differs from the RFC in a response and is understood all the same. */
  readonly onDeviation?: OnDeviation;
}

/**
 * Plans a bulk of any size. The generator yields a request and receives the response to it, until it returns a result for
 * each operation, in the order of the operations.
 *
 * Operations are sent in the order given, but that one that refers to a resource to be created comes after its creation.
 * References are replaced where the resource was created in an earlier request, and left to the server where it is created
 * in the same one. A reference in a path makes an operation wait for the next request: RFC 7644 lets no bulkId stand there.
 * POSTs that refer to each other in a circle go into one request (RFC 7644 §3.7.1).
 *
 * Where a request is rejected, `throw` the error into the generator: its operations get it for their result, unless its body
 * is a BulkResponse, and the plan goes on. After 413 it sends the same operations in smaller requests. It ends when the server takes no bulk at all (401,
 * 403, 404, 405, 501), and when two requests in a row are rejected.
 *
 * @throws {TypeError} for operations that no server can carry out: see `BulkOperation`. At once, before anything is sent.
 * @throws what was thrown in first, at the end, when no request was answered at all.
 */
export function planBulk(
  operations: readonly BulkOperation[],
  limits: BulkLimits = {},
): Generator<BulkRequest, BulkResult[], unknown> {
  const entries = readEntries(operations);
  return new BulkPlan(entries, limits).run();
}

/** The server takes no bulk from this client. */
const FATAL: ReadonlySet<number> = new Set([401, 403, 404, 405, 501]);

class BulkPlan {
  readonly #units: readonly BulkUnit[];
  readonly #limits: BulkLimits;
  readonly #results: BulkResults;
  #maxOperations: number;
  readonly #maxPayloadSize: number;
  /** The first unit that has no request yet. */
  #next = 0;

  constructor(entries: readonly BulkEntry[], limits: BulkLimits) {
    this.#units = orderOperations(entries);
    this.#limits = limits;
    this.#results = new BulkResults(entries, limits);
    this.#maxOperations = bound("maxOperations", limits.maxOperations);
    this.#maxPayloadSize = bound("maxPayloadSize", limits.maxPayloadSize);
  }

  *run(): Generator<BulkRequest, BulkResult[], unknown> {
    let answered = false;
    let rejections = 0;
    let first: { readonly error: unknown } | undefined;
    while (this.#next < this.#units.length && !this.#results.full) {
      const start = this.#next;
      const batch = this.#fill();
      if (batch.sent.length === 0) continue;
      let response: unknown;
      try {
        response = yield batch.request();
      } catch (error) {
        response = told(error);
        if (response !== undefined) {
          answered = true;
          rejections = 0;
          this.#settle(batch, response);
          continue;
        }
        if (error instanceof SCIMResponseError && error.status === 413) {
          answered = true;
          if (batch.units > 1) {
            this.#maxOperations = Math.max(Math.floor(batch.sent.length / 2), batch.largestUnit);
            this.#next = start;
          } else for (const { entry } of batch.sent) this.#results.reject(entry, error, 500);
          continue;
        }
        first ??= { error };
        rejections += 1;
        for (const { entry } of batch.sent) this.#results.reject(entry, error, 500);
        if (rejections > 1 || (error instanceof SCIMResponseError && FATAL.has(error.status))) {
          if (!answered) throw first.error;
          return this.#results.finish("the server takes no more bulk requests");
        }
        continue;
      }
      answered = true;
      rejections = 0;
      this.#settle(batch, response);
    }
    if (!answered && first !== undefined) throw first.error;
    return this.#results.finish();
  }

  /** The next request, as full as the limits and the references allow. */
  #fill(): Batch {
    let batch = new Batch(this.#results.errorsLeft);
    for (; this.#next < this.#units.length && !this.#results.full; this.#next += 1) {
      const unit = this.#units[this.#next];
      if (unit === undefined || unit.entries.some((entry) => this.#results.has(entry))) continue;
      const failure = this.#failure(unit);
      if (failure === undefined) {
        // The id is in the answer to this very request.
        if (unit.entries.some(({ early }) => [...early].some((create) => batch.holds(create)))) return batch;
        const operations = unit.entries.map((entry) => wireOperation(entry, this.#results.idOf));
        const [entry] = unit.entries;
        if (isNothing(entry)) {
          this.#results.settle(entry, operations[0]?.path ?? "", DONE);
          continue;
        }
        if (batch.add(unit, operations, this.#maxOperations, this.#maxPayloadSize)) continue;
        if (batch.sent.length > 0) return batch;
      }
      // Errors count in the order of the operations: first come those that are about to be sent.
      if (batch.sent.length > 0 && this.#results.errorsLeft !== undefined) return batch;
      const [reason, why] = failure ?? (unit.circular ? CYCLE : this.#tooLarge);
      for (const entry of unit.entries) this.#results.fail(entry, reason, why);
      if (batch.sent.length === 0) batch = new Batch(this.#results.errorsLeft);
    }
    return batch;
  }

  /** Why the unit cannot be sent, whatever its size. */
  #failure({ entries, circular }: BulkUnit): Failure | undefined {
    for (const entry of entries) {
      const obstacle = this.#results.obstacle(entry);
      if (obstacle !== undefined) return ["dependency", obstacle];
    }
    if (!circular) return undefined;
    const members = new Set(entries.map(({ index }) => index));
    return entries.some(({ early }) => [...early].some((create) => members.has(create))) ? CYCLE : undefined;
  }

  get #tooLarge(): Failure {
    return ["tooLarge", `a request of it alone is larger than ${this.#maxPayloadSize} bytes (RFC 7644 §3.7.4)`];
  }

  #settle(batch: Batch, response: unknown): void {
    const { onDeviation } = this.#limits;
    const operations = batch.sent.map(({ operation }) => operation);
    const read = readBulkResponse(response, onDeviation)?.Operations ?? [];
    const answers = understandAnswers(operations, read, onDeviation);
    const errors = answers.filter(({ status }) => Number(status) >= 300).length;
    const stopped = errors >= (this.#results.errorsLeft ?? Infinity);
    const pairs = pairAnswers(operations, answers, stopped);
    const doubtful = answers.length > pairs.filter((answer) => answer !== undefined).length;
    for (const [at, { entry, operation }] of batch.sent.entries()) {
      const answer = pairs[at];
      if (answer !== undefined) this.#results.settle(entry, operation.path, answer);
      else if (stopped && !doubtful)
        this.#results.fail(entry, "stopped", "the server stopped before it (RFC 7644 §3.7.3)");
      else
        this.#results.fail(
          entry,
          "unanswered",
          "the response holds no answer that is certainly its own (RFC 7644 §3.7.3)",
        );
    }
  }
}

/**
 * The BulkResponse that came with an error code: RFC 7644 §3.7 wants one of a bulk that was not "processed successfully",
 * and some servers take an operation that failed for that.
 */
function told(error: unknown): unknown {
  const body = error instanceof SCIMResponseError ? error.body : undefined;
  return isJsonObject(body) && hasSchema(body, BULK_RESPONSE) ? body : undefined;
}

type Failure = readonly [BulkFailure, string];

const CYCLE: Failure = [
  "cycle",
  "it refers to itself, through others that do not fit into one request with it (RFC 7644 §3.7.1)",
];

/** One request in the making. */
class Batch {
  readonly sent: { readonly entry: BulkEntry; readonly operation: BulkRequestOperation }[] = [];
  /** How many units it has, and how many operations the largest. */
  units = 0;
  largestUnit = 0;
  readonly #errorsLeft: number | undefined;
  readonly #positions = new Set<number>();
  #size: number;

  constructor(errorsLeft: number | undefined) {
    this.#errorsLeft = errorsLeft;
    this.#size = size(this.request());
  }

  /** Whether it holds the operation at this position. */
  holds(index: number): boolean {
    return this.#positions.has(index);
  }

  /** Adds the operations of a unit, all or none. */
  add(
    { entries }: BulkUnit,
    operations: readonly BulkRequestOperation[],
    maxOperations: number,
    maxPayloadSize: number,
  ): boolean {
    const commas = this.sent.length === 0 ? operations.length - 1 : operations.length;
    const grown = operations.reduce((sum, operation) => sum + size(operation), this.#size + commas);
    if (this.sent.length + operations.length > maxOperations || grown > maxPayloadSize) return false;
    for (const [at, operation] of operations.entries()) {
      const entry = entries[at];
      if (entry === undefined) continue;
      this.sent.push({ entry, operation });
      this.#positions.add(entry.index);
    }
    this.units += 1;
    this.largestUnit = Math.max(this.largestUnit, operations.length);
    this.#size = grown;
    return true;
  }

  request(): BulkRequest {
    return {
      schemas: [BULK_REQUEST],
      ...(this.#errorsLeft === undefined ? {} : { failOnErrors: this.#errorsLeft }),
      Operations: this.sent.map(({ operation }) => operation),
    };
  }
}

const encoder = new TextEncoder();

/** In bytes of UTF-8. */
function size(message: BulkRequest | BulkRequestOperation): number {
  return encoder.encode(JSON.stringify(message)).length;
}

function bound(name: string, value: number | undefined): number {
  if (value === undefined || value === 0) return Infinity;
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TypeError(`"${name}" must be a whole number (RFC 7643 §5)`);
  return value;
}
