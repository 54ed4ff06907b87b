/**
 * Retrieving resources (RFC 7644 §3.4): one by its id, a page of many, all that there are, the one that matches.
 *
 * @module
 */
import {
  ResponsePayloadValidationError,
  UnexpectedContentFormat,
  type ErrorMessage,
  type RequestPending,
} from "../errors.ts";
import { defined, isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Filter } from "../protocol/filter.ts";
import { SEARCH_PARAMETERS, SEARCH_REQUEST, type ListResponse } from "../protocol/messages.ts";
import { reference, subject } from "./answer.ts";
import type { Exchange, Exchanged } from "./exchange.ts";
import { addHeaders } from "./headers.ts";
import type { Answer } from "./http.ts";
import { ListPages } from "./list-pages.ts";
import { listing } from "./listing.ts";
import {
  checkOptions,
  type CallOptions,
  type ListOptions,
  type ModifyOptions,
  type ProjectionOptions,
  type QueryOptions,
  type ReadOptions,
} from "./options.ts";
import type { Payload } from "./payload.ts";
import { checkPage, checkQuery } from "./query-check.ts";
import type { AnyModel } from "./service-description.ts";
import type { Query } from "./url.ts";

/** Where a verb goes, given its query parameters. */
export type Target = (query: Query) => URL;

/** What a verb can give beside a resource. */
export type Outcome<T> = T | JsonValue | ErrorMessage | RequestPending;

/** Retrieves resources for one client. */
export class Retrieval {
  readonly #exchange: Exchange;
  readonly #payload: () => Payload;

  constructor(exchange: Exchange, payload: () => Payload) {
    this.#exchange = exchange;
    this.#payload = payload;
  }

  /** One resource (RFC 7644 §3.4.1). */
  read(model: AnyModel, url: Target, options: ReadOptions | undefined): Promise<Outcome<JsonObject>> {
    return this.#read(model, url, options, false);
  }

  /**
   * The resource that a write was about, with the write's options. Where the write was carried out, errors say that.
   *
   * @param written the answer to it.
   */
  readAgain(
    model: AnyModel,
    url: Target,
    options: ModifyOptions | undefined,
    written: Answer | undefined,
  ): Promise<Outcome<JsonObject>> {
    return this.#read(model, url, ofTheRead(options), written !== undefined);
  }

  /**
   * As `readAgain`, at the model's endpoint; without an id where the answer says, as that to a create does in `Location`
   * (RFC 7644 §3.3): some servers send nothing else.
   */
  readBack(
    model: AnyModel,
    id: string | undefined,
    options: ModifyOptions | undefined,
    written: Answer | undefined,
  ): Promise<Outcome<JsonObject>> {
    const { base } = this.#exchange.context;
    const call = ofTheRead(options);
    const at = (path: string, parts: { readonly id?: string }): Target => {
      return (query) => this.#exchange.url(path, call, { ...parts, query });
    };
    if (id !== undefined) return this.readAgain(model, at(model.endpoint, { id }), options, written);
    if (written === undefined) throw new TypeError("a resource without an id cannot be read again");
    const location = written.headers.get("location");
    const url = location === null ? undefined : base.follow(location, written.url);
    if (url !== undefined) return this.readAgain(model, at(url.href, {}), options, written);
    throw new UnexpectedContentFormat(
      `${subject(written)} answered ${written.status} without a body, and without a Location below the base URL to read it at`,
      reference(written),
    );
  }

