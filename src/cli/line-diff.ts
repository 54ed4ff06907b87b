/**
 * What has changed between two texts, line by line, in the unified form.
 *
 * @module
 */

/** Lines that are shown around a change. */
const CONTEXT = 3;
/** So many lines at most are compared with each other; beyond that a change is shown as a whole. */
const LARGEST = 2000;

/** A line that stayed (" "), went ("-") or came ("+"). */
type Edit = readonly [sign: " " | "-" | "+", line: string];

/** The changes from one text to another, with the name of the file above; empty when there are none. */
export function lineDiff(name: string, before: string, after: string): string {
  const edits = compare(lines(before), lines(after));
  const changed = edits.flatMap(([sign], index) => (sign === " " ? [] : [index]));
  if (changed.length === 0) return "";
  const shown = new Set<number>();
  for (const index of changed) {
    for (let near = index - CONTEXT; near <= index + CONTEXT; near += 1) shown.add(near);
  }
  const text: string[] = [`--- ${name}`, `+++ ${name}`];
  let [oldLine, newLine] = [1, 1];
  for (const [index, [sign, line]] of edits.entries()) {
    if (shown.has(index)) {
      if (!shown.has(index - 1) || index === 0) text.push(`@@ -${oldLine} +${newLine} @@`);
      text.push(sign + line);
    }
    if (sign !== "+") oldLine += 1;
    if (sign !== "-") newLine += 1;
  }
  return `${text.join("\n")}\n`;
}

function lines(text: string): string[] {
  return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
}

function compare(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) {
    end += 1;
  }
  return [
    ...before.slice(0, start).map(same),
    ...compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

function same(line: string): Edit {
  return [" ", line];
}

/** The longest common subsequence by the textbook table, which is quadratic. */
function compareMiddle(before: readonly string[], after: readonly string[]): Edit[] {
  if (before.length > LARGEST || after.length > LARGEST) {
    return [...before.map((line): Edit => ["-", line]), ...after.map((line): Edit => ["+", line])];
  }
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const [below, right] = [lengths[(row + 1) * width + column] ?? 0, lengths[row * width + column + 1] ?? 0];
      const diagonal = (lengths[(row + 1) * width + column + 1] ?? 0) + 1;
      lengths[row * width + column] = before[row] === after[column] ? diagonal : Math.max(below, right);
    }
  }
  const edits: Edit[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [old = "", fresh = ""] = [before[row], after[column]];
    if (row < before.length && column < after.length && old === fresh) {
      edits.push([" ", old]);
      row += 1;
      column += 1;
    } else if (
      column >= after.length ||
      (row < before.length &&
        (lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0))
    ) {
      edits.push(["-", old]);
      row += 1;
    } else {
      edits.push(["+", fresh]);
      column += 1;
    }
  }
  return edits;
}
