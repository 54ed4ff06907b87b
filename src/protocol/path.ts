/**
 * PATCH paths (RFC 7644 §3.5.2, figure 7, with erratum 7122): what an operation is about.
 *
 * @module
 */
import { joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";
import { LEFT_BRACKET } from "./character.ts";
import { formatFilter, type Filter } from "./filter.ts";
import { FilterParser } from "./filter-parser.ts";
import { Lexer, templateText, type TemplateValue } from "./lexer.ts";

/** A PATCH path; a path is not a filter. Paths come from `parsePath` and the `path` template and are immutable. */
export class Path {
  /** The attribute, up to the bracket if there is one. */
  readonly attribute: AttributePath;
  /** What the addressed values of a multi-valued attribute fit; its paths are sub-attributes. */
  declare readonly filter?: Filter;
  /** What follows the bracket, from the outer to the inner. */
  readonly subAttributes: readonly string[];

  /** @internal */
  constructor(attribute: AttributePath, filter?: Filter, subAttributes: readonly string[] = []) {
    this.attribute = attribute;
    if (filter !== undefined) this.filter = filter;
    this.subAttributes = Object.freeze(subAttributes);
    Object.freeze(this);
  }

  /** The path's text, which `parsePath` reads as an equal path. */
  toString(): string {
    const filter = this.filter === undefined ? "" : `[${formatFilter(this.filter)}]`;
    return joinAttributePath(this.attribute) + filter + this.subAttributes.map((name) => `.${name}`).join("");
  }
}

/**
 * Parses a PATCH path: an attribute path, or one with a value filter and sub-attributes after it. A comparison alone,
 * which erratum 7122 allows for the values of a simple multi-valued attribute, is the same as its bracketed form:
 * `schemas eq "urn:…"` is `schemas[value eq "urn:…"]`. A string needs no space before it: `members[value eq"2819c223"]`, as
 * RFC 7644 §3.5.2.2 prints it, is printed with one.
 *
 * @throws {SCIMSyntaxError} where the text leaves the grammar or the bounds of `parseFilter`.
 * @throws {TypeError} when the text is not a string.
 */
export function parsePath(text: string): Path {
  return parseWhole(new Lexer("path", text));
}

/**
 * A PATCH path from a template: `` path`emails[type eq ${type}].value` ``. Values stand for literals, or for a whole
 * filter between the brackets; see `filter`.
 *
 * @throws {SCIMSyntaxError} where the text leaves the grammar.
 * @throws {TypeError} for a value of another type, or in a place where no literal and no filter can stand.
 */
export function path(strings: TemplateStringsArray, ...values: readonly TemplateValue[]): Path {
  return parseWhole(new Lexer("path", templateText("path", strings), values));
}

function parseWhole(lexer: Lexer): Path {
  const parser = new FilterParser(lexer, "rfc");
  lexer.blanks();
  const attribute = lexer.attributePath("an attribute name");
  if (lexer.peek() === LEFT_BRACKET) {
    const selected = parser.bracketed(1);
    const subAttributes = lexer.subAttributes();
    lexer.blanks();
    lexer.end('"." or the end of the path');
    parser.checkDepth(selected);
    return new Path(attribute, selected, subAttributes);
  }
  const end = lexer.offset;
  lexer.blanks();
  if (lexer.atEnd()) return new Path(attribute);
  lexer.offset = end;
  const { target, tested } = implied(attribute);
  const condition = parser.condition(tested, '"[", "." or the end of the path');
  lexer.blanks();
  lexer.end("the end of the path");
  return new Path(target, condition);
}

/** The attribute whose values a bare comparison selects, and the sub-attribute that it compares. */
function implied(attribute: AttributePath): { target: AttributePath; tested: AttributePath } {
  const outer = attribute.subAttributes.slice(0, -1);
  const name = attribute.subAttributes.at(-1) ?? "value";
  return {
    target: Object.freeze({ ...attribute, subAttributes: Object.freeze(outer) }),
    tested: Object.freeze({ attribute: name, subAttributes: Object.freeze([]) }),
  };
}
