/**
 * What the operations of a PATCH request do to a resource under change (RFC 7644 §3.5.2.1 to §3.5.2.3).
 *
 * @module
 */
import { PatchError, type ScimType } from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute, Attributes } from "../schema/attribute.ts";
import { checkAttribute } from "../schema/check.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import { isHollow, isUnassigned } from "../schema/unassigned.ts";
import type { Views } from "../schema/view.ts";
import { ComplexDraft } from "./complex-draft.ts";
import { canonical, findImmutable, foldText, sameValue } from "./element.ts";
import type { Filter } from "./filter.ts";
import type { ListDraft } from "./list-draft.ts";
import { matchesElement } from "./matches.ts";
import { member } from "./messages.ts";
import type { Step } from "./patch-step.ts";
import { RESOURCE } from "./patch-target.ts";
import { describedBy, keysOf } from "./value-filter.ts";

/** How many values all operations together may look at one by one: about a second's work. */
const MOST = 2_000_000;

/** A list that is not worth an index. */
const SHORT = 16;

/** One attribute on the way to the target. */
interface Node {
  readonly attribute: Attribute;
  readonly filter: Filter | undefined;
}

/** Carries out one step after the other; what has been looked at is counted over all. */
export class Patcher {
  readonly #model: ResourceModel<Views>;
  readonly #creates: boolean;
  #step: Step = { index: 0, op: "add", target: RESOURCE, value: undefined };
  #examined = 0;

  /** @param creates whether a value path that matches nothing makes the value that its filter describes. */
  constructor(model: ResourceModel<Views>, creates: boolean) {
    this.#model = model;
    this.#creates = creates;
  }

  /** @throws {PatchError} and leaves the draft in a state that is of no use. */
  apply(root: ComplexDraft, step: Step): void {
    this.#step = step;
    const { target, value } = step;
    if (target.attributes.length === 0) {
      if (isJsonObject(value)) this.#merge(root, this.#model.attributes, value);
      return;
    }
    const last = target.attributes.length - 1;
    const nodes = target.attributes.map((attribute, at): Node => {
      return { attribute, filter: at === last ? target.filter : undefined };
    });
    for (const attribute of target.subAttributes) nodes.push({ attribute, filter: undefined });
    this.#walk(root, nodes, 0);
  }

