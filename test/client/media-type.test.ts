import { describe, expect, test } from "vitest";
import { parseMediaType } from "../../src/client/media-type.ts";

describe("RFC 9110 §8.3.1: type and subtype are case-insensitive and may be followed by parameters", () => {
  const cases = [
    { given: "application/scim+json", want: { name: "application/scim+json", json: true } },
    { given: "APPLICATION/SCIM+JSON", want: { name: "application/scim+json", json: true } },
    { given: "application/scim+json; charset=UTF-8", want: { charset: "utf-8", json: true } },
    {
      given: 'application/json ;x=y; Charset = "ISO-8859-1"',
      want: { name: "application/json", charset: "iso-8859-1" },
    },
    { given: "application/json;", want: { name: "application/json", charset: undefined, json: true } },
    { given: "text/json", want: { json: true } },
    { given: "application/problem+json", want: { json: true } },
    { given: "application/json+scim", want: { json: true } },
    { given: "application/jsonp", want: { json: false } },
    { given: "application/x-ndjson", want: { json: false } },
    { given: "text/html; x=application/json", want: { name: "text/html", json: false } },
    { given: "json", want: { name: "json", json: false } },
  ];
  for (const { given, want } of cases) {
    test(given, () => {
      expect(parseMediaType(given)).toMatchObject(want);
    });
  }

  for (const given of [null, "", " ; charset=utf-8"]) {
    test(`${JSON.stringify(given)} names no media type`, () => {
      expect(parseMediaType(given)).toBeUndefined();
    });
  }
});
