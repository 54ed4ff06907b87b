/**
 * PATCH requests (RFC 7644 §3.5.2): operations, the PatchOp message, and a builder that knows its model's types.
 *
 * @module
 */
import type { JsonValue } from "../json.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import type { GenericViews, Views } from "../schema/view.ts";
import { Path } from "./path.ts";

/** The schema of the PatchOp message (RFC 7644 §3.5.2). */
export const PATCH_OP_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/**
 * One operation. `add` and `replace` without a path have an object of attributes as their value; `remove` always has a
 * path and never a value: `members[value eq "2819"]` selects what it removes, and without a filter it removes all (RFC 7644
 * §3.5.2.1 to §3.5.2.3).
 */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path?: string; readonly value: JsonValue }
  | { readonly op: "remove"; readonly path: string; readonly value?: never };

/** The PatchOp message: the body of a PATCH request (RFC 7644 §3.5.2). */
export interface PatchOp {
  readonly schemas: readonly [typeof PATCH_OP_SCHEMA];
  /** One or more. */
  readonly Operations: readonly PatchOperation[];
}

/** The forms in which operations can be given: a builder, such as `diff` gives too, a list, or a message. */
export type PatchInput<V extends Views = Views> =
  Pick<PatchBuilder<V>, "model" | "operations"> | readonly PatchOperation[] | PatchOp;

/** What PATCH takes at a path of type `T`: of a multi-valued attribute also one value alone. */
export type PatchValue<T> = T | (T extends readonly (infer E)[] ? E : never);

/** What PATCH takes without a path: attributes and extensions, by name. */
export type PatchAttributes<V extends Views> = {
  readonly [P in keyof V["paths"] & keyof V["create"]]?: PatchValue<V["paths"][P]>;
};

/** Stands where an argument is wrong, and says so: the compiler prints it. */
export interface Mistake<Text extends string> {
  readonly "~mistake": Text;
}

/** What takes a path of type `P`: the path itself, or what is wrong with it. */
export type PathArgument<V extends Views, P extends string | Path> = P extends Path | keyof V["paths"]
  ? P
  : P extends string
    ? string extends P
      ? Mistake<"a path that is not known when this is compiled is made by parsePath(text)">
      : P extends `${string}[${string}`
        ? Mistake<"a path with a filter is written path`emails[type eq ${type}].value`">
        : Mistake<PathMistake<V, P, Folded<V["paths"]>, P extends `${infer A}.${string}` ? A : P>>
    : never;

type PathMistake<V extends Views, P extends string, F, Attribute extends string> =
  Lowercase<P> extends keyof F
    ? `the schema spells it ${F[Lowercase<P>] & string}`
    : Attribute extends keyof V["paths"] & keyof V["read"]
      ? `${Attribute} has no such sub-attribute`
      : Attribute extends keyof V["read"]
        ? `${Attribute} is readOnly: only the server sets it`
        : `the model has no attribute ${P}`;

type Folded<T> = { [K in keyof T & string as Lowercase<K>]: K };

/** What PATCH takes at a path; what a filter selects may be anything. */
export type ValueAt<V extends Views, P extends string | Path> = [P] extends [keyof V["paths"]]
  ? PatchValue<V["paths"][P]>
  : unknown;

/**
 * Operations for one model, in order. Builders are immutable: every call gives a new one. Nothing is checked here but
 * that the arguments are there; `checkOperations` knows the model's rules.
 */
export class PatchBuilder<V extends Views = GenericViews> {
  readonly model: ResourceModel<V>;
  readonly operations: readonly PatchOperation[];

  /** @internal */
  constructor(model: ResourceModel<V>, operations: readonly PatchOperation[]) {
    this.model = model;
    this.operations = Object.freeze(operations);
    Object.freeze(this);
  }

