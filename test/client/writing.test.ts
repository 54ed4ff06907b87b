import { describe, expect, test } from "vitest";
import { bearer, patch, SCIMClient, type ClientOptions, type Deviation, type JsonObject } from "../../src/index.ts";
import { User } from "../../src/models.gen.ts";

const SCHEMAS = [User.schema.id];
const BABS = {
  schemas: SCHEMAS,
  id: "1",
  userName: "babs",
  displayName: "Babs",
  emails: [{ value: "babs@example.com" }],
  meta: { version: 'W/"2"' },
};

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly ifMatch: string | null;
  readonly body: unknown;
}

/** A client whose server answers from a list, and what it was sent. */
function answering(
  answers: readonly (JsonObject | number)[],
  options: Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload"> = {},
): { scim: SCIMClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const text = await request.text();
    const { pathname, search } = new URL(request.url);
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    sent.push({ method: request.method, url: pathname + search, ifMatch: request.headers.get("if-match"), body });
    const answer = answers[Math.min(sent.length, answers.length) - 1] ?? 500;
    if (typeof answer === "number") {
      return new Response(null, { status: answer, headers: { location: "https://elsewhere.example/" } });
    }
    return Response.json(answer, { headers: { "content-type": "application/scim+json" } });
  };
  const scim = new SCIMClient("https://scim.example/v2", { auth: bearer("t"), retry: false, fetch, ...options });
  return { scim, sent };
}

describe("RFC 7644 §3.5.1: a PUT in place of a PATCH holds the whole resource", () => {
  const capabilities = { patch: false, etag: true };

  test("attributes that the call does not want back are read all the same", async () => {
    const { scim, sent } = answering([BABS, BABS], { capabilities });
    const change = patch(User).replace("displayName", "B");
    await scim.modify(User, "1", change, { withoutPatch: "replace", excludedAttributes: ["emails"] });
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /v2/Users/1",
      "PUT /v2/Users/1?excludedAttributes=emails",
    ]);
    expect(sent[1]?.body).toMatchObject({ displayName: "B", emails: BABS.emails });
  });

  const guards = [
    { given: "1", options: {}, want: 'W/"2"' },
    { given: { id: "1", meta: { version: 'W/"1"' } }, options: {}, want: 'W/"1"' },
    { given: "1", options: { ifMatch: '"9"' }, want: '"9"' },
    { given: "1", options: { ifMatch: false }, want: null },
  ] as const;
  for (const { given, options, want } of guards) {
    test(`RFC 7644 §3.14: guarded by ${want} for ${JSON.stringify([given, options])}`, async () => {
      const { scim, sent } = answering([BABS, BABS], { capabilities });
      const change = patch(User).replace("displayName", "B");
      await scim.modify(User, given, change, { withoutPatch: "replace", ...options });
      expect(sent.map(({ ifMatch }) => ifMatch)).toEqual([null, want]);
    });
  }

  test("nothing is read where the server has no PUT either", async () => {
    const { scim, sent } = answering([BABS, BABS], { capabilities: { ...capabilities, replace: false } });
    const change = patch(User).replace("displayName", "B");
    await expect(scim.modify(User, "1", change, { withoutPatch: "replace" })).rejects.toMatchObject({
      code: "unsupported_by_server",
      capability: "replace",
    });
    expect(sent).toEqual([]);
  });

  test("nothing is put where the operations change nothing", async () => {
    const { scim, sent } = answering([BABS], { capabilities });
    await scim.modify(User, "1", patch(User).replace("displayName", "Babs"), { withoutPatch: "replace" });
    expect(sent.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });
});

describe("what must not look like a success", () => {
  test("a redirect, though any status is expected", async () => {
    const { scim } = answering([302]);
    await expect(scim.delete(User, "1", { expectedStatusCodes: [] })).rejects.toMatchObject({
      code: "unexpected_status_code",
      status: 302,
    });
    await expect(scim.delete(User, "1", { expectedStatusCodes: [302] })).resolves.toBeUndefined();
  });

  test("an id that is undefined beside a URL", async () => {
    const { scim, sent } = answering([204]);
    const id = undefined as unknown as string;
    await expect(scim.delete(User, id, { url: "/Users" })).rejects.toBeInstanceOf(TypeError);
    expect(sent).toEqual([]);
  });

  test("a payload that is not JSON, though it is not checked", async () => {
    const { scim, sent } = answering([BABS]);
    const nothing = (() => {}) as unknown as { userName: string };
    await expect(scim.create(User, nothing, { checkRequestPayload: false })).rejects.toBeInstanceOf(TypeError);
    expect(sent).toEqual([]);
  });

  test("RFC 7644 §3.4.2.4: find does not take the end of a broken list for the answer that there is nobody", async () => {
    const page = { schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], totalResults: 5 };
    const pages = [
      { ...page, Resources: [BABS] },
      { ...page, Resources: [] },
    ];
    const { scim } = answering(pages);
    await expect(scim.find(User, 'userName eq "other"')).rejects.toMatchObject({
      code: "response_payload_validation_error",
      issues: [{ path: "Resources", rule: "bounds" }],
    });
    expect(await answering(pages).scim.find(User, 'userName eq "babs"')).toEqual(BABS);
  });
});

test("RFC 7644 §3.4.2: a lone resource in place of a list is reported as that", async () => {
  const deviations: Deviation[] = [];
  const { scim } = answering([BABS], { onDeviation: (deviation) => deviations.push(deviation) });
  expect((await scim.query(User)).Resources).toEqual([BABS]);
  expect(deviations.map(({ message }) => message)).toEqual(["a lone resource stands where a ListResponse belongs"]);
});

describe("RFC 7644 §3.7: the operations of a bulk are checked whatever the form of their path", () => {
  for (const path of ["Users", "/Users", "/v2/Users", "https://scim.example/v2/Users"]) {
    test(path, async () => {
      const { scim, sent } = answering([204], { resourceModels: [User] });
      const bulk = scim.bulk([{ method: "POST", path, data: { userNam: 1 } }]);
      await expect(bulk).rejects.toMatchObject({ code: "request_payload_validation_error" });
      expect(sent).toEqual([]);
    });
  }

  test("an option that there is not", async () => {
    const { scim } = answering([204]);
    await expect(scim.bulk([], { failOnError: 1 } as object)).rejects.toThrow('"failOnError" is not an option');
  });

  test("a PATCH alone, to a server without PATCH", async () => {
    const { scim, sent } = answering([204], { capabilities: { patch: false } });
    const data = { Operations: [{ op: "replace", path: "displayName", value: "B" }] };
    const bulk = scim.bulk([{ method: "PATCH", path: "/Users/1", data }], { strategy: "single" });
    await expect(bulk).rejects.toMatchObject({ code: "unsupported_by_server" });
    expect(sent).toEqual([]);
  });
});
