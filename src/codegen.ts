export { generate, type Generated, type GeneratedFile, type GenerateOptions } from "../codegen/generate.ts";
export type { CodegenWarning, DiscoveryDocuments, ResourceTypeDocument } from "../codegen/documents.ts";
export type { SchemaConstant } from "../codegen/module-text.ts";
