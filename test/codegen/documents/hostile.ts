/**
 * Schemas that are meant to do harm: to end a string or a comment, to take a name that JavaScript or TypeScript has another
 * use for, to pass for an instruction to a tool.
 */
import type { DiscoveryDocuments } from "../../../codegen/documents.ts";
import type { AttributeDefinition } from "../../../src/schema/attribute.ts";

/** Texts that are no attribute names. */
export const HOSTILE_TEXTS: readonly string[] = [
  `"; globalThis.pwned = true; "`,
  `'; globalThis.pwned = true; '`,
  "`; globalThis.pwned = true; `",
  "${globalThis.pwned = true}",
  "*/ globalThis.pwned = true; /*",
  "* / /** @deprecated */",
  "@deprecated {@link x} @ts-ignore mail@example.com",
  "line\nline\r\nline\u2028line\u2029line\u0085line",
  "// @ts-nocheck",
  "<script>globalThis.pwned = true</script>",
  '\\\\" \\u0022; \\x22',
  "left\u202Eright\u2066isolated\u200Bzero",
  "\uD800 alone",
  "\u0000\u0007\u001B[31m",
  "#!/usr/bin/env node",
  "ends in a backslash \\",
  "*\u200B/ *\u0000/ **/",
  "//# sourceMappingURL=https://example.com/x.map",
  "a very long word ".repeat(200),
  "",
];

/** Attribute names that RFC 7643 §2.1 allows and that mean something to somebody. */
export const AWKWARD_NAMES: readonly string[] = (
  "toString toStri000 valueOf hasOwnProperty hasOwnProper001 then length null undefined default class function new enum await static public " +
  "interface type namespace any never unknown string number Object String Array $ref $$ a-b a--b a_b A_B-c x1y " +
  "toJSON arguments eval await yield isPrototypeOf propertyIsEnumerable toLocaleString __defineGetter__ prototype " +
  "tsType definitions properties required title description anyOf items additionalProperties pattern name"
).split(" ");

/** Names of resource types and schemas that collide, once they are identifiers, with each other and with what is imported. */
const TYPE_NAMES: readonly string[] = [
  "Object",
  "String",
  "Meta",
  "JsonObject",
  "ResourceModel",
  "user",
  "USER",
  "User ",
  "U-ser",
  "User Create",
  "UserName",
  "User2",
  "2nd",
  "用户",
  "グループ",
  "Über Gerät",
  "__proto__",
  "constructor",
  "class",
  "",
];

const attributes: readonly AttributeDefinition[] = [
  ...AWKWARD_NAMES.map((name, index): AttributeDefinition => {
    const text = HOSTILE_TEXTS[index % HOSTILE_TEXTS.length] ?? "";
    return index % 3 === 0
      ? {
          name,
          type: "complex",
          multiValued: index % 2 === 0,
          description: text,
          subAttributes: [{ name }, { name: "x" }],
        }
      : { name, description: text, ...(index % 7 === 1 ? { canonicalValues: HOSTILE_TEXTS } : {}) };
  }),
  // Different names that are one identifier.
  { name: "nickNames", type: "complex", multiValued: true, subAttributes: [{ name: "a" }] },
  { name: "nick-name", type: "complex", subAttributes: [{ name: "b" }] },
  { name: "nick_name", type: "complex", subAttributes: [{ name: "c", mutability: "readOnly" }] },
  { name: "name-create", type: "complex", subAttributes: [{ name: "d" }] },
  {
    name: "deep",
    type: "complex",
    multiValued: true,
    subAttributes: [
      {
        name: "deeper",
        type: "complex",
        subAttributes: [{ name: "then" }, { name: "valueOf", mutability: "readOnly" }],
      },
    ],
  },
];

const EXTENSION = "urn:x-y:back\\slash`tick${1}*/'quote:2.0:User";

export const hostile: DiscoveryDocuments = {
  resourceTypes: TYPE_NAMES.map((name, index) => ({
    name,
    description: HOSTILE_TEXTS[index % HOSTILE_TEXTS.length] ?? "",
    endpoint: index % 2 === 0 ? `/a*/${index}` : `/../${name}`,
    schema: index % 2 === 0 ? "urn:x-y:hostile:User" : `no URN "at all" */ ${name}`,
    schemaExtensions: [
      { schema: EXTENSION, required: index % 3 === 0 },
      // The core schema of others, and of itself.
      { schema: "urn:x-y:hostile:User", required: false },
    ],
  })),
  schemas: [
    { id: "urn:x-y:hostile:User", name: HOSTILE_TEXTS[4] ?? "", description: HOSTILE_TEXTS[5] ?? "", attributes },
    ...TYPE_NAMES.map((name) => ({
      id: `no URN "at all" */ ${name}`,
      name,
      attributes: [{ name: "name", type: "complex", subAttributes: [{ name: "create" }] } as const],
    })),
    { id: EXTENSION, name: "User", description: HOSTILE_TEXTS.join(" "), attributes },
  ],
};
