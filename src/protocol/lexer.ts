/**
 * Reads the words of filters and paths (RFC 7644 §3.4.2.2, figure 1, and §3.5.2, figure 7): attribute paths, keywords and
 * JSON literals. It only ever moves forward, one look at each character, so the time is linear in the text.
 *
 * @module
 */
import { SCIMSyntaxError } from "../errors.ts";
import { isAttributeName, SCHEMA_BOUNDS } from "../schema/attribute.ts";
import { isURN, type AttributePath } from "../schema/attribute-path.ts";
import {
  BACKSLASH,
  BLANK,
  COLON,
  DIGIT,
  DOT,
  HEX,
  isKind,
  LETTER,
  letterIndex,
  LOWER,
  MINUS,
  NAME,
  QUOTE,
  URN,
  ZERO,
} from "./character.ts";
import { FILTER_BOUNDS, isFilter, type ComparisonOperator, type Filter, type FilterValue } from "./filter.ts";

const CONTROL_ESCAPE = "an escape for the control character";

/** What a template may hold: literals, and filters where a whole filter can stand. */
export type TemplateValue = FilterValue | Date | Filter;

type Operator = ComparisonOperator | "pr";

/** Stands for a template's value in its text. No filter or path has this character anywhere, not even in a string. */
const HOLE = "\0";

/** Names of this length cannot be among those that JavaScript keeps for itself, `prototype` being the shortest. */
const SHORT = 8;

const NONE: readonly never[] = Object.freeze([]);

const OPERATORS: ReadonlyArray<Operator | undefined> = operators();

/** The text of a filter or a path with a position in it. */
export class Lexer {
  readonly text: string;
  /** Where reading goes on, in UTF-16 units. */
  offset = 0;
  /** Whether something was read that is not in the grammar, but in an example of the RFC. */
  misprinted = false;
  readonly #subject: "filter" | "path";
  readonly #values: readonly unknown[];
  #taken = 0;
  /** Whether what stands here is meant as a value, and where the last value ended. */
  #inValue = false;
  #valueEnd = -1;

  /**
   * @param values what stands at each hole of a template's text.
   * @throws {SCIMSyntaxError} when the text is longer than `FILTER_BOUNDS.length`.
   */
  constructor(subject: "filter" | "path", text: string, values: readonly unknown[] = NONE) {
    if (typeof text !== "string") throw new TypeError(`a ${subject} is read from a string`);
    this.text = text;
    this.#subject = subject;
    this.#values = values;
    if (text.length > FILTER_BOUNDS.length) {
      this.fail(`no more than ${FILTER_BOUNDS.length} characters`, FILTER_BOUNDS.length);
    }
  }

  /** The code of the next character; NaN at the end. */
  peek(): number {
    return this.text.charCodeAt(this.offset);
  }

  atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** Moves past blanks; tells whether there were any. */
  blanks(): boolean {
    const start = this.offset;
    this.#skip(BLANK);
    return this.offset > start;
  }

  /** Moves past blanks, of which there must be one. */
  separator(): void {
    if (!this.blanks()) this.fail("a space");
  }

  /** As `separator`, but for a string, whose quotation mark is enough: RFC 7644 §3.5.2.2 has an example without a space. */
  beforeLiteral(): void {
    this.#inValue = true;
    if (this.blanks() || this.atEnd()) return;
    if (this.peek() !== QUOTE) this.fail("a space");
    this.misprinted = true;
  }

  /** Moves past one character if it is next. */
  take(character: string): boolean {
    if (this.text[this.offset] !== character) return false;
    this.offset += 1;
    return true;
  }

  /** Whether a word stands next, whatever its case, and ends there. */
  isWord(word: string): boolean {
    for (let index = 0; index < word.length; index += 1) {
      if ((this.text.charCodeAt(this.offset + index) | LOWER) !== word.charCodeAt(index)) return false;
    }
    return !this.#is(this.offset + word.length, NAME);
  }

