import { defineConfig, type ViteUserConfig } from "vitest/config";

// A file named here receives the results as JSON beside what is printed; .ci/run counts the tests from it.
const report = process.env["SCIMKIT_TEST_REPORT"];

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    typecheck: { include: ["test/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    testTimeout: 10_000,
    hookTimeout: 30_000,
  },
});

// vitest reads its configuration from a default export.
export default config;
