import { describe, expect, test } from "vitest";
import {
  patch,
  path,
  SCIMClient,
  SCIMResponseErrorObject,
  UnsupportedByServer,
  type Capabilities,
  type ClientOptions,
} from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { BASE, messageOf, type Message } from "../faults/message.ts";
import { Provider, type ProviderOptions } from "../faults/provider.ts";
import { collect, headersOf, rejection, textOf } from "./replay.ts";

/** A client, the server behind it, and what the server was sent. */
interface Served {
  readonly scim: SCIMClient;
  readonly provider: Provider;
  readonly messages: Message[];
}

/** A client that has discovered a service provider in this process. */
async function discovered(
  options: ProviderOptions,
  clientOptions: Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload"> = {},
  meanwhile?: (message: Message, provider: Provider) => void,
): Promise<Served> {
  const provider = new Provider(options);
  const messages: Message[] = [];
  const scim = new SCIMClient<true, true>(BASE, {
    retry: false,
    ...clientOptions,
    fetch: async (request) => {
      const message = await messageOf(request);
      messages.push(message);
      const reply = provider.handle(message);
      meanwhile?.(message, provider);
      return new Response(textOf(reply) ?? null, { status: reply.status ?? 200, headers: headersOf(reply) });
    },
  });
  await scim.discover();
  messages.length = 0;
  return { scim, provider, messages };
}

const change = patch(User).replace("displayName", "Babs");

describe("RFC 7643 §5: what a discovered server does not support is refused before it is sent", () => {
  const cases: ReadonlyArray<{
    capability: keyof Capabilities;
    provider: ProviderOptions;
    call: (scim: SCIMClient, options: { capabilities?: Capabilities }) => Promise<unknown>;
    /** Whether the server gets along with it all the same. */
    works: boolean;
  }> = [
    {
      capability: "patch",
      provider: { patch: false },
      call: (scim, options) => scim.modify(User, "u1", change, options),
      works: false,
    },
    {
      capability: "patch",
      provider: { patch: false },
      call: (scim, options) => scim.me.modify(User, change, options),
      works: false,
    },
    {
      capability: "bulk",
      provider: { bulk: false },
      call: (scim, options) =>
        scim.bulk([{ method: "DELETE", path: "/Users/u1" }], { strategy: "bulk", ...options }),
      works: false,
    },
    {
      capability: "filter",
      provider: { filter: false },
      call: (scim, options) => scim.query(User, { filter: "id pr", ...options }),
      works: true,
    },
    {
      capability: "filter",
      provider: { filter: false },
      call: (scim, options) => collect(scim.list([User, Group], { filter: "id pr", via: "search", ...options })),
      works: false,
    },
    {
      capability: "sort",
      provider: {},
      call: (scim, options) => scim.query(User, { sortBy: "userName", ...options }),
      works: true,
    },
    {
      capability: "sort",
      provider: {},
      call: (scim, options) => scim.search(User, { sortBy: "userName", ...options }),
      works: true,
    },
  ];
  for (const [position, { capability, provider, call, works }] of cases.entries()) {
    test(`${capability} (${position + 1}): refused, unless the call or the client knows better`, async () => {
      const { scim, messages } = await discovered({ users: 1, ...provider });
      const error = await rejection(call(scim, {}));
      expect(error).toBeInstanceOf(UnsupportedByServer);
      expect(error).toMatchObject({
        capability,
        message: expect.stringMatching(`does not support ${capability} .* { ${capability}: true }`) as string,
      });
      expect(messages).toEqual([]);
      const capabilities = { [capability]: true };
      const outcome = (calling: Promise<unknown>) =>
        calling.then(
          () => true,
          () => false,
        );
      expect(await outcome(call(scim, { capabilities }))).toBe(works);
      expect(messages).toHaveLength(1);
      const knowing = await discovered({ users: 1, ...provider }, { capabilities });
      expect(await outcome(call(knowing.scim, {}))).toBe(works);
      expect(knowing.messages).toHaveLength(1);
      expect(await rejection(call(knowing.scim, { capabilities: { [capability]: false } }))).toBeInstanceOf(
        UnsupportedByServer,
      );
      expect(knowing.messages).toHaveLength(1);
    });
  }

  test("find looks through everything where there are no filters", async () => {
    const { scim, messages } = await discovered({ users: 150, filter: false });
    expect(await scim.find(User, 'userName eq "USER-149"')).toMatchObject({ id: "u149" });
    expect(messages.map(({ query }) => query?.get("filter"))).toEqual([null, null]);
  });

  test("bulk runs one request for each operation where there is none", async () => {
    const { scim, provider, messages } = await discovered({ users: 2, bulk: false });
    const results = await scim.bulk([
      { method: "DELETE", path: "/Users/u1" },
      { method: "PATCH", path: "/Users/u2", data: change },
    ]);
    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
    expect(messages.map(({ method }) => method)).toEqual(["DELETE", "PATCH"]);
    expect(provider.all("Users")).toMatchObject([{ id: "u2", displayName: "Babs" }]);
  });
});

