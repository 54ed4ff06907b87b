import { describe, expectTypeOf, test } from "vitest";
import type { JsonValue } from "../../src/json.ts";
import { EnterpriseUser, Group, User, type User as UserResource } from "../../src/models.gen.ts";
import { applyPatch } from "../../src/protocol/apply.ts";
import { diff } from "../../src/protocol/diff.ts";
import {
  patch,
  type Mistake,
  type PatchBuilder,
  type PatchInput,
  type PatchOp,
  type PatchOperation,
  type PathArgument,
} from "../../src/protocol/patch.ts";
import { parsePath, path, type Path } from "../../src/protocol/path.ts";
import { defineModel } from "../../src/schema/define-model.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import { Schema } from "../../src/schema/service-provider-models.ts";
import type { PartialRead } from "../../src/schema/view.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);

describe("what an operation is", () => {
  test("remove has no value, also where it was written before", () => {
    const remove = { op: "remove" as const, path: "members" };
    expectTypeOf(remove).toExtend<PatchOperation>();
    const valued = { ...remove, value: [{ value: "2" }] };
    expectTypeOf(valued).not.toExtend<PatchOperation>();
    // @ts-expect-error: remove has no value
    applyPatch(Group, { schemas: [Group.schema.id], id: "1", displayName: "Guides" }, [valued]);
  });
});

describe("what the builder lets be written", () => {
  test("the value that belongs to the path", () => {
    patch(User).add("userName", "dreyes").replace("active", true).replace("name.givenName", "Dana");
    patch(User).add("emails", [{ value: "dana@corp.example", type: "work", primary: true }]);
    patch(User).replace("name", { familyName: "Reyes" });
    patch(Group).add("members", [{ value: "7c1e" }]);
  });

  test("one value of a multi-valued attribute", () => {
    patch(User).add("emails", { value: "dana@corp.example" });
    patch(Group).add("members", { value: "7c1e" });
  });

  test("null where the attribute is not required", () => {
    patch(User).replace("nickName", null).replace("emails", null);
    // @ts-expect-error: userName is required
    patch(User).replace("userName", null);
    // @ts-expect-error: displayName is required
    patch(Group).replace("displayName", null);
  });

  test("what an extension has, by its URN", () => {
    patch(Employee).add(`${ENTERPRISE}:department`, "Sea").replace(ENTERPRISE, { division: "West" });
    patch(Employee).add({ [ENTERPRISE]: { department: "Sea" }, nickName: "Dee" });
    // @ts-expect-error: the model has no such extension
    patch(User).add(`${ENTERPRISE}:department`, "Sea");
    // @ts-expect-error: a department is a string
    patch(Employee).add(`${ENTERPRISE}:department`, 7);
  });

  test("attributes without a path", () => {
    patch(User)
      .add({ nickName: "Dee", emails: { value: "dana@corp.example" } })
      .replace({ active: false });
    // @ts-expect-error: no such attribute
    patch(User).add({ nickname: "Dee" });
    // @ts-expect-error: active is a boolean
    patch(User).replace({ active: "False" });
    // @ts-expect-error: the server sets id
    patch(User).replace({ id: "2" });
  });

  test("anything at a Path", () => {
    patch(User)
      .replace(path`emails[type eq ${"work"}].value`, "dana@corp.example")
      .add(path`emails`, 7);
    patch(User)
      .remove(path`emails[type eq ${"work"}]`)
      .remove("nickName")
      .remove("name.givenName");
  });
});

describe("what the builder refuses", () => {
  test("paths that the model does not have", () => {
    // @ts-expect-error: the schema spells it nickName
    patch(User).add("nickname", "Dee");
    // @ts-expect-error: no such attribute
    patch(User).remove("nick");
    // @ts-expect-error: a group has no userName
    patch(Group).add("userName", "dreyes");
    // @ts-expect-error: a filter needs a Path
    patch(User).remove('emails[type eq "work"]');
  });

  test("what only the server sets", () => {
    // @ts-expect-error: groups is readOnly
    patch(User).add("groups", [{ value: "a0c3" }]);
    // @ts-expect-error: meta is readOnly
    patch(User).replace("meta.version", "2");
  });

  test("values of another type", () => {
    // @ts-expect-error: active is a boolean
    patch(User).replace("active", "False");
    // @ts-expect-error: an e-mail address is an object
    patch(User).add("emails", ["dana@corp.example"]);
    // @ts-expect-error: a name has no such part
    patch(User).replace("name", { familyname: "Reyes" });
  });

  test("a call without what it needs", () => {
    // @ts-expect-error: add needs a value
    patch(User).add("nickName");
    // @ts-expect-error: remove needs a path
    patch(User).remove();
    // @ts-expect-error: an extension is no model
    patch(EnterpriseUser);
  });

  test("everything, for what only the server writes", () => {
    // @ts-expect-error: schemas are readOnly
    patch(Schema).replace("name", "x");
  });
});

