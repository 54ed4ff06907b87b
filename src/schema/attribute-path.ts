/**
 * Attribute notation (RFC 7644 §3.10): `userName`, `name.familyName`,
 * `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value`. Paths with a value filter belong to the
 * protocol.
 *
 * @module
 */
import { isAttributeName, type Attribute } from "./attribute.ts";

/** The parts of an attribute path. */
export interface AttributePath {
  /** The schema URN that precedes the attribute, as written; absent for a short name. */
  readonly schema?: string;
  /** The attribute; empty when the path names a schema as a whole. */
  readonly attribute: string;
  /** Sub-attributes from the outer to the inner; RFC 7643 knows one level, extensions such as RFC 9944 more. */
  readonly subAttributes: readonly string[];
}

/**
 * Splits an attribute path. A URN ends at the colon before the attribute, so a version such as `2.0` in it is no
 * sub-attribute. Which URNs are schemas only a model knows: `urn:example:User` reads as attribute `User` of `urn:example`
 * here, and `ResourceModel.resolve` tries the whole text as a schema first.
 *
 * @returns `undefined` when the text is not in the notation.
 */
export function splitAttributePath(text: string): AttributePath | undefined {
  const colon = text.lastIndexOf(":");
  const schema = colon === -1 ? undefined : text.slice(0, colon);
  if (schema !== undefined && !isURN(schema)) return undefined;
  const [attribute = "", ...subAttributes] = text.slice(colon + 1).split(".");
  if (!isAttributeName(attribute) || !subAttributes.every(isAttributeName)) return undefined;
  return schema === undefined ? { attribute, subAttributes } : { schema, attribute, subAttributes };
}

/** Joins the parts again. */
export function joinAttributePath(path: AttributePath): string {
  const names = [path.attribute, ...path.subAttributes].filter((name) => name !== "").join(".");
  return path.schema === undefined ? names : names === "" ? path.schema : `${path.schema}:${names}`;
}

/** The path of attributes from the outer to the inner, in the schema's spelling. */
export function formatAttributes(attributes: readonly Attribute[]): string {
  let path = "";
  let separator = "";
  for (const { name, extension } of attributes) {
    path += separator + name;
    separator = extension ? ":" : ".";
  }
  return path;
}

/**
 * Whether a text has the form of a URN (RFC 8141 §2), as far as schema identifiers need it: one word of the characters
 * that RFC 3986 lets stand there, but for the parentheses, which would end a group in a filter.
 */
export function isURN(text: string): boolean {
  return text.length <= 1024 && /^[Uu][Rr][Nn]:[A-Za-z0-9][A-Za-z0-9-]*:[\w!$%&'*+,./:;=?@~#-]+$/.test(text);
}
