/**
 * What a PATCH operation is about: its path, resolved in a model (RFC 7644 §3.5.2 and §3.10).
 *
 * @module
 */
import { PatchError, SCIMSyntaxError } from "../errors.ts";
import { printable, type Attribute, type Attributes } from "../schema/attribute.ts";
import { joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";
import { sameName, type ResourceModel } from "../schema/resource-model.ts";
import { nearestName } from "../schema/spelling.ts";
import type { Views } from "../schema/view.ts";
import { formatFilter, type Filter } from "./filter.ts";
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
}

/** The target of an operation without a path. */
export const RESOURCE: Target = { attributes: [], filter: undefined, subAttributes: [], path: "" };

/**
 * Finds what a path is about.
 *
 * @param operation the operation's position, for the error.
 * @throws {PatchError} `invalidPath` when the path is no path, or names what the model does not have; `invalidFilter` when
 *   its filter does.
 */
export function resolveTarget(model: ResourceModel<Views>, text: string, operation: number): Target {
  const plain = model.resolve(text);
  if (plain !== undefined) return atAttributes(plain);
  const path = parse(text, operation);
  const attributes = model.resolve(joinAttributePath(path.attribute));
  if (attributes === undefined) throw unknownPath(model, path.attribute, operation);
  const last = attributes.at(-1);
  if (last === undefined) {
    throw new PatchError(
      `"${model.schema.id}" has no values to filter (RFC 7644 §3.5.2)`,
      "invalidPath",
      operation,
    );
  }
  const name = formatAttributes(attributes);
  const { filter } = path;
  if (filter === undefined) return atAttributes(attributes);
  if (!last.multiValued) {
    const message = `"${name}" is single-valued, and only values of a multi-valued attribute can be filtered (RFC 7644 §3.5.2)`;
    throw new PatchError(message, "invalidPath", operation);
  }
  checkNames(last, filter, name, operation);
  const subAttributes = resolveSubAttributes(last, path.subAttributes, name, operation);
  const rest = subAttributes.map((sub) => `.${sub.name}`).join("");
  return { attributes, filter, subAttributes, path: `${name}[${formatFilter(filter)}]${rest}` };
}

function atAttributes(attributes: readonly Attribute[]): Target {
  if (attributes.length === 0) return RESOURCE;
  return { attributes, filter: undefined, subAttributes: [], path: formatAttributes(attributes) };
}

/** The path of attributes from the outer to the inner, in the schema's spelling. */
export function formatAttributes(attributes: readonly Attribute[]): string {
  let path = "";
  let separator = "";
  for (const { name, extension } of attributes) {
    path += separator + name;
    separator = extension ? ":" : ".";
  }
  return path;
}

function parse(text: string, operation: number): Path {
  try {
    return parsePath(text);
  } catch (error) {
    if (error instanceof SCIMSyntaxError) throw new PatchError(error.message, "invalidPath", operation);
    throw error;
  }
}

function resolveSubAttributes(
  attribute: Attribute,
  names: readonly string[],
  path: string,
  operation: number,
): Attribute[] {
  let level = attribute.subAttributes;
  return names.map((name) => {
    const sub = level?.get(name);
    if (sub === undefined) throw unknownName(name, level, `sub-attribute of "${path}"`, "invalidPath", operation);
    level = sub.subAttributes;
    return sub;
  });
}

/** Names in the filter of a value path are sub-attributes; a simple value is its own `value`. */
function checkNames(attribute: Attribute, filter: Filter, path: string, operation: number): void {
  switch (filter.op) {
    case "and":
    case "or":
      for (const operand of filter.filters) checkNames(attribute, operand, path, operation);
      return;
    case "not":
      checkNames(attribute, filter.filter, path, operation);
      return;
    default: {
      const { subAttributes: level } = attribute;
      const name = filter.path.attribute;
      if (
        level?.get(name) === undefined &&
        (attribute.type === "complex" ? level !== undefined : name !== "value")
      ) {
        throw unknownName(name, level, `sub-attribute of "${path}"`, "invalidFilter", operation);
      }
    }
  }
}

function unknownPath(model: ResourceModel<Views>, path: AttributePath, operation: number): PatchError {
  const { schema } = path;
  let level: Attributes | undefined = model.attributes;
  let place = `attribute of ${model.name}`;
  if (schema !== undefined && !sameName(schema, model.schema.id)) {
    const extension = model.attributes.get(schema);
    if (extension === undefined) {
      return unknownName(
        joinAttributePath(path),
        model.attributes,
        `schema of ${model.name}`,
        "invalidPath",
        operation,
      );
    }
    level = extension.subAttributes;
    place = `attribute of ${extension.name}`;
  }
  let known = "";
  for (const name of [path.attribute, ...path.subAttributes]) {
    const attribute: Attribute | undefined = level?.get(name);
    if (attribute === undefined) return unknownName(name, level, place, "invalidPath", operation);
    known += (known === "" ? "" : ".") + attribute.name;
    place = `sub-attribute of "${known}"`;
    level = attribute.subAttributes;
  }
  return unknownName(joinAttributePath(path), model.attributes, place, "invalidPath", operation);
}

function unknownName(
  name: string,
  level: Attributes | undefined,
  place: string,
  scimType: "invalidPath" | "invalidFilter",
  operation: number,
): PatchError {
  const near = nearestName(name, level === undefined ? [] : [...level].map((attribute) => attribute.name));
  const hint = near === undefined ? "" : `; perhaps "${near}" is meant`;
  return new PatchError(`"${printable(name)}" is no ${place}${hint} (RFC 7644 §3.5.2)`, scimType, operation);
}
