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

describe("the types of a resource type", () => {
  const schema = {
    id: "urn:example:core:2.0:Key",
    name: "Key",
    description: "A key to a room.",
    attributes: [
      {
        name: "number",
        required: true,
        uniqueness: "server",
        mutability: "immutable",
        description: "Cut into it.",
      },
      { name: "room", returned: "always", canonicalValues: ["101", "102"] },
      { name: "pin", mutability: "writeOnly", returned: "never", description: "Typed at the door." },
      { name: "uses", type: "integer", mutability: "readOnly", returned: "request" },
      { name: "holder", type: "complex", subAttributes: [{ name: "name", required: true }, { name: "desk" }] },
    ],
  } as const;
  const types = async (): Promise<(name: string) => string> => {
    const resourceTypes = [{ name: "Key", endpoint: "/Keys", schema: schema.id }];
    const content = (await generate({ resourceTypes, schemas: [schema] })).files[0]?.content ?? "";
    return (name) =>
      new RegExp(`^(?:/\\*\\*(?:(?!\\*/)[^])*\\*/\\n)?export type ${name} = [^]*?;\\n(?=\\n)`, "m").exec(
        content,
      )?.[0] ?? "";
  };

  test("each member says its description, and its mutability, returned and uniqueness where they are not the defaults", async () => {
    expect((await types())("Key")).toMatchInlineSnapshot(`
      "/**
       * \`Key\` as a server returns it.
       *
       * A key to a room.
       */
      export type Key = {
        /** The server's identifier of the resource. */
        id: string;
        /** The URNs of the schemas it has data of. */
        schemas: string[];
        /** What the server keeps about the resource. */
        meta?: Meta;
        /** Identifier the client gave to the resource. */
        externalId?: string;
        /**
         * Cut into it.
         *
         * required, mutability immutable, uniqueness server
         */
        number: string;
        /** returned always */
        room?: "101" | "102" | (string & {});
        /** mutability readOnly, returned request */
        uses?: number;
        holder?: KeyHolder;
      };
      "
    `);
  });

  test("RFC 7643 §2.5: what is written takes null where it unassigns, and neither for what is required nor in what is read", async () => {
    const typeOf = await types();
    expect(typeOf("KeyCreate")).toMatchInlineSnapshot(`
      "/** \`Key\` as POST takes it. */
      export type KeyCreate = {
        /** Filled in when left out. */
        schemas?: readonly string[] | undefined;
        /** Identifier the client gave to the resource. */
        externalId?: string | null | undefined;
        /**
         * Cut into it.
         *
         * required, mutability immutable, uniqueness server
         */
        number: string;
        /** returned always */
        room?: "101" | "102" | (string & {}) | null | undefined;
        /**
         * Typed at the door.
         *
         * mutability writeOnly, returned never
         */
        pin?: string | null | undefined;
        holder?: KeyHolderCreate | null | undefined;
      };
      "
    `);
    expect(typeOf("KeyHolderCreate")).toMatchInlineSnapshot(`
      "/** \`Key.holder\` as POST takes it. */
      export type KeyHolderCreate = {
        /** required */
        name: string;
        desk?: string | null | undefined;
      };
      "
    `);
  });

  test("RFC 7644 §3.10: each path that can be written has the type of its value; ResourcePaths puts the URN before each", async () => {
    const typeOf = await types();
    expect(typeOf("KeyAttributePaths")).toMatchInlineSnapshot(`
      "/** What PATCH takes at each path of \`Key\`, without a URN before the path. */
      export type KeyAttributePaths = {
        externalId: string | null;
        number: string;
        room: "101" | "102" | (string & {}) | null;
        pin: string | null;
        holder: KeyHolderPatch | null;
        "holder.name": string;
        "holder.desk": string | null;
      };
      "
    `);
    expect(typeOf("KeyPaths")).toMatchInlineSnapshot(`
      "/**
       * What PATCH takes at each path of \`Key\`, with and without a URN before the
       * path.
       */
      export type KeyPaths = ResourcePaths<
        "urn:example:core:2.0:Key",
        KeyAttributePaths
      >;
      "
    `);
  });
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
  test("the module is laid out as prettier does", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDocuments(), async (documents) => {
        const content = (await generate(documents, { validators: true })).files[0]?.content ?? "";
        expect(content).toBe(await prettier.format(content, { parser: "typescript" }));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test(
    "neither the order of members in the documents nor that of the schemas changes a byte",
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryDocuments(), async ({ resourceTypes, schemas }) => {
          const options = { validators: true };
          const other = reordered({ schemas: schemas.toReversed(), resourceTypes }) as DiscoveryDocuments;
          expect(await generate(other, options)).toEqual(await generate({ resourceTypes, schemas }, options));
        }),
        { numRuns: 20, endOnFailure: true },
      );
    },
  );
});
