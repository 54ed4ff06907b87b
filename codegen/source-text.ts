/**
 * Text of others in TypeScript source: string literals, property names, comments and data, such that whatever a server
 * chose stays what it is and becomes nothing else.
 *
 * @module
 */

/** How wide a line of generated code may be, which is prettier's own default. */
export const LINE_WIDTH = 80;

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Tools take this for the place of a source map wherever it stands in a file, in a string too, and open what it names. */
const SOURCE_MAP = /(?<=source(?:Mapping)?URL)=/g;

/** A string literal on one line of printable characters, in double quotes. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text)
    .replace(SOURCE_MAP, escaped)
    .replace(/[\p{C}\u2028\u2029]/gu, escaped);
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}

/** A property name, in quotes only when it needs them. */
export function propertyName(name: string): string {
  return IDENTIFIER.test(name) ? name : stringLiteral(name);
}

/** The longest description that is repeated in a comment, in UTF-16 units. */
const LONGEST_DESCRIPTION = 1000;

/**
 * A server's description as a comment can hold it: one paragraph without the end of a comment, without invisible
 * characters, and without anything that a tool takes for a tag.
 */
export function commentText(description: string): string {
  const text = description.replace(/[\p{C}\s]+/gu, " ").trim();
  const cut = text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION).trimEnd()}…` : text;
  return cut
    .replace(/\p{Cs}/gu, "")
    .replaceAll("*/", "* /")
    .replace(SOURCE_MAP, " =")
    .replace(/(?<![\w.+-])@(?=\w)/g, "\\@");
}

/**
 * The lines of a comment's paragraphs, broken between words.
 *
 * @param width how long a line may be; a longer word has a line of its own.
 */
export function wrap(paragraphs: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const [index, paragraph] of paragraphs.entries()) {
    if (index > 0) lines.push("");
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line === "") line = word;
      else if (line.length + 1 + word.length <= width) line += ` ${word}`;
      else {
        lines.push(line);
        line = word;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** Data that can be written as a literal; a member that is undefined is left out. */
export type Data = string | boolean | readonly Data[] | { readonly [member: string]: Data | undefined } | Code;

/** An expression among data, such as the name of a constant. */
export class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Data as an expression, laid out as prettier does where no text holds a quotation mark.
 *
 * @param indent how far the line that the expression starts in is indented.
 * @param used how much of that line stands before it, the indentation included, and after it.
 */
export function dataLiteral(data: Data, indent: number, used: number): string {
  const flat = flatLiteral(data);
  if (typeof data !== "object" || data instanceof Code) return flat;
  const pad = " ".repeat(indent + 2);
  if (isList(data)) {
    if (!expandsAlways(data) && used + flat.length <= LINE_WIDTH) return flat;
    const items = data.map((item) => `${pad}${dataLiteral(item, indent + 2, indent + 3)},\n`);
    return `[\n${items.join("")}${" ".repeat(indent)}]`;
  }
  const members = membersOf(data);
  if (!members.some(([, value]) => isBroken(value)) && used + flat.length <= LINE_WIDTH) return flat;
  const lines = members.map(([name, value]) => {
    const key = `${propertyName(name)}: `;
    const literal = dataLiteral(value, indent + 2, indent + 3 + key.length);
    const fits = indent + 3 + key.length + literal.length <= LINE_WIDTH || isNested(value) || key.length < LONG_KEY;
    return fits ? `${pad}${key}${literal},\n` : `${pad}${key.trimEnd()}\n${pad}  ${literal},\n`;
  });
  return `{\n${lines.join("")}${" ".repeat(indent)}}`;
}

/** After a key that is no longer than this prettier breaks no line. */
const LONG_KEY = "name: ".length + 1;

function isNested(data: Data): boolean {
  return typeof data === "object" && !(data instanceof Code);
}

function flatLiteral(data: Data): string {
  if (typeof data === "string") return stringLiteral(data);
  if (typeof data === "boolean") return String(data);
  if (data instanceof Code) return data.text;
  if (isList(data)) return `[${data.map(flatLiteral).join(", ")}]`;
  const members = membersOf(data).map(([name, value]) => `${propertyName(name)}: ${flatLiteral(value)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function isList(data: Data): data is readonly Data[] {
  return Array.isArray(data);
}

function membersOf(data: { readonly [member: string]: Data | undefined }): [string, Data][] {
  return Object.entries(data).filter((member): member is [string, Data] => member[1] !== undefined);
}

/** Several objects of several members each never share a line. */
function expandsAlways(list: readonly Data[]): boolean {
  const objects = list.every(
    (item) => typeof item === "object" && !(item instanceof Code) && !isList(item) && membersOf(item).length > 1,
  );
  return (list.length > 1 && objects) || list.some(isBroken);
}

function isBroken(data: Data): boolean {
  if (typeof data !== "object" || data instanceof Code) return false;
  return isList(data) ? expandsAlways(data) : membersOf(data).some(([, value]) => isBroken(value));
}
