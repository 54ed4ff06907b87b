/**
 * Views as declarations: for a resource type or an extension one object type for each context, and one for each complex
 * attribute in it. They equal the types that `InferViews` infers from a schema literal.
 *
 * @module
 */
import type { Attribute, Attributes } from "../src/schema/attribute.ts";
import type { Declaration, Member } from "./declaration.ts";
import { pascalCase, singular, type Identifiers } from "./identifiers.ts";
import { commentText, stringLiteral } from "./source-text.ts";

/** A view that is declared at the top of a resource type or an extension. */
export type RootView = "read" | "create" | "replace";

/**
 * The views of an attribute. `nullRead` is what was read and is written again: `null` may stand for no value. `patch` is
 * what PATCH merges into a complex value.
 */
type View = RootView | "nullRead" | "patch";

/** What a declaration is named by and called. */
interface Subject {
  readonly name: string;
  readonly called: string;
}

const READINGS: Readonly<Record<View, string>> = {
  read: "as a server returns it.",
  nullRead: "as it was read, where PUT takes it.",
  create: "as POST takes it.",
  replace: "as PUT takes it.",
  patch: "as PATCH takes it.",
};

/** With nothing to write in it, `{}` would let through whatever there is. */
const NOTHING = "{ [attribute: string]: never }";

/** Declares the types of one resource type or extension, each complex attribute's when it is first referred to. */
export class ViewDeclarations {
  /** In the order in which they are written. */
  readonly all: Declaration[] = [];
  /** Whether a declaration refers to `JsonObject`. */
  usesJsonObject = false;
  readonly #identifiers: Identifiers;
  readonly #root: Subject;
  /** Nulls in an extension's data may have a meaning, so that an answer may hold them (RFC 9944). */
  readonly #extension: boolean;
  readonly #subjects = new Map<Attributes, Subject>();
  readonly #declared = new Set<string>();

  /** @param name an identifier that is free with what `declareView` and `declarePaths` append to it. */
  constructor(identifiers: Identifiers, name: string, extension: boolean) {
    this.#identifiers = identifiers;
    this.#root = { name, called: `\`${name}\`` };
    this.#extension = extension;
  }

