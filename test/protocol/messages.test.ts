import { describe, expect, test } from "vitest";
import type { Deviation } from "../../src/deviation.ts";
import type { JsonValue } from "../../src/json.ts";
import {
  ERROR,
  hasSchema,
  isScimError,
  LIST_RESPONSE,
  member,
  readError,
  readList,
} from "../../src/protocol/messages.ts";

describe("RFC 7644 §3.12: errors are returned in a JSON response with the Error schema", () => {
  const cases: { title: string; given: JsonValue | undefined; status: number; want: unknown }[] = [
    {
      title: "as the RFC spells it",
      given: { schemas: [ERROR], status: "409", scimType: "uniqueness", detail: "taken" },
      status: 409,
      want: { schemas: [ERROR], status: "409", scimType: "uniqueness", detail: "taken" },
    },
    {
      title: "status as a number, URN and names in other case, a second schema",
      given: { Schemas: ["urn:x:y", ERROR.toUpperCase()], Status: 409, ScimType: "uniqueness" },
      status: 409,
      want: { schemas: [ERROR], status: "409", scimType: "uniqueness" },
    },
    {
      title: "the HTTP status wins",
      given: { schemas: [ERROR], status: "200" },
      status: 500,
      want: { schemas: [ERROR], status: "500" },
    },
    {
      title: "in a success the message's own status counts",
      given: { schemas: [ERROR], status: "404", detail: "none" },
      status: 200,
      want: { schemas: [ERROR], status: "404", detail: "none" },
    },
    {
      title: "without schemas, from 400 on, a detail will do",
      given: { detail: "no", status: "400" },
      status: 400,
      want: { schemas: [ERROR], status: "400", detail: "no" },
    },
    {
      title: "in a success a detail is an attribute like any other",
      given: { detail: "no" },
      status: 200,
      want: undefined,
    },
    { title: "gateway JSON is no SCIM Error", given: { message: "Not Found" }, status: 404, want: undefined },
    {
      title: "members of odd types are left out",
      given: { schemas: [ERROR], detail: 3, scimType: {} },
      status: 400,
      want: { schemas: [ERROR], status: "400" },
    },
    { title: "an array is none", given: [ERROR], status: 400, want: undefined },
    { title: "no body is none", given: undefined, status: 400, want: undefined },
  ];
  for (const { title, given, status, want } of cases) {
    test(title, () => {
      expect(readError(given, status)).toEqual(want);
    });
  }
});

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

describe("RFC 7643 §2.1: attribute names are case insensitive", () => {
  test("the exact spelling wins over another", () => {
    expect(member({ RESOURCES: 1, Resources: 2 }, "Resources")).toBe(2);
    expect(member({ RESOURCES: 1 }, "Resources")).toBe(1);
    expect(member({}, "constructor")).toBeUndefined();
  });

  test("schemas may be a lone string", () => {
    expect(hasSchema({ schemas: LIST_RESPONSE }, LIST_RESPONSE)).toBe(true);
    expect(hasSchema({ schemas: 3 }, LIST_RESPONSE)).toBe(false);
  });
});

describe("RFC 7644 §3.12: an Error message is told by its schema and its status, which is text", () => {
  const cases: { title: string; given: unknown; want: boolean }[] = [
    { title: "one", given: { schemas: [ERROR], status: "404" }, want: true },
    { title: "one that says more", given: { schemas: [ERROR], status: "409", scimType: "uniqueness" }, want: true },
    { title: "what readError understood", given: readError({ Status: 404, detail: "gone" }, 404), want: true },
    { title: "a resource", given: { schemas: [LIST_RESPONSE], id: "1", status: "404" }, want: false },
    { title: "a status that is a number", given: { schemas: [ERROR], status: 404 }, want: false },
    { title: "a second schema", given: { schemas: [ERROR, LIST_RESPONSE], status: "404" }, want: false },
    { title: "no schemas", given: { status: "404" }, want: false },
    { title: "an array", given: [{ schemas: [ERROR], status: "404" }], want: false },
    { title: "nothing, as delete gives it", given: undefined, want: false },
    { title: "null", given: null, want: false },
  ];
  for (const { title, given, want } of cases) {
    test(`${title}: ${want}`, () => {
      expect(isScimError(given)).toBe(want);
    });
  }
});
