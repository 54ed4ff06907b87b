import { describe, expect, test } from "vitest";
import {
  bearer,
  patch,
  RequestPayloadValidationError,
  SCIMClient,
  UnexpectedStatusCode,
  UnsupportedByServer,
  type Deviation,
  type ServerProfile,
} from "../../src/index.ts";
import { User } from "../../src/models.gen.ts";
import { gitlabGroup, gitlabInstance } from "../../src/vendors/gitlab.ts";
import { collect, rejection } from "../client/replay.ts";
import { GitLabFake } from "./fakes/gitlab.ts";

const babs = {
  externalId: "0b1d561c",
  userName: "babs",
  name: { formatted: "Babs Jensen", familyName: "Jensen", givenName: "Babs" },
  emails: [{ value: "babs@example.com", type: "work", primary: true }],
};

function connect(kind: "group" | "instance", profile?: ServerProfile) {
  const server = new GitLabFake(kind);
  const deviations: Deviation[] = [];
  const scim = new SCIMClient<true, true>(server.base, {
    auth: bearer(server.token),
    fetch: server.fetch,
    retry: false,
    onDeviation: (deviation) => deviations.push(deviation),
    ...(profile === undefined ? {} : { profile }),
  });
  return { server, scim, deviations };
}

const presets = [
  { kind: "group", profile: gitlabGroup },
  { kind: "instance", profile: gitlabInstance },
] as const;

for (const { kind, profile } of presets) {
  describe(`the SCIM API of a GitLab ${kind}`, () => {
    test("has nothing to discover: the preset knows its users", async () => {
      const { scim, server } = connect(kind, profile);
      expect((await scim.discover()).warnings).toEqual([]);
      expect(server.calls).toEqual([]);
      expect(await rejection(connect(kind).scim.discover())).toBeInstanceOf(UnexpectedStatusCode);
    });

    test("users: created, found, modified by the plain verbs", async () => {
      const { scim, server, deviations } = connect(kind, profile);
      await scim.discover();
      const created = await scim.create(User, babs);
      expect(created).toMatchObject({ id: "0b1d561c", active: true, name: { formatted: "Babs Jensen" } });
      expect(created).not.toHaveProperty(["name.formatted"]);
      expect(deviations.map(({ path }) => path)).toEqual(["name.formatted"]);
      for (let index = 0; index < 45; index += 1) server.add(server.users, { ...babs, userName: `u${index}` });
      expect(await scim.find(User, 'id eq "0b1d561c"')).toEqual(created);
      expect(await collect(scim.list(User))).toHaveLength(46);
      expect(await scim.modify(User, created.id, patch(User).replace("externalId", "1234abcd"))).toBeUndefined();
      expect(await rejection(scim.query(User, created.id))).toMatchObject({ status: 404 });
      await scim.modify(User, "1234abcd", patch(User).replace({ externalId: "5678" }));
      expect(await scim.query(User, "5678")).toMatchObject({ userName: "babs" });
    });

    test("what it does not do, or passes over, is refused before it is sent", async () => {
      const { scim, server } = connect(kind, profile);
      await scim.discover();
      expect(await rejection(scim.replace(User, { ...babs, id: "1" }))).toBeInstanceOf(UnsupportedByServer);
      expect(await rejection(scim.modify(User, "1", patch(User).replace("userName", "x")))).toBeInstanceOf(
        UnsupportedByServer,
      );
      expect(await rejection(scim.modify(User, "1", patch(User).remove("active")))).toBeInstanceOf(
        UnsupportedByServer,
      );
      for (const filter of ['userName sw "b"', 'userName eq "b" and active eq true', 'emails[value eq "b"]']) {
        expect(await rejection(scim.query(User, { filter }))).toBeInstanceOf(UnsupportedByServer);
      }
      const display = { ...babs, emails: [{ value: "x", display: "x" }] };
      expect(await rejection(scim.create(User, display))).toBeInstanceOf(RequestPayloadValidationError);
      expect(await rejection(scim.create(User, { userName: "x" }))).toBeInstanceOf(RequestPayloadValidationError);
      expect(await rejection(scim.create(User, { ...babs, title: "x" }))).toBeInstanceOf(
        RequestPayloadValidationError,
      );
      expect(server.calls).toEqual([]);

      const plain = connect(kind);
      const { id } = await plain.scim.create(User, babs);
      expect(await plain.scim.modify(User, id, patch(User).replace("userName", "x"))).toBeUndefined();
      expect(await plain.scim.query(User, id)).toMatchObject({ userName: "babs" });
    });
  });
}

describe("what DELETE does is known", () => {
  test("a group lets go of the account", async () => {
    const { scim, server } = connect("group", gitlabGroup);
    const { id } = await scim.create(User, babs);
    await scim.delete(User, id);
    expect([server.users.resources.size, server.unlinked.length]).toEqual([0, 1]);
    expect(gitlabGroup.resourceTypes?.["User"]?.deletion).toBe("unlinks");
  });

  test("an instance blocks it", async () => {
    const { scim } = connect("instance", gitlabInstance);
    const { id } = await scim.create(User, babs);
    await scim.delete(User, id);
    expect(await scim.query(User, id)).toMatchObject({ active: false });
    expect(gitlabInstance.resourceTypes?.["User"]?.deletion).toBe("deactivates");
  });
});
