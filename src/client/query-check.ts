/**
 * Checks a query against the models before it is sent: a server that does not know an attribute may ignore the filter and
 * answer with everything.
 *
 * @module
 */
import { RequestPayloadValidationError, SCIMSyntaxError, type Issue } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Filter } from "../protocol/filter.ts";
import { parseFilter } from "../protocol/filter-parser.ts";
import { checkFilter } from "../protocol/filter-check.ts";
import { joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";
import type { QueryOptions } from "./options.ts";
import type { AnyModel } from "./service-description.ts";

/**
 * Checks the parameters of a query. What one of several models knows is good.
 *
 * @throws {TypeError} for both `attributes` and `excludedAttributes`, and for what is no list and no number.
 * @throws {SCIMSyntaxError} for a filter that is not in the grammar.
 * @throws {RequestPayloadValidationError} for an attribute that no model has, or an operator that does not fit its type.
 */
export function checkQuery(models: readonly AnyModel[], options: QueryOptions, parameters: JsonObject): void {
  if (options.attributes !== undefined && options.excludedAttributes !== undefined) {
    throw new TypeError("attributes and excludedAttributes exclude each other (RFC 7644 §3.9)");
  }
  for (const name of ["startIndex", "count"] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new TypeError(`${name} must be a whole number from 0 (RFC 7644 §3.4.2.4)`);
    }
  }
  for (const name of ["attributes", "excludedAttributes"] as const) {
    if (options[name] !== undefined && !Array.isArray(options[name])) {
      throw new TypeError(`"${name}" must be a list of attribute paths (RFC 7644 §3.9)`);
    }
  }
  const issues = [
    ...unknownAttributes(models, "attributes", options.attributes),
    ...unknownAttributes(models, "excludedAttributes", options.excludedAttributes),
    ...unknownAttributes(models, "sortBy", options.sortBy === undefined ? undefined : [options.sortBy]),
    ...(typeof parameters["filter"] === "string" ? filterIssues(models, options.filter, parameters["filter"]) : []),
  ];
  const [issue, ...more] = issues;
  if (issue !== undefined) throw new RequestPayloadValidationError("the query cannot be sent", [issue, ...more]);
}

function unknownAttributes(
  models: readonly AnyModel[],
  parameter: string,
  paths: readonly string[] | undefined,
): Issue[] {
  if (models.length === 0 || paths === undefined) return [];
  return paths
    .filter((path) => !models.some((model) => model.resolve(path) !== undefined))
    .map((path) => ({
      path,
      rule: "unknown",
      message: `${parameter} names "${path}", which ${models.map(({ name }) => name).join(" and ")} does not have`,
      section: "RFC 7644 §3.10",
    }));
}

/** A filter over several types is good when it fits one of them (RFC 7644 §3.4.2.1). */
function filterIssues(
  models: readonly AnyModel[],
  given: string | Filter | undefined,
  text: string,
): readonly Issue[] {
  const filter = given === undefined || typeof given === "string" ? parseFilter(text) : given;
  let first: readonly Issue[] = [];
  for (const model of models) {
    const issues = checkFilter(model, filter);
    if (issues.length === 0) return [];
    if (first.length === 0) first = issues;
  }
  return first;
}

/** The filter of a query; `undefined` where the text, which need not be checked, is in another grammar than the RFC's. */
export function readFilter(filter: string | Filter): Filter | undefined {
  if (typeof filter !== "string") return filter;
  try {
    return parseFilter(filter);
  } catch (error) {
    if (error instanceof SCIMSyntaxError) return undefined;
    throw error;
  }
}

/**
 * Whether a resource that matches also shows it: a server does not return what is `never` or only on `request` returned,
 * so a filter on that cannot be confirmed here.
 */
export function isConfirmable(model: AnyModel, filter: Filter): boolean {
  switch (filter.op) {
    case "and":
    case "or":
      return filter.filters.every((one) => isConfirmable(model, one));
    case "not":
      return isConfirmable(model, filter.filter);
    case "valuePath": {
      const inner = filter.test === undefined ? [filter.filter] : [filter.filter, filter.test];
      return isShown(model, filter.path) && inner.every((one) => areShown(model, filter.path, one));
    }
    default:
      return isShown(model, filter.path);
  }
}

/** As `isConfirmable`, for what stands in the brackets of a value path. */
function areShown(model: AnyModel, parent: AttributePath, filter: Filter): boolean {
  switch (filter.op) {
    case "and":
    case "or":
      return filter.filters.every((one) => areShown(model, parent, one));
    case "not":
      return areShown(model, parent, filter.filter);
    default: {
      const { attribute, subAttributes } = filter.path;
      return isShown(model, { ...parent, subAttributes: [...parent.subAttributes, attribute, ...subAttributes] });
    }
  }
}

function isShown(model: AnyModel, path: AttributePath): boolean {
  const chain = model.resolve(joinAttributePath(path)) ?? [];
  return chain.every(
    ({ returned, mutability }) => returned !== "never" && returned !== "request" && mutability !== "writeOnly",
  );
}
