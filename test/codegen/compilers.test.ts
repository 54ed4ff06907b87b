import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../codegen/generate.ts";
import { codegen } from "../../src/cli/codegen.ts";
import manifest from "../../package.json" with { type: "json" };
import { devices } from "./documents/devices.ts";
import { hostile } from "./documents/hostile.ts";
import { rfc7643 } from "./documents/rfc7643.ts";
import { vendors } from "./documents/vendors.ts";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");

/** By the name of the package that holds it. */
const COMPILERS = ["typescript59", "typescript60", "typescript"] as const;

/** A project that uses what was generated, with the library as it is published. */
let project: string;

function tsc(compiler: (typeof COMPILERS)[number], ...args: readonly string[]): Promise<{ stdout: string }> {
  const program = path.join(root, "node_modules", compiler, "bin", "tsc");
  return run(process.execPath, [program, ...args]).catch((error: unknown) => error as { stdout: string });
}

beforeAll(async () => {
  project = await mkdtemp(path.join(import.meta.dirname, ".compilers-"));
  const library = path.join(project, "node_modules", "scimkit");
  await mkdir(library, { recursive: true });
  const { exports, name, type } = manifest;
  await writeFile(path.join(library, "package.json"), JSON.stringify({ exports, name, type }));
  const build = path.join(root, "tsconfig.build.json");
  await tsc("typescript", "-p", build, "--outDir", path.join(library, "dist"));

  for (const [subject, documents] of Object.entries({ rfc7643, devices, ...vendors, hostile })) {
    for (const [folder, validators] of [
      [".", true],
      ["ts", "ts"],
    ] as const) {
      const { files } = await generate(documents, { path: `${folder}/${subject}.gen.ts`, validators });
      await mkdir(path.join(project, folder), { recursive: true });
      for (const file of files) await writeFile(path.join(project, file.path), file.content);
    }
  }
  await writeFile(path.join(project, "consumer.ts"), CONSUMER);
  await writeFile(path.join(project, "package.json"), JSON.stringify({ type: "module" }));
  const compilerOptions = {
    module: "NodeNext",
    target: "ES2023",
    lib: ["ES2024", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    isolatedDeclarations: true,
    declaration: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noPropertyAccessFromIndexSignature: true,
    skipLibCheck: true,
    noEmit: true,
  };
  await writeFile(
    path.join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions, include: ["*.ts", "ts/*.ts"] }),
  );
}, 60_000);

afterAll(() => rm(project, { recursive: true, force: true }));

describe("the generated modules, and what uses them, compile under every strict option", () => {
  for (const compiler of COMPILERS) {
    test(`with ${compiler}`, { timeout: 60_000 }, async () => {
      const { stdout } = await tsc(compiler, "-p", project);
      expect(stdout).toBe("");
    });
  }
});

describe("what tsc builds to another folder runs, as the README says", () => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const MAIN = `
import { SCIMClient } from "scimkit";
import { User } from "./scim.gen.js";

const calls: string[] = [];
const scim = new SCIMClient("https://example.com/scim/v2", {
  fetch: async (input, init) => {
    const request = new Request(input, init);
    calls.push(request.url);
    return Response.json({ ...((await request.json()) as object), id: "1" }, { status: 201 });
  },
});
const { id } = await scim.create(User, { userName: "babs" });
console.log(id, calls.length, typeof User.validators?.create);
`;
  const ways = [
    {
      title: "with the validators copied",
      option: "--validators",
      command: "tsc && cp src/*.validators.gen.mjs dist/",
    },
    { title: "with the validators in TypeScript", option: "--validators-ts", command: "tsc" },
  ];
  for (const { title, option, command } of ways) {
    test(title, { timeout: 60_000 }, async () => {
      expect(readme).toContain(`\`${command}\``);
      expect(readme).toContain(`\`${option}\``);
      const folder = await mkdtemp(path.join(project, "build-"));
      await mkdir(path.join(folder, "src"));
      for (const [name, resources] of Object.entries({
        ResourceTypes: rfc7643.resourceTypes,
        Schemas: rfc7643.schemas,
      })) {
        await writeFile(path.join(folder, `${name}.json`), JSON.stringify(resources));
      }
      await codegen([folder, "--out", path.join(folder, "src", "scim.gen.ts"), option], {}, SILENT);
      await writeFile(path.join(folder, "src", "main.ts"), MAIN);
      const compilerOptions = {
        module: "NodeNext",
        target: "ES2023",
        strict: true,
        rootDir: "src",
        outDir: "dist",
      };
      await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["src"] }));
      const PATH = [path.join(root, "node_modules", ".bin"), process.env["PATH"]].join(path.delimiter);
      await run("sh", ["-c", command], { cwd: folder, env: { ...process.env, PATH } });
      const { stdout } = await run(process.execPath, [path.join(folder, "dist", "main.js")]);
      expect(stdout).toBe("1 1 function\n");
    });
  }
});

const SILENT = { out: (): void => undefined, err: (): void => undefined };

/** What compiles, and what must not. */
const CONSUMER = `
import { SCIMClient } from "scimkit";
import { Device } from "./devices.gen.ts";
import { User, type UserPaths, type UserReplace } from "./rfc7643.gen.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const path: keyof UserPaths = "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName";
export const value: UserPaths["emails.type"] = "anything";
// @ts-expect-error readOnly
export const none: keyof UserPaths = "groups.value";

export async function use(scim: SCIMClient): Promise<string | null | undefined> {
  const user = await scim.create(User, { userName: "b", [ENTERPRISE]: { department: null } });
  // @ts-expect-error the server makes the id
  await scim.create(User, { userName: "b", id: "1" });
  // @ts-expect-error not an attribute
  await scim.create(User, { userName: "b", username: "b" });
  // @ts-expect-error a required extension
  await scim.create(Device, { active: true });
  // @ts-expect-error written, never read
  void user.password;
  const replacement: UserReplace = { ...user, displayName: null };
  await scim.replace(User, replacement);
  const part = await scim.query(User, user.id, { attributes: ["userName"] });
  // @ts-expect-error a partial read is no replacement
  await scim.replace(User, part);
  return user.name?.familyName ?? user[ENTERPRISE]?.manager?.displayName;
}
`;
