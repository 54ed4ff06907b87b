/**
 * What a benchmark gives: ratios to a floor that does the same work in the same run. Absolute times of a shared machine say
 * little; a ratio of two things measured in turn says much.
 *
 * @module
 */

/** One ratio. */
export interface Figure {
  /** What is compared with what. */
  readonly name: string;
  /** Ours divided by the floor's; below 1 is better than the floor. */
  readonly ratio: number;
  /** The most that the ratio should be. */
  readonly target?: number;
  /** The two measurements, for people. */
  readonly detail: string;
}

/** A benchmark: a name for the command line, and what it measures. */
export interface Benchmark {
  readonly name: string;
  readonly run: () => Promise<readonly Figure[]>;
}

/** Whether a figure keeps its target; one without a target does. */
export function holds({ ratio, target = Infinity }: Figure): boolean {
  return ratio <= target;
}

/** Runs two things in turn, several rounds, and gives the median time of each in milliseconds, after one round unseen. */
export async function inTurn(
  ours: () => unknown,
  floor: () => unknown,
  rounds: number,
): Promise<{ readonly ours: number; readonly floor: number; readonly ratio: number }> {
  const times: [number, number][] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const a = await time(ours);
    const b = await time(floor);
    if (round > 0) times.push([a, b]);
  }
  return {
    ours: median(times.map(([a]) => a)),
    floor: median(times.map(([, b]) => b)),
    ratio: median(times.map(([a, b]) => a / b)),
  };
}

/** The middle one of several numbers. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** Milliseconds in three digits, for `detail`. */
export function ms(milliseconds: number): string {
  return `${milliseconds.toPrecision(3)} ms`;
}

async function time(work: () => unknown): Promise<number> {
  globalThis.gc?.();
  const started = performance.now();
  await work();
  return performance.now() - started;
}
