import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";
import type { DiscoveryDocuments } from "../../codegen/documents.ts";
import { generate } from "../../codegen/generate.ts";
import type { AttributeDefinition } from "../../src/schema/attribute.ts";
import { AWKWARD_NAMES, hostile, HOSTILE_TEXTS } from "./documents/hostile.ts";

type Node = { readonly type: string; readonly [member: string]: unknown };

/** What a module imports and exports, after a look at every statement: there must be none but those of a generated module. */
function inspect(source: string): string[] {
  const { program, errors } = parseSync("scim.gen.ts", source);
  expect(errors).toEqual([]);
  const exported: string[] = [];
  for (const statement of program.body as unknown as readonly Node[]) {
    const declaration = (statement["declaration"] ?? statement) as Node;
    // A module of nothing is still one.
    if (source.endsWith("export {};\n") && declaration.type === "ExportNamedDeclaration") continue;
    switch (declaration.type) {
      case "ImportDeclaration":
        exported.push(`import ${(declaration["source"] as Node)["value"] as string}`);
        continue;
      case "TSTypeAliasDeclaration":
      case "TSInterfaceDeclaration":
        exported.push(`type ${(declaration["id"] as Node)["name"] as string}`);
        continue;
      case "VariableDeclaration": {
        const [{ id, init } = { id: undefined, init: undefined }] = declaration["declarations"] as readonly Node[];
        exported.push(`const ${(id as Node)["name"] as string}`);
        expectInert(init as Node);
        continue;
      }
      default:
        throw new Error(`a generated module holds a ${declaration.type}`);
    }
  }
  return exported;
}

/** Data, or a call of one of the library's two functions with data. */
function expectInert(node: Node): void {
  switch (node.type) {
    case "CallExpression":
      expect((node["callee"] as Node)["name"]).toMatch(/^typed(?:Model|Extension)$/);
      for (const argument of node["arguments"] as readonly Node[]) expectInert(argument);
      return;
    case "ObjectExpression":
      for (const { type, computed, value, key } of node["properties"] as readonly Node[]) {
        expect([type, computed]).toEqual(["Property", false]);
        expect((key as Node)["name"]).not.toBe("__proto__");
        expectInert(value as Node);
      }
      return;
    case "ArrayExpression":
      for (const element of node["elements"] as readonly Node[]) expectInert(element);
      return;
    default:
      expect(["Literal", "Identifier"]).toContain(node.type);
  }
}

/** The comments of a module, without what starts and ends them. */
function comments(source: string): string[] {
  return parseSync("scim.gen.ts", source).comments.map(({ value }) => value);
}

async function moduleOf(documents: DiscoveryDocuments): Promise<string> {
  const { files } = await generate(documents);
  return files[0]?.content ?? "";
}

function thing(attributes: readonly AttributeDefinition[]): DiscoveryDocuments {
  const id = "urn:example:core:2.0:Thing";
  return { resourceTypes: [{ name: "Thing", endpoint: "/Things", schema: id }], schemas: [{ id, attributes }] };
}

