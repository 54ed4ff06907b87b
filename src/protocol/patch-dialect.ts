/**
 * How servers want PATCH requests: the part of a server profile that is about operations.
 *
 * @module
 */
import { PatchError } from "../errors.ts";
import { isJsonObject, setMember, type JsonObject, type JsonValue } from "../json.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import type { Views } from "../schema/view.ts";
import type { PatchOperation } from "./patch.ts";
import { resolveTarget, type Target } from "./patch-target.ts";

/** What a server understands of RFC 7644 §3.5.2. Left out, each is as the RFC has it. */
export interface PatchDialect {
  /**
   * `path`: every operation needs a path; one without is sent as one for each attribute, of extensions too. `pathless`: the
   * server looks at the value alone; attributes are put into objects, but for what a filter selects and for `remove`.
   * Default `any`: as they are.
   */
  readonly form?: "any" | "path" | "pathless";
  /** `capitalised`: `Add`, `Replace`, `Remove`. Default `lower`. */
  readonly opCase?: "lower" | "capitalised";
  /**
   * How a value is removed: `valuePath`, as the RFC has it, by `members[value eq "2819"]`; `valueList` by a `remove` of
   * `members` whose value is a list, `[{ "value": "2819" }]`. Default `valuePath`.
   */
  readonly memberRemove?: "valuePath" | "valueList";
  /** Most operations in a request, at least 1. Default: no limit. */
  readonly maxOperations?: number;
  /** Most values of multi-valued attributes that a request adds, replaces and removes, at least 1. Default: no limit. */
  readonly maxValues?: number;
}

/** An operation as a server wants it. */
export interface SentOperation {
  readonly op: string;
  readonly path?: string;
  readonly value?: JsonValue;
}

/**
 * Puts operations into a server's dialect.
 *
 * @param operations as `checkOperations` gives them; one that does not fit the model is left as it is.
 * @returns the operations of each request, in order; none when there are none. Several requests are not atomic together.
 * @throws {TypeError} when a limit of the dialect is less than 1.
 */
export function toDialect(
  model: ResourceModel<Views>,
  operations: readonly PatchOperation[],
  dialect: PatchDialect = {},
): readonly (readonly SentOperation[])[] {
  const { maxOperations = Infinity, maxValues = Infinity } = dialect;
  if (!(maxOperations >= 1 && maxValues >= 1))
    throw new TypeError("a PATCH request has room for one operation at least");
  let sent: readonly SentOperation[] = operations;
  if (dialect.form === "path") sent = operations.flatMap((operation) => withPaths(model, operation));
  else if (dialect.form === "pathless") sent = withoutPaths(model, operations);
  if (dialect.memberRemove === "valueList") sent = withValueLists(model, sent);
  if (maxValues !== Infinity) sent = sent.flatMap((operation) => split(operation, maxValues));
  if (dialect.opCase === "capitalised")
    sent = sent.map((operation) => ({ ...operation, op: capitalised(operation.op) }));
  return requests(sent, maxOperations, maxValues);
}

function withPaths(model: ResourceModel<Views>, operation: PatchOperation): readonly SentOperation[] {
  const { op, path } = operation;
  if (op === "remove" || path !== undefined || !isJsonObject(operation.value)) return [operation];
  const sent: SentOperation[] = [];
  for (const [name, value] of Object.entries(operation.value)) {
    if (value === undefined) continue;
    if (model.attributes.get(name)?.extension !== true || !isJsonObject(value)) {
      sent.push({ op, path: name, value });
      continue;
    }
    for (const [inner, part] of Object.entries(value)) {
      if (part !== undefined) sent.push({ op, path: `${name}:${inner}`, value: part });
    }
  }
  return sent;
}

/** Neighbours that do the same to different attributes become one operation. */
function withoutPaths(
  model: ResourceModel<Views>,
  operations: readonly PatchOperation[],
): readonly SentOperation[] {
  const sent: SentOperation[] = [];
  let open: { readonly op: string; readonly value: JsonObject } | undefined;
  for (const operation of operations) {
    const value = nested(model, operation);
    if (value === undefined) {
      sent.push(operation);
      open = undefined;
    } else if (open !== undefined && open.op === operation.op && !overlap(open.value, value)) {
      for (const [name, part] of Object.entries(value)) setMember(open.value, name, part);
    } else {
      open = { op: operation.op, value };
      sent.push(open);
    }
  }
  return sent;
}

