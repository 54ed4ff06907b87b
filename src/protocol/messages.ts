/**
 * Messages (RFC 7644 §3.4.2, §3.4.3, §3.12): their URNs, their shapes, and readers that understand what servers make of
 * them.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import type { ErrorMessage } from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";

export const LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
export const SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
export const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

/** One page of an answer to a query (RFC 7644 §3.4.2, RFC 9865 §2). */
export interface ListResponse<T> {
  readonly schemas: readonly [typeof LIST_RESPONSE];
  /** How many resources match in all; absent where the server does not say, as with cursors. */
  readonly totalResults?: number;
  /** Position of the first resource among all, from 1. */
  readonly startIndex?: number;
  /** What the server calls its page size; servers do not agree on its meaning. */
  readonly itemsPerPage?: number;
  /** Where the next page starts (RFC 9865); absent on the last one. */
  readonly nextCursor?: string;
  /** Where the page before this one starts (RFC 9865). */
  readonly previousCursor?: string;
  /** The resources of this page. */
  readonly Resources: T[];
}

/** What a query asks for (RFC 7644 §3.4.2 and §3.4.3). */
export interface SearchParameters {
  /** In the RFC's attribute notation; sent as one comma-separated list. */
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
  readonly filter?: string;
  readonly sortBy?: string;
  /** Default, by the RFC: `ascending`. */
  readonly sortOrder?: "ascending" | "descending";
  /** From 1. */
  readonly startIndex?: number;
  /** How many resources at most; 0 asks for the total alone. */
  readonly count?: number;
  /** Where a page starts (RFC 9865); empty for the first page. */
  readonly cursor?: string;
}

/** The members of a query, in the order they are sent. */
export const SEARCH_PARAMETERS: readonly (keyof SearchParameters)[] = [
  "attributes",
  "excludedAttributes",
  "filter",
  "sortBy",
  "sortOrder",
  "startIndex",
  "count",
  "cursor",
];

/** Whether a message lists this URN among its `schemas`, in any case and order; a lone string counts as a list of one. */
export function hasSchema(message: JsonObject, urn: string): boolean {
  const schemas = member(message, "schemas");
  const listed = Array.isArray(schemas) ? schemas : [schemas];
  return listed.some((schema) => typeof schema === "string" && schema.toLowerCase() === urn.toLowerCase());
}

/** A member by its name in any case (RFC 7643 §2.1), the exact spelling first. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const folded = name.toLowerCase();
  for (const key of Object.keys(object))
    if (key.length === name.length && key.toLowerCase() === folded) return object[key];
  return undefined;
}

/**
 * Reads a SCIM Error message (RFC 7644 §3.12): URN in any case, `status` as text or number.
 *
 * @param status the HTTP status, which wins over the one in the message.
 * @param report hears of what differs from the RFC.
 * @returns `undefined` when this is no Error message. For a status of 400 or more, a message without `schemas` that has a
 *   `scimType` or a `detail` counts as one.
 */
export function readError(
  body: JsonValue | undefined,
  status: number,
  report?: OnDeviation,
): ErrorMessage | undefined {
  if (!isJsonObject(body)) return undefined;
  const named = hasSchema(body, ERROR);
  if (!named && status < 400) return undefined;
  const detail = member(body, "detail");
  const scimType = member(body, "scimType");
  if (!named && typeof detail !== "string" && typeof scimType !== "string") return undefined;
  const stated = readCount(member(body, "status"));
  if (report !== undefined) reportError(body, status, stated, report);
  return {
    schemas: [ERROR],
    status: String(status < 400 && stated !== undefined && stated >= 400 && stated <= 599 ? stated : status),
    ...(typeof scimType === "string" && scimType !== "" ? { scimType } : {}),
    ...(typeof detail === "string" && detail !== "" ? { detail } : {}),
  };
}

/**
 * Whether a value is a SCIM Error message (RFC 7644 §3.12), as verbs return it with `raiseScimErrors: false`.
 *
 * ```ts
 * const user = await scim.query(User, id, { raiseScimErrors: false });
 * if (isScimError(user)) console.log(user.status, user.detail);
 * else console.log(user.userName);
 * ```
 */
export function isScimError(value: unknown): value is ErrorMessage {
  if (!isJsonObject(value) || typeof value["status"] !== "string") return false;
  const { schemas } = value;
  return Array.isArray(schemas) && schemas.length === 1 && schemas[0] === ERROR;
}

function reportError(body: JsonObject, status: number, stated: number | undefined, report: OnDeviation): void {
  const { schemas } = body;
  const section = "RFC 7644 §3.12";
  const tell = (message: string): void => {
    report({ kind: "envelope", path: "", message: `${message} (${section})`, section });
  };
  if (!Array.isArray(schemas) || schemas.length !== 1 || schemas[0] !== ERROR) {
    tell("schemas of an Error must be the Error schema alone");
  }
  if (typeof body["status"] !== "string") tell("status of an Error must be the HTTP status as text");
  if (stated !== undefined && stated !== status)
    tell(`status of an Error is ${stated} where the HTTP status is ${status}`);
}

/** A count as servers write it; anything that is not a whole number from 0 counts as absent. */
export function readCount(value: JsonValue | undefined): number | undefined {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
