import { describe, expect, test } from "vitest";
import { SCIMSyntaxError, type Issue } from "../../src/errors.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { checkFilter } from "../../src/protocol/filter-check.ts";
import { parseFilter } from "../../src/protocol/filter-parser.ts";
import { compileAttributes } from "../../src/schema/attribute.ts";
import { ResourceModel } from "../../src/schema/resource-model.ts";
import { PLACE, Sensor, SENSOR } from "./sample-model.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);

function brief(issues: readonly Issue[]): string[] {
  return issues.map(({ path, rule }) => `${rule} ${path}`);
}

describe("RFC 7644 §3.4.2.2: filters that fit the model", () => {
  const table = [
    'userName eq "a" and name.familyName co "b" and emails co "c"',
    'emails[type eq "work" and not (value ew "x") and primary eq true]',
    'id pr or externalId sw "x" or schemas eq "urn:x:y" or meta.resourceType eq "User"',
    'meta.lastModified ge "2024-02-29T23:59:59.5+01:00" or meta.created sw "2024"',
    `${ENTERPRISE}:department eq "x" or ${ENTERPRISE}:manager eq "26" or ${ENTERPRISE} pr`,
    "USERNAME pr and Emails.TYPE pr and active ne TRUE",
    "name pr and emails pr and name ne null and emails.display eq null",
    'x509Certificates eq "QUJD" and x509Certificates.value co "Q"',
    'groups.value eq "1" and groups[value eq "1"].display pr',
    `${User.schema.id}:userName pr and ${User.schema.id} pr`,
    'password sw "x"',
  ];
  for (const given of table) {
    test(given, () => {
      expect(checkFilter(Employee, parseFilter(given, { dialect: "entra" }))).toEqual([]);
    });
  }

  test("every data type of RFC 7643 §2.3 with its operators", () => {
    const given = [
      'label gt "a" and code le "b" and link sw "https:" and count ge 1 and level lt 0.5 and active eq true',
      'seen gt "2024-02-29T00:00:00Z" and key ne "QUJD" and tags eq "a" and marks gt 1 and ports gt "a" and owner eq "u"',
      `tags[value sw "a"] and marks[value gt 1] and tags.value pr and maker[name eq "x"] and ${PLACE}:doors[value eq "x"]`,
    ];
    expect(checkFilter(Sensor, given.slice(0, 2).join(" and "))).toEqual([]);
    expect(brief(checkFilter(Sensor, given[2] ?? ""))).toEqual(["unknown tags.value"]);
  });
});

