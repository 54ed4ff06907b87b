import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const document = readFileSync(new URL("docs/parity.md", root), "utf8");

interface Row {
  readonly section: string;
  readonly cells: readonly string[];
  /** The titles and files that its last cell names. */
  readonly proofs: ReadonlyArray<{ readonly title: string; readonly file: string }>;
}

/** The rows of every table, without its head. */
function rowsOf(markdown: string): Row[] {
  return markdown.split(/^## /m).flatMap((part) => {
    const lines = part.split("\n").filter((line) => line.startsWith("|"));
    return lines.slice(2).map((line) => {
      const cells = line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim());
      const links = (cells.at(-1) ?? "").matchAll(/\[((?:\\.|[^\]\\])*)\]\(\.\.\/([^)]*)\)/g);
      const proofs = [...links].map(([, title = "", file = ""]) => ({
        title: title.replaceAll(/\\(?=\W|_)/g, ""),
        file,
      }));
      return { section: part.slice(0, part.indexOf("\n")), cells, proofs };
    });
  });
}

/** Whether a source has a test, a group of tests or a row of a table with that title, which is run. */
function hasTitle(source: string, title: string): boolean {
  const text = title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const call = String.raw`\b(?:test|describe)(?!\.(?:skip|todo)\b)(?:\.\w+)*(?:\([^()]*\))?\(\s*`;
  return new RegExp(String.raw`(?:${call}|\btitle:\s*)(["'\`])${text}\1`).test(source);
}

const files = new Map(
  globSync("test/**/*.ts", { cwd: root }).map((path) => [
    path.replaceAll("\\", "/"),
    readFileSync(new URL(path, root), "utf8"),
  ]),
);
const rows = rowsOf(document);

test("the 30 gaps and the 10 points have a row each, in their order", () => {
  for (const [section, count] of [
    ["What stood in the way", 30],
    ["What a client has to pass", 10],
  ] as const) {
    const numbers = rows.filter((row) => row.section === section).map(({ cells }) => Number(cells[0]));
    expect(numbers).toEqual(Array.from({ length: count }, (_none, index) => index + 1));
  }
});

describe("every row names tests that there are, or says that it has none", () => {
  for (const { section, cells, proofs } of rows) {
    test(`${section}: ${cells.slice(0, 2).join(" ")}`, () => {
      const open = /^(?:Does not apply|Not there yet)/.test(cells.at(-1) ?? "");
      expect(open || proofs.length > 0).toBe(true);
      const missing = proofs.filter(({ title, file }) => !hasTitle(files.get(file) ?? "", title));
      expect(missing).toEqual([]);
    });
  }
});

describe("a title counts where a test has it", () => {
  const cases: Array<{ given: string; want: boolean }> = [
    { given: `test("a (b) $c", () => {`, want: true },
    { given: "describe.skipIf(!hasOpenSSL)(\n  'a (b) $c', () => {", want: true },
    { given: "test(`a (b) $c`, async () => {", want: true },
    { given: `const rows = [{ title: "a (b) $c" }];`, want: true },
    { given: `test.skip("a (b) $c", () => {`, want: false },
    { given: `test.todo("a (b) $c");`, want: false },
    { given: `// a (b) $c`, want: false },
    { given: `test("a (b) $c d", () => {`, want: false },
    { given: `expect("a (b) $c")`, want: false },
  ];
  for (const { given, want } of cases) {
    test(`${given}: ${want}`, () => {
      expect(hasTitle(given, "a (b) $c")).toBe(want);
    });
  }
});
