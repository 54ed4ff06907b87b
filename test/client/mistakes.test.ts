import { describe, expect, test } from "vitest";
import { scimmyApp } from "../../examples/scimmy-app.ts";
import { bearer, filter, patch, SCIMClient, type ClientOptions } from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { closedPort, loopback } from "./loopback.ts";

const TOKEN = "a-token";
const HINT = "; is the base URL right, which often ends in /scim/v2?";

/** The origin of a service provider that has users and groups at `/scim/v2`. */
function provider(): Promise<string> {
  return loopback(scimmyApp({ token: TOKEN }));
}

function client(base: string, options: Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload"> = {}) {
  return new SCIMClient<true, true>(base, { auth: bearer(TOKEN), retry: false, ...options });
}

/** What a user reads, the origin as `ORIGIN`. */
async function said(origin: string, run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `${error.name}: ${error.message}`.replaceAll(origin, "ORIGIN").replaceAll(new URL(origin).host, "HOST");
  }
  return "nothing";
}

/** The client as it is without types. */
type Untyped = Record<string, (...given: readonly unknown[]) => unknown>;

function untyped(scim: SCIMClient): Untyped {
  return scim as unknown as Untyped;
}

describe("a mistake about where the server is, or who asks, is named", () => {
  const cases: ReadonlyArray<{ title: string; run: (origin: string) => unknown; want: string }> = [
    {
      title: "no credentials",
      run: (origin) => new SCIMClient(`${origin}/scim/v2`).discover(),
      want: "SCIMResponseErrorObject: GET ORIGIN/scim/v2/ServiceProviderConfig was refused with 401: The bearer token is missing or wrong",
    },
    {
      title: "a token that is not set",
      run: (origin) => client(origin, { auth: bearer(process.env["NO_SUCH_VARIABLE"] as string) }),
      want: "TypeError: bearer: the token is undefined; is its variable set?",
    },
    {
      title: "a token in place of auth",
      run: (origin) => client(origin, { auth: TOKEN as never }),
      want: "TypeError: auth must be a function, such as bearer(token) or basic(user, password)",
    },
    {
      title: "a base URL that lacks its end, discovered",
      run: (origin) => client(`${origin}/scim`).discover(),
      want: `UnexpectedStatusCode: GET ORIGIN/scim/ServiceProviderConfig answered 404, and the server has neither of the other two documents of RFC 7644 §4${HINT}`,
    },
    {
      title: "a base URL that lacks its end, queried",
      run: (origin) => client(`${origin}/scim`).query(User),
      want: `UnexpectedStatusCode: GET ORIGIN/scim/Users answered 404${HINT}`,
    },
    {
      title: "a base URL without its scheme",
      run: () => client("example.com/scim/v2"),
      want: "TypeError: the base URL must be an absolute URL, such as https://example.com/scim/v2",
    },
    {
      title: "a base URL that begins with a host",
      run: () => client("localhost:3000/scim/v2"),
      want: "TypeError: the base URL must be an http or https URL, such as https://example.com/scim/v2, not localhost:",
    },
    {
      title: "a port where nobody listens",
      run: async () => client(await closedPort()).query(User, "1"),
      want: "RequestNetworkError: GET CLOSED/Users/1: the connection failed (ECONNREFUSED): nothing listens there",
    },
    {
      title: "a port that fetch refuses, which is not tried again",
      run: () => client("http://127.0.0.1:6000", { retry: { limit: 3, backoff: 60_000 } }).query(User, "1"),
      want: "RequestNetworkError: GET http://127.0.0.1:6000/Users/1: the connection failed: fetch refuses this port (port blocking of the Fetch standard)",
    },
    {
      title: "https where the server speaks http, which is not tried again",
      run: (origin) =>
        client(origin.replace("http:", "https:"), { retry: { limit: 3, backoff: 60_000 } }).query(User, "1"),
      want: "RequestNetworkError: GET https://HOST/Users/1: the connection failed (ERR_SSL_WRONG_VERSION_NUMBER): the server speaks no TLS there; is its URL http?",
    },
  ];
  for (const { title, run, want } of cases) {
    test(title, async () => {
      const origin = await provider();
      const text = await said(origin, () => run(origin));
      expect(text.replace(/http:\/\/127\.0\.0\.1:(?!6000)\d+/, "CLOSED")).toBe(want);
    });
  }

  test("a web page in place of a service provider", async () => {
    const origin = await loopback((_request, response) =>
      response.setHeader("content-type", "text/html").end("<p>"),
    );
    const want = (path: string): string =>
      `UnexpectedContentType: GET ORIGIN/${path} answered 200 with text/html, expected application/scim+json (RFC 7644 §3.1)${HINT}`;
    expect(await said(origin, () => client(origin).discover())).toBe(want("ServiceProviderConfig"));
    expect(await said(origin, () => client(origin).query(User))).toBe(want("Users"));
  });

  test("http where the server wants https", async () => {
    const origin = await loopback((request, response) =>
      response.writeHead(301, { location: `https://scim.example${request.url}?secret=1` }).end(),
    );
    expect(await said(origin, () => client(origin).query(User))).toBe(
      `UnexpectedStatusCode: GET ORIGIN/Users answered 301, expected 200; it redirects to https://scim.example/Users, which is not followed${HINT}`,
    );
  });

  test("a server that says nothing", async () => {
    const origin = await loopback(() => undefined);
    expect(await said(origin, () => client(origin, { timeout: 20 }).query(User, "1"))).toBe(
      "RequestNetworkError: GET ORIGIN/Users/1: no answer in 20 ms",
    );
    expect(await said(origin, () => client(origin).query(User, "1", { signal: AbortSignal.timeout(1) }))).toBe(
      "TimeoutError: The operation was aborted due to timeout",
    );
  });
});

