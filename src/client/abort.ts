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
