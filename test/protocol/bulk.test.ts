import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Deviation } from "../../src/deviation.ts";
import { RequestNetworkError, UnexpectedStatusCode, UnsupportedByServer } from "../../src/errors.ts";
import type { JsonValue } from "../../src/json.ts";
import {
  BULK_REQUEST,
  BULK_RESPONSE,
  type BulkOperation,
  type BulkRequest,
  type BulkRequestOperation,
  type BulkResponseOperation,
  type BulkResult,
  readBulkResponse,
} from "../../src/protocol/bulk.ts";
import { type BulkLimits, planBulk } from "../../src/protocol/bulk-plan.ts";
import { runSingly } from "../../src/protocol/bulk-single.ts";
import { add, BulkServer, play, post } from "./bulk-server.ts";
import { refusal } from "./list-server.ts";

const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const REMOVAL = { op: "remove", path: "nickName" };

function run(operations: readonly BulkOperation[], limits: BulkLimits = {}, server = new BulkServer(limits)) {
  const results = play(planBulk(operations, limits), (request) => server.bulk(request));
  return { results, server, requests: server.requests };
}

const outcomes = (results: readonly BulkResult[]): string[] =>
  results.map((result) => (result.ok ? String(result.status) : result.reason));

const stopped = (operations: readonly BulkOperation[], Operations: unknown[]): string[] =>
  outcomes(play(planBulk(operations, { failOnErrors: 1 }), () => ({ schemas: [BULK_RESPONSE], Operations })));

const unexpected = (code: number, body?: unknown): UnexpectedStatusCode =>
  new UnexpectedStatusCode(`${code}`, {
    status: code,
    headers: new Headers(),
    request: { method: "POST", url: "https://scim.example/v2/Bulk" },
    body,
  });

const serving =
  (server: BulkServer) =>
  async (operation: BulkRequestOperation): Promise<BulkResponseOperation> =>
    server.single(operation);

/** The error message of a result. */
const detail = (result: BulkResult | undefined): string =>
  result === undefined || result.ok ? "" : (result.error.detail ?? "");

const sent = (requests: readonly BulkRequest[]): string[][] =>
  requests.map(({ Operations }) => Operations.map(({ method, path, bulkId }) => `${method} ${bulkId ?? path}`));

describe("RFC 7644 §3.7: a bulk request", () => {
  test("holds the operations in their order, the PATCH as a PatchOp message (erratum 5050)", () => {
    const operations: BulkOperation[] = [
      { method: "POST", path: "/Users", bulkId: "qwerty", data: { userName: "Alice" } },
      {
        method: "PUT",
        path: "/Users/b7c14771",
        version: 'W/"3694e05e9dff591"',
        data: { id: "b7c14771", userName: "Bob" },
      },
      {
        method: "PATCH",
        path: "/Users/5d8d29d3",
        version: 'W/"edac3253e2c0ef2"',
        data: [{ op: "remove", path: "nickName" }],
      },
      { method: "DELETE", path: "/Users/e9025315", version: 'W/"0ee8add0a938e1a"' },
    ];
    const plan = planBulk(operations, { failOnErrors: 1 });
    expect(plan.next().value).toEqual({
      schemas: [BULK_REQUEST],
      failOnErrors: 1,
      Operations: [
        { method: "POST", path: "/Users", bulkId: "qwerty", data: { userName: "Alice" } },
        {
          method: "PUT",
          path: "/Users/b7c14771",
          version: 'W/"3694e05e9dff591"',
          data: { id: "b7c14771", userName: "Bob" },
        },
        {
          method: "PATCH",
          path: "/Users/5d8d29d3",
          version: 'W/"edac3253e2c0ef2"',
          data: { schemas: [PATCH_OP], Operations: [{ op: "remove", path: "nickName" }] },
        },
        { method: "DELETE", path: "/Users/e9025315", version: 'W/"0ee8add0a938e1a"' },
      ],
    });
  });

  const patches: { title: string; given: object }[] = [
    { title: "as a message", given: { schemas: [PATCH_OP], Operations: [REMOVAL] } },
    { title: "as a message without schemas", given: { Operations: [REMOVAL] } },
    { title: "as an array", given: [REMOVAL] },
    { title: "as a builder", given: { toJSON: () => ({ schemas: [PATCH_OP], Operations: [REMOVAL] }) } },
    { title: "as a builder of an array", given: { toJSON: () => [REMOVAL] } },
  ];
  for (const { title, given } of patches) {
    test(`the data of a PATCH is a PatchOp message, given ${title}`, () => {
      const request = planBulk([{ method: "PATCH", path: "/Users/1", data: given }]).next().value;
      expect(request).toMatchObject({ Operations: [{ data: { schemas: [PATCH_OP], Operations: [REMOVAL] } }] });
    });
  }

  test("bulkId is required of a POST: one without gets its own", () => {
    const operations: BulkOperation[] = [
      { method: "POST", path: "/Users", data: {} },
      { method: "POST", path: "/Users", bulkId: "operation-0", data: {} },
      { method: "DELETE", path: "/Users/1" },
    ];
    const plan = planBulk(operations).next().value;
    expect(plan).toMatchObject({ Operations: [{ bulkId: "operation-0+" }, { bulkId: "operation-0" }, {}] });
    expect(plan).not.toHaveProperty("Operations.2.bulkId");
  });

  test("the data is a copy, as JSON has it", () => {
    const when = new Date(0);
    const data = { when, nothing: undefined, list: [undefined, Number.NaN], nested: { list: [] as string[] } };
    const plan = planBulk([{ method: "POST", path: "/Users", data }]);
    data.nested.list.push("later");
    expect(plan.next().value).toMatchObject({
      Operations: [{ data: { when: when.toJSON(), list: [null, null], nested: { list: [] } } }],
    });
    const own = JSON.parse('{"__proto__":{"admin":true}}') as object;
    const request = planBulk([{ method: "POST", path: "/Users", data: own }]).next().value;
    expect(JSON.stringify(request)).toContain('"__proto__":{"admin":true}');
  });

  test("no operation, no request", () => {
    expect(run([])).toMatchObject({ results: [], requests: [] });
  });

  const self: Record<string, unknown> = {};
  self["self"] = self;
  const wrong: { title: string; given: unknown[]; want: RegExp }[] = [
    { title: "without a method", given: [{ path: "/Users" }], want: /^operation 0 has no method/ },
    { title: "to read", given: [post("a"), { method: "GET", path: "/Users" }], want: /^operation 1 has no method/ },
    { title: "without a path", given: [{ method: "DELETE", path: "" }], want: /^operation 0 has no path/ },
    { title: "with an empty bulkId", given: [post("")], want: /bulkId of operation 0/ },
    { title: "with a number for bulkId", given: [{ ...post("a"), bulkId: 1 }], want: /bulkId of operation 0/ },
    {
      title: "without data",
      given: [{ method: "PUT", path: "/Users/1" }],
      want: /^operation 0, a PUT, lacks data/,
    },
    { title: "to delete with data", given: [{ method: "DELETE", path: "/Users/1", data: {} }], want: /has data/ },
    {
      title: "with the bulkId of another",
      given: [post("a"), post("b"), post("a")],
      want: /^operations 0 and 2 have the same bulkId "a"/,
    },
    {
      title: "that refers to nothing",
      given: [post("a"), post("b", { manager: { value: "bulkId:c" } })],
      want: /^operation 1 refers to "bulkId:c", and no POST/,
    },
    {
      title: "that refers to what is not created",
      given: [{ method: "PUT", path: "/Users/1", bulkId: "a", data: {} }, post("b", { value: "bulkId:a" })],
      want: /^operation 1 refers to "bulkId:a", and no POST/,
    },
    {
      title: "whose path refers to nothing",
      given: [{ method: "DELETE", path: "/Users/bulkId:x" }],
      want: /operation 0 refers to "bulkId:x"/,
    },
    {
      title: "whose data holds itself",
      given: [{ method: "POST", path: "/Users", data: self }],
      want: /nested more than 64 levels/,
    },
    { title: "whose data holds a bigint", given: [post("a", { n: 1n })], want: /bigint/ },
  ];
  for (const { title, given, want } of wrong) {
    test(`an operation ${title} is a TypeError, before anything is sent`, async () => {
      const operations = given as BulkOperation[];
      expect(() => planBulk(operations)).toThrow(TypeError);
      expect(() => planBulk(operations)).toThrow(want);
      await expect(runSingly(operations, () => Promise.reject(new Error("sent")))).rejects.toThrow(want);
    });
  }

  for (const limits of [
    { failOnErrors: 0 },
    { failOnErrors: 1.5 },
    { maxOperations: -1 },
    { maxPayloadSize: Number.NaN },
  ]) {
    test(`${JSON.stringify(limits)} is a TypeError`, () => {
      expect(() => planBulk([], limits)).toThrow(TypeError);
    });
  }
});

