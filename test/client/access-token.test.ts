import { describe, expect, test } from "vitest";
import { TokenKeeper } from "../../src/client/access-token.ts";

/** A keeper of numbered tokens and a clock that only the test moves. */
function keeper(lifetime: number | undefined): {
  at: (time: number) => unknown;
  refresh: () => unknown;
  issued: () => number;
} {
  let now = 1_000_000;
  let issued = 0;
  const tokens = new TokenKeeper(
    () => Promise.resolve({ fields: (issued += 1), lifetime }),
    () => now,
  );
  return {
    at: (time) => {
      now = 1_000_000 + time;
      return tokens.get(false);
    },
    refresh: () => tokens.get(true),
    issued: () => issued,
  };
}

describe("RFC 6749 §5.1: a token is used for as long as expires_in says, and not to its last moment", () => {
  const cases = [
    { given: { lifetime: 3600, time: 3_569_999 }, want: 1 },
    { given: { lifetime: 3600, time: 3_570_000 }, want: 2 },
    { given: { lifetime: 60, time: 53_999 }, want: 1 },
    { given: { lifetime: 60, time: 54_000 }, want: 2 },
    { given: { lifetime: 0, time: 0 }, want: 2 },
    { given: { lifetime: undefined, time: 1e15 }, want: 1 },
  ];
  for (const { given, want } of cases) {
    test(`a lifetime of ${given.lifetime} s, after ${given.time} ms: token ${want}`, async () => {
      const { at } = keeper(given.lifetime);
      expect(await at(0)).toBe(1);
      expect(await at(given.time)).toBe(want);
    });
  }
});

test("a kept token is given at once, without a promise", async () => {
  const { at } = keeper(60);
  await at(0);
  expect(at(1)).toBe(1);
});

test("refresh never gives the kept token, and joins a request that is under way", async () => {
  const { at, refresh, issued } = keeper(60);
  await at(0);
  const [one, two, three] = [refresh(), refresh(), at(1)];
  expect(await Promise.all([one, two, three])).toEqual([2, 2, 2]);
  expect(issued()).toBe(2);
});

test("a failure is everybody's who waits, and nobody's afterwards", async () => {
  let asked = 0;
  const tokens = new TokenKeeper(
    async () => {
      asked += 1;
      if (asked === 1) throw new Error("no");
      return Promise.resolve({ fields: "t", lifetime: 60 });
    },
    () => 0,
  );
  const [one, two] = await Promise.allSettled([tokens.get(false), tokens.get(false)]);
  expect([one.status, two.status]).toEqual(["rejected", "rejected"]);
  expect(await tokens.get(false)).toBe("t");
  expect(asked).toBe(2);
});
