/**
 * Discovery documents from a server or from a folder, and as files that a folder can hold.
 *
 * @module
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DiscoveryDocuments } from "../../codegen/documents.ts";
import type { GeneratedFile } from "../../codegen/generate.ts";
import type { ClientOptions } from "../client/options.ts";
import { SCIMClient } from "../client/scim-client.ts";
import type { JsonObject } from "../json.ts";
import { isSystemError } from "./system-error.ts";

/** What is known of a server, its endpoints below the base URL. */
export interface Discovered {
  readonly documents: DiscoveryDocuments;
  readonly serviceProviderConfig: JsonObject | undefined;
  readonly warnings: readonly string[];
}

/** How documents are asked for. */
export type DiscoverOptions = Pick<ClientOptions, "auth" | "profile">;

/** The documents of a folder, each with `.json` after its name. */
const FILES: readonly string[] = ["ServiceProviderConfig", "ResourceTypes", "Schemas"];

/**
 * Asks a server for its documents.
 *
 * @throws {SCIMClientError} as `SCIMClient.discover`.
 */
export function discoverServer(baseURL: string, options: DiscoverOptions): Promise<Discovered> {
  return discoverWith(new SCIMClient(baseURL, options));
}

/**
 * Reads the documents of a folder, in any form in which a server may publish them: a client reads them from a server that
 * has nothing else.
 *
 * @throws {TypeError} when there is no such folder, none of them is there, or one is no JSON.
 */
export async function discoverFolder(folder: string, options: DiscoverOptions): Promise<Discovered> {
  const texts = new Map<string, string>();
  for (const name of FILES) {
    const text = await readDocument(join(folder, `${name}.json`));
    if (text !== undefined) texts.set(`/${name}`, text);
  }
  if (texts.size === 0) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory() !== true) {
      throw new TypeError(`${folder} is neither a folder nor a base URL, which starts with https://`);
    }
    throw new TypeError(`${folder} holds none of ${FILES.map((name) => `${name}.json`).join(", ")}`);
  }
  const base = new URL(baseOf(texts.get("/ResourceTypes") ?? "") ?? "https://saved.invalid");
  const headers = { "content-type": "application/scim+json" };
  const client = new SCIMClient(base.href, {
    ...options,
    fetch: async (input) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const text = texts.get(pathname.slice(base.pathname.replace(/\/$/, "").length));
      return text === undefined ? new Response(null, { status: 404 }) : new Response(text, { headers });
    },
  });
  return discoverWith(client);
}

async function readDocument(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  }
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new TypeError(`${file} is no JSON`);
  }
  return text;
}

/** Endpoints may be absolute; the base URL is then what precedes the last segment of one. */
function baseOf(resourceTypes: string): string | undefined {
  return /"endpoint"\s*:\s*"(https?:\/\/[^"/]+(?:\/[^"/]+)*)\/[^"/]+\/?"/.exec(resourceTypes)?.[1];
}

async function discoverWith(client: SCIMClient): Promise<Discovered> {
  const { resourceTypes, schemas, serviceProviderConfig, warnings } = await client.discover();
  // A resource type that the client cannot use has a warning already.
  const usable = resourceTypes.flatMap((type) => {
    const model = client.resourceModels.find(({ name }) => name === type.name);
    return model === undefined ? [] : [{ ...type, endpoint: model.endpoint }];
  });
  return {
    documents: { resourceTypes: usable, schemas },
    serviceProviderConfig,
    warnings: warnings.map(({ message }) => message),
  };
}

/**
 * The documents as a server answers with them, so that a folder of them is as good as the server.
 *
 * @returns what each file of the folder holds; `undefined` for one that must not be there.
 */
export function savedDocuments({ documents, serviceProviderConfig }: Discovered): SavedDocument[] {
  return [
    saved("ServiceProviderConfig", serviceProviderConfig),
    saved("ResourceTypes", list(documents.resourceTypes)),
    saved("Schemas", list(documents.schemas)),
  ];
}

/** A file of a folder of documents. */
export interface SavedDocument extends Pick<GeneratedFile, "path"> {
  readonly content: string | undefined;
}

function list(resources: readonly unknown[]): object {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: resources.length,
    Resources: resources,
  };
}

function saved(name: string, document: object | undefined): SavedDocument {
  return {
    path: `${name}.json`,
    content: document === undefined ? undefined : `${JSON.stringify(document, null, 2)}\n`,
  };
}
