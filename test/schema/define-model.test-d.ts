import { describe, expectTypeOf, test } from "vitest";
import type { JsonObject, ReadonlyJsonObject, ReadonlyJsonValue } from "../../src/json.ts";
import type { SchemaDefinition } from "../../src/schema/attribute.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import type { InferViews } from "../../src/schema/infer.ts";
import type { ExtensionModel, ResourceModel } from "../../src/schema/resource-model.ts";
import type {
  Create,
  Flat,
  GenericExtensionViews,
  GenericViews,
  Meta,
  PartialRead,
  Paths,
  Read,
  Replace,
  Resource,
} from "../../src/schema/view.ts";

const Badge = defineExtension({
  schema: {
    id: "urn:example:ext:Badge",
    attributes: [
      { name: "number", type: "string", required: true },
      { name: "issued", type: "dateTime", mutability: "readOnly" },
      { name: "pin", type: "string", mutability: "writeOnly" },
      {
        name: "site",
        type: "complex",
        subAttributes: [
          { name: "code", required: true },
          { name: "label", mutability: "readOnly" },
        ],
      },
    ],
  },
});

/** One attribute for each type and characteristic that the types tell apart. */
const Thing = defineModel({
  schema: {
    id: "urn:example:core:Thing",
    attributes: [
      { name: "plain" },
      { name: "text", type: "string", required: true },
      { name: "when", type: "dateTime" },
      { name: "bytes", type: "binary" },
      { name: "link", type: "reference", referenceTypes: ["uri"] },
      { name: "flag", type: "boolean" },
      { name: "whole", type: "integer", required: true },
      { name: "part", type: "decimal" },
      { name: "many", type: "string", multiValued: true },
      { name: "kind", canonicalValues: ["a", "b"], mutability: "immutable" },
      { name: "anyKind", canonicalValues: [] },
      { name: "secret", mutability: "writeOnly", returned: "never", required: true },
      { name: "hidden", returned: "never" },
      { name: "unseen", returned: "never", required: true },
      { name: "asked", returned: "request", required: true },
      { name: "given", mutability: "readOnly", required: true },
      {
        name: "box",
        type: "complex",
        subAttributes: [
          { name: "width", type: "integer", required: true },
          { name: "color" },
          { name: "volume", type: "decimal", mutability: "readOnly" },
          { name: "key", returned: "never" },
        ],
      },
      { name: "parts", multiValued: true, required: true, subAttributes: [{ name: "value", required: true }] },
      { name: "tags", type: "complex", multiValued: true },
      { name: "open", type: "complex" },
      {
        name: "stats",
        type: "complex",
        subAttributes: [{ name: "hits", type: "integer", mutability: "readOnly" }],
      },
      {
        name: "log",
        type: "complex",
        multiValued: true,
        mutability: "readOnly",
        subAttributes: [{ name: "line" }],
      },
    ],
  },
  extensions: [{ model: Badge, required: true }],
});

type Suggested = "a" | "b" | (string & {});
type Tag = { type?: string; primary?: boolean; display?: string; value?: string; $ref?: string };

describe("RFC 7643 §7: what a server returns", () => {
  test("by the attributes' types and by required, mutability and returned", () => {
    expectTypeOf<Read<typeof Thing>>().toEqualTypeOf<{
      id: string;
      schemas: string[];
      externalId?: string;
      meta?: Meta;
      plain?: string;
      text: string;
      when?: string;
      bytes?: string;
      link?: string;
      flag?: boolean;
      whole: number;
      part?: number;
      many?: string[];
      kind?: Suggested;
      anyKind?: string;
      asked?: string;
      given: string;
      box?: { width: number; color?: string; volume?: number };
      parts: { value: string }[];
      tags?: Tag[];
      open?: JsonObject;
      stats?: { hits?: number };
      log?: { line?: string }[];
      "urn:example:ext:Badge": {
        number: string;
        issued?: string | null;
        site?: { code: string; label?: string | null } | null;
      };
    }>();
  });

  test("RFC 7643 §7: a value that is never returned is not there to be read", () => {
    expectTypeOf<Read<typeof Thing>>().not.toHaveProperty("secret");
    expectTypeOf<Read<typeof Thing>>().not.toHaveProperty("hidden");
    expectTypeOf<Read<typeof Thing>>().not.toHaveProperty("unseen");
  });
});

