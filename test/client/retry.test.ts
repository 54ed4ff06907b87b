import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseRetryAfter, retryDelay, retryPolicy } from "../../src/client/retry.ts";

const NOW = "Sun, 06 Nov 1994 08:49:37 GMT";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("RFC 9110 §10.2.3: Retry-After is a number of seconds or an HTTP date", () => {
  const cases = [
    { given: "0", want: 0 },
    { given: " 120 ", want: 120_000 },
    { given: "Sun, 06 Nov 1994 08:50:37 GMT", want: 60_000 },
    { given: "Sunday, 06-Nov-94 08:50:37 GMT", want: 60_000 },
    { given: "Sun Nov  6 08:50:37 1994", want: 60_000 },
    { given: "Sun, 06 Nov 1994 08:00:00 GMT", want: 0 },
    { given: "-1", want: undefined },
    { given: "1.5", want: undefined },
    { given: "1e3", want: undefined },
    { given: "soon", want: undefined },
    { given: "Someday, soon", want: undefined },
    { given: "2026", want: 2_026_000 },
    { given: "99999999999", want: undefined },
    { given: "", want: undefined },
  ];
  for (const { given, want } of cases) {
    test(`"${given}" is ${want === undefined ? "nothing" : `${want} ms`}`, () => {
      expect(parseRetryAfter(new Headers({ "retry-after": given }))).toBe(want);
    });
  }

  test("RFC 9110 §5.6.7: the form without a zone is in UTC", () => {
    vi.stubEnv("TZ", "America/New_York");
    expect(parseRetryAfter(new Headers({ "retry-after": "Sun Nov  6 08:50:37 1994" }))).toBe(60_000);
  });

  test("no header is nothing", () => {
    expect(parseRetryAfter(new Headers())).toBeUndefined();
  });

  test("RFC 9110 §6.6.1: a date is compared with the server's clock where it says its time", () => {
    const headers = { "retry-after": "Sun, 06 Nov 2044 08:50:37 GMT", date: "Sun, 06 Nov 2044 08:50:07 GMT" };
    expect(parseRetryAfter(new Headers(headers))).toBe(30_000);
    expect(parseRetryAfter(new Headers({ ...headers, "retry-after": NOW }))).toBe(0);
  });
});

describe("the wait before a retry", () => {
  const policy = retryPolicy(undefined);
  const cases = [
    { given: [1, undefined], least: 250, most: 500 },
    { given: [2, undefined], least: 500, most: 1000 },
    { given: [3, undefined], least: 1000, most: 2000 },
    { given: [30, undefined], least: 5000, most: 10_000 },
    { given: [1, 0], least: 0, most: 500 },
    { given: [3, 30_000], least: 30_000, most: 31_000 },
    { given: [1, 60_000], least: 60_000, most: 60_500 },
  ] as const;
  for (const { given, least, most } of cases) {
    const [retry, retryAfter] = given;
    test(`number ${retry} with Retry-After ${retryAfter ?? "absent"} is from ${least} to ${most} ms`, () => {
      const random = vi.spyOn(Math, "random").mockReturnValue(0);
      expect(retryDelay(policy, retry, retryAfter)).toBe(least);
      random.mockReturnValue(1);
      expect(retryDelay(policy, retry, retryAfter)).toBe(most);
    });
  }

  test("a Retry-After above the cap is not waited for", () => {
    expect(retryDelay(policy, 1, 60_001)).toBeUndefined();
  });
});

describe("options", () => {
  test("false is a limit of 0, and undefined members keep their default", () => {
    expect(retryPolicy(false)).toEqual({ ...retryPolicy(undefined), limit: 0 });
    expect(retryPolicy({ limit: 1, backoff: undefined })).toEqual({ ...retryPolicy(undefined), limit: 1 });
  });

  test("those of a call are laid over those of the client", () => {
    expect(retryPolicy({ limit: 1 }, retryPolicy({ limit: 7, backoff: 9 }))).toMatchObject({
      limit: 1,
      backoff: 9,
    });
  });

  for (const [name, value] of [
    ["limit", -1],
    ["backoff", Number.NaN],
    ["maxRetryAfter", Infinity],
  ] as const) {
    test(`retry.${name} of ${value} is refused`, () => {
      expect(() => retryPolicy({ [name]: value })).toThrow(
        new TypeError(`retry.${name} must be a number from 0 to 2147483647`),
      );
    });
  }
});
