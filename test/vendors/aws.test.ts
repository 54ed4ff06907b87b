import { beforeEach, describe, expect, test } from "vitest";
import {
  bearer,
  patch,
  path,
  RequestPayloadValidationError,
  SCIMClient,
  SCIMResponseErrorObject,
  UnsupportedByServer,
  type ServerProfile,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { aws } from "../../src/vendors/aws.ts";
import { collect, rejection } from "../client/replay.ts";
import { AWSFake } from "./fakes/aws.ts";

const babs = {
  userName: "bjensen",
  displayName: "Babs Jensen",
  name: { givenName: "Barbara", familyName: "Jensen" },
};

let server: AWSFake;

beforeEach(() => {
  server = new AWSFake();
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

function membersOf(id: string): unknown[] {
  const stored = server.groups.resources.get(id)?.["members"];
  return Array.isArray(stored) ? stored : [];
}

describe("users", () => {
  test("are created, found, replaced, modified, deleted by the plain verbs", async () => {
    const scim = await client(aws);
    const created = await scim.create(User, babs);
    server.populate(150);
    expect(await scim.find(User, 'userName eq "bjensen"')).toEqual(created);
    expect(
      await scim.modify(User, created.id, patch(User).replace({ title: "Guide", active: false })),
    ).toMatchObject({ title: "Guide" });
    expect(server.bodies.at(-1)).toMatchObject({
      Operations: [
        { op: "replace", path: "title", value: "Guide" },
        { op: "replace", path: "active", value: false },
      ],
    });
    expect(await scim.replace(User, created)).toEqual(created);
    await scim.delete(User, created.id);
    expect(await scim.find(User, 'userName eq "bjensen"')).toBeUndefined();
  });

  test("are all listed, page after page by cursor, where startIndex brings the first page for ever", async () => {
    server.populate(250);
    const scim = await client(aws);
    const list = scim.list(User);
    expect(new Set((await collect(list)).map(({ userName }) => userName)).size).toBe(250);
    expect(list.complete).toBe(true);
    expect(server.calls).toEqual([
      "GET /Users?count=100&cursor=",
      "GET /Users?count=100&cursor=+/100==",
      "GET /Users?count=100&cursor=+/200==",
    ]);
    const plain = (await client()).list(User);
    expect([(await collect(plain)).length, plain.complete]).toEqual([100, false]);
  });

  test("are found by what no filter can say as well, by looking through all of them", async () => {
    server.populate(250);
    const scim = await client(aws);
    expect(await scim.find(User, 'displayName eq "User 249"')).toMatchObject({ userName: "user249" });
    expect(await scim.find(User, 'userName eq "user7" and displayName sw "User"')).toMatchObject({
      userName: "user7",
    });
    expect(server.calls.at(-1)).toBe('GET /Users?filter=userName eq "user7"&count=100&cursor=');
    const plain = await client();
    expect(await rejection(plain.find(User, 'displayName eq "User 249"'))).toBeInstanceOf(SCIMResponseErrorObject);
  });

  test("a page is within its bound, also where nothing was discovered", async () => {
    const scim = new SCIMClient(server.base, { auth: bearer(server.token), fetch: server.fetch, profile: aws });
    expect(await rejection(scim.query(User, { count: 500 }))).toMatchObject({ capability: "maxResults" });
    await scim.query(User, { count: 100 });
    await collect(scim.list(User, { count: 500 }));
    expect(server.calls).toEqual(["GET /Users?count=100", "GET /Users?count=100&cursor="]);
  });

  test("what the server would refuse is refused before it is sent", async () => {
    const scim = await client(aws);
    for (const call of [
      () => scim.query(User, { filter: 'userName sw "b"' }),
      () => scim.query(User, { filter: 'userName eq "b" and externalId eq "c"' }),
      () => scim.query(User, { filter: 'groups[value eq "1"]' }),
      () => scim.query(User, { startIndex: 101 }),
      () => scim.query(User, { count: 0 }),
      () => scim.query(User, { count: 500 }),
      () => scim.search(User),
    ]) {
      expect(await rejection(call())).toBeInstanceOf(UnsupportedByServer);
    }
    const error = await rejection(scim.create(User, { userName: "bjensen" }));
    expect(error).toBeInstanceOf(RequestPayloadValidationError);
    expect((error as RequestPayloadValidationError).issues.map((issue) => issue.path)).toEqual([
      "name.givenName",
      "name.familyName",
      "displayName",
    ]);
    expect(server.calls).toEqual([]);
  });
});

describe("groups", () => {
  const members = Array.from({ length: 250 }, (_, index) => ({ value: `u${index}` }));

  test("get and lose any number of members, a hundred at a time", async () => {
    const scim = await client(aws);
    const group = await scim.create(Group, { displayName: "Tour Guides" });
    await scim.modify(Group, group.id, patch(Group).add("members", members));
    expect(membersOf(group.id)).toEqual(members);
    expect(server.calls.filter((call) => call.startsWith("PATCH"))).toHaveLength(3);
    const leaving = members
      .slice(0, 120)
      .reduce((all, { value }) => all.remove(path`members[value eq ${value}]`), patch(Group));
    await scim.modify(Group, group.id, leaving);
    expect(membersOf(group.id)).toEqual(members.slice(120));
    expect(server.calls.filter((call) => call.startsWith("PATCH"))).toHaveLength(5);
    const plain = await client();
    expect(await rejection(plain.modify(Group, group.id, leaving))).toMatchObject({ status: 400 });
    expect(await rejection(plain.modify(Group, group.id, patch(Group).add("members", members)))).toMatchObject({
      status: 400,
    });
  });

  test("never show their members, so that membership is asked for by a filter", async () => {
    const scim = await client(aws);
    const group = await scim.create(Group, { displayName: "Tour Guides" });
    await scim.modify(Group, group.id, patch(Group).add("members", members.slice(0, 3)));
    expect(await scim.query(Group, group.id)).toMatchObject({ members: [] });
    const asked = (user: string) => scim.query(Group, { filter: `id eq "${group.id}" and members eq "${user}"` });
    expect((await asked("u1")).totalResults).toBe(1);
    expect((await asked("u9")).totalResults).toBe(0);
  });

  test("what would be refused, or would empty the group, is refused before it is sent", async () => {
    const scim = await client(aws);
    for (const call of [
      () => scim.modify(Group, "1", patch(Group).replace("members", members)),
      () => scim.modify(Group, "1", patch(Group).remove("members")),
      () => scim.replace(Group, { id: "1", displayName: "x" }),
      () => scim.query(Group, { filter: 'members eq "u1"' }),
    ]) {
      expect(await rejection(call())).toBeInstanceOf(UnsupportedByServer);
    }
    expect(server.calls).toEqual([]);
  });

  test("a request in the middle that fails says how many were carried out", async () => {
    const scim = await client(aws);
    const group = await scim.create(Group, { displayName: "Tour Guides" });
    let patches = 0;
    const failing = new SCIMClient<true, true>(server.base, {
      auth: bearer(server.token),
      profile: aws,
      retry: false,
      fetch: (request) => {
        patches += request.method === "PATCH" ? 1 : 0;
        return patches === 2
          ? Response.json({ detail: "ThrottlingException" }, { status: 429 })
          : server.fetch(request);
      },
    });
    const error = await rejection(failing.modify(Group, group.id, patch(Group).add("members", members)));
    expect(error).toMatchObject({ status: 429, appliedRequests: 1 });
    expect(membersOf(group.id)).toEqual(members.slice(0, 100));
  });
});
