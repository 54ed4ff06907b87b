import { describe, expect, test } from "vitest";
import type { QueryOptions } from "../../src/client/options.ts";
import { checkQuery } from "../../src/client/query-check.ts";
import { RequestPayloadValidationError, type Issue } from "../../src/errors.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { ENTERPRISE, USER } from "./replay.ts";

const Enterprise = User.with(EnterpriseUser);

function issuesOf(call: () => void): readonly Issue[] {
  try {
    call();
  } catch (error) {
    if (error instanceof RequestPayloadValidationError) return error.issues;
    throw error;
  }
  return [];
}

describe("RFC 7644 §3.10: a query names attributes that some model has", () => {
  const GOOD: ReadonlyArray<{ title: string; given: QueryOptions }> = [
    { title: "nothing", given: {} },
    { title: "no attributes left out", given: { excludedAttributes: [] } },
    { title: "a cursor, also an empty one", given: { cursor: "", count: 1 } },
    {
      title: "attributes and sub-attributes",
      given: { attributes: ["userName", "name.familyName", "emails.value"] },
    },
    { title: "common attributes", given: { attributes: ["id", "schemas", "externalId", "meta.lastModified"] } },
    { title: "names in any case", given: { attributes: ["USERNAME"], sortBy: "Name.FamilyName" } },
    {
      title: "names after the URN of their schema",
      given: { excludedAttributes: [`${USER}:emails`, `${ENTERPRISE}:manager.value`] },
    },
    { title: "an extension as a whole", given: { excludedAttributes: [ENTERPRISE] } },
    { title: "numbers from 0", given: { startIndex: 0, count: 0 } },
    {
      title: "undefined throughout",
      given: { attributes: undefined, count: undefined, sortBy: undefined },
    },
  ];
  for (const { title, given } of GOOD) {
    test(`good: ${title}`, () => {
      expect(issuesOf(() => checkQuery([Enterprise], given))).toEqual([]);
    });
  }

  const BAD: ReadonlyArray<{ title: string; given: QueryOptions; want: readonly [string, string][] }> = [
    {
      title: "attributes",
      given: { attributes: ["userName", "members", "name.first"] },
      want: [
        ["members", 'attributes names "members", which User does not have'],
        ["name.first", 'attributes names "name.first", which User does not have'],
      ],
    },
    {
      title: "excludedAttributes",
      given: { excludedAttributes: [`${ENTERPRISE}:nosuch`] },
      want: [[`${ENTERPRISE}:nosuch`, `excludedAttributes names "${ENTERPRISE}:nosuch", which User does not have`]],
    },
    {
      title: "sortBy",
      given: { sortBy: "displayname." },
      want: [
        ["displayname.", 'sortBy names "displayname.", which User does not have; perhaps "displayName" is meant'],
      ],
    },
    {
      title: "a name that is nearly right, one of an extension without its URN, and a sub-attribute",
      given: { attributes: ["userNam", "department", "emails.valeu"] },
      want: [
        ["userNam", 'attributes names "userNam", which User does not have; perhaps "userName" is meant'],
        [
          "department",
          `attributes names "department", which User does not have; perhaps "${ENTERPRISE}:department" is meant`,
        ],
        [
          "emails.valeu",
          'attributes names "emails.valeu", which User does not have; perhaps "emails.value" is meant',
        ],
      ],
    },
    {
      title: "empty names",
      given: { attributes: [""] },
      want: [["", 'attributes names "", which User does not have']],
    },
    {
      title: "what is no name",
      given: { attributes: [7 as never] },
      want: [["(no name)", 'attributes names "(no name)", which User does not have']],
    },
    {
      title: "names that do not print",
      given: { attributes: [`a\n${"x".repeat(1000)}`] },
      want: [[`a?${"x".repeat(254)}…`, `attributes names "a?${"x".repeat(254)}…", which User does not have`]],
    },
  ];
  for (const { title, given, want } of BAD) {
    test(`bad: ${title}`, () => {
      const issues = issuesOf(() => checkQuery([Enterprise], given));
      expect(issues).toHaveLength(want.length);
      for (const [index, [path, message]] of want.entries()) {
        expect(issues[index]).toEqual({
          path,
          rule: "unknown",
          message: `${message} (RFC 7644 §3.10)`,
          section: "RFC 7644 §3.10",
        });
      }
    });
  }

  test("of several models it is enough that one has it", () => {
    expect(issuesOf(() => checkQuery([User, Group], { attributes: ["members", "userName"] }))).toEqual([]);
    expect(issuesOf(() => checkQuery([User, Group], { sortBy: "department" }))).toMatchObject([
      { message: 'sortBy names "department", which User and Group do not have (RFC 7644 §3.10)' },
    ]);
  });

  test("where no model is known, nothing is", () => {
    expect(issuesOf(() => checkQuery([], { attributes: ["anything"] }))).toEqual([]);
  });

  test("issues of the filter come after these, and an error is not a list of ten thousand", () => {
    const ofTheFilter: Issue = { path: "x", rule: "type", message: "m", section: "s" };
    expect(issuesOf(() => checkQuery([User], { sortBy: "nosuch" }, [ofTheFilter])).at(-1)).toBe(ofTheFilter);
    const attributes = Array.from({ length: 10_000 }, (_, at) => `a${at}`);
    expect(issuesOf(() => checkQuery([User], { attributes }))).toHaveLength(20);
  });
});

describe("what makes no sense is a TypeError", () => {
  const WRONG: ReadonlyArray<{ given: object; want: RegExp }> = [
    { given: { attributes: [], excludedAttributes: [] }, want: /exclude each other \(RFC 7644 §3\.9\)/ },
    { given: { attributes: [] }, want: /"attributes" must name an attribute; .* \(RFC 7644 §3\.9\)/ },
    { given: { cursor: 7 }, want: /cursor must be a string \(RFC 9865 §2\)/ },
    { given: { cursor: null }, want: /cursor must be a string/ },
    { given: { cursor: "a", startIndex: 1 }, want: /at a startIndex or at a cursor, not at both \(RFC 9865 §2\)/ },
    { given: { attributes: "userName" }, want: /"attributes" must be a list/ },
    { given: { excludedAttributes: new Set(["name"]) }, want: /"excludedAttributes" must be a list/ },
    { given: { count: -1 }, want: /count must be a whole number/ },
    { given: { count: 1.5 }, want: /count must be a whole number/ },
    { given: { count: "10" }, want: /count must be a whole number/ },
    { given: { count: Number.NaN }, want: /count must be a whole number/ },
    { given: { sortOrder: "asc" }, want: /sortOrder must be "ascending" or "descending" \(RFC 7644 §3\.4\.2\.3\)/ },
    { given: { sortOrder: true }, want: /sortOrder must be "ascending" or "descending"/ },
    { given: { startIndex: Infinity }, want: /startIndex must be a whole number/ },
    { given: { startIndex: null }, want: /startIndex must be a whole number/ },
  ];
  for (const { given, want } of WRONG) {
    test(JSON.stringify(given), () => {
      expect(() => checkQuery([User], given)).toThrow(TypeError);
      expect(() => checkQuery([User], given)).toThrow(want);
    });
  }
});