describe("RFC 7644 §3.5.2: a PATCH has one operation at least, so that one without is carried out without a request", () => {
  const nothing = { schemas: [PATCH_OP], Operations: [] };
  const operations: BulkOperation[] = [
    { method: "PATCH", path: "/Users/1", data: [] },
    { method: "POST", path: "/Users", bulkId: "a", data: { userName: "a" } },
    { method: "PATCH", path: "/Users/bulkId:a", data: nothing },
    { method: "DELETE", path: "/Users/9" },
  ];

  test("in bulk requests", () => {
    const heard: number[] = [];
    const { results, requests } = run(operations, { onResult: ({ index }) => heard.push(index) });
    expect(outcomes(results)).toEqual(["204", "201", "204", "refused"]);
    expect(results).toMatchObject([{ id: "1" }, {}, { id: results[1]?.ok === true ? results[1].id : "" }, {}]);
    expect(sent(requests)).toEqual([["POST a"], ["DELETE /Users/9"]]);
    expect(heard).toEqual([0, 1, 2, 3]);
  });

  test("in single requests", async () => {
    const server = new BulkServer({});
    const results = await runSingly(operations, serving(server));
    expect(outcomes(results)).toEqual(["204", "201", "204", "refused"]);
    expect(results[2]).toMatchObject({ ok: true, id: results[1]?.ok === true ? results[1].id : "" });
  });

  test("a bulk of nothing else sends nothing", () => {
    const { results, requests } = run([{ method: "PATCH", path: "/Users/1", data: nothing }]);
    expect(outcomes(results)).toEqual(["204"]);
    expect(requests).toEqual([]);
  });

  test("what depends on what has failed has failed as well", () => {
    const { results } = run([post("a", { refuse: true }), { method: "PATCH", path: "/Users/bulkId:a", data: [] }]);
    expect(outcomes(results)).toEqual(["refused", "dependency"]);
  });
});

describe("RFC 7644 §3.7.2: references by bulkId", () => {
  test("are left to the server in the request that creates the resource", () => {
    const { requests, server } = run([post("a"), post("b", { members: [{ value: "bulkId:a" }] })]);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.Operations[1]?.data).toEqual({ name: "b", members: [{ value: "bulkId:a" }] });
    expect(server.state()).toEqual({ a: { log: [] }, b: { log: [], members: [{ value: "a" }] } });
  });

  test("are replaced by the id in later requests, wherever they are the whole value, and nowhere else", () => {
    const operations = [
      post("a"),
      post("b", {
        members: [{ value: "bulkId:a", display: "see bulkId:a", "bulkId:a": 1 }],
        "urn:example:2.0:X": { deep: [["bulkId:a"]] },
        literal: "BULKID:a",
      }),
    ];
    const { requests } = run(operations, { maxOperations: 1 });
    expect(requests[1]?.Operations[0]?.data).toEqual({
      name: "b",
      members: [{ value: "id-1", display: "see bulkId:a", "bulkId:a": 1 }],
      "urn:example:2.0:X": { deep: [["id-1"]] },
      literal: "BULKID:a",
    });
  });

  test("may be regular expressions and replacement patterns by their look", () => {
    const { requests } = run([post("$&.*("), post("b", { value: "bulkId:$&.*(" })], { maxOperations: 1 });
    expect(requests[1]?.Operations[0]?.data).toEqual({ name: "b", value: "id-1" });
  });

  test("forward: the operation comes after the one that creates the resource, all others keep their order", () => {
    const operations = [
      post("a", { value: "bulkId:d" }),
      post("b"),
      add("/Groups/1", "bulkId:d"),
      add("/Groups/1", "second"),
      post("c"),
      post("d"),
      post("e"),
    ];
    const server = new BulkServer({}, ["/Groups/1"]);
    const { requests, results } = run(operations, { maxOperations: 2 }, server);
    expect(sent(requests).flat()).toEqual([
      "POST b",
      "POST c",
      "POST d",
      "POST a",
      "PATCH /Groups/1",
      "PATCH /Groups/1",
      "POST e",
    ]);
    expect(results.map(({ index, operation }) => operations[index] === operation)).toEqual(
      operations.map(() => true),
    );
    expect(server.state()["/Groups/1"]).toEqual({ log: ["d", "second"] });
  });

  test("in a path wait for the id, which is percent-encoded there", () => {
    const location = "https://scim.example/v2/Users/a%2Fb%20%22c";
    const requests: BulkRequest[] = [];
    const operations: BulkOperation[] = [
      post("x"),
      { method: "PUT", path: "/Users/bulkId:x", data: { manager: "bulkId:x" } },
      {
        method: "PATCH",
        path: "/Users/bulkId%3Ax",
        data: [{ op: "remove", path: 'members[value eq "bulkId:x"]' }],
      },
      { method: "DELETE", path: "/Groups/1" },
    ];
    const results = play(planBulk(operations), (request) => {
      requests.push(request);
      const { Operations } = request;
      return {
        schemas: [BULK_RESPONSE],
        Operations: Operations.map(({ method, bulkId, path }) =>
          method === "POST"
            ? { method, bulkId, location, status: "201" }
            : { method, location: path, status: "200" },
        ),
      };
    });
    expect(outcomes(results)).toEqual(["201", "200", "200", "200"]);
    expect(results[0]).toMatchObject({ id: 'a/b "c', location });
    expect(results[1]).toMatchObject({ id: 'a/b "c' });
    expect(requests.map(({ Operations }) => Operations.length)).toEqual([1, 3]);
    expect(requests[1]?.Operations).toEqual([
      { method: "PUT", path: "/Users/a%2Fb%20%22c", data: { manager: 'a/b "c' } },
      {
        method: "PATCH",
        path: "/Users/a%2Fb%20%22c",
        data: {
          schemas: [PATCH_OP],
          Operations: [{ op: "remove", path: String.raw`members[value eq "a/b \"c"]` }],
        },
      },
      { method: "DELETE", path: "/Groups/1" },
    ]);
  });

  test("in the path of a PATCH operation are JSON strings; what only looks like one is left", () => {
    const path = String.raw`members[value eq "bulkId:q\"x" or display eq "say \"bulkId:q\"" or value eq "bulkId:\u0061"]`;
    const operations: BulkOperation[] = [
      post('q"x'),
      post("a"),
      { method: "PATCH", path: "/Groups/1", data: [{ op: "remove", path }] },
    ];
    const { requests } = run(operations, {}, new BulkServer({}, ["/Groups/1"]));
    expect(requests[1]?.Operations[0]?.data).toMatchObject({
      Operations: [
        { path: String.raw`members[value eq "id-1" or display eq "say \"bulkId:q\"" or value eq "id-2"]` },
      ],
    });
  });

  test("to a resource that was not created: the operation is not sent, nor what refers to it, and says why", () => {
    const operations = [
      post("a", { refuse: true }),
      post("b", { value: "bulkId:a" }),
      add("/Groups/1", "bulkId:b"),
      post("c"),
    ];
    const { results, requests } = run(operations, { maxOperations: 1 });
    expect(outcomes(results)).toEqual(["refused", "dependency", "dependency", "201"]);
    expect(sent(requests)).toEqual([["POST a"], ["POST c"]]);
    expect(results.slice(0, 3)).toMatchObject([
      { status: 400, error: { status: "400", scimType: "invalidValue" } },
      {
        error: {
          status: "424",
          detail: 'operation 1: it refers to "bulkId:a", and operation 0 has failed (RFC 7644 §3.7.2)',
        },
      },
      { error: { detail: 'operation 2: it refers to "bulkId:b", and operation 1 has failed (RFC 7644 §3.7.2)' } },
    ]);
    expect(results[1]).not.toHaveProperty("status");
  });

  test("to a resource of which the server does not tell the id: the operation is not sent", () => {
    const answer: BulkResponseOperation = {
      method: "POST",
      bulkId: "a",
      status: "202",
      location: "https://scim.example/jobs/9",
    };
    const results = play(planBulk([post("a"), post("b", { value: "bulkId:a" })], { maxOperations: 1 }), () => ({
      schemas: [BULK_RESPONSE],
      Operations: [answer],
    }));
    expect(outcomes(results)).toEqual(["202", "dependency"]);
    expect(results[0]).not.toHaveProperty("id");
    expect(detail(results[1])).toContain("did not tell the id");
  });

  const places: { given: object; want: string | undefined }[] = [
    { given: { location: "https://scim.example/v2/Users/a%7Cb" }, want: "a|b" },
    { given: { location: "/Users/alias/?x=1" }, want: "alias" },
    { given: { location: "/Users/%zz" }, want: "%zz" },
    { given: { location: "/Users/alias", response: { id: "real" } }, want: "real" },
    { given: { location: "/Users/alias", response: { id: "" } }, want: "alias" },
    { given: { response: { id: "real" } }, want: "real" },
    { given: {}, want: undefined },
  ];
  for (const { given, want } of places) {
    test(`the id of a new resource is ${want ?? "not known"}: ${JSON.stringify(given)}`, () => {
      const results = play(planBulk([post("a")]), () => ({
        schemas: [BULK_RESPONSE],
        Operations: [{ method: "POST", bulkId: "a", status: "201", ...given }],
      }));
      expect(results.map((result) => result.ok && result.id)).toEqual([want]);
    });
  }
});

