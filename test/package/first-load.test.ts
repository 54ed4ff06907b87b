import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { edges, loadedWith } from "./module-graph.ts";

const root = new URL("../../", import.meta.url);
const files = Object.fromEntries(
  globSync("{src,codegen}/**/*.ts", { cwd: root }).map((path) => [
    path.replaceAll("\\", "/"),
    readFileSync(new URL(path, root), "utf8"),
  ]),
);
/** What is loaded when it is first used, and what it brings along that nothing else does. */
const LATER = [
  "src/client/bulk.ts",
  "src/client/discovery.ts",
  "src/client/exchange.ts",
  "src/client/filtering.ts",
  "src/client/modification.ts",
  "src/client/payload.ts",
  "src/client/retrieval.ts",
  "src/client/writing.ts",
  "src/protocol/apply.ts",
  "src/protocol/bulk-plan.ts",
  "src/protocol/matches.ts",
  "src/protocol/page-walk.ts",
  "src/protocol/patcher.ts",
  "src/schema/check.ts",
  "src/schema/core-schemas.ts",
  "src/schema/normalise.ts",
  "src/schema/validator.ts",
  "ajv",
];

describe("an import holds nothing of what is loaded when it is first used", () => {
  const dynamic = Object.keys(files)
    .filter((file) => file.startsWith("src/") && !file.startsWith("src/cli/"))
    .flatMap((file) => edges(file, files[file] ?? "").filter((edge) => edge.dynamic));
  for (const given of ["src/client/scim-client.ts", "src/index.ts"]) {
    test(given, () => {
      const loaded = loadedWith(given, files);
      expect(loaded).toContain("src/client/http.ts");
      expect(loaded).toContain("ky");
      expect(LATER.filter((file) => loaded.has(file))).toEqual([]);
      expect(dynamic.map(({ to }) => to).filter((file) => loaded.has(file))).toEqual([]);
    });
  }

  test("every file of the list is there", () => {
    expect(LATER.filter((file) => file.includes("/") && !(file in files))).toEqual([]);
  });
});

test("what is loaded with a file is what it imports, directly or not; types and dynamic imports are not", () => {
  const tree = {
    "src/a.ts": 'import { b } from "./b.ts"; import type { D } from "./d.ts"; await import("./e.ts");',
    "src/b.ts": 'export * from "./c.ts"; import "ky";',
    "src/c.ts": "",
    "src/d.ts": "",
    "src/e.ts": "",
  };
  expect([...loadedWith("src/a.ts", tree)].toSorted()).toEqual(["ky", "src/a.ts", "src/b.ts", "src/c.ts"]);
});
