/**
 * What of a request a server never returns (RFC 7643 §7): no error may show it.
 *
 * @module
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { member } from "../protocol/messages.ts";
import type { Attribute, Attributes } from "../schema/attribute.ts";
import { isSecret } from "../schema/context.ts";
import type { AnyModel } from "./service-description.ts";

/** How deep the value of a secret attribute is looked into. */
const DEPTH = 8;

/**
 * What a value filter compares, with what: as far as anything can be told of one that is not in the grammar. No blank and no
 * name is looked at from more than one place.
 */
const COMPARISON =
  /(?<![\w$.:-])([A-Za-z][\w$.:-]*)\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le)\b\s*("(?:[^"\\]|\\.)*"|[^\s\])]+)/gi;

/**
 * The values of attributes that a server never returns, in the body of a write: a resource or a PatchOp message, whose paths
 * may compare them. Names are known in any case, for the body need not have been checked.
 */
export function secretsIn(model: AnyModel, body: unknown): readonly string[] {
  const secrets = new Set<string>();
  if (isJsonObject(body)) {
    collect(model.attributes, body, secrets);
    const operations = member(body, "Operations");
    for (const operation of Array.isArray(operations) ? operations : []) {
      if (isJsonObject(operation)) collectOperation(model, operation, secrets);
    }
  }
  return [...secrets];
}

function collectOperation(model: AnyModel, operation: JsonObject, secrets: Set<string>): void {
  const path = member(operation, "path");
  const value = member(operation, "value");
  if (typeof path === "string") return collectAt(model, path, value, secrets);
  if (!isJsonObject(value)) return;
  // Some dialects have paths for names.
  for (const name of Object.keys(value)) collectAt(model, name, value[name], secrets);
}

function collectAt(model: AnyModel, path: string, value: JsonValue | undefined, secrets: Set<string>): void {
  const target = /^[^[\s]*/.exec(path.trimStart())?.[0] ?? "";
  const open = path.indexOf("[");
  collectCompared(model, open === -1 ? undefined : target, path, secrets);
  const chain = model.resolve(target + (open === -1 ? "" : path.slice(path.lastIndexOf("]") + 1))) ?? [];
  const last = chain.at(-1);
  if (chain.some(isSecret)) texts(value, secrets, DEPTH);
  else if (last !== undefined) collectValue(last, value, secrets);
  else if (isJsonObject(value)) collect(model.attributes, value, secrets);
}

function collectCompared(model: AnyModel, parent: string | undefined, path: string, secrets: Set<string>): void {
  for (const [, name = "", literal = ""] of path.matchAll(COMPARISON)) {
    const whole = parent === undefined ? name : `${parent}.${name}`;
    // The values of a list of plain ones are called `value`.
    const chain = model.resolve(whole) ?? (parent === undefined ? undefined : model.resolve(parent));
    if (chain?.some(isSecret) === true) texts(literalOf(literal), secrets, 0);
  }
}

/** What is no literal of JSON counts as text: quotation marks are what is forgotten first. */
function literalOf(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text.replaceAll('"', "");
  }
}

function collect(attributes: Attributes, object: JsonObject, secrets: Set<string>): void {
  for (const name of Object.keys(object)) {
    const attribute = attributes.get(name);
    if (attribute !== undefined) collectValue(attribute, object[name], secrets);
  }
}

function collectValue(attribute: Attribute, value: JsonValue | undefined, secrets: Set<string>): void {
  if (isSecret(attribute)) return texts(value, secrets, DEPTH);
  const { subAttributes } = attribute;
  if (subAttributes === undefined) return;
  for (const element of Array.isArray(value) ? value : [value]) {
    if (isJsonObject(element)) collect(subAttributes, element, secrets);
  }
}

function texts(value: JsonValue | undefined, secrets: Set<string>, depth: number): void {
  if (typeof value === "string") secrets.add(value);
  else if (typeof value === "number") secrets.add(String(value));
  else if (depth > 0 && typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) texts(inner, secrets, depth - 1);
  }
}
