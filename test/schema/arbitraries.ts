/**
 * Arbitrary schemas, models and payloads for property tests: every combination of characteristics, and names that are
 * legal in a schema and awkward in JavaScript or JSON Schema.
 */
import fc from "fast-check";
import type { IssueRule } from "../../src/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/json.ts";
import {
  compileAttributes,
  isAttributeName,
  type Attribute,
  type AttributeDefinition,
  type Attributes,
  type AttributeType,
  type SchemaDefinition,
} from "../../src/schema/attribute.ts";
import { presence, type Context } from "../../src/schema/context.ts";
import { furtherPrimaries, writtenPrimary } from "../../src/schema/primary.ts";
import { ExtensionModel, ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";

const AWKWARD_NAMES = (
  "toString valueOf hasOwnProperty isPrototypeOf toLocaleString toJSON then length null default " +
  "$ref type properties required items enum definitions format name a-b a_b a$b " +
  "id schemas meta externalId value primary display"
).split(" ");

const TYPES = [
  "string",
  "boolean",
  "decimal",
  "integer",
  "dateTime",
  "binary",
  "reference",
  "complex",
] as const satisfies readonly AttributeType[];

/** Names of attributes (RFC 7643 §2.1). */
export function arbitraryName(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...AWKWARD_NAMES),
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9$_-]{0,6}$/).filter(isAttributeName),
  );
}

/**
 * Attribute definitions (RFC 7643 §7), characteristics present or left to their defaults.
 *
 * @param depth how many levels of sub-attributes there may be.
 */
export function arbitraryDefinition(depth = 2): fc.Arbitrary<AttributeDefinition> {
  const types = depth === 0 ? TYPES.filter((type) => type !== "complex") : [...TYPES, "complex" as const];
  const simple = fc.record(
    {
      name: arbitraryName(),
      type: fc.constantFrom(...types),
      multiValued: fc.boolean(),
      description: fc.string(),
      required: fc.boolean(),
      canonicalValues: fc.array(fc.string(), { maxLength: 2 }),
      caseExact: fc.boolean(),
      mutability: fc.constantFrom("readOnly", "readWrite", "immutable", "writeOnly"),
      returned: fc.constantFrom("always", "never", "default", "request"),
      uniqueness: fc.constantFrom("none", "server", "global"),
    },
    { requiredKeys: ["name"] },
  );
  if (depth === 0) return simple;
  return simple.chain(({ canonicalValues, ...definition }): fc.Arbitrary<AttributeDefinition> => {
    // Canonical values are those of simple attributes.
    if (definition.type !== "complex") {
      return fc.constant(canonicalValues === undefined ? definition : { ...definition, canonicalValues });
    }
    // Some schemas say nothing of what a complex attribute contains.
    return fc
      .option(arbitraryDefinitions(depth - 1, 0, 4), { freq: 8, nil: undefined })
      .map((subAttributes) => (subAttributes === undefined ? definition : { ...definition, subAttributes }));
  });
}

function arbitraryDefinitions(
  depth: number,
  minLength: number,
  maxLength: number,
): fc.Arbitrary<AttributeDefinition[]> {
  return fc.uniqueArray(arbitraryDefinition(depth), { minLength, maxLength, selector: folded });
}

function folded({ name }: AttributeDefinition): string {
  return name.toLowerCase();
}

const EXTENSION_URNS = [
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  "URN:Example:A~b/c'd%20:2.0",
  "urn:x-y:back\\slash`tick${1}",
  "urn:example:grüße:2.0:日本",
  "urn:example:0:1",
];

/** Schemas (RFC 7643 §7) of which every attribute is usable. */
export function arbitrarySchema(id = "urn:example:schemas:core:2.0:Thing"): fc.Arbitrary<SchemaDefinition> {
  return arbitraryDefinitions(2, 0, 6).map((attributes) => ({ id, name: "Thing", attributes }));
}

/** Resource models with up to two extensions. */
export function arbitraryModel(): fc.Arbitrary<ResourceModel> {
  const extension = fc.constantFrom(...EXTENSION_URNS).chain((urn) =>
    fc.record({ schema: arbitrarySchema(urn), required: fc.boolean() }).map(({ schema, required }) => ({
      model: new ExtensionModel({ schema, attributes: compile(schema) }),
      required,
    })),
  );
  return fc
    .record({
      schema: arbitrarySchema(),
      extensions: fc.uniqueArray(extension, { maxLength: 2, selector: ({ model }) => model.schema.id }),
      identified: fc.boolean(),
    })
    .map(
      ({ schema, extensions, identified }) =>
        new ResourceModel({
          name: "Thing",
          endpoint: "/Things",
          schema,
          attributes: compile(schema),
          extensions,
          identified,
        }),
    );
}

