/**
 * scim2-server, the Python service provider, in a process of its own. Where it cannot be had, `startScim2Server` says
 * why in place of failing: there is no Python, or nothing to install it from.
 *
 * @module
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A scim2-server that is listening. */
export interface Scim2Server {
  readonly token: string;
  /** The base URL of a tenant that nobody has used: an empty directory whose ids count from 1. */
  newTenant(): string;
  close(): Promise<void>;
}

/** Why there is no server. */
export interface Unavailable {
  readonly unavailable: string;
}

const REQUIREMENTS = ["scim2-server[cursor]==0.8.3", "scim2-models==0.12.3"];
const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/scimkit/", import.meta.url));
const LAUNCHER = fileURLToPath(new URL("scim2-server.py", import.meta.url));
const PYTHON = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];

/** Longest that installing may take, in milliseconds: a first run fetches about ten packages. */
const INSTALL_LIMIT = 120_000;
/** Longest that starting may take, in milliseconds. */
const START_LIMIT = 30_000;

/**
 * Starts scim2-server on loopback, on a port that the system chooses. The first run on a machine installs it into a
 * virtual environment under `node_modules/.cache`, which later runs and other processes share.
 *
 * @param me the `userName` of the user that `/Me` stands for.
 */
export async function startScim2Server(me: string): Promise<Scim2Server | Unavailable> {
  const server = await start(me);
  // Test reporters count what was skipped and keep the reason to themselves.
  if ("unavailable" in server) process.stderr.write(`skipped: ${server.unavailable}\n`);
  return server;
}

async function start(me: string): Promise<Scim2Server | Unavailable> {
  const python = await install();
  if (typeof python !== "string") return python;
  const token = "scim2-token";
  const server = spawn(python, [LAUNCHER, token, me], { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const close = async (): Promise<void> => {
    server.kill("SIGKILL");
    await ended;
  };
  const port = await listening(server);
  if (typeof port !== "number") {
    await close();
    return port;
  }
  let tenants = 0;
  return { token, newTenant: () => `http://127.0.0.1:${port}/tenant-${(tenants += 1)}/v2`, close };
}

/** The Python of an environment that has scim2-server. */
async function install(): Promise<string | Unavailable> {
  const environment = join(CACHE, REQUIREMENTS.join("-").replaceAll(/[^\w.-]+/g, "-"));
  const python = join(environment, ...PYTHON);
  if (existsSync(python)) return python;
  const run = promisify(execFile);
  const signal = AbortSignal.timeout(INSTALL_LIMIT);
  let built: string | undefined;
  try {
    await run("python3", ["-c", "import sys; assert sys.version_info >= (3, 11), 'Python 3.11 is needed'"], {
      signal,
    });
    await mkdir(CACHE, { recursive: true });
    // Built aside and moved into place whole, so that nobody ever finds half an environment.
    built = await mkdtemp(join(CACHE, "building-"));
    await run("python3", ["-m", "venv", built], { signal });
    const quietly = ["--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1", "--timeout", "15"];
    await run(join(built, ...PYTHON), ["-m", "pip", "install", ...quietly, ...REQUIREMENTS], { signal });
    await rename(built, environment);
  } catch (error) {
    if (!existsSync(python)) return { unavailable: `scim2-server cannot be installed: ${reason(error)}` };
  } finally {
    if (built !== undefined) await rm(built, { recursive: true, force: true });
  }
  return python;
}

/** Waits for the line with which the launcher says that it listens. */
async function listening(server: ChildProcess): Promise<number | Unavailable> {
  let complaint = "";
  server.stderr?.on("data", (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-4000)));
  const timer = setTimeout(() => server.kill("SIGKILL"), START_LIMIT);
  try {
    if (server.stdout === null) return { unavailable: "scim2-server has no standard output" };
    for await (const line of createInterface({ input: server.stdout })) {
      const said: unknown = JSON.parse(line);
      if (typeof said === "object" && said !== null && "port" in said && typeof said.port === "number")
        return said.port;
    }
    return { unavailable: `scim2-server does not start: ${lastLine(complaint)}` };
  } finally {
    clearTimeout(timer);
  }
}

/** Why a command failed, in a few words: what is known of the failure, else what the command said last. */
function reason(failure: unknown): string {
  const { name, code, stderr, message } = Object.assign({ name: "", code: "", stderr: "" }, failure, {
    message: failure instanceof Error ? failure.message : String(failure),
  });
  if (code === "ENOENT") return "there is no python3";
  if (code === "ABORT_ERR" || name === "TimeoutError") return `it took longer than ${INSTALL_LIMIT / 1000} seconds`;
  return lastLine(stderr === "" ? message : stderr);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