describe("RFC 7644 §3.4.2.2: filters that do not fit the model", () => {
  const table = [
    { given: 'userNam eq "a"', want: ["unknown userNam"] },
    { given: "name.familyNam pr", want: ["unknown name.familyNam"] },
    { given: "userName.value pr", want: ["unknown userName.value"] },
    { given: "department pr", want: ["unknown department"] },
    { given: `${ENTERPRISE}:departmen pr`, want: [`unknown ${ENTERPRISE}:departmen`] },
    { given: "urn:example:other:1.0:User:x pr", want: ["unknown urn:example:other:1.0:User:x"] },
    { given: "urn:example:other:1.0 pr", want: ["unknown urn:example:other:1.0"] },
    {
      given: "emails[typ eq 1 or value pr and not (kind pr)]",
      want: ["unknown emails.typ", "unknown emails.kind"],
    },
    { given: `emails[${ENTERPRISE}:department pr]`, want: [`unknown emails.${ENTERPRISE}:department`] },
    { given: "mails[typ pr]", want: ["unknown mails"] },
    { given: "emails[type pr].valu pr", want: ["unknown emails.valu"] },
    { given: 'userName[value eq "x"]', want: ["type userName"] },
    { given: 'name eq "Ann"', want: ["type name"] },
    { given: 'name co "Ann"', want: ["type name"] },
    { given: "active gt false", want: ["type active"] },
    {
      given: "active ge true and active lt true and active le true",
      want: ["type active", "type active", "type active"],
    },
    { given: 'active co "t"', want: ["type active"] },
    { given: 'active eq "true"', want: ["type active"] },
    { given: "active eq 1", want: ["type active"] },
    { given: 'x509Certificates gt "A"', want: ["type x509Certificates"] },
    { given: "userName eq 5", want: ["type userName"] },
    { given: "userName sw true", want: ["type userName"] },
    { given: "userName co null", want: ["type userName"] },
    { given: "active le null", want: ["type active"] },
    { given: 'meta.created gt "2024-02-29"', want: ["format meta.created"] },
    { given: 'meta.created eq "soon"', want: ["format meta.created"] },
    { given: "meta.created eq 2024", want: ["type meta.created"] },
    { given: 'a eq "x" and (b pr or not (c pr)) and userName pr', want: ["unknown a", "unknown b", "unknown c"] },
  ];
  for (const { given, want } of table) {
    test(given, () => {
      expect(brief(checkFilter(Employee, parseFilter(given, { dialect: "entra" })))).toEqual(want);
    });
  }

  test("numbers are compared with numbers and are no text", () => {
    expect(brief(checkFilter(Sensor, 'count eq "5" or level co 5 or marks sw "x" or count gt 1.5'))).toEqual([
      "type count",
      "type level",
      "type marks",
    ]);
    expect(brief(checkFilter(Sensor, 'tags[type pr] and times[value gt "x"] and spots eq 1'))).toEqual([
      "unknown tags.type",
      "format times.value",
      "type spots",
    ]);
  });

  const messages = [
    {
      given: 'userNme eq "a"',
      want: '"userNme" is not an attribute of User; perhaps "userName" is meant (RFC 7644 §3.4.2.2)',
    },
    {
      given: "department pr",
      want: `"department" is not an attribute of User; perhaps "${ENTERPRISE}:department" is meant (RFC 7644 §3.4.2.2)`,
    },
    { given: "name.xyz pr", want: '"name.xyz" is not an attribute of "name" (RFC 7644 §3.4.2.2)' },
    {
      given: "emails[tipe pr]",
      want: '"emails.tipe" is not an attribute of "emails"; perhaps "type" is meant (RFC 7644 §3.4.2.2)',
    },
    {
      given: `${ENTERPRISE}s:manager pr`,
      want: `"${ENTERPRISE}s:manager" is not in a schema of User; perhaps "${ENTERPRISE}" is meant (RFC 7644 §3.4.2.2)`,
    },
    {
      given: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr pr",
      want: `"urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr" is not in a schema of User; perhaps "${ENTERPRISE}" is meant (RFC 7644 §3.4.2.2)`,
    },
    {
      given: `${ENTERPRISE}:costCentre pr`,
      want: `"${ENTERPRISE}:costCentre" is not an attribute of "${ENTERPRISE}"; perhaps "costCenter" is meant (RFC 7644 §3.4.2.2)`,
    },
    {
      given: "active gt true",
      want: '"active" is boolean and has no order, so that "gt" is an invalidFilter (RFC 7644 §3.4.2.2)',
    },
    {
      given: "active sw true",
      want: '"active" is boolean and no text, so that "sw" cannot be used (RFC 7644 §3.4.2.2)',
    },
    {
      given: 'active eq "hunter2"',
      want: '"active" is boolean and cannot be compared with a string (RFC 7644 §3.4.2.2)',
    },
    { given: "userName gt null", want: '"userName" cannot be compared with null by "gt" (RFC 7644 §3.4.2.2)' },
    {
      given: 'name eq "x"',
      want: '"name" is complex, so that one of its sub-attributes has to be named (RFC 7644 §3.4.2.2)',
    },
    {
      given: "title[value pr]",
      want: '"title" has a single value of type string, brackets have nothing to select (RFC 7644 §3.4.2.2)',
    },
    {
      given: 'meta.created lt "x"',
      want: '"meta.created" must be compared with a date-time such as 2008-01-23T04:56:22Z (RFC 7644 §3.4.2.2)',
    },
  ];
  for (const { given, want } of messages) {
    test(`${given}: says so`, () => {
      expect(checkFilter(Employee, given)).toEqual([
        expect.objectContaining({ message: want, section: "RFC 7644 §3.4.2.2" }),
      ]);
    });
  }

  test("it depends on the model", () => {
    expect(checkFilter(Group, 'members.value eq "1" and displayName pr')).toEqual([]);
    expect(brief(checkFilter(User, 'members.value eq "1" and displayName pr'))).toEqual(["unknown members.value"]);
    expect(brief(checkFilter(User, `${SENSOR}:label pr`))).toEqual([`unknown ${SENSOR}:label`]);
  });

  test("below a complex attribute whose sub-attributes are not published any name will do", () => {
    const schema = {
      id: "urn:example:Open",
      name: "Open",
      attributes: [{ name: "open", type: "complex" as const }],
    };
    const attributes = compileAttributes(schema.attributes, () => undefined);
    const Open = new ResourceModel({ name: "Open", endpoint: "/Opens", schema, attributes });
    expect(checkFilter(Open, 'open.anything.deep eq "x" and open[thing gt 1] and open eq 5')).toEqual([]);
  });

  test("at most 20 issues, and soon", () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `unknown${index} pr`).join(" or ");
    expect(checkFilter(Employee, many)).toHaveLength(20);
    const long = checkFilter(Employee, `${"a".repeat(256)}.${"b".repeat(256)} pr`);
    expect(long[0]?.message.length).toBeLessThan(500);
  });

  test("text that is no filter is a syntax error", () => {
    expect(() => checkFilter(User, "userName")).toThrow(SCIMSyntaxError);
  });
});
