/**
 * What a known server asks for in a create or replace beyond its schema: without it, it refuses the resource or makes up a
 * value.
 *
 * @module
 */
import type { Issue } from "../errors.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "./attribute.ts";
import type { ResourceModel } from "./resource-model.ts";
import type { Views } from "./view.ts";

/** Attribute paths, by what is done. A sub-attribute of a multi-valued attribute is asked of each of its values. */
export interface Demands {
  readonly create?: readonly string[];
  readonly replace?: readonly string[];
}

/**
 * The demands that a resource does not meet: an attribute that is absent, null or empty is not there (RFC 7643 §2.5).
 *
 * @param resource normalised, so that its names have the schema's spelling.
 * @param who whose demands they are, for the messages.
 */
export function unmetDemands(
  model: ResourceModel<Views>,
  context: "create" | "replace",
  resource: JsonValue,
  demands: Demands,
  who: string,
): Issue[] {
  return (demands[context] ?? [])
    .filter((path) => !isPresent(resource, model.resolve(path) ?? []))
    .map((path) => ({
      path,
      rule: "required",
      message: `"${path}" must be present in a ${context} request for ${who}`,
      section: "RFC 7643 §2.2",
    }));
}

function isPresent(value: JsonValue | undefined, chain: readonly Attribute[]): boolean {
  const [next, ...rest] = chain;
  if (next === undefined) return value !== undefined && value !== null && !isEmptyArray(value);
  if (Array.isArray(value)) return value.every((element) => isPresent(element, chain));
  return isJsonObject(value) && Object.hasOwn(value, next.name) && isPresent(value[next.name], rest);
}

function isEmptyArray(value: JsonValue): boolean {
  return Array.isArray(value) && value.length === 0;
}
