import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../src/json.ts";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import type { Attribute } from "../../src/schema/attribute.ts";
import { check, checkAttribute } from "../../src/schema/check.ts";
import type { Context } from "../../src/schema/context.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import { loadAjv, Validators } from "../../src/schema/validator.ts";

await loadAjv();

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const Model = User.with(EnterpriseUser);

const Sample = defineModel({
  schema: {
    id: "urn:example:schemas:core:2.0:Sample",
    name: "Sample",
    attributes: [
      { name: "amount", type: "decimal" },
      { name: "count", type: "integer" },
      { name: "flag", type: "boolean" },
      { name: "moment", type: "dateTime" },
      { name: "bytes", type: "binary" },
      { name: "link", type: "reference" },
      { name: "tags", multiValued: true, required: true },
      { name: "anything", type: "complex" },
      { name: "toString" },
    ],
  },
  extensions: [
    defineExtension({ schema: { id: "urn:example:schemas:extension:2.0:Sample", attributes: [{ name: "note" }] } }),
  ],
});

interface Row {
  readonly context?: Context;
  readonly given: JsonValue;
  readonly want: string;
}

/** Each payload breaks one rule. */
const USER_TABLE: readonly Row[] = [
  { given: {}, want: '"userName" must be present in a create request (RFC 7643 §2.2)' },
  {
    given: { userName: undefined },
    want: '"userName" must be present in a create request (RFC 7643 §2.2)',
  },
  {
    given: { userName: null },
    want: '"userName" must have a value, not null, in a create request (RFC 7643 §2.2)',
  },
  {
    context: "replace",
    given: { externalId: "1" },
    want: '"userName" must be present in a replace request (RFC 7643 §2.2)',
  },
  {
    context: "patch",
    given: { userName: null },
    want: '"userName" must have a value, not null, in a patch request (RFC 7643 §2.2)',
  },
  { context: "response", given: {}, want: '"id" must be present in a response (RFC 7643 §3.1)' },
  {
    context: "response",
    given: { id: null },
    want: '"id" must be a string, not null, in a response (RFC 7643 §2.3.1)',
  },
  {
    given: { userName: "b", id: "1" },
    want: '"id" is readOnly and must not be in a create request (RFC 7643 §7)',
  },
  {
    given: { userName: "b", emails: [{ primary: true }, { primary: false }, { value: "c", primary: true }] },
    want: '"emails[2].primary" must not be true a second time in a create request (RFC 7643 §2.4)',
  },
  {
    context: "replace",
    given: {
      userName: "b",
      ims: [
        { value: "a", primary: true },
        { value: "a", primary: true },
      ],
    },
    want: '"ims[1].primary" must not be true a second time in a replace request (RFC 7643 §2.4)',
  },
  {
    context: "patch",
    given: { roles: [{ primary: true }, { primary: true }] },
    want: '"roles[1].primary" must not be true a second time in a patch request (RFC 7643 §2.4)',
  },
  {
    context: "patch",
    given: { groups: [] },
    want: '"groups" is readOnly and must not be in a patch request (RFC 7643 §7)',
  },
  {
    given: { userName: "b", [ENTERPRISE]: { manager: { displayName: "x" } } },
    want: `"${ENTERPRISE}:manager.displayName" is readOnly and must not be in a create request (RFC 7643 §7)`,
  },
  {
    given: { userName: 1 },
    want: '"userName" must be a string, not a number, in a create request (RFC 7643 §2.3.1)',
  },
  {
    given: { userName: "b", emails: [{ value: "b@example.com" }, { value: true }] },
    want: '"emails[1].value" must be a string, not a boolean, in a create request (RFC 7643 §2.3.1)',
  },
  {
    given: { userName: "b", emails: [null] },
    want: '"emails[0]" must be an object, not null, in a create request (RFC 7643 §2.3.8)',
  },
  {
    given: { userName: "b", emails: { value: "b@example.com" } },
    want: '"emails" must be an array, not an object, in a create request (RFC 7643 §2.4)',
  },
  {
    given: { userName: "b", name: ["Babs"] },
    want: '"name" must be an object, not an array, in a create request (RFC 7643 §2.3.8)',
  },
  {
    given: { userName: "b", [ENTERPRISE]: { department: 1 } },
    want: `"${ENTERPRISE}:department" must be a string, not a number, in a create request (RFC 7643 §2.3.1)`,
  },
  {
    given: { userName: "b", nickname: "Babs" },
    want: '"nickname" is not defined by the schema and must not be in a create request; perhaps "nickName" is meant (RFC 7643 §2.1)',
  },
  {
    given: { userName: "b", name: { givnName: "Babs" } },
    want: '"name.givnName" is not defined by the schema and must not be in a create request; perhaps "givenName" is meant (RFC 7643 §2.1)',
  },
  {
    given: { userName: "b", shoeSize: 42 },
    want: '"shoeSize" is not defined by the schema and must not be in a create request (RFC 7643 §2.1)',
  },
  {
    given: { userName: "b", ids: "1" },
    want: '"ids" is not defined by the schema and must not be in a create request; perhaps "ims" is meant (RFC 7643 §2.1)',
  },
  {
    given: { userName: "b", [ENTERPRISE.replace("enterprise", "enterprize")]: {} },
    want: `"${ENTERPRISE.replace("enterprise", "enterprize")}" is not an extension of the resource type and must not be in a create request; perhaps "${ENTERPRISE}" is meant (RFC 7643 §3.3)`,
  },
  {
    given: { userName: "b", "urn:example:other": {} },
    want: '"urn:example:other" is not an extension of the resource type and must not be in a create request (RFC 7643 §3.3)',
  },
  {
    given: { userName: "b", name: { "urn:example:other": {} } },
    want: '"name.urn:example:other" is not defined by the schema and must not be in a create request (RFC 7643 §2.1)',
  },
  {
    given: { userName: "b", [ENTERPRISE]: { departmnt: "x" } },
    want: `"${ENTERPRISE}:departmnt" is not defined by the schema and must not be in a create request; perhaps "department" is meant (RFC 7643 §2.1)`,
  },
  { given: [], want: "the resource must be an object, not an array, in a create request (RFC 7643 §3)" },
  { given: "text", want: "the resource must be an object, not a string, in a create request (RFC 7643 §3)" },
  {
    context: "response",
    given: null,
    want: "the resource must be an object, not null, in a response (RFC 7643 §3)",
  },
];