type TagWrite = {
  type?: string | null | undefined;
  primary?: boolean | null | undefined;
  display?: string | null | undefined;
  value?: string | null | undefined;
  $ref?: string | null | undefined;
};
type BadgeWrite = {
  number: string;
  pin?: string | null | undefined;
  site?: { code: string } | null | undefined;
};

describe("RFC 7644 §3.3: what creating a resource takes", () => {
  test("no readOnly attribute, each required one, null for unassigned", () => {
    expectTypeOf<Create<typeof Thing>>().toEqualTypeOf<{
      schemas?: readonly string[] | undefined;
      externalId?: string | null | undefined;
      plain?: string | null | undefined;
      text: string;
      when?: string | null | undefined;
      bytes?: string | null | undefined;
      link?: string | null | undefined;
      flag?: boolean | null | undefined;
      whole: number;
      part?: number | null | undefined;
      many?: readonly string[] | null | undefined;
      kind?: Suggested | null | undefined;
      anyKind?: string | null | undefined;
      secret: string;
      hidden?: string | null | undefined;
      unseen: string;
      asked: string;
      box?:
        { width: number; color?: string | null | undefined; key?: string | null | undefined } | null | undefined;
      parts: readonly { value: string }[];
      tags?: readonly TagWrite[] | null | undefined;
      open?: JsonObject | null | undefined;
      stats?: { [attribute: string]: never } | null | undefined;
      "urn:example:ext:Badge": BadgeWrite;
    }>();
  });
});

describe("RFC 7644 §3.5.1: what replacing a resource takes", () => {
  test("as creating, with the id, and readOnly values are ignored", () => {
    expectTypeOf<Replace<typeof Thing>>().toEqualTypeOf<{
      id: string;
      schemas?: readonly string[] | undefined;
      externalId?: string | null | undefined;
      meta?: Meta | null | undefined;
      plain?: string | null | undefined;
      text: string;
      when?: string | null | undefined;
      bytes?: string | null | undefined;
      link?: string | null | undefined;
      flag?: boolean | null | undefined;
      whole: number;
      part?: number | null | undefined;
      many?: readonly string[] | null | undefined;
      kind?: Suggested | null | undefined;
      anyKind?: string | null | undefined;
      secret: string;
      hidden?: string | null | undefined;
      unseen: string;
      asked: string;
      given?: string | null | undefined;
      box?:
        | {
            width: number;
            color?: string | null | undefined;
            volume?: number | null | undefined;
            key?: string | null | undefined;
          }
        | null
        | undefined;
      parts: readonly { value: string }[];
      tags?: readonly TagWrite[] | null | undefined;
      open?: JsonObject | null | undefined;
      stats?: { hits?: number | null | undefined } | null | undefined;
      log?: readonly { line?: string | null }[] | null | undefined;
      "urn:example:ext:Badge": {
        number: string;
        issued?: string | null | undefined;
        pin?: string | null | undefined;
        site?: { code: string; label?: string | null | undefined } | null | undefined;
      };
      "~partial"?: never;
    }>();
  });

  const read = {} as Read<typeof Thing>;
  const partial = {} as PartialRead<(typeof Thing)["~views"]>;

  test("what was read fits in, with the values that are never read", () => {
    expectTypeOf({ ...read, secret: "s", unseen: "u", asked: "a", plain: null }).toExtend<Replace<typeof Thing>>();
    expectTypeOf(read).not.toExtend<Replace<typeof Thing>>();
  });

  test("RFC 7644 §3.9: what was read in part does not, not even where nothing is required", () => {
    const Loose = defineModel({ schema: { id: "urn:example:core:Loose", attributes: [{ name: "note" }] } });
    const loose = {} as PartialRead<(typeof Loose)["~views"]>;
    expectTypeOf<Read<typeof Loose>>().toExtend<Replace<typeof Loose>>();
    expectTypeOf(loose).not.toExtend<Replace<typeof Loose>>();
    expectTypeOf({ ...loose, note: "n" }).not.toExtend<Replace<typeof Loose>>();
    expectTypeOf({ ...partial, ...read, secret: "s", unseen: "u", asked: "a" }).not.toExtend<
      Replace<typeof Thing>
    >();
    expectTypeOf<PartialRead<GenericViews>>().not.toExtend<GenericViews["replace"]>();
  });

  test("RFC 7644 §3.9: it has an id, schemas, and perhaps the rest", () => {
    expectTypeOf(partial.id).toEqualTypeOf<string>();
    expectTypeOf(partial.schemas).toEqualTypeOf<string[]>();
    expectTypeOf(partial.text).toEqualTypeOf<string | undefined>();
    expectTypeOf(partial.box).toEqualTypeOf<Read<typeof Thing>["box"]>();
    expectTypeOf(read).toExtend<PartialRead<(typeof Thing)["~views"]>>();
  });
});

