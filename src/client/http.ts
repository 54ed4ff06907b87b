/**
 * The requests of a client: authentication, redirects, retries, bounds of time and size (RFC 7644 §3, §7). The only
 * module that sends anything, and the only one that imports ky.
 *
 * @module
 */
import ky, { isTimeoutError, isNetworkError, type Options as KyOptions } from "ky";
import type { RequestReference } from "../errors.ts";
import type { JsonValue, ReadonlyJsonValue } from "../json.ts";
import { abortable, sleep, within } from "./abort.ts";
import { Credentials, type Authenticate, type Authorization } from "./auth.ts";
import { decodeBody, drop, readBody } from "./body.ts";
import { connectionFailure, networkError, type Failure } from "./failure.ts";
import { addHeaders, redactHeaders, secretsOf, type HeaderFields, type HeaderRecord } from "./headers.ts";
import { responseEvent, type Hooks, type OnResponse } from "./hooks.ts";
import { parseMediaType } from "./media-type.ts";
import {
  leavesUnknown,
  checkTimeout,
  parseRetryAfter,
  retriesFailure,
  retriesStatus,
  retryDelay,
  retryPolicy,
  type RetryCandidate,
  type RetryOptions,
  type RetryPolicy,
} from "./retry.ts";
import type { BaseURL } from "./url.ts";
import { userAgent } from "./user-agent.ts";

/** What sends a request: `fetch`, or the handler of an app in this process. */
export type Fetch = (request: Request, init?: RequestInit) => Response | Promise<Response>;

/** How a client sends its requests. */
export interface HttpOptions extends Hooks {
  /** Credentials; none by default. */
  readonly auth?: Authenticate | undefined;
  /** What sends a request. Default: the global `fetch` of the moment. */
  readonly fetch?: Fetch | undefined;
  /**
   * More members for the second argument of `fetch`, such as `dispatcher` (Node: proxies, client certificates) or
   * `credentials`. They cannot change method, URL, header fields, body, signal or redirects.
   */
  readonly fetchOptions?: { readonly [option: string]: unknown } | undefined;
  /** Header fields of every request; `auth` and the headers of a call replace those of the same name. */
  readonly headers?: HeaderFields | undefined;
  /** Milliseconds for one attempt, from sending to the end of the body. Default 30 000. */
  readonly timeout?: number | undefined;
  /** Retries; `false` turns them off. */
  readonly retry?: RetryOptions | false | undefined;
  /** Most bytes of one answer, decompressed. Default 64 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** Default `application/scim+json, application/json`. */
  readonly accept?: string | undefined;
  /** The media type of request bodies. Default `application/scim+json`. */
  readonly contentType?: string | undefined;
}

/** One request. */
export interface SendRequest {
  /** In upper case. */
  readonly method: string;
  /** Below the base URL: from `BaseURL.resolve` or `BaseURL.follow`. */
  readonly url: URL;
  /** Serialised as it is; `undefined` sends no body. */
  readonly body?: ReadonlyJsonValue | undefined;
  /** They replace those of the client and of `auth`; `if-match` counts for the retry rules. */
  readonly headers?: HeaderFields | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt. */
  readonly timeout?: number | undefined;
  /** Laid over the client's; `false` turns retries off. */
  readonly retry?: RetryOptions | false | undefined;
  /** Query parameters whose values no message and no hook shows. */
  readonly secretParameters?: readonly string[] | undefined;
  /** What of the body and of those parameters no error may show. */
  readonly secrets?: (() => readonly string[]) | undefined;
  /** Whether it completes a write that was carried out: its failure is then told as one of a write. */
  readonly afterWrite?: boolean | undefined;
  /** Called after the client's hook of that name. */
  readonly onResponse?: OnResponse | undefined;
}

/**
 * A complete answer of any status. A DELETE that meets 404 after an attempt that may have been carried out has succeeded: its
 * status is then 204, without a body.
 */
