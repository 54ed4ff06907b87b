/**
 * Walk plans: what the normaliser has to know of an attribute tree in one context, worked out once per model.
 *
 * @module
 */
import type { Attribute, Attributes } from "./attribute.ts";
import { presence, type Context } from "./context.ts";
import { primaryOf } from "./primary.ts";
import type { ResourceModel } from "./resource-model.ts";
import type { Views } from "./view.ts";

/**
 * What to do with a value: the attribute's type where values are repaired; `names` for complex values of which only the
 * names are looked at; `dropped` for what has no place here; `any` for what is passed on unseen.
 */
export type Treatment = Attribute["type"] | "names" | "dropped" | "any";

/** One attribute of a level. */
export interface Step {
  readonly name: string;
  readonly treatment: Treatment;
  /** Whether an array is due; only where values are repaired. */
  readonly multiValued: boolean;
  /** Whether null has a meaning here and stays. */
  readonly keepsNull: boolean;
  /** The name of the sub-attribute that marks the preferred value; only where values are repaired. */
  readonly primary: string | undefined;
  /** The sub-attributes; absent where nothing below is looked at. */
  readonly level: Level | undefined;
  /** The attribute that stood behind this one last time: a guess, which saves a look-up where it is right. */
  next: Step | undefined;
}

/** The attributes that may stand side by side in one JSON object. */
export interface Level {
  readonly exact: ReadonlyMap<string, Step>;
  /** By name in lower case. */
  readonly folded: ReadonlyMap<string, Step>;
  /** Whether this is an extension: names that are URNs are extensions of it (RFC 9944). */
  readonly extension: boolean;
  /** The names of those that every answer must have; `id` and `schemas` have rules of their own. */
  readonly always: readonly string[];
  /** The attribute that stood first last time. */
  first: Step | undefined;
}

const levels: Record<Context, WeakMap<Attributes, Level>> = perContext();
const steps: Record<Context, WeakMap<Attribute, Step>> = perContext();

/** The plan of a model's attributes. */
export function planLevel(attributes: Attributes, context: Context): Level {
  let level = levels[context].get(attributes);
  if (level === undefined) {
    level = compileLevel(attributes, context, { resource: true, extension: false, keepsNull: false });
    levels[context].set(attributes, level);
  }
  return level;
}

/** The plan of one attribute by itself, which is wanted whatever its own place in the context. */
export function planStep(attribute: Attribute, context: Context): Step {
  let step = steps[context].get(attribute);
  if (step === undefined) {
    step = compileStep(attribute, context, false, attribute.extension);
    steps[context].set(attribute, step);
  }
  return step;
}

/**
 * The steps to what an attribute path names, from the outer to the inner.
 *
 * @returns `undefined` when it names nothing in the model.
 */
export function stepsTo(model: ResourceModel<Views>, level: Level, path: string): readonly Step[] | undefined {
  const chain: Step[] = [];
  let below: Level | undefined = level;
  for (const { name } of model.resolve(path) ?? []) {
    const step: Step | undefined = below?.exact.get(name);
    if (step === undefined) break;
    chain.push(step);
    below = step.level;
  }
  return chain.length === 0 ? undefined : chain;
}

/** Where attributes stand. */
interface Place {
  /** Whether they are those of the resource itself. */
  readonly resource: boolean;
  /** Whether they are those of an extension itself. */
  readonly extension: boolean;
  /** Whether null has a meaning: in an extension and below. */
  readonly keepsNull: boolean;
}

function compileLevel(attributes: Attributes, context: Context, place: Place): Level {
  const exact = new Map<string, Step>();
  const folded = new Map<string, Step>();
  const always: string[] = [];
  for (const attribute of attributes) {
    const { name, returned } = attribute;
    const dropped = presence(attribute, context) === "dropped";
    const step =
      place.resource && name === "schemas"
        ? passedOn(name, context)
        : compileStep(attribute, context, dropped, place.keepsNull);
    exact.set(name, step);
    folded.set(name.toLowerCase(), step);
    const ruled = place.resource && (name === "schemas" || name === "id");
    if (context === "response" && returned === "always" && !dropped && !ruled) always.push(name);
  }
  return { exact, folded, extension: place.extension, always, first: undefined };
}

/** `schemas` is looked at as a whole, when it is known which extensions there are. */
function passedOn(name: string, context: Context): Step {
  const keepsNull = context !== "response";
  return {
    name,
    treatment: "any",
    multiValued: false,
    keepsNull,
    primary: undefined,
    level: undefined,
    next: undefined,
  };
}

function compileStep(attribute: Attribute, context: Context, dropped: boolean, keepsNull: boolean): Step {
  const { name, type, subAttributes, extension } = attribute;
  const repairs = context === "response" && !dropped;
  const level =
    subAttributes === undefined || dropped
      ? undefined
      : compileLevel(subAttributes, context, { resource: false, extension, keepsNull: keepsNull || extension });
  return {
    name,
    treatment: dropped ? "dropped" : repairs ? type : level === undefined ? "any" : "names",
    multiValued: repairs && attribute.multiValued,
    keepsNull: keepsNull || context !== "response",
    primary: repairs ? primaryOf(attribute)?.name : undefined,
    level,
    next: undefined,
  };
}

function perContext<K extends object, V>(): Record<Context, WeakMap<K, V>> {
  return { create: new WeakMap(), replace: new WeakMap(), patch: new WeakMap(), response: new WeakMap() };
}