function compile(schema: SchemaDefinition): Attributes {
  return compileAttributes(schema.attributes, ({ message }) => {
    throw new Error(message);
  });
}

/** Payloads that are valid for a model in a context, with everything that is tolerated there. */
export function arbitraryValue(model: ResourceModel<Views>, context: Context): fc.Arbitrary<JsonObject> {
  const demanded = context === "response" && model.identified ? ["id"] : [];
  return objectOf(model.attributes, context, { extension: false, nullable: false, demanded });
}

/** Valid values of one attribute in a context; never absent, null where null is allowed. */
export function arbitraryAttributeValue(attribute: Attribute, context: Context): fc.Arbitrary<JsonValue> {
  return attributeValue(attribute, context, false);
}

interface Surroundings {
  readonly extension: boolean;
  /** Whether a response may hold null here. */
  readonly nullable: boolean;
  readonly demanded: readonly string[];
}

type Member = [name: string, value: JsonValue];

function objectOf(attributes: Attributes, context: Context, around: Surroundings): fc.Arbitrary<JsonObject> {
  const members = [...attributes].map((attribute): fc.Arbitrary<Member | undefined> => {
    const rule = presence(attribute, context);
    const value =
      rule === "dropped" || rule === "refused"
        ? context === "response"
          ? fc.jsonValue({ maxDepth: 1 })
          : undefined
        : attributeValue(attribute, context, around.nullable);
    if (value === undefined) return fc.constant(undefined);
    const present = value.map((content): Member => [attribute.name, content]);
    const demanded = rule === "required" || around.demanded.includes(attribute.name);
    return demanded ? present : fc.option(present, { nil: undefined });
  });
  const others =
    context === "response"
      ? foreignMembers(fc.string({ maxLength: 5 }), attributes)
      : around.extension
        ? foreignMembers(fc.constantFrom("urn:example:nested:2.0:Thing", "URN:x:y"), attributes)
        : fc.constant<Member[]>([]);
  return fc
    .tuple(fc.tuple(...members), others)
    .map(([own, foreign]) => Object.fromEntries([...own.filter((given) => given !== undefined), ...foreign]));
}

/** Members that no schema defines, nor one in another case. */
function foreignMembers(names: fc.Arbitrary<string>, attributes: Attributes): fc.Arbitrary<Member[]> {
  const foreign = fc.tuple(
    names.filter((name) => attributes.get(name) === undefined),
    fc.jsonValue({ maxDepth: 2 }),
  );
  return fc.array(foreign, { maxLength: 2 });
}

function attributeValue(attribute: Attribute, context: Context, nullable: boolean): fc.Arbitrary<JsonValue> {
  const response = context === "response";
  const absent = response ? nullable || attribute.extension : !attribute.required;
  const orNull = (value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> =>
    absent ? fc.option(value, { freq: 6 }) : value;
  const single = singleValue(attribute, context, response && absent);
  if (!attribute.multiValued) return orNull(single);
  const minLength = !response && attribute.required ? 1 : 0;
  const list = fc.array(response ? orNull(single) : single, { minLength, maxLength: 3 });
  const primary = writtenPrimary(attribute, context);
  if (response || primary === undefined) return orNull(list);
  return orNull(
    list.map((elements) => {
      const further = new Set(furtherPrimaries(elements, primary.name));
      return elements.map((element, position) =>
        further.has(position) && isJsonObject(element) ? { ...element, [primary.name]: false } : element,
      );
    }),
  );
}

function singleValue(attribute: Attribute, context: Context, nullable: boolean): fc.Arbitrary<JsonValue> {
  const { type, subAttributes, extension } = attribute;
  if (type === "complex") {
    return subAttributes === undefined
      ? fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>, {
          maxKeys: 2,
        })
      : objectOf(subAttributes, context, { extension, nullable, demanded: [] });
  }
  const text = context === "response" ? [fc.string()] : [];
  if (type === "dateTime") return fc.oneof(...text, arbitraryDateTime());
  if (type === "binary") return fc.oneof(...text, arbitraryBinary());
  return SIMPLE_VALUES[type];
}

const SIMPLE_VALUES: Readonly<
  Record<"string" | "reference" | "boolean" | "decimal" | "integer", fc.Arbitrary<JsonValue>>
