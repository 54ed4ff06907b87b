import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../codegen/generate.ts";
import type { AttributeDefinition } from "../../src/schema/attribute.ts";

const BADGE = "urn:example:core:2.0:Badge";
const ROOM = "urn:example:extension:2.0:Room";
const LOCK = "urn:example:extension:2.0:Lock";

const number: AttributeDefinition = { name: "number", required: true };
const colour: AttributeDefinition = { name: "colour" };
const uses: AttributeDefinition = { name: "uses", type: "integer" };
const serial: AttributeDefinition = { name: "serial", mutability: "readOnly" };
const holder: AttributeDefinition = {
  name: "holder",
  type: "complex",
  subAttributes: [{ name: "name", required: true }, { name: "desk" }],
};
const badge: readonly AttributeDefinition[] = [number, colour, uses, serial, holder];

/** A server's documents; `generated` is what the code was generated from. */
interface Server {
  readonly attributes: readonly AttributeDefinition[];
  readonly extensions: readonly string[];
  readonly endpoint?: string;
}

const generated: Server = { attributes: badge, extensions: [ROOM] };

function documentsOf({ attributes, extensions, endpoint = "/Badges" }: Server): {
  resourceTypes: {
    name: string;
    endpoint: string;
    schema: string;
    schemaExtensions: { schema: string; required: boolean }[];
  }[];
  schemas: { id: string; name: string; attributes: readonly AttributeDefinition[] }[];
} {
  return {
    resourceTypes: [
      {
        name: "Badge",
        endpoint,
        schema: BADGE,
        schemaExtensions: extensions.map((schema) => ({ schema, required: schema === LOCK })),
      },
    ],
    schemas: [
      { id: BADGE, name: "Badge", attributes },
      ...extensions.map((id) => ({
        id,
        name: id.slice(id.lastIndexOf(":") + 1),
        attributes: [{ name: "floor", type: "integer" as const }],
      })),
    ],
  };
}

type Write = readonly [
  verb: "create" | "create, unknown sent" | "replace" | "modify" | "bulk" | "query",
  given: unknown,
];
/** What was sent and what came of it, or the issues for which nothing was. */
type Outcome = { sent?: unknown; got?: unknown } | (readonly [path: string, rule: string])[] | string;

/** A server, and what is done with the generated model. */
interface Scenario {
  readonly server: Server;
  readonly writes: readonly Write[];
  /** Which of the generated modules. Default `badge`. */
  readonly model?: string;
  /** Whether the client is given the model before it discovers. */
  readonly known?: boolean;
}

/** What came of a scenario. */
interface Run {
  readonly outcomes: readonly Outcome[];
  /** The paths of the deviations `generatedModel`. */
  readonly differences: readonly string[];
  readonly warnings: readonly string[];
}

/** Plays scenarios one after the other in a process that can generate code, or one that cannot. */
async function play(folder: string, scenarios: readonly Scenario[], codeGeneration: boolean): Promise<Run[]> {
  const flags = codeGeneration ? [] : ["--disallow-code-generation-from-strings"];
  const given = scenarios.map(({ server, ...rest }) => ({ ...documentsOf(server), model: "badge", ...rest }));
  const argv = [...flags, path.join(folder, "client.ts"), JSON.stringify(given)];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  return JSON.parse(stdout) as Run[];
}

