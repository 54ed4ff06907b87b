/**
 * Filters (RFC 7644 §3.4.2.2) as an immutable tree, and their text. Trees come from `parseFilter` and the `filter`
 * template alone, so every one that exists is well-formed, bounded in depth and frozen.
 *
 * @module
 */
import { joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";

/** What compares an attribute with a value (RFC 7644 §3.4.2.2, table 3). */
export type ComparisonOperator = "eq" | "ne" | "co" | "sw" | "ew" | "gt" | "ge" | "lt" | "le";

/** What an attribute can be compared with; dates are text (RFC 7643 §2.3.5). */
export type FilterValue = string | number | boolean | null;

/** A filter: `op` says which. As a string it is its own text, so it can stand in a URL or a message. */
export type Filter = Comparison | Present | Conjunction | Disjunction | Negation | ValuePath;

/** How far filters go: UTF-16 units of text, and groups, negations and value paths within each other. */
export const FILTER_BOUNDS: { readonly length: number; readonly depth: number } = { length: 1_048_576, depth: 64 };

/** What all nodes have in common. */
abstract class FilterNode {
  /** For the compiler alone: an object that only looks like a filter is none. */
  declare protected readonly "~filter": true;

  /** The filter's text, as `formatFilter` gives it. */
  toString(): string {
    return formatFilter(this as unknown as Filter);
  }
}

/** `userName eq "bjensen"` */
export class Comparison extends FilterNode {
  readonly op: ComparisonOperator;
  readonly path: AttributePath;
  readonly value: FilterValue;

  /** @internal */
  constructor(op: ComparisonOperator, path: AttributePath, value: FilterValue) {
    super();
    this.op = op;
    this.path = path;
    this.value = value;
    Object.freeze(this);
  }
}

/** `title pr` */
export class Present extends FilterNode {
  readonly op = "pr";
  readonly path: AttributePath;

  /** @internal */
  constructor(path: AttributePath) {
    super();
    this.path = path;
    Object.freeze(this);
  }
}

/** `… and …`: all of two or more filters, none of them a conjunction itself. */
export class Conjunction extends FilterNode {
  readonly op = "and";
  readonly filters: readonly Filter[];

  /** @internal */
  constructor(filters: readonly Filter[]) {
    super();
    this.filters = Object.freeze(filters);
    Object.freeze(this);
  }
}

/** `… or …`: any of two or more filters, none of them a disjunction itself. */
export class Disjunction extends FilterNode {
  readonly op = "or";
  readonly filters: readonly Filter[];

  /** @internal */
  constructor(filters: readonly Filter[]) {
    super();
    this.filters = Object.freeze(filters);
    Object.freeze(this);
  }
}

/** `not (…)` */
export class Negation extends FilterNode {
  readonly op = "not";
  readonly filter: Filter;

  /** @internal */
  constructor(filter: Filter) {
    super();
    this.filter = filter;
    Object.freeze(this);
  }
}

/**
 * `emails[type eq "work" and value co "@example.com"]`: some value of the attribute fits the whole filter. The paths in
 * it are sub-attributes, and there is no value path in it (errata 4690 and 7322).
 */
export class ValuePath extends FilterNode {
  readonly op = "valuePath";
  readonly path: AttributePath;
  readonly filter: Filter;

  /** @internal */
  constructor(path: AttributePath, filter: Filter) {
    super();
    this.path = path;
    this.filter = filter;
    Object.freeze(this);
  }
}

/** Whether a value is a filter. */
export function isFilter(value: unknown): value is Filter {
  return value instanceof FilterNode;
}

/**
 * The text of a filter: operators in lower case, one space between words, `not (` with its space (erratum 7319), and
 * parentheses wherever `and` and `or` meet. `parseFilter` makes an equal tree of it.
 */
export function formatFilter(filter: Filter): string {
  if (filter.op === "and" || filter.op === "or") return filter.filters.map(formatOperand).join(` ${filter.op} `);
  if (filter.op === "not") return `not (${formatFilter(filter.filter)})`;
  if (filter.op === "pr") return `${joinAttributePath(filter.path)} pr`;
  if (filter.op === "valuePath") return `${joinAttributePath(filter.path)}[${formatFilter(filter.filter)}]`;
  return `${joinAttributePath(filter.path)} ${filter.op} ${JSON.stringify(filter.value)}`;
}

/** Groups, negations and value paths within each other in a filter's text. */
export function depthOf(filter: Filter): number {
  if (filter.op === "and" || filter.op === "or") {
    let deepest = 0;
    for (const operand of filter.filters) {
      deepest = Math.max(deepest, depthOf(operand) + (isGroup(operand) ? 1 : 0));
    }
    return deepest;
  }
  return filter.op === "not" || filter.op === "valuePath" ? 1 + depthOf(filter.filter) : 0;
}

/** Whether there is a value path anywhere in a filter. */
export function hasValuePath(filter: Filter): boolean {
  if (filter.op === "and" || filter.op === "or") return filter.filters.some(hasValuePath);
  return filter.op === "not" ? hasValuePath(filter.filter) : filter.op === "valuePath";
}

/** All of some filters, at least one; conjunctions among them are taken apart. */
export function allOf(filters: readonly Filter[]): Filter {
  const flat = flatten("and", filters);
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : new Conjunction(flat);
}

/** Any of some filters, at least one; disjunctions among them are taken apart. */
export function anyOf(filters: readonly Filter[]): Filter {
  const flat = flatten("or", filters);
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : new Disjunction(flat);
}

function flatten(op: "and" | "or", filters: readonly Filter[]): readonly Filter[] {
  const flat: Filter[] = [];
  for (const filter of filters) {
    if (filter.op !== op) flat.push(filter);
    else for (const operand of filter.filters) flat.push(operand);
  }
  return flat;
}

function formatOperand(filter: Filter): string {
  const text = formatFilter(filter);
  return isGroup(filter) ? `(${text})` : text;
}

function isGroup(filter: Filter): boolean {
  return filter.op === "and" || filter.op === "or";
}
