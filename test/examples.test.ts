import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { bearer, SCIMClient } from "../src/index.ts";
import { User } from "../src/models.gen.ts";
import { closedPort, loopback } from "./client/loopback.ts";

const run = promisify(execFile);
const examples = path.resolve(import.meta.dirname, "..", "examples");

test("npm start: the tour shows every verb, and ends", async () => {
  const { stdout } = await run(process.execPath, [path.join(examples, "tour.ts")]);
  const headings = [...stdout.matchAll(/^([a-z]+|\/Me): /gm)].map(([, verb]) => verb);
  const verbs = ["discover", "create", "query", "find", "modify", "replace", "bulk", "list", "search", "/Me"];
  expect(headings).toEqual([...verbs, "request", "delete"]);
  expect(stdout).toMatch(/a request that the client refuses[^]*a request that the server refuses/);
}, 30_000);

test("npm run serve: it prints the URL and the token of a server with an empty directory", async () => {
  const port = new URL(await closedPort()).port;
  const served = spawn(process.execPath, [path.join(examples, "serve.ts"), port]);
  onTestFinished(async () => {
    served.kill();
    await once(served, "close");
  });
  let text = "";
  for await (const line of createInterface(served.stdout)) {
    text += `${line}\n`;
    if (line.startsWith("/Me")) break;
  }
  const [, baseURL = "", token = ""] = /new SCIMClient\("(.*?)", \{ auth: bearer\("(.*?)"\) \}\)/.exec(text) ?? [];
  expect(baseURL).toBe(`http://127.0.0.1:${port}/scim/v2`);
  const scim = new SCIMClient(baseURL, { auth: bearer(token) });
  await scim.discover();
  expect((await scim.query(User)).Resources).toEqual([]);
  const babs = await scim.create(User, { userName: "bjensen@example.com" });
  expect(await scim.me.query(User)).toMatchObject({ id: babs.id });
}, 30_000);

test("npm run serve: a port that is taken, or is none, is said in a line", async () => {
  const { port } = new URL(await loopback((_request, response) => response.end()));
  const serve = (given: string): Promise<unknown> =>
    run(process.execPath, [path.join(examples, "serve.ts"), given]);
  await expect(serve(port)).rejects.toMatchObject({
    code: 1,
    stderr: `serve: port ${port} is taken; npm run serve -- ${Number(port) + 1} takes another\n`,
  });
  await expect(serve("no")).rejects.toMatchObject({
    code: 1,
    stderr: 'serve: "no" is no port, a whole number up to 65535\n',
  });
}, 30_000);
