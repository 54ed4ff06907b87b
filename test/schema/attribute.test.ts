import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compileAttributes,
  isAttributeName,
  SCHEMA_BOUNDS,
  type Attributes,
  type DefinitionFault,
} from "../../src/schema/attribute.ts";

function compile(definitions: unknown): { attributes: Attributes; faults: DefinitionFault[] } {
  const faults: DefinitionFault[] = [];
  return { attributes: compileAttributes(definitions, (fault) => faults.push(fault)), faults };
}

describe("RFC 7643 §2.1: an attribute name is ALPHA followed by name characters, or $ref", () => {
  const cases = [
    { given: "userName", want: true },
    { given: "x509Certificates", want: true },
    { given: "a", want: true },
    { given: "a-b_c$d", want: true },
    { given: "$ref", want: true },
    { given: "hasOwnProperty", want: true },
    { given: "a".repeat(256), want: true },
    { given: "a".repeat(257), want: false },
    { given: "", want: false },
    { given: "9lives", want: false },
    { given: "_id", want: false },
    { given: "$value", want: false },
    { given: "a b", want: false },
    { given: 'a"b', want: false },
    { given: "a\nb", want: false },
    { given: "a\n", want: false },
    { given: "a.b", want: false },
    { given: "a:b", want: false },
    { given: "é", want: false },
    { given: "__proto__", want: false },
    { given: "constructor", want: false },
    { given: "prototype", want: false },
    { given: undefined, want: false },
    { given: 7, want: false },
    { given: ["userName"], want: false },
  ];
  test.each(cases)("$given: $want", ({ given, want }) => {
    expect(isAttributeName(given)).toBe(want);
  });
});

describe("RFC 7643 §2.2: a characteristic that is left out has its default", () => {
  const defaults = {
    name: "a",
    type: "string",
    multiValued: false,
    description: "",
    required: false,
    canonicalValues: [],
    caseExact: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    referenceTypes: [],
    subAttributes: undefined,
    extension: false,
  };
  const cases: ReadonlyArray<{ given: object; want: object }> = [
    { given: {}, want: {} },
    {
      given: { type: null, multiValued: null, required: null, mutability: null, canonicalValues: null },
      want: {},
    },
    {
      given: { mutability: "sometimes", returned: 1, uniqueness: {}, required: "true", idcsSearchable: true },
      want: {},
    },
    {
      given: { type: "DATETIME", mutability: "readonly", returned: "Request", uniqueness: "SERVER" },
      want: { type: "dateTime", mutability: "readOnly", returned: "request", uniqueness: "server" },
    },
    {
      given: { canonicalValues: ["a", 1, null, "b"], referenceTypes: "User" },
      want: { canonicalValues: ["a", "b"] },
    },
    {
      given: { type: "reference", referenceTypes: ["User"], caseExact: true, description: "D", required: true },
      want: { type: "reference", referenceTypes: ["User"], caseExact: true, description: "D", required: true },
    },
  ];
  test.each(cases)("$given", ({ given, want }) => {
    const { attributes, faults } = compile([{ name: "a", ...given }]);
    expect(faults).toEqual([]);
    expect([...attributes]).toEqual([{ ...defaults, ...want }]);
  });

  test("a definition without a type is complex when it has sub-attributes", () => {
    const { attributes } = compile([{ name: "a", subAttributes: [{ name: "b" }] }]);
    expect(attributes.get("a")?.type).toBe("complex");
    expect(attributes.get("a")?.subAttributes?.get("b")?.type).toBe("string");
  });

  test("characteristics that are inherited are not read", () => {
    const inherited: unknown = Object.create({ name: "a", required: true });
    expect(compile([inherited]).faults).toMatchObject([{ rule: "name" }]);
  });
});

