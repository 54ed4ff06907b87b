/**
 * Values of attributes compared: when two are the same, and what tells one value of a multi-valued attribute from the
 * others (RFC 7643 §2.4 and §2.5).
 *
 * @module
 */
import { isJsonObject, setMember, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute, Attributes } from "../schema/attribute.ts";
import { isPrimary } from "../schema/primary.ts";
import { isHollow, isUnassigned } from "../schema/unassigned.ts";
import { member } from "./messages.ts";

/** How deep values are compared; schemas go eight levels at most. */
const DEPTH = 32;

/** The own member that holds an attribute, whatever its case; the schema's spelling counts first (RFC 7643 §2.1). */
export function memberName(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  let folded: string | undefined;
  for (const key of Object.keys(object)) {
    if (key.length !== name.length) continue;
    folded ??= name.toLowerCase();
    if (key.toLowerCase() === folded) return key;
  }
  return undefined;
}

/** Which parts of a value a comparison leaves out. */
export type Ignored = "nothing" | "readOnly";

/**
 * Whether two values of an attribute are the same in state: unassigned in any form is the same (RFC 7643 §2.5), `primary`
 * that is false is as good as absent and the order of multiple values has no meaning (§2.4). Text is compared exactly: a
 * value whose case changes does change.
 *
 * @param attribute `undefined` for what no schema defines.
 */
export function sameValue(
  attribute: Attribute | undefined,
  one: JsonValue | undefined,
  other: JsonValue | undefined,
  ignored: Ignored = "nothing",
  depth = 0,
): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return isHollow(one) && isHollow(other);
  }
  if (depth > DEPTH) return false;
  if (Array.isArray(one) && Array.isArray(other)) return sameValues(attribute, one, other, ignored);
  if (Array.isArray(one) || Array.isArray(other)) return isHollow(one) && isHollow(other);
  const level = attribute?.subAttributes;
  for (const key of Object.keys(one)) {
    const sub = level?.get(key);
    if (ignored === "readOnly" && sub?.mutability === "readOnly") continue;
    if (!sameMember(attribute, sub, one[key], member(other, key), ignored, depth)) return false;
  }
  for (const key of Object.keys(other)) {
    const sub = level?.get(key);
    if (ignored === "readOnly" && sub?.mutability === "readOnly") continue;
    if (memberName(one, key) === undefined && !sameMember(attribute, sub, undefined, other[key], ignored, depth))
      return false;
  }
  return true;
}

function sameMember(
  parent: Attribute | undefined,
  sub: Attribute | undefined,
  one: JsonValue | undefined,
  other: JsonValue | undefined,
  ignored: Ignored,
  depth: number,
): boolean {
  if (isPrimary(parent, sub)) return (one === true) === (other === true);
  return sameValue(sub, one, other, ignored, depth + 1);
}

/** As multisets; most often the order is the same and nothing has to be sorted. */
function sameValues(
  attribute: Attribute | undefined,
  one: readonly JsonValue[],
  other: readonly JsonValue[],
  ignored: Ignored,
): boolean {
  if (one.length === other.length && one.every((value, index) => value === other[index])) return true;
  const [keys, others] = [one, other].map((values) => {
    const assigned = values.filter((value) => !isHollow(value));
    return assigned.map((value) => canonical(attribute, value, "exact", ignored)).toSorted();
  });
  return keys?.length === others?.length && keys?.every((key, index) => key === others?.[index]) === true;
}

/** What of a value a client can write, in the schema's spelling: nothing readOnly, nothing unassigned. */
export function writable(attribute: Attribute | undefined, value: JsonValue | undefined): JsonValue | undefined {
  if (isUnassigned(value)) return undefined;
  const level = attribute?.subAttributes;
  if (level === undefined || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    return value.flatMap((element) => {
      const written = writable(attribute, element);
      return isHollow(written) || written === undefined ? [] : [written];
    });
  }
  const result: JsonObject = {};
  for (const key of Object.keys(value)) {
    const sub = level.get(key);
    const written = sub?.mutability === "readOnly" ? undefined : writable(sub, value[key]);
    if (written !== undefined) setMember(result, sub?.name ?? key, written);
  }
  return result;
}

/**
 * The first immutable attribute that an object has a value of, in it or in a single-valued complex attribute of it; from the
 * outer to the inner. What multi-valued attributes hold can be removed and added with them.
 */
export function findImmutable(attributes: Attributes, object: JsonObject): readonly Attribute[] | undefined {
  for (const attribute of attributes) {
    const value = member(object, attribute.name);
    if (attribute.mutability === "immutable" && !isHollow(value)) return [attribute];
    if (attribute.multiValued || attribute.subAttributes === undefined || !isJsonObject(value)) continue;
    const inner = findImmutable(attribute.subAttributes, value);
    if (inner !== undefined) return [attribute, ...inner];
  }
  return undefined;
}

/** How text counts: as it is, or as the attribute's `caseExact` says. */
export type TextRule = "exact" | "caseExact";

/** A text that two values have in common exactly when they are the same in the sense of `sameValue`. */
export function canonical(
  attribute: Attribute | undefined,
  value: JsonValue | undefined,
  text: TextRule,
  ignored: Ignored = "nothing",
  depth = 0,
): string {
  if (isHollow(value) || value === undefined) return "null";
  if (typeof value === "string") return JSON.stringify(foldText(attribute, value, text));
  if (typeof value !== "object" || value === null) return String(value);
  if (depth > DEPTH) throw new TypeError(`the values of an attribute nest more than ${DEPTH} deep`);
  if (Array.isArray(value)) {
    const assigned = value.filter((element) => !isHollow(element));
    const values = assigned.map((element) => canonical(attribute, element, text, ignored, depth + 1));
    return `[${values.toSorted().join()}]`;
  }
  const level = attribute?.subAttributes;
  const members: string[] = [];
  for (const key of Object.keys(value)) {
    const sub = level?.get(key);
    if (ignored === "readOnly" && sub?.mutability === "readOnly") continue;
    const part = value[key];
    if (isHollow(part) || (isPrimary(attribute, sub) && part !== true)) continue;
    const name = JSON.stringify(sub === undefined ? key : sub.name);
    members.push(`${name}:${canonical(sub, part, text, ignored, depth + 1)}`);
  }
  return members.length === 0 ? "null" : `{${members.toSorted().join()}}`;
}

/** Text as comparisons see it (RFC 7643 §2.2, `caseExact`). */
export function foldText(attribute: Attribute | undefined, text: string, rule: TextRule = "caseExact"): string {
  return rule === "exact" || attribute === undefined || attribute.caseExact ? text : text.toLowerCase();
}

/** A single-valued sub-attribute of a simple type. */
export function simpleSub(attributes: Attributes | undefined, name: string): Attribute | undefined {
  const sub = attributes?.get(name);
  return sub === undefined || sub.multiValued || sub.type === "complex" ? undefined : sub;
}
