/**
 * Errors of Node itself.
 *
 * @module
 */

/** Whether it is what Node's file functions and `parseArgs` throw. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