describe("RFC 7644 §3.7.1: circular references", () => {
  const circle = [
    post("a", { value: "bulkId:b" }),
    post("x"),
    post("b", { value: "bulkId:c" }),
    post("y", { value: "bulkId:c" }),
    post("c", { value: "bulkId:a" }),
  ];

  test("are left to the server in one request", () => {
    const { results, requests, server } = run(circle, { maxOperations: 3 });
    expect(outcomes(results)).toEqual(["201", "201", "201", "201", "201"]);
    expect(sent(requests)).toEqual([
      ["POST a", "POST b", "POST c"],
      ["POST x", "POST y"],
    ]);
    expect(server.state()).toMatchObject({
      a: { value: "b" },
      b: { value: "c" },
      c: { value: "a" },
      y: { value: "c" },
    });
  });

  test("that do not fit into one request fail, and what refers to them", () => {
    const { results, requests } = run(circle, { maxOperations: 2 });
    expect(outcomes(results)).toEqual(["cycle", "201", "cycle", "dependency", "cycle"]);
    expect(sent(requests)).toEqual([["POST x"]]);
    expect(results[0]).toMatchObject({ error: { status: "409" } });
    expect(detail(results[0])).toContain("§3.7.1");
  });

  test("of a resource to itself are left to the server", () => {
    const { results, server } = run([post("a", { value: "bulkId:a" }), post("b")], { maxOperations: 1 });
    expect(outcomes(results)).toEqual(["201", "201"]);
    expect(server.state()).toMatchObject({ a: { value: "a" } });
  });

  test("through a path cannot be resolved", () => {
    const operations: BulkOperation[] = [
      { method: "POST", path: "/Groups/bulkId:b/members", bulkId: "a", data: {} },
      post("b", { value: "bulkId:a" }),
    ];
    expect(outcomes(run(operations).results)).toEqual(["cycle", "cycle"]);
  });

  test("that the server gives up on are its errors", () => {
    const results = play(planBulk(circle), ({ Operations }) => ({
      schemas: [BULK_RESPONSE],
      Operations: Operations.map(({ method, bulkId }) => ({ method, bulkId, status: "409" })),
    }));
    expect(results[0]).toMatchObject({ ok: false, reason: "refused", status: 409, error: { status: "409" } });
  });

  test("of ten thousand operations need no stack", () => {
    const operations = Array.from({ length: 10_000 }, (_, at) =>
      post(`u${at}`, { value: `bulkId:u${(at + 1) % 10_000}` }),
    );
    expect(new Set(outcomes(run(operations).results))).toEqual(new Set(["201"]));
  });
});

describe("RFC 7644 §3.7.4: limits", () => {
  test("a request has at most maxOperations operations and is as full as can be", () => {
    const { requests } = run(
      Array.from({ length: 250 }, (_, at) => post(`u${at}`)),
      { maxOperations: 100 },
    );
    expect(requests.map(({ Operations }) => Operations.length)).toEqual([100, 100, 50]);
  });

  test("a limit of 0 says nothing", () => {
    const { requests } = run(
      Array.from({ length: 250 }, (_, at) => post(`u${at}`)),
      { maxOperations: 0, maxPayloadSize: 0 },
      new BulkServer(),
    );
    expect(requests).toHaveLength(1);
  });

  test("maxPayloadSize counts bytes of the whole request, to the last one", () => {
    const operations = [post("a", { displayName: "Zoë 🦊" }), post("b", { displayName: "…\u0007\ud800" })];
    const first = (maxPayloadSize: number): BulkRequest => {
      const { value } = planBulk(operations, { failOnErrors: 12, maxPayloadSize }).next();
      return Array.isArray(value) ? { schemas: [BULK_REQUEST], Operations: [] } : value;
    };
    const bytes = new TextEncoder().encode(JSON.stringify(first(0))).length;
    expect(first(bytes).Operations).toHaveLength(2);
    expect(first(bytes - 1).Operations).toHaveLength(1);
  });

  test("an operation that alone exceeds maxPayloadSize is not sent; its dependents are neither, the others are", () => {
    const operations = [
      post("a"),
      post("b", { photo: "x".repeat(1000) }),
      post("c", { value: "bulkId:b" }),
      post("d"),
    ];
    const { results, requests } = run(operations, { maxPayloadSize: 500 });
    expect(outcomes(results)).toEqual(["201", "tooLarge", "dependency", "201"]);
    expect(results[1]).toMatchObject({ error: { status: "413" } });
    expect(detail(results[1])).toContain("larger than 500 bytes");
    expect(sent(requests).flat()).toEqual(["POST a", "POST d"]);
  });

  test("the size counts ids, not references: an operation may become too large", () => {
    const location = `/Users/${"9".repeat(400)}`;
    const operations = [post("a"), post("b", { value: "bulkId:a" })];
    const results = play(planBulk(operations, { maxOperations: 1, maxPayloadSize: 400 }), () => ({
      schemas: [BULK_RESPONSE],
      Operations: [{ method: "POST", bulkId: "a", location, status: "201" }],
    }));
    expect(outcomes(results)).toEqual(["201", "tooLarge"]);
  });

  test("413 says that the limits are lower: the same operations are sent in smaller requests", () => {
    const operations = [
      ...Array.from({ length: 9 }, (_, at) => post(`u${at}`)),
      post("big", { refuse: false, photo: "x".repeat(900) }),
    ];
    const server = new BulkServer({ maxOperations: 3, maxPayloadSize: 800 });
    const { results } = run(operations, {}, server);
    expect(outcomes(results)).toEqual([...Array.from({ length: 9 }, () => "201"), "tooLarge"]);
    expect(results[9]).toMatchObject({ status: 413, error: { status: "413" } });
    expect(sent(server.requests).flat()).toEqual(operations.slice(0, 9).map(({ bulkId }) => `POST ${bulkId}`));
  });

  test("413 does not tear a circle apart", () => {
    const operations = [
      post("a", { value: "bulkId:b" }),
      post("b", { value: "bulkId:c" }),
      post("c", { value: "bulkId:a" }),
      post("d"),
    ];
    expect(outcomes(run(operations, {}, new BulkServer({ maxOperations: 3 })).results)).toEqual([
      "201",
      "201",
      "201",
      "201",
    ]);
  });
});

