/** What generated code costs to make, and what it saves: a first verdict against ajv compiling that one schema. @module */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { DiscoveryDocuments } from "../codegen/documents.ts";
import { generate } from "../codegen/generate.ts";
import { EnterpriseUser, User } from "../src/models.gen.ts";
import type { AttributeDefinition } from "../src/schema/attribute.ts";
import type { CompiledValidator } from "../src/schema/compiled-validator.ts";
import { EnterpriseUserSchema, UserSchema } from "../src/schema/core-schemas.ts";
import type { ResourceModel } from "../src/schema/resource-model.ts";
import { typedModel } from "../src/schema/typed-model.ts";
import { loadAjv, Validators } from "../src/schema/validator.ts";
import { inTurn, ms, type Benchmark, type Figure } from "./figure.ts";
import { users } from "./users.ts";

const SCHEMAS = 50;
const ATTRIBUTES = 100;

export const codegen: Benchmark = {
  name: "codegen",
  async run() {
    return [await generating(false), await generating(true), ...(await firstValidation())];
  },
};

async function generating(validators: boolean): Promise<Figure> {
  await generate(largeServer(1), { validators });
  const documents = largeServer(SCHEMAS);
  const start = performance.now();
  const { files } = await generate(documents, { validators });
  const time = performance.now() - start;
  const size = files.reduce((sum, { content }) => sum + content.length, 0);
  const what = validators ? "types, models and validators" : "types and models";
  return {
    name: `${what} of ${SCHEMAS} schemas with ${ATTRIBUTES} attributes ÷ a second`,
    ratio: time / 1000,
    ...(validators ? {} : { target: 5 }),
    detail: `${ms(time)}, ${(size / 1e6).toFixed(1)} MB`,
  };
}

async function firstValidation(): Promise<Figure[]> {
  const { files } = await generate(
    {
      resourceTypes: [
        {
          name: "User",
          endpoint: "/Users",
          schema: UserSchema.id,
          schemaExtensions: [{ schema: EnterpriseUserSchema.id, required: false }],
        },
      ],
      schemas: [UserSchema, EnterpriseUserSchema],
    },
    { validators: true },
  );
  const module = files.find((file) => file.path.endsWith(".mjs"))?.content ?? "";
  const folder = await mkdtemp(path.join(tmpdir(), "scimkit-bench-"));
  let imports = 0;
  const importValidator = async (): Promise<CompiledValidator> => {
    imports += 1;
    const file = path.join(folder, `${imports}.mjs`);
    await writeFile(file, module);
    const imported = (await import(pathToFileURL(file).href)) as { readonly UserResponse: CompiledValidator };
    return imported.UserResponse;
  };
  const [answer] = users(1);
  const Employee = User.with(EnterpriseUser);
  const { name, endpoint, schema, extensions } = Employee;
  const withValidator = (response: CompiledValidator): ResourceModel =>
    typedModel({ name, endpoint, schema, extensions, validators: { response } });
  const ahead = withValidator(await importValidator());
  await loadAjv();
  const compiling = (): void => verdict(new Validators({ codeGeneration: true }), Employee, answer);
  const first = await inTurn(() => verdict(new Validators(), ahead, answer), compiling, 20);
  const loading = await inTurn(
    async () => {
      verdict(new Validators(), withValidator(await importValidator()), answer);
    },
    compiling,
    10,
  );
  await rm(folder, { recursive: true });
  const what = "first verdict of a generated validator";
  return [
    {
      name: `${what} ÷ ajv compiling at run time`,
      ratio: first.ratio,
      target: 0.1,
      detail: `${ms(first.ours)}, ${ms(first.floor)}`,
    },
    {
      name: `${what}, its module written and loaded ÷ the same`,
      ratio: loading.ratio,
      detail: `${ms(loading.ours)}, ${ms(loading.floor)}`,
    },
  ];
}

function verdict(validators: Validators, model: ResourceModel, answer: unknown): void {
  if (validators.issues(model, "response", answer).length > 0) throw new Error("not valid");
}

/** A server with wide schemas: a tenth of the attributes is complex, with four sub-attributes that count. */
function largeServer(count: number): DiscoveryDocuments {
  const subAttributes = ["value", "display", "type", "primary"].map((name): AttributeDefinition => ({
    name,
    description: `The ${name} of it.`,
    ...(name === "type" ? { canonicalValues: ["work", "home", "other"] } : {}),
    ...(name === "primary" ? { type: "boolean" } : {}),
  }));
  const schemas = Array.from({ length: count }, (_, schema) => {
    const attributes: AttributeDefinition[] = [];
    for (let index = 0; index < ATTRIBUTES; index += 1) {
      const definition = {
        name: `attribute${schema}x${index}`,
        description: `What attribute ${index} means to the server.`,
      };
      if (index % 10 !== 0) attributes.push(definition);
      else {
        attributes.push({ ...definition, type: "complex", multiValued: index % 20 === 0, subAttributes });
        index += subAttributes.length;
      }
    }
    return { id: `urn:example:core:2.0:Type${schema}`, name: `Type${schema}`, attributes };
  });
  const resourceTypes = schemas.map(({ id, name }) => ({ name, endpoint: `/${name}`, schema: id }));
  return { resourceTypes, schemas };
}
