/**
 * RFC 7644 without I/O: what a client and a server need of the protocol, on any runtime.
 *
 * @module
 */
export { applyPatch, type ApplyOptions } from "./protocol/apply.ts";
export { planBulk, type BulkLimits } from "./protocol/bulk-plan.ts";
export { runSingly, type PerformOperation, type SingleOptions } from "./protocol/bulk-single.ts";
export type {
  BulkFailure,
  BulkOperation,
  BulkRequest,
  BulkRequestOperation,
  BulkResponse,
  BulkResponseOperation,
  BulkResult,
} from "./protocol/bulk.ts";
export { diff, type DiffOptions } from "./protocol/diff.ts";
export type { JsonObject, JsonValue, ReadonlyJsonObject, ReadonlyJsonValue } from "./json.ts";
export {
  formatFilter,
  type Comparison,
  type ComparisonOperator,
  type Conjunction,
  type Disjunction,
  type Filter,
  type FilterValue,
  type Negation,
  type Present,
  type ValuePath,
} from "./protocol/filter.ts";
export type { FilterSupport } from "./protocol/filter-support.ts";
export { checkFilter } from "./protocol/filter-check.ts";
export { filter, parseFilter, type FilterDialect, type ParseFilterOptions } from "./protocol/filter-parser.ts";
export { matches } from "./protocol/matches.ts";
export { isScimError, type ListResponse } from "./protocol/messages.ts";
export type { PageParameters, PageWalkOptions, PagingDialect } from "./protocol/page-walk.ts";
export {
  paginate,
  type FetchPage,
  type List,
  type PageRequest,
  type PaginateOptions,
} from "./protocol/pagination.ts";
export { parsePath, path, type Path } from "./protocol/path.ts";
export type { TemplateValue } from "./protocol/lexer.ts";
export type {
  AttributeDefinition,
  AttributeType,
  Mutability,
  Returned,
  SchemaDefinition,
  Uniqueness,
} from "./schema/attribute.ts";
export type { CompiledValidator, PrecompiledValidators } from "./schema/compiled-validator.ts";
export { defineExtension, defineModel, type ModelDefinition } from "./schema/define-model.ts";
export type { ExtensionEntry, InferExtensionViews, InferViews } from "./schema/infer.ts";
export type { ExtensionModel, ResourceModel, SchemaExtension, WritableModel } from "./schema/resource-model.ts";
export { ResourceType, Schema, ServiceProviderConfig } from "./schema/service-provider-models.ts";
export { typedExtension, typedModel, type TypedModelDefinition } from "./schema/typed-model.ts";
export type {
  Create,
  ExtensionPaths,
  ExtensionViews,
  Meta,
  PartialRead,
  Paths,
  Read,
  Replace,
  Resource,
  ResourcePaths,
  Views,
} from "./schema/view.ts";
export { patch, type PatchBuilder, type PatchInput, type PatchOp, type PatchOperation } from "./protocol/patch.ts";
export type { PatchDialect } from "./protocol/patch-dialect.ts";
export type { PatchSupport } from "./protocol/patch-support.ts";
export { readOperations } from "./protocol/patch-reading.ts";