describe("RFC 7644 §3.14: versions guard against overwriting what somebody else has written", () => {
  const other = {
    method: "PATCH",
    path: "/Users/u1",
    body: { Operations: [{ op: "replace", path: "title", value: "Boss" }] },
  };

  test("what was read is written with its version; after another's write it is refused with 412", async () => {
    const { scim, provider, messages } = await discovered({ users: 1, etag: true });
    const seen = await scim.query(User, "u1");
    expect(seen.meta?.version).toBe('W/"1"');
    const written = await scim.replace(User, { ...seen, displayName: "Babs" });
    expect(written.meta?.version).toBe('W/"2"');
    provider.handle(other);
    for (const write of [
      () => scim.replace(User, { ...written, displayName: "Barbara" }),
      () => scim.modify(User, written, change),
      () => scim.delete(User, written),
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const error = await rejection(write());
      expect(error).toBeInstanceOf(SCIMResponseErrorObject);
      expect(error).toMatchObject({ status: 412, unknownOutcome: false });
    }
    expect(messages.map(({ ifMatch }) => ifMatch)).toEqual([undefined, 'W/"1"', 'W/"2"', 'W/"2"', 'W/"2"']);
    expect(provider.all("Users")).toMatchObject([{ displayName: "Babs", title: "Boss" }]);
  });

  test("who writes without a version, or with *, wins", async () => {
    const { scim, provider, messages } = await discovered({ users: 1, etag: true });
    const seen = await scim.query(User, "u1");
    provider.handle(other);
    await scim.replace(User, { ...seen, displayName: "first" }, { ifMatch: false });
    await scim.modify(User, seen, patch(User).replace("displayName", "second"), { ifMatch: "*" });
    expect(provider.all("Users")).toMatchObject([{ displayName: "second" }]);
    await scim.delete(User, "u1");
    expect(messages.map(({ ifMatch }) => ifMatch)).toEqual([undefined, undefined, "*", undefined]);
    expect(provider.all("Users")).toEqual([]);
  });

  test("RFC 9110 §13.1.1: * asks for a resource that is there", async () => {
    const { scim } = await discovered({ etag: true });
    expect(await rejection(scim.delete(User, "u9", { ifMatch: "*" }))).toMatchObject({ status: 404 });
  });

  test("a server without versions gets none", async () => {
    const { scim, messages } = await discovered({ users: 1 });
    await scim.replace(User, { ...(await scim.query(User, "u1")), displayName: "Babs" });
    expect(messages.map(({ ifMatch }) => ifMatch)).toEqual([undefined, undefined]);
  });

  test("a conditional read brings the resource only once it has changed", async () => {
    const { scim, provider } = await discovered({ users: 1, etag: true });
    const seen = await scim.query(User, "u1");
    const ifNoneMatch = seen.meta?.version ?? "";
    expect(await scim.query(User, "u1", { ifNoneMatch })).toEqual({ notModified: true, version: ifNoneMatch });
    expect(await scim.me.query(User, { ifNoneMatch })).toEqual({ notModified: true, version: ifNoneMatch });
    provider.handle(other);
    expect(await scim.query(User, "u1", { ifNoneMatch })).toMatchObject({
      title: "Boss",
      meta: { version: 'W/"2"' },
    });
  });

  test("in a bulk each operation has its own version", async () => {
    for (const strategy of ["bulk", "single"] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const { scim } = await discovered({ users: 2, etag: true });
      // oxlint-disable-next-line no-await-in-loop
      const results = await scim.bulk(
        [
          { method: "PATCH", path: "/Users/u1", version: 'W/"1"', data: change },
          { method: "PATCH", path: "/Users/u2", version: 'W/"0"', data: change },
        ],
        { strategy },
      );
      expect(results).toMatchObject([
        { ok: true, version: 'W/"2"' },
        { ok: false, reason: "refused", status: 412 },
      ]);
    }
  });
});

describe("RFC 7644 §3.5.1: modify on a server without PATCH reads, applies and replaces", () => {
  const without = { withoutPatch: "replace" } as const;
  const full = patch(User)
    .add("emails", [{ value: "b@example.com", type: "home" }])
    .replace(path`emails[type eq ${"work"}].value`, "w@example.com")
    .remove("nickName");

  /** A user with some of everything, made by PUT alone. */
  async function withBabs(options: ProviderOptions, meanwhile?: (message: Message, provider: Provider) => void) {
    const served = await discovered({ users: 1, patch: false, ...options }, {}, meanwhile);
    served.provider.handle({
      method: "PUT",
      path: "/Users/u1",
      body: {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        userName: "babs",
        nickName: "B",
        emails: [{ value: "old@example.com", type: "work" }],
        phoneNumbers: [{ value: "+1" }],
      },
    });
    return served;
  }

  test("everything else stays, and the version that was read guards it", async () => {
    const { scim, provider, messages } = await withBabs({ etag: true });
    const modified = await scim.modify(User, "u1", full, without);
    expect(messages.map(({ method, ifMatch }) => [method, ifMatch])).toEqual([
      ["GET", undefined],
      ["PUT", 'W/"2"'],
    ]);
    expect(modified).toMatchObject({ id: "u1", meta: { version: 'W/"3"' } });
    const [stored] = provider.all("Users");
    expect(stored).not.toHaveProperty("nickName");
    expect(stored).toMatchObject({
      userName: "babs",
      emails: [
        { value: "w@example.com", type: "work" },
        { value: "b@example.com", type: "home" },
      ],
      phoneNumbers: [{ value: "+1" }],
    });
  });

  test("what somebody else writes in between is not overwritten: 412", async () => {
    const { scim, provider } = await withBabs({ etag: true }, ({ method }, at) => {
      if (method === "GET") at.handle({ method: "PUT", path: "/Users/u1", body: { userName: "somebody" } });
    });
    const error = await rejection(scim.modify(User, "u1", full, without));
    expect(error).toBeInstanceOf(SCIMResponseErrorObject);
    expect(error).toMatchObject({ status: 412, unknownOutcome: false });
    expect(provider.all("Users")).toMatchObject([{ userName: "somebody" }]);
  });

  test("where there are no versions, nothing guards it", async () => {
    const { scim, messages } = await withBabs({});
    await scim.modify(User, "u1", full, without);
    expect(messages.map(({ method, ifMatch }) => [method, ifMatch])).toEqual([
      ["GET", undefined],
      ["PUT", undefined],
    ]);
  });

  test("/Me", async () => {
    const { scim, provider, messages } = await withBabs({ etag: true });
    await scim.me.modify(User, change, without);
    expect(messages.map(({ method, path: place }) => [method, place])).toEqual([
      ["GET", "/Me"],
      ["PUT", "/Me"],
    ]);
    expect(provider.all("Users")).toMatchObject([{ displayName: "Babs", userName: "babs" }]);
  });

  test("an extension is kept, and can be modified", async () => {
    const Person = User.with(EnterpriseUser);
    const { scim, provider } = await withBabs({ etag: true });
    const department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    await scim.modify(Person, "u1", patch(Person).replace(department, "Tours"), without);
    await scim.modify(Person, "u1", patch(Person).replace("displayName", "Babs"), without);
    expect(provider.all("Users")).toMatchObject([
      {
        displayName: "Babs",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "Tours" },
      },
    ]);
  });

  test("what cannot be applied is an error, and nothing is written", async () => {
    const { scim, messages } = await withBabs({ etag: true });
    const error = await rejection(
      scim.modify(
        User,
        "u1",
        patch(User).replace(path`emails[type eq ${"other"}].value`, "x@example.com"),
        without,
      ),
    );
    expect(error).toMatchObject({ code: "patch_error", scimType: "noTarget" });
    expect(messages.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("without being asked to, it refuses", async () => {
    const { scim, messages } = await withBabs({ etag: true });
    for (const options of [{}, { withoutPatch: "refuse" } as const]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await rejection(scim.modify(User, "u1", change, options))).toMatchObject({ capability: "patch" });
    }
    expect(messages).toEqual([]);
  });
});
