import { beforeEach, describe, expect, test } from "vitest";
import {
  bearer,
  patch,
  SCIMClient,
  SCIMResponseErrorObject,
  UnsupportedByServer,
  type ServerProfile,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { grantex } from "../../src/vendors/grantex.ts";
import { rivergen } from "../../src/vendors/rivergen.ts";
import { collect, rejection } from "../client/replay.ts";
import { RiverGenFake } from "./fakes/rivergen.ts";

let server: RiverGenFake;

beforeEach(() => {
  server = new RiverGenFake();
});

function client(profile: ServerProfile = rivergen): SCIMClient {
  return new SCIMClient<true, true>(server.base, {
    auth: bearer(server.token),
    fetch: server.fetch,
    profile,
    retry: false,
  });
}

describe("the plain verbs", () => {
  test("users: created, found, replaced, modified, deleted", async () => {
    const scim = client();
    expect((await scim.discover()).warnings).toEqual([]);
    const babs = await scim.create(User, { userName: "bjensen", name: { givenName: "Barbara" } });
    expect(babs.meta?.location).toBe(`/scim/v2/Users/${babs.id}`);
    server.populate(250);
    expect(await scim.find(User, 'userName eq "bjensen"')).toEqual(babs);
    expect(server.calls.at(-1)).toBe('GET /Users?filter=userName eq "bjensen"&count=100');
    expect(await scim.query(User, babs.id)).toEqual(babs);
    expect(await scim.modify(User, babs.id, patch(User).replace("name.givenName", "Babs"))).toMatchObject({
      name: { givenName: "Babs" },
    });
    expect(await scim.replace(User, { ...babs, active: false })).toMatchObject({
      active: false,
      name: { givenName: "Barbara" },
    });
    expect(await collect(scim.list(User, { count: 500 }))).toHaveLength(251);
    expect(
      server.calls.filter((call) => call.includes("count=100&") || call.endsWith("count=100")),
    ).not.toHaveLength(0);
    await scim.delete(User, babs.id);
    expect(await rejection(scim.query(User, babs.id))).toBeInstanceOf(SCIMResponseErrorObject);
  });

  test("groups are an empty list, and writing them is refused before it is sent", async () => {
    const scim = client();
    await scim.discover();
    expect(await collect(scim.list(Group))).toEqual([]);
    expect(await scim.find(Group, 'displayName eq "x"')).toBeUndefined();
    expect(server.calls.at(-1)).toBe("GET /Groups?count=100");
    const calls = server.calls.length;
    expect(await rejection(scim.query(Group, { filter: "members pr" }))).toBeInstanceOf(UnsupportedByServer);
    expect(await rejection(scim.create(Group, { displayName: "x" }))).toBeInstanceOf(UnsupportedByServer);
    expect(await rejection(scim.replace(Group, { id: "1", displayName: "x" }))).toBeInstanceOf(UnsupportedByServer);
    expect(await rejection(scim.modify(Group, "1", patch(Group).remove("members")))).toBeInstanceOf(
      UnsupportedByServer,
    );
    expect(await rejection(scim.delete(Group, "1"))).toBeInstanceOf(UnsupportedByServer);
    expect(server.calls).toHaveLength(calls);
  });

  test("a status is believed over a scimType that does not fit it", async () => {
    expect(await rejection(client().query(User, "9"))).toMatchObject({ status: 404, scimType: "uniqueness" });
  });
});

describe("the opposite of Grantex", () => {
  test("its preset does not fit here", async () => {
    const scim = client(grantex);
    expect(await rejection(scim.create(User, { userName: "bjensen" }))).toMatchObject({ status: 415 });
    const anonymous = new SCIMClient(server.base, { fetch: server.fetch, profile: rivergen, retry: false });
    expect(await rejection(anonymous.discover())).toMatchObject({ status: 401 });
  });

  test("what DELETE does is left open", () => {
    expect(rivergen.resourceTypes?.["User"]?.deletion).toBe("unspecified");
  });
});
