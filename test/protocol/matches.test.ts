import { describe, expect, test } from "vitest";
import { SCIMSyntaxError } from "../../src/errors.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { parseFilter } from "../../src/protocol/filter-parser.ts";
import { compileMatcher, matches, matchesElement } from "../../src/protocol/matches.ts";
import { parsePath } from "../../src/protocol/path.ts";
import type { Attribute } from "../../src/schema/attribute.ts";
import { defineModel } from "../../src/schema/define-model.ts";
import { PLACE, Sensor, SENSOR } from "./sample-model.ts";
import { staff } from "./staff.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);

function sensorAttribute(name: string): Attribute {
  const found = Sensor.attributes.get(name);
  if (found === undefined) throw new Error(name);
  return found;
}

type Name = keyof typeof staff;

function who(filter: string): string {
  const matcher = compileMatcher(Employee, parseFilter(filter));
  return (Object.keys(staff) as Name[]).filter((name) => matcher(staff[name])).join(" ");
}

describe("RFC 7644 §3.4.2.2: every form of filter that the section shows", () => {
  const table = [
    { given: 'userName Eq "CWONG"', want: "chen" },
    { given: `name.familyName co "ARC"`, want: "chen bo" },
    { given: `name.familyName co "d'Arc"`, want: "chen" },
    { given: 'userName sw "C"', want: "chen bo" },
    { given: `${CORE}:userName sw "C"`, want: "chen bo" },
    { given: "nickName pr", want: "chen ada" },
    { given: 'meta.lastModified gt "2024-02-29T23:59:59Z"', want: "bo ada" },
    { given: 'meta.lastModified ge "2024-02-29T23:59:59Z"', want: "chen bo ada" },
    { given: 'meta.lastModified lt "2024-03-01T00:00:00Z"', want: "chen ada" },
    { given: 'meta.lastModified le "2024-02-29T23:59:59Z"', want: "chen" },
    { given: 'nickName pr and userType eq "Contractor"', want: "chen" },
    { given: 'nickName pr or userType eq "Temp"', want: "chen bo ada" },
    { given: `schemas eq "${ENTERPRISE}"`, want: "chen dana" },
    {
      given: 'userType eq "Temp" and (emails co "corp.example" or emails.value co "home.example")',
      want: "bo ada",
    },
    {
      given: 'userType ne "Contractor" and not (emails co "corp.example" or emails.value co "x.example")',
      want: "ada dana",
    },
    { given: 'userType eq "Temp" and (emails.type eq "work")', want: "ada" },
    { given: 'userType eq "Temp" and emails[type eq "home" and value co "@corp.example"]', want: "bo" },
    {
      given:
        'emails[type eq "work" and value co "@lab.example"] or ims[type eq "irc" and value co "@chat.example"]',
      want: "chen ada",
    },
  ];
  for (const { given, want } of table) {
    test(given, () => {
      expect(who(given)).toBe(want);
    });
  }
});

describe("RFC 7644 §3.10: attribute notation", () => {
  const table = [
    { given: 'id eq "2"', want: "bo" },
    { given: 'meta.resourceType eq "User"', want: "chen bo ada" },
    { given: `${ENTERPRISE}:department eq "OPTICS"`, want: "chen dana" },
    { given: `${ENTERPRISE}:manager.displayName sw "d"`, want: "chen" },
    { given: `${ENTERPRISE}:manager pr`, want: "chen" },
    { given: `${ENTERPRISE}:manager eq "4"`, want: "chen" },
    { given: `${ENTERPRISE}:manager[displayName eq "dana"]`, want: "chen" },
    { given: `${ENTERPRISE} pr`, want: "chen dana" },
    { given: `${ENTERPRISE.toUpperCase()}:DEPARTMENT pr`, want: "chen dana" },
    { given: `${CORE}:name.familyName pr`, want: "chen bo" },
    { given: `${CORE} pr`, want: "chen bo ada dana" },
    { given: "department pr", want: "" },
    { given: "USERNAME pr and NAME.FAMILYNAME pr and EMAILS[TYPE pr]", want: "chen bo" },
    { given: "urn:example:other:1.0:User:room pr", want: "" },
    { given: "toString pr or valueOf pr or hasOwnProperty pr", want: "" },
  ];
  for (const { given, want } of table) {
    test(given, () => {
      expect(who(given)).toBe(want);
    });
  }

  test("RFC 7643 §2.1: names of members are found in any case, the schema's spelling first", () => {
    expect(matches(User, 'userName eq "a"', { USERNAME: "a" })).toBe(true);
    expect(matches(User, 'userName eq "a"', { USERNAME: "b", userName: "a" })).toBe(true);
    expect(matches(User, 'emails[type eq "a"]', { Emails: [{ TYPE: "a" }] })).toBe(true);
    expect(
      matches(Employee, `${ENTERPRISE}:department pr`, { [ENTERPRISE.toLowerCase()]: { Department: "x" } }),
    ).toBe(true);
  });

  test("an extension that the model does not have is looked for in the resource", () => {
    const resource = {
      "urn:example:room:1.0:User": { room: { floor: 3, value: "B" } },
      badge: [{ value: "Q", color: "red" }],
    };
    expect(matches(User, "urn:example:room:1.0:User pr", resource)).toBe(true);
    expect(matches(User, "urn:example:room:1.0:User:room.floor gt 2", resource)).toBe(true);
    expect(matches(User, 'URN:example:ROOM:1.0:user:room eq "b"', resource)).toBe(true);
    expect(matches(User, 'badge eq "q" and badge[color eq "RED"] and badge.color pr', resource)).toBe(true);
    expect(matches(User, "urn:example:room:1.0:Group pr", resource)).toBe(false);
  });
});

