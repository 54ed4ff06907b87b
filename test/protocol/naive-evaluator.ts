/**
 * A second reading of RFC 7644 §3.4.2.2, for comparison with the first. It knows the published schema documents and JSON,
 * nothing of the library; each rule stands for the sentence above it, and nothing is done to be fast.
 */

interface Definition {
  readonly name: string;
  readonly type?: string;
  readonly caseExact?: boolean;
  readonly subAttributes?: readonly Definition[];
}

interface Schema {
  readonly id: string;
  readonly attributes: readonly Definition[];
}

/** A filter's tree as JSON. */
export interface Tree {
  readonly op: string;
  readonly filters?: readonly Tree[];
  readonly filter?: Tree;
  readonly path?: {
    readonly schema?: string;
    readonly attribute: string;
    readonly subAttributes: readonly string[];
  };
  readonly value?: unknown;
}

/** A resource, or what a path leads to; `node` is undefined where the way ends early. */
interface Found {
  readonly node: unknown;
  readonly definition: Definition | undefined;
  /** What may be in it. */
  readonly definitions: readonly Definition[] | undefined;
}

const COMMON: readonly Definition[] = [
  { name: "schemas", type: "reference", caseExact: true },
  { name: "id", caseExact: true },
  { name: "externalId", caseExact: true },
  {
    name: "meta",
    type: "complex",
    subAttributes: [
      { name: "resourceType", caseExact: true },
      { name: "created", type: "dateTime" },
      { name: "lastModified", type: "dateTime" },
      { name: "location", type: "reference", caseExact: true },
      { name: "version", caseExact: true },
    ],
  },
];

/** Whether a resource matches. The first schema is the core schema, the others are extensions. */
export function evaluate(tree: Tree, resource: unknown, schemas: readonly [Schema, ...Schema[]]): boolean {
  const [core, ...extensions] = schemas;
  const definitions = [
    ...COMMON,
    ...core.attributes,
    ...extensions.map(({ id, attributes }) => ({ name: id, type: "complex", subAttributes: attributes })),
  ];
  return holds(tree, { node: resource, definition: undefined, definitions }, core.id);
}

function holds(tree: Tree, place: Found, core: string): boolean {
  switch (tree.op) {
    // "The filter is only a match if both expressions evaluate to true."
    case "and":
      return (tree.filters ?? []).every((operand) => holds(operand, place, core));
    // "The filter is a match if either expression evaluates to true."
    case "or":
      return (tree.filters ?? []).some((operand) => holds(operand, place, core));
    // "The filter is a match if the expression evaluates to false."
    case "not":
      return !inner(tree, place, core);
    // "expressions MUST be applied to the same value of a parent attribute"
    case "valuePath":
      return elements(find(tree, place, core)).some((element) => inner(tree, element, core));
    default:
      return condition(tree, find(tree, place, core));
  }
}

function inner(tree: Tree, place: Found, core: string): boolean {
  if (tree.filter === undefined) throw new Error("no filter");
  return holds(tree.filter, place, core);
}

function condition(tree: Tree, found: readonly Found[]): boolean {
  // "If the attribute has a non-empty or non-null value, or if it contains a non-empty node for complex attributes"
  if (tree.op === "pr") return found.some(({ node }) => contains(node, (leaf) => leaf !== ""));
  // RFC 7643 §2.5: "Unassigned attributes, the null value, or an empty array … SHALL be considered to be equivalent"
  if (tree.value === null) {
    if (tree.op === "eq") return found.some(({ node }) => !contains(node, () => true));
    return tree.op === "ne" && found.some(({ node }) => contains(node, () => true));
  }
  // "the filter matches if any of the values of the specified attribute match the specified criterion"
  return found.flatMap(comparable).some(({ node, definition }) => compare(tree.op, node, tree.value, definition));
}

/** `emails co "x"`: the examples compare the `value` of a complex attribute. */
function comparable(found: Found): Found[] {
  const each = elementsOrNothing(found);
  if (found.definition !== undefined && found.definition.type !== "complex") return each;
  return each.flatMap((element) => step(element, "value")).flatMap(elementsOrNothing);
}

