/**
 * What is known of a service provider (RFC 7644 §4): its configuration and a resource model for each of its resource
 * types, built from documents that were discovered, saved or written by hand.
 *
 * @module
 */
import { UnknownResourceType, type Issue } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import {
  compileAttributes,
  isSchemaId,
  printable,
  type Attributes,
  type SchemaDefinition,
} from "../schema/attribute.ts";
import { ExtensionModel, ResourceModel, sameName, type SchemaExtension } from "../schema/resource-model.ts";
import type { GenericViews, Views } from "../schema/view.ts";
import { DiscoveryWarnings, type DiscoveryWarning } from "./discovery-warnings.ts";

/** A resource type as `/ResourceTypes` publishes it (RFC 7643 §6). */
export type ResourceTypeDefinition = {
  schemas?: string[];
  id?: string;
  name: string;
  description?: string;
  /** Below the base URL. */
  endpoint: string;
  /** The core schema's URN. */
  schema: string;
  schemaExtensions?: { schema: string; required: boolean }[];
};

/** What a server said of itself. It is plain JSON: save it, and give it to a later client as `discovery`. */
export interface Discovery {
  readonly serviceProviderConfig?: JsonObject;
  readonly resourceTypes: readonly ResourceTypeDefinition[];
  readonly schemas: readonly SchemaDefinition[];
  readonly warnings: readonly DiscoveryWarning[];
}

/** Any model, whatever its types. */
export type AnyModel = ResourceModel<Views>;

/** Whether a value is a resource model; callers without types may give anything. */
export function isModel(value: unknown): value is AnyModel {
  return value instanceof Object && "attributes" in value && "endpoint" in value && "schema" in value;
}

/** The models and the configuration of one service provider. Immutable: a rediscovery makes a new one. */
export class ServiceDescription {
  readonly models: readonly AnyModel[];
  readonly serviceProviderConfig: JsonObject | undefined;
  /** Why resource types that the server listed cannot be used, by name. */
  readonly #refused: ReadonlyMap<string, string>;
  readonly #bound = new WeakMap<AnyModel, AnyModel>();
  /** Called once for each model for which one of the server's stands; what it gives stands in place of that. */
  onBind: ((own: AnyModel, model: AnyModel) => AnyModel) | undefined;

  constructor(
    models: readonly AnyModel[],
    serviceProviderConfig?: JsonObject,
    refused: ReadonlyMap<string, string> = new Map(),
  ) {
    this.models = models;
    this.serviceProviderConfig = serviceProviderConfig;
    this.#refused = refused;
  }

  /**
   * A model by resource type name, else by schema URN or schema name, whatever their case. Where several resource types
   * use a schema, only a name tells them apart; one at `/Me` is an alias for another (RFC 7644 §3.11).
   */
  find(name: string): AnyModel | undefined {
    const named = this.models.find((model) => sameName(model.name, name));
    if (named !== undefined) return named;
    const described = this.models.filter(
      ({ schema }) => sameName(schema.id, name) || (schema.name !== undefined && sameName(schema.name, name)),
    );
    const proper = described.filter(({ endpoint }) => endpoint !== "/Me");
    const sharing = proper.length > 0 ? proper : described;
    if (sharing.length > 1) {
      const candidates = listing(sharing);
      throw new TypeError(`"${name}" is the schema of several resource types: ${candidates}; name one of them`);
    }
    return sharing[0];
  }