  /** Moves past an operator, in any case; `undefined` when the next word is none. */
  operator(): Operator | undefined {
    const { text, offset } = this;
    const operator =
      OPERATORS[letterIndex(text.charCodeAt(offset)) * 26 + letterIndex(text.charCodeAt(offset + 1))];
    if (operator === undefined || this.#is(offset + 2, NAME)) return undefined;
    this.offset = offset + 2;
    return operator;
  }

  /** attrPath: an attribute with its sub-attributes, after a schema URN or alone. */
  attributePath(expected: string): AttributePath {
    const start = this.offset;
    this.#skip(NAME);
    if (this.peek() === COLON) return this.#qualifiedPath(start);
    return attributePath(undefined, this.#name(start, expected), this.subAttributes());
  }

  /** Any number of sub-attributes, each after its dot. */
  subAttributes(): readonly string[] {
    if (this.peek() !== DOT) return NONE;
    const names: string[] = [];
    while (this.peek() === DOT) {
      if (names.length === SCHEMA_BOUNDS.depth) this.fail(`no more than ${SCHEMA_BOUNDS.depth} sub-attributes`);
      this.offset += 1;
      const start = this.offset;
      this.#skip(NAME);
      names.push(this.#name(start, "a sub-attribute name"));
    }
    return Object.freeze(names);
  }

  /**
   * compValue: a JSON string, number, boolean or null; the words in any case. For the name of a resource type a word will do:
   * RFC 7644 §3.4.2.1 has an example without quotation marks.
   */
  literal(compared: AttributePath): FilterValue {
    this.#inValue = true;
    const code = this.peek();
    let value: FilterValue;
    if (code === QUOTE) value = this.#string();
    else if (code === MINUS || this.#is(this.offset, DIGIT)) value = this.#number();
    else if (this.isWord("true")) value = this.#word(4, true);
    else if (this.isWord("false")) value = this.#word(5, false);
    else if (this.isWord("null")) value = this.#word(4, null);
    else if (this.isHole()) value = this.#literalOf(this.#hole());
    else if (this.#is(this.offset, LETTER) && isResourceType(compared)) value = this.#bareWord();
    else return this.fail("a string in quotation marks, a number, true, false or null");
    this.#inValue = false;
    this.#valueEnd = this.offset;
    return value;
  }

  /** Whether a template's value stands next. */
  isHole(): boolean {
    return this.#taken < this.#values.length && this.text[this.offset] === HOLE;
  }

  /** The filter that stands here in a template. */
  filter(): Filter {
    const value = this.#hole();
    if (isFilter(value)) return value;
    throw new TypeError(`${this.#place()} has the place of a filter; ${describe(value)} is none`);
  }

  /** Nothing more may follow. */
  end(expected: string): void {
    if (!this.atEnd()) this.fail(expected);
  }

  /**
   * @throws {SCIMSyntaxError} always, but for a template's value in a place where none can be.
   * @throws {TypeError} for that one.
   */
  fail(expected: string, offset: number = this.offset): never {
    this.offset = offset;
    if (this.isHole()) {
      this.#taken += 1;
      const where =
        expected === CONTROL_ESCAPE
          ? "stands within quotation marks; leave them out, it is quoted for you"
          : undefined;
      throw new TypeError(`${this.#place()} ${where ?? `cannot be a value; expected ${expected}`}`);
    }
    throw new SCIMSyntaxError(this.#subject, expected, offset, this.#found(offset));
  }

  #is(offset: number, kind: number): boolean {
    return isKind(this.text.charCodeAt(offset), kind);
  }

  /** Moves past characters of a kind. */
  #skip(kind: number): void {
    const { text } = this;
    let { offset } = this;
    while (offset < text.length && isKind(text.charCodeAt(offset), kind)) offset += 1;
    this.offset = offset;
  }

  /** What was just read is a name. Of short ones that start with a letter, all are names. */
  #name(start: number, expected: string): string {
    const name = this.text.slice(start, this.offset);
    const plain = name.length <= SHORT && this.#is(start, LETTER);
    if (!plain && !isAttributeName(name)) this.fail(expected, start);
    return name;
  }

  /** The URN ends at the last colon before a name; a text that ends otherwise names a schema as a whole. */
  #qualifiedPath(start: number): AttributePath {
    this.#skip(URN);
    const end = this.offset;
    const colon = this.text.lastIndexOf(":", end - 1);
    const schema = this.text.slice(start, colon);
    const names = this.text.slice(colon + 1, end);
    if (isURN(schema)) {
      const dotted = names.includes(".");
      if (!dotted && isAttributeName(names)) return attributePath(schema, names, NONE);
      const [first = "", ...others] = dotted ? names.split(".") : [];
      if (isAttributeName(first) && others.length <= SCHEMA_BOUNDS.depth && others.every(isAttributeName)) {
        return attributePath(schema, first, Object.freeze(others));
      }
    }
    const whole = this.text.slice(start, end);
    if (isURN(whole)) return attributePath(whole, "", NONE);
    return this.fail("an attribute name after a schema URN", start);
  }

  #string(): string {
    const { text } = this;
    const start = this.offset;
    let end = start + 1;
    let escaped = false;
    for (; ; end += 1) {
      const code = text.charCodeAt(end);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        escaped = true;
        end = this.#escape(end);
      } else if (!(code >= 0x20)) {
        this.fail(end < text.length ? CONTROL_ESCAPE : "a closing quotation mark", end);
      }
    }
    this.offset = end + 1;
    return escaped ? (JSON.parse(text.slice(start, this.offset)) as string) : text.slice(start + 1, end);
  }

