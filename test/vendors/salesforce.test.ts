import { beforeEach, describe, expect, test } from "vitest";
import {
  bearer,
  patch,
  RequestPayloadValidationError,
  SCIMClient,
  UnsupportedByServer,
  type ServerProfile,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { salesforce } from "../../src/vendors/salesforce.ts";
import { collect, rejection } from "../client/replay.ts";
import { SalesforceFake } from "./fakes/salesforce.ts";

const entitlements = [{ value: "00e000000000001", primary: true }];

let server: SalesforceFake;

beforeEach(() => {
  server = new SalesforceFake();
});

async function client(profile?: ServerProfile): Promise<SCIMClient> {
  const scim = new SCIMClient<true, true>(server.base, {
    auth: bearer(server.token),
    fetch: server.fetch,
    retry: false,
    ...(profile === undefined ? {} : { profile }),
  });
  await scim.discover();
  return scim;
}

describe("the plain verbs", () => {
  test("its configuration is where Salesforce keeps it", async () => {
    const scim = await client(salesforce);
    expect(server.calls).not.toContain("GET /ServiceProviderConfig");
    expect(scim.serviceProviderConfig).toMatchObject({ filter: { maxResults: 200 } });
  });

  test("users: created, found, listed, replaced, modified", async () => {
    const scim = await client(salesforce);
    const babs = await scim.create(User, { userName: "babs@example.com", entitlements });
    server.populate(450);
    expect(await scim.find(User, 'userName eq "babs@example.com"')).toEqual(babs);
    expect(await collect(scim.list(User, { count: 1000 }))).toHaveLength(451);
    expect(server.calls.at(-1)).toBe("GET /Users?startIndex=401&count=200");
    expect(await scim.modify(User, babs.id, patch(User).replace("title", "Guide"))).toMatchObject({
      title: "Guide",
    });
    expect(await scim.replace(User, { ...babs, active: false })).toMatchObject({ active: false });
  });

  test("groups: read and updated, not created and not deleted", async () => {
    const scim = await client(salesforce);
    const { id } = server.add(server.groups, { displayName: "Sales" });
    expect(await scim.modify(Group, id, patch(Group).replace("displayName", "Support"))).toMatchObject({
      displayName: "Support",
    });
    const calls = server.calls.length;
    expect(await rejection(scim.create(Group, { displayName: "x" }))).toBeInstanceOf(UnsupportedByServer);
    expect(await rejection(scim.delete(Group, id))).toBeInstanceOf(UnsupportedByServer);
    expect(server.calls).toHaveLength(calls);
    expect(await rejection((await client()).create(Group, { displayName: "x" }))).toMatchObject({ status: 405 });
  });
});

describe("RFC 7644 §3.4.2.2: and binds tighter than or, also where the server does not know", () => {
  const text = 'title eq "a" or title eq "b" and active eq true';

  test("text is sent with the parentheses that say what it means", async () => {
    const users = [
      { userName: "1", title: "a", active: false },
      { userName: "2", title: "b", active: true },
      { userName: "3", title: "b", active: false },
    ];
    for (const user of users) server.add(server.users, user);
    const scim = await client(salesforce);
    const page = await scim.query(User, { filter: text });
    expect(page.Resources.map(({ userName }) => userName)).toEqual(["1", "2"]);
    expect(server.calls.at(-1)).toBe('GET /Users?filter=title eq "a" or (title eq "b" and active eq true)');
    const plain = await (await client()).query(User, { filter: text });
    expect(plain.Resources.map(({ userName }) => userName)).toEqual(["2"]);
  });
});

describe("what the documentation says of writes", () => {
  test("an entitlement is asked for before Salesforce answers with a conflict", async () => {
    const scim = await client(salesforce);
    expect(await rejection(scim.create(User, { userName: "babs" }))).toBeInstanceOf(RequestPayloadValidationError);
    expect(await rejection((await client()).create(User, { userName: "babs" }))).toMatchObject({
      status: 409,
      scimType: undefined,
    });
  });

  test("DELETE deactivates, and the profile says so", async () => {
    const scim = await client(salesforce);
    const { id } = await scim.create(User, { userName: "babs", entitlements });
    await scim.delete(User, id);
    expect(await scim.query(User, id)).toMatchObject({ active: false });
    expect(scim.profile.resourceTypes?.["User"]?.deletion).toBe("deactivates");
  });
});
