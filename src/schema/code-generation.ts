/**
 * Whether the platform lets code be generated from strings.
 *
 * @module
 */

let generatesCode: boolean | undefined;

/** A Content-Security-Policy without `unsafe-eval`, and most edge platforms, refuse it. */
export function canGenerateCode(): boolean {
  if (generatesCode === undefined) {
    try {
      // oxlint-disable-next-line no-new, no-new-func, typescript/no-implied-eval -- there is no other way to find out
      new Function("");
      generatesCode = true;
    } catch {
      generatesCode = false;
    }
  }
  return generatesCode;
}