  /** Goes one attribute further towards the target. */
  #walk(draft: ComplexDraft, nodes: readonly Node[], at: number): void {
    const node = nodes[at];
    if (node === undefined) return;
    const { attribute, filter } = node;
    const { op, value } = this.#step;
    const isLast = at === nodes.length - 1;
    this.#guarded(draft, attribute, () => {
      if (attribute.multiValued && (filter !== undefined || !isLast)) {
        this.#values(draft.list(attribute), nodes, at);
      } else if (!isLast) {
        const inner = draft.complex(attribute);
        this.#walk(inner, nodes, at + 1);
        if (op === "remove" && attribute.required && isHollow(inner.finish())) throw this.#required(attribute);
      } else if (op === "remove") {
        if (attribute.mutability === "readOnly") throw this.#forbidden(attribute);
        this.#unassign(draft, attribute);
      } else if (value !== undefined) {
        this.#assign(draft, attribute, value);
      }
    });
  }

  /** The values that a filter selects; all values when the path has none. */
  #values(list: ListDraft, nodes: readonly Node[], at: number): void {
    const filter = nodes[at]?.filter;
    const { attribute } = list;
    const { op, value } = this.#step;
    const rest = nodes.slice(at + 1);
    const positions = this.#select(list, filter);
    if (positions.length === 0) {
      if (op !== "remove") this.#unmatched(list, filter, rest);
      return;
    }
    const preferred: number[] = [];
    for (const position of positions) {
      const old = list.at(position) ?? null;
      const next = this.#changed(attribute, old, rest);
      list.put(position, next);
      if (next !== undefined && setsPrimary(rest, value)) preferred.push(position);
    }
    this.#prefer(list, preferred);
    if (list.size === 0 && attribute.required) throw this.#required(attribute);
  }

  /** One value of a multi-valued attribute after the step; `undefined` when nothing is left of it. */
  #changed(
    attribute: Attribute,
    old: JsonValue,
    rest: readonly Node[],
    op: Step["op"] = this.#step.op,
  ): JsonValue | undefined {
    const { value = null } = this.#step;
    if (rest.length === 0) {
      if (op === "remove") return undefined;
      if (op === "replace" || !isJsonObject(value) || !isJsonObject(old)) {
        const renewed = this.#renewed(attribute, value, old);
        return isHollow(renewed) ? undefined : renewed;
      }
    }
    const draft = new ComplexDraft(isJsonObject(old) ? old : {});
    if (rest.length > 0) this.#walk(draft, rest, 0);
    else if (isJsonObject(value)) this.#merge(draft, attribute.subAttributes, value);
    const next = draft.finish();
    return next !== old && isHollow(next) ? undefined : next;
  }

  #unmatched(list: ListDraft, filter: Filter | undefined, rest: readonly Node[]): void {
    const { attribute } = list;
    const described = filter !== undefined && this.#creates ? describedBy(attribute, filter) : undefined;
    if (described === undefined) {
      const what = filter === undefined ? "has no values" : "has no value that the filter matches";
      throw this.#error(`"${attribute.name}" ${what} (RFC 7644 §3.5.2.3)`, "noTarget");
    }
    const created = this.#changed(attribute, described, rest, "add") ?? described;
    const [issue] = checkAttribute(attribute, "patch", created, attribute.name, { element: true });
    if (issue !== undefined)
      throw this.#error(issue.message, issue.rule === "mutability" ? "mutability" : "invalidValue");
    const position = list.append(this.#renewed(attribute, created, undefined));
    if (setsPrimary([], created)) list.prefer(position);
  }

  /** The values that a filter matches, all when there is none; those that an index rules out are not looked at. */
  #select(list: ListDraft, filter: Filter | undefined): number[] {
    const candidates = this.#candidates(list, filter);
    const positions = candidates ?? list.positions();
    this.#examined += candidates?.length ?? list.end;
    if (this.#examined > MOST) {
      throw this.#error(`the operations look at more than ${MOST} values one by one`, "tooMany");
    }
    if (filter === undefined) return positions;
    return positions.filter((position) => {
      const value = list.at(position);
      return value !== undefined && matchesElement(list.attribute, filter, value);
    });
  }

  /** The fewest values among which all are that the filter matches; `undefined` when no index tells. */
  #candidates(list: ListDraft, filter: Filter | undefined): number[] | undefined {
    if (filter === undefined || list.end <= SHORT) return undefined;
    const [first, ...others] = keysOf(list.attribute, filter);
    if (first === undefined) return undefined;
    let best = { key: first, count: list.count(first.sub, first.text) };
    for (const key of others) {
      const count = list.count(key.sub, key.text);
      if (count < best.count) best = { key, count };
    }
    return list.candidates(best.key.sub, best.key.text);
  }

  /** Sets attributes of a complex value, or of the resource; others stay as they are. */
  #merge(draft: ComplexDraft, attributes: Attributes | undefined, value: JsonObject): void {
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (given === undefined) continue;
      const attribute = attributes?.get(name);
      if (attribute !== undefined) this.#assign(draft, attribute, given);
      else draft.setOpaque(name, given ?? undefined);
    }
  }

  #assign(draft: ComplexDraft, attribute: Attribute, value: JsonValue): void {
    this.#guarded(draft, attribute, () => {
      if (isUnassigned(value)) {
        if (this.#step.op === "replace" || !attribute.multiValued) this.#unassign(draft, attribute);
      } else if (attribute.multiValued) {
        const list = draft.list(attribute);
        const values = Array.isArray(value) ? value : [value];
        // What has no value is added "with the new value", as it is (§3.5.2.1).
        if (this.#step.op === "replace" || list.size === 0) this.#replaceAll(list, values);
        else this.#addAll(list, values);
      } else if (attribute.type === "complex" && isJsonObject(value)) {
        this.#merge(draft.complex(attribute), attribute.subAttributes, value);
      } else {
        draft.set(attribute, value);
      }
    });
  }

  #unassign(draft: ComplexDraft, attribute: Attribute): void {
    if (attribute.required) throw this.#required(attribute);
    const value = draft.get(attribute);
    if (isHollow(value)) return;
    if (!attribute.multiValued && attribute.subAttributes !== undefined && isJsonObject(value)) {
      const immutable = findImmutable(attribute.subAttributes, value)?.at(-1);
      if (immutable !== undefined) throw this.#forbidden(immutable);
    }
    draft.set(attribute, undefined);
  }

  #replaceAll(list: ListDraft, given: readonly JsonValue[]): void {
    const { attribute } = list;
    const values = given.filter((value) => !isHollow(value));
    if (values.length === 0 && attribute.required) throw this.#required(attribute);
    if (values.filter((value) => setsPrimary([], value)).length > 1) throw this.#twoPrimaries(attribute);
    const keeps = [...(attribute.subAttributes ?? [])].some(({ mutability }) => mutability === "readOnly");
    const old = list.finish();
    const twinOf = (value: JsonValue, index: number): JsonValue | undefined => {
      if (!keeps || sameValue(attribute, value, old[index])) return old[index];
      const position = list.find(value);
      return position === undefined ? undefined : list.at(position);
    };
    list.replaceAll(values.map((value, index) => this.#renewed(attribute, value, twinOf(value, index))));
  }

  #addAll(list: ListDraft, values: readonly JsonValue[]): void {
    const preferred: number[] = [];
    for (const value of values) {
      if (isHollow(value)) continue;
      const position = this.#add(list, value);
      if (setsPrimary([], value)) preferred.push(position);
    }
    this.#prefer(list, preferred);
  }

  /** @returns the position of the value, old or new. */
  #add(list: ListDraft, value: JsonValue): number {
    const { attribute } = list;
    const position = list.find(value);
    if (position === undefined) return list.append(this.#renewed(attribute, value, undefined));
    const old = list.at(position);
    if (isJsonObject(old) && isJsonObject(value)) list.put(position, this.#completed(attribute, old, value));
    return position;
  }

  /** A value that is there already, with what it did not have; what is immutable and set stays (§3.5.2.1). */
  #completed(attribute: Attribute, old: JsonObject, value: JsonObject): JsonObject {
    const draft = new ComplexDraft(old);
    const settable = Object.entries(value).filter(([name, given]) => {
      const sub = attribute.subAttributes?.get(name);
      const there = member(old, name);
      if (isUnassigned(given) || (sub?.mutability === "immutable" && !isHollow(there))) return false;
      const [wanted, found] = [given, there].map((part) => canonical(attribute, { [name]: part }, "caseExact"));
      return wanted !== found;
    });
    this.#merge(draft, attribute.subAttributes, Object.fromEntries(settable));
    return draft.finish();
  }

  /** A new value of a multi-valued attribute. What is readOnly it has from the value in whose place it comes. */
  #renewed(attribute: Attribute, value: JsonValue, old: JsonValue | undefined): JsonValue {
    const { subAttributes } = attribute;
    if (!isJsonObject(value) || subAttributes === undefined) return value;
    const next = Object.fromEntries(Object.entries(value).filter(([, given]) => !isUnassigned(given)));
    const source = isJsonObject(old) && isSameIdentity(subAttributes, old, value) ? old : {};
    for (const sub of subAttributes) {
      const given = member(next, sub.name);
      if (sub.mutability === "readOnly") {
        const kept = member(source, sub.name);
        if (given !== undefined && !sameValue(sub, given, kept)) throw this.#forbidden(sub);
        if (given === undefined && kept !== undefined) next[sub.name] = kept;
      } else if (sub.required && isHollow(given)) {
        const message = `"${attribute.name}" must have a "${sub.name}" in each of its values (RFC 7643 §2.2)`;
        throw this.#error(message, "invalidValue");
      }
    }
    return next;
  }

  #prefer(list: ListDraft, positions: readonly number[]): void {
    const [position] = positions;
    if (position === undefined) return;
    if (positions.some((other) => other !== position)) throw this.#twoPrimaries(list.attribute);
    list.prefer(position);
  }

  /** Does something with an attribute that may turn out to be against its mutability (RFC 7644 §3.5.2). */
  #guarded(draft: ComplexDraft, attribute: Attribute, change: () => void): void {
    if (attribute.mutability === "readWrite" || attribute.mutability === "writeOnly") {
      change();
      return;
    }
    const before = draft.get(attribute);
    change();
    const after = draft.get(attribute);
    if (sameValue(attribute, before, after)) return;
    if (attribute.mutability === "readOnly" || !isHollow(before)) throw this.#forbidden(attribute);
  }

  #forbidden(attribute: Attribute): PatchError {
    const rule = attribute.mutability === "readOnly" ? "is readOnly" : "is immutable and has a value";
    return this.#error(`"${attribute.name}" ${rule} (RFC 7644 §3.5.2)`, "mutability");
  }

  #required(attribute: Attribute): PatchError {
    return this.#error(
      `"${attribute.name}" is required and must not become unassigned (RFC 7644 §3.5.2.2)`,
      "mutability",
    );
  }

  #twoPrimaries(attribute: Attribute): PatchError {
    return this.#error(`"${attribute.name}" can have one primary value at most (RFC 7643 §2.4)`, "invalidValue");
  }

  #error(message: string, scimType: ScimType): PatchError {
    return new PatchError(message, scimType, this.#step.index);
  }
}

/** Whether what is set at the end of a path, or is a value itself, makes a value primary. */
function setsPrimary(rest: readonly Node[], value: JsonValue | undefined): boolean {
  const [sub] = rest;
  if (sub !== undefined)
    return rest.length === 1 && value === true && sub.attribute.name.toLowerCase() === "primary";
  return isJsonObject(value) && member(value, "primary") === true;
}

/** Whether one value is the other with other sub-attributes: the same `value`, where there is such a thing (RFC 7643 §2.4). */
function isSameIdentity(subAttributes: Attributes, one: JsonObject, other: JsonObject): boolean {
  const [first, second] = [member(one, "value"), member(other, "value")];
  if (typeof first !== "string" || typeof second !== "string") return first === second;
  const attribute = subAttributes.get("value");
  return foldText(attribute, first) === foldText(attribute, second);
}
