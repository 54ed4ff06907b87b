import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { SCIMClient } from "../../src/client/scim-client.ts";
import type { Deviation } from "../../src/deviation.ts";
import type { AttributeDefinition } from "../../src/schema/attribute.ts";
import type { PrecompiledValidators } from "../../src/schema/compiled-validator.ts";
import { typedModel } from "../../src/schema/typed-model.ts";
import type { GenericViews } from "../../src/schema/view.ts";

const SCHEMA = "urn:example:core:2.0:Badge";

/** A client of a server whose resource type Badge has these attributes. */
function clientOf(attributes: readonly AttributeDefinition[]): { scim: SCIMClient; deviations: Deviation[] } {
  const deviations: Deviation[] = [];
  const documents: Readonly<Record<string, unknown>> = {
    "/ServiceProviderConfig": {},
    "/ResourceTypes": [{ name: "Badge", endpoint: "/Badges", schema: SCHEMA }],
    "/Schemas": [{ id: SCHEMA, name: "Badge", attributes }],
  };
  const scim = new SCIMClient("https://badges.example", {
    onDeviation: (deviation) => deviations.push(deviation),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const document = documents[new URL(request.url).pathname];
      if (document !== undefined) return Response.json(document);
      const resource: unknown = await request.json();
      return Response.json({ ...(resource as object), id: "1" }, { status: 201 });
    },
  });
  return { scim, deviations };
}

const generatedFrom: readonly AttributeDefinition[] = [{ name: "number" }];

function generated(validators: PrecompiledValidators): ReturnType<typeof typedModel<GenericViews>> {
  const schema = { id: SCHEMA, name: "Badge", attributes: generatedFrom };
  return typedModel<GenericViews>({ name: "Badge", endpoint: "/Badges", schema, validators });
}

describe("after a discovery", () => {
  test("the validators of a generated model decide where the server's schema is the one it was generated from", async () => {
    const create = vi.fn<(value: unknown) => boolean>(() => true);
    const { scim, deviations } = clientOf(generatedFrom);
    await scim.discover();
    await scim.create(generated({ create }), { number: "7" });
    expect(create).toHaveBeenCalledTimes(1);
    expect(deviations.filter(({ kind }) => kind === "generatedModel")).toEqual([]);
  });

  test("the server's own schema decides where it is another, and the differences are reported once", async () => {
    const create = vi.fn<(value: unknown) => boolean>(() => true);
    const { scim, deviations } = clientOf([{ name: "number" }, { name: "colour", required: true }]);
    await scim.discover();
    const Badge = generated({ create });
    await scim.create(Badge, { number: "7", colour: "red" });
    await expect(scim.create(Badge, { number: "7" })).rejects.toMatchObject({ issues: [{ path: "colour" }] });
    expect(create).not.toHaveBeenCalled();
    expect(deviations.filter(({ kind }) => kind === "generatedModel")).toEqual([
      {
        kind: "generatedModel",
        path: "colour",
        message: `Badge: "colour" is new in the server's schema`,
        section: "RFC 7643 §7",
      },
    ]);
  });

  test("a model that brings no validators is not compared", async () => {
    const { scim, deviations } = clientOf([{ name: "colour" }]);
    await scim.discover();
    const schema = { id: SCHEMA, name: "Badge", attributes: generatedFrom };
    await scim.create(typedModel<GenericViews>({ name: "Badge", endpoint: "/Badges", schema }), { colour: "red" });
    expect(deviations.filter(({ kind }) => kind === "generatedModel")).toEqual([]);
  });

  test("the generated validators stay in force where code cannot be generated from strings", async () => {
    const script = `
      import { SCIMClient } from ${JSON.stringify(path.resolve("src/client/scim-client.ts"))};
      import { typedModel } from ${JSON.stringify(path.resolve("src/schema/typed-model.ts"))};
      const id = ${JSON.stringify(SCHEMA)};
      const documents = {
        "/ServiceProviderConfig": {},
        "/ResourceTypes": [{ name: "Badge", endpoint: "/Badges", schema: id }],
        "/Schemas": [{ id, name: "Badge", attributes: [{ name: "number" }, { name: "colour" }] }],
      };
      const deviations = [];
      const scim = new SCIMClient("https://badges.example", {
        onDeviation: ({ kind, path }) => deviations.push([kind, path]),
        fetch: async (request) => {
          const document = documents[new URL(request.url).pathname];
          return document === undefined ? Response.json({ ...(await request.json()), id: "1" }, { status: 201 }) : Response.json(document);
        },
      });
      const schema = { id, name: "Badge", attributes: [{ name: "number" }] };
      const validators = { create: (value) => !("colour" in value) };
      const Badge = typedModel({ name: "Badge", endpoint: "/Badges", schema, validators });
      await scim.discover();
      await scim.create(Badge, { number: "7" });
      const refused = await scim.create(Badge, { colour: "red" }).then(() => "accepted", (error) => error.code);
      console.log(JSON.stringify([refused, deviations]));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--disallow-code-generation-from-strings",
      "--input-type=module",
      "--eval",
      script,
    ]);
    expect(JSON.parse(stdout)).toEqual([
      "request_payload_validation_error",
      expect.arrayContaining([["generatedModel", "colour"]]),
    ]);
  });
});
