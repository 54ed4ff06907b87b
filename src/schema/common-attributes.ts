/**
 * The common attributes as data: core-schemas.ts says which errata apply.
 *
 * @module
 */

/** Attributes every resource has beside `schemas` (RFC 7643 §3.1). */
export const CommonAttributes = [
  {
    name: "id",
    type: "string",
    description: "Identifier the server gave to the resource.",
    required: true,
    caseExact: true,
    mutability: "readOnly",
    returned: "always",
    uniqueness: "server",
  },
  {
    name: "externalId",
    type: "string",
    description: "Identifier the client gave to the resource.",
    caseExact: true,
  },
  {
    name: "meta",
    type: "complex",
    description: "What the server keeps about the resource.",
    mutability: "readOnly",
    subAttributes: [
      {
        name: "resourceType",
        type: "string",
        description: "Name of the resource type.",
        caseExact: true,
        mutability: "readOnly",
      },
      { name: "created", type: "dateTime", description: "When the resource came to be.", mutability: "readOnly" },
      { name: "lastModified", type: "dateTime", description: "When it last changed.", mutability: "readOnly" },
      {
        name: "location",
        type: "reference",
        description: "Where the resource is found.",
        caseExact: true,
        mutability: "readOnly",
        referenceTypes: ["uri"],
      },
      { name: "version", type: "string", description: "Its entity tag.", caseExact: true, mutability: "readOnly" },
    ],
  },
] as const;