> = {
  string: fc.string({ unit: "binary", maxLength: 8 }),
  reference: fc.oneof(fc.webUrl(), fc.string({ maxLength: 8 })),
  boolean: fc.boolean(),
  decimal: fc.double({ noNaN: true, noDefaultInfinity: true }),
  integer: fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constant(1e300)),
};

/** Date-times of RFC 3339. */
export function arbitraryDateTime(): fc.Arbitrary<string> {
  const instant = fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
    noInvalidDate: true,
  });
  return fc
    .tuple(instant, fc.constantFrom("Z", "+00:00", "-11:30"), fc.boolean())
    .map(([date, zone, fraction]) => date.toISOString().slice(0, fraction ? 23 : 19) + zone);
}

/** Base64 and base64url, with padding and without. */
export function arbitraryBinary(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.uint8Array({ maxLength: 12 }), fc.constantFrom("base64", "base64url"), fc.boolean())
    .map(([bytes, alphabet, padded]) => {
      const text = Buffer.from(bytes).toString("base64");
      const chosen = alphabet === "base64" ? text : text.replaceAll("+", "-").replaceAll("/", "_");
      return padded ? chosen : chosen.replace(/=+$/, "");
    });
}

/** A payload that breaks exactly one rule, and which. */
export interface Mutation {
  readonly value: JsonValue;
  readonly path: string;
  readonly rule: IssueRule;
}

