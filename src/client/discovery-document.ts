/**
 * The entries of discovery documents (RFC 7643 §6, §7) as servers publish them, and as a description would have them.
 *
 * @module
 */
import { isJsonObject, type JsonValue } from "../json.ts";
import { member } from "../protocol/messages.ts";
import { isSchemaId, type SchemaDefinition } from "../schema/attribute.ts";
import type { Discovery, ResourceTypeDefinition, ServiceDescription } from "./service-description.ts";

/** Reads a resource type (RFC 7643 §6) as servers publish it; `undefined` when it names no schema or has no name. */
export function readResourceType(value: JsonValue): ResourceTypeDefinition | undefined {
  if (!isJsonObject(value)) return undefined;
  const schema = member(value, "schema");
  const id = member(value, "id");
  const named = member(value, "name");
  const name = typeof named === "string" && named !== "" ? named : id;
  if (typeof schema !== "string" || typeof name !== "string" || name === "") return undefined;
  const endpoint = member(value, "endpoint");
  const description = member(value, "description");
  return {
    ...(typeof id === "string" ? { id } : {}),
    name,
    ...(typeof description === "string" ? { description } : {}),
    endpoint: typeof endpoint === "string" && endpoint !== "" ? endpoint : `/${name}s`,
    schema,
    schemaExtensions: extensionList(member(value, "schemaExtensions")),
  };
}

/**
 * Reads a schema (RFC 7643 §7); the attributes are checked when it is compiled. `undefined` for one without attributes, and
 * for one with an id that no schema can have.
 */
export function readSchema(value: JsonValue): SchemaDefinition | undefined {
  if (!isJsonObject(value)) return undefined;
  const id = member(value, "id");
  const attributes = member(value, "attributes");
  if (!isSchemaId(id) || !Array.isArray(attributes)) return undefined;
  const name = member(value, "name");
  const description = member(value, "description");
  return {
    id,
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof description === "string" ? { description } : {}),
    // Names, characteristics and nesting of server-made definitions are judged one by one by compileAttributes.
    attributes: attributes as unknown as SchemaDefinition["attributes"],
  };
}

function extensionList(value: JsonValue | undefined): { schema: string; required: boolean }[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  const extensions = new Map<string, { schema: string; required: boolean }>();
  for (const item of list) {
    const schema = isJsonObject(item) ? member(item, "schema") : item;
    if (typeof schema !== "string" || extensions.has(schema.toLowerCase())) continue;
    const required = isJsonObject(item) && member(item, "required") === true;
    extensions.set(schema.toLowerCase(), { schema, required });
  }
  return [...extensions.values()];
}

/** A description as the documents that it could have come from. */
export function documentsOf({ models, serviceProviderConfig }: ServiceDescription): Omit<Discovery, "warnings"> {
  const schemas = new Map<string, SchemaDefinition>();
  for (const { schema, extensions } of models) {
    for (const used of [schema, ...extensions.map(({ model }) => model.schema)]) {
      schemas.set(used.id.toLowerCase(), used);
    }
  }
  return {
    ...(serviceProviderConfig === undefined ? {} : { serviceProviderConfig }),
    resourceTypes: models.map(({ name, endpoint, schema, extensions }) => ({
      name,
      endpoint,
      schema: schema.id,
      schemaExtensions: extensions.map(({ model, required }) => ({ schema: model.schema.id, required })),
    })),
    schemas: [...schemas.values()],
  };
}
