/**
 * The resource model: a resource type (RFC 7643 §6), its schema (§7), its extensions (§3.3) and the common attributes
 * (§3.1) as one attribute tree. Every other part of the library works on this tree.
 *
 * @module
 */
import { UnknownResourceType } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import { Attributes, compileAttributes, type Attribute, type SchemaDefinition } from "./attribute.ts";
import { splitAttributePath } from "./attribute-path.ts";
import { CommonAttributes } from "./common-attributes.ts";
import type { PrecompiledValidators } from "./compiled-validator.ts";
import type { ExtendedViews, ExtensionViews, GenericExtensionViews, GenericViews, Views } from "./view.ts";

/** What an extension model is made of. */
export interface ExtensionModelParts<U extends string = string> {
  readonly schema: SchemaDefinition & { readonly id: U };
  readonly attributes: Attributes;
}

/** A schema extension (RFC 7643 §3.3). It extends models and is no model itself: no verb takes one. */
export class ExtensionModel<U extends string = string, E extends ExtensionViews = GenericExtensionViews> {
  /** For the compiler alone; there is no such member at run time. */
  declare readonly "~views": E;
  /** For the compiler alone: what tells an extension model from a resource model. */
  declare readonly "~extension": true;
  /** The schema's name, or its URN when it has none. */
  readonly name: string;
  /** The schema as published. */
  readonly schema: SchemaDefinition & { readonly id: U };
  readonly attributes: Attributes;

  constructor(parts: ExtensionModelParts<U>) {
    this.name = parts.schema.name ?? parts.schema.id;
    this.schema = parts.schema;
    this.attributes = parts.attributes;
  }
}

/** An extension as a resource type lists it (RFC 7643 §6). */
export interface SchemaExtension {
  readonly model: ExtensionModel<string, ExtensionViews>;
  /** Whether every resource of the type must have it. */
  readonly required: boolean;
}

/** What a resource model is made of. */
export interface ResourceModelParts {
  /** The resource type's name. */
  readonly name: string;
  /** Below the base URL, with a leading slash. */
  readonly endpoint: string;
  readonly schema: SchemaDefinition;
  /** The compiled attributes of `schema`. */
  readonly attributes: Attributes;
  /** Default: none. */
  readonly extensions?: readonly SchemaExtension[];
  /** Whether every resource has an `id`; `ServiceProviderConfig` has none. Default `true`. */
  readonly identified?: boolean;
  /** Whether only the server writes such resources, as those that describe it (RFC 7644 §4). Default `false`. */
  readonly readOnly?: boolean;
  /** Whether the endpoint is one resource and no list of them, as `/ServiceProviderConfig` is. Default `false`. */
  readonly singleton?: boolean;
  /** Made ahead of time for exactly these parts. Default: none, they are made when they are needed. */
  readonly validators?: PrecompiledValidators | undefined;
}

/**
 * The parameter type of a verb that writes: with a model that can only be read, the call does not compile. At run time
 * `model.readOnly` says the same.
 */
export type WritableModel<V extends Views> = ResourceModel<V> &
  ([V["create"]] extends [never] ? "only the server writes resources of this type" : unknown);

/**
 * A resource type with everything that is known of it. Models are immutable and are the first argument of every verb.
 *
 * @typeParam V the TypeScript types of its resources; a discovered model has generic ones.
 */
export class ResourceModel<V extends Views = GenericViews> {
  /** For the compiler alone; there is no such member at run time. */
  declare readonly "~views": V;
  /** The resource type's name, such as `User`. */
  readonly name: string;
  /** Where its resources are, below the base URL, with a leading slash. */
  readonly endpoint: string;
  /** The core schema as published (RFC 7643 §7). */
  readonly schema: SchemaDefinition;
  readonly extensions: readonly SchemaExtension[];
  /** Whether every resource has an `id`. */
  readonly identified: boolean;
  /** Whether only the server writes such resources. */
  readonly readOnly: boolean;
  /** Whether the endpoint is one resource and no list of them. */
  readonly singleton: boolean;
  /** Validators that were made ahead of time. */
  readonly validators: PrecompiledValidators | undefined;
  /**
   * The whole tree: `schemas`, the common attributes, those of the schema, and each extension as a complex attribute
   * whose name is its URN.
   */
  readonly attributes: Attributes;
  readonly #parts: ResourceModelParts;
  readonly #extended = new Map<object, ResourceModel<Views>>();

  constructor(parts: ResourceModelParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.endpoint = parts.endpoint;
    this.schema = parts.schema;
    this.extensions = parts.extensions ?? [];
    this.identified = parts.identified ?? true;
    this.readOnly = parts.readOnly ?? false;
    this.singleton = parts.singleton ?? false;
    this.validators = parts.validators;
    this.attributes = new Attributes([
      ...COMMON.filter(
        (attribute) => attribute.name !== "externalId" || parts.attributes.get("externalId") === undefined,
      ),
      ...[...parts.attributes].filter((attribute) => !RESERVED.has(attribute.name.toLowerCase())),
      ...this.extensions.map(asAttribute),
    ]);
  }

