/**
 * The base URL of a service provider and the URLs below it (RFC 7644 §1.3). Whatever is resolved here is on the base
 * URL's origin and below its path, so that credentials can go nowhere else.
 *
 * @module
 */

import { kindOf } from "../json.ts";
import { isSecretName } from "./headers.ts";

/** One query parameter. An array becomes the comma-separated list of RFC 7644 §3.4.2.5. */
export type SearchValue = string | number | boolean | readonly string[];

/** Query parameters; a member that is `undefined` is left out. */
export type SearchParams = URLSearchParams | { readonly [name: string]: SearchValue | undefined };

/** What is added to a path when it is resolved. */
export interface URLParts {
  /** Appended as one percent-encoded segment. Passing the member at all makes it required. */
  readonly id?: string | undefined;
  /** Added to the base URL's own query; a parameter of the same name replaces that of the base URL. */
  readonly searchParams?: SearchParams | undefined;
}

/** Query parameters of a request. */
export type Query = { readonly [name: string]: SearchValue | undefined };

/** What of a call says where it goes. */
export interface CallURL {
  /** In place of the path. */
  readonly url?: string | undefined;
  /** Added to the query. */
  readonly searchParams?: Query | undefined;
}

/** What a verb adds to its path. */
export interface CallURLParts {
  /** Passed at all, it must be one: neither empty nor a dot segment nor undefined. */
  readonly id?: string | undefined;
  readonly query?: Query | undefined;
}

/** Why a reference is not below the base URL. */
export type Outside = "origin" | "path" | "malformed";

/** A reference that is below the base URL, as a path that starts there; or why it is not. */
export type Located =
  | {
      /** For `resolve`: with a leading slash, or empty, or absolute where it could be misread; with its own query. */
      readonly path: string;
    }
  | { readonly outside: Outside };

/** The base URL of a service provider. */
export class BaseURL {
  /** Scheme, host and port. */
  readonly origin: string;
  /** The path without a slash at its end; empty for the root. */
  readonly path: string;
  readonly #query: string;
  readonly #queryNames: ReadonlySet<string>;

  /**
   * Takes an absolute http or https URL; its path and query are kept for every request.
   *
   * Throws `TypeError` for anything else, and for user information (`https://user:password@…`) or a fragment.
   */
  constructor(url: string | URL) {
    const parsed = parseURL(String(url));
    if (parsed === undefined) throw new TypeError(`the base URL must be an absolute URL, ${SUCH_AS}`);
    if (parsed.protocol !== "https:" && parsed.protocol !== "http:") {
      throw new TypeError(`the base URL must be an http or https URL, ${SUCH_AS}, not ${parsed.protocol}`);
    }
    if (parsed.username !== "" || parsed.password !== "") {
      throw new TypeError(
        "the base URL must not hold user information; pass `auth: basic(user, password)` instead",
      );
    }
    if (parsed.hash !== "") throw new TypeError("the base URL must not have a fragment");
    this.origin = parsed.origin;
    this.path = withoutSlash(parsed.pathname);
    this.#query = parsed.search.slice(1);
    this.#queryNames = new Set(new URLSearchParams(this.#query).keys());
  }

