import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineDiff } from "../../src/cli/line-diff.ts";

describe("a diff of lines", () => {
  const cases: { given: [before: string, after: string]; want: string[] }[] = [
    { given: ["a\nb\n", "a\nb\n"], want: [] },
    { given: ["a\r\nb\r\n", "a\nb\n"], want: [] },
    { given: ["", "a\n"], want: ["@@ -1 +1 @@", "+a"] },
    { given: ["a\n", ""], want: ["@@ -1 +1 @@", "-a"] },
    { given: ["a\nb\nc\n", "a\nB\nc\n"], want: ["@@ -1 +1 @@", " a", "-b", "+B", " c"] },
    {
      given: ["1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n"],
      want: ["@@ -1 +1 @@", "+0", " 1", " 2", " 3", "@@ -6 +7 @@", " 6", " 7", " 8", "-9"],
    },
  ];
  for (const { given, want } of cases) {
    test(JSON.stringify(given), () => {
      const head = want.length === 0 ? [] : ["--- f", "+++ f"];
      expect(lineDiff("f", ...given).split("\n")).toEqual([...head, ...want, ""]);
    });
  }

  test("holds every line that went and every line that came", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDiff("f", before.join("\n"), after.join("\n")).split("\n").slice(2, -1);
        const kept = lines.filter((line) => !line.startsWith("@@"));
        const count = (sign: string): number => kept.filter((line) => line.startsWith(sign)).length;
        expect(count("+") - count("-")).toBe(after.length - before.length);
        expect(lines.length === 0).toBe(before.join("\n") === after.join("\n"));
      }),
    );
  });

  test("of more than a table can hold shows the change as a whole", () => {
    expect(lineDiff("f", "a\n".repeat(3000), "b\n".repeat(3000)).match(/^[-+][ab]$/gm)).toHaveLength(6000);
  });
});
