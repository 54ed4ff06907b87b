/**
 * How the schemas of one model differ from those of another, as far as it may decide what is valid.
 *
 * @module
 */
import type { Attribute, Attributes } from "./attribute.ts";
import type { ResourceModel } from "./resource-model.ts";
import type { Views } from "./view.ts";

/** One attribute that is not the same. */
export interface Difference {
  /** Names from the model down; below an extension after its URN and a colon. */
  readonly path: string;
  readonly message: string;
}

/** The most differences that are listed. */
const MOST = 64;

/**
 * What of a generated model is not, or not so, in the server's own. Descriptions, canonical values, uniqueness and the
 * order of attributes say nothing about what is valid.
 *
 * @returns at most 64; nothing when the same payloads are valid for both, in every context.
 */
export function differences(generated: ResourceModel<Views>, own: ResourceModel<Views>): Difference[] {
  const found: Difference[] = [];
  compare(generated.attributes, own.attributes, "", found);
  return found.slice(0, MOST);
}

function compare(before: Attributes, now: Attributes, prefix: string, found: Difference[]): void {
  for (const attribute of before) {
    const path = prefix + attribute.name;
    const other = now.exact(attribute.name);
    if (other === undefined) found.push({ path, message: `"${path}" is not in the server's schema any more` });
    else compareAttribute(attribute, other, path, found);
    if (found.length >= MOST) return;
  }
  for (const { name } of now) {
    const path = prefix + name;
    if (before.exact(name) === undefined) found.push({ path, message: `"${path}" is new in the server's schema` });
    if (found.length >= MOST) return;
  }
}

const DECISIVE = ["type", "multiValued", "required", "mutability", "returned"] as const;

function compareAttribute(before: Attribute, now: Attribute, path: string, found: Difference[]): void {
  for (const characteristic of DECISIVE) {
    const [was, is] = [before[characteristic], now[characteristic]];
    if (was === is) continue;
    const message = `"${path}" has "${characteristic}": ${JSON.stringify(is)} in the server's schema, it was ${JSON.stringify(was)}`;
    found.push({ path, message });
  }
  const [was, is] = [before.subAttributes, now.subAttributes];
  if (was !== undefined && is !== undefined) compare(was, is, path + (before.extension ? ":" : "."), found);
  else if (was !== is) found.push({ path, message: `"${path}" has other sub-attributes in the server's schema` });
}
