/**
 * elimity-com/scim, the Go service provider.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Recipe } from "./peer.ts";

const version = "v0.0.0-20240320110924-172bf2aee9c8";
const launcher = fileURLToPath(new URL("elimity-scim.go", import.meta.url));
const program = process.platform === "win32" ? "server.exe" : "server";

const module = `module scimkit.example/peer

go 1.21

require (
	github.com/di-wu/parser v0.2.2
	github.com/di-wu/xsd-datetime v1.0.0
	github.com/elimity-com/scim ${version}
	github.com/scim2/filter-parser/v2 v2.2.0
)
`;

/** A program: the launcher is compiled when it is installed, and again when it has changed. */
export const elimityScim: Recipe = {
  name: "elimity-com/scim",
  requirements: [
    `elimity-scim==${version}`,
    createHash("sha256").update(readFileSync(launcher)).digest("hex").slice(0, 16),
  ],
  async install(directory, run) {
    await writeFile(join(directory, "go.mod"), module);
    await copyFile(launcher, join(directory, "main.go"));
    await run("go", "-C", directory, "build", "-mod=mod", "-buildvcs=false", "-o", program, ".");
  },
  command: (directory) => [join(directory, program)],
};
