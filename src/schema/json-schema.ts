/**
 * JSON Schema (draft-07) of a resource model in a context. It is built from a whitelist: of what a server published it
 * contains the names of the attributes and nothing else, so no text, pattern or reference of a server reaches a compiler.
 *
 * @module
 */
import type { JsonObject } from "../json.ts";
import type { Attribute, Attributes } from "./attribute.ts";
import { BINARY } from "./binary.ts";
import { presence, type Context } from "./context.ts";
import { DATE_TIME } from "./date-time.ts";
import type { ResourceModel } from "./resource-model.ts";
import type { Views } from "./view.ts";

/** What the `format` keyword says in these schemas. Self-contained expressions, so that compiled code needs nothing else. */
export const FORMATS: { readonly "date-time": RegExp; readonly base64: RegExp } = {
  "date-time": DATE_TIME,
  base64: BINARY,
};

/**
 * Members of an extension object that are no attributes but extensions of it (RFC 9944). ajv adds the flag `u`, under
 * which an expression has no other way to ignore case.
 */
export const NESTED_EXTENSION: RegExp = /^[uU][rR][nN]:/;

/**
 * The JSON Schema of a resource. A pure function: the same model and context give an equal document.
 *
 * - Requests take no attribute that the context table (`presence`) drops or refuses, and none that the schemas do not
 *   define; `null` stands for no value (RFC 7643 §2.5) and so, like `[]`, is refused for a required attribute, also in a
 *   PATCH, which does not demand it.
 * - Responses may hold anything the schemas do not define and lack anything but `id` (RFC 7643 erratum 8280). `null` is
 *   refused, except for an extension and for what is below it (RFC 9944).
 * - That one value at most is the primary one (RFC 7643 §2.4) is not said: draft-07 cannot.
 * - A complex attribute whose sub-attributes are not published is any object; canonical values bind nobody (RFC 7643 §7).
 */
export function jsonSchema(model: ResourceModel<Views>, context: Context): JsonObject {
  const resource = objectSchema(model.attributes, context, { extension: false, nullable: false });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...resource,
    ...(isIdentified(model, context) ? { required: ["id"] } : {}),
  };
}

/** Whether a resource must have an `id` here (RFC 7643 §3.1). */
export function isIdentified(model: ResourceModel<Views>, context: Context): boolean {
  return context === "response" && model.identified;
}

/**
 * Whether an attribute may be `null` in a context.
 *
 * @param nullable whether what the attribute is part of may be `null` in answers: true below an extension.
 */
export function isNullable(attribute: Attribute, context: Context, nullable: boolean): boolean {
  return context === "response" ? nullable || attribute.extension : !attribute.required;
}

interface Place {
  readonly extension: boolean;
  readonly nullable: boolean;
}

function objectSchema(attributes: Attributes, context: Context, { extension, nullable }: Place): JsonObject {
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const attribute of attributes) {
    const rule = presence(attribute, context);
    if (rule === "dropped" || rule === "refused") continue;
    if (rule === "required") required.push(attribute.name);
    properties[attribute.name] = attributeSchema(attribute, context, nullable);
  }
  const closed = context !== "response";
  return {
    type: "object",
    properties,
    ...(closed && extension ? { patternProperties: { [NESTED_EXTENSION.source]: true } } : {}),
    ...(closed ? { additionalProperties: false } : {}),
    ...(required.length > 0 ? { required } : {}),
  };
}

function attributeSchema(attribute: Attribute, context: Context, nullable: boolean): JsonObject {
  const absent = isNullable(attribute, context, nullable);
  if (!attribute.multiValued) return orNull(valueSchema(attribute, context, absent), absent);
  // Below an extension an answer may hold null anywhere; in a request null is no value and so no element either.
  const element = context === "response" && absent;
  return {
    ...orNull({ type: "array" }, absent),
    items: orNull(valueSchema(attribute, context, element), element),
    ...(context !== "response" && attribute.required ? { minItems: 1 } : {}),
  };
}

function valueSchema(attribute: Attribute, context: Context, nullable: boolean): JsonObject {
  const closed = context !== "response";
  switch (attribute.type) {
    case "dateTime":
      return closed ? { type: "string", format: "date-time" } : { type: "string" };
    case "binary":
      return closed ? { type: "string", format: "base64" } : { type: "string" };
    case "boolean":
      return { type: "boolean" };
    case "decimal":
      return { type: "number" };
    case "integer":
      return { type: "integer" };
    case "complex":
      return attribute.subAttributes === undefined
        ? { type: "object" }
        : objectSchema(attribute.subAttributes, context, { extension: attribute.extension, nullable });
    default:
      return { type: "string" };
  }
}

function orNull(schema: JsonObject, nullable: boolean): JsonObject {
  const { type } = schema;
  return nullable && type !== undefined ? { ...schema, type: [type, "null"] } : schema;
}
