/**
 * Options of the client and of its verbs, and what the switches make of a verb's return type.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import type { ErrorMessage, RequestPending } from "../errors.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { Filter } from "../protocol/filter.ts";
import type { UnknownAttributes } from "../schema/known-part.ts";
import { nearestName } from "../schema/spelling.ts";
import type { PartialRead, Read } from "../schema/view.ts";
import type { ETagPolicy } from "./entity-tag.ts";
import type { HeaderFields } from "./headers.ts";
import type { OnResponse } from "./hooks.ts";
import type { HttpOptions } from "./http.ts";
import type { ServerProfile } from "./profile.ts";
import type { RetryOptions } from "./retry.ts";
import type { AnyModel, Discovery, ResourceTypeDefinition } from "./service-description.ts";
import type { SearchValue } from "./url.ts";

/** The switches, with the meaning they have in scim2-client; each can be set on the client and on a call. */
export interface Switches {
  /** Whether what is sent is normalised and validated; `false` sends it verbatim. Default `true`. */
  readonly checkRequestPayload?: boolean | undefined;
  /** Whether answers are normalised and validated; `false` gives them as they came. Default `true`. */
  readonly checkResponsePayload?: boolean | undefined;
  /** Whether an answer must be in a JSON media type; `false` parses whatever came. Default `true`. */
  readonly checkResponseContentType?: boolean | undefined;
  /** Whether the status must be one that the verb expects; 400 and more never succeeds. Default `true`. */
  readonly checkResponseStatusCodes?: boolean | undefined;
  /**
   * Whether a SCIM Error message is thrown; `false` returns it, unless the write that it answers may have been carried out all
   * the same: the error that says so (`unknownOutcome`) is thrown in any case. Default `true`.
   */
  readonly raiseScimErrors?: boolean | undefined;
}

/** What the server can do, where it is known better than by its ServiceProviderConfig. */
export interface Capabilities {
  readonly patch?: boolean | undefined;
  readonly bulk?: boolean | undefined;
  readonly filter?: boolean | undefined;
  readonly sort?: boolean | undefined;
  readonly etag?: boolean | undefined;
  /** Creating resources. */
  readonly create?: boolean | undefined;
  /** Replacing resources by PUT. */
  readonly replace?: boolean | undefined;
  /** Deleting resources. */
  readonly delete?: boolean | undefined;
  /** Queries by POST to `/.search` (RFC 7644 §3.4.3). */
  readonly search?: boolean | undefined;
  /** Lists without a filter. */
  readonly unfiltered?: boolean | undefined;
  /** Asking for a page by `startIndex`. */
  readonly startIndex?: boolean | undefined;
  /** Asking for the total alone by `count=0`. */
  readonly zeroCount?: boolean | undefined;
  /** The most resources of one answer, as in `filter.maxResults` of ServiceProviderConfig; 0 is no bound. */
  readonly maxResults?: number | undefined;
}

/** What a server can do or cannot do. */
export type Capability = Exclude<keyof Capabilities, "maxResults">;

/** Options of every verb. */
export interface CallOptions extends Switches {
  /** Ends the call; it rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt, headers and body. Default: the client's. */
  readonly timeout?: number | undefined;
  /** Retries of each request of the call, laid over the client's; `false` turns them off. */
  readonly retry?: RetryOptions | false | undefined;
  /** Further header fields; they win over the client's and those of `auth`. */
  readonly headers?: HeaderFields | undefined;
  /** Further query parameters. */
  readonly searchParams?: { readonly [name: string]: SearchValue | undefined };
  /** Used in place of the URL that the model gives; below the base URL. */
  readonly url?: string | undefined;
  /** Statuses that count as success, in place of the verb's own; an empty list accepts any below 400. */
  readonly expectedStatusCodes?: readonly number[] | undefined;
  /** Called with every answer of this call, after the client's own hook. */
  readonly onResponse?: OnResponse | undefined;
  /** Called with every deviation of this answer, in place of the client's. */
  readonly onDeviation?: OnDeviation | undefined;
  /** What the server can do, over the client's option, the profile and ServiceProviderConfig. */
  readonly capabilities?: Capabilities | undefined;
}

/** Which attributes an answer holds (RFC 7644 §3.9). One of the two at most. */
export interface ProjectionOptions {
  readonly attributes?: readonly string[] | undefined;
  readonly excludedAttributes?: readonly string[] | undefined;
}

/** Options of a read by id. */
export interface ReadOptions extends CallOptions, ProjectionOptions {
  /**
   * Sent as If-None-Match, an entity tag such as `meta.version`: the resource comes only when it has another (RFC 7644 §3.14).
   * Refused where the server says that it has no ETags.
   */
  readonly ifNoneMatch?: string | undefined;
}

/** The resource still has the version that `ifNoneMatch` named (RFC 7644 §3.14). */
export interface NotModified {
  readonly notModified: true;
  /** The version that it has. */
  readonly version: string;
}

