import { inspect } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import {
  bearer,
  diff,
  filter,
  patch,
  RequestPayloadValidationError,
  ResponsePayloadValidationError,
  SCIMClient,
  SCIMResponseErrorObject,
  UnexpectedStatusCode,
  UnsupportedByServer,
  type Deviation,
} from "../../src/index.ts";
import { User } from "../../src/models.gen.ts";
import { grantex, grantexScim, GrantexUser } from "../../src/vendors/grantex.ts";
import { GrantexFake } from "./fakes/grantex.ts";

const baseUrl = "https://api.grantex.example";
const emails = [{ value: "babs@example.com", type: "work", primary: true }];

let server: GrantexFake;

beforeEach(() => {
  server = new GrantexFake();
});

function withUsers() {
  return grantexScim({ scimToken: server.issue(), baseUrl, fetch: server.fetch, retry: false });
}

function withTokens() {
  return grantexScim({ apiKey: server.apiKey, baseUrl, fetch: server.fetch, retry: false });
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("the nine calls", () => {
  test("tokens: created, listed, revoked", async () => {
    const admin = withTokens();
    const first = await admin.createToken({ label: "Okta" });
    const second = await admin.createToken("Entra");
    expect(first.token).toMatch(/^[0-9a-f]{64}$/);
    const listed = await admin.listTokens();
    expect(listed.tokens.map(({ id, label }) => [id, label])).toEqual([
      [second.id, "Entra"],
      [first.id, "Okta"],
    ]);
    expect(await admin.tokens.list()).toEqual(listed.tokens);
    await admin.revokeToken(first.id);
    expect((await admin.listTokens()).tokens).toHaveLength(1);
    expect(await errorOf(admin.revokeToken(first.id))).toMatchObject({ status: 404, name: "UnexpectedStatusCode" });
  });

  test("users: created, read, listed, replaced, updated, deleted", async () => {
    const idp = withUsers();
    const babs = await idp.createUser({ userName: "bjensen", displayName: "Babs", externalId: "701", emails });
    expect(babs).toMatchObject({
      userName: "bjensen",
      displayName: "Babs",
      externalId: "701",
      active: true,
      emails,
    });
    expect(await idp.getUser(babs.id)).toEqual(babs);
    expect(await idp.listUsers()).toMatchObject({ totalResults: 1, Resources: [babs] });
    const replaced = await idp.replaceUser(babs.id, { userName: "babs", active: false });
    expect(replaced).toMatchObject({ id: babs.id, userName: "babs", active: false, emails: [] });
    expect(replaced.displayName).toBeUndefined();
    const updated = await idp.updateUser(babs.id, [{ op: "replace", path: "active", value: true }]);
    expect(updated).toMatchObject({ id: babs.id, userName: "babs", active: true });
    await idp.deleteUser(babs.id);
    expect(await errorOf(idp.getUser(babs.id))).toBeInstanceOf(SCIMResponseErrorObject);
    expect(server.users).toEqual([]);
  });

  test("a token that was just created opens the users, until it is revoked", async () => {
    const admin = withTokens();
    const issued = await admin.tokens.create({ label: "HR" });
    const both = admin.withToken(issued.token);
    expect((await both.listUsers()).totalResults).toBe(0);
    await both.tokens.revoke(issued.id);
    expect(await errorOf(both.listUsers())).toMatchObject({ status: 401, scimType: "unauthorized" });
  });

  test("a page of users is bounded, and never asked for nothing", async () => {
    const idp = withUsers();
    for (let index = 0; index < 5; index += 1) server.addJustInTime(`u${index}`, []);
    expect((await idp.listUsers({ startIndex: 2, count: 2 })).Resources.map(({ userName }) => userName)).toEqual([
      "u1",
      "u2",
    ]);
    expect(await idp.listUsers({ count: 200 })).toMatchObject({ itemsPerPage: 200 });
    expect(server.requests.at(-1)).toBe("GET /scim/v2/Users?count=200");
    expect(await errorOf(idp.listUsers({ count: 0 }))).toBeInstanceOf(UnsupportedByServer);
    expect(await errorOf(idp.listUsers({ count: 201 }))).toBeInstanceOf(UnsupportedByServer);
    expect(await errorOf(idp.listUsers({ count: 1.5 }))).toBeInstanceOf(TypeError);
    expect(await errorOf(idp.listUsers({ startIndex: -1 }))).toBeInstanceOf(TypeError);
  });

  test("results are frozen", async () => {
    const idp = withUsers();
    const babs = await idp.createUser({ userName: "bjensen", emails });
    const page = await idp.listUsers();
    const tokens = await withTokens().listTokens();
    for (const value of [
      babs,
      babs.emails,
      babs.emails?.[0],
      babs.meta,
      page,
      page.Resources,
      page.Resources[0],
      await idp.getUser(babs.id),
      await idp.findUser('userName eq "bjensen"'),
      await idp.updateUser(babs.id, [{ op: "replace", path: "active", value: false }]),
      await idp.replaceUser(babs.id, { userName: "b", active: true }),
      tokens,
      tokens.tokens,
      tokens.tokens[0],
      await withTokens().createToken("x"),
    ]) {
      expect(Object.isFrozen(value)).toBe(true);
      expect(value).toBeDefined();
    }
  });
});

describe("two credentials, two planes", () => {
  test("what a credential does not open says which one does", async () => {
    const admin = withTokens() as unknown as ReturnType<typeof withUsers>;
    const idp = withUsers() as unknown as ReturnType<typeof withTokens>;
    expect(await errorOf(admin.listUsers())).toBeInstanceOf(TypeError);
    expect(String(await errorOf(admin.listUsers()))).toContain("scimToken");
    expect(String(await errorOf(idp.createToken("x")))).toContain("apiKey");
    expect(() => admin.scim).toThrow("scimToken");
    expect(() => idp.tokens).toThrow("apiKey");
    expect(server.requests).toEqual([]);
  });

  test("neither opens the other plane", async () => {
    const wrong = { baseUrl, fetch: server.fetch, retry: false } as const;
    const users = grantexScim({ ...wrong, scimToken: server.apiKey });
    const tokens = grantexScim({ ...wrong, apiKey: server.issue() });
    expect(await errorOf(users.listUsers())).toMatchObject({ status: 401, detail: "Invalid SCIM token" });
    const refused = await errorOf(tokens.listTokens());
    expect(refused).toBeInstanceOf(UnexpectedStatusCode);
    expect(String(refused)).toContain("Invalid API key");
  });

  test("a credential can be a function", async () => {
    const admin = grantexScim({ apiKey: async () => server.apiKey, baseUrl, fetch: server.fetch });
    const { token } = await admin.createToken("x");
    const idp = grantexScim({ scimToken: () => token, baseUrl, fetch: server.fetch });
    expect((await idp.listUsers()).Resources).toEqual([]);
  });

  test("the base URL may have a path", async () => {
    const behind = grantexScim({
      apiKey: server.apiKey,
      scimToken: server.issue(),
      baseUrl: "https://gateway.example/grantex/",
      fetch: (request) =>
        server.fetch(new Request(request.url.replace("gateway.example/grantex", "api.example"), request)),
    });
    expect((await behind.listTokens()).tokens).toHaveLength(1);
    expect((await behind.listUsers()).Resources).toEqual([]);
    expect(server.requests).toEqual(["GET /v1/scim/tokens", "GET /scim/v2/Users"]);
  });
});

describe("a token's secret is shown once and nowhere else", () => {
  test("it is in no print of the token, of the client, of an error", async () => {
    const admin = withTokens();
    const issued = await admin.createToken("Okta");
    const secret = issued.token;
    const all = { issued, list: [issued], admin, both: admin.withToken(secret) };
    for (const text of [
      inspect(all, { depth: 9, showHidden: true }),
      JSON.stringify(all),
      String(issued),
      `${issued.label} ${inspect(Object.entries(issued))}`,
    ]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(server.apiKey);
    }
    expect(JSON.parse(JSON.stringify(issued))).toEqual({
      id: issued.id,
      label: "Okta",
      createdAt: issued.createdAt,
      lastUsedAt: null,
      token: "***",
    });
    expect(Object.isFrozen(issued)).toBe(true);
  });

  test("an answer that is no token is an error that does not print it", async () => {
    const odd = grantexScim({
      apiKey: server.apiKey,
      baseUrl,
      fetch: () => Response.json({ token: "5ecre7", id: 7 }, { status: 201 }),
    });
    const error = await errorOf(odd.createToken("x"));
    expect(error).toMatchObject({ name: "UnexpectedContentFormat" });
    expect(inspect(error)).not.toContain("5ecre7");
    for (const body of [{}, { tokens: [{}] }, { tokens: {} }, []]) {
      const client = grantexScim({ apiKey: server.apiKey, baseUrl, fetch: () => Response.json(body) });
      expect(await errorOf(client.listTokens())).toMatchObject({ name: "UnexpectedContentFormat" });
    }
  });

  test("a label is text, and an id one path segment", async () => {
    const admin = withTokens();
    expect(await errorOf(admin.createToken(""))).toBeInstanceOf(TypeError);
    expect(await errorOf(admin.createToken({ label: 42 as unknown as string }))).toBeInstanceOf(TypeError);
    expect(await errorOf(admin.revokeToken(""))).toBeInstanceOf(TypeError);
    expect(await errorOf(admin.revokeToken("a/../b"))).toMatchObject({ status: 404 });
    expect(server.requests).toEqual(["DELETE /v1/scim/tokens/a%2F..%2Fb"]);
  });
});

describe("each trap of the server is met", () => {
  test("application/scim+json is refused with 415: application/json is sent", async () => {
    const scim = new SCIMClient(`${baseUrl}/scim/v2`, { auth: bearer(server.issue()), fetch: server.fetch });
    expect(await errorOf(scim.create(User, { userName: "bjensen" }))).toMatchObject({ status: 415 });
    expect(await withUsers().createUser({ userName: "bjensen" })).toMatchObject({ userName: "bjensen" });
  });

  test("emails that are a JSON string are read as what they are, and reported; an array is an array", async () => {
    const deviations: Deviation[] = [];
    const idp = grantexScim({
      scimToken: server.issue(),
      baseUrl,
      fetch: server.fetch,
      onDeviation: (deviation) => deviations.push(deviation),
    });
    const babs = await idp.createUser({ userName: "bjensen", emails });
    expect(server.users[0]?.emails).toBe(JSON.stringify(emails));
    expect(babs.emails).toEqual(emails);
    expect(deviations.map(({ path }) => path)).toEqual(["emails"]);
    server.addJustInTime("jit", emails);
    expect((await idp.listUsers()).Resources.map((user) => user.emails)).toEqual([emails, emails]);
    const without = new SCIMClient(`${baseUrl}/scim/v2`, { auth: bearer(server.issue()), fetch: server.fetch });
    expect(await errorOf(without.query(User, babs.id))).toBeInstanceOf(ResponsePayloadValidationError);
  });

  test("the filter is ignored: find gives the right person or nobody", async () => {
    const idp = withUsers();
    for (let index = 0; index < 450; index += 1) server.addJustInTime(`user${index}`, []);
    const last = await idp.createUser({ userName: "zoe" });
    expect(await idp.findUser(filter`userName eq ${"zoe"}`)).toEqual(last);
    expect(await idp.findUser('userName eq "nobody"')).toBeUndefined();
    expect(await idp.findUser('userName sw "user44" and userName ew "9"')).toMatchObject({ userName: "user449" });
    expect(await errorOf(idp.scim.query(GrantexUser, { filter: 'userName eq "zoe"' }))).toBeInstanceOf(
      UnsupportedByServer,
    );
    const trusting = new SCIMClient(`${baseUrl}/scim/v2`, {
      auth: bearer(server.issue()),
      fetch: server.fetch,
      profile: { name: "naive", repairs: { stringifiedJson: ["emails"] } },
    });
    const page = await trusting.query(User, { filter: 'userName eq "zoe"' });
    expect(page.Resources[0]?.userName).toBe("user0");
  });

  test("user names are told apart by case", async () => {
    const idp = withUsers();
    const lower = await idp.createUser({ userName: "alice@example.com" });
    const upper = await idp.createUser({ userName: "ALICE@example.com" });
    expect(await idp.findUser('userName eq "alice@example.com"')).toEqual(lower);
    expect(await idp.findUser('userName eq "ALICE@example.com"')).toEqual(upper);
  });

  test("externalId is not unique: more than one is an error, not one of them", async () => {
    const idp = withUsers();
    await idp.createUser({ userName: "a", externalId: "7" });
    await idp.createUser({ userName: "b", externalId: "7" });
    expect(await errorOf(idp.findUser('externalId eq "7"'))).toBeInstanceOf(ResponsePayloadValidationError);
  });

  test("a duplicate is a 500: no conflict is made of it, and nothing is sent twice", async () => {
    const idp = grantexScim({ scimToken: server.issue(), baseUrl, fetch: server.fetch });
    await idp.createUser({ userName: "bjensen" });
    const error = await errorOf(idp.createUser({ userName: "bjensen" }));
    expect(error).toBeInstanceOf(UnexpectedStatusCode);
    expect(error).toMatchObject({ status: 500 });
    expect(server.requests.filter((request) => request.startsWith("POST"))).toHaveLength(2);
  });

  test("replaceUser never re-activates by omission", async () => {
    const idp = withUsers();
    const babs = await idp.createUser({ userName: "bjensen", active: false });
    const careless = { userName: "bjensen", displayName: "Babs" } as unknown as Parameters<
      typeof idp.replaceUser
    >[1];
    const error = await errorOf(idp.replaceUser(babs.id, careless));
    expect(error).toBeInstanceOf(RequestPayloadValidationError);
    expect(String(error)).toContain('"active" must be present in a replace request for Grantex');
    expect(await idp.getUser(babs.id)).toMatchObject({ active: false });
    expect(
      await errorOf(idp.scim.replace(GrantexUser, { id: babs.id, userName: "b", active: null })),
    ).toBeInstanceOf(RequestPayloadValidationError);
    expect(await idp.replaceUser(babs.id, { userName: "bjensen", active: false })).toMatchObject({ active: false });
    const plain = new SCIMClient(`${baseUrl}/scim/v2`, {
      auth: bearer(server.issue()),
      fetch: server.fetch,
      profile: { name: "naive", requestContentType: "application/json", repairs: { stringifiedJson: ["emails"] } },
    });
    expect(await plain.replace(User, { id: babs.id, userName: "bjensen" })).toMatchObject({ active: true });
  });

  const dropped = [
    { given: [{ op: "remove", path: "displayName" }], want: '"remove"' },
    { given: [{ op: "replace", path: "externalId", value: "9" }], want: '"externalId"' },
    { given: [{ op: "replace", path: "emails", value: emails }], want: '"emails"' },
    { given: [{ op: "replace", path: 'emails[type eq "work"].value', value: "x" }], want: '"emails' },
    { given: [{ op: "replace", path: "displayName", value: null }], want: "by null" },
    { given: [{ op: "add", value: { displayName: "B", externalId: "9" } }], want: '"externalId"' },
    {
      given: [
        { op: "replace", path: "active", value: false },
        { op: "remove", path: "emails" },
      ],
      want: '"remove"',
    },
  ] as const;
  for (const { given, want } of dropped) {
    test(`updateUser refuses what would be dropped with 200: ${JSON.stringify(given)}`, async () => {
      const idp = withUsers();
      const babs = await idp.createUser({ userName: "bjensen", displayName: "Babs", externalId: "7", emails });
      const before = server.requests.length;
      const error = await errorOf(idp.updateUser(babs.id, given));
      expect(error).toBeInstanceOf(UnsupportedByServer);
      expect(String(error)).toContain(want);
      expect(server.requests).toHaveLength(before);
      // What it is spared: the server says that all is well, and changes nothing.
      const answer = await idp.updateUser(babs.id, given.slice(-1), { capabilities: { patch: true } });
      expect({ ...answer, displayName: "B", meta: 0 }).toEqual({ ...babs, displayName: "B", meta: 0 });
    });
  }

  test("attributes that it does not know are refused, not dropped", async () => {
    const idp = withUsers();
    const named = { userName: "bjensen", name: { familyName: "Jensen" } };
    const error = await errorOf(idp.createUser(named));
    expect(error).toBeInstanceOf(RequestPayloadValidationError);
    expect(String(error)).toContain('"name"');
    expect(await errorOf(idp.updateUser("1", [{ op: "add", path: "title", value: "x" }]))).toBeInstanceOf(
      RequestPayloadValidationError,
    );
    expect(await errorOf(idp.scim.create(User, named))).toBeInstanceOf(RequestPayloadValidationError);
    expect(server.requests).toEqual([]);
  });

  test("wrong types are refused, where the server would deactivate", async () => {
    const idp = withUsers();
    const { id } = await idp.createUser({ userName: "bjensen" });
    const before = server.requests.length;
    for (const value of ["wat", "False", 1]) {
      expect(await errorOf(idp.updateUser(id, [{ op: "replace", path: "active", value }]))).toBeInstanceOf(
        RequestPayloadValidationError,
      );
      expect(await errorOf(idp.createUser({ userName: "x", active: value as unknown as boolean }))).toBeInstanceOf(
        RequestPayloadValidationError,
      );
    }
    expect(await errorOf(idp.createUser({ userName: 42 as unknown as string }))).toBeInstanceOf(
      RequestPayloadValidationError,
    );
    expect(server.requests).toHaveLength(before);
  });

  test("null is left out, where the server would fail or store the word", async () => {
    const idp = withUsers();
    const babs = await idp.createUser({ userName: "bjensen", active: null, emails: null, displayName: null });
    expect(babs).toMatchObject({ active: true, emails: [] });
    expect(server.users[0]?.emails).toBe("[]");
  });

  test("four shapes of errors: each is an error with its status and its reason", async () => {
    const idp = withUsers();
    expect(await errorOf(idp.getUser("nobody"))).toMatchObject({
      name: "SCIMResponseErrorObject",
      status: 404,
      scimType: "noTarget",
      detail: "User not found",
    });
    server.limit(1);
    expect(String(await errorOf(idp.listUsers()))).toContain("Rate limit exceeded");
    expect(String(await errorOf(idp.scim.query(GrantexUser, "1", { url: "/Groups/1" })))).toContain(
      "Route GET:/scim/v2/Groups/1 not found",
    );
    const strange = grantexScim({
      scimToken: "x",
      baseUrl,
      fetch: () => Response.json({ error: "down for maintenance", code: "X", statusCode: 503 }, { status: 503 }),
      retry: false,
    });
    expect(String(await errorOf(strange.listUsers()))).toContain("down for maintenance");
  });

  test("the rate limit is waited for, also by writes", async () => {
    const idp = grantexScim({ scimToken: server.issue(), baseUrl, fetch: server.fetch });
    server.limit(1);
    expect(await idp.createUser({ userName: "bjensen" })).toMatchObject({ userName: "bjensen" });
    expect(server.users).toHaveLength(1);
  });

  test("itemsPerPage is what was asked for: a walk goes by what came", async () => {
    const idp = withUsers();
    for (let index = 0; index < 450; index += 1) server.addJustInTime(`user${index}`, []);
    const list = idp.scim.list(GrantexUser, { count: 1000 });
    const names = new Set<string>();
    for await (const user of list) names.add(user.userName);
    expect([names.size, list.complete, list.totalResults]).toEqual([450, true, 450]);
  });

  test("a deleted user is gone, and a second time it is 404", async () => {
    const idp = withUsers();
    const { id } = await idp.createUser({ userName: "bjensen" });
    await idp.deleteUser(id);
    expect(await errorOf(idp.deleteUser(id))).toMatchObject({ status: 404 });
    expect(idp.scim.profile.resourceTypes?.["User"]?.deletion).toBe("deletes");
  });

  test("the generic client discovers it, with no schemas published", async () => {
    const scim = new SCIMClient(`${baseUrl}/scim/v2`, {
      auth: bearer(server.issue()),
      fetch: server.fetch,
      profile: grantex,
    });
    const { warnings } = await scim.discover();
    expect(warnings).toEqual([]);
    expect(scim.resourceModels.map(({ name }) => name)).toEqual(["User"]);
    expect(server.requests).toEqual(["GET /scim/v2/ServiceProviderConfig"]);
    const babs = await scim.create(User, { userName: "bjensen", emails });
    expect(await errorOf(scim.create(User, { userName: "b", title: "x" }))).toBeInstanceOf(
      RequestPayloadValidationError,
    );
    expect(await scim.find(User, 'userName eq "bjensen"')).toEqual(babs);
  });

  test("a difference that PATCH cannot carry goes by PUT, where that is allowed", async () => {
    const idp = withUsers();
    const babs = await idp.createUser({ userName: "bjensen", displayName: "Babs", active: false });
    const changes = diff(GrantexUser, babs, { ...babs, emails });
    expect(await errorOf(idp.scim.modify(GrantexUser, babs.id, changes))).toBeInstanceOf(UnsupportedByServer);
    const changed = await idp.scim.modify(GrantexUser, babs.id, changes, { withoutPatch: "replace" });
    expect(changed).toMatchObject({ userName: "bjensen", displayName: "Babs", active: false, emails });
  });

  test("operations can be built, and none is no request but a read", async () => {
    const idp = withUsers();
    const babs = await idp.createUser({ userName: "bjensen" });
    expect(await idp.updateUser(babs.id, patch(GrantexUser).replace("displayName", "Babs"))).toMatchObject({
      displayName: "Babs",
    });
    expect(await idp.updateUser(babs.id, patch(GrantexUser))).toMatchObject({ displayName: "Babs" });
    expect(server.requests.slice(-2)).toEqual([`PATCH /scim/v2/Users/${babs.id}`, `GET /scim/v2/Users/${babs.id}`]);
  });
});
