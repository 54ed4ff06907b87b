/**
 * Typed models from a service provider's discovery documents: documents in, files out.
 *
 * @module
 */
import { printable } from "../src/schema/attribute.ts";
import { isURN } from "../src/schema/attribute-path.ts";
import { loadWriter } from "./declaration.ts";
import {
  Schemas,
  usableResourceTypes,
  type CodegenWarning,
  type DiscoveryDocuments,
  type UsableSchema,
} from "./documents.ts";
import { Identifiers, pascalCase } from "./identifiers.ts";
import { ModuleText, type ModuleSettings, type SchemaConstant } from "./module-text.ts";
import { writeValidators } from "./standalone-validators.ts";

/** What is generated. */
export interface GenerateOptions {
  /** The path of the module, which ends in `.ts`; other files are beside it. Default `scim.gen.ts`. */
  readonly path?: string;
  /**
   * Whether validators are compiled ahead of time, for platforms that forbid generating code: `true` writes a JavaScript module
   * (`.mjs`) with its declarations, which a bundler finds and `tsc` does not copy to its `outDir`; `"ts"` writes one TypeScript
   * module, imported as `.js`, which `tsc` compiles with the rest and does not check. Default `false`.
   */
  readonly validators?: boolean | "ts";
  /** URNs of schemas to generate as extensions beside those that a resource type lists. Default: none. */
  readonly extensions?: readonly string[];
  /** What the module imports the library as. Default `scimkit/protocol`. */
  readonly library?: string;
  /** Schemas that exist as constants elsewhere, by URN: imported in place of being written out. Default: none. */
  readonly schemaConstants?: Readonly<Record<string, SchemaConstant>>;
}

/** A file that was generated. */
export interface GeneratedFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly content: string;
}

/** What `generate` made. */
export interface Generated {
  readonly files: readonly GeneratedFile[];
  readonly warnings: readonly CodegenWarning[];
}

/**
 * Generates a module with types and a model for each resource type: `User`, `UserCreate`, `UserReplace`, `UserPaths`, and
 * the model `User`. The same documents give the same text. What cannot be used is left out with a warning.
 *
 * @throws {TypeError} when json-schema-to-typescript is not installed, when the documents are no lists, when a schema is larger
 *   or deeper than any real one, or when an extension that `options` names is not in the documents.
 */
export async function generate(documents: DiscoveryDocuments, options: GenerateOptions = {}): Promise<Generated> {
  const { path = "scim.gen.ts", library = "scimkit/protocol", schemaConstants = {} } = options;
  if (!path.endsWith(".ts") || path.endsWith(".d.ts")) {
    throw new TypeError(`${JSON.stringify(path)} cannot be the generated module: its name ends in .ts`);
  }
  // What is read from files has no types.
  const { resourceTypes, schemas: published }: { readonly [K in keyof DiscoveryDocuments]?: unknown } =
    documents ?? {};
  if (!Array.isArray(resourceTypes) || !Array.isArray(published)) {
    throw new TypeError("generate takes the lists resourceTypes and schemas, as discover() returns them");
  }
  const warnings: CodegenWarning[] = [];
  const warn = (warning: CodegenWarning): void => {
    warnings.push(warning);
  };
  const schemas = new Schemas(documents.schemas, warn);
  const types = usableResourceTypes(documents, schemas, warn);
  const extensions = new Set(types.flatMap((type) => type.extensions.map(({ schema }) => schema)));
  for (const urn of options.extensions ?? []) extensions.add(furtherExtension(schemas, urn));

  const identifiers = new Identifiers(Object.values(schemaConstants).map(({ name }) => name));
  const named = types.map((type) => ({ type, name: identifiers.claim([pascalCase(type.name)], TYPE_SUFFIXES) }));
  const names = new Map<UsableSchema, string>();
  for (const schema of extensions) names.set(schema, identifiers.claim(extensionNames(schema), EXTENSION_SUFFIXES));

  const form = options.validators === "ts" ? "ts" : "mjs";
  const validators = options.validators ? await writeValidators(named, path, form, library, warn) : undefined;
  const settings: ModuleSettings = {
    library,
    identifiers,
    extensionNames: names,
    schemaConstants: new Map(
      Object.entries(schemaConstants).map(([urn, constant]) => [urn.toLowerCase(), constant]),
    ),
    validators,
  };
  const text = new ModuleText(await loadWriter(), settings);
  for (const schema of extensions) await text.addExtension(schema);
  for (const { type, name } of named) await text.addResourceType(type, name);
  return { files: [{ path, content: text.finish() }, ...(validators?.files ?? [])], warnings };
}

const TYPE_SUFFIXES: readonly string[] = ["Create", "Replace", "Paths", "AttributePaths", "Views"];
const EXTENSION_SUFFIXES: readonly string[] = ["Create", "Replace", "Paths", "Views"];

function furtherExtension(schemas: Schemas, urn: string): UsableSchema {
  const schema = schemas.get(urn);
  if (schema === undefined || !isURN(schema.definition.id)) {
    throw new TypeError(`the documents hold no extension ${printable(urn, 200)}`);
  }
  return schema;
}

/** `EnterpriseUser`, or when that is taken what its URN says: `…:extension:enterprise:2.0:User`. */
function extensionNames({ definition: { id, name = "" } }: UsableSchema): string[] {
  const words = id.split(":").filter((word) => /[a-z]/i.test(word));
  const after = words.findLastIndex((word) => /^(?:extensions?|schemas|core)$/i.test(word)) + 1;
  return [pascalCase(name), pascalCase(words.slice(after || 1).join(" "))];
}