describe("schemas that are meant to do harm change nothing but themselves", () => {
  test("names, descriptions and canonical values stay in their literals and comments", async () => {
    const source = await moduleOf(hostile);
    const exported = inspect(source);
    expect(new Set(exported).size).toBe(exported.length);
    for (const name of ["toString", "toStri000", "valueOf", "hasOwnProperty", "hasOwnProper001"]) {
      expect(source).toMatch(new RegExp(`^  ${name}\\?:`, "m"));
    }
    expect(source).not.toContain("toStri001");
    expect(source).not.toContain("sourceMappingURL=");
    expect(source).not.toMatch(/[\u2028\u2029\u202E\u2066\u200B\u0085]/);
    for (const comment of comments(source))
      expect(comment.replace(/@(?:module|__PURE__)/, "")).not.toMatch(/(?:^|[\s{*])@\w/);
    expect(exported).toEqual(
      expect.arrayContaining([
        "type ObjectResource",
        "type Resource2Nd",
        "type ObjectResourceNickName",
        "type ObjectResourceNickName2",
      ]),
    );
  });

  test("so do those of any schema", async () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: "binary" }));
    const name = fc.oneof(
      fc.constantFrom(...AWKWARD_NAMES, "__proto__", "constructor"),
      fc.stringMatching(/^[A-Za-z][\w$-]{0,6}$/),
      text,
    );
    const simple = fc.record(
      { name, description: text, canonicalValues: fc.array(text, { maxLength: 3 }), required: fc.boolean() },
      { requiredKeys: ["name"] },
    );
    const attribute: fc.Arbitrary<AttributeDefinition> = fc.oneof(
      simple,
      fc
        .tuple(simple, fc.array(simple, { maxLength: 3 }), fc.boolean())
        .map(([definition, subAttributes, multiValued]) => ({
          ...definition,
          multiValued,
          type: "complex" as const,
          subAttributes,
        })),
    );
    const id = fc.oneof(
      fc.constant("urn:x:y"),
      text.map((rest) => `urn:x-y:${rest}`),
      text,
    );
    const schema = fc.record({
      id,
      name: text,
      description: text,
      attributes: fc.array(attribute, { maxLength: 5 }),
    });
    const documents = fc.array(schema, { minLength: 1, maxLength: 3 }).chain((schemas) => {
      const urn = fc.constantFrom(...schemas.map((published) => published.id), "urn:x:unpublished");
      const extension = fc.record({ schema: urn, required: fc.boolean() });
      const type = fc.record({
        name: text,
        endpoint: text,
        schema: urn,
        schemaExtensions: fc.array(extension, { maxLength: 3 }),
      });
      return fc.record({ resourceTypes: fc.array(type, { maxLength: 4 }), schemas: fc.constant(schemas) });
    });
    await fc.assert(
      fc.asyncProperty(documents, async (given) => {
        const exported = inspect(await moduleOf(given));
        const imports = exported.filter((entry) => entry.startsWith("import "));
        expect(["", "import scimkit/protocol"]).toContain(imports.join());
        expect(new Set(exported).size).toBe(exported.length);
      }),
      { numRuns: 50 },
    );
  });

  test("a thousand attributes are no more than a long module", async () => {
    const attributes = Array.from({ length: 1000 }, (_, index) => ({
      name: `attribute${index}`,
      description: "d",
    }));
    const schema = { id: "urn:example:core:2.0:Wide", name: "Wide", attributes };
    const source = await moduleOf({
      resourceTypes: [{ name: "Wide", endpoint: "/Wide", schema: schema.id }],
      schemas: [schema],
    });
    inspect(source);
    expect(source.match(/ {2}attribute999\??:/g)).toHaveLength(4);
  });

  test("two thousand canonical values are all suggested", async () => {
    const canonicalValues = Array.from({ length: 2000 }, (_, index) => `value ${index}`);
    const source = await moduleOf(thing([{ name: "a", canonicalValues }]));
    inspect(source);
    // In four types and in the schema.
    expect(source.match(/"value 1999"/g)).toHaveLength(5);
  });

  test("what is larger or deeper than any real schema is an error that names the attribute", async () => {
    let deep: AttributeDefinition = { name: "level9" };
    for (let level = 8; level > 0; level -= 1)
      deep = { name: `level${level}`, type: "complex", subAttributes: [deep] };
    const wide = Array.from({ length: 5001 }, (_, index) => ({ name: `attribute${index}` }));
    await expect(generate(thing([deep]))).rejects.toThrow(
      /^urn:example:core:2\.0:Thing: "level1\.level2.*\.level8" nests sub-attributes more than 8 deep/,
    );
    await expect(generate(thing(wide))).rejects.toThrow(/the first beyond is "attribute5000"/);
  });

  test("an attribute whose name cannot be used is left out with a warning that names it", async () => {
    const names = ["__proto__", "constructor", "prototype", "a b", "1a", "é", "a".repeat(300), ""];
    const { warnings } = await generate(thing(names.map((name) => ({ name }))));
    expect(warnings).toHaveLength(names.length);
    expect(warnings[0]).toEqual({
      path: "urn:example:core:2.0:Thing:__proto__",
      message: '"__proto__" is not an attribute name (RFC 7643 §2.1); it is left out',
    });
  });

  test("what is no document is left out with a warning that says where it stands", async () => {
    const id = "urn:example:core:2.0:Thing";
    const type = { name: "Thing", endpoint: "/Things", schema: id };
    const documents = {
      resourceTypes: [
        null,
        "Thing",
        { endpoint: "/Things", schema: id },
        { name: "Thing", endpoint: "/Things" },
        { name: 1, endpoint: 2, schema: 3 },
        { name: "Nowhere", schema: id },
        { ...type, schemaExtensions: null },
        {
          ...type,
          name: "Extended",
          schemaExtensions: [null, {}, { schema: 1 }, { schema: "urn:example:extension" }],
        },
        { ...type, name: "Empty", schema: "urn:example:empty" },
      ],
      schemas: [
        null,
        {},
        { id: 1, attributes: [] },
        { id: "urn:example:empty" },
        { id, attributes: [{ name: "a" }] },
      ],
    };
    const { files, warnings } = await generate(documents as unknown as DiscoveryDocuments);
    expect(warnings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "schemas[0]: entry 0 of the schemas has no id or no attributes (RFC 7643 §7); it is left out",
      "schemas[1]: entry 1 of the schemas has no id or no attributes (RFC 7643 §7); it is left out",
      "schemas[2]: entry 2 of the schemas has no id or no attributes (RFC 7643 §7); it is left out",
      "schemas[3]: entry 3 of the schemas has no id or no attributes (RFC 7643 §7); it is left out",
      "resourceTypes[0]: entry 0 of the resource types has no name or no schema (RFC 7643 §6); it is left out",
      "resourceTypes[1]: entry 1 of the resource types has no name or no schema (RFC 7643 §6); it is left out",
      "resourceTypes[2]: entry 2 of the resource types has no name or no schema (RFC 7643 §6); it is left out",
      "resourceTypes[3]: entry 3 of the resource types has no name or no schema (RFC 7643 §6); it is left out",
      "resourceTypes[4]: entry 4 of the resource types has no name or no schema (RFC 7643 §6); it is left out",
      'Extended: an extension of "Extended" is left out: it names no schema (RFC 7643 §6)',
      'Extended: an extension of "Extended" is left out: it names no schema (RFC 7643 §6)',
      'Extended: an extension of "Extended" is left out: it names no schema (RFC 7643 §6)',
      'Nowhere: "" is no path below the base URL (RFC 7643 §6); /Nowheres is assumed',
      "urn:example:extension: the server does not publish the schema urn:example:extension",
      "urn:example:empty: the server does not publish the schema urn:example:empty",
      'Empty: "Empty" is left out: its schema is not published',
    ]);
    expect(inspect(files[0]?.content ?? "").filter((name) => name.startsWith("const"))).toEqual([
      "const ThingSchema",
      "const Nowhere",
      "const Thing",
      "const Extended",
    ]);
  });

  const endpoints: { given: string; want: string }[] = [
    { given: "/Things", want: "/Things" },
    { given: "Things", want: "/Things" },
    { given: "/Things/", want: "/Things" },
    { given: "/v2/Th%20ings", want: "/v2/Th%20ings" },
    ...[
      "",
      "/",
      "//evil.example/Things",
      "https://evil.example/Things",
      "/../Things",
      "/a/./b",
      "/%2E%2e/Things",
      "/.%2e",
      "/Things?a=b",
      "/Things#a",
      "/`${a}`",
      "/Dinge\n",
    ].map((given) => ({ given, want: "/Things" })),
  ];
  for (const { given, want } of endpoints) {
    test(`the endpoint ${JSON.stringify(given)} becomes ${want}`, async () => {
      const { resourceTypes, schemas } = thing([]);
      const [type] = resourceTypes;
      if (type === undefined) throw new Error("there is one");
      const { files, warnings } = await generate({ resourceTypes: [{ ...type, endpoint: given }], schemas });
      expect(files[0]?.content).toContain(`  endpoint: ${JSON.stringify(want)},`);
      expect(warnings).toHaveLength(/^\/?(?:v2\/)?Th[\w%]+\/?$/.test(given) ? 0 : 1);
    });
  }

  test("documents that are no lists are an error that says what is wanted", async () => {
    for (const given of [
      undefined,
      null,
      {},
      { resourceTypes: [] },
      { resourceTypes: { Resources: [] }, schemas: [] },
    ]) {
      await expect(generate(given as unknown as DiscoveryDocuments)).rejects.toThrow(
        new TypeError("generate takes the lists resourceTypes and schemas, as discover() returns them"),
      );
    }
  });

  test("no URL in a schema is fetched", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const baits = Object.fromEntries(
      ["$ref", "$id", "$schema", "id", "extends", "tsType", "allOf", "default", "pattern", "format"].map(
        (member) => [member, `${url}/${encodeURIComponent(member)}`],
      ),
    );
    const attribute = { ...baits, name: "$ref", type: "reference", description: url, canonicalValues: [url] };
    const complex = {
      ...baits,
      name: "a",
      type: "complex",
      subAttributes: [attribute, { name: "$ref" }, { name: "id" }],
    };
    const schema = { ...baits, id: `${url}/schema`, name: url, description: url, attributes: [attribute, complex] };
    const documents = {
      ...baits,
      resourceTypes: [{ ...baits, name: "Thing", endpoint: `${url}/Things`, schema: schema.id }],
      schemas: [schema],
    };
    const { files } = await generate(JSON.parse(JSON.stringify(documents)) as DiscoveryDocuments, {
      validators: true,
    });
    server.close();
    expect(files[0]?.content).toContain("$ref?: ");
    expect(asked).toEqual([]);
  });
});