describe("RFC 7644 §3.5.2: what PATCH takes at a path", () => {
  type Box = { width?: number | undefined; color?: string | null | undefined; key?: string | null | undefined };
  type ThingPaths = {
    externalId: string | null;
    plain: string | null;
    text: string;
    when: string | null;
    bytes: string | null;
    link: string | null;
    flag: boolean | null;
    whole: number;
    part: number | null;
    many: readonly string[] | null;
    kind: Suggested | null;
    anyKind: string | null;
    secret: string;
    hidden: string | null;
    unseen: string;
    asked: string;
    box: Box | null;
    "box.width": number;
    "box.color": string | null;
    "box.key": string | null;
    parts: readonly { value: string }[];
    "parts.value": string;
    tags: readonly TagWrite[] | null;
    "tags.type": string | null;
    "tags.primary": boolean | null;
    "tags.display": string | null;
    "tags.value": string | null;
    "tags.$ref": string | null;
    open: JsonObject | null;
    stats: { [attribute: string]: never } | null;
  };
  type BadgePaths = {
    number: string;
    pin: string | null;
    site: { code?: string | undefined } | null;
    "site.code": string;
  };

  test("a path of the core schema, alone or after its URN; one of an extension after its URN; no readOnly one", () => {
    expectTypeOf<Paths<typeof Thing>>().toEqualTypeOf<
      Flat<
        ThingPaths & { [P in keyof ThingPaths as `urn:example:core:Thing:${P}`]: ThingPaths[P] } & {
          [P in keyof BadgePaths as `urn:example:ext:Badge:${P}`]: BadgePaths[P];
        } & {
          "urn:example:ext:Badge": {
            number?: string | undefined;
            pin?: string | null | undefined;
            site?: { code?: string | undefined } | null | undefined;
          };
        }
      >
    >();
    expectTypeOf<Paths<typeof Badge>>().toEqualTypeOf<BadgePaths>();
  });
});