describe("RFC 7644 §3.7: failOnErrors", () => {
  const operations = [
    post("a", { refuse: true }),
    post("b"),
    post("c", { refuse: true }),
    post("d", { value: "bulkId:c" }),
    post("e"),
    post("f", { refuse: true }),
    post("g"),
  ];
  const table: { failOnErrors?: number; want: string[] }[] = [
    { want: ["refused", "201", "refused", "dependency", "201", "refused", "201"] },
    { failOnErrors: 1, want: ["refused", "stopped", "stopped", "stopped", "stopped", "stopped", "stopped"] },
    { failOnErrors: 2, want: ["refused", "201", "refused", "stopped", "stopped", "stopped", "stopped"] },
    { failOnErrors: 3, want: ["refused", "201", "refused", "dependency", "stopped", "stopped", "stopped"] },
    { failOnErrors: 4, want: ["refused", "201", "refused", "dependency", "201", "refused", "stopped"] },
    { failOnErrors: 5, want: ["refused", "201", "refused", "dependency", "201", "refused", "201"] },
  ];
  for (const { failOnErrors, want } of table) {
    for (const maxOperations of [1, 2, 3, 7]) {
      test(`${failOnErrors ?? "absent"} is counted over all requests of ${maxOperations} operations`, () => {
        const limits = { maxOperations, ...(failOnErrors === undefined ? {} : { failOnErrors }) };
        const { results, requests } = run(operations, limits);
        // In one request with what it refers to, it is the server that refuses.
        const together = requests.some((request) => /"bulkId:c"/.test(JSON.stringify(request)));
        expect(outcomes(results)).toEqual(
          together ? want.map((each) => (each === "dependency" ? "refused" : each)) : want,
        );
        for (const result of results.filter((each) => !each.ok && each.reason === "stopped")) {
          expect(result).toMatchObject({ error: { status: "424" } });
          expect(detail(result)).toContain("RFC 7644 §3.7");
        }
      });
    }
  }

  test("what is not sent counts where its turn is", () => {
    const { results } = run(
      [
        post("x", { refuse: true }),
        post("y"),
        post("a", { refuse: true }),
        post("c", { value: "bulkId:x" }),
        post("d"),
      ],
      { maxOperations: 2, failOnErrors: 3 },
    );
    expect(outcomes(results)).toEqual(["refused", "201", "refused", "dependency", "stopped"]);
  });

  test("each request carries what is left of it", () => {
    const { requests } = run(operations, { maxOperations: 1, failOnErrors: 5 });
    expect(requests.map(({ failOnErrors }) => failOnErrors)).toEqual([5, 4, 4, 2, 2, 1]);
  });
});