  async #read(
    model: AnyModel,
    url: Target,
    options: ReadOptions | undefined,
    afterWrite: boolean,
  ): Promise<Outcome<JsonObject>> {
    checkOptions(options, "read");
    const query = projection([model], options, this.#exchange.switch("checkRequestPayload", options));
    const version = options?.ifNoneMatch;
    if (version !== undefined) this.#exchange.requireVersions(options, model);
    const expected = this.#exchange.expected("query");
    const { answer, error } = await this.#exchange.run(
      {
        method: "GET",
        url: url(query),
        headers: version === undefined ? undefined : conditional(version),
        expected: version === undefined ? expected : [...expected, 304],
        afterWrite,
      },
      options,
    );
    if (answer.status === 304 && version !== undefined) {
      return { notModified: true, version: answer.headers.get("etag") ?? version };
    }
    return error ?? this.decode(model, answer, options);
  }

  /** A page of resources, by GET or by POST to `/.search` (RFC 7644 §3.4.2, §3.4.3). */
  async list(
    models: readonly AnyModel[],
    via: "query" | "search",
    url: Target,
    options: QueryOptions | undefined,
  ): Promise<Outcome<ListResponse<JsonObject>>> {
    const { answer, error } = await this.page(models, via, url, options);
    if (error !== undefined) return error;
    if (!this.#exchange.switch("checkResponsePayload", options)) return answer.body ?? null;
    return this.decodeList(models, answer, options);
  }

  /** The pages of a list, of which each is asked for by itself. */
  pages(
    models: readonly AnyModel[],
    url: (via: "query" | "search") => Target,
    options: ListOptions | undefined,
  ): ListPages {
    return new ListPages(this.#exchange, this, models, url, options, false);
  }

  /**
   * The one resource that matches, by our own judgement: servers ignore filters, and some answer with everything
   * (RFC 7644 §3.4.2.2).
   */
  async find(
    model: AnyModel,
    url: Target,
    filter: string | Filter,
    options: CallOptions | undefined,
  ): Promise<JsonObject | undefined> {
    checkOptions(options, "find");
    const { filterIssues, isConfirmable, matches, parsed } = await filtering();
    const wanted = parsed(filter);
    checkQuery([model], {}, filterIssues([model], wanted));
    if (!isConfirmable(model, wanted)) {
      throw new TypeError("find cannot confirm a filter on attributes that the server does not return; use query");
    }
    const narrowing = await this.#narrowing(model, wanted, options);
    let found: JsonObject | undefined;
    const listed = { ...options, ...defined({ filter: narrowing }), checkResponsePayload: true };
    const pages = new ListPages(this.#exchange, this, [model], () => url, listed, true);
    const all = listing(this.#exchange.context, listed, async () => pages);
    for await (const resource of all) {
      const { last } = pages;
      if (!isJsonObject(resource) || !matches(model, wanted, resource)) continue;
      // A list that changes while it is read may hold a resource twice.
      if (found !== undefined && found["id"] === resource["id"]) continue;
      if (found !== undefined && last !== undefined) {
        const message = `more than one ${model.name} matches the filter, and find gives the only one`;
        const issue = { path: "Resources", rule: "bounds", message, section: "RFC 7644 §3.4.2.2" } as const;
        throw new ResponsePayloadValidationError(subject(last), [issue], reference(last));
      }
      found = resource;
    }
    const { last } = pages;
    if (found === undefined && all.complete === false && last !== undefined) {
      const message = `the list ended before all came, so that nobody knows whether a ${model.name} matches the filter`;
      const issue = { path: "Resources", rule: "bounds", message, section: "RFC 7644 §3.4.2.4" } as const;
      throw new ResponsePayloadValidationError(subject(last), [issue], reference(last));
    }
    return found;
  }

  /** One resource out of an answer that must hold it. */
  decode(
    model: AnyModel,
    answer: Answer,
    options: (CallOptions & ProjectionOptions) | undefined,
  ): JsonObject | JsonValue {
    const { body } = answer;
    if (!this.#exchange.switch("checkResponsePayload", options)) return body ?? null;
    if (body === undefined) {
      throw new UnexpectedContentFormat(
        `${subject(answer)} answered ${answer.status} without a body, expected one ${model.name}`,
        reference(answer),
      );
    }
    const resource = this.#payload().decode(
      model,
      body,
      answer,
      this.#exchange.report(options),
      options !== undefined && isProjected(options),
    );
    return this.#withVersion(resource, answer, options);
  }

  /** One page as it came (RFC 7644 §3.4.2, §3.4.3), or the SCIM Error in its place. */
  async page(
    models: readonly AnyModel[],
    via: "query" | "search",
    url: Target,
    options: QueryOptions | undefined,
  ): Promise<Exchanged> {
    checkOptions(options, "query");
    checkPage(this.#exchange, options);
    if (via === "search") this.#exchange.require("search", options);
    this.#exchange.require(options?.filter === undefined ? "unfiltered" : "filter", options);
    if (options?.sortBy !== undefined) this.#exchange.require("sort", options);
    const checked = this.#exchange.switch("checkRequestPayload", options);
    const parameters = await searchParameters(models, options, checked, via);
    if (checked && options?.filter !== undefined && this.#guardsFilters) {
      const { guardFilter } = await import("./filter-guard.ts");
      const { filter: text } = parameters;
      const corrected = typeof options.filter === "string" && typeof text === "string" ? text : options.filter;
      parameters["filter"] = guardFilter(this.#exchange, models, corrected, options);
    }
    const { filter } = options ?? {};
    // A query that was checked has nothing that is sensitive.
    const sensitive =
      filter === undefined || (checked && via === "query")
        ? {}
        : (await filtering()).sensitiveParts(models, filter);
    const request = { expected: this.#exchange.expected(via), ...sensitive };
    const body = { schemas: [SEARCH_REQUEST], ...parameters };
    return via === "query"
      ? this.#exchange.run({ ...request, method: "GET", url: url(parameters as Query) }, options)
      : this.#exchange.run({ ...request, method: "POST", url: url({}), body }, options);
  }

  /** Whether the profile says what the server does with filters. */
  get #guardsFilters(): boolean {
    const { filter, resourceTypes } = this.#exchange.context.profile;
    return filter !== undefined || resourceTypes !== undefined;
  }

  /** What `find` asks the server for; `undefined` for everything. */
  async #narrowing(model: AnyModel, filter: Filter, options: CallOptions | undefined): Promise<Filter | undefined> {
    if (this.#exchange.supports("filter", options) === false) return undefined;
    if (!this.#guardsFilters) return filter;
    const { narrowingFilter } = await import("./filter-guard.ts");
    return narrowingFilter(this.#exchange, model, filter, options);
  }

  /**
   * A list out of an answer that must hold it.
   *
   * @param beyond whether it lies behind the total.
   */
  async decodeList(
    models: readonly AnyModel[],
    answer: Answer,
    options: QueryOptions | undefined,
    beyond = false,
  ): Promise<ListResponse<JsonObject>> {
    const report = this.#exchange.report(options);
    const list = this.#payload().decodeList(
      models,
      answer.body,
      answer,
      report,
      options !== undefined && isProjected(options),
      beyond,
    );
    const { strict } = this.#exchange.context.profile;
    if (options?.filter === undefined || isProjected(options) || (report === undefined && strict !== true))
      return list;
    const { countStrays } = await filtering();
    const strays = countStrays(models, options.filter, list.Resources);
    if (strays === 0) return list;
    const message = `${strays} of ${list.Resources.length} resources do not match the filter`;
    const section = "RFC 7644 §3.4.2.2";
    if (strict !== true) report?.({ kind: "filterIgnored", path: "Resources", message, section });
    else {
      const issue = { path: "Resources", rule: "deviation", message, section } as const;
      throw new ResponsePayloadValidationError(subject(answer), [issue], reference(answer));
    }
    return list;
  }

  /** The version stands in the ETag header as well as in `meta.version`; some servers send it in the header alone (RFC 7644 §3.14). */
  #withVersion(resource: JsonObject, answer: Answer, options: CallOptions | undefined): JsonObject {
    const version = answer.headers.get("etag");
    if (version === null || this.#exchange.supports("etag", options) !== true) return resource;
    const meta = resource["meta"];
    if (isJsonObject(meta) && meta["version"] !== undefined) return resource;
    return { ...resource, meta: { ...(isJsonObject(meta) ? meta : {}), version } };
  }
}

/**
 * Left to itself, `fetch` adds `Cache-Control: no-cache` to a conditional request (Fetch §4.5), and servers that honour it
 * then answer with the resource whatever its version.
 */
function conditional(version: string): Readonly<Record<string, string>> {
  return { "if-none-match": version, "cache-control": "max-age=0" };
}

/** Filters are loaded when the first one is used. */
const filtering = async () => import("./filtering.ts");

/** Header fields that say under which conditions, or how, a write is carried out (RFC 7644 §3.14, RFC 7240). */
const OF_THE_WRITE: ReadonlySet<string> = new Set(["if-match", "if-none-match", "if-unmodified-since", "prefer"]);

/**
 * What a write's options say of the read that completes it; its URL, the conditions under which it is sent, and what it
 * expects, are of the write alone. Its query parameters are not: they may say which tenant it is about.
 */
export function ofTheRead(options: ModifyOptions | undefined): CallOptions & ProjectionOptions {
  const {
    expectedStatusCodes: _statuses,
    url: _url,
    headers,
    ifMatch: _version,
    respondAsync: _async,
    reread: _reread,
    withoutPatch: _without,
    unknownAttributes: _unknown,
    ...rest
  } = options ?? {};
  if (headers === undefined) return rest;
  const kept = Object.entries(addHeaders({}, headers)).filter(([name]) => !OF_THE_WRITE.has(name));
  return { ...rest, headers: Object.fromEntries(kept) };
}

/** The query parameters that choose attributes (RFC 7644 §3.9). */
export function projection(
  models: readonly AnyModel[],
  options: ProjectionOptions | undefined,
  checked: boolean,
): Query {
  if (checked && options !== undefined) checkQuery(models, options);
  return parametersOf(options) as Query;
}

/** The members of a query that were given, `filter` as text. */
async function searchParameters(
  models: readonly AnyModel[],
  options: QueryOptions | undefined,
  checked: boolean,
  via: "query" | "search",
): Promise<JsonObject> {
  const parameters = parametersOf(options);
  if (options?.filter === undefined) {
    if (checked && options !== undefined) checkQuery(models, options);
    return parameters;
  }
  const { filterIssues, filterText } = await filtering();
  parameters["filter"] = filterText(options.filter, checked);
  if (checked) checkQuery(models, options, filterIssues(models, options.filter, via === "query"));
  return parameters;
}

function parametersOf(options: QueryOptions | undefined): JsonObject {
  const parameters: JsonObject = {};
  if (options === undefined) return parameters;
  for (const name of SEARCH_PARAMETERS) {
    const value = options[name];
    if (value === undefined || (name === "excludedAttributes" && isNothing(value))) continue;
    parameters[name] = value as JsonValue;
  }
  return parameters;
}

function isProjected(options: ProjectionOptions): boolean {
  const { attributes, excludedAttributes } = options;
  return attributes !== undefined || (excludedAttributes !== undefined && !isNothing(excludedAttributes));
}

function isNothing(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
