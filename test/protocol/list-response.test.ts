import { describe, expect, test } from "vitest";
import type { Deviation } from "../../src/deviation.ts";
import type { JsonValue } from "../../src/json.ts";
import { readList } from "../../src/protocol/list-response.ts";
import { LIST_RESPONSE } from "../../src/protocol/messages.ts";

describe("RFC 7644 §3.4.2: responses MUST be identified using the ListResponse URI", () => {
  const one = { id: "1" };
  const cases: { title: string; given: JsonValue | undefined; want: unknown; deviations?: string[] }[] = [
    {
      title: "as the RFC spells it",
      given: { schemas: [LIST_RESPONSE], totalResults: 1, itemsPerPage: 1, startIndex: 1, Resources: [one] },
      want: { schemas: [LIST_RESPONSE], totalResults: 1, itemsPerPage: 1, startIndex: 1, Resources: [one] },
    },
    {
      title: "Resources is left out when nothing matched",
      given: { schemas: [LIST_RESPONSE], totalResults: 0 },
      want: { schemas: [LIST_RESPONSE], totalResults: 0, Resources: [] },
    },
    {
      title: "Resources is null",
      given: { schemas: [LIST_RESPONSE], totalResults: 0, Resources: null },
      want: { schemas: [LIST_RESPONSE], totalResults: 0, Resources: [] },
    },
    {
      title: "a cursor in place of totals (RFC 9865 §2)",
      given: { schemas: [LIST_RESPONSE], nextCursor: "b", previousCursor: "a", Resources: [one] },
      want: { schemas: [LIST_RESPONSE], nextCursor: "b", previousCursor: "a", Resources: [one] },
    },
    {
      title: "an empty nextCursor is none",
      given: { schemas: [LIST_RESPONSE], nextCursor: "", Resources: [] },
      want: { schemas: [LIST_RESPONSE], Resources: [] },
    },
    {
      title: "a bare array",
      given: [one],
      want: { schemas: [LIST_RESPONSE], Resources: [one] },
      deviations: ["envelope"],
    },
    {
      title: "names in other case, numbers as text",
      given: { schemas: [LIST_RESPONSE], TotalResults: "1", resources: [one] },
      want: { schemas: [LIST_RESPONSE], totalResults: 1, Resources: [one] },
      deviations: ["envelope"],
    },
    {
      title: "no schemas",
      given: { totalResults: 1, Resources: [one] },
      want: { schemas: [LIST_RESPONSE], totalResults: 1, Resources: [one] },
      deviations: ["envelope"],
    },
    {
      title: "a lone resource in Resources",
      given: { schemas: [LIST_RESPONSE], Resources: one },
      want: { schemas: [LIST_RESPONSE], Resources: [one] },
      deviations: ["envelope"],
    },
    {
      title: "a total below what came",
      given: { schemas: [LIST_RESPONSE], totalResults: 0, Resources: [one] },
      want: { schemas: [LIST_RESPONSE], totalResults: 0, Resources: [one] },
      deviations: ["totalResults"],
    },
    {
      title: "a total below the position of what came",
      given: { schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 1000, Resources: [one] },
      want: { schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 1000, Resources: [one] },
      deviations: ["totalResults"],
    },
    {
      title: "a last page that ends at the total",
      given: { schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 3, Resources: [one] },
      want: { schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 3, Resources: [one] },
    },
    {
      title: "nothing behind the last one",
      given: { schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 1000, Resources: [] },
      want: { schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 1000, Resources: [] },
    },
    {
      title: "a negative total is none",
      given: { schemas: [LIST_RESPONSE], totalResults: -1 },
      want: { schemas: [LIST_RESPONSE], Resources: [] },
    },
    { title: "Resources as text is no list", given: { schemas: [LIST_RESPONSE], Resources: "x" }, want: undefined },
    { title: "a resource is no list", given: { id: "1", schemas: ["urn:x:y"] }, want: undefined },
    { title: "text is no list", given: "list", want: undefined },
  ];
  for (const { title, given, want, deviations = [] } of cases) {
    test(title, () => {
      const seen: Deviation[] = [];
      expect(readList(given, (deviation) => seen.push(deviation))).toEqual(want);
      expect(seen.map(({ kind }) => kind)).toEqual(deviations);
    });
  }
});
