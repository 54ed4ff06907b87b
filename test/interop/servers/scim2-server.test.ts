import { afterAll, beforeAll, expect, test } from "vitest";
import { startPeer, type Peer, type Unavailable } from "./peer.ts";
import { scim2Server } from "./scim2-server.ts";

let server: Peer | Unavailable;
beforeAll(async () => {
  server = await startPeer(scim2Server, "bjensen");
}, 160_000);
afterAll(async () => {
  if ("close" in server) await server.close();
});

test("RFC 7644 §6.1: each tenant has a directory of its own behind the bearer token", async ({ skip }) => {
  if ("unavailable" in server) {
    skip(server.unavailable);
    return;
  }
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/scim+json" };
  const body = JSON.stringify({ schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "bjensen" });
  for (const tenant of [server.newTenant(), server.newTenant()]) {
    expect((await fetch(`${tenant}/Users`)).status).toBe(401);
    const created = await fetch(`${tenant}/Users`, { method: "POST", headers, body });
    expect(await created.json()).toMatchObject({
      id: "user-1",
      meta: { created: "2026-01-01T00:00:01Z", location: `${tenant}/Users/user-1` },
    });
    expect(await (await fetch(`${tenant}/Me`, { headers })).json()).toMatchObject({ userName: "bjensen" });
  }
});
