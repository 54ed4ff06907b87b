import { describe, expect, test } from "vitest";
import { BINARY } from "../../src/schema/binary.ts";

const TABLE: ReadonlyArray<{ given: string; want: boolean }> = [
  { given: "", want: true },
  { given: "AA==", want: true },
  { given: "AA", want: true },
  { given: "AAA=", want: true },
  { given: "AAA", want: true },
  { given: "AAAA", want: true },
  { given: "+/+/", want: true },
  { given: "-_-_", want: true },
  { given: "SGVsbG8sIHdvcmxkIQ==", want: true },
  { given: "SGVsbG8sIHdvcmxkIQ", want: true },
  { given: "A", want: false },
  { given: "AAAAA", want: false },
  { given: "AA=", want: false },
  { given: "AAA==", want: false },
  { given: "AAAA=", want: false },
  { given: "A===", want: false },
  { given: "====", want: false },
  { given: "AA==AA==", want: false },
  { given: "+_+_", want: false },
  { given: "AAAA-AA/", want: false },
  { given: "AAAA\n", want: false },
  { given: "AAAA AAAA", want: false },
  { given: " AAAA", want: false },
  { given: "ÀÀÀÀ", want: false },
  { given: "data:;base64,AAAA", want: false },
];

describe("RFC 7643 §2.3.6: a binary value is base64 or base64url, its padding may be left out", () => {
  for (const { given, want } of TABLE) {
    test(`${JSON.stringify(given)} ${want ? "is one" : "is none"}`, () => {
      expect(BINARY.test(given)).toBe(want);
    });
  }

  test("sixteen million characters are read without running out of stack", () => {
    const long = "AAAA".repeat(4_000_000);
    expect(BINARY.test(long)).toBe(true);
    expect(BINARY.test(`${long}-`)).toBe(false);
    expect(BINARY.test(`${long}!`)).toBe(false);
  });
});
