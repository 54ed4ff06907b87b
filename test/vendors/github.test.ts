import { beforeEach, describe, expect, test } from "vitest";
import {
  bearer,
  patch,
  path,
  RequestPayloadValidationError,
  SCIMClient,
  SCIMResponseErrorObject,
  UnexpectedStatusCode,
  UnsupportedByServer,
  type ServerProfile,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { github } from "../../src/vendors/github.ts";
import { collect, rejection } from "../client/replay.ts";
import { GitHubFake } from "./fakes/github.ts";

const mona = {
  userName: "mona",
  externalId: "E012345",
  active: true,
  displayName: "Mona Lisa",
  name: { givenName: "Mona", familyName: "Octocat" },
  emails: [{ value: "mona@example.com", type: "work", primary: true }],
};

let server: GitHubFake;

beforeEach(() => {
  server = new GitHubFake();
});

function client(profile?: ServerProfile): SCIMClient {
  return new SCIMClient<true, true>(server.base, {
    auth: bearer(server.token),
    fetch: server.fetch,
    retry: false,
    ...(profile === undefined ? {} : { profile }),
  });
}

describe("the plain verbs", () => {
  test("there is no discovery: the preset knows the resource types", async () => {
    const scim = client(github);
    expect((await scim.discover()).warnings).toEqual([]);
    expect(scim.resourceModels.map(({ name }) => name)).toEqual(["User", "Group"]);
    expect(server.calls).toEqual([]);
    expect(await rejection(client().discover())).toBeInstanceOf(UnexpectedStatusCode);
  });

  test("users: created, found, replaced, modified, soft-deprovisioned", async () => {
    const scim = client(github);
    await scim.discover();
    const created = await scim.create(User, mona);
    for (let index = 0; index < 65; index += 1)
      server.add(server.users, { ...mona, userName: `u${index}`, externalId: `${index}` });
    expect(await scim.find(User, 'externalId eq "E012345"')).toEqual(created);
    expect(await scim.find(User, 'userName eq "u64" and active eq true')).toMatchObject({ userName: "u64" });
    expect(server.calls.at(-1)).toBe('GET /Users?filter=userName eq "u64"&count=100');
    expect(await collect(scim.list(User))).toHaveLength(66);
    expect(await scim.replace(User, { ...created, displayName: "Mona" })).toMatchObject({ displayName: "Mona" });
    expect(await scim.modify(User, created.id, patch(User).replace("active", false))).toMatchObject({
      active: false,
    });
    expect(await scim.find(User, 'userName eq "mona"')).toMatchObject({ active: false });
  });

  test("groups: created, members added and removed, deleted", async () => {
    const scim = client(github);
    await scim.discover();
    const group = await scim.create(Group, {
      displayName: "Engineering",
      externalId: "8aa1",
      members: [{ value: "1" }],
    });
    await scim.modify(
      Group,
      group.id,
      patch(Group)
        .add("members", [{ value: "2" }])
        .remove(path`members[value eq ${"1"}]`),
    );
    expect(await scim.find(Group, 'displayName eq "Engineering"')).toMatchObject({ members: [{ value: "2" }] });
    await scim.delete(Group, group.id);
    expect(server.groups.resources.size).toBe(0);
  });
});

describe("what GitHub would refuse, or pass over, is refused before it is sent", () => {
  test("filters of more than one condition, with other operators, by other attributes", async () => {
    const scim = client(github);
    await scim.discover();
    for (const filter of [
      'userName eq "a" and externalId eq "b"',
      'userName sw "a"',
      'emails.value eq "a"',
      "active eq true",
    ]) {
      expect(await rejection(scim.query(User, { filter }))).toBeInstanceOf(UnsupportedByServer);
    }
    expect(await rejection(scim.query(Group, { filter: 'members eq "1"' }))).toBeInstanceOf(UnsupportedByServer);
    expect(await rejection(client().query(User, { filter: "active eq true" }))).toBeInstanceOf(
      SCIMResponseErrorObject,
    );
  });

  test("a path with a filter, which changes nothing and is answered with 200", async () => {
    const scim = client(github);
    await scim.discover();
    const { id } = await scim.create(User, mona);
    const change = patch(User).replace(path`emails[type eq ${"work"}].value`, "new@example.com");
    expect(await rejection(scim.modify(User, id, change))).toBeInstanceOf(UnsupportedByServer);
    expect(await client().modify(User, id, change)).toMatchObject({ emails: mona.emails });
    const replaced = await scim.modify(User, id, change, { withoutPatch: "replace" });
    expect(replaced).toMatchObject({ emails: [{ value: "new@example.com", type: "work", primary: true }] });
  });

  test("resources without what it requires, attributes that it does not have", async () => {
    const scim = client(github);
    await scim.discover();
    const error = await rejection(scim.create(User, { userName: "mona", emails: [{ value: "a@example.com" }] }));
    expect(error).toBeInstanceOf(RequestPayloadValidationError);
    expect((error as RequestPayloadValidationError).issues.map((issue) => issue.path)).toEqual([
      "externalId",
      "active",
      "displayName",
      "emails.type",
      "emails.primary",
    ]);
    expect(await rejection(scim.create(User, { ...mona, title: "x" }))).toBeInstanceOf(
      RequestPayloadValidationError,
    );
    const display = { ...mona, emails: [{ ...mona.emails[0], display: "x" }] };
    expect(await rejection(scim.create(User, display))).toBeInstanceOf(RequestPayloadValidationError);
    const { active: _active, ...silent } = mona;
    expect(await rejection(scim.replace(User, { ...silent, id: "1" }))).toBeInstanceOf(
      RequestPayloadValidationError,
    );
    expect(await rejection(scim.create(Group, { displayName: "x" }))).toBeInstanceOf(RequestPayloadValidationError);
    expect(await rejection(scim.replace(Group, { id: "1", displayName: "x" }))).toBeInstanceOf(
      RequestPayloadValidationError,
    );
    expect(server.calls).toEqual([]);
    expect(await rejection(client().create(User, { userName: "mona" }))).toMatchObject({ status: 400 });
  });
});

test("what DELETE does is known: a user is suspended for ever, a group is gone", async () => {
  expect(github.resourceTypes?.["User"]?.deletion).toBe("suspends");
  expect(github.resourceTypes?.["Group"]?.deletion).toBe("deletes");
  const scim = client(github);
  const { id } = await scim.create(User, mona);
  await scim.delete(User, id);
  expect(server.suspended).toHaveLength(1);
  expect(await scim.find(User, 'userName eq "mona"')).toBeUndefined();
});
