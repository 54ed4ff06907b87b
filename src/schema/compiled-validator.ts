/**
 * Compiled validators: the form that ajv gives a JSON Schema, at run time or ahead of it.
 *
 * @module
 */
import type { Context } from "./context.ts";

/** A compiled JSON Schema: one of ajv's functions, made at run time or ahead of it. */
export interface CompiledValidator {
  (value: unknown): boolean;
  /** What the last call found. */
  readonly errors?: readonly CompiledValidatorError[] | null;
}

/** What of ajv's errors is of use here. */
export interface CompiledValidatorError {
  /** JSON Pointer (RFC 6901). */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Validators of one model that were compiled ahead of time, each from `jsonSchema(model, context)`. */
export type PrecompiledValidators = { readonly [C in Context]?: CompiledValidator };