describe("what the compiler says of a path that is wrong", () => {
  type Said<P extends string | Path> = PathArgument<(typeof Employee)["~views"], P>;

  test("a name in another case", () => {
    expectTypeOf<Said<"nickname">>().toEqualTypeOf<Mistake<"the schema spells it nickName">>();
    expectTypeOf<Said<"NAME.givenname">>().toEqualTypeOf<Mistake<"the schema spells it name.givenName">>();
    expectTypeOf<Said<`${typeof ENTERPRISE}:Department`>>().toEqualTypeOf<
      Mistake<`the schema spells it ${typeof ENTERPRISE}:department`>
    >();
  });

  test("a name that there is not", () => {
    expectTypeOf<Said<"nick">>().toEqualTypeOf<Mistake<"the model has no attribute nick">>();
    expectTypeOf<Said<"name.nick">>().toEqualTypeOf<Mistake<"name has no such sub-attribute">>();
  });

  test("what only the server sets", () => {
    expectTypeOf<Said<"groups">>().toEqualTypeOf<Mistake<"groups is readOnly: only the server sets it">>();
    expectTypeOf<Said<"meta.version">>().toEqualTypeOf<Mistake<"meta is readOnly: only the server sets it">>();
  });

  test("a filter in plain text, and text that is not known", () => {
    expectTypeOf<Said<'emails[type eq "work"].value'>>().toEqualTypeOf<
      Mistake<"a path with a filter is written path`emails[type eq ${type}].value`">
    >();
    expectTypeOf<Said<string>>().toEqualTypeOf<
      Mistake<"a path that is not known when this is compiled is made by parsePath(text)">
    >();
    const text: string = "nickName";
    // @ts-expect-error: which attribute this is nobody knows
    patch(User).replace(text, "Dee");
    patch(User).replace(parsePath(text), "Dee").remove(parsePath(text));
  });

  test("nothing, of what is right", () => {
    expectTypeOf<Said<"nickName">>().toEqualTypeOf<"nickName">();
    expectTypeOf<Said<Path>>().toEqualTypeOf<Path>();
    const either = "nickName" as "nickName" | "title";
    patch(User).replace(either, "Dee").remove(either);
    // @ts-expect-error: both are strings
    patch(User).replace(either, 7);
    expectTypeOf<PathArgument<ResourceModel["~views"], string>>().toEqualTypeOf<string>();
  });
});

describe("models", () => {
  test("a discovered one takes any path and any JSON", () => {
    const discovered = {} as ResourceModel;
    patch(discovered)
      .add("anything", 1)
      .replace("any.thing", { a: [null] })
      .remove("anything")
      .add({ any: "thing" });
    // @ts-expect-error: a function is no JSON
    patch(discovered).add("anything", () => 1);
  });

  test("a defined one has its own paths", () => {
    const Device = defineModel({
      schema: {
        id: "urn:example:params:scim:schemas:core:1.0:Device",
        attributes: [
          { name: "serial", required: true },
          { name: "ports", type: "integer", multiValued: true },
        ],
      },
    });
    patch(Device).replace("serial", "7").add("ports", [80]).add("ports", 443);
    // @ts-expect-error: ports are numbers
    patch(Device).add("ports", ["80"]);
  });
});

describe("what goes in and comes out", () => {
  const user = {} as UserResource;

  test("a builder stays typed, and is what modify takes", () => {
    expectTypeOf(patch(User).add("nickName", "Dee")).toEqualTypeOf(patch(User));
    expectTypeOf(patch(User).operations).toEqualTypeOf<readonly PatchOperation[]>();
    expectTypeOf(patch(User).toJSON()).toEqualTypeOf<PatchOp>();
    expectTypeOf(patch(User)).toExtend<PatchInput>();
  });

  test("an operation to remove has a path and no value", () => {
    expectTypeOf<{ op: "remove"; path: "x" }>().toExtend<PatchOperation>();
    expectTypeOf<{ op: "remove" }>().not.toExtend<PatchOperation>();
    expectTypeOf<{ op: "add"; path: "x" }>().not.toExtend<PatchOperation>();
    const each = {} as PatchOperation;
    if (each.op === "remove") expectTypeOf(each.path).toEqualTypeOf<string>();
    else expectTypeOf(each.value).toEqualTypeOf<JsonValue>();
  });

  test("applyPatch gives the type it was given", () => {
    expectTypeOf(applyPatch(User, user, patch(User))).toEqualTypeOf<UserResource>();
  });

  test("diff is told what an omitted sub-attribute means", () => {
    diff(User, user, user, { omittedSubAttributes: "notAsserted" });
    // @ts-expect-error: it is unassigned or not asserted
    diff(User, user, user, { omittedSubAttributes: "kept" });
  });

  test("diff takes what was read, also to be replaced, but nothing partial", () => {
    expectTypeOf(diff(User, user, { ...user, nickName: "Dee" })).toEqualTypeOf<
      PatchBuilder<(typeof User)["~views"]>
    >();
    const partial = {} as PartialRead<(typeof User)["~views"]>;
    // @ts-expect-error: what was not read would be removed
    diff(User, user, partial);
    // @ts-expect-error: a group is no user
    diff(User, user, { id: "1", schemas: [], displayName: "Crew", members: [] });
  });
});