/** The value of an operation as a part of the resource; `undefined` when it needs its path. */
function nested(model: ResourceModel<Views>, operation: PatchOperation): JsonObject | undefined {
  if (operation.op === "remove") return undefined;
  const { path, value } = operation;
  if (path === undefined) return isJsonObject(value) ? { ...value } : undefined;
  const target = targetOf(model, path);
  if (target === undefined || target.filter !== undefined) return undefined;
  if (target.attributes.slice(0, -1).some(({ multiValued }) => multiValued)) return undefined;
  return target.attributes.reduceRight<JsonValue>((inner, { name }) => ({ [name]: inner }), value) as JsonObject;
}

function overlap(one: JsonObject, other: JsonObject): boolean {
  return Object.keys(other).some((name) => Object.hasOwn(one, name));
}

/** Neighbours that remove values of one attribute become one operation. */
function withValueLists(
  model: ResourceModel<Views>,
  operations: readonly SentOperation[],
): readonly SentOperation[] {
  const sent: SentOperation[] = [];
  let open: { readonly op: string; readonly path: string; readonly value: JsonValue[] } | undefined;
  for (const operation of operations) {
    const removed = removedValue(model, operation);
    if (removed === undefined) {
      sent.push(operation);
      open = undefined;
    } else if (open?.path === removed.path) {
      open.value.push(removed.value);
    } else {
      open = { op: operation.op, path: removed.path, value: [removed.value] };
      sent.push(open);
    }
  }
  return sent;
}

/** The one value that a `remove` selects by its `value`, and the path of the attribute. */
function removedValue(
  model: ResourceModel<Views>,
  { op, path }: SentOperation,
): { readonly path: string; readonly value: JsonValue } | undefined {
  const target = op === "remove" && path !== undefined ? targetOf(model, path) : undefined;
  const { filter } = target ?? {};
  const attribute = target?.attributes.at(-1);
  if (target === undefined || attribute === undefined || filter?.op !== "eq" || target.subAttributes.length > 0) {
    return undefined;
  }
  if (filter.path.attribute.toLowerCase() !== "value" || filter.path.subAttributes.length > 0) return undefined;
  const value = attribute.type === "complex" ? { value: filter.value } : filter.value;
  return { path: target.path.slice(0, target.path.indexOf("[")), value };
}

function targetOf(model: ResourceModel<Views>, path: string): Target | undefined {
  try {
    return resolveTarget(model, path, 0);
  } catch (error) {
    if (error instanceof PatchError) return undefined;
    throw error;
  }
}

/** What exceeds the limit of one request is added by further operations. */
function split(operation: SentOperation, limit: number): readonly SentOperation[] {
  const { op, value } = operation;
  if (!Array.isArray(value) || value.length <= limit) return [operation];
  const sent: SentOperation[] = [];
  for (let start = 0; start < value.length; start += limit) {
    const part = value.slice(start, start + limit);
    sent.push({ ...operation, op: start > 0 && op === "replace" ? "add" : op, value: part });
  }
  return sent;
}

function requests(
  operations: readonly SentOperation[],
  maxOperations: number,
  maxValues: number,
): readonly (readonly SentOperation[])[] {
  const all: SentOperation[][] = [];
  let values = 0;
  for (const operation of operations) {
    const count = Array.isArray(operation.value)
      ? operation.value.length
      : operation.path?.endsWith("]") === true
        ? 1
        : 0;
    const current = all.at(-1);
    values += count;
    if (current === undefined || current.length >= maxOperations || values > maxValues) {
      all.push([operation]);
      values = count;
    } else {
      current.push(operation);
    }
  }
  return all;
}

function capitalised(op: string): string {
  return op.charAt(0).toUpperCase() + op.slice(1);
}
