/**
 * Applies a PATCH request to a resource (RFC 7644 §3.5.2.1 to §3.5.2.3).
 *
 * @module
 */
import { PatchError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { sameName, type ResourceModel } from "../schema/resource-model.ts";
import { isHollow } from "../schema/unassigned.ts";
import type { Views } from "../schema/view.ts";
import { ComplexDraft } from "./complex-draft.ts";
import { member } from "./messages.ts";
import { operationsOf, type PatchInput } from "./patch.ts";
import { readStep, valueIssues, type PatchIssue, type Step } from "./patch-step.ts";
import { Patcher } from "./patcher.ts";

/** How operations are applied. */
export interface ApplyOptions {
  /**
   * What `add` and `replace` do when the filter of their value path matches nothing. `noTarget`, the default, refuses them:
   * RFC 7644 §3.5.2.3 demands it for `replace`, and table 9 has no other word for `add`. `create` adds the value that the
   * filter describes, as Entra expects of its servers; the filter must be one or more `eq` joined by `and`.
   */
  readonly unmatched?: "noTarget" | "create";
}

/**
 * Applies operations in their order, all of them or none. The resource that was given is not changed; what no operation
 * touches is shared with the result, and when nothing changes the result is the same object.
 *
 * - A value that is added to a multi-valued attribute is not added twice: of values with the same `value`, and no other
 *   `type`, there is one, which takes on the sub-attributes that were added unless they are immutable and set (§3.5.2.1,
 *   RFC 7643 §2.4). Where there is no `value` all sub-attributes count.
 * - Complex values are merged by `add` and `replace` (§3.5.2.3); a value that a filter selects is replaced as a whole.
 * - A path that goes through a multi-valued attribute without a filter, `emails.type`, is about all its values.
 * - `null` unassigns, and so does `[]` except in `add` (RFC 7643 §2.5). `remove` with a filter that matches nothing changes
 *   nothing, and `remove` with a value is refused (§3.5.2.2); `readOperations` understands it.
 * - A value that becomes primary is the only one (§3.5.2).
 * - What is readOnly may be given as it is. What is immutable may be set once.
 * - `schemas` gains the extensions that become populated and loses those that become empty.
 *
 * The time is linear in the resource and the operations where filters are `eq` on a sub-attribute; other filters look at
 * each value, two million at most in all.
 *
 * @throws {PatchError} with the keyword and the operation: `invalidPath`, `invalidFilter`, `invalidValue`, `noTarget`,
 *   `mutability` (also for what is required and would be unassigned), `tooMany`.
 */
export function applyPatch<R extends object>(
  model: ResourceModel<Views>,
  resource: R,
  operations: PatchInput,
  options: ApplyOptions = {},
): R {
  if (!isJsonObject(resource)) throw new TypeError(`a ${model.name} is an object`);
  const root = new ComplexDraft(resource);
  const patcher = new Patcher(model, options.unmatched === "create");
  for (const [index, operation] of operationsOf(operations).entries()) {
    const step = readStep(model, operation, index);
    const issue = firstIssue(model, step);
    if (issue !== undefined) throw new PatchError(issue.message, issue.scimType, index);
    patcher.apply(root, step);
  }
  settleSchemas(model, resource, root);
  return root.finish() as R;
}

/** Whether a value is against mutability is seen when it is set: what is there already may be set again. */
function firstIssue(model: ResourceModel<Views>, step: Step): PatchIssue | undefined {
  for (let limit = 16; ; limit *= 4) {
    const issues = valueIssues(model, step, limit);
    const issue = issues.find(({ rule }) => rule !== "mutability");
    if (issue !== undefined || issues.length < limit) return issue;
  }
}

/** An extension is listed when it has data (RFC 7643 §3); one that still has data cannot be taken off the list. */
function settleSchemas(model: ResourceModel<Views>, resource: JsonObject, root: ComplexDraft): void {
  const result = root.finish();
  if (result === resource) return;
  const listed = member(result, "schemas");
  let changed = listed !== member(resource, "schemas");
  const gone: string[] = [];
  const needed = [model.schema.id];
  for (const { model: extension } of model.extensions) {
    const urn = extension.schema.id;
    const was = !isHollow(member(resource, urn));
    const is = !isHollow(member(result, urn));
    if (is) needed.push(urn);
    else if (was) gone.push(urn);
    changed ||= is !== was;
  }
  const attribute = model.attributes.get("schemas");
  if (!changed || attribute === undefined) return;
  const kept = (Array.isArray(listed) ? listed : []).filter(
    (urn) => typeof urn !== "string" || !gone.some((other) => sameName(urn, other)),
  );
  const missing = needed.filter((urn) => !kept.some((other) => typeof other === "string" && sameName(urn, other)));
  root.set(attribute, [...kept, ...missing]);
}
