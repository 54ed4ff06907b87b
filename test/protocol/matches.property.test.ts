import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/json.ts";
import { formatFilter, type Filter } from "../../src/protocol/filter.ts";
import { parseFilter } from "../../src/protocol/filter-parser.ts";
import { compileMatcher, matches } from "../../src/protocol/matches.ts";
import { filters } from "./arbitrary-filter.ts";
import { evaluate, type Tree } from "./naive-evaluator.ts";
import { PLACE, Sensor, SENSOR } from "./sample-model.ts";

const OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
const ALMOST_URN = "urn:example:other:1.0:Sensor";

const texts = fc.constantFrom("a", "A", "ab", "AB", "aB", "b", "", "Straße", "STRASSE", "ß", "İ", "i", "1", "true");
const dates = fc.constantFrom(
  "2024-02-29T23:30:00Z",
  "2024-03-01T00:30:00+01:00",
  "2024-02-29T23:30:00.000Z",
  "2024-02-29t23:30:00.5z",
  "2024-02-29T23:30:00.500000001Z",
  "2024-02-29T22:30:00.50-01:00",
  "2023-12-31T23:59:59-12:00",
  "0050-01-01T00:00:00Z",
  "2023-02-29T00:00:00Z",
  "2024-02-29",
  "soon",
);
const numbers = fc.constantFrom(-1, 0, 1, 2, 2.5, 10);
const binary = fc.constantFrom("QUJD", "qujd", "QQ==");
const operands = fc.oneof(texts, dates, numbers, binary, fc.boolean(), fc.constant(null));

/** Attribute paths that make sense, and some that do not, in cases that do not matter. */
const topLevel = [
  ..."id schemas label code active count level seen key link tags marks times maker owner ports spots".split(" "),
  ..."meta.created meta.resourceType maker.name maker.site maker.since owner.value owner.display".split(" "),
  ..."ports.value ports.type ports.number ports.primary ports.opened ports.names spots.x spots.y".split(" "),
  ..."tags.value times.value label.value marks.other unknown unknown.value unknown.deep meta maker.unknown".split(
    " ",
  ),
  `${SENSOR}:label`,
  `${SENSOR}:ports.type`,
  SENSOR,
  PLACE,
  `${PLACE}:room`,
  `${PLACE}:floor`,
  `${PLACE}:doors`,
  `${PLACE}:doors.value`,
  `${PLACE}:unknown`,
  ALMOST_URN,
  `${ALMOST_URN}:room`,
  `${ALMOST_URN}:room.value`,
];
const inBrackets = {
  ports: ["value", "type", "number", "primary", "opened", "names", "unknown"],
  spots: ["x", "y", "value"],
  tags: ["value", "other"],
  times: ["value"],
  maker: ["name", "since", "site"],
  owner: ["value", "display"],
  [`${PLACE}:doors`]: ["value", "unknown"],
  unknown: ["value", "deep"],
  label: ["value"],
};
const cased = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(text, text, text.toUpperCase(), text.toLowerCase());

function conditions(paths: readonly string[]): fc.Arbitrary<string> {
  const path = fc.constantFrom(...paths).chain(cased);
  return fc.oneof(
    { weight: 1, arbitrary: path.map((name) => `${name} pr`) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(path, fc.constantFrom(...OPERATORS), operands)
        .map(([name, operator, operand]) => `${name} ${operator} ${JSON.stringify(operand)}`),
    },
  );
}

function logic(leaf: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 1, arbitrary: leaf.map((text) => `not (${text})`) },
    { weight: 1, arbitrary: fc.tuple(leaf, leaf).map(([one, other]) => `(${one} and ${other})`) },
    { weight: 1, arbitrary: fc.tuple(leaf, leaf).map(([one, other]) => `not (${one} or ${other})`) },
  );
}

const valuePaths = fc
  .constantFrom(...Object.entries(inBrackets))
  .chain(([name, inner]) => fc.tuple(cased(name), logic(conditions(inner))))
  .map(([name, inner]) => `${name}[${inner}]`);
const sensible: fc.Arbitrary<Filter> = logic(
  fc.oneof({ weight: 2, arbitrary: conditions(topLevel) }, { weight: 1, arbitrary: valuePaths }),
).map((text) => parseFilter(text));

/** Values of the right type, mostly; one or several, whichever the schema says, mostly. */
const anything = fc.oneof(operands, fc.constant({}), fc.constant([]), fc.array(operands, { maxLength: 2 }));
const usually = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 8, arbitrary: right },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: anything },
  );
