import { describe, expectTypeOf, test } from "vitest";
import type { JsonObject, ReadonlyJsonObject } from "../src/json.ts";
import {
  EnterpriseUser,
  Group,
  User,
  type EnterpriseUserCreate,
  type EnterpriseUserPaths,
  type EnterpriseUserReplace,
  type GroupCreate,
  type GroupPaths,
  type GroupReplace,
  type UserCreate,
  type UserPaths,
  type UserReplace,
} from "../src/models.gen.ts";
import { patch } from "../src/protocol/patch.ts";
import type { EnterpriseUserSchema, GroupSchema, UserSchema } from "../src/schema/core-schemas.ts";
import type { InferExtensionViews, InferViews } from "../src/schema/infer.ts";
import type { ExtensionModel, ResourceModel, WritableModel } from "../src/schema/resource-model.ts";
import { ResourceType, Schema, ServiceProviderConfig } from "../src/schema/service-provider-models.ts";
import type { Create, Meta, PartialRead, Paths, Read, Replace, Views } from "../src/schema/view.ts";

const URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);

/** Verbs as a client has them. */
declare function query<V extends Views>(model: ResourceModel<V>, id: string): V["read"];
declare function create<V extends Views>(model: WritableModel<V>, resource: V["create"]): V["read"];
declare function replace<V extends Views>(model: WritableModel<V>, resource: V["replace"]): V["read"];
declare function remove<V extends Views>(model: WritableModel<V>, id: string): void;
declare function modify<V extends Views, P extends keyof V["paths"]>(
  model: WritableModel<V>,
  path: P,
  value: V["paths"][P],
): void;

type Labelled<T extends string> = { value?: string; display?: string; type?: T | (string & {}); primary?: boolean };
type Plain = { value?: string; display?: string; type?: string; primary?: boolean };

describe("RFC 7643 §4.1: User", () => {
  test("as a server returns it", () => {
    expectTypeOf<User>().toEqualTypeOf<{
      id: string;
      schemas: string[];
      externalId?: string;
      meta?: Meta;
      userName: string;
      name?: {
        formatted?: string;
        familyName?: string;
        givenName?: string;
        middleName?: string;
        honorificPrefix?: string;
        honorificSuffix?: string;
      };
      displayName?: string;
      nickName?: string;
      profileUrl?: string;
      title?: string;
      userType?: string;
      preferredLanguage?: string;
      locale?: string;
      timezone?: string;
      active?: boolean;
      emails?: Labelled<"work" | "home" | "other">[];
      phoneNumbers?: Labelled<"work" | "home" | "mobile" | "fax" | "pager" | "other">[];
      ims?: Labelled<"aim" | "gtalk" | "icq" | "xmpp" | "msn" | "skype" | "qq" | "yahoo">[];
      photos?: Labelled<"photo" | "thumbnail">[];
      addresses?: {
        formatted?: string;
        streetAddress?: string;
        locality?: string;
        region?: string;
        postalCode?: string;
        country?: string;
        type?: "work" | "home" | "other" | (string & {});
        primary?: boolean;
      }[];
      groups?: { value?: string; $ref?: string; display?: string; type?: "direct" | "indirect" | (string & {}) }[];
      entitlements?: Plain[];
      roles?: Plain[];
      x509Certificates?: Plain[];
    }>();
  });

  test("the types beside the model are its views", () => {
    expectTypeOf<Read<typeof User>>().toEqualTypeOf<User>();
    expectTypeOf<Create<typeof User>>().toEqualTypeOf<UserCreate>();
    expectTypeOf<Replace<typeof User>>().toEqualTypeOf<UserReplace>();
    expectTypeOf<Paths<typeof User>>().toEqualTypeOf<UserPaths>();
  });

  test("what can be written", () => {
    create(User, { userName: "bjensen" });
    create(User, {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      externalId: "701984",
      userName: "bjensen",
      name: { familyName: "Jensen", middleName: null },
      displayName: undefined,
      nickName: null,
      active: true,
      password: "t1meMa$heen",
      emails: [
        { value: "bjensen@example.com", type: "work", primary: true },
        { value: "b@example.com", type: "old" },
      ],
      photos: [],
    });
  });

  test("what cannot", () => {
    // @ts-expect-error userName is required.
    create(User, {});
    // @ts-expect-error It cannot be unassigned either.
    create(User, { userName: null });
    // @ts-expect-error The server makes the id.
    create(User, { userName: "b", id: "1" });
    // @ts-expect-error And the metadata.
    create(User, { userName: "b", meta: {} });
    // @ts-expect-error groups is readOnly.
    create(User, { userName: "b", groups: [] });
    // @ts-expect-error Not an attribute.
    create(User, { userName: "b", username: "b" });
    // @ts-expect-error Not a sub-attribute.
    create(User, { userName: "b", name: { firstName: "B" } });
    // @ts-expect-error emails is multi-valued.
    create(User, { userName: "b", emails: { value: "b@example.com" } });
    // @ts-expect-error active is boolean.
    create(User, { userName: "b", active: "true" });
    // @ts-expect-error User alone has no extension data.
    create(User, { userName: "b", [URN]: { department: "d" } });
  });

  test("RFC 7643 §7: the password is written, never read", () => {
    expectTypeOf<UserCreate>().toHaveProperty("password");
    expectTypeOf<UserReplace>().toHaveProperty("password");
    expectTypeOf<UserPaths>().toHaveProperty("password");
    expectTypeOf<User>().not.toHaveProperty("password");
  });

  test("a user that was read can be created elsewhere", () => {
    create(User, query(User, "1"));
  });
});

