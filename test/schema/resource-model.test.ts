import { describe, expect, test } from "vitest";
import { UnknownResourceType } from "../../src/errors.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { compileAttributes } from "../../src/schema/attribute.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import { ExtensionModel, ResourceModel, sameName } from "../../src/schema/resource-model.ts";

const USER = User.schema.id;
const ENTERPRISE = EnterpriseUser.schema.id;

describe("RFC 7643 §3.1: every resource has the common attributes beside those of its schema", () => {
  test("schemas, id, externalId and meta come first, extensions last", () => {
    const names = [...Group.with(EnterpriseUser).attributes].map(({ name }) => name);
    expect(names).toEqual(["schemas", "id", "externalId", "meta", "displayName", "members", ENTERPRISE]);
  });

  test("a schema does not redefine schemas, id and meta", () => {
    const model = defineModel({
      schema: {
        id: "urn:example:a:Thing",
        attributes: [{ name: "ID", type: "integer" }, { name: "meta" }, { name: "Schemas" }, { name: "size" }],
      },
    });
    expect([...model.attributes].map(({ name }) => name)).toEqual(["schemas", "id", "externalId", "meta", "size"]);
    expect(model.attributes.get("meta")?.subAttributes?.get("created")?.type).toBe("dateTime");
    expect(model.attributes.get("ID")).toMatchObject({
      type: "string",
      mutability: "readOnly",
      returned: "always",
    });
  });

  test("a schema may say more of externalId, such as that it is required", () => {
    const schema = { id: "urn:example:a:Thing", attributes: [{ name: "externalID", required: true }] } as const;
    const { attributes } = defineModel({ schema });
    expect([...attributes].map(({ name, required }) => ({ name, required }))).toEqual([
      { name: "schemas", required: false },
      { name: "id", required: true },
      { name: "meta", required: false },
      { name: "externalID", required: true },
    ]);
  });
});

describe("RFC 7643 §3.3: a resource type is extended by schemas", () => {
  test("the same extension gives the same model", () => {
    expect(User.with(EnterpriseUser)).toBe(User.with(EnterpriseUser));
  });

  test("the model itself is not changed", () => {
    expect(User.with(EnterpriseUser)).not.toBe(User);
    expect(User.extensions).toEqual([]);
    expect(User.attributes.get(ENTERPRISE)).toBeUndefined();
  });

  test("an extension that the model has already, by URN in any case, is not added again", () => {
    const same = defineExtension({ schema: { ...EnterpriseUser.schema, id: ENTERPRISE.toUpperCase() } });
    const extended = User.with(EnterpriseUser);
    expect(extended.with(EnterpriseUser)).toBe(extended);
    expect(extended.with(same)).toBe(extended);
  });

  test("two extensions stand beside each other", () => {
    const Badge = defineExtension({ schema: { id: "urn:example:ext:Badge", attributes: [{ name: "number" }] } });
    const model = User.with(EnterpriseUser).with(Badge);
    expect(model.extensions).toEqual([
      { model: EnterpriseUser, required: false },
      { model: Badge, required: false },
    ]);
    expect([model.name, model.endpoint, model.schema]).toEqual([User.name, User.endpoint, User.schema]);
  });

  test("what only the server writes stays so, and what has no id", () => {
    const model = new ResourceModel({
      name: "Status",
      endpoint: "/Status",
      schema: Group.schema,
      attributes: compileAttributes(Group.schema.attributes, () => {}),
      identified: false,
      readOnly: true,
    }).with(EnterpriseUser);
    expect([model.identified, model.readOnly]).toEqual([false, true]);
  });

  test("wrong use is a TypeError", () => {
    // @ts-expect-error A resource model extends nothing.
    expect(() => User.with(Group)).toThrow(new TypeError("User.with() takes an extension model"));
    const self = defineExtension({ schema: { id: USER.toLowerCase(), attributes: [] } });
    expect(() => User.with(self)).toThrow(new TypeError(`${USER} is the core schema of User and cannot extend it`));
  });

  const model = User.with(EnterpriseUser);
  const found = ["EnterpriseUser", "Enterprise User", "enterprise-user", ENTERPRISE, ENTERPRISE.toUpperCase()];
  test.each(found)("%s finds the extension model", (name) => {
    expect(model.getExtensionModel(name)).toBe(EnterpriseUser);
  });

  test.each(["User", "", USER, "constructor"])("%j finds none, and the error lists what there is", (name) => {
    expect(model.findExtensionModel(name)).toBeUndefined();
    const message = `"${name}" is not an extension of User; it has EnterpriseUser`;
    expect(() => model.getExtensionModel(name)).toThrow(new UnknownResourceType(message, ["EnterpriseUser"]));
    expect(() => User.getExtensionModel(name)).toThrow(`"${name}" is not an extension of User; it has none`);
  });

  test("an extension whose schema has no name is called by its URN", () => {
    const Badge = defineExtension({ schema: { id: "urn:example:ext:Badge", attributes: [] } });
    expect(Badge).toBeInstanceOf(ExtensionModel);
    expect(Badge.name).toBe("urn:example:ext:Badge");
    expect(User.with(Badge).getExtensionModel("urn:example:ext:badge")).toBe(Badge);
  });
});

