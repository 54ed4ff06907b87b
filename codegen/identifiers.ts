/**
 * Identifiers for what servers named: resource types, schemas and attributes.
 *
 * @module
 */

/** What generated code must not call its own: what it refers to, and globals that a reader would take them for. */
const RESERVED: readonly string[] = (
  "Object String Number Boolean Function Symbol Array Date Error Map Set Promise Record Partial Required Readonly Pick " +
  "Omit Exclude Extract Awaited Request Response Headers URL Event Node Element Document Window Infinity NaN JSON Math " +
  "Meta JsonObject Views ExtensionViews ExtensionPaths ResourcePaths ResourceModel ExtensionModel SchemaDefinition"
).split(" ");

const LONGEST = 60;

/**
 * A name as an identifier: its words, each starting with a capital letter, without what is no letter or digit of ASCII.
 *
 * @returns an empty text when nothing is left.
 */
export function pascalCase(name: string): string {
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .split(/[^A-Za-z0-9]+/);
  return words
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("")
    .replace(/\d[a-z]/g, (pair) => pair.toUpperCase())
    .slice(0, LONGEST);
}

/** What one of several is called: `emails` hold an email, `addresses` an address. */
export function singular(name: string): string {
  if (/(?:ss|us|is)$/i.test(name)) return name;
  if (/ies$/i.test(name)) return `${name.slice(0, -3)}y`;
  if (/(?:s|x|z|ch|sh)es$/i.test(name)) return name.slice(0, -2);
  return /.s$/i.test(name) ? name.slice(0, -1) : name;
}

/** The identifiers of one module. */
export class Identifiers {
  readonly #taken: Set<string>;

  /** @param imported names that the module imports beside those of the library. */
  constructor(imported: readonly string[] = []) {
    this.#taken = new Set([...RESERVED, ...imported]);
  }

  /**
   * Takes the first of the wished names that is free with all its suffixes, else the first with a number after it.
   *
   * @param wishes as `pascalCase` makes them; empty ones do not count.
   * @param suffixes what the name is also used with.
   */
  claim(wishes: readonly string[], suffixes: readonly string[]): string {
    const usable = wishes
      .filter((wish) => wish !== "")
      .map((wish) => (/^\d/.test(wish) ? `Resource${wish}` : wish));
    const [first = "Resource"] = usable;
    const stem = RESERVED.includes(first) ? `${first}Resource` : first;
    let name = [...usable, stem].find((wish) => this.#isFree(wish, suffixes));
    for (let number = 2; name === undefined; number += 1) {
      if (this.#isFree(stem + number, suffixes)) name = stem + number;
    }
    for (const suffix of ["", ...suffixes]) this.#taken.add(name + suffix);
    return name;
  }

  #isFree(name: string, suffixes: readonly string[]): boolean {
    return ["", ...suffixes].every((suffix) => !this.#taken.has(name + suffix));
  }
}
