import { describe, expect, test } from "vitest";
import { nearestName } from "../../src/schema/spelling.ts";

const NAMES = ["userName", "displayName", "emails", "name", "id", "active", "externalId"];

const TABLE: ReadonlyArray<{ given: string; want: string | undefined; because: string }> = [
  { given: "username", want: "userName", because: "case does not count" },
  { given: "email", want: "emails", because: "one character is missing" },
  { given: "emailss", want: "emails", because: "one is too many" },
  { given: "usreName", want: "userName", because: "two are changed" },
  { given: "dispalyName", want: "displayName", because: "two are changed" },
  { given: "nam", want: "name", because: "one of three is missing" },
  { given: "ix", want: "id", because: "one of two is changed" },
  { given: "nema", want: undefined, because: "two of four is too much" },
  { given: "usrNm", want: undefined, because: "three are missing" },
  { given: "phoneNumbers", want: undefined, because: "nothing is like it" },
  { given: "", want: undefined, because: "there is nothing to go by" },
];

describe("the nearest name", () => {
  for (const { given, want, because } of TABLE) {
    test(`to ${JSON.stringify(given)} is ${want ?? "none"}: ${because}`, () => {
      expect(nearestName(given, NAMES)).toBe(want);
    });
  }

  test("is not sought for what no slip of the pen explains", () => {
    const long = "userName".repeat(11);
    expect(nearestName(long, [`${long}x`])).toBeUndefined();
  });

  test("is the nearest of several, and the first of equals", () => {
    expect(nearestName("abcdef", ["abcdxx", "abcdeg", "abcdeh"])).toBe("abcdeg");
  });
});
