/**
 * What of a request a server never returns (RFC 7643 §7): no error may show it.
 *
 * @module
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute, Attributes } from "../schema/attribute.ts";
import type { AnyModel } from "./service-description.ts";

/** How deep the value of a secret attribute is looked into. */
const DEPTH = 8;

/** The values of attributes that a server never returns, in the body of a write: a resource or a PatchOp message. */
export function secretsIn(model: AnyModel, body: unknown): readonly string[] {
  const secrets = new Set<string>();
  if (isJsonObject(body)) {
    collect(model.attributes, body, secrets);
    const operations = body["Operations"];
    for (const operation of Array.isArray(operations) ? operations : []) {
      if (isJsonObject(operation)) collectOperation(model, operation, secrets);
    }
  }
  return [...secrets];
}

function collectOperation(model: AnyModel, { path, value }: JsonObject, secrets: Set<string>): void {
  if (typeof path !== "string") {
    if (isJsonObject(value)) collect(model.attributes, value, secrets);
    return;
  }
  const open = path.indexOf("[");
  const plain = open === -1 ? path : path.slice(0, open) + path.slice(path.lastIndexOf("]") + 1);
  const chain = model.resolve(plain) ?? [];
  const last = chain.at(-1);
  if (chain.some(isSecret)) texts(value, secrets, DEPTH);
  else if (last !== undefined) collectValue(last, value, secrets);
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

/** Whether a server never returns it (RFC 7643 §7). */
export function isSecret({ returned, mutability }: Attribute): boolean {
  return returned === "never" || mutability === "writeOnly";
}

function texts(value: JsonValue | undefined, secrets: Set<string>, depth: number): void {
  if (typeof value === "string") secrets.add(value);
  else if (typeof value === "number") secrets.add(String(value));
  else if (depth > 0 && typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) texts(inner, secrets, depth - 1);
  }
}
