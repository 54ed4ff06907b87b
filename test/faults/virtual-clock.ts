import { onTestFinished, vi } from "vitest";
import type { RetryEvent } from "../../src/index.ts";

export interface VirtualClock {
  /** Milliseconds that have passed since the test began. */
  readonly elapsed: () => number;
  /** Lets so many milliseconds pass, once everybody who is about to wait does so. */
  readonly pass: (milliseconds: number) => void;
  /** A hook of the client: the time that it is about to wait passes. */
  readonly onRetry: (event: RetryEvent) => void;
}

/** Until the test ends time stands still but for what the clock lets pass: nothing sleeps, and all times are exact. */
export function virtualClock(): VirtualClock {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "Date", "performance"],
    now: Date.parse("2026-01-01T00:00:00.500Z"),
  });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const started = Date.now();
  let passing: Promise<unknown> = Promise.resolve();
  const pass = (milliseconds: number): void => {
    setImmediate(() => {
      passing = passing.then(() =>
        vi.isFakeTimers() ? vi.advanceTimersByTimeAsync(Math.ceil(milliseconds)) : undefined,
      );
    });
  };
  return { elapsed: () => Date.now() - started, pass, onRetry: ({ delay }) => pass(delay) };
}