describe("RFC 7644 §3.5.1: replacing", () => {
  const user = {} as User;
  const employee = {} as Read<typeof Employee>;

  test("takes what was read, with changes", () => {
    replace(User, user);
    replace(User, { ...user, displayName: "Babs Jensen", title: null, password: "t1meMa$heen" });
    replace(Employee, { ...employee, [URN]: { ...employee[URN], department: "d" } });
    replace(User, { id: "1", userName: "b" });
  });

  test("refuses what is incomplete", () => {
    // @ts-expect-error The id says what to replace.
    replace(User, { userName: "b" });
    // @ts-expect-error userName is required.
    replace(User, { id: "1" });
    const partial = {} as PartialRead<(typeof User)["~views"]>;
    // @ts-expect-error What was read in part would lose the rest.
    replace(User, partial);
    // @ts-expect-error Also with what is required filled in.
    replace(User, { ...partial, userName: "b" });
  });
});

describe("RFC 7644 §3.5.2: modifying", () => {
  test("takes a path and its value", () => {
    modify(User, "userName", "b");
    modify(User, "name", { familyName: "Jensen" });
    modify(User, "name.familyName", null);
    modify(User, "emails", [{ value: "b@example.com" }]);
    modify(User, "emails.type", "work");
    modify(User, "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", "Jensen");
    modify(Employee, "active", false);
    modify(Employee, URN, { department: "d", manager: null });
    modify(Employee, `${URN}:department`, null);
    modify(Employee, `${URN}:manager`, { value: "26118915" });
    modify(Employee, `${URN}:manager.value`, "26118915");
  });

  test("refuses readOnly paths, other paths and other values", () => {
    // @ts-expect-error id is readOnly.
    modify(User, "id", "1");
    // @ts-expect-error So is meta.
    modify(User, "meta.version", "1");
    // @ts-expect-error groups is readOnly with all it has.
    modify(User, "groups.value", "1");
    // @ts-expect-error The manager's name is the server's to say.
    modify(Employee, `${URN}:manager.displayName`, "b");
    // @ts-expect-error Not an attribute.
    modify(User, "surname", "b");
    // @ts-expect-error userName is required.
    modify(User, "userName", null);
    // @ts-expect-error active is boolean.
    modify(User, "active", "true");
    // @ts-expect-error User alone has no such path.
    modify(User, `${URN}:department`, "d");
  });
});

