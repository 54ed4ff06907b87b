/**
 * Generated models on a server that has schemas of its own: what stands for each of them, and which validators decide.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import { canGenerateCode } from "../schema/code-generation.ts";
import type { PrecompiledValidators } from "../schema/compiled-validator.ts";
import { differences } from "../schema/differences.ts";
import { generatedModelOf } from "../schema/generated-model.ts";
import type { AnyModel } from "./service-description.ts";

/** The generated models that stand for those of one description. */
export class GeneratedModels {
  readonly #validators = new WeakMap<AnyModel, PrecompiledValidators>();
  readonly #owns = new WeakMap<AnyModel, AnyModel>();

  /**
   * Finds what stands for a generated model: the server's own, for which the generated validators decide, with or without code
   * generation, as long as both say the same. Where they do not, the differences are reported, and the server's schema
   * decides; but where code must not be generated, the generated code stays in force as a whole.
   */
  adopt(own: AnyModel, generated: AnyModel, report: OnDeviation): AnyModel {
    if (generated.validators === undefined) return own;
    const found = differences(generated, own);
    if (found.length === 0) {
      this.#validators.set(own, { ...this.#validators.get(own), ...generated.validators });
      return own;
    }
    const decides = canGenerateCode() ? "the server's schema decides" : "the generated validators stay in force";
    for (const difference of found) {
      const message = `${own.name}: ${difference.message}; ${decides}`;
      report({ kind: "generatedModel", path: difference.path, message, section: "RFC 7643 §7" });
    }
    if (canGenerateCode()) return own;
    const model = generatedModelOf(generated, own);
    this.#owns.set(model, own);
    return model;
  }

  /** The generated validators that decide for one of the server's models. */
  validatorsOf(own: AnyModel): PrecompiledValidators | undefined {
    return this.#validators.get(own);
  }

  /** The server's own model in whose place a generated one stays in force. */
  ownOf(model: AnyModel): AnyModel | undefined {
    return this.#owns.get(model);
  }
}
