import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PatchError } from "../../src/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/json.ts";
import { applyPatch } from "../../src/protocol/apply.ts";
import { diff } from "../../src/protocol/diff.ts";
import type { PatchOperation } from "../../src/protocol/patch.ts";
import { checkOperations } from "../../src/protocol/patch-check.ts";
import { resolveTarget } from "../../src/protocol/patch-target.ts";
import type { Attributes } from "../../src/schema/attribute.ts";
import { check } from "../../src/schema/check.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";
import { arbitraryModel, arbitraryValue } from "../schema/arbitraries.ts";
import { staff } from "./arbitrary-patch.ts";
import { naivePatch, stateOfMembers } from "./naive-patch.ts";
import { Staff } from "./staff-model.ts";

interface Change {
  readonly model: ResourceModel<Views>;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** Two states of a resource that PATCH can get from one to the other: what is immutable and set stays as it is. */
function reachable(attributes: Attributes, before: JsonObject, after: JsonObject): JsonObject {
  const result: JsonObject = { ...after };
  for (const attribute of attributes) {
    const { name } = attribute;
    const [one, other] = [before, after].map((object) => (Object.hasOwn(object, name) ? object[name] : undefined));
    const isSet = stateOfMembers(undefined, { one })["one"] !== undefined;
    if (other === undefined && one === undefined) continue;
    if (attribute.mutability === "immutable" && isSet) result[name] = one;
    else if (attribute.multiValued) result[name] = onePrimary(other);
    else if (attribute.subAttributes !== undefined && (isJsonObject(one) || isJsonObject(other))) {
      const [from, to] = [isJsonObject(one) ? one : {}, isJsonObject(other) ? other : {}];
      result[name] = reachable(attribute.subAttributes, from, to);
    }
  }
  return result;
}

/** RFC 7643 §2.4: `primary` that is true MUST appear no more than once, and false is as good as absent. */
function onePrimary(list: JsonValue | undefined): JsonValue | undefined {
  let seen = false;
  if (!Array.isArray(list)) return list;
  return list.map((element) => {
    if (!isJsonObject(element)) return element;
    const name = Object.keys(element).find((key) => key.toLowerCase() === "primary");
    if (name === undefined || typeof element[name] !== "boolean") return element;
    const { [name]: primary, ...rest } = element;
    if (primary !== true || seen) return rest;
    seen = true;
    return element;
  });
}

const changesOfStaff: fc.Arbitrary<Change> = fc
  .tuple(staff, staff)
  .map(([before, after]) => ({ model: Staff, before, after: reachable(Staff.attributes, before, after) }));

/** Paths have room for the URNs of RFC 8141 and no others. */
const models = arbitraryModel().filter(({ extensions }) =>
  extensions.every(({ model }) => /^[\w!$%&'()*+,./:;=?@~#-]+$/.test(model.schema.id)),
);

/** Whether all that is required is there when what is empty counts as unassigned. */
function isWhole(model: ResourceModel<Views>, resource: JsonObject): boolean {
  return check(model, "create", stateOfMembers(model.attributes, resource, { writable: true }), 1).length === 0;
}

const changesOfAnything: fc.Arbitrary<Change> = models.chain((model) =>
  fc
    .tuple(arbitraryValue(model, "create"), arbitraryValue(model, "create"))
    .map(([before, after]) => ({ model, before, after: reachable(model.attributes, before, after) })),
);

function state({ attributes }: ResourceModel<Views>, resource: JsonObject): JsonObject {
  const { schemas: _, ...rest } = stateOfMembers(attributes, resource, { writable: true });
  return rest;
}

function operationsOf({ model, before, after }: Change): readonly PatchOperation[] {
  return diff(model, before as never, after as never).operations;
}

/** The state that operations lead to; `undefined` when they cannot be applied. */
function reached({ model, before }: Change, operations: readonly PatchOperation[]): JsonObject | undefined {
  try {
    return state(model, applyPatch(model, before, operations));
  } catch (error) {
    if (error instanceof PatchError) return undefined;
    throw error;
  }
}

for (const [name, changes, numRuns] of [
  ["resources of one model with every characteristic", changesOfStaff, 400],
  ["resources of any model", changesOfAnything, 400],
] as const) {
  describe(name, () => {
    test("RFC 7644 §3.5.2: the difference, applied, gives the other resource", () => {
      fc.assert(
        fc.property(changes, (change) => {
          fc.pre(isWhole(change.model, change.before) && isWhole(change.model, change.after));
          const result = applyPatch(change.model, change.before, operationsOf(change));
          expect(state(change.model, result)).toEqual(state(change.model, change.after));
        }),
        { numRuns },
      );
    });

    test("RFC 7644 §3.5.2: the difference can be sent", () => {
      fc.assert(
        fc.property(changes, (change) => {
          fc.pre(isWhole(change.model, change.before) && isWhole(change.model, change.after));
          expect(checkOperations(change.model, operationsOf(change)).issues).toEqual([]);
        }),
        { numRuns },
      );
    });

    test("no operation is superfluous", () => {
      fc.assert(
        fc.property(changes, (change) => {
          fc.pre(isWhole(change.model, change.before) && isWhole(change.model, change.after));
          const operations = operationsOf(change);
          for (const [without, { op, path = "" }] of operations.entries()) {
            // What is removed so that it can be added anew is found again by some servers, among them this library.
            const list = path.slice(0, path.indexOf("["));
            if (op === "remove" && operations.some((other) => other.op === "add" && other.path === list)) continue;
            const rest = operations.filter((_, index) => index !== without);
            expect(reached(change, rest)).not.toEqual(state(change.model, change.after));
          }
        }),
        { numRuns: numRuns / 2 },
      );
    });

    test("no attribute is added to twice or replaced twice", () => {
      fc.assert(
        fc.property(changes, (change) => {
          fc.pre(isWhole(change.model, change.before) && isWhole(change.model, change.after));
          const done = operationsOf(change).flatMap(({ op, path = "" }) => {
            const { attributes } = resolveTarget(change.model, path, 0);
            return op === "remove" ? [] : [`${op} ${attributes.map((attribute) => attribute.name).join(" ")}`];
          });
          expect(new Set(done).size).toBe(done.length);
        }),
        { numRuns },
      );
    });

    test("a resource does not differ from itself", () => {
      fc.assert(
        fc.property(changes, ({ model, after }) => {
          expect(operationsOf({ model, before: after, after: structuredClone(after) })).toEqual([]);
        }),
        { numRuns: numRuns / 2 },
      );
    });
  });
}

const word = fc.constantFrom("a", "A", "b", "c", "d");
const contacts = fc.uniqueArray(
  fc.record({ value: word, type: word, primary: fc.boolean(), display: word }, { requiredKeys: ["value"] }),
  { selector: ({ value }) => value.toLowerCase(), maxLength: 4 },
);

test("RFC 7644 §3.5.1: where what is omitted is not asserted, the values are those wanted, with what they had", () => {
  fc.assert(
    fc.property(contacts, contacts, (before, after) => {
      const minimal = { schemas: [Staff.schema.id], id: "1", login: "kim", teams: [{ value: "red" }] };
      const [one, other] = [before, after].map((list) => ({ ...minimal, contacts: onePrimary(list) ?? [] }));
      const operations = diff(Staff, one as never, other as never, { omittedSubAttributes: "notAsserted" });
      const old = one?.contacts as JsonObject[];
      const wanted = other?.contacts as JsonObject[];
      const isRenewed = wanted.some(({ primary }) => primary === true);
      const want = wanted.map((next) => {
        const key = JSON.stringify(next["value"]).toLowerCase();
        const { primary, ...rest } = old.find(({ value }) => JSON.stringify(value).toLowerCase() === key) ?? {};
        return { ...rest, ...(isRenewed ? {} : { primary }), ...next };
      });
      expect(checkOperations(Staff, operations).issues).toEqual([]);
      const result = applyPatch(Staff, one as JsonObject, operations);
      expect(state(Staff, result)).toEqual(state(Staff, { ...minimal, contacts: want }));
    }),
    { numRuns: 400 },
  );
});

test("RFC 7644 §3.5.2: the naive applier, too, gets from one resource to the other", () => {
  fc.assert(
    fc.property(changesOfStaff, (change) => {
      fc.pre(isWhole(Staff, change.before) && isWhole(Staff, change.after));
      const result = naivePatch(Staff, change.before, operationsOf(change));
      expect(state(Staff, result)).toEqual(state(Staff, change.after));
    }),
    { numRuns: 400 },
  );
});
