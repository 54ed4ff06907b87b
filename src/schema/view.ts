/**
 * Views: the TypeScript types of one resource type, a type for each way it is used. They exist for the compiler alone.
 *
 * @module
 */
import type { JsonObject, JsonValue, ReadonlyJsonObject, ReadonlyJsonValue } from "../json.ts";

/** Resource metadata (RFC 7643 §3.1). Servers leave out what they do not keep. */
export type Meta = {
  resourceType?: string;
  created?: string;
  lastModified?: string;
  location?: string;
  version?: string;
};

/** A resource whose schema the compiler does not know (RFC 7643 §3). */
export type Resource = {
  id: string;
  schemas: string[];
  externalId?: string;
  meta?: Meta;
  [attribute: string]: JsonValue | undefined;
};

/** The types of a resource type. */
export interface Views {
  /** What a server returns. */
  readonly read: object;
  /** What POST takes: no `readOnly` attributes, required ones present, `null` for unassigned. */
  readonly create: object;
  /** What PUT takes: as `create` with the `id`, and what was read fits in as well; its `readOnly` parts are not sent. */
  readonly replace: object;
  /** The value that PATCH takes at each attribute path. */
  readonly paths: object;
}

/** The views of a model that was discovered: anything the run-time checks allow. */
export interface GenericViews extends Views {
  readonly read: Resource;
  readonly create: ReadonlyJsonObject;
  readonly replace: Flat<ReadonlyJsonObject & Whole>;
  readonly paths: { [path: string]: ReadonlyJsonValue };
}

/** The views of a resource type that only the server writes (RFC 7643 §5 to §7). */
export interface ReadOnlyViews<R extends object> extends Views {
  readonly read: R;
  readonly create: never;
  readonly replace: never;
  readonly paths: never;
}

/** The views of a resource type of which there is one resource (RFC 7643 §5). */
export interface SingletonViews<R extends object> extends ReadOnlyViews<R> {
  readonly singleton: true;
}

/** The types of a schema extension; each is what stands under the extension's URN. */
export interface ExtensionViews {
  /** May hold nulls: they can have a meaning there (RFC 9944). */
  readonly read: object;
  readonly create: object;
  readonly replace: object;
  /** Paths without the URN: `manager.value`. */
  readonly paths: object;
}

/** The views of an extension that was discovered. */
export interface GenericExtensionViews extends ExtensionViews {
  readonly read: JsonObject;
  readonly create: ReadonlyJsonObject;
  readonly replace: ReadonlyJsonObject;
  readonly paths: { [path: string]: ReadonlyJsonValue };
}

/** The views of a resource type with one more extension, of which a resource may have no data. */
export interface ExtendedViews<V extends Views, U extends string, E extends ExtensionViews> extends Views {
  readonly read: Flat<V["read"] & { [K in Key<U>]?: E["read"] }>;
  readonly create: Flat<V["create"] & { [K in Key<U>]?: E["create"] | null | undefined }>;
  readonly replace: Flat<V["replace"] & { [K in Key<U>]?: E["replace"] | null | undefined }>;
  readonly paths: Flat<V["paths"] & ExtensionPaths<U, E["paths"], null>>;
}

/** The paths of an extension in a model that has it: its URN, and each of its paths after the URN. */
export type ExtensionPaths<U extends string, P extends object, Null> = string extends U
  ? { [urn: Key<string>]: ReadonlyJsonValue }
  : {
      [K in U]: { [N in keyof P as N extends `${string}.${string}` ? never : N]?: P[N] | undefined } | Null;
    } & Qualified<U, P>;

/** All paths of a resource type: those of its schema, short and after the schema's URN, and those of its extensions. */
export type ResourcePaths<U extends string, P extends object, X = unknown> = Flat<P & Qualified<U, P> & X>;

/** Paths after the URN of their schema (RFC 7644 §3.10). */
export type Qualified<U extends string, P extends object> = {
  [N in keyof P & string as `${U}:${N}`]: P[N];
};

/** A URN that the compiler does not know is still a URN. */
export type Key<U extends string> = string extends U ? `urn:${string}` : U;

/** One object type instead of an intersection. */
export type Flat<T> = { [K in keyof T]: T[K] } & {};

/** Marks, for the compiler alone, what must be a whole resource, which a `PartialRead` is not. */
export type Whole = { "~partial"?: never };

/**
 * What a read with `attributes` or `excludedAttributes` gives (RFC 7644 §3.9): the `id`, the `schemas`, and of the other
 * attributes those that were asked for. PUT would unassign the missing ones, so the replace view does not accept it.
 */
export type PartialRead<V extends Views> = Flat<
  Partial<V["read"]> & Pick<V["read"], Extract<keyof V["read"], "id" | "schemas">> & { readonly "~partial"?: true }
>;

/** Something with views: a resource model or an extension model. */
export interface Viewed {
  readonly "~views": Views;
}

/** What a server returns of a model's resources: `Read<typeof User>`. */
export type Read<M extends Viewed> = M["~views"]["read"];
/** What creating a resource of a model takes. */
export type Create<M extends Viewed> = M["~views"]["create"];
/** What replacing a resource of a model takes. */
export type Replace<M extends Viewed> = M["~views"]["replace"];
/** The values that PATCH takes, by attribute path; `keyof` gives the paths. */
export type Paths<M extends Viewed> = M["~views"]["paths"];
