/**
 * The types of resources, inferred from a schema that the compiler knows as a literal: each characteristic of RFC 7643 §7
 * as the four views see it. The run-time side of the same table is context.ts.
 *
 * @module
 */
import type { JsonObject, ReadonlyJsonObject } from "../json.ts";
import type { AttributeType, DEFAULT_SUB_ATTRIBUTES, SchemaDefinition } from "./attribute.ts";
import type { ExtensionModel, SchemaExtension } from "./resource-model.ts";
import type {
  ExtensionPaths,
  ExtensionViews,
  Flat,
  GenericExtensionViews,
  GenericViews,
  Key,
  Meta,
  Qualified,
  Views,
  Whole,
} from "./view.ts";

/** An extension of a model that is being defined: alone, it is not required. */
export type ExtensionEntry = ExtensionModel<string, ExtensionViews> | SchemaExtension;

/**
 * The views of a resource type whose schema is `S`. A schema that the compiler does not know as a literal, because it
 * was not declared `as const`, gives the views of a discovered model.
 */
export interface InferViews<
  S extends SchemaDefinition,
  X extends readonly ExtensionEntry[] = readonly [],
> extends Views {
  readonly read: Flat<
    Known<
      S,
      { id: string; schemas: string[]; meta?: Meta } & ReadMembers<Attribute<S>, never>,
      GenericViews["read"]
    > &
      ReadExtensions<X[number]>
  >;
  readonly create: Flat<
    Known<S, { schemas?: readonly string[] | undefined } & CreateMembers<Attribute<S>>, GenericViews["create"]> &
      CreateExtensions<X[number]>
  >;
  readonly replace: Flat<
    Known<
      S,
      { id: string; schemas?: readonly string[] | undefined; meta?: Meta | null | undefined } & ReplaceMembers<
        Attribute<S>
      >,
      ReadonlyJsonObject
    > &
      ReplaceExtensions<X[number]> &
      Whole
  >;
  readonly paths: Flat<
    Known<S, PathMembers<Attribute<S>> & Qualified<S["id"], PathMembers<Attribute<S>>>, GenericViews["paths"]> &
      PathExtensions<X>
  >;
}

/** The views of a schema extension whose schema is `S`. */
export interface InferExtensionViews<S extends SchemaDefinition> extends ExtensionViews {
  readonly read: Known<S, ReadObject<Definition<S>, null>, GenericExtensionViews["read"]>;
  readonly create: Known<S, CreateObject<Definition<S>>, GenericExtensionViews["create"]>;
  readonly replace: Known<S, ReplaceObject<Definition<S>>, GenericExtensionViews["replace"]>;
  readonly paths: Known<S, PathMembers<Definition<S>>, GenericExtensionViews["paths"]>;
}

type Known<S extends SchemaDefinition, T, Generic> = string extends S["attributes"][number]["name"] ? Generic : T;

type Definition<S extends SchemaDefinition> = S["attributes"][number];

/** The attributes beside those that RFC 7643 §3.1 fixes; a schema may say more of `externalId`. */
type Attribute<S extends SchemaDefinition> =
  | NotReserved<Definition<S>>
  | ("externalid" extends Lowercase<Definition<S>["name"]> ? never : { readonly name: "externalId" });

type NotReserved<A> = A extends { readonly name: infer N extends string }
  ? Lowercase<N> extends "id" | "schemas" | "meta"
    ? never
    : A
  : never;

type Name<A> = A extends { readonly name: infer N extends string } ? N : never;
type ReadOnly<A> = A extends { readonly mutability: "readOnly" } ? A : never;
type Writable<A> = A extends { readonly mutability: "readOnly" } ? never : A;
type Mandatory<A> = A extends { readonly required: true } ? A : never;
type Optional<A> = A extends { readonly required: true } ? never : A;
/** Returned unasked for, and required. */
type Present<A> = A extends { readonly required: true }
  ? A extends { readonly returned: "never" | "request" } | { readonly mutability: "writeOnly" }
    ? never
    : A
  : never;
type PerhapsPresent<A> = A extends { readonly returned: "never" } | { readonly mutability: "writeOnly" }
  ? never
  : A extends { readonly required: true }
    ? A extends { readonly returned: "request" }
      ? A
      : never
    : A;

/** With nothing to write, `{}` is left; the TypeScript type `{}` would let through whatever there is. */
type Written<A, T> = [Writable<A>] extends [never] ? { [attribute: string]: never } : T;

type Many<A, T> = A extends { readonly multiValued: true } ? T[] : T;
/** What is written is only read here, so that what is `as const` or frozen will do. */
type ManyWritten<A, T> = A extends { readonly multiValued: true } ? readonly T[] : T;

/** The sub-attributes of a complex attribute, `never` for the other types. */
type Sub<A> = A extends { readonly type: Exclude<AttributeType, "complex"> }
  ? never
  : A extends { readonly subAttributes: readonly (infer D)[] }
    ? [D] extends [never]
      ? DefaultSub<A>
      : D
    : A extends { readonly type: "complex" }
      ? DefaultSub<A>
      : never;