  /**
   * The URL of a path below the base URL: `/Users`, `Users`, the same with the base path repeated before it, or an
   * absolute URL of the same origin and below the base path.
   *
   * Throws `TypeError` for a path that leads elsewhere, and for an id that is not text, empty, `.` or `..`.
   */
  resolve(path: string, parts: URLParts = {}): URL {
    const url = this.#below(path);
    if (typeof url === "string") throw new TypeError(`the path ${LEADS[url]}`);
    if ("id" in parts) url.pathname = `${withoutSlash(url.pathname)}/${encodeSegment(parts.id)}`;
    const query = parts.searchParams === undefined ? [] : pairs(parts.searchParams);
    if (query.length > 0 || this.#query !== "") url.search = this.#merge(url.search.slice(1), query);
    return url;
  }

  /**
   * The URL of a request: the call's own `url`, else the path with the id behind it; with the query parameters of both.
   *
   * Throws `TypeError` when the URL is not below the base URL, or the id is none.
   */
  ofCall(path: string, call: CallURL | undefined, parts: CallURLParts = {}): URL {
    const searchParams = { ...parts.query, ...call?.searchParams };
    if (call?.url !== undefined) {
      if ("id" in parts) encodeSegment(parts.id);
      return this.resolve(call.url, { searchParams });
    }
    return this.resolve(path, "id" in parts ? { id: parts.id, searchParams } : { searchParams });
  }

  /**
   * Where a reference that the server gave leads, such as the endpoint of a resource type: a path for `resolve`, or
   * the reason why it must not be used.
   */
  locate(reference: string): Located {
    const url = this.#below(reference);
    if (typeof url === "string") return { outside: url };
    const path = url.pathname.slice(this.path.length) + url.search;
    // What would be taken for a host or for the base path stays absolute.
    return { path: path.startsWith("//") || this.#repeats(path) ? url.href : path };
  }

  /**
   * The target of a `Location` header, which is relative to the URL it was answered to (RFC 9110 §10.2.2);
   * `undefined` unless it is below the base URL.
   */
  follow(location: string, from: URL): URL | undefined {
    const url = parseURL(location, from);
    if (url === undefined || !this.contains(url)) return undefined;
    url.hash = "";
    return url;
  }

  /** Whether a URL is on the base URL's origin, below its path, and without user information. */
  contains(url: URL): boolean {
    return this.#outside(url) === undefined;
  }

  /**
   * A URL for messages and hooks: no user information, and no values of the base URL's own query, of parameters whose names
   * speak of credentials (`access_token`), and of those in `secret`.
   */
  redact(url: URL, secret: readonly string[] = []): string {
    if (url.search === "" && url.username === "" && url.password === "") return url.href;
    const query = url.search
      .slice(1)
      .split("&")
      .map((pair) => (this.#isSecret(nameOf(pair), secret) ? `${rawNameOf(pair)}=***` : pair))
      .join("&");
    return url.origin + url.pathname + (query === "" ? "" : `?${query}`);
  }

  /** The values that `redact` leaves out, as they stand in the URL and as they are meant. */
  secretsOf(url: URL, secret: readonly string[] = []): string[] {
    const raw = url.search.slice(1).split("&");
    const meant = [...url.searchParams];
    const values = [
      ...raw.map((pair) => [nameOf(pair), pair.slice(rawNameOf(pair).length + 1)] as const),
      ...meant,
    ];
    return values.filter(([name]) => this.#isSecret(name, secret)).map(([, value]) => value);
  }

  #isSecret(name: string, secret: readonly string[]): boolean {
    return this.#queryNames.has(name) || secret.includes(name) || isSecretName(name);
  }

  #below(reference: string): URL | Outside {
    if (typeof reference !== "string") return "malformed";
    const absolute = /^\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(reference);
    const below = reference.startsWith("/") || reference === "" ? reference : `/${reference}`;
    const url = absolute ? parseURL(reference, this.origin) : parseURL(this.origin + this.path + below);
    if (url === undefined) return "malformed";
    if (!absolute && url.pathname.startsWith(this.path) && this.#repeats(url.pathname.slice(this.path.length))) {
      url.pathname = url.pathname.slice(this.path.length);
    }
    url.hash = "";
    // Removes the question mark of an empty query.
    if (url.search === "") url.search = "";
    return this.#outside(url) ?? url;
  }

  #repeats(path: string): boolean {
    return this.path !== "" && path.startsWith(`${this.path}/`);
  }

  #outside(url: URL): Outside | undefined {
    if (url.origin !== this.origin || url.username !== "" || url.password !== "") return "origin";
    return url.pathname === this.path || url.pathname.startsWith(`${this.path}/`) ? undefined : "path";
  }

  #merge(own: string, added: ReadonlyArray<readonly [string, string]>): string {
    const given = own === "" ? [] : own.split("&");
    const taken = new Set([...given.map(nameOf), ...added.map(([name]) => name)]);
    const kept = this.#query === "" ? [] : this.#query.split("&").filter((pair) => !taken.has(nameOf(pair)));
    const replaced = new Set(added.map(([name]) => name));
    return [
      ...kept,
      ...given.filter((pair) => !replaced.has(nameOf(pair))),
      ...added.map(([name, value]) => `${encodeQuery(name)}=${encodeQuery(value)}`),
    ].join("&");
  }
}

/**
 * An id as one path segment: everything but unreserved characters, `!*'()` and `:` is percent-encoded.
 *
 * Throws `TypeError` for what is not text, is empty, `.` or `..`, or holds a lone surrogate.
 */
export function encodeSegment(id: unknown): string {
  if (typeof id !== "string") throw new TypeError(`the id must be a string, not ${kindOf(id)}`);
  if (id === "" || id === "." || id === "..") {
    throw new TypeError(`the id must be a path segment of its own, not "${id}" (RFC 3986 §3.3)`);
  }
  return encode(id, "id").replaceAll("%3A", ":");
}

const SUCH_AS = "such as https://example.com/scim/v2";

const LEADS: Readonly<Record<Outside, string>> = {
  origin: "leads to another origin than the base URL; requests and credentials go to that origin only",
  path: "leads outside the base URL's path",
  malformed: "is not a URL reference (RFC 3986 §4.1)",
};

function encodeQuery(text: string): string {
  return encode(text, "query parameter").replaceAll("%3A", ":").replaceAll("%2C", ",");
}

function encode(text: string, subject: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw new TypeError(`the ${subject} must be well-formed Unicode, without lone surrogates`);
  }
}

function pairs(params: SearchParams): Array<[string, string]> {
  if (params instanceof URLSearchParams) return [...params];
  const list: Array<[string, string]> = [];
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) list.push([name, Array.isArray(value) ? value.join(",") : String(value)]);
  }
  return list;
}

function rawNameOf(pair: string): string {
  const end = pair.indexOf("=");
  return end === -1 ? pair : pair.slice(0, end);
}

function nameOf(pair: string): string {
  const raw = rawNameOf(pair).replaceAll("+", " ");
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function withoutSlash(path: string): string {
  let end = path.length;
  while (end > 0 && path.charCodeAt(end - 1) === 0x2f) end -= 1;
  return path.slice(0, end);
}

/** The URL of a text, relative to `base` where it is given; `undefined` for what is none. Node has `URL.parse` from 22.1 on. */
export function parseURL(text: string, base?: string | URL): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

/** Whether a host, as a URL has it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
