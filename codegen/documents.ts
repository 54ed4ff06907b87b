/**
 * Discovery documents (RFC 7644 §4) as code is generated from them: resource types with their schemas and extensions, of
 * which only what the library knows is left.
 *
 * @module
 */
import {
  compileAttributes,
  printable,
  type Attribute,
  type AttributeDefinition,
  type Attributes,
  type SchemaDefinition,
} from "../src/schema/attribute.ts";
import { isURN } from "../src/schema/attribute-path.ts";
import { ResourceTypeSchema, SchemaSchema, ServiceProviderConfigSchema } from "../src/schema/core-schemas.ts";
import { ExtensionModel, ResourceModel, sameName } from "../src/schema/resource-model.ts";
import { pascalCase } from "./identifiers.ts";

/** A resource type as `/ResourceTypes` publishes it (RFC 7643 §6). */
export interface ResourceTypeDocument {
  readonly name: string;
  readonly description?: string;
  /** Below the base URL, with a leading slash. */
  readonly endpoint: string;
  /** The core schema's URN. */
  readonly schema: string;
  readonly schemaExtensions?: readonly { readonly schema: string; readonly required: boolean }[];
}

/** What a server says of itself, as `discover()` returns it: with what stands in for what the server does not publish. */
export interface DiscoveryDocuments {
  readonly resourceTypes: readonly ResourceTypeDocument[];
  readonly schemas: readonly SchemaDefinition[];
}

/** Something in the documents that could not be used as it stands; the code was generated without it. */
export interface CodegenWarning {
  /** What it is about: a resource type, a schema URN, an attribute path after its URN. */
  readonly path: string;
  readonly message: string;
}

/** A schema of which every attribute is usable. */
export interface UsableSchema {
  /** The characteristics that have not their default. */
  readonly definition: SchemaDefinition;
  /** The compiled attributes of `definition`. */
  readonly attributes: Attributes;
  /** The same as an extension. */
  readonly extension: ExtensionModel;
}

/** A resource type of which everything is known. */
export interface UsableResourceType {
  readonly name: string;
  readonly description: string;
  readonly endpoint: string;
  readonly schema: UsableSchema;
  readonly extensions: readonly { readonly schema: UsableSchema; readonly required: boolean }[];
  readonly model: ResourceModel;
}

/** The library has models of these; each is the same on every server. */
const SELF_DESCRIPTION: readonly SchemaDefinition[] = [
  SchemaSchema,
  ResourceTypeSchema,
  ServiceProviderConfigSchema,
];

/** The schemas of some documents, each compiled once. */
export class Schemas {
  readonly #published: readonly SchemaDefinition[];
  readonly #warn: (warning: CodegenWarning) => void;
  readonly #usable = new Map<string, UsableSchema | undefined>();

  constructor(published: readonly SchemaDefinition[], warn: (warning: CodegenWarning) => void) {
    this.#published = published.filter((schema: unknown, index) => {
      if (isObject(schema) && typeof schema["id"] === "string" && Array.isArray(schema["attributes"])) return true;
      const message = `entry ${index} of the schemas has no id or no attributes (RFC 7643 §7); it is left out`;
      warn({ path: `schemas[${index}]`, message });
      return false;
    });
    this.#warn = warn;
  }

  /**
   * A schema by its URN.
   *
   * @returns `undefined`, with a warning, when it is not published.
   * @throws {TypeError} naming the attribute at which a schema gets larger or deeper than any real one.
   */
  get(urn: string): UsableSchema | undefined {
    const key = urn.toLowerCase();
    if (!this.#usable.has(key)) this.#usable.set(key, this.#compile(urn));
    return this.#usable.get(key);
  }

  #compile(urn: string): UsableSchema | undefined {
    const schema = this.#published.find(({ id }) => sameName(id, urn));
    const path = printable(urn, 256);
    if (schema === undefined) {
      this.#warn({ path, message: `the server does not publish the schema ${path}` });
      return undefined;
    }
    const { id, name, description } = schema;
    const published = compileAttributes(schema.attributes, ({ path: attribute, rule, message }) => {
      if (rule === "bounds") throw new TypeError(`${path}: ${message} (RFC 7643 §7)`);
      const outcome = rule === "complex" ? "it is text" : "it is left out";
      this.#warn({ path: `${path}:${attribute}`, message: `${message}; ${outcome}` });
    });
    const definition = {
      id,
      ...(typeof name === "string" && name !== "" ? { name } : {}),
      ...(typeof description === "string" && description !== "" ? { description } : {}),
      attributes: definitionsOf(published),
    };
    const attributes = compileAttributes(definition.attributes, ({ message }) => {
      throw new TypeError(`${path}: ${message}`);
    });
    return { definition, attributes, extension: new ExtensionModel({ schema: definition, attributes }) };
  }
}

/**
 * The resource types for which code can be generated, in the order in which they are listed. Those by which a server
 * describes itself are not among them.
 */