describe("values of one sensor", () => {
  const sensor = {
    id: "s1",
    label: "Straße 5",
    code: "aB",
    active: true,
    count: 5,
    level: 0.5,
    seen: "2024-02-29T12:00:00.120Z",
    key: "QUJD",
    link: "https://example.com/A",
    tags: ["Red", "green"],
    marks: [1, 7],
    times: ["2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"],
    maker: { name: "Acme" },
    owner: { value: "u1", display: "Una" },
    ports: [
      { value: "A1", type: "usb", number: 1, primary: true, names: ["x", "y"] },
      { value: "B2", type: "hdmi", number: 2, opened: "2024-01-01T00:00:00+00:00" },
    ],
    spots: [{ x: 1, y: 2 }, { x: 3 }],
    [PLACE]: { room: "Lab", floor: 0, doors: [] },
  };
  const yes = [
    // Table 3, text: lower case unless caseExact
    'label eq "STRASSE 5" or label eq "straße 5"',
    'label co "RASS" or label co "RAßE"',
    'label sw "s"',
    'label ew " 5"',
    'label sw "" and label co "" and label ew ""',
    'code eq "aB"',
    'code ne "ab"',
    'code sw "a" and code ew "B"',
    'label gt "A" and label lt "T" and label ge "straße 5" and label le "straße 5"',
    'code gt "a" and code lt "ab"',
    'code gt "Z"',
    'link eq "https://example.com/A"',
    'link ne "https://example.com/a"',
    // numbers
    "count eq 5 and count eq 5.0 and count ne 4",
    "count gt 4 and count ge 5 and count lt 6 and count le 5",
    "level gt 0.25 and level le 5e-1",
    `${PLACE}:floor eq 0 and ${PLACE}:floor eq -0`,
    // booleans and binary values are equal or not
    "active eq true and active ne false",
    'key eq "QUJD" and key ne "qujd"',
    // points in time
    'seen eq "2024-02-29T12:00:00.12Z"',
    'seen eq "2024-02-29T13:00:00.12000+01:00"',
    'seen gt "2024-02-29T12:00:00.1199999999999Z"',
    'seen lt "2024-02-29T12:00:00.1200000000001Z"',
    'seen ge "2024-02-29T07:00:00.12-05:00"',
    'seen ne "2024-02-29T12:00:00Z"',
    'seen sw "2024-02-29t"',
    'times lt "2024-06-01T00:00:00Z" and times gt "2024-06-01T00:00:00Z"',
    // multi-valued attributes: any value
    'tags eq "red" and tags eq "GREEN"',
    'tags ne "red"',
    "marks gt 6 and marks lt 2",
    'tags.value eq "red"',
    'tags[value sw "g"]',
    'ports.type eq "usb" and ports.type ne "usb"',
    "ports.number ge 2",
    'ports.names eq "y"',
    'ports.names ne "x"',
    // the value that a complex attribute stands for
    'ports eq "a1"',
    'ports ne "a1"',
    'owner eq "u1"',
    'owner ne "U1"',
    `${PLACE}:doors eq null`,
    // the same value
    'ports[type eq "usb" and number eq 1]',
    'ports[type eq "hdmi" and not (primary pr)]',
    "spots[x eq 3 and not (y pr)]",
    'ports[opened eq "2023-12-31T23:00:00-01:00"]',
    'owner[display eq "una"]',
    'ports[number gt 1 or names eq "x"]',
    'not (ports[type eq "hdmi" and number eq 1])',
    // unassigned (RFC 7643 §2.5)
    'maker.site eq null and maker.site ne "x"',
    "maker.name ne null",
    "maker ne null",
    "tags ne null",
    "externalId eq null",
    'externalId ne "x"',
    "not (externalId pr)",
    "spots.y eq null",
    "ports.opened eq null",
    "spots[y eq null]",
    // pr
    "label pr and active pr and level pr and maker pr and ports pr and spots.y pr and tags pr",
    `${PLACE}:floor pr`,
    `not (${PLACE}:doors pr) and not (maker.site pr)`,
    // another type is not identical, and nothing else
    'count ne "5"',
    "label ne 5",
    'active ne "true"',
    "label ne true",
    'maker ne "Acme"',
  ];
  const no = [
    'label eq "strasse 5"',
    'code eq "ab"',
    'code co "AB"',
    'label co "x"',
    'link co "/a"',
    "count gt 5",
    "count lt 5",
    "level eq 0.50001",
    "count co 5",
    "count sw 5",
    "active gt false",
    "active ge true",
    "active co true",
    'key gt "A"',
    'key le "QUJD"',
    'seen eq "2024-02-29T12:00:00Z"',
    'seen gt "2024-02-29T12:00:00.12Z"',
    'seen eq "2024-02-29"',
    'seen gt "2024"',
    'seen lt "x"',
    'ports[type eq "usb" and number eq 2]',
    'ports[type eq "usb"] and ports[number eq 3]',
    "spots[x eq 1 and not (y pr)]",
    'owner eq "U1"',
    "spots eq 1",
    'maker eq "Acme"',
    'maker[name eq "Other"]',
    "ports[missing eq 1]",
    "label[value eq 1]",
    "maker eq null",
    "maker.name eq null",
    "tags eq null",
    "externalId ne null",
    "externalId pr",
    'externalId co ""',
    'externalId gt ""',
    `${PLACE}:doors[not (value pr)]`,
    `${PLACE}:doors ne null`,
    "missing[not (a pr)]",
    "missing pr",
    'count eq "5"',
    "label eq 5",
    'active eq "true"',
    "label gt 1",
    'count gt "4"',
    "label co null",
    "label gt null",
    'not (tags eq "red")',
    'not (ports.type ne "usb")',
  ];
  for (const given of yes) {
    test(`${given} matches`, () => {
      expect(matches(Sensor, given, sensor)).toBe(true);
      expect(matches(Sensor, `not (${given})`, sensor)).toBe(false);
    });
  }
  for (const given of no) {
    test(`${given} does not match`, () => {
      expect(matches(Sensor, given, sensor)).toBe(false);
      expect(matches(Sensor, `not (${given})`, sensor)).toBe(true);
    });
  }

  test("RFC 3339 §1: years from 0000 to 9999 are in their order, and a leap second follows the one before", () => {
    const moments = [
      "0000-01-01T00:00:00Z",
      "0050-01-01T00:00:00Z",
      "1849-12-31T23:59:59Z",
      "1969-12-31T23:59:59.9Z",
      "1970-01-01T00:00:00Z",
      "2016-12-31T23:59:59Z",
      "2016-12-31T23:59:60Z",
      "2017-01-01T00:00:01Z",
      "9999-12-31T23:59:59Z",
    ];
    for (const [index, seen] of moments.entries()) {
      const later = moments.filter((moment) => matches(Sensor, `seen lt "${moment}"`, { seen }));
      expect(later).toEqual(moments.slice(index + 1));
    }
  });

  test("RFC 7643 §2.3.5, XML Schema §3.2.7: the end of a day is the next midnight", () => {
    const table = [
      { seen: "2011-05-13T24:00:00Z", want: true },
      { seen: "2011-05-13t24:00:00.000z", want: true },
      { seen: "2011-05-14T01:00:00+01:00", want: true },
      { seen: "2011-05-13T24:00:00-01:00", want: false },
      { seen: "2011-05-13T24:00:00.1Z", want: false },
      { seen: "2011-05-13T24:00:01Z", want: false },
      { seen: "2011-02-29T24:00:00Z", want: false },
      { seen: "2011-05-13T24:00:00", want: false },
    ];
    for (const { seen, want } of table) {
      expect([seen, matches(Sensor, 'seen eq "2011-05-14T00:00:00Z"', { seen })]).toEqual([seen, want]);
    }
    const turn = { seen: "2012-01-01T00:00:00Z" };
    expect(matches(Sensor, 'seen eq "2011-12-31T24:00:00Z" and seen lt "2012-01-01T24:00:00Z"', turn)).toBe(true);
  });

  test("letters whose lower case is longer are equal to it", () => {
    expect(matches(Sensor, 'label eq "i\u0307"', { label: "\u0130" })).toBe(true);
    expect(matches(Sensor, 'label eq "k"', { label: "\u212a" })).toBe(true);
    expect(matches(Sensor, 'label eq "i"', { label: "\u0130" })).toBe(false);
  });

  test("a URN in brackets names nothing", () => {
    expect(matches(Sensor, `ports[${SENSOR}:type eq "usb"]`, sensor)).toBe(false);
    expect(matches(Sensor, `ports[not (${SENSOR}:type pr)]`, sensor)).toBe(true);
  });

  test("a core schema whose URN ends in no name stands for the resource as any does", () => {
    const Thing = defineModel({
      schema: { id: "urn:example:thing:1.0", name: "Thing", attributes: [{ name: "label" }] },
    });
    expect(matches(Thing, "urn:example:thing:1.0 pr and urn:example:thing:1.0:label pr", { label: "a" })).toBe(
      true,
    );
    expect(matches(Thing, "urn:example:thing:1.0 pr", { label: null })).toBe(false);
  });

  test("text that is no date-time equals itself and is in no order", () => {
    const odd = { seen: "yesterday" };
    expect(matches(Sensor, 'seen eq "yesterday"', odd)).toBe(true);
    expect(matches(Sensor, 'seen ne "Yesterday"', odd)).toBe(true);
    expect(matches(Sensor, 'seen eq "2024-02-29T12:00:00Z"', odd)).toBe(false);
    for (const operator of ["gt", "ge", "lt", "le"]) {
      expect(matches(Sensor, `seen ${operator} "yesterday"`, odd)).toBe(false);
      expect(matches(Sensor, `seen ${operator} "2024-02-29T12:00:00Z"`, odd)).toBe(false);
    }
  });

  test("a lone value where several belong, and several where one belongs, are compared all the same", () => {
    expect(matches(Sensor, 'ports.type eq "usb"', { ports: { type: "usb" } })).toBe(true);
    expect(matches(Sensor, 'ports eq "A1" and ports[value eq "a1"]', { ports: ["A1"] })).toBe(true);
    expect(matches(Sensor, 'label eq "a"', { label: ["b", "a"] })).toBe(true);
  });

  test("values that are unassigned are no values", () => {
    for (const ports of [undefined, null, [], [null], [null, undefined], [[{ type: "usb" }]]]) {
      expect(matches(Sensor, 'ports.type eq "usb"', { ports })).toBe(false);
      expect(matches(Sensor, 'ports.type ne "usb" and ports ne "x"', { ports })).toBe(true);
      expect(matches(Sensor, 'ports[type ne "usb"] or ports[not (type pr)]', { ports })).toBe(false);
    }
    for (const ports of [undefined, null, [], [null], {}, [{}], [{ type: null }], [{ names: [] }, {}]]) {
      expect(matches(Sensor, "ports pr or ports ne null", { ports })).toBe(false);
      expect(matches(Sensor, "ports eq null", { ports })).toBe(true);
    }
    expect(matches(Sensor, "label pr", { label: "" })).toBe(false);
    expect(matches(Sensor, 'label ne null and label eq ""', { label: "" })).toBe(true);
    expect(matches(Sensor, "active pr and count pr", { active: false, count: 0 })).toBe(true);
  });
});

