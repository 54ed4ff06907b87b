import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Deviation, DeviationKind } from "../../src/deviation.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/json.ts";
import type { Attributes } from "../../src/schema/attribute.ts";
import { check } from "../../src/schema/check.ts";
import { CONTEXTS, presence, type Context } from "../../src/schema/context.ts";
import { normalise, normaliseAttribute } from "../../src/schema/normalise.ts";
import type { Repairs } from "../../src/schema/repairs.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import { arbitraryJson, arbitraryModel, arbitraryValue } from "./arbitraries.ts";

/** Deviations that are kept are found again. */
const KEPT: ReadonlySet<DeviationKind> = new Set([
  "unknownAttribute",
  "duplicateName",
  "dateTime",
  "returnedAlways",
  "repeatedPrimary",
]);

interface Case {
  readonly model: ResourceModel;
  readonly resource: JsonValue;
  readonly repairs: Repairs | undefined;
}

/** A model and something that is nearly a resource of it, frozen: names in any case, values of any type. */
function arbitraryCase(): fc.Arbitrary<Case> {
  return arbitraryModel().chain((model) =>
    fc.record({
      model: fc.constant(model),
      resource: arbitraryMembers(model, model.attributes).map(freeze),
      repairs: fc.option(
        fc.record({ flatNames: fc.boolean(), stringifiedJson: fc.subarray(pathsOf(model.attributes)) }),
        { nil: undefined },
      ),
    }),
  );
}

function arbitraryMembers(model: ResourceModel, attributes: Attributes): fc.Arbitrary<JsonObject> {
  const urns = [model.schema.id, ...model.extensions.map(({ model: extension }) => extension.schema.id)];
  const leaf = fc.oneof(
    fc.constantFrom<JsonValue>(null, true, "True", "fAlse", 0, 7, -1.5, 2 ** 53, "12", "1e3", "", "text", "null"),
    fc.constantFrom<JsonValue>("[]", "[null]", '{"Value":"1"}', '[{"value":null}]', "2008-01-23T04:56:22Z", [], {}),
    fc.constantFrom(...urns, ...urns.map((urn) => urn.toUpperCase())),
  );
  const known = [...attributes].map(({ name, subAttributes }): fc.Arbitrary<[string, JsonValue]> => {
    const inner =
      subAttributes === undefined ? leaf : fc.oneof(leaf, arbitraryMembers(model, subAttributes), fc.constant({}));
    const value = fc.oneof(
      inner,
      fc.array(fc.oneof(inner, fc.array(inner, { maxLength: 2 })), { maxLength: 3 }) as fc.Arbitrary<JsonValue>,
    );
    return fc.tuple(anyCase(name), value);
  });
  const flat = pathsOf(model.attributes).filter((path) => path.includes(".") || path.includes(":"));
  const other = fc.tuple(
    fc.constantFrom("__proto__", "constructor", "urn:example:other", "colour", "a.b", ...flat),
    fc.oneof(leaf, fc.constant<JsonValue>({ Value: null })),
  );
  return fc
    .tuple(...known.map((member) => fc.array(member, { maxLength: 2 })), fc.array(other, { maxLength: 3 }))
    .chain((members) => fc.shuffledSubarray(members.flat()))
    .map((members): JsonObject => Object.fromEntries(members));
}

function anyCase(name: string): fc.Arbitrary<string> {
  return fc.constantFrom(name, name, name, upperCase(name), name.toLowerCase());
}

function pathsOf(attributes: Attributes): string[] {
  return [...attributes].flatMap(({ name, subAttributes, extension }) =>
    [...(subAttributes ?? [])].reduce<string[]>(
      (paths, inner) => [...paths, `${name}${extension ? ":" : "."}${inner.name}`],
      [name],
    ),
  );
}

/** In ASCII, where case is a matter of one letter. */
function upperCase(name: string): string {
  return name.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  }
  return value;
}

function run(
  { model, repairs }: Case,
  context: Context,
  value: JsonValue,
): { value: JsonValue; found: readonly Deviation[] } {
  const found: Deviation[] = [];
  return { value: normalise(model, context, value, (deviation) => found.push(deviation), repairs), found };
}

