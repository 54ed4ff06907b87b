/**
 * One exchange with the server: a request is built from a call's options, sent, and its answer judged. Every verb goes
 * through here, so that switches, headers and deviations mean the same everywhere.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import { RequestPending, UnexpectedContentType, UnsupportedByServer, type ErrorMessage } from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { member } from "../protocol/messages.ts";
import type { UnknownAttributes } from "../schema/known-part.ts";
import { asException, judge, reference, subject } from "./answer.ts";
import type { ETagPolicy } from "./entity-tag.ts";
import { addHeaders, type HeaderFields } from "./headers.ts";
import type { Answer, Http } from "./http.ts";
import type { CallOptions, Capabilities, Capability, Switches, WriteOptions } from "./options.ts";
import type { ResourceTypeProfile, ServerProfile } from "./profile.ts";
import type { AnyModel } from "./service-description.ts";
import { EXPECTED_STATUS_CODES, type Verb } from "./status-codes.ts";
import type { BaseURL, CallURLParts } from "./url.ts";

/** The switches of a client, none left open. */
export type ClientSwitches = { readonly [K in keyof Switches]-?: boolean };

/** What an exchange needs to know of its client. */
export interface ExchangeContext {
  readonly http: Http;
  readonly base: BaseURL;
  readonly switches: ClientSwitches;
  readonly profile: ServerProfile;
  readonly onDeviation: OnDeviation | undefined;
  readonly capabilities: Capabilities;
  readonly etag: ETagPolicy | undefined;
  readonly unknownAttributes: UnknownAttributes | undefined;
  readonly serviceProviderConfig: () => JsonObject | undefined;
}

/** A request as a verb states it. */
export interface ExchangeRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: URL;
  readonly body?: JsonValue | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The verb's own list of statuses. */
  readonly expected: readonly number[];
  /** Whether it completes a write that was carried out. */
  readonly afterWrite?: boolean;
  /** What of the body no error may show. */
  readonly secrets?: (() => readonly string[]) | undefined;
  /** Query parameters whose values no message and no hook shows. */
  readonly secretParameters?: readonly string[] | undefined;
}

/** An answer that was judged: a SCIM Error where errors are not thrown, a pending request where they are wanted. */
export interface Exchanged {
  readonly answer: Answer;
  readonly error: ErrorMessage | undefined;
  readonly pending: RequestPending | undefined;
}

/** Sends requests for one client. */
export class Exchange {
  readonly context: ExchangeContext;

  constructor(context: ExchangeContext) {
    this.context = context;
  }

  /** The value of a switch for a call. */
  switch(name: keyof Switches, options: Switches | undefined): boolean {
    return options?.[name] ?? this.context.switches[name];
  }

  /** The statuses that a verb expects of this server. */
  expected(verb: Verb): readonly number[] {
    const further = this.context.profile.expectedStatusCodes?.[verb];
    return further === undefined ? EXPECTED_STATUS_CODES[verb] : [...EXPECTED_STATUS_CODES[verb], ...further];
  }

  /** When writes are guarded by If-Match. */
  get etagPolicy(): ETagPolicy {
    return this.context.etag ?? this.context.profile.etag ?? "auto";
  }

  /**
   * What becomes of attributes that the schemas do not define, when a resource is written.
   *
   * @throws {TypeError} when it is told nothing that it knows.
   */
  unknownAttributes(options: Pick<WriteOptions, "unknownAttributes"> | undefined): UnknownAttributes {
    const { unknownAttributes, profile } = this.context;
    const chosen = options?.unknownAttributes ?? unknownAttributes ?? profile.unknownAttributes ?? "refuse";
    if (chosen === "refuse" || chosen === "drop" || chosen === "send") return chosen;
    throw new TypeError('unknownAttributes must be "refuse", "drop" or "send"');
  }

  /** What the profile knows of a resource type. */
  ofType(model: AnyModel): ResourceTypeProfile | undefined {
    const { resourceTypes } = this.context.profile;
    return resourceTypes !== undefined && Object.hasOwn(resourceTypes, model.name)
      ? resourceTypes[model.name]
      : undefined;
  }

  /** Who hears of an answer's deviations. */
  report(options: CallOptions | undefined): OnDeviation | undefined {
    return options?.onDeviation ?? this.context.onDeviation;
  }

  /** The URL of a request; see `BaseURL.ofCall`. */
  url(path: string, options: CallOptions | undefined, parts?: CallURLParts): URL {
    return this.context.base.ofCall(path, options, parts);
  }