const SAMPLE_TABLE: readonly Row[] = [
  {
    given: { tags: [] },
    want: '"tags" must have a value, not an empty array, in a create request (RFC 7643 §2.2)',
  },
  {
    context: "patch",
    given: { tags: [] },
    want: '"tags" must have a value, not an empty array, in a patch request (RFC 7643 §2.2)',
  },
  {
    context: "patch",
    given: { amount: "1" },
    want: '"amount" must be a number, not a string, in a patch request (RFC 7643 §2.3.3)',
  },
  {
    context: "patch",
    given: { amount: Infinity },
    want: '"amount" must be a number, not a number out of range, in a patch request (RFC 7643 §2.3.3)',
  },
  {
    context: "patch",
    given: { count: 1.5 },
    want: '"count" must be an integer, not a number, in a patch request (RFC 7643 §2.3.4)',
  },
  {
    context: "patch",
    given: { flag: "true" },
    want: '"flag" must be a boolean, not a string, in a patch request (RFC 7643 §2.3.2)',
  },
  {
    context: "patch",
    given: { moment: 1700000000 },
    want: '"moment" must be a string, not a number, in a patch request (RFC 7643 §2.3.5)',
  },
  {
    context: "patch",
    given: { moment: "2008-01-23" },
    want: '"moment" must be an RFC 3339 date-time such as 2008-01-23T04:56:22Z in a patch request (RFC 7643 §2.3.5)',
  },
  {
    context: "patch",
    given: { bytes: "!" },
    want: '"bytes" must be base64 or base64url in a patch request (RFC 7643 §2.3.6)',
  },
  {
    context: "patch",
    given: { link: {} },
    want: '"link" must be a string, not an object, in a patch request (RFC 7643 §2.3.7)',
  },
  {
    context: "patch",
    given: { anything: "text" },
    want: '"anything" must be an object, not a string, in a patch request (RFC 7643 §2.3.8)',
  },
  {
    context: "patch",
    given: { "": 1 },
    want: '"(empty name)" is not defined by the schema and must not be in a patch request (RFC 7643 §2.1)',
  },
  {
    context: "patch",
    given: { "a\nb\u001b": 1 },
    want: '"a?b?" is not defined by the schema and must not be in a patch request (RFC 7643 §2.1)',
  },
  {
    context: "patch",
    given: JSON.parse('{"__proto__":{"tags":["x"]}}') as JsonValue,
    want: '"__proto__" is not defined by the schema and must not be in a patch request (RFC 7643 §2.1)',
  },
  {
    context: "patch",
    given: JSON.parse('{"constructor":1}') as JsonValue,
    want: '"constructor" is not defined by the schema and must not be in a patch request (RFC 7643 §2.1)',
  },
  {
    context: "patch",
    given: { toString: 1 },
    want: '"toString" must be a string, not a number, in a patch request (RFC 7643 §2.3.1)',
  },
];