describe("whatever the resource is", () => {
  const deep: unknown[] = [];
  let inner: unknown[] = deep;
  for (let level = 0; level < 100_000; level += 1) {
    const next: unknown[] = [];
    inner.push(next);
    inner = next;
  }
  const circular: Record<string, unknown> = {};
  circular["maker"] = circular;
  circular["ports"] = [circular];
  const odd = [
    undefined,
    null,
    0,
    "",
    "text",
    true,
    [],
    [[]],
    [null],
    {},
    Object.create(null),
    new Date(0),
    () => 1,
    Symbol("s"),
    1n,
    { ports: deep },
    { maker: deep, tags: [deep, { a: deep }] },
    circular,
    { label: { a: 1 }, count: [{}], active: "x", seen: 5 },
    JSON.parse('{"__proto__":{"label":"x"},"constructor":{"label":"x"}}'),
  ];
  const filters = [
    'label eq "x"',
    "label pr",
    "not (maker.name pr)",
    'ports[type eq "a" or not (value co "b")]',
    "maker eq null",
    "marks gt 1",
    'seen ge "2024-02-29T12:00:00Z"',
    "ports pr",
    "maker pr",
    "unknown.deep.er eq 1",
    "urn:a:b:c pr",
    SENSOR + " pr",
  ];
  for (const given of filters) {
    test(`${given} is answered`, () => {
      for (const resource of odd) expect(typeof matches(Sensor, given, resource)).toBe("boolean");
    });
  }

  test("what is inherited is not there", () => {
    expect(matches(Sensor, "label pr", Object.create({ label: "x" }))).toBe(false);
    expect(matches(Sensor, "label pr", JSON.parse('{"__proto__":{"label":"x"}}'))).toBe(false);
    expect(matches(Sensor, "LABEL pr", Object.create({ label: "x" }))).toBe(false);
  });

  test("it is not changed", () => {
    const frozen = Object.freeze({ label: "x", ports: Object.freeze([Object.freeze({ type: "a" })]) });
    expect(matches(Sensor, 'LABEL eq "X" and ports[TYPE eq "a"]', frozen)).toBe(true);
  });
});

