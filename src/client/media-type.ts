/**
 * Media types (RFC 9110 §8.3.1). SCIM's own is `application/scim+json` (RFC 7644 §8.1).
 *
 * @module
 */

/** What a `Content-Type` header says. */
export interface MediaType {
  /** Type and subtype in lower case, without parameters. */
  readonly name: string;
  /** The `charset` parameter in lower case. */
  readonly charset: string | undefined;
  /** Whether the body is JSON by this name: `application/json`, `text/json`, anything `+json`, also `json+scim`. */
  readonly json: boolean;
}

const CHARSET = /;\s*charset\s*=\s*(?:"([^"]{1,40})"|([^;,\s"]{1,40}))/i;

/** Reads a `Content-Type` header, in any case and with any parameters; `undefined` if there is none. */
export function parseMediaType(header: string | null): MediaType | undefined {
  if (header === null) return undefined;
  const end = header.indexOf(";");
  const name = (end === -1 ? header : header.slice(0, end)).trim().toLowerCase();
  if (name === "") return undefined;
  const charset = end === -1 ? null : CHARSET.exec(header.slice(end, end + 1000));
  return { name, charset: (charset?.[1] ?? charset?.[2])?.toLowerCase(), json: isJson(name) };
}

function isJson(name: string): boolean {
  const subtype = name.slice(name.indexOf("/") + 1);
  return name.includes("/") && (subtype === "json" || subtype.endsWith("+json") || subtype.startsWith("json+"));
}
