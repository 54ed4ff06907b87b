import fc from "fast-check";
import {
  allOf,
  anyOf,
  Comparison,
  depthOf,
  FILTER_BOUNDS,
  Negation,
  Present,
  ValuePath,
  type Filter,
  type FilterValue,
} from "../../src/protocol/filter.ts";
import type { AttributePath } from "../../src/schema/attribute-path.ts";

const PLAIN = { noNullPrototype: true } as const;

const name = fc.oneof(
  fc.constantFrom("userName", "emails", "$ref", "not", "and", "or", "pr", "eq", "true", "a-b_c$1"),
  fc.stringMatching(/^[A-Za-z][\w$-]{0,8}$/).filter((text) => !["constructor", "prototype"].includes(text)),
);
const schema = fc.constantFrom(
  "urn:ietf:params:scim:schemas:core:2.0:User",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  "urn:example:a.b:c",
);

export const attributePaths: fc.Arbitrary<AttributePath> = fc.oneof(
  fc.record({ attribute: name, subAttributes: fc.array(name, { maxLength: 2 }) }, PLAIN),
  fc.record({ schema, attribute: name, subAttributes: fc.array(name, { maxLength: 1 }) }, PLAIN),
  fc.constant({ schema: "urn:example:ext:1.0", attribute: "", subAttributes: [] }),
);
const relativePaths = fc.record({ attribute: name, subAttributes: fc.constant([]) }, PLAIN);

const values = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\\", '"', "\n", "\0", "\ud800", "\udc00", "é", " and ", "]", ")", "/") }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const operators = fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le" as const);

function conditions(
  paths: fc.Arbitrary<AttributePath>,
  operands: fc.Arbitrary<FilterValue>,
): fc.Arbitrary<Comparison | Present> {
  return fc.oneof(
    fc.tuple(operators, paths, operands).map(([op, path, value]) => new Comparison(op, path, value)),
    paths.map((path) => new Present(path)),
  );
}

function logic(leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc
    .letrec<{ filter: Filter }>((tie) => ({
      filter: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        fc.array(tie("filter"), { minLength: 1, maxLength: 4 }).map(allOf),
        fc.array(tie("filter"), { minLength: 1, maxLength: 4 }).map(anyOf),
        tie("filter").map((filter) => new Negation(filter)),
      ),
    }))
    .filter.filter((filter) => depthOf(filter) < FILTER_BOUNDS.depth);
}

/** Filters with these paths and values. */
export function filtersOf(
  paths: fc.Arbitrary<AttributePath>,
  relative: fc.Arbitrary<AttributePath>,
  operands: fc.Arbitrary<FilterValue>,
): fc.Arbitrary<Filter> {
  const valuePath = fc
    .tuple(paths, logic(conditions(relative, operands)))
    .map(([path, inner]) => new ValuePath(path, inner));
  return logic(
    fc.oneof({ weight: 3, arbitrary: conditions(paths, operands) }, { weight: 1, arbitrary: valuePath }),
  ).filter((filter) => depthOf(filter) <= FILTER_BOUNDS.depth);
}

/** What may stand between brackets. */
export const valueFilters: fc.Arbitrary<Filter> = logic(conditions(relativePaths, values));

/** Any filter of the grammar. */
export const filters: fc.Arbitrary<Filter> = filtersOf(attributePaths, relativePaths, values);

/** What Entra's dialect has after the brackets. */
export const valueConditions: fc.Arbitrary<Comparison | Present> = conditions(relativePaths, values);

/** Text that is nearly a filter or a path. */
export const nearlyFilters: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'( ) [ ] . : " \\ not not( and or pr eq co gt userName emails type urn:a:b: $ref'.split(" "),
      ),
      fc.constantFrom(" ", " ", "\t", "\0", "\u00e9", '"x"', '"\\u12', "-", "1", "1e", "true", "null", "a pr"),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 24 },
  )
  .map((words) => words.join(""));
