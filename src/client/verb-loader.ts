/**
 * The verbs are loaded when the first of them is called: importing a client and asking the server what it has does without.
 *
 * @module
 */
import { abortable } from "./abort.ts";
import type { ExchangeContext } from "./exchange.ts";
import type { Known } from "./service-provider.ts";
import { snapshot } from "./snapshot.ts";
import type { Verbs } from "./verbs.ts";

/** Loads the verbs of one client. */
export class VerbLoader {
  readonly #context: ExchangeContext;
  readonly #known: () => Known;
  #verbs: Verbs | undefined;

  constructor(context: ExchangeContext, known: () => Known) {
    this.#context = context;
    this.#known = known;
  }

  /**
   * Carries out a verb: at once where the verbs are loaded, else as soon as they are, with the arguments as they were when it
   * was called. Rejects with what went wrong when they cannot be loaded; nothing was sent then, and the next call tries again
   * where the platform does.
   *
   * @param waits whether the verb itself waits before it has read its arguments, as one that loads more does: then they are
   *   kept however much is loaded.
   */
  async run<A extends readonly unknown[], T>(
    signal: AbortSignal | undefined,
    given: readonly [...A],
    work: (verbs: Verbs, ...given: A) => Promise<T>,
    waits = false,
  ): Promise<T> {
    if (this.#verbs !== undefined) return work(this.#verbs, ...(waits ? snapshot(given) : given));
    const kept = snapshot(given);
    return work(await this.load(signal), ...kept);
  }

  /** Loads the verbs. Rejects with the signal's reason when it is aborted meanwhile. */
  async load(signal: AbortSignal | undefined): Promise<Verbs> {
    // A call that was aborted before ends where such a call always does, when its arguments are found to be good. All wait in
    // the same way, so that they go on in the order in which they came.
    const ends = signal === undefined || signal.aborted ? new AbortController().signal : signal;
    const { Verbs } = await abortable(import("./verbs.ts"), ends);
    this.#verbs ??= new Verbs(this.#context, this.#known);
    return this.#verbs;
  }
}