describe("RFC 7643 §4.3: EnterpriseUser", () => {
  test("as a server returns it; nulls under an extension may mean something (RFC 9944)", () => {
    expectTypeOf<EnterpriseUser>().toEqualTypeOf<{
      employeeNumber?: string | null;
      costCenter?: string | null;
      organization?: string | null;
      division?: string | null;
      department?: string | null;
      manager?: { value?: string | null; $ref?: string | null; displayName?: string | null } | null;
    }>();
    expectTypeOf<Read<typeof Employee>>().toExtend<User>();
    expectTypeOf<Read<typeof Employee>[typeof URN]>().toEqualTypeOf<EnterpriseUser | undefined>();
  });

  test("as it is written", () => {
    type Common = { [K in "employeeNumber" | "costCenter" | "organization" | "division" | "department"]: string };
    type Written<M> = { [K in keyof Common]?: string | null | undefined } & { manager?: M | null | undefined };
    type Manager = { value?: string | null | undefined; $ref?: string | null | undefined };
    expectTypeOf<EnterpriseUserCreate>().branded.toEqualTypeOf<Written<Manager>>();
    expectTypeOf<EnterpriseUserReplace>().branded.toEqualTypeOf<
      Written<Manager & { displayName?: string | null | undefined }>
    >();
    expectTypeOf<keyof EnterpriseUserPaths>().toEqualTypeOf<
      keyof Common | "manager" | "manager.value" | "manager.$ref"
    >();
    create(Employee, { userName: "b", [URN]: { department: "d", manager: { value: "26118915" } } });
    create(Employee, { userName: "b", [URN]: null });
    // @ts-expect-error The manager's name is the server's to say.
    create(Employee, { userName: "b", [URN]: { manager: { displayName: "b" } } });
    // @ts-expect-error Not an attribute of the extension.
    create(Employee, { userName: "b", [URN]: { departement: "d" } });
  });

  test("an extension model is no resource model: no verb takes it", () => {
    // @ts-expect-error An extension has no endpoint.
    query(EnterpriseUser, "1");
    // @ts-expect-error As above.
    create(EnterpriseUser, {});
    // @ts-expect-error As above.
    remove(EnterpriseUser, "1");
    // @ts-expect-error And a resource model extends nothing.
    User.with(Group);
  });
});

describe("RFC 7643 §4.2: Group", () => {
  type Kind = "User" | "Group" | (string & {});
  type Member = {
    value?: string | null | undefined;
    $ref?: string | null | undefined;
    type?: Kind | null | undefined;
    display?: string | null | undefined;
  };

  test("as it is read and written", () => {
    expectTypeOf<Group>().toEqualTypeOf<{
      id: string;
      schemas: string[];
      externalId?: string;
      meta?: Meta;
      displayName: string;
      members?: { value?: string; $ref?: string; type?: Kind; display?: string }[];
    }>();
    expectTypeOf<GroupCreate>().toEqualTypeOf<{
      schemas?: readonly string[] | undefined;
      externalId?: string | null | undefined;
      displayName: string;
      members?: readonly Member[] | null | undefined;
    }>();
    expectTypeOf<GroupReplace>().toEqualTypeOf<{
      id: string;
      schemas?: readonly string[] | undefined;
      externalId?: string | null | undefined;
      meta?: Meta | null | undefined;
      displayName: string;
      members?: readonly Member[] | null | undefined;
      "~partial"?: never;
    }>();
    expectTypeOf<GroupPaths>().toEqualTypeOf<{
      externalId: string | null;
      displayName: string;
      members: readonly Member[] | null;
      "members.value": string | null;
      "members.$ref": string | null;
      "members.type": Kind | null;
      "members.display": string | null;
      "urn:ietf:params:scim:schemas:core:2.0:Group:externalId": string | null;
      "urn:ietf:params:scim:schemas:core:2.0:Group:displayName": string;
      "urn:ietf:params:scim:schemas:core:2.0:Group:members": readonly Member[] | null;
      "urn:ietf:params:scim:schemas:core:2.0:Group:members.value": string | null;
      "urn:ietf:params:scim:schemas:core:2.0:Group:members.$ref": string | null;
      "urn:ietf:params:scim:schemas:core:2.0:Group:members.type": Kind | null;
      "urn:ietf:params:scim:schemas:core:2.0:Group:members.display": string | null;
    }>();
  });
});

