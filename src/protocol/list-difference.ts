/**
 * The least operations that turn the values of one multi-valued attribute into others (RFC 7644 §3.5.2).
 *
 * @module
 */
import { isJsonObject, setMember, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { primaryOf } from "../schema/primary.ts";
import { isHollow } from "../schema/unassigned.ts";
import { sameValue, writable } from "./element.ts";
import { Identity } from "./identity.ts";
import { member } from "./messages.ts";
import type { PatchOperation } from "./patch.ts";

/** A value that is there before and after, but not the same. */
interface Pair {
  readonly value: JsonValue;
  readonly next: JsonValue;
}

/** What is to be heeded in a list. */
export interface ListDemands {
  /** Whether the attribute, or what it belongs to, must not be empty at any time. */
  readonly needed: boolean;
  /** Whether a sub-attribute that the wanted one of two values with the same key lacks is to stay. */
  readonly keepsOmitted: boolean;
}

/** At most one `add` and one `replace`, and a `remove` for each value that goes; see `diff`. */
export function diffList(
  attribute: Attribute,
  path: string,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  { needed, keepsOmitted }: ListDemands,
): readonly PatchOperation[] {
  const [old, wanted] = [before, after].map((values) => values.filter((value) => !isHollow(value)));
  if (old === undefined || wanted === undefined) return [];
  if (wanted.length === 0) return old.length === 0 ? [] : [{ op: "remove", path }];
  if (old.length === 0) return [{ op: "add", path, value: written(attribute, wanted) }];
  for (const identity of Identity.of(attribute)) {
    const [found, next] = [identity.index(old), identity.index(wanted)];
    if (found === undefined || next === undefined) continue;
    return changes(
      attribute,
      path,
      identity,
      found,
      keepsOmitted ? asserted(attribute, found, next) : next,
      needed,
    );
  }
  if (sameValue(attribute, old, wanted, "readOnly")) return [];
  return [{ op: "replace", path, value: written(attribute, wanted) }];
}

function changes(
  attribute: Attribute,
  path: string,
  identity: Identity,
  before: ReadonlyMap<string, JsonValue>,
  after: ReadonlyMap<string, JsonValue>,
  needed: boolean,
): readonly PatchOperation[] {
  const added: JsonValue[] = [];
  const changed: Pair[] = [];
  let kept = 0;
  for (const [key, next] of after) {
    const value = before.get(key);
    if (value === undefined) added.push(next);
    else if (value !== next && !sameValue(attribute, value, next, "readOnly")) changed.push({ value, next });
    else kept += 1;
  }
  const renewed = exceptDemoted(attribute, changed, added);
  kept += changed.length - renewed.length;
  const gone: JsonValue[] = [];
  for (const [key, value] of before) if (!after.has(key)) gone.push(value);
  const [only] = renewed;
  const target = (value: JsonValue): string => `${path}[${identity.filter(value)}]`;
  const inPlace =
    only !== undefined && renewed.length === 1 ? replaced(attribute, target(only.value), only) : undefined;
  if (inPlace === undefined) {
    gone.push(...renewed.map(({ value }) => value));
    added.push(...renewed.map(({ next }) => next));
  } else kept += 1;
  if (kept === 0 && needed) {
    // Removed one by one they would leave it unassigned for a moment, which servers refuse (RFC 7644 §3.5.2.2).
    return [{ op: "replace", path, value: written(attribute, [...after.values()]) }];
  }
  const operations: PatchOperation[] = gone.map((value) => ({ op: "remove", path: target(value) }));
  if (inPlace !== undefined) operations.push(inPlace);
  if (added.length > 0) operations.push({ op: "add", path, value: written(attribute, added) });
  return operations;
}

/**
 * The wanted values with what they do not assert: as it is. That a value is primary is not taken over where another one
 * becomes it.
 */
function asserted(
  attribute: Attribute,
  before: ReadonlyMap<string, JsonValue>,
  after: ReadonlyMap<string, JsonValue>,
): ReadonlyMap<string, JsonValue> {
  const primary = primaryOf(attribute);
  const isPrimary = (value: JsonValue): boolean =>
    primary !== undefined && isJsonObject(value) && member(value, primary.name) === true;
  const hasPrimary = [...after.values()].some(isPrimary);
  const whole = new Map<string, JsonValue>();
  for (const [key, next] of after) {
    const value = before.get(key);
    whole.set(key, next);
    if (value === next || !isJsonObject(next) || !isJsonObject(value)) continue;
    const copy: JsonObject = { ...next };
    for (const name of Object.keys(value)) {
      if (member(next, name) !== undefined || (hasPrimary && attribute.subAttributes?.get(name) === primary))
        continue;
      setMember(copy, name, value[name]);
    }
    whole.set(key, copy);
  }
  return whole;
}

/** The values that change, but for the one that only stops being primary because another one becomes it. */
function exceptDemoted(
  attribute: Attribute,
  changed: readonly Pair[],
  added: readonly JsonValue[],
): readonly Pair[] {
  const primary = primaryOf(attribute);
  if (primary === undefined) return changed;
  const isPrimary = (value: JsonValue): boolean => isJsonObject(value) && member(value, primary.name) === true;
  if (!added.some(isPrimary) && !changed.some(({ value, next }) => isPrimary(next) && !isPrimary(value)))
    return changed;
  return changed.filter(({ value, next }) => {
    if (!isPrimary(value) || isPrimary(next) || !isJsonObject(next)) return true;
    return !sameValue(attribute, value, { ...next, [primary.name]: true }, "readOnly");
  });
}

/** One operation that changes a value where it stands; `undefined` when that takes more than one, or is not allowed. */
function replaced(attribute: Attribute, target: string, { value: old, next }: Pair): PatchOperation | undefined {
  const wanted = writable(attribute, next);
  if (!isJsonObject(old) || !isJsonObject(wanted) || attribute.subAttributes === undefined) return undefined;
  const changed = [...attribute.subAttributes].filter(
    (sub) =>
      sub.mutability !== "readOnly" && !sameValue(sub, member(old, sub.name), member(wanted, sub.name), "readOnly"),
  );
  if (changed.some(({ mutability, multiValued }) => mutability === "immutable" || multiValued)) return undefined;
  const [sub, another] = changed;
  if (sub === undefined || Object.keys(wanted).some((key) => attribute.subAttributes?.get(key) === undefined))
    return undefined;
  const isGone = (each: Attribute): boolean => isHollow(member(wanted, each.name));
  // Some servers merge the value into what is there, so that it must have all that is to stay and nothing may go.
  if (another !== undefined)
    return changed.some(isGone) ? undefined : { op: "replace", path: target, value: wanted };
  const value = member(wanted, sub.name);
  if (value === undefined || isGone(sub)) return { op: "remove", path: `${target}.${sub.name}` };
  return { op: "replace", path: `${target}.${sub.name}`, value };
}

function written(attribute: Attribute, values: readonly JsonValue[]): JsonValue {
  return values.flatMap((value): JsonValue[] => {
    const rest = writable(attribute, value);
    return rest === undefined || isHollow(rest) ? [] : [rest];
  });
}
