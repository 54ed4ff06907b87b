import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { codegen } from "../../src/cli/codegen.ts";
import { EnterpriseUserSchema, UserSchema } from "../../src/schema/core-schemas.ts";

const TOKEN = "a-token-that-nobody-must-see";

/** What the server answers with; a test may change it. */
let documents: Record<string, unknown>;
let server: Server;
let base: string;
let folder: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", base);
    const document = documents[pathname];
    const status = request.headers.authorization !== `Bearer ${TOKEN}` ? 401 : document === undefined ? 404 : 200;
    response.writeHead(status, { "content-type": "application/scim+json" });
    response.end(status === 200 ? JSON.stringify(document) : undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`;
});

afterAll(() => {
  server.close();
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "scimkit-codegen-"));
  documents = {
    "/scim/v2/ServiceProviderConfig": { patch: { supported: true } },
    "/scim/v2/ResourceTypes": [
      {
        name: "User",
        // Some servers repeat the base URL.
        endpoint: `${base}/Users`,
        schema: UserSchema.id,
        schemaExtensions: [{ schema: EnterpriseUserSchema.id, required: true }],
      },
    ],
    "/scim/v2/Schemas": [UserSchema, EnterpriseUserSchema],
  };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the command with paths below the test's folder. */
async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = { SCIM_TOKEN: TOKEN },
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await codegen(
    args.map((arg) => arg.replace("$", `${folder}/`)),
    env,
    {
      out: (text) => (out += text),
      err: (text) => (err += text),
    },
  );
  return { code, out, err };
}

function read(name: string): Promise<string> {
  return readFile(path.join(folder, name), "utf8");
}

describe("scimkit codegen", () => {
  test("writes the models of a server, and its documents, and the token into neither", async () => {
    const ran = await run([base, "--out", "$src/scim.gen.ts", "--save", "$saved", "--validators"]);
    expect(ran).toEqual({ code: 0, out: "", err: "" });
    const written = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = written.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(files.toSorted()).toEqual([
      "ResourceTypes.json",
      "Schemas.json",
      "ServiceProviderConfig.json",
      "scim.gen.ts",
      "scim.validators.gen.d.mts",
      "scim.validators.gen.mjs",
    ]);
    const module = await read("src/scim.gen.ts");
    expect(module).toContain('} from "scimkit/protocol";');
    expect(module).toContain('endpoint: "/Users",');
    for (const entry of written.filter((file) => file.isFile())) {
      expect(await readFile(path.join(entry.parentPath, entry.name), "utf8")).not.toContain(TOKEN);
    }
  });

  test("takes the token from an option as well", async () => {
    expect(await run([base, "--out", "$scim.gen.ts", "--token", TOKEN], {})).toMatchObject({ code: 0 });
  });

  test("gives the same text from what was saved, without a network", async () => {
    await run([base, "--out", "$one.gen.ts", "--save", "$saved"]);
    expect(await run(["$saved", "--out", "$two.gen.ts"], {})).toEqual({ code: 0, out: "", err: "" });
    expect(await read("two.gen.ts")).toBe(await read("one.gen.ts"));
  });

  test("reads documents as a server sent them, absolute endpoints included", async () => {
    await writeFile(path.join(folder, "ResourceTypes.json"), JSON.stringify(documents["/scim/v2/ResourceTypes"]));
    const ran = await run(["$", "--out", "$scim.gen.ts"]);
    expect(ran.code).toBe(0);
    expect(ran.err.split("\n")).toEqual([
      "warning: the server has no /ServiceProviderConfig: nothing is known of what the server supports",
      "warning: the server has no /Schemas: the schemas of RFC 7643 are used",
      `warning: the server does not publish the schema ${UserSchema.id}; the definition of RFC 7643 is used`,
      `warning: the server does not publish the schema ${EnterpriseUserSchema.id}; the definition of RFC 7643 is used`,
      "",
    ]);
    expect(await read("scim.gen.ts")).toContain('endpoint: "/Users",');
  });

  test("--check finds what is current, and what is not with a diff, and writes nothing", async () => {
    const args = [base, "--out", "$scim.gen.ts"];
    expect(await run([...args, "--check"])).toMatchObject({ code: 1 });
    expect(await readdir(folder)).toEqual([]);
    await run(args);
    const before = await read("scim.gen.ts");
    expect(await run([...args, "--check"])).toEqual({ code: 0, out: "", err: "" });
    await writeFile(path.join(folder, "scim.gen.ts"), before.replaceAll("\n", "\r\n"));
    expect(await run([...args, "--check"])).toMatchObject({ code: 0 });

    documents["/scim/v2/Schemas"] = [
      { ...UserSchema, attributes: [...UserSchema.attributes, { name: "badge", required: true }] },
      EnterpriseUserSchema,
    ];
    const { code, out } = await run([...args, "--check"]);
    expect(code).toBe(1);
    expect(out.split("\n").slice(0, 2)).toEqual([`--- ${folder}/scim.gen.ts`, `+++ ${folder}/scim.gen.ts`]);
    expect(out.split("\n").filter((line) => /^[-+](?![-+])/.test(line))).toEqual([
      "+  /** required */",
      "+  badge: string;",
      "+  /** required */",
      "+  badge: string;",
      "+  /** required */",
      "+  badge: string;",
      "+  badge: string;",
      '+    { name: "badge", required: true },',
    ]);
  });

  test("--extension generates an extension that no resource type lists", async () => {
    documents["/scim/v2/ResourceTypes"] = [{ name: "User", endpoint: "/Users", schema: UserSchema.id }];
    expect(await run([base, "--out", "$scim.gen.ts", "--extension", EnterpriseUserSchema.id])).toMatchObject({
      code: 0,
    });
    expect(await read("scim.gen.ts")).toContain("export const EnterpriseUser: ExtensionModel<");
  });

  const refused: { given: string[]; env?: Record<string, string>; want: RegExp }[] = [
    { given: [], want: /^usage: scimkit codegen/ },
    { given: ["$one", "$two"], want: /^usage: scimkit codegen/ },
    { given: ["$", "--frobnicate"], want: /^scimkit codegen: Unknown option '--frobnicate'/ },
    {
      given: ["$", "--check", "--save", "$saved"],
      want: /^scimkit codegen: --check writes nothing, so not with --save/,
    },
    { given: ["$"], want: /^scimkit codegen: .* is no URL, and holds none of ServiceProviderConfig\.json, / },
    { given: ["BASE"], env: {}, want: /^scimkit codegen: GET .* answered 401/ },
    { given: ["BASE", "--token", "another-token"], want: /^scimkit codegen: GET .* answered 401/ },
    {
      given: ["BASE", "--out", "$scim.gen.js"],
      want: /^scimkit codegen: "scim.gen.js" cannot be the generated module/,
    },
    { given: ["BASE", "--extension", "urn:x:y"], want: /scimkit codegen: the documents hold no extension urn:x:y/ },
  ];
  for (const { given, env, want } of refused) {
    test(`${given.join(" ")} exits with 2 and says why`, async () => {
      const { code, out, err } = await run(
        given.map((arg) => arg.replace("BASE", base)),
        env,
      );
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(want);
      expect(err).not.toMatch(/another-token|that-nobody-must-see/);
      expect(await readdir(folder)).toEqual([]);
    });
  }

  test("writes nothing when the server repeats the token", async () => {
    documents["/scim/v2/Schemas"] = [{ ...UserSchema, description: `Bearer ${TOKEN}` }, EnterpriseUserSchema];
    const { code, err } = await run([base, "--out", "$scim.gen.ts"]);
    expect(code).toBe(2);
    expect(err).toContain("the server's documents hold the token itself");
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("the program", () => {
  const main = path.resolve(import.meta.dirname, "../../src/cli/main.ts");

  test("says how it is used, and exits with 0 when it was asked", async () => {
    for (const args of [["--help"], ["codegen", "--help"]]) {
      const { stdout } = await promisify(execFile)(process.execPath, [main, ...args]);
      expect(stdout).toContain("scimkit codegen <base URL or folder>");
    }
  });

  test("exits with 2 for a command that it does not have", async () => {
    const failed: unknown = await promisify(execFile)(process.execPath, [main, "decode"]).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: 2, stdout: "" });
  });
});
