/**
 * Evaluates filters (RFC 7644 §3.4.2.2) with what the model knows of the attributes. A filter is compiled once for a model
 * into closures; no code is generated.
 *
 * @module
 */
import type { Attribute, Attributes } from "../schema/attribute.ts";
import { joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";
import { sameName, type ResourceModel } from "../schema/resource-model.ts";
import type { Views } from "../schema/view.ts";
import { criterionOf, isPresent, type Criterion } from "./criterion.ts";
import { isFilter, type Comparison, type Filter, type Present, type ValuePath } from "./filter.ts";
import { parseFilter } from "./filter-parser.ts";

/** Tells whether a resource, or one value of an attribute, fits a filter. It never throws and changes nothing. */
export type Matcher = (subject: unknown) => boolean;

/**
 * Whether a resource fits a filter. Names are found in any case, in the filter and in the resource; an attribute that is
 * not in the model is looked for in the resource all the same.
 *
 * - Of a multi-valued attribute it is enough that one value matches, for `ne` too: `emails.type ne "work"` matches a user
 *   who has another address as well. Conditions in brackets have to be met by the same value.
 * - A complex attribute without a sub-attribute stands for its `value`: `emails co "example.com"`.
 * - An attribute that is absent, null or empty is unassigned (RFC 7643 §2.5): `eq null` matches it, so does `ne` with
 *   anything but null, for its value and the operator's "are not identical"; so, of course, does `not (… pr)`. In a value
 *   of a multi-valued attribute that goes for each sub-attribute. Where there is no value at all, brackets never match.
 * - `pr` does not match empty text.
 * - Values of unequal types are not identical, and no other operator matches them; see `criterionOf`.
 *
 * Operators that do not fit an attribute's type match nothing here; `checkFilter` reports them.
 *
 * @param filter text is parsed at every call; for many resources give a `Filter`, which is compiled once.
 * @throws {SCIMSyntaxError} when the text is no filter.
 * @throws {TypeError} when it is neither text nor a filter.
 */
export function matches(model: ResourceModel<Views>, filter: Filter | string, resource: unknown): boolean {
  return compileMatcher(model, typeof filter === "string" ? parseFilter(filter) : filter)(resource);
}

/** `matches` for one filter. The same model and filter give the same matcher. */
export function compileMatcher(model: ResourceModel<Views>, filter: Filter): Matcher {
  return cached(MATCHERS, model, filter, () => compile(filter, (path) => targetInModel(model, path)));
}

/**
 * Whether one value of an attribute fits the filter of a value path. The value of a simple attribute is its own `value`.
 *
 * @param attribute the attribute before the brackets.
 */
export function matchesElement(attribute: Attribute, filter: Filter, element: unknown): boolean {
  return cached(ELEMENT_MATCHERS, attribute, filter, () => compile(filter, inElement(attribute)))(element);
}

/** What an attribute path leads to. */
interface Target {
  readonly steps: readonly Step[];
  /** `undefined` for what no schema defines. */
  readonly attribute: Attribute | undefined;
  /** A member of the resource that counts instead when it is there: an unknown URN may name a whole schema. */
  readonly instead?: Step;
}

/** One member on the way. */
interface Step {
  readonly name: string;
  readonly folded: string;
}

type Resolve = (path: AttributePath) => Target;
type Cache<K extends object> = WeakMap<K, WeakMap<Filter, Matcher>>;

const MATCHERS: Cache<ResourceModel<Views>> = new WeakMap();
const ELEMENT_MATCHERS: Cache<Attribute> = new WeakMap();

function cached<K extends object>(cache: Cache<K>, key: K, filter: Filter, make: () => Matcher): Matcher {
  let matchers = cache.get(key);
  if (matchers === undefined) {
    matchers = new WeakMap();
    cache.set(key, matchers);
  }
  let matcher = matchers.get(filter);
  if (matcher === undefined) {
    if (!isFilter(filter)) throw new TypeError("a filter comes from parseFilter or the filter template");
    matcher = make();
    matchers.set(filter, matcher);
  }
  return matcher;
}

function compile(filter: Filter, resolve: Resolve): Matcher {
  switch (filter.op) {
    case "and":
      return all(filter.filters.map((operand) => compile(operand, resolve)));
    case "or":
      return any(filter.filters.map((operand) => compile(operand, resolve)));
    case "not": {
      const inner = compile(filter.filter, resolve);
      return (subject) => !inner(subject);
    }
    case "valuePath":
      return valuePath(filter, resolve);
    default:
      return condition(filter, resolve(filter.path));
  }
}

function all(matchers: readonly Matcher[]): Matcher {
  const [first, second] = matchers;
  if (matchers.length === 2 && first !== undefined && second !== undefined) {
    return (subject) => first(subject) && second(subject);
  }
  return (subject) => matchers.every((matcher) => matcher(subject));
}

function any(matchers: readonly Matcher[]): Matcher {
  const [first, second] = matchers;
  if (matchers.length === 2 && first !== undefined && second !== undefined) {
    return (subject) => first(subject) || second(subject);
  }
  return (subject) => matchers.some((matcher) => matcher(subject));
}

function condition(filter: Comparison | Present, target: Target): Matcher {
  if (filter.op === "pr") return reach(target, isPresent);
  if (filter.value === null) return reach(target, criterionOf(filter.op, null, target.attribute));
  const tested = withValue(target);
  return reach(tested, eachValue(criterionOf(filter.op, filter.value, tested.attribute)));
}

function valuePath(filter: ValuePath, resolve: Resolve): Matcher {
  const target = resolve(filter.path);
  const matcher = compile(filter.filter, inElement(target.attribute));
  return reach(
    target,
    eachValue((value) => value !== undefined && matcher(value)),
  );
}

/** A complex attribute stands for its `value`; what no schema defines may turn out to be complex. */
function withValue(target: Target): Target {
  const { attribute, steps } = target;
  if (attribute !== undefined && attribute.type !== "complex") return target;
  return { ...target, steps: [...steps, VALUE], attribute: attribute?.subAttributes?.get(VALUE.name) };
}

/** Goes the steps of a target from a resource or an element; what is met on the way is tested for each value. */
function reach(target: Target, test: Criterion): Matcher {
  const { steps, instead } = target;
  const direct = steps.reduceRight<Criterion>((next, step) => into(step, next), test);
  if (instead === undefined) return direct;
  const whole = into(instead, test);
  return (subject) => (memberOf(subject, instead) === undefined ? direct(subject) : whole(subject));
}

/** From each value to one of its members. A value that is not complex is its own `value`. */
function into(step: Step, next: Criterion): Criterion {
  const { name } = step;
  const isValue = step.folded === VALUE.folded;
  const visit = (value: unknown): boolean => {
    if (!isObject(value)) return next(isValue ? value : undefined);
    return next(Object.hasOwn(value, name) ? value[name] : memberOf(value, step));
  };
  return eachValue(visit);
}

/** Some value of a multi-valued attribute; what is not assigned is tested once, as undefined. */
function eachValue(test: Criterion): Criterion {
  return (value) => {
    if (typeof value !== "object") return test(value);
    return Array.isArray(value) ? someValue(value, test) : test(value ?? undefined);
  };
}

function someValue(values: readonly unknown[], test: Criterion): boolean {
  let empty = true;
  for (const value of values) {
    if (value === undefined || value === null || Array.isArray(value)) continue;
    if (test(value)) return true;
    empty = false;
  }
  return empty && test(undefined);
}

/** An own member whatever its case; the schema's spelling counts first (RFC 7643 §2.1). */
function memberOf(subject: unknown, { name, folded }: Step): unknown {
  if (!isObject(subject)) return undefined;
  if (Object.hasOwn(subject, name)) return subject[name];
  for (const key in subject) {
    if (key.length !== name.length || !Object.hasOwn(subject, key)) continue;
    if (key.toLowerCase() === folded) return subject[key];
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

const VALUE: Step = stepTo("value");

function stepTo(name: string): Step {
  return { name, folded: name.toLowerCase() };
}

/** Where an attribute path leads in a resource of a model. */
function targetInModel(model: ResourceModel<Views>, path: AttributePath): Target {
  const { schema, attribute, subAttributes } = path;
  if (schema === undefined || (sameName(schema, model.schema.id) && attribute !== "")) {
    return descend(model.attributes, [attribute, ...subAttributes], []);
  }
  const whole = joinAttributePath(path);
  if (sameName(whole, model.schema.id)) return { steps: [], attribute: undefined };
  const extension = model.attributes.get(whole);
  if (extension !== undefined) return { steps: [stepTo(extension.name)], attribute: extension };
  const names = attribute === "" ? [] : [attribute, ...subAttributes];
  const known = model.attributes.get(schema);
  const steps = [stepTo(known?.name ?? schema)];
  if (known !== undefined) return descend(known.subAttributes, names, steps);
  return { ...descend(undefined, names, steps), instead: stepTo(whole) };
}

/** Where the paths in a value path's brackets lead, from one value of the attribute before them. */
function inElement(attribute: Attribute | undefined): Resolve {
  return ({ schema, attribute: name, subAttributes }) => {
    if (schema !== undefined) return descend(undefined, [schema, name, ...subAttributes], []);
    return descend(attribute?.subAttributes, [name, ...subAttributes], [], attribute);
  };
}

function descend(
  level: Attributes | undefined,
  names: readonly string[],
  before: readonly Step[],
  parent?: Attribute,
): Target {
  const steps = [...before];
  let within = level;
  let attribute = parent;
  for (const name of names) {
    const isOwnValue = attribute !== undefined && attribute.type !== "complex" && sameName(name, VALUE.name);
    if (!isOwnValue) attribute = within?.get(name);
    steps.push(isOwnValue ? VALUE : stepTo(attribute?.name ?? name));
    within = attribute?.subAttributes;
  }
  return { steps, attribute };
}
