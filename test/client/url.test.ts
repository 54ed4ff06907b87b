import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BaseURL, encodeSegment, type SearchParams } from "../../src/client/url.ts";

const BASE = "https://auth.example/scim/v2";

describe("RFC 7644 §1.3: the base URL is an absolute http or https URL", () => {
  const accepted = [
    { given: BASE, want: { origin: "https://auth.example", path: "/scim/v2" } },
    { given: `${BASE}///`, want: { origin: "https://auth.example", path: "/scim/v2" } },
    { given: "http://localhost:8080", want: { origin: "http://localhost:8080", path: "" } },
    { given: new URL("HTTPS://Auth.Example:443/a/../b?x=1"), want: { origin: "https://auth.example", path: "/b" } },
  ];
  for (const { given, want } of accepted) {
    test(`${String(given)} is accepted`, () => {
      expect(new BaseURL(given)).toMatchObject(want);
    });
  }

  test("it is read without URL.parse, which Node 22.0 does not have", () => {
    const parse = Object.getOwnPropertyDescriptor(URL, "parse");
    expect(Reflect.deleteProperty(URL, "parse")).toBe(true);
    try {
      const base = new BaseURL(BASE);
      expect(base.resolve("Users").href).toBe(`${BASE}/Users`);
      expect(base.follow("Users/1", new URL(`${BASE}/Users`))?.href).toBe(`${BASE}/Users/1`);
    } finally {
      if (parse !== undefined) Object.defineProperty(URL, "parse", parse);
    }
  });

  const refused = [
    { given: "/scim/v2", want: "the base URL must be an absolute URL, such as https://example.com/scim/v2" },
    { given: "", want: "the base URL must be an absolute URL, such as https://example.com/scim/v2" },
    {
      given: "ftp://auth.example/scim",
      want: "the base URL must be an http or https URL, such as https://example.com/scim/v2, not ftp:",
    },
    {
      given: "https://me:hunter2@auth.example",
      want: /^the base URL must not hold user information; pass `auth: basic/,
    },
    { given: "https://me@auth.example", want: /user information/ },
    { given: `${BASE}#users`, want: "the base URL must not have a fragment" },
  ];
  for (const { given, want } of refused) {
    test(`"${given}" is refused`, () => {
      const message = thrownBy(() => new BaseURL(given)).message;
      expect(message).toMatch(want);
      expect(message).not.toContain("hunter2");
    });
  }
});

describe("RFC 7643 §6: an endpoint is relative to the base URL", () => {
  const cases = [
    { given: "/Users", want: `${BASE}/Users` },
    { given: "Users", want: `${BASE}/Users` },
    { given: "/Users/", want: `${BASE}/Users/` },
    { given: "/", want: `${BASE}/` },
    { given: "", want: BASE },
    { given: "/scim/v2/Users", want: `${BASE}/Users` },
    { given: "scim/v2/Users", want: `${BASE}/Users` },
    { given: "/scim/v2", want: `${BASE}/scim/v2` },
    { given: "/scim/v2/scim/v2/Users", want: `${BASE}/scim/v2/Users` },
    { given: `${BASE}/scim/v2/Users`, want: `${BASE}/scim/v2/Users` },
    { given: "/Users?#", want: `${BASE}/Users` },
    { given: "https://auth.example/scim/v2/Users", want: `${BASE}/Users` },
    { given: "HTTPS://AUTH.EXAMPLE:443/scim/v2/Users", want: `${BASE}/Users` },
    { given: "//auth.example/scim/v2/Users", want: `${BASE}/Users` },
    { given: "/Users/./a/../b", want: `${BASE}/Users/b` },
    { given: "/Users?active=true#top", want: `${BASE}/Users?active=true` },
    {
      given: "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
      want: `${BASE}/Schemas/urn:ietf:params:scim:schemas:core:2.0:User`,
    },
    { given: "/http://evil.example/", want: `${BASE}/http://evil.example/` },
    { given: "/.//evil.example", want: `${BASE}//evil.example` },
  ];
  for (const { given, want } of cases) {
    test(`"${given}" is ${want}`, () => {
      const base = new BaseURL(BASE);
      expect(base.resolve(given).href).toBe(want);
      const located = base.locate(given);
      expect("path" in located && base.resolve(located.path).href).toBe(want);
    });
  }

  test("below the root of an origin no path counts as repeated", () => {
    const base = new BaseURL("https://auth.example/");
    expect(base.resolve("/scim/v2/Users").href).toBe("https://auth.example/scim/v2/Users");
    expect(base.resolve("//auth.example//Users").href).toBe("https://auth.example//Users");
  });
});

describe("RFC 7644 §7: requests and credentials go nowhere but below the base URL", () => {
  const cases = [
    { given: "https://evil.example/scim/v2/Users", want: "origin" },
    { given: "http://auth.example/scim/v2/Users", want: "origin" },
    { given: "https://auth.example:8443/scim/v2/Users", want: "origin" },
    { given: "https://me:hunter2@auth.example/scim/v2/Users", want: "origin" },
    { given: "//evil.example/scim/v2/Users", want: "origin" },
    { given: "/\\evil.example/scim/v2/Users", want: "origin" },
    { given: "\\\\evil.example/scim/v2/Users", want: "origin" },
    { given: " \thttps://evil.example/", want: "origin" },
    { given: "javascript:alert(1)", want: "origin" },
    { given: "urn:ietf:params:scim:schemas:core:2.0:User", want: "origin" },
    { given: "../admin", want: "path" },
    { given: "/../../etc", want: "path" },
    { given: "/%2e%2e/admin", want: "path" },
    { given: "/Users\\..\\..\\..\\admin", want: "path" },
    { given: "https://auth.example/scim/v20/Users", want: "path" },
    { given: "https://auth.example/admin", want: "path" },
    { given: "https://", want: "malformed" },
    { given: "//[", want: "malformed" },
  ] as const;
  const messages = {
    origin: "the path leads to another origin than the base URL; requests and credentials go to that origin only",
    path: "the path leads outside the base URL's path",
    malformed: "the path is not a URL reference (RFC 3986 §4.1)",
  };
  for (const { given, want } of cases) {
    test(`"${given}" is refused: ${want}`, () => {
      const base = new BaseURL(BASE);
      expect(base.locate(given)).toEqual({ outside: want });
      expect(thrownBy(() => base.resolve(given)).message).toBe(messages[want]);
    });
  }

  test("whatever the path, the URL is below the base URL or refused with TypeError", () => {
    const piece = fc.constantFrom(
      "..",
      ".",
      "%2e%2e",
      "/",
      "\\",
      "//",
      "?",
      "#",
      "@",
      ":",
      "https:",
      "evil.example",
      "\t",
    );
    const path = fc.array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 12 });
    const base = new BaseURL(BASE);
    fc.assert(
      fc.property(path, (pieces) => {
        const reference = pieces.join("");
        const located = base.locate(reference);
        if ("outside" in located) {
          thrownBy(() => base.resolve(reference));
          return;
        }
        const url = base.resolve(reference);
        expect(url.href).toMatch(/^https:\/\/auth\.example\/scim\/v2(?:$|[/?])/);
        expect(base.resolve(located.path).href).toBe(url.href);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("RFC 3986 §3.3: an id is one path segment", () => {
  const cases = [
    { given: "2819c223-7f76-453a-919d-413861904646", want: "/Users/2819c223-7f76-453a-919d-413861904646" },
    { given: "a/../b?x#y", want: "/Users/a%2F..%2Fb%3Fx%23y" },
    {
      given: "urn:ietf:params:scim:schemas:core:2.0:User",
      want: "/Users/urn:ietf:params:scim:schemas:core:2.0:User",
    },
    { given: "%2e%2e", want: "/Users/%252e%252e" },
    { given: "...", want: "/Users/..." },
    { given: " a+b@c ", want: "/Users/%20a%2Bb%40c%20" },
    { given: "é\\", want: "/Users/%C3%A9%5C" },
  ];
  for (const { given, want } of cases) {
    test(`"${given}" becomes ${want}`, () => {
      expect(new BaseURL(BASE).resolve("/Users", { id: given }).href).toBe(BASE + want);
      expect(new BaseURL(BASE).resolve("/Users/?a=b", { id: given }).href).toBe(`${BASE}${want}?a=b`);
    });
  }

  const refused = [
    { given: "", want: 'the id must be a path segment of its own, not "" (RFC 3986 §3.3)' },
    { given: ".", want: 'the id must be a path segment of its own, not "." (RFC 3986 §3.3)' },
    { given: "..", want: 'the id must be a path segment of its own, not ".." (RFC 3986 §3.3)' },
    { given: undefined, want: "the id must be a string, not undefined" },
    { given: null, want: "the id must be a string, not null" },
    { given: 7, want: "the id must be a string, not a number" },
    { given: "\ud800", want: "the id must be well-formed Unicode, without lone surrogates" },
  ];
  for (const { given, want } of refused) {
    test(`${JSON.stringify(given)} is refused`, () => {
      expect(thrownBy(() => encodeSegment(given)).message).toBe(want);
    });
  }

  test("an id that is passed as undefined is refused, never left out", () => {
    expect(thrownBy(() => new BaseURL(BASE).resolve("/Users", { id: undefined })).message).toMatch(
      /^the id must be/,
    );
  });

  test("every id comes back from the last segment of the path", () => {
    const id = fc.string({ unit: "binary", minLength: 1 }).filter((text) => text !== "." && text !== "..");
    fc.assert(
      fc.property(id, (text) => {
        const { pathname, search, hash } = new BaseURL(BASE).resolve("/Users", { id: text });
        expect(pathname.split("/").slice(0, -1)).toEqual(["", "scim", "v2", "Users"]);
        expect(decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1))).toBe(text);
        expect(search + hash).toBe("");
      }),
    );
  });
});

describe("RFC 7644 §3.4.2: query parameters are percent-encoded", () => {
  const cases: Array<{ given: SearchParams; want: string }> = [
    {
      given: { filter: 'title pr and userType eq "A+B&C"' },
      want: "?filter=title%20pr%20and%20userType%20eq%20%22A%2BB%26C%22",
    },
    {
      given: { attributes: ["userName", "urn:x:User:name.familyName"] },
      want: "?attributes=userName,urn:x:User:name.familyName",
    },
    { given: { startIndex: 1, count: 0, x: true, y: undefined }, want: "?startIndex=1&count=0&x=true" },
    {
      given: new URLSearchParams([
        ["a", "1 2"],
        ["a", "3"],
      ]),
      want: "?a=1%202&a=3",
    },
    { given: { "sort by": "é'" }, want: "?sort%20by=%C3%A9%27" },
    { given: {}, want: "" },
    { given: { y: undefined }, want: "" },
  ];
  for (const { given, want } of cases) {
    test(`${JSON.stringify(given instanceof URLSearchParams ? [...given] : given)} becomes ${want}`, () => {
      expect(new BaseURL(BASE).resolve("/Users", { searchParams: given }).search).toBe(want);
    });
  }

  test("every value comes back from the query, which holds no plus sign", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const url = new BaseURL(`${BASE}?tenant=a`).resolve("/Users", { searchParams: { filter: value } });
        expect(url.searchParams.get("filter")).toBe(value);
        expect(url.search).not.toContain("+");
      }),
    );
  });

  test("a lone surrogate is refused", () => {
    const base = new BaseURL(BASE);
    expect(thrownBy(() => base.resolve("/Users", { searchParams: { filter: "\udc00" } })).message).toBe(
      "the query parameter must be well-formed Unicode, without lone surrogates",
    );
  });
});

