/**
 * Header fields of a request (RFC 9110 §5): checked before anything prints them, merged, and redacted for hooks.
 *
 * @module
 */

/** Header fields as a user writes them. */
export type HeaderFields =
  Headers | Iterable<readonly [string, string]> | { readonly [name: string]: string | undefined };

/** Header fields by their name in lower case. */
export type HeaderRecord = Record<string, string>;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const SECRET =
  /^(?:proxy-)?authorization$|^(?:x-)?(?:auth|code|key|pwd|sig)$|cookie|token|secret|passw(?:or)?d|passphrase|session|credential|assertion|signature|jwt|(?:access|api|functions|subscription)[-_]?key/;

/** Whether it is a token (RFC 9110 §5.6.2), as names of header fields and methods are. */
export function isToken(text: unknown): text is string {
  return typeof text === "string" && TOKEN.test(text);
}

/** Whether a header field or query parameter of this name carries credentials. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name.toLowerCase());
}

/**
 * Adds header fields to a record; a later field replaces an earlier one of the same name.
 *
 * Throws `TypeError` for a name that is not a token and for a value with a line break or a character outside
 * ISO 8859-1; the message names the field and never holds the value.
 */
export function addHeaders(record: HeaderRecord, fields: HeaderFields | undefined): HeaderRecord {
  if (fields === undefined) return record;
  const entries: Iterable<readonly [string, string | undefined]> = isIterable(fields)
    ? fields
    : Object.entries(fields);
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    if (!isToken(name)) throw new TypeError("a header field name must be a token (RFC 9110 §5.1)");
    if (typeof value !== "string" || !VALUE.test(value)) {
      throw new TypeError(`the header field "${name}" must be text without line breaks (RFC 9110 §5.5)`);
    }
    Object.defineProperty(record, name.toLowerCase(), {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return record;
}

/**
 * A copy for hooks: fields that carry credentials read `***`, as do those named in `secret`, which hold whatever
 * `auth` gave.
 */
export function redactHeaders(record: HeaderRecord, secret: HeaderRecord): Headers {
  const headers = new Headers(record);
  for (const name of Object.keys(record)) {
    if (Object.hasOwn(secret, name) || SECRET.test(name)) headers.set(name, "***");
  }
  return headers;
}

/**
 * The texts that must not be shown: values of such fields, what follows the scheme in them, and what Basic credentials say
 * (RFC 7617).
 */
export function secretsOf(record: HeaderRecord, secret: HeaderRecord): string[] {
  const values = Object.entries(record)
    .filter(([name]) => Object.hasOwn(secret, name) || SECRET.test(name))
    .map(([, value]) => value);
  const credentials = values.map((value) => value.slice(value.indexOf(" ") + 1));
  const passwords = values.filter((value) => /^basic /i.test(value)).flatMap(basicSecrets);
  return [...values, ...credentials, ...passwords].filter((text) => text !== "");
}

function basicSecrets(value: string): string[] {
  try {
    const bytes = Uint8Array.from(atob(value.slice(6).trim()), (character) => character.charCodeAt(0));
    const pair = new TextDecoder().decode(bytes);
    return [pair, pair.slice(pair.indexOf(":") + 1)];
  } catch {
    return [];
  }
}

function isIterable(
  fields: HeaderFields,
): fields is Exclude<HeaderFields, { readonly [name: string]: string | undefined }> {
  return Symbol.iterator in fields;
}
