import { describe, expect, test } from "vitest";
import { judge, type Judgement } from "../../src/client/answer.ts";
import { decodeBody } from "../../src/client/body.ts";
import type { Answer } from "../../src/client/http.ts";
import { parseMediaType } from "../../src/client/media-type.ts";
import { secretsIn } from "../../src/client/secret-attributes.ts";
import { defineModel, type Deviation } from "../../src/index.ts";
import type { JsonValue } from "../../src/json.ts";
import { User } from "../../src/models.gen.ts";
import { ERROR, PATCH_OP, SCIM_JSON } from "./replay.ts";

const REQUEST = { method: "GET", url: "https://auth.example/scim/v2/Users" };

/** An answer as it is when its body has come. */
function answerOf(
  status: number,
  text: string,
  type: string | null = SCIM_JSON,
  secrets: readonly string[] = [],
): Answer {
  const mediaType = parseMediaType(type);
  return {
    status,
    headers: new Headers(),
    request: REQUEST,
    url: new URL(REQUEST.url),
    attempt: 1,
    mediaType: mediaType?.name,
    json: mediaType?.json ?? false,
    ...decodeBody(new TextEncoder().encode(text), mediaType),
    secrets: () => secrets,
    unknownOutcome: false,
  };
}

const STRICTLY: Judgement = { expected: [200], checkStatus: true, checkContentType: true, report: undefined };

