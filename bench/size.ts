/**
 * What an import costs a browser: bundled, minified, brotli. Reads `dist`, so build first.
 *
 * "own" is the library's code with ky and ajv left outside; "all" is what is downloaded in the end. Sizes are in bytes.
 * A target is what "own" should be and is only shown; a ceiling is what it may be today, and makes the exit code 1: it moves
 * when somebody decides that it should.
 */
import { brotliCompressSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

interface Import {
  readonly code: string;
  readonly target?: number;
  readonly ceiling?: number;
}

const imports: readonly Import[] = [
  { code: 'export { SCIMClient } from "scimkit";', target: 20_000, ceiling: 55_000 },
  { code: 'export * from "scimkit";' },
  { code: 'export * from "scimkit/models";' },
  { code: 'export * from "scimkit/protocol";' },
];

const root = fileURLToPath(new URL("../", import.meta.url));

async function brotli(code: string, external: readonly string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    external: [...external],
    write: false,
    logLevel: "error",
  });
  return outputFiles.reduce((sum, file) => sum + brotliCompressSync(file.contents).byteLength, 0);
}

const rows = await Promise.all(
  imports.map(async ({ code, target, ceiling }) => {
    const [own, all] = await Promise.all([brotli(code, ["ky", "ajv"]), brotli(code, [])]);
    return { code, own, target, ceiling, all };
  }),
);

console.table(rows);
if (rows.some(({ own, ceiling = Infinity }) => own > ceiling)) process.exitCode = 1;
