/**
 * `scimkit codegen`: discovers a service provider, or reads what was saved of one, and writes typed models.
 *
 * @module
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { generate, type GeneratedFile } from "../../codegen/generate.ts";
import { SCIMClientError } from "../errors.ts";
import { lineDiff } from "./line-diff.ts";
import { discoverFolder, discoverServer, savedDocuments, type Discovered } from "./saved-discovery.ts";

const USAGE = `usage: scimkit codegen <base URL or folder> [options]

Writes a TypeScript module with types and a model for each resource type of a SCIM server. A folder holds
ServiceProviderConfig.json, ResourceTypes.json and Schemas.json, as --save writes them or a server answers with.

  --out FILE        the module to write; default scim.gen.ts
  --validators      write validators beside it, which need no code generation at run time
  --validators-ts   the same as a TypeScript module, which tsc compiles with the rest
  --extension URN   a schema to generate as an extension that no resource type lists; may be repeated
  --save DIR        keep the discovery documents in a folder, for later runs without a network
  --check           write nothing; exit with 1 and a diff when what is there is not current
  --token TOKEN     the bearer token; better kept in the environment variable SCIM_TOKEN
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

/**
 * Runs the command.
 *
 * @param args what follows `codegen` on the command line.
 * @returns the exit code: 0, 1 when `--check` found something stale, 2 when nothing could be generated.
 */
export async function codegen(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
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

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { out, err }: Output,
): Promise<number> {
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
      token: { type: "string" },
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

  const token = options.token ?? env["SCIM_TOKEN"];
  const discovered = /^https?:\/\//i.test(source)
    ? await discoverServer(source, token)
    : await discoverFolder(source);
  const { files, warnings } = await generate(discovered.documents, {
    path: basename(options.out),
    validators: options["validators-ts"] ? "ts" : options.validators,
    extensions: options.extension,
  });
  for (const message of unique(discovered, warnings)) err(`warning: ${message}\n`);

  const folder = dirname(options.out);
  if (options.check) return check(folder, files, out);
  const saved = options.save === undefined ? [] : savedDocuments(discovered);
  for (const file of [...files, ...saved]) refuseSecret(file, token);
  await write(folder, files);
  if (options.save !== undefined) await write(options.save, saved);
  return 0;
}

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

async function write(folder: string, files: readonly GeneratedFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, content } of files) await writeFile(join(folder, path), content);
}

/** A server could repeat the token that it was sent; what is written here is committed and published. */
function refuseSecret({ path, content }: GeneratedFile, token: string | undefined): void {
  if (token !== undefined && token.length >= 8 && content.includes(token)) {
    throw new TypeError(`the server's documents hold the token itself, so ${path} was not written`);
  }
}

function isReported(error: unknown): error is Error {
  return error instanceof SCIMClientError || error instanceof TypeError || isSystemError(error);
}

/** What Node's file functions and parseArgs throw. */
function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
