import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../codegen/generate.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "../../src/schema/core-schemas.ts";
import { rfc7643 } from "./documents/rfc7643.ts";
import { answerOf, findWorkerd, type Unavailable } from "./workerd.ts";

const run = promisify(execFile);
const source = path.resolve(import.meta.dirname, "../../src");

/** The same server, later: it asks for a badge, and has no department any more. */
const later = {
  ...rfc7643,
  schemas: [
    { ...UserSchema, attributes: [...UserSchema.attributes, { name: "badge", required: true }] },
    GroupSchema,
    { ...EnterpriseUserSchema, attributes: EnterpriseUserSchema.attributes.slice(1) },
  ],
};

describe("where code cannot be generated from strings: client, models and validators in one bundle", () => {
  let folder: string;
  let bundle: string;
  let bundled: string[];
  let workerd: string | Unavailable;

  beforeAll(async () => {
    workerd = await findWorkerd();
    // Below this folder, so that what is generated is resolved as what is written here.
    folder = await mkdtemp(path.join(import.meta.dirname, ".runtimes-"));
    const library = path.join(source, "protocol.ts");
    const { files } = await generate(rfc7643, { path: "edge.gen.ts", validators: true, library });
    await Promise.all(files.map((file) => writeFile(path.join(folder, file.path), file.content)));
    await writeFile(path.join(folder, "worker.ts"), WORKER);
    bundle = path.join(folder, "worker.mjs");
    const { metafile } = await build({
      entryPoints: [path.join(folder, "worker.ts")],
      outfile: bundle,
      bundle: true,
      format: "esm",
      platform: "browser",
      target: "es2023",
      // What is never loaded need not be there.
      external: ["ajv"],
      metafile: true,
      logLevel: "error",
    });
    bundled = Object.keys(metafile.inputs);
    await writeFile(path.join(folder, "print.mjs"), PRINT);
    await writeFile(path.join(folder, "show.mjs"), SHOW);
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("the validators are in it", () => {
    expect(bundled.filter((input) => input.endsWith("edge.validators.gen.mjs"))).toHaveLength(1);
  });

  const want = {
    evalRefused: true,
    undiscovered: {
      asked: ["POST /scim/Users"],
      calls: ["create true", "response true", "create false"],
      created: "bjensen",
      refused: ['"userName" must be present in a create request (RFC 7643 §2.2)'],
      warnings: [],
    },
    discovered: {
      asked: [
        "GET /scim/ServiceProviderConfig",
        "GET /scim/ResourceTypes",
        "GET /scim/Schemas",
        "POST /scim/Users",
      ],
      calls: ["create true", "response true", "create false"],
      created: "bjensen",
      refused: ['"userName" must be present in a create request (RFC 7643 §2.2)'],
      warnings: [`${EnterpriseUserSchema.id}:${EnterpriseUserSchema.attributes[0].name}`, "badge"],
    },
  };
  const NO_EVAL = "--disallow-code-generation-from-strings";

  test("in a process", async () => {
    const { stdout } = await run(process.execPath, [NO_EVAL, path.join(folder, "print.mjs")]);
    expect(JSON.parse(stdout)).toEqual(want);
  });

  test("in a worker", async () => {
    const script = JSON.stringify(path.join(folder, "print.mjs"));
    const start = `new (require("node:worker_threads").Worker)(${script})`;
    const { stdout } = await run(process.execPath, [NO_EVAL, "--eval", start]);
    expect(JSON.parse(stdout)).toEqual(want);
  });

  test("in workerd", async ({ skip }) => {
    if (typeof workerd !== "string") {
      skip(workerd.unavailable);
      return;
    }
    expect(JSON.parse(await answerOf(workerd, folder, "worker.mjs"))).toEqual(want);
  }, 60_000);

  const browser = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((program) => existsSync(program));
  const title = "in a page whose Content-Security-Policy has no unsafe-eval";
  test.skipIf(browser === undefined)(
    browser === undefined ? `${title} (skipped: Chromium is not installed)` : title,
    async () => {
      const scripts = new Map<string, string>();
      for (const name of ["/show.mjs", "/worker.mjs"]) scripts.set(name, await readFile(folder + name, "utf8"));
      const server = createServer(({ url = "/" }, response) => {
        const script = scripts.get(url);
        response.setHeader("content-security-policy", "script-src 'self'");
        response.setHeader("content-type", script === undefined ? "text/html" : "text/javascript");
        response.end(script ?? '<!doctype html><pre></pre><script type="module" src="/show.mjs"></script>');
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      try {
        const address = server.address();
        const port = typeof address === "object" && address !== null ? address.port : 0;
        const quiet =
          "--disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync";
        const profile = `--user-data-dir=${path.join(folder, "profile")}`;
        const shows = ["--virtual-time-budget=10000", "--dump-dom", `http://127.0.0.1:${port}/`];
        const argv = ["--headless", "--no-sandbox", ...quiet.split(" "), profile, ...shows];
        const { stdout } = await run(browser ?? "", argv);
        const [, shown = ""] = /<pre>(.*?)<\/pre>/s.exec(stdout) ?? [];
        expect(JSON.parse(shown.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"))).toEqual(
          want,
        );
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
    60_000,
  );
});

const PRINT = `
import worker from "./worker.mjs";
console.log(await (await worker.fetch()).text());
`;

const SHOW = `
import worker from "./worker.mjs";
document.querySelector("pre").textContent = await (await worker.fetch()).text();
`;

/** A worker with a server in itself; it answers with what happened. */
const WORKER = `
import { RequestPayloadValidationError, SCIMClient } from ${JSON.stringify(path.join(source, "index.ts"))};
import { User } from "./edge.gen.ts";

let calls = [];
for (const [context, validator] of Object.entries(User.validators)) {
  User.validators[context] = (value) => {
    const valid = validator(value);
    calls.push(context + " " + valid);
    return valid;
  };
}

const documents = {
  "/scim/ServiceProviderConfig": { patch: { supported: true } },
  "/scim/ResourceTypes": ${JSON.stringify(later.resourceTypes)},
  "/scim/Schemas": ${JSON.stringify(later.schemas)},
};

async function use(prepare) {
  calls = [];
  const asked = [];
  const scim = new SCIMClient("https://edge.example/scim", {
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      asked.push(request.method + " " + pathname);
      const headers = { "content-type": "application/scim+json" };
      if (request.method === "GET") return Response.json(documents[pathname], { headers });
      return Response.json({ ...(await request.json()), id: "1" }, { status: 201, headers });
    },
    resourceModels: [User],
  });
  const warnings = (await prepare(scim)).map(({ path }) => path);
  const user = await scim.create(User, { userName: "bjensen", emails: [{ value: "b@example.com", type: "work" }] });
  const refused = await scim.create(User, {}).then(
    () => [],
    (error) => (error instanceof RequestPayloadValidationError ? error.issues.map(({ message }) => message) : [String(error)]),
  );
  return { asked, calls, created: user.userName, refused, warnings };
}

export default {
  async fetch() {
    let evalRefused = false;
    try {
      new Function("");
    } catch {
      evalRefused = true;
    }
    const undiscovered = await use(async () => []);
    const discovered = await use(async (scim) => (await scim.discover()).warnings);
    return Response.json({ evalRefused, undiscovered, discovered });
  },
};
`;