describe("matches and its compiled form", () => {
  test("text is parsed, and refused when it is no filter", () => {
    expect(() => matches(User, "userName eq", {})).toThrow(SCIMSyntaxError);
    for (const wrong of [
      undefined,
      null,
      5,
      {},
      { op: "pr", path: { attribute: "a", subAttributes: [] } },
      parsePath("a"),
    ]) {
      expect(() => matches(User, wrong as never, {})).toThrow(TypeError);
    }
  });

  test("the same model and filter give the same matcher, another model another", () => {
    const filter = parseFilter('displayName eq "A"');
    expect(compileMatcher(User, filter)).toBe(compileMatcher(User, filter));
    expect(compileMatcher(User, filter)).not.toBe(compileMatcher(Group, filter));
    expect(matches(Group, filter, { displayName: "a" })).toBe(true);
  });

  test("Entra's dialect: what follows the brackets is about the same value", () => {
    const given = parseFilter('emails[type eq "work"].value eq "CHEN@corp.example"', { dialect: "entra" });
    expect(matches(User, given, staff.chen)).toBe(true);
    const other = parseFilter('emails[type eq "home"].value eq "chen@corp.example"', { dialect: "entra" });
    expect(matches(User, other, staff.chen)).toBe(false);
    const present = parseFilter('emails[type eq "home"].primary pr', { dialect: "entra" });
    expect(matches(User, present, staff.chen)).toBe(false);
  });
});

