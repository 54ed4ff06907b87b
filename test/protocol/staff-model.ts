import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import type { ResourceModel } from "../../src/schema/resource-model.ts";
import type { Views } from "../../src/schema/view.ts";

export const STAFF = "urn:example:params:scim:schemas:core:1.0:Staff";
export const BADGE = "urn:example:params:scim:schemas:extension:badge:1.0:Staff";

/** Every characteristic that PATCH has to mind (RFC 7643 §7), at each depth. */
export const Staff: ResourceModel<Views> = defineModel({
  schema: {
    id: STAFF,
    name: "Staff",
    attributes: [
      { name: "login", required: true },
      { name: "title" },
      { name: "code", caseExact: true, mutability: "immutable" },
      { name: "active", type: "boolean" },
      { name: "rank", type: "integer" },
      { name: "since", type: "dateTime" },
      { name: "stamp", mutability: "readOnly" },
      { name: "secret", mutability: "writeOnly", returned: "never" },
      {
        name: "name",
        type: "complex",
        subAttributes: [
          { name: "first" },
          { name: "last", required: true },
          { name: "formatted", mutability: "readOnly" },
          { name: "origin", mutability: "immutable" },
          { name: "aliases", multiValued: true },
        ],
      },
      {
        name: "office",
        type: "complex",
        mutability: "immutable",
        subAttributes: [{ name: "city" }, { name: "floor", type: "integer" }],
      },
      { name: "tags", multiValued: true },
      { name: "keys", multiValued: true, caseExact: true, mutability: "immutable" },
      { name: "levels", type: "integer", multiValued: true },
      {
        name: "contacts",
        type: "complex",
        multiValued: true,
        subAttributes: [
          { name: "value", required: true },
          { name: "type" },
          { name: "primary", type: "boolean" },
          { name: "display", mutability: "immutable" },
          { name: "label", mutability: "readOnly" },
        ],
      },
      {
        name: "places",
        type: "complex",
        multiValued: true,
        subAttributes: [
          { name: "type" },
          { name: "city" },
          { name: "floor", type: "integer" },
          { name: "primary", type: "boolean" },
        ],
      },
      {
        name: "teams",
        type: "complex",
        multiValued: true,
        required: true,
        subAttributes: [
          { name: "value", caseExact: true, mutability: "immutable" },
          { name: "type", mutability: "immutable" },
        ],
      },
      {
        name: "groups",
        type: "complex",
        multiValued: true,
        mutability: "readOnly",
        subAttributes: [{ name: "value" }],
      },
    ],
  },
  extensions: [
    defineExtension({
      schema: {
        id: BADGE,
        name: "Badge",
        attributes: [
          { name: "number" },
          { name: "colour" },
          {
            name: "holder",
            type: "complex",
            subAttributes: [{ name: "value" }, { name: "label", mutability: "readOnly" }],
          },
          {
            name: "locks",
            type: "complex",
            multiValued: true,
            subAttributes: [{ name: "value" }, { name: "zone" }],
          },
        ],
      },
    }),
  ],
});