describe("a mistake in a call is named with its subject, its rule and its place", () => {
  const hint = '; unknownAttributes: "drop" leaves out what the schemas do not define, "send" sends it';
  const cases: ReadonlyArray<{ title: string; run: (scim: SCIMClient, any: Untyped) => unknown; want: string }> = [
    {
      title: "a name that is nearly right",
      run: (scim) => scim.create(User, { userName: "a", emials: [] } as never),
      want: `RequestPayloadValidationError: User cannot be sent to create it: "emials" is not defined by the schema and must not be in a create request; perhaps "emails" is meant (RFC 7643 §2.1)${hint}`,
    },
    {
      title: "a value of the wrong type",
      run: (scim) => scim.create(User, { userName: "a", emails: ["a@example.com"] } as never),
      want: 'RequestPayloadValidationError: User cannot be sent to create it: "emails[0]" must be an object, not a string, in a create request (RFC 7643 §2.3.8)',
    },
    {
      title: "a required attribute that is missing",
      run: (scim) => scim.create(User, { displayName: "a" } as never),
      want: 'RequestPayloadValidationError: User cannot be sent to create it: "userName" must be present in a create request (RFC 7643 §2.2)',
    },
    {
      title: "a required attribute that is null",
      run: (scim) => scim.create(User, { userName: null } as never),
      want: 'RequestPayloadValidationError: User cannot be sent to create it: "userName" must have a value, not null, in a create request (RFC 7643 §2.2)',
    },
    {
      title: "a list in place of a resource",
      run: (scim) => scim.create(User, [{ userName: "a" }] as never),
      want: "TypeError: User: the resource to create must be an object, not an array",
    },
    {
      title: "no resource",
      run: (_scim, any) => any["create"]?.(User),
      want: "TypeError: User: the resource to create must be an object, not undefined",
    },
    {
      title: "a replacement without its id",
      run: (scim) => scim.replace(User, { userName: "a" } as never),
      want: "TypeError: User: the resource to replace must have its id (RFC 7644 §3.5.1)",
    },
    {
      title: "a replacement that is an id",
      run: (scim) => scim.replace(User, "1" as never),
      want: "TypeError: User: the resource to replace must be an object, not a string",
    },
    {
      title: "a change of what only the server sets",
      run: (scim) => scim.modify(User, "1", [{ op: "replace", path: "groups", value: [] }]),
      want: 'RequestPayloadValidationError: User cannot be modified so: "groups" is readOnly (RFC 7643 §7)',
    },
    {
      title: "a resource in place of changes",
      run: (scim) => scim.modify(User, "1", { nickName: "a" } as never),
      want: "TypeError: changes are what patch(model) or diff gives, a list of operations, or a PatchOp message with its Operations (RFC 7644 §3.5.2)",
    },
    {
      title: "a change to undefined",
      run: () => patch(User).replace("title", undefined as never),
      want: "TypeError: the value of replace is JSON; null unassigns",
    },
    {
      title: "an id that is undefined",
      run: (scim) => scim.query(User, undefined as never),
      want: "TypeError: the id is undefined; a query for a list has no second argument",
    },
    {
      title: "an id that is a number",
      run: (scim) => scim.delete(User, 5 as never),
      want: "TypeError: the id must be a string, not a number",
    },
    {
      title: "an id that there is not",
      run: (scim) => scim.query(User, "no-such-id"),
      want: 'SCIMResponseErrorObject: GET ORIGIN/scim/v2/Users/no-such-id was refused with 404: There is no resource with the id "no-such-id"',
    },
    {
      title: "a user that there is already",
      run: async (scim) => {
        await scim.create(User, { userName: "twice" });
        await scim.create(User, { userName: "twice" });
      },
      want: 'SCIMResponseErrorObject: POST ORIGIN/scim/v2/Users was refused with 409: uniqueness: The userName "twice" is taken',
    },
    {
      title: "an operator that there is not",
      run: (scim) => scim.query(User, { filter: 'userName equals "a"' }),
      want: 'SCIMSyntaxError: filter: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr) at offset 9, found "equals" (RFC 7644 §3.4.2.2)',
    },
    {
      title: "a text that is not quoted",
      run: (scim) => scim.query(User, { filter: "userName eq anna" }),
      want: "SCIMSyntaxError: filter: expected a string in quotation marks, a number, true, false or null at offset 12, found an unquoted text (RFC 7644 §3.4.2.2)",
    },
    {
      title: "a text that is quoted twice",
      run: () => filter`userName eq "${"anna"}"`,
      want: "TypeError: value 1 of the filter template stands within quotation marks; leave them out, it is quoted for you",
    },
    {
      title: "a filter on an attribute that there is not",
      run: (scim) => scim.query(User, { filter: 'userNam eq "a"' }),
      want: 'RequestPayloadValidationError: the query cannot be sent: "userNam" is not an attribute of User; perhaps "userName" is meant (RFC 7644 §3.4.2.2)',
    },
    {
      title: "an order by an attribute that there is not",
      run: (scim) => scim.query(User, { sortBy: "userNam" }),
      want: 'RequestPayloadValidationError: the query cannot be sent: sortBy names "userNam", which User does not have; perhaps "userName" is meant (RFC 7644 §3.10)',
    },
    {
      title: "an order that there is not",
      run: (scim) => scim.query(User, { sortBy: "userName", sortOrder: "asc" as never }),
      want: 'TypeError: sortOrder must be "ascending" or "descending" (RFC 7644 §3.4.2.3)',
    },
    {
      title: "an option that there is not",
      run: (scim) => scim.find(User, 'userName eq "a"', { timeuot: 5 } as never),
      want: 'TypeError: "timeuot" is not an option here; perhaps "timeout" is meant; there are capabilities, checkRequestPayload, checkResponseContentType, checkResponsePayload, checkResponseStatusCodes, expectedStatusCodes, headers, onDeviation, onResponse, raiseScimErrors, retry, searchParams, signal, timeout, url',
    },
    {
      title: "an option of retry that there is not",
      run: (scim) => scim.query(User, "1", { retry: { retries: 5 } as never }),
      want: 'TypeError: "retries" is not an option of retry; there are limit, maxRetryAfter, backoff, maxBackoff, totalTimeout',
    },
    {
      title: "retries that are a number",
      run: (scim) => scim.query(User, "1", { retry: 5 as never }),
      want: "TypeError: retry must be its options or false, not a number",
    },
    {
      title: "a fetch that is none",
      run: () => client("https://example.com", { fetch: "node-fetch" as never }),
      want: "TypeError: fetch must be a function that answers a Request, not a string",
    },
    {
      title: "a name in place of a model",
      run: (_scim, any) => any["create"]?.("User", { userName: "a" }),
      want: "TypeError: the first argument must be a resource model: User of scimkit/models, or what getResourceModel gives",
    },
    {
      title: "a name in place of a model, to be read",
      run: (_scim, any) => any["query"]?.("User"),
      want: "TypeError: a query takes a resource model, a list of resource models, or options alone, not a string",
    },
    {
      title: "an extension in place of a model",
      run: (scim) => scim.query(EnterpriseUser as never),
      want: "TypeError: a verb takes a resource model, which an extension is not (RFC 7643 §3.3)",
    },
    {
      title: "a model of a type that the server does not have",
      run: (scim) => {
        scim.registerNaiveResourceTypes([User]);
        return scim.query(Group);
      },
      want: 'UnknownResourceType: "Group" is not a resource type of this server; there are User',
    },
    {
      title: "a name of a type, before anything is known",
      run: () => client("https://example.com").getResourceModel("User"),
      want: 'UnknownResourceType: "User" is not a resource type of this server; none is known, call discover() first',
    },
    {
      title: "an operation in place of a bulk",
      run: (_scim, any) => any["bulk"]?.({ method: "DELETE", model: User, id: "1" }),
      want: "TypeError: a bulk is a list of operations, not an object (RFC 7644 §3.7)",
    },
    {
      title: "a list that is read twice",
      run: async (scim) => {
        const users = scim.list(User);
        for await (const user of users) void user;
        for await (const user of users) void user;
      },
      want: "TypeError: a list can be iterated once; ask for it again",
    },
  ];
  for (const { title, run, want } of cases) {
    test(title, async () => {
      const origin = await provider();
      const scim = client(`${origin}/scim/v2`);
      await scim.discover();
      expect(await said(origin, () => run(scim, untyped(scim)))).toBe(want);
    });
  }
});
