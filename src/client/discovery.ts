/**
 * Discovery (RFC 7644 §4): reads `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`, each of which may be missing,
 * paged, or not quite in its RFC form.
 *
 * @module
 */
import {
  ResponsePayloadValidationError,
  SCIMResponseError,
  UnexpectedContentFormat,
  UnexpectedStatusCode,
} from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { readList } from "../protocol/list-response.ts";
import { isSchemaId, printable, type SchemaDefinition } from "../schema/attribute.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "../schema/core-schemas.ts";
import { sameName } from "../schema/resource-model.ts";
import { asException, judge, reference, subject, type Judgement } from "./answer.ts";
import { readResourceType, readSchema } from "./discovery-document.ts";
import { DiscoveryWarnings, type DiscoveryDocument, type DiscoveryWarning } from "./discovery-warnings.ts";
import type { Answer } from "./http.ts";
import {
  describe,
  notServed,
  type Discovery,
  type ResolveEndpoint,
  type ResourceTypeDefinition,
  type SchemaRefusals,
  type ServiceDescription,
} from "./service-description.ts";
import { encodeSegment } from "./url.ts";

export { documentsOf } from "./discovery-document.ts";

/** What to read; what is not read stays as it was known before. */
export interface DiscoveryOptions {
  /** Default `true`. */
  readonly schemas?: boolean | undefined;
  /** Default `true`. */
  readonly resourceTypes?: boolean | undefined;
  /** Default `true`. */
  readonly serviceProviderConfig?: boolean | undefined;
  /** Ends the discovery; it rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

/** Documents that a profile knows, or the paths at which a server keeps them. */
export interface DiscoverySources {
  /** The document itself, a path below the base URL, or `false` where the server has none. */
  readonly serviceProviderConfig?: JsonObject | string | false;
  readonly resourceTypes?: readonly ResourceTypeDefinition[] | string | false;
  readonly schemas?: readonly SchemaDefinition[] | string | false;
}

/** Reads one document: the answer with its JSON body, or the status that says that there is none. */
export type ReadDocument = (
  path: string,
  searchParams?: Readonly<Record<string, number>>,
) => Promise<{ readonly answer: Answer; readonly body: JsonValue } | { readonly absent: Answer }>;

/** The statuses that say that a server has no such document. */
export const ABSENT: ReadonlySet<number> = new Set([404, 405, 501]);

/** Stands in for a schema that a server uses and does not publish. */
const RFC7643_SCHEMAS: readonly SchemaDefinition[] = [UserSchema, EnterpriseUserSchema, GroupSchema];

/** Stands in for `/ResourceTypes` (RFC 7644 §3.2). */
const RFC7643_RESOURCE_TYPES: readonly ResourceTypeDefinition[] = [
  {
    name: "User",
    endpoint: "/Users",
    schema: UserSchema.id,
    schemaExtensions: [{ schema: EnterpriseUserSchema.id, required: false }],
  },
  { name: "Group", endpoint: "/Groups", schema: GroupSchema.id },
];

/** At most so many pages of one document are read, and so many schemas one by one. */
const MOST_REQUESTS = 200;

/** At most so many schemas are asked for at the same time. */
const MOST_AT_ONCE = 6;

/** A document may have so many entries, and a resource type so many extensions. */
const MOST_ENTRIES = 1000;
const MOST_EXTENSIONS = 100;

/**
 * Reads what a server says of itself.
 *
 * @param read reads one document; it throws for 401, 403, 5xx and whatever is not JSON.
 * @param resolve finds an endpoint below the base URL or refuses it.
 * @param known what is taken for a document that is not read.
 * @throws {UnexpectedStatusCode} when the server has none of the three documents.
 * @throws {SCIMResponseError} for 401, 403, 429 and 5xx but 501, also where one schema is asked for by its URN.
 * @throws {UnexpectedContentFormat} when a document is no JSON object or list.
 * @throws {ResponsePayloadValidationError} when a schema is larger or deeper than any real one, or when there are more than
 *   1000 schemas, 1000 resource types, or 100 extensions of one resource type.
 */
export async function discover(
  read: ReadDocument,
  resolve: ResolveEndpoint,
  options: DiscoveryOptions,
  sources: DiscoverySources & { readonly none?: "accept" | "refuse" },
  known: Omit<Discovery, "warnings">,
): Promise<{ discovery: Discovery; description: ServiceDescription }> {
  const warnings = new DiscoveryWarnings();
  const wanted = {
    config: options.serviceProviderConfig ?? true,
    types: options.resourceTypes ?? true,
    schemas: options.schemas ?? true,
  };
  const [config, types, schemas] = await allOrFirstFailure([
    wanted.config ? readConfig(read, sources.serviceProviderConfig) : undefined,
    wanted.types ? readDocument(read, "ResourceTypes", sources.resourceTypes) : undefined,
    wanted.schemas ? readDocument(read, "Schemas", sources.schemas) : undefined,
  ]);
  if (sources.none !== "accept") refuseNothing([config, types, schemas]);

  const serviceProviderConfig = config === undefined ? known.serviceProviderConfig : config.config;
  if (config !== undefined && serviceProviderConfig === undefined) {
    warnings.add(missing("ServiceProviderConfig", "nothing is known of what the server supports"));
  }
  const publishedSchemas = keep(schemas?.items, readSchema, "Schemas", warnings) ?? known.schemas;
  if (schemas !== undefined && schemas.items === undefined) {
    warnings.add(missing("Schemas", "the schemas of RFC 7643 are used"));
  }
  let resourceTypes = keep(types?.items, readResourceType, "ResourceTypes", warnings) ?? known.resourceTypes;
  if (resourceTypes.length === 0 && (wanted.types || wanted.schemas)) {
    if (types !== undefined) {
      warnings.add(missing("ResourceTypes", "User at /Users and Group at /Groups are assumed (RFC 7644 §3.2)"));
    }
    resourceTypes = RFC7643_RESOURCE_TYPES;
  }
  const wide = resourceTypes.find(({ schemaExtensions = [] }) => schemaExtensions.length > MOST_EXTENSIONS);
  if (wide !== undefined && types?.answer !== undefined) {
    const path = printable(wide.name);
    throw tooMuch(types.answer, path, `"${path}" has more than ${MOST_EXTENSIONS} extensions`, "RFC 7643 §6");
  }

  const refusals: SchemaRefusals = new Map();
  const lacking = wanted.schemas ? lackingSchemas(resourceTypes, publishedSchemas) : [];
  const served = [...publishedSchemas, ...(await readMissing(read, lacking, sources, refusals))];
  const allSchemas = [...served, ...standIns(lackingSchemas(resourceTypes, served), refusals, warnings)];
  const documents = {
    ...(serviceProviderConfig === undefined ? {} : { serviceProviderConfig }),
    resourceTypes,
    schemas: allSchemas,
  };
  const described = describe(documents, resolve, refusals, warnings);
  const [issue, ...more] = described.issues;
  if (issue !== undefined) {
    const answer = schemas?.answer;
    throw answer === undefined
      ? new TypeError(issue.message)
      : new ResponsePayloadValidationError(subject(answer), [issue, ...more], reference(answer));
  }
  return {
    discovery: { ...documents, warnings: warnings.list() },
    description: described.description,
  };
}

/** The body of an answer whose status says that there is one. Errors are always thrown here. */
export function documentOf(answer: Answer, judgement: Omit<Judgement, "expected">): JsonValue {
  const error = judge(answer, { ...judgement, expected: [200] });
  if (error !== undefined) throw asException(error, answer);
  if (answer.body === undefined) {
    throw new UnexpectedContentFormat(
      `${subject(answer)} answered ${answer.status} without a body`,
      reference(answer),
    );
  }
  return answer.body;
}

/** One of the three documents: its items, or the answer that says that there is none. */
interface Document {
  readonly items: readonly JsonValue[] | undefined;
  readonly answer: Answer | undefined;
}

interface Config {
  readonly config: JsonObject | undefined;
  readonly answer: Answer | undefined;
}

/** RFC 7644 §4 has one path; Salesforce and Slack use the plural of SCIM 1.1. */
async function readConfig(read: ReadDocument, source: DiscoverySources["serviceProviderConfig"]): Promise<Config> {
  if (source === false) return { config: undefined, answer: undefined };
  if (typeof source === "object") return { config: source, answer: undefined };
  let absent: Answer | undefined;
  for (const path of source === undefined ? ["/ServiceProviderConfig", "/ServiceProviderConfigs"] : [source]) {
    const document = await read(path);
    if ("absent" in document) {
      absent ??= document.absent;
      continue;
    }
    const list = readList(document.body);
    if (list?.Resources.length === 0) return { config: undefined, answer: document.answer };
    const config = list === undefined ? document.body : list.Resources[0];
    if (isJsonObject(config)) return { config, answer: document.answer };
    throw notADocument(document.answer);
  }
  return { config: undefined, answer: absent };
}

async function readDocument(
  read: ReadDocument,
  document: "ResourceTypes" | "Schemas",
  source: readonly unknown[] | string | false | undefined,
): Promise<Document> {
  if (source === false) return { items: undefined, answer: undefined };
  // Documents of a profile are written by hand in the shape that a server publishes.
  if (Array.isArray(source)) return { items: source as JsonValue[], answer: undefined };
  const path = typeof source === "string" ? source : `/${document}`;
  const first = await read(path);
  if ("absent" in first) return { items: undefined, answer: first.absent };
  const items = [...itemsOf(first.body, first.answer)];
  const seen = new Set(items.map(identity));
  const total = readList(first.body)?.totalResults ?? 0;
  for (let page = 1; items.length < total && items.length <= MOST_ENTRIES && page < MOST_REQUESTS; page += 1) {
    const next = await read(path, { startIndex: items.length + 1 });
    if ("absent" in next) break;
    const fresh = itemsOf(next.body, next.answer).filter((item) => !seen.has(identity(item)));
    if (fresh.length === 0) break;
    for (const item of fresh) {
      seen.add(identity(item));
      items.push(item);
    }
  }
  if (items.length > MOST_ENTRIES) {
    throw tooMuch(first.answer, document, `/${document} has more than ${MOST_ENTRIES} entries`, "RFC 7644 §4");
  }
  return { items, answer: first.answer };
}

/** The members of a list, of a bare array, of a list under another name, or a lone document. */
function itemsOf(body: JsonValue, answer: Answer): readonly JsonValue[] {
  const list = readList(body);
  if (list !== undefined && (list.Resources.length > 0 || Array.isArray(body))) return list.Resources;
  if (!isJsonObject(body)) throw notADocument(answer);
  const elsewhere = Object.keys(body)
    .filter((name) => name !== "attributes" && name !== "schemaExtensions")
    .map((name) => body[name])
    .find((value): value is JsonValue[] => Array.isArray(value) && value.some(isJsonObject));
  if (elsewhere !== undefined) return elsewhere;
  return list === undefined ? [body] : list.Resources;
}

/** What tells entries of a document apart; of how deep a value goes, nothing is known. */
function identity(item: JsonValue): string {
  const { id, name, schema, endpoint } = isJsonObject(item) ? item : {};
  return JSON.stringify([id, name, schema, endpoint].map((value) => (typeof value === "object" ? null : value)));
}

/**
 * A server may leave a schema out of its list and still serve it by its URN (RFC 7644 §4).
 *
 * @param refusals receives the status of every refusal that says more than that there is no such schema.
 */
async function readMissing(
  read: ReadDocument,
  lacking: readonly string[],
  sources: DiscoverySources,
  refusals: SchemaRefusals,
): Promise<readonly SchemaDefinition[]> {
  if (sources.schemas !== undefined && typeof sources.schemas !== "string") return [];
  const place = typeof sources.schemas === "string" ? sources.schemas : "/Schemas";
  const ask = async (urn: string): Promise<SchemaDefinition | undefined> => {
    const segment = segmentOf(urn);
    if (segment === undefined) return undefined;
    const document = await read(`${place}/${segment}`).catch((error: unknown) => {
      if (!(error instanceof SCIMResponseError) || isFailure(error.status)) throw error;
      // Servers have many ways to say that there is no such schema, and none is a reason to give up.
      if (error.status >= 300) refusals.set(urn.toLowerCase(), error.status);
      return undefined;
    });
    if (document === undefined || "absent" in document) return undefined;
    const schema = readSchema(readList(document.body)?.Resources[0] ?? document.body);
    return schema !== undefined && sameName(schema.id, urn) ? schema : undefined;
  };
  const found: (SchemaDefinition | undefined)[] = [];
  let left = lacking.slice(0, MOST_REQUESTS).entries();
  const askOneByOne = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      const [at, urn] = next.value;
      try {
        found[at] = await ask(urn);
      } catch (error) {
        left = [].entries();
        throw error;
      }
    }
  };
  await allOrFirstFailure(Array.from({ length: MOST_AT_ONCE }, askOneByOne));
  return found.filter((schema) => schema !== undefined);
}

