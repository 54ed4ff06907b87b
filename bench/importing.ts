/** What importing the library costs beyond importing ky and ajv, in fresh processes. Reads `dist`, which `npm run bench` builds. @module */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, ms, type Benchmark } from "./figure.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../", import.meta.url));

async function importTime(specifiers: readonly string[]): Promise<number> {
  const code = `const started = performance.now(); ${specifiers.map((name) => `await import(${JSON.stringify(name)});`).join(" ")} console.log(performance.now() - started);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], { cwd: root });
  return Number(stdout);
}

export const importing: Benchmark = {
  name: "import",
  async run() {
    const pairs: [number, number][] = [];
    for (let round = 0; round < 21; round += 1)
      pairs.push([await importTime(["scimkit"]), await importTime(["ky", "ajv"])]);
    const [ours, floor] = [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))];
    const ratio = median(pairs.map(([a, b]) => a / b));
    return [
      { name: "importing scimkit ÷ importing ky and ajv", ratio, target: 1.2, detail: `${ms(ours)}, ${ms(floor)}` },
    ];
  },
};
