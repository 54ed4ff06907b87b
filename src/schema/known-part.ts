/**
 * What of a resource its schemas define: servers send attributes that they do not publish (RFC 7643 §7).
 *
 * @module
 */
import { isJsonObject, setMember, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute, Attributes } from "./attribute.ts";
import { NESTED_EXTENSION } from "./json-schema.ts";
import type { ResourceModel } from "./resource-model.ts";
import type { Views } from "./view.ts";

/**
 * What becomes of attributes that the schemas do not define when a resource is written: the write is refused; they are left
 * out; or they are sent as they are.
 */
export type UnknownAttributes = "refuse" | "drop" | "send";

/**
 * A resource without what its model does not define: attributes, sub-attributes, and extensions, which `schemas` then does
 * not list either. Copy on write: where there is nothing to leave out, the resource itself.
 *
 * @param resource normalised, so that its names have the schema's spelling.
 */
export function knownPart(model: ResourceModel<Views>, resource: JsonObject): JsonObject {
  const known = knownMembers(model.attributes, resource, false);
  const { schemas } = known;
  if (known === resource || !Array.isArray(schemas)) return known;
  const dropped = new Set(
    Object.keys(resource)
      .filter((name) => !Object.hasOwn(known, name))
      .map((name) => name.toLowerCase()),
  );
  const listed = schemas.filter((urn) => typeof urn !== "string" || !dropped.has(urn.toLowerCase()));
  return listed.length === schemas.length ? known : { ...known, schemas: listed };
}

function knownMembers(attributes: Attributes, object: JsonObject, extension: boolean): JsonObject {
  const known: JsonObject = {};
  let changed = false;
  for (const [name, value] of Object.entries(object)) {
    const attribute = attributes.exact(name);
    if (attribute === undefined && !(extension && NESTED_EXTENSION.test(name))) {
      changed = true;
      continue;
    }
    const kept = attribute === undefined ? value : knownValue(attribute, value);
    if (!Object.is(kept, value)) changed = true;
    setMember(known, name, kept);
  }
  return changed ? known : object;
}

function knownValue(attribute: Attribute, value: JsonValue | undefined): JsonValue | undefined {
  const { subAttributes, extension, multiValued } = attribute;
  // A value of the wrong shape is refused as a whole, and nothing in it is known or unknown.
  if (subAttributes === undefined || Array.isArray(value) !== multiValued) return value;
  if (isJsonObject(value)) return knownMembers(subAttributes, value, extension);
  if (!Array.isArray(value)) return value;
  const elements = value.map((element) =>
    isJsonObject(element) ? knownMembers(subAttributes, element, extension) : element,
  );
  return elements.some((element, index) => !Object.is(element, value[index])) ? elements : value;
}
