/**
 * RFC 7644 §3.5.2 read aloud: clone the resource, do what each sentence says, search by looking at every value. It shares
 * with the library the attribute tree and the path grammar, nothing of the engine.
 */
import type { JsonObject, JsonValue } from "../../src/json.ts";
import type { Filter } from "../../src/protocol/filter.ts";
import type { PatchOperation } from "../../src/protocol/patch.ts";
import { parsePath } from "../../src/protocol/path.ts";
import type { Attribute, Attributes } from "../../src/schema/attribute.ts";
import { joinAttributePath } from "../../src/schema/attribute-path.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";

/** A failure with its keyword. */
export class NaiveError extends Error {
  readonly scimType: string;

  constructor(scimType: string) {
    super(scimType);
    this.scimType = scimType;
  }
}

type Verb = PatchOperation["op"];
type Assigned = Exclude<JsonValue, null>;

/** The resource after all operations, each on the result of the one before. */
export function naivePatch(
  model: ResourceModel<Views>,
  resource: JsonObject,
  operations: readonly PatchOperation[],
): JsonObject {
  const result = structuredClone(resource);
  for (const operation of operations) {
    if (operation.op !== "remove") refuseTwoPrimaries(operation.value);
    if (operation.op === "remove") {
      // "If "path" is unspecified, the operation fails with … a "scimType" error code of "noTarget"."
      if (operation.path === undefined) throw new NaiveError("noTarget");
      at(model, result, operation.path, "remove", undefined);
    } else if (operation.path === undefined) {
      // "If omitted, the target location is assumed to be the resource itself."
      for (const [name, value] of Object.entries(operation.value as JsonObject)) {
        const attribute = model.attributes.get(name);
        if (attribute === undefined) throw new NaiveError("invalidPath");
        assign(result, attribute, operation.op, structuredClone(value) as JsonValue);
      }
    } else {
      at(model, result, operation.path, operation.op, structuredClone(operation.value));
    }
  }
  return result;
}

function at(
  model: ResourceModel<Views>,
  result: JsonObject,
  text: string,
  op: Verb,
  value: JsonValue | undefined,
): void {
  const path = parsePath(text);
  const chain = model.resolve(joinAttributePath(path.attribute));
  if (chain === undefined) throw new NaiveError("invalidPath");
  const last = chain.at(-1);
  if (last === undefined) throw new NaiveError("invalidPath");
  const inner: Attribute[] = [];
  for (const name of path.subAttributes) {
    const sub: Attribute | undefined = (inner.at(-1) ?? last).subAttributes?.get(name);
    if (sub === undefined) throw new NaiveError("invalidPath");
    inner.push(sub);
  }
  // That a required attribute would become unassigned shows before any target is looked for.
  const target = inner.at(-1) ?? last;
  const isElement = path.filter !== undefined && inner.length === 0;
  if (op !== "remove" && !isElement && target.required && isUnassigned(value)) throw new NaiveError("mutability");
  go(result, chain, path.filter, inner, op, value);
}

