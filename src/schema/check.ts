/**
 * The interpretive check of a value against a model: the same verdict as the compiled JSON Schema, and the one source of
 * issues. It needs no code generation and nothing to be compiled first, so it also serves PATCH values and platforms
 * where `new Function` is refused.
 *
 * It goes as deep as the schemas go, never as deep as the value does: content that no schema defines is not looked at.
 *
 * @module
 */
import type { Issue, IssueRule } from "../errors.ts";
import { isJsonObject, kindOf } from "../json.ts";
import { printable, type Attribute, type Attributes, type AttributeType } from "./attribute.ts";
import { presence, type Context } from "./context.ts";
import { FORMATS, isIdentified, isNullable, NESTED_EXTENSION } from "./json-schema.ts";
import { furtherPrimaries, writtenPrimary } from "./primary.ts";
import type { ResourceModel } from "./resource-model.ts";
import { nearestName } from "./spelling.ts";
import type { Views } from "./view.ts";

/** How many issues are listed unless a limit is given; what is beyond it is not looked for. */
const LIMIT = 64;

/** What `checkAttribute` may be told. */
export interface CheckAttributeOptions {
  /** Whether the value is one element of the multi-valued attribute instead of all of it. Default `false`. */
  readonly element?: boolean;
  /** The most issues listed. Default 64. */
  readonly limit?: number;
}

/**
 * Checks a resource.
 *
 * @param limit the most issues listed, at least 1.
 * @returns what is wrong; nothing when the resource is valid in this context.
 */
export function check(
  model: ResourceModel<Views>,
  context: Context,
  value: unknown,
  limit: number = LIMIT,
): Issue[] {
  const inspection = new Inspection(context, limit, "", false);
  inspection.resource(model, value);
  return inspection.issues;
}

/**
 * Checks a value of one attribute, such as that of a PATCH operation.
 *
 * @param path where the value is, for the issues.
 */
export function checkAttribute(
  attribute: Attribute,
  context: Context,
  value: unknown,
  path: string,
  options: CheckAttributeOptions = {},
): Issue[] {
  const inspection = new Inspection(context, options.limit ?? LIMIT, path, attribute.extension);
  inspection.value(attribute, value, options.element === true);
  return inspection.issues;
}

/** Where a payload is, as messages say it. */
export const PLACES: Readonly<Record<Context, string>> = {
  create: "in a create request",
  replace: "in a replace request",
  patch: "in a patch request",
  response: "in a response",
};

const TYPES: Readonly<Record<AttributeType, { readonly noun: string; readonly section: string }>> = {
  string: { noun: "a string", section: "RFC 7643 §2.3.1" },
  boolean: { noun: "a boolean", section: "RFC 7643 §2.3.2" },
  decimal: { noun: "a number", section: "RFC 7643 §2.3.3" },
  integer: { noun: "an integer", section: "RFC 7643 §2.3.4" },
  dateTime: { noun: "a string", section: "RFC 7643 §2.3.5" },
  binary: { noun: "a string", section: "RFC 7643 §2.3.6" },
  reference: { noun: "a string", section: "RFC 7643 §2.3.7" },
  complex: { noun: "an object", section: "RFC 7643 §2.3.8" },
};

/** One check under way. The trail is the place being looked at; it becomes a path only when there is an issue. */
class Inspection {
  readonly issues: Issue[] = [];
  readonly #context: Context;
  readonly #closed: boolean;
  readonly #limit: number;
  readonly #base: string;
  readonly #extension: boolean;
  readonly #trail: Array<string | number> = [];

  constructor(context: Context, limit: number, base: string, extension: boolean) {
    this.#context = context;
    this.#closed = context !== "response";
    this.#limit = limit;
    this.#base = base;
    this.#extension = extension;
  }

