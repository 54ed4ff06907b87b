/**
 * `scimkit codegen`: discovers a service provider, or reads what was saved of one, and writes typed models.
 *
 * @module
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { generate, type GeneratedFile } from "../../codegen/generate.ts";
import { hide } from "../client/secrets.ts";
import { isLoopback, parseURL } from "../client/url.ts";
import { SCIMClientError, SCIMResponseError } from "../errors.ts";
import { CREDENTIALS_HINT, readCredentials, type Credentials } from "./credentials.ts";
import { lineDiff } from "./line-diff.ts";
import { PRESET_NAMES, presetProfile } from "./presets.ts";
import {
  discoverFolder,
  discoverServer,
  savedDocuments,
  type Discovered,
  type DiscoverOptions,
  type SavedDocument,
} from "./saved-discovery.ts";
import { isSystemError } from "./system-error.ts";

const USAGE = `usage: scimkit codegen <base URL or folder> [options]

Writes a TypeScript module with types and a model for each resource type of a SCIM server. A folder holds
ServiceProviderConfig.json, ResourceTypes.json and Schemas.json, as --save writes them or a server answers with.

  --out FILE        the module to write; default scim.gen.ts
  --validators      write validators beside it, which need no code generation at run time
  --validators-ts   the same as a TypeScript module, which tsc compiles with the rest
  --extension URN   a schema to generate as an extension that no resource type lists; may be repeated
  --save DIR        keep the discovery documents in a folder, for later runs without a network
  --check           write nothing; exit with 1 and a diff when what is there is not current
  --profile NAME    what is known of a server, such as documents that it does not publish; one of
                    ${PRESET_NAMES.slice(0, 5).join(", ")},
                    ${PRESET_NAMES.slice(5).join(", ")}
  --token TOKEN     the bearer token
  --header FIELD    a header field to send, as in "X-API-Key: value"; may be repeated

Whoever has access to this computer can read command lines, so credentials are better kept in the environment:
SCIM_TOKEN is the bearer token, SCIM_BASIC is user:password, SCIM_HEADER is header fields, each on a line.

Exit codes: 0 for written or current, 1 for not current (--check), 2 when nothing could be generated.
`;

/** What a command needs of the process that it runs in. */
interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const PROCESS: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

/** What of the environment the command reads. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs the command. It neither prints nor writes a credential.
 *
 * @param args what follows `codegen` on the command line.
 * @returns the exit code: 0, 1 when `--check` found something stale, 2 when nothing could be generated.
 */
export async function codegen(
  args: readonly string[],
  env: Environment,
  output: Output = PROCESS,
): Promise<number> {
  try {
    return await run(args, env, output);
  } catch (error) {
    if (!isReported(error)) throw error;
    output.err(`scimkit codegen: ${error.message}\n`);
    return 2;
  }
}

async function run(args: readonly string[], env: Environment, { out, err }: Output): Promise<number> {
  const { values: options, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: "string", default: "scim.gen.ts" },
      validators: { type: "boolean", default: false },
      "validators-ts": { type: "boolean", default: false },
      extension: { type: "string", multiple: true, default: [] },
      save: { type: "string" },
      check: { type: "boolean", default: false },
      profile: { type: "string" },
      token: { type: "string" },
      header: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (options.help) {
    out(USAGE);
    return 0;
  }
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) {
    err(USAGE);
    return 2;
  }
  if (options.check && options.save !== undefined)
    throw new TypeError("--check writes nothing, so not with --save");

  const credentials = readCredentials({ token: options.token, headers: options.header, env });
  const profile = options.profile === undefined ? {} : { profile: await presetProfile(options.profile) };
  const discovered = /^https?:\/\//i.test(source)
    ? await discover(source, credentials, profile, err)
    : await discoverFolder(source, profile);
  refuseSecrets(discovered, credentials);
  const { files, warnings } = await generate(discovered.documents, {
    path: basename(options.out),
    validators: options["validators-ts"] ? "ts" : options.validators,
    extensions: options.extension,
  });
  for (const message of unique(discovered, warnings)) err(`warning: ${message}\n`);

  const folder = dirname(options.out);
  if (options.check) return check(folder, files, out);
  const written = await write(folder, files);
  if (options.save !== undefined) written.push(...(await write(options.save, savedDocuments(discovered))));
  out(written.map((path) => `wrote ${path}\n`).join(""));
  const module = written.find((path) => path.endsWith(".mjs"));
  if (module !== undefined) out(`tsc does not copy ${module} to its outDir: ${NOT_COPIED}\n`);
  return 0;
}

