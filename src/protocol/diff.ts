/**
 * The least PATCH request that turns one state of a resource into another (RFC 7644 §3.5.2).
 *
 * @module
 */
import { PatchError } from "../errors.ts";
import { isJsonObject, setMember, type JsonObject, type JsonValue } from "../json.ts";
import { isAttributeName, type Attribute, type Attributes } from "../schema/attribute.ts";
import { formatAttributes, isURN } from "../schema/attribute-path.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import { isHollow } from "../schema/unassigned.ts";
import type { Views } from "../schema/view.ts";
import { findImmutable, memberName, sameValue, writable } from "./element.ts";
import { diffList } from "./list-difference.ts";
import { member } from "./messages.ts";
import { PatchBuilder, type PatchOperation } from "./patch.ts";

/** How the desired state is read. */
export interface DiffOptions {
  /**
   * What it means that a value of a multi-valued attribute lacks a sub-attribute which the same value has before: one of the
   * same `value`, `value` and `type`, or `type`. `unassigned`, the default: it is to go. `notAsserted`: it is to stay as it
   * is, in the words of RFC 7644 §3.5.1; null and `[]` still unassign. A list of members that are no more than
   * `{ value: "2819" }` then changes who is a member and nothing else. Where nothing tells the values apart it counts as
   * `unassigned`.
   */
  readonly omittedSubAttributes?: "unassigned" | "notAsserted" | undefined;
}

/**
 * What to change in a resource so that it becomes another: a PATCH request for `applyPatch`, or for the server that has
 * the first one. It is empty when there is nothing to change.
 *
 * - What is unchanged is not sent. Unassigned in any form is unchanged (RFC 7643 §2.5), so is another order of values, and
 *   `primary` that is false or absent (§2.4). `id`, `meta`, `schemas` and what else is readOnly are left out.
 * - Attributes that become assigned are added, those that become unassigned removed, others replaced; of a complex
 *   attribute, and of an extension, only the sub-attributes that change.
 * - Of a multi-valued attribute, values that are gone are removed one by one with a filter on `value`, on `value` and `type`
 *   or on `type`, whichever tells them apart, and new ones added together. A value that changes is both, unless it is the
 *   only one. Only where nothing tells the values apart are all of them replaced.
 * - Members that were read with `$ref`, `type` or `display` differ from plain `{ value: "2819" }`, and all of them would be
 *   removed and added anew. For a state that is not made of what was read there is
 *   `{ omittedSubAttributes: "notAsserted" }`.
 * - That the value which was primary no longer is, is left to the server, which does it when another one becomes primary
 *   (RFC 7644 §3.5.2).
 *
 * @param before the resource as it is, read whole: what it lacks and `after` has is added.
 * @param after the resource as it should be; what it lacks is removed.
 * @throws {PatchError} `mutability` when an immutable value would change or a required one be unassigned.
 * @throws {TypeError} when one of the two is no object.
 */
export function diff<V extends Views>(
  model: ResourceModel<V>,
  before: V["read"] | V["replace"],
  after: V["read"] | V["replace"],
  options: DiffOptions = {},
): PatchBuilder<V> {
  if (!isJsonObject(before) || !isJsonObject(after)) throw new TypeError(`a ${model.name} is an object`);
  const difference = new Difference(options.omittedSubAttributes === "notAsserted");
  for (const attribute of model.attributes) {
    if (attribute.name === "schemas") continue;
    const [one, other] = [member(before, attribute.name), member(after, attribute.name)];
    if (attribute.extension) difference.extension(attribute, one, other);
    else difference.attribute(attribute, "", one, other);
  }
  difference.unknown(model.attributes, "", before, after);
  return new PatchBuilder(model, difference.operations);
}

/** Collects operations. */
class Difference {
  readonly operations: PatchOperation[] = [];
  readonly #keepsOmitted: boolean;
  readonly #offset: number;
  readonly #needed: boolean;

  /**
   * @param keepsOmitted whether what the wanted one of two values with the same key lacks is to stay.
   * @param offset how many operations there are already.
   * @param needed whether what these attributes belong to must not be empty at any time.
   */
  constructor(keepsOmitted: boolean, offset = 0, needed = false) {
    this.#keepsOmitted = keepsOmitted;
    this.#offset = offset;
    this.#needed = needed;
  }

  /** @param prefix what stands before the attribute's name in a path. */
  attribute(
    attribute: Attribute,
    prefix: string,
    before: JsonValue | undefined,
    after: JsonValue | undefined,
  ): void {
    if (attribute.mutability === "readOnly" || before === after) return;
    const path = prefix + attribute.name;
    const operations = attribute.multiValued
      ? diffList(attribute, path, listOf(before), listOf(after), {
          needed: this.#needed || attribute.required,
          keepsOmitted: this.#keepsOmitted,
        })
      : this.#single(attribute, path, before, after);
    if (operations.length === 0) return;
    if (attribute.mutability === "immutable" && !isHollow(before)) throw this.#immutable(path);
    if (attribute.required && isRemoval(operations) && operations[0]?.path === path) {
      throw this.#forbidden(`"${path}" is required and must not become unassigned (RFC 7644 §3.5.2.2)`);
    }
    this.operations.push(...operations);
  }

