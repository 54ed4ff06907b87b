import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isURN,
  joinAttributePath,
  splitAttributePath,
  type AttributePath,
} from "../../src/schema/attribute-path.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

describe('RFC 7644 §3.10: an attribute path is [URI ":"] attribute ["." sub-attribute]', () => {
  const cases: ReadonlyArray<{ given: string; want: AttributePath }> = [
    { given: "userName", want: { attribute: "userName", subAttributes: [] } },
    { given: "name.familyName", want: { attribute: "name", subAttributes: ["familyName"] } },
    { given: "members.$ref", want: { attribute: "members", subAttributes: ["$ref"] } },
    {
      given: `${ENTERPRISE}:employeeNumber`,
      want: { schema: ENTERPRISE, attribute: "employeeNumber", subAttributes: [] },
    },
    {
      given: `${ENTERPRISE}:manager.displayName`,
      want: { schema: ENTERPRISE, attribute: "manager", subAttributes: ["displayName"] },
    },
    { given: "URN:a:b:c", want: { schema: "URN:a:b", attribute: "c", subAttributes: [] } },
    { given: "a.b.c.d", want: { attribute: "a", subAttributes: ["b", "c", "d"] } },
  ];
  test.each(cases)("$given", ({ given, want }) => {
    expect(splitAttributePath(given)).toEqual(want);
    expect(joinAttributePath(want)).toBe(given);
  });

  const refused = [
    "",
    ".",
    "a.",
    ".a",
    "a..b",
    "a b",
    "a\nb",
    'a"b',
    "a[b eq 1]",
    'emails[type eq "work"].value',
    "9a",
    "__proto__",
    "a.constructor",
    "a:b",
    ":a",
    "urn:a",
    "urn:a:b c:d",
    `${ENTERPRISE}:`,
    "http://example.com/schema:a",
  ];
  test.each(refused)("%j is not in the notation", (given) => {
    expect(splitAttributePath(given)).toBeUndefined();
  });

  test("a path that names a schema as a whole is its URN", () => {
    expect(joinAttributePath({ schema: ENTERPRISE, attribute: "", subAttributes: [] })).toBe(ENTERPRISE);
  });

  test("what joins splits into the same parts", () => {
    const name = fc
      .stringMatching(/^[A-Za-z][A-Za-z0-9_$-]{0,9}$/)
      .filter((text) => text !== "constructor" && text !== "prototype");
    const path = fc.record({ attribute: name, subAttributes: fc.array(name, { maxLength: 4 }) });
    const qualified = fc.record({
      schema: fc.stringMatching(/^urn:[a-z0-9][a-z0-9-]{0,5}(?::[A-Za-z0-9.]{1,5}){1,4}$/),
      attribute: name,
      subAttributes: fc.array(name, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.oneof(path, qualified), (parts: AttributePath) => {
        expect(splitAttributePath(joinAttributePath(parts))).toEqual(parts);
      }),
    );
  });

  test("what splits joins into the same text", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[urn:ab.$]{0,12}$/), (text) => {
        const parts = splitAttributePath(text);
        expect(parts === undefined ? text : joinAttributePath(parts)).toBe(text);
      }),
    );
  });
});

describe("RFC 8141 §2: a URN is urn, a namespace and a specific string", () => {
  const cases = [
    { given: ENTERPRISE, want: true },
    { given: "urn:example:a", want: true },
    { given: "URN:Example:A", want: true },
    { given: `urn:example:${"a".repeat(1012)}`, want: true },
    { given: `urn:example:${"a".repeat(1013)}`, want: false },
    { given: "urn:example:", want: false },
    { given: "urn::a", want: false },
    { given: "urn:-a:b", want: false },
    { given: "urn:a", want: false },
    { given: "User", want: false },
    { given: "https://example.com/User", want: false },
    { given: "urn:example:a b", want: false },
    { given: 'urn:example:a"b', want: false },
    { given: "urn:example:a\n", want: false },
    { given: "urn:example:é", want: false },
    { given: "urn:example:a{1}", want: false },
    { given: "urn:example:a^b", want: false },
    { given: "urn:example:a|b", want: false },
    { given: "urn:example:a<b>", want: false },
    { given: "urn:example:a\\b", want: false },
    { given: "urn:example:%C3%A9", want: true },
    { given: "urn:example:!$&'*+,-./;=?@_~#", want: true },
  ];
  test.each(cases)("$given: $want", ({ given, want }) => {
    expect(isURN(given)).toBe(want);
  });
});