function go(
  place: JsonObject,
  chain: readonly Attribute[],
  filter: Filter | undefined,
  inner: readonly Attribute[],
  op: Verb,
  value: JsonValue | undefined,
): void {
  const [attribute, ...rest] = chain;
  if (attribute === undefined) return;
  const before = structuredClone(place[attribute.name]);
  const isTarget = rest.length === 0;
  if (isTarget && filter === undefined && op !== "remove") {
    assign(place, attribute, op, value as JsonValue);
  } else if (isTarget && filter === undefined) {
    if (attribute.mutability === "readOnly") throw new NaiveError("mutability");
    unassign(place, attribute);
  } else if (attribute.multiValued) {
    if (isTarget && inner.length === 0 && op !== "remove" && value === null) throw new NaiveError("invalidValue");
    const list = valuesOf(place[attribute.name]);
    const chosen = list.filter((element) =>
      isTarget && filter !== undefined ? fits(attribute, filter, element) : true,
    );
    // "If the user was not a member of this group, no changes should be made …, and a success response should be returned."
    // For "replace": "… no record match was made, the service provider SHALL indicate failure … "noTarget"."
    if (chosen.length === 0 && op !== "remove") throw new NaiveError("noTarget");
    const further = isTarget ? inner : rest;
    const preferred: JsonValue[] = [];
    const next = list.flatMap((element): JsonValue[] => {
      if (!chosen.includes(element)) return [element];
      let changed: JsonValue | undefined;
      if (further.length === 0) {
        // "the values matched by the filter are removed" and "all matching record values SHALL be replaced".
        if (op === "remove") return [];
        changed =
          op === "replace" || typeof value !== "object" ? fresh(attribute, value as JsonValue, element) : element;
        if (op === "add" && typeof value === "object")
          merge(element as JsonObject, attribute.subAttributes, op, value as JsonObject);
        if (isPrimary(value)) preferred.push(changed);
      } else {
        changed = element;
        go(element as JsonObject, further, undefined, [], op, value);
        if (further.length === 1 && further[0]?.name === "primary" && value === true) preferred.push(changed);
      }
      return isEmpty(changed) ? [] : [changed];
    });
    prefer(next, preferred);
    if (next.length === 0 && attribute.required) throw new NaiveError("mutability");
    // "If no other values remain …, the multi-valued attribute SHALL be considered unassigned."
    put(place, attribute.name, next.length === 0 ? undefined : next);
  } else {
    const object = (place[attribute.name] ?? {}) as JsonObject;
    put(place, attribute.name, object);
    go(object, rest, filter, inner, op, value);
    if (isEmpty(object)) {
      if (attribute.required && op === "remove") throw new NaiveError("mutability");
      put(place, attribute.name, undefined);
    }
  }
  permit(attribute, before, place[attribute.name]);
}

function assign(place: JsonObject, attribute: Attribute, op: Verb, value: JsonValue): void {
  const before = structuredClone(place[attribute.name]);
  const { name } = attribute;
  if (value === null || (Array.isArray(value) && value.length === 0)) {
    // RFC 7643 §2.5: null or an empty array makes the attribute unassigned; to add no values changes nothing.
    if (attribute.required) throw new NaiveError("mutability");
    if (op === "replace" || !attribute.multiValued) unassign(place, attribute);
  } else if (attribute.multiValued) {
    const given = (Array.isArray(value) ? value : [value]).filter((element) => !isEmpty(element));
    const list = valuesOf(place[name]);
    const preferred: JsonValue[] = [];
    // "the attribute and all values are replaced"; "If the target location specifies an attribute that does not exist
    // (has no value), the attribute is added with the new value."
    let next: JsonValue[];
    if (op === "replace" || list.length === 0) {
      next = given.map((element) => fresh(attribute, element, twinOf(attribute, list, element)));
      preferred.push(...next.filter(isPrimary));
    } else {
      next = [...list];
      for (const element of given) {
        let twin = twinOf(attribute, next, element);
        if (twin === undefined) {
          // "a new value is added to the attribute".
          twin = fresh(attribute, element, undefined);
          next.push(twin);
        } else if (typeof twin === "object") {
          // "If the target location already contains the value specified, no changes SHOULD be made": immutable parts stay.
          const settable = Object.entries(element as JsonObject).filter(([sub, part]) => {
            const isImmutable = attribute.subAttributes?.get(sub)?.mutability === "immutable";
            const there = (twin as JsonObject)[sub];
            const isThere = textOf(attribute, { [sub]: part }) === textOf(attribute, { [sub]: there });
            return !isUnassigned(part) && !isThere && !(isImmutable && !isEmpty(there));
          });
          merge(twin as JsonObject, attribute.subAttributes, op, Object.fromEntries(settable));
        }
        if (isPrimary(element)) preferred.push(twin);
      }
    }
    if (next.length === 0 && attribute.required && op === "replace") throw new NaiveError("mutability");
    prefer(next, preferred);
    put(place, name, next.length === 0 ? undefined : next);
  } else if (attribute.type === "complex") {
    // "a set of sub-attributes SHALL be specified in the "value" parameter … Sub-attributes that are not specified in the
    // "value" parameter are left unchanged."
    const object = (place[name] ?? {}) as JsonObject;
    put(place, name, object);
    merge(object, attribute.subAttributes, op, value as JsonObject);
    if (isEmpty(object)) put(place, name, before);
    if (isEmpty(object) && !isEmpty(before)) put(place, name, undefined);
  } else {
    // "If the target location specifies a single-valued attribute, the existing value is replaced."
    put(place, name, value);
  }
  permit(attribute, before, place[name]);
}

