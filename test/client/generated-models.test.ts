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
        message: `Badge: "colour" is new in the server's schema; the server's schema decides`,
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

  test("a later discovery has the differences of the models used before among its warnings", async () => {
    const { scim, deviations } = clientOf([{ name: "number" }, { name: "colour" }]);
    const Badge = generated({});
    expect((await scim.discover()).warnings).toEqual([]);
    await scim.create(Badge, { number: "7" });
    const { warnings } = await scim.discover();
    expect(warnings.map(({ document, path: where }) => [document, where])).toEqual([["Schemas", "colour"]]);
    await scim.create(Badge, { number: "7" });
    const kinds = deviations.map(({ kind }) => kind).filter((kind) => kind === "generatedModel");
    expect(kinds).toEqual(["generatedModel", "generatedModel"]);
  });

  test("a discovery that was kept says the same at a model's first use", async () => {
    const { scim } = clientOf([{ name: "number" }, { name: "colour" }]);
    const deviations: Deviation[] = [];
    const later = new SCIMClient("https://badges.example", {
      discovery: await scim.discover(),
      onDeviation: (deviation) => deviations.push(deviation),
      fetch: async () => Response.json({ number: "7", id: "1" }),
    });
    await later.query(generated({}), "1");
    expect(deviations.map(({ kind, path: where }) => [kind, where])).toContainEqual(["generatedModel", "colour"]);
  });

  test("a generated model that the server has no resource type for is no warning, but an error where it is used", async () => {
    const { scim } = clientOf(generatedFrom);
    const schema = { id: "urn:example:core:2.0:Key", attributes: generatedFrom };
    const Key = typedModel<GenericViews>({ name: "Key", endpoint: "/Keys", schema, validators: {} });
    scim.registerNaiveResourceTypes([Key]);
    expect((await scim.discover()).warnings).toEqual([]);
    await expect(scim.create(Key, {})).rejects.toThrow('"Key" is not a resource type of this server');
  });

  /** What becomes of two writes without code generation, where the server's schema has these attributes. */
  async function confined(attributes: readonly AttributeDefinition[]): Promise<unknown> {
    const script = `
      import { SCIMClient } from ${JSON.stringify(path.resolve("src/client/scim-client.ts"))};
      import { typedModel } from ${JSON.stringify(path.resolve("src/schema/typed-model.ts"))};
      const id = ${JSON.stringify(SCHEMA)};
      const documents = {
        "/ServiceProviderConfig": {},
        "/ResourceTypes": [{ name: "Badge", endpoint: "/Badges", schema: id }],
        "/Schemas": [{ id, name: "Badge", attributes: ${JSON.stringify(attributes)} }],
      };
      const deviations = [];
      const scim = new SCIMClient("https://badges.example", {
        onDeviation: ({ kind, path }) => kind === "generatedModel" && deviations.push(path),
        fetch: async (request) => {
          const document = documents[new URL(request.url).pathname];
          return document === undefined ? Response.json({ ...(await request.json()), id: "1" }, { status: 201 }) : Response.json(document);
        },
      });
      const schema = { id, name: "Badge", attributes: ${JSON.stringify(generatedFrom)} };
      let calls = 0;
      const validators = { create: (value) => { calls += 1; return !("colour" in value); } };
      const Badge = typedModel({ name: "Badge", endpoint: "/Badges", schema, validators });
      await scim.discover();
      const outcomes = [];
      for (const given of [{ number: "7", colour: "red" }, { number: "7" }]) {
        outcomes.push(await scim.create(Badge, given).then(() => "accepted", (error) => error.issues.map(({ path, rule }) => [path, rule])));
      }
      console.log(JSON.stringify({ outcomes, calls, deviations }));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--disallow-code-generation-from-strings",
      "--input-type=module",
      "--eval",
      script,
    ]);
    return JSON.parse(stdout);
  }

  const CONFINED: ReadonlyArray<{ title: string; given: readonly AttributeDefinition[]; want: object }> = [
    {
      title: "the generated validators stay in force where the schema is the same",
      given: generatedFrom,
      want: { outcomes: [[["colour", "unknown"]], "accepted"], calls: 2, deviations: [] },
    },
    {
      title: "they stay in force where it is another as well",
      given: [...generatedFrom, { name: "colour", required: true }],
      want: { outcomes: [[["colour", "unknown"]], "accepted"], calls: 2, deviations: ["colour"] },
    },
  ];
  for (const { title, given, want } of CONFINED) {
    test(`where code cannot be generated from strings, ${title}`, async () => {
      expect(await confined(given)).toEqual(want);
    });
  }
});

describe("what is no list of models is refused where it is given", () => {
  const wrong: readonly unknown[] = [undefined, null, {}, "User", [undefined], [null], [{}], ["User"]];
  for (const models of wrong) {
    test(JSON.stringify(models) ?? "undefined", () => {
      const given = models as [];
      const message = (taker: string): string =>
        `${taker} takes a list of resource models: User of scimkit/models, or what defineModel gives`;
      expect(() => new SCIMClient("https://badges.example").registerNaiveResourceTypes(given)).toThrow(
        new TypeError(message("registerNaiveResourceTypes")),
      );
      if (models === undefined || models === null) return;
      expect(() => new SCIMClient("https://badges.example", { resourceModels: given })).toThrow(
        new TypeError(message("resourceModels")),
      );
    });
  }
});
