/**
 * What servers really do with filters: the filter slice of a server profile, and what a filter must not ask of such a
 * server.
 *
 * @module
 */
import { joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";
import { sameName, type ResourceModel } from "../schema/resource-model.ts";
import type { Views } from "../schema/view.ts";
import { allOf, formatFilter, type ComparisonOperator, type Filter } from "./filter.ts";

/** What a server understands of RFC 7644 §3.4.2.2. Left out, each is everything that the RFC has. */
export interface FilterSupport {
  /** The operators of a condition. */
  readonly operators?: readonly (ComparisonOperator | "pr")[];
  /** What joins and negates conditions; empty where there can be only one. */
  readonly logical?: readonly ("and" | "or" | "not")[];
  /** Whether values can be selected, as in `emails[type eq "work"]`. */
  readonly valuePaths?: boolean;
  /**
   * Attributes by path. A list among them names attributes that can be joined by `and` with each other, also where
   * `logical` has none.
   */
  readonly attributes?: readonly (string | readonly string[])[];
  /** The most UTF-16 units of a filter's text. */
  readonly maxLength?: number;
  /**
   * Whether `and` does not bind tighter than `or`, so that text is rewritten with parentheses wherever the two meet. Filters
   * that are objects always have them.
   */
  readonly parenthesise?: boolean;
  /** Whether the server ignores filters and answers with everything: none is sent. */
  readonly ignored?: boolean;
}

/**
 * Why a server does not understand a filter: the rest of a sentence that begins with the server.
 *
 * @param filter one that fits the model.
 * @returns `undefined` where it does.
 */
export function unsupportedFilter(
  model: ResourceModel<Views>,
  filter: Filter,
  support: FilterSupport,
): string | undefined {
  if (support.ignored === true) return "ignores filters and answers with everything";
  const { maxLength = Infinity } = support;
  if (maxLength !== Infinity && formatFilter(filter).length > maxLength) {
    return `takes filters of ${maxLength} characters at most`;
  }
  return unsupportedPart(model, filter, support);
}

/**
 * A filter that the server understands and that everything matches which matches the given one: the filter itself, or those
 * of its conditions that can be sent. Who sends it has to match what comes.
 *
 * @returns `undefined` where nothing of it can be sent.
 */
export function supportedFilter(
  model: ResourceModel<Views>,
  filter: Filter,
  support: FilterSupport,
): Filter | undefined {
  if (unsupportedFilter(model, filter, support) === undefined) return filter;
  if (filter.op !== "and") return undefined;
  const parts = filter.filters
    .map((part) => supportedFilter(model, part, support))
    .filter((part) => part !== undefined);
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first;
  const joined = allOf(parts);
  return unsupportedFilter(model, joined, support) === undefined ? joined : first;
}

function unsupportedPart(model: ResourceModel<Views>, filter: Filter, support: FilterSupport): string | undefined {
  switch (filter.op) {
    case "and":
    case "or":
      if (filter.op === "and" && isCombination(model, filter.filters, support)) return undefined;
      return (
        unsupportedLogic(filter.op, support) ??
        filter.filters.map((part) => unsupportedPart(model, part, support)).find((why) => why !== undefined)
      );
    case "not":
      return unsupportedLogic("not", support) ?? unsupportedPart(model, filter.filter, support);
    case "valuePath":
      if (support.valuePaths === false) return "does not select values in filters";
      return unsupportedPath(model, filter.path, support) ?? unsupportedInside(filter.filter, support);
    default:
      return unsupportedOperator(filter.op, support) ?? unsupportedPath(model, filter.path, support);
  }
}

/** In brackets stand sub-attributes, of which no list speaks. */
function unsupportedInside(filter: Filter, support: FilterSupport): string | undefined {
  switch (filter.op) {
    case "and":
    case "or":
      return (
        unsupportedLogic(filter.op, support) ??
        filter.filters.map((part) => unsupportedInside(part, support)).find((why) => why !== undefined)
      );
    case "not":
      return unsupportedLogic("not", support) ?? unsupportedInside(filter.filter, support);
    case "valuePath":
      return unsupportedInside(filter.filter, support);
    default:
      return unsupportedOperator(filter.op, support);
  }
}

function unsupportedLogic(op: "and" | "or" | "not", { logical }: FilterSupport): string | undefined {
  return logical === undefined || logical.includes(op) ? undefined : `does not know "${op}" in filters`;
}

function unsupportedOperator(op: ComparisonOperator | "pr", { operators }: FilterSupport): string | undefined {
  if (operators === undefined || operators.includes(op)) return undefined;
  return `knows no "${op}" in filters, only ${operators.join(", ")}`;
}

function unsupportedPath(
  model: ResourceModel<Views>,
  path: AttributePath,
  { attributes }: FilterSupport,
): string | undefined {
  if (attributes === undefined) return undefined;
  const alone = attributes.filter((entry) => typeof entry === "string");
  if (alone.some((entry) => isSame(model, entry, path))) return undefined;
  const known = alone.length === 0 ? "none" : alone.join(", ");
  return `cannot filter ${model.name} by "${joinAttributePath(path)}" (it can by: ${known})`;
}

/** Whether conditions that have to hold together are one of the combinations that the server knows. */
function isCombination(
  model: ResourceModel<Views>,
  conditions: readonly Filter[],
  support: FilterSupport,
): boolean {
  const paths: AttributePath[] = [];
  for (const condition of conditions) {
    if (!("path" in condition) || condition.op === "valuePath") return false;
    if (unsupportedOperator(condition.op, support) !== undefined) return false;
    paths.push(condition.path);
  }
  return (support.attributes ?? []).some(
    (entry) =>
      typeof entry !== "string" &&
      entry.length === paths.length &&
      entry.every((name) => paths.some((path) => isSame(model, name, path))),
  );
}

/** Whether two paths name the same attribute of a model; `emails` and `emails.value` do (RFC 7643 §2.4). */
function isSame(model: ResourceModel<Views>, one: string, other: AttributePath): boolean {
  return sameName(simplePath(model, one), simplePath(model, joinAttributePath(other)));
}

function simplePath(model: ResourceModel<Views>, path: string): string {
  const chain = model.resolve(path);
  if (chain === undefined) return path;
  const implied = chain.at(-1)?.name === "value" && chain.at(-2)?.type === "complex" && !chain.at(-2)?.extension;
  const named = implied ? chain.slice(0, -1) : chain;
  return named.map(({ name }) => name).join(" ");
}