describe("RFC 7643 §2.4: a multi-valued complex attribute has default sub-attributes", () => {
  const cases = [
    {
      given: { multiValued: true },
      want: ["type", "primary", "display", "value", "$ref"],
    },
    { given: { multiValued: true, subAttributes: [] }, want: ["type", "primary", "display", "value", "$ref"] },
    { given: { multiValued: true, subAttributes: [{ name: "x" }] }, want: ["x"] },
    { given: { multiValued: false }, want: undefined },
    { given: { multiValued: false, subAttributes: [] }, want: undefined },
  ];
  test.each(cases)("$given", ({ given, want }) => {
    const sub = compile([{ name: "a", type: "complex", ...given }]).attributes.get("a")?.subAttributes;
    expect(sub && [...sub].map(({ name }) => name)).toEqual(want);
  });

  test("sub-attributes of an attribute that is not complex do not count", () => {
    const { attributes } = compile([{ name: "a", type: "string", subAttributes: [{ name: "b" }] }]);
    expect(attributes.get("a")?.subAttributes).toBeUndefined();
  });
});

describe("RFC 7643 §7: canonical values are text", () => {
  const canonicalValues = ["User", "Group"];
  for (const [given, want] of [
    [{ type: "complex", canonicalValues }, "string"],
    [{ type: "complex", canonicalValues, subAttributes: [] }, "string"],
    [{ type: "complex", canonicalValues: [], subAttributes: [] }, "complex"],
    [{ type: "complex", canonicalValues, subAttributes: [{ name: "value" }] }, "complex"],
    [{ type: "complex", canonicalValues, multiValued: true }, "complex"],
  ] as const) {
    test(`${JSON.stringify(given)} is ${want}`, () => {
      const definition = { name: "members", type: "complex", subAttributes: [{ ...given, name: "type" }] };
      const { attributes, faults } = compile([definition]);
      expect(attributes.get("members")?.subAttributes?.get("type")).toMatchObject({ type: want });
      expect(faults).toEqual(
        want === "complex"
          ? []
          : [
              {
                path: "members.type",
                rule: "complex",
                message:
                  '"members.type" is complex without sub-attributes, and its canonical values are text (RFC 7643 §7)',
              },
            ],
      );
    });
  }
});

describe("RFC 7643 §7: an attribute that cannot be used is reported and left out, the others stay", () => {
  const cases: ReadonlyArray<{ given: unknown; want: Array<Partial<DefinitionFault>> }> = [
    { given: [{ name: "__proto__" }], want: [{ path: "__proto__", rule: "name" }] },
    { given: [{ name: "constructor" }], want: [{ path: "constructor", rule: "name" }] },
    {
      given: [{ name: 'a"b' }],
      want: [{ path: 'a"b', rule: "name", message: '"a"b" is not an attribute name (RFC 7643 §2.1)' }],
    },
    { given: [{ name: "a\nb" }], want: [{ path: "a?b", rule: "name" }] },
    { given: [{ name: "x".repeat(300) }], want: [{ path: `${"x".repeat(64)}…`, rule: "name" }] },
    { given: [{}], want: [{ path: "(no name)", rule: "name" }] },
    { given: [null, 7, "name", []], want: Array.from({ length: 4 }, () => ({ path: "(no name)", rule: "name" })) },
    { given: [{ name: "a", type: "number" }], want: [{ path: "a", rule: "type" }] },
    { given: [{ name: "a", type: ["string"] }], want: [{ path: "a", rule: "type" }] },
    { given: [{ name: "a", type: "constructor" }], want: [{ path: "a", rule: "type" }] },
    {
      given: [{ name: "userName", required: true }, { name: "UserName" }],
      want: [
        {
          path: "UserName",
          rule: "duplicate",
          message: '"UserName" is defined twice, names do not differ by case (RFC 7643 §2.1)',
        },
      ],
    },
    {
      given: [{ name: "a", type: "complex", subAttributes: [{ name: "b" }, { name: "B" }, { name: "" }] }],
      want: [
        { path: "a.B", rule: "duplicate" },
        { path: "a.", rule: "name" },
      ],
    },
  ];
  test.each(cases)("$given", ({ given, want }) => {
    const { attributes, faults } = compile([...(given as unknown[]), { name: "kept" }]);
    expect(faults).toMatchObject(want);
    expect(faults).toHaveLength(want.length);
    expect(attributes.get("kept")?.name).toBe("kept");
    expect([...attributes].every(({ name }) => isAttributeName(name))).toBe(true);
  });

  test("of two names that differ by case the first counts", () => {
    const { attributes } = compile([{ name: "a", type: "integer" }, { name: "A" }]);
    expect(attributes.size).toBe(1);
    expect(attributes.get("A")?.type).toBe("integer");
  });

  test("definitions that are no list are no attributes", () => {
    for (const given of [undefined, null, "attributes", 7, { 0: { name: "a" } }]) {
      expect(compile(given).attributes.size).toBe(0);
    }
  });
});