/** Whether a status says that the server could or would not answer, which says nothing of what there is. */
function isFailure(status: number): boolean {
  return status === 401 || status === 403 || status === 429 || (status >= 500 && !ABSENT.has(status));
}

/** The schemas that resource types use and that are not there. */
function lackingSchemas(
  resourceTypes: readonly ResourceTypeDefinition[],
  there: readonly SchemaDefinition[],
): readonly string[] {
  const known = new Set(there.map(({ id }) => id.toLowerCase()));
  const lacking: string[] = [];
  for (const { schema: core, schemaExtensions = [] } of resourceTypes) {
    for (const urn of [core, ...schemaExtensions.map(({ schema }) => schema)]) {
      const key = urn.toLowerCase();
      if (known.has(key) || !isSchemaId(urn)) continue;
      known.add(key);
      lacking.push(urn);
    }
  }
  return lacking;
}

/** The definitions of RFC 7643 become part of what was discovered, so that it is complete when it is saved. */
function standIns(
  lacking: readonly string[],
  refusals: SchemaRefusals,
  warnings: DiscoveryWarnings,
): readonly SchemaDefinition[] {
  const found = RFC7643_SCHEMAS.filter(({ id }) => lacking.some((urn) => sameName(id, urn)));
  for (const { id } of found) {
    const message = `${notServed(id, refusals)}; the definition of RFC 7643 is used`;
    warnings.add({ document: "Schemas", path: id, message });
  }
  return found;
}