describe("the query of the base URL goes with every request", () => {
  const cases = [
    { base: "?sig=a%2Bb+c&api", path: "/Users", searchParams: { count: 1 }, want: "?sig=a%2Bb+c&api&count=1" },
    { base: "?my+tenant=a", path: "/Users", searchParams: { "my tenant": "b" }, want: "?my%20tenant=b" },
    { base: "?tenant=a&tenant=b", path: "/Users", searchParams: { tenant: "c" }, want: "?tenant=c" },
    { base: "?ten%61nt=a&x=1", path: "/Users?tenant=d", searchParams: undefined, want: "?x=1&tenant=d" },
    { base: "?x=1", path: "/Users?tenant=d&y=2", searchParams: { tenant: "e" }, want: "?x=1&y=2&tenant=e" },
    { base: "?x=%zz&y=1", path: "/Users", searchParams: undefined, want: "?x=%zz&y=1" },
    { base: "", path: "/Users?tenant=d", searchParams: { filter: "id pr" }, want: "?tenant=d&filter=id%20pr" },
  ];
  for (const { base, path, searchParams, want } of cases) {
    test(`${base} and ${path} with ${JSON.stringify(searchParams)} become ${want}`, () => {
      expect(new BaseURL(BASE + base).resolve(path, { searchParams }).search).toBe(want);
    });
  }

  test("its values are hidden where a URL is shown, and so is user information", () => {
    const base = new BaseURL(`${BASE}?key=s3cret&flag`);
    const url = base.resolve("/Users", { searchParams: { filter: "id pr" } });
    expect(base.redact(url)).toBe(`${BASE}/Users?key=***&flag=***&filter=id%20pr`);
    const secrets = new URL(`${BASE}/Users?access_token=a&API-Key=b&count=1&filter=c&client%5Fsecret=d`);
    const shown = "access_token=***&API-Key=***&count=1";
    const plain = new BaseURL(BASE);
    expect(plain.redact(secrets)).toBe(`${BASE}/Users?${shown}&filter=c&client%5Fsecret=***`);
    expect(plain.redact(secrets, ["filter"])).toBe(`${BASE}/Users?${shown}&filter=***&client%5Fsecret=***`);
    const named =
      "Code sig SIGNATURE jwt auth pwd passwd assertion client_assertion KEY api_key apikey x-api-key id_token";
    for (const name of named.split(" ")) {
      expect(plain.redact(new URL(`${BASE}/Users?${name}=a`))).toBe(`${BASE}/Users?${name}=***`);
    }
    const shownAll =
      "filter=a&count=a&startIndex=a&attributes=a&excludedAttributes=a&sortBy=a&sortOrder=a&cursor=a&countryCode=a&zip_code=a&keyword=a&design=a&author=a";
    expect(plain.redact(new URL(`${BASE}/Users?${shownAll}`))).toBe(`${BASE}/Users?${shownAll}`);
    expect(base.redact(new URL("https://me:hunter2@x.example/a"))).toBe("https://x.example/a");
    expect(new BaseURL(BASE).redact(new URL("https://me:hunter2@x.example/a?b"))).toBe("https://x.example/a?b");
    expect(new BaseURL(BASE).redact(new URL(`${BASE}/Users`))).toBe(`${BASE}/Users`);
  });
});

describe("RFC 9110 §10.2.2: Location is relative to the URL it was answered to", () => {
  const from = new URL(`${BASE}/Users?a=b`);
  const cases = [
    { given: `${BASE}/Users/1`, want: `${BASE}/Users/1` },
    { given: "/scim/v2/Users/1#x", want: `${BASE}/Users/1` },
    { given: "Users/1?b=c", want: `${BASE}/Users/1?b=c` },
    { given: "https://evil.example/scim/v2/Users/1", want: undefined },
    { given: "http://auth.example/scim/v2/Users/1", want: undefined },
    { given: "https://me:pw@auth.example/scim/v2/Users/1", want: undefined },
    { given: "/Users/1", want: undefined },
    { given: "../../admin", want: undefined },
    { given: "https://", want: undefined },
  ];
  for (const { given, want } of cases) {
    test(`${given} leads to ${want ?? "nowhere"}`, () => {
      expect(new BaseURL(BASE).follow(given, from)?.href).toBe(want);
    });
  }
});

function thrownBy(action: () => unknown): TypeError {
  try {
    action();
  } catch (error) {
    if (error instanceof TypeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
