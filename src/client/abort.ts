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