  /** As `find`; throws an `UnknownResourceType` that lists what there is. */
  get(name: string): AnyModel {
    const found = this.find(name);
    if (found !== undefined) return found;
    const known = this.models.map((model) => model.name);
    const refused = [...this.#refused].find(([candidate]) => sameName(candidate, name));
    const reason =
      refused === undefined ? "is not a resource type of this server" : `cannot be used: ${refused[1]}`;
    const none = this.#refused.size === 0 ? "none is known, call discover() first" : "there is no other";
    const there = known.length === 0 ? none : `there are ${listing(this.models)}`;
    throw new UnknownResourceType(`"${name}" ${reason}; ${there}`, known);
  }

  /** What to throw where a path leads to no resource type; it lists where they are. */
  unknownEndpoint(message: string): UnknownResourceType {
    const known = this.models.map((model) => model.name);
    const places = this.models
      .slice(0, MOST_NAMES)
      .map(({ name, endpoint }) => `${printable(name)} at ${endpoint}`);
    const more = known.length > MOST_NAMES ? ` and ${known.length - MOST_NAMES} more` : "";
    return new UnknownResourceType(`${message}; there are ${places.join(", ")}${more}`, known);
  }

  /**
   * The server's own model for a model that was written or generated: the resource type of its name, else the only one
   * with its schema; or what `onBind` says. Where nothing is known of the server's resource types, a model stands for itself.
   *
   * @throws {TypeError} when several resource types use the schema and none has the model's name, and for what is no model.
   * @throws {UnknownResourceType} when the server has no such resource type.
   */
  bind(model: AnyModel): AnyModel {
    if (!isModel(model)) {
      throw new TypeError(
        (model as unknown) instanceof ExtensionModel
          ? "a verb takes a resource model, which an extension is not (RFC 7643 §3.3)"
          : "the first argument must be a resource model: User of scimkit/models, or what getResourceModel gives",
      );
    }
    const isKnown = this.models.length > 0 || this.#refused.size > 0;
    if (!isKnown || this.models.includes(model) || model.readOnly) return model;
    let bound = this.#bound.get(model);
    if (bound === undefined) {
      const own = this.#counterpart(model);
      bound = this.onBind?.(own, model) ?? own;
      this.#bound.set(model, bound);
      this.#bound.set(bound, bound);
    }
    return bound;
  }

  /** Binds the models for which the server has one. */
  bindKnown(models: Iterable<AnyModel>): void {
    for (const model of models) {
      try {
        this.#counterpart(model);
      } catch {
        // Whoever uses it is told.
        continue;
      }
      this.bind(model);
    }
  }

  #counterpart(model: AnyModel): AnyModel {
    return (
      this.models.find(({ name, schema }) => sameName(name, model.name) && sameName(schema.id, model.schema.id)) ??
      this.models.find(({ name }) => sameName(name, model.name)) ??
      this.find(model.schema.id) ??
      this.get(model.name)
    );
  }
}

/** Names as a message can list them: a server may have any number. */
function listing(models: readonly AnyModel[]): string {
  const names = models.slice(0, MOST_NAMES).map(({ name }) => printable(name));
  const more = models.length - names.length;
  return names.join(", ") + (more === 0 ? "" : ` and ${more} more`);
}

const MOST_NAMES = 10;

/** Where an endpoint lies below the base URL. */
export type ResolveEndpoint = (endpoint: string) => { readonly path: string } | { readonly refused: string };

/** The outcome of `describe`. */
export interface Described {
  readonly description: ServiceDescription;
  /** Faults that make a schema unusable as a whole, such as too many attributes. */
  readonly issues: readonly Issue[];
}

/** The statuses with which a server refused schemas that it was asked for, by URN in lower case. */
export type SchemaRefusals = Map<string, number>;

/** How a warning says that a schema is not there. */
export function notServed(urn: string, refusals: SchemaRefusals): string {
  const status = refusals.get(urn.toLowerCase());
  const name = printable(urn, 256);
  return status === undefined
    ? `the server does not publish the schema ${name}`
    : `the server answered ${status} when asked for the schema ${name}`;
}

/**
 * Builds the models from a server's documents; what cannot be used is left out with a warning.
 *
 * @param warnings receives the warnings.
 */
