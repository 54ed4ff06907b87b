/**
 * What a PATCH operation is about: its path, resolved in a model (RFC 7644 §3.5.2 and §3.10).
 *
 * @module
 */
import { PatchError, SCIMSyntaxError } from "../errors.ts";
import { printable, type Attribute } from "../schema/attribute.ts";
import { formatAttributes, joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";
import { isSecret } from "../schema/context.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import type { Views } from "../schema/view.ts";
import { formatFilter, Present, ValuePath, type Filter } from "./filter.ts";
import { checkFilter } from "./filter-check.ts";
import { parsePath, type Path } from "./path.ts";

/** Where an operation takes place. */
export interface Target {
  /** The attributes from the outer to the inner, an extension first; none when it is the resource itself. */
  readonly attributes: readonly Attribute[];
  /** What the addressed values of the last of them fit, when there is a filter. */
  readonly filter: Filter | undefined;
  /** The sub-attributes after the filter. */
  readonly subAttributes: readonly Attribute[];
  /** The path in the schema's spelling; empty for the resource itself. */
  readonly path: string;
  /** The path for messages: without a filter that compares what a server never returns. */
  readonly shown: string;
}

/** The target of an operation without a path. */
export const RESOURCE: Target = { attributes: [], filter: undefined, subAttributes: [], path: "", shown: "" };

/**
 * Finds what a path is about.
 *
 * @param operation the operation's position, for the error.
 * @throws {PatchError} `invalidPath` when the path is no path, or names what the model does not have; `invalidFilter` when
 *   its filter does, or compares what cannot be compared.
 */
export function resolveTarget(model: ResourceModel<Views>, text: string, operation: number): Target {
  const plain = model.resolve(text);
  if (plain !== undefined) return atAttributes(plain);
  const path = parse(text, operation);
  const { attribute, filter } = path;
  const attributes = model.resolve(joinAttributePath(attribute));
  if (attributes === undefined) throw unknown(model, attribute, operation);
  if (filter === undefined) return atAttributes(attributes);
  const last = attributes.at(-1);
  const name = last === undefined ? model.schema.id : formatAttributes(attributes);
  if (last?.multiValued !== true) {
    const message = `"${name}" is single-valued, and only values of a multi-valued attribute can be filtered`;
    throw new PatchError(`${message} (RFC 7644 §3.5.2)`, "invalidPath", operation);
  }
  const [issue] = checkFilter(model, new ValuePath(attribute, filter));
  if (issue !== undefined) throw new PatchError(issue.message, "invalidFilter", operation);
  const subAttributes = descend(last, path.subAttributes);
  if (subAttributes === undefined) {
    const names = [...attribute.subAttributes, ...path.subAttributes];
    throw unknown(model, { ...attribute, subAttributes: names }, operation);
  }
  const rest = subAttributes.map((sub) => `.${sub.name}`).join("");
  const written = `${name}[${formatFilter(filter)}]${rest}`;
  const shown = attributes.some(isSecret) || comparesSecret(last, filter) ? `${name}[***]${rest}` : written;
  return { attributes, filter, subAttributes, path: written, shown };
}

function atAttributes(attributes: readonly Attribute[]): Target {
  if (attributes.length === 0) return RESOURCE;
  const path = formatAttributes(attributes);
  return { attributes, filter: undefined, subAttributes: [], path, shown: path };
}

function comparesSecret(attribute: Attribute, filter: Filter): boolean {
  switch (filter.op) {
    case "and":
    case "or":
      return filter.filters.some((one) => comparesSecret(attribute, one));
    case "not":
      return comparesSecret(attribute, filter.filter);
    case "valuePath":
    case "pr":
      return false;
    default:
      return descend(attribute, [filter.path.attribute, ...filter.path.subAttributes])?.some(isSecret) === true;
  }
}

function parse(text: string, operation: number): Path {
  try {
    return parsePath(text);
  } catch (error) {
    if (error instanceof SCIMSyntaxError) throw new PatchError(error.message, "invalidPath", operation);
    throw error;
  }
}

function descend(attribute: Attribute, names: readonly string[]): readonly Attribute[] | undefined {
  const chain: Attribute[] = [];
  for (const name of names) {
    const sub: Attribute | undefined = (chain.at(-1) ?? attribute).subAttributes?.get(name);
    if (sub === undefined) return undefined;
    chain.push(sub);
  }
  return chain;
}

function unknown(model: ResourceModel<Views>, path: AttributePath, operation: number): PatchError {
  const [issue] = checkFilter(model, new Present(path));
  const message = `"${printable(joinAttributePath(path))}" leads to nothing in ${model.name} (RFC 7644 §3.5.2)`;
  return new PatchError(issue?.message ?? message, "invalidPath", operation);
}
