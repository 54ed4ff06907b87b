/**
 * The `schemas` attribute (RFC 7643 §3): which schemas a resource is made of.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "../json.ts";
import type { DeviationReport } from "./deviation-report.ts";
import { sameName, type ResourceModel } from "./resource-model.ts";
import type { Views } from "./view.ts";

/**
 * A resource whose `schemas` names, in their own spelling and once, its core schema and every extension that it has a value
 * for. Other URNs stay, and the order is that which was given (§3: it has no meaning).
 *
 * @param repair for what was received, whether something other than an array of strings is put right as well. What is to
 *   be sent is left to validation instead, and does not name an extension whose data was taken out of it.
 */
export function completeSchemas(
  model: ResourceModel<Views>,
  resource: JsonObject,
  report: DeviationReport | undefined,
  repair: boolean,
): JsonObject {
  const there = Object.hasOwn(resource, "schemas");
  const given = there ? resource["schemas"] : undefined;
  if (Array.isArray(given)) {
    if (isComplete(model, resource, given, repair)) return resource;
  } else if (!repair && given !== undefined && given !== null) {
    return resource;
  }
  report?.deviation("schemas", 0, "schemas", -1);
  const listed = Array.isArray(given) ? given : typeof given === "string" ? [given] : [];
  const schemas = new Set<JsonValue>();
  for (const urn of listed) {
    const name = typeof urn === "string" ? canonical(model, urn) : urn;
    if (repair ? typeof urn === "string" : !isVacant(model, resource, name)) schemas.add(name);
  }
  schemas.add(model.schema.id);
  for (const { model: extension } of model.extensions) {
    if (isPopulated(resource, extension.schema.id)) schemas.add(extension.schema.id);
  }
  return there ? { ...resource, schemas: [...schemas] } : { schemas: [...schemas], ...resource };
}

function isComplete(
  model: ResourceModel<Views>,
  resource: JsonObject,
  given: readonly JsonValue[],
  repair: boolean,
): boolean {
  if (!given.includes(model.schema.id)) return false;
  for (const urn of given) {
    if (typeof urn === "string" ? canonical(model, urn) !== urn : repair) return false;
    if (!repair && isVacant(model, resource, urn)) return false;
  }
  for (const { model: extension } of model.extensions) {
    if (isPopulated(resource, extension.schema.id) && !given.includes(extension.schema.id)) return false;
  }
  return !hasRepeats(given);
}

function canonical(model: ResourceModel<Views>, urn: string): string {
  if (sameName(urn, model.schema.id)) return model.schema.id;
  for (const { model: extension } of model.extensions) {
    if (sameName(urn, extension.schema.id)) return extension.schema.id;
  }
  return urn;
}

/** Whether this is the URN of an extension that the resource has no value for. */
function isVacant(model: ResourceModel<Views>, resource: JsonObject, urn: JsonValue): boolean {
  return model.extensions.some(({ model: { schema } }) => schema.id === urn && !isPopulated(resource, schema.id));
}

function isPopulated(resource: JsonObject, urn: string): boolean {
  return Object.hasOwn(resource, urn) && resource[urn] !== null && resource[urn] !== undefined;
}

/** Lists are short; a long one must not cost its square. */
function hasRepeats(list: readonly JsonValue[]): boolean {
  if (list.length > 8) return new Set(list).size !== list.length;
  return list.some((item, index) => list.indexOf(item, index + 1) !== -1);
}
