/**
 * Attributes and their characteristics (RFC 7643 §2 and §7): the published definition and the compiled form, in which
 * every default is filled in and names are found whatever their case.
 *
 * @module
 */

/** Data types (RFC 7643 §2.3). */
export type AttributeType =
  "string" | "boolean" | "decimal" | "integer" | "dateTime" | "binary" | "reference" | "complex";
/** When a client may define the value (RFC 7643 §7). */
export type Mutability = "readOnly" | "readWrite" | "immutable" | "writeOnly";
/** When a server returns the value (RFC 7643 §7). */
export type Returned = "always" | "never" | "default" | "request";
/** How unique the value is among resources (RFC 7643 §7). */
export type Uniqueness = "none" | "server" | "global";

/** An attribute as a schema publishes it (RFC 7643 §7); a characteristic that is left out has its default of §2.2. */
export interface AttributeDefinition {
  readonly name: string;
  /** Default `string`. */
  readonly type?: AttributeType;
  /** Default `false`. */
  readonly multiValued?: boolean;
  readonly description?: string;
  /** Default `false`. */
  readonly required?: boolean;
  /** Suggested values; other values are allowed. */
  readonly canonicalValues?: readonly string[];
  /** Default `false`. */
  readonly caseExact?: boolean;
  /** Default `readWrite`. */
  readonly mutability?: Mutability;
  /** Default `default`. */
  readonly returned?: Returned;
  /** Default `none`. */
  readonly uniqueness?: Uniqueness;
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly AttributeDefinition[];
}

/** A schema as `/Schemas` publishes it (RFC 7643 §7). */
export interface SchemaDefinition {
  readonly schemas?: readonly string[];
  /** The schema's URN. */
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly attributes: readonly AttributeDefinition[];
}

/** An attribute with every characteristic known. */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly canonicalValues: readonly string[];
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  readonly returned: Returned;
  readonly uniqueness: Uniqueness;
  readonly referenceTypes: readonly string[];
  /** Of a complex attribute; `undefined` for other types, and for a complex attribute whose content is not published. */
  readonly subAttributes: Attributes | undefined;
  /** Whether this is an extension: `name` is its URN and nulls below it have a meaning (RFC 9944). */
  readonly extension: boolean;
}

/** Attributes in their published order, found by name whatever its case (RFC 7643 §2.1). */
export class Attributes implements Iterable<Attribute> {
  readonly #exact = new Map<string, Attribute>();
  readonly #folded = new Map<string, Attribute>();

  constructor(attributes: Iterable<Attribute>) {
    for (const attribute of attributes) {
      this.#exact.set(attribute.name, attribute);
      this.#folded.set(attribute.name.toLowerCase(), attribute);
    }
  }

  get size(): number {
    return this.#exact.size;
  }

  /** The attribute spelled exactly so. */
  exact(name: string): Attribute | undefined {
    return this.#exact.get(name);
  }

  /** The attribute of that name in any case. */
  get(name: string): Attribute | undefined {
    return this.#exact.get(name) ?? this.#folded.get(name.toLowerCase());
  }

  [Symbol.iterator](): IterableIterator<Attribute> {
    return this.#exact.values();
  }
}

/** How deep and how wide a schema may be; real ones have two levels and under two hundred attributes. */
export const SCHEMA_BOUNDS: { readonly depth: number; readonly attributes: number } = {
  depth: 8,
  attributes: 5000,
};

/** Something in a published definition that could not be used as it is. */
export interface DefinitionFault {
  /** Names from the schema's top down, joined by dots; printable, and cut to a sensible length. */
  readonly path: string;
  /**
   * `bounds` makes the schema unusable as a whole; an attribute that is `complex` by mistake is text; after any other fault
   * the attribute is left out.
   */
  readonly rule: "name" | "type" | "duplicate" | "complex" | "bounds";
  /** Says what is wrong; what becomes of it is for the caller to say. */
  readonly message: string;
}

const ATTRIBUTE_NAME = /^(?:[A-Za-z][\w$-]*|\$ref)$/;
const CONTROL = /\p{Cc}/u;
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Whether a name is an ATTRNAME of RFC 7643 §2.1 or `$ref`, and cannot be mistaken for a part of JavaScript's objects. */
export function isAttributeName(name: unknown): name is string {
  return typeof name === "string" && name.length <= 256 && ATTRIBUTE_NAME.test(name) && !FORBIDDEN_NAMES.has(name);
}

/**
 * Whether a schema can be called so (RFC 7643 §7). Servers also have ids that are no URNs, such as `User`; refused is only
 * what can be mistaken for a part of JavaScript's objects, or is empty, longer than 1024, or not one line of text.
 */
export function isSchemaId(id: unknown): id is string {
  return (
    typeof id === "string" &&
    id !== "" &&
    id.length <= 1024 &&
    !CONTROL.test(id) &&
    !FORBIDDEN_NAMES.has(id.toLowerCase())
  );
}

const TYPES: Readonly<Record<string, AttributeType>> = {
  string: "string",
  boolean: "boolean",
  decimal: "decimal",
  integer: "integer",
  datetime: "dateTime",
  binary: "binary",
  reference: "reference",
  complex: "complex",
};

/** What a multi-valued complex attribute consists of when its schema does not say (RFC 7643 §2.4). */
export const DEFAULT_SUB_ATTRIBUTES = [
  { name: "type", type: "string" },
  { name: "primary", type: "boolean" },
  { name: "display", type: "string", mutability: "immutable" },
  { name: "value", type: "string" },
  { name: "$ref", type: "reference" },
] as const;

