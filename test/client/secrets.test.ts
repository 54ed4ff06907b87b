import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hide } from "../../src/client/secrets.ts";

describe("RFC 7644 §7.5: a secret is hidden in the forms in which a server quotes it", () => {
  const SECRET = 'p"ä\\ss/w+ör d';
  const json = JSON.stringify(SECRET);
  const forms = [
    { title: "verbatim", given: SECRET },
    { title: "escaped for JSON", given: json.slice(1, -1) },
    { title: "in a JSON body that JSON quotes", given: JSON.stringify(json).slice(3, -3) },
    { title: "percent-encoded", given: encodeURIComponent(SECRET) },
    { title: "form-encoded", given: new URLSearchParams({ "": SECRET }).toString().slice(1) },
    { title: "form-encoded, with %20 for a blank", given: "p%22%C3%A4%5Css%2Fw%2B%C3%B6r%20d" },
  ];
  for (const { title, given } of forms) {
    test(title, () => expect(hide(`refused: "${given}" and ${given}.`, [SECRET])).toBe('refused: "***" and ***.'));
  }

  const TABLE: ReadonlyArray<{ title: string; given: [string, string[]]; want: string }> = [
    {
      title: "of one that holds another no rest is left",
      given: ["hunter2222, hunter, his hunters", ["hunter", "hunter2222"]],
      want: "***, ***, his ***s",
    },
    { title: "one inside another", given: ["me:hunter2 hunter2", ["hunter2", "me:hunter2"]], want: "*** ***" },
    { title: "one after the other", given: ["hunter2hunter2", ["hunter2"]], want: "******" },
    { title: "a lone surrogate", given: ["no \ud800abc here", ["\ud800abc"]], want: "no *** here" },
    { title: "a few characters are no secret", given: ["an owl", ["owl", ""]], want: "an owl" },
    { title: "what patterns are made of", given: ["a$&.*b", ["$&.*"]], want: "a***b" },
    { title: "no text", given: ["", ["hunter2"]], want: "" },
  ];
  for (const { title, given, want } of TABLE) test(title, () => expect(hide(...given)).toBe(want));

  test("whatever it is, and whatever stands beside it", () => {
    const secret = fc.string({ minLength: 4, unit: "binary" }).filter((text) => !text.includes("*"));
    fc.assert(
      fc.property(secret, (known) => {
        expect(hide(`<${known}>`, [known])).not.toContain(known);
        expect(hide(`<${JSON.stringify({ known })}>`, [known])).toBe('<{"known":"***"}>');
      }),
    );
  });

  test("the longest that stands at a place, of any that begin alike", () => {
    const word = fc.string({ minLength: 4, maxLength: 24, unit: fc.constantFrom("a", "b") });
    const text = fc.array(word).map((words) => words.join(""));
    fc.assert(
      fc.property(text, fc.array(word, { maxLength: 40 }), (given, secrets) => {
        let want = "";
        for (let place = 0; place < given.length;) {
          const there = secrets.filter((secret) => given.startsWith(secret, place)).map(({ length }) => length);
          want += there.length > 0 ? "*" : given.charAt(place);
          place += Math.max(1, ...there);
        }
        expect(hide(given, secrets).replaceAll("***", "*")).toBe(want);
      }),
    );
  });

  test("ten thousand that begin alike, in a text that is full of the beginning", () => {
    const start = "Initial-Password-2026-";
    const many = Array.from({ length: 10_000 }, (_, index) => `${start}${String(index).padStart(6, "0")}`);
    const near = `${start}x `.repeat(8000);
    expect(hide(`${near}${many.join(" ")} ${near}`, many)).toBe(`${near}${"*** ".repeat(10_000)}${near}`);
  });

  test("ten thousand of them, and one of a megabyte, in a text as long", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `secret-${index}-s`);
    const long = "x".repeat(1_000_000);
    expect(hide(`${many.join(" ")} ${long}${long}`, [...many, long])).toBe("*** ".repeat(10_000) + "******");
    expect(hide("short", [long])).toBe("short");
  });
});
