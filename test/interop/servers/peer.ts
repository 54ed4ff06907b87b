/**
 * A service provider that is not written in TypeScript, in a process of its own. Where one cannot be had, `startPeer`
 * says why in place of failing: what it is written in is not there, or nothing to install it from.
 *
 * @module
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import type { Provider, Source } from "../lane.ts";

/** A peer that is listening. */
export interface Peer {
  readonly token: string;
  /** The base URL of a tenant that nobody has used: an empty directory whose ids count from 1. */
  newTenant(): string;
  close(): Promise<void>;
}

/** Why there is no peer. */
export interface Unavailable {
  readonly unavailable: string;
}

/** Runs a program to its end and gives what it printed. */
export type Run = (program: string, ...parameters: readonly string[]) => Promise<string>;

/** How a peer is installed and started. */
export interface Recipe {
  readonly name: string;
  /** What is installed, with versions. Whoever has the same shares one installation. */
  readonly requirements: readonly string[];
  /** Puts what is needed into an empty directory, which is then moved. */
  readonly install: (directory: string, run: Run) => Promise<void>;
  /**
   * The program and its parameters; a token and the `userName` that `/Me` stands for are added. It serves one tenant per
   * first path segment, each at /TENANT/v2, prints {"port": …} once it listens, and ends when its standard input does.
   */
  readonly command: (directory: string) => readonly [string, ...string[]];
}

const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/scimkit/", import.meta.url));

/** Longest that installing may take, in milliseconds: a first run fetches a dozen packages. */
const INSTALL_LIMIT = 120_000;
/** Longest that starting may take, in milliseconds. */
const START_LIMIT = 30_000;

/**
 * Starts a peer on loopback, on a port that the system chooses. The first run on a machine installs it under
 * `node_modules/.cache`, which later runs and other processes share.
 *
 * @param me the `userName` of the user that `/Me` stands for.
 */
export async function startPeer(recipe: Recipe, me: string): Promise<Peer | Unavailable> {
  const peer = await start(recipe, me);
  // Test reporters count what was skipped and keep the reason to themselves.
  if ("unavailable" in peer) process.stderr.write(`skipped: ${peer.unavailable}\n`);
  return peer;
}

/** Starts a peer for a lane, in which each provider is a tenant. `/Me` is the user "bjensen". */
export async function openPeer(recipe: Recipe): Promise<Source | Unavailable> {
  const peer = await startPeer(recipe, "bjensen");
  if ("unavailable" in peer) return peer;
  const newProvider = (): Promise<Provider> =>
    Promise.resolve({
      baseURL: peer.newTenant(),
      token: peer.token,
      fetch: (request) => fetch(request),
      close: () => Promise.resolve(),
    });
  return { newProvider, close: () => peer.close() };
}

async function start(recipe: Recipe, me: string): Promise<Peer | Unavailable> {
  const directory = await installed(recipe);
  if (typeof directory !== "string") return directory;
  const token = `${recipe.name}-token`;
  const [program, ...parameters] = recipe.command(directory);
  const server = spawn(program, [...parameters, token, me], { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const close = async (): Promise<void> => {
    server.kill("SIGKILL");
    await ended;
  };
  const port = await listening(recipe, server);
  if (typeof port !== "number") {
    await close();
    return port;
  }
  let tenants = 0;
  return { token, newTenant: () => `http://127.0.0.1:${port}/tenant-${(tenants += 1)}/v2`, close };
}

/** The directory in which a peer is installed. */
async function installed({ name, requirements, install }: Recipe): Promise<string | Unavailable> {
  const directory = join(CACHE, requirements.join("-").replaceAll(/[^\w.-]+/g, "-"));
  if (existsSync(directory)) return directory;
  const signal = AbortSignal.timeout(INSTALL_LIMIT);
  const run: Run = async (program, ...parameters) => {
    try {
      return (await promisify(execFile)(program, parameters, { signal })).stdout;
    } catch (error) {
      throw new Error(reason(program, error), { cause: error });
    }
  };
  let built: string | undefined;
  try {
    await mkdir(CACHE, { recursive: true });
    // Built aside and moved into place whole, so that nobody ever finds half an installation.
    built = await mkdtemp(join(CACHE, "building-"));
    await install(built, run);
    await rename(built, directory);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (!existsSync(directory)) return { unavailable: `${name} cannot be installed: ${why}` };
  } finally {
    if (built !== undefined) await rm(built, { recursive: true, force: true });
  }
  return directory;
}

/** Waits for the line with which a peer says that it listens. */
async function listening({ name }: Recipe, server: ChildProcess): Promise<number | Unavailable> {
  let complaint = "";
  server.stderr?.on("data", (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-4000)));
  server.once("error", ({ message }) => (complaint = message));
  const timer = setTimeout(() => server.kill("SIGKILL"), START_LIMIT);
  try {
    if (server.stdout === null) return { unavailable: `${name} has no standard output` };
    for await (const line of createInterface({ input: server.stdout })) {
      const said: unknown = JSON.parse(line);
      if (typeof said === "object" && said !== null && "port" in said && typeof said.port === "number")
        return said.port;
    }
    return { unavailable: `${name} does not start: ${lastLine(complaint)}` };
  } finally {
    clearTimeout(timer);
  }
}

/** Why a program failed, in a few words: what is known of the failure, else the error that it named, or what it said last. */
function reason(program: string, failure: unknown): string {
  const { name, code, stderr, stdout, message } = Object.assign(
    { name: "", code: "", stderr: "", stdout: "" },
    failure,
    { message: failure instanceof Error ? failure.message : String(failure) },
  );
  if (code === "ENOENT") return `there is no ${program}`;
  if (code === "ABORT_ERR" || name === "TimeoutError") return `it took longer than ${INSTALL_LIMIT / 1000} seconds`;
  const said = stripVTControlCharacters(`${message}\n${stdout}\n${stderr}`);
  return /^\[?ERROR\b.*$/m.exec(said)?.[0].slice(0, 300) ?? lastLine(said);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
