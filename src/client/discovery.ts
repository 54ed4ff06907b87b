/**
 * Discovery (RFC 7644 §4): reads `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`, each of which may be missing,
 * paged, or not quite in its RFC form.
 *
 * @module
 */
import { ResponsePayloadValidationError, SCIMResponseError, UnexpectedStatusCode } from "../errors.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { readList } from "../protocol/list-response.ts";
import { isSchemaId, printable, type SchemaDefinition } from "../schema/attribute.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "../schema/core-schemas.ts";
import { sameName } from "../schema/resource-model.ts";
import { reference, subject } from "./answer.ts";
import {
  ABSENT,
  MOST_REQUESTS,
  readConfig,
  readDocument,
  tooMuch,
  type Config,
  type Document,
  type ReadDocument,
} from "./discovery-answer.ts";
import type { DiscoveryDepartures } from "./discovery-departures.ts";
import { readResourceType, readSchema } from "./discovery-document.ts";
import { DiscoveryWarnings, type DiscoveryDocument, type DiscoveryWarning } from "./discovery-warnings.ts";
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

export { ABSENT, documentOf, type ReadDocument } from "./discovery-answer.ts";
export { DiscoveryDepartures } from "./discovery-departures.ts";
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

/** At most so many schemas are asked for at the same time. */
const MOST_AT_ONCE = 6;

/** A resource type may have so many extensions. */
const MOST_EXTENSIONS = 100;

/**
 * Reads what a server says of itself.
 *
 * @param read reads one document; it throws for 401, 403, 5xx and whatever is not JSON.
 * @param resolve finds an endpoint below the base URL or refuses it.
 * @param known what is taken for a document that is not read.
 * @param departures hears of what is understood and is not as the RFC has it.
 * @throws {UnexpectedStatusCode} when the server has none of the three documents.
 * @throws {SCIMResponseError} for 401, 403, 429 and 5xx but 501, also where one schema is asked for by its URN.
 * @throws {UnexpectedContentFormat} when a document is no JSON object or list.
 * @throws {ResponsePayloadValidationError} when a schema is larger or deeper than any real one, or when there are more than
 *   1000 schemas, 1000 resource types, or 100 extensions of one resource type; under a strict profile for every departure
 *   from the RFC in what the server published.
 */
export async function discover(
  read: ReadDocument,
  resolve: ResolveEndpoint,
  options: DiscoveryOptions,
  sources: DiscoverySources & { readonly none?: "accept" | "refuse" },
  known: Omit<Discovery, "warnings">,
  departures: DiscoveryDepartures,
): Promise<{ discovery: Discovery; description: ServiceDescription }> {
  const warnings = new DiscoveryWarnings();
  const wanted = {
    config: options.serviceProviderConfig ?? true,
    types: options.resourceTypes ?? true,
    schemas: options.schemas ?? true,
  };
  const [config, types, schemas] = await allOrFirstFailure([
    wanted.config ? readConfig(read, sources.serviceProviderConfig, departures) : undefined,
    wanted.types ? readDocument(read, "ResourceTypes", sources.resourceTypes, departures) : undefined,
    wanted.schemas ? readDocument(read, "Schemas", sources.schemas, departures) : undefined,
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
  const served = [...publishedSchemas, ...(await readMissing(read, lacking, sources, refusals, departures))];
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
  const came = new Set<DiscoveryDocument>([
    ...(config?.answer !== undefined && config.config !== undefined ? ["ServiceProviderConfig" as const] : []),
    ...(types?.answer !== undefined && types.items !== undefined ? ["ResourceTypes" as const] : []),
    ...(schemas?.answer !== undefined && schemas.items !== undefined ? ["Schemas" as const] : []),
  ]);
  // RFC 7644 §4 lets each document be absent, and what stands in for it is no fault of the server.
  departures.settle(
    warnings.list().filter(({ document }) => came.has(document)),
    schemas?.answer ?? types?.answer ?? config?.answer,
  );
  return {
    discovery: { ...documents, warnings: warnings.list() },
    description: described.description,
  };
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
  departures: DiscoveryDepartures,
): Promise<readonly SchemaDefinition[]> {
  if (sources.schemas !== undefined && typeof sources.schemas !== "string") return [];
  const place = typeof sources.schemas === "string" ? sources.schemas : "/Schemas";
  const ask = async (urn: string): Promise<SchemaDefinition | undefined> => {
    const segment = segmentOf(urn);
    if (segment === undefined) return undefined;
    const document = await read("Schemas", `${place}/${segment}`).catch((error: unknown) => {
      if (!(error instanceof SCIMResponseError) || isFailure(error.status)) throw error;
      // Servers have many ways to say that there is no such schema, and none is a reason to give up.
      if (error.status >= 300) refusals.set(urn.toLowerCase(), error.status);
      return undefined;
    });
    if (document === undefined || "absent" in document) return undefined;
    const { answer, body } = document;
    const [entry = body] = departures.entries("Schemas", [readList(body)?.Resources[0] ?? body], answer, false);
    const schema = readSchema(entry);
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

/** As `Promise.all`, with no rejection left unhandled when several fail. */
async function allOrFirstFailure<T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