  /**
   * Adds values to a multi-valued attribute, sub-attributes to a complex one, and sets any other (RFC 7644 §3.5.2.1).
   *
   * @param path an attribute path, or a `Path` for values that a filter selects; a `Path` takes any value.
   * @throws {TypeError} when there is no value.
   */
  add<const P extends (keyof V["paths"] & string) | (string & {}) | Path>(
    path: PathArgument<V, P>,
    value: ValueAt<V, P>,
  ): PatchBuilder<V>;
  /** Cannot be called: while the value is not written yet, an editor offers the paths. */
  add(this: Mistake<"add needs a value; null unassigns">, path: keyof V["paths"] & string): never;
  /** Adds to the resource itself: an object of attributes. */
  add(attributes: PatchAttributes<V>): PatchBuilder<V>;
  add(...given: readonly unknown[]): PatchBuilder<V> {
    return this.#with(valueOperation("add", given));
  }

  /**
   * Replaces the values of an attribute; sub-attributes that the value does not have stay (RFC 7644 §3.5.2.3).
   *
   * @param path an attribute path, or a `Path` for values that a filter selects; a `Path` takes any value.
   * @throws {TypeError} when there is no value.
   */
  replace<const P extends (keyof V["paths"] & string) | (string & {}) | Path>(
    path: PathArgument<V, P>,
    value: ValueAt<V, P>,
  ): PatchBuilder<V>;
  /** Cannot be called: while the value is not written yet, an editor offers the paths. */
  replace(this: Mistake<"replace needs a value; null unassigns">, path: keyof V["paths"] & string): never;
  /** Replaces attributes of the resource: an object of attributes. */
  replace(attributes: PatchAttributes<V>): PatchBuilder<V>;
  replace(...given: readonly unknown[]): PatchBuilder<V> {
    return this.#with(valueOperation("replace", given));
  }

  /**
   * Unassigns an attribute, or removes the values that a filter selects (RFC 7644 §3.5.2.2).
   *
   * @throws {TypeError} when there is no path.
   */
  remove<const P extends (keyof V["paths"] & string) | (string & {}) | Path>(
    path: PathArgument<V, P>,
  ): PatchBuilder<V> {
    return this.#with(Object.freeze({ op: "remove", path: pathText("remove", path) }));
  }

  /** The PatchOp message. */
  toJSON(): PatchOp {
    return { schemas: [PATCH_OP_SCHEMA], Operations: this.operations };
  }

  #with(operation: PatchOperation): PatchBuilder<V> {
    return new PatchBuilder(this.model, [...this.operations, operation]);
  }
}

/**
 * Begins a PATCH request for a resource of a model.
 *
 * ```ts
 * patch(User).replace("displayName", "Babs").remove(path`emails[type eq ${"work"}]`);
 * ```
 */
export function patch<V extends Views>(model: ResourceModel<V>): PatchBuilder<V> {
  return new PatchBuilder(model, []);
}

/**
 * The operations of a builder, a list or a message.
 *
 * @throws {TypeError} when it is none of them.
 */
export function operationsOf(input: PatchInput): readonly PatchOperation[] {
  if (isList(input)) return input;
  // Callers without types may give nothing.
  const operations = input instanceof PatchBuilder ? input.operations : (input as PatchOp | undefined)?.Operations;
  if (operations !== undefined && isList(operations)) return operations;
  throw new TypeError(
    "changes are what patch(model) or diff gives, a list of operations, or a PatchOp message with its Operations (RFC 7644 §3.5.2)",
  );
}

function isList(input: PatchInput): input is readonly PatchOperation[] {
  return Array.isArray(input);
}

function valueOperation(op: "add" | "replace", given: readonly unknown[]): PatchOperation {
  const [first, second] = given;
  if (given.length < 2 && (typeof first === "string" || first instanceof Path)) {
    throw new TypeError(`${op}("${String(first)}") needs a value; null unassigns`);
  }
  const value = given.length < 2 ? first : second;
  if (
    value === undefined ||
    typeof value === "function" ||
    typeof value === "symbol" ||
    typeof value === "bigint"
  ) {
    throw new TypeError(`the value of ${op} is JSON; null unassigns`);
  }
  const json = value as JsonValue;
  return Object.freeze(given.length < 2 ? { op, value: json } : { op, path: pathText(op, first), value: json });
}

function pathText(op: string, path: unknown): string {
  if (path instanceof Path) return path.toString();
  if (typeof path === "string") return path;
  throw new TypeError(`the path of ${op} is an attribute path or a Path`);
}
