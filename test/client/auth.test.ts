import { describe, expect, test } from "vitest";
import { type Authenticate, type Authorization, basic, bearer, Credentials } from "../../src/client/auth.ts";

const REQUEST = { method: "GET", url: "https://auth.example/scim/v2/Users" };
const ASK = { refresh: false };

/** A store of one token, as a careful user writes it. */
function tokens(): { auth: Authenticate; refreshes: () => number; release: () => void } {
  let token = 1;
  let refreshes = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    auth: async (_request, { refresh }) => {
      if (refresh) {
        refreshes += 1;
        await promise;
        token += 1;
      }
      return { authorization: `Bearer ${token}` };
    },
    refreshes: () => refreshes,
    release: resolve,
  };
}

describe("RFC 6750 §2.1: bearer", () => {
  test("a token is sent in the Authorization header", async () => {
    expect(await bearer("foo.bar-_~+/==")(REQUEST, ASK)).toEqual({ authorization: "Bearer foo.bar-_~+/==" });
  });

  test("a function is asked each time, told whether to refresh", async () => {
    const asked: boolean[] = [];
    const auth = bearer(({ refresh }) => `token${asked.push(refresh)}`);
    expect(await auth(REQUEST, ASK)).toEqual({ authorization: "Bearer token1" });
    expect(await auth(REQUEST, { refresh: true })).toEqual({ authorization: "Bearer token2" });
    expect(asked).toEqual([false, true]);
  });

  test("a promise of a token is waited for", async () => {
    expect(await bearer(() => Promise.resolve("t"))(REQUEST, ASK)).toEqual({ authorization: "Bearer t" });
  });

  const form = "bearer: the token must be visible ASCII text without spaces or line breaks (RFC 6750 §2.1)";
  const refused: readonly { given: string | undefined; want: string }[] = [
    { given: undefined, want: "bearer: the token is undefined; is its variable set?" },
    { given: "", want: "bearer: the token is empty; is its variable set?" },
    { given: "Bearer hunter2", want: 'bearer: the token is given without the word "Bearer" (RFC 6750 §2.1)' },
    { given: "hunter2\n", want: form },
    { given: "hunter2\r\nx: y", want: form },
    { given: "hunter2é", want: form },
    { given: "hunter2\u0000", want: form },
    { given: "hunter 2", want: form },
  ];
  for (const { given, want } of refused) {
    test(`${JSON.stringify(given)} is refused without being shown`, async () => {
      const token = given as string;
      expect(() => bearer(token)).toThrow(new TypeError(want));
      await expect(async () => bearer(() => token)(REQUEST, ASK)).rejects.toThrow(new TypeError(want));
    });
  }
});

