/**
 * Which page to ask for next, and what to believe of the one that came (RFC 7644 §3.4.2.4, RFC 9865 §2). Pages in, requests
 * out; nothing here waits.
 *
 * A page that cannot be what was asked for is asked for once more before it is believed. The rules:
 *
 * - By index, the next page starts behind the resources received; `itemsPerPage` plays no part.
 * - The walk ends at `totalResults`, at an empty page, and at a page that brings nothing new; but where that is the page
 *   before it again, and the total is not reached, the walk passes over it, once.
 * - Servers are known to state the resources of the page as `totalResults`, or those up to its end. So a total is believed
 *   to be reached where a page before foretold it, and no page stated another; and where a page is not full, which the
 *   server would have filled. A full page without that, the first one above all, is followed by one more request. What comes
 *   behind the last resource is no deviation, whatever it says of itself, unless it is new.
 * - `totalResults` that is less than what came is not believed from then on.
 * - When `totalResults` shrinks, the resources behind it have moved forward: the walk steps back by the difference.
 * - `nextCursor` is followed whenever it comes; once it is followed, its absence alone is the end.
 *
 * @module
 */
import type { Deviation, DeviationKind, OnDeviation } from "../deviation.ts";
import { SCIMResponseError, SCIMResponseErrorObject } from "../errors.ts";
import { CursorRestart } from "./cursor-restart.ts";
import type { ListResponse } from "./messages.ts";
import { RepeatedResources, type Sifted } from "./repeated-resource.ts";

/** How a server pages, where that differs from the RFC: the paging slice of a server profile. */
export interface PagingDialect {
  /**
   * `index` asks with `startIndex` (RFC 7644 §3.4.2.4), `cursor` with `cursor` (RFC 9865), `none` asks once, without
   * either and without `count`. Whichever it is, a `nextCursor` is followed. Default `index`.
   */
  readonly method?: "index" | "cursor" | "none";
  /** The most resources that the server puts on a page; more are not asked for. 0 and absence mean that it is not known. */
  readonly maxCount?: number;
  /** The `count` that is asked for where the caller names none. Default 100. */
  readonly count?: number;
  /** Whether the first request says `startIndex=1`, which some servers need in order to page at all. Default `false`. */
  readonly firstStartIndex?: boolean;
  /** Whether the server heeds `startIndex`, so that a single page can be asked for by it. Default `true`. */
  readonly startIndex?: boolean;
  /** Whether `count=0` gives the total alone (RFC 7644 §3.4.2.4). Default `true`. */
  readonly zeroCount?: boolean;
  /** Whether `totalResults` is always right, so that a full first page that reaches it is the only one. Default `false`. */
  readonly exactTotals?: boolean;
}

/** What to ask a server for: the parameters of RFC 7644 §3.4.2.4 and RFC 9865 §2. What is absent is not sent. */
export interface PageParameters {
  /** From 1. */
  readonly startIndex?: number;
  /** Empty for the first page. */
  readonly cursor?: string;
  readonly count?: number;
}

/** How to walk. */
export interface PageWalkOptions<T> {
  /** The `count` of every request, a positive whole number. Default: the dialect's. */
  readonly count?: number;
  /** The walk ends after so many resources, a whole number from 0. Default: none. */
  readonly limit?: number;
  /** Where to start by index, from 1. Not together with `cursor`. */
  readonly startIndex?: number;
  /** Where to start by cursor; empty for the first page. Not together with `startIndex`. */
  readonly cursor?: string;
  /** How the server pages. Default: as the RFC says. */
  readonly dialect?: PagingDialect;
  /**
   * What stays the same when a resource comes twice; `undefined` where nothing does.
   * Default: `id`, together with `meta.resourceType` where that is known.
   */
  readonly identify?: (resource: T) => string | undefined;
  /** Called with every page that repeats a resource, and with totals that do not fit what came. */
  readonly onDeviation?: OnDeviation;
  /**
   * What to do when the server answers `expiredCursor` (RFC 9865 §2.1) or no longer knows a cursor it gave: `throw` that
   * error; or `restart`, which reads the list again, passes over the resources that were read before, makes sure by a
   * digest that they are the same ones in the same order, and throws the error if they are not. Default `throw`.
   */
  readonly onExpiredCursor?: "throw" | "restart";
  /** The most requests of one walk: a guard against servers that never end. The list is then not complete. Default 1,000,000. */
  readonly maxPages?: number;
}

