/**
 * scim2-server, the Python service provider.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Recipe } from "./peer.ts";

const requirements = ["scim2-server[cursor]==0.8.3", "scim2-models==0.12.3"];
const launcher = fileURLToPath(new URL("scim2-server.py", import.meta.url));

function python(environment: string): string {
  return process.platform === "win32"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
}

/** Installed into a virtual environment. */
export const scim2Server: Recipe = {
  name: "scim2-server",
  requirements,
  async install(directory, run) {
    await run("python3", "-c", "import sys; assert sys.version_info >= (3, 11), 'Python 3.11 is needed'");
    await run("python3", "-m", "venv", directory);
    const quietly = ["--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1", "--timeout", "15"];
    await run(python(directory), "-m", "pip", "install", ...quietly, ...requirements);
  },
  command: (directory) => [python(directory), launcher],
};
