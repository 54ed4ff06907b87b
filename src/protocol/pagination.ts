/**
 * Pagination (RFC 7644 §3.4.2.4, RFC 9865): a list of any length as one sequence of resources, over an injected function
 * that fetches a page.
 *
 * @module
 */
import type { ListResponse } from "./messages.ts";
import type { PageParameters, PageWalk, PageWalkOptions } from "./page-walk.ts";

/** What `paginate` asks its page function for. */
export interface PageRequest extends PageParameters {
  /** Aborted when nobody waits for the page any more. */
  readonly signal: AbortSignal;
}

/** Fetches one page. What it rejects with reaches whoever iterates, behind the resources of the pages before. */
export type FetchPage<T> = (request: PageRequest) => Promise<ListResponse<T>>;

/** How to walk over a list. */
export interface PaginateOptions<T> extends PageWalkOptions<T> {
  /** Whether the next page is fetched while this one is consumed; never more than one. Default `true`. */
  readonly lookAhead?: boolean;
  /** Ends the walk: iteration rejects with `signal.reason`, also between two resources of a page that is already here. */
  readonly signal?: AbortSignal;
}

/**
 * The resources of a list, page by page as they are asked for. It can be iterated once, by resources or by pages; doing so
 * again throws a `TypeError`. Leaving the loop cancels the request under way.
 */
export interface List<T> extends AsyncIterable<T, undefined> {
  /** Iterates over the resources. @throws {TypeError} the second time. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
  /**
   * Iterates over the pages, the first one even if it is empty. They hold the resources that the list holds: none that
   * came before, none beyond the limit. @throws {TypeError} the second time.
   */
  pages(): AsyncIterableIterator<ListResponse<T>, undefined>;
  /**
   * `undefined` until iteration has ended. Then whether the list is complete: the server said that there are no more
   * resources, at least as many came as it said that there are, and no page overlapped another. `false` after an error and
   * when the loop was left early.
   */
  readonly complete: boolean | undefined;
  /** `undefined` until iteration has ended. Then the total that the server stated last, if it stated one. */
  readonly totalResults: number | undefined;
}

/**
 * Walks over the pages of a list (RFC 7644 §3.4.2.4), by index or by cursor (RFC 9865), in memory that does not grow with
 * it. Nothing is fetched before the first resource is asked for.
 *
 * A resource that comes again is left out and `onDeviation` is told. Remembered are the first page, the last one and a run
 * of resources in between: that finds pages that overlap, pages that come again, and lists that go round in a circle, but
 * not a single resource that comes again further on. The walk ends with every server, honest or not.
 *
 * @throws {TypeError} when an option is not of its range.
 */
export function paginate<T>(fetchPage: FetchPage<T>, options: PaginateOptions<T> = {}): List<T> {
  return new PagedList(fetchPage, options);
}

type Page<T> = ListResponse<T>;

class PagedList<T> implements List<T> {
  readonly #fetchPage: FetchPage<T>;
  readonly #options: PaginateOptions<T>;
  readonly #lookAhead: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #controller = new AbortController();
  /** Loaded when iteration starts. */
  #walk: PageWalk<T> | undefined;
  #taken = false;
  #left = false;
  #outcome: { readonly complete: boolean; readonly totalResults: number | undefined } | undefined;

  constructor(fetchPage: FetchPage<T>, options: PaginateOptions<T>) {
    checkOptions(options);
    this.#fetchPage = fetchPage;
    this.#options = options;
    this.#lookAhead = options.lookAhead ?? true;
    this.#signal = options.signal;
  }

  get complete(): boolean | undefined {
    return this.#outcome?.complete;
  }

  get totalResults(): number | undefined {
    return this.#outcome?.totalResults;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    this.#take();
    return this.#leavable(this.#resources());
  }

  pages(): AsyncIterableIterator<Page<T>, undefined> {
    this.#take();
    return this.#leavable(this.#pages());
  }

