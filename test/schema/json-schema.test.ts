import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/json.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import { jsonSchema } from "../../src/schema/json-schema.ts";
import { CONTEXTS } from "../../src/schema/context.ts";

const URN = "urn:example:schemas:extension:2.0:Lamp";

const Lamp = defineModel({
  schema: {
    id: "urn:example:schemas:core:2.0:Lamp",
    name: "Lamp",
    description: "not copied",
    attributes: [
      { name: "label", required: true, description: "not copied", canonicalValues: ["not", "copied"] },
      { name: "watts", type: "decimal" },
      { name: "sockets", type: "integer", multiValued: true, required: true },
      { name: "lit", type: "boolean" },
      { name: "bought", type: "dateTime" },
      { name: "firmware", type: "binary" },
      { name: "manual", type: "reference", referenceTypes: ["copied"] },
      { name: "secret", returned: "never" },
      { name: "serial", mutability: "readOnly" },
      { name: "raw", type: "complex" },
      {
        name: "room",
        type: "complex",
        subAttributes: [
          { name: "floor", type: "integer", required: true },
          { name: "area", mutability: "readOnly" },
        ],
      },
    ],
  },
  extensions: [
    {
      model: defineExtension({
        schema: {
          id: URN,
          attributes: [
            { name: "hue", type: "integer" },
            { name: "notes", multiValued: true },
          ],
        },
      }),
      required: true,
    },
  ],
});

const TEXT = { type: "string" };
const TEXT_OR_NULL = { type: ["string", "null"] };

const PATCH = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: {
    schemas: { type: ["array", "null"], items: TEXT },
    externalId: TEXT_OR_NULL,
    label: TEXT,
    watts: { type: ["number", "null"] },
    sockets: { type: "array", items: { type: "integer" }, minItems: 1 },
    lit: { type: ["boolean", "null"] },
    bought: { type: ["string", "null"], format: "date-time" },
    firmware: { type: ["string", "null"], format: "base64" },
    manual: TEXT_OR_NULL,
    secret: TEXT_OR_NULL,
    raw: { type: ["object", "null"] },
    room: {
      type: ["object", "null"],
      properties: { floor: { type: "integer" } },
      additionalProperties: false,
    },
    [URN]: {
      type: "object",
      properties: { hue: { type: ["integer", "null"] }, notes: { type: ["array", "null"], items: TEXT } },
      patternProperties: { "^[uU][rR][nN]:": true },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};

const WRITE = {
  ...PATCH,
  properties: { ...PATCH.properties, room: { ...PATCH.properties.room, required: ["floor"] } },
  required: ["label", "sockets", URN],
};

const RESPONSE = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: {
    schemas: { type: "array", items: TEXT },
    id: TEXT,
    externalId: TEXT,
    meta: {
      type: "object",
      properties: { resourceType: TEXT, created: TEXT, lastModified: TEXT, location: TEXT, version: TEXT },
    },
    label: TEXT,
    watts: { type: "number" },
    sockets: { type: "array", items: { type: "integer" } },
    lit: { type: "boolean" },
    bought: TEXT,
    firmware: TEXT,
    manual: TEXT,
    serial: TEXT,
    raw: { type: "object" },
    room: { type: "object", properties: { floor: { type: "integer" }, area: TEXT } },
    [URN]: {
      type: ["object", "null"],
      properties: {
        hue: { type: ["integer", "null"] },
        notes: { type: ["array", "null"], items: TEXT_OR_NULL },
      },
    },
  },
  required: ["id"],
};

describe("the JSON Schema of a model", () => {
  const table: ReadonlyArray<{ given: (typeof CONTEXTS)[number]; want: JsonObject; title: string }> = [
    {
      given: "create",
      want: WRITE,
      title: "RFC 7644 §3.3: creating demands what is required and takes nothing else",
    },
    { given: "replace", want: WRITE, title: "RFC 7644 §3.5.1: replacing takes what creating takes" },
    {
      given: "patch",
      want: PATCH,
      title: "RFC 7644 §3.5.2: modifying demands nothing and unassigns nothing required",
    },
    {
      given: "response",
      want: RESPONSE,
      title: "RFC 7643 §3.1: an answer has an id and may have and lack anything else",
    },
  ];
  for (const { given, want, title } of table) {
    test(title, () => {
      expect(jsonSchema(Lamp, given)).toEqual(want);
    });
  }

  test.each(CONTEXTS)("in the context %s copies no description and no canonical value", (context) => {
    expect(JSON.stringify(jsonSchema(Lamp, context))).not.toMatch(/copied/);
  });
});
