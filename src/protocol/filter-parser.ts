/**
 * From the text of a filter to its tree (RFC 7644 §3.4.2.2, figure 1, with errata 4690, 7319 and 7322).
 *
 * @module
 */
import type { AttributePath } from "../schema/attribute-path.ts";
import { DOT, LEFT_BRACKET } from "./character.ts";
import {
  allOf,
  anyOf,
  Comparison,
  depthOf,
  FILTER_BOUNDS,
  hasValuePath,
  Negation,
  Present,
  ValuePath,
  type Filter,
} from "./filter.ts";
import { Lexer, templateText, type TemplateValue } from "./lexer.ts";

/**
 * How a filter is written: as the RFC says, or with what Entra adds, `emails[type eq "work"].value eq "b@example.com"`, which
 * is read as the RFC's `emails[type eq "work" and value eq "b@example.com"]`.
 */
export type FilterDialect = "rfc" | "entra";

/** How `parseFilter` reads. */
export interface ParseFilterOptions {
  /** Default `rfc`. */
  readonly dialect?: FilterDialect;
}

/**
 * Parses a filter. Operators, `and`, `or`, `not`, `true`, `false` and `null` are taken in any case; names keep theirs.
 * Where the grammar has one space, any number of blanks will do; `not(` needs none. So are the RFC's own misprints: no
 * space before a string, `value eq"2819c223"` (§3.5.2.2), and the name of a resource type without quotation marks,
 * `meta.resourceType eq User` (§3.4.2.1).
 *
 * `not` binds closer than `and`, `and` closer than `or`. Groups that change nothing leave no trace in the tree.
 *
 * @throws {SCIMSyntaxError} where the text leaves the grammar, is longer than 1,048,576 UTF-16 units or nests deeper than
 *   64 levels.
 * @throws {TypeError} when the text is not a string.
 */
export function parseFilter(text: string, options: ParseFilterOptions = {}): Filter {
  return parseWhole(new Lexer("filter", text), options.dialect ?? "rfc");
}

/**
 * The text of a filter as it can be sent: as it is, unless it has one of the RFC's misprints, which is put right.
 *
 * @throws as `parseFilter` does.
 */
export function correctedFilter(text: string): string {
  const lexer = new Lexer("filter", text);
  const parsed = parseWhole(lexer, "rfc");
  return lexer.misprinted ? String(parsed) : text;
}

/**
 * A filter from a template: `` filter`userName eq ${login} and ${other}` ``. Each value stands for a literal, escaped as
 * need be (a `Date` as its dateTime), or is a whole filter and counts as if in parentheses. The text between is read as
 * `parseFilter` reads, with escapes as written: `\"` is JSON's.
 *
 * @throws {SCIMSyntaxError} where the text leaves the grammar.
 * @throws {TypeError} for a value of another type, or in a place where no literal and no filter can stand.
 */
export function filter(strings: TemplateStringsArray, ...values: readonly TemplateValue[]): Filter {
  return parseWhole(new Lexer("filter", templateText("filter", strings), values), "rfc");
}

function parseWhole(lexer: Lexer, dialect: FilterDialect): Filter {
  const parser = new FilterParser(lexer, dialect);
  lexer.blanks();
  const parsed = parser.filter(0, false);
  lexer.end('"and", "or" or the end of the filter');
  parser.checkDepth(parsed);
  return parsed;
}

/** Recursive descent over a lexer; the recursion is bounded by `FILTER_BOUNDS.depth`. */
export class FilterParser {
  readonly #lexer: Lexer;
  readonly #dialect: FilterDialect;
  /** The deepest group seen, and where it was. */
  #deepest = 0;
  #deepestOffset = 0;

  constructor(lexer: Lexer, dialect: FilterDialect) {
    this.#lexer = lexer;
    this.#dialect = dialect;
  }

