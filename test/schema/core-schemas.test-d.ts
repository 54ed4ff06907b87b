import { expectTypeOf, test } from "vitest";
import type { AttributeDefinition, SchemaDefinition } from "../../src/schema/attribute.ts";
import {
  CommonAttributes,
  EnterpriseUserSchema,
  GroupSchema,
  ResourceTypeSchema,
  SchemaSchema,
  ServiceProviderConfigSchema,
  UserSchema,
} from "../../src/schema/core-schemas.ts";

test("RFC 7643 §7: the schemas are schema definitions", () => {
  expectTypeOf(CommonAttributes).toExtend<readonly AttributeDefinition[]>();
  expectTypeOf(UserSchema).toExtend<SchemaDefinition>();
  expectTypeOf(EnterpriseUserSchema).toExtend<SchemaDefinition>();
  expectTypeOf(GroupSchema).toExtend<SchemaDefinition>();
  expectTypeOf(ServiceProviderConfigSchema).toExtend<SchemaDefinition>();
  expectTypeOf(ResourceTypeSchema).toExtend<SchemaDefinition>();
  expectTypeOf(SchemaSchema).toExtend<SchemaDefinition>();
});

test("RFC 7643 §4.1: the schemas keep their literal types, from which the models' types are inferred", () => {
  expectTypeOf(UserSchema.id).toEqualTypeOf<"urn:ietf:params:scim:schemas:core:2.0:User">();
  expectTypeOf(UserSchema.attributes[0].name).toEqualTypeOf<"userName">();
  expectTypeOf(UserSchema.attributes[0].required).toEqualTypeOf<true>();
  expectTypeOf(GroupSchema.attributes[1].subAttributes[0].mutability).toEqualTypeOf<"immutable">();
  expectTypeOf(CommonAttributes[0].returned).toEqualTypeOf<"always">();
});