/** Breaks one rule somewhere in a payload that is valid for the model in the context. */
export function mutate(model: ResourceModel<Views>, context: Context, value: JsonObject): fc.Arbitrary<Mutation> {
  const faults: Fault[] = [];
  const demanded = context === "response" && model.identified ? ["id"] : [];
  collect(
    model.attributes,
    value,
    { context, steps: [], path: "", extension: false, nullable: false, demanded },
    faults,
  );
  const whole = fc
    .constantFrom<JsonValue>(null, [], "text", 1, true)
    .map((content): Mutation => ({ value: content, path: "", rule: "type" }));
  if (faults.length === 0) return whole;
  const somewhere = fc.constantFrom(...faults).map(({ steps, content, path, rule }): Mutation => {
    const broken = structuredClone(value);
    let target: JsonValue | undefined = broken;
    for (const step of steps.slice(0, -1)) target = member(target, step);
    const last = steps.at(-1) ?? "";
    if (content === undefined) {
      Reflect.deleteProperty(target as JsonObject, last);
    } else {
      Object.defineProperty(target, last, {
        value: content,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }
    return { value: broken, path, rule };
  });
  return fc.oneof({ arbitrary: somewhere, weight: 20 }, { arbitrary: whole, weight: 1 });
}

interface Fault {
  readonly steps: ReadonlyArray<string | number>;
  /** What to put there; undefined to take away what is there. */
  readonly content: JsonValue | undefined;
  readonly path: string;
  readonly rule: IssueRule;
}

interface Walk {
  readonly context: Context;
  readonly steps: ReadonlyArray<string | number>;
  readonly path: string;
  readonly extension: boolean;
  readonly nullable: boolean;
  readonly demanded: readonly string[];
}

function collect(attributes: Attributes, object: JsonObject, walk: Walk, faults: Fault[]): void {
  const { context } = walk;
  const at = (name: string): Pick<Fault, "steps" | "path"> => ({
    steps: [...walk.steps, name],
    path: walk.path === "" ? name : `${walk.path}${walk.extension ? ":" : "."}${name}`,
  });
  for (const attribute of attributes) {
    const place = at(attribute.name);
    const rule = presence(attribute, context);
    if (rule === "dropped" || rule === "refused") {
      if (context !== "response") faults.push({ ...place, content: "text", rule: "mutability" });
      continue;
    }
    const value = member(object, attribute.name);
    if (value === undefined) continue;
    if (rule === "required" || walk.demanded.includes(attribute.name)) {
      faults.push({ ...place, content: undefined, rule: "required" });
    }
    collectAttribute(attribute, value, { ...walk, ...place }, faults);
  }
  if (context === "response") return;
  const strange = ["unheardOf", "__proto__", "constructor", "x".repeat(40), "a b"];
  // A path shows a strange name in ASCII.
  const ascii = [...attributes].filter(({ name }) => /^[ -~]+$/.test(name));
  strange.push(...ascii.map(({ name }) => name.toUpperCase()));
  if (!walk.extension) strange.push("urn:example:unpublished:2.0:Thing");
  for (const name of strange) {
    if (attributes.exact(name) === undefined && !(walk.extension && /^urn:/i.test(name))) {
      faults.push({ ...at(name), content: "text", rule: "unknown" });
    }
  }
}

function collectAttribute(attribute: Attribute, value: JsonValue, walk: Walk, faults: Fault[]): void {
  const response = walk.context === "response";
  const absent = response ? walk.nullable || attribute.extension : !attribute.required;
  const { steps, path } = walk;
  if (!absent) faults.push({ steps, path, content: null, rule: response ? "type" : "required" });
  if (!attribute.multiValued) {
    collectSingle(attribute, value, { ...walk, nullable: response && absent }, faults);
    return;
  }
  for (const content of ["text", 1, true, {}]) faults.push({ steps, path, content, rule: "type" });
  if (!response && attribute.required) faults.push({ steps, path, content: [], rule: "required" });
  if (!Array.isArray(value)) return;
  const primary = response ? undefined : writtenPrimary(attribute, walk.context);
  if (primary !== undefined) {
    const first = value.findIndex((element) => isJsonObject(element) && element[primary.name] === true);
    const second = value.findIndex((element, index) => first >= 0 && index > first && isJsonObject(element));
    const place = { steps: [...steps, second, primary.name], path: `${path}[${second}].${primary.name}` };
    if (second > 0) faults.push({ ...place, content: true, rule: "bounds" });
  }
  for (const [index, element] of value.entries()) {
    const place = { steps: [...steps, index], path: `${path}[${index}]` };
    if (!response || !absent) faults.push({ ...place, content: null, rule: "type" });
    collectSingle(attribute, element, { ...walk, ...place, nullable: response && absent }, faults);
  }
}

function collectSingle(attribute: Attribute, value: JsonValue, walk: Walk, faults: Fault[]): void {
  const { steps, path, context } = walk;
  for (const content of WRONG_TYPE[attribute.type]) faults.push({ steps, path, content, rule: "type" });
  if (context !== "response") {
    for (const content of WRONG_FORMAT[attribute.type] ?? []) {
      faults.push({ steps, path, content, rule: "format" });
    }
  }
  if (attribute.subAttributes !== undefined && isJsonObject(value)) {
    collect(attribute.subAttributes, value, { ...walk, extension: attribute.extension, demanded: [] }, faults);
  }
}

const WRONG_TYPE: Readonly<Record<AttributeType, readonly JsonValue[]>> = {
  string: [1, true, {}, ["text"]],
  reference: [1, true, {}, ["text"]],
  dateTime: [1, true, {}, ["2008-01-23T04:56:22Z"]],
  binary: [1, true, {}, ["AAAA"]],
  boolean: ["true", 1, {}, [true]],
  decimal: ["1", true, {}, [1]],
  integer: ["1", 1.5, true, {}, [1]],
  complex: ["text", 1, true, [{}]],
};

const WRONG_FORMAT: Readonly<Partial<Record<AttributeType, readonly string[]>>> = {
  dateTime: ["", "yesterday", "2008-01-23", "2008-01-23T04:56:22", "2008-02-30T00:00:00Z"],
  binary: ["A", "AA=", "A+-A", "AAAA\n", "é"],
};

function member(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as JsonObject)[step];
}

/** Any JSON, its members named as the model's attributes are more often than not; now and then one that is `undefined`. */
export function arbitraryJson(model: ResourceModel<Views>): fc.Arbitrary<JsonValue> {
  const names = ["__proto__", "constructor", "toString", "urn:example:any", "Id", ...everyName(model.attributes)];
  const name = fc.oneof({ arbitrary: fc.constantFrom(...names), weight: 9 }, { arbitrary: fc.string(), weight: 1 });
  const { json } = fc.letrec<{ json: JsonValue; object: JsonObject }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom<JsonValue>(null, true, false, "", "text", "2008-01-23T04:56:22Z", "AAAA", 0, -0, 1, 1.5),
      fc.constantFrom<JsonValue>(Infinity, 1e300),
      fc.array(tie("json"), { maxLength: 3 }),
      tie("object"),
      tie("object"),
    ),
    object: fc
      .array(fc.tuple(name, fc.option(tie("json"), { nil: undefined, freq: 9 })), { maxLength: 8 })
      .map((members): JsonObject => Object.fromEntries(members)),
  }));
  return json;
}

function everyName(attributes: Attributes): string[] {
  return [...attributes].flatMap(({ name, subAttributes }) => [
    name,
    ...(subAttributes === undefined ? [] : everyName(subAttributes)),
  ]);
}
