/**
 * The normaliser: one pass over the attribute tree that brings a resource into the form of its schemas. Copy on write:
 * what needs no change comes back as it is, to the same reference, and nothing that was given is ever changed.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import { isJsonObject, setMember, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "./attribute.ts";
import { isURN } from "./attribute-path.ts";
import type { Context } from "./context.ts";
import { isDateTime } from "./date-time.ts";
import { DeviationReport } from "./deviation-report.ts";
import { isFlatName, unflatten } from "./flat-names.ts";
import { furtherPrimaries } from "./primary.ts";
import type { ResourceModel } from "./resource-model.ts";
import { numberText, parseBoolean, parseNumber, parseText, textSteps, type Repairs } from "./repairs.ts";
import { completeSchemas } from "./schemas-attribute.ts";
import type { Views } from "./view.ts";
import { planLevel, planStep, type Level, type Step } from "./walk-plan.ts";

/**
 * Brings a resource into the form of its model's schemas. What cannot be repaired stays as it is, for validation to refuse;
 * so does a value that is no JSON object.
 *
 * In the `response` context:
 * - names are brought to the schema's spelling; of two that differ by case only the one in that spelling counts, else the
 *   first, and the other stays
 * - unknown attributes stay, untouched
 * - `schemas` lists the core schema and the extensions that are there
 * - null is removed (RFC 7643 §2.5), but not under an extension, where it may have a meaning (RFC 9944)
 * - text and numbers become the boolean, number or text they stand for; a lone value becomes an array, an array of one a
 *   single value, where the attribute wants it so; an empty array is removed where a single value is wanted
 * - what is never returned is removed
 *
 * In `create` and `replace`: names are brought to the schema's spelling, what the client cannot set is taken out, and
 * `schemas` lists the core schema and the extensions that are populated or, in `replace`, unassign something; values stay as they are. In `patch`: names only.
 *
 * @param report receives each deviation of an answer, a thousand at most; without it nothing is put into words.
 * @param repairs for answers; default: none.
 */
export function normalise(
  model: ResourceModel<Views>,
  context: Context,
  value: JsonValue,
  report?: OnDeviation,
  repairs?: Repairs,
): JsonValue;
export function normalise(
  model: ResourceModel<Views>,
  context: Context,
  value: unknown,
  report?: OnDeviation,
  repairs?: Repairs,
): unknown;
export function normalise(
  model: ResourceModel<Views>,
  context: Context,
  value: unknown,
  report?: OnDeviation,
  repairs?: Repairs,
): unknown {
  if (!isJsonObject(value)) return value;
  const level = planLevel(model.attributes, context);
  if (context !== "response") {
    const named = walkObject(SILENT, level, value, 0);
    return context === "patch" ? named : completeSchemas(model, named, undefined, context);
  }
  const walk =
    report === undefined && repairs === undefined
      ? SILENT
      : {
          report: report === undefined ? undefined : new DeviationReport(report),
          flatNames: repairs?.flatNames ?? false,
          texts: textSteps(model, level, repairs?.stringifiedJson),
        };
  let resource = walkObject(walk, level, value, 0);
  if (walk.flatNames) {
    resource = unflatten(model, level, resource, walk.report, (step, flat, depth) =>
      member(walk, step, flat, depth),
    );
    if (walk.report !== undefined) reportMissing(walk.report, level, resource, 0);
  }
  return completeSchemas(model, resource, walk.report, context);
}

/**
 * As `normalise`, for the value of one attribute, such as that of a PATCH operation. Where nothing is left of the value, the
 * result is null.
 */
export function normaliseAttribute(
  attribute: Attribute,
  context: Context,
  value: JsonValue,
  report?: OnDeviation,
): JsonValue {
  const walk = report === undefined ? SILENT : { ...SILENT, report: new DeviationReport(report) };
  return member(walk, planStep(attribute, context), value, 0) ?? null;
}

/** What stays the same throughout a walk. */
interface Walk {
  readonly report: DeviationReport | undefined;
  readonly flatNames: boolean;
  /** Attributes that may come as text with JSON in it. */
  readonly texts: ReadonlySet<Step> | undefined;
}

const SILENT: Walk = { report: undefined, flatNames: false, texts: undefined };

