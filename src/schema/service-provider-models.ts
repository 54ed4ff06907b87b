/**
 * The models of what a service provider says of itself (RFC 7644 §4): resources that only the server writes.
 *
 * @module
 */
import type { SchemaDefinition } from "./attribute.ts";
import { compileDefinition } from "./define-model.ts";
import type { InferViews } from "./infer.ts";
import { ResourceModel, type ResourceModelParts } from "./resource-model.ts";
import { SchemaSchema } from "./schema-schema.ts";
import { ResourceTypeSchema, ServiceProviderConfigSchema } from "./service-provider-schemas.ts";
import type { Flat, ReadOnlyViews, SingletonViews, Views } from "./view.ts";

/** The types of `Schema`. */
export interface SchemaViews extends ReadOnlyViews<InferViews<typeof SchemaSchema>["read"]> {}
/** A schema as a server returns it; its `id` is its URN. */
export type Schema = SchemaViews["read"];
/** The schemas of a server, at `/Schemas` (RFC 7643 §7). */
export const Schema: ResourceModel<SchemaViews> = /* @__PURE__ */ selfDescription(SchemaSchema, {
  endpoint: "/Schemas",
});

/** The types of `ResourceType`. */
export interface ResourceTypeViews extends ReadOnlyViews<Unidentified<typeof ResourceTypeSchema>> {}
/** A resource type as a server returns it. */
export type ResourceType = ResourceTypeViews["read"];
/** The resource types of a server, at `/ResourceTypes` (RFC 7643 §6). */
export const ResourceType: ResourceModel<ResourceTypeViews> = /* @__PURE__ */ selfDescription(ResourceTypeSchema, {
  endpoint: "/ResourceTypes",
  identified: false,
});

/** The types of `ServiceProviderConfig`. */
export interface ServiceProviderConfigViews extends SingletonViews<
  Unidentified<typeof ServiceProviderConfigSchema>
> {}
/** What a server supports, as it returns it. */
export type ServiceProviderConfig = ServiceProviderConfigViews["read"];
/** What a server supports: the one resource at `/ServiceProviderConfig` (RFC 7643 §5). */
export const ServiceProviderConfig: ResourceModel<ServiceProviderConfigViews> = /* @__PURE__ */ selfDescription(
  ServiceProviderConfigSchema,
  { endpoint: "/ServiceProviderConfig", identified: false, singleton: true },
);

/** RFC 7643 §5 gives the configuration no `id`, and in §6 that of a resource type is optional. */
type Unidentified<S extends SchemaDefinition> = Flat<Omit<InferViews<S>["read"], "id"> & { id?: string }>;

function selfDescription<V extends Views>(
  schema: SchemaDefinition & { readonly name: string },
  parts: Pick<ResourceModelParts, "endpoint" | "identified" | "singleton">,
): ResourceModel<V> {
  const attributes = compileDefinition(schema);
  return new ResourceModel({ name: schema.name, schema, attributes, readOnly: true, ...parts });
}