function merge(place: JsonObject, attributes: Attributes | undefined, op: Verb, value: JsonObject): void {
  for (const [name, part] of Object.entries(value)) {
    const sub = attributes?.get(name);
    if (sub !== undefined) assign(place, sub, op, part as JsonValue);
    else put(place, name, part ?? undefined);
  }
}

function unassign(place: JsonObject, attribute: Attribute): void {
  // "If an attribute is removed or becomes unassigned and is defined as a required attribute …: "mutability"."
  if (attribute.required) throw new NaiveError("mutability");
  // What is removed takes its sub-attributes along, and none of them may be one that a client must not modify.
  const value = place[attribute.name];
  if (!attribute.multiValued && typeof value === "object" && value !== null)
    keepImmutable(attribute, value as JsonObject);
  put(place, attribute.name, undefined);
}

function keepImmutable(attribute: Attribute, value: JsonObject): void {
  for (const sub of attribute.subAttributes ?? []) {
    const part = value[sub.name];
    if (sub.mutability === "immutable" && !isEmpty(part)) throw new NaiveError("mutability");
    if (!sub.multiValued && typeof part === "object" && part !== null) keepImmutable(sub, part as JsonObject);
  }
}

/** "a client MUST NOT modify an attribute that has mutability "readOnly" or "immutable" … MAY "add" … if … no previous value" */
function permit(attribute: Attribute, before: JsonValue | undefined, after: JsonValue | undefined): void {
  const { mutability } = attribute;
  if (mutability !== "readOnly" && mutability !== "immutable") return;
  if (stateText(attribute, before) === stateText(attribute, after)) return;
  if (mutability === "readOnly" || !isEmpty(before)) throw new NaiveError("mutability");
}

function fresh(attribute: Attribute, value: JsonValue, old: JsonValue | undefined): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const made: JsonObject = Object.fromEntries(Object.entries(value).filter(([, part]) => !isUnassigned(part)));
  const was: JsonObject = old !== undefined && isSame(attribute, old, value, true) ? (old as JsonObject) : {};
  for (const sub of attribute.subAttributes ?? []) {
    if (sub.mutability === "readOnly") {
      if (made[sub.name] === undefined) put(made, sub.name, was[sub.name]);
      permit(sub, was[sub.name], made[sub.name]);
    } else if (sub.required && isEmpty(made[sub.name])) throw new NaiveError("invalidValue");
  }
  return made;
}

/** The value that is the same; one of the same type rather than one without. */
function twinOf(attribute: Attribute, list: readonly JsonValue[], value: JsonValue): JsonValue | undefined {
  const type = (one: JsonValue): string =>
    textOf(attribute.subAttributes?.get("type"), typeof one === "object" ? (one as JsonObject)["type"] : null);
  const same = list.filter((old) => isSame(attribute, old, value));
  return same.find((old) => type(old) === type(value)) ?? same[0];
}

/** RFC 7643 §2.4: the same value may be there with another type; "SHOULD NOT return the same (type, value) combination". */
function isSame(attribute: Attribute, one: JsonValue, other: JsonValue, byValue = false): boolean {
  const subs = attribute.subAttributes;
  if (attribute.type !== "complex" || subs === undefined)
    return textOf(attribute, one) === textOf(attribute, other);
  const [first, second] = [one as JsonObject, other as JsonObject];
  const value = subs.get("value");
  const isText =
    value !== undefined && !value.multiValued && value.type !== "complex" && typeof first["value"] === "string";
  if (!isText || typeof second["value"] !== "string") {
    if (byValue)
      return (
        (isText ? first["value"] : typeof first["value"] === "string" ? first["value"] : undefined) ===
        second["value"]
      );
    return !isText && typeof second["value"] !== "string" && textOf(attribute, first) === textOf(attribute, second);
  }
  if (textOf(value, first["value"]) !== textOf(value, second["value"])) return false;
  if (byValue || isUnassigned(first["type"]) || isUnassigned(second["type"])) return true;
  return textOf(subs.get("type"), first["type"]) === textOf(subs.get("type"), second["type"]);
}

