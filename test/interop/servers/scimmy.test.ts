import { expect, onTestFinished, test } from "vitest";
import { startScimmy, type ScimmyServer } from "./scimmy.ts";

async function start(): Promise<ScimmyServer> {
  const server = await startScimmy({ me: "bjensen" });
  onTestFinished(() => server.close());
  return server;
}

async function ask({ baseURL, token }: ScimmyServer, path: string, body?: object): Promise<Response> {
  return fetch(baseURL + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

const babs = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "bjensen" };

test("RFC 7644 §2: a request without the bearer token is refused with 401", async () => {
  const { baseURL } = await start();
  expect((await fetch(`${baseURL}/Users`)).status).toBe(401);
});

test("RFC 7644 §3.3: two servers in one process keep directories and locations of their own", async () => {
  const [one, other] = [await start(), await start()];
  const created = await Promise.all([
    ask(one, "/Users", babs),
    ask(other, "/Users", babs),
    ask(one, "/Users", babs),
  ]);
  expect(created.map(({ status }) => status)).toEqual([201, 201, 409]);
  expect(await created[0].json()).toMatchObject({
    id: "user-1",
    meta: { created: "2026-01-01T00:00:01.000Z", location: `${one.baseURL}/Users/user-1` },
  });
  expect(await created[1].json()).toMatchObject({
    id: "user-1",
    meta: { created: "2026-01-01T00:00:01.000Z", location: `${other.baseURL}/Users/user-1` },
  });
});

test("RFC 7644 §3.11: /Me is the user of that name, and 501 while there is none", async () => {
  const server = await start();
  expect((await ask(server, "/Me")).status).toBe(501);
  await ask(server, "/Users", babs);
  const me = await ask(server, "/Me");
  expect(me.headers.get("location")).toBe(`${server.baseURL}/Users/user-1`);
  expect(await me.json()).toMatchObject({ userName: "bjensen" });
});

test("RFC 7643 §5: each server publishes one authentication scheme", async () => {
  await start();
  const config: unknown = await (await ask(await start(), "/ServiceProviderConfig")).json();
  expect(config).toMatchObject({ authenticationSchemes: [{ type: "oauthbearertoken" }] });
});
