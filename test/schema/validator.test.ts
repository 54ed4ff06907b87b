import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import { afterEach, describe, expect, test, vi } from "vitest";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import { compileAttributes, type AttributeDefinition } from "../../src/schema/attribute.ts";
import { check } from "../../src/schema/check.ts";
import type { CompiledValidator, CompiledValidatorError } from "../../src/schema/compiled-validator.ts";
import { CONTEXTS } from "../../src/schema/context.ts";
import { jsonSchema } from "../../src/schema/json-schema.ts";
import { ResourceModel } from "../../src/schema/resource-model.ts";
import { loadAjv, Validators } from "../../src/schema/validator.ts";

await loadAjv();

const Model = User.with(EnterpriseUser);
const ENTERPRISE = EnterpriseUser.schema.id;

afterEach(() => {
  vi.restoreAllMocks();
});

function modelOf(attributes: readonly AttributeDefinition[]): ResourceModel {
  return new ResourceModel({
    name: "Thing",
    endpoint: "/Things",
    schema: { id: "urn:example:schemas:core:2.0:Thing", attributes },
    attributes: compileAttributes(attributes, ({ message }) => {
      throw new Error(message);
    }),
  });
}

function wide(count: number): ResourceModel {
  return modelOf(Array.from({ length: count }, (_, index) => ({ name: `a${index}` })));
}