describe("RFC 7644 §3.5.2: one value and the filter of a value path", () => {
  const table = [
    { name: "ports", filter: 'type eq "USB" and number ge 1', element: { type: "usb", number: 1 }, want: true },
    { name: "ports", filter: 'type eq "USB" and number ge 1', element: { type: "usb" }, want: false },
    { name: "ports", filter: "not (primary eq true)", element: { type: "usb" }, want: true },
    { name: "ports", filter: 'TYPE eq "usb"', element: { Type: "usb" }, want: true },
    { name: "ports", filter: 'value eq "a"', element: "A", want: true },
    { name: "tags", filter: 'value eq "RED"', element: "red", want: true },
    { name: "tags", filter: 'VALUE ne "red"', element: "red", want: false },
    { name: "tags", filter: 'other eq "red"', element: "red", want: false },
    {
      name: "times",
      filter: 'value lt "2024-01-01T01:00:00+01:00"',
      element: "2023-12-31T23:59:59.999Z",
      want: true,
    },
    { name: "marks", filter: "value gt 5", element: 6, want: true },
    { name: "owner", filter: 'value eq "U1"', element: { value: "u1" }, want: false },
    { name: "ports", filter: "type pr", element: null, want: false },
  ];
  for (const { name, filter, element, want } of table) {
    test(`${name}[${filter}] ${want ? "takes" : "leaves"} ${JSON.stringify(element)}`, () => {
      expect(matchesElement(sensorAttribute(name), parseFilter(filter), element)).toBe(want);
      expect(matches(Sensor, `${name}[${filter}]`, { [name]: [element] })).toBe(want);
    });
  }
});
