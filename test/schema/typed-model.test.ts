import { describe, expect, test, vi } from "vitest";
import type { CompiledValidator } from "../../src/schema/compiled-validator.ts";
import { EnterpriseUserSchema, UserSchema } from "../../src/schema/core-schemas.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import { jsonSchema } from "../../src/schema/json-schema.ts";
import { typedExtension, typedModel } from "../../src/schema/typed-model.ts";
import { Validators } from "../../src/schema/validator.ts";
import type { GenericExtensionViews, GenericViews } from "../../src/schema/view.ts";

const parts = { name: "User", endpoint: "/Users", schema: UserSchema };

describe("a typed model", () => {
  test("has the tree of the model that is defined by the same schemas", () => {
    const Extension = typedExtension<typeof EnterpriseUserSchema.id, GenericExtensionViews>({
      schema: EnterpriseUserSchema,
    });
    const typed = typedModel<GenericViews>({ ...parts, extensions: [{ model: Extension, required: true }] });
    const defined = defineModel({
      schema: UserSchema,
      extensions: [{ model: defineExtension({ schema: EnterpriseUserSchema }), required: true }],
    });
    expect(jsonSchema(typed, "create")).toEqual(jsonSchema(defined, "create"));
    expect([typed.name, typed.endpoint, typed.schema]).toEqual(["User", "/Users", UserSchema]);
  });

  test("refuses an attribute that cannot be used, with its name", () => {
    const schema = { id: "urn:example:core:2.0:Thing", attributes: [{ name: "1st" }] };
    expect(() => typedModel({ ...parts, schema })).toThrow(
      new TypeError('urn:example:core:2.0:Thing: "1st" is not an attribute name (RFC 7643 §2.1)'),
    );
    expect(() => typedExtension({ schema })).toThrow(TypeError);
  });
});

describe("validators that were made ahead of time", () => {
  const create = vi.fn<(value: unknown) => boolean>(() => true);
  const validator: CompiledValidator = Object.assign(create, { errors: null });
  const User = typedModel<GenericViews>({ ...parts, validators: { create: validator } });
  const empty = {};

  test("decide in their context, and no other", () => {
    const validators = new Validators();
    expect(validators.issues(User, "create", empty)).toEqual([]);
    expect(create).toHaveBeenCalledExactlyOnceWith(empty);
    expect(validators.issues(User, "replace", empty)).toMatchObject([{ path: "userName", rule: "required" }]);
  });

  test("give way to one that is registered later", () => {
    const validators = new Validators();
    validators.register(
      User,
      "create",
      Object.assign(() => false, { errors: null }),
    );
    expect(validators.issues(User, "create", empty)).toMatchObject([{ path: "userName", rule: "required" }]);
  });

  test("stay with the model at another place, and go when an extension is added", () => {
    const { validators } = User.at({ endpoint: "/People" });
    expect(validators).toBe(User.validators);
    expect(User.with(defineExtension({ schema: EnterpriseUserSchema })).validators).toBeUndefined();
  });
});