export interface Answer {
  readonly status: number;
  /** As they came. */
  readonly headers: Headers;
  /** The request for messages: redacted. */
  readonly request: RequestReference;
  /** The URL that answered, after redirects: what a relative `Location` starts from. */
  readonly url: URL;
  /** How many attempts it took, from 1; redirects and the second try after a 401 count. */
  readonly attempt: number;
  /** The media type in lower case, without parameters; `undefined` where the answer names none. */
  readonly mediaType: string | undefined;
  /** Whether the media type is a JSON one. */
  readonly json: boolean;
  /** The JSON value, whatever the media type says; `undefined` where there is no body or it is not JSON. */
  readonly body: JsonValue | undefined;
  /** The text where it is not JSON; `undefined` where there is no body or it is JSON. */
  readonly text: string | undefined;
  /** What of the request no error may show, for whoever puts a server's words into an error. */
  readonly secrets: () => readonly string[];
  /** Whether the write may have been carried out, by this attempt or an earlier one; see `SCIMResponseError`. */
  readonly unknownOutcome: boolean;
}

const MAX_REDIRECTS = 5;
const MAX_BYTES = 64 * 1024 * 1024;
// What `fetchOptions` cannot change.
const OURS: ReadonlySet<string> = new Set(["method", "headers", "body", "signal", "redirect", "duplex"]);
const NO_CREDENTIALS: Authorization = { headers: {}, generation: 0 };

/** Sends the requests of one client to one base URL. */
export class Http {
  readonly base: BaseURL;
  readonly #credentials: Credentials | undefined;
  readonly #fetch: Fetch;
  readonly #init: RequestInit | undefined;
  readonly #headers: HeaderRecord;
  readonly #contentType: string;
  readonly #timeout: number;
  readonly #retry: RetryPolicy;
  readonly #maxBytes: number;
  readonly #hooks: Hooks;

  /** Throws `TypeError` for options that make no sense. */
  constructor(base: BaseURL, options: HttpOptions = {}) {
    const { fetch } = options;
    this.base = base;
    this.#credentials = options.auth === undefined ? undefined : new Credentials(options.auth);
    // The global fetch is looked up at each request: what instruments or mocks it may come later.
    this.#fetch = fetch === undefined ? (request, init) => globalThis.fetch(request, init) : fetch;
    const init = Object.entries(options.fetchOptions ?? {}).filter(([name]) => !OURS.has(name));
    this.#init = init.length === 0 ? undefined : Object.fromEntries(init);
    this.#headers = addHeaders(
      {
        accept: options.accept ?? "application/scim+json, application/json",
        ...userAgent(globalThis.navigator?.userAgent),
      },
      options.headers,
    );
    this.#contentType = options.contentType ?? "application/scim+json";
    this.#timeout = checkTimeout(options.timeout ?? 30_000);
    this.#retry = retryPolicy(options.retry);
    this.#maxBytes = options.maxResponseBytes ?? MAX_BYTES;
    if (!(this.#maxBytes > 0)) throw new TypeError("maxResponseBytes must be a positive number");
    const { onRequest, onResponse, onRetry } = options;
    this.#hooks = { onRequest, onResponse, onRetry };
  }

  /**
   * Sends a request and gives the complete answer, whatever its status. Follows 307 and 308 below the base URL, five at
   * most, asks `auth` once more after a 401, and retries as `retry.ts` says.
   *
   * Rejects with `RequestNetworkError` where no complete answer comes, with the reason of the signal, with what `auth`
   * or a hook threw, and with `TypeError` for a URL that is not below the base URL and for unusable header fields.
   */
  async send(request: SendRequest): Promise<Answer> {
    request.signal?.throwIfAborted();
    const call = this.#prepare(request);
    let { url } = request;
    let authorization = await this.#authorize(call, url);
    let renewed = false;
    let redirects = 0;
    let retries = 0;
    for (let attempt = 1; ; attempt += 1) {
      const reference = this.#reference(call, url);
      const outcome = await this.#attempt(call, url, reference, authorization, attempt);
      const failed = "reason" in outcome;
      if (failed) {
        call.unknownOutcome ||= call.writes && outcome.sent;
      } else if (outcome.status === 401 && !renewed && this.#credentials !== undefined) {
        renewed = true;
        const asked = { method: call.method, url: url.href };
        const fresh = await this.#inTime(
          call,
          reference,
          this.#credentials.renew(asked, authorization),
          "authentication",
        );
        if (fresh === undefined) return outcome;
        authorization = fresh;
        continue;
      } else if (outcome.status === 404 && call.method === "DELETE" && call.unknownOutcome) {
        return { ...outcome, status: 204, body: undefined, text: undefined };
      } else {
        const target = redirects < MAX_REDIRECTS ? this.#redirect(outcome) : undefined;
        if (target !== undefined) {
          redirects += 1;
          url = target;
          renewed = false;
          authorization = await this.#authorize(call, url);
          continue;
        }
      }
      const delay = this.#retryDelay(call, outcome, retries);
      if (delay === undefined) {
        if (!failed) return outcome;
        // What a fetch throws may name the URL with all that is hidden in the reference.
        const whole = url.href === reference.url ? [] : [url.href];
        const secrets = [...whole, ...allSecrets(call, authorization)];
        throw networkError(reference, outcome, call.unknownOutcome, secrets);
      }
      retries += 1;
      const [status, failure] = failed ? [undefined, outcome.reason] : [outcome.status, undefined];
      const event = { request: reference, attempt, delay, status, failure };
      await this.#hook(call, reference, "onRetry", this.#hooks.onRetry?.(event));
      await sleep(delay, call.signal);
      authorization = await this.#authorize(call, url);
    }
  }