describe("what is compiled", () => {
  test("is compiled once a hundred payloads of the model have been checked without", () => {
    const compile = vi.spyOn(Ajv.prototype, "compile");
    const validators = new Validators();
    for (let use = 0; use < 100; use += 1) expect(validators.issues(Model, "response", { id: 1 })).toHaveLength(1);
    expect(compile).not.toHaveBeenCalled();
    expect(validators.issues(Model, "response", { id: "1" })).toEqual([]);
    expect(validators.issues(Model, "response", { id: 1 })).toHaveLength(1);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  test("is compiled when it is first needed, once for a model and context", () => {
    const compile = vi.spyOn(Ajv.prototype, "compile");
    const validators = new Validators({ codeGeneration: true });
    expect(compile).not.toHaveBeenCalled();
    for (const context of [...CONTEXTS, ...CONTEXTS]) validators.issues(Model, context, { id: "1" });
    expect(compile.mock.calls.map(([schema]) => schema)).toEqual(
      CONTEXTS.map((context) => jsonSchema(Model, context)),
    );
    validators.issues(User, "response", { id: "1" });
    expect(compile).toHaveBeenCalledTimes(5);
  });

  test("is compiled only where code may be generated", () => {
    const compile = vi.spyOn(Ajv.prototype, "compile");
    const validators = new Validators({ codeGeneration: false });
    expect(validators.issues(Model, "response", {})).toEqual(check(Model, "response", {}));
    expect(validators.issues(Model, "response", { id: "1" })).toEqual([]);
    expect(compile).not.toHaveBeenCalled();
  });

  test("is compiled only for models that ajv can take", () => {
    const compile = vi.spyOn(Ajv.prototype, "compile");
    const validators = new Validators({ codeGeneration: true });
    const broad = wide(5000);
    expect(validators.issues(broad, "create", { a4999: "x" })).toEqual([]);
    expect(validators.issues(broad, "create", { a4999: 1, a5000: 1 })).toMatchObject([
      { path: "a4999", rule: "type" },
      { path: "a5000", rule: "unknown" },
    ]);
    expect(compile).not.toHaveBeenCalled();
    validators.issues(wide(400), "create", {});
    expect(compile).toHaveBeenCalledTimes(1);
  });

  test("is not missed when compiling fails", () => {
    const compile = vi.spyOn(Ajv.prototype, "compile").mockImplementation(() => {
      throw new RangeError("Maximum call stack size exceeded");
    });
    const validators = new Validators({ codeGeneration: true });
    expect(validators.issues(User, "response", {})).toMatchObject([{ path: "id", rule: "required" }]);
    expect(validators.issues(User, "response", { id: "1" })).toEqual([]);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  test("says nothing of a second primary value, which is found all the same", () => {
    const validators = new Validators({ codeGeneration: false });
    for (const context of CONTEXTS) validators.register(User, context, () => true);
    const given = { id: "1", emails: [{ primary: true }, { primary: true }] };
    for (const context of ["create", "replace", "patch"] as const) {
      expect(validators.issues(User, context, given)).toContainEqual(
        expect.objectContaining({ path: "emails[1].primary", rule: "bounds" }),
      );
    }
    expect(validators.issues(User, "response", given)).toEqual([]);
  });

  test("stops at the first of a million faults, and 64 are listed", () => {
    const given = { id: "1", emails: Array.from({ length: 1_000_000 }, () => 1) };
    expect(new Validators({ codeGeneration: true }).issues(Model, "response", given)).toHaveLength(64);
  });
});

describe("own properties only", () => {
  const inherits = Object.create({ userName: "inherited" }) as object;
  class Person {
    get userName(): string {
      return "inherited";
    }
  }

  test.each([true, false])("a request has what JSON.stringify writes (code generation: %s)", (codeGeneration) => {
    const validators = new Validators({ codeGeneration });
    for (const given of [inherits, new Person(), JSON.parse('{"__proto__":{"userName":"b"}}') as object]) {
      expect(validators.issues(User, "create", given)[0]).toMatchObject({ path: "userName", rule: "required" });
    }
  });

  test.each([true, false])(
    "an attribute may be called like a member of every object (code generation: %s)",
    (codeGeneration) => {
      const validators = new Validators({ codeGeneration });
      const odd = modelOf([{ name: "toString", required: true }]);
      expect(validators.issues(odd, "response", { id: "1" })).toEqual([]);
      expect(validators.issues(odd, "create", { toString: "x" })).toEqual([]);
      expect(validators.issues(odd, "create", {})).toMatchObject([{ path: "toString", rule: "required" }]);
      const nested = modelOf([
        { name: "box", type: "complex", subAttributes: [{ name: "valueOf", type: "integer" }] },
      ]);
      expect(validators.issues(nested, "response", { id: "1", box: {} })).toEqual([]);
      expect(validators.issues(nested, "response", { id: "1", box: { valueOf: "x" } })).toMatchObject([
        { path: "box.valueOf", rule: "type" },
      ]);
    },
  );
});

function refusing(errors?: readonly CompiledValidatorError[] | null): CompiledValidator {
  return errors === undefined ? () => false : Object.assign(() => false, { errors });
}

describe("a validator compiled ahead of time", () => {
  test("decides instead of one compiled at run time", () => {
    const compile = vi.spyOn(Ajv.prototype, "compile");
    const validators = new Validators({ codeGeneration: true });
    validators.register(User, "response", () => true);
    expect(validators.issues(User, "response", "anything")).toEqual([]);
    expect(compile).not.toHaveBeenCalled();
    expect(validators.issues(User, "create", {})).toHaveLength(1);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  test("also decides where code must not be generated", () => {
    const validators = new Validators({ codeGeneration: false });
    validators.register(User, "response", () => true);
    expect(validators.issues(User, "response", "anything")).toEqual([]);
  });

  test("is explained by check", () => {
    const validators = new Validators();
    validators.register(User, "create", refusing([]));
    expect(validators.issues(User, "create", {})).toEqual(check(User, "create", {}));
  });

  const table: ReadonlyArray<{ given: CompiledValidatorError; want: object }> = [
    {
      given: { instancePath: "/emails/1/value", keyword: "type", params: { type: "string" } },
      want: {
        path: "emails[1].value",
        rule: "type",
        message: '"emails[1].value" breaks the rule "type" in a create request (RFC 7643 §2.3)',
        section: "RFC 7643 §2.3",
      },
    },
    {
      given: { instancePath: `/${ENTERPRISE}/manager/value`, keyword: "format", params: {} },
      want: { path: `${ENTERPRISE}:manager.value`, rule: "format" },
    },
    {
      given: { instancePath: `/${ENTERPRISE}`, keyword: "required", params: { missingProperty: "department" } },
      want: { path: `${ENTERPRISE}:department`, rule: "required" },
    },
    {
      given: { instancePath: "/name", keyword: "additionalProperties", params: { additionalProperty: "a\u0000b" } },
      want: { path: "name.a?b", rule: "unknown" },
    },
    {
      given: { instancePath: "/emails", keyword: "minItems", params: {} },
      want: { path: "emails", rule: "required" },
    },
    {
      given: { instancePath: "/urn:example:a~0b~1c/x", keyword: "type", params: {} },
      want: { path: "urn:example:a~b/c:x", rule: "type" },
    },
    { given: { instancePath: "", keyword: "minProperties", params: {} }, want: { path: "", rule: "type" } },
  ];
  for (const { given, want } of table) {
    test(`refuses all the same where check finds nothing: ${given.keyword} at "${given.instancePath}"`, () => {
      const validators = new Validators();
      validators.register(User, "create", refusing([given]));
      expect(validators.issues(User, "create", { userName: "b" })).toEqual([expect.objectContaining(want)]);
    });
  }

  test.each([undefined, null, []])("refuses all the same without saying why (%j)", (errors) => {
    const validators = new Validators();
    validators.register(User, "create", refusing(errors));
    expect(validators.issues(User, "create", { userName: "b" })).toMatchObject([{ path: "", rule: "type" }]);
  });
});

/** A module of the library as a literal in a program. */
function source(path: string): string {
  return JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
}

describe("where code must not be generated from strings", () => {
  const program = `
    import { Ajv } from "ajv";
    import { User } from ${source("models.gen.ts")};
    import { loadAjv, Validators } from ${source("schema/validator.ts")};
    const given = [["response", {}], ["response", { id: "1" }], ["create", { userName: 1, nickname: "x", emails: [1] }]];
    let compiled = 0;
    const { compile } = Ajv.prototype;
    Ajv.prototype.compile = function (...given) {
      compiled += 1;
      return compile.apply(this, given);
    };
    const validators = new Validators();
    for (let use = 0; use < 100; use += 1) validators.issues(User, "response", {});
    await loadAjv();
    const issues = given.map(([context, value]) => validators.issues(User, context, value));
    console.log(JSON.stringify({ compiled, issues }));
  `;
  const run = promisify(execFile);
  const argv = ["--no-warnings", "--experimental-strip-types", "--input-type=module", "--eval", program];

  test("nothing is compiled, and the same issues are found", async () => {
    const [free, confined] = await Promise.all([
      run(process.execPath, argv),
      run(process.execPath, ["--disallow-code-generation-from-strings", ...argv]),
    ]);
    const { compiled, issues } = JSON.parse(free.stdout) as { compiled: number; issues: unknown[][] };
    expect(compiled).toBe(2);
    expect(issues.map(({ length }) => length)).toEqual([1, 0, 3]);
    expect(JSON.parse(confined.stdout)).toEqual({ compiled: 0, issues });
    expect(confined.stderr).toBe("");
  });
});