  /**
   * This model with one more extension. The same extension gives the same model.
   *
   * @throws {TypeError} when the extension is not one, or is the core schema.
   */
  with<U extends string, E extends ExtensionViews>(
    extension: ExtensionModel<U, E>,
  ): ResourceModel<ExtendedViews<V, U, E>> {
    if (!(extension instanceof ExtensionModel)) {
      throw new TypeError(`${this.name}.with() takes an extension model`);
    }
    if (sameName(extension.schema.id, this.schema.id)) {
      throw new TypeError(`${this.schema.id} is the core schema of ${this.name} and cannot extend it`);
    }
    const known = this.extensions.some(({ model }) => sameName(model.schema.id, extension.schema.id));
    let extended = known ? (this as ResourceModel<Views>) : this.#extended.get(extension);
    if (extended === undefined) {
      extended = new ResourceModel<Views>({
        ...this.#parts,
        extensions: [...this.extensions, { model: extension, required: false }],
        validators: undefined,
      });
      this.#extended.set(extension, extended);
    }
    return extended as ResourceModel<ExtendedViews<V, U, E>>;
  }

  /** This model under another name or at another endpoint; its types stay. */
  at(place: { readonly name?: string; readonly endpoint: string }): ResourceModel<V> {
    return new ResourceModel<V>({ ...this.#parts, ...place });
  }

  /**
   * One of the model's extensions, by its URN or its schema's name, whatever their case.
   *
   * @throws {UnknownResourceType} listing the extensions there are.
   */
  getExtensionModel(nameOrURN: string): ExtensionModel<string, ExtensionViews> {
    const found = this.findExtensionModel(nameOrURN);
    if (found !== undefined) return found;
    const known = this.extensions.map(({ model }) => model.name);
    const there = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
    throw new UnknownResourceType(`"${nameOrURN}" is not an extension of ${this.name}; ${there}`, known);
  }

  /** As `getExtensionModel`, with `undefined` for an extension that the model does not have. */
  findExtensionModel(nameOrURN: string): ExtensionModel<string, ExtensionViews> | undefined {
    const wanted = plain(nameOrURN);
    return this.extensions.find(({ model }) => sameName(model.schema.id, nameOrURN) || plain(model.name) === wanted)
      ?.model;
  }

  /**
   * Whether a resource is of this type, by its `schemas`; by `meta.resourceType` when it has none.
   */
  is(resource: unknown): resource is V["read"] {
    if (!isJsonObject(resource)) return false;
    const { schemas, meta } = resource;
    if (Array.isArray(schemas) && schemas.length > 0) {
      return schemas.some((urn) => typeof urn === "string" && sameName(urn, this.schema.id));
    }
    return (
      isJsonObject(meta) && typeof meta["resourceType"] === "string" && sameName(meta["resourceType"], this.name)
    );
  }

  /**
   * Finds what an attribute path (RFC 7644 §3.10) names: the attributes from the outer to the inner, an extension first.
   * The core schema's own URN gives an empty list.
   *
   * @returns `undefined` when the path is not in the notation or names nothing in this model.
   */
  resolve(path: string): readonly Attribute[] | undefined {
    if (sameName(path, this.schema.id)) return [];
    const whole = this.attributes.get(path);
    if (whole !== undefined) return [whole];
    const parts = splitAttributePath(path);
    if (parts === undefined) return undefined;
    const chain: Attribute[] = [];
    let level: Attributes | undefined = this.attributes;
    if (parts.schema !== undefined && !sameName(parts.schema, this.schema.id)) {
      const extension = this.attributes.get(parts.schema);
      if (extension === undefined) return undefined;
      chain.push(extension);
      level = extension.subAttributes;
    }
    for (const name of [parts.attribute, ...parts.subAttributes]) {
      const attribute: Attribute | undefined = level?.get(name);
      if (attribute === undefined) return undefined;
      chain.push(attribute);
      level = attribute.subAttributes;
    }
    return chain;
  }
}

/** Whether two schema URNs or resource type names are the same: neither differs by case (RFC 7643 §2.1, RFC 8141 §3.1). */
export function sameName(one: string, other: string): boolean {
  return one === other || (one.length === other.length && one.toLowerCase() === other.toLowerCase());
}

/** `Enterprise User`, `EnterpriseUser` and `enterprise-user` are one name to people who look for it. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

const COMMON: readonly Attribute[] = [
  ...compileAttributes(
    [{ name: "schemas", type: "reference", multiValued: true, caseExact: true, returned: "always" }],
    never,
  ),
  ...compileAttributes(CommonAttributes, never),
];
/** RFC 7643 §3.1 defines these for every resource; only of `externalId` a schema may say more, such as that it is required. */
const RESERVED: ReadonlySet<string> = new Set(["schemas", "id", "meta"]);

function never(): never {
  throw new TypeError("the common attributes of RFC 7643 §3.1 are well-formed");
}

function asAttribute({ model, required }: SchemaExtension): Attribute {
  return {
    name: model.schema.id,
    type: "complex",
    multiValued: false,
    description: model.schema.description ?? "",
    required,
    canonicalValues: [],
    caseExact: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    referenceTypes: [],
    subAttributes: model.attributes,
    extension: true,
  };
}
