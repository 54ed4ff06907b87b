/**
 * Walking 100,000 users in pages of 1,000, each way in a process of its own so that their memory can be told apart.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, ms, type Benchmark } from "./figure.ts";
import { withServer } from "./with-server.ts";

const run = promisify(execFile);
const walker = fileURLToPath(new URL("walker.ts", import.meta.url));
const MIB = 1024 * 1024;

/** What one walk measured of itself. */
export interface Walk {
  readonly milliseconds: number;
  /** Bytes in use after a forced collection, at page 3 and at page 100. */
  readonly heap: readonly [number, number];
  /** The most memory that the process held, in bytes. */
  readonly peak: number;
}

export const walk: Benchmark = {
  name: "walk",
  run: () =>
    withServer(async (base) => {
      const rounds: Record<"floor" | "list" | "pages" | "query", Walk[]> = {
        floor: [],
        list: [],
        pages: [],
        query: [],
      };
      for (let round = 0; round < 5; round += 1) {
        for (const way of ["floor", "list", "pages", "query"] as const) {
          const { stdout } = await run(process.execPath, ["--expose-gc", walker, way, base]);
          rounds[way].push(JSON.parse(stdout) as Walk);
        }
      }
      const floor = {
        time: median(rounds.floor.map((one) => one.milliseconds)),
        peak: median(rounds.floor.map(({ peak }) => peak)),
      };
      return (["list", "pages", "query"] as const).flatMap((way) => {
        const time = median(rounds[way].map((one) => one.milliseconds));
        const peak = median(rounds[way].map((one) => one.peak));
        const growth = median(rounds[way].map(({ heap: [early, late] }) => late - early));
        const name = way === "pages" ? "list().pages()" : way;
        return [
          {
            name: `walk by ${name} ÷ bare fetch and JSON.parse, time`,
            ratio: time / floor.time,
            target: 1.5,
            detail: `${ms(time)}, ${ms(floor.time)}`,
          },
          {
            name: `walk by ${name} ÷ bare, peak memory`,
            ratio: peak / floor.peak,
            target: 1.25,
            detail: `${Math.round(peak / MIB)} MiB, ${Math.round(floor.peak / MIB)} MiB`,
          },
          {
            name: `walk by ${name}, heap at page 100 above page 3 ÷ 4 MiB`,
            ratio: growth / (4 * MIB),
            target: 1,
            detail: `${(growth / MIB).toFixed(2)} MiB`,
          },
        ];
      });
    }),
};
