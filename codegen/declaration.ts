/**
 * Declarations of object types, written by json-schema-to-typescript.
 *
 * @module
 */
import type { JSONSchema } from "json-schema-to-typescript";
import { LINE_WIDTH, propertyName, wrap } from "./source-text.ts";

/** One member of an object type. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  /** A type expression. */
  readonly type: string;
  /** Paragraphs that `commentText` made. */
  readonly comment: readonly string[];
}

/** An object type that is declared. */
export interface Declaration {
  /** As `Identifiers` made it. */
  readonly name: string;
  /** Paragraphs that `commentText` made. */
  readonly comment: readonly string[];
  readonly members: readonly Member[];
  /** Whether it has no members and lets none through. */
  readonly nothing: boolean;
}

/** Writes the declaration of one type, with a line break at its end. */
export type WriteDeclaration = (declaration: Declaration) => Promise<string>;

/**
 * Loads json-schema-to-typescript, which nothing else in the library needs.
 *
 * @throws {TypeError} when it is not installed.
 */
export async function loadWriter(): Promise<WriteDeclaration> {
  const { compile } = await import("json-schema-to-typescript").catch((cause: unknown) => {
    const message = "generating code needs json-schema-to-typescript 16: npm install -D json-schema-to-typescript";
    throw new TypeError(message, { cause });
  });
  return async (given) => {
    const { declaration, restore } = withoutMethods(given);
    const schema = toJSONSchema(declaration);
    const long =
      `export type ${declaration.name} = {};`.length > LINE_WIDTH ||
      declaration.members.some(
        ({ name, type }) => propertyName(name).length + type.length + "  ?: ;".length > LINE_WIDTH,
      );
    // prettier costs ten times what the rest does, so only what it has to break is given to it.
    const text = await compile(schema, declaration.name, { ...OPTIONS, format: long });
    const source = restore(compact(long ? text : indented(text)));
    if (!new RegExp(`^export type ${declaration.name} =\\s+\\{`, "m").test(source)) {
      throw new TypeError(`json-schema-to-typescript gave the type ${declaration.name} another name`);
    }
    return source;
  };
}

const OPTIONS = {
  bannerComment: "",
  additionalProperties: false,
  unknownAny: true,
  ignoreMinAndMaxItems: true,
  // prettier's own defaults, some of which json-schema-to-typescript changes.
  style: {
    bracketSpacing: true,
    printWidth: LINE_WIDTH,
    semi: true,
    singleQuote: false,
    tabWidth: 2,
    trailingComma: "all",
    useTabs: false,
  },
  // There are no references in what it gets, and none would be followed.
  $refOptions: { resolve: { external: false, http: false, file: false } },
} as const;

/**
 * Stands in for members that are called as a method of every object is: json-schema-to-typescript calls `hasOwnProperty` on
 * what holds them. The names keep their length, on which line breaks depend.
 */
function withoutMethods(declaration: Declaration): {
  readonly declaration: Declaration;
  readonly restore: (source: string) => string;
} {
  const names = new Set(declaration.members.map(({ name }) => name));
  const substitutes = new Map<string, string>();
  const members = declaration.members.map((member) => {
    if (!(member.name in Object.prototype)) return member;
    const stem = member.name.slice(0, -3);
    let substitute = `${stem}000`;
    for (let number = 1; names.has(substitute); number += 1) {
      substitute = stem + number.toString(36).padStart(3, "0");
    }
    names.add(substitute);
    substitutes.set(substitute, member.name);
    return { ...member, name: substitute };
  });
  if (substitutes.size === 0) return { declaration, restore: (source) => source };
  const restore = (source: string): string =>
    source.replace(
      /^( +)(\w+)(?=\??:)/gm,
      (_, indent: string, name: string) => indent + (substitutes.get(name) ?? name),
    );
  return { declaration: { ...declaration, members }, restore };
}

/**
 * Each member's type is given as such: JSON Schema cannot say `undefined`, nor offer values without excluding others.
 * The union of one makes it a type alias, which unlike an interface counts as a JSON object.
 */
function toJSONSchema({ name, comment, members, nothing }: Declaration): JSONSchema {
  const properties: [string, JSONSchema][] = members.map((member) => [
    member.name,
    {
      tsType: member.type,
      ...(member.comment.length > 0 ? { description: wrap(member.comment, LINE_WIDTH - 5).join("\n") } : {}),
    },
  ]);
  return {
    title: name,
    description: wrap(comment, LINE_WIDTH - 3).join("\n"),
    anyOf: [
      {
        type: "object",
        properties: Object.fromEntries(properties),
        required: members.filter(({ optional }) => !optional).map((member) => member.name),
        additionalProperties: nothing ? { tsType: "never" } : false,
      },
    ],
  };
}

/** Without prettier the output has one member or comment line a line, unindented and unterminated. */
function indented(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const start = lines.findIndex((line) => line.startsWith("export type ")) + 1;
  const inner = lines.slice(start, -1).map((line) => {
    const trimmed = line.trimEnd();
    return /^(?:\/\*\*| \*)/.test(trimmed) ? `  ${trimmed}` : `  ${trimmed};`;
  });
  const outer = lines.slice(0, start).map((line) => line.trimEnd());
  if (inner.length === 0) return `${outer.join("\n")}};\n`;
  return [...outer, ...inner, "};", ""].join("\n");
}

/** A comment of one line stands on one line. */
function compact(source: string): string {
  return source.replace(/^( *)\/\*\*\n +\* (.*)\n +\*\/$/gm, (whole, indent: string, line: string) =>
    indent.length + line.length + "/** */".length + 1 <= LINE_WIDTH ? `${indent}/** ${line} */` : whole,
  );
}
