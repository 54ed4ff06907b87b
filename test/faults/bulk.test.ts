import { describe, expect, test } from "vitest";
import { RequestNetworkError, type BulkCallOptions } from "../../src/index.ts";
import { isJsonObject } from "../../src/json.ts";
import type { BulkOperation, BulkResult } from "../../src/protocol/bulk.ts";
import { rejection } from "../client/replay.ts";
import { badLine, LINE, type BadLine } from "./bad-line.ts";
import type { FaultPlan } from "./fault-server.ts";
import { plain, type Message } from "./message.ts";
import { found, organisationAt, type Founding } from "./organisation.ts";
import { Provider, type ProviderOptions } from "./provider.ts";

const LIMITS = { maxOperations: 100, maxPayloadSize: 65_536 };

interface Run extends BadLine {
  readonly results: readonly BulkResult[];
  /** Bulk requests, as they came. */
  readonly requests: readonly {
    readonly operations: number;
    readonly bytes: number;
    readonly failOnErrors: unknown;
  }[];
}

async function carryOut(
  { operations }: Pick<Founding, "operations">,
  plan: FaultPlan = {},
  options: BulkCallOptions = {},
  given: ProviderOptions | Provider = {},
): Promise<Run> {
  const requests: { operations: number; bytes: number; failOnErrors: unknown }[] = [];
  const look = (_: number, { path, size = 0, body }: Message) => {
    if (path !== "/Bulk" || !isJsonObject(body) || !Array.isArray(body["Operations"])) return undefined;
    requests.push({ operations: body["Operations"].length, bytes: size, failOnErrors: body["failOnErrors"] });
    return undefined;
  };
  const provider = given instanceof Provider ? given : new Provider({ bulk: LIMITS, ...given });
  const line = badLine(provider, { script: look, ...plan });
  const results = await line.scim.bulk(operations, options);
  return { ...line, results, requests };
}

/** The ids of what was created, by bulkId. */
function idsIn(results: readonly BulkResult[]): Map<string, string> {
  const ids = new Map<string, string>();
  for (const result of results) {
    const { method, bulkId } = result.operation;
    if (method === "POST" && bulkId !== undefined && result.ok && result.id !== undefined)
      ids.set(bulkId, result.id);
  }
  return ids;
}

const outcomeOf = (result: BulkResult): string => (result.ok ? "ok" : result.reason);

/** How often each outcome is among results. */
function tally(results: readonly BulkResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[outcomeOf(result)] = (counts[outcomeOf(result)] ?? 0) + 1;
  return counts;
}

