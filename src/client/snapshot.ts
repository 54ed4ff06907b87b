/**
 * Arguments as they are now, for a call that has to wait before it can look at them.
 *
 * @module
 */
import { setMember, type JsonObject, type JsonValue } from "../json.ts";

/** Deeper than any message that is sent, and far from what the stack bears. */
const DEEPEST = 200;

/**
 * Copies arrays and plain objects, one that comes again only once. Everything else is kept: what does not change, instances
 * of classes, such as signals and models, and what is nested deeper than 200 levels, for the verb to refuse.
 */
export function snapshot<T>(value: T): T {
  return copyOf(value, new Map(), 0) as T;
}

function copyOf(value: unknown, copies: Map<object, unknown>, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copies.set(value, copy);
    for (const element of value) copy.push(copyOf(element, copies, depth + 1));
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy: JsonObject = {};
  copies.set(value, copy);
  for (const [name, member] of Object.entries(value))
    setMember(copy, name, copyOf(member, copies, depth + 1) as JsonValue);
  return copy;
}
