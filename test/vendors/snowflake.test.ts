import { describe, expect, test } from "vitest";
import { bearer, patch, SCIMClient, UnsupportedByServer, type ServerProfile } from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { snowflake, snowflakeBefore2026 } from "../../src/vendors/snowflake.ts";
import { collect, rejection } from "../client/replay.ts";
import { SnowflakeFake } from "./fakes/snowflake.ts";

function connect(enabled: boolean, profile?: ServerProfile) {
  const server = new SnowflakeFake(enabled);
  const scim = new SCIMClient<true, true>(server.base, {
    auth: bearer(server.token),
    fetch: server.fetch,
    retry: false,
    ...(profile === undefined ? {} : { profile }),
  });
  server.add(server.users, { userName: "BABS", displayName: "Babs Jensen", active: true });
  server.populate(150);
  return { server, scim };
}

for (const [enabled, profile] of [
  [true, snowflake],
  [false, snowflakeBefore2026],
] as const) {
  describe(profile.name, () => {
    test("users: created, found, replaced, modified, deleted by the plain verbs", async () => {
      const { scim, server } = connect(enabled, profile);
      await scim.discover();
      const created = await scim.create(User, { userName: "MANDY", active: true });
      expect(await scim.find(User, 'userName eq "MANDY"')).toEqual(created);
      expect(await scim.find(User, 'userName eq "NOBODY"')).toBeUndefined();
      expect(await collect(scim.list(User, { filter: 'userName sw "user"' }))).toHaveLength(150);
      expect(await scim.modify(User, created.id, patch(User).replace("active", false))).toMatchObject({
        active: false,
      });
      expect(await scim.replace(User, { ...created, displayName: "Mandy" })).toMatchObject({
        displayName: "Mandy",
      });
      expect(await scim.query(User, { filter: 'userName eq "MANDY"' })).toMatchObject({ totalResults: 1 });
      await scim.delete(User, created.id);
      expect(server.users.resources.has(created.id)).toBe(false);
      expect(profile.resourceTypes?.["User"]?.deletion).toBe("deletes");
    });

    test("a filter that it does not understand is refused before it is sent, and narrowed by find", async () => {
      const { scim, server } = connect(enabled, profile);
      expect(await rejection(scim.query(User, { filter: 'userName eq "BABS" and active eq true' }))).toBeInstanceOf(
        UnsupportedByServer,
      );
      expect(await rejection(scim.query(User, { filter: "displayName pr" }))).toBeInstanceOf(UnsupportedByServer);
      expect(await rejection(scim.query(User, { filter: 'emails[value eq "x"]' }))).toBeInstanceOf(
        UnsupportedByServer,
      );
      expect(server.calls).toEqual([]);
      expect(await scim.find(User, 'userName eq "BABS" and active eq true')).toMatchObject({ userName: "BABS" });
      expect(await scim.find(User, 'userName eq "BABS" and active eq false')).toBeUndefined();
      expect(server.calls[0]).toBe('GET /Users?filter=userName eq "BABS"&count=100');
    });
  });
}

describe("a list without a filter", () => {
  test("is one, where the bundle is enabled", async () => {
    const { scim } = connect(true, snowflake);
    expect(await collect(scim.list(User))).toHaveLength(151);
    expect(await scim.find(User, 'displayName co "Jensen"')).toMatchObject({ userName: "BABS" });
  });

  test("is made up, where it is not: nobody is found missing by it", async () => {
    const { scim, server } = connect(false, snowflakeBefore2026);
    expect(await rejection(collect(scim.list(User)))).toBeInstanceOf(UnsupportedByServer);
    expect(await rejection(scim.query(Group))).toBeInstanceOf(UnsupportedByServer);
    expect(await rejection(scim.find(User, 'displayName co "Jensen"'))).toBeInstanceOf(UnsupportedByServer);
    expect(server.calls).toEqual([]);
    expect(await scim.query(User, { capabilities: { unfiltered: true } })).toMatchObject({
      Resources: [{ userName: "synthesis_user" }],
    });
    const plain = connect(false).scim;
    expect(await plain.find(User, 'displayName co "Jensen"')).toBeUndefined();
  });
});
