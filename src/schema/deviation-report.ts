/**
 * Reports of deviations: knows where a walk is, so that a path is put together only when there is something to say.
 *
 * @module
 */
import type { DeviationKind, OnDeviation } from "../deviation.ts";
import { printable } from "./attribute.ts";
import { issuePath } from "./check.ts";

/** How many deviations of one resource are reported; the last one says that there are more. */
export const DEVIATION_LIMIT = 1000;

/** The deviations that a look at one resource can find. */
export type ResourceDeviationKind = Exclude<
  DeviationKind,
  "envelope" | "totalResults" | "filterIgnored" | "repeatedResource" | "generatedModel" | "mediaType"
>;

const RULES: Readonly<Record<ResourceDeviationKind, { readonly section: string; readonly rule: string }>> = {
  attributeName: { section: "RFC 7643 §2.1", rule: "must be spelled as its schema spells it, and is renamed from" },
  duplicateName: { section: "RFC 7643 §2.1", rule: "is kept as it is beside the attribute of the same name" },
  unknownAttribute: { section: "RFC 7643 §3", rule: "must be defined by a schema of the resource; it is kept" },
  schemas: {
    section: "RFC 7643 §3",
    rule: "must be an array with the URN of each schema in use, in its own spelling and once",
  },
  stringifiedBoolean: { section: "RFC 7643 §2.3.2", rule: "must be a JSON boolean, not text" },
  stringifiedNumber: { section: "RFC 7643 §2.3.3", rule: "must be a JSON number, not text" },
  stringifiedJson: { section: "RFC 7643 §2.3", rule: "must be JSON, not text with JSON in it" },
  numberForString: { section: "RFC 7643 §2.3.1", rule: "must be text, not a number" },
  loneValue: { section: "RFC 7643 §2.4", rule: "must be an array, not a lone value" },
  arrayForSingle: { section: "RFC 7643 §7", rule: "must be a single value, not an array" },
  dateTime: { section: "RFC 7643 §2.3.5", rule: "must be a date-time of RFC 3339; it is kept" },
  returnedNever: { section: "RFC 7643 §7", rule: "must never be returned, and is removed" },
  returnedAlways: { section: "RFC 7643 §7", rule: "must always be returned" },
  repeatedPrimary: { section: "RFC 7643 §2.4", rule: "must not be true a second time; it is kept" },
  flatName: {
    section: "RFC 7643 §2.3.8",
    rule: "must stand inside its complex attribute, and is moved there from",
  },
};

/** Tells one receiver what is odd about one resource. */
export class DeviationReport {
  readonly #receive: OnDeviation;
  readonly #names: string[] = [];
  readonly #positions: number[] = [];
  #count = 0;

  constructor(receive: OnDeviation) {
    this.#receive = receive;
  }

  /**
   * The walk goes into a complex value.
   *
   * @param depth how many complex values it is in already.
   * @param position in the array, from 0; negative when there is none.
   */
  enter(depth: number, name: string, position: number): void {
    this.#names[depth] = name;
    this.#positions[depth] = position;
  }

  /**
   * @param depth how many complex values the walk is in.
   * @param name of the member.
   * @param position in the member's array, from 0; negative when there is none.
   * @param found the name that stood there instead, for those kinds that tell it.
   */
  deviation(kind: ResourceDeviationKind, depth: number, name: string, position: number, found?: string): void {
    this.#count += 1;
    if (this.#count > DEVIATION_LIMIT) return;
    const { section, rule } = RULES[kind];
    this.enter(depth, name === "" ? "(empty name)" : printable(name, 256), position);
    const steps: Array<string | number> = [];
    for (let at = 0; at <= depth; at += 1) {
      steps.push(this.#names[at] ?? "");
      const index = this.#positions[at] ?? -1;
      if (index >= 0) steps.push(index);
    }
    const path = issuePath(steps);
    const instead = found === undefined ? "" : ` "${printable(found)}"`;
    const last = this.#count === DEVIATION_LIMIT ? "; more are not reported for this resource" : "";
    this.#receive({ kind, path, message: `"${path}" ${rule}${instead} (${section})${last}`, section });
  }
}