describe("RFC 7644 §3.7.3: answers", () => {
  const four: BulkOperation[] = [
    post("a"),
    { method: "PUT", path: "/Users/1", data: {} },
    { method: "DELETE", path: "/Users/2" },
    { method: "DELETE", path: "/Users/3" },
  ];
  const a = {
    method: "POST",
    bulkId: "a",
    location: "https://x.example/v2/Users/7",
    status: "201",
    version: 'W/"1"',
  };
  const one = { method: "PUT", location: "https://x.example/v2/Users/1", status: "200" };
  const two = { method: "DELETE", location: "https://x.example/v2/Users/2", status: "204" };
  const three = { method: "DELETE", location: "https://x.example/v2/Users/3", status: "404" };
  const twice: BulkOperation[] = [add("/Users/1", 1), add("/Users/1", 2)];
  const done = { method: "PATCH", location: "/Users/1", status: "200" };
  const gone = { method: "PATCH", location: "/Users/1", status: "404" };
  const table: { title: string; operations?: BulkOperation[]; given: unknown; want: string[] }[] = [
    { title: "in order", given: [a, one, two, three], want: ["201", "200", "204", "refused"] },
    { title: "in another order", given: [three, two, one, a], want: ["201", "200", "204", "refused"] },
    { title: "with some left out", given: [three, one], want: ["unanswered", "200", "unanswered", "refused"] },
    { title: "given twice", given: [three, three, one, a, two, a], want: ["201", "200", "204", "refused"] },
    {
      title: "given twice and not alike",
      given: [three, { ...three, status: "204" }, one, a, two],
      want: ["201", "200", "204", "unanswered"],
    },
    {
      title: "to nothing that was asked",
      given: [{ ...three, location: "/Users/9" }, one, a, two],
      want: ["201", "200", "204", "unanswered"],
    },
    {
      title: "in order, without location",
      given: [
        a,
        { method: "PUT", status: "200" },
        { method: "DELETE", status: "204" },
        { method: "DELETE", status: "404" },
      ],
      want: ["201", "200", "204", "refused"],
    },
    {
      title: "in another order, without location",
      given: [
        { method: "DELETE", status: "204" },
        { method: "DELETE", status: "404" },
        a,
        { method: "PUT", status: "200" },
      ],
      want: ["201", "200", "unanswered", "unanswered"],
    },
    {
      title: "in another order, without location, all alike",
      given: [
        { method: "delete", status: "204" },
        { method: "DELETE", status: 204 },
        a,
        { method: "PUT", status: "200" },
      ],
      want: ["201", "200", "204", "204"],
    },
    {
      title: "without the bulkId, the only one",
      given: [one, two, three, { ...a, bulkId: "" }],
      want: ["201", "200", "204", "refused"],
    },
    {
      title: "without the bulkId, at another endpoint",
      given: [one, two, three, { ...a, bulkId: undefined, location: "/Groups/7" }],
      want: ["unanswered", "200", "204", "refused"],
    },
    {
      title: "without the bulkId, two of them",
      operations: [post("a"), post("b")],
      given: [
        { method: "POST", location: "/Users/7", status: "201" },
        { method: "POST", location: "/Users/8", status: "201" },
      ],
      want: ["unanswered", "unanswered"],
    },
    {
      title: "without the bulkId, two of them, both refused",
      operations: [post("a"), post("b")],
      given: [
        { method: "POST", status: "409" },
        { method: "POST", status: "409" },
      ],
      want: ["unanswered", "unanswered"],
    },
    {
      title: "without the bulkId, one of two",
      operations: [post("a"), post("b")],
      given: [a, { method: "POST", location: "/Users/8", status: "201" }],
      want: ["201", "201"],
    },
    {
      title: "with bulkIds that the server has made up",
      given: [a, { ...one, bulkId: "x" }, { ...two, bulkId: "y" }, { ...three, bulkId: "z" }],
      want: ["201", "200", "204", "refused"],
    },
    {
      title: "in another order, with bulkIds that the server has made up",
      given: [{ ...three, bulkId: "z" }, { ...two, bulkId: "y" }, { ...one, bulkId: "x" }, a],
      want: ["201", "200", "204", "refused"],
    },
    {
      title: "with a bulkId that is another operation's",
      operations: [
        { method: "DELETE", path: "/Users/2", bulkId: "y" },
        { method: "DELETE", path: "/Users/3", bulkId: "z" },
      ],
      given: [{ ...two, bulkId: "z" }],
      want: ["unanswered", "204"],
    },
    {
      title: "with the endpoint for location",
      given: [a, one, { ...two, location: "https://x.example/v2/Users" }, three],
      want: ["201", "200", "204", "refused"],
    },
    {
      title: "in another order, with the endpoint for location, as far as they are alike",
      operations: [...four, { method: "DELETE", path: "/Users/4" }],
      given: [three, one, { ...two, location: "/v2/Users" }, { ...two, location: "/v2/Users/" }, a],
      want: ["201", "200", "204", "refused", "204"],
    },
    {
      title: "in another order, with the endpoint for location, not alike",
      given: [one, a, { ...three, location: "/v2/Users" }, { ...two, location: "/v2/Users" }],
      want: ["201", "200", "unanswered", "unanswered"],
    },
    {
      title: "with another endpoint for location",
      given: [a, one, { ...two, location: "https://x.example/v2/Groups" }, three],
      want: ["201", "200", "unanswered", "refused"],
    },
    {
      title: "of a resource that is called as its endpoint",
      operations: [
        { method: "DELETE", path: "/Users/Users" },
        { method: "DELETE", path: "/Users/2" },
      ],
      given: [
        { ...three, location: "/Users/2" },
        { ...two, location: "/Users/Users" },
      ],
      want: ["204", "refused"],
    },
    { title: "with another bulkId", operations: [post("a")], given: [{ ...a, bulkId: "b" }], want: ["unanswered"] },
    {
      title: "two on one resource, in another order, told apart by their methods",
      operations: [
        { method: "PUT", path: "/Users/2", data: {} },
        { method: "DELETE", path: "/Users/2" },
      ],
      given: [two, { ...two, method: "PUT", status: "200" }],
      want: ["200", "204"],
    },
    { title: "two on one resource, in order", operations: twice, given: [done, gone], want: ["200", "refused"] },
    {
      title: "two on one resource, one left out",
      operations: twice,
      given: [gone],
      want: ["unanswered", "unanswered"],
    },
    {
      title: "two on one resource, among others in another order",
      operations: [...twice, { method: "DELETE", path: "/Users/2" }],
      given: [two, done, gone],
      want: ["unanswered", "unanswered", "204"],
    },
    {
      title: "two on one resource, alike, among others in another order",
      operations: [...twice, { method: "DELETE", path: "/Users/2" }],
      given: [two, done, done],
      want: ["200", "200", "204"],
    },
    {
      title: "by a bulkId that is not that of a POST",
      operations: twice.map((operation, at) => ({ ...operation, bulkId: `p${at}` })),
      given: [
        { ...gone, bulkId: "p1" },
        { ...done, bulkId: "p0" },
      ],
      want: ["200", "refused"],
    },
    {
      title: "without a status",
      given: [{ ...a, status: undefined }, one, two, three],
      want: ["unanswered", "200", "204", "refused"],
    },
    {
      title: "with a number for status",
      given: [{ ...a, status: 201 }, one, two, { ...three, status: 404 }],
      want: ["201", "200", "204", "refused"],
    },
    {
      title: "with an object for status",
      given: [{ ...a, status: { code: 201 } }, one, two, { ...three, status: { code: "404" } }],
      want: ["201", "200", "204", "refused"],
    },
    { title: "of a redirect", operations: [post("a")], given: [{ ...a, status: "302" }], want: ["refused"] },
    { title: "none at all", given: [], want: ["unanswered", "unanswered", "unanswered", "unanswered"] },
  ];
  for (const { title, operations = four, given, want } of table) {
    test(title, () => {
      const results = play(planBulk(operations), () => ({ schemas: [BULK_RESPONSE], Operations: given }));
      expect(outcomes(results)).toEqual(want);
    });
  }

  test("statuses that are objects, as in the drafts, are reported once", () => {
    const deviations: Deviation[] = [];
    const Operations = [
      { ...two, status: { code: "204" } },
      { ...three, status: { code: 404 } },
    ];
    readBulkResponse({ schemas: [BULK_RESPONSE], Operations }, (deviation) => void deviations.push(deviation));
    expect(deviations).toMatchObject([{ message: "the status of a bulk operation is an object" }]);
  });

  test("what the server has made up is reported once", () => {
    const deviations: Deviation[] = [];
    const limits = { onDeviation: (deviation: Deviation) => void deviations.push(deviation) };
    const given = [
      { ...two, bulkId: "y" },
      { ...three, bulkId: "z" },
    ];
    play(planBulk(four.slice(2), limits), () => ({ schemas: [BULK_RESPONSE], Operations: given }));
    expect(deviations).toMatchObject([
      { message: "a bulk response has bulkIds that no operation has", section: "RFC 7644 §3.7.3" },
    ]);
    const places = [{ ...two, location: "/v2/Users" }, three];
    play(planBulk(four.slice(2), limits), () => ({ schemas: [BULK_RESPONSE], Operations: places }));
    expect(deviations.slice(1)).toMatchObject([
      { message: "the location of a bulk operation is an endpoint where a resource belongs" },
    ]);
  });

  test("percent-encoding and queries are no difference between path and location", () => {
    const results = play(
      planBulk([
        { method: "DELETE", path: "/Users/a%7Cb?x=1" },
        { method: "DELETE", path: "/Users/%zz" },
      ]),
      () => ({
        schemas: [BULK_RESPONSE],
        Operations: [
          { method: "DELETE", location: "/v2/Users/%zz", status: "404" },
          { method: "DELETE", location: "https://x.example/v2/Users/a|b/", status: "204" },
        ],
      }),
    );
    expect(outcomes(results)).toEqual(["204", "refused"]);
  });

  test("the status includes the error of the operation: its message, also as text, or one that tells the status", () => {
    const error = refusal("uniqueness", 409).toError();
    const results = play(planBulk([post("a"), post("b"), post("c")]), () => ({
      schemas: [BULK_RESPONSE],
      Operations: [
        { method: "POST", bulkId: "a", status: "409", response: error },
        { method: "POST", bulkId: "b", status: "409", response: JSON.stringify(error) },
        { method: "POST", bulkId: "c", status: "500", response: "{broken" },
      ],
    }));
    expect(results).toMatchObject([
      { status: 409, error: { status: "409", scimType: "uniqueness" } },
      { status: 409, error: { status: "409", scimType: "uniqueness" } },
      { status: 500, error: { status: "500", detail: "operation 2 was refused with 500" } },
    ]);
  });

  test("a result has what the answer has", () => {
    const [result] = play(planBulk([post("a")]), () => ({ schemas: [BULK_RESPONSE], Operations: [a] }));
    expect(result).toEqual({
      ok: true,
      operation: post("a"),
      index: 0,
      status: 201,
      id: "7",
      location: a.location,
      version: a.version,
    });
  });

  test("the server stopped: what it did not answer was not carried out", () => {
    expect(stopped(four, [a, { ...one, status: "404" }])).toEqual(["201", "refused", "stopped", "stopped"]);
    expect(stopped(four, [{ ...one, status: "404" }, a])).toEqual(["201", "refused", "stopped", "stopped"]);
    expect(stopped(four, [{ ...one, status: "404", location: "/Users/5" }, a])).toEqual([
      "201",
      "unanswered",
      "unanswered",
      "unanswered",
    ]);
    expect(stopped(four, [a, one])).toEqual(["201", "200", "unanswered", "unanswered"]);
  });

  const messages: { given: unknown; want: number | undefined; deviations: number }[] = [
    { given: { schemas: [BULK_RESPONSE], Operations: [a] }, want: 1, deviations: 0 },
    { given: { Schemas: [BULK_RESPONSE.toUpperCase()], operations: [a, one] }, want: 2, deviations: 0 },
    { given: { Operations: [a] }, want: 1, deviations: 1 },
    { given: { schemas: [BULK_RESPONSE], Operations: a }, want: 1, deviations: 1 },
    { given: { schemas: [BULK_RESPONSE] }, want: 0, deviations: 1 },
    { given: [a, 1, null], want: 1, deviations: 1 },
    { given: { schemas: [BULK_RESPONSE], Operations: [{ ...a, status: { code: 201 } }] }, want: 1, deviations: 1 },
    { given: { detail: "no" }, want: undefined, deviations: 0 },
    { given: "no", want: undefined, deviations: 0 },
    { given: undefined, want: undefined, deviations: 0 },
  ];
  for (const { given, want, deviations } of messages) {
    test(`${JSON.stringify(given)} is ${want === undefined ? "no response" : `a response of ${want} answers`}`, () => {
      const reported: Deviation[] = [];
      expect(readBulkResponse(given, (deviation) => reported.push(deviation))?.Operations.length).toBe(want);
      expect(reported.map(({ kind }) => kind)).toEqual(Array.from({ length: deviations }, () => "envelope"));
      const results = play(planBulk([post("a")]), () => given);
      expect(outcomes(results)).toEqual([(want ?? 0) > 0 ? "201" : "unanswered"]);
    });
  }

  test("onResult is told each result once, as soon as it is known", () => {
    const told: number[][] = [];
    const plan = planBulk([post("a"), post("b"), post("c", { value: "bulkId:b" })], {
      maxOperations: 2,
      onResult: ({ index }) => told.at(-1)?.push(index),
    });
    const server = new BulkServer();
    play(plan, (request) => {
      told.push([]);
      return server.bulk(request);
    });
    expect(told).toEqual([[0, 1], [2]]);
  });
});