/** The work for each member on the common path is one comparison of names and one of types. */
function walkObject(walk: Walk, level: Level, object: JsonObject, depth: number): JsonObject {
  let copy: JsonObject | undefined;
  let last: Step | undefined;
  let expected = level.first;
  for (const key in object) {
    if (!Object.prototype.hasOwnProperty.call(object, key)) continue;
    let step = expected;
    if (step === undefined || step.name !== key) {
      step = level.exact.get(key);
      if (step === undefined) {
        copy = walkOther(walk, level, object, key, copy, depth);
        continue;
      }
      if (last === undefined) level.first = step;
      else last.next = step;
    }
    last = step;
    expected = step.next;
    const value = object[key];
    const next = member(walk, step, value, depth);
    // What is to be dropped is not left standing as undefined either, which only callers can give.
    if (copy === undefined && (next !== value || next === undefined)) copy = membersBefore(object, key);
    if (copy !== undefined && next !== undefined) setMember(copy, key, next);
  }
  const walked = copy ?? object;
  if (walk.report !== undefined && !(walk.flatNames && depth === 0)) {
    reportMissing(walk.report, level, walked, depth);
  }
  return walked;
}

/** A member whose name is not one of the schema's, at least not in this spelling. */
function walkOther(
  walk: Walk,
  level: Level,
  object: JsonObject,
  key: string,
  started: JsonObject | undefined,
  depth: number,
): JsonObject | undefined {
  const value = object[key];
  const step = level.folded.get(key.toLowerCase());
  if (step !== undefined && isNothing(walk, step, value)) {
    const copy = started ?? membersBefore(object, key);
    member(walk, step, value, depth);
    return copy;
  }
  if (step !== undefined && !isTaken(walk, step, object, started)) {
    const copy = started ?? membersBefore(object, key);
    walk.report?.deviation("attributeName", depth, step.name, -1, key);
    setMember(copy, step.name, member(walk, step, value, depth));
    return copy;
  }
  if (walk.report !== undefined) {
    if (step !== undefined) walk.report.deviation("duplicateName", depth, key, -1, step.name);
    else if (!(level.extension && isURN(key)) && !(walk.flatNames && depth === 0 && isFlatName(key))) {
      walk.report.deviation("unknownAttribute", depth, key, -1);
    }
  }
  if (started !== undefined) setMember(started, key, value);
  return started;
}

/** Whether the schema's spelling of the name is in use, or an earlier member in yet another spelling has been renamed. */
function isTaken(walk: Walk, step: Step, object: JsonObject, copy: JsonObject | undefined): boolean {
  if (copy !== undefined && Object.hasOwn(copy, step.name)) return true;
  return Object.hasOwn(object, step.name) && !isNothing(walk, step, object[step.name]);
}

/** Whether `member` takes the value away. */
function isNothing(walk: Walk, step: Step, value: JsonValue | undefined): boolean {
  if (step.treatment === "dropped" || value === undefined) return true;
  if (value === null) return !step.keepsNull;
  const parsed = knownText(walk, step, value);
  if (parsed !== undefined) return isNothing(walk, step, parsed);
  const wantsSingle = !step.multiValued && step.treatment !== "names" && step.treatment !== "any";
  if (!wantsSingle || !Array.isArray(value)) return false;
  return value.length === 0 || (value.length === 1 && value[0] === null && !step.keepsNull);
}

/** The value of a member as it should be; `undefined` when it has to go. */
function member(walk: Walk, step: Step, value: JsonValue | undefined, depth: number): JsonValue | undefined {
  if (!step.multiValued) return single(walk, step, value, depth, -1);
  if (Array.isArray(value)) return elements(walk, step, value, depth);
  if (value === null || value === undefined) return step.keepsNull ? value : undefined;
  const parsed = knownText(walk, step, value);
  if (parsed !== undefined) {
    walk.report?.deviation("stringifiedJson", depth, step.name, -1);
    return member(walk, step, parsed, depth);
  }
  const element = single(walk, step, value, depth, 0);
  if (!hasType(step, element)) return value;
  walk.report?.deviation("loneValue", depth, step.name, -1);
  return [element];
}

function elements(walk: Walk, step: Step, list: JsonValue[], depth: number): JsonValue[] {
  let copy: JsonValue[] | undefined;
  for (let position = 0; position < list.length; position += 1) {
    const value = list[position];
    const next = single(walk, step, value, depth, position);
    if (copy === undefined && next !== value) copy = list.slice(0, position);
    if (copy !== undefined && next !== undefined) copy.push(next);
  }
  const walked = copy ?? list;
  if (walk.report !== undefined && step.primary !== undefined) {
    reportPrimaries(walk.report, step.name, step.primary, walked, depth);
  }
  return walked;
}

