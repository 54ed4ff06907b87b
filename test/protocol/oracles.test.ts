import fc from "fast-check";
import SCIMMY from "scimmy";
import { filter as predicate, parse, type Filter as OtherFilter } from "scim2-parse-filter";
import { describe, expect, test } from "vitest";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import { formatFilter, type Filter } from "../../src/protocol/filter.ts";
import { parseFilter } from "../../src/protocol/filter-parser.ts";
import { compileMatcher } from "../../src/protocol/matches.ts";
import { joinAttributePath } from "../../src/schema/attribute-path.ts";
import { filtersOf } from "./arbitrary-filter.ts";
import { staff } from "./staff.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);
type Name = keyof typeof staff;

/** The sentences that decide where an oracle says something else; quoted as far as it takes. */
const CASE = `RFC 7643 §7: "Case sensitivity also impacts how attribute values MAY be compared against filter values"`;
const CHRONOLOGICAL = `RFC 7644 §3.4.2.2: "for DateTime types, it is a chronological comparison"`;
const UNASSIGNED = `RFC 7643 §2.5: "Unassigned attributes, the null value, or an empty array ... SHALL be considered to be equivalent"`;
const SAME = `RFC 7644 §3.4.2.2: "expressions MUST be applied to the same value of a parent attribute"`;
const VALUE = `RFC 7644 §3.4.2.2: the example emails co "example.com" compares the value of each address`;
const ANY = `RFC 7644 §3.4.2.2: "the filter matches if any of the values of the specified attribute match the specified criterion"`;
const URN = `RFC 7644 §3.4.2.2: attrPath = [URI ":"] ATTRNAME *1subAttr`;
const NOT = `RFC 7644 §3.4.2.2: "The filter is a match if the expression evaluates to false"`;
const IDENTICAL = `RFC 7644 §3.4.2.2: "The attribute and operator values must be identical for a match"`;
const JSON_STRING = `RFC 7644 §3.4.2.2: compValue is built on the rules of JSON`;

