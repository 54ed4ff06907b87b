import fc from "fast-check";
import { expect, test } from "vitest";
import { PatchError } from "../../src/errors.ts";
import type { JsonObject } from "../../src/json.ts";
import { applyPatch } from "../../src/protocol/apply.ts";
import type { PatchOperation } from "../../src/protocol/patch.ts";
import { operation, staff } from "./arbitrary-patch.ts";
import { NaiveError, naivePatch, stateOfMembers } from "./naive-patch.ts";
import { BADGE, STAFF, Staff } from "./staff-model.ts";

type Outcome = { readonly resource: JsonObject } | { readonly scimType: string };

function outcome(apply: () => JsonObject): Outcome {
  try {
    return { resource: apply() };
  } catch (error) {
    if (error instanceof PatchError || error instanceof NaiveError) return { scimType: error.scimType };
    throw error;
  }
}

function state(result: Outcome): unknown {
  if (!("resource" in result)) return result;
  const { schemas: _, ...rest } = stateOfMembers(Staff.attributes, result.resource);
  return rest;
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

test("RFC 7644 §3.5.2: one operation does what the text says, read by a naive applier", () => {
  fc.assert(
    fc.property(staff, operation, (resource, each) => {
      const real = outcome(() => applyPatch(Staff, frozen(resource), frozen([each])));
      const naive = outcome(() => naivePatch(Staff, resource, [each]));
      expect(state(real)).toEqual(state(naive));
    }),
    { numRuns: 1500 },
  );
});

test("RFC 7644 §3.5.2: operations are applied in sequence, each to the result of the one before", () => {
  fc.assert(
    fc.property(staff, fc.array(operation, { maxLength: 8 }), (resource, operations) => {
      const applicable: PatchOperation[] = [];
      let result = resource;
      for (const each of operations) {
        const next = outcome(() => naivePatch(Staff, result, [each]));
        const real = outcome(() => applyPatch(Staff, frozen(resource), frozen([...applicable, each])));
        expect(state(real)).toEqual(state(next));
        if (!("resource" in next)) continue;
        result = next.resource;
        applicable.push(each);
      }
    }),
    { numRuns: 600 },
  );
});

test("RFC 7644 §3.5.2: a request is atomic, and what it was applied to stays as it was", () => {
  fc.assert(
    fc.property(staff, fc.array(operation, { maxLength: 6 }), (resource, operations) => {
      const before = structuredClone(resource);
      outcome(() => applyPatch(Staff, resource, operations));
      expect(resource).toEqual(before);
    }),
  );
});

test("RFC 7644 §3.5.2: an operation that changes nothing gives back the very same resource", () => {
  fc.assert(
    fc.property(staff, fc.array(operation, { maxLength: 3 }), (resource, operations) => {
      const first = outcome(() => applyPatch(Staff, resource, operations));
      if (!("resource" in first)) return;
      const whole: PatchOperation[] = Object.entries(first.resource)
        .filter(([name]) => name !== "schemas" && name !== "meta")
        .map(([path, value]) => ({ op: "replace", path, value: value ?? null }));
      expect(applyPatch(Staff, first.resource, whole)).toBe(first.resource);
    }),
  );
});

test("RFC 7644 §3.5.2: schemas lists the extensions that have data", () => {
  fc.assert(
    fc.property(staff, fc.array(operation, { maxLength: 4 }), (resource, operations) => {
      const result = outcome(() => applyPatch(Staff, resource, operations));
      if (!("resource" in result) || result.resource === resource) return;
      const hasBadge = stateOfMembers(Staff.attributes, result.resource)[BADGE] !== undefined;
      const hadBadge = stateOfMembers(Staff.attributes, resource)[BADGE] !== undefined;
      const kept = resource["schemas"];
      const want = hasBadge === hadBadge ? kept : hasBadge ? [STAFF, BADGE] : [STAFF];
      expect(result.resource["schemas"]).toEqual(want);
    }),
  );
});
