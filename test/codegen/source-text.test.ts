import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Code,
  commentText,
  dataLiteral,
  propertyName,
  stringLiteral,
  wrap,
  type Data,
} from "../../codegen/source-text.ts";
import { HOSTILE_TEXTS } from "./documents/hostile.ts";

const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: "binary" }),
  fc.stringMatching(/^[\s\S]*$/),
  fc.string({ unit: fc.constantFrom("*", "/", "@", "a", " ", "\n", "{", "\\", "`", '"', "\u2028", "\u202E") }),
);

describe("a string literal", () => {
  test("is the text, on one line of visible characters", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const literal = stringLiteral(text);
        expect(JSON.parse(literal)).toBe(text);
        expect(literal).not.toMatch(/[\p{C}\u2028\u2029]|source(?:Mapping)?URL=/u);
      }),
    );
  });
});

describe("a property name", () => {
  const cases = [
    { given: "userName", want: "userName" },
    { given: "$ref", want: "$ref" },
    { given: "a-b", want: '"a-b"' },
    { given: "urn:x:y", want: '"urn:x:y"' },
    { given: "1a", want: '"1a"' },
    { given: 'a"b', want: String.raw`"a\"b"` },
  ];
  for (const { given, want } of cases) test(given, () => expect(propertyName(given)).toBe(want));
});

describe("the text of a comment", () => {
  const cases = [
    { given: "Two\n lines,\tone  paragraph. ", want: "Two lines, one paragraph." },
    { given: "ends */ here", want: "ends * / here" },
    { given: "@deprecated since 2.0", want: String.raw`\@deprecated since 2.0` },
    { given: "see {@link Foo}", want: String.raw`see {\@link Foo}` },
    { given: "//# sourceMappingURL=data:x", want: "//# sourceMappingURL =data:x" },
    { given: "mail bjensen@example.com", want: "mail bjensen@example.com" },
    { given: "\u202Eevil", want: "evil" },
    { given: "grün 日本", want: "grün 日本" },
    { given: "a".repeat(2000), want: `${"a".repeat(1000)}…` },
  ];
  for (const { given, want } of cases) test(given.slice(0, 40), () => expect(commentText(given)).toBe(want));

  test("never ends the comment, never breaks the line, never is a tag", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const comment = commentText(text);
        expect(comment).not.toMatch(/\*\/|[\r\n\p{C}\u2028\u2029]|(?:^|[\s{*])@\w/u);
        expect(commentText(comment).replaceAll("\\", "")).toBe(comment.replaceAll("\\", ""));
      }),
    );
  });

  test("is broken between words", () => {
    expect(wrap(["one two three", "four"], 8)).toEqual(["one two", "three", "", "four"]);
    expect(wrap(["a-very-long-word b"], 8)).toEqual(["a-very-long-word", "b"]);
  });
});

describe("data", () => {
  const { data } = fc.letrec<{ data: Data; object: Data }>((tie) => ({
    data: fc.oneof({ maxDepth: 3 }, anyText, fc.boolean(), fc.array(tie("data"), { maxLength: 3 }), tie("object")),
    object: fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), tie("data"), { maxKeys: 3, noNullPrototype: true }),
  }));

  test("is the same data", async () => {
    await fc.assert(
      fc.asyncProperty(data, fc.integer({ min: 0, max: 90 }), async (given, used) => {
        expect(JSON.stringify(await evaluate(dataLiteral(given, 0, used)))).toBe(JSON.stringify(given));
      }),
    );
  });

  test("leaves out what is undefined, and holds code as it is", () => {
    expect(dataLiteral({ a: undefined, b: new Code("c"), d: ["e"] }, 0, 0)).toBe('{ b: c, d: ["e"] }');
  });
});

/** The value of an expression. */
async function evaluate(expression: string): Promise<unknown> {
  const code = encodeURIComponent(`export const value = ${expression};`);
  const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${code}`);
  return (module as { value: unknown }).value;
}
