import { describe, expectTypeOf, test } from "vitest";
import {
  SCIMClient,
  isScimError,
  type CallOptions,
  type Capability,
  type ErrorMessage,
  type JsonValue,
  type ListOptions,
  type ModifyOptions,
  type NotModified,
  type QueryOptions,
  type ReadOptions,
  type RequestPending,
  type ResourceTypeProfile,
  type ServerProfile,
  type WriteOptions,
} from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import type { ListResponse } from "../../src/protocol/messages.ts";
import type { List } from "../../src/protocol/pagination.ts";
import { ServiceProviderConfig } from "../../src/schema/service-provider-models.ts";
import type { PartialRead, Read, Resource } from "../../src/schema/view.ts";

type ReadUser = Read<typeof User>;

const strict = new SCIMClient("https://example.com");
const returning = new SCIMClient("https://example.com", { raiseScimErrors: false });
const unchecked = new SCIMClient("https://example.com", { checkResponsePayload: false });
declare const babs: ReadUser;
declare const flag: boolean;
declare const note: (text: string | undefined) => void;
const either = new SCIMClient("https://example.com", { raiseScimErrors: flag, checkResponsePayload: flag });

describe("the switches decide what the verbs return", () => {
  test("on the client", () => {
    expectTypeOf(strict.query(User, "1")).resolves.toEqualTypeOf<ReadUser>();
    expectTypeOf(returning.query(User, "1")).resolves.toEqualTypeOf<ReadUser | ErrorMessage>();
    expectTypeOf(unchecked.query(User, "1")).resolves.toEqualTypeOf<JsonValue>();
    expectTypeOf(either.query(User, "1")).resolves.toEqualTypeOf<ReadUser | JsonValue | ErrorMessage>();
  });

  test("on the call, over the client", () => {
    expectTypeOf(strict.query(User, "1", { raiseScimErrors: false })).resolves.toEqualTypeOf<
      ReadUser | ErrorMessage
    >();
    expectTypeOf(returning.query(User, "1", { raiseScimErrors: true })).resolves.toEqualTypeOf<ReadUser>();
    expectTypeOf(strict.query(User, "1", { checkResponsePayload: false })).resolves.toEqualTypeOf<JsonValue>();
    expectTypeOf(unchecked.query(User, "1", { checkResponsePayload: true })).resolves.toEqualTypeOf<ReadUser>();
    expectTypeOf(strict.query(User, "1", { raiseScimErrors: flag })).resolves.toEqualTypeOf<
      ReadUser | ErrorMessage
    >();
    expectTypeOf(strict.query(User, "1", { checkResponsePayload: flag })).resolves.toEqualTypeOf<
      ReadUser | JsonValue
    >();
    expectTypeOf(strict.query(User, "1", { timeout: 3 })).resolves.toEqualTypeOf<ReadUser>();
  });

  test("of every verb", () => {
    expectTypeOf(returning.create(User, { userName: "b" })).resolves.toEqualTypeOf<ReadUser | ErrorMessage>();
    expectTypeOf(returning.replace(User, { id: "1", userName: "b" })).resolves.toEqualTypeOf<
      ReadUser | ErrorMessage
    >();
    expectTypeOf(returning.modify(User, "1", [])).resolves.toEqualTypeOf<ReadUser | ErrorMessage | undefined>();
    expectTypeOf(strict.modify(User, "1", [], { reread: true })).resolves.toEqualTypeOf<ReadUser>();
    expectTypeOf(returning.delete(User, "1")).resolves.toEqualTypeOf<undefined | ErrorMessage>();
    expectTypeOf(strict.delete(User, "1")).resolves.toEqualTypeOf<undefined>();
    expectTypeOf(returning.query(User)).resolves.toEqualTypeOf<ListResponse<ReadUser> | ErrorMessage>();
    expectTypeOf(returning.search(User)).resolves.toEqualTypeOf<ListResponse<ReadUser> | ErrorMessage>();
    expectTypeOf(returning.list(User)).toEqualTypeOf<List<ReadUser>>();
    expectTypeOf(unchecked.list(User)).toEqualTypeOf<List<JsonValue>>();
    expectTypeOf(unchecked.find(User, "id pr")).resolves.toEqualTypeOf<ReadUser | undefined>();
    expectTypeOf(returning.me.query(User)).resolves.toEqualTypeOf<ReadUser | ErrorMessage>();
  });

  test("isScimError tells an Error that is returned from what was asked for", async () => {
    const user = await returning.query(User, "1");
    if (isScimError(user)) expectTypeOf(user).toEqualTypeOf<ErrorMessage>();
    else expectTypeOf(user).toEqualTypeOf<ReadUser>();
    const page = await returning.query(User);
    if (!isScimError(page)) expectTypeOf(page).toEqualTypeOf<ListResponse<ReadUser>>();
    const discovered = await returning.query(returning.getResourceModel("User"), "1");
    if (isScimError(discovered)) expectTypeOf(discovered.detail).toEqualTypeOf<string | undefined>();
    else expectTypeOf(discovered).toEqualTypeOf<Resource>();
    const gone = await returning.delete(User, "1");
    if (!isScimError(gone)) expectTypeOf(gone).toEqualTypeOf<undefined>();
    const json = await either.query(User, "1");
    if (isScimError(json)) expectTypeOf(json.status).toEqualTypeOf<string>();
  });

  test("a function written in the options knows what it is called with", () => {
    const read = strict.query(User, "1", { onResponse: ({ etag }) => note(etag), raiseScimErrors: false });
    expectTypeOf(read).resolves.toEqualTypeOf<ReadUser | ErrorMessage>();
    const page = strict.query(User, { onDeviation: ({ path }) => note(path) });
    expectTypeOf(page).resolves.toEqualTypeOf<ListResponse<ReadUser>>();
    const created = strict.create(User, { userName: "b" }, { onResponse: ({ location }) => note(location) });
    expectTypeOf(created).resolves.toEqualTypeOf<ReadUser>();
    const modified = strict.modify(User, "1", [], { onDeviation: ({ message }) => note(message), reread: true });
    expectTypeOf(modified).resolves.toEqualTypeOf<ReadUser>();
    expectTypeOf(strict.delete(User, "1", { onResponse: ({ etag }) => note(etag) })).resolves.toBeUndefined();
  });

  test("a lenient client is not a strict one", () => {
    expectTypeOf(returning).not.toExtend<SCIMClient>();
    expectTypeOf(unchecked).not.toExtend<SCIMClient>();
    expectTypeOf(strict).toExtend<SCIMClient>();
  });
});

