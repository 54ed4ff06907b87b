/** What the first validated answer costs: from discovery documents to a verdict, against ajv compiling that one schema. @module */
import { Ajv } from "ajv";
import { describe } from "../src/client/service-description.ts";
import type { SchemaDefinition } from "../src/schema/attribute.ts";
import { EnterpriseUserSchema, UserSchema } from "../src/schema/core-schemas.ts";
import { jsonSchema } from "../src/schema/json-schema.ts";
import { normalise } from "../src/schema/normalise.ts";
import { loadAjv, Validators, type ValidatorsOptions } from "../src/schema/validator.ts";
import { inTurn, ms, type Benchmark, type Figure } from "./figure.ts";
import { users } from "./users.ts";

export const firstAnswer: Benchmark = {
  name: "first-answer",
  async run() {
    const schemas = JSON.parse(JSON.stringify([UserSchema, EnterpriseUserSchema])) as SchemaDefinition[];
    const documents = {
      schemas,
      resourceTypes: [
        {
          name: "User",
          endpoint: "/Users",
          schema: UserSchema.id,
          schemaExtensions: [{ schema: EnterpriseUserSchema.id, required: false }],
        },
      ],
    };
    const [answer] = users(1);
    const describeAll = (): ReturnType<typeof describe> => describe(documents, (path) => ({ path }));
    await loadAjv();
    const answerBy = (options: ValidatorsOptions) => (): void => {
      const model = describeAll().description.get("User");
      if (new Validators(options).issues(model, "response", normalise(model, "response", answer)).length > 0)
        throw new Error("not valid");
    };
    const schema = jsonSchema(describeAll().description.get("User"), "response");
    const floor = (): void => {
      const ajv = new Ajv({
        allowUnionTypes: true,
        validateSchema: false,
        meta: false,
        logger: false,
        code: { optimize: false },
      });
      if (!ajv.compile(schema)(answer)) throw new Error("not valid");
    };
    const figures: Figure[] = [];
    for (const [how, options] of [
      ["compiled", { codeGeneration: true }],
      ["as a client does it", {}],
    ] as const) {
      const { ours, floor: ajv, ratio } = await inTurn(answerBy(options), floor, 20);
      const name = `first validated answer of a discovered model, ${how} ÷ ajv compiling its schema`;
      figures.push({ name, ratio, target: 4, detail: `${ms(ours)}, ${ms(ajv)}` });
    }
    return figures;
  },
};
