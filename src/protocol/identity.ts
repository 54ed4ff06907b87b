/**
 * What tells one value of a multi-valued attribute from the others, and the filter that selects it (RFC 7643 §2.4, RFC 7644
 * §3.5.2).
 *
 * @module
 */
import { isJsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { isUnassigned } from "../schema/unassigned.ts";
import { foldText, simpleSub } from "./element.ts";
import { member } from "./messages.ts";

/** A longer text makes no useful filter. */
const LONGEST = 512;

/** What values are told apart by: `value`, or `value` and `type`, or `type`; a simple value by itself. */
export class Identity {
  readonly #isComplex: boolean;
  readonly #main: Attribute;
  readonly #label: Attribute | undefined;

  private constructor(attribute: Attribute, main: Attribute, label: Attribute | undefined) {
    this.#isComplex = attribute.type === "complex";
    this.#main = main;
    this.#label = label;
  }

  /** The identities that an attribute's values can have, the first to be tried first. */
  static of(attribute: Attribute): readonly Identity[] {
    if (attribute.type !== "complex")
      return isComparable(attribute) ? [new Identity(attribute, attribute, undefined)] : [];
    const [value, type] = ["value", "type"].map((name) => simpleSub(attribute.subAttributes, name)).map(comparable);
    const identities: Identity[] = [];
    if (value !== undefined) identities.push(new Identity(attribute, value, undefined));
    if (value !== undefined && type !== undefined) identities.push(new Identity(attribute, value, type));
    if (type !== undefined) identities.push(new Identity(attribute, type, undefined));
    return identities;
  }

  /** The values by their keys; `undefined` when two cannot be told apart, or one not be selected by a filter. */
  index(values: readonly JsonValue[]): ReadonlyMap<string, JsonValue> | undefined {
    const found = new Map<string, JsonValue>();
    /** Of each main key, whether a value without a label has it: a filter for that one would select the others, too. */
    const bare = new Map<string, boolean>();
    for (const value of values) {
      let key = keyOf(this.#main, this.#mainOf(value));
      if (key === undefined) return undefined;
      if (this.#label !== undefined) {
        const label = isJsonObject(value) ? member(value, this.#label.name) : undefined;
        const isBare = isUnassigned(label);
        if (bare.has(key) && (isBare || bare.get(key) === true)) return undefined;
        bare.set(key, isBare);
        const labelKey = isBare ? "" : keyOf(this.#label, label);
        if (labelKey === undefined) return undefined;
        key = `${key.length}${key}${labelKey}`;
      }
      if (found.has(key)) return undefined;
      found.set(key, value);
    }
    return found;
  }

  /** The filter that selects a value. */
  filter(value: JsonValue): string {
    const filter = `${this.#isComplex ? this.#main.name : "value"} eq ${JSON.stringify(this.#mainOf(value))}`;
    const label = this.#label === undefined || !isJsonObject(value) ? undefined : member(value, this.#label.name);
    return isUnassigned(label) ? filter : `${filter} and ${this.#label?.name ?? ""} eq ${JSON.stringify(label)}`;
  }

  #mainOf(value: JsonValue): JsonValue | undefined {
    if (!this.#isComplex) return value;
    return isJsonObject(value) ? member(value, this.#main.name) : undefined;
  }
}

/** Two texts can stand for one time, or for the same bytes. */
function isComparable(attribute: Attribute): boolean {
  return attribute.mutability !== "readOnly" && attribute.type !== "dateTime" && attribute.type !== "binary";
}

function comparable(attribute: Attribute | undefined): Attribute | undefined {
  return attribute !== undefined && isComparable(attribute) ? attribute : undefined;
}

/** A value as comparisons see it. */
function keyOf(attribute: Attribute, value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value.length > LONGEST ? undefined : `"${foldText(attribute, value)}`;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
