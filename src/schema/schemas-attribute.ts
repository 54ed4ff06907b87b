/**
 * The `schemas` attribute (RFC 7643 §3): which schemas a resource is made of.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "../json.ts";
import type { Context } from "./context.ts";
import type { DeviationReport } from "./deviation-report.ts";
import { sameName, type ResourceModel, type SchemaExtension } from "./resource-model.ts";
import { isHollow, unassigns } from "./unassigned.ts";
import type { Views } from "./view.ts";

/** PATCH has no resource, and so no `schemas`. */
type SentOrReceived = Exclude<Context, "patch">;

/**
 * A resource whose `schemas` names, in their own spelling and once, its core schema and its extensions. Other URNs stay, and
 * the order is that which was given (§3: it has no meaning). An extension is named
 *
 * - in an answer, when it is there
 * - in what is sent, when it is populated: something in it has a value, however deep. A required one is named even when it is
 *   empty (§6: the resource MUST include it)
 * - in a replacement, also when it unassigns something by null or `[]`: a server may refuse or ignore what stands under a URN
 *   that `schemas` does not name, and would leave as it is what was to go
 *
 * What is received is put right also where `schemas` is something other than an array of strings. What is to be sent is left
 * to validation instead, and does not name an extension that is not as above. The data itself stays as it was given.
 */
export function completeSchemas(
  model: ResourceModel<Views>,
  resource: JsonObject,
  report: DeviationReport | undefined,
  context: SentOrReceived,
): JsonObject {
  const repair = context === "response";
  const there = Object.hasOwn(resource, "schemas");
  const given = there ? resource["schemas"] : undefined;
  if (Array.isArray(given)) {
    if (isComplete(model, resource, given, context)) return resource;
  } else if (!repair && given !== undefined && given !== null) {
    return resource;
  }
  report?.deviation("schemas", 0, "schemas", -1);
  const listed = Array.isArray(given) ? given : typeof given === "string" ? [given] : [];
  const schemas = new Set<JsonValue>();
  for (const urn of listed) {
    const name = typeof urn === "string" ? canonical(model, urn) : urn;
    if (repair ? typeof urn === "string" : !isVacant(model, resource, name, context)) schemas.add(name);
  }
  schemas.add(model.schema.id);
  for (const extension of model.extensions) {
    if (isNamed(resource, extension, context)) schemas.add(extension.model.schema.id);
  }
  return there ? { ...resource, schemas: [...schemas] } : { schemas: [...schemas], ...resource };
}

function isComplete(
  model: ResourceModel<Views>,
  resource: JsonObject,
  given: readonly JsonValue[],
  context: SentOrReceived,
): boolean {
  const repair = context === "response";
  if (!given.includes(model.schema.id)) return false;
  for (const urn of given) {
    if (typeof urn === "string" ? canonical(model, urn) !== urn : repair) return false;
    if (!repair && isVacant(model, resource, urn, context)) return false;
  }
  for (const extension of model.extensions) {
    if (isNamed(resource, extension, context) && !given.includes(extension.model.schema.id)) return false;
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

/** Whether this is the URN of an extension that is not to be named. */
function isVacant(
  model: ResourceModel<Views>,
  resource: JsonObject,
  urn: JsonValue,
  context: SentOrReceived,
): boolean {
  return model.extensions.some(
    (extension) => extension.model.schema.id === urn && !isNamed(resource, extension, context),
  );
}

function isNamed(resource: JsonObject, { model, required }: SchemaExtension, context: SentOrReceived): boolean {
  const urn = model.schema.id;
  const value = Object.hasOwn(resource, urn) ? resource[urn] : undefined;
  if (value === undefined || value === null) return false;
  if (context === "response" || required || !isHollow(value)) return true;
  return context === "replace" && unassigns(value);
}

/** Lists are short; a long one must not cost its square. */
function hasRepeats(list: readonly JsonValue[]): boolean {
  if (list.length > 8) return new Set(list).size !== list.length;
  return list.some((item, index) => list.indexOf(item, index + 1) !== -1);
}