  #take(): void {
    if (this.#taken) throw new TypeError("a list can be iterated once; ask for it again");
    this.#taken = true;
  }

  async *#resources(): AsyncGenerator<T, undefined> {
    const pages = this.#pages();
    try {
      for (;;) {
        let resources = (await pages.next()).value?.Resources;
        if (resources === undefined) return undefined;
        for (let index = 0; index < resources.length; index += 1) {
          this.#signal?.throwIfAborted();
          yield resources[index] as T;
        }
        // Nothing holds a page that is through while the next one comes.
        resources = undefined;
      }
    } finally {
      await pages.return(undefined);
    }
  }

  async *#pages(): AsyncGenerator<Page<T>, undefined> {
    const abort = (): void => this.#controller.abort(this.#signal?.reason);
    this.#signal?.addEventListener("abort", abort, { once: true });
    try {
      this.#signal?.throwIfAborted();
      const { PageWalk } = await this.#whileWanted(() => import("./page-walk.ts"));
      const walk = new PageWalk(this.#options);
      this.#walk = walk;
      let page = await this.#next(walk);
      while (page !== undefined) {
        const ahead = this.#lookAhead ? this.#next(walk) : undefined;
        // Whoever leaves the loop does not wait for the page ahead, nor for its failure.
        ahead?.catch(() => {});
        yield page;
        this.#signal?.throwIfAborted();
        page = undefined;
        page = await (ahead ?? this.#next(walk));
      }
      this.#end(walk.complete);
    } catch (error) {
      if (!this.#left) throw error;
    } finally {
      this.#signal?.removeEventListener("abort", abort);
      this.#leave();
    }
    return undefined;
  }

  /** The next page that brings something. */
  async #next(walk: PageWalk<T>): Promise<Page<T> | undefined> {
    for (let request = walk.next(); request !== undefined; request = walk.next()) {
      const parameters = request;
      let page: Page<T>;
      try {
        page = await this.#whileWanted((signal) => this.#fetchPage({ ...parameters, signal }));
      } catch (error) {
        if (!walk.recover(error)) throw error;
        continue;
      }
      const given = walk.take(page);
      if (given !== undefined) return given;
    }
    return undefined;
  }

  /** Rejects as soon as the walk is aborted, whether or not the work heeds its signal. */
  async #whileWanted<V>(work: (signal: AbortSignal) => Promise<V>): Promise<V> {
    const { signal } = this.#controller;
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([work(signal), aborted.promise]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  #end(complete: boolean): void {
    this.#outcome ??= { complete, totalResults: this.#walk?.totalResults };
  }

  /** The walk is over. Where it was not at its end, the request under way is cancelled. */
  #leave(): void {
    if (this.#outcome === undefined) {
      this.#left = true;
      this.#end(false);
      this.#controller.abort();
    }
  }

  /** A generator that is left at once, also while its next value is being fetched. */
  #leavable<V>(generator: AsyncGenerator<V, undefined>): AsyncIterableIterator<V, undefined> {
    const iterator: AsyncIterableIterator<V, undefined> = {
      next: () => generator.next(),
      return: () => {
        this.#leave();
        return generator.return(undefined);
      },
      throw: (error) => {
        this.#leave();
        return generator.throw(error);
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }
}

function checkOptions({ count, limit, startIndex, maxPages, cursor }: PageWalkOptions<never>): void {
  checkNumber("count", count, 1);
  checkNumber("limit", limit, 0);
  checkNumber("startIndex", startIndex, 1);
  checkNumber("maxPages", maxPages, 1);
  if (startIndex !== undefined && cursor !== undefined) {
    throw new TypeError("a list starts at a startIndex or at a cursor, not at both (RFC 9865 §2)");
  }
}

function checkNumber(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw new TypeError(`"${name}" must be a whole number of ${least} or more (RFC 7644 §3.4.2.4)`);
}
