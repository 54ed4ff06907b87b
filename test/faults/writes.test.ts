import { describe, expect, test } from "vitest";
import type { BulkCallOptions, RetryOptions } from "../../src/index.ts";
import { badLine, LINE, type BadLine } from "./bad-line.ts";
import type { ProviderOptions } from "./provider.ts";
import {
  carriedOutUnknown,
  contradictions,
  count,
  sendEach,
  sendInBulk,
  unknownMethods,
  usersFor,
  writesOf,
  type Outcome,
  type Write,
} from "./write-run.ts";

const COUNT = 1000;
const ALL_METHODS = ["DELETE", "PATCH", "POST", "PUT"];

/** What holds of every run. */
function expectTruth({ server, provider }: BadLine, outcomes: ReadonlyMap<Write, Outcome>): void {
  expect(outcomes.size).toBe(COUNT);
  expect(contradictions(outcomes, provider)).toEqual([]);
  expect(server.hasty).toBe(0);
  // The line was bad enough for the run to prove something: of what is unknown some was carried out, and some was not.
  const unknown = count(outcomes, "unknown");
  expect(carriedOutUnknown(outcomes, provider)).toBeGreaterThan(10);
  expect(carriedOutUnknown(outcomes, provider)).toBeLessThan(unknown - 10);
}

describe("1000 writes over a bad line: each is answered or reported as unknown, and none is carried out twice", () => {
  const runs: ReadonlyArray<{
    title: string;
    seed: number;
    provider?: ProviderOptions;
    retry?: RetryOptions | false;
    versioned?: boolean;
    /** Which writes can have an unknown outcome. */
    unknown: string[];
    /** Whether some are refused: for 429, and for 503 with Retry-After. */
    refused: boolean;
  }> = [
    { title: "with retries", seed: 1, unknown: ["PATCH", "POST"], refused: false },
    {
      title: "RFC 7644 §3.14: of versions",
      seed: 2,
      provider: { etag: true },
      versioned: true,
      unknown: ["PATCH", "POST", "PUT"],
      refused: false,
    },
    {
      title: "answered without the resource, with one retry each",
      seed: 3,
      provider: { terse: true },
      retry: { limit: 1, totalTimeout: 3_600_000 },
      unknown: ALL_METHODS,
      refused: true,
    },
    { title: "without retries", seed: 4, retry: false, unknown: ALL_METHODS, refused: true },
  ];
  for (const { title, seed, provider, retry, versioned = false, unknown, refused } of runs) {
    test(title, async () => {
      const options = retry === undefined ? {} : { retry };
      const line = badLine({ users: usersFor(COUNT), ...provider }, { seed, rates: LINE }, options);
      const outcomes = await sendEach(line.scim, writesOf(COUNT, { versioned }));
      expectTruth(line, outcomes);
      expect(unknownMethods(outcomes)).toEqual(unknown);
      expect(count(outcomes, "refused") > 0).toBe(refused);
    });
  }
});

describe("1000 writes in one bulk over a bad line", () => {
  const small = { maxOperations: 10, maxPayloadSize: 65_536 };
  const runs: ReadonlyArray<{
    title: string;
    seed: number;
    provider: ProviderOptions;
    options?: BulkCallOptions;
    versioned?: boolean;
    unknown: string[];
    /** More requests than there are writes. */
    single: boolean;
  }> = [
    {
      title: "RFC 7644 §3.7: in bulk requests",
      seed: 6,
      provider: { bulk: small },
      unknown: ALL_METHODS,
      single: false,
    },
    {
      title: "RFC 7644 §3.7: in bulk requests, of versions",
      seed: 7,
      provider: { bulk: small, etag: true },
      versioned: true,
      unknown: ALL_METHODS,
      single: false,
    },
    {
      title: "one by one where the server has no bulk",
      seed: 8,
      provider: { bulk: false },
      unknown: ["PATCH", "POST"],
      single: true,
    },
    {
      title: "one by one where the caller wants that, of versions, ten at a time",
      seed: 9,
      provider: { bulk: small, etag: true },
      options: { strategy: "single", concurrency: 10 },
      versioned: true,
      unknown: ["PATCH", "POST", "PUT"],
      single: true,
    },
  ];
  for (const { title, seed, provider, options = {}, versioned = false, unknown, single } of runs) {
    test(title, async () => {
      const line = badLine({ users: usersFor(COUNT), ...provider }, { seed, rates: LINE });
      const outcomes = await sendInBulk(line.scim, writesOf(COUNT, { versioned }), options);
      expectTruth(line, outcomes);
      expect(unknownMethods(outcomes)).toEqual(unknown);
      expect(count(outcomes, "refused")).toBe(0);
      expect(line.server.requests > COUNT).toBe(single);
    });
  }
});
