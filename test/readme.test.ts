import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scimmyApp } from "../examples/scimmy-app.ts";
import { bearer, SCIMClient } from "../src/index.ts";
import { User } from "../src/models.gen.ts";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "..");

/** Where the entry files of the package are in this checkout. */
const ENTRIES: Readonly<Record<string, string>> = {
  scimkit: "src/index.ts",
  "scimkit/codegen": "src/codegen.ts",
  "scimkit/models": "src/models.gen.ts",
  "scimkit/node": "src/node.ts",
  "scimkit/oauth": "src/oauth.ts",
  "scimkit/protocol": "src/protocol.ts",
};

const readme = await readFile(path.join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);

/** The servers of the README's examples, as far as they are concerned. */
const PRELOAD = `
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  if (request.url.startsWith("https://login.example.com")) {
    const metadata = { issuer: "https://login.example.com", token_endpoint: "https://login.example.com/token" };
    return Promise.resolve(Response.json({ ...metadata, access_token: "a-token", token_type: "Bearer" }));
  }
  const url = request.url.replace("https://example.com", process.env.README_SERVER);
  return fetch(new Request(url, request));
};
`;

describe("README: every block of code does what it says", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(root, "test", ".readme-"));
    await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    await writeFile(path.join(folder, "preload.mjs"), PRELOAD);
    for (const [index, code] of blocks.entries()) {
      const mapped = code.replaceAll(
        /from "(scimkit[^"]*)"/g,
        (_whole, name: string) => `from "../../${ENTRIES[name]}"`,
      );
      await writeFile(path.join(folder, `block-${index}.ts`), mapped);
    }
    const options = { extends: "../../tsconfig.json", include: ["*.ts"] };
    await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify(options));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("there are some", () => {
    expect(blocks.length).toBeGreaterThan(3);
  });

  test("they compile, and what they say is an error is one", async () => {
    const tsc = path.join(root, "node_modules", ".bin", "tsc");
    await run(process.execPath, [tsc, "-p", folder]).catch((error: unknown) => {
      throw new Error(`the README does not compile:\n${(error as { stdout: string }).stdout}`);
    });
  }, 60_000);

  for (const [index, code] of blocks.entries()) {
    test(`block ${index + 1} runs: ${code.split("\n").find((line) => line.startsWith("const")) ?? ""}`, async () => {
      const server = await listen();
      try {
        const args = ["--import", path.join(folder, "preload.mjs"), path.join(folder, `block-${index}.ts`)];
        await run(process.execPath, args, { env: { ...process.env, README_SERVER: originOf(server) } });
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }, 30_000);
  }
});

/** A server whose `/Me` there is. */
async function listen(): Promise<Server> {
  const me = "me@example.com";
  const server = createServer(scimmyApp({ token: "a-token", me })).listen(0, "127.0.0.1");
  await once(server, "listening");
  const scim = new SCIMClient(`${originOf(server)}/scim/v2`, { auth: bearer("a-token") });
  await scim.create(User, { userName: me });
  return server;
}

function originOf(server: Server): string {
  const address = server.address();
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}
