/**
 * The client, and what one says to it: filters, paths, patches, models, profiles. What works on resources without a server is
 * in `scimkit/protocol` alone, so that an import of the client does not load it; the types of both are here.
 *
 * @module
 */
export { SCIMClient, type ResourceReference } from "./client/scim-client.ts";
export type { Me } from "./client/me.ts";
export { basic, bearer, type Authenticate, type Token } from "./client/auth.ts";
export type { BulkModelOperation, BulkOperationOf, BulkResultOf } from "./client/bulk-operation.ts";
export type { BulkCallOptions } from "./client/bulk.ts";
export type { DiscoveryOptions, DiscoverySources } from "./client/discovery.ts";
export type { DiscoveryWarning } from "./client/discovery-warnings.ts";
export type { Hooks, OnResponse, RequestEvent, ResponseEvent, RetryEvent } from "./client/hooks.ts";
export type { Fetch, HttpOptions } from "./client/http.ts";
export type { Modification } from "./client/modification.ts";
export type {
  CallOptions,
  Capabilities,
  Capability,
  ClientOptions,
  ListOptions,
  ModifyOptions,
  NotModified,
  ProjectionOptions,
  QueryOptions,
  ReadOptions,
  Switches,
  WriteOptions,
} from "./client/options.ts";
export type { ETagPolicy } from "./client/entity-tag.ts";
export { rfc, strict, type Deletion, type ResourceTypeProfile, type ServerProfile } from "./client/profile.ts";
export type { RawAnswer, RawRequest } from "./client/raw-request.ts";
export type { RetryOptions } from "./client/retry.ts";
export type { AnyModel, Discovery, ResourceTypeDefinition } from "./client/service-description.ts";
export { EXPECTED_STATUS_CODES } from "./client/status-codes.ts";
export type { Deviation, DeviationKind, OnDeviation } from "./deviation.ts";
export * from "./errors.ts";
export type { Demands } from "./schema/demands.ts";
export type { UnknownAttributes } from "./schema/known-part.ts";
export type { Repairs } from "./schema/repairs.ts";
export { diff, type DiffOptions } from "./protocol/diff.ts";
export { formatFilter } from "./protocol/filter.ts";
export { filter, parseFilter } from "./protocol/filter-parser.ts";
export { isScimError } from "./protocol/messages.ts";
export { patch } from "./protocol/patch.ts";
export { parsePath, path } from "./protocol/path.ts";
export { defineExtension, defineModel } from "./schema/define-model.ts";
export { ResourceType, Schema, ServiceProviderConfig } from "./schema/service-provider-models.ts";
export type * from "./protocol.ts";
