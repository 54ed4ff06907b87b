/**
 * The answers that discovery documents come in (RFC 7644 §4): paged, bare, alone, under another name, or not at all.
 *
 * @module
 */
import type { Deviation, OnDeviation } from "../deviation.ts";
import { ResponsePayloadValidationError, UnexpectedContentFormat } from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { readList } from "../protocol/list-response.ts";
import { asException, judge, reference, subject, type Judgement } from "./answer.ts";
import type { DiscoveryDepartures } from "./discovery-departures.ts";
import type { DiscoveryDocument } from "./discovery-warnings.ts";
import type { Answer } from "./http.ts";

/** Reads one document: the answer with its JSON body, or the status that says that there is none. */
export type ReadDocument = (
  document: DiscoveryDocument,
  path: string,
  searchParams?: Readonly<Record<string, number>>,
) => Promise<{ readonly answer: Answer; readonly body: JsonValue } | { readonly absent: Answer }>;

/** The statuses that say that a server has no such document. */
export const ABSENT: ReadonlySet<number> = new Set([404, 405, 501]);

/** At most so many pages of one document are read, and so many schemas one by one. */
export const MOST_REQUESTS = 200;

/** A document may have so many entries. */
const MOST_ENTRIES = 1000;

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
export interface Document {
  readonly items: readonly JsonValue[] | undefined;
  readonly answer: Answer | undefined;
}

/** The configuration, or the answer that says that there is none. */
export interface Config {
  readonly config: JsonObject | undefined;
  readonly answer: Answer | undefined;
}

/** RFC 7644 §4 has one path; Salesforce and Slack use the plural of SCIM 1.1. */
export async function readConfig(
  read: ReadDocument,
  source: JsonObject | string | false | undefined,
  departures: DiscoveryDepartures,
): Promise<Config> {
  if (source === false) return { config: undefined, answer: undefined };
  if (typeof source === "object") return { config: source, answer: undefined };
  let absent: Answer | undefined;
  for (const path of source === undefined ? ["/ServiceProviderConfig", "/ServiceProviderConfigs"] : [source]) {
    const document = await read("ServiceProviderConfig", path);
    if ("absent" in document) {
      absent ??= document.absent;
      continue;
    }
    const { answer, body } = document;
    const list = readList(body);
    if (list?.Resources.length === 0) return { config: undefined, answer };
    const config = list === undefined ? body : list.Resources[0];
    if (!isJsonObject(config)) throw notADocument(answer);
    const report = departures.of("ServiceProviderConfig", answer);
    if (list !== undefined) report?.(envelope("a list stands where the one configuration belongs"));
    if (path === "/ServiceProviderConfigs") report?.(envelope("it must be at /ServiceProviderConfig"));
    departures.entries("ServiceProviderConfig", [config], answer, false);
    return { config, answer };
  }
  return { config: undefined, answer: absent };
}

/** Reads the entries of a list, page by page; they are in the form of their schema as far as that is possible. */
export async function readDocument(
  read: ReadDocument,
  document: "ResourceTypes" | "Schemas",
  source: readonly unknown[] | string | false | undefined,
  departures: DiscoveryDepartures,
): Promise<Document> {
  if (source === false) return { items: undefined, answer: undefined };
  // Documents of a profile are written by hand in the shape that a server publishes.
  if (Array.isArray(source)) return { items: source as JsonValue[], answer: undefined };
  const path = typeof source === "string" ? source : `/${document}`;
  const first = await read(document, path);
  if ("absent" in first) return { items: undefined, answer: first.absent };
  const items = [...itemsOf(first.body, first.answer, departures.of(document, first.answer))];
  const seen = new Set(items.map(identity));
  const total = readList(first.body)?.totalResults ?? 0;
  for (let page = 1; items.length < total && items.length <= MOST_ENTRIES && page < MOST_REQUESTS; page += 1) {
    const next = await read(document, path, { startIndex: items.length + 1 });
    if ("absent" in next) break;
    const told = itemsOf(next.body, next.answer, departures.of(document, next.answer));
    const fresh = told.filter((item) => !seen.has(identity(item)));
    if (fresh.length === 0) break;
    for (const item of fresh) {
      seen.add(identity(item));
      items.push(item);
    }
  }
  if (items.length > MOST_ENTRIES) {
    throw tooMuch(first.answer, document, `/${document} has more than ${MOST_ENTRIES} entries`, "RFC 7644 §4");
  }
  return { items: departures.entries(document, items, first.answer), answer: first.answer };
}

/** The members of a list, of a bare array, of a list under another name, or a lone document. */
function itemsOf(body: JsonValue, answer: Answer, report: OnDeviation | undefined): readonly JsonValue[] {
  const list = readList(body, report);
  if (list !== undefined && (list.Resources.length > 0 || Array.isArray(body))) return list.Resources;
  if (!isJsonObject(body)) throw notADocument(answer);
  const elsewhere = Object.keys(body)
    .filter((name) => name !== "attributes" && name !== "schemaExtensions")
    .map((name) => body[name])
    .find((value): value is JsonValue[] => Array.isArray(value) && value.some(isJsonObject));
  if (elsewhere === undefined && list !== undefined) return list.Resources;
  report?.(
    envelope(
      `a ${elsewhere === undefined ? "lone entry" : "list under another name"} stands where a ListResponse belongs`,
    ),
  );
  return elsewhere ?? [body];
}

/** What tells entries of a document apart; of how deep a value goes, nothing is known. */
function identity(item: JsonValue): string {
  const { id, name, schema, endpoint } = isJsonObject(item) ? item : {};
  return JSON.stringify([id, name, schema, endpoint].map((value) => (typeof value === "object" ? null : value)));
}

/** What is beyond all bounds is refused as a whole, as a schema is: half of a server would look like all of it. */
export function tooMuch(
  answer: Answer,
  path: string,
  message: string,
  section: string,
): ResponsePayloadValidationError {
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

function envelope(message: string): Deviation {
  return { kind: "envelope", path: "", message: `${message} (RFC 7644 §4)`, section: "RFC 7644 §4" };
}
