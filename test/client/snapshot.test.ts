import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { snapshot } from "../../src/client/snapshot.ts";

const inner = { deep: [1, { deeper: null }] };
const circle: Record<string, unknown> = {};
circle["self"] = circle;
const bare = Object.assign(Object.create(null) as object, { a: 1 });

describe("plain objects and arrays are copied, as deep as they go", () => {
  const cases: { title: string; given: unknown }[] = [
    { title: "an object", given: { a: 1, b: { c: "x", d: undefined } } },
    { title: "an array", given: [[1], { a: [] }] },
    { title: "one that comes twice", given: [inner, inner] },
    { title: "one that holds itself", given: circle },
    { title: "one without a prototype", given: bare },
    { title: "a member called __proto__", given: JSON.parse('{"__proto__":{"a":1}}') },
  ];
  for (const { title, given } of cases) {
    test(title, () => {
      const copy = snapshot(given);
      expect(copy).not.toBe(given);
      expect(copy).toEqual(given);
      expect(Object.keys(Object(copy) as object)).toEqual(Object.keys(Object(given) as object));
    });
  }
});

describe("everything else is kept", () => {
  const cases: { title: string; given: unknown }[] = [
    { title: "a text", given: "a" },
    { title: "null", given: null },
    { title: "undefined", given: undefined },
    { title: "a function", given: () => 1 },
    { title: "a signal", given: new AbortController().signal },
    { title: "header fields", given: new Headers({ a: "1" }) },
    { title: "a date", given: new Date(0) },
    { title: "an instance of a class", given: new URL("https://example.com") },
  ];
  for (const { title, given } of cases) {
    test(title, () => {
      expect(snapshot({ given }).given).toBe(given);
    });
  }
});

describe("what is nested deeper than any message is kept from there on", () => {
  const wraps: { title: string; wrap: (nested: unknown) => unknown }[] = [
    { title: "arrays", wrap: (nested) => [nested] },
    { title: "objects", wrap: (nested) => ({ 0: nested }) },
  ];
  for (const { title, wrap } of wraps) {
    test(title, () => {
      let given: unknown = "end";
      for (let depth = 0; depth < 100_000; depth += 1) given = wrap(given);
      let [original, copy] = [given, snapshot(given)];
      let copied = 0;
      while (copy !== original) {
        [original, copy] = [original, copy].map((value) => (value as unknown[])[0]);
        copied += 1;
      }
      expect(copied).toBe(201);
    });
  }
});

test("property: a copy is equal, and what becomes of the original does not change it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      const copy = snapshot(value);
      expect(JSON.stringify(copy)).toBe(text);
      scramble(value);
      expect(JSON.stringify(copy)).toBe(text);
    }),
  );
});

function scramble(value: unknown): void {
  if (Array.isArray(value)) {
    for (const element of value) scramble(element);
    value.push("changed");
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) scramble(member);
    Object.assign(value, { changed: true });
  }
}
