/**
 * Models of generated code: the schema is data, and the types come from a generator in place of the compiler.
 *
 * @module
 */
import { compileAttributes, type Attributes, type SchemaDefinition } from "./attribute.ts";
import { ExtensionModel, ResourceModel, type ResourceModelParts } from "./resource-model.ts";
import type { ExtensionViews, Views } from "./view.ts";

/** What a generated resource model is made of. */
export interface TypedModelDefinition extends Pick<
  ResourceModelParts,
  "name" | "endpoint" | "schema" | "extensions" | "validators"
> {}

/**
 * Makes a resource model whose views are given and not inferred. That they are the schema's is for the generator to know;
 * nothing checks it here.
 *
 * @throws {TypeError} naming an attribute that cannot be used.
 */
export function typedModel<V extends Views>(definition: TypedModelDefinition): ResourceModel<V> {
  return new ResourceModel<V>({ ...definition, attributes: compile(definition.schema) });
}

/**
 * Makes an extension model whose views are given and not inferred, as `typedModel`.
 *
 * @throws {TypeError} naming an attribute that cannot be used.
 */
export function typedExtension<U extends string, E extends ExtensionViews>(definition: {
  /** Its id is `U`. */
  readonly schema: SchemaDefinition;
}): ExtensionModel<U, E> {
  const schema = definition.schema as SchemaDefinition & { readonly id: U };
  return new ExtensionModel({ schema, attributes: compile(schema) });
}

function compile({ id, attributes }: SchemaDefinition): Attributes {
  return compileAttributes(attributes, ({ message }) => {
    throw new TypeError(`${id}: ${message}`);
  });
}