function compare(op: string, node: unknown, operand: unknown, definition: Definition | undefined): boolean {
  // "The attribute and operator values are not identical."
  if (op === "ne") return !compare("eq", node, operand, definition);
  // "The actual comparison is dependent on the attribute type." Values of two types are not identical.
  if (typeof node !== typeof operand) return false;
  if (typeof node === "string" && typeof operand === "string") {
    if (definition?.type === "dateTime" && !["co", "sw", "ew"].includes(op))
      return chronological(op, node, operand);
    // "Boolean and Binary attributes SHALL cause a failed response": no order, so no match.
    if (definition?.type === "binary" && ["gt", "ge", "lt", "le"].includes(op)) return false;
    const exact = definition !== undefined && (definition.caseExact === true || definition.type === "binary");
    return textual(op, exact ? node : node.toLowerCase(), exact ? operand : operand.toLowerCase());
  }
  if (typeof node === "number" && typeof operand === "number") return ordered(op, Math.sign(node - operand));
  return op === "eq" && node === operand;
}

function textual(op: string, node: string, operand: string): boolean {
  // "The entire operator value must be a substring of the attribute value …"
  if (op === "co") return node.split(operand).length > 1 || operand === "";
  // "… starting at the beginning of the attribute value."
  if (op === "sw") return node.slice(0, operand.length) === operand;
  // "… matching at the end of the attribute value."
  if (op === "ew") return operand === "" || node.slice(-operand.length) === operand;
  // "For string attribute types, this is a lexicographical comparison"
  return ordered(op, node === operand ? 0 : node < operand ? -1 : 1);
}

function chronological(op: string, node: string, operand: string): boolean {
  const [one, other] = [attoseconds(node), attoseconds(operand)];
  if (one === undefined || other === undefined) return op === "eq" && node === operand;
  // "for DateTime types, it is a chronological comparison"
  return ordered(op, one === other ? 0 : one < other ? -1 : 1);
}

function attoseconds(text: string): bigint | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,18}))?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (parts === null) return undefined;
  const [, date, time, fraction = "", zone = "Z"] = parts;
  const milliseconds = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  // The 29th of February of any year is a date to JavaScript, which takes it for the 1st of March.
  const isDate = new Date(Date.parse(`${date}T00:00Z`)).toJSON()?.slice(0, 10) === date;
  if (!isDate || Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 10n ** 15n + BigInt(fraction.padEnd(18, "0"));
}

function ordered(op: string, order: number): boolean {
  const wanted: Record<string, readonly number[]> = { eq: [0], gt: [1], ge: [0, 1], lt: [-1], le: [-1, 0] };
  return (wanted[op] ?? []).includes(order);
}

/** Everything that a path leads to from a place: at least one, of which the node may be undefined. */
function find(tree: Tree, place: Found, core: string): Found[] {
  if (tree.path === undefined) throw new Error("no path");
  const { schema, attribute, subAttributes } = tree.path;
  const names = attribute === "" ? [] : [attribute, ...subAttributes];
  const whole = [schema, names.join(".")].filter((part) => part !== undefined && part !== "").join(":");
  if (schema === undefined || same(schema, core)) return walk(place, names);
  if (same(whole, core)) return [place];
  const known = place.definitions?.some(({ name }) => same(name, whole)) === true;
  return known || member(place.node, whole) !== undefined ? step(place, whole) : walk(place, [schema, ...names]);
}

function walk(start: Found, names: readonly string[]): Found[] {
  return names.reduce<Found[]>(
    (places, name) => places.flatMap(elementsOrNothing).flatMap((element) => step(element, name)),
    [start],
  );
}

/** From one value to one of its members. A value that is not complex is its own `value`. */
function step(place: Found, name: string): Found[] {
  const definition = place.definitions?.find((candidate) => same(candidate.name, name));
  const isComplex = typeof place.node === "object" && place.node !== null;
  const node = isComplex ? member(place.node, name) : same(name, "value") ? place.node : undefined;
  const own = !isComplex && same(name, "value") ? place.definition : undefined;
  return [{ node, definition: definition ?? own, definitions: definition?.subAttributes }];
}

/** Each value of a multi-valued attribute; what is null is no value. */
function elements(found: readonly Found[]): Found[] {
  return found.flatMap((one) =>
    (Array.isArray(one.node) ? (one.node as readonly unknown[]) : [one.node])
      .filter((node) => node !== undefined && node !== null && !Array.isArray(node))
      .map((node) => ({ ...one, node })),
  );
}

function elementsOrNothing(found: Found): Found[] {
  const values = elements([found]);
  return values.length === 0 ? [{ ...found, node: undefined }] : values;
}

function contains(node: unknown, test: (leaf: unknown) => boolean): boolean {
  if (node === undefined || node === null) return false;
  return typeof node === "object" ? Object.values(node).some((part) => contains(part, test)) : test(node);
}

/** "Attribute names and attribute operators used in filters are case insensitive." */
function member(node: unknown, name: string): unknown {
  if (typeof node !== "object" || node === null) return undefined;
  return Object.entries(node).find(([key]) => same(key, name))?.[1];
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