/** What each filter selects, and the sentence against each oracle that selects something else or throws. */
const corpus: readonly { given: string; want: string; parseFilter?: string; scimmy?: string }[] = [
  { given: 'userName eq "cwong"', want: "chen" },
  { given: 'userName Eq "cwong"', want: "chen" },
  { given: 'USERNAME eq "cwong"', want: "chen" },
  { given: 'userName eq "CWONG"', want: "chen", parseFilter: CASE, scimmy: CASE },
  { given: 'userName sw "C"', want: "chen bo", parseFilter: CASE, scimmy: CASE },
  { given: 'userName co "A"', want: "bo ada dana", parseFilter: CASE, scimmy: CASE },
  { given: 'userName ew "a"', want: "ada dana" },
  { given: 'userName gt "B"', want: "chen bo dana", parseFilter: CASE, scimmy: CASE },
  { given: 'userName lt "cb"', want: "bo ada" },
  { given: 'id eq "2"', want: "bo" },
  { given: 'id ge "2"', want: "bo ada dana" },
  { given: 'id lt "3"', want: "chen bo" },
  { given: 'name.familyName co "ARC"', want: "chen bo", parseFilter: CASE, scimmy: UNASSIGNED },
  { given: `name.familyName co "d'Arc"`, want: "chen", scimmy: UNASSIGNED },
  { given: `${CORE}:userName sw "c"`, want: "chen bo", parseFilter: URN, scimmy: URN },
  { given: "nickName pr", want: "chen ada" },
  { given: "not (nickName pr)", want: "bo dana" },
  { given: "name pr", want: "chen bo" },
  { given: "title pr", want: "" },
  { given: "active pr", want: "chen bo" },
  { given: "emails pr", want: "chen bo ada", scimmy: UNASSIGNED },
  {
    given: 'meta.lastModified gt "2024-02-29T23:59:59Z"',
    want: "bo ada",
    parseFilter: CHRONOLOGICAL,
    scimmy: UNASSIGNED,
  },
  {
    given: 'meta.lastModified ge "2024-02-29T23:59:59Z"',
    want: "chen bo ada",
    parseFilter: CHRONOLOGICAL,
    scimmy: UNASSIGNED,
  },
  { given: 'meta.lastModified lt "2024-03-01T00:00:00Z"', want: "chen ada", scimmy: UNASSIGNED },
  {
    given: 'meta.lastModified le "2024-02-29T23:59:59Z"',
    want: "chen",
    parseFilter: CHRONOLOGICAL,
    scimmy: UNASSIGNED,
  },
  {
    given: 'meta.lastModified eq "2024-02-29T23:59:59.0Z"',
    want: "chen",
    parseFilter: CHRONOLOGICAL,
    scimmy: UNASSIGNED,
  },
  { given: "active eq true", want: "chen" },
  { given: "active eq false", want: "bo" },
  { given: "active ne true", want: "bo ada dana", parseFilter: UNASSIGNED },
  { given: 'active eq "true"', want: "", scimmy: IDENTICAL },
  { given: 'userType ne "Temp"', want: "chen dana", parseFilter: UNASSIGNED },
  { given: 'nickName ne "Ada"', want: "chen bo dana", parseFilter: UNASSIGNED },
  { given: "nickName eq null", want: "bo dana", parseFilter: UNASSIGNED },
  { given: "nickName ne null", want: "chen ada" },
  { given: 'nickName pr and userType eq "Contractor"', want: "chen" },
  { given: 'nickName pr or userType eq "Temp"', want: "chen bo ada" },
  { given: 'nickName pr and userType eq "Contractor" and active eq true', want: "chen" },
  { given: 'nickName pr or userType eq "Temp" and active eq true', want: "chen ada" },
  { given: 'userType eq "Contractor" or userType eq "Temp" and active eq true', want: "chen" },
  { given: '(userType eq "Contractor" or userType eq "Temp") and nickName pr', want: "chen ada" },
  { given: 'not (nickName pr or userType eq "Temp")', want: "dana", scimmy: NOT },
  { given: 'not (nickName pr and userType eq "Temp")', want: "chen bo dana", scimmy: NOT },
  { given: 'userName eq "ada" or not (userType pr) or id eq "1"', want: "chen ada dana" },
  { given: `schemas eq "${ENTERPRISE}"`, want: "chen dana", parseFilter: ANY, scimmy: ANY },
  { given: 'emails.type eq "work" and userType eq "Temp"', want: "ada", scimmy: UNASSIGNED },
  { given: "emails.primary eq true", want: "chen", scimmy: UNASSIGNED },
  { given: 'emails.type ne "work"', want: "chen bo ada dana", parseFilter: UNASSIGNED, scimmy: UNASSIGNED },
  { given: 'emails co "lab"', want: "chen ada", parseFilter: VALUE, scimmy: VALUE },
  {
    given: 'userType eq "Temp" and (emails co "corp.example" or emails.value co "home.example")',
    want: "bo ada",
    parseFilter: VALUE,
    scimmy: VALUE,
  },
  { given: 'emails[type eq "work"]', want: "chen ada", scimmy: UNASSIGNED },
  { given: 'not (emails[type eq "work"])', want: "bo dana", scimmy: UNASSIGNED },
  { given: 'emails[not (type eq "work")]', want: "chen bo ada", parseFilter: SAME, scimmy: UNASSIGNED },
  {
    given: 'emails[type eq "home" and value co "@corp.example"]',
    want: "bo",
    parseFilter: SAME,
    scimmy: UNASSIGNED,
  },
  { given: 'emails[type eq "work" and not (value co "corp")]', want: "ada", scimmy: UNASSIGNED },
  { given: 'emails[type eq "home" or value sw "a"]', want: "chen bo ada", scimmy: UNASSIGNED },
  { given: `${ENTERPRISE}:department eq "Optics"`, want: "chen dana", parseFilter: CASE, scimmy: URN },
  { given: `${ENTERPRISE}:manager.displayName sw "D"`, want: "chen", scimmy: URN },
  { given: `${ENTERPRISE}:manager pr`, want: "chen", scimmy: URN },
  { given: 'userName eq "salt and pepper"', want: "" },
  { given: String.raw`userName eq "c\u0077ong"`, want: "chen", parseFilter: JSON_STRING, scimmy: JSON_STRING },
  { given: String.raw`userName ne "a\"b"`, want: "chen bo ada dana", scimmy: JSON_STRING },
];