describe("requests that are rejected", () => {
  const operations = [post("a"), post("b"), post("c", { value: "bulkId:b" }), post("d"), post("e")];
  const reset = new RequestNetworkError("POST /Bulk: connection reset", {
    reason: "connection",
    request: { method: "POST", url: "https://scim.example/v2/Bulk" },
    unknownOutcome: true,
  });
  const unsent = new RequestNetworkError("POST /Bulk: no connection", {
    reason: "connection",
    request: { method: "POST", url: "https://scim.example/v2/Bulk" },
    unknownOutcome: false,
  });
  /** Each request answered, or rejected with the error at its number. */
  const playing = (
    rejections: Record<number, unknown>,
    limits: BulkLimits = { maxOperations: 1 },
  ): BulkResult[] => {
    const server = new BulkServer();
    let number = 0;
    return play(planBulk(operations, limits), (request) => {
      number += 1;
      if (number in rejections) throw rejections[number];
      return server.bulk(request);
    });
  };

  const table: { title: string; given: Record<number, unknown>; want: string[] }[] = [
    {
      title: "a reset: nobody knows, and the plan goes on",
      given: { 2: reset },
      want: ["201", "unanswered", "dependency", "201", "201"],
    },
    {
      title: "what was never sent: not carried out",
      given: { 2: unsent },
      want: ["201", "refused", "dependency", "201", "201"],
    },
    {
      title: "a 503: nobody knows",
      given: { 5: unexpected(503) },
      want: ["201", "201", "201", "201", "unanswered"],
    },
    {
      title: "a 400: refused, and the plan goes on",
      given: { 2: refusal("invalidSyntax") },
      want: ["201", "refused", "dependency", "201", "201"],
    },
    {
      title: "the first request, and the next one is answered",
      given: { 1: reset },
      want: ["unanswered", "201", "201", "201", "201"],
    },
    {
      title: "two in a row: the plan ends",
      given: { 2: reset, 3: reset },
      want: ["201", "unanswered", "dependency", "unanswered", "stopped"],
    },
    {
      title: "two not in a row",
      given: { 1: reset, 3: reset },
      want: ["unanswered", "201", "unanswered", "201", "201"],
    },
    {
      title: "401: the plan ends",
      given: { 2: unexpected(401) },
      want: ["201", "refused", "stopped", "stopped", "stopped"],
    },
    {
      title: "501: the plan ends",
      given: { 4: refusal(undefined, 501) },
      want: ["201", "201", "201", "unanswered", "stopped"],
    },
    {
      title: "200 that is no BulkResponse: nobody knows",
      given: { 1: unexpected(200) },
      want: ["unanswered", "201", "201", "201", "201"],
    },
    { title: "what is no error of ours", given: { 1: "why" }, want: ["unanswered", "201", "201", "201", "201"] },
  ];
  for (const { title, given, want } of table) {
    test(title, () => {
      const results = playing(given);
      expect(outcomes(results)).toEqual(want);
      const [first] = Object.values(given);
      const failed = results.find((result) => !result.ok);
      expect(failed).toMatchObject({ cause: first });
    });
  }

  test("the result tells the error: that of the server, or what happened", () => {
    expect(playing({ 2: refusal("invalidSyntax") })[1]).toMatchObject({
      status: 400,
      error: { status: "400", scimType: "invalidSyntax" },
    });
    const unknown = playing({ 2: reset })[1];
    expect(unknown).toMatchObject({
      error: { status: "502", detail: "operation 1: POST /Bulk: connection reset" },
    });
    expect(unknown).not.toHaveProperty("status");
  });

  test("RFC 7644 §3.7: an error code with a BulkResponse tells what became of each operation", () => {
    const given = {
      schemas: [BULK_RESPONSE],
      Operations: [
        { method: "POST", bulkId: "a", location: "https://scim.example/v2/Users/1", status: "201" },
        { method: "POST", bulkId: "b", status: "409", response: refusal("uniqueness", 409).toError() },
      ],
    };
    for (const status of [412, 500, 501, 413]) {
      let number = 0;
      const results = play(planBulk(operations.slice(0, 4), { failOnErrors: 1 }), () => {
        number += 1;
        throw unexpected(status, given);
      });
      expect(number).toBe(1);
      expect(outcomes(results)).toEqual(["201", "refused", "stopped", "stopped"]);
      expect(results[1]).toMatchObject({ status: 409, error: { scimType: "uniqueness" } });
      expect(results[1]).not.toHaveProperty("cause");
    }
  });

  test("an error code with a list of something else is no BulkResponse", () => {
    const body = { schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], Operations: [] };
    expect(() => playing({ 1: unexpected(500, body) }, {})).toThrow("500");
    expect(() => playing({ 1: unexpected(500, []) }, {})).toThrow("500");
  });

  test("413 is an answer: the next rejection is not thrown", () => {
    expect(outcomes(playing({ 1: unexpected(413), 2: reset, 3: reset }))).toEqual([
      "tooLarge",
      "unanswered",
      "dependency",
      "unanswered",
      "stopped",
    ]);
  });

  test("all of them: the first error is thrown", () => {
    expect(() => playing({ 1: reset, 2: unexpected(503) })).toThrow(reset);
    expect(() => playing({ 1: unexpected(403) })).toThrow("403");
    expect(() => playing({ 1: reset }, {})).toThrow(reset);
  });

  test("they count for failOnErrors", () => {
    expect(outcomes(playing({ 2: reset }, { maxOperations: 2, failOnErrors: 1 }))).toEqual([
      "201",
      "201",
      "unanswered",
      "unanswered",
      "stopped",
    ]);
  });
});

