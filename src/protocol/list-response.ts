/**
 * Reading lists (RFC 7644 §3.4.2): what servers make of a ListResponse.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { hasSchema, LIST_RESPONSE, member, readCount, type ListResponse } from "./messages.ts";

/**
 * Reads a list (RFC 7644 §3.4.2): member names in any case, `Resources` absent or null when nothing matched, a bare array,
 * numbers as text. What differs from the RFC is reported.
 *
 * @returns `undefined` when the body is no list at all.
 */
export function readList(body: JsonValue | undefined, report?: OnDeviation): ListResponse<JsonValue> | undefined {
  if (Array.isArray(body)) {
    report?.(envelope("a bare array stands where a ListResponse belongs"));
    return { schemas: [LIST_RESPONSE], Resources: body };
  }
  if (!isJsonObject(body)) return undefined;
  const resources = member(body, "Resources");
  const named = hasSchema(body, LIST_RESPONSE);
  const total = readCount(member(body, "totalResults"));
  if (!named && !Array.isArray(resources) && total === undefined) return undefined;
  if (!named) report?.(envelope("a list does not name the ListResponse schema"));
  const listed = Array.isArray(resources) ? resources : isJsonObject(resources) ? [resources] : [];
  if (isJsonObject(resources)) report?.(envelope("Resources holds a lone resource where an array belongs"));
  else if (resources !== undefined && resources !== null && !Array.isArray(resources)) return undefined;
  if (!Object.hasOwn(body, "Resources") && resources !== undefined)
    report?.(envelope("Resources is spelled in another case"));
  const startIndex = readCount(member(body, "startIndex"));
  const itemsPerPage = readCount(member(body, "itemsPerPage"));
  const nextCursor = member(body, "nextCursor");
  const previousCursor = member(body, "previousCursor");
  const first = Math.max(startIndex ?? 1, 1);
  if (total !== undefined && listed.length > 0 && total < first - 1 + listed.length) {
    const place = first === 1 ? "" : ` from position ${first} on`;
    report?.({
      kind: "totalResults",
      path: "totalResults",
      message: `totalResults is ${total} where ${listed.length} resources came${place}; it is ignored`,
      section: "RFC 7644 §3.4.2",
    });
  }
  return {
    schemas: [LIST_RESPONSE],
    ...(total === undefined ? {} : { totalResults: total }),
    ...(startIndex === undefined ? {} : { startIndex }),
    ...(itemsPerPage === undefined ? {} : { itemsPerPage }),
    ...(typeof nextCursor === "string" && nextCursor !== "" ? { nextCursor } : {}),
    ...(typeof previousCursor === "string" && previousCursor !== "" ? { previousCursor } : {}),
    Resources: listed,
  };
}

function envelope(message: string): Parameters<OnDeviation>[0] {
  return { kind: "envelope", path: "", message, section: "RFC 7644 §3.4.2" };
}
