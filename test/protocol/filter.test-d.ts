import { expectTypeOf, test } from "vitest";
import type { Comparison, Filter, ValuePath } from "../../src/protocol/filter.ts";
import { filter, parseFilter } from "../../src/protocol/filter-parser.ts";
import { parsePath, path, type Path } from "../../src/protocol/path.ts";

test("filters and paths are two types, and nothing else is either", () => {
  expectTypeOf(parseFilter("a pr")).toEqualTypeOf<Filter>();
  expectTypeOf(filter`a eq ${1}`).toEqualTypeOf<Filter>();
  expectTypeOf(parsePath("a")).toEqualTypeOf<Path>();
  expectTypeOf(path`a[b eq ${1}]`).toEqualTypeOf<Path>();
  expectTypeOf<Path>().not.toExtend<Filter>();
  expectTypeOf<Filter>().not.toExtend<Path>();
  expectTypeOf<{ op: "pr"; path: { attribute: string; subAttributes: string[] } }>().not.toExtend<Filter>();
});

test("op says which filter it is", () => {
  const given: Filter = parseFilter("a eq 1");
  if (given.op === "valuePath") expectTypeOf(given).toEqualTypeOf<ValuePath>();
  if (given.op === "eq") expectTypeOf(given).toEqualTypeOf<Comparison>();
  // @ts-expect-error a filter is immutable
  given.op = "eq";
});

test("a template takes literals, dates and filters", () => {
  expectTypeOf(
    filter`a eq ${"b"} and c ne ${null} and d lt ${new Date()} and ${parseFilter("e pr")}`,
  ).toExtend<Filter>();
  // @ts-expect-error undefined is no literal
  expectTypeOf(filter`a eq ${undefined}`).toExtend<Filter>();
  // @ts-expect-error a path is no filter
  expectTypeOf(filter`${parsePath("a")}`).toExtend<Filter>();
  // @ts-expect-error an array is no literal
  expectTypeOf(filter`a eq ${["b"]}`).toExtend<Filter>();
});
