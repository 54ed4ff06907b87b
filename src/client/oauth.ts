/**
 * OAuth 2.0 client credentials (RFC 6749 §4.4, RFC 7523 §2.2, RFC 8414): the only module that imports oauth4webapi.
 *
 * @module
 */
import * as oauth from "oauth4webapi";
import { TokenRequestError, type RequestReference } from "../errors.ts";
import { abortable } from "./abort.ts";
import { type AccessToken, TokenKeeper } from "./access-token.ts";
import type { Authenticate } from "./auth.ts";
import { readBody } from "./body.ts";
import { connectionFailure, networkError, type Failure } from "./failure.ts";
import type { HeaderRecord } from "./headers.ts";
import type { Fetch } from "./http.ts";
import { MAX_TIMER } from "./retry.ts";
import { isLoopback, parseURL } from "./url.ts";
import { userAgent } from "./user-agent.ts";

/** Where tokens come from: an issuer, whose metadata are read once (RFC 8414), or a token endpoint, or both. */
export type AuthorizationServerOptions =
  | {
      /**
       * The issuer identifier. Without `tokenEndpoint` its metadata are read: RFC 8414's document, and OpenID Connect
       * Discovery's where that is not there. They must name the same issuer.
       */
      readonly issuer: string | URL;
      readonly tokenEndpoint?: string | URL | undefined;
    }
  | {
      readonly issuer?: undefined;
      /** Used as it is, without any metadata. */
      readonly tokenEndpoint: string | URL;
    };

/** How the client proves who it is: one of the two. */
export type ClientCredential =
  | {
      readonly clientSecret: string;
      /**
       * Where the secret is sent (RFC 6749 §2.3.1). Default `client_secret_basic`, unless the metadata list
       * `client_secret_post` and not that.
       */
      readonly authMethod?: "client_secret_basic" | "client_secret_post" | undefined;
      readonly privateKey?: undefined;
    }
  | {
      /** Signs an assertion for each token request (`private_key_jwt`, RFC 7523 §2.2). `kid` names it in the header. */
      readonly privateKey: CryptoKey | { readonly key: CryptoKey; readonly kid: string };
      /** The `aud` of the assertion. Default: the issuer, and the token endpoint where no issuer is given. */
      readonly assertionAudience?: string | undefined;
      readonly clientSecret?: undefined;
    };

/** What `clientCredentials` is given. */
export type ClientCredentialsOptions = AuthorizationServerOptions &
  ClientCredential & {
    readonly clientId: string;
    /** Scopes, separated by spaces (RFC 6749 §3.3). */
    readonly scope?: string | undefined;
    /** Where the token is for (RFC 8707 §2). */
    readonly resource?: string | readonly string[] | undefined;
    /** Some servers' own parameter with the purpose of `resource`. */
    readonly audience?: string | undefined;
    /** More parameters of the token request. */
    readonly parameters?: { readonly [name: string]: string } | undefined;
    /** What sends the requests to the authorization server. Default: the global `fetch` of the moment. */
    readonly fetch?: Fetch | undefined;
    /** More members for the second argument of `fetch`, such as `dispatcher`, as in the options of a client. */
    readonly fetchOptions?: { readonly [option: string]: unknown } | undefined;
    /** Milliseconds for one request to the authorization server. Default 30 000. */
    readonly timeout?: number | undefined;
    /** Milliseconds since the epoch, for the lifetime of tokens and assertions. Default `Date.now`. */
    readonly clock?: (() => number) | undefined;
    /** Whether the secret and the tokens may travel in clear text to another machine. Default `false`. */
    readonly allowInsecureRequests?: boolean | undefined;
  };

/**
 * Authenticates with a bearer token that an OAuth 2.0 authorization server issues to the client itself (RFC 6749 §4.4).
 *
 * The token is asked for by the first request and kept until shortly before it expires, or until a 401 where the server
 * does not say when it expires. Requests that wait for a token share one token request, those of other clients with the
 * same function included; an aborted request stops waiting and leaves it to the others.
 *
 * Throws `TypeError` for options that make no sense, and for an `http:` URL that does not name this machine. The
 * function it gives rejects with `TokenRequestError`; neither that nor its cause shows secret, assertion or token.
 */
export function clientCredentials(options: ClientCredentialsOptions): Authenticate {
  const { clock = Date.now, timeout = 30_000 } = options;
  if (!(timeout >= 1 && timeout <= MAX_TIMER)) {
    throw new TypeError(`clientCredentials: timeout must be from 1 to ${MAX_TIMER} milliseconds`);
  }
  const keeper = new TokenKeeper(tokenRequests(options, clock), clock);
  return (_request, { refresh }) => keeper.get(refresh);
}

const MAX_BYTES = 1024 * 1024;
const TEXT = /^[\x21-\x7e]+$/;

