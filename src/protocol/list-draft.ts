/**
 * The values of a multi-valued attribute while operations change them. Values are found by what a sub-attribute equals in
 * constant time, so that k changes to n values cost n + k steps and not n × k.
 *
 * @module
 */
import { isJsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { primaryOf } from "../schema/primary.ts";
import { isUnassigned } from "../schema/unassigned.ts";
import { canonical, foldText, memberName, sameValue, simpleSub } from "./element.ts";
import { member } from "./messages.ts";

/** Positions of the values with one text. Entries can be out of date; looking them up takes those out. */
type Bucket = Map<string, number | Set<number>>;

/** The index of values that nothing identifies but all they have. */
const WHOLE = "";

/** A copy-on-write list whose positions stay what they are: a removed value leaves its place empty. */
export class ListDraft {
  readonly attribute: Attribute;
  readonly #primary: Attribute | undefined;
  readonly #value: Attribute | undefined;
  #finished: readonly JsonValue[];
  #values: Array<JsonValue | undefined>;
  #size: number;
  #changed = false;
  #indexes = new Map<string, Bucket>();
  #preferred: Set<number> | undefined;

  constructor(attribute: Attribute, values: readonly JsonValue[]) {
    this.attribute = attribute;
    this.#primary = primaryOf(attribute);
    this.#value = simpleSub(attribute.subAttributes, "value");
    this.#finished = values;
    this.#values = [...values];
    this.#size = values.length;
  }

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  /** One more than the last position. */
  get end(): number {
    return this.#values.length;
  }

  /** The value at a position; `undefined` where it was removed. */
  at(position: number): JsonValue | undefined {
    return this.#values[position];
  }

  /** Every position that has a value. */
  positions(): number[] {
    const positions: number[] = [];
    for (let position = 0; position < this.#values.length; position += 1) {
      if (this.#values[position] !== undefined) positions.push(position);
    }
    return positions;
  }

  /** Puts another value in the place of one; `undefined` removes it. */
  put(position: number, value: JsonValue | undefined): void {
    if (this.#values[position] === value) return;
    this.#changed = true;
    if (value === undefined) this.#size -= 1;
    this.#values[position] = value;
    this.#enter(position, value);
  }

  /** @returns the value's position. */
  append(value: JsonValue): number {
    const position = this.#values.length;
    this.#changed = true;
    this.#size += 1;
    this.#values.push(value);
    this.#enter(position, value);
    return position;
  }

  /** Puts other values in the place of all; when they are the same ones in the same order nothing changes. */
  replaceAll(values: readonly JsonValue[]): void {
    const old = this.finish();
    const { attribute } = this;
    if (values.length === old.length && values.every((value, index) => sameValue(attribute, value, old[index])))
      return;
    this.#values = [...values];
    this.#size = values.length;
    this.#changed = true;
    this.#indexes = new Map();
    this.#preferred = undefined;
  }

  /**
   * The position of the value that is the same as another one: that has the same `value`, and no other `type` (RFC 7643
   * §2.4: one value may be there once for each type); where there is no `value`, that has all the same sub-attributes.
   */
  find(value: JsonValue): number | undefined {
    const text = this.#identity(value);
    if (text === undefined) return this.#lookUp(WHOLE, this.#key(WHOLE, value) ?? "")[0];
    let untyped: number | undefined;
    for (const position of this.#lookUp("value", text.toLowerCase())) {
      const found = this.#values[position];
      if (
        found === undefined ||
        foldText(this.#value, this.#identity(found) ?? "") !== foldText(this.#value, text)
      ) {
        continue;
      }
      const match = this.#sameType(found, value);
      if (match === "same") return position;
      if (match === "open") untyped ??= position;
    }
    return untyped;
  }

  /** How many positions `candidates` gives at most. */
  count(sub: string, text: string): number {
    const entry = this.#bucket(sub).get(text.toLowerCase());
    return entry === undefined ? 0 : typeof entry === "number" ? 1 : entry.size;
  }

  /**
   * The positions of the values among which are all those whose sub-attribute equals a text; for simple values the
   * sub-attribute is `value`. In ascending order.
   */
  candidates(sub: string, text: string): number[] {
    return this.#lookUp(sub, text.toLowerCase()).toSorted((one, other) => one - other);
  }

  /** Makes the value at a position the only one that is primary (RFC 7644 §3.5.2). */
  prefer(position: number): void {
    if (this.#primary === undefined) return;
    if (this.#preferred === undefined) {
      this.#preferred = new Set();
      for (const each of this.positions()) if (this.#isPrimary(this.#values[each])) this.#preferred.add(each);
    }
    for (const each of this.#preferred) {
      const value = this.#values[each];
      if (each === position || value === undefined || !isJsonObject(value)) continue;
      this.put(each, { ...value, [memberName(value, "primary") ?? this.#primary.name]: false });
    }
  }

  /** The values as they are now; the array that was given when nothing has changed. It is never changed afterwards. */
  finish(): readonly JsonValue[] {
    if (this.#changed) {
      this.#finished = this.#values.filter((value) => value !== undefined);
      this.#changed = false;
    }
    return this.#finished;
  }

  #enter(position: number, value: JsonValue | undefined): void {
    if (this.#preferred !== undefined) {
      if (this.#isPrimary(value)) this.#preferred.add(position);
      else this.#preferred.delete(position);
    }
    for (const [index, bucket] of this.#indexes) {
      const key = value === undefined ? undefined : this.#key(index, value);
      if (key !== undefined) note(bucket, key, position);
    }
  }

  #lookUp(index: string, key: string): number[] {
    const entry = this.#bucket(index).get(key);
    if (entry === undefined) return [];
    if (typeof entry === "number") return this.#isCurrent(index, key, entry) ? [entry] : [];
    for (const position of entry) if (!this.#isCurrent(index, key, position)) entry.delete(position);
    return [...entry];
  }

  #bucket(index: string): Bucket {
    let bucket = this.#indexes.get(index);
    if (bucket === undefined) {
      bucket = new Map();
      for (let position = 0; position < this.#values.length; position += 1) {
        const value = this.#values[position];
        const found = value === undefined ? undefined : this.#key(index, value);
        if (found !== undefined) note(bucket, found, position);
      }
      this.#indexes.set(index, bucket);
    }
    return bucket;
  }

  #isCurrent(index: string, key: string, position: number): boolean {
    const value = this.#values[position];
    return value !== undefined && this.#key(index, value) === key;
  }

  /** What a value is found by in an index; `undefined` when the index does not have it. */
  #key(index: string, value: JsonValue): string | undefined {
    if (index === WHOLE) {
      return this.#identity(value) === undefined ? canonical(this.attribute, value, "caseExact") : undefined;
    }
    const text = isJsonObject(value) ? member(value, index) : index === "value" && value;
    return typeof text === "string" ? text.toLowerCase() : undefined;
  }

  /** The significant value (RFC 7643 §2.4), where it is text. */
  #identity(value: JsonValue): string | undefined {
    if (this.#value === undefined || !isJsonObject(value)) return undefined;
    const text = member(value, "value");
    return typeof text === "string" ? text : undefined;
  }

  #sameType(one: JsonValue, other: JsonValue): "same" | "open" | "different" {
    const type = this.attribute.subAttributes?.get("type");
    const [first, second] = [one, other].map((value) => (isJsonObject(value) ? member(value, "type") : undefined));
    if (isUnassigned(first) || isUnassigned(second)) {
      return isUnassigned(first) && isUnassigned(second) ? "same" : "open";
    }
    return canonical(type, first, "caseExact") === canonical(type, second, "caseExact") ? "same" : "different";
  }

  #isPrimary(value: JsonValue | undefined): boolean {
    return value !== undefined && isJsonObject(value) && member(value, "primary") === true;
  }
}

function note(bucket: Bucket, key: string, position: number): void {
  const entry = bucket.get(key);
  if (entry === undefined) bucket.set(key, position);
  else if (typeof entry !== "number") entry.add(position);
  else if (entry !== position) bucket.set(key, new Set([entry, position]));
}