type DefaultSub<A> = A extends { readonly multiValued: true }
  ? (typeof DEFAULT_SUB_ATTRIBUTES)[number]
  : "unpublished";

type Simple<A> = A extends { readonly type: "boolean" }
  ? boolean
  : A extends { readonly type: "integer" | "decimal" }
    ? number
    : A extends { readonly canonicalValues: readonly (infer C)[] }
      ? Suggested<C>
      : string;

/** Canonical values are suggestions: an editor offers them, others compile. */
type Suggested<C> = [C] extends [never] ? string : string extends C ? string : C | (string & {});

type ReadMembers<A, Null> = {
  [D in Present<A> as Name<D>]: ReadValue<D, Null>;
} & {
  [D in PerhapsPresent<A> as Name<D>]?: ReadValue<D, Null> | Null;
};
type ReadObject<A, Null> = Flat<ReadMembers<A, Null>>;
type ReadValue<A, Null> = Many<A, ReadOne<A, Null>>;
type ReadOne<A, Null, S = Sub<A>> = [S] extends [never]
  ? Simple<A>
  : [S] extends [string]
    ? JsonObject
    : ReadObject<S, Null>;

type CreateMembers<A> = {
  [D in Mandatory<Writable<A>> as Name<D>]: CreateValue<D>;
} & {
  [D in Optional<Writable<A>> as Name<D>]?: CreateValue<D> | null | undefined;
};
type CreateObject<A> = Written<A, Flat<CreateMembers<A>>>;
type CreateValue<A, S = Sub<A>> = ManyWritten<
  A,
  [S] extends [never] ? Simple<A> : [S] extends [string] ? JsonObject : CreateObject<S>
>;

type ReplaceMembers<A> = {
  [D in Mandatory<Writable<A>> as Name<D>]: ReplaceValue<D>;
} & {
  [D in Optional<Writable<A>> | ReadOnly<A> as Name<D>]?: ReplaceValue<D> | null | undefined;
};
type ReplaceObject<A> = Flat<ReplaceMembers<A>>;
type ReplaceValue<A, S = Sub<A>> = ManyWritten<
  A,
  A extends { readonly mutability: "readOnly" }
    ? ReadOne<A, null>
    : [S] extends [never]
      ? Simple<A>
      : [S] extends [string]
        ? JsonObject
        : ReplaceObject<S>
>;

/** PATCH merges a complex value into what is there, so that nothing in it is required (RFC 7644 §3.5.2.3). */
type PatchValue<A, S = Sub<A>> =
  | (A extends { readonly multiValued: true }
      ? CreateValue<A>
      : [S] extends [never]
        ? Simple<A>
        : [S] extends [string]
          ? JsonObject
          : Written<S, { [D in Writable<S> as Name<D>]?: PatchValue<D> | undefined }>)
  | (A extends { readonly required: true } ? never : null);

type PathMembers<A> = { [P in PathPair<A, ""> as P[0]]: P[1] };
type PathPair<A, Prefix extends string> = A extends { readonly mutability: "readOnly" }
  ? never
  : A extends { readonly name: infer N extends string }
    ? [`${Prefix}${N}`, PatchValue<A>] | PathPair<Sub<A>, `${Prefix}${N}.`>
    : never;

type ModelOf<X> = X extends SchemaExtension
  ? X["model"]
  : X extends ExtensionModel<string, ExtensionViews>
    ? X
    : never;
type ExtensionKey<X> = Key<ModelOf<X>["schema"]["id"]>;
type ViewsOf<X> = ModelOf<X>["~views"];

type ReadExtensions<X> = {
  [E in Mandatory<X> as ExtensionKey<E>]: ViewsOf<E>["read"];
} & {
  [E in Optional<X> as ExtensionKey<E>]?: ViewsOf<E>["read"];
};
type CreateExtensions<X> = {
  [E in Mandatory<X> as ExtensionKey<E>]: ViewsOf<E>["create"];
} & {
  [E in Optional<X> as ExtensionKey<E>]?: ViewsOf<E>["create"] | null | undefined;
};
type ReplaceExtensions<X> = {
  [E in Mandatory<X> as ExtensionKey<E>]: ViewsOf<E>["replace"];
} & {
  [E in Optional<X> as ExtensionKey<E>]?: ViewsOf<E>["replace"] | null | undefined;
};
type PathExtensions<X extends readonly ExtensionEntry[]> = X extends readonly [
  infer E,
  ...infer Rest extends readonly ExtensionEntry[],
]
  ? ExtensionPaths<
      ModelOf<E>["schema"]["id"],
      ViewsOf<E>["paths"],
      E extends { readonly required: true } ? never : null
    > &
      PathExtensions<Rest>
  : unknown;
