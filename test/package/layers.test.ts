import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { type Tree, edges, violations } from "./module-graph.ts";

const root = new URL("../../", import.meta.url);

const entries = Object.values(manifest.exports).flatMap((target) =>
  typeof target === "string" ? [] : [target.default.replace(/^\.\/dist\/(.*)\.js$/, "$1.ts")],
);

function readTree(): Tree {
  const paths = globSync(["src/**/*.ts", "codegen/**/*.ts"], { cwd: root }).map((path) =>
    path.replaceAll("\\", "/"),
  );
  return {
    files: Object.fromEntries(paths.map((path) => [path, readFileSync(new URL(path, root), "utf8")])),
    entries,
  };
}

test("every file imports only the rooms above its own", () => {
  const tree = readTree();
  expect(Object.keys(tree.files)).toContain("src/index.ts");
  expect(violations(tree)).toEqual([]);
});

test("every file that package.json exports exists", () => {
  expect(Object.keys(readTree().files)).toEqual(expect.arrayContaining(entries));
});

describe("a breach of the layout is named by its edge", () => {
  const cases: { given: Record<string, string>; want: string[] }[] = [
    {
      given: { "src/schema/a.ts": `import { b } from "../protocol/b.ts";`, "src/protocol/b.ts": "" },
      want: ["src/schema/a.ts → src/protocol/b.ts: schema may not import protocol"],
    },
    {
      given: { "src/server/a.ts": `import type { B } from "../client/b.ts";`, "src/client/b.ts": "" },
      want: ["src/server/a.ts → src/client/b.ts: server may not import client"],
    },
    {
      given: { "src/client/a.ts": `export type A = import("../vendors/b.ts").B;`, "src/vendors/b.ts": "" },
      want: ["src/client/a.ts → src/vendors/b.ts: client may not import vendors"],
    },
    {
      given: { "codegen/a.ts": `const b = await import("../src/client/b.ts");`, "src/client/b.ts": "" },
      want: ["codegen/a.ts → src/client/b.ts: codegen may not import client"],
    },
    {
      given: { "src/errors.ts": `export * from "./schema/a.ts";`, "src/schema/a.ts": "" },
      want: ["src/errors.ts → src/schema/a.ts: foundation may not import schema"],
    },
    {
      given: {
        "src/schema/a.ts": `import { Ajv } from "ajv";`,
        "src/schema/validator.ts": `import "ajv/dist/2020.js";`,
      },
      want: ["src/schema/a.ts → ajv: only src/schema/validator.ts may import ajv"],
    },
    {
      given: { "src/client/a.ts": `import ky from "ky";`, "src/client/http.ts": `import ky from "ky";` },
      want: ["src/client/a.ts → ky: only src/client/http.ts may import ky"],
    },
    {
      given: {
        "src/schema/a.ts": `await import("json-schema-to-typescript");`,
        "codegen/standalone-validators.ts": `await import("ajv/dist/standalone/index.js");`,
        "codegen/a.ts": `import "ajv/dist/standalone/index.js";`,
      },
      want: [
        "src/schema/a.ts → json-schema-to-typescript: only codegen/declaration.ts may import json-schema-to-typescript",
        "codegen/a.ts → ajv/dist/standalone/index.js: only codegen/standalone-validators.ts may import ajv/dist/standalone",
      ],
    },
    {
      given: { "src/client/auth.ts": `import * as oauth from "oauth4webapi";` },
      want: ["src/client/auth.ts → oauth4webapi: only src/client/oauth.ts may import oauth4webapi"],
    },
    {
      given: { "src/server/a.ts": `import "node:fs";`, "src/cli/b.ts": `import "node:fs";` },
      want: ["src/server/a.ts → node:fs: only src/cli/ and src/node.ts may import node:"],
    },
    {
      given: { "src/cli/a.ts": `import "lodash";` },
      want: ["src/cli/a.ts → lodash: the library depends on nothing but ajv and ky"],
    },
    {
      given: { "src/client/a.ts": `import { a } from "../index.ts";`, "src/index.ts": "" },
      want: ["src/client/a.ts → src/index.ts: nothing inside imports an entry file"],
    },
    {
      given: { "src/client/a.ts": `import { a } from "./gone.ts";` },
      want: ["src/client/a.ts → src/client/gone.ts: there is no such file"],
    },
    { given: { "src/schema/index.ts": "" }, want: ["src/schema/index.ts is an inner index.ts"] },
    { given: { "src/schema/utils.ts": "" }, want: ["src/schema/utils.ts says nothing by the name utils.ts"] },
    { given: { "src/client/lib/a.ts": "" }, want: ["src/client/lib/a.ts says nothing by the name lib"] },
    {
      given: { "src/misc/a.ts": "" },
      want: ["src/misc/a.ts is in no room: neither a folder of the layout nor an entry that package.json exports"],
    },
    {
      given: {
        "src/schema/a.ts": `import { b } from "./b.ts";`,
        "src/schema/b.ts": `import { c } from "./c.ts";`,
        "src/schema/c.ts": `import { b } from "./b.ts";`,
      },
      want: ["src/schema/b.ts → src/schema/c.ts → src/schema/b.ts: an import cycle"],
    },
  ];
  for (const { given, want } of cases) {
    test(want.join("; "), () => {
      expect(violations({ files: given, entries: ["src/index.ts"] })).toEqual(want);
    });
  }
});

describe("what is allowed is not reported", () => {
  const cases: { title: string; given: Record<string, string> }[] = [
    {
      title: "two files that need each other's types only",
      given: {
        "src/schema/a.ts": `import type { B } from "./b.ts";`,
        "src/schema/b.ts": `export { a } from "./a.ts";`,
      },
    },
    {
      title: "an import that is only text",
      given: { "codegen/a.ts": 'export const header = `\nimport { defineModel } from "scimkit";\n`;' },
    },
    {
      title: "the command line that knows a vendor by name",
      given: { "src/cli/a.ts": `const b = await import("../vendors/b.ts");`, "src/vendors/b.ts": "" },
    },
    {
      title: "an entry that re-exports every room",
      given: {
        "src/index.ts": `export { a } from "./client/a.ts"; export type { B } from "./schema/b.ts";`,
        "src/client/a.ts": `import { b } from "../schema/b.ts";`,
        "src/schema/b.ts": `import { c } from "../json.ts";`,
        "src/json.ts": "",
      },
    },
  ];
  for (const { title, given } of cases) {
    test(title, () => {
      expect(violations({ files: given, entries: ["src/index.ts", "src/vendors/b.ts"] })).toEqual([]);
    });
  }
});

test("an import is typeOnly when nothing of it is left at run time", () => {
  const source = `
    import type { A } from "./a.ts";
    import { type B } from "./b.ts";
    import { type C, d } from "./c.ts";
    export type { E } from "./e.ts";
    export * from "./f.ts";
  `;
  const kinds = edges("src/x.ts", source).map(({ to, typeOnly }) => [to, typeOnly]);
  expect(kinds).toEqual([
    ["src/a.ts", true],
    ["src/b.ts", false],
    ["src/c.ts", false],
    ["src/e.ts", true],
    ["src/f.ts", false],
  ]);
});
