/**
 * How requests are authenticated (RFC 7644 §2). An `Authenticate` function gives the header fields for a request and
 * is asked once more after a 401.
 *
 * @module
 */
import { addHeaders, type HeaderFields, type HeaderRecord } from "./headers.ts";

/** What an `Authenticate` function may look at. */
export interface AuthenticateRequest {
  readonly method: string;
  /** The whole URL, with its query. */
  readonly url: string;
}

/** Why an `Authenticate` function is asked. */
export interface AuthenticateOptions {
  /** The server answered 401 to what was given before: get new credentials, don't reuse kept ones. */
  readonly refresh: boolean;
}

/**
 * Gives the header fields that authenticate a request, usually `{ authorization: "…" }`.
 *
 * It is called for every request with `refresh: false`, and after a 401 once more with `refresh: true`; requests that
 * meet a 401 at the same time share that one call. The refused request is sent again only if the fields changed. What
 * it throws reaches the caller of the verb. Its fields are sent to the base URL's origin only and never shown in an
 * error or to a hook.
 */
export type Authenticate = (
  request: AuthenticateRequest,
  options: AuthenticateOptions,
) => HeaderFields | Promise<HeaderFields>;

/** A bearer token, or a function that gives one. */
export type Token = string | ((options: AuthenticateOptions) => string | Promise<string>);

/**
 * Bearer token (RFC 6750 §2.1). A function is called for every request, and after a 401 once more with
 * `refresh: true`; keep the token in it for as long as it is valid.
 *
 * Throws `TypeError` for a token that is empty or has spaces, line breaks or characters outside ASCII; a function's
 * token is checked when it comes.
 */
export function bearer(token: Token): Authenticate {
  if (typeof token === "function") {
    return async (_request, options) => ({ authorization: `Bearer ${checkToken(await token(options))}` });
  }
  const fields = { authorization: `Bearer ${checkToken(token)}` };
  return () => fields;
}

/**
 * User name and password (RFC 7617), in UTF-8.
 *
 * Throws `TypeError` for a user name with a colon and for control characters.
 */
export function basic(user: string, password: string): Authenticate {
  if (typeof user !== "string" || user.includes(":")) {
    throw new TypeError("basic: the user name must be text without a colon (RFC 7617 §2)");
  }
  if (typeof password !== "string" || hasControl(user) || hasControl(password)) {
    throw new TypeError("basic: user name and password must be text without control characters (RFC 7617 §2)");
  }
  let bytes = "";
  for (const byte of new TextEncoder().encode(`${user}:${password}`)) bytes += String.fromCharCode(byte);
  const fields = { authorization: `Basic ${btoa(bytes)}` };
  return () => fields;
}

/** The header fields of one request and which refresh they belong to. */
export interface Authorization {
  readonly headers: HeaderRecord;
  readonly generation: number;
}

/** Asks an `Authenticate` function on behalf of all requests of one client. */
export class Credentials {
  readonly #authenticate: Authenticate;
  #generation = 0;
  #refreshing: Promise<HeaderRecord> | undefined;
  #refreshed: HeaderRecord | undefined;

  constructor(authenticate: Authenticate) {
    if (typeof authenticate !== "function") {
      throw new TypeError("auth must be a function, such as bearer(token) or basic(user, password)");
    }
    this.#authenticate = authenticate;
  }

  /** The header fields for a request. Rejects with whatever the function threw; `TypeError` for unusable fields. */
  authorize(request: AuthenticateRequest): Authorization | Promise<Authorization> {
    const generation = this.#generation;
    const fields = this.#authenticate(request, { refresh: false });
    if (isPromise(fields)) return fields.then((given) => ({ headers: checkFields(given), generation }));
    return { headers: checkFields(fields), generation };
  }

  /**
   * New header fields after a 401 to `refused`; `undefined` if they are the same, so that sending again is pointless.
   * One refresh runs at a time; a request that waited for another's refresh asks for fields of its own afterwards.
   */
  async renew(request: AuthenticateRequest, refused: Authorization): Promise<Authorization | undefined> {
    if (refused.generation === this.#generation) {
      if (this.#refreshing === undefined) return this.#unlessSame(await this.#refresh(request), refused);
      await this.#refreshing;
    }
    const own = await this.authorize(request);
    return this.#unlessSame(own.headers, refused) ?? this.#unlessSame(this.#refreshed ?? {}, refused);
  }

  #unlessSame(headers: HeaderRecord, refused: Authorization): Authorization | undefined {
    return sameFields(headers, refused.headers) ? undefined : { headers, generation: this.#generation };
  }

  #refresh(request: AuthenticateRequest): Promise<HeaderRecord> {
    const run = this.#ask(request);
    this.#refreshing = run;
    const end = (): void => {
      this.#refreshing = undefined;
    };
    run.then(end, end);
    return run;
  }

  async #ask(request: AuthenticateRequest): Promise<HeaderRecord> {
    const headers = checkFields(await this.#authenticate(request, { refresh: true }));
    this.#generation += 1;
    this.#refreshed = headers;
    return headers;
  }
}

function isPromise(fields: HeaderFields | Promise<HeaderFields>): fields is Promise<HeaderFields> {
  return typeof fields === "object" && fields !== null && "then" in fields && typeof fields.then === "function";
}

function checkFields(fields: HeaderFields): HeaderRecord {
  if (typeof fields !== "object" || fields === null) {
    throw new TypeError("an Authenticate function must give header fields");
  }
  return addHeaders({}, fields);
}

function sameFields(a: HeaderRecord, b: HeaderRecord): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function checkToken(token: unknown): string {
  if (token === undefined || token === "") {
    throw new TypeError(`bearer: the token is ${token === "" ? "empty" : "undefined"}; is its variable set?`);
  }
  if (typeof token === "string" && /^bearer /i.test(token)) {
    throw new TypeError('bearer: the token is given without the word "Bearer" (RFC 6750 §2.1)');
  }
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(
      "bearer: the token must be visible ASCII text without spaces or line breaks (RFC 6750 §2.1)",
    );
  }
  return token;
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}