/** One value, by itself or in an array. */
function single(
  walk: Walk,
  step: Step,
  value: JsonValue | undefined,
  depth: number,
  position: number,
): JsonValue | undefined {
  switch (step.treatment) {
    case "string":
    case "reference":
    case "binary":
      if (typeof value === "string") return value;
      break;
    case "dateTime":
      if (typeof value === "string") return dateTime(walk, step, value, depth, position);
      break;
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
    case "integer":
    case "decimal":
      if (typeof value === "number") return value;
      break;
    case "complex":
      if (isJsonObject(value)) return complex(walk, step, value, depth, position);
      break;
    case "names":
      if (isJsonObject(value)) return complex(walk, step, value, depth, position);
      return Array.isArray(value) && position < 0 ? elements(walk, step, value, depth) : value;
    case "any":
      return value === null && !step.keepsNull ? undefined : value;
    case "dropped":
      if (value !== null) walk.report?.deviation("returnedNever", depth, step.name, position);
      return undefined;
  }
  return repair(walk, step, value, depth, position);
}

function complex(walk: Walk, step: Step, value: JsonObject, depth: number, position: number): JsonObject {
  if (step.level === undefined) return value;
  walk.report?.enter(depth, step.name, position);
  return walkObject(walk, step.level, value, depth + 1);
}

function dateTime(walk: Walk, step: Step, value: string, depth: number, position: number): string {
  if (walk.report !== undefined && !isDateTime(value)) {
    walk.report.deviation("dateTime", depth, step.name, position);
  }
  return value;
}

/** A value of another type than the attribute's. */
function repair(
  walk: Walk,
  step: Step,
  value: JsonValue | undefined,
  depth: number,
  position: number,
): JsonValue | undefined {
  if (value === null || value === undefined) return step.keepsNull ? value : undefined;
  if (Array.isArray(value)) return loneElement(walk, step, value, depth, position);
  if (typeof value === "string") {
    if (step.treatment === "complex") {
      const parsed = position < 0 ? knownText(walk, step, value) : undefined;
      if (parsed === undefined) return value;
      walk.report?.deviation("stringifiedJson", depth, step.name, position);
      return single(walk, step, parsed, depth, position);
    }
    const meant =
      step.treatment === "boolean" ? parseBoolean(value) : parseNumber(value, step.treatment === "integer");
    if (meant === undefined) return value;
    const kind = step.treatment === "boolean" ? "stringifiedBoolean" : "stringifiedNumber";
    walk.report?.deviation(kind, depth, step.name, position);
    return meant;
  }
  const text = typeof value === "number" && isText(step) ? numberText(value) : undefined;
  if (text === undefined) return value;
  walk.report?.deviation("numberForString", depth, step.name, position);
  return single(walk, step, text, depth, position);
}

/** An array where a single value is due. One within another stays: how deep to look is not for the data to say. */
function loneElement(
  walk: Walk,
  step: Step,
  list: JsonValue[],
  depth: number,
  position: number,
): JsonValue | undefined {
  const [value] = list;
  if (list.length > 1 || Array.isArray(value)) return list;
  if (typeof value === "string" && step.treatment === "complex") return list;
  const element = value === undefined ? undefined : single(walk, step, value, depth, position);
  if (element !== undefined && element !== null && !hasType(step, element)) return list;
  walk.report?.deviation("arrayForSingle", depth, step.name, position);
  return element;
}

/** JSON that was sent as text, where the server is known to do so; `undefined` when the value is something else. */
function knownText(walk: Walk, step: Step, value: JsonValue): JsonValue | undefined {
  return typeof value === "string" && walk.texts?.has(step) === true ? parseText(value) : undefined;
}

function isText({ treatment }: Step): boolean {
  return treatment === "string" || treatment === "reference" || treatment === "dateTime";
}

function hasType(step: Step, value: JsonValue | undefined): value is JsonValue {
  const { treatment } = step;
  if (treatment === "complex") return isJsonObject(value);
  if (treatment === "boolean") return typeof value === "boolean";
  return typeof value === (treatment === "integer" || treatment === "decimal" ? "number" : "string");
}

function reportMissing(report: DeviationReport, level: Level, object: JsonObject, depth: number): void {
  for (const name of level.always) {
    if (!Object.hasOwn(object, name)) report.deviation("returnedAlways", depth, name, -1);
  }
}

function reportPrimaries(
  report: DeviationReport,
  name: string,
  primary: string,
  list: readonly JsonValue[],
  depth: number,
): void {
  for (const position of furtherPrimaries(list, primary)) {
    report.enter(depth, name, position);
    report.deviation("repeatedPrimary", depth + 1, primary, -1);
  }
}

function membersBefore(object: JsonObject, stop: string): JsonObject {
  const copy: JsonObject = {};
  for (const key in object) {
    if (key === stop) break;
    if (Object.prototype.hasOwnProperty.call(object, key)) setMember(copy, key, object[key]);
  }
  return copy;
}