const ENGINES = {
  compiled: new Validators({ codeGeneration: true }),
  interpretive: new Validators({ codeGeneration: false }),
};

describe.each(["compiled", "interpretive"] as const)("an issue of the %s validator", (engine) => {
  for (const { context = "create", given, want } of USER_TABLE) {
    test(want, () => {
      expect(ENGINES[engine].issues(Model, context, given).map(({ message }) => message)).toEqual([want]);
    });
  }
  for (const { context = "create", given, want } of SAMPLE_TABLE) {
    test(want, () => {
      expect(ENGINES[engine].issues(Sample, context, given).map(({ message }) => message)).toEqual([want]);
    });
  }
});

describe.each(["compiled", "interpretive"] as const)(
  "RFC 7643 §2.4: for the %s validator one value is primary at most",
  (engine) => {
    const list = { type: "complex", multiValued: true } as const;
    const marked = (mutability?: "readOnly") => [
      { name: "Primary", type: "boolean" as const, ...(mutability === undefined ? {} : { mutability }) },
    ];
    const Deep = defineModel({
      schema: {
        id: "urn:example:schemas:core:2.0:Deep",
        attributes: [
          { name: "bare", ...list },
          { name: "box", type: "complex", subAttributes: [{ name: "inner", ...list, subAttributes: marked() }] },
          {
            name: "boxes",
            ...list,
            subAttributes: [{ name: "inner", ...list, subAttributes: marked() }],
          },
          { name: "given", ...list, subAttributes: marked("readOnly") },
          { name: "single", type: "complex", subAttributes: [{ name: "primary", type: "boolean" }] },
          { name: "text", ...list, subAttributes: [{ name: "primary" }] },
        ],
      },
      extensions: [
        defineExtension({
          schema: {
            id: "urn:example:schemas:extension:2.0:Deep",
            attributes: [{ name: "posts", ...list, subAttributes: marked() }],
          },
        }),
      ],
    });
    const two = [{ Primary: true }, {}, { Primary: true }];
    const table: ReadonlyArray<{ given: JsonValue; want: readonly string[]; context?: Context }> = [
      { given: { bare: [{ primary: true }, { primary: true }] }, want: ["bare[1].primary"] },
      {
        given: { bare: [{ primary: true }, { primary: true }, { primary: true }] },
        want: ["bare[1].primary", "bare[2].primary"],
      },
      { given: { box: { inner: two } }, want: ["box.inner[2].Primary"] },
      { given: { boxes: [{}, { inner: two }] }, want: ["boxes[1].inner[2].Primary"] },
      { given: { boxes: [{ inner: two.slice(1) }, { inner: two.slice(1) }] }, want: [] },
      {
        given: { "urn:example:schemas:extension:2.0:Deep": { posts: two } },
        want: ["urn:example:schemas:extension:2.0:Deep:posts[2].Primary"],
      },
      { given: { single: { primary: true }, text: [{ primary: "true" }, { primary: "true" }] }, want: [] },
      { given: { bare: [{ primary: true }, { primary: null }] }, want: [] },
      { given: { bare: null, box: null }, want: [] },
      { context: "response", given: { id: "1", bare: [{ primary: true }, { primary: true }] }, want: [] },
    ];
    for (const { given, want, context = "create" } of table) {
      test(JSON.stringify(given), () => {
        const issues = ENGINES[engine].issues(Deep, context, given);
        expect(issues.map(({ path }) => path)).toEqual(want);
        expect(new Set(issues.map(({ rule }) => rule))).toEqual(new Set(want.length === 0 ? [] : ["bounds"]));
      });
    }

    test("what only the server sets is its own affair", () => {
      const issues = ENGINES[engine].issues(Deep, "create", { given: two });
      expect(issues.map(({ path, rule }) => [path, rule])).toEqual([
        ["given[0].Primary", "mutability"],
        ["given[2].Primary", "mutability"],
      ]);
    });
  },
);