describe("RFC 7644 §3.7: 5000 operations that refer to each other", () => {
  test("§3.7.4: a server that takes 100 operations and 64 KiB gets no more at a time", async () => {
    const founding = found(1000, true);
    const { results, requests, server, provider } = await carryOut(founding);
    expect(tally(results)).toEqual({ ok: 5000 });
    expect(results.map(({ index }) => index)).toEqual([...founding.operations.keys()]);
    expect(results.every(({ operation, index }) => operation === founding.operations[index])).toBe(true);
    expect(organisationAt(provider, idsIn(results))).toEqual(founding.result);
    expect(requests).toHaveLength(server.requests);
    // Both limits are reached, and neither is exceeded.
    const most = {
      operations: Math.max(...requests.map(({ operations }) => operations)),
      bytes: Math.max(...requests.map(({ bytes }) => bytes)),
    };
    expect(most.operations).toBe(100);
    expect(most.bytes).toBeGreaterThan(64_000);
    expect(most.bytes).toBeLessThanOrEqual(65_536);
    expect(requests.length).toBeLessThan(60);
  });

  test("narrower limits of the caller hold", async () => {
    const founding = found(100, true);
    const limits = { maxOperations: 20, maxPayloadSize: 10_000 };
    const { results, requests, provider } = await carryOut(founding, {}, limits);
    expect(organisationAt(provider, idsIn(results))).toEqual(founding.result);
    expect(requests.every(({ operations, bytes }) => operations <= 20 && bytes <= 10_000)).toBe(true);
  });

  const singly: ReadonlyArray<{ title: string; options: BulkCallOptions; provider: ProviderOptions }> = [
    { title: "a server without bulk gets one request for each", options: {}, provider: { bulk: false } },
    { title: "so does one with bulk, where the caller wants that", options: { strategy: "single" }, provider: {} },
  ];
  for (const { title, options, provider: given } of singly) {
    test(title, async () => {
      const founding = found(1000, false);
      const { results, requests, server, provider } = await carryOut(
        founding,
        {},
        { ...options, concurrency: 8 },
        given,
      );
      expect(tally(results)).toEqual({ ok: 5000 });
      expect(organisationAt(provider, idsIn(results))).toEqual(founding.result);
      expect([server.requests, requests.length]).toEqual([5000, 0]);
    });
  }

  for (const strategy of ["bulk", "single"] as const) {
    test(`${strategy}: what depends on a failed create is not carried out, and says why; all else is`, async () => {
      const founding = found(1000, false);
      const given = new Provider({ bulk: LIMITS });
      given.handle({ method: "POST", path: "/Users", body: { userName: "user-333" } });
      const { results, provider } = await carryOut(founding, {}, { strategy }, given);
      const lost = dependentsOf(founding.operations, "user-333");
      expect(lost.size).toBeGreaterThan(100);
      const failed = results.filter(({ ok }) => !ok);
      expect(new Set(failed.map(({ operation }) => operation))).toEqual(lost);
      const unsent = failed.filter((result) => outcomeOf(result) === "dependency");
      expect(unsent.length).toBeGreaterThan(strategy === "single" ? lost.size - 2 : 50);
      for (const result of unsent) {
        expect(result).toMatchObject({
          error: {
            status: "424",
            detail: expect.stringMatching(/: it refers to "bulkId:.*", and operation \d+ has failed \(/) as string,
          },
        });
      }
      expect(provider.all("Users").filter(({ userName }) => userName === "user-333")).toHaveLength(1);
    });
  }
});

/** The operation with a bulkId, and those that refer to what it creates, directly or through others. */
function dependentsOf(operations: readonly BulkOperation[], bulkId: string): Set<BulkOperation> {
  const missing = new Set([bulkId]);
  const dependents = new Set(operations.filter((operation) => operation.bulkId === bulkId));
  for (let grown = true; grown;) {
    grown = false;
    for (const operation of operations) {
      const mentions = JSON.stringify(operation).matchAll(/bulkId:([\w-]+)/g);
      if (dependents.has(operation) || ![...mentions].some(([, name = ""]) => missing.has(name))) continue;
      dependents.add(operation);
      if (operation.method === "POST" && operation.bulkId !== undefined) missing.add(operation.bulkId);
      grown = true;
    }
  }
  return dependents;
}

describe("RFC 7644 §3.7.3: failOnErrors counts over the whole", () => {
  /** 5000 users, of whom each 500th has the name of the first. */
  const operations = Array.from({ length: 5000 }, (_, index): BulkOperation => {
    const data = { userName: index % 500 === 0 ? "first" : `user-${index}` };
    return { method: "POST", path: "/Users", bulkId: `b${index}`, data };
  });
  const want = operations.map((_, index) => {
    if (index > 2000) return "stopped";
    return index % 500 === 0 && index > 0 ? "refused" : "ok";
  });

  test("over bulk requests", async () => {
    const { results, requests, provider } = await carryOut({ operations }, {}, { failOnErrors: 4 });
    expect(results.map(outcomeOf)).toEqual(want);
    expect(provider.all("Users")).toHaveLength(2001 - 4);
    // Each request says how many errors are left; the fourth is the first operation of the 21st.
    expect(requests.map(({ failOnErrors }) => failOnErrors)).toEqual(
      Array.from({ length: 21 }, (_, request) => 4 - Math.floor(Math.max(0, request - 1) / 5)),
    );
  });

  test("over requests for one operation each", async () => {
    const options = { failOnErrors: 4, strategy: "single", concurrency: 1 } as const;
    const { results, server, provider } = await carryOut({ operations }, {}, options);
    expect(results.map(outcomeOf)).toEqual(want);
    expect(provider.all("Users")).toHaveLength(2001 - 4);
    expect(server.requests).toBe(2001);
  });

  test("several at a time: those under way come to their end", async () => {
    const options = { failOnErrors: 4, strategy: "single", concurrency: 8 } as const;
    const { results, server, provider } = await carryOut({ operations }, {}, options);
    expect(server.requests).toBeLessThanOrEqual(2001 + 7);
    expect(tally(results)).toEqual({ ok: server.requests - 4, refused: 4, stopped: 5000 - server.requests });
    expect(provider.all("Users")).toHaveLength(server.requests - 4);
  });
});

describe("progress", () => {
  test("onResult hears each result once, as soon as its request is answered", async () => {
    const { operations } = found(100, true);
    const heard: BulkResult[] = [];
    const heardBefore: number[] = [];
    const { results, requests } = await carryOut(
      { operations },
      { script: () => void heardBefore.push(heard.length) },
      { onResult: (result) => void heard.push(result) },
    );
    expect(requests).toEqual([]);
    expect(new Set(heard)).toEqual(new Set(results));
    expect(heard).toHaveLength(500);
    expect(heardBefore[0]).toBe(0);
    expect(heardBefore.every((count, request) => request === 0 || count > (heardBefore[request - 1] ?? 0))).toBe(
      true,
    );
  });
});

describe("5000 operations that refer to each other, over a bad line", () => {
  const half = Object.fromEntries(Object.entries(LINE).map(([fault, rate]) => [fault, rate / 2]));
  const runs = [
    { strategy: "bulk", seed: 5, least: 3000 },
    { strategy: "bulk", seed: 8, least: 500 },
    { strategy: "single", seed: 2, least: 800 },
  ] as const;
  for (const { strategy, seed, least } of runs) {
    test(`${strategy}, line ${seed}: what is told of each create is true, and references lead where they should`, async () => {
      const { operations } = found(1000, false);
      const { results, provider, server } = await carryOut({ operations }, { seed, rates: half }, { strategy });
      const users = provider.all("Users").map(({ userName }) => plain(userName));
      const groups = provider.all("Groups").map(({ displayName }) => plain(displayName));
      const there = new Set([...users, ...groups]);
      // The server takes groups of the same name.
      expect(there.size).toBe(users.length + groups.length);
      const deleted = new Set(operations.map(({ method, path }) => (method === "DELETE" ? path : "")));
      const creates = results.filter(({ operation }) => operation.method === "POST");
      for (const { ok, operation, ...result } of creates) {
        const { bulkId = "" } = operation;
        if (deleted.has(`/Users/bulkId:${bulkId}`) || ("reason" in result && result.reason === "unanswered"))
          continue;
        expect([bulkId, there.has(bulkId)]).toEqual([bulkId, ok]);
      }
      const { ok = 0, unanswered = 0, ...rest } = tally(results);
      expect(ok).toBeGreaterThan(least);
      expect(unanswered).toBeGreaterThan(20);
      expect(Object.keys(rest).filter((outcome) => outcome !== "dependency" && outcome !== "stopped")).toEqual([]);
      expect(server.hasty).toBe(0);
      expect(references(provider).filter((id) => id.startsWith("bulkId:"))).toEqual([]);
    });
  }

  test("where nothing gets through, the first failure is thrown, and what was sent was heard of", async () => {
    const heard: string[] = [];
    const line = badLine({ bulk: LIMITS }, { script: () => "resetAfter" });
    const { operations } = found(100, false);
    const onResult = (result: BulkResult) => void heard.push(outcomeOf(result));
    const error = await rejection(line.scim.bulk(operations, { onResult }));
    expect(error).toBeInstanceOf(RequestNetworkError);
    expect(error).toMatchObject({ unknownOutcome: true });
    expect(line.server.requests).toBe(2);
    const created = line.provider.all("Users").length + line.provider.all("Groups").length;
    expect(heard.filter((outcome) => outcome === "unanswered")).toHaveLength(created);
  });
});

/** The ids of all managers and members. */
function references(provider: Provider): string[] {
  const { users, groups } = organisationAt(provider, new Map());
  return [...Object.values(users).map(({ manager }) => manager), ...Object.values(groups).flat()];
}
