/**
 * When a request is sent again (RFC 9110 §9.2.2, §10.2.3; RFC 6585 §4).
 *
 * @module
 */
import { defined, isJsonObject, kindOf } from "../json.ts";

/** How often and how long a request is tried. Times are in milliseconds. */
export interface RetryOptions {
  /** Most retries of one request; 0 turns retrying off. Default 3. */
  readonly limit?: number | undefined;
  /** The longest `Retry-After` that is waited for; a longer one gives the answer back at once. Default 60 000. */
  readonly maxRetryAfter?: number | undefined;
  /** The wait before the first retry where there is no `Retry-After`; it doubles each time, less up to half. Default 500. */
  readonly backoff?: number | undefined;
  /** The longest such wait. Default 10 000. */
  readonly maxBackoff?: number | undefined;
  /**
   * The whole request with all attempts, waits, redirects and authentication; never less than the time-out of one
   * attempt. Default 120 000.
   */
  readonly totalTimeout?: number | undefined;
}

/** `RetryOptions` with its defaults. */
export type RetryPolicy = { readonly [Name in keyof RetryOptions]-?: number };

const DEFAULTS: RetryPolicy = {
  limit: 3,
  maxRetryAfter: 60_000,
  backoff: 500,
  maxBackoff: 10_000,
  totalTimeout: 120_000,
};

/** The most milliseconds that a timer can hold. */
export const MAX_TIMER = 2_147_483_647;

/** Fills in the defaults. `false` is a limit of 0. Throws `TypeError` for a name that there is not, a negative number and more than a timer can hold. */
export function retryPolicy(options: RetryOptions | false | undefined, base: RetryPolicy = DEFAULTS): RetryPolicy {
  if (options === undefined) return base;
  if (options === false) return { ...base, limit: 0 };
  // Not everybody compiles with types.
  const unknown: unknown = options;
  if (!isJsonObject(unknown)) throw new TypeError(`retry must be its options or false, not ${kindOf(unknown)}`);
  const given = defined(options);
  for (const [name, value] of Object.entries<number>(given)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new TypeError(`"${name}" is not an option of retry; there are ${Object.keys(DEFAULTS).join(", ")}`);
    }
    if (typeof value !== "number" || !(value >= 0 && value <= MAX_TIMER)) {
      throw new TypeError(`retry.${name} must be a number from 0 to ${MAX_TIMER}`);
    }
  }
  return { ...base, ...given };
}

/** Milliseconds of one attempt. Throws `TypeError` for less than one and for more than a timer can hold. */
export function checkTimeout(timeout: number): number {
  if (!(timeout >= 1 && timeout <= MAX_TIMER))
    throw new TypeError(`timeout must be from 1 to ${MAX_TIMER} milliseconds`);
  return timeout;
}

/** What retrying depends on. */
export interface RetryCandidate {
  readonly method: string;
  /** Whether it is POST to `/.search`, which reads (RFC 7644 §3.4.3). */
  readonly search: boolean;
  /** Whether it carries `If-Match`: after a lost answer the same request would meet its own work as a conflict. */
  readonly conditional: boolean;
}

/** Whether a request that got no answer is sent again: GET, PUT without If-Match, DELETE and POST `/.search` are. */
export function retriesFailure(request: RetryCandidate): boolean {
  return isIdempotent(request) && !(request.method === "PUT" && request.conditional);
}

/**
 * Whether an answered request is sent again: GET, PUT without If-Match, DELETE and POST `/.search` on 429, 502, 503 and
 * 504; all others only where the server says that it did nothing: on 429, and on 503 with Retry-After.
 */
export function retriesStatus(request: RetryCandidate, status: number, hasRetryAfter: boolean): boolean {
  if (status === 429) return true;
  if (retriesFailure(request)) return status === 502 || status === 503 || status === 504;
  return status === 503 && hasRetryAfter;
}

/** Whether a write that is answered so may have been carried out: as it is on success, and where a gateway answers. */
export function leavesUnknown(status: number, hasRetryAfter: boolean): boolean {
  return status < 300 || status === 502 || (status === 503 && !hasRetryAfter) || status === 504;
}

/**
 * Milliseconds that `Retry-After` asks for, as seconds or as a date, which is compared with the server's own `Date` where
 * it is given; `undefined` where there is none that makes sense.
 */
export function parseRetryAfter(headers: Headers): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  const date = parseDate(text);
  return date === undefined ? undefined : Math.max(0, date - (parseDate(headers.get("date") ?? "") ?? Date.now()));
}

// The three forms of RFC 9110 §5.6.7; `Date.parse` alone takes much more, a lone number for one.
function parseDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2,8},? [\dA-Za-z: -]{1,40}$/.test(text)) return undefined;
  const date = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : date;
}

/** Milliseconds to wait before retry number `retry`, from 1; `undefined` if the server asks for more than the cap. */
export function retryDelay(policy: RetryPolicy, retry: number, retryAfter: number | undefined): number | undefined {
  const backoff = Math.min(policy.maxBackoff, policy.backoff * 2 ** (retry - 1));
  if (retryAfter === undefined) return backoff * (0.5 + Math.random() / 2);
  if (retryAfter > policy.maxRetryAfter) return undefined;
  // Never earlier than asked, and not all clients in the same instant.
  return retryAfter + Math.random() * Math.min(backoff, 1000);
}

function isIdempotent({ method, search }: RetryCandidate): boolean {
  return method === "GET" || method === "HEAD" || method === "PUT" || method === "DELETE" || search;
}
