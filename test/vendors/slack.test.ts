import { beforeEach, describe, expect, test } from "vitest";
import {
  bearer,
  patch,
  path,
  RequestPayloadValidationError,
  SCIMClient,
  UnsupportedByServer,
  type ServerProfile,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { slack } from "../../src/vendors/slack.ts";
import { collect, rejection } from "../client/replay.ts";
import { SlackFake } from "./fakes/slack.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const emails = [{ value: "babs@example.com", primary: true }];

let server: SlackFake;

beforeEach(() => {
  server = new SlackFake();
});

async function client(profile?: ServerProfile): Promise<SCIMClient> {
  const scim = new SCIMClient<true, true>(server.base, {
    auth: bearer(server.token),
    fetch: server.fetch,
    retry: false,
    ...(profile === undefined ? {} : { profile }),
  });
  await scim.discover();
  server.calls.length = 0;
  return scim;
}

describe("users", () => {
  test("are created, found, replaced, modified by the plain verbs", async () => {
    const scim = await client(slack);
    const babs = await scim.create(User, { userName: "babs", emails });
    expect(babs).toMatchObject({ userName: "babs", emails, active: true });
    expect(babs).not.toHaveProperty("userType");
    server.populate(1500);
    expect(await scim.find(User, 'userName eq "babs"')).toEqual(babs);
    expect(server.calls.at(-1)).toBe('GET /Users?filter=userName eq "babs"&count=100');
    expect(await scim.modify(User, babs.id, patch(User).replace("title", "Guide"))).toMatchObject({
      title: "Guide",
    });
    expect(await scim.replace(User, { ...babs, active: false })).toMatchObject({ active: false });
    const list = scim.list(User, { count: 5000 });
    expect([(await collect(list)).length, list.complete]).toEqual([1501, true]);
    expect(server.calls.at(-1)).toBe("GET /Users?startIndex=1001&count=1000");
  });

  test("can be filtered, though the ServiceProviderConfig says that they cannot", async () => {
    const plain = await client();
    expect(await rejection(plain.query(User, { filter: 'userName eq "babs"' }))).toBeInstanceOf(
      UnsupportedByServer,
    );
    const scim = await client(slack);
    expect(await scim.query(User, { filter: 'userName eq "babs"' })).toMatchObject({ totalResults: 0 });
    expect(await rejection(scim.query(User, { filter: 'title eq "x"' }))).toBeInstanceOf(UnsupportedByServer);
    expect(await rejection(scim.query(User, { filter: 'userName ne "x"' }))).toBeInstanceOf(UnsupportedByServer);
    expect(await rejection(scim.query(User, { filter: "not (userName pr)" }))).toBeInstanceOf(UnsupportedByServer);
  });

  test("are not deactivated by leaving out active", async () => {
    const scim = await client(slack);
    const { id } = await scim.create(User, { userName: "babs", emails });
    const replacement = { id, userName: "babs", emails };
    expect(await rejection(scim.replace(User, replacement))).toBeInstanceOf(RequestPayloadValidationError);
    expect(await rejection(scim.create(User, { userName: "x" }))).toBeInstanceOf(RequestPayloadValidationError);
    expect(await scim.query(User, id)).toMatchObject({ active: true });
    const plain = await client();
    expect(await plain.replace(User, replacement)).toMatchObject({ active: false });
  });

  test("have the attributes that Slack publishes: a manager by its managerId", async () => {
    const scim = await client(slack);
    const Discovered = scim.getResourceModel("User");
    const resource = { userName: "babs", emails, [ENTERPRISE]: { manager: { managerId: "U1" } } };
    expect(await scim.create(Discovered, resource)).toMatchObject({
      [ENTERPRISE]: { manager: { managerId: "U1" } },
    });
    const standard = { ...resource, [ENTERPRISE]: { manager: { value: "U1" } } };
    expect(await rejection(scim.create(Discovered, standard))).toBeInstanceOf(RequestPayloadValidationError);
  });

  test("are deactivated by DELETE, and the profile says so", async () => {
    const scim = await client(slack);
    const { id } = await scim.create(User, { userName: "babs", emails });
    await scim.delete(User, id);
    expect(await scim.query(User, id)).toMatchObject({ active: false });
    expect(scim.profile.resourceTypes?.["User"]?.deletion).toBe("deactivates");
    expect(scim.profile.resourceTypes?.["Group"]?.deletion).toBe("deletes");
  });

  test("an Error whose status is a number is an Error", async () => {
    const scim = await client(slack);
    await scim.create(User, { userName: "babs", emails });
    expect(await rejection(scim.create(User, { userName: "babs", emails }))).toMatchObject({
      name: "SCIMResponseErrorObject",
      status: 409,
      detail: "username_taken",
    });
  });
});

describe("groups", () => {
  test("get any number of members, and are found by looking through all of them", async () => {
    const scim = await client(slack);
    const group = await scim.create(Group, { displayName: "Guides" });
    const members = Array.from({ length: 15_001 }, (_, index) => ({ value: `U${index}` }));
    await scim.modify(Group, group.id, patch(Group).add("members", members));
    expect(server.calls.filter((call) => call.startsWith("PATCH"))).toHaveLength(4);
    await scim.modify(Group, group.id, patch(Group).remove(path`members[value eq ${"U0"}]`));
    const found = await scim.find(Group, 'displayName eq "guides"');
    expect(found?.members?.length).toBe(15_000);
    expect(server.calls.at(-1)).toBe("GET /Groups?count=100");
    const plain = await client();
    expect(await rejection(plain.modify(Group, group.id, patch(Group).add("members", members)))).toMatchObject({
      detail: "too_many_users",
    });
  });
});
