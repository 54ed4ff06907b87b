/**
 * Models that an application defines itself: from a schema literal come the run-time tree and, inferred, the types.
 *
 * @module
 */
import { compileAttributes, type Attributes, type SchemaDefinition } from "./attribute.ts";
import { isURN } from "./attribute-path.ts";
import type { ExtensionEntry, InferExtensionViews, InferViews } from "./infer.ts";
import { ExtensionModel, ResourceModel, sameName, type SchemaExtension } from "./resource-model.ts";

/** What a resource model is defined by. */
export interface ModelDefinition<
  S extends SchemaDefinition = SchemaDefinition,
  X extends readonly ExtensionEntry[] = readonly ExtensionEntry[],
> {
  /** The core schema (RFC 7643 §7), written inline or declared `as const`. */
  readonly schema: S;
  /** The resource type's name. Default: the schema's name, or else the last part of its URN. */
  readonly name?: string;
  /** Below the base URL, with a leading slash. Default: the name's plural, `User` → `/Users`, `Policy` → `/Policies`. */
  readonly endpoint?: string;
  /** Extension models; `{ model, required: true }` for one that every resource must have. Default: none. */
  readonly extensions?: X;
}

/**
 * Makes a resource model of a schema. The types of its resources are inferred.
 *
 * ```ts
 * const Device = defineModel({
 *   schema: {
 *     id: "urn:example:params:scim:schemas:core:2.0:Device",
 *     attributes: [{ name: "serialNumber", required: true }, { name: "ports", type: "integer" }],
 *   },
 * });
 * ```
 *
 * @throws {TypeError} naming what is wrong: an attribute name, a type, a name defined twice, a URN, an endpoint.
 */
export function defineModel<
  const S extends SchemaDefinition,
  const X extends readonly ExtensionEntry[] = readonly [],
>(definition: ModelDefinition<S, X>): ResourceModel<InferViews<S, X>> {
  const { schema } = definition;
  const attributes = compileDefinition(schema);
  const name = definition.name ?? schema.name ?? schema.id.slice(schema.id.lastIndexOf(":") + 1);
  if (name.trim() === "") throw new TypeError(`the resource type of ${schema.id} needs a name (RFC 7643 §6)`);
  const endpoint = definition.endpoint ?? defaultEndpoint(name);
  if (!isEndpoint(endpoint)) {
    const example = "a path below the base URL such as /Users (RFC 7643 §6)";
    throw new TypeError(`${JSON.stringify(endpoint)} cannot be the endpoint of ${schema.id}, which is ${example}`);
  }
  return new ResourceModel({ name, endpoint, schema, attributes, extensions: extensionsOf(definition) });
}

/**
 * Makes an extension model of a schema (RFC 7643 §3.3), for `model.with(extension)` and for the `extensions` of
 * `defineModel`.
 *
 * @throws {TypeError} naming what is wrong, as `defineModel`.
 */
export function defineExtension<const S extends SchemaDefinition>(definition: {
  readonly schema: S;
}): ExtensionModel<S["id"], InferExtensionViews<S>> {
  const { schema } = definition;
  return new ExtensionModel({ schema, attributes: compileDefinition(schema) });
}

/**
 * Compiles a schema of which every attribute must be usable.
 *
 * @throws {TypeError} naming the first that is not.
 */
export function compileDefinition(schema: SchemaDefinition): Attributes {
  // Not every caller has a compiler.
  const { id, attributes }: { readonly id?: unknown; readonly attributes?: unknown } = schema;
  if (typeof id !== "string" || !isURN(id)) {
    throw new TypeError(`${JSON.stringify(id)} is not a URN, and the id of a schema is one (RFC 7643 §7)`);
  }
  if (!Array.isArray(attributes)) {
    throw new TypeError(`"attributes" of ${id} must be a list (RFC 7643 §7)`);
  }
  return compileAttributes(attributes, ({ message }) => {
    throw new TypeError(`${id}: ${message}`);
  });
}

function extensionsOf({ schema, extensions = [] }: ModelDefinition): readonly SchemaExtension[] {
  const known = [schema.id];
  return extensions.map((entry) => {
    const { model, required } = entry instanceof ExtensionModel ? { model: entry, required: false } : entry;
    if (!(model instanceof ExtensionModel)) {
      throw new TypeError(`the extensions of ${schema.id} are extension models, as defineExtension makes them`);
    }
    const { id } = model.schema;
    if (known.some((other) => sameName(other, id))) {
      throw new TypeError(`${id} extends ${schema.id} twice, or itself`);
    }
    known.push(id);
    return { model, required };
  });
}

/** Names are for people, paths for URLs: `Acme Device` is found at `/AcmeDevices`. */
function defaultEndpoint(name: string): string {
  const word = name.replace(/\s/g, "");
  if (/[^aeiou]y$/i.test(word)) return `/${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/i.test(word) ? `/${word}es` : `/${word}s`;
}

function isEndpoint(text: string): boolean {
  return /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/.test(text) && !/\/\.\.?(?:\/|$)/.test(text);
}
