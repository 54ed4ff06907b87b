/**
 * Reads PATCH requests as clients really send them, Entra and Okta among them: a server's side of RFC 7644 §3.5.2.
 *
 * @module
 */
import type { DeviationKind, OnDeviation } from "../deviation.ts";
import { PatchError } from "../errors.ts";
import { isJsonObject, setMember, type JsonObject, type JsonValue } from "../json.ts";
import { printable, type Attribute } from "../schema/attribute.ts";
import { sameName, type ResourceModel } from "../schema/resource-model.ts";
import type { Views } from "../schema/view.ts";
import { hasSchema, member } from "./messages.ts";
import { PATCH_OP_SCHEMA, type PatchOperation } from "./patch.ts";
import { resolveTarget, type Target } from "./patch-target.ts";
import { valueOf } from "./patch-step.ts";

/**
 * Reads a PatchOp message. What is understood beside the RFC's own form is reported:
 *
 * - `op` in any case (`Replace`); member names in any case; a message that does not name its schema; a lone operation
 * - `"True"` and `"False"` for a boolean, text for a number; an array of one for a single value, or for what a filter selects
 * - in the value of an operation without a path, members named by a path: `"name.givenName"`,
 *   `"urn:…:User:department"`, `"emails[type eq \"work\"].value"`; members under the core schema's own URN
 * - `remove` of a multi-valued attribute with the values to remove: `{ "path": "members", "value": [{ "value": "2819" }] }`;
 *   an empty list removes nothing
 *
 * What is wrong with paths and values is for `applyPatch` to find.
 *
 * @returns operations in the RFC's form, for `applyPatch`; one of the message can become several.
 * @throws {PatchError} `invalidSyntax` when it is no PatchOp message with operations; the position is then that of the
 *   operation, and 0 for the message. `invalidValue` for a value to remove that no filter can select.
 */
export function readOperations(
  model: ResourceModel<Views>,
  message: unknown,
  report?: OnDeviation,
): readonly PatchOperation[] {
  if (!isJsonObject(message)) throw syntax("a PATCH request must be an object", 0);
  const tell = (path: string, text: string, kind: DeviationKind = "envelope"): void =>
    report?.({ kind, path, message: `${text} (RFC 7644 §3.5.2)`, section: "RFC 7644 §3.5.2" });
  if (!hasSchema(message, PATCH_OP_SCHEMA)) tell("schemas", "a PATCH request must name the PatchOp schema");
  const given = member(message, "Operations");
  const list = isJsonObject(given) ? [given] : given;
  if (list !== given) tell("Operations", '"Operations" must be an array');
  if (!Array.isArray(list) || list.length === 0) throw syntax('"Operations" must have one operation at least', 0);
  const reader = new Reader(model, tell);
  for (const [index, operation] of list.entries()) reader.read(operation, index);
  return reader.operations;
}

type Tell = (path: string, text: string, kind?: DeviationKind) => void;

class Reader {
  readonly operations: PatchOperation[] = [];
  readonly #model: ResourceModel<Views>;
  readonly #tell: Tell;

  constructor(model: ResourceModel<Views>, tell: Tell) {
    this.#model = model;
    this.#tell = tell;
  }

  read(operation: JsonValue, index: number): void {
    if (!isJsonObject(operation)) throw syntax("an operation must be an object", index);
    const name = member(operation, "op");
    const op = typeof name === "string" && name.length < 8 ? name.toLowerCase() : name;
    if (op !== "add" && op !== "replace" && op !== "remove") {
      throw syntax('"op" must be "add", "remove" or "replace"', index);
    }
    if (op !== name) this.#tell(`Operations[${index}].op`, `"op" must be "${op}", in lower case`);
    const value = member(operation, "value");
    const path = member(operation, "path") ?? undefined;
    if (path !== undefined && typeof path !== "string") throw syntax('"path" must be a string', index);
    if (op === "remove") this.#remove(path, value, index);
    else if (path === undefined || path === "") this.#attributes(op, value, index);
    else this.#at(op, path, value, index);
  }

  /** A path that leads nowhere is left for `applyPatch` to refuse. */
  #target(path: string, index: number): Target | undefined {
    try {
      return resolveTarget(this.#model, path, index);
    } catch (error) {
      if (error instanceof PatchError) return undefined;
      throw error;
    }
  }

