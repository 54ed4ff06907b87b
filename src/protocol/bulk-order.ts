/**
 * The order in which the operations of a bulk are carried out (RFC 7644 §3.7): as given, but that an operation waits for
 * those that create what it refers to.
 *
 * @module
 */
import type { BulkEntry } from "./bulk-references.ts";

/** Operations that belong together in one request: a single one, or a circle of POSTs that refer to each other. */
export interface BulkUnit {
  /** In the order given. */
  readonly entries: readonly [BulkEntry, ...BulkEntry[]];
  /** Whether an operation refers to itself, directly or through the others. */
  readonly circular: boolean;
}

/** A unit and the units before which it has to wait. */
interface Node {
  readonly unit: BulkUnit;
  readonly followers: Node[];
  waits: number;
  /** Its turn has come, and it waits. */
  due: boolean;
}

/**
 * Puts operations in order, in time linear in their number and in that of their references. Operations on the same
 * resource keep their order.
 */
export function orderOperations(entries: readonly BulkEntry[]): BulkUnit[] {
  const { nodes, nodeOf } = makeNodes(entries);
  connect(entries, nodeOf);
  const order: BulkUnit[] = [];
  for (const node of nodes) {
    node.due = true;
    if (node.waits > 0) continue;
    const ready = [node];
    for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
      order.push(next.unit);
      for (const follower of next.followers.toReversed()) {
        follower.waits -= 1;
        if (follower.waits === 0 && follower.due) ready.push(follower);
      }
    }
  }
  return order;
}

/**
 * The operations that each one must wait for, when they run one by one: those that create what it refers to, and the one
 * before it on the same resource.
 */
export function predecessors(entries: readonly BulkEntry[]): ReadonlySet<number>[] {
  const last = new Map<string, number>();
  return entries.map(({ index, operation, creates }) => {
    if (operation.method === "POST") return creates;
    const before = last.get(operation.path);
    last.set(operation.path, index);
    return before === undefined ? creates : new Set([...creates, before]);
  });
}

function makeNodes(entries: readonly BulkEntry[]): { nodes: Node[]; nodeOf: Node[] } {
  const circles = findCircles(entries);
  const nodes: Node[] = [];
  const nodeOf: Node[] = [];
  for (const entry of entries) {
    if (nodeOf[entry.index] !== undefined) continue;
    const [first, ...others] = circles.get(entry.index) ?? [entry];
    const unit = { entries: [first ?? entry, ...others], circular: circles.has(entry.index) } satisfies BulkUnit;
    const node = { unit, followers: [], waits: 0, due: false };
    for (const each of unit.entries) nodeOf[each.index] = node;
    nodes.push(node);
  }
  return { nodes, nodeOf };
}

function connect(entries: readonly BulkEntry[], nodeOf: readonly Node[]): void {
  for (const [index, waitsFor] of predecessors(entries).entries()) {
    const node = nodeOf[index];
    for (const other of waitsFor) {
      const before = nodeOf[other];
      if (node === undefined || before === undefined || before === node) continue;
      before.followers.push(node);
      node.waits += 1;
    }
  }
}

/** The circles, each under the positions of all its operations. */
function findCircles(entries: readonly BulkEntry[]): ReadonlyMap<number, readonly BulkEntry[]> {
  // In most bulks every reference leads back, and none of them in a circle.
  if (entries.every(({ index, creates }) => [...creates].every((create) => create < index))) return new Map();
  return new CircleSearch(entries).circles;
}

/** Tarjan's search for strongly connected components, without recursion. */
class CircleSearch {
  readonly circles = new Map<number, readonly BulkEntry[]>();
  readonly #entries: readonly BulkEntry[];
  /** When an operation was visited first. */
  readonly #visited: number[] = [];
  /** The earliest operation, by visit, that it leads back to. */
  readonly #earliest: number[] = [];
  readonly #open: BulkEntry[] = [];
  readonly #isOpen: boolean[] = [];
  #visits = 0;

  constructor(entries: readonly BulkEntry[]) {
    this.#entries = entries;
    for (const entry of entries) if (this.#visited[entry.index] === undefined) this.#search(entry);
  }

  #search(root: BulkEntry): void {
    const trail = [this.#visit(root)];
    for (let step = trail.at(-1); step !== undefined; step = trail.at(-1)) {
      const { entry, creates } = step;
      const { value: index, done } = creates.next();
      const next = done === true ? undefined : this.#entries[index];
      if (next === undefined) {
        trail.pop();
        const from = trail.at(-1)?.entry;
        if (from !== undefined) this.#leadsTo(from, this.#earliest[entry.index]);
        if (this.#earliest[entry.index] === this.#visited[entry.index]) this.#close(entry);
      } else if (this.#visited[next.index] === undefined) {
        trail.push(this.#visit(next));
      } else if (this.#isOpen[next.index] === true) {
        this.#leadsTo(entry, this.#visited[next.index]);
      }
    }
  }

  #visit(entry: BulkEntry): { readonly entry: BulkEntry; readonly creates: Iterator<number, undefined> } {
    this.#visited[entry.index] = this.#earliest[entry.index] = this.#visits;
    this.#visits += 1;
    this.#open.push(entry);
    this.#isOpen[entry.index] = true;
    return { entry, creates: entry.creates.values() };
  }

  #leadsTo({ index }: BulkEntry, visit: number | undefined): void {
    this.#earliest[index] = Math.min(this.#earliest[index] ?? Infinity, visit ?? Infinity);
  }

  #close(root: BulkEntry): void {
    const members: BulkEntry[] = [];
    for (let member = this.#open.pop(); member !== undefined; member = this.#open.pop()) {
      this.#isOpen[member.index] = false;
      members.push(member);
      if (member === root) break;
    }
    if (members.length === 1 && !root.creates.has(root.index)) return;
    members.sort((a, b) => a.index - b.index);
    for (const { index } of members) this.circles.set(index, members);
  }
}
