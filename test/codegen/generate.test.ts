import fc from "fast-check";
import * as prettier from "prettier";
import { describe, expect, test } from "vitest";
import type { DiscoveryDocuments } from "../../codegen/documents.ts";
import { generate } from "../../codegen/generate.ts";
import { describe as describeService } from "../../src/client/service-description.ts";
import { differences } from "../../src/schema/differences.ts";
import { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";
import { devices } from "./documents/devices.ts";
import { rfc7643 } from "./documents/rfc7643.ts";
import { vendors } from "./documents/vendors.ts";

/** What a generated module beside the others imports. */
const library = "../../../src/protocol.ts";

const alphabetical = (one: string, other: string): number => (one < other ? -1 : 1);

describe("the generated module", () => {
  for (const [name, documents] of Object.entries({ rfc7643, devices, ...vendors })) {
    test(`of ${name} is in test/codegen/generated; --update writes it anew`, async () => {
      const { files, warnings } = await generate(documents, { path: `${name}.gen.ts`, library });
      const [module] = files;
      expect(files).toHaveLength(1);
      await expect(module?.content).toMatchFileSnapshot(`generated/${name}.gen.ts`);
      expect(warnings).toMatchSnapshot();
    });

    test(`of ${name} has the models that a client builds from the same documents`, async () => {
      const module = (await import(`./generated/${name}.gen.ts`)) as Record<string, unknown>;
      const models = Object.values(module).filter(
        (value): value is ResourceModel<Views> => value instanceof ResourceModel,
      );
      const { resourceTypes, schemas } = structuredClone(documents) as Parameters<typeof describeService>[0];
      const { description } = describeService({ resourceTypes, schemas }, (endpoint) => ({ path: endpoint }));
      const wanted = description.models.filter((model) => model.name !== "ResourceType");
      expect(models.map((model) => model.name).toSorted(alphabetical)).toEqual(
        wanted.map((model) => model.name).toSorted(alphabetical),
      );
      for (const model of models) expect(differences(model, description.get(model.name))).toEqual([]);
    });

    test(`of ${name} is laid out as prettier does, and the same documents give the same text`, async () => {
      const once = await generate(documents);
      expect(await generate(structuredClone(documents))).toEqual(once);
      const content = once.files[0]?.content ?? "";
      expect(await prettier.format(content, { parser: "typescript" })).toBe(content);
    });
  }
});

/** Documents whose texts have no quotation mark, for which prettier would change the quotes around them. */
function arbitraryDocuments(): fc.Arbitrary<DiscoveryDocuments> {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,60}$/);
  const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(" "));
  const simple = fc.record(
    {
      name: word,
      description: text,
      required: fc.boolean(),
      multiValued: fc.boolean(),
      canonicalValues: fc.array(word, { maxLength: 6 }),
      mutability: fc.constantFrom("readWrite", "readOnly", "immutable", "writeOnly"),
      returned: fc.constantFrom("default", "always", "never", "request"),
      uniqueness: fc.constantFrom("none", "server", "global"),
    },
    { requiredKeys: ["name"] },
  );
  const complex = fc
    .tuple(simple, fc.array(simple, { maxLength: 4 }))
    .map(([definition, subAttributes]) => ({ ...definition, type: "complex" as const, subAttributes }));
  const schema = fc.record({
    id: fc.stringMatching(/^urn:[a-z][a-z0-9]{1,6}(?::[A-Za-z0-9]{1,20}){1,4}$/),
    name: fc.oneof(word, text),
    description: text,
    attributes: fc.array(fc.oneof(simple, complex), { maxLength: 6 }),
  });
  const unique = { minLength: 1, maxLength: 5, selector: ({ id }: { readonly id: string }) => id.toLowerCase() };
  return fc.uniqueArray(schema, unique).chain((schemas) => {
    const urn = fc.constantFrom(...schemas.map(({ id }) => id));
    return fc.record({
      resourceTypes: fc.array(
        fc.record({
          name: word,
          description: text,
          endpoint: word.map((segment) => `/${segment}`),
          schema: urn,
          schemaExtensions: fc.array(fc.record({ schema: urn, required: fc.boolean() }), { maxLength: 3 }),
        }),
        { maxLength: 3 },
      ),
      schemas: fc.constant(schemas),
    });
  });
}

/** The same with the members of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, reordered(member)] as const)
      .toReversed(),
  );
}

describe("whatever a server publishes", () => {
  test("the module is laid out as prettier does", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDocuments(), async (documents) => {
        const content = (await generate(documents, { validators: true })).files[0]?.content ?? "";
        expect(content).toBe(await prettier.format(content, { parser: "typescript" }));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test("neither the order of members in the documents nor that of the schemas changes a byte", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDocuments(), async ({ resourceTypes, schemas }) => {
        const options = { validators: true };
        const other = reordered({ schemas: schemas.toReversed(), resourceTypes }) as DiscoveryDocuments;
        expect(await generate(other, options)).toEqual(await generate({ resourceTypes, schemas }, options));
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });
});
