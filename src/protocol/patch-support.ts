/**
 * What servers really do with PATCH operations: what a request must not ask of such a server, because it refuses it or, worse,
 * answers as if it had been done.
 *
 * @module
 */
import { PatchError } from "../errors.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import type { Views } from "../schema/view.ts";
import { toDialect, type SentOperation } from "./patch-dialect.ts";
import type { PatchOperation } from "./patch.ts";
import { resolveTarget, type Target } from "./patch-target.ts";

/** What a server understands of RFC 7644 §3.5.2. Left out, each is everything that the RFC has. */
export interface PatchSupport {
  /** The operations that have an effect. */
  readonly operations?: readonly ("add" | "replace" | "remove")[];
  /** Attributes by path that an operation can be about; with an attribute come its sub-attributes. */
  readonly attributes?: readonly string[];
  /** Whether a filter can select values, as in `emails[type eq "work"]`. Members that `memberRemove` lists need none. */
  readonly valuePaths?: boolean;
  /** Whether null unassigns an attribute. */
  readonly nulls?: boolean;
  /** Multi-valued attributes, by path, whose values can be added and removed, but not replaced or removed all at once. */
  readonly valueByValue?: readonly string[];
}

/**
 * Why a server does not carry out one of some operations: the rest of a sentence that begins with the server.
 *
 * @param operations as `checkOperations` gives them.
 * @param memberRemove how the server wants values removed.
 * @returns `undefined` where it carries out all of them.
 */
export function unsupportedOperation(
  model: ResourceModel<Views>,
  operations: readonly PatchOperation[],
  support: PatchSupport,
  memberRemove: "valuePath" | "valueList" = "valuePath",
): string | undefined {
  for (const operation of toDialect(model, operations, { form: "path", memberRemove }).flat()) {
    const reason = unsupported(model, operation, support);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function unsupported(
  model: ResourceModel<Views>,
  operation: SentOperation,
  support: PatchSupport,
): string | undefined {
  const { op, path, value } = operation;
  const { operations, attributes, valueByValue = [] } = support;
  if (operations?.some((known) => known === op) === false) return `does not carry out "${op}" in PATCH`;
  if (support.nulls === false && value === null) return `does not unassign "${path}" by null in PATCH`;
  const target = path === undefined ? undefined : targetOf(model, path);
  if (target === undefined) return undefined;
  if (support.valuePaths === false && target.filter !== undefined)
    return `selects no values in PATCH, as "${path}" does`;
  const names = [...target.attributes, ...target.subAttributes].map(({ name }) => name);
  if (attributes?.some((entry) => isPrefix(namesOf(model, entry), names)) === false) {
    const list = attributes.length === 0 ? "nothing" : attributes.join(", ");
    return `does not change "${path}" of ${model.name} by PATCH (it changes: ${list})`;
  }
  const whole = target.filter === undefined && (op === "replace" || (op === "remove" && value === undefined));
  if (whole && valueByValue.some((entry) => namesOf(model, entry).join(" ") === names.join(" "))) {
    return `cannot ${op} all of "${path}" at once in PATCH, only add and remove single values`;
  }
  return undefined;
}

function namesOf(model: ResourceModel<Views>, path: string): readonly string[] {
  return model.resolve(path)?.map(({ name }) => name) ?? [path];
}

function isPrefix(prefix: readonly string[], names: readonly string[]): boolean {
  return prefix.every((name, index) => name === names[index]);
}

function targetOf(model: ResourceModel<Views>, path: string): Target | undefined {
  try {
    return resolveTarget(model, path, 0);
  } catch (error) {
    if (error instanceof PatchError) return undefined;
    throw error;
  }
}
