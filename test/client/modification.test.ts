import { describe, expect, test } from "vitest";
import {
  patch,
  path,
  SCIMClient,
  SCIMResponseErrorObject,
  UnsupportedByServer,
  type BulkOperation,
  type ClientOptions,
  type PatchOperation,
  type ServerProfile,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { errorOf, failure, PATCH_OP, replay, type Reply, type Sent } from "./replay.ts";

const babs = { schemas: [User.schema.id], id: "1", userName: "bjensen", title: "Guide", active: true };
const tour = { schemas: [Group.schema.id], id: "2", displayName: "Tour Guides" };
const ETAGS: Options = { serviceProviderConfig: { etag: { supported: true } } };

type Options = Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload">;

function client(profile: Omit<ServerProfile, "name">, options: Options, ...replies: readonly Reply[]) {
  const { fetch, sent } = replay(...replies);
  const scim = new SCIMClient<true, true>("https://auth.example/scim/v2", {
    retry: false,
    fetch,
    profile: { name: "acme", ...profile },
    ...options,
  });
  return { scim, sent };
}

/** A PATCH operation of a bulk that adds so many members. */
function membership(count: number): BulkOperation {
  const value = Array.from({ length: count }, (_, index) => ({ value: String(index) }));
  const Operations = [{ op: "add" as const, path: "members", value }];
  return { method: "PATCH", path: "/Groups/2", data: { schemas: [PATCH_OP], Operations } };
}

function operations(sent: readonly Sent[]): unknown[] {
  return sent.map(({ body }) => (body as { Operations: unknown }).Operations);
}

describe("RFC 7644 §3.5.2: operations are sent in the server's dialect", () => {
  test("with paths, capitalised, members in a list", async () => {
    const dialect = { form: "path", opCase: "capitalised", memberRemove: "valueList" } as const;
    const { scim, sent } = client({ patch: dialect }, {}, { status: 204 });
    await scim.modify(
      Group,
      "2",
      patch(Group)
        .replace({ displayName: "Guides", externalId: "g" })
        .remove(path`members[value eq ${"9"}]`),
    );
    expect(sent.map(({ body }) => body)).toEqual([
      {
        schemas: [PATCH_OP],
        Operations: [
          { op: "Replace", path: "displayName", value: "Guides" },
          { op: "Replace", path: "externalId", value: "g" },
          { op: "Remove", path: "members", value: [{ value: "9" }] },
        ],
      },
    ]);
  });

  test("what is not checked is sent as it is", async () => {
    const { scim, sent } = client({ patch: { opCase: "capitalised", operations: [] } }, {}, { status: 204 });
    const given = [{ op: "replace", path: "displayName", value: "x" }] as const;
    await scim.modify(Group, "2", given, { checkRequestPayload: false });
    expect(operations(sent)).toEqual([given]);
  });

  test("what the server refuses or ignores is refused before it is sent, unless call or client say otherwise", async () => {
    const profile = { patch: { nulls: false }, resourceTypes: { User: { patch: { attributes: ["active"] } } } };
    const { scim, sent } = client(profile, {}, { status: 204 });
    const titled = patch(User).replace("title", "x");
    const error = await failure(() => scim.modify(User, "1", titled));
    expect(error).toBeInstanceOf(UnsupportedByServer);
    expect(error).toMatchObject({
      capability: "patch",
      message:
        'acme does not change "title" of User by PATCH (it changes: active); capabilities: { patch: true } sends it all the same',
    });
    await expect(scim.modify(User, "1", [{ op: "replace", path: "active", value: null }])).rejects.toThrow(
      "by null",
    );
    await expect(scim.modify(Group, "2", [{ op: "add", path: "externalId", value: null }])).rejects.toThrow(
      "by null",
    );
    expect(sent).toEqual([]);
    await scim.modify(User, "1", titled, { capabilities: { patch: true } });
    await scim.modify(User, "1", patch(User).replace("active", false));
    expect(sent).toHaveLength(2);
  });

  test("what is known of a type goes over what is known in general", async () => {
    const profile = { patch: { nulls: false }, resourceTypes: { User: { patch: { nulls: true } } } };
    const { scim, sent } = client(profile, {}, { status: 204 });
    await scim.modify(User, "1", [{ op: "replace", path: "title", value: null }]);
    expect(sent).toHaveLength(1);
  });

  test("members that are removed by a list are selected by no filter", async () => {
    const profile = { patch: { memberRemove: "valueList", valuePaths: false } } as const;
    const { scim, sent } = client(profile, {}, { status: 204 });
    await scim.modify(Group, "2", patch(Group).remove(path`members[value eq ${"9"}]`));
    expect(operations(sent)).toEqual([[{ op: "remove", path: "members", value: [{ value: "9" }] }]]);
    const gone = patch(Group).remove(path`members[display eq ${"x"}]`);
    await expect(scim.modify(Group, "2", gone)).rejects.toThrow("selects no values");
  });

  test("RFC 7644 §3.5.2.2: members to remove given as a value are refused, so that not all members go", async () => {
    const remove = { op: "remove", path: "members", value: [{ value: "9" }] };
    const given = [remove] as unknown as PatchOperation[];
    const message = { schemas: [PATCH_OP], Operations: given } as const;
    for (const profile of [{}, { patch: { memberRemove: "valueList" } }] as const) {
      const { scim, sent } = client(profile, {}, { status: 204 });
      for (const changes of [given, message]) {
        for (const options of [{}, { capabilities: { patch: false }, withoutPatch: "replace" }] as const) {
          const error = await failure(() => scim.modify(Group, "2", changes, options));
          expect(error).toMatchObject({
            code: "request_payload_validation_error",
            issues: [{ path: "members", operation: 0, scimType: "invalidValue" }],
          });
          expect(String(error)).toContain("path`members[value eq ${value}]`");
        }
      }
      const bulk = [{ method: "PATCH", model: Group, id: "2", data: message }] as const;
      await expect(scim.bulk(bulk)).rejects.toThrow('removes "members" and must not have a "value"');
      expect(sent).toEqual([]);
      await scim.modify(Group, "2", given, { checkRequestPayload: false });
      expect(operations(sent)).toEqual([[remove]]);
    }
  });

  test("what PATCH does not change can be replaced all the same", async () => {
    const profile = { resourceTypes: { User: { patch: { attributes: ["active"] } } } };
    const { scim, sent } = client(profile, {}, { body: babs });
    await scim.modify(User, "1", patch(User).replace("title", "Cook"), { withoutPatch: "replace" });
    await scim.modify(User, "1", patch(User).replace("active", false), { withoutPatch: "replace" });
    expect(sent.map(({ method, body }) => [method, body])).toEqual([
      ["GET", undefined],
      ["PUT", { schemas: [User.schema.id], userName: "bjensen", active: true, title: "Cook" }],
      ["PATCH", { schemas: [PATCH_OP], Operations: [{ op: "replace", path: "active", value: false }] }],
    ]);
  });
});

describe("a modification that takes several requests", () => {
  const members = Array.from({ length: 5 }, (_, index) => ({ value: `u${index}` }));
  const addition = patch(Group).add("members", members);

  test("is sent in order, and the last answer is the result", async () => {
    const { scim, sent } = client(
      { patch: { maxValues: 2 } },
      {},
      { body: tour },
      { status: 204 },
      { body: { ...tour, members } },
    );
    expect(await scim.modify(Group, "2", addition)).toEqual({ ...tour, members });
    expect(operations(sent)).toEqual([
      [{ op: "add", path: "members", value: members.slice(0, 2) }],
      [{ op: "add", path: "members", value: members.slice(2, 4) }],
      [{ op: "add", path: "members", value: members.slice(4) }],
    ]);
  });

  test("ends at the first that fails, and the error says how many were carried out", async () => {
    const { scim, sent } = client(
      { patch: { maxValues: 2 } },
      {},
      { status: 204 },
      { status: 400, body: errorOf(400, "tooMany") },
    );
    const error = await failure(() => scim.modify(Group, "2", addition));
    expect(error).toBeInstanceOf(SCIMResponseErrorObject);
    expect(error).toMatchObject({ scimType: "tooMany", appliedRequests: 1 });
    expect(sent).toHaveLength(2);
  });

  test("says in the Error that is returned how many were carried out", async () => {
    for (const [detail, want] of [
      [undefined, "2 PATCH requests of this call had been carried out"],
      ["full", "full (2 PATCH requests of this call had been carried out)"],
    ] as const) {
      const { scim } = client(
        { patch: { maxValues: 2 } },
        {},
        { status: 204 },
        { status: 204 },
        { status: 409, body: errorOf(409, undefined, detail) },
      );
      const answer = await scim.modify(Group, "2", addition, { raiseScimErrors: false });
      expect(answer).toEqual({ ...errorOf(409), detail: want });
    }
  });

  test("an error of the first request says nothing of others", async () => {
    const { scim } = client({ patch: { maxValues: 2 } }, {}, { status: 400, body: errorOf(400) });
    expect(await failure(() => scim.modify(Group, "2", addition))).not.toHaveProperty("appliedRequests");
    expect(await scim.modify(Group, "2", addition, { raiseScimErrors: false })).toEqual(errorOf(400));
  });

  test("RFC 7644 §3.14: each request is guarded by the version that the answer before it gives", async () => {
    const versioned = (version: string): object => ({ ...tour, meta: { version } });
    const { scim, sent } = client(
      { patch: { maxValues: 1 } },
      ETAGS,
      { status: 204, headers: { etag: 'W/"2"' } },
      { body: versioned('W/"3"') },
      { status: 204 },
      { status: 204 },
    );
    await scim.modify(Group, { ...tour, ...versioned('W/"1"') }, addition);
    expect(sent.map(({ headers }) => headers["if-match"])).toEqual([
      'W/"1"',
      'W/"2"',
      'W/"3"',
      undefined,
      undefined,
    ]);
  });

  test("RFC 7644 §3.14: a guard that fits any version stays", async () => {
    const { scim, sent } = client(
      { patch: { maxValues: 3 }, etag: "*" },
      {},
      { status: 204, headers: { etag: '"2"' } },
    );
    await scim.modify(Group, "2", addition);
    expect(sent.map(({ headers }) => headers["if-match"])).toEqual(["*", "*"]);
  });

  test("RFC 9967 §2.5: cannot be answered later", async () => {
    const { scim, sent } = client({ patch: { maxValues: 2 } }, {}, { status: 202 });
    await expect(scim.modify(Group, "2", addition, { respondAsync: true })).rejects.toThrow(
      "leave out respondAsync",
    );
    expect(sent).toEqual([]);
    const one = patch(Group).add("members", members.slice(0, 2));
    expect(await scim.modify(Group, "2", one, { respondAsync: true })).toMatchObject({ name: "RequestPending" });
  });
});

describe("RFC 7644 §3.7: PATCH within a bulk", () => {
  test("is in the server's dialect as well, and within its bounds", async () => {
    const profile = { patch: { opCase: "capitalised", maxValues: 2, operations: ["add"] } } as const;
    const { scim, sent } = client(profile, { resourceModels: [Group] }, { status: 204 });
    await scim.bulk([membership(2)], { strategy: "single" });
    expect(operations(sent)).toEqual([[{ op: "Add", path: "members", value: [{ value: "0" }, { value: "1" }] }]]);
    await expect(scim.bulk([membership(3)], { strategy: "single" })).rejects.toThrow("use modify");
    const all: BulkOperation = { method: "PATCH", path: "/Groups/2", data: [{ op: "remove", path: "members" }] };
    await expect(scim.bulk([all], { strategy: "single" })).rejects.toThrow(UnsupportedByServer);
  });
});
