import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { parseFilter } from "../../src/protocol/filter-parser.ts";
import { supportedFilter, unsupportedFilter, type FilterSupport } from "../../src/protocol/filter-support.ts";
import { matches } from "../../src/protocol/matches.ts";
import { defineExtension } from "../../src/schema/define-model.ts";

const Employee = User.with(EnterpriseUser);
const ENTERPRISE = EnterpriseUser.schema.id;

describe("RFC 7644 §3.4.2.2: a filter is refused for what the server does not do with filters", () => {
  const table: { given: [filter: string, support: FilterSupport]; want: string | undefined }[] = [
    { given: ['userName eq "a"', {}], want: undefined },
    { given: ['userName eq "a"', { ignored: true }], want: "ignores filters and answers with everything" },
    { given: ['userName eq "a"', { operators: ["eq"] }], want: undefined },
    { given: ['userName sw "a"', { operators: ["eq", "pr"] }], want: 'knows no "sw" in filters, only eq, pr' },
    { given: ["title pr", { operators: ["eq"] }], want: 'knows no "pr" in filters, only eq' },
    { given: ['userName eq "a" and title pr', { logical: [] }], want: 'does not know "and" in filters' },
    { given: ['userName eq "a" or title pr', { logical: ["and"] }], want: 'does not know "or" in filters' },
    { given: ["not (title pr)", { logical: ["and", "or"] }], want: 'does not know "not" in filters' },
    { given: ["not (title pr)", { operators: ["eq"] }], want: 'knows no "pr" in filters, only eq' },
    { given: ['emails[type eq "work"]', { valuePaths: false }], want: "does not select values in filters" },
    {
      given: ['emails[type sw "w" or type pr]', { operators: ["sw"] }],
      want: 'knows no "pr" in filters, only sw',
    },
    { given: ['emails[type eq "w" or type pr]', { logical: [] }], want: 'does not know "or" in filters' },
    { given: ["emails[not (type pr)]", { logical: ["and"] }], want: 'does not know "not" in filters' },
    { given: ['userName eq "a"', { maxLength: 15 }], want: undefined },
    { given: ['userName eq "ab"', { maxLength: 15 }], want: "takes filters of 15 characters at most" },
    { given: ['USERNAME eq "a"', { attributes: ["userName"] }], want: undefined },
    { given: [`${User.schema.id}:userName eq "a"`, { attributes: ["userName"] }], want: undefined },
    { given: ['emails.value eq "a"', { attributes: ["emails"] }], want: undefined },
    { given: ['emails eq "a"', { attributes: ["emails.value"] }], want: undefined },
    { given: [`${ENTERPRISE}:manager eq "1"`, { attributes: [`${ENTERPRISE}:manager.value`] }], want: undefined },
    {
      given: ['emails.type eq "a"', { attributes: ["emails", "userName"] }],
      want: 'cannot filter User by "emails.type" (it can by: emails, userName)',
    },
    { given: ['emails[value eq "a"]', { attributes: ["emails"] }], want: undefined },
    {
      given: ['emails[value eq "a"]', { attributes: [] }],
      want: 'cannot filter User by "emails" (it can by: none)',
    },
    {
      given: ['userName eq "a" and title eq "b"', { attributes: ["userName"] }],
      want: 'cannot filter User by "title" (it can by: userName)',
    },
  ];
  for (const { given, want } of table) {
    test(`${JSON.stringify(given[1])}: ${given[0]}`, () => {
      expect(unsupportedFilter(Employee, parseFilter(given[0]), given[1])).toBe(want);
    });
  }
});

test("an attribute of an extension that is called value is not the extension", () => {
  const schema = { id: "urn:example:Extra", attributes: [{ name: "value" }, { name: "other" }] } as const;
  const Extended = User.with(defineExtension({ schema }));
  const filter = parseFilter('urn:example:Extra:value eq "x"');
  expect(unsupportedFilter(Extended, filter, { attributes: ["urn:example:Extra:value"] })).toBeUndefined();
  expect(unsupportedFilter(Extended, filter, { attributes: ["urn:example:Extra"] })).toContain("cannot filter");
});

