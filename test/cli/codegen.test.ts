import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { codegen } from "../../src/cli/codegen.ts";
import { PRESET_NAMES, presetProfile } from "../../src/cli/presets.ts";
import { EnterpriseUserSchema, UserSchema } from "../../src/schema/core-schemas.ts";

const TOKEN = "a-token-that-nobody-must-see";

/** What the server answers with; a test may change it. */
let documents: Record<string, unknown>;
/** Which requests it lets in; a test may change it. */
let accepts: (headers: IncomingHttpHeaders) => boolean;
/** What it says to the others. */
let refusal: string | undefined;
/** What it was asked for. */
let asked: string[];
let server: Server;
let base: string;
let folder: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", base);
    const document = documents[pathname];
    asked.push(request.url ?? "");
    const status = !accepts(request.headers) ? 401 : document === undefined ? 404 : 200;
    response.writeHead(status, { "content-type": "application/scim+json" });
    response.end(status === 200 ? JSON.stringify(document) : refusal);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`;
});

afterAll(() => {
  server.close();
});

beforeEach(async () => {
  accepts = ({ authorization }) => authorization === `Bearer ${TOKEN}`;
  refusal = undefined;
  asked = [];
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

/** What a vendor's file exports. */
function presetModule(name: string): Promise<Record<string, unknown>> {
  const file = name.replace(/(?:Group|Instance|Before2026)$/, "");
  return import(`../../src/vendors/${file}.ts`) as Promise<Record<string, unknown>>;
}

describe("scimkit codegen", () => {
  test("writes the models of a server, and its documents, and the token into neither", async () => {
    const ran = await run([base, "--out", "$src/scim.gen.ts", "--save", "$saved", "--validators"]);
    expect(ran).toEqual({ code: 0, out: expect.any(String) as string, err: "" });
    expect(ran.out.replaceAll(folder, "").split("\n")).toEqual([
      "wrote /src/scim.gen.ts",
      "wrote /src/scim.validators.gen.mjs",
      "wrote /src/scim.validators.gen.d.mts",
      "wrote /saved/ServiceProviderConfig.json",
      "wrote /saved/ResourceTypes.json",
      "wrote /saved/Schemas.json",
      "tsc does not copy /src/scim.validators.gen.mjs to its outDir: bundle, copy it in the build, or generate with --validators-ts",
      "",
    ]);
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

  test("--validators-ts writes them as TypeScript, with which nothing has to be copied", async () => {
    const { out } = await run([base, "--out", "$scim.gen.ts", "--validators-ts"]);
    expect(out.replaceAll(folder, "")).toBe("wrote /scim.gen.ts\nwrote /scim.validators.gen.ts\n");
    expect(await read("scim.validators.gen.ts")).toMatch(/^\/\/ @ts-nocheck\n/);
  });

  const basic = `Basic ${Buffer.from("admin:a password: long").toString("base64")}`;
  const credentials: {
    title: string;
    args: string[];
    env: Record<string, string>;
    want: Readonly<Record<string, string>>;
  }[] = [
    {
      title: "a token in the environment",
      args: [],
      env: { SCIM_TOKEN: TOKEN },
      want: { authorization: `Bearer ${TOKEN}` },
    },
    {
      title: "a token as an option, over the environment",
      args: ["--token", TOKEN],
      env: { SCIM_TOKEN: "another-token", SCIM_BASIC: "admin:secret" },
      want: { authorization: `Bearer ${TOKEN}` },
    },
    {
      title: "user name and password in the environment, where an empty variable is none",
      args: [],
      env: { SCIM_BASIC: "admin:a password: long", SCIM_TOKEN: "", SCIM_HEADER: "" },
      want: { authorization: basic },
    },
    {
      title: "header fields as options",
      args: ["--header", "X-API-Key: a-key", "--header", "x-tenant:acme"],
      env: {},
      want: { "x-api-key": "a-key", "x-tenant": "acme" },
    },
    {
      title: "header fields in the environment, beside a token and below those of options",
      args: ["--header", "X-Tenant: other"],
      env: { SCIM_TOKEN: TOKEN, SCIM_HEADER: "X-API-Key: a-key\nX-Tenant: acme\n" },
      want: { authorization: `Bearer ${TOKEN}`, "x-api-key": "a-key", "x-tenant": "other" },
    },
    {
      title: "an Authorization of another scheme over the token",
      args: ["--header", "Authorization: SSWS a-key"],
      env: { SCIM_TOKEN: TOKEN },
      want: { authorization: "SSWS a-key" },
    },
  ];
  for (const { title, args, env, want } of credentials) {
    test(`authenticates with ${title}`, async () => {
      accepts = (headers) => Object.entries(want).every(([name, value]) => headers[name] === value);
      expect(await run([base, "--out", "$scim.gen.ts", ...args], env)).toMatchObject({ code: 0, err: "" });
    });
  }

  test("keeps the path and the query of the base URL", async () => {
    expect(await run([`${base}/?tenant=acme`, "--out", "$scim.gen.ts"])).toMatchObject({ code: 0, err: "" });
    expect(asked.toSorted()).toEqual([
      "/scim/v2/ResourceTypes?tenant=acme",
      "/scim/v2/Schemas?tenant=acme",
      "/scim/v2/ServiceProviderConfig?tenant=acme",
    ]);
    expect(await read("scim.gen.ts")).toContain('endpoint: "/Users",');
  });

  test("--profile takes documents that the server does not publish", async () => {
    const ran = await run([base, "--profile", "github", "--out", "$scim.gen.ts", "--save", "$saved"], {});
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(asked).toEqual([]);
    expect(await read("scim.gen.ts")).toContain("export const Group: ResourceModel<GroupViews>");
    expect(await run(["$saved", "--out", "$scim.gen.ts", "--check"], {})).toEqual({ code: 0, out: "", err: "" });
  });

  for (const name of PRESET_NAMES) {
    test(`--profile ${name} is that profile`, async () => {
      expect((await presetModule(name))[name]).toBe(await presetProfile(name));
    });
  }

  test("says that a server cannot be reached, and before that credentials would go to it in clear text", async () => {
    const clear = /^warning: credentials go to nosuchhost\.invalid in clear text/;
    const url = "http://nosuchhost.invalid/scim";
    const [sent, none] = await Promise.all([run([url, "--header", "X-Key: a"], {}), run([url], {})]);
    expect(sent).toMatchObject({ code: 2, err: expect.stringMatching(clear) as string });
    expect(none.err).toMatch(
      /^scimkit codegen: GET http:\/\/nosuchhost\.invalid\/scim\/\w+: the connection failed/,
    );
  }, 30_000);

  test("gives the same text from what was saved, without a network", async () => {
    await run([base, "--out", "$one.gen.ts", "--save", "$saved"]);
    expect(await run(["$saved", "--out", "$two.gen.ts"], {})).toMatchObject({ code: 0, err: "" });
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

  test("--check shows a file that is not there as new", async () => {
    const { code, out } = await run([base, "--out", "$scim.gen.ts", "--validators", "--check"]);
    expect(code).toBe(1);
    expect(out.match(/^--- .*$/gm)).toEqual(
      ["scim.gen.ts", "scim.validators.gen.mjs", "scim.validators.gen.d.mts"].map(
        (name) => `--- ${folder}/${name}`,
      ),
    );
    expect(out).toContain("+export const User: ResourceModel<UserViews>");
    expect(out).not.toMatch(/^-(?!--)/m);
  });

  test("--save into a folder replaces the documents there, removes those that the server has not, and leaves the rest", async () => {
    await run([base, "--out", "$scim.gen.ts", "--save", "$saved"]);
    await writeFile(path.join(folder, "saved", "README.md"), "mine");
    await writeFile(path.join(folder, "saved", "Schemas.json"), "[]");
    delete documents["/scim/v2/ServiceProviderConfig"];
    const { code, out } = await run([base, "--out", "$scim.gen.ts", "--save", "$saved"]);
    expect([code, out.includes("ServiceProviderConfig")]).toEqual([0, false]);
    expect((await readdir(path.join(folder, "saved"))).toSorted()).toEqual([
      "README.md",
      "ResourceTypes.json",
      "Schemas.json",
    ]);
    expect(await read("saved/README.md")).toBe("mine");
    expect(await read("saved/Schemas.json")).toContain(UserSchema.id);
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
    { given: ["$"], want: /^scimkit codegen: .* holds none of ServiceProviderConfig\.json, ResourceTypes\.json, / },
    { given: ["$nowhere"], want: /nowhere is neither a folder nor a base URL, which starts with https:\/\// },
    {
      given: ["example.com/scim"],
      want: /^scimkit codegen: example\.com\/scim is neither a folder nor a base URL/,
    },
    { given: ["BASE", "--out"], want: /^scimkit codegen: Option '--out <value>' argument missing/ },
    { given: ["BASE", "--profile", "acme"], want: /^scimkit codegen: --profile takes one of aws, github, .*slack/ },
    {
      given: ["BASE"],
      env: {},
      want: /^scimkit codegen: GET .* answered 401.*; set SCIM_TOKEN, .* or pass --token or --header\n$/,
    },
    {
      given: ["BASE", "--token", "another-token"],
      want: /^scimkit codegen: GET .* answered 401.*; the server did not accept the credentials\n$/,
    },
    {
      given: ["BASE", "--token", "another token"],
      want: /^scimkit codegen: bearer: the token must be visible ASCII/,
    },
    {
      given: ["BASE", "--token=another-token\n"],
      want: /^scimkit codegen: bearer: the token must be visible ASCII/,
    },
    { given: ["BASE", "--tokn=another-token"], want: /^scimkit codegen: Unknown option '--tokn'/ },
    {
      given: ["BASE"],
      env: { SCIM_TOKEN: TOKEN, SCIM_BASIC: "admin:another-token" },
      want: /^scimkit codegen: SCIM_TOKEN and SCIM_BASIC are both set/,
    },
    { given: ["BASE"], env: { SCIM_BASIC: "another-token" }, want: /SCIM_BASIC takes a user name and a password/ },
    {
      given: ["BASE", "--header", "another-token"],
      want: /--header takes a header field as in "X-API-Key: value"/,
    },
    { given: ["BASE"], env: { SCIM_HEADER: "another-token" }, want: /SCIM_HEADER takes a header field as in / },
    {
      given: ["BASE", "--header", "X-Key: another-token\r\nX: y"],
      want: /the header field "X-Key" must be text without/,
    },
    {
      given: ["BASE", "--header", "X Key: another-token"],
      want: /a header field name must be a token \(RFC 9110 §5\.1\)/,
    },
    { given: ["https://admin:another-token@example.com"], want: /the base URL must not hold user information/ },
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
    expect(err).toContain("the server's documents hold the credentials that it was sent");
    expect(await readdir(folder)).toEqual([]);
  });

  test("reads a folder's documents, and says which is none", async () => {
    const named = path.join(folder, "Schemas.json");
    await writeFile(named, `\uFEFF${JSON.stringify([UserSchema])}`);
    expect(await run(["$", "--out", "$scim.gen.ts"])).toMatchObject({ code: 0 });
    await writeFile(named, "<html>");
    expect(await run(["$"])).toEqual({ code: 2, out: "", err: `scimkit codegen: ${named} is no JSON\n` });
    await rm(named);
    await mkdir(named);
    expect(await run(["$"])).toMatchObject({ code: 2, err: expect.stringMatching(/EISDIR/) as string });
  });

  test("shows no credential that a server repeats in its errors, its documents, or what a diff would print", async () => {
    const key = 'a-key-that-nobody-"must"-see';
    const args = [base, "--out", "$scim.gen.ts", "--header", `X-API-Key: ${key}`];
    accepts = () => true;
    documents["/scim/v2/Schemas"] = [{ ...UserSchema, description: `for ${key}` }, EnterpriseUserSchema];
    for (const further of [[], ["--check"], ["--save", "$saved"]]) {
      const { code, out, err } = await run([...args, ...further], {});
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain("the server's documents hold the credentials that it was sent");
      expect(err).not.toContain("nobody");
    }
    const error = "urn:ietf:params:scim:api:messages:2.0:Error";
    refusal = JSON.stringify({ schemas: [error], status: "401", detail: `not ${key}` });
    accepts = () => false;
    const { code, err } = await run(args, {});
    expect([code, err]).toEqual([2, expect.stringContaining("not ***; the server did not accept the credentials")]);
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

  test("exits with 2 for a command that it does not have, and for none", async () => {
    for (const args of [["decode"], []]) {
      const failed: unknown = await promisify(execFile)(process.execPath, [main, ...args]).catch(
        (error: unknown) => error,
      );
      const stderr = expect.stringContaining("scimkit codegen <base URL or folder>") as string;
      expect(failed).toMatchObject({ code: 2, stdout: "", stderr });
    }
  });
});
