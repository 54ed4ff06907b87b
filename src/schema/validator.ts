/**
 * Validators: a model's JSON Schema compiled by ajv. What is compiled decides whether a payload is valid; `check` says
 * what is wrong with one that is not, and decides alone where code must not be generated or would be too large, and for
 * the first payloads: compiling takes as long as checking thousands, and who sends one request should not pay for it.
 *
 * @module
 */
import type { Ajv } from "ajv";
import type { Issue, IssueRule } from "../errors.ts";
import { printable, type Attributes } from "./attribute.ts";
import { check, issuePath, PLACES } from "./check.ts";
import { canGenerateCode } from "./code-generation.ts";
import type { CompiledValidator, CompiledValidatorError, PrecompiledValidators } from "./compiled-validator.ts";
import type { Context } from "./context.ts";
import { FORMATS, jsonSchema } from "./json-schema.ts";
import { repeatsPrimary } from "./primary.ts";
import type { ResourceModel } from "./resource-model.ts";
import type { Views } from "./view.ts";

/** How validators are made. */
export interface ValidatorsOptions {
  /**
   * Whether validators may be compiled at run time; `true` compiles each at its first use. Default: whether the platform
   * lets code be generated from strings, after a hundred uses.
   */
  readonly codeGeneration?: boolean;
  /** Validators of a model that were compiled ahead of time; they decide before any other. Default: none. */
  readonly precompiled?: (model: ResourceModel<Views>) => PrecompiledValidators | undefined;
}

/**
 * The validators of one discovery, each compiled when it is first needed. They live as long as this object: a later
 * discovery has its own.
 */
export class Validators {
  readonly #codeGeneration: boolean | undefined;
  readonly #precompiled: ValidatorsOptions["precompiled"];
  readonly #compiled = new WeakMap<ResourceModel<Views>, Map<Context, CompiledValidator | undefined>>();
  readonly #uses = new WeakMap<ResourceModel<Views>, number>();
  #plain: Ajv | undefined;
  #own: Ajv | undefined;

  constructor(options: ValidatorsOptions = {}) {
    this.#codeGeneration = options.codeGeneration;
    this.#precompiled = options.precompiled;
  }

  /**
   * Checks a resource.
   *
   * @param value in the context `response`, a value as JSON.parse makes it.
   * @returns what is wrong, cut to a sensible number; nothing when the resource is valid in this context.
   */
  issues(model: ResourceModel<Views>, context: Context, value: unknown): readonly Issue[] {
    const validator = this.#validator(model, context);
    if (validator === undefined) return check(model, context, value);
    if (validator(value) && (context === "response" || !repeatsPrimary(model.attributes, context, value)))
      return VALID;
    const issues = check(model, context, value);
    return issues.length > 0 ? issues : [refusal(context, validator.errors?.[0])];
  }

  /** Has a validator that was compiled ahead of time, from `jsonSchema(model, context)`, decide from now on. */
  register(model: ResourceModel<Views>, context: Context, validator: CompiledValidator): void {
    this.#validatorsOf(model).set(context, validator);
  }

  #validatorsOf(model: ResourceModel<Views>): Map<Context, CompiledValidator | undefined> {
    let validators = this.#compiled.get(model);
    if (validators === undefined) {
      validators = new Map();
      this.#compiled.set(model, validators);
    }
    return validators;
  }

  #validator(model: ResourceModel<Views>, context: Context): CompiledValidator | undefined {
    const validators = this.#validatorsOf(model);
    const ahead = this.#precompiled?.(model)?.[context];
    const known = ahead ?? validators.get(context) ?? model.validators?.[context];
    if (known !== undefined || validators.has(context)) return known;
    if (this.#codeGeneration === false) return undefined;
    if (this.#codeGeneration === undefined) {
      const uses = (this.#uses.get(model) ?? 0) + 1;
      this.#uses.set(model, uses);
      if (uses <= COMPILE_AFTER || !canGenerateCode()) return undefined;
    }
    if (loaded === undefined) {
      void loadAjv();
      return undefined;
    }
    const compiled = this.#compile(model, context);
    validators.set(context, compiled);
    return compiled;
  }

  #compile(model: ResourceModel<Views>, context: Context): CompiledValidator | undefined {
    if (!isCompilable(model)) return undefined;
    const names = [...everyName(model.attributes)];
    try {
      return this.#ajv(context, names)?.compile(jsonSchema(model, context));
    } catch {
      // A small or nearly full stack is not enough for ajv. Nothing is lost but speed.
      return undefined;
    }
  }

  #ajv(context: Context, names: readonly string[]): Ajv | undefined {
    // What JSON.parse made inherits from Object.prototype alone; what a caller made may inherit anything.
    if (context === "response" && !names.some((name) => name in Object.prototype)) {
      this.#plain ??= createAjv({ ownProperties: false });
      return this.#plain;
    }
    this.#own ??= createAjv({ ownProperties: true });
    return this.#own;
  }
}

