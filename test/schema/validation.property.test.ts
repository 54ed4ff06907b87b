/** Properties of the two validators, the compiled one and the interpretive one, over any model, context and payload. */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/json.ts";
import { printable, type Attribute, type Attributes } from "../../src/schema/attribute.ts";
import { check, checkAttribute } from "../../src/schema/check.ts";
import { CONTEXTS, type Context } from "../../src/schema/context.ts";
import { FORMATS, jsonSchema } from "../../src/schema/json-schema.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import { loadAjv, Validators } from "../../src/schema/validator.ts";
import { arbitraryAttributeValue, arbitraryJson, arbitraryModel, arbitraryValue, mutate } from "./arbitraries.ts";

await loadAjv();

const arbitraryContext = fc.constantFrom<Context>(...CONTEXTS);

/** Both engines' verdict; the compiled one's issues are check's wherever check has any. */
function verdicts(model: ResourceModel, context: Context, value: unknown): { compiled: boolean; checked: boolean } {
  const compiled = new Validators({ codeGeneration: true }).issues(model, context, value).length === 0;
  return { compiled, checked: check(model, context, value).length === 0 };
}

describe("the JSON Schema of any model", () => {
  test("is valid draft-07, compiles in ajv's strict mode and is the same every time", () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true, validateSchema: true, formats: FORMATS });
    fc.assert(
      fc.property(arbitraryModel(), arbitraryContext, (model, context) => {
        const schema = jsonSchema(model, context);
        expect(typeof ajv.compile(schema)).toBe("function");
        ajv.removeSchema(schema);
        expect(JSON.stringify(jsonSchema(model, context))).toBe(JSON.stringify(schema));
      }),
    );
  });

  test("holds nothing of a definition but attribute names", () => {
    fc.assert(
      fc.property(arbitraryModel(), arbitraryContext, (model, context) => {
        expect(WHITELIST).toEqual(expect.arrayContaining(keywords(jsonSchema(model, context))));
      }),
    );
  });
});

const WHITELIST =
  "$schema type properties patternProperties ^[uU][rR][nN]: additionalProperties required items minItems".split(
    " ",
  );
WHITELIST.push('format "date-time"', 'format "base64"');

/** The keywords of a schema, and what is said by those whose content is neither a schema nor a name nor a number. */
function keywords(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema as JsonObject).flatMap(([keyword, content]) => {
    if (keyword === "format") return [`format ${JSON.stringify(content)}`];
    if (keyword === "items") return [keyword, ...keywords(content)];
    if (keyword === "properties") return [keyword, ...Object.values(content as JsonObject).flatMap(keywords)];
    if (keyword === "patternProperties") return [keyword, ...Object.keys(content as JsonObject)];
    return [keyword];
  });
}

describe("a payload made from a model", () => {
  test("is valid in its context", () => {
    const given = fc
      .tuple(arbitraryModel(), arbitraryContext)
      .chain(([model, context]) =>
        fc.tuple(fc.constant(model), fc.constant(context), arbitraryValue(model, context)),
      );
    fc.assert(
      fc.property(given, ([model, context, value]) => {
        expect(check(model, context, value)).toEqual([]);
        expect(verdicts(model, context, value)).toEqual({ compiled: true, checked: true });
      }),
    );
  });

  test("that breaks one rule is invalid, and the one issue says where and which", () => {
    const given = fc
      .tuple(arbitraryModel(), arbitraryContext)
      .chain(([model, context]) =>
        fc.tuple(fc.constant(model), fc.constant(context), arbitraryValue(model, context)),
      )
      .chain(([model, context, value]) =>
        fc.tuple(fc.constant(model), fc.constant(context), mutate(model, context, value)),
      );
    fc.assert(
      fc.property(given, ([model, context, { value, path, rule }]) => {
        expect(check(model, context, value)).toEqual([expect.objectContaining({ path, rule })]);
        expect(verdicts(model, context, value)).toEqual({ compiled: false, checked: false });
      }),
      { numRuns: 200 },
    );
  });
});

