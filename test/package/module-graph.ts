import { parseSync } from "oxc-parser";
import { posix } from "node:path";

/** One import as it stands in a file: who imports what, and whether anything of it is left at run time. */
export interface Edge {
  /** The importing file, relative to the repository: `src/client/http.ts`. */
  readonly from: string;
  /** A file relative to the repository for a relative specifier, otherwise the specifier: `ky`, `node:fs`. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** Whether it is an `import("…")`, which loads when it is reached and not before. */
  readonly dynamic: boolean;
}

/** The facts about the package that the rules need beside the files themselves. */
export interface Tree {
  /** Source text by path relative to the repository. */
  readonly files: Readonly<Record<string, string>>;
  /** The files that package.json exports, relative to the repository. */
  readonly entries: readonly string[];
}

const FOUNDATION = ["src/errors.ts", "src/deviation.ts", "src/json.ts"];

/** The rooms in the order of the layout table, each with the rooms it may import beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  foundation: [],
  schema: ["foundation"],
  protocol: ["foundation", "schema"],
  client: ["foundation", "schema", "protocol"],
  vendors: ["foundation", "schema", "protocol", "client"],
  server: ["foundation", "schema", "protocol"],
  conformance: ["foundation", "schema", "protocol", "client"],
  codegen: ["foundation", "schema"],
  cli: ["foundation", "schema", "protocol", "client", "vendors", "server", "conformance", "codegen"],
  entry: ["foundation", "schema", "protocol", "client", "vendors", "server", "conformance", "codegen"],
};

/** The one file that may import each package, parts of one before the whole; all others are out of the library's reach. */
const PACKAGE_OWNER: Readonly<Record<string, string>> = {
  "ajv/dist/standalone": "codegen/standalone-validators.ts",
  ajv: "src/schema/validator.ts",
  "json-schema-to-typescript": "codegen/declaration.ts",
  ky: "src/client/http.ts",
  oauth4webapi: "src/client/oauth.ts",
};

/** Where the platform's own modules may be imported: a folder ends in a slash. */
const NODE_ROOMS = ["src/cli/", "src/node.ts"];

const NAMELESS = /^(utils?|helpers?|lib|common|types?)$/;

/** The imports and re-exports of one file, type-level `import("…")` included, in source order by kind. */
export function edges(file: string, source: string): Edge[] {
  const { module, program, errors } = parseSync(file, source);
  const [broken] = errors;
  if (broken !== undefined) throw new SyntaxError(`${file}: ${broken.message}`);

  const found: Edge[] = [];
  const add = (specifier: string, typeOnly: boolean, dynamic = false): void => {
    const relative = specifier.startsWith(".");
    const to = relative ? posix.join(posix.dirname(file), specifier) : specifier;
    found.push({ from: file, to, typeOnly, dynamic });
  };

  for (const { start, end, moduleRequest } of module.staticImports) {
    add(moduleRequest.value, /^import\s+type\b/.test(source.slice(start, end)));
  }
  for (const { start, end, entries } of module.staticExports) {
    const request = entries.find((entry) => entry.moduleRequest !== null)?.moduleRequest;
    if (request) add(request.value, /^export\s+type\b/.test(source.slice(start, end)));
  }
  walk(program, (node) => {
    const literal = node["source"];
    if (!isNode(literal) || typeof literal["value"] !== "string") return;
    if (node["type"] === "ImportExpression") add(literal["value"], false, true);
    if (node["type"] === "TSImportType") add(literal["value"], true);
  });
  return found;
}

/** The files and packages that are loaded together with a file: those that it imports, those that these import, and so on. */
export function loadedWith(file: string, files: Tree["files"]): Set<string> {
  const loaded = new Set([file]);
  for (const one of loaded) {
    for (const { to, typeOnly, dynamic } of edges(one, files[one] ?? "")) {
      if (!typeOnly && !dynamic) loaded.add(to);
    }
  }
  return loaded;
}

/** Every breach of the layout, one sentence each naming the offending edge or file; empty for a sound tree. */
export function violations(tree: Tree): string[] {
  const all = Object.entries(tree.files).flatMap(([file, source]) => edges(file, source));
  return [
    ...Object.keys(tree.files).flatMap((file) => misplaced(file, tree)),
    ...all.flatMap((edge) => forbidden(edge, tree)),
    ...cycles(all.filter((edge) => !edge.typeOnly)),
  ];
}

function misplaced(file: string, tree: Tree): string[] {
  const parts = file.split("/");
  const breaches: string[] = [];
  if (roomOf(file, tree) === undefined) {
    breaches.push(`${file} is in no room: neither a folder of the layout nor an entry that package.json exports`);
  }
  if (parts.length > 2 && parts.at(-1) === "index.ts") breaches.push(`${file} is an inner index.ts`);
  const nameless = parts.slice(1).find((part) => NAMELESS.test(part.replace(/\..*$/, "")));
  if (nameless !== undefined) breaches.push(`${file} says nothing by the name ${nameless}`);
  return breaches;
}

function forbidden({ from, to }: Edge, tree: Tree): string[] {
  const edge = `${from} → ${to}`;
  if (!/^(src|codegen)\//.test(to)) return outside(from, to).map((rule) => `${edge}: ${rule}`);

  if (!(to in tree.files)) return [`${edge}: there is no such file`];
  // A vendor's file is an entry file itself, and the command line knows vendors by name.
  if (from.startsWith("src/cli/") && to.startsWith("src/vendors/")) return [];
  if (tree.entries.includes(to) && !tree.entries.includes(from)) {
    return [`${edge}: nothing inside imports an entry file`];
  }
  const [room, target] = [roomOf(from, tree), roomOf(to, tree)];
  if (room === undefined || target === undefined || room === target) return [];
  return MAY_IMPORT[room]?.includes(target) ? [] : [`${edge}: ${room} may not import ${target}`];
}

function outside(from: string, to: string): string[] {
  if (to.startsWith("node:")) {
    const allowed = NODE_ROOMS.some((place) => from === place || (place.endsWith("/") && from.startsWith(place)));
    return allowed ? [] : [`only ${NODE_ROOMS.join(" and ")} may import node:`];
  }
  const owner = Object.entries(PACKAGE_OWNER).find(([name]) => to === name || to.startsWith(`${name}/`));
  if (owner === undefined) return ["the library depends on nothing but ajv and ky"];
  return from === owner[1] ? [] : [`only ${owner[1]} may import ${owner[0]}`];
}

function roomOf(file: string, tree: Tree): string | undefined {
  if (FOUNDATION.includes(file)) return "foundation";
  if (tree.entries.includes(file)) return "entry";
  if (file.startsWith("codegen/")) return "codegen";
  const folder = /^src\/([^/]+)\//.exec(file)?.[1];
  return folder !== undefined && folder in MAY_IMPORT ? folder : undefined;
}

/** Each cycle once, written as the walk that closes it. */
function cycles(all: readonly Edge[]): string[] {
  const imports = Map.groupBy(all, (edge) => edge.from);
  const done = new Set<string>();
  const found: string[] = [];

  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) {
      found.push(`${[...trail.slice(start), file].join(" → ")}: an import cycle`);
      return;
    }
    if (done.has(file)) return;
    for (const { to } of imports.get(file) ?? []) visit(to, [...trail, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (!isNode(value)) return;
  if (typeof value["type"] === "string") visit(value);
  for (const child of Object.values(value)) walk(child, visit);
}