  #at(op: "add" | "replace", path: string, value: JsonValue | undefined, index: number): void {
    if (value === undefined) throw syntax(`"value" must be present in an operation that is to ${op}`, index);
    const target = this.#target(path, index);
    const { attribute, element } =
      target === undefined ? { attribute: undefined, element: false } : valueOf(target);
    const read = attribute === undefined ? value : this.#value(attribute, value, path, element);
    this.operations.push({ op, path, value: read });
  }

  #attributes(op: "add" | "replace", value: JsonValue | undefined, index: number, isCore = false): void {
    if (!isJsonObject(value)) {
      throw syntax("the value of an operation without a path must be an object of attributes", index);
    }
    const { attributes, schema } = this.#model;
    const plain: JsonObject = {};
    for (const [name, part] of Object.entries(value)) {
      if (part === undefined) continue;
      const attribute = attributes.get(name);
      if (attribute !== undefined) {
        plain[name] = this.#value(attribute, part, name);
      } else if (!isCore && sameName(name, schema.id) && isJsonObject(part)) {
        this.#tell(name, "attributes of the core schema must stand by themselves", "flatName");
        this.#attributes(op, part, index, true);
      } else if (/[.:[]/.test(name) && (this.#target(name, index)?.path ?? "") !== "") {
        const text = `"${printable(name, 256)}" must stand inside its complex attribute or be a path`;
        this.#tell(printable(name, 256), text, "flatName");
        this.#at(op, name, part, index);
      } else {
        setMember(plain, name, part);
      }
    }
    if (Object.keys(plain).length > 0 || Object.keys(value).length === 0)
      this.operations.push({ op, value: plain });
  }

  #remove(path: string | undefined, value: JsonValue | undefined, index: number): void {
    if (path === undefined || path === "") {
      const message = '"path" must be present in an operation that is to remove (RFC 7644 §3.5.2.2)';
      throw new PatchError(message, "noTarget", index);
    }
    const target = value === undefined || value === null ? undefined : this.#target(path, index);
    const attribute = target?.attributes.at(-1);
    if (
      target === undefined ||
      attribute?.multiValued !== true ||
      target.filter !== undefined ||
      value === undefined
    ) {
      this.operations.push({ op: "remove", path });
      return;
    }
    this.#tell(
      `Operations[${index}].value`,
      `values of "${target.path}" must be removed with a filter in the path`,
    );
    for (const element of Array.isArray(value) ? value : [value]) {
      const filter = filterFor(attribute, element);
      if (filter === undefined) {
        const text = `a value to remove of "${target.path}" must have a "value" or other simple sub-attributes`;
        throw new PatchError(`${text} (RFC 7644 §3.5.2.2)`, "invalidValue", index);
      }
      this.operations.push({ op: "remove", path: `${target.path}[${filter}]` });
    }
  }

  /** A value in the types of its attribute, as far as it can be told what is meant. */
  #value(attribute: Attribute, value: JsonValue, path: string, element = false): JsonValue {
    const isMany = attribute.multiValued && !element;
    if (Array.isArray(value)) {
      if (isMany) return mapped(value, (each) => this.#single(attribute, each, path));
      const [only] = value;
      if (value.length !== 1 || only === undefined) return value;
      this.#tell(path, `"${path}" must be a single value, not an array`, "arrayForSingle");
      return this.#single(attribute, only, path);
    }
    return this.#single(attribute, value, path);
  }

  #single(attribute: Attribute, value: JsonValue, path: string): JsonValue {
    if (typeof value === "string") return this.#text(attribute, value, path);
    if (!isJsonObject(value) || attribute.subAttributes === undefined) return value;
    let copy: JsonObject | undefined;
    for (const [name, part] of Object.entries(value)) {
      const sub = attribute.subAttributes.get(name);
      if (sub === undefined || part === undefined) continue;
      const next = this.#value(sub, part, `${path}${attribute.extension ? ":" : "."}${sub.name}`);
      if (next === part) continue;
      copy ??= { ...value };
      copy[name] = next;
    }
    return copy ?? value;
  }

  #text({ type }: Attribute, value: string, path: string): JsonValue {
    if (type === "boolean" && /^(?:true|false)$/i.test(value)) {
      this.#tell(path, `"${path}" must be a JSON boolean, not text`, "stringifiedBoolean");
      return value.length === 4;
    }
    if ((type === "integer" || type === "decimal") && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)) {
      this.#tell(path, `"${path}" must be a JSON number, not text`, "stringifiedNumber");
      return Number(value);
    }
    return value;
  }
}

/** The filter that selects a value as a client describes it: by its `value`, or else by all simple sub-attributes. */
function filterFor(attribute: Attribute, element: JsonValue): string | undefined {
  if (!isJsonObject(element)) return isLiteral(element) ? `value eq ${JSON.stringify(element)}` : undefined;
  if (attribute.type !== "complex") return undefined;
  const value = member(element, "value");
  const named: [string, JsonValue | undefined][] = isLiteral(value) ? [["value", value]] : Object.entries(element);
  const parts = named.filter(([name, part]) => attribute.subAttributes?.get(name) !== undefined && isLiteral(part));
  return parts.length === 0
    ? undefined
    : parts.map(([name, part]) => `${name} eq ${JSON.stringify(part)}`).join(" and ");
}

function isLiteral(value: JsonValue | undefined): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function mapped(values: JsonValue[], change: (value: JsonValue) => JsonValue): JsonValue[] {
  const changed = values.map(change);
  return changed.every((value, index) => value === values[index]) ? values : changed;
}

function syntax(message: string, operation: number): PatchError {
  return new PatchError(`${message} (RFC 7644 §3.5.2)`, "invalidSyntax", operation);
}