describe.each(["compiled", "interpretive"] as const)("valid for the %s validator", (engine) => {
  const table: ReadonlyArray<{ title: string; context: Context; given: JsonValue }> = [
    {
      title: "RFC 7643 §2.5: null and an empty array are no value, which an optional attribute may have",
      context: "create",
      given: { userName: "b", nickName: null, emails: null, phoneNumbers: [], name: { givenName: null } },
    },
    {
      title: "RFC 7643 §7: a value that is not canonical",
      context: "create",
      given: { userName: "b", emails: [{ type: "beach" }] },
    },
    {
      title: "RFC 7643 erratum 8280: an answer without a required attribute",
      context: "response",
      given: { id: "1" },
    },
    {
      title: "RFC 7643 §3: an answer with attributes that no schema defines",
      context: "response",
      given: { id: "1", shoeSize: null, name: { pronunciation: [1] }, "urn:example:other": 1 },
    },
    {
      title: "RFC 9944: null for an extension and below it, in an answer",
      context: "response",
      given: { id: "1", [ENTERPRISE]: { manager: { value: null }, department: null } },
    },
    {
      title: "RFC 9944: null for an extension, in an answer",
      context: "response",
      given: { id: "1", [ENTERPRISE]: null },
    },
    {
      title: "RFC 9944: an extension of an extension, in a request",
      context: "create",
      given: { userName: "b", [ENTERPRISE]: { "urn:example:nested": null, "URN:example:nested": { key: [null] } } },
    },
    {
      title: "RFC 7643 §2.3.5: a dateTime in another form, in an answer",
      context: "response",
      given: { id: "1", meta: { created: "yesterday" } },
    },
    {
      title: "a member that is undefined, which JSON does not carry",
      context: "create",
      given: { userName: "b", nickName: undefined },
    },
  ];
  for (const { title, context, given } of table) {
    test(title, () => {
      expect(ENGINES[engine].issues(Model, context, given)).toEqual([]);
    });
  }

  test("RFC 7643 §2.3.8: any object where the sub-attributes are not published", () => {
    const deep = JSON.parse(`${'{"a":['.repeat(50_000)}1${"]}".repeat(50_000)}`) as JsonValue;
    expect(ENGINES[engine].issues(Sample, "patch", { anything: deep })).toEqual([]);
    expect(ENGINES[engine].issues(Sample, "response", { id: "1", unheardOf: deep })).toEqual([]);
  });
});

describe("many issues", () => {
  test("are listed up to the limit", () => {
    const given = { userName: "b", emails: Array.from({ length: 1000 }, () => "text") };
    expect(check(Model, "create", given)).toHaveLength(64);
    expect(check(Model, "create", given, 3).map(({ path }) => path)).toEqual([
      "emails[0]",
      "emails[1]",
      "emails[2]",
    ]);
    expect(check(Model, "create", { ...given, unheardOf: 1 }, 1001).at(-1)?.path).toBe("unheardOf");
  });

  test("are not looked for beyond the limit", () => {
    let read = 0;
    const emails = new Proxy<JsonValue[]>(Array.from({ length: 1000 }), {
      get(target, member, receiver) {
        if (typeof member === "string" && /^\d+$/.test(member)) read += 1;
        return Reflect.get(target, member, receiver) as unknown;
      },
    });
    const given = {
      userName: "b",
      emails,
      get nickName() {
        read += 1;
        return null;
      },
    };
    expect(check(Model, "create", given)).toHaveLength(64);
    expect(read).toBe(64);
  });

  test("of attributes that are missing count as well", () => {
    const attributes = Array.from({ length: 100 }, (_, index) => ({ name: `a${index}`, required: true }));
    const Demanding = defineModel({ schema: { id: "urn:example:schemas:core:2.0:Demanding", attributes } });
    expect(check(Demanding, "create", {})).toHaveLength(64);
  });

  test("start with what is missing, and otherwise come in the order of the payload", () => {
    const given = { zebra: 1, emails: 1, name: { formatted: 1 }, active: "x" };
    expect(check(Model, "create", given).map(({ path }) => path)).toEqual([
      "userName",
      "zebra",
      "emails",
      "name.formatted",
      "active",
    ]);
  });
});

