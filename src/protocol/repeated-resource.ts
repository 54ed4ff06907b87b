/**
 * Resources that come twice in a walk over pages (RFC 7644 §3.4.2.4 asks for no stable order), found in memory that does
 * not grow with the walk.
 *
 * What is remembered are the identities of two pages, the first one and the last one taken, and one run of
 * {@link RUN} resources further back. That finds:
 *
 * - a page that overlaps the page before it, as when a resource was created in front of them meanwhile;
 * - a page that came before: the page before it again, or the first page, which servers give that ignore `startIndex`;
 * - a walk that goes round in a circle of any length, at any page size (Brent's algorithm: the run is taken anew after 1,
 *   2, 4, 8, … resources, so that it lies in the circle sooner or later, and then comes by again).
 *
 * It does not find single resources that come again further apart, as from a server without any order.
 *
 * @module
 */

/** So many resources in their order mean a circle and not chance. */
const RUN = 16;

/** A page, told apart. */
export interface Sifted<T> {
  /** The resources that did not come before, in their order. */
  readonly fresh: readonly T[];
  /** How many did. */
  readonly repeated: number;
  /** Whether the walk goes round in a circle. */
  readonly circular: boolean;
  /** Whether nothing came but what the page before held. */
  readonly stalled: boolean;
  /** What to remember once the page is taken. */
  readonly memory: Memory;
}

interface Memory {
  readonly identities: ReadonlySet<string>;
  /** The text of a page of which no resource has an identity. */
  readonly text: string | undefined;
  readonly circle: Circle;
}

/** Tells the resources of a page that are new from those that came before. */
export class RepeatedResources<T> {
  readonly #identify: (resource: T) => string | undefined;
  #first: ReadonlySet<string> | undefined;
  #previous: Memory | undefined;

  /** @param identify what stays the same when a resource comes again; `undefined` where nothing does. */
  constructor(identify: (resource: T) => string | undefined) {
    this.#identify = identify;
  }

  /** How far back resources are remembered one and all. */
  get reach(): number {
    return this.#previous?.identities.size ?? 0;
  }

  /** Looks at a page without taking it. */
  sift(resources: readonly T[]): Sifted<T> {
    const identities = new Set<string>();
    const circle = new Circle(this.#previous?.circle);
    const fresh: T[] = [];
    for (const resource of resources) {
      const identity = this.#identify(resource);
      if (identity === undefined) {
        fresh.push(resource);
        continue;
      }
      if (!this.#knows(identity) && !identities.has(identity)) fresh.push(resource);
      identities.add(identity);
      circle.push(identity);
    }
    const text = resources.length > 0 && identities.size === 0 ? JSON.stringify(resources) : undefined;
    if (text !== undefined && text === this.#previous?.text) fresh.length = 0;
    const repeated = resources.length - fresh.length;
    const before = this.#previous?.identities;
    const stalled = identities.size > 0 && [...identities].every((identity) => before?.has(identity) === true);
    return { fresh, repeated, circular: circle.closed, stalled, memory: { identities, text, circle } };
  }

  /**
   * Takes the page: what comes next is compared with it, and where it brought nothing new, with the page before it as well. An
   * empty page leaves everything as it was.
   *
   * @param overlapping whether the page reaches into the one before it, so that the next page may still do so too.
   */
  take({ fresh, memory }: Sifted<T>, overlapping: boolean): void {
    if (memory.identities.size === 0 && memory.text === undefined) return;
    this.#first ??= memory.identities;
    const before = overlapping || fresh.length === 0 ? this.#previous?.identities : undefined;
    this.#previous =
      before === undefined ? memory : { ...memory, identities: new Set([...before, ...memory.identities]) };
  }

  #knows(identity: string): boolean {
    return this.#previous?.identities.has(identity) === true || this.#first?.has(identity) === true;
  }
}

/** Finds out that a sequence of identities repeats itself. */
class Circle {
  /** The run that is waited for; it grows to `RUN` first. */
  #run: string[] = [];
  /** How much of the run has come by again. */
  #matched = 0;
  #length = 0;
  #renewal = 1;
  closed = false;

  constructor(before: Circle | undefined) {
    if (before === undefined) return;
    this.#run = [...before.#run];
    this.#matched = before.#matched;
    this.#length = before.#length;
    this.#renewal = before.#renewal;
  }

  push(identity: string): void {
    this.#length += 1;
    if (this.#length === this.#renewal) {
      this.#renewal *= 2;
      this.#run = [identity];
      this.#matched = 0;
    } else if (this.#run.length < RUN) {
      this.#run.push(identity);
    } else {
      this.#matched = identity === this.#run[this.#matched] ? this.#matched + 1 : identity === this.#run[0] ? 1 : 0;
      if (this.#matched === RUN) {
        this.closed = true;
        this.#matched = 0;
      }
    }
  }
}