describe("RFC 7644 §3.7 is optional: one request for each operation", () => {
  test("references are replaced, all of them", async () => {
    const server = new BulkServer({}, ["/Groups/1"]);
    const operations: BulkOperation[] = [
      add("/Groups/1", "bulkId:b"),
      post("b", { value: "bulkId:a" }),
      post("a"),
      { method: "PUT", path: "/Users/bulkId:a", data: { name: "renamed" } },
    ];
    const results = await runSingly(operations, serving(server));
    expect(outcomes(results)).toEqual(["200", "201", "201", "200"]);
    expect(server.state()).toEqual({
      "/Groups/1": { log: ["b"] },
      b: { log: [], value: "renamed" },
      renamed: { log: [] },
    });
  });

  test("one at a time keeps the order", async () => {
    const order: number[] = [];
    const operations = [
      post("a", { value: "bulkId:d" }),
      post("b"),
      post("c", { value: "bulkId:b" }),
      post("d"),
      post("e", { value: "bulkId:a" }),
      post("f"),
    ];
    const server = new BulkServer();
    await runSingly(
      operations,
      async (operation, index) => {
        order.push(index);
        return server.single(operation);
      },
      { concurrency: 1 },
    );
    expect(order).toEqual([1, 2, 3, 0, 4, 5]);
  });

  test("at most so many are under way, and never two on one resource", async () => {
    const operations = Array.from({ length: 60 }, (_, at) => add(`/Users/${at % 7}`, at));
    let underWay = 0;
    let most = 0;
    const busy = new Set<string>();
    const order = new Map<string, number[]>();
    await runSingly(
      operations,
      async ({ path }, index) => {
        expect(busy.has(path)).toBe(false);
        busy.add(path);
        order.set(path, [...(order.get(path) ?? []), index]);
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        busy.delete(path);
        return { status: "200" };
      },
      { concurrency: 5 },
    );
    expect(most).toBe(5);
    for (const indexes of order.values()) expect(indexes).toEqual(indexes.toSorted((a, b) => a - b));
  });

  test("dependents of a failed create are not sent; circles neither", async () => {
    const operations = [
      post("a", { refuse: true }),
      post("b", { value: "bulkId:a" }),
      add("/Users/bulkId:b", 1),
      post("c", { value: "bulkId:d" }),
      post("d", { value: "bulkId:c" }),
      add("/Users/9", "bulkId:d"),
      post("e"),
      post("f", { value: "bulkId:f" }),
    ];
    const results = await runSingly(operations, serving(new BulkServer()));
    expect(outcomes(results)).toEqual([
      "refused",
      "dependency",
      "dependency",
      "cycle",
      "cycle",
      "dependency",
      "201",
      "cycle",
    ]);
  });

  test("failOnErrors stops what has not begun", async () => {
    const operations = [post("a", { refuse: true }), post("b"), post("c", { refuse: true }), post("d")];
    const results = await runSingly(operations, serving(new BulkServer()), { failOnErrors: 2, concurrency: 1 });
    expect(outcomes(results)).toEqual(["refused", "201", "refused", "stopped"]);
  });

  test("with failOnErrors one operation is under way at a time, unless concurrency says otherwise", async () => {
    const operations = [post("a"), post("b", { refuse: true }), post("c"), post("d"), post("e"), post("f")];
    for (const { given, want } of [
      { given: {}, want: ["201", "refused", "stopped", "stopped", "stopped", "stopped"] },
      { given: { concurrency: 3 }, want: ["201", "refused", "201", "stopped", "stopped", "stopped"] },
    ]) {
      const results = await runSingly(operations, serving(new BulkServer()), { failOnErrors: 1, ...given });
      expect(outcomes(results)).toEqual(want);
    }
  });

  test("errors of the family are results: refused, too large, or unanswered when nobody knows", async () => {
    const reset = new RequestNetworkError("reset", {
      reason: "connection",
      request: { method: "POST", url: "https://scim.example/v2/Users" },
      unknownOutcome: true,
    });
    const errors = [
      refusal("uniqueness", 409),
      reset,
      refusal(undefined, 413),
      refusal(undefined, 500),
      new UnsupportedByServer("patch", "the server has no PATCH"),
      unexpected(201),
    ];
    const results = await runSingly(
      errors.map((_, at) => post(`u${at}`)),
      async (_, index) => {
        throw errors[index] ?? new Error("more");
      },
    );
    expect(outcomes(results)).toEqual(["refused", "unanswered", "tooLarge", "refused", "refused", "unanswered"]);
    expect(results[5]).toMatchObject({ status: 201, error: { status: "502" } });
    expect(results[0]).toMatchObject({ status: 409, error: { scimType: "uniqueness" }, cause: errors[0] });
  });

  test("401 ends the run: it is thrown when nothing has succeeded, else it stops the rest", async () => {
    const unauthorised = refusal(undefined, 401);
    const failingAt = (at: number) =>
      runSingly(
        [post("a"), post("b"), post("c")],
        async (_, index) => {
          if (index >= at) throw unauthorised;
          return { status: "201", location: "/Users/1" };
        },
        { concurrency: 1 },
      );
    await expect(failingAt(0)).rejects.toBe(unauthorised);
    expect(outcomes(await failingAt(1))).toEqual(["201", "refused", "stopped"]);
  });

  test("any other error ends the run once what is under way has ended", async () => {
    const reason = new Error("aborted");
    const begun: number[] = [];
    const ended: number[] = [];
    const work = runSingly(
      Array.from({ length: 9 }, (_, at) => post(`u${at}`)),
      async (_, index) => {
        begun.push(index);
        if (index === 1) throw reason;
        await new Promise((resolve) => setImmediate(resolve));
        ended.push(index);
        return { status: "201" };
      },
      { concurrency: 3 },
    );
    await expect(work).rejects.toBe(reason);
    expect(begun).toEqual([0, 1, 2]);
    expect(ended).toEqual([0, 2]);
  });

  test("a function that throws at once, and an exception of onResult, end the run", async () => {
    const thrown = new Error("at once");
    const perform = (): Promise<BulkResponseOperation> => {
      throw thrown;
    };
    await expect(runSingly([post("a")], perform)).rejects.toBe(thrown);
    const onResult = (): void => {
      throw thrown;
    };
    await expect(runSingly([post("a")], async () => ({ status: "201" }), { onResult })).rejects.toBe(thrown);
    const ours = refusal("uniqueness");
    const once = [ours];
    const onOurs = (): void => {
      const error = once.pop();
      if (error !== undefined) throw error;
    };
    await expect(runSingly([post("a")], async () => ({ status: "201" }), { onResult: onOurs })).rejects.toBe(ours);
  });

  test("the first of several such errors ends the run; one comes before 401", async () => {
    const errors = [refusal(undefined, 401), new Error("first"), new Error("second")];
    const work = runSingly([post("a"), post("b"), post("c")], async (_, index) => {
      throw errors[index] ?? new Error("more");
    });
    await expect(work).rejects.toBe(errors[1]);
  });

  test("no operation, nothing to do", async () => {
    await expect(runSingly([], () => Promise.reject(new Error("sent")))).resolves.toEqual([]);
  });

  for (const concurrency of [0, 1.5, Number.NaN]) {
    test(`a concurrency of ${concurrency} is a TypeError`, async () => {
      await expect(runSingly([], () => Promise.reject(new Error("sent")), { concurrency })).rejects.toThrow(
        TypeError,
      );
    });
  }
});

/** Carries out operations one by one as RFC 7644 says, each as soon as what it refers to is there; circles together. */
function inSequence(operations: readonly BulkOperation[], server: BulkServer): { state: unknown; ok: boolean[] } {
  const ids = new Map<string, string | undefined>();
  const ok: (boolean | undefined)[] = operations.map(() => undefined);
  const references = operations.map((operation) => {
    const text = JSON.stringify([operation.path, operation.data ?? null]);
    return [...text.matchAll(/bulkId:(\w+)/g)].map(([, bulkId]) => bulkId ?? "");
  });
  const readyAt = (index: number): boolean =>
    ok[index] === undefined &&
    (references[index] ?? []).every((bulkId) => ids.has(bulkId)) &&
    operations.every(
      (other, at) =>
        at >= index || ok[at] !== undefined || other.method === "POST" || other.path !== operations[index]?.path,
    );
  for (let left = operations.length; left > 0; left -= 1) {
    const index = operations.findIndex((_, at) => readyAt(at));
    const operation = operations[index];
    if (operation === undefined) throw new Error("a circle");
    const text = JSON.stringify(operation);
    const lost = (references[index] ?? []).some((bulkId) => ids.get(bulkId) === undefined);
    const resolved = JSON.parse(
      text.replaceAll(/bulkId:(\w+)/g, (_, bulkId) => ids.get(String(bulkId)) ?? ""),
    ) as BulkOperation;
    const data = Array.isArray(resolved.data)
      ? { Operations: resolved.data as JsonValue[] }
      : (resolved.data as JsonValue);
    const { method, path } = resolved;
    const answer = lost
      ? { status: "424" }
      : server.single({ method, path, ...(data === undefined ? {} : { data }) });
    ok[index] = Number(answer.status) < 300;
    if (operation.method === "POST" && operation.bulkId !== undefined) {
      ids.set(operation.bulkId, ok[index] ? answer.location?.split("/").at(-1) : undefined);
    }
  }
  return { state: server.state(), ok: ok.map((each) => each === true) };
}