const NOT_COPIED = "bundle, copy it in the build, or generate with --validators-ts";

async function discover(
  baseURL: string,
  { authenticate, secrets }: Credentials,
  options: DiscoverOptions,
  err: Output["err"],
): Promise<Discovered> {
  const url = parseURL(baseURL);
  if (authenticate !== undefined && url?.protocol === "http:" && !isLoopback(url.hostname)) {
    err(`warning: credentials go to ${url.host} in clear text, because the base URL starts with http://\n`);
  }
  try {
    return await discoverServer(baseURL, {
      ...options,
      ...(authenticate === undefined ? {} : { auth: authenticate }),
    });
  } catch (error) {
    if (!isReported(error)) throw error;
    const hint = error instanceof SCIMResponseError ? (HINTS[error.status] ?? "") : "";
    const what = authenticate === undefined && hint !== "" ? CREDENTIALS_HINT : hint;
    throw new TypeError(hide(error.message, secrets) + (what === "" ? "" : `; ${what}`), { cause: error });
  }
}

/** What to do about a status, for those who have given credentials. */
const HINTS: Readonly<Record<number, string>> = {
  401: "the server did not accept the credentials",
  403: "the credentials do not give access to the server's documents",
};

/** Some faults are found by the discovery and by the generator. */
function unique({ warnings }: Discovered, found: readonly { readonly message: string }[]): string[] {
  const fresh = found
    .map(({ message }) => message)
    .filter((message) => !warnings.some((known) => message.startsWith(known)));
  return [...new Set([...warnings, ...fresh])];
}

async function check(
  folder: string,
  files: readonly GeneratedFile[],
  out: (text: string) => void,
): Promise<number> {
  let stale = 0;
  for (const { path, content } of files) {
    const place = join(folder, path);
    const there = await readFile(place, "utf8").catch((error: unknown) => {
      if (isSystemError(error) && error.code === "ENOENT") return "";
      throw error;
    });
    // A checkout may have other line ends.
    if (there.replaceAll("\r\n", "\n") === content) continue;
    stale += 1;
    out(lineDiff(place, there, content));
  }
  return stale === 0 ? 0 : 1;
}

/** @returns the paths of what was written; a file without content is removed where there is one. */
async function write(folder: string, files: readonly SavedDocument[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const { path, content } of files) {
    const place = join(folder, path);
    if (content === undefined) {
      await rm(place, { force: true });
      continue;
    }
    await writeFile(place, content);
    written.push(place);
  }
  return written;
}

/** Shorter ones stand in too many words. */
const SHORTEST_SECRET = 8;

/** A server could repeat what it was sent; what is written here is committed and published, and a diff is printed. */
function refuseSecrets(discovered: Discovered, { secrets }: Credentials): void {
  const text = JSON.stringify(discovered);
  const repeated = secrets.some(
    (secret) => secret.length >= SHORTEST_SECRET && text.includes(JSON.stringify(secret).slice(1, -1)),
  );
  if (repeated) {
    throw new TypeError("the server's documents hold the credentials that it was sent, so nothing is generated");
  }
}

function isReported(error: unknown): error is Error {
  return error instanceof SCIMClientError || error instanceof TypeError || isSystemError(error);
}
