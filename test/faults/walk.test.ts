import { describe, expect, test } from "vitest";
import {
  RequestNetworkError,
  SCIMResponseErrorObject,
  type DeviationKind,
  type ListOptions,
} from "../../src/index.ts";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import { badLine, LINE } from "./bad-line.ts";
import type { FaultPlan, FaultServer } from "./fault-server.ts";
import type { ProviderOptions } from "./provider.ts";
import { virtualClock, type VirtualClock } from "./virtual-clock.ts";

const Person = User.with(EnterpriseUser);

interface Walk {
  readonly ids: string[];
  readonly complete: boolean | undefined;
  readonly totalResults: number | undefined;
  /** The kinds of what was reported, each once. */
  readonly reported: ReadonlySet<DeviationKind>;
  readonly error: unknown;
  readonly server: FaultServer;
}

async function walk(
  given: ProviderOptions,
  plan: FaultPlan,
  options: Omit<ListOptions, "checkResponsePayload"> = {},
  clock: VirtualClock = virtualClock(),
): Promise<Walk> {
  const { scim, server, deviations } = badLine(given, plan, {}, clock);
  const list = scim.list(Person, options);
  const ids: string[] = [];
  let error: unknown;
  try {
    for await (const { id } of list) ids.push(id);
  } catch (thrown) {
    error = thrown;
  }
  const { complete, totalResults } = list;
  return { ids, complete, totalResults, reported: new Set(deviations.map(({ kind }) => kind)), error, server };
}

