/**
 * The context table: what an attribute's characteristics (RFC 7643 §7) mean where a resource is used. One table serves
 * the JSON Schema, the check and the normaliser.
 *
 * @module
 */
import type { Attribute } from "./attribute.ts";

/** Where a representation is used: the body of a POST, of a PUT, a value of a PATCH operation, or an answer. */
export type Context = "create" | "replace" | "patch" | "response";

/** All contexts, in the order of the table. */
export const CONTEXTS: readonly Context[] = ["create", "replace", "patch", "response"];

/**
 * What a context makes of an attribute.
 *
 * - `required`: must be present with a value.
 * - `optional`: may be present.
 * - `dropped`: has no effect here; the normaliser takes it out.
 * - `refused`: must not be present.
 */
export type Presence = "required" | "optional" | "dropped" | "refused";

/**
 * | characteristic | create, replace | patch | response |
 * | --- | --- | --- | --- |
 * | `readOnly` | dropped (RFC 7644 §3.3, §3.5.1) | refused (§3.5.2) | by `returned` |
 * | `required: true` | required | optional | optional (RFC 7643 erratum 8280) |
 * | `returned: never`, `writeOnly` | as above | as above | dropped (RFC 7643 §7) |
 * | others | optional | optional | optional |
 *
 * `id` is required in answers (RFC 7643 §3.1). Whether an immutable attribute may still be set depends on the resource and
 * is for PATCH to decide.
 */
export function presence(attribute: Attribute, context: Context): Presence {
  if (context === "response") {
    return isSecret(attribute) ? "dropped" : "optional";
  }
  if (attribute.mutability === "readOnly") return context === "patch" ? "refused" : "dropped";
  return attribute.required && context !== "patch" ? "required" : "optional";
}

/** Whether a server never returns it (RFC 7643 §7). */
export function isSecret({ returned, mutability }: Attribute): boolean {
  return returned === "never" || mutability === "writeOnly";
}
