/**
 * The characters of filters and paths (RFC 7644 §3.4.2.2, figure 1), all of them ASCII.
 *
 * @module
 */

export const QUOTE = 0x22;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const ZERO = 0x30;
export const COLON = 0x3a;
export const LEFT_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;

/** Sets the bit by which an ASCII letter's lower case differs from its upper case. */
export const LOWER = 0x20;

/** SP, and what people write for it. */
export const BLANK = 1;
/** ALPHA */
export const LETTER = 2;
/** DIGIT */
export const DIGIT = 4;
/** What `\\u` takes four of in a JSON string. */
export const HEX = 8;
/** nameChar, and the `$` of `$ref`. */
export const NAME = 16;
/** What a schema URN with an attribute after it is made of (RFC 8141 §2); parentheses would end a group. */
export const URN = 32;

const KINDS: Uint8Array = kinds();

/** Whether a character is of a kind; the code is NaN after the end of a text. */
export function isKind(code: number, kind: number): boolean {
  return code < KINDS.length && ((KINDS[code] ?? 0) & kind) !== 0;
}

/** A letter's position in the alphabet, from 0; NaN for any other character. */
export function letterIndex(code: number): number {
  const position = (code | LOWER) - 0x61;
  return position >= 0 && position < 26 ? position : Number.NaN;
}

function kinds(): Uint8Array {
  const table = new Uint8Array(128);
  const mark = (characters: string, kind: number): void => {
    for (const character of characters) table[character.charCodeAt(0)] = kind;
  };
  mark(" \t\n\r", BLANK);
  mark("!$%&'*+,-./:;=?@_~#", URN);
  mark("$-_", NAME | URN);
  mark("ABCDEFabcdef", LETTER | HEX | NAME | URN);
  mark("GHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz", LETTER | NAME | URN);
  mark("0123456789", DIGIT | HEX | NAME | URN);
  return table;
}