function tokenRequests(
  options: ClientCredentialsOptions,
  clock: () => number,
): () => Promise<AccessToken<HeaderRecord>> {
  const { clientId, parameters, scope, resource, audience } = options;
  if (typeof clientId !== "string" || clientId === "") {
    throw new TypeError("clientCredentials: clientId must be text that is not empty (RFC 6749 §2.2)");
  }
  const authentication = clientAuthentication(options);
  const findServer = authorizationServer(options);
  const secrets = secretTexts(options.clientSecret);

  const form = new URLSearchParams(parameters);
  if (scope !== undefined) form.set("scope", scope);
  if (audience !== undefined) form.set("audience", audience);
  for (const uri of typeof resource === "string" ? [resource] : (resource ?? [])) form.append("resource", uri);

  return async () => {
    const server = await findServer();
    const request = reference("POST", server.token_endpoint ?? "");
    const exchange = new Exchange(request, options, secrets);
    const client: oauth.Client = {
      client_id: clientId,
      [oauth.clockSkew]: Math.floor(clock() / 1000) - Math.floor(Date.now() / 1000),
    };
    return exchange.judge(async () => {
      const method = authentication(server);
      const response = await oauth.clientCredentialsGrantRequest(server, client, method, form, exchange.options());
      const { access_token, token_type, expires_in } = await oauth.processClientCredentialsResponse(
        server,
        client,
        response,
      );
      if (token_type !== "bearer") throw exchange.error(`the token is of another type than "Bearer" (RFC 6750 §4)`);
      if (!TEXT.test(access_token)) throw exchange.error("the token is not visible ASCII text (RFC 6750 §2.1)");
      return { fields: { authorization: `Bearer ${access_token}` }, lifetime: expires_in };
    });
  };
}

/** The server with a checked token endpoint; metadata are read once they are needed, and again if that failed. */
function authorizationServer(options: ClientCredentialsOptions): () => Promise<oauth.AuthorizationServer> {
  const insecure = options.allowInsecureRequests === true;
  const issuer = options.issuer === undefined ? undefined : checkURL("issuer", options.issuer, insecure);
  if (options.tokenEndpoint !== undefined) {
    const endpoint = checkURL("tokenEndpoint", options.tokenEndpoint, insecure);
    const server = {
      issuer: issuer === undefined ? endpoint.href : String(options.issuer),
      token_endpoint: endpoint.href,
    };
    return () => Promise.resolve(server);
  }
  if (issuer === undefined) throw new TypeError("clientCredentials: issuer or tokenEndpoint must be given");

  let found: oauth.AuthorizationServer | undefined;
  return async () => {
    found ??= await discover(issuer, options);
    return found;
  };
}

async function discover(issuer: URL, options: ClientCredentialsOptions): Promise<oauth.AuthorizationServer> {
  const exchange = new Exchange(reference("GET", issuer.href), options, []);
  return exchange.judge(async () => {
    const ask = (algorithm: "oauth2" | "oidc"): Promise<Response> =>
      oauth.discoveryRequest(issuer, { ...exchange.options(), algorithm });
    let response = await ask("oauth2");
    if (response.status !== 200) response = await ask("oidc");
    const server = await oauth.processDiscoveryResponse(issuer, response);
    if (typeof server.token_endpoint !== "string") {
      throw exchange.error('"token_endpoint" must be present in the metadata (RFC 8414 §2)');
    }
    try {
      checkURL("token_endpoint", server.token_endpoint, options.allowInsecureRequests === true);
    } catch {
      throw exchange.error('"token_endpoint" in the metadata must be an https: URL (RFC 6749 §3.2)');
    }
    return server;
  });
}

/** Throws `TypeError`, without showing it, for a credential that is missing, double or not a private key. */
function clientAuthentication(
  options: ClientCredentialsOptions,
): (server: oauth.AuthorizationServer) => oauth.ClientAuth {
  const { clientSecret, privateKey } = options;
  if ((clientSecret === undefined) === (privateKey === undefined)) {
    throw new TypeError("clientCredentials: one of clientSecret and privateKey must be given (RFC 6749 §2.3)");
  }
  if (privateKey !== undefined) {
    const { assertionAudience: aud } = options;
    const signed = oauth.PrivateKeyJwt(privateKey, {
      [oauth.modifyAssertion]: (_header, payload) => {
        if (aud !== undefined) payload["aud"] = aud;
      },
    });
    return () => signed;
  }
  if (typeof clientSecret !== "string" || clientSecret === "") {
    throw new TypeError("clientCredentials: clientSecret must be text that is not empty (RFC 6749 §2.3.1)");
  }
  const methods = {
    client_secret_basic: oauth.ClientSecretBasic(clientSecret),
    client_secret_post: oauth.ClientSecretPost(clientSecret),
  };
  return ({ token_endpoint_auth_methods_supported: supported }) => {
    const post = supported?.includes("client_secret_post") === true && !supported.includes("client_secret_basic");
    return methods[options.authMethod ?? (post ? "client_secret_post" : "client_secret_basic")];
  };
}

/** One conversation with the authorization server, and how it goes wrong. */
class Exchange {
  #request: RequestReference;
  readonly #settings: ClientCredentialsOptions;
  readonly #secrets: string[];
  #status: number | undefined;

