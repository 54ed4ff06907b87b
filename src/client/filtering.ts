/**
 * What a client does with filters (RFC 7644 §3.4.2.2). It is loaded with the first filter: a program that only writes
 * does without.
 *
 * @module
 */
import { SCIMSyntaxError, type Issue } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { checkFilter } from "../protocol/filter-check.ts";
import { parseFilter } from "../protocol/filter-parser.ts";
import { isFilter, type Filter } from "../protocol/filter.ts";
import { matches } from "../protocol/matches.ts";
import { joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";
import type { AnyModel } from "./service-description.ts";

export { matches };

/**
 * What is wrong with a filter: a server that does not know an attribute may ignore the filter and answer with everything.
 * A filter over several types is good when it fits one of them (RFC 7644 §3.4.2.1).
 *
 * @throws {SCIMSyntaxError} for a filter that is not in the grammar.
 */
export function filterIssues(models: readonly AnyModel[], given: string | Filter): readonly Issue[] {
  const filter = parsed(given);
  let first: readonly Issue[] = [];
  for (const model of models) {
    const issues = checkFilter(model, filter);
    if (issues.length === 0) return [];
    if (first.length === 0) first = issues;
  }
  return first;
}

/** The filter of a query; `undefined` where the text, which need not be checked, is in another grammar than the RFC's. */
function readFilter(filter: string | Filter): Filter | undefined {
  if (typeof filter !== "string") return filter;
  try {
    return parseFilter(filter);
  } catch (error) {
    if (error instanceof SCIMSyntaxError) return undefined;
    throw error;
  }
}

/** @throws {SCIMSyntaxError} for a text that is not in the grammar. */
export function parsed(filter: string | Filter): Filter {
  return typeof filter === "string" ? parseFilter(filter) : filter;
}

/**
 * A filter as it is sent.
 *
 * @throws {TypeError} for what only looks like a filter and has no text of its own.
 */
export function filterText(filter: unknown): string {
  if (typeof filter === "string" || isFilter(filter)) return String(filter);
  throw new TypeError("a filter comes from parseFilter or the filter template, or is text");
}

/** How many resources came that do not match a filter, as far as that can be told. */
export function countStrays(
  models: readonly AnyModel[],
  given: string | Filter,
  resources: readonly JsonObject[],
): number {
  const filter = readFilter(given);
  if (filter === undefined) return 0;
  return resources.filter((resource) => {
    const model = models.find((candidate) => candidate.is(resource)) ?? models[0];
    return model !== undefined && isConfirmable(model, filter) && !matches(model, filter, resource);
  }).length;
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
