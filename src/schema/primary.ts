/**
 * The preferred value of a multi-valued attribute (RFC 7643 §2.4): `primary` is true in one of them at most.
 *
 * @module
 */
import { isJsonObject } from "../json.ts";
import type { Attribute, Attributes } from "./attribute.ts";
import { presence, type Context } from "./context.ts";

/** Whether a sub-attribute marks the preferred value of its attribute. */
export function isPrimary(parent: Attribute | undefined, sub: Attribute | undefined): boolean {
  return parent?.multiValued === true && sub?.type === "boolean" && sub.name.toLowerCase() === "primary";
}

/** The sub-attribute that marks the preferred value of a multi-valued attribute. */
export function primaryOf(attribute: Attribute): Attribute | undefined {
  const primary = attribute.subAttributes?.get("primary");
  return isPrimary(attribute, primary) ? primary : undefined;
}

/**
 * The positions of values that are primary although one before them is.
 *
 * @param primary the name of the sub-attribute.
 */
export function furtherPrimaries(elements: readonly unknown[], primary: string): number[] {
  const positions: number[] = [];
  for (const [position, element] of elements.entries()) {
    if (isJsonObject(element) && Object.hasOwn(element, primary) && element[primary] === true)
      positions.push(position);
  }
  return positions.slice(1);
}

/**
 * Whether an attribute has more than one primary value, anywhere in a valid payload. JSON Schema before 2019-09 has no word
 * for it.
 */
export function repeatsPrimary(attributes: Attributes, context: Context, value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  for (const attribute of attributes) {
    const { name, subAttributes } = attribute;
    if (subAttributes === undefined || !Object.hasOwn(value, name)) continue;
    const content = value[name];
    const elements: readonly unknown[] = Array.isArray(content) ? content : [content];
    const primary = writtenPrimary(attribute, context);
    if (primary !== undefined && furtherPrimaries(elements, primary.name).length > 0) return true;
    if (hasDepth(subAttributes) && elements.some((element) => repeatsPrimary(subAttributes, context, element))) {
      return true;
    }
  }
  return false;
}

/** The sub-attribute that marks the preferred value, where a request may set it. */
export function writtenPrimary(attribute: Attribute, context: Context): Attribute | undefined {
  const primary = primaryOf(attribute);
  if (primary === undefined) return undefined;
  const rule = presence(primary, context);
  return rule === "dropped" || rule === "refused" ? undefined : primary;
}

function hasDepth(attributes: Attributes): boolean {
  for (const { subAttributes } of attributes) if (subAttributes !== undefined) return true;
  return false;
}