describe("RFC 7643 §3: the schemas attribute says what a resource is", () => {
  const cases: ReadonlyArray<{ given: unknown; want: boolean }> = [
    { given: { schemas: [USER] }, want: true },
    { given: { schemas: [ENTERPRISE, USER] }, want: true },
    { given: { schemas: [USER.toUpperCase()] }, want: true },
    { given: { schemas: [ENTERPRISE], meta: { resourceType: "User" } }, want: false },
    { given: { schemas: [7, null] }, want: false },
    { given: { schemas: [], meta: { resourceType: "User" } }, want: true },
    { given: { schemas: USER, meta: { resourceType: "user" } }, want: true },
    { given: { meta: { resourceType: "Group" } }, want: false },
    { given: { meta: { resourceType: ["User"] } }, want: false },
    { given: { meta: null }, want: false },
    { given: {}, want: false },
    { given: [USER], want: false },
    { given: null, want: false },
    { given: USER, want: false },
    { given: undefined, want: false },
  ];
  test.each(cases)("$given: $want", ({ given, want }) => {
    expect(User.is(given)).toBe(want);
  });
});

describe("RFC 7644 §3.10: an attribute path names attributes of the resource", () => {
  const model = User.with(EnterpriseUser);
  const cases: ReadonlyArray<{ given: string; want: string[] | undefined }> = [
    { given: "userName", want: ["userName"] },
    { given: "USERNAME", want: ["userName"] },
    { given: "Name.FamilyName", want: ["name", "familyName"] },
    { given: "emails.value", want: ["emails", "value"] },
    { given: "members.$ref", want: undefined },
    { given: "groups.$ref", want: ["groups", "$ref"] },
    { given: "meta.lastModified", want: ["meta", "lastModified"] },
    { given: "id", want: ["id"] },
    { given: "schemas", want: ["schemas"] },
    { given: USER, want: [] },
    { given: `${USER}:userName`, want: ["userName"] },
    { given: `${USER.toLowerCase()}:emails.type`, want: ["emails", "type"] },
    { given: `${USER}:id`, want: ["id"] },
    { given: ENTERPRISE, want: [ENTERPRISE] },
    { given: `${ENTERPRISE}:department`, want: [ENTERPRISE, "department"] },
    { given: `${ENTERPRISE.toUpperCase()}:MANAGER.value`, want: [ENTERPRISE, "manager", "value"] },
    { given: `${ENTERPRISE}:userName`, want: undefined },
    { given: `${ENTERPRISE}.department`, want: undefined },
    { given: "urn:example:other:User:userName", want: undefined },
    { given: "department", want: undefined },
    { given: "userName.value", want: undefined },
    { given: "name.familyName.x", want: undefined },
    { given: "constructor", want: undefined },
    { given: "__proto__", want: undefined },
    { given: "name.__proto__", want: undefined },
    { given: 'a"b', want: undefined },
    { given: "a\nb", want: undefined },
    { given: 'emails[type eq "work"]', want: undefined },
    { given: "", want: undefined },
  ];
  test.each(cases)("$given: $want", ({ given, want }) => {
    expect(model.resolve(given)?.map(({ name }) => name)).toEqual(want);
  });

  test("a sub-attribute of the default set is found (RFC 7643 §2.4)", () => {
    const schema = {
      id: "urn:example:a:Thing",
      attributes: [{ name: "tags", type: "complex", multiValued: true }],
    } as const;
    expect(defineModel({ schema }).resolve("tags.primary")?.[1]?.type).toBe("boolean");
  });
});

describe("RFC 8141 §3.1: URNs, and RFC 7643 §2.1: names do not differ by case", () => {
  const cases = [
    { given: { one: USER, other: USER }, want: true },
    { given: { one: USER, other: USER.toUpperCase() }, want: true },
    { given: { one: USER, other: ENTERPRISE }, want: false },
    { given: { one: "User", other: "User " }, want: false },
  ];
  test.each(cases)("$given: $want", ({ given, want }) => {
    expect(sameName(given.one, given.other)).toBe(want);
  });
});