/** A client that is told what to do on its command line, and the servers that it talks to. */
const CLIENT = `
import { SCIMClient } from ${JSON.stringify(path.resolve("src/index.ts"))};

const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
const runs = [];
for (const { resourceTypes, schemas, writes, model, known } of JSON.parse(process.argv[2])) {
  const { Badge } = await import("./" + model + ".gen.ts");
  const documents = { "/ServiceProviderConfig": {}, "/ResourceTypes": resourceTypes, "/Schemas": schemas };
  const differences = [];
  const answers = writes.filter(([verb]) => verb === "query").map(([, answer]) => answer);
  let sent;
  const scim = new SCIMClient("https://badges.example", {
    ...(known ? { resourceModels: [Badge] } : {}),
    onDeviation: ({ kind, path }) => kind === "generatedModel" && differences.push(path),
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (documents[pathname] !== undefined) return Response.json(documents[pathname]);
      sent = request.method === "GET" ? pathname : await request.json();
      if (sent.colour === "refuse me") {
        return Response.json({ schemas: [ERROR], status: "400", detail: "no badge is " + sent.colour }, { status: 400 });
      }
      const answer = request.method === "GET" ? answers.shift() : { ...sent, id: "1" };
      return Response.json(answer, { status: request.method === "POST" ? 201 : 200 });
    },
  });
  const { warnings } = await scim.discover();
  const outcomes = [];
  for (const [verb, given] of writes) {
    try {
      if (verb === "query") {
        const got = await scim.query(Badge, "1");
        outcomes.push({ at: sent, got });
      } else if (verb === "bulk") {
        const [{ ok }] = await scim.bulk([{ method: "POST", model: Badge, data: given }], { capabilities: { bulk: false } });
        outcomes.push({ ok, sent });
      } else if (verb === "create, unknown sent") {
        await scim.create(Badge, given, { unknownAttributes: "send" });
        outcomes.push({ sent });
      } else if (verb === "modify") {
        await scim.modify(Badge, "1", given, { checkResponsePayload: false });
        outcomes.push({ sent: sent.Operations });
      } else {
        await scim[verb](Badge, given);
        outcomes.push({ sent });
      }
    } catch (error) {
      outcomes.push(error.issues?.map(({ path, rule }) => [path, rule]) ?? error.message);
    }
  }
  runs.push({
    outcomes,
    differences,
    warnings: warnings.map(({ document, path, message }) => [document, path, message].join(" ")),
  });
}
console.log(JSON.stringify(runs));
`;

const SCHEMAS = [BADGE];
const asSent = (resource: object, ...extensions: readonly string[]): object => ({
  sent: { schemas: [...SCHEMAS, ...extensions], ...resource },
});
const without = (...names: readonly string[]): AttributeDefinition[] =>
  badge.filter(({ name }) => !names.includes(name));

interface Case extends Scenario {
  readonly title: string;
  /** Where code cannot be generated: as the generated validators have it. */
  readonly confined: readonly unknown[];
  /** Where it can: as the server's schema has it. */
  readonly free: readonly unknown[];
  readonly differences: readonly string[];
}