export function usableResourceTypes(
  documents: DiscoveryDocuments,
  schemas: Schemas,
  warn: (warning: CodegenWarning) => void,
): UsableResourceType[] {
  const usable: UsableResourceType[] = [];
  for (const type of readResourceTypes(documents.resourceTypes, warn)) {
    if (SELF_DESCRIPTION.some(({ id }) => sameName(id, type.schema))) continue;
    const { name } = type;
    const path = printable(name);
    const schema = schemas.get(type.schema);
    const twin = usable.some((other) => sameName(other.name, name));
    if (schema === undefined || twin) {
      const reason = twin ? "another resource type has its name" : "its schema is not published";
      warn({ path, message: `"${path}" is left out: ${reason}` });
      continue;
    }
    const extensions = new Map<UsableSchema, boolean>();
    for (const { schema: urn, required } of type.schemaExtensions ?? []) {
      const extension = schemas.get(urn);
      if (extension === undefined || extension === schema) continue;
      if (isURN(extension.definition.id)) extensions.set(extension, required || extensions.get(extension) === true);
      else warn({ path, message: `an extension of "${path}" is left out: its id is not a URN (RFC 7643 §7)` });
    }
    usable.push({
      name,
      description: type.description ?? schema.definition.description ?? "",
      endpoint: endpointOf(type, warn),
      schema,
      extensions: [...extensions].map(([extension, required]) => ({ schema: extension, required })),
      model: new ResourceModel({
        name,
        endpoint: type.endpoint,
        schema: schema.definition,
        attributes: schema.attributes,
        extensions: [...extensions].map(([{ extension }, required]) => ({ model: extension, required })),
      }),
    });
  }
  return usable;
}

/** Documents may come from a file that nobody has checked. */
function readResourceTypes(
  types: readonly ResourceTypeDocument[],
  warn: (warning: CodegenWarning) => void,
): ResourceTypeDocument[] {
  return types.flatMap((type: unknown, index) => {
    const { name, description, endpoint, schema, schemaExtensions } = isObject(type) ? type : {};
    if (typeof name !== "string" || typeof schema !== "string") {
      const message = `entry ${index} of the resource types has no name or no schema (RFC 7643 §6); it is left out`;
      warn({ path: `resourceTypes[${index}]`, message });
      return [];
    }
    const listed: readonly unknown[] = Array.isArray(schemaExtensions) ? schemaExtensions : [];
    const extensions = listed.flatMap((extension) => {
      const { schema: urn, required } = isObject(extension) ? extension : {};
      if (typeof urn === "string") return [{ schema: urn, required: required === true }];
      const path = printable(name);
      warn({ path, message: `an extension of "${path}" is left out: it names no schema (RFC 7643 §6)` });
      return [];
    });
    return [
      {
        name,
        ...(typeof description === "string" ? { description } : {}),
        endpoint: typeof endpoint === "string" ? endpoint : "",
        schema,
        schemaExtensions: extensions,
      },
    ];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** After a discovery the server's own endpoint counts; this one is for a client that discovers nothing. */
function endpointOf({ name, endpoint }: ResourceTypeDocument, warn: (warning: CodegenWarning) => void): string {
  const rooted = endpoint.startsWith("/") ? endpoint : `/${endpoint}`;
  const path = rooted.endsWith("/") ? rooted.slice(0, -1) : rooted;
  const isPath = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/.test(path) && !path.includes("://");
  // A URL has no segment that means the folder itself or the one above it, however it is spelled.
  if (isPath && !/\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path)) return path;
  const assumed = `/${pascalCase(name) || "Resource"}s`;
  const message = `"${printable(endpoint)}" is no path below the base URL (RFC 7643 §6); ${assumed} is assumed`;
  warn({ path: printable(name), message });
  return assumed;
}

/** Definitions that hold nothing but what the library knows and uses. */
function definitionsOf(attributes: Attributes): AttributeDefinition[] {
  return [...attributes].map(definitionOf);
}

function definitionOf(attribute: Attribute): AttributeDefinition {
  const { name, type, multiValued, description, required, canonicalValues, caseExact } = attribute;
  const { mutability, returned, uniqueness, referenceTypes, subAttributes } = attribute;
  return {
    name,
    ...(type === "string" ? {} : { type }),
    ...(multiValued ? { multiValued } : {}),
    ...(description === "" ? {} : { description }),
    ...(required ? { required } : {}),
    ...(canonicalValues.length > 0 ? { canonicalValues } : {}),
    ...(caseExact ? { caseExact } : {}),
    ...(mutability === "readWrite" ? {} : { mutability }),
    ...(returned === "default" ? {} : { returned }),
    ...(uniqueness === "none" ? {} : { uniqueness }),
    ...(referenceTypes.length > 0 ? { referenceTypes } : {}),
    ...(subAttributes === undefined ? {} : { subAttributes: definitionsOf(subAttributes) }),
  };
}