  /** Attribute by attribute: servers understand the path of an attribute better than that of an extension. */
  extension(extension: Attribute, before: JsonValue | undefined, after: JsonValue | undefined): void {
    const { name, subAttributes } = extension;
    if (subAttributes === undefined || before === after) return;
    const hasRequired = [...subAttributes].some(({ required }) => required);
    if (hasRequired && isHollow(before) !== isHollow(writable(extension, after))) {
      this.attribute(extension, "", before, after);
      return;
    }
    const [one, other] = [objectOf(before), objectOf(after)];
    const inner = new Difference(this.#keepsOmitted, this.#position, extension.required);
    inner.#nested(extension, one, other);
    inner.#members(subAttributes, `${name}:`, one, other);
    this.operations.push(...inner.operations);
  }

  /** What no schema defines; `checkOperations` refuses it, unless the server is known to take it. */
  unknown(attributes: Attributes, prefix: string, before: JsonObject, after: JsonObject): void {
    for (const name of namesIn(before, after)) {
      if (attributes.get(name) !== undefined || !isAttributeName(name)) continue;
      const [one, other] = [member(before, name), member(after, name)];
      if (!sameValue(undefined, one, other)) this.operations.push(...change(prefix + name, one, other));
    }
  }

  /** Extensions of an extension (RFC 9944) have no paths: they are merged as a whole. */
  #nested({ name: path }: Attribute, before: JsonObject, after: JsonObject): void {
    const names = namesIn(before, after).filter((name) => isURN(name));
    const value = merging(names, before, after);
    if (Object.keys(value).length > 0) this.operations.push({ op: "replace", path, value });
  }

  /** What goes comes last, so that nothing is empty for a moment that is not to be empty. */
  #members(attributes: Attributes, prefix: string, before: JsonObject, after: JsonObject): void {
    const removals: PatchOperation[] = [];
    for (const attribute of attributes) {
      const start = this.operations.length;
      this.attribute(attribute, prefix, member(before, attribute.name), member(after, attribute.name));
      if (isRemoval(this.operations.slice(start))) removals.push(...this.operations.splice(start));
    }
    this.unknown(attributes, prefix, before, after);
    this.operations.push(...removals);
  }

  #single(
    attribute: Attribute,
    path: string,
    before: JsonValue | undefined,
    after: JsonValue | undefined,
  ): readonly PatchOperation[] {
    if (sameValue(attribute, before, after, "readOnly")) return [];
    const [current, wanted] = [writable(attribute, before), writable(attribute, after)];
    const { subAttributes } = attribute;
    if (isHollow(current) || !isJsonObject(before)) return change(path, current, wanted);
    if (isHollow(wanted) || !isJsonObject(after)) {
      const immutable = subAttributes === undefined ? undefined : findImmutable(subAttributes, before);
      if (immutable !== undefined) throw this.#immutable(`${path}.${formatAttributes(immutable)}`);
      return change(path, current, wanted);
    }
    if (subAttributes === undefined) {
      return [{ op: "replace", path, value: merging(namesIn(before, after), before, after) }];
    }
    const inner = new Difference(this.#keepsOmitted, this.#position, this.#needed || attribute.required);
    inner.#members(subAttributes, `${path}.`, before, after);
    return merged(path, subAttributes, inner.operations);
  }

  get #position(): number {
    return this.#offset + this.operations.length;
  }

  #immutable(path: string): PatchError {
    return this.#forbidden(`"${path}" is immutable and has a value (RFC 7644 §3.5.2)`);
  }

  #forbidden(message: string): PatchError {
    return new PatchError(message, "mutability", this.#position);
  }
}

/** Whether all that operations do is to unassign one attribute. */
function isRemoval(operations: readonly PatchOperation[]): boolean {
  const [first] = operations;
  return operations.length === 1 && first?.op === "remove" && !first.path.endsWith("]");
}

/** One value in the place of another. */
function change(
  path: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly PatchOperation[] {
  if (after !== undefined && !isHollow(after))
    return [{ op: isHollow(before) ? "add" : "replace", path, value: after }];
  return isHollow(before) ? [] : [{ op: "remove", path }];
}

/**
 * Several `add` of sub-attributes become one of their complex attribute, which merges it into what is there (RFC 7644
 * §3.5.2.1); so do several `replace` (§3.5.2.3).
 */
function merged(
  path: string,
  attributes: Attributes,
  operations: readonly PatchOperation[],
): readonly PatchOperation[] {
  const values = { add: new Map<string, JsonValue>(), replace: new Map<string, JsonValue>() };
  const others = operations.filter((operation) => {
    const name = operation.path?.slice(path.length + 1) ?? "";
    if (operation.op === "remove" || attributes.exact(name)?.multiValued !== false) return true;
    values[operation.op].set(name, operation.value);
    return false;
  });
  const together: PatchOperation[] = [];
  for (const op of ["add", "replace"] as const) {
    const [first] = values[op];
    if (values[op].size > 1) together.push({ op, path, value: Object.fromEntries(values[op]) });
    else if (first !== undefined) together.push({ op, path: `${path}.${first[0]}`, value: first[1] });
  }
  return [...together, ...others];
}

/** What turns one object of unpublished content into another when it is merged into it; null unassigns. */
function merging(names: readonly string[], before: JsonObject, after: JsonObject): JsonObject {
  const value: JsonObject = {};
  for (const name of names) {
    const other = member(after, name);
    if (!sameValue(undefined, member(before, name), other)) setMember(value, name, other ?? null);
  }
  return value;
}

function namesIn(before: JsonObject, after: JsonObject): readonly string[] {
  const added = Object.keys(after).filter((name) => memberName(before, name) === undefined);
  return [...Object.keys(before), ...added];
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
