/**
 * What `modify` takes: a builder, a list of operations, or a PatchOp message.
 *
 * @module
 */
import { RequestPayloadValidationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { checkOperations } from "../protocol/patch-check.ts";
import {
  operationsOf,
  PATCH_OP_SCHEMA,
  PatchBuilder,
  type PatchInput,
  type PatchOperation,
} from "../protocol/patch.ts";
import type { Views } from "../schema/view.ts";
import type { AnyModel } from "./service-description.ts";

/** What `modify` takes (RFC 7644 §3.5.2). */
export type Modification<V extends Views = Views> = PatchInput<V>;

/**
 * The message to send; `undefined` when there is nothing to change. A message that is not checked is sent as it is.
 *
 * @throws {TypeError} for anything that is no modification.
 * @throws {RequestPayloadValidationError} when an operation does not fit the model.
 */
export function readModification(
  model: AnyModel,
  modification: Modification,
  checked: boolean,
): JsonValue | undefined {
  const given = operationsOf(modification);
  if (given.length === 0) return undefined;
  const isMessage = !Array.isArray(modification) && !(modification instanceof PatchBuilder);
  if (!checked && isMessage) return modification as unknown as JsonValue;
  return { schemas: [PATCH_OP_SCHEMA], Operations: checked ? check(model, given) : given } as unknown as JsonValue;
}

function check(model: AnyModel, given: readonly PatchOperation[]): readonly PatchOperation[] {
  const { operations, issues } = checkOperations(model, given);
  const [issue, ...more] = issues;
  if (issue === undefined) return operations;
  throw new RequestPayloadValidationError(`${model.name} cannot be modified so`, [issue, ...more]);
}