/** "SHALL cause the server to automatically set "primary" to "false" for any other values in the array." */
function prefer(list: readonly JsonValue[], preferred: readonly JsonValue[]): void {
  if (new Set(preferred).size > 1) throw new NaiveError("invalidValue");
  const [only] = preferred;
  if (only === undefined) return;
  for (const element of list) {
    if (element !== only && isPrimary(element)) (element as JsonObject)["primary"] = false;
  }
}

/** RFC 7643 §2.4: "The primary attribute value "true" MUST appear no more than once." */
function refuseTwoPrimaries(value: JsonValue | undefined): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value) && value.filter(isPrimary).length > 1) throw new NaiveError("invalidValue");
  for (const part of Object.values(value)) refuseTwoPrimaries(part);
}

function isPrimary(value: JsonValue | undefined): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && value["primary"] === true;
}

function fits(attribute: Attribute, filter: Filter, element: JsonValue): boolean {
  switch (filter.op) {
    case "and":
      return filter.filters.every((part) => fits(attribute, part, element));
    case "or":
      return filter.filters.some((part) => fits(attribute, part, element));
    case "not":
      return !fits(attribute, filter.filter, element);
    case "valuePath":
      throw new Error("value paths do not nest");
    default: {
      const name = filter.path.attribute;
      const sub = attribute.type === "complex" ? attribute.subAttributes?.get(name) : attribute;
      const found = attribute.type === "complex" ? (element as JsonObject)[sub?.name ?? name] : element;
      if (filter.op === "pr") return !isEmpty(found) && found !== "";
      const fold = (text: JsonValue | undefined): JsonValue | undefined =>
        typeof text === "string" && sub?.caseExact !== true ? text.toLowerCase() : text;
      const [is, wanted] = [fold(found), fold(filter.value)];
      if (filter.op === "eq") return is === wanted;
      if (filter.op === "ne") return is !== wanted;
      if (typeof is !== "string" || typeof wanted !== "string") return false;
      if (filter.op === "co") return is.includes(wanted);
      return filter.op === "sw" ? is.startsWith(wanted) : filter.op === "ew" && is.endsWith(wanted);
    }
  }
}

function valuesOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : isUnassigned(value) ? [] : [value as JsonValue];
}

function put(place: JsonObject, name: string, value: JsonValue | undefined): void {
  if (value === undefined) delete place[name];
  else place[name] = value;
}

function isUnassigned(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function isEmpty(value: JsonValue | undefined): boolean {
  return stateOf(undefined, value) === undefined;
}

function textOf(attribute: Attribute | undefined, value: JsonValue | undefined): string {
  return JSON.stringify(stateOf(attribute, value, { folds: true })) ?? "";
}

function stateText(attribute: Attribute | undefined, value: JsonValue | undefined): string {
  return JSON.stringify(stateOf(attribute, value)) ?? "";
}

/** What counts of a value: nothing unassigned, `primary` only where true, multiple values and members in one order. */
export function stateOf(
  attribute: Attribute | undefined,
  value: JsonValue | undefined,
  how: { readonly folds?: boolean; readonly writable?: boolean } = {},
): Assigned | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string")
    return how.folds === true && attribute?.caseExact === false ? value.toLowerCase() : value;
  if (typeof value !== "object") return value === 0 ? 0 : value;
  if (Array.isArray(value)) {
    const values = value
      .map((element) => stateOf(attribute, element, how))
      .filter((element) => element !== undefined);
    return values.length === 0
      ? undefined
      : values.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  const members = stateOfMembers(attribute?.subAttributes, value, how, attribute?.multiValued);
  return Object.keys(members).length === 0 ? undefined : members;
}

/** The same for a resource or a complex value; with `writable`, without what is readOnly. */
export function stateOfMembers(
  attributes: Attributes | undefined,
  object: JsonObject,
  how: { readonly folds?: boolean; readonly writable?: boolean } = {},
  isElement = false,
): JsonObject {
  const members: [string, JsonValue][] = [];
  for (const name of Object.keys(object).toSorted()) {
    const sub = attributes?.get(name);
    if (how.writable === true && sub?.mutability === "readOnly") continue;
    const state = stateOf(sub, object[name], how);
    const isDefault =
      isElement && sub?.type === "boolean" && sub.name.toLowerCase() === "primary" && state !== true;
    if (state === undefined || isDefault) continue;
    members.push([sub?.name ?? name, state]);
  }
  return Object.fromEntries(members);
}