describe("RFC 7644 §4: what describes a service provider is read only", () => {
  const models = { Schema, ResourceType, ServiceProviderConfig };

  test("reading gives its types", () => {
    expectTypeOf(query(Schema, "urn:example:a").attributes[0]?.name).toEqualTypeOf<string | undefined>();
    expectTypeOf(query(Schema, "urn:example:a").id).toEqualTypeOf<string>();
    expectTypeOf(query(ServiceProviderConfig, "").bulk.maxOperations).toEqualTypeOf<number>();
    expectTypeOf<ResourceType>().toEqualTypeOf<{
      id?: string;
      schemas: string[];
      externalId?: string;
      meta?: Meta;
      name: string;
      description?: string;
      endpoint: string;
      schema: string;
      schemaExtensions?: { schema: string; required: boolean }[];
    }>();
    expectTypeOf<ServiceProviderConfig["id"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Schema>().toExtend<JsonObject>();
  });

  test("no verb that writes takes it", () => {
    // @ts-expect-error The server defines its schemas.
    create(models.Schema, {});
    // @ts-expect-error As above.
    replace(models.ResourceType, {} as ResourceType);
    // @ts-expect-error As above.
    remove(models.ServiceProviderConfig, "1");
    // @ts-expect-error As above.
    modify(models.Schema, "name", "n");
    // @ts-expect-error As above, whatever the resource pretends to be.
    create(models.Schema, {} as never);
  });
});

describe("models as values", () => {
  test("every model is a model of some views", () => {
    expectTypeOf(User).toExtend<ResourceModel<Views>>();
    expectTypeOf(Employee).toExtend<ResourceModel<Views>>();
    expectTypeOf(Schema).toExtend<ResourceModel<Views>>();
    expectTypeOf<ResourceModel>().toExtend<ResourceModel<Views>>();
    expectTypeOf(Employee).toExtend<ResourceModel<(typeof User)["~views"]>>();
    expectTypeOf(User).not.toExtend<ResourceModel<(typeof Group)["~views"]>>();
  });

  test("a discovered model takes and gives any attribute", () => {
    const Any = {} as ResourceModel;
    create(Any, { whatever: [1, { is: "written" }] });
    replace(Any, { ...query(Any, "1"), whatever: null });
    expectTypeOf(query(Any, "1")["whatever"]).toEqualTypeOf<JsonObject[string]>();
    remove(Any, "1");
  });

  test("what is written may be readonly, as const or frozen; what is read is the caller's own", () => {
    const babs = { userName: "bjensen", emails: [{ value: "babs@jensen.example", type: "home" }] } as const;
    const device = { name: "lamp", tags: ["a", { deep: [1] }] } as const;
    const discovered = {} as ResourceModel;
    create(User, babs);
    create(Employee, Object.freeze({ ...babs, schemas: Object.freeze(["urn:a:b"]) }));
    create(discovered, device);
    replace(User, { ...babs, id: "1" });
    replace(User, { ...query(User, "1"), groups: [{ value: "1" }] as const });
    replace(discovered, { ...device, id: "1" });
    patch(User).replace("emails", babs.emails).add("emails", babs.emails[0]).add({ emails: babs.emails });
    patch(discovered).replace("tags", device.tags);
    query(User, "1").emails?.push({ value: "new@jensen.example" });
    // @ts-expect-error: what is in an array is still checked
    create(User, { userName: "bjensen", emails: [{ value: 7 }] as const });
  });

  test("all that is read or written is JSON", () => {
    expectTypeOf<User>().toExtend<JsonObject>();
    expectTypeOf<UserCreate>().toExtend<ReadonlyJsonObject>();
    expectTypeOf<UserReplace>().toExtend<ReadonlyJsonObject>();
    expectTypeOf<Read<typeof Employee>>().toExtend<JsonObject>();
    expectTypeOf<Create<typeof Employee>>().toExtend<ReadonlyJsonObject>();
    expectTypeOf<Replace<typeof Employee>>().toExtend<ReadonlyJsonObject>();
    expectTypeOf<PartialRead<(typeof Employee)["~views"]>>().toExtend<JsonObject>();
    expectTypeOf<EnterpriseUserPaths>().toExtend<ReadonlyJsonObject>();
  });

  test("is() narrows to what is read", () => {
    const resource: unknown = {};
    if (User.is(resource)) expectTypeOf(resource).toEqualTypeOf<User>();
  });

  test("the models are those that the schemas define", () => {
    expectTypeOf<UserCreate>().toEqualTypeOf<InferViews<typeof UserSchema>["create"]>();
    expectTypeOf<GroupPaths>().toEqualTypeOf<InferViews<typeof GroupSchema>["paths"]>();
    expectTypeOf<EnterpriseUserReplace>().toEqualTypeOf<
      InferExtensionViews<typeof EnterpriseUserSchema>["replace"]
    >();
    expectTypeOf(EnterpriseUser).toExtend<ExtensionModel<typeof URN>>();
  });
});