  /** FILTER, or valFilter between brackets; blanks after it are read as well. */
  filter(depth: number, bracketed: boolean): Filter {
    const lexer = this.#lexer;
    let term = this.#term(depth, bracketed);
    let all: Filter[] | undefined;
    let any: Filter[] | undefined;
    while (lexer.blanks()) {
      if (lexer.isWord("and")) {
        lexer.offset += 3;
        (all ??= []).push(term);
      } else if (lexer.isWord("or")) {
        lexer.offset += 2;
        (any ??= []).push(conclude(all, term));
        all = undefined;
      } else break;
      if (!lexer.atEnd()) lexer.separator();
      term = this.#term(depth, bracketed);
    }
    const last = conclude(all, term);
    if (any === undefined) return last;
    any.push(last);
    return anyOf(any);
  }

  /** valFilter in its brackets. */
  bracketed(depth: number): Filter {
    const lexer = this.#lexer;
    if (!lexer.take("[")) lexer.fail('"["');
    lexer.blanks();
    this.#enter(depth);
    const inner = this.filter(depth, true);
    if (!lexer.take("]")) lexer.fail('"and", "or" or "]"');
    return inner;
  }

  /** An operator, and the value unless it is `pr`. */
  condition(path: AttributePath, expected: string): Comparison | Present {
    const lexer = this.#lexer;
    lexer.separator();
    const operator = lexer.operator();
    if (operator === undefined) return lexer.fail(expected);
    if (operator === "pr") return new Present(path);
    lexer.beforeLiteral();
    return new Comparison(operator, path, lexer.literal(path));
  }

  /** A filter is never deeper than its own text may be; mixed `and` and `or` gain parentheses when printed. */
  checkDepth(parsed: Filter): void {
    if (this.#deepest * 2 >= FILTER_BOUNDS.depth && depthOf(parsed) > FILTER_BOUNDS.depth) {
      this.#lexer.fail(`no more than ${FILTER_BOUNDS.depth} levels`, this.#deepestOffset);
    }
  }

  #term(depth: number, bracketed: boolean): Filter {
    const lexer = this.#lexer;
    if (lexer.take("(")) return this.#group(depth + 1, bracketed);
    if (lexer.isHole()) return this.#nested(depth, bracketed);
    const start = lexer.offset;
    if (lexer.isWord("not")) {
      lexer.offset += 3;
      lexer.blanks();
      if (lexer.take("(")) return new Negation(this.#group(depth + 1, bracketed));
      lexer.offset = start;
    }
    const path = lexer.attributePath('an attribute name, "not" or "("');
    if (lexer.peek() === LEFT_BRACKET) {
      if (bracketed) lexer.fail("a space and an operator (value paths do not nest)");
      return this.#valuePath(path, depth + 1);
    }
    return this.condition(path, "an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)");
  }

  #group(depth: number, bracketed: boolean): Filter {
    const lexer = this.#lexer;
    this.#enter(depth);
    lexer.blanks();
    const inner = this.filter(depth, bracketed);
    if (!lexer.take(")")) lexer.fail('"and", "or" or ")"');
    return inner;
  }

  #valuePath(path: AttributePath, depth: number): Filter {
    const lexer = this.#lexer;
    const inner = this.bracketed(depth);
    if (this.#dialect !== "entra" || lexer.peek() !== DOT) return new ValuePath(path, inner);
    lexer.offset += 1;
    const tested = lexer.attributePath("a sub-attribute name");
    const test = this.condition(tested, "an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)");
    return new ValuePath(path, allOf([inner, test]));
  }

  #nested(depth: number, bracketed: boolean): Filter {
    const lexer = this.#lexer;
    const nested = lexer.filter();
    if (bracketed && hasValuePath(nested)) {
      throw new TypeError(`"${nested.toString()}" cannot be in brackets, value paths do not nest (erratum 4690)`);
    }
    this.#enter(depth + depthOf(nested));
    return nested;
  }

  #enter(depth: number): void {
    if (depth > FILTER_BOUNDS.depth) this.#lexer.fail(`no more than ${FILTER_BOUNDS.depth} levels`);
    if (depth > this.#deepest) {
      this.#deepest = depth;
      this.#deepestOffset = this.#lexer.offset;
    }
  }
}

function conclude(all: Filter[] | undefined, last: Filter): Filter {
  if (all === undefined) return last;
  all.push(last);
  return allOf(all);
}
