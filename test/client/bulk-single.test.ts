import { describe, expect, test } from "vitest";
import { patch, SCIMResponseErrorObject, type BulkCallOptions } from "../../src/index.ts";
import { isJsonObject } from "../../src/json.ts";
import { User } from "../../src/models.gen.ts";
import type { BulkOperation } from "../../src/protocol/bulk.ts";
import { BASE, BULK, bulkServer, client, create } from "./bulk-server.ts";
import { errorOf, GROUP, PATCH_OP, rejection, replay, routes, USER, type Reply } from "./replay.ts";

describe("one request for each operation", () => {
  const single = (table: Readonly<Record<string, Reply>>) => {
    const { fetch, sent } = routes(table);
    const scim = client({ fetch });
    return { sent, run: (given: readonly BulkOperation[], options?: BulkCallOptions) => scim.bulk(given, options) };
  };
  const bob = { schemas: [USER], id: "b/1", userName: "bob" };

  test("as its verb would send it, the version as If-Match, the references replaced", async () => {
    const { run, sent } = single({
      "POST /Users": { status: 201, headers: { location: `${BASE}/Users/b%2F1`, etag: 'W/"1"' }, body: bob },
      "POST /Groups": { status: 201, body: { id: "g", meta: { location: `${BASE}/Groups/g`, version: 'W/"2"' } } },
      "PUT /Users/1": { body: bob },
      "PATCH /Users/b/1": { status: 204 },
      "DELETE /Users/4": { status: 204 },
    });
    const operations: BulkOperation[] = [
      create("bob"),
      { method: "POST", path: "/Groups", data: { displayName: "G", members: [{ value: "bulkId:bob" }] } },
      { method: "PUT", path: "/Users/1", version: 'W/"1"', data: { userName: "bob" } },
      { method: "PATCH", path: "/Users/bulkId:bob", data: patch(User).replace("nickName", "B") },
      { method: "DELETE", path: "/Users/4", version: '"4"' },
    ];
    const results = await run(operations, { concurrency: 1, headers: { "x-a": "b" } });
    expect(
      sent.map(({ method, url, headers, body }) => [
        method,
        url.slice(BASE.length),
        headers["if-match"],
        headers["x-a"],
        body,
      ]),
    ).toEqual([
      ["POST", "/Users", undefined, "b", { schemas: [USER], userName: "bob" }],
      ["POST", "/Groups", undefined, "b", { schemas: [GROUP], displayName: "G", members: [{ value: "b/1" }] }],
      ["PUT", "/Users/1", 'W/"1"', "b", { schemas: [USER], userName: "bob" }],
      [
        "PATCH",
        "/Users/b%2F1",
        undefined,
        "b",
        { schemas: [PATCH_OP], Operations: [{ op: "replace", path: "nickName", value: "B" }] },
      ],
      ["DELETE", "/Users/4", '"4"', "b", undefined],
    ]);
    expect(results.map(({ operation: _operation, index: _index, ...result }) => result)).toEqual([
      { ok: true, status: 201, location: `${BASE}/Users/b%2F1`, id: "b/1", version: 'W/"1"', response: bob },
      {
        ok: true,
        status: 201,
        location: `${BASE}/Groups/g`,
        id: "g",
        version: 'W/"2"',
        response: expect.any(Object) as object,
      },
      { ok: true, status: 200, id: "b/1", response: bob },
      { ok: true, status: 204, id: "b/1" },
      { ok: true, status: 204, id: "4" },
    ]);
  });

  test("RFC 7644 §3.12: what the server says of one is its result", async () => {
    const { run } = single({
      "POST /Users": { status: 409, body: errorOf(409, "uniqueness", "taken") },
      "DELETE /Users/1": { status: 500, text: "oops" },
      "DELETE /Users/2": { status: 504, text: "" },
      "DELETE /Users/3": { status: 200, text: "gone" },
      "DELETE /Users/4": { status: 204 },
    });
    const deletions = ["1", "2", "3", "4"].map((id): BulkOperation => ({ method: "DELETE", path: `/Users/${id}` }));
    const results = await run([create("a"), ...deletions], { concurrency: 1 });
    expect(
      results.map((result) => (result.ok ? [result.status] : [result.reason, result.status, result.error.status])),
    ).toEqual([
      ["refused", 409, "409"],
      ["refused", 500, "500"],
      // A gateway's answer is none of the server's, and a success that cannot be read may be one.
      ["unanswered", 504, "504"],
      ["unanswered", 200, "502"],
      [204],
    ]);
    expect(results[0]).toMatchObject({ error: errorOf(409, "uniqueness", "taken") });
  });

  test("RFC 9967 §2.5: what the server will carry out later has succeeded with 202", async () => {
    const { run } = single({ "POST /Users": { status: 202, headers: { location: `${BASE}/Users/later` } } });
    const [result] = await run([create("a")]);
    expect(result).toMatchObject({ ok: true, status: 202, location: `${BASE}/Users/later` });
    expect(result).not.toHaveProperty("id");
  });

  test("no more than so many are under way at a time", async () => {
    let underWay = 0;
    let most = 0;
    const fetch = async (): Promise<Response> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => void setImmediate(resolve));
      underWay -= 1;
      return new Response(null, { status: 204 });
    };
    const deletions = Array.from({ length: 30 }, (_, id): BulkOperation => ({
      method: "DELETE",
      path: `/Users/${id}`,
    }));
    await client({ fetch }).bulk(deletions);
    expect(most).toBe(4);
    await client({ fetch }).bulk(deletions, { concurrency: 7 });
    expect(most).toBe(7);
  });

  test("RFC 7235 §3.1: credentials that are not accepted end it", async () => {
    const { run, sent } = single({ "POST /Users": { status: 401, body: errorOf(401) } });
    const error = await rejection(run([create("a"), create("b")], { concurrency: 1 }));
    expect(error).toBeInstanceOf(SCIMResponseErrorObject);
    expect(error).toMatchObject({ status: 401 });
    expect(sent).toHaveLength(1);
  });
});

