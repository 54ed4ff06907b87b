import { expect, test } from "vitest";
import { generate } from "../../codegen/generate.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "../../src/schema/core-schemas.ts";

test("src/models.gen.ts is what the schemas of RFC 7643 give: npm run codegen:models writes it anew", async () => {
  const module = "./schema/core-schemas.ts";
  const { files, warnings } = await generate(
    {
      resourceTypes: [
        { name: "User", endpoint: "/Users", schema: UserSchema.id },
        { name: "Group", endpoint: "/Groups", schema: GroupSchema.id },
      ],
      schemas: [UserSchema, EnterpriseUserSchema, GroupSchema],
    },
    {
      path: "models.gen.ts",
      library: "./protocol.ts",
      extensions: [EnterpriseUserSchema.id],
      schemaConstants: {
        [UserSchema.id]: { name: "UserSchema", module },
        [EnterpriseUserSchema.id]: { name: "EnterpriseUserSchema", module },
        [GroupSchema.id]: { name: "GroupSchema", module },
      },
    },
  );
  expect(warnings).toEqual([]);
  expect(files.map(({ path }) => path)).toEqual(["models.gen.ts"]);
  await expect(files[0]?.content).toMatchFileSnapshot("../../src/models.gen.ts");
});
