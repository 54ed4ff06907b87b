import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const modules = Object.entries(manifest.exports).filter(([, target]) => typeof target !== "string");
const specifiers = modules.map(([subpath]) => subpath.replace(/^\./, manifest.name));

/** Without the one that is loaded when code is generated, and not before. */
const dependencies = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)].filter(
  (name) => name !== "json-schema-to-typescript",
);

/** A project elsewhere on the disk that has the packed tarball and its dependencies, and nothing else. */
let project: string;
let packed: string[];

beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), "scimkit-pack-")));
  const installed = join(project, "node_modules", manifest.name);
  await mkdir(installed, { recursive: true });

  const { stdout } = await run("npm", ["pack", "--json", "--silent", "--pack-destination", project], { cwd: root });
  const [tarball] = JSON.parse(stdout) as Array<{ filename: string; files: Array<{ path: string }> }>;
  if (tarball === undefined) throw new Error("npm pack reported no tarball");
  packed = tarball.files.map((file) => file.path);
  await run("tar", ["-xzf", join(project, tarball.filename), "-C", installed, "--strip-components=1"]);

  for (const dependency of dependencies) {
    await symlink(join(root, "node_modules", dependency), join(project, "node_modules", dependency), "junction");
  }
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", type: "module" }));
}, 120_000);

afterAll(() => rm(project, { recursive: true, force: true }));

test("the tarball holds the build, the manifest and the documents a reader expects, nothing else", () => {
  expect(packed.filter((path) => !path.startsWith("dist/")).toSorted()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "package.json",
  ]);
  expect(packed.filter((path) => path.startsWith("dist/") && !/\.(js|d\.ts)$/.test(path))).toEqual([]);
});

test("every subpath export can be imported where only the dependencies and peers are installed", async () => {
  const script = `
    const specifiers = ${JSON.stringify(specifiers)};
    const modules = await Promise.all(specifiers.map((specifier) => import(specifier)));
    console.log(JSON.stringify(modules.map((module) => Object.prototype.toString.call(module))));
  `;
  await writeFile(join(project, "import.js"), script);
  const { stdout } = await run(process.execPath, ["import.js"], { cwd: project });
  expect(JSON.parse(stdout)).toEqual(specifiers.map(() => "[object Module]"));
});

test("the program runs, and says what is missing where the optional peer is not installed", async () => {
  const program = join(project, "node_modules", manifest.name, manifest.bin.scimkit);
  const { stdout } = await run(process.execPath, [program, "--help"]);
  expect(stdout).toContain("scimkit codegen <base URL or folder>");
  await writeFile(join(project, "Schemas.json"), "[]");
  const failed: unknown = await run(process.execPath, [
    program,
    "codegen",
    project,
    "--out",
    join(project, "scim.gen.ts"),
  ]).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 2, stdout: "" });
  expect((failed as { stderr: string }).stderr).toContain(
    "scimkit codegen: generating code needs json-schema-to-typescript 16: npm install -D json-schema-to-typescript",
  );
});

test("the declarations of every subpath compile for a consumer who checks libraries and has no node types", async () => {
  const source = specifiers.map((specifier, index) => `export * as m${index} from "${specifier}";`).join("\n");
  await writeFile(join(project, "consumer.ts"), source);
  const compilerOptions = {
    module: "NodeNext",
    target: "ES2022",
    lib: ["ES2022", "DOM", "DOM.Iterable"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = await run(process.execPath, [tsc, "-p", project], { cwd: project }).catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(stdout).toBe("");
});

describe("what a subpath brings along", () => {
  const cases: Array<{ given: string; unwanted: RegExp }> = [
    { given: "scimkit", unwanted: /^(oauth4webapi|node:)/ },
    { given: "scimkit/aws", unwanted: /./ },
    { given: "scimkit/codegen", unwanted: /^(ky|node:)/ },
    { given: "scimkit/gitlab", unwanted: /./ },
    { given: "scimkit/grantex", unwanted: /^(oauth4webapi|node:)/ },
    { given: "scimkit/models", unwanted: /^(ky|node:)/ },
    { given: "scimkit/oauth", unwanted: /^(ky|ajv|node:)/ },
    { given: "scimkit/protocol", unwanted: /^(ky|ajv|node:)/ },
  ];
  for (const { given, unwanted } of cases) {
    test(`${given} brings along nothing that matches ${unwanted.source}`, async () => {
      const { metafile } = await build({
        stdin: { contents: `export * from "${given}";`, resolveDir: project },
        bundle: true,
        format: "esm",
        platform: "neutral",
        external: ["node:*", ...dependencies],
        treeShaking: false,
        write: false,
        metafile: true,
      });
      const outside = Object.values(metafile.inputs).flatMap((input) =>
        input.imports.filter((edge) => edge.external).map((edge) => edge.path),
      );
      expect(outside.filter((path) => unwanted.test(path))).toEqual([]);
    });
  }
});