  #redirect({ status, headers, url }: Answer): URL | undefined {
    const target = status === 307 || status === 308 ? headers.get("location") : null;
    return target === null ? undefined : this.base.follow(target, url);
  }

  #retryDelay(call: Call, outcome: Answer | Failure, retries: number): number | undefined {
    if (retries >= call.retry.limit) return undefined;
    let retryAfter: number | undefined;
    if ("reason" in outcome) {
      if (outcome.lasting === true || !retriesFailure(call)) return undefined;
    } else {
      retryAfter = outcome.status < 400 ? undefined : parseRetryAfter(outcome.headers);
      if (!retriesStatus(call, outcome.status, retryAfter !== undefined)) return undefined;
    }
    const delay = retryDelay(call.retry, retries + 1, retryAfter);
    return delay !== undefined && performance.now() + delay < call.deadline ? delay : undefined;
  }

  #prepare(request: SendRequest): Call {
    const { method, url, body, signal } = request;
    if (!this.base.contains(url)) {
      throw new TypeError("the URL must be on the base URL's origin and below its path");
    }
    if (body !== undefined && (method === "GET" || method === "HEAD")) {
      throw new TypeError(`a ${method} request has no body`);
    }
    const headers = { ...this.#headers };
    if (body !== undefined) headers["content-type"] = this.#contentType;
    const own = addHeaders({}, request.headers);
    const timeout = request.timeout === undefined ? this.#timeout : checkTimeout(request.timeout);
    const retry = retryPolicy(request.retry, this.#retry);
    const search = method === "POST" && url.pathname.endsWith("/.search");
    return {
      method,
      headers,
      own,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      timeout,
      retry,
      deadline: performance.now() + Math.max(timeout, retry.totalTimeout),
      search,
      conditional: Object.hasOwn(own, "if-match"),
      writes: method !== "GET" && method !== "HEAD" && !search,
      unknownOutcome: request.afterWrite === true,
      onResponse: request.onResponse,
      secretParameters: request.secretParameters,
      secrets: () => [...this.base.secretsOf(url, request.secretParameters), ...(request.secrets?.() ?? [])],
    };
  }

  async #attempt(
    call: Call,
    url: URL,
    request: RequestReference,
    authorization: Authorization,
    attempt: number,
  ): Promise<Answer | Failure> {
    const headers = { ...call.headers, ...authorization.headers, ...call.own };
    const { onRequest, onResponse } = this.#hooks;
    if (onRequest !== undefined) {
      const event = { request, headers: redactHeaders(headers, authorization.headers), attempt };
      await this.#hook(call, request, "onRequest", onRequest(event));
    }
    const started = performance.now();
    const timeout = Math.ceil(Math.min(call.timeout, call.deadline - started));
    if (timeout <= 0) return { reason: "timeout", detail: "the total time ran out", sent: false };
    const response = await this.#exchange(call, url, headers, timeout);
    if ("reason" in response) return response;
    const bytes = await readBody(response, {
      maxBytes: this.#maxBytes,
      timeout: Math.max(1, timeout - (performance.now() - started)),
      signal: call.signal,
    });
    if ("reason" in bytes) return bytes;
    const { status, headers: received } = response;
    call.unknownOutcome ||= call.writes && leavesUnknown(status, parseRetryAfter(received) !== undefined);
    if (onResponse !== undefined || call.onResponse !== undefined) {
      const event = responseEvent(request, response, attempt, performance.now() - started);
      await this.#hook(call, request, "onResponse", onResponse?.(event), status);
      await this.#hook(call, request, "onResponse", call.onResponse?.(event), status);
    }
    const mediaType = parseMediaType(received.get("content-type"));
    const { body, text } = decodeBody(bytes, mediaType);
    return {
      status,
      headers: received,
      request,
      url,
      attempt,
      mediaType: mediaType?.name,
      json: mediaType?.json ?? false,
      body,
      text,
      secrets: () => allSecrets(call, authorization),
      unknownOutcome: call.unknownOutcome,
    };
  }

  async #exchange(call: Call, url: URL, headers: HeaderRecord, timeout: number): Promise<Response | Failure> {
    const { method, body, signal } = call;
    let sent = false;
    let over = false;
    let misuse: TypeError | undefined;
    const options: KyOptions = {
      method,
      headers,
      redirect: "manual",
      throwHttpErrors: false,
      retry: 0,
      timeout,
      fetch: async (input) => {
        sent = true;
        // Raced in here, so that ky's own timer ends with it where a fetch does not heed the signal.
        const response: unknown = await abortable(
          this.#answer(input, () => over),
          signal,
        );
        if (isResponse(response)) return response;
        misuse = new TypeError("fetch must answer with a Response");
        throw misuse;
      },
    };
    if (body !== undefined) options.body = body;
    if (signal !== undefined) options.signal = signal;
    let response: Response;
    try {
      response = await ky(url.href, options);
    } catch (error) {
      over = true;
      signal?.throwIfAborted();
      if (isTimeoutError(error)) return { reason: "timeout", detail: `no answer in ${timeout} ms`, sent };
      if (misuse !== undefined) throw misuse;
      if (!sent) throw error;
      return connectionFailure(isNetworkError(error) ? error.cause : error);
    }
    if (response.type !== "opaqueredirect") return response;
    return { reason: "connection", detail: "the server redirects, which no browser lets a script see", sent };
  }

  async #answer(input: unknown, isOver: () => boolean): Promise<Response> {
    const response = await this.#fetch(input instanceof Request ? input : new Request(String(input)), this.#init);
    if (isOver() && isResponse(response)) drop(response.body);
    return response;
  }

  #authorize(call: Call, url: URL): Authorization | Promise<Authorization> {
    if (this.#credentials === undefined) return NO_CREDENTIALS;
    const given = this.#credentials.authorize({ method: call.method, url: url.href });
    if (!(given instanceof Promise)) return given;
    return this.#inTime(call, this.#reference(call, url), given, "authentication");
  }

  async #hook(
    call: Call,
    request: RequestReference,
    name: keyof Hooks,
    work: void | Promise<void>,
    status?: number,
  ): Promise<void> {
    if (work !== undefined) await this.#inTime(call, request, Promise.resolve(work), name, status);
  }

  /** The work within the call's total time and its signal: it is the caller's own, and may never end. */
  #inTime<T>(call: Call, request: RequestReference, work: Promise<T>, what: string, status?: number): Promise<T> {
    return within(work, call.deadline - performance.now(), call.signal, () => {
      const answered = status === undefined ? { sent: false } : { sent: true, status };
      const failure: Failure = { ...answered, reason: "timeout", detail: `${what} did not end in time` };
      return networkError(request, failure, call.unknownOutcome, []);
    });
  }

  #reference(call: Call, url: URL): RequestReference {
    return { method: call.method, url: this.base.redact(url, call.secretParameters) };
  }
}

interface Call extends RetryCandidate {
  readonly headers: HeaderRecord;
  readonly own: HeaderRecord;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeout: number;
  readonly retry: RetryPolicy;
  readonly deadline: number;
  readonly writes: boolean;
  /** Whether a write may have been carried out, by an attempt that got no answer or one of a gateway. */
  unknownOutcome: boolean;
  readonly onResponse: OnResponse | undefined;
  readonly secretParameters: readonly string[] | undefined;
  readonly secrets: () => readonly string[];
}

/** What no error may show: the credentials, those in the URL, and what the verb knows of the rest. */
function allSecrets(call: Call, { headers }: Authorization): readonly string[] {
  return [...secretsOf({ ...call.headers, ...headers, ...call.own }, headers), ...call.secrets()];
}

function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === "[object Response]";
}