describe("a bulk of which nothing is answered", () => {
  const cases: ReadonlyArray<{ title: string; reply: Reply; want: object }> = [
    {
      title: "401",
      reply: { status: 401, body: errorOf(401) },
      want: { code: "scim_response_error_object", status: 401 },
    },
    { title: "404", reply: { status: 404, text: "" }, want: { code: "unexpected_status_code", status: 404 } },
    { title: "501", reply: { status: 501, body: errorOf(501) }, want: { status: 501, unknownOutcome: false } },
    { title: "504", reply: { status: 504, text: "" }, want: { status: 504, unknownOutcome: true } },
  ];
  for (const { title, reply, want } of cases) {
    test(`${title} is thrown`, async () => {
      const error = await rejection(client({ fetch: replay(reply).fetch, ...BULK }).bulk([create("a")]));
      expect(error).toMatchObject(want);
    });
  }

  test("an answer that is no BulkResponse tells nothing of any operation", async () => {
    for (const reply of [{ status: 200, body: { schemas: [USER], id: "1" } }, { status: 200 }]) {
      const scim = client({ fetch: replay(reply).fetch, ...BULK });
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await scim.bulk([create("a"), create("b")]).catch((error: unknown) => error);
      const told = Array.isArray(outcome) ? outcome : [outcome];
      expect(
        told.every(
          (each) => isJsonObject(each) && (each["reason"] === "unanswered" || each["unknownOutcome"] === true),
        ),
      ).toBe(true);
    }
  });

  test("what onResult throws ends the bulk", async () => {
    const bug = new Error("bug");
    for (const strategy of ["bulk", "single"] as const) {
      const { fetch, sent } = bulkServer();
      const onResult = (): never => {
        throw bug;
      };
      const running = client({ fetch, ...BULK }).bulk([create("a"), create("b")], {
        strategy,
        onResult,
        maxOperations: 1,
        concurrency: 1,
      });
      // oxlint-disable-next-line no-await-in-loop
      expect(await rejection(running)).toBe(bug);
      expect(sent).toHaveLength(1);
    }
  });
});
