/**
 * workerd, the runtime of Cloudflare Workers, which generates no code from strings. Where it cannot be had, `findWorkerd`
 * says why in place of failing.
 *
 * @module
 */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

/** Why there is no workerd. */
export interface Unavailable {
  readonly unavailable: string;
}

const VERSION = "1.20261117.1";
const CACHE = path.resolve(import.meta.dirname, "../../node_modules/.cache/scimkit");

/** Longest that installing may take, in milliseconds: it is one archive. */
const INSTALL_LIMIT = 90_000;
/** Longest that a worker may take to start and to answer, in milliseconds. */
const RUN_LIMIT = 30_000;

/**
 * The program: what the environment variable `SCIMKIT_WORKERD` names, else what is installed under `node_modules/.cache`,
 * which the first run on a machine does.
 */
export async function findWorkerd(): Promise<string | Unavailable> {
  const found = process.env["SCIMKIT_WORKERD"] ?? (await install());
  // Test reporters count what was skipped and keep the reason to themselves.
  if (typeof found !== "string") process.stderr.write(`skipped: ${found.unavailable}\n`);
  return found;
}

async function install(): Promise<string | Unavailable> {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch === "x64" ? "64" : process.arch}`;
  const name = `@cloudflare/workerd-${platform}`;
  const home = path.join(CACHE, `workerd-${platform}-${VERSION}`);
  const program = path.join(home, "node_modules", name, "bin", "workerd");
  if (existsSync(program)) return program;
  let built: string | undefined;
  try {
    await mkdir(CACHE, { recursive: true });
    // Built aside and moved into place whole, so that nobody ever finds half of it.
    built = await mkdtemp(path.join(CACHE, "building-"));
    await writeFile(path.join(built, "package.json"), "{}");
    const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"];
    await promisify(execFile)("npm", ["install", ...quietly, `${name}@${VERSION}`], {
      cwd: built,
      timeout: INSTALL_LIMIT,
    });
    await rename(built, home);
  } catch (error) {
    if (!existsSync(program)) return { unavailable: `workerd cannot be installed: ${reason(error)}` };
  } finally {
    if (built !== undefined) await rm(built, { recursive: true, force: true });
  }
  return program;
}

/** Why a command failed, in a few words. */
function reason(failure: unknown): string {
  const { code, killed, stderr, message } = Object.assign({ code: "", killed: false, stderr: "" }, failure, {
    message: failure instanceof Error ? failure.message : String(failure),
  });
  if (code === "ENOENT") return "there is no npm";
  if (killed) return `it took longer than ${INSTALL_LIMIT / 1000} seconds`;
  return (stderr === "" ? message : stderr).trim().split("\n")[0] ?? "";
}

/**
 * What a worker answers to `GET /`.
 *
 * @param module the file name of an ES module in `folder` whose default export has `fetch`.
 */
export async function answerOf(program: string, folder: string, module: string): Promise<string> {
  const config = path.join(folder, "workerd.capnp");
  await writeFile(config, CONFIG.replaceAll("MODULE", module));
  const workerd = spawn(program, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    timeout: RUN_LIMIT,
  });
  const ended = new Promise<void>((resolve) => workerd.once("close", () => resolve()));
  let complaint = "";
  workerd.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  try {
    for await (const line of createInterface({ input: workerd.stdio[3] as Readable })) {
      const { port } = JSON.parse(line) as { readonly port: number };
      return await (await fetch(`http://127.0.0.1:${port}/`)).text();
    }
    throw new Error(`workerd did not start: ${complaint}`);
  } finally {
    workerd.kill("SIGKILL");
    await ended;
  }
}

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [(name = "MODULE", esModule = embed "MODULE")],
  compatibilityDate = "2026-01-01",
);
`;
