import * as prettier from "prettier";
import { describe, expect, test } from "vitest";
import type { DiscoveryDocuments } from "../../codegen/documents.ts";
import { generate } from "../../codegen/generate.ts";
import { describe as describeService } from "../../src/client/service-description.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "../../src/schema/core-schemas.ts";
import { differences } from "../../src/schema/differences.ts";
import { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";
import { devices } from "./documents/devices.ts";
import { vendors } from "./documents/vendors.ts";

const rfc7643: DiscoveryDocuments = {
  resourceTypes: [
    {
      name: "User",
      endpoint: "/Users",
      schema: UserSchema.id,
      schemaExtensions: [{ schema: EnterpriseUserSchema.id, required: false }],
    },
    { name: "Group", endpoint: "/Groups", schema: GroupSchema.id },
  ],
  schemas: [UserSchema, GroupSchema, EnterpriseUserSchema],
};

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
