/**
 * The client: discovers a service provider and carries out the verbs of RFC 7644 on its resources.
 *
 * @module
 */
import { isJsonObject, kindOf } from "../json.ts";
import type { Filter } from "../protocol/filter.ts";
import type { ListResponse } from "../protocol/messages.ts";
import type { List } from "../protocol/pagination.ts";
import type { ResourceModel, WritableModel } from "../schema/resource-model.ts";
import type { Create, Read, Replace, Resource, SingletonViews, Views } from "../schema/view.ts";
import type { BulkOperationOf, BulkResultOf } from "./bulk-operation.ts";
import type { BulkCallOptions } from "./bulk.ts";
import type { ExchangeContext } from "./exchange.ts";
import { addHeaders } from "./headers.ts";
import { Http } from "./http.ts";
import { listing } from "./listing.ts";
import { Me } from "./me.ts";
import type { Modification } from "./modification.ts";
import {
  checkOptions,
  type Answered,
  type CallOptions,
  type ClientOptions,
  type Exactly,
  type ListOptions,
  type Modified,
  type Only,
  type ModifyOptions,
  type Pending,
  type Projected,
  type QueryOptions,
  type ReadOptions,
  type Unmodified,
  type WriteOptions,
} from "./options.ts";
import { rfc, type ServerProfile } from "./profile.ts";
import { checkRaw, textsOf, type RawAnswer, type RawOptions, type RawRequest } from "./raw-request.ts";
import type { Target } from "./retrieval.ts";
import { isModel, type AnyModel } from "./service-description.ts";
import { ServiceProvider } from "./service-provider.ts";
import { BaseURL } from "./url.ts";
import { VerbLoader } from "./verb-loader.ts";

/** A resource that a verb acts on: its id, or the resource itself, whose version then guards the write (RFC 7644 §3.14). */
export type ResourceReference = string | { readonly id: string };

/**
 * A SCIM 2.0 client for one service provider.
 *
 * Every verb takes a model first. Wrong use is a `TypeError`; an abort rejects with `signal.reason`; whatever else goes
 * wrong is a `SCIMClientError`.
 *
 * @typeParam Raise whether SCIM Errors are thrown; `false` adds the Error message to what the verbs return.
 * @typeParam Check whether answers are checked; `false` makes what the verbs return any JSON.
 */
export class SCIMClient<Raise extends boolean = true, Check extends boolean = true> extends ServiceProvider {
  readonly checkRequestPayload: boolean;
  readonly checkResponsePayload: Check;
  readonly checkResponseContentType: boolean;
  readonly checkResponseStatusCodes: boolean;
  readonly raiseScimErrors: Raise;
  /** What is known of the server beforehand; `rfc` unless the options name another. */
  readonly profile: ServerProfile;
  /** The verbs of `/Me` (RFC 7644 §3.11). */
  readonly me: Me<Raise, Check>;
  readonly #http: Http;
  readonly #base: BaseURL;
  readonly #context: ExchangeContext;
  readonly #verbs: VerbLoader;

  /**
   * @param baseURL where the service provider's endpoints are, such as `https://example.com/scim/v2`; its query is kept.
   * @throws {TypeError} for a URL that is not http or https, and for options that contradict each other.
   */
  constructor(
    baseURL: string | URL,
    options: ClientOptions & {
      readonly raiseScimErrors?: Raise | undefined;
      readonly checkResponsePayload?: Check | undefined;
    } = {},
  ) {
    const base = new BaseURL(baseURL);
    checkOptions(options, "client");
    const profile = options.profile ?? rfc;
    if (options.fetch !== undefined && typeof options.fetch !== "function")
      throw new TypeError(`fetch must be a function that answers a Request, not ${kindOf(options.fetch)}`);
    if (!isJsonObject(profile)) throw new TypeError("profile must be a ServerProfile, such as strict of scimkit");
    const http = new Http(base, { ...options, contentType: profile.requestContentType });
    super(base, http, profile, options);
    this.checkRequestPayload = options.checkRequestPayload ?? true;
    this.checkResponsePayload = (options.checkResponsePayload ?? true) as Check;
    this.checkResponseContentType = options.checkResponseContentType ?? true;
    this.checkResponseStatusCodes = options.checkResponseStatusCodes ?? true;
    this.raiseScimErrors = (options.raiseScimErrors ?? true) as Raise;
    this.profile = profile;
    this.#http = http;
    this.#base = base;
    this.#context = {
      http,
      base,
      switches: this,
      profile,
      onDeviation: options.onDeviation,
      capabilities: options.capabilities ?? {},
      etag: options.etag,
      unknownAttributes: options.unknownAttributes,
      serviceProviderConfig: () => this.serviceProviderConfig,
    };
    this.#verbs = new VerbLoader(this.#context, () => this.known);
    this.me = new Me(base, this.#verbs, () => this.known.description);
  }

