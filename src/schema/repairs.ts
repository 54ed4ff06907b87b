/**
 * Repairs: reading values that were sent as another type than their attribute's.
 *
 * @module
 */
import type { JsonValue } from "../json.ts";
import type { ResourceModel } from "./resource-model.ts";
import type { Views } from "./view.ts";
import { stepsTo, type Level, type Step } from "./walk-plan.ts";

/** Repairs of answers that only a known server needs: the part of a server profile that is about values. */
export interface Repairs {
  /**
   * Whether members named by a path, such as `"name.familyName"` or `"urn:…:User:department"`, are moved to where the path
   * points. Where something stands there already, or the path leads through a multi-valued attribute, they stay as unknown
   * attributes. Default `false`.
   */
  readonly flatNames?: boolean;
  /**
   * Attributes, by path, that the server sends as text with JSON in it: `["emails"]` for `"emails": "[{\"value\": …}]"`.
   * Only for multi-valued and complex attributes. Default: none.
   */
  readonly stringifiedJson?: readonly string[];
}

const texts = new WeakMap<readonly string[], WeakMap<Level, ReadonlySet<Step>>>();

/** What `stringifiedJson` names in a model; `undefined` when it names nothing. */
export function textSteps(
  model: ResourceModel<Views>,
  level: Level,
  paths: readonly string[] = [],
): ReadonlySet<Step> | undefined {
  if (paths.length === 0) return undefined;
  const known = texts.get(paths) ?? new WeakMap<Level, ReadonlySet<Step>>();
  texts.set(paths, known);
  let steps = known.get(level);
  if (steps === undefined) {
    const named = paths.map((path) => stepsTo(model, level, path)?.at(-1)).filter((step) => step !== undefined);
    steps = new Set(named.filter(({ multiValued, treatment }) => multiValued || treatment === "complex"));
    known.set(level, steps);
  }
  return steps;
}

/** The array, the object or the null that a text holds as JSON; `undefined` when it holds none. */
export function parseText(text: string): JsonValue | undefined {
  try {
    const parsed = JSON.parse(text) as JsonValue;
    return typeof parsed === "object" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** `true` and `false` as text, in any case (Python prints `True`). */
export function parseBoolean(text: string): boolean | undefined {
  if (text.length > 5) return undefined;
  const folded = text.toLowerCase();
  return folded === "true" ? true : folded === "false" ? false : undefined;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number as JSON writes it (RFC 8259 §6), provided that JavaScript can hold it. */
export function parseNumber(text: string, integer: boolean): number | undefined {
  if (text.length > 64 || !NUMBER.test(text)) return undefined;
  const number = Number(text);
  return (integer ? Number.isSafeInteger(number) : Number.isFinite(number)) ? number : undefined;
}

/** A number as text; `undefined` beyond 2^53, where the digits that were sent are lost already. */
export function numberText(number: number): string | undefined {
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? String(number) : undefined;
}
