/**
 * `npm run bench [-- NAME …] [-- --json]`: runs the benchmarks, or those named, one after the other, and prints each ratio
 * beside its target. A missed target is shown and does not fail: only people can judge what a machine's day was like.
 *
 * @module
 */
import { styleText } from "node:util";
import { codegen } from "./codegen.ts";
import { decode } from "./decode.ts";
import { holds, type Figure } from "./figure.ts";
import { filter } from "./filter.ts";
import { firstAnswer } from "./first-answer.ts";
import { importing } from "./importing.ts";
import { patch } from "./patch.ts";
import { query } from "./query.ts";
import { walk } from "./walk.ts";

const ALL = [codegen, decode, filter, firstAnswer, importing, patch, query, walk];

const wanted = process.argv.slice(2).filter((argument) => argument !== "--json");
const json = process.argv.includes("--json");
const unknown = wanted.filter((name) => !ALL.some((benchmark) => benchmark.name === name));
if (unknown.length > 0)
  throw new Error(`no such benchmark: ${unknown.join(", ")}; there are ${ALL.map(({ name }) => name).join(", ")}`);

const results: Record<string, readonly Figure[]> = {};
for (const { name, run } of ALL) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  results[name] = await run();
  if (!json) print(name, results[name]);
}
if (json) console.log(JSON.stringify(results, null, 2));

function print(name: string, figures: readonly Figure[]): void {
  console.log(`\n${styleText("bold", name)}`);
  for (const figure of figures) {
    const bound = figure.target === undefined ? "" : `≤ ${figure.target}`;
    const mark =
      figure.target === undefined ? " " : holds(figure) ? styleText("green", "✓") : styleText("red", "✗");
    console.log(
      `  ${mark} ${figure.ratio.toFixed(2).padStart(6)} ${bound.padEnd(7)} ${figure.name} (${figure.detail})`,
    );
  }
}
