/**
 * Generated models on a server whose schema is not the one that they were generated from, where code must not be generated:
 * what was compiled ahead of time is all that can decide.
 *
 * @module
 */
import type { CompiledValidator, PrecompiledValidators } from "./compiled-validator.ts";
import { CONTEXTS } from "./context.ts";
import { sameName, type ResourceModel } from "./resource-model.ts";
import { typedModel } from "./typed-model.ts";
import type { Views } from "./view.ts";

/**
 * A generated model as it stands for one of the server's own: its attributes and validators, so that what is normalised,
 * checked and explained is one thing; the server's name, endpoint and schema URN; and of its extensions those that the server
 * has, because nobody can write data of another (RFC 7643 §3.3). An extension that is not there is not asked for either, so
 * where a missing one was required, the interpreted check decides what is created and replaced.
 */
export function generatedModelOf(generated: ResourceModel<Views>, own: ResourceModel<Views>): ResourceModel<Views> {
  const there = generated.extensions.filter(({ model }) => has(own, model.schema.id));
  const gone = generated.extensions.filter(({ model }) => !has(own, model.schema.id));
  const { validators = {} } = generated;
  return typedModel({
    name: own.name,
    endpoint: own.endpoint,
    schema: { ...generated.schema, id: own.schema.id },
    extensions: there,
    validators:
      gone.length === 0
        ? validators
        : withoutExtensions(
            validators,
            gone.map(({ model }) => model.schema.id),
            gone.some(({ required }) => required),
          ),
  });
}

function has({ extensions }: ResourceModel<Views>, urn: string): boolean {
  return extensions.some(({ model }) => sameName(model.schema.id, urn));
}

/** In answers data of such an extension is as any that no schema defines; nothing else may hold it. */
function withoutExtensions(
  validators: PrecompiledValidators,
  urns: readonly string[],
  required: boolean,
): PrecompiledValidators {
  return Object.fromEntries(
    CONTEXTS.flatMap((context) => {
      const validator = validators[context];
      if (validator === undefined || (required && (context === "create" || context === "replace"))) return [];
      const decides = (value: unknown): boolean => {
        const known = without(value, urns);
        return (known === value || context === "response") && validator(known);
      };
      return [[context, withErrorsOf(validator, decides)]];
    }),
  );
}

function withErrorsOf(validator: CompiledValidator, decides: (value: unknown) => boolean): CompiledValidator {
  return Object.defineProperty(decides, "errors", { get: () => validator.errors });
}

/** The value itself when it has none of the members. */
function without(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== "object" || value === null || !names.some((name) => Object.hasOwn(value, name)))
    return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