/** So many empty pages in a row, each with a cursor for the next, are followed. */
const MOST_EMPTY_PAGES = 1000;

/** One walk over the pages of a list. */
export class PageWalk<T> {
  readonly #options: PageWalkOptions<T>;
  readonly #dialect: PagingDialect;
  readonly #repeats: RepeatedResources<T>;
  readonly #restart: CursorRestart<T> | undefined;
  readonly #maxPages: number;
  #method: "index" | "cursor" | "none";
  #count: number | undefined;
  /** Where the next page starts. */
  #startIndex: number;
  #cursor: string;
  #requests = 0;
  #pages = 0;
  #previousLength = 0;
  #emptyPages = 0;
  /** Resources received, repeats apart. */
  #received = 0;
  #total: number | undefined;
  /** Whether no page stated another total than the one before. */
  #totalsAgree = true;
  #totalBelieved = true;
  #startIndexBelieved = true;
  #shrinkingBelieved = true;
  #circleDoubted = false;
  #stalled = false;
  /** The page is asked for once more. */
  #again = false;
  /** So many resources of the page asked for are known to have come before. */
  #overlap = 0;
  /** The page asked for lies behind `totalResults`. */
  #beyond = false;
  #ended = false;
  #partial = false;

  /** @param options checked: every number is of its range, and `startIndex` and `cursor` are not both given. */
  constructor(options: PageWalkOptions<T>) {
    this.#options = options;
    this.#dialect = options.dialect ?? {};
    const identify = options.identify ?? identity;
    this.#repeats = new RepeatedResources(identify);
    this.#restart = options.onExpiredCursor === "restart" ? new CursorRestart(identify) : undefined;
    this.#maxPages = options.maxPages ?? 1_000_000;
    this.#method =
      options.cursor === undefined
        ? options.startIndex === undefined
          ? (this.#dialect.method ?? "index")
          : "index"
        : "cursor";
    this.#startIndex = options.startIndex ?? 1;
    this.#cursor = options.cursor ?? "";
    this.#count = this.#method === "none" ? undefined : this.#firstCount();
    if (options.limit === 0) this.#end(true);
  }

  /**
   * Whether everything came: the walk has ended, by what the server said, after at least `totalResults` resources where
   * the server gave a total, and no page overlapped another.
   */
  get complete(): boolean {
    return this.#ended && !this.#partial && !this.#short;
  }

  /** The total that the server stated last. */
  get totalResults(): number | undefined {
    return this.#total;
  }

  /** What to ask for next; `undefined` when the walk has ended. */
  next(): PageParameters | undefined {
    if (!this.#ended && this.#requests >= this.#maxPages) this.#end(true);
    if (this.#ended) return undefined;
    this.#requests += 1;
    if (this.#method === "none") return {};
    // RFC 9865 §2: all parameters but the cursor stay as they were. So does count by index, for the sake of servers that
    // round startIndex down to a multiple of it.
    const count = this.#count === undefined ? {} : { count: this.#count };
    if (this.#method === "cursor") return { cursor: this.#cursor, ...count };
    const { startIndex } = this.#options;
    const implied = this.#pages === 0 && startIndex === undefined && this.#dialect.firstStartIndex !== true;
    return { ...(implied ? {} : { startIndex: this.#startIndex }), ...count };
  }

  /**
   * Takes the page that came.
   *
   * @returns the page with the resources that are new; `undefined` when there is nothing to give on.
   */
  take(page: ListResponse<T>): ListResponse<T> | undefined {
    const nextCursor = page.nextCursor === "" ? undefined : page.nextCursor;
    const resources = this.#restart === undefined ? page.Resources : this.#restart.pass(page.Resources);
    if (this.#restart?.rereading === true) {
      if (nextCursor === undefined) this.#restart.end();
      else this.#cursor = nextCursor;
      return undefined;
    }
    const sifted = this.#repeats.sift(resources);
    if (this.#doubts(page, resources.length, sifted)) return undefined;
    this.#repeats.take(sifted, this.#overlap > 0);
    this.#restart?.take(resources);
    this.#pages += 1;
    // Behind the last resource servers give nothing, or resources again, and count what they give.
    const echo = this.#beyond && sifted.fresh.length === 0;
    if (sifted.repeated > 0 && this.#overlap === 0 && !echo) {
      this.#report(
        "repeatedResource",
        "",
        `page ${this.#pages} repeats ${sifted.repeated} resources; they are left out`,
      );
      this.#partial = true;
    }
    if (sifted.circular && !this.#beyond) this.#partial = true;
    const { fresh } = sifted;
    const foretold = this.#total !== undefined;
    if (!echo) this.#state(page.totalResults);
    this.#received += fresh.length;
    const step = {
      length: resources.length,
      foretold: foretold && this.#totalsAgree,
      barren: fresh.length === 0 || sifted.circular,
      stalled: sifted.stalled && !sifted.circular,
    };
    if (nextCursor !== undefined || this.#inCursors(step.length)) this.#advanceByCursor(step, nextCursor);
    else this.#advanceByIndex(step);
    this.#previousLength = step.length;
    const wanted = this.#limited(fresh);
    if (this.#ended && !this.#partial && this.#short) {
      this.#report(
        "totalResults",
        "totalResults",
        `the list ended after ${this.#received} resources of ${this.#total}`,
      );
    }
    if (wanted.length === 0 && this.#pages > 1) return undefined;
    return wanted.length === page.Resources.length ? page : { ...page, Resources: [...wanted] };
  }

  /** Whether the walk goes on after a page was refused with this error. */
  recover(error: unknown): boolean {
    // Some servers refuse a startIndex behind the last resource.
    if (this.#beyond && error instanceof SCIMResponseError && error.status >= 400 && error.status < 500) {
      this.#end(false);
      return true;
    }
    if (this.#method === "cursor" && this.#cursor !== "" && this.#restart?.begin(error) === true) {
      this.#cursor = this.#options.cursor ?? "";
      return true;
    }
    // RFC 9865 §2.1: the count is ours, and without one the server takes its own.
    if (
      this.#requests === 1 &&
      this.#options.count === undefined &&
      this.#count !== undefined &&
      error instanceof SCIMResponseErrorObject &&
      error.scimType === "invalidCount"
    ) {
      this.#count = undefined;
      return true;
    }
    return false;
  }

  /** Whether the page cannot be the one asked for, so that it is asked for again. What comes then is taken as it is. */
  #doubts(page: ListResponse<T>, length: number, { fresh, circular }: Sifted<T>): boolean {
    const repeats = (length > 0 && fresh.length === 0) || (circular && !this.#circleDoubted);
    const byIndex = this.#method === "index" && page.nextCursor === undefined;
    const total = byIndex && this.#totalBelieved && !this.#beyond ? this.#total : undefined;
    const shrunk = (total ?? 0) - (page.totalResults ?? Infinity);
    const elsewhere = byIndex && this.#isElsewhere(page.startIndex, length);
    if (this.#beyond && (fresh.length === 0 || !elsewhere)) return false;
    if (this.#pages === 0 && !elsewhere) return (this.#again = false);
    if (this.#again) {
      this.#again = false;
      if (this.#overlap > 0) this.#shrinkingBelieved = fresh.length > 0;
      if (elsewhere) this.#startIndexBelieved = false;
      if (shrunk > 0) this.#partial = true;
      return false;
    }
    if (shrunk > 0 && this.#shrinkingBelieved) {
      if (shrunk <= this.#repeats.reach && shrunk < this.#startIndex) {
        this.#startIndex -= shrunk;
        this.#overlap = shrunk;
        this.#state(page.totalResults);
        return (this.#again = true);
      }
      this.#partial = true;
    }
    const asked = `the page at ${byIndex ? `startIndex ${this.#startIndex}` : "a new cursor"}`;
    if (elsewhere && this.#startIndexBelieved) {
      this.#report("envelope", "startIndex", `${asked} says that it starts at ${page.startIndex}`);
      return (this.#again = true);
    }
    if (total !== undefined && total < this.#startIndex) return false;
    if (circular) this.#circleDoubted = true;
    if (repeats) this.#report("repeatedResource", "", `${asked} brings nothing new; it is asked for again`);
    this.#again = repeats || (total !== undefined && length === 0);
    return this.#again;
  }

  /** Whether a page starts elsewhere, by its own word. Of the first page and of an empty one servers say 0 and 1 at will. */
  #isElsewhere(stated: number | undefined, length: number): boolean {
    if (stated === undefined) return false;
    return this.#pages > 0 && length > 0 ? stated !== this.#startIndex : stated > this.#startIndex;
  }

  /** Whether a page without `nextCursor` ends a walk by cursor. A server that knows no cursors ignores an empty one. */
  #inCursors(length: number): boolean {
    if (this.#method !== "cursor") return false;
    const ignored = this.#pages === 1 && this.#cursor === "" && this.#total !== undefined && this.#total > length;
    if (ignored) this.#method = "index";
    return !ignored;
  }

  #advanceByCursor(step: Step, nextCursor: string | undefined): void {
    this.#method = "cursor";
    this.#beyond = false;
    this.#emptyPages = step.length === 0 ? this.#emptyPages + 1 : 0;
    if (this.#totalBelieved && this.#total !== undefined && this.#received > this.#total) this.#disbelieve();
    if (nextCursor === undefined) this.#end(false);
    else if ((step.length > 0 && step.barren) || this.#emptyPages > MOST_EMPTY_PAGES) this.#end(true);
    else this.#cursor = nextCursor;
  }

  #advanceByIndex(step: Step): void {
    const last = this.#startIndex + step.length - 1;
    const overlapped = this.#overlap > 0;
    this.#overlap = 0;
    this.#beyond = false;
    this.#startIndex = last + 1;
    const total = this.#totalBelieved ? this.#total : undefined;
    // A page that was left out before shifts those behind it: this one came in its place.
    const passable = step.stalled && !this.#stalled && total !== undefined && last < total;
    this.#stalled = step.stalled;
    if (this.#method === "none" || step.length === 0) return this.#end(false);
    if (step.barren && !overlapped && !passable) return this.#end(false);
    if (total === undefined || last < total) return;
    if (last > total) return this.#disbelieve();
    const full = step.length === this.#count || (this.#pages > 1 && step.length === this.#previousLength);
    const doubtful = this.#pages === 1 ? total === step.length : !step.foretold;
    if (full && doubtful && this.#dialect.exactTotals !== true) this.#beyond = true;
    else this.#end(false);
  }

  #state(total: number | undefined): void {
    if (total === undefined) return;
    if (this.#total !== undefined && this.#total !== total) this.#totalsAgree = false;
    this.#total = total;
  }

  #disbelieve(): void {
    this.#totalBelieved = false;
    this.#report("totalResults", "totalResults", `totalResults is ${this.#total}, and more came; it is ignored`);
  }

  /** What of the new resources the caller gets, and the end of the walk where that is all the caller wants. */
  #limited(fresh: readonly T[]): readonly T[] {
    const { limit } = this.#options;
    if (limit === undefined || this.#received < limit) return fresh;
    const excess = this.#received - limit;
    this.#end(excess > 0 || !(this.#ended || this.#beyond));
    return fresh.slice(0, fresh.length - excess);
  }

  /** Whether fewer resources came than the server said that there are. */
  get #short(): boolean {
    if (this.#total === undefined || !this.#totalBelieved || (this.#options.cursor ?? "") !== "") return false;
    return (this.#options.startIndex ?? 1) - 1 + this.#received < this.#total;
  }

  #firstCount(): number {
    const { count, limit } = this.#options;
    const most = this.#dialect.maxCount ?? 0;
    const wanted = Math.min(
      count ?? this.#dialect.count ?? 100,
      limit === undefined || limit === 0 ? Infinity : limit,
    );
    return most > 0 ? Math.min(wanted, most) : wanted;
  }

  #end(partial: boolean): void {
    this.#ended = true;
    if (partial) this.#partial = true;
  }

  #report(kind: DeviationKind, path: string, message: string): void {
    const section = this.#method === "cursor" ? "RFC 9865 §2" : "RFC 7644 §3.4.2.4";
    const deviation: Deviation = { kind, path, message, section };
    this.#options.onDeviation?.(deviation);
  }
}

/** What came, as far as the next step depends on it. */
interface Step {
  /** How many resources came. */
  readonly length: number;
  /** A page before it stated the total, and no page another one. */
  readonly foretold: boolean;
  /** Nothing new came. */
  readonly barren: boolean;
  /** The page before it came again. */
  readonly stalled: boolean;
}

/** RFC 7643 §3.1 makes `id` unique among all resources of a server; servers make it unique in its resource type. */
function identity(resource: unknown): string | undefined {
  if (typeof resource !== "object" || resource === null || !("id" in resource)) return undefined;
  const { id } = resource;
  if (typeof id !== "string") return undefined;
  const meta = "meta" in resource ? resource.meta : undefined;
  const type = typeof meta === "object" && meta !== null && "resourceType" in meta ? meta.resourceType : undefined;
  return typeof type === "string" ? `${type} ${id}` : id;
}