describe("check and the compiled JSON Schema", () => {
  const given = fc
    .tuple(arbitraryModel(), arbitraryContext)
    .chain(([model, context]) =>
      fc.tuple(fc.constant(model), fc.constant(context), fc.array(arbitraryJson(model), { maxLength: 20 })),
    );

  test("agree on any JSON", () => {
    fc.assert(
      fc.property(given, ([model, context, values]) => {
        const validators = new Validators({ codeGeneration: true });
        for (const value of values) {
          expect(validators.issues(model, context, value)).toEqual(check(model, context, value));
        }
      }),
    );
  });

  test("find the same faults in the same places", () => {
    fc.assert(
      fc.property(given, ([model, context, values]) => {
        const validate = compileThorough(model, context);
        for (const value of values) {
          const wanted = validate(value)
            ? []
            : (validate.errors ?? []).map((error) => fault(model, context, error));
          const found = check(model, context, value, 10_000).map(({ path, rule }) => `${rule} at ${path}`);
          expect(new Set(found)).toEqual(new Set(wanted));
        }
      }),
    );
  });

  test("say the same of one attribute", () => {
    const named = arbitraryModel()
      .filter((model) => model.attributes.size > 0)
      .chain((model) =>
        fc.tuple(fc.constant(model), fc.constantFrom(...model.attributes), arbitraryContext, arbitraryJson(model)),
      );
    fc.assert(
      fc.property(named, ([model, attribute, context, value]) => {
        fc.pre(value !== undefined);
        const inPlace = check(model, context, { [attribute.name]: value }, 10_000).filter(
          ({ path, message }) => path.startsWith(attribute.name) && !message.includes("must be present"),
        );
        const alone = checkAttribute(attribute, context, value, attribute.name, { limit: 10_000 }).filter(
          ({ message }) => !message.includes("must be present"),
        );
        expect(alone).toEqual(inPlace);
      }),
    );
  });

  test("accept the elements of a valid multi-valued attribute one by one", () => {
    const named = fc
      .tuple(
        arbitraryModel().filter((model) => [...model.attributes].some(({ multiValued }) => multiValued)),
        fc.constantFrom<Context>("create", "replace", "patch"),
      )
      .chain(([model, context]) =>
        fc.tuple(
          fc.constantFrom(...[...model.attributes].filter(({ multiValued }) => multiValued)),
          fc.constant(context),
        ),
      )
      .filter(([attribute]) => attribute.mutability !== "readOnly")
      .chain(([attribute, context]) =>
        fc.tuple(fc.constant(attribute), fc.constant(context), arbitraryAttributeValue(attribute, context)),
      );
    fc.assert(
      fc.property(named, ([attribute, context, value]) => {
        const whole = checkAttribute(attribute, context, value, attribute.name);
        expect(whole).toEqual([]);
        for (const element of Array.isArray(value) ? value : []) {
          expect(checkAttribute(attribute, context, element, "x", { element: true })).toEqual([]);
          expect(checkAttribute(attribute, context, [element], "x", { element: true })).toMatchObject([
            { path: "x", rule: "type" },
          ]);
        }
      }),
    );
  });
});

/** ajv set to find every fault and to show the value, which the library never does. */
function compileThorough(model: ResourceModel, context: Context): ValidateFunction {
  const options = { strict: true, allowUnionTypes: true, allErrors: true, verbose: true, ownProperties: true };
  return new Ajv({ ...options, formats: FORMATS, validateSchema: false, code: { optimize: false } }).compile(
    jsonSchema(model, context),
  );
}

/** What check should say for one of ajv's errors, worked out from the pointer and the model alone. */
function fault(model: ResourceModel, context: Context, error: ErrorObject): string {
  const steps = error.instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  let path = "";
  let separator = ".";
  let level: Attributes | undefined = model.attributes;
  for (const step of steps) {
    if (/^\d+$/.test(step)) {
      path += `[${step}]`;
    } else {
      path += path === "" ? step : separator + step;
      const attribute: Attribute | undefined = level?.exact(step);
      separator = attribute?.extension === true ? ":" : ".";
      level = attribute?.subAttributes;
    }
  }
  const below = (name: string): string => (path === "" ? name : path + separator + name);
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  const data = error.data as JsonValue;
  switch (error.keyword) {
    case "required":
      return `required at ${below(params.missingProperty ?? "")}`;
    case "additionalProperties": {
      const name = params.additionalProperty ?? "";
      return `${level?.exact(name) === undefined ? "unknown" : "mutability"} at ${below(
        name === "" ? "(empty name)" : printable(name),
      )}`;
    }
    case "minItems":
      return `required at ${path}`;
    case "type": {
      const element = /\/\d+$/.test(error.instancePath);
      return data === null && context !== "response" && path !== "" && !element
        ? `required at ${path}`
        : `type at ${path}`;
    }
    default:
      return `${error.keyword} at ${path}`;
  }
}
