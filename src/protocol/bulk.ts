/**
 * Bulk messages (RFC 7644 §3.7): operations, requests, responses, and a reader that understands what servers make of them.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import type { ErrorMessage } from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { hasSchema, member } from "./messages.ts";

export const BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
export const BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/**
 * One operation of a bulk (RFC 7644 §3.7). A value `bulkId:x` anywhere in `data`, a segment `bulkId:x` of `path`, and a
 * literal `"bulkId:x"` in the path of a PATCH operation refer to the resource that the POST with the `bulkId` `x` creates.
 */
export type BulkOperation =
  | {
      readonly method: "POST";
      /** The endpoint of a resource type: `/Users`. */
      readonly path: string;
      /** Names the new resource for the other operations; unique. Without one, the operation gets one of its own. */
      readonly bulkId?: string;
      readonly data: object;
    }
  | {
      readonly method: "PUT";
      /** A resource: `/Users/2819c223`, its id percent-encoded, or `/Users/bulkId:x`. */
      readonly path: string;
      readonly bulkId?: string;
      /** The version that the resource must still have (RFC 7644 §3.14). */
      readonly version?: string;
      readonly data: object;
    }
  | {
      readonly method: "PATCH";
      readonly path: string;
      readonly bulkId?: string;
      readonly version?: string;
      /**
       * A PatchOp message, or its operations, which are made one (erratum 5050). Without operations there is nothing to
       * change: it succeeds with 204, and is not sent.
       */
      readonly data: object;
    }
  | {
      readonly method: "DELETE";
      readonly path: string;
      readonly bulkId?: string;
      readonly version?: string;
      readonly data?: undefined;
    };

/** An operation as it is sent. */
export interface BulkRequestOperation {
  readonly method: BulkOperation["method"];
  readonly bulkId?: string;
  readonly version?: string;
  readonly path: string;
  readonly data?: JsonValue;
}

/** The message that POST `/Bulk` takes. */
export interface BulkRequest {
  readonly schemas: readonly [typeof BULK_REQUEST];
  /** The server stops after so many errors. */
  readonly failOnErrors?: number;
  readonly Operations: readonly BulkRequestOperation[];
}

/** What a server says of one operation. */
export interface BulkResponseOperation {
  readonly method?: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly location?: string;
  /** The HTTP status code. */
  readonly status?: string | number;
  /** The body that the operation alone would have been answered with; for an error, the Error message. */
  readonly response?: JsonValue;
}

/** The message that answers a BulkRequest. */
export interface BulkResponse {
  readonly schemas: readonly [typeof BULK_RESPONSE];
  readonly Operations: readonly BulkResponseOperation[];
}

/**
 * Why an operation has failed.
 *
 * - `refused`: the server answered with an error; or `cause` says why the operation was not sent.
 * - `dependency`: it refers to a resource that was not created, or of which the id is not known. It was not sent.
 * - `cycle`: it is one of several that refer to each other in a circle, which do not fit into one request. It was not sent.
 * - `tooLarge`: it alone is larger than `maxPayloadSize`, or than what the server takes. It was not carried out.
 * - `stopped`: `failOnErrors` was reached, or the server takes no more. It was not carried out.
 * - `unanswered`: it was sent, and there is no answer that is certainly its own. It may have been carried out.
 */
export type BulkFailure = "refused" | "dependency" | "cycle" | "tooLarge" | "stopped" | "unanswered";

/**
 * What became of one operation.
 *
 * @typeParam O the operation.
 */
export type BulkResult<O = BulkOperation> =
  | {
      readonly ok: true;
      /** The operation, as it was given. */
      readonly operation: O;
      /** Its position among the operations, from 0. */
      readonly index: number;
      /** The HTTP status code, 200 to 299. */
      readonly status: number;
      readonly location?: string;
      /** The id of the resource, where the answer tells it. */
      readonly id?: string;
      readonly version?: string;
      /** The body, where the server gave one. */
      readonly response?: JsonValue;
    }
  | {
      readonly ok: false;
      readonly operation: O;
      readonly index: number;
      readonly reason: BulkFailure;
      /** The HTTP status code, where the server gave one. */
      readonly status?: number;
      /** The server's Error message; else one that says why, with the status that fits best. */
      readonly error: ErrorMessage;
      /** What the request was rejected with, where there was no answer to it. */
      readonly cause?: unknown;
    };

/**
 * Reads a BulkResponse: member names in any case, a lone operation, a bare array, `status` as text, as a number or as an
 * object with a `code`, `response` as text. What differs from the RFC is reported.
 *
 * @returns `undefined` when the body is no BulkResponse.
 */
export function readBulkResponse(body: unknown, report?: OnDeviation): BulkResponse | undefined {
  const operations = Array.isArray(body) ? body : isJsonObject(body) ? member(body, "Operations") : undefined;
  const named = isJsonObject(body) && hasSchema(body, BULK_RESPONSE);
  if (operations === undefined && !named) return undefined;
  if (!named) report?.(envelope("a bulk response does not name the BulkResponse schema"));
  const listed: unknown[] = Array.isArray(operations) ? operations : operations === undefined ? [] : [operations];
  if (!Array.isArray(operations)) report?.(envelope("Operations is not an array"));
  const answers = listed.filter(isJsonObject);
  if (answers.some((each) => isJsonObject(member(each, "status"))))
    report?.(envelope("the status of a bulk operation is an object"));
  return { schemas: [BULK_RESPONSE], Operations: answers.map(readAnswer) };
}

function readAnswer(answer: JsonObject): BulkResponseOperation {
  const text = (name: string): Record<string, string> => {
    const value = member(answer, name);
    return typeof value === "string" && value !== "" ? { [name]: value } : {};
  };
  const stated = member(answer, "status");
  const code = isJsonObject(stated) ? member(stated, "code") : stated;
  const status = typeof code === "string" && /^[1-5]\d\d$/.test(code) ? Number(code) : code;
  const body = member(answer, "response");
  return {
    ...text("method"),
    ...text("bulkId"),
    ...text("version"),
    ...text("location"),
    ...(typeof status === "number" ? { status: String(status) } : {}),
    ...(body === undefined || body === null ? {} : { response: parsed(body) }),
  };
}

/** Some servers put the body as text. */
function parsed(body: JsonValue): JsonValue {
  if (typeof body !== "string" || !body.startsWith("{")) return body;
  try {
    return JSON.parse(body) as JsonValue;
  } catch {
    return body;
  }
}

function envelope(message: string): Parameters<OnDeviation>[0] {
  return { kind: "envelope", path: "Operations", message, section: "RFC 7644 §3.7.3" };
}
