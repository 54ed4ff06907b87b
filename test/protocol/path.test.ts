import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SCIMSyntaxError } from "../../src/errors.ts";
import { filter, parseFilter } from "../../src/protocol/filter-parser.ts";
import { parsePath, path, Path } from "../../src/protocol/path.ts";
import { isURN } from "../../src/schema/attribute-path.ts";
import { attributePaths, nearlyFilters, valueFilters } from "./arbitrary-filter.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

describe("RFC 7644 §3.5.2, figure 7: the forms of a path", () => {
  const table = [
    { given: "members", attribute: "members", sub: [] },
    { given: "name.familyName", attribute: "name", sub: ["familyName"] },
    { given: 'addresses[type eq "work"]', attribute: "addresses", sub: [], filter: 'type eq "work"' },
    { given: 'members[value eq "26118915"]', attribute: "members", sub: [], filter: 'value eq "26118915"' },
    {
      given: 'members[value eq "26118915"].display',
      attribute: "members",
      sub: [],
      filter: 'value eq "26118915"',
      after: ["display"],
    },
    {
      given: 'Emails[TYPE Eq "work" AND not(primary eq true)].VALUE',
      attribute: "Emails",
      sub: [],
      filter: 'TYPE eq "work" and not (primary eq true)',
      after: ["VALUE"],
    },
    { given: "members.$ref", attribute: "members", sub: ["$ref"] },
    { given: `${ENTERPRISE}:department`, schema: ENTERPRISE, attribute: "department", sub: [] },
    { given: `${ENTERPRISE}:manager.value`, schema: ENTERPRISE, attribute: "manager", sub: ["value"] },
    {
      given: 'urn:example:ext:keys[id eq "a:b]"].text',
      schema: "urn:example:ext",
      attribute: "keys",
      sub: [],
      filter: 'id eq "a:b]"',
      after: ["text"],
    },
    { given: ENTERPRISE, schema: ENTERPRISE.slice(0, -5), attribute: "User", sub: [] },
    { given: "urn:example:ext:1.0", schema: "urn:example:ext:1.0", attribute: "", sub: [] },
    { given: "a.b.c", attribute: "a", sub: ["b", "c"] },
    { given: "a[b pr].c.d", attribute: "a", sub: [], filter: "b pr", after: ["c", "d"] },
    { given: " userName ", attribute: "userName", sub: [] },
  ];
  for (const { given, schema, attribute, sub, filter: inner, after } of table) {
    test(given, () => {
      const parsed = parsePath(given);
      expect(parsed).toBeInstanceOf(Path);
      expect(parsed.attribute).toEqual({ ...(schema && { schema }), attribute, subAttributes: sub });
      expect(parsed.filter).toEqual(inner === undefined ? undefined : parseFilter(inner));
      expect(parsed.subAttributes).toEqual(after ?? []);
      expect(parsePath(String(parsed))).toStrictEqual(parsed);
    });
  }

  test("a path is text in a template, JSON-safe and cannot be changed", () => {
    const given = parsePath('emails[type eq "work"].value');
    expect(String(given)).toBe('emails[type eq "work"].value');
    expect(JSON.parse(JSON.stringify(given))).toEqual({
      attribute: { attribute: "emails", subAttributes: [] },
      filter: { op: "eq", path: { attribute: "type", subAttributes: [] }, value: "work" },
      subAttributes: ["value"],
    });
    for (const part of [given, given.attribute, given.attribute.subAttributes, given.filter, given.subAttributes]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe("RFC 7644 §3.5.2: the paths that the section prints", () => {
  const table = [
    { given: "members", want: "members" },
    { given: "name.familyName", want: "name.familyName" },
    { given: 'addresses[type eq "work"]', want: 'addresses[type eq "work"]' },
    { given: 'members[value eq "2819c223"].displayName', want: 'members[value eq "2819c223"].displayName' },
    {
      given: 'emails[type eq "work" and value ew "example.com"]',
      want: 'emails[type eq "work" and value ew "example.com"]',
    },
    { given: 'members[value eq"2819c223-...413861904646"]', want: 'members[value eq "2819c223-...413861904646"]' },
    { given: 'addresses[type eq "work"].streetAddress', want: 'addresses[type eq "work"].streetAddress' },
    { given: 'schemas eq"urn:example:ext"', want: 'schemas[value eq "urn:example:ext"]' },
  ];
  for (const { given, want } of table) {
    test(given, () => {
      expect(String(parsePath(given))).toBe(want);
      expect(parsePath(given)).toStrictEqual(parsePath(want));
    });
  }
});

describe("RFC 7644 erratum 7122: a comparison selects values of a simple multi-valued attribute", () => {
  const table = [
    { given: 'schemas eq "urn:example:ext"', want: 'schemas[value eq "urn:example:ext"]' },
    { given: "tags pr", want: "tags[value pr]" },
    { given: 'emails.type eq "work"', want: 'emails[type eq "work"]' },
    { given: 'urn:example:ext:1.0:tags sw "a"', want: 'urn:example:ext:1.0:tags[value sw "a"]' },
  ];
  for (const { given, want } of table) {
    test(`${given} is ${want}`, () => {
      expect(String(parsePath(given))).toBe(want);
      expect(parsePath(given)).toStrictEqual(parsePath(want));
    });
  }
});

describe("RFC 7644 §3.12: what is not in the grammar is an invalidPath", () => {
  const table = [
    { given: "", offset: 0, expected: "an attribute name" },
    { given: "/members", offset: 0, expected: "an attribute name" },
    { given: "a/b", offset: 1, expected: "a space" },
    { given: "a b", offset: 2, expected: '"[", "." or the end of the path' },
    { given: "a.", offset: 2, expected: "a sub-attribute name" },
    { given: "a.constructor", offset: 2, expected: "a sub-attribute name" },
    { given: "__proto__.x", offset: 0, expected: "an attribute name" },
    { given: "a[", offset: 2, expected: 'an attribute name, "not" or "("' },
    { given: "a[]", offset: 2, expected: 'an attribute name, "not" or "("' },
    { given: "a[0]", offset: 2, expected: 'an attribute name, "not" or "("' },
    { given: "a[b]", offset: 3, expected: "a space" },
    { given: "a[b pr", offset: 6, expected: '"and", "or" or "]"' },
    { given: "a[b eqc]", offset: 4, expected: "an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)" },
    { given: "a[b eq[c]]", offset: 6, expected: "a space" },
    { given: "a[b pr]c", offset: 7, expected: '"." or the end of the path' },
    { given: "a[b pr].", offset: 8, expected: "a sub-attribute name" },
    { given: "a[b pr].prototype", offset: 8, expected: "a sub-attribute name" },
    { given: "a[b pr].c eq 1", offset: 10, expected: '"." or the end of the path' },
    { given: "a[b pr][c pr]", offset: 7, expected: '"." or the end of the path' },
    { given: "a[b[c pr]]", offset: 3, expected: "a space and an operator (value paths do not nest)" },
    { given: "a eq 1 and b pr", offset: 7, expected: "the end of the path" },
    { given: "(a)", offset: 0, expected: "an attribute name" },
    { given: "urn:a", offset: 0, expected: "an attribute name after a schema URN" },
    { given: `a[${"(".repeat(100_000)}`, offset: 66, expected: "no more than 64 levels" },
    { given: `a[b pr]${".c".repeat(500_000)}`, offset: 23, expected: "no more than 8 sub-attributes" },
  ];
  for (const { given, offset, expected } of table) {
    test(JSON.stringify(given.slice(0, 40)), () => {
      expect(() => parsePath(given)).toThrow(
        expect.objectContaining({ code: "scim_syntax_error", scimType: "invalidPath", offset, expected }),
      );
    });
  }

  test("what would be too deep once printed is refused when it is read", () => {
    const alternating = `${"b pr or c pr and (".repeat(40)}d pr${")".repeat(40)}`;
    expect(() => parsePath(`a[${alternating}]`)).toThrow("no more than 64 levels");
  });

  test("anything but a string is wrong use", () => {
    expect(() => parsePath(undefined as never)).toThrow(TypeError);
  });
});

describe("the path template", () => {
  const table = [
    {
      title: "a literal",
      given: path`emails[type eq ${'wo"rk].x['}].value`,
      want: String.raw`emails[type eq "wo\"rk].x["].value`,
    },
    {
      title: "a filter in the brackets",
      given: path`emails[${filter`type eq ${"work"} or primary eq ${true}`}]`,
      want: 'emails[type eq "work" or primary eq true]',
    },
    { title: "no value", given: path`name.givenName`, want: "name.givenName" },
  ];
  for (const { title, given, want } of table) {
    test(title, () => {
      expect(String(given)).toBe(want);
      expect(parsePath(want)).toStrictEqual(given);
    });
  }

  const wrong = [
    {
      title: "an attribute",
      given: () => path`${"emails"}.value`,
      message: "value 1 of the path template cannot be a value; expected an attribute name",
    },
    {
      title: "a sub-attribute",
      given: () => path`emails.${"value"}`,
      message: "value 1 of the path template cannot be a value; expected a sub-attribute name",
    },
    {
      title: "a filter outside brackets",
      given: () => path`${filter`a pr`}`,
      message: "value 1 of the path template cannot be a value",
    },
    { title: "a value path in brackets", given: () => path`a[${filter`b[c pr]`}]`, message: "erratum 4690" },
    { title: "undefined", given: () => path`a[b eq ${undefined as never}]`, message: "undefined is none" },
  ];
  for (const { title, given, message } of wrong) {
    test(`${title} cannot be a value`, () => {
      expect(given).toThrow(TypeError);
      expect(given).toThrow(message);
    });
  }
});

describe("properties", () => {
  test("parse(print(x)) equals x", () => {
    const name = fc.constantFrom("value", "$ref", "display");
    const paths = fc.oneof(
      attributePaths.map((attribute) => new Path(attribute)),
      fc
        .tuple(attributePaths, valueFilters, fc.array(name, { maxLength: 2 }))
        .map(([attribute, inner, after]) => new Path(attribute, inner, after)),
    );
    fc.assert(
      fc.property(paths, (given) => {
        expect(parsePath(String(given))).toStrictEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  test("any text is a path that prints and reads back, or a SCIMSyntaxError within the text", () => {
    fc.assert(
      fc.property(nearlyFilters, (text) => {
        try {
          const parsed = parsePath(text);
          expect(parsePath(String(parsed))).toStrictEqual(parsed);
        } catch (error) {
          if (!(error instanceof SCIMSyntaxError) || error.offset > text.length) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test("RFC 7644 §3.10: whatever is a URN can stand before an attribute and alone", () => {
  const urn = fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 4 }).map((rest) => `urn:example:${rest}`);
  fc.assert(
    fc.property(urn, (text) => {
      fc.pre(isURN(text));
      expect(String(parsePath(text))).toBe(text);
      expect(parsePath(`${text}:active`).attribute).toEqual({
        schema: text,
        attribute: "active",
        subAttributes: [],
      });
    }),
  );
});
