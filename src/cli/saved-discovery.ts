/**
 * Discovery documents from a server or from a folder, and as files that a folder can hold.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DiscoveryDocuments } from "../../codegen/documents.ts";
import type { GeneratedFile } from "../../codegen/generate.ts";
import { bearer } from "../client/auth.ts";
import { SCIMClient } from "../client/scim-client.ts";
import type { JsonObject } from "../json.ts";

/** What is known of a server, its endpoints below the base URL. */
export interface Discovered {
  readonly documents: DiscoveryDocuments;
  readonly serviceProviderConfig: JsonObject | undefined;
  readonly warnings: readonly string[];
}

const FILES: readonly string[] = ["ServiceProviderConfig", "ResourceTypes", "Schemas"];

/**
 * Asks a server for its documents.
 *
 * @throws {SCIMClientError} as `SCIMClient.discover`.
 */
export function discoverServer(baseURL: string, token: string | undefined): Promise<Discovered> {
  return discoverWith(new SCIMClient(baseURL, token === undefined ? {} : { auth: bearer(token) }));
}

/**
 * Reads the documents of a folder, in any form in which a server may publish them: a client reads them from a server that
 * has nothing else.
 *
 * @throws {TypeError} when none of them is there.
 */
export async function discoverFolder(folder: string): Promise<Discovered> {
  const texts = new Map<string, string>();
  for (const name of FILES) {
    const text = await readFile(join(folder, `${name}.json`), "utf8").catch(() => undefined);
    if (text !== undefined) texts.set(`/${name}`, text);
  }
  if (texts.size === 0) {
    throw new TypeError(`${folder} is no URL, and holds none of ${FILES.map((name) => `${name}.json`).join(", ")}`);
  }
  const base = new URL(baseOf(texts.get("/ResourceTypes") ?? "") ?? "https://saved.invalid");
  const headers = { "content-type": "application/scim+json" };
  const client = new SCIMClient(base.href, {
    fetch: async (input) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const text = texts.get(pathname.slice(base.pathname.replace(/\/$/, "").length));
      return text === undefined ? new Response(null, { status: 404 }) : new Response(text, { headers });
    },
  });
  return discoverWith(client);
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

/** The documents as a server answers with them, so that a folder of them is as good as the server. */
export function savedDocuments({ documents, serviceProviderConfig }: Discovered): GeneratedFile[] {
  const files = [file("ResourceTypes", list(documents.resourceTypes)), file("Schemas", list(documents.schemas))];
  return serviceProviderConfig === undefined
    ? files
    : [file("ServiceProviderConfig", serviceProviderConfig), ...files];
}

function list(resources: readonly unknown[]): object {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: resources.length,
    Resources: resources,
  };
}

function file(name: string, document: object): GeneratedFile {
  return { path: `${name}.json`, content: `${JSON.stringify(document, null, 2)}\n` };
}
