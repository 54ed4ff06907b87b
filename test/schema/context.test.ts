/** The context table, by what becomes of a resource with one attribute for every combination of characteristics. */
import { describe, expect, test } from "vitest";
import type { IssueRule } from "../../src/errors.ts";
import type { JsonObject, JsonValue } from "../../src/json.ts";
import {
  compileAttributes,
  type Attribute,
  type AttributeDefinition,
  type Mutability,
  type Returned,
} from "../../src/schema/attribute.ts";
import { CONTEXTS, presence, type Context, type Presence } from "../../src/schema/context.ts";
import { ResourceModel } from "../../src/schema/resource-model.ts";
import { loadAjv, Validators } from "../../src/schema/validator.ts";

await loadAjv();

const MUTABILITIES: readonly Mutability[] = ["readOnly", "readWrite", "immutable", "writeOnly"];
const RETURNED: readonly Returned[] = ["always", "never", "default", "request"];
const EITHER = [false, true];

const combinations = MUTABILITIES.flatMap((mutability) =>
  RETURNED.flatMap((returned) =>
    EITHER.flatMap((required) =>
      EITHER.flatMap((multiValued) =>
        EITHER.map((complex): AttributeDefinition => ({
          name: [mutability, returned, required && "required", multiValued && "multiValued", complex && "complex"]
            .filter((part) => part !== false)
            .join("-"),
          mutability,
          returned,
          required,
          multiValued,
          ...(complex ? { type: "complex", subAttributes: [{ name: "value" }] } : { type: "string" }),
        })),
      ),
    ),
  ),
);

const schema = {
  id: "urn:example:schemas:core:2.0:Thing",
  attributes: [...combinations, { name: "outer", type: "complex", subAttributes: combinations }],
} as const;

const model = new ResourceModel({
  name: "Thing",
  endpoint: "/Things",
  schema,
  identified: false,
  attributes: compileAttributes(schema.attributes, ({ message }) => {
    throw new Error(message);
  }),
});

/** What a context makes of each kind of attribute, written down once more, row by row. */
const TABLE: Readonly<Record<Context, (attribute: Attribute) => Presence>> = {
  create: ({ mutability, required }) =>
    mutability === "readOnly" ? "dropped" : required ? "required" : "optional",
  replace: ({ mutability, required }) =>
    mutability === "readOnly" ? "dropped" : required ? "required" : "optional",
  patch: ({ mutability }) => (mutability === "readOnly" ? "refused" : "optional"),
  response: ({ mutability, returned }) =>
    returned === "never" || mutability === "writeOnly" ? "dropped" : "optional",
};

/** The rule that a state of the attribute breaks; `undefined` where it breaks none. */
type Verdicts = Readonly<Record<"absent" | "null" | "empty" | "value", IssueRule | undefined>>;

const FINE: Verdicts = { absent: undefined, null: undefined, empty: undefined, value: undefined };
const NOT_WRITABLE: Verdicts = { absent: undefined, null: "mutability", empty: "mutability", value: "mutability" };
const DEMANDED: Verdicts = { absent: "required", null: "required", empty: "required", value: undefined };
const NOT_REMOVABLE: Verdicts = { absent: undefined, null: "required", empty: "required", value: undefined };
const READ: Verdicts = { absent: undefined, null: "type", empty: undefined, value: undefined };

const VERDICTS: Readonly<Record<Context, (attribute: Attribute) => Verdicts>> = {
  create: ({ mutability, required }) => (mutability === "readOnly" ? NOT_WRITABLE : required ? DEMANDED : FINE),
  replace: ({ mutability, required }) => (mutability === "readOnly" ? NOT_WRITABLE : required ? DEMANDED : FINE),
  patch: ({ mutability, required }) => (mutability === "readOnly" ? NOT_WRITABLE : required ? NOT_REMOVABLE : FINE),
  response: ({ mutability, returned }) => (returned === "never" || mutability === "writeOnly" ? FINE : READ),
};

const ENGINES = {
  compiled: new Validators({ codeGeneration: true }),
  interpretive: new Validators({ codeGeneration: false }),
};

test("every combination of mutability, returned, required, multiValued and complex is there, at two levels", () => {
  expect(combinations).toHaveLength(4 * 4 * 2 * 2 * 2);
  expect(model.attributes.get("outer")?.subAttributes?.size).toBe(combinations.length);
});

describe.each(CONTEXTS)(
  "RFC 7643 §7: the characteristics of an attribute decide about it in the context %s",
  (context) => {
    const attributes = combinations.map(({ name }) => {
      const attribute = model.attributes.exact(name);
      if (attribute === undefined) throw new Error(name);
      return attribute;
    });

    test("whether it is required, optional, dropped or refused", () => {
      const found = attributes.map((attribute) => [attribute.name, presence(attribute, context)]);
      expect(found).toEqual(attributes.map((attribute) => [attribute.name, TABLE[context](attribute)]));
    });

    describe.each(["compiled", "interpretive"] as const)("by the %s validator", (engine) => {
      /** The issues of the resource when one attribute is in a state and every other is as it should be. */
      function verdict(attribute: Attribute, state: keyof Verdicts, nested: boolean): string[] {
        const sound = Object.fromEntries(
          attributes
            .filter((other) => VERDICTS[context](other).value === undefined)
            .map((other) => [other.name, sample(other)]),
        );
        const odd = { ...sound };
        delete odd[attribute.name];
        if (state === "null") odd[attribute.name] = null;
        if (state === "value") odd[attribute.name] = sample(attribute);
        if (state === "empty") odd[attribute.name] = attribute.multiValued ? [] : sample(attribute);
        const resource: JsonObject = nested ? { ...sound, outer: odd } : { ...odd, outer: sound };
        return ENGINES[engine].issues(model, context, resource).map(({ path, rule }) => `${rule} at ${path}`);
      }

      test.each([
        { level: "an attribute", nested: false },
        { level: "a sub-attribute", nested: true },
      ])("absent, null, empty or with a value, as $level", ({ nested }) => {
        const found: string[] = [];
        const wanted: string[] = [];
        for (const attribute of attributes) {
          for (const state of ["absent", "null", "empty", "value"] as const) {
            if (state === "empty" && !attribute.multiValued) continue;
            const line = `${attribute.name} ${state}: `;
            const rule = VERDICTS[context](attribute)[state];
            found.push(line + verdict(attribute, state, nested).join(", "));
            wanted.push(line + (rule === undefined ? "" : `${rule} at ${nested ? "outer." : ""}${attribute.name}`));
          }
        }
        expect(found).toEqual(wanted);
      });
    });
  },
);

function sample({ type, multiValued }: Attribute): JsonValue {
  const one: JsonValue = type === "complex" ? { value: "text" } : "text";
  return multiValued ? [one] : one;
}

test("RFC 7643 §3.1: id and meta are the server's to write, and a resource has an id when it is read", () => {
  const identified = new ResourceModel({
    name: "Thing",
    endpoint: "/Things",
    schema: model.schema,
    attributes: compileAttributes([], () => undefined),
  });
  const given = { id: "1", meta: { resourceType: "Thing" }, externalId: "e" };
  for (const validators of Object.values(ENGINES)) {
    expect(validators.issues(identified, "create", given).map(({ path }) => path)).toEqual(["id", "meta"]);
    expect(validators.issues(identified, "response", given)).toEqual([]);
    expect(validators.issues(identified, "response", {})).toMatchObject([
      { path: "id", rule: "required", section: "RFC 7643 §3.1" },
    ]);
    expect(validators.issues(model, "response", {})).toEqual([]);
  }
});