  /** The offset of an escape's last character. */
  #escape(offset: number): number {
    const code = this.text.charCodeAt(offset + 1);
    if (code === 0x75) {
      for (let digit = offset + 2; digit < offset + 6; digit += 1) {
        if (!this.#is(digit, HEX)) this.fail("four hexadecimal digits", digit);
      }
      return offset + 5;
    }
    if (!'"\\/bfnrt'.includes(this.text.charAt(offset + 1)) || Number.isNaN(code)) {
      this.fail("an escape of JSON", offset);
    }
    return offset + 1;
  }

  #number(): number {
    const start = this.offset;
    if (this.peek() === MINUS) this.offset += 1;
    if (this.peek() === ZERO) this.offset += 1;
    else this.#digits();
    if (this.take(".")) this.#digits();
    if ((this.peek() | LOWER) === 0x65) {
      this.offset += 1;
      if (!this.take("+")) this.take("-");
      this.#digits();
    }
    const text = this.text.slice(start, this.offset);
    const value = Number(text);
    if (!Number.isFinite(value)) this.fail("a number that a double can hold", start);
    // An identifier of twenty digits would be printed as another.
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER && String(value) !== text && /^-?\d+$/.test(text)) {
      this.fail("a number that a double can hold exactly", start);
    }
    return value === 0 ? 0 : value;
  }

  #digits(): void {
    if (!this.#is(this.offset, DIGIT)) this.fail("a digit");
    this.#skip(DIGIT);
  }

  #bareWord(): string {
    const start = this.offset;
    this.#skip(NAME);
    this.misprinted = true;
    return this.text.slice(start, this.offset);
  }

  #word<T>(length: number, value: T): T {
    this.offset += length;
    return value;
  }

  #hole(): unknown {
    this.offset += 1;
    this.#taken += 1;
    return this.#values[this.#taken - 1];
  }

  #literalOf(value: unknown): FilterValue {
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value === 0 ? 0 : value;
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new TypeError(
      `${this.#place()} has the place of a string, finite number, boolean, null or valid Date; ${describe(value)} is none`,
    );
  }

  #place(): string {
    return `value ${this.#taken} of the ${this.#subject} template`;
  }

  /**
   * The token at an offset, cut so that a message stays one short line. What may be a value, which may be a password, is not
   * quoted, but for a single mark: what stands in its place or goes on after it, as where a quotation mark within it was not
   * escaped.
   */
  #found(offset: number): string {
    if (offset >= this.text.length) return "the end";
    if (!this.#is(offset, NAME)) return JSON.stringify(this.text.charAt(offset));
    const { text } = this;
    if (this.#inValue) return "an unquoted text";
    if (offset === this.#valueEnd || (this.#valueEnd !== -1 && hasOddQuotes(text, offset))) return "more text";
    const kind = /^(?:urn|https?):/i.test(text.slice(offset, offset + 6)) ? URN : NAME;
    let end = offset + 1;
    while (end < offset + 20 && this.#is(end, kind)) end += 1;
    return JSON.stringify(text.slice(offset, end));
  }
}

/** Whether a string ends behind an offset that did not begin there. */
function hasOddQuotes(text: string, offset: number): boolean {
  return text.slice(offset).split('"').length % 2 === 0;
}

/**
 * A template's text with a hole for each value. The text is taken as written, so `\"` and `\\` are escapes of JSON in it.
 *
 * @throws {TypeError} when it is not called as a template tag.
 */
export function templateText(subject: "filter" | "path", strings: TemplateStringsArray): string {
  const raw: readonly string[] | undefined = (strings as Partial<TemplateStringsArray> | undefined)?.raw;
  if (raw === undefined) throw new TypeError(`${subject} is a template tag: ${subject}\`…\``);
  if (raw.some((part) => part.includes(HOLE))) throw new TypeError(`a ${subject} cannot hold U+0000`);
  return raw.join(HOLE);
}

function attributePath(
  schema: string | undefined,
  attribute: string,
  subAttributes: readonly string[],
): AttributePath {
  return Object.freeze(schema === undefined ? { attribute, subAttributes } : { schema, attribute, subAttributes });
}

function isResourceType({ attribute, subAttributes }: AttributePath): boolean {
  const [name = "", ...more] = subAttributes;
  return attribute.toLowerCase() === "meta" && name.toLowerCase() === "resourcetype" && more.length === 0;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? "this object" : typeof value === "number" ? String(value) : typeof value;
}

function operators(): ReadonlyArray<Operator | undefined> {
  const table = Array.from<Operator | undefined>({ length: 26 * 26 });
  for (const operator of ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"] as const) {
    table[letterIndex(operator.charCodeAt(0)) * 26 + letterIndex(operator.charCodeAt(1))] = operator;
  }
  return table;
}