  /** Declares a view: `User`, `UserCreate`, `UserReplace`. */
  declareView(
    view: RootView,
    attributes: Iterable<Attribute>,
    around: {
      readonly description?: string;
      readonly before?: readonly Member[];
      readonly after?: readonly Member[];
    },
  ): void {
    const attributeView = view === "read" && this.#extension ? "nullRead" : view;
    const { description = "", before = [], after = [] } = around;
    const comment = [`${this.#root.called} ${READINGS[view]}`, ...paragraph(commentText(description))];
    const written = view === "create" && this.#extension && [...attributes].every(isReadOnly);
    this.#declare(this.#root.name + SUFFIXES[view], comment, written, () => [
      ...before,
      ...this.#members(this.#root, attributes, attributeView),
      ...after,
    ]);
  }

  /** Declares what PATCH takes at each path (RFC 7644 §3.10), the paths without a URN. */
  declarePaths(suffix: string, attributes: Iterable<Attribute>): void {
    const comment = [`What PATCH takes at each path of ${this.#root.called}, without a URN before the path.`];
    this.#declare(this.#root.name + suffix, comment, false, () => this.#paths(this.#root, attributes, ""));
  }

  #declare(name: string, comment: readonly string[], nothing: boolean, members: () => readonly Member[]): void {
    if (this.#declared.has(name)) return;
    this.#declared.add(name);
    // What a declaration refers to comes after it.
    const place = this.all.push({ name, comment, members: [], nothing }) - 1;
    this.all[place] = { name, comment, members: members(), nothing };
  }

  #members(subject: Subject, attributes: Iterable<Attribute>, view: View): Member[] {
    return [...attributes].flatMap((attribute) => {
      const value = this.#value(subject, attribute, view);
      return value === undefined ? [] : [{ name: attribute.name, comment: documentation(attribute), ...value }];
    });
  }

  /** The table of context.ts, for the compiler. */
  #value(subject: Subject, attribute: Attribute, view: View): Pick<Member, "type" | "optional"> | undefined {
    const { mutability, returned, required } = attribute;
    switch (view) {
      case "read":
      case "nullRead": {
        if (returned === "never" || mutability === "writeOnly") return undefined;
        const type = this.#type(subject, attribute, view, "");
        if (required && returned !== "request") return { type, optional: false };
        return { type: view === "read" ? type : `${type} | null`, optional: true };
      }
      case "create":
      case "replace": {
        if (isReadOnly(attribute) && view === "create") return undefined;
        const type = this.#type(subject, attribute, isReadOnly(attribute) ? "nullRead" : view, "readonly ");
        if (required && !isReadOnly(attribute)) return { type, optional: false };
        return { type: `${type} | null | undefined`, optional: true };
      }
      default:
        if (isReadOnly(attribute)) return undefined;
        return { type: `${this.#patchType(subject, attribute)} | undefined`, optional: true };
    }
  }

  /** PATCH merges a complex value into what is there, so that nothing in it is required (RFC 7644 §3.5.2.3). */
  #patchType(subject: Subject, attribute: Attribute): string {
    const type = this.#type(subject, attribute, attribute.multiValued ? "create" : "patch", "readonly ");
    return attribute.required ? type : `${type} | null`;
  }

  #paths(subject: Subject, attributes: Iterable<Attribute>, prefix: string): Member[] {
    return [...attributes].flatMap((attribute) => {
      if (isReadOnly(attribute)) return [];
      const name = prefix + attribute.name;
      const { subAttributes } = attribute;
      const below =
        subAttributes === undefined
          ? []
          : this.#paths(this.#subject(subject, attribute, subAttributes), subAttributes, `${name}.`);
      return [{ name, type: this.#patchType(subject, attribute), optional: false, comment: [] }, ...below];
    });
  }

  /** @param modifier of arrays: what is written is not changed, so that what is `as const` or frozen will do. */
  #type(subject: Subject, attribute: Attribute, view: View, modifier: "" | "readonly "): string {
    const one = this.#oneType(subject, attribute, view);
    if (!attribute.multiValued) return one;
    return one.includes(" | ") ? `${modifier}(${one})[]` : `${modifier}${one}[]`;
  }

  #oneType(subject: Subject, attribute: Attribute, view: View): string {
    if (attribute.type !== "complex") return simpleType(attribute);
    const { subAttributes } = attribute;
    if (subAttributes === undefined) {
      this.usesJsonObject = true;
      return "JsonObject";
    }
    if (view === "replace" && !holdsReadOnly(subAttributes)) return this.#oneType(subject, attribute, "create");
    if ((view === "create" || view === "patch") && [...subAttributes].every(isReadOnly)) return NOTHING;
    const own = this.#subject(subject, attribute, subAttributes);
    const suffix = view === "nullRead" && this.#extension ? SUFFIXES.read : SUFFIXES[view];
    const reading = view === "nullRead" && this.#extension ? READINGS.read : READINGS[view];
    this.#declare(own.name + suffix, [`${own.called} ${reading}`], false, () =>
      this.#members(own, subAttributes, view),
    );
    return own.name + suffix;
  }

  #subject(parent: Subject, attribute: Attribute, subAttributes: Attributes): Subject {
    let subject = this.#subjects.get(subAttributes);
    if (subject === undefined) {
      const word = pascalCase(attribute.multiValued ? singular(attribute.name) : attribute.name);
      const name = this.#identifiers.claim([parent.name + word], ATTRIBUTE_SUFFIXES);
      subject = { name, called: `${parent.called.slice(0, -1)}.${attribute.name}\`` };
      this.#subjects.set(subAttributes, subject);
    }
    return subject;
  }
}

const SUFFIXES: Readonly<Record<View, string>> = {
  read: "",
  nullRead: "Replace",
  create: "Create",
  replace: "Replace",
  patch: "Patch",
};

const ATTRIBUTE_SUFFIXES: readonly string[] = ["Create", "Replace", "Patch"];

function isReadOnly({ mutability }: Attribute): boolean {
  return mutability === "readOnly";
}

function holdsReadOnly(attributes: Attributes): boolean {
  return [...attributes].some(
    (attribute) =>
      isReadOnly(attribute) || (attribute.subAttributes !== undefined && holdsReadOnly(attribute.subAttributes)),
  );
}

function simpleType({ type, canonicalValues }: Attribute): string {
  if (type === "boolean") return "boolean";
  if (type === "integer" || type === "decimal") return "number";
  if (canonicalValues.length === 0) return "string";
  // Suggestions only: an editor offers them, and any other text compiles.
  return [...new Set(canonicalValues.map(stringLiteral)), "(string & {})"].join(" | ");
}

/** What the schema says of an attribute, and each characteristic that has not its default (RFC 7643 §2.2). */
function documentation(attribute: Attribute): string[] {
  const { required, mutability, returned, uniqueness } = attribute;
  const characteristics = [
    ...(required ? ["required"] : []),
    ...(mutability === "readWrite" ? [] : [`mutability ${mutability}`]),
    ...(returned === "default" ? [] : [`returned ${returned}`]),
    ...(uniqueness === "none" ? [] : [`uniqueness ${uniqueness}`]),
  ].join(", ");
  return [...paragraph(commentText(attribute.description)), ...paragraph(characteristics)];
}

function paragraph(text: string): string[] {
  return text === "" ? [] : [text];
}
