/**
 * Arguments as they are now, for a call that has to wait before it can look at them.
 *
 * @module
 */
import { setMember, type JsonObject, type JsonValue } from "../json.ts";

/**
 * Copies arrays and plain objects as deep as they go, one that comes again only once. Everything else is kept: what does not
 * change, and instances of classes, such as signals and models.
 */
export function snapshot<T>(value: T): T {
  return copyOf(value, new Map()) as T;
}

function copyOf(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copies.set(value, copy);
    for (const element of value) copy.push(copyOf(element, copies));
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy: JsonObject = {};
  copies.set(value, copy);
  for (const [name, member] of Object.entries(value)) setMember(copy, name, copyOf(member, copies) as JsonValue);
  return copy;
}