const idsTo = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index + 1}`);

const ALL = idsTo(10_000);
const WRONG_PAGES = { duplicatedPage: 0.08, skippedPage: 0.08, noTotal: 0.05 } as const;

describe("RFC 7644 §3.4.2.4: a walk over 10,000 users behind a bad line loses and repeats nothing", () => {
  const walks: ReadonlyArray<{
    title: string;
    provider?: ProviderOptions;
    plan: FaultPlan;
    options?: Omit<ListOptions, "checkResponsePayload">;
    reported: DeviationKind[];
  }> = [
    {
      title: "by index, with pages that come twice and pages left out",
      plan: { rates: { ...LINE, ...WRONG_PAGES } },
      reported: ["envelope"],
    },
    {
      title: "by index, in pages of 37",
      plan: { seed: 2, rates: { ...LINE, ...WRONG_PAGES } },
      options: { count: 37 },
      reported: ["envelope"],
    },
    {
      title: "RFC 7644 §3.4.3: by POST to /.search",
      plan: { seed: 3, rates: { ...LINE, ...WRONG_PAGES } },
      options: { via: "search" },
      reported: ["envelope"],
    },
    {
      title: "where pages do not say where they start, and come twice",
      plan: { seed: 4, rates: { ...LINE, duplicatedPage: 0.2 }, startIndexes: false },
      reported: ["repeatedResource"],
    },
    {
      title: "where there are no totals",
      plan: { seed: 5, rates: { ...LINE, ...WRONG_PAGES }, total: () => undefined },
      reported: ["envelope"],
    },
    {
      title: "where totals are too small",
      plan: { seed: 6, rates: { ...LINE, ...WRONG_PAGES }, total: () => 7 },
      reported: ["envelope", "totalResults"],
    },
    {
      title: "where each page counts itself alone",
      plan: { seed: 7, rates: LINE, total: () => 100 },
      reported: ["totalResults"],
    },
    {
      title: "RFC 9865 §2: by cursor, with pages that come twice",
      provider: { cursors: true },
      plan: { seed: 8, rates: { ...LINE, duplicatedPage: 0.1, noTotal: 0.1 } },
      options: { cursor: "" },
      reported: ["repeatedResource"],
    },
    {
      title: "RFC 9865 §2.1: by cursor, of which one expires half-way and one near the end",
      provider: { cursors: true },
      plan: {
        seed: 9,
        rates: LINE,
        script: (_, { query }) => (EXPIRING.delete(query?.get("cursor") ?? "") ? "expiredCursor" : undefined),
      },
      options: { cursor: "", onExpiredCursor: "restart" },
      reported: [],
    },
  ];
  const EXPIRING = new Set([5001, 9901].map((position) => `p&=+%2F ${position.toString(36)}`));
  for (const { title, provider, plan, options, reported } of walks) {
    test(title, async () => {
      const done = await walk({ users: 10_000, ...provider }, plan, options);
      expect(done.error).toBeUndefined();
      expect(done.ids).toEqual(ALL);
      expect(done.complete).toBe(true);
      expect(done.reported).toEqual(new Set(reported));
      expect(done.server.struck).toBeGreaterThan(20);
      expect(done.server.hasty).toBe(0);
    });
  }
});

describe("what the server keeps back is reported, and the list is not complete", () => {
  const walks: ReadonlyArray<{ title: string; provider?: ProviderOptions; plan: FaultPlan; missing: string[] }> = [
    {
      title: "resources that are on no page",
      plan: { rates: LINE, withheld: (id) => id.endsWith("77") },
      missing: ALL.filter((id) => id.endsWith("77")),
    },
    {
      title: "a page without any, which ends the list",
      plan: { rates: LINE, withheld: (id) => /^u50\d\d$/.test(id) },
      missing: ALL.slice(4999),
    },
    {
      title: "a page left out, where pages do not say where they start",
      plan: {
        rates: LINE,
        startIndexes: false,
        script: (_, { query }) => (query?.get("startIndex") === "5001" ? "skippedPage" : undefined),
      },
      missing: ALL.slice(5000, 5100),
    },
    {
      title: "a page left out between two cursors",
      provider: { cursors: true },
      plan: {
        rates: LINE,
        script: (_, { query }) => (query?.get("cursor")?.endsWith(" 3ux") ? "skippedPage" : undefined),
      },
      missing: ALL.slice(5000, 5100),
    },
  ];
  for (const { title, provider, plan, missing } of walks) {
    test(title, async () => {
      const options = provider?.cursors === true ? { cursor: "" } : {};
      const done = await walk({ users: 10_000, ...provider }, plan, options);
      const came = new Set(done.ids);
      expect(ALL.filter((id) => !came.has(id))).toEqual(missing);
      expect(came.size).toBe(done.ids.length);
      expect(done.complete).toBe(false);
      expect(done.totalResults).toBe(10_000);
      expect([...done.reported]).not.toEqual([]);
    });
  }

  test("totals that are too large look like that, and everything came all the same", async () => {
    const done = await walk({ users: 10_000 }, { rates: LINE, total: (total) => total + 5 });
    expect(done.ids).toEqual(ALL);
    expect(done.complete).toBe(false);
    expect(done.reported).toEqual(new Set(["totalResults"]));
  });
});

describe("a walk that ends in an error gives what came before", () => {
  test("RFC 9865 §2.1: an expired cursor", async () => {
    const done = await walk(
      { users: 10_000, cursors: true },
      { script: (request) => (request === 8 ? "expiredCursor" : undefined) },
      { cursor: "" },
    );
    expect(done.error).toBeInstanceOf(SCIMResponseErrorObject);
    expect(done.error).toMatchObject({ scimType: "expiredCursor" });
    expect(done.ids).toEqual(idsTo(700));
    expect(done.complete).toBe(false);
  });

  test("a line that stays broken", async () => {
    const done = await walk({ users: 10_000 }, { script: (request) => (request >= 8 ? "reset" : undefined) });
    expect(done.error).toBeInstanceOf(RequestNetworkError);
    expect(done.error).toMatchObject({ reason: "connection", unknownOutcome: false });
    expect(done.ids).toEqual(idsTo(700));
    expect(done.complete).toBe(false);
    expect(done.server.requests).toBe(7 + 13);
  });
});

describe("many bad lines: nothing comes twice, and a list that says that it is complete is", () => {
  const rates = { ...LINE, duplicatedPage: 0.1 };
  const lying = { ...rates, skippedPage: 0.1, smallTotal: 0.05, largeTotal: 0.05, noTotal: 0.05 };
  const plans: ReadonlyArray<{ title: string; cursors: boolean; plan: FaultPlan; whole: boolean }> = [
    { title: "by index", cursors: false, plan: { rates: lying }, whole: true },
    {
      title: "by index without totals",
      cursors: false,
      plan: { rates: lying, total: () => undefined },
      whole: true,
    },
    { title: "by index, of unknown start", cursors: false, plan: { rates, startIndexes: false }, whole: true },
    { title: "by cursor", cursors: true, plan: { rates: { ...lying, skippedPage: 0 } }, whole: true },
    {
      title: "by cursor, pages left out",
      cursors: true,
      plan: { rates: { ...LINE, skippedPage: 0.05 } },
      whole: false,
    },
  ];
  for (const { title, cursors, plan, whole } of plans) {
    test(title, async () => {
      const clock = virtualClock();
      for (let seed = 1; seed <= 50; seed += 1) {
        const users = seed % 2 === 0 ? 200 : 205;
        const options = cursors ? { cursor: "" } : {};
        // One after the other: they share a clock.
        // oxlint-disable-next-line no-await-in-loop
        const { ids, complete } = await walk({ users, maxResults: 10, cursors }, { ...plan, seed }, options, clock);
        expect([seed, ids]).toEqual([seed, whole || complete === true ? idsTo(users) : [...new Set(ids)]]);
      }
    });
  }
});
