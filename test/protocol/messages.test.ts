import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../src/json.ts";
import { ERROR, hasSchema, isScimError, LIST_RESPONSE, member, readError } from "../../src/protocol/messages.ts";

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
