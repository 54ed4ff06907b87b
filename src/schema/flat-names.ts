/**
 * Flat names: members such as `"name.familyName"` that stand beside the complex attribute that they belong into.
 *
 * @module
 */
import { isJsonObject, setMember, type JsonObject, type JsonValue } from "../json.ts";
import type { DeviationReport } from "./deviation-report.ts";
import type { ResourceModel } from "./resource-model.ts";
import type { Views } from "./view.ts";
import { stepsTo, type Level, type Step } from "./walk-plan.ts";

/** Whether a name can be a path: no attribute has a dot or a colon in its name (RFC 7643 §2.1). */
export function isFlatName(name: string): boolean {
  return name.includes(".") || name.includes(":");
}

/**
 * Moves members that are named by a path to where the path points, if it leads through single complex values only and to a
 * place that is free. Others stay and are reported as unknown attributes.
 *
 * @param resource with every other attribute in the spelling of its schema.
 * @param convert gives the value its form; `undefined` when nothing is left of it.
 */
export function unflatten(
  model: ResourceModel<Views>,
  level: Level,
  resource: JsonObject,
  report: DeviationReport | undefined,
  convert: (step: Step, value: JsonValue | undefined, depth: number) => JsonValue | undefined,
): JsonObject {
  let copy: JsonObject | undefined;
  const copied = new Set<JsonObject>();
  for (const key of Object.keys(resource)) {
    if (!isFlatName(key) || level.folded.has(key.toLowerCase())) continue;
    const steps = stepsTo(model, level, key);
    const last = steps?.at(-1);
    if (steps === undefined || last === undefined || !isFree(copy ?? resource, steps, last)) {
      report?.deviation("unknownAttribute", 0, key, -1);
      continue;
    }
    const outer = steps.slice(0, -1);
    for (const [depth, step] of outer.entries()) report?.enter(depth, step.name, -1);
    const value = convert(last, resource[key], outer.length);
    copy ??= { ...resource };
    delete copy[key];
    if (value === undefined) continue;
    report?.deviation("flatName", outer.length, last.name, -1, key);
    let target = copy;
    for (const { name } of outer) {
      const there = Object.hasOwn(target, name) ? target[name] : undefined;
      const inner = isJsonObject(there) ? (copied.has(there) ? there : { ...there }) : {};
      copied.add(inner);
      setMember(target, name, inner);
      target = inner;
    }
    setMember(target, last.name, value);
  }
  return copy ?? resource;
}

/** Whether nothing stands at the place. What is to be dropped needs none. */
function isFree(resource: JsonObject, steps: readonly Step[], last: Step): boolean {
  if (last.treatment === "dropped") return true;
  let inside: JsonValue | undefined = resource;
  for (const step of steps) {
    if (!isJsonObject(inside) || (step !== last && step.multiValued)) return false;
    inside = Object.hasOwn(inside, step.name) ? inside[step.name] : step === last ? undefined : {};
  }
  return inside === undefined;
}
