/**
 * What a client does with filters (RFC 7644 §3.4.2.2). It is loaded with the first filter: a program that only writes
 * does without.
 *
 * @module
 */
import { SCIMSyntaxError, type Issue } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { checkFilter } from "../protocol/filter-check.ts";
import { correctedFilter, parseFilter } from "../protocol/filter-parser.ts";
import { isFilter, ValuePath, type Filter, type FilterValue } from "../protocol/filter.ts";
import { matches } from "../protocol/matches.ts";
import { printable, type Attribute } from "../schema/attribute.ts";
import { joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";
import { knownPart } from "../schema/known-part.ts";
import { isSecret } from "../schema/context.ts";
import type { ExchangeRequest } from "./exchange.ts";
import type { AnyModel } from "./service-description.ts";

export { matches };

/** More issues than anyone reads. */
const MOST = 20;

/**
 * What is wrong with a filter: a server that does not know an attribute may ignore the filter and answer with everything.
 * An attribute that a type does not have is unassigned in its resources (RFC 7644 §3.4.2.1), so over several types each
 * condition has to fit one of them.
 *
 * @param asParameter whether it is to stand in a URL, where no value of an attribute that is never returned may be.
 * @throws {SCIMSyntaxError} for a filter that is not in the grammar.
 */
export function filterIssues(
  models: readonly AnyModel[],
  given: string | Filter,
  asParameter = false,
): readonly Issue[] {
  const filter = parsed(given);
  const secret = asParameter ? secretComparisons(models, filter) : [];
  if (secret.length > 0) return secret.slice(0, MOST).map(inURL);
  const [only] = models;
  if (only === undefined) return [];
  if (models.length === 1) return checkFilter(only, filter);
  const issues = new Map<string, Issue>();
  for (const single of singleConditions(filter)) {
    const issue = issueOf(models, single);
    if (issue !== undefined) issues.set(issue.message, issue);
    if (issues.size >= MOST) break;
  }
  return [...issues.values()].slice(0, MOST);
}

/** What is wrong with one condition for the type that comes closest: one that knows the attribute, or most of its path. */
function issueOf(models: readonly AnyModel[], condition: Filter): Issue | undefined {
  let closest: Issue | undefined;
  for (const model of models) {
    const [issue] = checkFilter(model, condition);
    if (issue === undefined) return undefined;
    if (closest === undefined || reach(issue) > reach(closest)) closest = issue;
  }
  return closest;
}

function reach({ rule, path }: Issue): number {
  return rule === "unknown" ? path.length : Infinity;
}

/** The conditions of a filter, each in its own brackets where it stands in some. */
function* singleConditions(filter: Filter): Generator<Filter, void, undefined> {
  switch (filter.op) {
    case "and":
    case "or":
      for (const one of filter.filters) yield* singleConditions(one);
      break;
    case "not":
      yield* singleConditions(filter.filter);
      break;
    case "valuePath":
      for (const one of singleConditions(filter.filter)) yield new ValuePath(filter.path, one);
      break;
    default:
      yield filter;
  }
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
  if (typeof filter === "string") return parseFilter(filter);
  if (isFilter(filter)) return filter;
  throw new TypeError("a filter comes from parseFilter or the filter template, or is text");
}

/**
 * A filter as it is sent: a text as it is, but for misprints of the RFC, which servers refuse, where it is checked.
 *
 * @throws {TypeError} for what only looks like a filter and has no text of its own.
 * @throws {SCIMSyntaxError} for a text that is checked and not in the grammar.
 */
export function filterText(filter: unknown, checked: boolean): string {
  if (typeof filter === "string") return checked ? correctedFilter(filter) : filter;
  if (isFilter(filter)) return String(filter);
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
  const only = models.length === 1 ? models[0] : undefined;
  // What none of the types publishes may be in the resources all the same; what another one has is unassigned in them.
  const known = only === undefined && isKnown(models, filter);
  return resources.filter((resource) => {
    const model = only ?? models.find((candidate) => candidate.is(resource));
    if (model === undefined || !isConfirmable(model, filter)) return false;
    return !matches(model, filter, known ? knownPart(model, resource) : resource);
  }).length;
}

function isKnown(models: readonly AnyModel[], filter: Filter): boolean {
  return [...conditions(filter)].every((condition) =>
    models.some((model) => attributesOf(model, condition).length > 0),
  );
}

/**
 * Whether a resource that matches also shows it: a server does not return what is `never` or only on `request` returned,
 * so a filter on that cannot be confirmed here.
 */
export function isConfirmable(model: AnyModel, filter: Filter): boolean {
  return [...conditions(filter)].every((condition) =>
    attributesOf(model, condition).every((attribute) => !isSecret(attribute) && attribute.returned !== "request"),
  );
}

/**
 * What of a request with this filter no error may show, for a filter that compares what is never returned, and for one that
 * cannot be read, which may.
 */
export function sensitiveParts(
  models: readonly AnyModel[],
  given: string | Filter,
): Pick<ExchangeRequest, "secrets" | "secretParameters"> {
  const filter = readFilter(given);
  const compared = filter === undefined ? [] : secretComparisons(models, filter);
  if (filter !== undefined && compared.length === 0) return {};
  return { secrets: () => compared.map(({ value }) => String(value)), secretParameters: ["filter"] };
}

/** One condition of a filter. */
interface Condition {
  readonly path: AttributePath;
  /** The attribute before the brackets that it stands in. */
  readonly parent: AttributePath | undefined;
  /** `undefined` where it asks for presence alone. */
  readonly value: FilterValue | undefined;
}

function* conditions(filter: Filter, parent?: AttributePath): Generator<Condition, void, undefined> {
  switch (filter.op) {
    case "and":
    case "or":
      for (const one of filter.filters) yield* conditions(one, parent);
      break;
    case "not":
      yield* conditions(filter.filter, parent);
      break;
    case "valuePath":
      yield* conditions(filter.filter, filter.path);
      break;
    default: {
      const { attribute, subAttributes } = filter.path;
      const names = [attribute, ...subAttributes];
      const path =
        parent === undefined ? filter.path : { ...parent, subAttributes: [...parent.subAttributes, ...names] };
      yield { path, parent, value: filter.op === "pr" ? undefined : filter.value };
    }
  }
}

/** All attributes on the way; of a list of plain values, whose elements are called `value`, the list. */
function attributesOf(model: AnyModel, { path, parent }: Condition): readonly Attribute[] {
  const whole = model.resolve(joinAttributePath(path));
  return whole ?? (parent === undefined ? [] : (model.resolve(joinAttributePath(parent)) ?? []));
}

function secretComparisons(models: readonly AnyModel[], filter: Filter): Condition[] {
  return [...conditions(filter)].filter(
    (condition) =>
      condition.value !== undefined &&
      condition.value !== null &&
      models.some((model) => attributesOf(model, condition).some(isSecret)),
  );
}

/** A server may filter by what it never returns (RFC 7643 §7), but URLs are logged wherever they pass. */
function inURL({ path }: Condition): Issue {
  const name = printable(joinAttributePath(path), 200);
  return {
    path: name,
    rule: "returned",
    message: `"${name}" is never returned, and what it is compared with must not stand in a URL; search sends it in a body (RFC 7644 §7.5.2)`,
    section: "RFC 7644 §7.5.2",
  };
}