  /**
   * Creates a resource: `POST /Users` (RFC 7644 §3.3). An answer without a body is completed by a read.
   *
   * @returns the resource as the server keeps it.
   * @throws {RequestPayloadValidationError} naming what is wrong with the resource; nothing was sent.
   * @throws {SCIMResponseErrorObject} with `scimType` `uniqueness` when the server has such a resource already.
   */
  async create<M extends AnyModel, const O extends Only<O, WriteOptions> = {}>(
    model: M,
    resource: Create<M>,
    options?: Exactly<O, WriteOptions>,
  ): Promise<Answered<Projected<M, O>, O, Raise, Check> | Pending<O>> {
    const bound = this.known.description.bind(model);
    return this.#verbs.run(options?.signal, [resource, options], ({ retrieval, writing }, created, given) =>
      writing.create(
        bound,
        (query) => this.#base.ofCall(bound.endpoint, given, { query }),
        created,
        given,
        (answer) => retrieval.readBack(bound, undefined, given, answer),
      ),
    ) as never;
  }

  /**
   * Reads one resource by its id: `GET /Users/2819c223` (RFC 7644 §3.4.1).
   *
   * @throws {TypeError} for an id that is empty, `.`, `..` or no string.
   */
  async query<M extends AnyModel, const O extends Only<O, ReadOptions> = {}>(
    model: M,
    id: string,
    options?: Exactly<O, ReadOptions>,
  ): Promise<Answered<Projected<M, O>, O, Raise, Check> | Unmodified<O>>;
  /** Reads the one resource of its type: `GET /ServiceProviderConfig` (RFC 7644 §4). */
  async query<V extends SingletonViews<object>, const O extends Only<O, ReadOptions> = {}>(
    model: ResourceModel<V>,
    options?: Exactly<O, ReadOptions>,
  ): Promise<Answered<V["read"], O, Raise, Check>>;
  /** Reads one page of the resources of a type: `GET /Users?filter=…` (RFC 7644 §3.4.2). */
  async query<M extends AnyModel, const O extends Only<O, QueryOptions> = {}>(
    model: M,
    options?: Exactly<O, QueryOptions>,
  ): Promise<Answered<ListResponse<Projected<M, O>>, O, Raise, Check>>;
  /** Reads one page of the resources of several types from the root: `GET /?filter=…` (RFC 7644 §3.4.2.1). */
  async query<M extends AnyModel, const O extends Only<O, QueryOptions> = {}>(
    models: readonly M[],
    options?: Exactly<O, QueryOptions>,
  ): Promise<Answered<ListResponse<Projected<M, O>>, O, Raise, Check>>;
  /** Reads one page of the resources of all types from the root. */
  async query<const O extends Only<O, QueryOptions> = {}>(
    options?: Exactly<O, QueryOptions>,
  ): Promise<Answered<ListResponse<Resource>, O, Raise, Check>>;
  async query(...given: readonly unknown[]): Promise<unknown> {
    const { models, root, rest } = this.#targets(given);
    const [model] = models;
    if (root || model === undefined) return this.#list(models, "query", "", rest[0] as QueryOptions | undefined);
    if (rest.length > 0 && !isJsonObject(rest[0])) {
      if (model.singleton) throw new TypeError(`there is one ${model.name}, and it has no id (RFC 7643 §5)`);
      if (rest[0] === undefined)
        throw new TypeError("the id is undefined; a query for a list has no second argument");
      return this.#read(model, { id: idOf(rest[0]) }, rest[1] as ReadOptions | undefined);
    }
    const options = rest[0] as QueryOptions | undefined;
    return model.singleton ? this.#read(model, {}, options) : this.#list([model], "query", model.endpoint, options);
  }

  /**
   * All resources of a type that match, page after page, by index or by cursor (RFC 7644 §3.4.2.4, RFC 9865). Nothing is
   * sent before the first one is asked for; the next page is fetched while one is consumed.
   *
   * @returns a list that can be iterated once; when it has ended, `complete` and `totalResults` are set.
   */
  list<M extends AnyModel, const O extends Only<O, ListOptions> = {}>(
    model: M | readonly M[],
    options?: Exactly<O, ListOptions>,
  ): List<Answered<Projected<M, O>, O, true, Check>>;
  /** All resources of all types, from the root. */
  list<const O extends Only<O, ListOptions> = {}>(
    options?: Exactly<O, ListOptions>,
  ): List<Answered<Resource, O, true, Check>>;
  list(...given: readonly unknown[]): List<unknown> {
    const { models, root, rest } = this.#targets(given);
    const options = rest[0] as ListOptions | undefined;
    const endpoint = root ? "" : (models[0]?.endpoint ?? "");
    return listing(this.#context, options, async (signal, asked) => {
      const { retrieval } = await this.#verbs.load(signal);
      return retrieval.pages(models, (via) => this.#listURL(endpoint, via, asked), asked);
    });
  }

  /**
   * The only resource that matches a filter. Servers ignore filters, so each resource that comes is matched here as well;
   * a server that says that it cannot filter is asked for everything.
   *
   * @returns `undefined` when none matches.
   * @throws {ResponsePayloadValidationError} when more than one matches.
   */
  async find<M extends AnyModel>(
    model: M,
    filter: string | Filter,
    options?: Omit<CallOptions, "checkResponsePayload" | "raiseScimErrors">,
  ): Promise<Read<M> | undefined> {
    const bound = this.known.description.bind(model);
    return this.#verbs.run(
      options?.signal,
      [filter, options],
      ({ retrieval }, wanted, given) =>
        retrieval.find(bound, this.#listURL(bound.endpoint, "query", given), wanted, given),
      true,
    );
  }

  /** As a query for a list, by POST: `POST /Users/.search` (RFC 7644 §3.4.3), for what should not stand in a URL. */
  async search<M extends AnyModel, const O extends Only<O, QueryOptions> = {}>(
    model: M | readonly M[],
    options?: Exactly<O, QueryOptions>,
  ): Promise<Answered<ListResponse<Projected<M, O>>, O, Raise, Check>>;
  /** Searches the resources of all types: `POST /.search`. */
  async search<const O extends Only<O, QueryOptions> = {}>(
    options?: Exactly<O, QueryOptions>,
  ): Promise<Answered<ListResponse<Resource>, O, Raise, Check>>;
  async search(...given: readonly unknown[]): Promise<unknown> {
    const { models, root, rest } = this.#targets(given);
    const endpoint = root ? "" : (models[0]?.endpoint ?? "");
    return this.#list(models, "search", endpoint, rest[0] as QueryOptions | undefined);
  }

  /**
   * Replaces a resource by another of the same id: `PUT /Users/2819c223` (RFC 7644 §3.5.1). What is missing becomes
   * unassigned; `readOnly` attributes are not sent. Where the server has ETags, the resource's `meta.version` guards
   * against overwriting somebody else's change.
   */
  async replace<M extends AnyModel, const O extends Only<O, WriteOptions> = {}>(
    model: M,
    resource: Replace<M>,
    options?: Exactly<O, WriteOptions>,
  ): Promise<Answered<Projected<M, O>, O, Raise, Check> | Pending<O>> {
    const bound = this.known.description.bind(model);
    const id = idOf(resource);
    if (id === undefined && isJsonObject(resource)) {
      throw new TypeError(`${bound.name}: the resource to replace must have its id (RFC 7644 §3.5.1)`);
    }
    return this.#verbs.run(options?.signal, [resource, options], ({ retrieval, writing }, replaced, given) =>
      writing.replace(
        bound,
        (query) => this.#base.ofCall(bound.endpoint, given, { id, query }),
        replaced,
        given,
        (answer) => retrieval.readBack(bound, id, given, answer),
      ),
    ) as never;
  }

  /**
   * Modifies a resource: `PATCH /Users/2819c223` (RFC 7644 §3.5.2). Without operations nothing is sent.
   *
   * @returns the resource; `undefined` when the server answers without it and `reread` is not set.
   */
  async modify<M extends AnyModel, const O extends Only<O, ModifyOptions> = {}>(
    model: M,
    target: ResourceReference,
    modification: Modification<M["~views"]>,
    options?: Exactly<O, ModifyOptions>,
  ): Promise<Modified<M, O, Raise, Check>> {
    const bound = this.known.description.bind(model);
    const id = idOf(target);
    return this.#verbs.run(
      options?.signal,
      [modification, options, target],
      ({ retrieval, writing }, changes, given, modified) =>
        writing.modify(
          bound,
          (query) => this.#base.ofCall(bound.endpoint, given, { id, query }),
          changes,
          given,
          modified,
          (answer) => retrieval.readBack(bound, id, given, answer),
        ),
      true,
    ) as never;
  }

  /** Deletes a resource: `DELETE /Users/2819c223` (RFC 7644 §3.6). Some servers only deactivate it. */
  async delete<V extends Views, const O extends Only<O, WriteOptions> = {}>(
    model: WritableModel<V>,
    target: ResourceReference,
    options?: Exactly<O, WriteOptions>,
  ): Promise<Answered<undefined, Omit<O, "checkResponsePayload">, Raise, true> | Pending<O>> {
    const bound = this.known.description.bind(model);
    const id = idOf(target);
    return this.#verbs.run(options?.signal, [options, target], ({ writing }, given, deleted) =>
      writing.delete(bound, () => this.#base.ofCall(bound.endpoint, given, { id }), given, deleted),
    ) as never;
  }

  /**
   * Carries out many operations (RFC 7644 §3.7): split to the server's limits, in the order that their `bulkId` references
   * ask for, which are replaced across requests. Where the server has no bulk, each operation is a request.
   *
   * An operation has a path, or a model in its place: then the compiler knows what `data` it takes, and its result has the
   * `resource` that the server gave.
   *
   * @returns a result for each operation, in their order; a failed operation does not throw.
   * @throws {RequestPayloadValidationError} when an operation's data does not fit its model; nothing was sent.
   * @throws {UnknownResourceType} for a path where the server has no resource type.
   * @throws {UnsupportedByServer} for an operation that the server does not offer for that type.
   * @throws {TypeError} for operations that no server can carry out, such as references to nothing.
   */
  async bulk<const M extends readonly unknown[]>(
    operations: readonly [...{ [K in keyof M]: BulkOperationOf<M[K]> }],
    options?: BulkCallOptions<{ [K in keyof M]: BulkResultOf<M[K]> }[number]>,
  ): Promise<{ -readonly [K in keyof M]: BulkResultOf<M[K]> }> {
    const { known } = this;
    const [{ Bulk }, verbs] = await Promise.all([import("./bulk.ts"), this.#verbs.load(options?.signal)]);
    const bulk = new Bulk(verbs.exchange, known.description, verbs.payload(known));
    return (await bulk.run(operations, options as never)) as never;
  }

  /**
   * Sends a request below the base URL and gives the answer as it came, whatever its status: for what no verb does.
   *
   * @throws {TypeError} for a path that leads elsewhere, a method that is none, and for an option that there is not.
   * @throws {RequestNetworkError} when no complete answer came.
   */
  async request(request: RawRequest, options: RawOptions = {}): Promise<RawAnswer> {
    checkRaw(request, options);
    const answer = await this.#http.send({
      method: request.method.toUpperCase(),
      url: this.#base.ofCall(request.path, options),
      body: request.body,
      secrets: () => textsOf(request.body),
      headers: addHeaders(addHeaders({}, request.headers), options.headers),
      signal: options.signal,
      timeout: options.timeout,
      retry: options.retry,
      onResponse: options.onResponse,
    });
    const { status, headers, body, text } = answer;
    return { status, headers, body: body === undefined ? text : body };
  }

  /** What the arguments of `query` and `search` say before their options. */
  #targets(given: readonly unknown[]): { models: readonly AnyModel[]; root: boolean; rest: readonly unknown[] } {
    const [first, ...rest] = given;
    if (isModel(first)) return { models: [this.known.description.bind(first)], root: false, rest };
    if (Array.isArray(first)) {
      if (first.length === 0 || !first.every(isModel))
        throw new TypeError("a query takes one resource model or a list of resource models");
      return { models: first.map((model) => this.known.description.bind(model)), root: true, rest };
    }
    if (given.length > 0 && !isJsonObject(first)) {
      throw new TypeError(
        `a query takes a resource model, a list of resource models, or options alone, not ${kindOf(first)}`,
      );
    }
    // What is like a model and is none: it is told which.
    if (isJsonObject(first) && "schema" in first) this.known.description.bind(first as never);
    return { models: this.known.description.models, root: true, rest: given };
  }

  /** A page of the resources below an endpoint; an empty one is the root. */
  #list(
    models: readonly AnyModel[],
    via: "query" | "search",
    endpoint: string,
    options: QueryOptions | undefined,
  ): Promise<unknown> {
    return this.#verbs.run(
      options?.signal,
      [options],
      ({ retrieval }, given) => retrieval.list(models, via, this.#listURL(endpoint, via, given), given),
      true,
    );
  }

  #listURL(endpoint: string, via: "query" | "search", options: CallOptions | undefined): Target {
    const path = via === "search" ? `${endpoint}/.search` : endpoint;
    return (query) => this.#base.ofCall(path === "" ? "/" : path, options, { query });
  }

  /** The resource with an id, or the one that there is. */
  #read(
    model: AnyModel,
    place: { readonly id?: string | undefined },
    options: ReadOptions | undefined,
  ): Promise<unknown> {
    return this.#verbs.run(
      options?.signal,
      [options],
      ({ retrieval }, given) =>
        retrieval.read(model, (query) => this.#base.ofCall(model.endpoint, given, { ...place, query }), given),
      true,
    );
  }
}

/** Callers without types may give anything; the URL refuses what is no id. */
function idOf(target: unknown): string | undefined {
  return (isJsonObject(target) ? target["id"] : target) as string | undefined;
}