export function describe(
  documents: Omit<Discovery, "warnings">,
  resolve: ResolveEndpoint,
  refusals: SchemaRefusals = new Map(),
  warnings: DiscoveryWarnings = new DiscoveryWarnings(),
): Described {
  const issues: Issue[] = [];
  const refused = new Map<string, string>();
  const models: AnyModel[] = [];
  const compiled = new Map<string, { schema: SchemaDefinition; attributes: Attributes } | undefined>();

  const published = new Map<string, SchemaDefinition>();
  for (const schema of documents.schemas) {
    const key = schema.id.toLowerCase();
    if (!published.has(key)) published.set(key, schema);
  }

  const schemaOf = (urn: string): { schema: SchemaDefinition; attributes: Attributes } | undefined => {
    const key = urn.toLowerCase();
    if (compiled.has(key)) return compiled.get(key);
    const schema = isSchemaId(urn) ? published.get(key) : undefined;
    if (schema === undefined) {
      const message = isSchemaId(urn)
        ? notServed(urn, refusals)
        : `no schema can be called "${printable(urn, 256)}" (RFC 7643 §7)`;
      warnings.add({ document: "Schemas", path: urn, message });
    }
    const found = schema === undefined ? undefined : { schema, attributes: compile(schema) };
    compiled.set(key, found);
    return found;
  };
  const compile = (schema: SchemaDefinition): Attributes =>
    compileAttributes(schema.attributes, ({ path, rule, message }) => {
      if (rule !== "bounds") warnings.add({ document: "Schemas", path: `${schema.id}:${path}`, message });
      else issues.push({ path: `${schema.id}:${path}`, rule, message, section: "RFC 7643 §7" });
    });

  for (const type of documents.resourceTypes) {
    const core = schemaOf(type.schema);
    const endpoint = resolve(type.endpoint);
    const reason =
      core === undefined
        ? `its schema ${printable(type.schema, 256)} is not known`
        : "refused" in endpoint
          ? endpoint.refused
          : undefined;
    if (core === undefined || "refused" in endpoint) {
      refused.set(type.name, reason ?? "");
      warnings.add({
        document: "ResourceTypes",
        path: type.name,
        message: `"${printable(type.name)}" is left out: ${reason}`,
      });
      continue;
    }
    const parts = { name: type.name, endpoint: endpoint.path, ...core };
    const plain = new ResourceModel<GenericViews>(parts);
    const extensions: SchemaExtension[] = [];
    for (const { schema: urn, required } of type.schemaExtensions ?? []) {
      if (plain.resolve(urn) !== undefined) {
        const message = `the extension "${printable(urn, 256)}" of "${printable(type.name)}" is left out: the type has something of that name (RFC 7643 §3.3)`;
        warnings.add({ document: "ResourceTypes", path: type.name, message });
        continue;
      }
      const extension = schemaOf(urn);
      if (extension !== undefined) extensions.push({ model: new ExtensionModel(extension), required });
    }
    models.push(extensions.length === 0 ? plain : new ResourceModel<GenericViews>({ ...parts, extensions }));
  }
  return {
    description: new ServiceDescription(models, documents.serviceProviderConfig, refused),
    issues,
  };
}

/** What an application knows of a server without asking it. */
export interface GivenDescription {
  readonly resourceModels?: readonly AnyModel[] | undefined;
  readonly resourceTypes?: readonly ResourceTypeDefinition[] | undefined;
  readonly serviceProviderConfig?: JsonObject | undefined;
  readonly discovery?: Discovery | undefined;
}

/**
 * The description that stands in place of a discovery.
 *
 * @throws {TypeError} when the parts contradict each other.
 */
export function describeGiven(given: GivenDescription, resolve: ResolveEndpoint): ServiceDescription {
  const { discovery, resourceModels, resourceTypes, serviceProviderConfig } = given;
  if (discovery !== undefined) {
    if (resourceModels !== undefined || resourceTypes !== undefined) {
      throw new TypeError("discovery and resourceModels both say what the server has; give one of them");
    }
    const isDiscovery: boolean = Array.isArray(discovery.schemas) && Array.isArray(discovery.resourceTypes);
    if (!isDiscovery) throw new TypeError("discovery must be what discover() gave, as an object");
    const { description, issues } = describe(
      serviceProviderConfig === undefined ? discovery : { ...discovery, serviceProviderConfig },
      resolve,
    );
    if (issues[0] !== undefined) throw new TypeError(issues[0].message);
    return description;
  }
  const models = resourceModels ?? [];
  const placed = (resourceTypes ?? []).map(({ name, endpoint, schema }) => {
    const model = models.find((candidate) => sameName(candidate.schema.id, schema));
    if (model === undefined)
      throw new TypeError(`resourceTypes: no model in resourceModels has the schema ${schema} of "${name}"`);
    const located = resolve(endpoint);
    if ("refused" in located) throw new TypeError(`resourceTypes: "${name}" cannot be used, ${located.refused}`);
    return model.at({ name, endpoint: located.path });
  });
  return new ServiceDescription(resourceTypes === undefined ? models : placed, serviceProviderConfig);
}
