import {
  patch,
  RequestNetworkError,
  SCIMClientError,
  SCIMResponseError,
  type BulkCallOptions,
  type SCIMClient,
} from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import type { BulkOperation, BulkResult } from "../../src/protocol/bulk.ts";
import { USER } from "../client/replay.ts";
import { randomNumbers } from "./fault-server.ts";
import type { Execution, Provider } from "./provider.ts";

const Person = User.with(EnterpriseUser);

/** One of many writes, none of which depends on another. */
export interface Write {
  /** As the provider names it. */
  readonly name: string;
  readonly operation: BulkOperation;
  readonly send: (scim: SCIMClient) => Promise<unknown>;
}

/**
 * What a caller knows of a write. `done`: it was carried out. `refused`: it was not. `unknown`: it may have been carried
 * out. Anything else is an error that does not belong here.
 */
export type Outcome = "done" | "refused" | "unknown" | Error;

/** How many users have to be there for so many writes. */
export function usersFor(writes: number): number {
  return Math.ceil((writes * 3) / 4);
}

/** As many creates as replaces, modifications and deletions, in any order, each on a resource of its own. */
export function writesOf(total: number, options: { readonly versioned: boolean }): Write[] {
  const random = randomNumbers(total);
  const shuffled = Array.from({ length: total }, (_, number) => ({ number, place: random() }));
  shuffled.sort((a, b) => a.place - b.place);
  return shuffled.map(({ number }) => writeOf(number, options.versioned));
}

function writeOf(number: number, versioned: boolean): Write {
  const name = `write-${number}`;
  const id = `u${Math.floor(number / 4) * 3 + (number % 4)}`;
  const path = `/Users/${id}`;
  const version = versioned ? { version: 'W/"1"' } : {};
  const before = { schemas: [USER], id, userName: `user-${id.slice(1)}`, meta: { ...version } };
  const changes = patch(Person).replace("displayName", name);
  switch (number % 4) {
    case 0: {
      // The server takes groups of the same name, so that one that is sent twice is there twice.
      const data = { displayName: name };
      return {
        name,
        operation: { method: "POST", path: "/Groups", bulkId: name, data },
        send: (scim) => scim.create(Group, data),
      };
    }
    case 1: {
      const data = { ...before, displayName: name };
      return {
        name,
        operation: { method: "PUT", path, ...version, data },
        send: (scim) => scim.replace(Person, data),
      };
    }
    case 2:
      return {
        name,
        operation: { method: "PATCH", path, ...version, data: changes },
        send: (scim) => scim.modify(Person, before, changes),
      };
    default:
      return {
        name: `DELETE ${path}`,
        operation: { method: "DELETE", path, ...version },
        send: (scim) => scim.delete(Person, before),
      };
  }
}

/** Sends writes one by one, four at a time. */
export async function sendEach(scim: SCIMClient, writes: readonly Write[]): Promise<Map<Write, Outcome>> {
  const outcomes = new Map<Write, Outcome>();
  const waiting = writes.values();
  const work = async (): Promise<void> => {
    for (const write of waiting) outcomes.set(write, await outcomeOf(write.send(scim)));
  };
  await Promise.all([work(), work(), work(), work()]);
  return outcomes;
}

async function outcomeOf(sending: Promise<unknown>): Promise<Outcome> {
  try {
    await sending;
    return "done";
  } catch (error) {
    if (error instanceof RequestNetworkError || error instanceof SCIMResponseError) {
      return error.unknownOutcome ? "unknown" : "refused";
    }
    return error instanceof Error ? error : new Error("it was rejected with no error", { cause: error });
  }
}

/** Sends writes by `bulk`. What it has not begun, because too much went wrong in a row, is sent again. */
export async function sendInBulk(
  scim: SCIMClient,
  writes: readonly Write[],
  options: BulkCallOptions,
): Promise<Map<Write, Outcome>> {
  const outcomes = new Map<Write, Outcome>();
  const hear = (sent: readonly Write[]) => (result: BulkResult) => {
    const write = sent[result.index];
    if (write !== undefined && (result.ok || result.reason !== "stopped")) outcomes.set(write, outcomeIn(result));
  };
  for (let round = 1; round <= 20 && outcomes.size < writes.length; round += 1) {
    const left = writes.filter((write) => !outcomes.has(write));
    const operations = left.map(({ operation }) => operation);
    try {
      // What is sent depends on what became of the round before.
      // oxlint-disable-next-line no-await-in-loop
      await scim.bulk(operations, { ...options, onResult: hear(left) });
    } catch (error) {
      // The first requests were lost, and their writes heard of.
      if (!(error instanceof SCIMClientError)) throw error;
    }
  }
  return outcomes;
}

function outcomeIn(result: BulkResult): Outcome {
  if (result.ok) return "done";
  return result.reason === "unanswered" ? "unknown" : "refused";
}

/** How the outcomes that were told differ from what the provider has done, as sentences. */
export function contradictions(outcomes: ReadonlyMap<Write, Outcome>, provider: Provider): string[] {
  const never: Execution = { times: 0, changes: 0 };
  const found: string[] = [];
  for (const [{ name, operation }, outcome] of outcomes) {
    const { times, changes } = provider.executions.get(name) ?? never;
    const told = `${operation.method} ${name} is told to be ${outcome instanceof Error ? outcome.message : outcome}`;
    if (outcome instanceof Error) found.push(told);
    else if (outcome === "done" && changes !== 1) found.push(`${told}, and was carried out ${changes} times`);
    else if (outcome === "refused" && times > 0) found.push(`${told}, and was carried out`);
    // What is idempotent may come again, and then changes nothing.
    else if (changes > 1 || (times > 1 && operation.method !== "PUT"))
      found.push(`${told}, and came ${times} times`);
  }
  return found;
}

/** How many writes have an outcome. */
export function count(outcomes: ReadonlyMap<Write, Outcome>, wanted: Outcome): number {
  return [...outcomes.values()].filter((outcome) => outcome === wanted).length;
}

/** The methods of the writes whose outcome is unknown, each once, in the order of the alphabet. */
export function unknownMethods(outcomes: ReadonlyMap<Write, Outcome>): string[] {
  const unknown = [...outcomes].filter(([, outcome]) => outcome === "unknown");
  return [...new Set(unknown.map(([{ operation }]) => operation.method))].sort();
}

/** How many of the writes of unknown outcome were carried out. */
export function carriedOutUnknown(outcomes: ReadonlyMap<Write, Outcome>, provider: Provider): number {
  const unknown = [...outcomes].filter(([, outcome]) => outcome === "unknown");
  return unknown.filter(([{ name }]) => provider.executions.has(name)).length;
}
