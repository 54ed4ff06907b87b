/**
 * What the filter of a value path says about the values that it selects (RFC 7644 §3.5.2).
 *
 * @module
 */
import type { JsonObject } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { simpleSub } from "./element.ts";
import type { Comparison, Filter } from "./filter.ts";

/** A sub-attribute and a text that it equals in every value that a filter selects; for simple values it is `value`. */
export interface FilterKey {
  readonly sub: string;
  readonly text: string;
}

/** What a filter demands of sub-attributes in so many words: `value eq "2819"`, also as one part of an `and`. */
export function keysOf(attribute: Attribute, filter: Filter): readonly FilterKey[] {
  const isComplex = attribute.type === "complex";
  return (filter.op === "and" ? filter.filters : [filter]).flatMap((part) => {
    if (!isEquality(part) || typeof part.value !== "string") return [];
    const compared = isComplex ? simpleSub(attribute.subAttributes, part.path.attribute) : attribute;
    // Text that stands for a time can be equal without being the same.
    if (compared?.type !== "string" && compared?.type !== "reference") return [];
    return [{ sub: isComplex ? compared.name : "value", text: part.value }];
  });
}

/**
 * The value that a filter describes: of `type eq "work" and primary eq true` it has both sub-attributes.
 *
 * @returns `undefined` when the filter is anything but one or more `eq` joined by `and`, or the attribute is not complex.
 */
export function describedBy(attribute: Attribute, filter: Filter): JsonObject | undefined {
  if (attribute.type !== "complex") return undefined;
  const described: JsonObject = {};
  for (const part of filter.op === "and" ? filter.filters : [filter]) {
    if (!isEquality(part)) return undefined;
    const name = part.path.attribute;
    described[attribute.subAttributes?.get(name)?.name ?? name] = part.value;
  }
  return described;
}

function isEquality(filter: Filter): filter is Comparison {
  return filter.op === "eq" && filter.path.subAttributes.length === 0;
}