const CASES: readonly Case[] = [
  {
    title: "nothing: both say the same",
    server: generated,
    writes: [
      ["create", { number: "7" }],
      ["create", { colour: "red" }],
    ],
    confined: [asSent({ number: "7" }), [["number", "required"]]],
    free: [asSent({ number: "7" }), [["number", "required"]]],
    differences: [],
  },
  {
    title: "an attribute is new and required",
    server: { ...generated, attributes: [...badge, { name: "zone", required: true }] },
    writes: [
      ["create", { number: "7" }],
      ["create", { number: "7", zone: "a" }],
      ["create, unknown sent", { number: "7", zone: "a" }],
      ["bulk", { number: "7" }],
      ["bulk", { number: "7", zone: "a" }],
      ["modify", [{ op: "replace", path: "zone", value: "a" }]],
      ["query", { schemas: SCHEMAS, id: "1", number: "7", zone: "a" }],
    ],
    confined: [
      asSent({ number: "7" }),
      [["zone", "unknown"]],
      asSent({ number: "7", zone: "a" }),
      { ok: true, ...asSent({ number: "7" }) },
      [["Operations[0].zone", "unknown"]],
      [["", "unknown"]],
      { at: "/Badges/1", got: { schemas: SCHEMAS, id: "1", number: "7", zone: "a" } },
    ],
    free: [
      [["zone", "required"]],
      asSent({ number: "7", zone: "a" }),
      asSent({ number: "7", zone: "a" }),
      [["Operations[0].zone", "required"]],
      { ok: true, ...asSent({ number: "7", zone: "a" }) },
      { sent: [{ op: "replace", path: "zone", value: "a" }] },
      { at: "/Badges/1", got: { schemas: SCHEMAS, id: "1", number: "7", zone: "a" } },
    ],
    differences: ["zone"],
  },
  {
    title: "an attribute is gone",
    server: { ...generated, attributes: without("colour") },
    writes: [
      ["create", { number: "7", colour: "red" }],
      ["modify", [{ op: "replace", path: "colour", value: "red" }]],
    ],
    confined: [asSent({ number: "7", colour: "red" }), { sent: [{ op: "replace", path: "colour", value: "red" }] }],
    free: [[["colour", "unknown"]], [["", "unknown"]]],
    differences: ["colour"],
  },
  {
    title: "an attribute has another type",
    server: { ...generated, attributes: [...without("uses"), { name: "uses" }] },
    writes: [
      ["create", { number: "7", uses: 3 }],
      ["create", { number: "7", uses: "3" }],
      ["query", { schemas: SCHEMAS, id: "1", uses: "3" }],
    ],
    confined: [
      asSent({ number: "7", uses: 3 }),
      [["uses", "type"]],
      { at: "/Badges/1", got: { schemas: SCHEMAS, id: "1", uses: 3 } },
    ],
    free: [
      [["uses", "type"]],
      asSent({ number: "7", uses: "3" }),
      { at: "/Badges/1", got: { schemas: SCHEMAS, id: "1", uses: "3" } },
    ],
    differences: ["uses"],
  },
  {
    title: "an attribute has several values",
    server: { ...generated, attributes: [...without("colour"), { name: "colour", multiValued: true }] },
    writes: [
      ["create", { number: "7", colour: "red" }],
      ["create", { number: "7", colour: ["red"] }],
      ["query", { schemas: SCHEMAS, id: "1", colour: ["red"] }],
    ],
    confined: [
      asSent({ number: "7", colour: "red" }),
      [["colour", "type"]],
      { at: "/Badges/1", got: { schemas: SCHEMAS, id: "1", colour: "red" } },
    ],
    free: [
      [["colour", "type"]],
      asSent({ number: "7", colour: ["red"] }),
      { at: "/Badges/1", got: { schemas: SCHEMAS, id: "1", colour: ["red"] } },
    ],
    differences: ["colour"],
  },
  {
    title: "an attribute has become readOnly, so that the server's schema would have it taken out",
    server: { ...generated, attributes: [...without("colour"), { name: "colour", mutability: "readOnly" }] },
    writes: [["create", { number: "7", colour: "red" }]],
    confined: [asSent({ number: "7", colour: "red" })],
    free: [asSent({ number: "7" })],
    differences: ["colour"],
  },
  {
    title: "a required attribute has become readOnly, without which the generated validators refuse the resource",
    server: {
      ...generated,
      attributes: [...without("number"), { name: "number", required: true, mutability: "readOnly" }],
    },
    writes: [
      ["create", { number: "7" }],
      ["create", {}],
    ],
    confined: [asSent({ number: "7" }), [["number", "required"]]],
    free: [asSent({}), asSent({})],
    differences: ["number"],
  },
  {
    title: "a readOnly attribute has become writable, which the generated validators refuse unless it is taken out",
    server: { ...generated, attributes: [...without("serial"), { name: "serial" }] },
    writes: [["replace", { id: "1", number: "7", serial: "s" }]],
    confined: [asSent({ number: "7" })],
    free: [asSent({ number: "7", serial: "s" })],
    differences: ["serial"],
  },
  {
    title: "an attribute is spelled in another case",
    server: { ...generated, attributes: [...without("colour"), { name: "Colour" }] },
    writes: [["create", { number: "7", COLOUR: "red" }]],
    confined: [asSent({ number: "7", colour: "red" })],
    free: [asSent({ number: "7", Colour: "red" })],
    differences: ["colour", "Colour"],
  },
  {
    title: "a sub-attribute is new, and another not required any more",
    server: {
      ...generated,
      attributes: [
        ...without("holder"),
        { name: "holder", type: "complex", subAttributes: [{ name: "name" }, { name: "desk" }, { name: "phone" }] },
      ],
    },
    writes: [
      ["create", { number: "7", holder: { desk: "d" } }],
      ["create", { number: "7", holder: { name: "n", phone: "1" } }],
    ],
    confined: [[["holder.name", "required"]], [["holder.phone", "unknown"]]],
    free: [
      asSent({ number: "7", holder: { desk: "d" } }),
      asSent({ number: "7", holder: { name: "n", phone: "1" } }),
    ],
    differences: ["holder.name", "holder.phone"],
  },
  {
    title: "an extension is new",
    server: { ...generated, extensions: [ROOM, LOCK] },
    writes: [
      ["create", { number: "7", [ROOM]: { floor: 2 } }],
      ["create", { number: "7", [LOCK]: { floor: 2 } }],
    ],
    confined: [asSent({ number: "7", [ROOM]: { floor: 2 } }, ROOM), [[LOCK, "unknown"]]],
    free: [[[LOCK, "required"]], asSent({ number: "7", [LOCK]: { floor: 2 } }, LOCK)],
    differences: [LOCK],
  },
  {
    title: "an extension is not published any more: it is refused on write",
    server: { ...generated, extensions: [] },
    writes: [
      ["create", { number: "7" }],
      ["create", { number: "7", [ROOM]: { floor: 2 } }],
      ["create", { number: "7", [ROOM]: null }],
      ["modify", [{ op: "add", path: `${ROOM}:floor`, value: 2 }]],
      ["modify", [{ op: "add", value: { [ROOM]: { floor: 2 } } }]],
      ["query", { schemas: SCHEMAS, id: "1", number: 7, [ROOM]: { floor: "2" } }],
    ],
    confined: [
      asSent({ number: "7" }),
      [[ROOM, "unknown"]],
      [[ROOM, "unknown"]],
      [["", "unknown"]],
      [[ROOM, "unknown"]],
      { at: "/Badges/1", got: { schemas: SCHEMAS, id: "1", number: "7", [ROOM]: { floor: "2" } } },
    ],
    free: [
      asSent({ number: "7" }),
      [[ROOM, "unknown"]],
      [[ROOM, "unknown"]],
      [["", "unknown"]],
      [[ROOM, "unknown"]],
      { at: "/Badges/1", got: { schemas: SCHEMAS, id: "1", number: "7", [ROOM]: { floor: "2" } } },
    ],
    differences: [ROOM],
  },
  {
    title: "a required extension is not published any more: it is neither asked for nor taken",
    server: { ...generated, extensions: [] },
    model: "locked",
    writes: [
      ["create", { number: "7" }],
      ["replace", { id: "1", number: "7" }],
      ["create", { number: "7", [LOCK]: { floor: 2 } }],
      ["create", {}],
    ],
    confined: [asSent({ number: "7" }), asSent({ number: "7" }), [[LOCK, "unknown"]], [["number", "required"]]],
    free: [asSent({ number: "7" }), asSent({ number: "7" }), [[LOCK, "unknown"]], [["number", "required"]]],
    differences: [LOCK],
  },
  {
    title: "the server has made a secret of an attribute, and repeats it when it refuses it",
    server: {
      ...generated,
      attributes: [...without("colour"), { name: "colour", mutability: "writeOnly" }],
    },
    writes: [["create", { number: "7", colour: "refuse me" }]],
    confined: [expect.stringMatching(/no badge is \*\*\*/)],
    free: [expect.stringMatching(/no badge is \*\*\*/)],
    differences: ["colour"],
  },
];

