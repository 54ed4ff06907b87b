/**
 * Waiting that an `AbortSignal` ends: with the signal's own reason, at once.
 *
 * @module
 */

/**
 * Settles as the work does; rejects with the signal's reason as soon as it is aborted, at once where it already is, whether
 * or not the work heeds the signal.
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      // A signal's reason is whatever the caller made it.
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors
      reject(signal.reason);
    };
    // A signal tells of its abort once.
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    const done = (): void => signal.removeEventListener("abort", abort);
    void work.then(resolve, reject).finally(done);
  });
}

/** As `abortable`; rejects with what `late` gives when the work has not settled after so many milliseconds. */
export async function within<T>(
  work: Promise<T>,
  milliseconds: number,
  signal: AbortSignal | undefined,
  late: () => Error,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await abortable(Promise.race([work, over]), signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Work that several wait for. The signal of each ends its own wait, and the work only when nobody waits any more. */
export class SharedWork<T> {
  readonly #controller = new AbortController();
  readonly #work: Promise<T>;
  #waiting = 0;

  constructor(start: (signal: AbortSignal) => Promise<T>) {
    this.#work = start(this.#controller.signal);
  }

  /** Whether nobody waited any more before it was done. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Settles as the work does, or rejects with the signal's reason. */
  async wait(signal: AbortSignal | undefined): Promise<T> {
    this.#waiting += 1;
    try {
      return await abortable(this.#work, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && signal?.aborted === true) this.#controller.abort(signal.reason);
    }
  }
}

/** Waits. Rejects with the signal's reason. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      // A signal's reason is whatever the caller made it.
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}
