/**
 * The operations of a bulk, one request each, for servers that have no bulk (RFC 7644 §3.7 makes it optional).
 *
 * @module
 */
import { SCIMClientError, SCIMResponseError } from "../errors.ts";
import type { BulkOperation, BulkRequestOperation, BulkResponseOperation, BulkResult } from "./bulk.ts";
import { orderOperations, predecessors } from "./bulk-order.ts";
import { type BulkEntry, isNothing, readEntries, wireOperation } from "./bulk-references.ts";
import { type BulkOptions, BulkResults, DONE } from "./bulk-results.ts";

/**
 * Carries out one operation, of which all references are replaced.
 *
 * @returns the answer: at least its status, and the location for a POST. An error may be answered or thrown.
 */
export type PerformOperation = (operation: BulkRequestOperation, index: number) => Promise<BulkResponseOperation>;

/** How to run operations one by one. */
export interface SingleOptions extends BulkOptions {
  /**
   * The most operations under way at a time, a whole number from 1. With 1, they run in the order given. Default 4, and 1
   * with `failOnErrors`: nothing behind the last error is to be carried out.
   */
  readonly concurrency?: number;
}

/**
 * Runs operations one by one. One that refers to a resource to be created runs after its creation, and operations on the
 * same resource run in their order; everything else may overtake.
 *
 * Errors of the SCIMClientError family become the result of the operation. Any other error, such as the reason of an
 * abort, ends the run: what is under way is waited for, and the promise rejects with it. So does 401 when nothing has
 * succeeded before it; later it stops the run.
 *
 * @returns a result for each operation, in the order of the operations. Operations that refer to each other in a circle
 *   have failed with `cycle`.
 * @throws {TypeError} for operations that no server can carry out: see `BulkOperation`. Before anything runs.
 */
export async function runSingly(
  operations: readonly BulkOperation[],
  perform: PerformOperation,
  options: SingleOptions = {},
): Promise<BulkResult[]> {
  const { concurrency = options.failOnErrors === undefined ? 4 : 1 } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new TypeError('"concurrency" must be a whole number of 1 or more');
  }
  return new SingleRun(readEntries(operations), perform, options).finish(concurrency);
}

/** An operation and those that wait for it. */
interface Task {
  readonly entry: BulkEntry;
  /** Its place in the order of the whole. */
  readonly place: number;
  readonly circular: boolean;
  readonly followers: Task[];
  waits: number;
}

class SingleRun {
  readonly #results: BulkResults;
  readonly #perform: PerformOperation;
  readonly #ready = new Queue();
  #succeeded = false;
  /** Why nothing more is begun. */
  #end: { readonly error: unknown; readonly unauthorised: boolean } | undefined;

  constructor(entries: readonly BulkEntry[], perform: PerformOperation, options: SingleOptions) {
    this.#results = new BulkResults(entries, options);
    this.#perform = perform;
    for (const task of makeTasks(entries)) {
      if (task.circular) this.#results.fail(task.entry, "cycle", "it refers to itself (RFC 7644 §3.7.1)");
      if (task.waits === 0) this.#ready.push(task);
    }
  }

  async finish(concurrency: number): Promise<BulkResult[]> {
    const underWay = new Set<Promise<void>>();
    for (;;) {
      const task = underWay.size < concurrency ? this.#next() : undefined;
      if (task !== undefined) {
        const work = this.#carryOut(task).finally(() => underWay.delete(work));
        underWay.add(work);
      } else if (underWay.size > 0) {
        await Promise.race(underWay);
      } else {
        break;
      }
    }
    if (this.#end === undefined) return this.#results.finish();
    if (!this.#end.unauthorised || !this.#succeeded) throw this.#end.error;
    return this.#results.finish("the server no longer accepts the credentials");
  }

  /** The next operation that can begin now; those that never can have failed. */
  #next(): Task | undefined {
    while (this.#end === undefined && !this.#results.full) {
      const task = this.#ready.pop();
      if (task === undefined) return undefined;
      if (!this.#results.has(task.entry)) {
        const obstacle = this.#results.obstacle(task.entry);
        if (obstacle === undefined) return task;
        this.#results.fail(task.entry, "dependency", obstacle);
      }
      this.#release(task);
    }
    return undefined;
  }

  /** Never rejects. */
  async #carryOut(task: Task): Promise<void> {
    const { entry } = task;
    try {
      const operation = wireOperation(entry, this.#results.idOf);
      try {
        const answer = isNothing(entry) ? DONE : await this.#perform(operation, entry.index);
        this.#results.settle(entry, operation.path, answer);
        this.#succeeded = true;
      } catch (error) {
        if (!(error instanceof SCIMClientError) || this.#results.has(entry)) throw error;
        if (error instanceof SCIMResponseError && error.status === 401) this.#end ??= { error, unauthorised: true };
        this.#results.reject(entry, error, 600);
      }
    } catch (error) {
      this.#end = this.#end?.unauthorised === false ? this.#end : { error, unauthorised: false };
    }
    this.#release(task);
  }

  #release({ followers }: Task): void {
    for (const follower of followers) {
      follower.waits -= 1;
      if (follower.waits === 0) this.#ready.push(follower);
    }
  }
}

/** A task for each operation, in the order of the whole. A circle waits for nothing: it has failed. */
function makeTasks(entries: readonly BulkEntry[]): Task[] {
  const tasks: Task[] = [];
  const byIndex: Task[] = [];
  for (const { entries: members, circular } of orderOperations(entries)) {
    for (const entry of members) {
      const task = { entry, place: tasks.length, circular, followers: [], waits: 0 };
      byIndex[entry.index] = task;
      tasks.push(task);
    }
  }
  for (const [index, waitsFor] of predecessors(entries).entries()) {
    const task = byIndex[index];
    for (const other of waitsFor) {
      if (task === undefined || task.circular) continue;
      byIndex[other]?.followers.push(task);
      task.waits += 1;
    }
  }
  return tasks;
}

/** The tasks that are ready, first those that come first in the order of the whole: a binary heap. */
class Queue {
  readonly #heap: Task[] = [];

  push(task: Task): void {
    let at = this.#heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || parent.place <= task.place) break;
      this.#heap[at] = parent;
      at = above;
    }
    this.#heap[at] = task;
  }

  pop(): Task | undefined {
    const first = this.#heap[0];
    const task = this.#heap.pop();
    if (task === undefined || task === first) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [a, b] = [this.#heap[left], this.#heap[left + 1]];
      const below = b !== undefined && a !== undefined && b.place < a.place ? left + 1 : left;
      const child = this.#heap[below];
      if (child === undefined || child.place >= task.place) break;
      this.#heap[at] = child;
      at = below;
    }
    this.#heap[at] = task;
    return first;
  }
}