function select(matcher: (person: object) => boolean): string {
  return (Object.keys(staff) as Name[]).filter((name) => matcher(structuredClone(staff[name]))).join(" ");
}

/** What an oracle selects; how it fails, if it throws. */
function ask(make: () => (person: object) => boolean): string {
  try {
    return select(make());
  } catch (error) {
    return String(error);
  }
}

describe("two other implementations say the same, or a sentence of the RFC is against them", () => {
  for (const { given, want, parseFilter: againstParseFilter, scimmy: againstScimmy } of corpus) {
    test(given, () => {
      expect(select(compileMatcher(Employee, parseFilter(given)))).toBe(want);
      const other = ask(() => predicate(parse(given)));
      expect(other === want, `scim2-parse-filter: ${other}; ${againstParseFilter}`).toBe(
        againstParseFilter === undefined,
      );
      const third = ask(() => {
        const made = new SCIMMY.Types.Filter(given);
        return (person) => made.match([person]).length === 1;
      });
      expect(third === want, `scimmy: ${third}; ${againstScimmy}`).toBe(againstScimmy === undefined);
    });
  }
});

describe("scim2-parse-filter reads the same tree", () => {
  // It knows no $ in names and no negative numbers, takes a name that is an operator for one, and has its own idea of \\u in strings.
  const names = fc.constantFrom("userName", "emails", "x509Certificates", "a-b_c", "notes", "order");
  const plain = { noNullPrototype: true } as const;
  const relative = fc.record({ attribute: names, subAttributes: fc.constant<string[]>([]) }, plain);
  const paths = fc.oneof(
    fc.record({ attribute: names, subAttributes: fc.array(names, { maxLength: 1 }) }, plain),
    fc.record({ schema: fc.constant(CORE), attribute: names, subAttributes: fc.constant<string[]>([]) }, plain),
  );
  const values = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", " ", "(", ")", "[", "]", '"', "é", " and ", "not (", ".") }),
    fc.nat(),
    fc.boolean(),
    fc.constant(null),
  );

  test("of filters that both know", () => {
    fc.assert(
      fc.property(filtersOf(paths, relative, values), (filter) => {
        expect(flat(parse(formatFilter(filter)))).toEqual(theirs(filter));
      }),
      { numRuns: 500 },
    );
  });
});

function theirs(filter: Filter): OtherFilter {
  switch (filter.op) {
    case "and":
    case "or":
      return { op: filter.op, filters: filter.filters.map(theirs) };
    case "not":
      return { op: "not", filter: theirs(filter.filter) };
    case "pr":
      return { op: "pr", attrPath: joinAttributePath(filter.path) };
    case "valuePath":
      return { op: "[]", attrPath: joinAttributePath(filter.path), valFilter: theirs(filter.filter) };
    default:
      return { op: filter.op, attrPath: joinAttributePath(filter.path), compValue: filter.value };
  }
}

/** Groups that change nothing leave a trace in their tree. */
function flat(filter: OtherFilter): OtherFilter {
  switch (filter.op) {
    case "and":
    case "or": {
      const filters = filter.filters.map(flat);
      return { op: filter.op, filters: filters.flatMap((one) => (one.op === filter.op ? one.filters : [one])) };
    }
    case "not":
      return { ...filter, filter: flat(filter.filter) };
    case "[]":
      return { ...filter, valFilter: flat(filter.valFilter) };
    default:
      return filter;
  }
}
