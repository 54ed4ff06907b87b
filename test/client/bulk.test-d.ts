import { describe, expectTypeOf, test } from "vitest";
import {
  diff,
  patch,
  SCIMClient,
  type BulkCallOptions,
  type BulkModelOperation,
  type BulkOperation,
  type BulkResult,
  type BulkResultOf,
} from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import { Schema } from "../../src/schema/service-provider-models.ts";
import type { Read, Resource } from "../../src/schema/view.ts";

const scim = new SCIMClient("https://example.com");
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);
type ReadUser = Read<typeof User>;
type Done<R> = Extract<R, { readonly ok: true }>;

describe("an operation with a path takes any object", () => {
  test("alone, in an array, and read-only", () => {
    const given: BulkOperation[] = [{ method: "POST", path: "/Users", bulkId: "a", data: { anything: 1 } }];
    expectTypeOf(scim.bulk(given)).resolves.toExtend<BulkResult[]>();
    expectTypeOf(scim.bulk([{ method: "DELETE", path: "/Users/1" }])).resolves.toExtend<BulkResult[]>();
    const names = ["a", "b"];
    void scim.bulk(names.map((userName) => ({ method: "POST", path: "/Users", data: { userName } })));
    void scim.bulk([{ method: "DELETE", path: "/Users/1" }] as const, { onResult: (result: BulkResult) => result });
    const options: BulkCallOptions = { onResult: ({ index }) => index };
    void scim.bulk(given, options);
    // @ts-expect-error: a POST has data
    void scim.bulk([{ method: "POST", path: "/Users" }]);
    // @ts-expect-error: there is no GET in a bulk
    void scim.bulk([{ method: "GET", path: "/Users/1" }]);
  });
});

describe("an operation with a model takes what the model's verb takes", () => {
  test("POST: as create", () => {
    void scim.bulk([
      { method: "POST", model: User, bulkId: "a", data: { userName: "a", emails: [{ value: "b" }] } },
    ]);
    void scim.bulk([
      { method: "POST", model: Employee, data: { userName: "a", [ENTERPRISE]: { department: "b" } } },
    ]);
    // @ts-expect-error: userName is required
    void scim.bulk([{ method: "POST", model: User, data: { nickName: "a" } }]);
    // @ts-expect-error: the schema spells it nickName
    void scim.bulk([{ method: "POST", model: User, data: { userName: "a", nickname: "a" } }]);
    // @ts-expect-error: the server makes the id
    void scim.bulk([{ method: "POST", model: User, data: { id: "1", userName: "a" } }]);
    // @ts-expect-error: a group has a displayName
    void scim.bulk([{ method: "POST", model: Group, data: { userName: "a" } }]);
  });

  test("PUT: as replace, the id with the data", () => {
    const user = {} as ReadUser;
    void scim.bulk([{ method: "PUT", model: User, data: { ...user, nickName: "b" }, version: "1" }]);
    // @ts-expect-error: which one?
    void scim.bulk([{ method: "PUT", model: User, data: { userName: "b" } }]);
  });

  test("PATCH: as modify, builders and differences of this model", () => {
    const user = {} as ReadUser;
    void scim.bulk([
      { method: "PATCH", model: User, id: "1", data: patch(User).replace("active", false) },
      { method: "PATCH", model: User, id: "1", data: diff(User, user, { ...user, title: "b" }) },
      { method: "PATCH", model: User, id: "1", data: [{ op: "remove", path: "title" }] },
    ]);
    // @ts-expect-error: these are changes of a group
    void scim.bulk([{ method: "PATCH", model: User, id: "1", data: patch(Group).remove("members") }]);
    // @ts-expect-error: which one?
    void scim.bulk([{ method: "PATCH", model: User, data: patch(User) }]);
  });

  test("DELETE: an id", () => {
    void scim.bulk([{ method: "DELETE", model: User, id: "1" }]);
    // @ts-expect-error: which one?
    void scim.bulk([{ method: "DELETE", model: User }]);
    // @ts-expect-error: only the server writes schemas
    void scim.bulk([{ method: "DELETE", model: Schema, id: "1" }]);
    // @ts-expect-error: an extension is no model
    void scim.bulk([{ method: "DELETE", model: EnterpriseUser, id: "1" }]);
    // @ts-expect-error: the model says where it goes
    void scim.bulk([{ method: "DELETE", model: User, id: "1", path: "/Users/1" }]);
  });

  test("a discovered model: anything", () => {
    const discovered = {} as ResourceModel;
    void scim.bulk([{ method: "POST", model: discovered, data: { anything: [1] } }]);
  });

  test("in a function of one's own", () => {
    const names = ["a", "b"];
    const created = scim.bulk(names.map((userName) => ({ method: "POST", model: User, data: { userName } })));
    expectTypeOf(created).resolves.toEqualTypeOf<BulkResultOf<typeof User>[]>();
    const given: BulkModelOperation<typeof User>[] = [{ method: "DELETE", model: User, id: "1" }];
    expectTypeOf(scim.bulk(given)).resolves.toEqualTypeOf<BulkResultOf<typeof User>[]>();
    const both: (BulkOperation | BulkModelOperation<typeof User>)[] = [];
    void scim.bulk(both);
  });
});

describe("a result has the resource of its operation's model", () => {
  test("in its place", async () => {
    const [user, group, plain] = await scim.bulk([
      { method: "POST", model: User, data: { userName: "a" } },
      { method: "POST", model: Group, data: { displayName: "b" } },
      { method: "DELETE", path: "/Users/1" },
    ]);
    expectTypeOf<Done<typeof user>["resource"]>().toEqualTypeOf<ReadUser | undefined>();
    expectTypeOf<Done<typeof group>["resource"]>().toEqualTypeOf<Read<typeof Group> | undefined>();
    expectTypeOf<Done<typeof plain>["resource"]>().toEqualTypeOf<undefined>();
    expectTypeOf(user.ok ? user.id : user.error.detail).toEqualTypeOf<string | undefined>();
    expectTypeOf(plain).toExtend<BulkResult>();
  });

  test("of a discovered model", async () => {
    const [result] = await scim.bulk([{ method: "POST", model: {} as ResourceModel, data: {} }]);
    expectTypeOf<Done<typeof result>["resource"]>().toEqualTypeOf<Resource | undefined>();
  });

  test("where it is heard of before the others", () => {
    void scim.bulk(
      [
        { method: "POST", model: User, data: { userName: "a" } },
        { method: "DELETE", path: "/Users/1" },
      ],
      {
        onResult: (result) => {
          if (result.ok) expectTypeOf(result.resource).toEqualTypeOf<ReadUser | undefined>();
        },
      },
    );
  });
});