describe("RFC 7643 §3.3: extensions", () => {
  const schema = { id: "urn:example:core:Other", attributes: [{ name: "note" }] } as const;

  test("listing an extension and adding it with with() give the same types", () => {
    const listed = defineModel({ schema, extensions: [Badge] });
    const added = defineModel({ schema }).with(Badge);
    expectTypeOf<Read<typeof listed>>().toEqualTypeOf<Read<typeof added>>();
    expectTypeOf<Create<typeof listed>>().toEqualTypeOf<Create<typeof added>>();
    expectTypeOf<Replace<typeof listed>>().toEqualTypeOf<Replace<typeof added>>();
    expectTypeOf<Paths<typeof listed>>().toEqualTypeOf<Paths<typeof added>>();
    expectTypeOf<Read<typeof listed>["urn:example:ext:Badge"]>().toEqualTypeOf<Read<typeof Badge> | undefined>();
    expectTypeOf<Create<typeof listed>["urn:example:ext:Badge"]>().toEqualTypeOf<BadgeWrite | null | undefined>();
  });

  test("two extensions stand beside each other", () => {
    const Label = defineExtension({ schema: { id: "urn:example:ext:Label", attributes: [{ name: "color" }] } });
    const both = defineModel({ schema, extensions: [Badge, { model: Label, required: true }] });
    expectTypeOf<Read<typeof both>["urn:example:ext:Badge"]>().toEqualTypeOf<Read<typeof Badge> | undefined>();
    expectTypeOf<Read<typeof both>["urn:example:ext:Label"]>().toEqualTypeOf<{ color?: string | null }>();
    const twice = defineModel({ schema }).with(Badge).with(Label);
    expectTypeOf<Paths<typeof twice>["urn:example:ext:Label:color"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Paths<typeof twice>["urn:example:ext:Badge:number"]>().toEqualTypeOf<string>();
  });

  test("an extension model is no resource model, nor the reverse", () => {
    expectTypeOf(Badge).not.toExtend<ResourceModel>();
    expectTypeOf(Thing).not.toExtend<ExtensionModel>();
    // @ts-expect-error A model is extended by extension models.
    defineModel({ schema, extensions: [Thing] });
    // @ts-expect-error As above.
    defineModel({ schema }).with(Thing);
  });

  test("an extension that was discovered adds any URN", () => {
    const extended = defineModel({ schema }).with({} as ExtensionModel);
    const read = {} as Read<typeof extended>;
    expectTypeOf(read.note).toEqualTypeOf<string | undefined>();
    expectTypeOf(read["urn:example:ext:Whatever"]).toEqualTypeOf<JsonObject | undefined>();
    expectTypeOf<Paths<typeof extended>["urn:example:ext:Whatever:size"]>().toEqualTypeOf<ReadonlyJsonValue>();
    // @ts-expect-error Not an attribute, and no URN.
    expectTypeOf(read.size);
  });
});

describe("RFC 7643 §3.1: the common attributes", () => {
  test("a schema does not redefine id, schemas and meta, but may say more of externalId", () => {
    const Odd = defineModel({
      schema: {
        id: "urn:example:core:Odd",
        attributes: [{ name: "ID", type: "integer" }, { name: "Meta" }, { name: "ExternalId", required: true }],
      },
    });
    expectTypeOf<Read<typeof Odd>>().toEqualTypeOf<{
      id: string;
      schemas: string[];
      meta?: Meta;
      ExternalId: string;
    }>();
    expectTypeOf<Create<typeof Odd>>().toEqualTypeOf<{
      schemas?: readonly string[] | undefined;
      ExternalId: string;
    }>();
  });
});

describe("a schema that is not known as a literal gives the types of a discovered model", () => {
  const schema = {} as SchemaDefinition;

  test("of a resource", () => {
    const model = defineModel({ schema });
    expectTypeOf<Read<typeof model>>().toEqualTypeOf<Resource>();
    expectTypeOf<Create<typeof model>>().toEqualTypeOf<ReadonlyJsonObject>();
    expectTypeOf<Replace<typeof model>>().toEqualTypeOf<GenericViews["replace"]>();
    expectTypeOf<Paths<typeof model>>().toEqualTypeOf<GenericViews["paths"]>();
    expectTypeOf(model).toExtend<ResourceModel>();
  });

  test("of an extension", () => {
    const model = defineExtension({ schema });
    expectTypeOf<Read<typeof model>>().toEqualTypeOf<GenericExtensionViews["read"]>();
    expectTypeOf<Paths<typeof model>>().toEqualTypeOf<GenericExtensionViews["paths"]>();
    expectTypeOf(model).toExtend<ExtensionModel>();
  });
});

describe("a definition", () => {
  const id = "urn:example:core:Wrong";

  test("has an id and attributes, and characteristics of RFC 7643 §7", () => {
    // @ts-expect-error The id is missing.
    defineModel({ schema: { attributes: [] } });
    // @ts-expect-error The attributes are missing.
    defineModel({ schema: { id } });
    // @ts-expect-error No data type of RFC 7643 §2.3.
    defineModel({ schema: { id, attributes: [{ name: "a", type: "number" }] } });
    // @ts-expect-error An attribute has a name.
    defineModel({ schema: { id, attributes: [{ type: "string" }] } });
    // @ts-expect-error No such mutability.
    defineModel({ schema: { id, attributes: [{ name: "a", mutability: "never" }] } });
    // @ts-expect-error Sub-attributes have characteristics too.
    defineModel({ schema: { id, attributes: [{ name: "a", subAttributes: [{ name: "b", returned: true }] }] } });
  });

  test("declared apart gives the type that isolatedDeclarations wants written", () => {
    const schema = { id, attributes: [{ name: "note", required: true }] } as const;
    const model: ResourceModel<InferViews<typeof schema>> = defineModel({ schema });
    expectTypeOf<Read<typeof model>["note"]>().toEqualTypeOf<string>();
  });
});
