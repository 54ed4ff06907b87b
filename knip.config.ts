import type { KnipConfig } from "knip";
import manifest from "./package.json" with { type: "json" };

const entries = Object.values(manifest.exports).flatMap((target) =>
  typeof target === "string" ? [] : [target.default.replace(/^\.\/dist\/(.*)\.js$/, "$1.ts!")],
);

const config: KnipConfig = {
  entry: [...entries, "src/cli/main.ts!", "test/**/*.{test-d,gen}.ts", "bench/*.ts", "examples/*.ts"],
  project: ["{src,codegen,test,bench,examples}/**/*.ts"],
  // The tests of client certificates skip where it is not installed.
  ignoreBinaries: ["openssl"],
  // A type is often exported only to be named in the declaration of what is exported beside it.
  ignoreExportsUsedInFile: true,
};

// knip reads its configuration from a default export.
export default config;
