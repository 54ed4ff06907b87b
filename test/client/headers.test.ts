import { describe, expect, test } from "vitest";
import { addHeaders, redactHeaders, secretsOf } from "../../src/client/headers.ts";

describe("RFC 9110 §5.1: names of header fields are case-insensitive", () => {
  test("a later field replaces an earlier one", () => {
    const record = addHeaders({ accept: "a" }, { Accept: "b", "X-One": "1", none: undefined });
    expect(addHeaders(record, [["ACCEPT", "c"]])).toEqual({ accept: "c", "x-one": "1" });
  });

  test("__proto__ is a name like any other", () => {
    const record = addHeaders({}, [["__proto__", "x"]]);
    expect(Object.entries(record)).toEqual([["__proto__", "x"]]);
  });

  test("no fields change nothing", () => {
    expect(addHeaders({ a: "b" }, undefined)).toEqual({ a: "b" });
  });
});

describe("RFC 9110 §5.5: what cannot be sent is refused without being shown", () => {
  const message = 'the header field "x-key" must be text without line breaks (RFC 9110 §5.5)';
  const cases = [
    { given: { "x-key": "hunter2\r\nhost: evil" }, want: message },
    { given: { "x-key": "hunter2\n" }, want: message },
    { given: { "x-key": "hunter2\u0000" }, want: message },
    { given: { "x-key": "hunter2 €" }, want: message },
    { given: { "hunter2\r\nhost": "evil" }, want: "a header field name must be a token (RFC 9110 §5.1)" },
    { given: { "": "evil" }, want: "a header field name must be a token (RFC 9110 §5.1)" },
  ];
  for (const { given, want } of cases) {
    test(JSON.stringify(given), () => {
      expect(() => addHeaders({}, given)).toThrow(new TypeError(want));
    });
  }

  test("tabs, spaces and ISO 8859-1 can be sent", () => {
    expect(addHeaders({}, { "x-key": "a\tb é" })).toEqual({ "x-key": "a\tb é" });
  });
});

describe("credentials are not shown", () => {
  const record = {
    accept: "application/scim+json",
    authorization: "Bearer hunter2",
    "proxy-authorization": "Basic x",
    cookie: "a=b",
    "x-api-key": "k",
    "x-auth-token": "t",
    signature: "sig",
    "if-match": 'W/"1"',
  };

  test("fields by their name, and whatever auth gave, read *** in a copy", () => {
    expect(Object.fromEntries(redactHeaders(record, { signature: "sig" }))).toEqual({
      accept: "application/scim+json",
      authorization: "***",
      "proxy-authorization": "***",
      cookie: "***",
      "x-api-key": "***",
      "x-auth-token": "***",
      signature: "***",
      "if-match": 'W/"1"',
    });
    expect(record.authorization).toBe("Bearer hunter2");
  });

  test("their texts are known with and without the scheme", () => {
    expect(
      secretsOf({ authorization: "Bearer hunter2", accept: "a", signature: "sig", cookie: "" }, { signature: "" }),
    ).toEqual(["Bearer hunter2", "sig", "hunter2", "sig"]);
  });

  test("RFC 7617 §2: what Basic credentials say is known as well", () => {
    const credentials = btoa("me:hunter2:3");
    expect(secretsOf({ authorization: `basic ${credentials}` }, {})).toEqual([
      `basic ${credentials}`,
      credentials,
      "me:hunter2:3",
      "hunter2:3",
    ]);
    expect(secretsOf({ authorization: "Basic *" }, {})).toEqual(["Basic *", "*"]);
  });
});
