/** What reading resources costs beyond parsing their JSON: normalising and validating. @module */
import { User, EnterpriseUser } from "../src/models.gen.ts";
import { normalise } from "../src/schema/normalise.ts";
import { loadAjv, Validators } from "../src/schema/validator.ts";
import { inTurn, ms, type Benchmark } from "./figure.ts";
import { users } from "./users.ts";

export const decode: Benchmark = {
  name: "decode",
  async run() {
    const texts = users(1000).map((user) => JSON.stringify(user));
    const bytes = texts.reduce((sum, text) => sum + text.length, 0);
    const parsed = texts.map((text) => JSON.parse(text) as unknown);
    const model = User.with(EnterpriseUser);
    await loadAjv();
    const engines = {
      ajv: new Validators({ codeGeneration: true }),
      "the check": new Validators({ codeGeneration: false }),
    };
    const figures = [];
    for (const [engine, validators] of Object.entries(engines)) {
      const ours = (): void => {
        for (let round = 0; round < 10; round += 1) {
          for (const user of parsed) {
            if (validators.issues(model, "response", normalise(model, "response", user)).length > 0)
              throw new Error("a user is not valid");
          }
        }
      };
      const floor = (): void => {
        for (let round = 0; round < 10; round += 1) for (const text of texts) JSON.parse(text);
      };
      const { ours: a, floor: b, ratio } = await inTurn(ours, floor, 15);
      figures.push({
        name: `normalise and validate by ${engine} ÷ JSON.parse, 1,000 users of ${Math.round(bytes / 1000)} bytes`,
        ratio,
        ...(engine === "ajv" ? { target: 0.5 } : {}),
        detail: `${ms(a / 10)}, ${ms(b / 10)}`,
      });
    }
    return figures;
  },
};
