import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    typecheck: { include: ["test/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
    testTimeout: 10_000,
    hookTimeout: 30_000,
  },
});

// vitest reads its configuration from a default export.
export default config;