describe("RFC 7643 §2.3.8: a schema is bounded in depth and size", () => {
  test("10,000 attributes are more than a schema has", () => {
    const definitions = Array.from({ length: 10_000 }, (_, i) => ({ name: `a${i}` }));
    const { attributes, faults } = compile(definitions);
    expect(attributes.size).toBe(SCHEMA_BOUNDS.attributes);
    expect(faults).toEqual([
      {
        path: `a${SCHEMA_BOUNDS.attributes}`,
        rule: "bounds",
        message: 'the schema defines more than 5000 attributes, the first beyond is "a5000"',
      },
    ]);
  });

  test("sub-attributes count as attributes", () => {
    const definitions = Array.from({ length: 100 }, (_, i) => ({
      name: `a${i}`,
      subAttributes: Array.from({ length: 100 }, (_unused, j) => ({ name: `s${j}` })),
    }));
    const { attributes, faults } = compile(definitions);
    const total = [...attributes].reduce((sum, { subAttributes }) => sum + 1 + (subAttributes?.size ?? 0), 0);
    expect(total).toBe(SCHEMA_BOUNDS.attributes);
    expect(new Set(faults.map(({ rule }) => rule))).toEqual(new Set(["bounds"]));
  });

  test("nesting 1,000 deep ends at the bound", () => {
    let nested: object = { name: "a" };
    for (let depth = 1; depth < 1000; depth++) nested = { name: "a", type: "complex", subAttributes: [nested] };
    const { attributes, faults } = compile([nested]);
    let depth = 0;
    for (let level: Attributes | undefined = attributes; level?.get("a"); level = level.get("a")?.subAttributes) {
      depth++;
    }
    expect(depth).toBe(SCHEMA_BOUNDS.depth);
    expect(faults).toMatchObject([{ path: "a.a.a.a.a.a.a.a", rule: "bounds" }]);
  });
});

describe("RFC 7643 §2.1: attribute names are case insensitive", () => {
  const { attributes } = compile([{ name: "userName" }, { name: "emails" }]);

  test("get finds a name in any case, exact only as it is spelled", () => {
    expect(attributes.get("USERNAME")?.name).toBe("userName");
    expect(attributes.get("userName")?.name).toBe("userName");
    expect(attributes.exact("userName")?.name).toBe("userName");
    expect(attributes.exact("username")).toBeUndefined();
  });

  test("names that every JavaScript object has are not found", () => {
    for (const name of ["__proto__", "constructor", "toString", "size"])
      expect(attributes.get(name)).toBeUndefined();
  });

  test("attributes keep their published order", () => {
    expect([...attributes].map(({ name }) => name)).toEqual(["userName", "emails"]);
  });
});

test("whatever a server publishes, compiling ends without an exception and keeps only usable names", () => {
  const definition = fc.letrec<{ definition: unknown }>((tie) => ({
    definition: fc.oneof(
      { depthSize: "small" },
      fc.anything(),
      fc.record(
        {
          name: fc.oneof(fc.stringMatching(/^[a-cA-C]{1,2}$/), fc.string(), fc.anything()),
          type: fc.oneof(fc.constantFrom("string", "complex", "Boolean"), fc.anything()),
          multiValued: fc.oneof(fc.boolean(), fc.anything()),
          subAttributes: fc.oneof(fc.array(tie("definition"), { maxLength: 3 }), fc.anything()),
        },
        { requiredKeys: [] },
      ),
    ),
  })).definition;
  const usable = (attributes: Attributes): boolean =>
    [...attributes].every(
      ({ name, subAttributes }) => isAttributeName(name) && (subAttributes === undefined || usable(subAttributes)),
    );
  fc.assert(
    fc.property(fc.array(definition), (definitions) => {
      const { attributes, faults } = compile(definitions);
      expect(usable(attributes)).toBe(true);
      expect(attributes.size + faults.length).toBeGreaterThanOrEqual(definitions.length);
      for (const { message } of faults) expect(message).toMatch(/^[\x20-\x7e§…]{1,400}$/);
    }),
  );
});
