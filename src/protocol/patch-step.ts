/**
 * One PATCH operation as a model understands it: its target found, its value in the schema's spelling and checked.
 *
 * @module
 */
import { PatchError, type Issue, type ScimType } from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute, Attributes } from "../schema/attribute.ts";
import { check, checkAttribute } from "../schema/check.ts";
import { normalise, normaliseAttribute } from "../schema/normalise.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import type { Views } from "../schema/view.ts";
import type { PatchOperation } from "./patch.ts";
import { RESOURCE, resolveTarget, type Target } from "./patch-target.ts";

/** An operation that a model understands. */
export interface Step {
  /** The operation's position, from 0. */
  readonly index: number;
  readonly op: "add" | "replace" | "remove";
  readonly target: Target;
  /**
   * In the schema's spelling, an array where all of a multi-valued attribute is meant; `undefined` for `remove`, but for a
   * value that must not be there, which is as it was given.
   */
  readonly value: JsonValue | undefined;
}

/** What is wrong with an operation. */
export interface PatchIssue extends Issue {
  /** Position of the operation, from 0. */
  readonly operation: number;
  /** The keyword a server would answer with (RFC 7644 §3.12). */
  readonly scimType: ScimType;
}

/**
 * Reads an operation.
 *
 * @throws {PatchError} when it is no operation, its path is no path of the model, or it has no value where there must be one.
 */
export function readStep(model: ResourceModel<Views>, operation: PatchOperation, index: number): Step {
  if (!isJsonObject(operation)) {
    throw new PatchError("an operation must be an object (RFC 7644 §3.5.2)", "invalidSyntax", index);
  }
  const { op, path, value } = operation as { op: unknown; path?: unknown; value?: JsonValue };
  if (op !== "add" && op !== "replace" && op !== "remove") {
    throw new PatchError('"op" must be "add", "remove" or "replace" (RFC 7644 §3.5.2)', "invalidSyntax", index);
  }
  if (path !== undefined && typeof path !== "string") {
    throw new PatchError('"path" must be a string (RFC 7644 §3.5.2)', "invalidPath", index);
  }
  if (op === "remove") return { index, op, target: removed(model, path, index), value: value ?? undefined };
  if (value === undefined) {
    throw new PatchError(
      `"value" must be present in an operation that is to ${op} (RFC 7644 §3.5.2)`,
      "invalidValue",
      index,
    );
  }
  const target = path === undefined ? RESOURCE : resolveTarget(model, path, index);
  return { index, op, target, value: normaliseValue(model, target, value, index) };
}

/**
 * What is wrong with a step's value in the `patch` context, also that it sets what only the server may set, and that `remove`
 * has one: who writes it means to remove these values alone, and a server that overlooks it removes all.
 *
 * @param limit the most issues listed.
 */
export function valueIssues(model: ResourceModel<Views>, step: Step, limit: number): PatchIssue[] {
  const { op, target, value } = step;
  if (value === undefined) return [];
  if (op === "remove") return [valueOfRemove(step)];
  const { attribute, element } = valueOf(target);
  const issues =
    attribute === undefined
      ? check(model, "patch", value, limit)
      : checkAttribute(attribute, "patch", value, target.shown, { element, limit });
  return issues.map((issue) => ({ ...issue, operation: step.index, scimType: scimTypeOf(issue, target) }));
}

/** What a target's value is a value of: an attribute, one element of it, or the resource when there is none. */
export function valueOf(target: Target): { readonly attribute: Attribute | undefined; readonly element: boolean } {
  const sub = target.subAttributes.at(-1);
  if (sub !== undefined) return { attribute: sub, element: false };
  return { attribute: target.attributes.at(-1), element: target.filter !== undefined };
}

function valueOfRemove({ index, target }: Step): PatchIssue {
  const section = "RFC 7644 §3.5.2.2";
  const attribute = target.attributes.at(-1);
  const isList =
    attribute?.multiValued === true && target.filter === undefined && target.subAttributes.length === 0;
  const subs = [...(attribute?.subAttributes ?? [])].filter(({ type }) => type !== "complex");
  const named = subs.find(({ name }) => name.toLowerCase() === "value") ?? subs[0];
  const advice = isList
    ? `: what it removes is selected in its path, path\`${target.shown}[${named?.name ?? "value"} eq \${value}]\`; readOperations of scimkit/protocol reads the form that Entra sends`
    : "";
  return {
    path: target.shown,
    rule: "unknown",
    message: `operation ${index} removes "${target.shown}" and must not have a "value"${advice} (${section})`,
    section,
    operation: index,
    scimType: "invalidValue",
  };
}

function removed(model: ResourceModel<Views>, path: string | undefined, index: number): Target {
  if (path === undefined) {
    throw new PatchError(
      '"path" must be present in an operation that is to remove (RFC 7644 §3.5.2.2)',
      "noTarget",
      index,
    );
  }
  const target = resolveTarget(model, path, index);
  if (target !== RESOURCE) return target;
  throw new PatchError("a whole resource cannot be removed with PATCH (RFC 7644 §3.5.2.2)", "noTarget", index);
}

function normaliseValue(model: ResourceModel<Views>, target: Target, value: JsonValue, index: number): JsonValue {
  const { attribute, element } = valueOf(target);
  if (attribute === undefined) {
    if (isJsonObject(value)) return listed(model.attributes, normalise(model, "patch", value) as JsonObject);
    const message = "the value of an operation without a path must be an object of attributes (RFC 7644 §3.5.2.1)";
    throw new PatchError(message, "invalidValue", index);
  }
  const named = normaliseAttribute(attribute, "patch", value);
  if (!element && attribute.multiValued) return named === null || Array.isArray(named) ? named : [named];
  const { subAttributes } = attribute;
  return subAttributes !== undefined && isJsonObject(named) && !element ? listed(subAttributes, named) : named;
}

/** One value alone adds to, or stands for, all values of a multi-valued attribute (RFC 7644 §3.5.2.1). */
function listed(attributes: Attributes, object: JsonObject): JsonObject {
  let copy: JsonObject | undefined;
  for (const name of Object.keys(object)) {
    const attribute = attributes.exact(name);
    const value = object[name];
    if (attribute === undefined || value === undefined || value === null) continue;
    let next: JsonValue = value;
    if (attribute.multiValued) {
      if (!Array.isArray(value)) next = [value];
    } else if (attribute.subAttributes !== undefined && isJsonObject(value)) {
      next = listed(attribute.subAttributes, value);
    }
    if (next === value) continue;
    copy ??= { ...object };
    copy[name] = next;
  }
  return copy ?? object;
}

function scimTypeOf(issue: Issue, target: Target): ScimType {
  if (issue.rule === "mutability") return "mutability";
  if (issue.rule === "unknown" && target === RESOURCE) return "invalidPath";
  // To unassign a required attribute is against its mutability (RFC 7644 §3.5.2.2); a new value without one is not valid.
  const isElement = issue.path.slice(target.shown.length).includes("[");
  return issue.rule === "required" && !isElement ? "mutability" : "invalidValue";
}