const EXISTING = ["/Users/e0", "/Users/e1", "/Users/e2"];

/** References among POSTs lead from the higher to the lower rank, so that there is no circle; positions are at random. */
const graph: fc.Arbitrary<BulkOperation[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom("POST", "POST", "PUT", "PATCH", "PATCH", "DELETE"),
      refuse: fc.nat(9).map((n) => n === 0),
      references: fc.array(fc.nat(30), { maxLength: 3 }),
      target: fc.nat(5),
      padding: fc.nat(60),
      place: fc.integer(),
    }),
    { maxLength: 25 },
  )
  .map((parts) => {
    const posts = parts.flatMap(({ kind }, rank) => (kind === "POST" ? [rank] : []));
    const operations = parts.map(({ kind, refuse, references, target, padding }, rank): BulkOperation => {
      const known = kind === "POST" ? posts.filter((other) => other < rank) : posts;
      const named = known.length === 0 ? [] : references.map((at) => `bulkId:u${known[at % known.length]}`);
      const data = { padding: "ö".repeat(padding), refs: named, ...(refuse ? { refuse } : {}) };
      const created = known[target % Math.max(known.length, 1)];
      const path = target < 3 || created === undefined ? (EXISTING[target % 3] ?? "") : `/Users/bulkId:u${created}`;
      if (kind === "POST") return post(`u${rank}`, data);
      if (kind === "PUT") return { method: "PUT", path, data };
      return kind === "PATCH" ? add(path, rank, ...named) : { method: "DELETE", path };
    });
    const places = parts.map(({ place }) => place);
    return operations
      .map((_, at) => at)
      .toSorted((x, y) => (places[x] ?? 0) - (places[y] ?? 0))
      .flatMap((at) => operations[at] ?? []);
  });

describe("property: any operations, any limits", () => {
  const limits = fc.record({
    maxOperations: fc.integer({ min: 1, max: 12 }),
    maxPayloadSize: fc.integer({ min: 700, max: 3000 }),
  });

  test("the state afterwards is that of the operations one after the other, and so are the results", () => {
    fc.assert(
      fc.property(graph, limits, (operations, limit) => {
        const server = new BulkServer(limit, EXISTING);
        const results = play(planBulk(operations, limit), (request) => server.bulk(request));
        const want = inSequence(operations, new BulkServer({}, EXISTING));
        expect(server.state()).toEqual(want.state);
        expect(server.tooLarge).toBe(0);
        expect(results.map(({ ok }) => ok)).toEqual(want.ok);
        expect(results.map(({ index }) => index)).toEqual(operations.map((_, at) => at));
        expect(results.map(({ operation }) => operation)).toEqual(operations);
      }),
      { numRuns: 300 },
    );
  });

  test("one request for each operation comes to the same state", async () => {
    await fc.assert(
      fc.asyncProperty(graph, fc.integer({ min: 1, max: 6 }), async (operations, concurrency) => {
        const server = new BulkServer({}, EXISTING);
        const results = await runSingly(operations, async (operation) => server.single(operation), { concurrency });
        const want = inSequence(operations, new BulkServer({}, EXISTING));
        expect(server.state()).toEqual(want.state);
        expect(results.map(({ ok }) => ok)).toEqual(want.ok);
      }),
      { numRuns: 300 },
    );
  });

  test("with failOnErrors, the same operations are carried out whatever the size of the requests", () => {
    fc.assert(
      fc.property(graph, limits, fc.integer({ min: 1, max: 5 }), (operations, limit, failOnErrors) => {
        const server = new BulkServer(limit, EXISTING);
        const results = play(planBulk(operations, { ...limit, failOnErrors }), (request) => server.bulk(request));
        const one = new BulkServer({}, EXISTING);
        const want = play(planBulk(operations, { maxOperations: 1, failOnErrors }), (request) => one.bulk(request));
        expect(server.state()).toEqual(one.state());
        expect(results.map(({ ok }) => ok)).toEqual(want.map(({ ok }) => ok));
        expect(
          results.filter(({ ok }) => !ok).length >= failOnErrors ||
            results.every((result) => result.ok || result.reason !== "stopped"),
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("answers in any order, left out, without bulkId or location: none is given to an operation on another resource", () => {
    const mangling = fc.record({
      seed: fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
      drop: fc.nat(4),
      noLocation: fc.boolean(),
      noBulkId: fc.boolean(),
    });
    fc.assert(
      fc.property(graph, limits, mangling, (operations, limit, { seed, drop, noLocation, noBulkId }) => {
        const server = new BulkServer(limit, EXISTING);
        const truth = new Map<string, string[]>();
        const results = play(planBulk(operations, limit), (request) => {
          const { Operations } = server.bulk(request);
          for (const [at, { status }] of Operations.entries()) {
            const key = `${request.Operations[at]?.method} ${request.Operations[at]?.path}`;
            truth.set(key, [...(truth.get(key) ?? []), String(status)]);
          }
          const kept = Operations.map(({ bulkId, location, ...answer }, at) => ({
            ...answer,
            ...(bulkId === undefined || noBulkId ? {} : { bulkId }),
            ...(location === undefined || (noLocation && answer.method === "DELETE") ? {} : { location }),
            at: noLocation ? at : (seed[at] ?? 0),
          })).filter(({ at }) => drop === 0 || at % 5 >= drop);
          return { schemas: [BULK_RESPONSE], Operations: kept.toSorted((x, y) => x.at - y.at) };
        });
        const ids = new Map([...server.created].map(([id, bulkId]) => [bulkId, id]));
        const foreign = results.filter((result) => {
          const { operation } = result;
          if (operation.method === "POST")
            return result.ok && server.created.get(result.id ?? "") !== operation.bulkId;
          const path = operation.path.replace(/bulkId:(\w+)/, (_, bulkId) => ids.get(String(bulkId)) ?? "");
          return (
            result.status !== undefined &&
            truth.get(`${operation.method} ${path}`)?.includes(String(result.status)) !== true
          );
        });
        expect(foreign).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

test("5,000 operations with references keep within 100 operations and 64 KiB, and each is sent once", () => {
  const operations = Array.from({ length: 5000 }, (_, at): BulkOperation => {
    if (at % 5 === 4) return add("/Groups/1", `bulkId:u${at - 3}`);
    const manager = at % 50 === 0 ? undefined : `bulkId:u${at % 5 === 0 ? at - 2 : at - 1}`;
    const next = at - (at % 50) + 50;
    const assistant = at % 7 === 0 && next < 5000 ? `bulkId:u${next}` : undefined;
    return post(`u${at}`, { title: "é".repeat(at % 400), manager, assistant });
  });
  const limits = { maxOperations: 100, maxPayloadSize: 65_536 };
  const server = new BulkServer(limits, ["/Groups/1"]);
  const results = play(planBulk(operations, limits), (request) => server.bulk(request));
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  expect(results).toHaveLength(5000);
  expect(server.tooLarge).toBe(0);
  expect(server.requests.flatMap(({ Operations }) => Operations)).toHaveLength(5000);
  const state = server.state();
  expect(state["u4998"]).toMatchObject({ manager: "u4997" });
  expect(state["u7"]).toMatchObject({ manager: "u6", assistant: "u50" });
  expect(state["/Groups/1"]).toEqual({ log: operations.flatMap((_, at) => (at % 5 === 4 ? `u${at - 3}` : [])) });
});