/** A schema as a path segment; `undefined` for a name that can be none. */
function segmentOf(urn: string): string | undefined {
  try {
    return encodeSegment(urn);
  } catch {
    return undefined;
  }
}

function keep<T>(
  items: readonly JsonValue[] | undefined,
  readItem: (item: JsonValue) => T | undefined,
  document: DiscoveryDocument,
  warnings: DiscoveryWarnings,
): readonly T[] | undefined {
  if (items === undefined) return undefined;
  const kept: T[] = [];
  for (const [index, item] of items.entries()) {
    const value = readItem(item);
    if (value !== undefined) kept.push(value);
    else
      warnings.add({
        document,
        path: String(index),
        message: `entry ${index} of /${document} lacks what RFC 7643 asks of it`,
      });
  }
  return kept;
}

function missing(document: DiscoveryDocument, consequence: string): DiscoveryWarning {
  return { document, path: "", message: `the server has no /${document}: ${consequence}` };
}

/** A base URL below which there is nothing of SCIM is a mistake that must not look like a server. */
function refuseNothing(documents: readonly (Document | Config | undefined)[]): void {
  const asked = documents.filter((document) => document !== undefined);
  const answers = asked.map(({ answer }) => answer).filter((answer) => answer !== undefined);
  const [first] = answers;
  if (first === undefined || asked.length < 3 || answers.length < 3) return;
  if (answers.every(({ status }) => ABSENT.has(status))) {
    throw new UnexpectedStatusCode(
      `${subject(first)} answered ${first.status}, and the server has neither of the other two documents of RFC 7644 §4; is the base URL right, which often ends in /scim/v2?`,
      reference(first),
    );
  }
}

/** What is beyond all bounds is refused as a whole, as a schema is: half of a server would look like all of it. */
function tooMuch(answer: Answer, path: string, message: string, section: string): ResponsePayloadValidationError {
  return new ResponsePayloadValidationError(
    subject(answer),
    [{ path, rule: "bounds", message, section }],
    reference(answer),
  );
}

function notADocument(answer: Answer): UnexpectedContentFormat {
  return new UnexpectedContentFormat(
    `${subject(answer)} answered with JSON that is no discovery document (RFC 7644 §4)`,
    reference(answer),
  );
}

/** As `Promise.all`, with no rejection left unhandled when several fail. */
async function allOrFirstFailure<T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