  resource(model: ResourceModel<Views>, value: unknown): void {
    if (!isJsonObject(value)) {
      this.#report(0, "type", `must be an object, not ${kindOf(value)},`, "RFC 7643 §3");
      return;
    }
    if (isIdentified(model, this.#context) && !has(value, "id")) {
      this.#trail[0] = "id";
      this.#report(1, "required", "must be present", "RFC 7643 §3.1");
    }
    this.#members(model.attributes, value, 0, false, false);
  }

  value(attribute: Attribute, value: unknown, element: boolean): void {
    const rule = presence(attribute, this.#context);
    if (rule === "dropped" || rule === "refused") {
      if (this.#closed) this.#readOnly(0);
    } else if (element) {
      this.#single(attribute, value, 0, false);
    } else {
      this.#attribute(attribute, value, 0, false);
    }
  }

  #members(
    attributes: Attributes,
    object: Readonly<Record<string, unknown>>,
    depth: number,
    extension: boolean,
    nullable: boolean,
  ): void {
    if (this.#context === "create" || this.#context === "replace") this.#missing(attributes, object, depth);
    for (const name of Object.keys(object)) {
      if (this.issues.length >= this.#limit) return;
      this.#trail[depth] = name;
      const attribute = attributes.exact(name);
      if (attribute === undefined) {
        if (this.#closed && !(extension && NESTED_EXTENSION.test(name))) this.#unknown(attributes, name, depth);
        continue;
      }
      const rule = presence(attribute, this.#context);
      if (rule === "dropped" || rule === "refused") {
        if (this.#closed) this.#readOnly(depth + 1);
      } else if (object[name] !== undefined) {
        this.#attribute(attribute, object[name], depth + 1, nullable);
      }
    }
  }

  #missing(attributes: Attributes, object: Readonly<Record<string, unknown>>, depth: number): void {
    for (const attribute of attributes) {
      if (attribute.required && presence(attribute, this.#context) === "required" && !has(object, attribute.name)) {
        this.#trail[depth] = attribute.name;
        this.#report(depth + 1, "required", "must be present", "RFC 7643 §2.2");
      }
    }
  }

  #attribute(attribute: Attribute, value: unknown, depth: number, nullable: boolean): void {
    const absent = isNullable(attribute, this.#context, nullable);
    if (value === null && (absent || this.#closed)) {
      if (!absent) this.#report(depth, "required", "must have a value, not null,", "RFC 7643 §2.2");
    } else if (!attribute.multiValued) {
      this.#single(attribute, value, depth, absent);
    } else if (!Array.isArray(value)) {
      this.#report(depth, "type", `must be an array, not ${kindOf(value)},`, "RFC 7643 §2.4");
    } else if (value.length === 0) {
      if (this.#closed && attribute.required) {
        this.#report(depth, "required", "must have a value, not an empty array,", "RFC 7643 §2.2");
      }
    } else {
      this.#elements(attribute, value, depth, absent);
    }
  }

  #elements(attribute: Attribute, elements: readonly unknown[], depth: number, nullable: boolean): void {
    const absent = nullable && !this.#closed;
    for (let index = 0; index < elements.length && this.issues.length < this.#limit; index += 1) {
      const element = elements[index];
      this.#trail[depth] = index;
      if (element !== null || !absent) this.#single(attribute, element, depth + 1, absent);
    }
    if (!this.#closed || this.issues.length >= this.#limit) return;
    const primary = writtenPrimary(attribute, this.#context)?.name;
    if (primary === undefined) return;
    for (const position of furtherPrimaries(elements, primary)) {
      this.#trail[depth] = position;
      this.#trail[depth + 1] = primary;
      this.#report(depth + 2, "bounds", "must not be true a second time", "RFC 7643 §2.4");
    }
  }

  #single(attribute: Attribute, value: unknown, depth: number, nullable: boolean): void {
    const { type, subAttributes } = attribute;
    if (!isOfType(type, value)) {
      const { noun, section } = TYPES[type];
      this.#report(depth, "type", `must be ${noun}, not ${kindOf(value)},`, section);
    } else if (type === "complex") {
      if (subAttributes !== undefined && isJsonObject(value)) {
        this.#members(subAttributes, value, depth, attribute.extension, nullable);
      }
    } else if (this.#closed && typeof value === "string") {
      this.#format(type, value, depth);
    }
  }

  #format(type: AttributeType, value: string, depth: number): void {
    if (type === "dateTime" && !FORMATS["date-time"].test(value)) {
      const rule = "must be an RFC 3339 date-time such as 2008-01-23T04:56:22Z";
      this.#report(depth, "format", rule, TYPES.dateTime.section);
    } else if (type === "binary" && !FORMATS.base64.test(value)) {
      this.#report(depth, "format", "must be base64 or base64url", TYPES.binary.section);
    }
  }

  #unknown(attributes: Attributes, name: string, depth: number): void {
    const allowed: string[] = [];
    for (const attribute of attributes) {
      const rule = presence(attribute, this.#context);
      if (rule === "required" || rule === "optional") allowed.push(attribute.name);
    }
    const near = nearestName(name, allowed);
    const hint = near === undefined ? "" : `; perhaps "${near}" is meant`;
    this.#trail[depth] = name === "" ? "(empty name)" : printable(name);
    if (depth === 0 && this.#base === "" && NESTED_EXTENSION.test(name)) {
      const what = "is not an extension of the resource type and must not be";
      this.#report(depth + 1, "unknown", what, "RFC 7643 §3.3", hint);
    } else {
      this.#report(depth + 1, "unknown", "is not defined by the schema and must not be", "RFC 7643 §2.1", hint);
    }
  }

  #readOnly(depth: number): void {
    this.#report(depth, "mutability", "is readOnly and must not be", "RFC 7643 §7");
  }

  #report(depth: number, rule: IssueRule, what: string, section: string, hint = ""): void {
    if (this.issues.length >= this.#limit) return;
    const path = issuePath(this.#trail.slice(0, depth), this.#base, this.#extension);
    const subject = path === "" ? "the resource" : `"${path}"`;
    const message = `${subject} ${what} ${PLACES[this.#context]}${hint} (${section})`;
    this.issues.push({ path, rule, message, section });
  }
}

/**
 * The path of an issue.
 *
 * @param steps names and positions from the base down.
 * @param extension whether the base is an extension, whose members follow a colon.
 */
export function issuePath(steps: Iterable<string | number>, base = "", extension = false): string {
  let path = base;
  let separator = extension ? ":" : ".";
  for (const step of steps) {
    if (typeof step === "number") {
      path += `[${step}]`;
    } else {
      path += path === "" ? step : separator + step;
      // Of all names that schemas define only an extension's URN has a colon.
      separator = step.includes(":") ? ":" : ".";
    }
  }
  return path;
}

function has(object: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(object, name) && object[name] !== undefined;
}

function isOfType(type: AttributeType, value: unknown): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "decimal":
      return Number.isFinite(value);
    case "integer":
      return Number.isInteger(value);
    case "complex":
      return isJsonObject(value);
    default:
      return typeof value === "string";
  }
}