/** Every member that the model defines, in whatever case, as far as there are arrays where arrays belong. */
function* membersOf(
  attributes: Attributes,
  value: JsonObject,
  extension: boolean,
): Generator<{
  name: string;
  attribute: NonNullable<ReturnType<Attributes["get"]>>;
  value: JsonValue;
  extension: boolean;
}> {
  for (const [name, member] of Object.entries(value)) {
    const attribute = attributes.get(name);
    if (attribute === undefined || member === undefined) continue;
    yield { name, attribute, value: member, extension };
    if (attribute.subAttributes === undefined || attribute.name !== name) continue;
    if (Array.isArray(member) !== attribute.multiValued) continue;
    for (const element of Array.isArray(member) ? member : [member]) {
      if (isJsonObject(element))
        yield* membersOf(attribute.subAttributes, element, extension || attribute.extension);
    }
  }
}

describe("the normaliser, for any model and anything that is nearly a resource of it", () => {
  test("never changes what it is given, and finds nothing more to change in what it gives", () => {
    fc.assert(
      fc.property(arbitraryCase(), fc.constantFrom(...CONTEXTS), (given, context) => {
        const once = run(given, context, given.resource);
        const twice = run(given, context, freeze(once.value));
        expect(twice.value).toBe(once.value);
        expect(twice.found.filter(({ kind }) => !KEPT.has(kind))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("gives the same with a report and without", () => {
    fc.assert(
      fc.property(arbitraryCase(), (given) => {
        const silent = normalise(given.model, "response", given.resource, undefined, given.repairs);
        expect(JSON.stringify(silent)).toBe(JSON.stringify(run(given, "response", given.resource).value));
      }),
      { numRuns: 200 },
    );
  });

  test("RFC 7643 §7 and §2.5: what has no place in a context is gone, and so is null in answers", () => {
    fc.assert(
      fc.property(arbitraryCase(), fc.constantFrom(...CONTEXTS), (given, context) => {
        const { value } = run(given, context, given.resource);
        if (!isJsonObject(value)) return;
        for (const member of membersOf(given.model.attributes, value, false)) {
          expect(presence(member.attribute, context)).not.toBe("dropped");
          expect(context === "response" && !member.extension && member.value === null).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("reports every change of an answer but the removal of null", () => {
    fc.assert(
      fc.property(arbitraryCase(), (given) => {
        const { value, found } = run(given, "response", given.resource);
        if (found.some(({ kind }) => !KEPT.has(kind))) return;
        expect(JSON.stringify(withoutNull(value))).toBe(JSON.stringify(withoutNull(given.resource)));
      }),
      { numRuns: 200 },
    );
  });

  test("RFC 7644 §3.5.2: gives the value of one attribute the form that it has in the resource", () => {
    fc.assert(
      fc.property(arbitraryCase(), (given) => {
        for (const attribute of given.model.attributes) {
          const value = isJsonObject(given.resource) ? (given.resource[attribute.name] ?? null) : null;
          const whole = normalise(given.model, "patch", { [attribute.name]: value });
          expect({ [attribute.name]: normaliseAttribute(attribute, "patch", value) }).toEqual(whole);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("takes any JSON", () => {
    const anything = arbitraryModel().chain((model) =>
      fc.tuple(fc.constant(model), arbitraryJson(model).map(freeze)),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom(...CONTEXTS), ([model, value], context) => {
        const once = run({ model, resource: value, repairs: undefined }, context, value);
        expect(normalise(model, context, once.value)).toBe(once.value);
      }),
    );
  });

  test("leaves valid what is valid, and makes valid what is valid but for its names", () => {
    const valid = fc
      .record({ model: arbitraryModel(), context: fc.constantFrom(...CONTEXTS) })
      .chain(({ model, context }) =>
        fc.record({
          model: fc.constant(model),
          context: fc.constant(context),
          value: arbitraryValue(model, context).map(freeze),
          shout: fc.boolean(),
        }),
      );
    fc.assert(
      fc.property(valid, ({ model, context, value, shout }) => {
        const members = Object.entries(value).map(([name, member]) => [
          shout && model.attributes.get(name) !== undefined ? upperCase(name) : name,
          member,
        ]);
        const given = Object.fromEntries(members) as JsonObject;
        expect(check(model, context, normalise(model, context, given))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

function withoutNull(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.filter((element) => element !== null).map(withoutNull);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNull(member ?? null)]));
}