describe("RFC 7617 §2: basic", () => {
  const cases = [
    { given: ["Aladdin", "open sesame"], want: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
    { given: ["test", "123£"], want: "Basic dGVzdDoxMjPCow==" },
    { given: ["", "a:b"], want: "Basic OmE6Yg==" },
    { given: ["😀", ""], want: "Basic 8J+YgDo=" },
  ] as const;
  for (const { given, want } of cases) {
    test(`"${given[0]}" and "${given[1]}" are sent in UTF-8`, async () => {
      expect(await basic(given[0], given[1])(REQUEST, ASK)).toEqual({ authorization: want });
    });
  }

  const refused = [
    { given: ["a:b", "hunter2"], want: "basic: the user name must be text without a colon (RFC 7617 §2)" },
    { given: ["a", "hunter2\n"], want: /^basic: user name and password must be text without control characters/ },
    { given: ["a\u007f", "hunter2"], want: /control characters/ },
  ] as const;
  for (const { given, want } of refused) {
    test(`${JSON.stringify(given[0])} and ${JSON.stringify(given[1])} are refused without being shown`, () => {
      expect(() => basic(given[0], given[1])).toThrow(TypeError);
      expect(() => basic(given[0], given[1])).toThrow(want);
      expect(() => basic(given[0], given[1])).not.toThrow(/hunter2/);
    });
  }
});

describe("the fields that an Authenticate function gives", () => {
  const given: Array<{ title: string; auth: Authenticate }> = [
    { title: "a record", auth: () => ({ Authorization: "a", "X-Tenant": "b", none: undefined }) },
    { title: "a Headers object", auth: () => new Headers({ authorization: "a", "x-tenant": "b" }) },
    {
      title: "pairs",
      auth: () => [
        ["Authorization", "a"],
        ["X-Tenant", "b"],
      ],
    },
    { title: "a promise", auth: () => Promise.resolve({ authorization: "a", "x-tenant": "b" }) },
  ];
  for (const { title, auth } of given) {
    test(`may be ${title}`, async () => {
      const { headers } = await new Credentials(auth).authorize(REQUEST);
      expect(headers).toEqual({ authorization: "a", "x-tenant": "b" });
    });
  }

  test("RFC 9110 §5.5: a line break is refused, the field named and its value not shown", async () => {
    const credentials = new Credentials(() => Promise.resolve({ authorization: "Bearer hunter2\r\nx: y" }));
    await expect(credentials.authorize(REQUEST)).rejects.toThrow(
      new TypeError('the header field "authorization" must be text without line breaks (RFC 9110 §5.5)'),
    );
  });

  test("what is not fields is refused", async () => {
    // @ts-expect-error: a token alone is not header fields.
    const credentials = new Credentials(() => Promise.resolve("hunter2"));
    await expect(credentials.authorize(REQUEST)).rejects.toThrow(
      new TypeError("an Authenticate function must give header fields"),
    );
  });
});

describe("RFC 7235 §3.1: after a 401 credentials are renewed", () => {
  test("requests that are refused at the same time share one refresh", async () => {
    const { auth, refreshes, release } = tokens();
    const credentials = new Credentials(auth);
    const refused = await Promise.all([1, 2, 3].map(async () => credentials.authorize(REQUEST)));
    const renewed = refused.map(async (authorization) => credentials.renew(REQUEST, authorization));
    release();
    const want = { headers: { authorization: "Bearer 2" }, generation: 1 };
    expect(await Promise.all(renewed)).toEqual([want, want, want]);
    expect(refreshes()).toBe(1);
  });

  test("a request that is refused after another's refresh takes the new credentials without a refresh", async () => {
    const { auth, refreshes, release } = tokens();
    release();
    const credentials = new Credentials(auth);
    const refused = await credentials.authorize(REQUEST);
    await credentials.renew(REQUEST, refused);
    expect(await credentials.renew(REQUEST, refused)).toMatchObject({ headers: { authorization: "Bearer 2" } });
    expect(refreshes()).toBe(1);
  });

  test("new credentials that are refused in their turn are refreshed again", async () => {
    const { auth, refreshes, release } = tokens();
    release();
    const credentials = new Credentials(auth);
    const second = await credentials.renew(REQUEST, await credentials.authorize(REQUEST));
    const third = await credentials.renew(REQUEST, second as Authorization);
    expect(third).toMatchObject({ headers: { authorization: "Bearer 3" } });
    expect(refreshes()).toBe(2);
  });

  test("each request is asked for itself, so that a signature is its own", async () => {
    let key = 1;
    const credentials = new Credentials(async ({ url }, { refresh }) => {
      if (refresh) key += 1;
      return { signature: `${key} ${url}` };
    });
    const requests = ["https://a.example/1", "https://a.example/2"].map((url) => ({ method: "GET", url }));
    const renewed = requests.map(async (one) => credentials.renew(one, await credentials.authorize(one)));
    expect((await Promise.all(renewed)).map((one) => one?.headers["signature"])).toEqual([
      "2 https://a.example/1",
      "2 https://a.example/2",
    ]);
  });

  test("what a refresh gave is shared even if the function doesn't keep it", async () => {
    const credentials = new Credentials((_request, { refresh }) => ({ authorization: refresh ? "new" : "old" }));
    const refused = await Promise.all([1, 2].map(async () => credentials.authorize(REQUEST)));
    const renewed = await Promise.all(refused.map(async (one) => credentials.renew(REQUEST, one)));
    expect(renewed.map((one) => one?.headers["authorization"])).toEqual(["new", "new"]);
  });

  test("credentials that stay the same are not worth another request", async () => {
    const credentials = new Credentials(bearer("t"));
    expect(await credentials.renew(REQUEST, await credentials.authorize(REQUEST))).toBeUndefined();
  });

  for (const failing of ["throws", "rejects"]) {
    test(`a refresh that ${failing} reaches all who wait for it, and the next 401 tries again`, async () => {
      const failure = new Error("the identity provider is down");
      let up = false;
      const credentials = new Credentials((_request, { refresh }) => {
        if (!refresh) return { authorization: "old" };
        if (up) return { authorization: "new" };
        if (failing === "throws") throw failure;
        return Promise.reject(failure);
      });
      const refused = await credentials.authorize(REQUEST);
      const both = [credentials.renew(REQUEST, refused), credentials.renew(REQUEST, refused)];
      expect(await Promise.allSettled(both)).toEqual([
        { status: "rejected", reason: failure },
        { status: "rejected", reason: failure },
      ]);
      up = true;
      expect(await credentials.renew(REQUEST, refused)).toMatchObject({ headers: { authorization: "new" } });
    });
  }
});