/** Options of a query that gives a list (RFC 7644 §3.4.2). */
export interface QueryOptions extends CallOptions, ProjectionOptions {
  readonly filter?: string | Filter | undefined;
  readonly sortBy?: string | undefined;
  readonly sortOrder?: "ascending" | "descending" | undefined;
  /** From 1. */
  readonly startIndex?: number | undefined;
  /** How many resources at most; `query` and `search` refuse more than the server's `filter.maxResults`, `list` asks for that many. */
  readonly count?: number | undefined;
  /** Where a page starts (RFC 9865); empty for the first. */
  readonly cursor?: string | undefined;
}

/** Options of a walk over all resources. SCIM Errors are thrown where they come up, whatever `raiseScimErrors` says. */
export interface ListOptions extends Omit<QueryOptions, "raiseScimErrors"> {
  /** The walk ends after so many resources. Default: none. */
  readonly limit?: number | undefined;
  /** `search` sends each request as `POST /.search`, for filters that are too long for a URL (RFC 7644 §3.4.3). Default `query`. */
  readonly via?: "query" | "search" | undefined;
  /** `restart` reads the list again from its start when a cursor has expired (RFC 9865 §2.1). Default `throw`. */
  readonly onExpiredCursor?: "throw" | "restart" | undefined;
}

/** Options of a write. */
export interface WriteOptions extends CallOptions, ProjectionOptions {
  /** Asks for asynchronous processing and returns the pending request in place of throwing it (RFC 9967). Default `false`. */
  readonly respondAsync?: boolean | undefined;
  /**
   * Sent as If-Match: an entity tag, `*`, or `false` for none (RFC 7644 §3.14). Default: what `etag` of client and profile say.
   * A tag is refused where the server says that it has no ETags: it would guard nothing.
   */
  readonly ifMatch?: string | false | undefined;
  /**
   * What becomes of attributes that the server's schemas do not define, at any depth, when a resource is created or replaced;
   * many servers send more than they publish. `refuse` throws `RequestPayloadValidationError`. `drop` leaves them out and says
   * nothing: a replace then takes them from the resource, unless the server keeps them by itself (RFC 7644 §3.5.1). `send`
   * sends them as they are, for the server to judge. Operations of a PATCH on such attributes are refused in any case.
   * Default: the client's, else the profile's, else `refuse`.
   */
  readonly unknownAttributes?: UnknownAttributes | undefined;
}

/** Options of `modify`. */
export interface ModifyOptions extends WriteOptions {
  /** Reads the resource when the server answers without it. Default `false`: the verb gives `undefined`. */
  readonly reread?: boolean | undefined;
  /**
   * What to do where the server does not support PATCH: `refuse` throws `UnsupportedByServer`; `replace` reads the
   * resource, applies the operations here and sends the result as PUT, guarded by its version where the server has ETags;
   * for what the server sends and does not publish, that is a replace like any other: `unknownAttributes` decides.
   * Default `refuse`.
   */
  readonly withoutPatch?: "refuse" | "replace" | undefined;
}

/** Options of the client; those of `HttpOptions` say how requests are sent. */
export interface ClientOptions extends Switches, Omit<HttpOptions, "contentType"> {
  /** How this server differs from the RFC. Default: not at all, but tolerant of what servers commonly do. */
  readonly profile?: ServerProfile | undefined;
  /** Called with every tolerated deviation. */
  readonly onDeviation?: OnDeviation | undefined;
  /** What the server can do, over the profile and ServiceProviderConfig. */
  readonly capabilities?: Capabilities | undefined;
  /** When writes are guarded by If-Match, over the profile. */
  readonly etag?: ETagPolicy | undefined;
  /** What becomes of attributes that the server does not publish, when a resource is written, over the profile. Default `refuse`. */
  readonly unknownAttributes?: UnknownAttributes | undefined;
  /** Models that stand in place of a discovery. */
  readonly resourceModels?: readonly AnyModel[] | undefined;
  /** Where the resources of `resourceModels` are, by resource type name or schema. */
  readonly resourceTypes?: readonly ResourceTypeDefinition[] | undefined;
  readonly serviceProviderConfig?: JsonObject | undefined;
  /** What an earlier `discover()` returned. */
  readonly discovery?: Discovery | undefined;
}

type Names<O> = Readonly<Record<keyof O, true>>;

