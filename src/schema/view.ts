/**
 * Views: the TypeScript types of one resource type, a type for each way it is used. They exist for the compiler alone.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "../json.ts";

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
  /** What PUT takes: as `create`, and what was read fits in as well; its `readOnly` parts are not sent. */
  readonly replace: object;
  /** The value that PATCH takes at each attribute path. */
  readonly paths: object;
}

/** The views of a model that was discovered: anything the run-time checks allow. */
export interface GenericViews extends Views {
  readonly read: Resource;
  readonly create: JsonObject;
  readonly replace: JsonObject;
  readonly paths: { [path: string]: JsonValue };
}

/** The types of a schema extension; each is what stands under the extension's URN. */
export interface ExtensionViews {
  readonly read: object;
  readonly create: object;
  readonly replace: object;
  /** Paths without the URN: `manager.value`. */
  readonly paths: object;
}

/** The views of an extension that was discovered. */
export interface GenericExtensionViews extends ExtensionViews {
  readonly read: JsonObject;
  readonly create: JsonObject;
  readonly replace: JsonObject;
  readonly paths: { [path: string]: JsonValue };
}

/** The views of a resource type with one more extension. */
export interface ExtendedViews<V extends Views, U extends string, E extends ExtensionViews> extends Views {
  readonly read: V["read"] & { [K in U]?: E["read"] };
  readonly create: V["create"] & { [K in U]?: E["create"] | null };
  readonly replace: V["replace"] & { [K in U]?: E["replace"] | null };
  readonly paths: V["paths"] & { [K in keyof E["paths"] & string as `${U}:${K}`]: E["paths"][K] } & {
    [K in U]: E["create"];
  };
}