const several = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: fc.array(usually(right), { maxLength: 3 }) }, { weight: 1, arbitrary: right });

function object(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JsonObject> {
  const record = fc.record(members, { requiredKeys: [], noNullPrototype: true });
  return fc.tuple(record, fc.nat(9)).map(([value, change]) => {
    const keys = Object.entries(value).map(([key, part], at) => [at === change ? key.toUpperCase() : key, part]);
    return Object.fromEntries(keys) as JsonObject;
  });
}

const port = object({
  value: usually(texts),
  type: usually(texts),
  number: usually(numbers),
  primary: usually(fc.boolean()),
  opened: usually(dates),
  names: several(texts),
});
const sensors = object({
  id: texts,
  schemas: fc.constant([SENSOR]),
  label: usually(texts),
  code: usually(texts),
  active: usually(fc.boolean()),
  count: usually(numbers),
  level: usually(numbers),
  seen: usually(dates),
  key: usually(binary),
  link: usually(texts),
  tags: several(texts),
  marks: several(numbers),
  times: several(dates),
  maker: usually(object({ name: usually(texts), site: usually(texts), since: usually(dates) })),
  owner: usually(object({ value: usually(texts), display: usually(texts) })),
  ports: several(port),
  spots: several(object({ x: usually(numbers), y: usually(numbers) })),
  meta: usually(object({ created: usually(dates), resourceType: usually(texts) })),
  unknown: usually(object({ value: usually(texts), deep: several(texts) })),
  [PLACE]: usually(
    object({ room: usually(texts), floor: usually(numbers), doors: several(object({ value: texts })) }),
  ),
  [ALMOST_URN]: usually(object({ room: usually(texts) })),
});

const SCHEMAS = [Sensor.schema, ...Sensor.extensions.map(({ model }) => model.schema)] as const;

function naively(filter: Filter, resource: unknown): boolean {
  const [core, ...extensions] = SCHEMAS;
  if (core === undefined) throw new Error("no schema");
  return evaluate(JSON.parse(JSON.stringify(filter)) as Tree, resource, [core, ...extensions]);
}

describe("RFC 7644 §3.4.2.2, read twice", () => {
  test("both readings say the same of any sensor and any filter", () => {
    const verdicts = { true: 0, false: 0 };
    fc.assert(
      fc.property(sensible, sensors, (filter, sensor) => {
        const want = naively(filter, sensor);
        verdicts[`${want}`] += 1;
        expect(matches(Sensor, filter, sensor), `${formatFilter(filter)} of ${JSON.stringify(sensor)}`).toBe(want);
      }),
      { numRuns: 10_000 },
    );
    expect(Math.min(verdicts.true, verdicts.false)).toBeGreaterThan(1000);
  }, 60_000);

  test("and of filters that have nothing to do with it", () => {
    fc.assert(
      fc.property(
        filters,
        fc.oneof(
          sensors,
          fc.json().map((text) => JSON.parse(text) as unknown),
        ),
        (filter, resource) => {
          expect(matches(Sensor, filter, resource)).toBe(naively(filter, resource));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("laws", () => {
  test("the resource is not changed, and text says what its tree says", () => {
    fc.assert(
      fc.property(sensible, sensors, (filter, sensor) => {
        const before = JSON.stringify(sensor);
        expect(matches(Sensor, formatFilter(filter), sensor)).toBe(matches(Sensor, filter, sensor));
        expect(JSON.stringify(sensor)).toBe(before);
      }),
    );
  });

  test("a sub-attribute's condition alone is the same with and without brackets, where there are values", () => {
    fc.assert(
      fc.property(conditions(inBrackets.ports), sensors, (text, sensor) => {
        fc.pre(
          Array.isArray(sensor["ports"]) &&
            sensor["ports"].some((value) => value !== null && !Array.isArray(value)),
        );
        fc.pre(!text.toLowerCase().startsWith("names"));
        const inside = compileMatcher(Sensor, parseFilter(`ports[${text}]`));
        const outside = compileMatcher(Sensor, parseFilter(`ports.${text}`));
        expect(inside(sensor)).toBe(outside(sensor));
      }),
      { numRuns: 1000 },
    );
  });

  test("whatever the resource, there is an answer", () => {
    fc.assert(
      fc.property(
        fc.oneof(filters, sensible),
        fc.anything({ withNullPrototype: true, withDate: true }),
        (filter, resource) => {
          expect(typeof matches(Sensor, filter, resource)).toBe("boolean");
        },
      ),
      { numRuns: 1000 },
    );
  });
});