describe("where the server's schema is not the one that a model was generated from", () => {
  const dropped: Server = { ...generated, attributes: without("colour") };
  const answer = { schemas: SCHEMAS, id: "1", number: "7" };
  const scenarios: readonly Scenario[] = [
    ...CASES.map(({ server, writes, model = "badge" }) => ({ server, writes, model })),
    { server: { ...dropped, endpoint: "/Passes" }, writes: [["query", answer]] },
    { server: dropped, writes: [["query", answer]], known: true },
  ];
  let folder: string;
  let confined: readonly Run[];
  let free: readonly Run[];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(import.meta.dirname, ".in-force-"));
    const library = path.resolve("src/protocol.ts");
    for (const [name, server] of Object.entries({
      badge: generated,
      locked: { ...generated, extensions: [LOCK] },
    })) {
      const { files } = await generate(documentsOf(server), { path: `${name}.gen.ts`, validators: true, library });
      for (const file of files) await writeFile(path.join(folder, file.path), file.content);
    }
    await writeFile(path.join(folder, "client.ts"), CLIENT);
    [confined, free] = await Promise.all([play(folder, scenarios, false), play(folder, scenarios, true)]);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  for (const [index, want] of CASES.entries()) {
    test(`the generated validators stay in force without code generation: ${want.title}`, () => {
      expect(confined[index]?.outcomes).toEqual(want.confined);
      expect(confined[index]?.differences).toEqual(want.differences);
    });

    test(`the server's schema decides with code generation: ${want.title}`, () => {
      expect(free[index]?.outcomes).toEqual(want.free);
      expect(free[index]?.differences).toEqual(want.differences);
    });
  }

  test("resources are where the server has them", () => {
    for (const runs of [confined, free]) {
      expect(runs[CASES.length]?.outcomes).toEqual([{ at: "/Passes/1", got: answer }]);
    }
  });

  test("the discovery of a client that knows the model says what differs and what decides", () => {
    const message = `Badge: "colour" is not in the server's schema any more`;
    expect(confined[CASES.length + 1]).toEqual({
      outcomes: [{ at: "/Badges/1", got: answer }],
      differences: ["colour"],
      warnings: [`Schemas colour ${message}; the generated validators stay in force`],
    });
    expect(free[CASES.length + 1]?.warnings).toEqual([`Schemas colour ${message}; the server's schema decides`]);
  });
});
