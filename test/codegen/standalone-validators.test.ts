import { mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DiscoveryDocuments } from "../../codegen/documents.ts";
import { generate } from "../../codegen/generate.ts";
import { CONTEXTS } from "../../src/schema/context.ts";
import { jsonSchema } from "../../src/schema/json-schema.ts";
import { ResourceModel } from "../../src/schema/resource-model.ts";
import { createAjv, loadAjv } from "../../src/schema/validator.ts";
import type { Views } from "../../src/schema/view.ts";
import { arbitraryJson, arbitraryModel, arbitraryValue, mutate } from "../schema/arbitraries.ts";
import { devices } from "./documents/devices.ts";
import { hostile } from "./documents/hostile.ts";
import { resources } from "./documents/resources.ts";
import { rfc7643 } from "./documents/rfc7643.ts";
import { vendors } from "./documents/vendors.ts";

const protocol = path.resolve(import.meta.dirname, "../../src/protocol.ts");
let folder: string;

beforeAll(async () => {
  await loadAjv();
  // Below this folder, so that what is generated is resolved and compiled as what is written here.
  folder = await mkdtemp(path.join(import.meta.dirname, ".validators-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Generates a module with validators, and imports its models. */
async function modelsOf(name: string, documents: DiscoveryDocuments): Promise<ResourceModel<Views>[]> {
  const { files } = await generate(documents, { path: `${name}.gen.ts`, validators: true, library: protocol });
  await Promise.all(files.map((file) => writeFile(path.join(folder, file.path), file.content)));
  const module = (await import(path.join(folder, `${name}.gen.ts`))) as Record<string, unknown>;
  return Object.values(module).filter((value) => value instanceof ResourceModel);
}

/** Compares the verdicts of the validators that a model came with, and of ajv at run time. */
function expectAgreement(model: ResourceModel<Views>, numRuns: number): void {
  for (const context of CONTEXTS) {
    const ahead = model.validators?.[context];
    const now = createAjv({ ownProperties: true })?.compile(jsonSchema(model, context));
    const valid = arbitraryValue(model, context);
    const given = fc.oneof(
      valid,
      valid.chain((value) => mutate(model, context, value).map((mutation) => mutation.value)),
      arbitraryJson(model),
    );
    fc.assert(
      fc.property(given, (value) => {
        expect(ahead?.(value)).toBe(now?.(value));
        expect(ahead?.errors?.[0]?.instancePath).toBe(now?.errors?.[0]?.instancePath);
      }),
      { numRuns },
    );
  }
}

describe("generated validators", () => {
  test("say of every resource what ajv says at run time", async () => {
    const models = [...(await modelsOf("people", rfc7643)), ...(await modelsOf("things", devices))];
    for (const { type, title, resource, valid } of resources) {
      const model = models.find(({ name }) => name === type);
      if (model === undefined) throw new Error(`nothing was generated for ${type}`);
      for (const context of CONTEXTS) {
        const now = createAjv({ ownProperties: true })?.compile(jsonSchema(model, context));
        const verdicts = [model.validators?.[context]?.(resource), now?.(resource), valid.includes(context)];
        expect([title, context, ...verdicts]).toEqual([title, context, ...verdicts.map(() => verdicts[2])]);
      }
    }
  });

  for (const [name, documents] of Object.entries({ rfc7643, devices, ...vendors, hostile })) {
    test(`of ${name} agree with ajv at run time`, async () => {
      const models = await modelsOf(name, documents);
      expect(models.length).toBeGreaterThan(0);
      for (const model of models) expectAgreement(model, name === "hostile" ? 1 : 20);
    });
  }

  test("of any schema agree with ajv at run time", async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryModel(), async ({ schema, extensions }) => {
        count += 1;
        const [model] = await modelsOf(`any${count}`, {
          resourceTypes: [
            {
              name: "Thing",
              endpoint: "/Things",
              schema: schema.id,
              schemaExtensions: extensions.map((extension) => ({
                schema: extension.model.schema.id,
                required: extension.required,
              })),
            },
          ],
          schemas: [schema, ...extensions.map((extension) => extension.model.schema)],
        });
        if (model === undefined) throw new Error("nothing was generated");
        expectAgreement(model, 5);
      }),
      { numRuns: 10 },
    );
  });

  test("are the same text for the same documents, import nothing and require nothing", async () => {
    const [, module, declarations] = (await generate(devices, { path: "out/d.gen.ts", validators: true })).files;
    const again = (await generate(devices, { path: "out/d.gen.ts", validators: true })).files[1];
    expect(again).toEqual(module);
    expect(module?.path).toBe("out/d.validators.gen.mjs");
    expect(module?.content).not.toMatch(/\b(?:require|import|eval|Function)\b/);
    expect(declarations?.path).toBe("out/d.validators.gen.d.mts");
    expect(declarations?.content).toMatchInlineSnapshot(`
      "/* Generated by scimkit: the validators of the models beside this file. */
      /* eslint-disable */
      import type { CompiledValidator } from "scimkit/protocol";

      export declare const DeviceCreate: CompiledValidator;
      export declare const DeviceReplace: CompiledValidator;
      export declare const DevicePatch: CompiledValidator;
      export declare const DeviceResponse: CompiledValidator;
      export declare const EndpointAppCreate: CompiledValidator;
      export declare const EndpointAppReplace: CompiledValidator;
      export declare const EndpointAppPatch: CompiledValidator;
      export declare const EndpointAppResponse: CompiledValidator;
      "
    `);
  });

  test("are the same as TypeScript, whose exports have a type and nothing else does", async () => {
    const id = "urn:example:exported_thing:Thing";
    const named = {
      resourceTypes: [
        {
          name: "exported_thing",
          endpoint: "/Things",
          schema: id,
          schemaExtensions: [{ schema: `${id}X`, required: true }],
        },
      ],
      schemas: [
        { id, attributes: [{ name: "exported_" }, { name: "exported__x" }] },
        { id: `${id}X`, attributes: [{ name: "exported_" }] },
      ],
    };
    for (const given of [devices, named]) {
      const [models, module] = (await generate(given, { path: "out/d.gen.ts", validators: "ts" })).files;
      const [, plain] = (await generate(given, { path: "out/d.gen.ts", validators: true })).files;
      expect(module?.path).toBe("out/d.validators.gen.ts");
      expect(models?.content).toContain('import * as validators from "./d.validators.gen.js";');
      const untyped = module?.content
        .replace(/^\/\/ @ts-nocheck\n/, "")
        .replace(/^import type .*\n\n/m, "")
        .replaceAll(/(export const [A-Z]\w+): CompiledValidator = /g, "$1 = ");
      expect(untyped).toBe(plain?.content);
      expect(plain?.content).toContain(given === named ? "exported_" : "export const DeviceCreate = ");
      expect(plain?.content).not.toMatch(/export const exported/);
    }
  });

  test("are left out, with a warning, for a resource type that is too large for them", async () => {
    const attributes = Array.from({ length: 600 }, (_, position) => ({ name: `a${position}` }));
    const schema = { id: "urn:example:core:2.0:Wide", name: "Wide", attributes };
    const { files, warnings } = await generate(
      { resourceTypes: [{ name: "Wide", endpoint: "/Wide", schema: schema.id }], schemas: [schema] },
      { validators: true },
    );
    expect(warnings).toEqual([
      { path: "Wide", message: '"Wide" has too many attributes to be compiled; it is checked without' },
    ]);
    expect(files[0]?.content).not.toContain("validators");
    expect(files[1]?.content).toContain("export {  };");
    expect(files[2]?.content).toContain("export {};");
  });
});