/**
 * The most attributes a model may have for its JSON Schema to be compiled, sub-attributes included; real ones have under
 * two hundred. ajv nests the code of one attribute in that of the one before, and a thousand take it a second and more
 * stack than every platform has.
 */
const LARGEST = 500;

/** So many payloads of a model are checked before anything is compiled for it. */
const COMPILE_AFTER = 100;

const VALID: readonly Issue[] = Object.freeze([]);

let loaded: typeof Ajv | undefined;
let loading: Promise<void> | undefined;

/** Loads ajv, which happens by itself when it is worth it. Where it cannot be loaded, nothing is lost but speed. */
export function loadAjv(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  try {
    loaded = (await import("ajv")).Ajv;
  } catch {
    loaded = undefined;
  }
}

/** Whether a model's JSON Schemas are small enough to be compiled. */
export function isCompilable(model: ResourceModel<Views>): boolean {
  let count = 0;
  for (const _ of everyName(model.attributes)) count += 1;
  return count <= LARGEST;
}

/** How code is made of JSON Schemas. */
export interface AjvOptions {
  /**
   * Whether inherited members are none, which costs time: for values that JSON.parse did not make, and for attributes that
   * are called as a member of `Object.prototype` is.
   */
  readonly ownProperties: boolean;
  /** Whether the code is kept, to be written to a module. Default `false`. */
  readonly source?: boolean;
}

/** An ajv for the JSON Schemas of this library; `undefined` before `loadAjv` has loaded it. */
export function createAjv({ ownProperties, source = false }: AjvOptions): Ajv | undefined {
  if (loaded === undefined) return undefined;
  return new loaded({
    strict: true,
    allowUnionTypes: true,
    allErrors: false,
    ownProperties,
    formats: FORMATS,
    messages: false,
    // The schemas are our own; that they are well-formed and compile is tested instead.
    validateSchema: false,
    meta: false,
    logger: false,
    code: { optimize: source, ...(source ? { source, esm: true } : {}) },
  });
}

function* everyName(attributes: Attributes): Generator<string> {
  for (const { name, subAttributes } of attributes) {
    yield name;
    if (subAttributes !== undefined) yield* everyName(subAttributes);
  }
}

const RULES: Readonly<Record<string, { readonly rule: IssueRule; readonly section: string }>> = {
  required: { rule: "required", section: "RFC 7643 §2.2" },
  minItems: { rule: "required", section: "RFC 7643 §2.2" },
  additionalProperties: { rule: "unknown", section: "RFC 7643 §2.1" },
  format: { rule: "format", section: "RFC 7643 §2.3" },
};

/** The issue for what a validator refused and `check` would have let pass, so that nothing refused gets through. */
function refusal(context: Context, error: CompiledValidatorError | undefined): Issue {
  const { rule, section } = RULES[error?.keyword ?? ""] ?? { rule: "type", section: "RFC 7643 §2.3" };
  const steps = (error?.instancePath ?? "").split("/").slice(1).map(step);
  const { missingProperty: missing, additionalProperty: unknown } = error?.params ?? {};
  if (typeof missing === "string") steps.push(missing);
  if (typeof unknown === "string") steps.push(printable(unknown));
  const path = issuePath(steps);
  const subject = path === "" ? "the resource" : `"${path}"`;
  return { path, rule, message: `${subject} breaks the rule "${rule}" ${PLACES[context]} (${section})`, section };
}

/** One step of a JSON Pointer; names of attributes never start with a digit. */
function step(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text.replaceAll("~1", "/").replaceAll("~0", "~");
}