describe("options change the types of what comes", () => {
  test("RFC 9967 §2.5: a write may be carried out later", () => {
    expectTypeOf(strict.create(User, { userName: "b" }, { respondAsync: true })).resolves.toEqualTypeOf<
      ReadUser | RequestPending
    >();
    expectTypeOf(
      strict.create(User, { userName: "b" }, { respondAsync: false }),
    ).resolves.toEqualTypeOf<ReadUser>();
    expectTypeOf(strict.delete(User, "1", { respondAsync: flag })).resolves.toEqualTypeOf<
      undefined | RequestPending
    >();
  });

  test("RFC 7644 §3.9: chosen attributes make a partial resource, which PUT does not take", () => {
    const partial = strict.query(User, "1", { attributes: ["userName"] });
    expectTypeOf(partial).resolves.toEqualTypeOf<PartialRead<(typeof User)["~views"]>>();
    expectTypeOf<Awaited<typeof partial>["userName"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Awaited<typeof partial>>().not.toExtend<Parameters<typeof strict.replace<typeof User>>[1]>();
    expectTypeOf<ReadUser>().toExtend<Parameters<typeof strict.replace<typeof User>>[1]>();
  });

  test("RFC 7644 §3.14: a conditional read may find nothing new", () => {
    expectTypeOf(strict.query(User, "1", { ifNoneMatch: 'W/"1"' })).resolves.toEqualTypeOf<
      ReadUser | NotModified
    >();
  });
});

describe("options in a variable say as much as their type does", () => {
  test("a wide type gives the union of what may come", () => {
    const read: ReadOptions = {};
    const write: WriteOptions = {};
    const modification: ModifyOptions = {};
    const query: QueryOptions = {};
    const list: ListOptions = {};
    const call: CallOptions = {};
    type Partial = PartialRead<(typeof User)["~views"]>;
    expectTypeOf(strict.query(User, "1", read)).resolves.toEqualTypeOf<
      Partial | ErrorMessage | JsonValue | NotModified
    >();
    expectTypeOf(strict.create(User, { userName: "b" }, write)).resolves.toEqualTypeOf<
      Partial | ErrorMessage | JsonValue | RequestPending
    >();
    expectTypeOf(strict.modify(User, "1", [], modification)).resolves.toEqualTypeOf<
      Partial | ErrorMessage | JsonValue | RequestPending | undefined
    >();
    expectTypeOf(strict.query(User, query)).resolves.toEqualTypeOf<
      ListResponse<Partial> | ErrorMessage | JsonValue
    >();
    expectTypeOf(strict.list(User, list)).toEqualTypeOf<List<Partial | JsonValue>>();
    expectTypeOf(strict.delete(User, "1", call)).resolves.toEqualTypeOf<undefined | ErrorMessage>();
  });
});

test("what is undefined is not given", () => {
  const maybe = undefined as AbortSignal | undefined;
  const version = undefined as string | undefined;
  const lenient = new SCIMClient("https://example.com", {
    profile: undefined,
    onDeviation: undefined,
    serviceProviderConfig: undefined,
    discovery: undefined,
  });
  expectTypeOf(lenient).toEqualTypeOf(strict);
  expectTypeOf(strict.query(User, "1", { signal: maybe })).resolves.toEqualTypeOf<ReadUser>();
  expectTypeOf(strict.delete(User, "1", { ifMatch: version })).resolves.toEqualTypeOf<undefined>();
});

describe("models decide what the verbs take", () => {
  test("several models give their union, none gives resources of any type", () => {
    expectTypeOf(strict.query([User, Group])).resolves.toEqualTypeOf<ListResponse<ReadUser | Read<typeof Group>>>();
    expectTypeOf(strict.query({ filter: "id pr" })).resolves.toEqualTypeOf<ListResponse<Resource>>();
    expectTypeOf(strict.list({ filter: "id pr" })).toEqualTypeOf<List<Resource>>();
  });

  test("a discovered model takes and gives anything, or what it is said to be", () => {
    expectTypeOf(strict.query(strict.getResourceModel("User"), "1")).resolves.toEqualTypeOf<Resource>();
    expectTypeOf(
      strict.query(strict.getResourceModel("Employee", { as: User }), "1"),
    ).resolves.toEqualTypeOf<ReadUser>();
  });

  test("RFC 7643 §5: there is one ServiceProviderConfig", () => {
    expectTypeOf(strict.query(ServiceProviderConfig)).resolves.toEqualTypeOf<Read<typeof ServiceProviderConfig>>();
  });

  test("what does not compile", () => {
    expectTypeOf((): unknown[] => [
      // @ts-expect-error: id is the server's (RFC 7643 §3.1)
      strict.create(User, { userName: "b", id: "1" }),
      // @ts-expect-error: userName is required (RFC 7643 §4.1.1)
      strict.create(User, { displayName: "Babs" }),
      // @ts-expect-error: a PUT needs an id
      strict.replace(User, { userName: "b" }),
      // @ts-expect-error: an extension is no resource type (RFC 7643 §3.3)
      strict.query(EnterpriseUser, "1"),
      // @ts-expect-error: only the server writes its configuration (RFC 7644 §4)
      strict.delete(ServiceProviderConfig, "1"),
      // @ts-expect-error: no such option
      strict.query(User, { fitler: "id pr" }),
      // @ts-expect-error: nor beside one that there is
      strict.query(User, { fitler: "id pr", count: 3 }),
      // @ts-expect-error: nor beside one that there is
      strict.query(User, "1", { atributes: ["title"], timeout: 3 }),
      // @ts-expect-error: nor beside one that there is
      strict.list(User, { fitler: "id pr", count: 3 }),
      // @ts-expect-error: nor beside one that there is
      strict.search(User, { fitler: "id pr", count: 3 }),
      // @ts-expect-error: nor beside one that there is
      strict.modify(User, "1", [], { rereed: true, timeout: 3 }),
      // @ts-expect-error: nor beside one that there is
      strict.me.query(User, { atributes: ["title"], timeout: 3 }),
      // @ts-expect-error: a list throws SCIM Errors
      strict.list(User, { raiseScimErrors: false }),
      // @ts-expect-error: an id is a string
      strict.query(User, 1),
    ]).toBeFunction();
  });
});

describe("RFC 7643 §7: what a server sends and does not publish", () => {
  test("is one of three words", () => {
    const drop = { unknownAttributes: "drop" } as const;
    expectTypeOf(strict.replace(User, babs, drop)).resolves.toEqualTypeOf<ReadUser>();
    expectTypeOf<{ name: "acme"; unknownAttributes: "send" }>().toExtend<ServerProfile>();
    expectTypeOf((): unknown[] => [
      // @ts-expect-error: no such word
      strict.replace(User, babs, { unknownAttributes: "dorp" }),
      // @ts-expect-error: nothing is written
      strict.query(User, "1", { unknownAttributes: "drop" }),
    ]).toBeFunction();
  });
});

describe("RFC 7643 §5: what a server can do", () => {
  test("is a matter of yes and no, but for the most results of an answer", () => {
    const capabilities = { etag: false, maxResults: 200 } as const;
    expectTypeOf(strict.query(User, { count: 500, capabilities })).resolves.toEqualTypeOf<ListResponse<ReadUser>>();
    expectTypeOf<{ name: "acme"; capabilities: typeof capabilities }>().toExtend<ServerProfile>();
    expectTypeOf<"maxResults">().not.toExtend<Capability>();
    expectTypeOf<{ without: ["etag", "patch"] }>().toExtend<ResourceTypeProfile>();
    expectTypeOf<{ without: ["maxResults"] }>().not.toExtend<ResourceTypeProfile>();
    expectTypeOf((): unknown[] => [
      // @ts-expect-error: a number
      strict.query(User, { capabilities: { maxResults: true } }),
      // @ts-expect-error: yes or no
      strict.delete(User, "1", { capabilities: { etag: "*" } }),
    ]).toBeFunction();
  });
});