  constructor(request: RequestReference, settings: ClientCredentialsOptions, secrets: readonly string[]) {
    this.#request = request;
    this.#settings = settings;
    this.#secrets = [...secrets];
  }

  /** Options for the library: our own bounds and `fetch`; URLs are checked before they get there. */
  options(): oauth.ClientCredentialsGrantRequestOptions & oauth.DiscoveryRequestOptions {
    return {
      headers: userAgent(globalThis.navigator?.userAgent),
      // Marked as deprecated to stand out. `checkURL` has allowed loopback and what the caller allowed, and no more.
      // oxlint-disable-next-line typescript/no-deprecated
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, URLSearchParams | undefined>) =>
        this.#send(url, init),
    };
  }

  /** Does the work; whatever goes wrong becomes a `TokenRequestError`. */
  async judge<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TokenRequestError) throw error;
      if (error instanceof oauth.ResponseBodyError) {
        const { error: code, error_description: text } = error;
        const said = this.#hide([code, text].filter((part) => part !== undefined).join(": "));
        throw this.error(
          `the authorization server refused with ${error.status}: ${said} (RFC 6749 §5.2)`,
          this.#hide(code),
        );
      }
      if (this.#status !== undefined && this.#status !== 200) {
        throw this.error(
          `the authorization server answered ${this.#status} without an OAuth error (RFC 6749 §5.2)`,
        );
      }
      // The library's own messages are fixed sentences; its causes hold the answer and with it the token.
      const reason = error instanceof Error ? error.message : "the request could not be made";
      throw this.error(this.#hide(reason));
    }
  }

  /** An error about the request at hand. */
  error(message: string, code?: string, cause?: Error): TokenRequestError {
    const { method, url } = this.#request;
    return new TokenRequestError(`${method} ${url}: ${message}`, {
      request: this.#request,
      status: this.#status,
      error: code,
      cause,
    });
  }

  async #send(
    url: string,
    { body, headers, method }: oauth.CustomFetchOptions<string, URLSearchParams | undefined>,
  ): Promise<Response> {
    this.#request = reference(method, url);
    this.#status = undefined;
    this.#secrets.push(
      ...secretTexts(headers["authorization"]?.replace(/^Basic /, "")),
      ...secretTexts(body?.get("client_assertion")),
    );
    const { fetch, fetchOptions, timeout = 30_000 } = this.#settings;
    const signal = AbortSignal.timeout(timeout);
    const request = new Request(url, {
      method,
      headers,
      redirect: "manual",
      signal,
      ...(body === undefined ? {} : { body }),
    });
    let outcome: Uint8Array | Failure;
    let response: Response | undefined;
    try {
      const answer = (async () => (fetch ?? globalThis.fetch)(request, fetchOptions))();
      response = await abortable(answer, signal);
      outcome = await readBody(response, { maxBytes: MAX_BYTES, timeout, signal });
    } catch (error) {
      outcome = signal.aborted
        ? { reason: "timeout", detail: `no answer in ${timeout} ms`, sent: true }
        : connectionFailure(error);
    }
    if ("reason" in outcome) {
      const failed = networkError(this.#request, outcome, false, this.#secrets);
      throw this.error(outcome.detail, undefined, failed);
    }
    const status = response?.status ?? 0;
    if (status === 0) throw this.error("the authorization server redirects, which no browser lets a script see");
    this.#status = status;
    const answered = new Headers(response?.headers);
    // The library would report the challenge of a 401 and leave out the error in its body.
    answered.delete("www-authenticate");
    const bytes = outcome.byteLength === 0 ? null : outcome.slice();
    return new Response(bytes, { status, headers: answered });
  }

  /** The text of a server as one line of bounded length, without what was sent to it in confidence. */
  #hide(text: string): string {
    const shown = this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
    return shown.replaceAll(/[^\x20-\x7e]+/g, " ").slice(0, 200);
  }
}

/** A secret in the forms in which it is sent. */
function secretTexts(text: string | null | undefined): string[] {
  if (text === undefined || text === null || text === "") return [];
  return [text, new URLSearchParams({ "": text }).toString().slice(1), encodeURIComponent(text)];
}

function reference(method: string, url: string): RequestReference {
  const { origin, pathname } = new URL(url);
  return { method, url: origin + pathname };
}

function checkURL(subject: string, given: string | URL, insecure: boolean): URL {
  const url = parseURL(String(given));
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new TypeError(`clientCredentials: ${subject} must be an absolute https: URL (RFC 6749 §3.2)`);
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    throw new TypeError(
      `clientCredentials: ${subject} must have neither credentials nor a fragment (RFC 6749 §3.2)`,
    );
  }
  if (url.protocol === "http:" && !insecure && !isLoopback(url.hostname)) {
    throw new TypeError(
      `clientCredentials: ${subject} must be an https: URL (RFC 6749 §3.2); allowInsecureRequests sends secrets in clear text`,
    );
  }
  return url;
}
