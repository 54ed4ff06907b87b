import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SCIMSyntaxError } from "../../src/errors.ts";
import { allOf, depthOf, FILTER_BOUNDS, formatFilter, isFilter, ValuePath } from "../../src/protocol/filter.ts";
import { correctedFilter, filter, parseFilter } from "../../src/protocol/filter-parser.ts";
import { parsePath } from "../../src/protocol/path.ts";
import { joinAttributePath } from "../../src/schema/attribute-path.ts";
import { attributePaths, filters, nearlyFilters, valueConditions, valueFilters } from "./arbitrary-filter.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";

function refusal(given: () => unknown): SCIMSyntaxError {
  try {
    given();
  } catch (error) {
    if (error instanceof SCIMSyntaxError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

function alternating(levels: number): string {
  return `${"a pr or b pr and (".repeat(levels)}c pr${")".repeat(levels)}`;
}

describe("RFC 7644 §3.4.2.2: every form of filter that the section shows", () => {
  // The forms of the section's examples, in their order, with other names and values.
  const table = [
    { given: 'userName Eq "cwong"' },
    { given: `name.familyName co "d'Arc"` },
    { given: 'userName sw "C"' },
    { given: `${CORE}:userName sw "C"` },
    { given: "nickName pr" },
    { given: 'meta.lastModified gt "2024-02-29T23:59:59Z"' },
    { given: 'meta.lastModified ge "2024-02-29T23:59:59Z"' },
    { given: 'meta.lastModified lt "2024-02-29T23:59:59Z"' },
    { given: 'meta.lastModified le "2024-02-29T23:59:59Z"' },
    { given: 'nickName pr and userType eq "Contractor"' },
    { given: 'nickName pr or userType eq "Temp"' },
    { given: 'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"' },
    {
      given: 'userType eq "Temp" and (emails co "corp.example" or emails.value co "lab.example")',
      want: 'userType eq "Temp" and (emails co "corp.example" or emails.value co "lab.example")',
    },
    { given: 'userType ne "Temp" and not (emails co "corp.example" or emails.value co "lab.example")' },
    {
      given: 'userType eq "Temp" and (emails.type eq "home")',
      want: 'userType eq "Temp" and emails.type eq "home"',
    },
    { given: 'userType eq "Temp" and emails[type eq "home" and value co "@corp.example"]' },
    {
      given:
        'emails[type eq "home" and value co "@corp.example"] or ims[type eq "irc" and value co "@chat.example"]',
    },
  ];
  for (const { given, want } of table) {
    test(given, () => {
      expect(formatFilter(parseFilter(given))).toBe(want ?? given.replace(" Eq ", " eq "));
    });
  }
});

describe("RFC 7644: its examples are read as they are printed, with their misprints, and printed without", () => {
  const table = [
    {
      section: "§3.4.2.1",
      given: "(meta.resourceType eq User) or (meta.resourceType eq Group)",
      want: 'meta.resourceType eq "User" or meta.resourceType eq "Group"',
    },
    { section: "§3.5.2.2", given: 'value eq"2819c223-7f76"', want: 'value eq "2819c223-7f76"' },
    {
      section: "a string alone",
      given: 'emails[type Ne"" and value co"a b"]',
      want: 'emails[type ne "" and value co "a b"]',
    },
    { section: "in any case", given: "META.ResourceType NE User1-a", want: 'META.ResourceType ne "User1-a"' },
    { section: "and not the words of JSON", given: "meta.resourceType eq null", want: "meta.resourceType eq null" },
  ];
  for (const { section, given, want } of table) {
    test(`${section}: ${given}`, () => {
      const parsed = parseFilter(given);
      expect(formatFilter(parsed)).toBe(want);
      expect(parseFilter(want)).toStrictEqual(parsed);
      expect(correctedFilter(given)).toBe(given === want ? given : want);
    });
  }

  test("what has no misprint is left as it is", () => {
    for (const text of [String.raw`a  Eq "x eq\"y" AND (not(b pr))`, "((a pr))"]) {
      expect(correctedFilter(text)).toBe(text);
    }
    expect(() => correctedFilter("a eqb")).toThrow(SCIMSyntaxError);
  });
});

describe("RFC 7644 §3.4.2.2: not takes precedence over and, which takes precedence over or", () => {
  const table = [
    { given: "a pr or b pr and c pr", want: "a pr or (b pr and c pr)" },
    { given: "a pr and b pr or c pr", want: "(a pr and b pr) or c pr" },
    { given: "a pr and b pr and c pr", want: "a pr and b pr and c pr" },
    { given: "a pr or b pr or c pr", want: "a pr or b pr or c pr" },
    { given: "a pr and b pr or c pr and d pr", want: "(a pr and b pr) or (c pr and d pr)" },
    { given: "a pr or b pr and c pr or d pr", want: "a pr or (b pr and c pr) or d pr" },
    { given: "(a pr or b pr) and c pr", want: "(a pr or b pr) and c pr" },
    { given: "(a pr and b pr) and (c pr and d pr)", want: "a pr and b pr and c pr and d pr" },
    { given: "((a pr) or ((b pr)))", want: "a pr or b pr" },
    { given: "not (a pr) and b pr", want: "not (a pr) and b pr" },
    { given: "not (a pr) or not(b pr)", want: "not (a pr) or not (b pr)" },
    { given: "not (not (a pr))", want: "not (not (a pr))" },
    { given: "not (a pr or b pr) and c pr", want: "not (a pr or b pr) and c pr" },
    { given: "(not (a pr))", want: "not (a pr)" },
    { given: "e[a pr or b pr and not(c pr)]", want: "e[a pr or (b pr and not (c pr))]" },
    { given: "e[a pr] and f[b pr] or g pr", want: "(e[a pr] and f[b pr]) or g pr" },
  ];
  for (const { given, want } of table) {
    test(`${given} is ${want}`, () => {
      expect(String(parseFilter(given))).toBe(want);
      expect(parseFilter(want)).toStrictEqual(parseFilter(given));
    });
  }
});

describe("RFC 7644 §3.4.2.2: the grammar of figure 1", () => {
  const table = [
    {
      title: "operators in any case",
      given: 'a PR AND b Eq 1 Or NOT (c SW "x")',
      want: '(a pr and b eq 1) or not (c sw "x")',
    },
    { title: "names keep their case", given: "USERname pr", want: "USERname pr" },
    {
      title: "true, false and null in any case (RFC 5234 §2.3)",
      given: "a eq TRUE or a eq False or a ne Null",
      want: "a eq true or a eq false or a ne null",
    },
    {
      title: "numbers of JSON",
      given: "a eq -1.50e+2 or a eq 0 or a eq -0 or a eq 2E3",
      want: "a eq -150 or a eq 0 or a eq 0 or a eq 2000",
    },
    {
      title: "escapes of JSON",
      given: String.raw`a eq "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`,
      want: String.raw`a eq "\"\\/\b\f\n\r\té😀"`,
    },
    { title: "a lone surrogate stays escaped", given: String.raw`a eq "\uD800"`, want: String.raw`a eq "\ud800"` },
    {
      title: "grammar within strings is text",
      given: 'a eq "x) and (y pr" or b eq "]"',
      want: 'a eq "x) and (y pr" or b eq "]"',
    },
    { title: "$ref (erratum 8924)", given: 'members.$ref eq "../Users/1"', want: 'members.$ref eq "../Users/1"' },
    { title: "a URN with dots", given: `${CORE}:name.familyName pr`, want: `${CORE}:name.familyName pr` },
    {
      title: "a URN in another case",
      given: "URN:IETF:params:scim:schemas:core:2.0:user:username pr",
      want: "URN:IETF:params:scim:schemas:core:2.0:user:username pr",
    },
    { title: "a schema as a whole", given: "urn:example:ext:1.0 pr", want: "urn:example:ext:1.0 pr" },
    {
      title: "names that look like operators",
      given: "not pr and and pr or or eq 1 and pr pr",
      want: "(not pr and and pr) or (or eq 1 and pr pr)",
    },
    {
      title: "blanks where one space belongs",
      given: "  a\tpr  and\n( b  eq  1 ) and e[ c pr ] ",
      want: "a pr and b eq 1 and e[c pr]",
    },
    {
      title: "not without a space (erratum 7319)",
      given: "not(a pr) and e[not(b pr)]",
      want: "not (a pr) and e[not (b pr)]",
    },
    {
      title: "groups in brackets (erratum 7322)",
      given: "e[a pr or (b pr and c eq 1)]",
      want: "e[a pr or (b pr and c eq 1)]",
    },
    { title: "deeper sub-attributes, which RFC 9944 uses", given: "a.b.c pr", want: "a.b.c pr" },
  ];
  for (const { title, given, want } of table) {
    test(title, () => {
      expect(formatFilter(parseFilter(given))).toBe(want);
    });
  }

  test("the tree names schema, attribute, sub-attributes, operator and value", () => {
    expect(
      JSON.parse(JSON.stringify(parseFilter(`not (${CORE}:name.givenName ne "Ann") and emails[primary eq true]`))),
    ).toEqual({
      op: "and",
      filters: [
        {
          op: "not",
          filter: {
            op: "ne",
            path: { schema: CORE, attribute: "name", subAttributes: ["givenName"] },
            value: "Ann",
          },
        },
        {
          op: "valuePath",
          path: { attribute: "emails", subAttributes: [] },
          filter: { op: "eq", path: { attribute: "primary", subAttributes: [] }, value: true },
        },
      ],
    });
  });

  test("zero has no sign", () => {
    expect(parseFilter("a eq -0.0")).toMatchObject({ value: 0 });
  });

  test("a URN with more than 8 sub-attributes is a schema as a whole", () => {
    expect(parseFilter("urn:a:b:a.b.c.d.e.f.g.h.i pr")).toMatchObject({ path: { schema: "urn:a:b" } });
    expect(parseFilter("urn:a:b:a.b.c.d.e.f.g.h.i.j pr")).toMatchObject({
      path: { schema: "urn:a:b:a.b.c.d.e.f.g.h.i.j" },
    });
  });

  test("the tree cannot be changed", () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    for (const text of ["a.b eq 1", "a pr", "urn:a:b:c pr or b pr and c pr", "not (a[b pr or c pr])"]) {
      expect(frozen(parseFilter(text))).toBe(true);
    }
  });
});

describe("RFC 7644 §3.12: what is not in the grammar is an invalidFilter", () => {
  const term = 'an attribute name, "not" or "("';
  const operator = "an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)";
  const literal = "a string in quotation marks, a number, true, false or null";
  const more = '"and", "or" or the end of the filter';
  const table = [
    { given: "", offset: 0, expected: term },
    { given: "   ", offset: 3, expected: term },
    { given: "userName", offset: 8, expected: "a space" },
    { given: "userName ", offset: 9, expected: operator },
    { given: "userName is 1", offset: 9, expected: operator },
    { given: "userName eqx 1", offset: 9, expected: operator },
    { given: "userName =  1", offset: 9, expected: operator },
    { given: "userName eq", offset: 11, expected: literal },
    { given: "userName eq ", offset: 12, expected: literal },
    { given: 'userName eq"x', offset: 13, expected: "a closing quotation mark" },
    { given: "userName eq(1)", offset: 11, expected: "a space" },
    { given: "userName eq[1]", offset: 11, expected: "a space" },
    { given: "userName eqé", offset: 11, expected: "a space" },
    { given: "userName eq'x'", offset: 11, expected: "a space" },
    { given: "userName eqb", offset: 9, expected: operator },
    { given: "userName eq1", offset: 9, expected: operator },
    { given: "userName eq-1", offset: 9, expected: operator },
    { given: "userName eqtrue", offset: 9, expected: operator },
    { given: 'userName"x"', offset: 8, expected: "a space" },
    { given: 'userName pr"x"', offset: 11, expected: more },
    { given: 'a eq"x"and b pr', offset: 7, expected: more },
    { given: "meta.resourceType eqUser", offset: 18, expected: operator },
    { given: "meta.resourceType eq 'User'", offset: 21, expected: literal },
    { given: "meta.resourceType eq User Group", offset: 26, expected: more },
    { given: "meta.resourceType eq User.x", offset: 25, expected: more },
    { given: "resourceType eq User", offset: 16, expected: literal },
    { given: "meta eq User", offset: 8, expected: literal },
    { given: "meta.resourceType.a eq User", offset: 23, expected: literal },
    { given: "meta.location eq User", offset: 17, expected: literal },
    { given: "urn:example:meta.resourceType eq User", offset: 33, expected: literal },
    { given: "userName eq bjensen", offset: 12, expected: literal },
    { given: "userName eq 'x'", offset: 12, expected: literal },
    { given: "userName eq truely", offset: 12, expected: literal },
    { given: "userName eq [1]", offset: 12, expected: literal },
    { given: 'userName eq "x', offset: 14, expected: "a closing quotation mark" },
    { given: 'userName eq "x\\"', offset: 16, expected: "a closing quotation mark" },
    { given: 'userName eq "\\', offset: 13, expected: "an escape of JSON" },
    { given: 'userName eq "\\q"', offset: 13, expected: "an escape of JSON" },
    { given: 'userName eq "\\u12g4"', offset: 17, expected: "four hexadecimal digits" },
    { given: 'userName eq "\\u12', offset: 17, expected: "four hexadecimal digits" },
    { given: 'userName eq "a\nb"', offset: 14, expected: "an escape for the control character" },
    { given: 'userName eq "a\0b"', offset: 14, expected: "an escape for the control character" },
    { given: "a eq 01", offset: 6, expected: more },
    { given: "a eq +1", offset: 5, expected: literal },
    { given: "a eq .5", offset: 5, expected: literal },
    { given: "a eq 1.", offset: 7, expected: "a digit" },
    { given: "a eq -", offset: 6, expected: "a digit" },
    { given: "a eq 1e", offset: 7, expected: "a digit" },
    { given: "a eq 1e999", offset: 5, expected: "a number that a double can hold" },
    { given: "a eq 12345678901234567890", offset: 5, expected: "a number that a double can hold exactly" },
    { given: "a eq -9007199254740993", offset: 5, expected: "a number that a double can hold exactly" },
    { given: "a eq 1 2", offset: 7, expected: more },
    { given: 'a eq "x"and b pr', offset: 8, expected: more },
    { given: "a prx", offset: 2, expected: operator },
    { given: 'a pr "x"', offset: 5, expected: more },
    { given: "a pr and", offset: 8, expected: term },
    { given: "a pr or ", offset: 8, expected: term },
    { given: "and b pr", offset: 4, expected: operator },
    { given: "a pr b pr", offset: 5, expected: more },
    { given: "a pr and(b pr)", offset: 8, expected: "a space" },
    { given: "(a pr)and b pr", offset: 6, expected: more },
    { given: "a pr xor b pr", offset: 5, expected: more },
    { given: "a pr && b pr", offset: 5, expected: more },
    { given: "not a pr", offset: 4, expected: operator },
    { given: "not", offset: 3, expected: "a space" },
    { given: "not (", offset: 5, expected: term },
    { given: "not ()", offset: 5, expected: term },
    { given: "(a pr", offset: 5, expected: '"and", "or" or ")"' },
    { given: "(a pr]", offset: 5, expected: '"and", "or" or ")"' },
    { given: "a pr)", offset: 4, expected: more },
    { given: "()", offset: 1, expected: term },
    { given: "e[a pr", offset: 6, expected: '"and", "or" or "]"' },
    { given: "e[a pr)", offset: 6, expected: '"and", "or" or "]"' },
    { given: "e[]", offset: 2, expected: term },
    { given: "e [a pr]", offset: 2, expected: operator },
    { given: "e[a pr]]", offset: 7, expected: more },
    { given: "e[f[a pr]]", offset: 3, expected: "a space and an operator (value paths do not nest)" },
    { given: "e[a pr and f[b pr]]", offset: 12, expected: "a space and an operator (value paths do not nest)" },
    { given: 'e[type eq "w"].value eq "x"', offset: 14, expected: more },
    { given: "1a pr", offset: 0, expected: term },
    { given: "_a pr", offset: 0, expected: term },
    { given: "$value pr", offset: 0, expected: term },
    { given: "é pr", offset: 0, expected: term },
    { given: "a. pr", offset: 2, expected: "a sub-attribute name" },
    { given: ".a pr", offset: 0, expected: term },
    { given: "a..b pr", offset: 2, expected: "a sub-attribute name" },
    { given: "a.1 pr", offset: 2, expected: "a sub-attribute name" },
    { given: "a.__proto__ pr", offset: 2, expected: "a sub-attribute name" },
    { given: "constructor pr", offset: 0, expected: term },
    { given: "prototype.x pr", offset: 0, expected: term },
    { given: "a:b pr", offset: 0, expected: "an attribute name after a schema URN" },
    { given: "urn:x pr", offset: 0, expected: "an attribute name after a schema URN" },
    { given: "http://example.com/a pr", offset: 0, expected: "an attribute name after a schema URN" },
    { given: "a.b.c.d.e.f.g.h.i.j pr", offset: 17, expected: "no more than 8 sub-attributes" },
  ];
  for (const { given, offset, expected } of table) {
    test(JSON.stringify(given), () => {
      const error = refusal(() => parseFilter(given));
      expect({ offset: error.offset, expected: error.expected }).toEqual({ offset, expected });
      expect(error.scimType).toBe("invalidFilter");
    });
  }

  test("the message says what was expected, where, and what is there, cut short", () => {
    expect(refusal(() => parseFilter("userName pr butnot_and_more_of_that_kind")).message).toBe(
      'filter: expected "and", "or" or the end of the filter at offset 12, ' +
        'found "butnot_and_more_of_t" (RFC 7644 §3.4.2.2)',
    );
    expect(refusal(() => parseFilter("a pr or")).message).toContain("found the end");
  });

  const FOUND: ReadonlyArray<{ given: string; want: string }> = [
    { given: "a eq hunter2222", want: "an unquoted text" },
    { given: "a eq 'hunter2222'", want: '"\'"' },
    { given: "a eq:hunter2222", want: '":"' },
    { given: "a eq =hunter2222", want: '"="' },
    { given: "a=hunter2222", want: '"="' },
    { given: "a ==hunter2222", want: '"="' },
    { given: "a:hunter2222", want: '"a"' },
    { given: "a eq -hunter2222", want: "an unquoted text" },
    { given: "a eq 5hunter2222", want: "more text" },
    { given: 'a eq "my"hunter2222', want: "more text" },
    { given: 'a eq "my"hunter2222" ', want: "more text" },
    { given: 'a eq "my" hunter2222"', want: "more text" },
    { given: 'a eq "my\\u00hunter2222"', want: "an unquoted text" },
    { given: 'a eq "my\\hunter2222"', want: '"\\\\"' },
    { given: 'a eq "my\nhunter2222"', want: '"\\n"' },
    { given: "b eq 1 and a eq hunter2222", want: "an unquoted text" },
    { given: 'b eq "my" xor a eq "x"', want: '"xor"' },
    { given: "b eq 1 and a is hunter2222", want: '"is"' },
    { given: "urn:x pr", want: '"urn:x"' },
    { given: "http://example.com/a", want: '"http://example.com/a"' },
  ];
  for (const { given, want } of FOUND) {
    test(`RFC 7644 §7.5: no message quotes what may be a value: ${JSON.stringify(given)}`, () => {
      const { message } = refusal(() => parseFilter(given));
      expect(message).toContain(`, found ${want} (RFC 7644`);
      expect(message).not.toContain("hunter");
      const path = refusal(() => parsePath(`e[${given}]`)).message;
      expect(path).toContain(`, found ${want} (RFC 7644`);
      expect(path).not.toContain("hunter");
    });
  }

  test("anything but a string is wrong use", () => {
    for (const given of [undefined, null, 1, {}, ["a pr"]]) {
      expect(() => parseFilter(given as never)).toThrow(TypeError);
    }
  });
});

describe("Entra's dialect: a value path with a sub-attribute after it", () => {
  const table = [
    {
      given: 'emails[type eq "work"].value eq "b@example.com"',
      want: 'emails[type eq "work" and value eq "b@example.com"]',
    },
    {
      given: 'a pr and not(emails[type eq "work"].value pr)',
      want: 'a pr and not (emails[type eq "work" and value pr])',
    },
    {
      given: 'e[type eq "work" or type eq "home"].value pr or a pr',
      want: 'e[(type eq "work" or type eq "home") and value pr] or a pr',
    },
    { given: "e[a pr and b pr].value ne null", want: "e[a pr and b pr and value ne null]" },
    { given: "e[not (a pr)].not pr", want: "e[not (a pr) and not pr]" },
    { given: 'emails[type eq "work"] and a pr', want: 'emails[type eq "work"] and a pr' },
  ];
  for (const { given, want } of table) {
    test(given, () => {
      const parsed = parseFilter(given, { dialect: "entra" });
      expect(formatFilter(parsed)).toBe(want);
      expect(parseFilter(want)).toStrictEqual(parsed);
      expect(parseFilter(want, { dialect: "entra" })).toStrictEqual(parsed);
    });
  }

  test("what is read prints within the depth that a text may have", () => {
    const nested = (depth: number): string => `${"not (".repeat(depth)}e[a pr or b pr].c pr${")".repeat(depth)}`;
    const deepest = parseFilter(nested(62), { dialect: "entra" });
    expect(parseFilter(formatFilter(deepest))).toStrictEqual(deepest);
    expect(() => parseFilter(nested(63), { dialect: "entra" })).toThrow(SCIMSyntaxError);
  });

  test("the sub-attribute needs a name and an operator", () => {
    for (const given of ["e[a pr].", "e[a pr].b", "e[a pr].1 pr", "e[a pr].b eq", "e[a pr].b[c pr]"]) {
      expect(() => parseFilter(given, { dialect: "entra" })).toThrow(SCIMSyntaxError);
    }
  });
});

describe("the filter template", () => {
  const nested = filter`c pr or d eq ${2}`;
  const table = [
    {
      title: "text",
      given: filter`userName eq ${'say "hi" \\ or a pr or ('}`,
      want: String.raw`userName eq "say \"hi\" \\ or a pr or ("`,
    },
    { title: "U+0000", given: filter`userName eq ${"\0"}`, want: String.raw`userName eq "\u0000"` },
    { title: "a number", given: filter`a gt ${1.5}`, want: "a gt 1.5" },
    { title: "minus zero", given: filter`a gt ${-0}`, want: "a gt 0" },
    { title: "a boolean", given: filter`active eq ${false}`, want: "active eq false" },
    { title: "null", given: filter`title ne ${null}`, want: "title ne null" },
    {
      title: "a date",
      given: filter`meta.created lt ${new Date(Date.UTC(2024, 1, 29))}`,
      want: 'meta.created lt "2024-02-29T00:00:00.000Z"',
    },
    {
      title: "several values",
      given: filter`a eq ${1} and b[c eq ${"x"}] or d eq ${true}`,
      want: '(a eq 1 and b[c eq "x"]) or d eq true',
    },
    {
      title: "a filter counts as in parentheses",
      given: filter`a pr and ${nested}`,
      want: "a pr and (c pr or d eq 2)",
    },
    {
      title: "a filter in parentheses",
      given: filter`not (${nested}) and (${nested})`,
      want: "not (c pr or d eq 2) and (c pr or d eq 2)",
    },
    { title: "a filter in brackets", given: filter`a[${nested}]`, want: "a[c pr or d eq 2]" },
    { title: "a filter alone", given: filter`${nested}`, want: "c pr or d eq 2" },
    { title: "filters of one operator join", given: filter`${nested} or e pr`, want: "c pr or d eq 2 or e pr" },
    {
      title: "escapes as written",
      given: filter`a eq "\"\u00e9\\" and b eq ${1}`,
      want: String.raw`a eq "\"é\\" and b eq 1`,
    },
  ];
  for (const { title, given, want } of table) {
    test(title, () => {
      expect(String(given)).toBe(want);
      expect(parseFilter(want)).toStrictEqual(given);
    });
  }

  const wrong = [
    {
      title: "an attribute",
      given: () => filter`${"userName"} pr`,
      message: "value 1 of the filter template has the place of a filter; string is none",
    },
    {
      title: "part of a name",
      given: () => filter`user${"Name"} pr`,
      message: "value 1 of the filter template cannot be a value; expected a space",
    },
    {
      title: "an operator",
      given: () => filter`a ${"eq"} 1`,
      message: "value 1 of the filter template cannot be a value; expected an operator",
    },
    {
      title: "a connective",
      given: () => filter`a pr ${"or"} b pr`,
      message: "value 1 of the filter template cannot be a value",
    },
    {
      title: "part of a string",
      given: () => filter`a eq "x${1}y"`,
      message: "value 1 of the filter template stands within quotation marks; leave them out",
    },
    {
      title: "the end of a number",
      given: () => filter`a eq 1${1}`,
      message: "value 1 of the filter template cannot be a value",
    },
    {
      title: "two values in a row",
      given: () => filter`a eq ${1}${2}`,
      message: "value 2 of the filter template cannot be a value",
    },
    {
      title: "a filter as a literal",
      given: () => filter`a eq ${nested}`,
      message:
        "value 1 of the filter template has the place of a string, finite number, boolean, null or valid Date; this object is none",
    },
    { title: "undefined", given: () => filter`a eq ${undefined as never}`, message: "undefined is none" },
    { title: "NaN", given: () => filter`a eq ${Number.NaN}`, message: "NaN is none" },
    { title: "Infinity", given: () => filter`a eq ${Infinity}`, message: "Infinity is none" },
    { title: "a bigint", given: () => filter`a eq ${1n as never}`, message: "bigint is none" },
    { title: "an invalid date", given: () => filter`a eq ${new Date("x")}`, message: "this object is none" },
    { title: "an array", given: () => filter`a eq ${["x"] as never}`, message: "this object is none" },
    {
      title: "an object that looks like a filter",
      given: () => filter`${JSON.parse(JSON.stringify(nested)) as never}`,
      message: "this object is none",
    },
    { title: "a value path in brackets", given: () => filter`a[${filter`b[c pr]`}]`, message: "erratum 4690" },
    {
      title: "U+0000 in the text",
      given: () => filter(Object.assign(["a eq \0"], { raw: ["a eq \0"] })),
      message: "U+0000",
    },
    { title: "no template", given: () => filter("a pr" as never), message: "template tag" },
  ];
  for (const { title, given, message } of wrong) {
    test(`${title} cannot be a value`, () => {
      expect(given).toThrow(TypeError);
      expect(given).toThrow(message);
    });
  }

  test("a mistake in the text is a syntax error", () => {
    expect(refusal(() => filter`a eq ${1} b`).offset).toBe(7);
  });

  test("isFilter knows its own", () => {
    expect(isFilter(nested)).toBe(true);
    expect(isFilter(JSON.parse(JSON.stringify(nested)))).toBe(false);
  });
});

describe("hostile texts end in an error, soon", () => {
  const { depth, length } = FILTER_BOUNDS;
  const table = [
    { title: "parentheses", given: "(".repeat(100_000), expected: "no more than 64 levels" },
    { title: "negations", given: "not(".repeat(250_000), expected: "no more than 64 levels" },
    { title: "brackets", given: "a[".repeat(500_000), expected: "nest" },
    { title: "an unclosed string", given: `a eq "${"x".repeat(1_000_000)}`, expected: "a closing quotation mark" },
    {
      title: "escapes in an unclosed string",
      given: `a eq "${"\\\\".repeat(500_000)}`,
      expected: "a closing quotation mark",
    },
    { title: "a long conjunction", given: "a pr and ".repeat(110_000), expected: "an attribute name" },
    {
      title: "a long disjunction of conjunctions",
      given: "a pr and b pr or ".repeat(60_000),
      expected: "an attribute name",
    },
    { title: "dots", given: "a.".repeat(500_000), expected: "no more than 8 sub-attributes" },
    { title: "colons", given: "a:".repeat(500_000), expected: "a schema URN" },
    { title: "a long URN", given: `urn:a:${"b".repeat(1_000_000)} pr`, expected: "a schema URN" },
    { title: "a long name", given: `${"a".repeat(1_000_000)} pr`, expected: "an attribute name" },
    { title: "a long number", given: `a eq ${"1".repeat(1_000_000)}`, expected: "a number that a double can hold" },
    { title: "blanks", given: " ".repeat(1_000_000), expected: "an attribute name" },
    {
      title: "one character too many",
      given: "a pr" + " ".repeat(length - 3),
      expected: "no more than 1048576 characters",
    },
    {
      title: "one level too many",
      given: `${"(".repeat(depth + 1)}a pr${")".repeat(depth + 1)}`,
      expected: "no more than 64 levels",
    },
  ];
  for (const { title, given, expected } of table) {
    test(title, () => {
      const error = refusal(() => parseFilter(given));
      expect(error.expected).toContain(expected);
      expect(error.message.length).toBeLessThan(250);
    });
  }

  test("64 levels and 1,048,576 characters are fine", () => {
    expect(String(parseFilter(`${"not(".repeat(depth)}a pr${")".repeat(depth)}`))).toContain("a pr");
    expect(String(parseFilter("a pr" + " ".repeat(length - 4)))).toBe("a pr");
    const many = parseFilter(Array.from({ length: 100_000 }, () => "a pr").join(" or "));
    expect(many.op === "or" && many.filters.length).toBe(100_000);
  });

  test("what would be too deep once printed is refused when it is read", () => {
    expect(parseFilter(String(parseFilter(alternating(32)))).op).toBe("or");
    expect(refusal(() => parseFilter(alternating(40))).expected).toBe("no more than 64 levels");
  });

  test("nested templates are as bounded as text", () => {
    let deep = filter`a pr`;
    expect(() => {
      for (let level = 0; level < 100; level += 1) deep = filter`not (${deep})`;
    }).toThrow(SCIMSyntaxError);
    expect(parseFilter(String(deep))).toStrictEqual(deep);
  });
});

describe("properties", () => {
  test("parse(print(x)) equals x", () => {
    fc.assert(
      fc.property(filters, (tree) => {
        expect(parseFilter(formatFilter(tree))).toStrictEqual(tree);
      }),
      { numRuns: 1000 },
    );
  });

  test("what follows the brackets in Entra's dialect is what the RFC has within them", () => {
    fc.assert(
      fc.property(attributePaths, valueFilters, valueConditions, (path, inner, last) => {
        const given = `${joinAttributePath(path)}[${formatFilter(inner)}].${formatFilter(last)}`;
        const tree = new ValuePath(path, allOf([inner, last]));
        fc.pre(depthOf(tree) <= FILTER_BOUNDS.depth);
        expect(parseFilter(given, { dialect: "entra" })).toStrictEqual(tree);
        expect(parseFilter(formatFilter(tree))).toStrictEqual(tree);
      }),
      { numRuns: 500 },
    );
  });

  test("a template gives the tree that its printed text gives", () => {
    fc.assert(
      fc.property(filters, fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.boolean()), (tree, value) => {
        fc.pre(typeof value !== "number" || Number.isFinite(value));
        const made = filter`${tree} and not (x eq ${value})`;
        expect(parseFilter(String(made))).toStrictEqual(made);
      }),
    );
  });

  test("any text is a filter that prints and reads back, or a SCIMSyntaxError within the text", () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(nearlyFilters, fc.string({ unit: "binary" })), fc.boolean(), (text, entra) => {
        const options = { dialect: entra ? "entra" : "rfc" } as const;
        try {
          const tree = parseFilter(text, options);
          accepted += 1;
          expect(parseFilter(formatFilter(tree))).toStrictEqual(tree);
        } catch (error) {
          if (!(error instanceof SCIMSyntaxError) || error.offset > text.length) throw error;
        }
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
