/**
 * Which answer of a BulkResponse belongs to which operation (RFC 7644 §3.7.3). Servers leave answers out, give them in
 * another order, and leave out what tells them apart; an answer that could belong to several operations with different
 * outcomes is given to none.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import type { BulkRequestOperation, BulkResponseOperation } from "./bulk.ts";

/**
 * Answers without what cannot tell which operation they belong to, because the server has made it up: a `bulkId` that no
 * operation has, and the endpoint alone for a `location`. Each is reported once. The answer to a POST is left as it is:
 * that was sent with a `bulkId`.
 */
export function understandAnswers(
  operations: readonly BulkRequestOperation[],
  answers: readonly BulkResponseOperation[],
  report: OnDeviation | undefined,
): BulkResponseOperation[] {
  const bulkIds = new Set(operations.map(({ bulkId }) => bulkId));
  const places = new Set(operations.map(({ path }) => place(path)));
  const endpoints = new Set(operations.map(({ path }) => place(path).split("/")[0]));
  const deviations = new Set<string>();
  const understood = answers.map((answer) => {
    const { bulkId, location, ...rest } = answer;
    if (rest.method === undefined || rest.method.toUpperCase() === "POST") return answer;
    const invented = bulkId !== undefined && !bulkIds.has(bulkId);
    const at = location === undefined ? undefined : place(location);
    const endpoint = at !== undefined && !places.has(at) && endpoints.has(at.split("/").at(-1));
    if (invented) deviations.add("a bulk response has bulkIds that no operation has");
    if (endpoint) deviations.add("the location of a bulk operation is an endpoint where a resource belongs");
    return {
      ...rest,
      ...(bulkId === undefined || invented ? {} : { bulkId }),
      ...(location === undefined || endpoint ? {} : { location }),
    };
  });
  for (const message of deviations)
    report?.({ kind: "envelope", path: "Operations", message, section: "RFC 7644 §3.7.3" });
  return understood;
}

/**
 * Pairs the operations of a request with their answers.
 *
 * - Where each answer fits the operation in its place, place decides.
 * - Else `bulkId` does; for a POST nothing else does, unless it is the only one left.
 * - Else method and `location` do, else the method alone, for as many answers as there are operations, if there is one of
 *   them or all say the same.
 *
 * @param stopped whether the server stopped before the end, so that the operations at the end have no answer.
 * @returns for each operation its answer or `undefined`.
 */
export function pairAnswers(
  operations: readonly BulkRequestOperation[],
  answers: readonly BulkResponseOperation[],
  stopped: boolean,
): (BulkResponseOperation | undefined)[] {
  const inPlace = stopped ? answers.length <= operations.length : answers.length === operations.length;
  if (inPlace && answers.every((answer, at) => fits(operations[at], answer))) {
    return operations.map((_, at) => answers[at]);
  }
  const pairs = new Pairs(operations, answers);
  pairs.match(
    ({ bulkId }) => bulkId,
    ({ bulkId }) => bulkId,
  );
  pairs.match(
    ({ method, path }) => (method === "POST" ? undefined : `${method} ${place(path)}`),
    ({ method, location, bulkId }) =>
      bulkId !== undefined || location === undefined ? undefined : `${method?.toUpperCase()} ${place(location)}`,
  );
  pairs.match(
    ({ method }) => (method === "POST" ? undefined : method),
    ({ method, location, bulkId }) =>
      bulkId !== undefined || location !== undefined ? undefined : method?.toUpperCase(),
  );
  pairs.matchLast("POST");
  return pairs.found;
}

/** Whether an answer can belong to an operation, as far as it tells. */
function fits(
  operation: BulkRequestOperation | undefined,
  { method, bulkId, location }: BulkResponseOperation,
): boolean {
  if (operation === undefined) return false;
  if (method !== undefined && method.toUpperCase() !== operation.method) return false;
  if (bulkId !== undefined || operation.method === "POST") return bulkId === operation.bulkId;
  return location === undefined || place(location) === place(operation.path);
}

type Key<T> = (value: T) => string | undefined;

class Pairs {
  readonly found: (BulkResponseOperation | undefined)[];
  readonly #operations: readonly BulkRequestOperation[];
  readonly #answers: Set<BulkResponseOperation>;

  constructor(operations: readonly BulkRequestOperation[], answers: readonly BulkResponseOperation[]) {
    this.found = operations.map(() => undefined);
    this.#operations = operations;
    this.#answers = new Set(answers);
  }

  /** Pairs what has the same key and is not paired yet, where that leaves no doubt. */
  match(ofOperation: Key<BulkRequestOperation>, ofAnswer: Key<BulkResponseOperation>): void {
    const groups = new Map<string, { readonly positions: number[]; readonly answers: BulkResponseOperation[] }>();
    for (const [at, operation] of this.#operations.entries()) {
      const key = this.found[at] === undefined ? ofOperation(operation) : undefined;
      if (key === undefined) continue;
      const group = groups.get(key) ?? { positions: [], answers: [] };
      group.positions.push(at);
      groups.set(key, group);
    }
    for (const answer of this.#answers) {
      const key = ofAnswer(answer);
      if (key !== undefined) groups.get(key)?.answers.push(answer);
    }
    for (const { positions, answers } of groups.values()) {
      // An answer that is given twice is one answer.
      const alike = answers.every(({ status }) => status === answers[0]?.status);
      if (answers.length < positions.length || !(alike || (answers.length === 1 && positions.length === 1)))
        continue;
      for (const [nth, at] of positions.entries()) this.found[at] = answers[nth];
      for (const answer of answers) this.#answers.delete(answer);
    }
  }

  /** Pairs the last operation of a method with the last answer of that method, if that answer does not tell otherwise. */
  matchLast(method: string): void {
    const positions = [...this.found.keys()].filter(
      (at) => this.found[at] === undefined && this.#operations[at]?.method === method,
    );
    const answers = [...this.#answers].filter((answer) => answer.method?.toUpperCase() === method);
    const [at, answer, operation] = [positions[0], answers[0], this.#operations[positions[0] ?? -1]];
    if (positions.length !== 1 || answers.length !== 1 || at === undefined || answer?.bulkId !== undefined) return;
    const endpoint = answer?.location === undefined ? undefined : place(answer.location).split("/")[0];
    if (endpoint === undefined || endpoint === place(operation?.path ?? "")) this.found[at] = answer;
  }
}

/** The endpoint and the id at the end of a path or of a URL, decoded. */
function place(pathOrUrl: string): string {
  const [path = ""] = pathOrUrl.split(/[?#]/, 1);
  const segments = path.split("/").filter((segment) => segment !== "");
  return segments.slice(-2).map(decoded).join("/");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
