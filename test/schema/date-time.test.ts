import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDateTime } from "../../src/schema/date-time.ts";

const TABLE: ReadonlyArray<{ given: string; want: boolean }> = [
  { given: "2008-01-23T04:56:22Z", want: true },
  { given: "2008-01-23t04:56:22z", want: true },
  { given: "2008-01-23T04:56:22.1Z", want: true },
  { given: "2008-01-23T04:56:22.1234567891234Z", want: true },
  { given: "2008-01-23T04:56:22+00:00", want: true },
  { given: "2008-01-23T04:56:22.5-11:30", want: true },
  { given: "2016-12-31T23:59:60Z", want: true },
  { given: "0000-01-01T00:00:00Z", want: true },
  { given: "2000-02-29T00:00:00Z", want: true },
  { given: "2024-02-29T00:00:00Z", want: true },
  { given: "1900-02-29T00:00:00Z", want: false },
  { given: "2023-02-29T00:00:00Z", want: false },
  { given: "2024-02-30T00:00:00Z", want: false },
  { given: "2024-04-31T00:00:00Z", want: false },
  { given: "2024-00-01T00:00:00Z", want: false },
  { given: "2024-13-01T00:00:00Z", want: false },
  { given: "2024-01-00T00:00:00Z", want: false },
  { given: "2024-01-32T00:00:00Z", want: false },
  { given: "2024-01-01T24:00:00Z", want: false },
  { given: "2024-01-01T00:60:00Z", want: false },
  { given: "2024-01-01T00:00:61Z", want: false },
  { given: "2024-01-01T00:00:00", want: false },
  { given: "2024-01-01T00:00:00.Z", want: false },
  { given: "2024-01-01T00:00:00,5Z", want: false },
  { given: "2024-01-01T00:00:00+0100", want: false },
  { given: "2024-01-01T00:00:00+24:00", want: false },
  { given: "2024-01-01T00:00:00+01:60", want: false },
  { given: "2024-01-01T00:00:00+01:00Z", want: false },
  { given: "2024-01-01 00:00:00Z", want: false },
  { given: "2024-01-01T00:00Z", want: false },
  { given: "2024-01-01", want: false },
  { given: "2024/01/01T00:00:00Z", want: false },
  { given: " 2024-01-01T00:00:00Z", want: false },
  { given: "2024-01-01T00:00:00Z\n", want: false },
  { given: "-2024-01-01T00:00:00Z", want: false },
  { given: "1700000000000", want: false },
  { given: "٢٠٠٨-01-23T04:56:22Z", want: false },
  { given: "", want: false },
];

describe("RFC 7643 §2.3.5: a dateTime is a date and a time of RFC 3339", () => {
  for (const { given, want } of TABLE) {
    test(`${JSON.stringify(given)} ${want ? "is one" : "is none"}`, () => {
      expect(isDateTime(given)).toBe(want);
    });
  }

  test("what JavaScript prints as ISO 8601 is one, for the years 0 to 9999", () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date("0000-01-01T00:00:00Z"),
          max: new Date("9999-12-31T23:59:59Z"),
          noInvalidDate: true,
        }),
        (date) => isDateTime(date.toISOString()),
      ),
    );
  });

  test("a text near one is one exactly when its day exists and its fields are within their ranges", () => {
    const near = fc
      .tuple(
        fc.constantFrom(...TABLE.map(({ given }) => given)),
        fc.nat(30),
        fc.constantFrom("0", "1", "2", "3", "6", "9", "-", "+", ":", ".", "T", "z", " ", "\n", "x", "\u0154", ""),
        fc.nat(2),
      )
      .map(([text, at, put, cut]) => text.slice(0, at) + put + text.slice(at + cut));
    fc.assert(
      fc.property(near, (text) => {
        expect(isDateTime(text)).toBe(existsInCalendar(text));
      }),
      { numRuns: 3000 },
    );
  });

  test("a fraction of a million digits is read in linear time", () => {
    const long = `2024-01-01T00:00:00.${"9".repeat(1_000_000)}`;
    expect(isDateTime(`${long}Z`)).toBe(true);
    expect(isDateTime(long)).toBe(false);
  });
});

/** The slow way: pick the fields apart and let the calendar decide. */
function existsInCalendar(text: string): boolean {
  const form = /^(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|[+-](\d\d):(\d\d))$/i.exec(text);
  if (form === null) return false;
  const field = (index: number): number => Number(form[index] ?? 0);
  const day = new Date(0);
  day.setUTCFullYear(field(1), field(2) - 1, field(3));
  return (
    day.getUTCMonth() === field(2) - 1 &&
    day.getUTCDate() === field(3) &&
    field(4) < 24 &&
    field(5) < 60 &&
    field(6) <= 60 &&
    field(7) < 24 &&
    field(8) < 60
  );
}
