import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";

export const SENSOR = "urn:example:params:scim:schemas:core:1.0:Sensor";
export const PLACE = "urn:example:params:scim:schemas:extension:place:1.0:Sensor";

/** Every data type of RFC 7643 §2.3, single and multi-valued, with and without caseExact. */
export const Sensor: ResourceModel<Views> = defineModel({
  schema: {
    id: SENSOR,
    name: "Sensor",
    attributes: [
      { name: "label", type: "string" },
      { name: "code", type: "string", caseExact: true },
      { name: "active", type: "boolean" },
      { name: "count", type: "integer" },
      { name: "level", type: "decimal" },
      { name: "seen", type: "dateTime" },
      { name: "key", type: "binary" },
      { name: "link", type: "reference", caseExact: true, referenceTypes: ["external"] },
      { name: "tags", type: "string", multiValued: true },
      { name: "marks", type: "integer", multiValued: true },
      { name: "times", type: "dateTime", multiValued: true },
      {
        name: "maker",
        type: "complex",
        subAttributes: [
          { name: "name", type: "string" },
          { name: "site", type: "string", caseExact: true },
          { name: "since", type: "dateTime" },
        ],
      },
      {
        name: "owner",
        type: "complex",
        subAttributes: [
          { name: "value", type: "string", caseExact: true },
          { name: "display", type: "string" },
        ],
      },
      {
        name: "ports",
        type: "complex",
        multiValued: true,
        subAttributes: [
          { name: "value", type: "string" },
          { name: "type", type: "string" },
          { name: "number", type: "integer" },
          { name: "primary", type: "boolean" },
          { name: "opened", type: "dateTime" },
          { name: "names", type: "string", multiValued: true },
        ],
      },
      {
        name: "spots",
        type: "complex",
        multiValued: true,
        subAttributes: [
          { name: "x", type: "integer" },
          { name: "y", type: "integer" },
        ],
      },
    ],
  },
  extensions: [
    defineExtension({
      schema: {
        id: PLACE,
        name: "Place",
        attributes: [
          { name: "room", type: "string" },
          { name: "floor", type: "integer" },
          { name: "doors", type: "complex", multiValued: true, subAttributes: [{ name: "value", type: "string" }] },
        ],
      },
    }),
  ],
});