function attributeAt(path: string): Attribute {
  const found = Model.resolve(path)?.at(-1);
  if (found === undefined) throw new Error(path);
  return found;
}

describe("a value of one attribute, as PATCH has it", () => {
  const table: ReadonlyArray<{ path: string; given: JsonValue; element?: boolean; want: string[] }> = [
    { path: "nickName", given: "Babs", want: [] },
    { path: "nickName", given: null, want: [] },
    { path: "userName", given: null, want: ["required at userName"] },
    { path: "nickName", given: 1, want: ["type at nickName"] },
    { path: "id", given: "1", want: ["mutability at id"] },
    { path: "emails", given: [{ value: "b@example.com" }], want: [] },
    { path: "emails", given: [], want: [] },
    { path: "emails", given: { value: "b@example.com" }, want: ["type at emails"] },
    { path: "emails", given: { value: "b@example.com" }, element: true, want: [] },
    { path: "emails", given: [{ value: "b@example.com" }], element: true, want: ["type at emails"] },
    { path: "emails", given: null, element: true, want: ["type at emails"] },
    {
      path: "emails",
      given: { value: 1, valu: 1 },
      element: true,
      want: ["type at emails.value", "unknown at emails.valu"],
    },
    { path: "name", given: { givenName: 1 }, want: ["type at name.givenName"] },
    { path: "name", given: { "urn:x:y": 1 }, want: ["unknown at name.urn:x:y"] },
    { path: "name.givenName", given: 1, want: ["type at name.givenName"] },
    { path: ENTERPRISE, given: { department: 1 }, want: [`type at ${ENTERPRISE}:department`] },
    { path: `${ENTERPRISE}:manager`, given: { value: 1 }, want: [`type at ${ENTERPRISE}:manager.value`] },
    {
      path: `${ENTERPRISE}:manager`,
      given: { displayName: "x" },
      want: [`mutability at ${ENTERPRISE}:manager.displayName`],
    },
  ];
  for (const { path, given, element, want } of table) {
    test(`${JSON.stringify(given)} for ${element === true ? "one of " : ""}${path}: ${want.join(", ") || "fine"}`, () => {
      const options = element === undefined ? {} : { element };
      const issues = checkAttribute(attributeAt(path), "patch", given, path, options);
      expect(issues.map((issue) => `${issue.rule} at ${issue.path}`)).toEqual(want);
    });
  }

  test("has attributes where a resource has extensions", () => {
    expect(checkAttribute(attributeAt("name"), "patch", { "urn:x:y": 1 }, "name")).toMatchObject([
      { section: "RFC 7643 §2.1" },
    ]);
  });

  test("is checked up to the limit", () => {
    expect(checkAttribute(attributeAt("emails"), "patch", [1, 2, 3], "emails", { limit: 2 })).toHaveLength(2);
  });

  test("of an attribute that answers do not have is not looked at there", () => {
    expect(checkAttribute(attributeAt("password"), "response", 1, "password")).toEqual([]);
  });
});

test("no message holds a value", () => {
  const secret = "Hunter2-Hunter2";
  const given = {
    userName: { [secret.slice(0, 3)]: secret },
    password: [secret],
    active: secret,
    emails: [secret, { value: [secret] }],
    meta: secret,
    [ENTERPRISE]: secret,
  };
  for (const context of ["create", "replace", "patch", "response"] as const) {
    for (const validators of Object.values(ENGINES)) {
      expect(JSON.stringify(validators.issues(Model, context, given))).not.toContain("Hunter2");
    }
  }
});