const CALL: Names<CallOptions> = {
  capabilities: true,
  checkRequestPayload: true,
  checkResponseContentType: true,
  checkResponsePayload: true,
  checkResponseStatusCodes: true,
  expectedStatusCodes: true,
  headers: true,
  onDeviation: true,
  onResponse: true,
  raiseScimErrors: true,
  retry: true,
  searchParams: true,
  signal: true,
  timeout: true,
  url: true,
};
const CAPABILITIES: Names<Capabilities> = {
  bulk: true,
  create: true,
  delete: true,
  etag: true,
  filter: true,
  maxResults: true,
  patch: true,
  replace: true,
  search: true,
  sort: true,
  startIndex: true,
  unfiltered: true,
  zeroCount: true,
};
const PROJECTED: Names<CallOptions & ProjectionOptions> = { ...CALL, attributes: true, excludedAttributes: true };
const QUERY: Names<QueryOptions> = {
  ...PROJECTED,
  count: true,
  cursor: true,
  filter: true,
  sortBy: true,
  sortOrder: true,
  startIndex: true,
};
const WRITE: Names<WriteOptions> = { ...PROJECTED, ifMatch: true, respondAsync: true, unknownAttributes: true };
const READ: Names<ReadOptions> = { ...PROJECTED, ifNoneMatch: true };
const LIST: Names<ListOptions> = { ...QUERY, limit: true, onExpiredCursor: true, via: true };
const MODIFY: Names<ModifyOptions> = { ...WRITE, reread: true, withoutPatch: true };
const CLIENT: Names<ClientOptions> = {
  accept: true,
  auth: true,
  capabilities: true,
  checkRequestPayload: true,
  checkResponseContentType: true,
  checkResponsePayload: true,
  checkResponseStatusCodes: true,
  discovery: true,
  etag: true,
  fetch: true,
  fetchOptions: true,
  headers: true,
  maxResponseBytes: true,
  onDeviation: true,
  onRequest: true,
  onResponse: true,
  onRetry: true,
  profile: true,
  raiseScimErrors: true,
  resourceModels: true,
  resourceTypes: true,
  retry: true,
  serviceProviderConfig: true,
  timeout: true,
  unknownAttributes: true,
};

/** The options that there are, by what takes them. */
const OPTIONS: Readonly<Record<OptionsKind, object>> = {
  find: CALL,
  read: READ,
  query: QUERY,
  list: LIST,
  write: WRITE,
  modify: MODIFY,
  client: CLIENT,
};

/** What takes options of its own. */
export type OptionsKind = "find" | "read" | "query" | "list" | "write" | "modify" | "client";

/**
 * Refuses what is no option: a misspelt `fitler` must not give everybody, nor a `limit` where there is none; and what is no
 * capability.
 *
 * @param kind what takes the options, or an object with a member for each that there is.
 * @throws {TypeError}
 */
export function checkOptions(options: object | undefined, kind: OptionsKind | object): void {
  if (options === undefined) return;
  checkNames(options, typeof kind === "string" ? OPTIONS[kind] : kind, "an option here");
  const { capabilities }: { readonly capabilities?: object | undefined } = options;
  if (capabilities !== undefined) checkNames(capabilities, CAPABILITIES, "a capability");
}

function checkNames(given: object, known: object, what: string): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const names = Object.keys(known);
    const near = nearestName(name, names);
    const hint = near === undefined ? "" : `; perhaps "${near}" is meant`;
    throw new TypeError(`"${name}" is not ${what}${hint}; there are ${names.join(", ")}`);
  }
}

/** The value of a switch for a call: the call's own, else the client's; a plain `boolean` stays one. */
export type Switch<O, K extends keyof Switches, Default extends boolean> = K extends keyof O
  ? Extract<O[K], boolean> | (undefined extends O[K] ? Default : never)
  : Default;

/** What a verb gives: `T` when checked, any JSON when not, and the Error message where it isn't thrown. */
export type Answered<T, O, Raise extends boolean, Check extends boolean> =
  | (Switch<O, "checkResponsePayload", Check> extends infer C ? (C extends true ? T : JsonValue) : never)
  | (Switch<O, "raiseScimErrors", Raise> extends infer R ? (R extends true ? never : ErrorMessage) : never);

/** What a write gives besides: the pending request, where `respondAsync` asks for it. */
export type Pending<O> = "respondAsync" extends keyof O
  ? true extends O["respondAsync"]
    ? RequestPending
    : never
  : never;

/** What a read gives besides, where `ifNoneMatch` asks for it. */
export type Unmodified<O> = "ifNoneMatch" extends keyof O ? NotModified : never;

/** What `modify` gives: `undefined` where the server answers without the resource and it isn't read again. */
export type Modified<M extends AnyModel, O, Raise extends boolean, Check extends boolean> =
  | Answered<Projected<M, O>, O, Raise, Check>
  | Pending<O>
  | ("reread" extends keyof O ? (O["reread"] extends true ? never : undefined) : undefined);

/** A resource as a read gives it: partial when its attributes were chosen. */
export type Projected<M extends AnyModel, O> = "attributes" extends keyof O
  ? PartialRead<M["~views"]>
  : "excludedAttributes" extends keyof O
    ? PartialRead<M["~views"]>
    : Read<M>;

/**
 * Options as the compiler sees them in a call. They are inferred from `O` alone, so that a variable says what its type
 * says; `Known` stands in it for the sake of functions written in the call, whose parameters have their types from there.
 */
export type Exactly<O, Known> = O | (Known & O);

/** What refuses, as the constraint of `O`, what is no option, also beside one that is. */
export type Only<O, Known> = Known & { readonly [K in Exclude<keyof O, keyof Known>]: never };