describe("RFC 7644 §3.4.2.2: attributes that can only be asked for together", () => {
  const support: FilterSupport = {
    operators: ["eq"],
    logical: [],
    attributes: ["displayName", ["id", "members"]],
  };
  const table = [
    { given: 'id eq "g" and members eq "u"', want: undefined },
    { given: 'members.value eq "u" and id eq "g"', want: undefined },
    { given: 'members eq "u"', want: 'cannot filter Group by "members" (it can by: displayName)' },
    { given: 'id eq "g" and displayName eq "x"', want: 'does not know "and" in filters' },
    { given: 'id eq "g" and id eq "h"', want: 'does not know "and" in filters' },
    { given: 'id eq "g" and members sw "u"', want: 'does not know "and" in filters' },
    { given: 'id eq "g" and members[value eq "u"]', want: 'does not know "and" in filters' },
    { given: 'id eq "g" and not (members eq "u")', want: 'does not know "and" in filters' },
    { given: 'id eq "g" and members eq "u" and displayName eq "x"', want: 'does not know "and" in filters' },
    { given: 'id eq "g" or members eq "u"', want: 'does not know "or" in filters' },
  ];
  for (const { given, want } of table) {
    test(given, () => {
      expect(unsupportedFilter(Group, parseFilter(given), support)).toBe(want);
    });
  }
});

describe("of a filter that the server does not understand, the part is sent that does not lose a match", () => {
  const table: { given: [filter: string, support: FilterSupport]; want: string | undefined }[] = [
    { given: ['userName eq "a"', {}], want: 'userName eq "a"' },
    { given: ['userName eq "a"', { ignored: true }], want: undefined },
    { given: ['userName eq "a" and title pr', { operators: ["eq"] }], want: 'userName eq "a"' },
    { given: ['title pr and userName eq "a"', { logical: [], operators: ["eq"] }], want: 'userName eq "a"' },
    { given: ['userName eq "a" and title eq "b"', { logical: [] }], want: 'userName eq "a"' },
    {
      given: ['userName eq "a" and title pr and locale eq "b"', { operators: ["eq"] }],
      want: 'userName eq "a" and locale eq "b"',
    },
    { given: ['userName eq "a" or title pr', { operators: ["eq"] }], want: undefined },
    { given: ["not (title pr)", { operators: ["eq"] }], want: undefined },
    { given: ['(userName eq "a" or title pr) and active eq true', { operators: ["eq"] }], want: "active eq true" },
    { given: ['userName eq "abc" and title eq "b"', { maxLength: 20 }], want: 'userName eq "abc"' },
  ];
  for (const { given, want } of table) {
    test(`${JSON.stringify(given[1])}: ${given[0]}`, () => {
      expect(supportedFilter(Employee, parseFilter(given[0]), given[1])?.toString()).toBe(want);
    });
  }

  const condition = fc.constantFrom(
    'userName eq "a"',
    'userName sw "b"',
    "title pr",
    'title eq "a"',
    "active eq true",
    'emails[type eq "a"]',
    'emails.value eq "a"',
  );
  const { text } = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof(
      { maxDepth: 3 },
      condition,
      fc.tuple(tie("text"), fc.constantFrom("and", "or"), tie("text")).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      tie("text").map((inner) => `not (${inner})`),
    ),
  }));
  const support = fc.record(
    {
      operators: fc.subarray(["eq", "sw", "pr"] as const),
      logical: fc.subarray(["and", "or", "not"] as const),
      valuePaths: fc.boolean(),
      attributes: fc.subarray(["userName", "title", "active", "emails", ["userName", "active"]]),
      maxLength: fc.integer({ min: 10, max: 80 }),
    },
    { requiredKeys: [] },
  );
  const user = fc.record(
    {
      userName: fc.constantFrom("a", "b", "bc"),
      title: fc.constantFrom("a", "b"),
      active: fc.boolean(),
      emails: fc.array(fc.record({ type: fc.constantFrom("a", "b"), value: fc.constantFrom("a", "b") })),
    },
    { requiredKeys: ["userName"] },
  );

  test("whatever matches the filter matches the part, and the server understands the part", () => {
    fc.assert(
      fc.property(text, support, user, (given, known, resource) => {
        const filter = parseFilter(given);
        const part = supportedFilter(Employee, filter, known);
        if (part === undefined) return;
        expect(unsupportedFilter(Employee, part, known)).toBeUndefined();
        expect(matches(Employee, part, resource) || !matches(Employee, filter, resource)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