function messageOf(answer: Answer, judgement: Judgement = STRICTLY): string {
  try {
    const error = judge(answer, judgement);
    return `Error ${JSON.stringify(error)}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : "";
  }
}

describe("what a refusal says of itself stands in the message, wherever the server put it", () => {
  const start = `UnexpectedStatusCode: GET ${REQUEST.url} answered 400`;
  const ROWS: ReadonlyArray<{ given: JsonValue; want: string }> = [
    { given: {}, want: "" },
    { given: { message: "a" }, want: ": a" },
    { given: { Message: "a" }, want: ": a" },
    { given: { error: "a" }, want: ": a" },
    { given: { error: "a", error_description: "b" }, want: ": b" },
    { given: { title: "a", error: { message: "b" } }, want: ": a" },
    { given: { description: "a" }, want: ": a" },
    { given: { code: "a" }, want: ": a" },
    { given: { code: 7, message: "" }, want: "" },
    { given: { Errors: { description: "a" } }, want: ": a" },
    { given: { errors: [{ message: "a" }, { message: "b" }] }, want: ": a" },
    { given: { errors: ["a"] }, want: "" },
    { given: { errors: [{ errors: [{ message: "a" }] }] }, want: ": a" },
    { given: { errors: [{ errors: [{ errors: [{ message: "too deep" }] }] }] }, want: "" },
    { given: { detail: { nested: true } }, want: "" },
    { given: ["a"], want: "" },
    { given: "a", want: "" },
    { given: { message: "x".repeat(500) }, want: `: ${"x".repeat(300)}…` },
  ];
  for (const { given, want } of ROWS) {
    const text = JSON.stringify(given);
    test(text.slice(0, 80), () => {
      expect(messageOf(answerOf(400, text))).toBe(start + want);
    });
  }

  test("an answer in HTML says nothing", () => {
    expect(messageOf(answerOf(400, "<h1>no</h1>", "text/html"))).toBe(start);
  });
});

function errorWith(more: object = {}): object {
  return { schemas: [ERROR], status: "400", ...more };
}

describe("RFC 7644 §3.12: a SCIM Error is one whatever is odd about it, and what is odd is told", () => {
  const ROWS: ReadonlyArray<{
    title: string;
    given: unknown;
    status?: number;
    want: object;
    told?: number;
  }> = [
    {
      title: "as it should be",
      given: errorWith({ scimType: "tooMany", detail: "no" }),
      want: { status: "400", scimType: "tooMany", detail: "no" },
    },
    {
      title: "with a URN in other case",
      given: errorWith({ schemas: [ERROR.toUpperCase()] }),
      want: { status: "400" },
      told: 1,
    },
    { title: "with schemas as text", given: errorWith({ schemas: ERROR }), want: { status: "400" }, told: 1 },
    {
      title: "with further schemas",
      given: errorWith({ schemas: ["urn:x", ERROR] }),
      want: { status: "400" },
      told: 1,
    },
    {
      title: "without schemas",
      given: { status: "400", detail: "no" },
      want: { status: "400", detail: "no" },
      told: 1,
    },
    { title: "with a status in numbers", given: errorWith({ status: 400 }), want: { status: "400" }, told: 1 },
    { title: "without a status", given: { schemas: [ERROR] }, want: { status: "400" }, told: 1 },
    { title: "with another status", given: errorWith({ status: "404" }), want: { status: "400" }, told: 1 },
    { title: "with a status that is none", given: errorWith({ status: "abc" }), want: { status: "400" } },
    { title: "with empty words", given: errorWith({ detail: "", scimType: "" }), want: { status: "400" } },
    {
      title: "with words that are none",
      given: errorWith({ detail: ["no"], scimType: 7 }),
      want: { status: "400" },
    },
    {
      title: "with words of another time",
      given: errorWith({ scimType: "notOfTheRFC" }),
      want: { scimType: "notOfTheRFC" },
    },
    { title: "in a success", given: errorWith({ status: "409" }), status: 200, want: { status: "409" }, told: 1 },
    {
      title: "in a success, without a status of its own",
      given: { schemas: [ERROR] },
      status: 200,
      want: { status: "200" },
      told: 1,
    },
    {
      title: "in a success, with the status of a success",
      given: errorWith({ status: 201 }),
      status: 200,
      want: { status: "200" },
      told: 2,
    },
  ];
  for (const { title, given, status = 400, want, told = 0 } of ROWS) {
    test(title, () => {
      const heard: Deviation[] = [];
      const report = (deviation: Deviation): void => void heard.push(deviation);
      const found = judge(answerOf(status, JSON.stringify(given)), { ...STRICTLY, report });
      expect(found).toMatchObject({ schemas: [ERROR], ...want });
      expect(heard).toHaveLength(told);
      for (const deviation of heard)
        expect(deviation).toMatchObject({ kind: "envelope", section: "RFC 7644 §3.12" });
    });
  }

  test("a success that has a detail is none", () => {
    expect(judge(answerOf(200, '{"detail":"x","scimType":"y"}'), STRICTLY)).toBeUndefined();
  });

  test("in any JSON media type, or none, and in no other", () => {
    const text = JSON.stringify(errorWith());
    for (const type of ["application/json", "text/json; charset=utf-8", "application/vnd.x+json", null]) {
      expect(judge(answerOf(400, text, type), STRICTLY)).toMatchObject({ status: "400" });
    }
    for (const type of ["text/html", "application/octet-stream"]) {
      expect(messageOf(answerOf(400, text, type))).toMatch(/^UnexpectedStatusCode/);
    }
  });
});

describe("RFC 7644 §7.5: secrets that a server quotes are hidden", () => {
  test("in a SCIM Error and in an explanation, from the request's credentials and from its body", () => {
    const text = JSON.stringify({
      schemas: [ERROR],
      status: "400",
      scimType: "t0ken",
      detail: "t0ken hunter2 passes",
    });
    const secrets = ["t0ken", "pass", "passes", "t", "hunter2", "uniqueness"];
    expect(judge(answerOf(400, text, SCIM_JSON, secrets), STRICTLY)).toMatchObject({
      scimType: "***",
      detail: "*** *** ***",
    });
    const plain = answerOf(500, '{"message":"t0ken hunter2 a t"}', SCIM_JSON, secrets);
    expect(messageOf(plain)).toMatch(/answered 500: \*\*\* \*\*\* a t$/);
  });

  test("a keyword of the RFC stays what it is, and a secret is found before its end is cut off", () => {
    const text = JSON.stringify({ schemas: [ERROR], status: "409", scimType: "uniqueness", detail: "uniqueness" });
    const error = judge(answerOf(409, text, SCIM_JSON, ["uniqueness"]), STRICTLY);
    expect(error).toMatchObject({ scimType: "uniqueness", detail: "***" });
    const long = answerOf(500, JSON.stringify({ message: `${"a".repeat(295)}hunter2` }), SCIM_JSON, ["hunter2"]);
    expect(messageOf(long)).not.toContain("hunt");
  });

  const Vault = defineModel({
    schema: {
      id: "urn:example:params:scim:schemas:core:2.0:Vault",
      attributes: [
        { name: "label" },
        { name: "secret", returned: "never" },
        { name: "pins", multiValued: true, mutability: "writeOnly", type: "integer" },
        {
          name: "locks",
          type: "complex",
          multiValued: true,
          subAttributes: [
            { name: "value" },
            { name: "code", returned: "never", type: "complex", subAttributes: [{ name: "inner" }] },
          ],
        },
      ],
    },
  });
  const ROWS: ReadonlyArray<{ title: string; given: JsonValue | undefined; want: readonly string[] }> = [
    { title: "no body", given: undefined, want: [] },
    { title: "nothing secret", given: { label: "plain" }, want: [] },
    { title: "a resource", given: { label: "plain", SECRET: "abcd" }, want: ["abcd"] },
    { title: "numbers", given: { pins: [12345, 123456] }, want: ["12345", "123456"] },
    {
      title: "values inside of others",
      given: { locks: [{ value: "open", code: { inner: "shut", deep: ["down"] } }] },
      want: ["shut", "down"],
    },
    { title: "a lone value where an array belongs", given: { locks: { code: "shut" } }, want: ["shut"] },
    {
      title: "operations by path",
      given: {
        schemas: [PATCH_OP],
        Operations: [
          { op: "add", path: "secret", value: "abcd" },
          { op: "add", path: "label", value: "plain" },
        ],
      },
      want: ["abcd"],
    },
    {
      title: "operations by a path with a filter",
      given: { Operations: [{ op: "replace", path: 'locks[value eq "]"].code', value: { inner: "abcd" } }] },
      want: ["abcd"],
    },
    {
      title: "operations on what holds a secret",
      given: { Operations: [{ op: "add", path: "locks", value: [{ value: "open", code: "abcd" }] }] },
      want: ["abcd"],
    },
    {
      title: "operations without a path",
      given: { Operations: [{ op: "add", value: { label: "plain", secret: "abcd" } }] },
      want: ["abcd"],
    },
    {
      title: "a path that compares it",
      given: { Operations: [{ op: "remove", path: 'locks[value eq "open" and code.inner eq "a\\"b"]' }] },
      want: ['a"b'],
    },
    {
      title: "paths that compare the values of a list",
      given: {
        Operations: [
          { op: "remove", path: "pins[value eq 12345]" },
          { op: "replace", path: "PINS eq 23456", value: 34567 },
          { op: "remove", path: 'urn:example:params:scim:schemas:core:2.0:Vault:pins eq "45678"' },
        ],
      },
      want: ["12345", "23456", "34567", "45678"],
    },
    {
      title: "paths that are none",
      given: {
        Operations: [
          { op: "remove", path: "secret eq hunter2)" },
          { op: "remove", path: 'locks[not(code co "shut' },
          { op: "remove", path: "secret eq null or secret eq true or secret pr or nosuch eq 12345" },
        ],
      },
      want: ["hunter2", "shut"],
    },
    {
      title: "operations whose names are in another case",
      given: { operations: [{ OP: "add", Path: "secret", Value: "abcd" }, { Value: { secret: "efgh" } }] },
      want: ["abcd", "efgh"],
    },
    {
      title: "operations with paths for names",
      given: {
        Operations: [
          {
            op: "add",
            value: {
              'locks[value eq "open"].code': "abcd",
              "locks.code.inner": "efgh",
              "urn:example:params:scim:schemas:core:2.0:Vault": { secret: "ijkl" },
              "urn:example:params:scim:schemas:core:2.0:Vault:secret": "mnop",
            },
          },
        ],
      },
      want: ["abcd", "efgh", "ijkl", "mnop"],
    },
    {
      title: "operations that are none",
      given: { Operations: [null, 7, { path: 7 }, { path: "nosuch", value: "x" }] },
      want: [],
    },
  ];
  for (const { title, given, want } of ROWS) {
    test(`what is secret in ${title}`, () => {
      expect(secretsIn(Vault, given)).toEqual(want);
    });
  }

  test("a path of a megabyte is read in time", () => {
    for (const path of ["a".repeat(1e6), "a ".repeat(5e5), 'a eq "'.repeat(2e5), `secret eq ${" ".repeat(1e6)}`]) {
      expect(secretsIn(Vault, { Operations: [{ op: "remove", path }] })).toEqual([]);
    }
  });

  test("a password is", () => {
    expect(secretsIn(User, { userName: "bjensen", password: "t1meMa$heen" })).toEqual(["t1meMa$heen"]);
  });
});

describe("RFC 9110 §6.4: a body of white space alone is none", () => {
  const decode = (text: string, type?: string) =>
    decodeBody(new TextEncoder().encode(text), type === undefined ? undefined : parseMediaType(type));
  for (const text of ["", " ", "\n", "\r\n \t\n", "\ufeff", "\ufeff\n"]) {
    test(JSON.stringify(text), () => {
      for (const type of [undefined, "application/scim+json", "text/plain"]) {
        expect(decode(text, type)).toEqual({ body: undefined, text: undefined });
      }
      expect(messageOf(answerOf(200, text, "text/html"))).toBe("Error undefined");
    });
  }

  test("anything else is not", () => {
    expect(decode(" null\n")).toEqual({ body: null, text: undefined });
    expect(decode('""')).toEqual({ body: "", text: undefined });
    expect(decode(" . ")).toEqual({ body: undefined, text: " . " });
  });
});