  /** Sends a request and judges the answer. Throws what the switches say is thrown. */
  async run(
    request: ExchangeRequest,
    options: (CallOptions & { respondAsync?: boolean | undefined }) | undefined,
  ): Promise<Exchanged> {
    const { http, profile } = this.context;
    const answer = await http.send({
      method: request.method,
      url: request.url,
      body: request.body,
      headers: headersOf(request, options),
      signal: options?.signal,
      timeout: options?.timeout,
      retry: options?.retry,
      onResponse: options?.onResponse,
      afterWrite: request.afterWrite,
      secretParameters: request.secretParameters,
      secrets: request.secrets,
    });
    const error = judge(answer, {
      expected: options?.expectedStatusCodes ?? request.expected,
      checkStatus: this.switch("checkResponseStatusCodes", options),
      checkContentType: this.switch("checkResponseContentType", options),
      report:
        profile.strict === true
          ? (deviation) => {
              // An Error that is not quite in its form is an error as it is.
              if (deviation.kind !== "mediaType") return;
              throw new UnexpectedContentType(
                `${subject(answer)}: ${deviation.message} (${deviation.section})`,
                reference(answer),
              );
            }
          : this.report(options),
    });
    if (error !== undefined) {
      // The message alone would pass for a refusal, and the write be done again.
      if (answer.unknownOutcome || this.switch("raiseScimErrors", options)) throw asException(error, answer);
      return { answer, error, pending: undefined };
    }
    if (answer.status !== 202) return { answer, error: undefined, pending: undefined };
    const pending = new RequestPending(reference(answer));
    if (options?.respondAsync !== true) throw pending;
    return { answer, error: undefined, pending };
  }

  /**
   * Refuses what the server cannot do, at all or with resources of this type; what nobody knows is allowed.
   *
   * @throws {UnsupportedByServer}
   */
  require(capability: Capability, options: CallOptions | undefined, model?: AnyModel): void {
    if (this.supports(capability, options, model) !== false) return;
    const named = WORDING[capability] ?? capability;
    const what = this.supports(capability, options) === false ? named : `${named} for ${model?.name}`;
    throw new UnsupportedByServer(
      capability,
      `the server does not support ${what} (RFC 7643 §5); capabilities: { ${capability}: true } sends it all the same`,
    );
  }

  /**
   * Refuses a condition on a version where the server would not heed it, as far as anybody knows: whoever sets one counts on
   * it. That a client or profile asks for If-Match on every write says that it does.
   *
   * @throws {UnsupportedByServer}
   */
  requireVersions(options: CallOptions | undefined, model?: AnyModel): void {
    const said = this.#said("etag", options) ?? this.#known("etag", model);
    if (said !== undefined || this.etagPolicy !== "*") this.require("etag", options, model);
  }

  /**
   * Whether the server can do it, by the call's word, the client's, the profile's, ServiceProviderConfig's; `undefined` when
   * nobody knows.
   */
  supports(capability: Capability, options: CallOptions | undefined, model?: AnyModel): boolean | undefined {
    const said = this.#said(capability, options) ?? this.#known(capability, model);
    if (said !== undefined) return said;
    const config = this.context.serviceProviderConfig();
    const section = config === undefined ? undefined : member(config, capability);
    const supported = isJsonObject(section) ? member(section, "supported") : undefined;
    if (typeof supported === "boolean") return supported;
    return typeof supported === "string" && /^(?:true|false)$/i.test(supported)
      ? supported.toLowerCase() === "true"
      : undefined;
  }

  /** Whether call or client say that the server can do it, whatever the profile knows. */
  isOverridden(capability: Capability, options: CallOptions | undefined): boolean {
    return this.#said(capability, options) === true;
  }

  #said(capability: Capability, options: CallOptions | undefined): boolean | undefined {
    return options?.capabilities?.[capability] ?? this.context.capabilities[capability];
  }

  #known(capability: Capability, model: AnyModel | undefined): boolean | undefined {
    const { capabilities, filter, paging } = this.context.profile;
    const ofType = model === undefined ? undefined : this.ofType(model);
    if (ofType?.without?.includes(capability) === true) return false;
    if (capability === "filter" && filter?.ignored === true) return false;
    const paged = capability === "startIndex" || capability === "zeroCount" ? paging?.[capability] : undefined;
    return paged ?? capabilities?.[capability];
  }
}

/** How messages call a capability that does not speak for itself. */
const WORDING: { readonly [K in Capability]?: string } = {
  etag: "ETags",
  unfiltered: "lists without a filter",
  zeroCount: "count=0",
};

function headersOf(
  request: ExchangeRequest,
  options: (CallOptions & { respondAsync?: boolean | undefined }) | undefined,
): HeaderFields | undefined {
  if (request.headers === undefined && options?.respondAsync !== true) return options?.headers;
  return addHeaders(
    { ...request.headers, ...(options?.respondAsync === true ? { prefer: "respond-async" } : {}) },
    options?.headers,
  );
}
