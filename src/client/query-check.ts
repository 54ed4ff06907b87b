/**
 * Checks the parameters of a query against the models and the server before it is sent; its filter is for `filtering`.
 *
 * @module
 */
import { RequestPayloadValidationError, UnsupportedByServer, type Issue } from "../errors.ts";
import { printable, type Attributes } from "../schema/attribute.ts";
import { sameName } from "../schema/resource-model.ts";
import { nearestName } from "../schema/spelling.ts";
import type { Exchange } from "./exchange.ts";
import type { QueryOptions } from "./options.ts";
import { pagingOf } from "./paging.ts";
import type { AnyModel } from "./service-description.ts";

/** An error names no more issues than this for each parameter. */
const MOST_ISSUES = 20;

/**
 * Refuses a page that the server cannot give, also one of more resources than it puts into an answer: whoever asks for so
 * many may take what comes for all.
 *
 * @throws {UnsupportedByServer} `capabilities` overrides.
 */
export function checkPage(exchange: Exchange, options: QueryOptions | undefined): void {
  const { startIndex = 1, count } = options ?? {};
  if (startIndex > 1) exchange.require("startIndex", options);
  if (count === 0) exchange.require("zeroCount", options);
  const most = pagingOf(exchange.context, options).maxCount ?? 0;
  if (count === undefined || most <= 0 || count <= most) return;
  throw new UnsupportedByServer(
    "maxResults",
    `the server gives at most ${most} resources in one answer, and count asks for ${count} (RFC 7643 §5); list gives them page by page, and capabilities: { maxResults: 0 } sends it all the same`,
  );
}

/**
 * Checks the parameters of a query. What one of several models knows is good.
 *
 * @param filterIssues what is wrong with the filter.
 * @throws {TypeError} for both `attributes` and `excludedAttributes`, for `attributes` without any, for both `startIndex` and
 *   `cursor`, and for what is no list, no number and no text.
 * @throws {RequestPayloadValidationError} for an attribute that no model has, and for issues of the filter.
 */
export function checkQuery(
  models: readonly AnyModel[],
  options: QueryOptions,
  filterIssues: readonly Issue[] = [],
): void {
  if (options.attributes !== undefined && options.excludedAttributes !== undefined) {
    throw new TypeError("attributes and excludedAttributes exclude each other (RFC 7644 §3.9)");
  }
  const { cursor } = options;
  if (cursor !== undefined && typeof cursor !== "string")
    throw new TypeError("cursor must be a string (RFC 9865 §2)");
  if (cursor !== undefined && options.startIndex !== undefined) {
    throw new TypeError("a page is at a startIndex or at a cursor, not at both (RFC 9865 §2)");
  }
  for (const name of ["startIndex", "count"] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new TypeError(`${name} must be a whole number from 0 (RFC 7644 §3.4.2.4)`);
    }
  }
  const { sortOrder } = options;
  if (sortOrder !== undefined && sortOrder !== "ascending" && sortOrder !== "descending") {
    throw new TypeError('sortOrder must be "ascending" or "descending" (RFC 7644 §3.4.2.3)');
  }
  for (const name of ["attributes", "excludedAttributes"] as const) {
    if (options[name] !== undefined && !Array.isArray(options[name])) {
      throw new TypeError(`"${name}" must be a list of attribute paths (RFC 7644 §3.9)`);
    }
  }
  if (options.attributes?.length === 0) {
    throw new TypeError(
      '"attributes" must name an attribute; ["id"] asks for the least that there is (RFC 7644 §3.9)',
    );
  }
  const issues = [
    ...unknownAttributes(models, "attributes", options.attributes),
    ...unknownAttributes(models, "excludedAttributes", options.excludedAttributes),
    ...unknownAttributes(models, "sortBy", options.sortBy === undefined ? undefined : [options.sortBy]),
    ...filterIssues,
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
    .filter((path) => typeof path !== "string" || !models.some((model) => model.resolve(path) !== undefined))
    .slice(0, MOST_ISSUES)
    .map((path) => ({
      path: printable(path, 256),
      rule: "unknown",
      message:
        `${parameter} names "${printable(path, 256)}", which ${models.map(({ name }) => name).join(" and ")} ${models.length === 1 ? "does" : "do"} not have` +
        `${hint(models, path)} (RFC 7644 §3.10)`,
      section: "RFC 7644 §3.10",
    }));
}

function hint(models: readonly AnyModel[], path: unknown): string {
  if (typeof path !== "string") return "";
  const paths = models.flatMap(({ attributes }) => pathsOf(attributes, ""));
  // The name in an extension, whose URN has to be there, or a similar one.
  const near =
    paths.find((known) => sameName(known.slice(known.lastIndexOf(":") + 1), path)) ?? nearestName(path, paths);
  return near === undefined ? "" : `; perhaps "${near}" is meant`;
}

function pathsOf(attributes: Attributes, prefix: string): string[] {
  return [...attributes].flatMap(({ name, extension, subAttributes }) => [
    prefix + name,
    ...(subAttributes === undefined ? [] : pathsOf(subAttributes, `${prefix}${name}${extension ? ":" : "."}`)),
  ]);
}
