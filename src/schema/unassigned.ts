/**
 * Unassigned values (RFC 7643 §2.5): when an attribute has none, and when nothing in a complex one has.
 *
 * @module
 */
import { isJsonObject, type JsonValue } from "../json.ts";

/** How deep values are looked into; schemas go eight levels at most. */
const DEPTH = 32;

/** Whether a value makes an attribute unassigned: absent, null or an empty array (RFC 7643 §2.5). */
export function isUnassigned(value: JsonValue | undefined): value is null | undefined | never[] {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/**
 * Whether nothing is assigned in a value: unassigned itself, or an object or array in which nothing is. An extension is
 * populated when its value is not so.
 */
export function isHollow(value: JsonValue | undefined, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return value === undefined || value === null;
  if (depth > DEPTH) return false;
  if (Array.isArray(value)) return value.every((element) => isHollow(element, depth + 1));
  return Object.keys(value).every((key) => isHollow(value[key], depth + 1));
}

/** Whether a value unassigns something in so many words: by null or an empty array, itself or in what it is made of. */
export function unassigns(value: JsonValue | undefined, depth = 0): boolean {
  if (isUnassigned(value)) return value !== undefined;
  if (!isJsonObject(value) || depth > DEPTH) return false;
  return Object.keys(value).some((key) => unassigns(value[key], depth + 1));
}