/**
 * Compiles published definitions. An attribute that cannot be used is reported and left out; the others stay. Unknown
 * characteristics and unknown characteristic values count as absent, which gives them the default of RFC 7643 §2.2.
 *
 * @param report receives every fault; a fault of rule `bounds` means that the result is not complete.
 */
export function compileAttributes(definitions: unknown, report: (fault: DefinitionFault) => void): Attributes {
  const count = { left: SCHEMA_BOUNDS.attributes };
  return compileLevel(definitions, "", 1, count, report);
}

function compileLevel(
  definitions: unknown,
  parent: string,
  depth: number,
  count: { left: number },
  report: (fault: DefinitionFault) => void,
): Attributes {
  const attributes: Attribute[] = [];
  const seen = new Set<string>();
  if (!Array.isArray(definitions)) return new Attributes(attributes);
  if (depth > SCHEMA_BOUNDS.depth) {
    const message = `"${parent}" nests sub-attributes more than ${SCHEMA_BOUNDS.depth} deep (RFC 7643 §2.3.8 allows two levels)`;
    report({ path: parent, rule: "bounds", message });
    return new Attributes(attributes);
  }
  for (const definition of definitions as readonly unknown[]) {
    const source = own(definition);
    const name = source("name");
    const path = parent === "" ? printable(name) : `${parent}.${printable(name)}`;
    if (count.left === 0) {
      const message = `the schema defines more than ${SCHEMA_BOUNDS.attributes} attributes, the first beyond is "${path}"`;
      report({ path, rule: "bounds", message });
      break;
    }
    if (!isAttributeName(name)) {
      report({ path, rule: "name", message: `"${path}" is not an attribute name (RFC 7643 §2.1)` });
      continue;
    }
    if (seen.has(name.toLowerCase())) {
      const message = `"${path}" is defined twice, names do not differ by case (RFC 7643 §2.1)`;
      report({ path, rule: "duplicate", message });
      continue;
    }
    const stated = typeOf(source("type"), Array.isArray(source("subAttributes")));
    const multiValued = source("multiValued") === true;
    const canonicalValues = strings(source("canonicalValues"));
    const simple =
      stated === "complex" && !multiValued && canonicalValues.length > 0 && isEmpty(source("subAttributes"));
    const type = simple ? "string" : stated;
    if (type === undefined) {
      report({
        path,
        rule: "type",
        message: `"${path}" has a type that RFC 7643 §2.3 does not define`,
      });
      continue;
    }
    if (simple) {
      const message = `"${path}" is complex without sub-attributes, and its canonical values are text (RFC 7643 §7)`;
      report({ path, rule: "complex", message });
    }
    seen.add(name.toLowerCase());
    count.left -= 1;
    const referenceTypes = strings(source("referenceTypes"));
    attributes.push({
      name,
      type,
      multiValued,
      description: text(source("description")),
      required: source("required") === true,
      canonicalValues: type === "complex" ? [] : canonicalValues,
      caseExact: source("caseExact") === true,
      mutability: oneOf(source("mutability"), ["readWrite", "readOnly", "immutable", "writeOnly"]),
      returned: oneOf(source("returned"), ["default", "always", "never", "request"]),
      uniqueness: oneOf(source("uniqueness"), ["none", "server", "global"]),
      referenceTypes,
      subAttributes:
        type === "complex"
          ? subAttributes(source("subAttributes"), multiValued, path, depth, count, report)
          : undefined,
      extension: false,
    });
  }
  return new Attributes(attributes);
}

function subAttributes(
  definitions: unknown,
  multiValued: boolean,
  path: string,
  depth: number,
  count: { left: number },
  report: (fault: DefinitionFault) => void,
): Attributes | undefined {
  const published = !isEmpty(definitions);
  if (!published && !multiValued) return undefined;
  return compileLevel(published ? definitions : DEFAULT_SUB_ATTRIBUTES, path, depth + 1, count, report);
}

function isEmpty(definitions: unknown): boolean {
  return !Array.isArray(definitions) || definitions.length === 0;
}

function own(value: unknown): (member: string) => unknown {
  if (typeof value !== "object" || value === null) return () => undefined;
  return (member) => (Object.hasOwn(value, member) ? (value as Record<string, unknown>)[member] : undefined);
}

/** A definition without a type is complex when it has sub-attributes and text otherwise (RFC 7643 §2.2). */
function typeOf(type: unknown, hasSubAttributes: boolean): AttributeType | undefined {
  if (type === undefined || type === null) return hasSubAttributes ? "complex" : "string";
  return typeof type === "string" && Object.hasOwn(TYPES, type.toLowerCase())
    ? TYPES[type.toLowerCase()]
    : undefined;
}

function oneOf<const T extends string>(value: unknown, allowed: readonly [T, ...T[]]): T {
  const folded = typeof value === "string" ? value.toLowerCase() : "";
  return allowed.find((candidate) => candidate.toLowerCase() === folded) ?? allowed[0];
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * A name as a message can show it: others choose names, and a message must stay one short printable line.
 *
 * @param limit in UTF-16 units. Default 64.
 */
export function printable(name: unknown, limit: number = 64): string {
  if (typeof name !== "string") return "(no name)";
  const line = name.slice(0, limit).replace(/[^\x20-\x7e]/g, "?");
  return name.length > limit ? `${line}…` : line;
}
