import { describe, expect, test } from "vitest";
import {
  diff,
  patch,
  path,
  RequestPayloadValidationError,
  SCIMClient,
  UnknownResourceType,
  UnsupportedByServer,
  type BulkCallOptions,
  type Capability,
  type ClientOptions,
  type Deviation,
} from "../../src/index.ts";
import type { JsonObject } from "../../src/json.ts";
import { User } from "../../src/models.gen.ts";
import { BULK_REQUEST, BULK_RESPONSE, type BulkOperation, type BulkResult } from "../../src/protocol/bulk.ts";
import { BASE, BULK, bulkServer, client, create, operationsIn, supporting } from "./bulk-server.ts";
import { ENTERPRISE, errorOf, GROUP, PATCH_OP, rejection, replay, USER } from "./replay.ts";

describe("RFC 7644 §3.7: a bulk is POST /Bulk", () => {
  const operations: BulkOperation[] = [
    create("qwerty"),
    {
      method: "POST",
      path: "/Groups",
      data: { displayName: "Tour Guides", members: [{ value: "bulkId:qwerty" }] },
    },
    {
      method: "PUT",
      path: "/Users/1",
      version: 'W/"1"',
      data: { id: "1", userName: "bob", meta: { version: 'W/"1"' } },
    },
    { method: "PATCH", path: "/Users/2", bulkId: "p", data: patch(User).remove(path`emails[type eq ${"work"}]`) },
    { method: "PATCH", path: "/Users/3", data: [{ op: "replace", path: "NICKNAME", value: "B" }] },
    { method: "DELETE", path: "/Users/4", version: '"4"' },
  ];

  test("one message holds the operations, each payload completed as its verb would complete it", async () => {
    const { fetch, sent } = bulkServer();
    await client({ fetch, ...BULK }).bulk(operations, { failOnErrors: 2, headers: { "x-a": "b" } });
    expect(sent).toEqual([
      {
        method: "POST",
        url: `${BASE}/Bulk`,
        headers: expect.objectContaining({ "content-type": "application/scim+json", "x-a": "b" }) as object,
        body: {
          schemas: [BULK_REQUEST],
          failOnErrors: 2,
          Operations: [
            { method: "POST", path: "/Users", bulkId: "qwerty", data: { schemas: [USER], userName: "qwerty" } },
            {
              method: "POST",
              path: "/Groups",
              bulkId: "operation-1",
              data: { schemas: [GROUP], displayName: "Tour Guides", members: [{ value: "bulkId:qwerty" }] },
            },
            { method: "PUT", path: "/Users/1", version: 'W/"1"', data: { schemas: [USER], userName: "bob" } },
            {
              method: "PATCH",
              path: "/Users/2",
              bulkId: "p",
              data: { schemas: [PATCH_OP], Operations: [{ op: "remove", path: 'emails[type eq "work"]' }] },
            },
            {
              method: "PATCH",
              path: "/Users/3",
              data: { schemas: [PATCH_OP], Operations: [{ op: "replace", path: "nickName", value: "B" }] },
            },
            { method: "DELETE", path: "/Users/4", version: '"4"' },
          ],
        },
      },
    ]);
  });

  test("§3.7.3: each result has its operation, as it was given, and what the server said of it", async () => {
    const { fetch } = bulkServer();
    const heard: BulkResult[] = [];
    const onResult = (result: BulkResult) => void heard.push(result);
    const results = await client({ fetch, ...BULK }).bulk(operations, { onResult });
    expect(heard).toEqual(results);
    expect(results.map(({ operation }) => operations.indexOf(operation))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(heard.map(({ operation }) => operations.indexOf(operation))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(results.map(({ operation: _operation, ...result }) => result)).toEqual([
      { ok: true, index: 0, status: 201, location: `${BASE}/Users/qwerty`, id: "qwerty" },
      { ok: true, index: 1, status: 201, location: `${BASE}/Groups/operation-1`, id: "operation-1" },
      { ok: true, index: 2, status: 200, location: `${BASE}/Users/1`, id: "1" },
      { ok: true, index: 3, status: 200, location: `${BASE}/Users/2`, id: "2" },
      { ok: true, index: 4, status: 200, location: `${BASE}/Users/3`, id: "3" },
      { ok: true, index: 5, status: 204, location: `${BASE}/Users/4`, id: "4" },
    ]);
  });

  test("§3.7.3: an error is a result, also where errors are not thrown", async () => {
    const answers = [
      { method: "POST", bulkId: "a", status: "409", response: errorOf(409, "uniqueness", "taken") },
      {
        method: "POST",
        bulkId: "b",
        location: `${BASE}/Users/2`,
        version: 'W/"1"',
        status: "201",
        response: { id: "2" },
      },
    ];
    const { fetch } = replay({ body: { schemas: [BULK_RESPONSE], Operations: answers } });
    const lenient = new SCIMClient(BASE, { fetch, raiseScimErrors: false, checkResponsePayload: false, ...BULK });
    for (const scim of [client({ fetch, ...BULK }), lenient]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await scim.bulk([create("a"), create("b")])).toMatchObject([
        { ok: false, reason: "refused", status: 409, error: errorOf(409, "uniqueness", "taken") },
        { ok: true, id: "2", version: 'W/"1"', response: { id: "2" } },
      ]);
    }
  });

  test("the operations are not changed, and may be frozen", async () => {
    const given = Object.freeze([Object.freeze(create("a", Object.freeze({ USERNAME: undefined, ID: "x" })))]);
    const before = JSON.stringify(given);
    await client({ fetch: bulkServer().fetch, ...BULK }).bulk(given);
    expect(JSON.stringify(given)).toBe(before);
  });

  test("no operations, no request", async () => {
    const { fetch, sent } = bulkServer();
    expect(await client({ fetch, ...BULK }).bulk([])).toEqual([]);
    expect(sent).toEqual([]);
  });

  test("what is odd in the response is reported", async () => {
    const heard: Deviation[] = [];
    const { fetch } = replay({ body: { operations: { bulkid: "a", method: "POST", status: { code: 201 } } } });
    const [result] = await client({ fetch, ...BULK }).bulk([create("a")], {
      onDeviation: (it) => void heard.push(it),
    });
    expect(result).toMatchObject({ ok: true, status: 201 });
    expect(new Set(heard.map(({ kind }) => kind))).toEqual(new Set(["envelope"]));
  });
});

describe("RFC 7643 §5: the limits are those of ServiceProviderConfig", () => {
  const five = [create("a"), create("b"), create("c"), create("d"), create("é".repeat(300))];
  const cases: ReadonlyArray<{ title: string; bulk: JsonObject; options?: BulkCallOptions; want: number[] }> = [
    { title: "maxOperations", bulk: { maxOperations: 2 }, want: [2, 2, 1] },
    { title: "as text", bulk: { maxOperations: "3" }, want: [3, 2] },
    { title: "in other case", bulk: { MAXOPERATIONS: 3 }, want: [3, 2] },
    { title: "0, absent or senseless: none", bulk: { maxOperations: 0, maxPayloadSize: "much" }, want: [5] },
    { title: "maxPayloadSize, in bytes of UTF-8", bulk: { maxPayloadSize: 1600 }, want: [4, 1] },
    { title: "both", bulk: { maxOperations: 3, maxPayloadSize: 1500 }, want: [3, 1, 1] },
    { title: "the caller's instead", bulk: { maxOperations: 2 }, options: { maxOperations: 4 }, want: [4, 1] },
    { title: "the caller's size", bulk: {}, options: { maxPayloadSize: 1600 }, want: [4, 1] },
  ];
  for (const { title, bulk, options, want } of cases) {
    test(title, async () => {
      const { fetch, sent } = bulkServer();
      const results = await client({ fetch, ...supporting({ supported: true, ...bulk }) }).bulk(five, options);
      expect(sent.map((request) => operationsIn(request).length)).toEqual(want);
      expect(results.every(({ ok }) => ok)).toBe(true);
    });
  }

  test("§3.7.4: an operation that is larger alone is told, and the others are sent", async () => {
    const { fetch, sent } = bulkServer();
    const results = await client({ fetch, ...BULK }).bulk(five, { maxPayloadSize: 600 });
    expect(results.map((result) => result.ok || result.reason)).toEqual([true, true, true, true, "tooLarge"]);
    expect(sent.flatMap(operationsIn)).toHaveLength(4);
  });

  test("§3.7.4: after 413 the same operations come in smaller requests", async () => {
    const { fetch, sent } = bulkServer();
    const narrow = async (request: Request): Promise<Response> => {
      const operations = ((await request.clone().json()) as { Operations: unknown[] }).Operations;
      return operations.length > 2 ? Response.json(errorOf(413), { status: 413 }) : fetch(request);
    };
    const results = await client({ fetch: narrow, ...BULK }).bulk(five);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(sent.map((request) => operationsIn(request).length)).toEqual([2, 2, 1]);
  });
});

describe("the data of each operation is checked against its model before anything is sent", () => {
  const cases: ReadonlyArray<{ title: string; wrong: BulkOperation; want: string }> = [
    {
      title: "POST: a value of the wrong type",
      wrong: create("x", { emails: [{ value: "a@example.com" }, { value: 7 }] }),
      want: "Operations[3].emails[1].value",
    },
    {
      title: "POST: a required attribute",
      wrong: { method: "POST", path: "/Users", data: {} },
      want: "Operations[3].userName",
    },
    {
      title: "PUT: an attribute that the model does not have",
      wrong: { method: "PUT", path: "/Users/1", data: { userName: "x", shoeSize: 9 } },
      want: "Operations[3].shoeSize",
    },
    {
      title: "PUT: of an extension",
      wrong: { method: "PUT", path: "/Users/1", data: { userName: "x", [ENTERPRISE]: { costCenter: 1 } } },
      want: `Operations[3].${ENTERPRISE}:costCenter`,
    },
    {
      title: "PATCH: a path that the model does not have",
      wrong: { method: "PATCH", path: "/Users/1", data: [{ op: "remove", path: "shoeSize" }] },
      want: "Operations[3]",
    },
    {
      title: "PATCH: a value that does not fit",
      wrong: { method: "PATCH", path: "/Groups/1", data: [{ op: "add", path: "displayName", value: 7 }] },
      want: "Operations[3].displayName",
    },
  ];
  for (const { title, wrong, want } of cases) {
    test(title, async () => {
      const { fetch, sent } = bulkServer();
      const operations = [create("a"), create("b"), create("c"), wrong];
      for (const strategy of ["bulk", "single"] as const) {
        // oxlint-disable-next-line no-await-in-loop
        const error = await rejection(client({ fetch, ...BULK }).bulk(operations, { strategy }));
        expect(error).toBeInstanceOf(RequestPayloadValidationError);
        expect(error).toMatchObject({
          issues: [{ path: want }],
          message: expect.stringMatching(/^operation 3 of the bulk: /) as string,
        });
      }
      expect(sent).toEqual([]);
    });

    test(`${title}: not where the check is off`, async () => {
      const { fetch, sent } = bulkServer();
      await client({ fetch, ...BULK }).bulk([create("a"), wrong], { checkRequestPayload: false });
      await client({ fetch, ...BULK, checkRequestPayload: false }).bulk([create("a"), wrong]);
      expect(sent.map((request) => operationsIn(request).length)).toEqual([2, 2]);
      expect(operationsIn(sent[0])[0]).toMatchObject({
        data: { userName: "a" },
      });
      expect(JSON.stringify(sent[0]?.body)).not.toContain(USER);
    });
  }

  describe("RFC 7644 §3.7: a POST goes to the endpoint of a resource type, everything else to a resource", () => {
    const data = { displayName: "d" };
    const wrong: ReadonlyArray<{ given: BulkOperation; want: string; unknown?: boolean }> = [
      {
        given: { method: "POST", path: "/User", data },
        want: 'operation 1, a POST: nothing is known of "/User"; there are User at /Users, Group at /Groups',
        unknown: true,
      },
      {
        given: { method: "DELETE", path: "/users/1" },
        want: 'operation 1, a DELETE: nothing is known of "/users/1"; there are User at /Users, Group at /Groups',
        unknown: true,
      },
      {
        given: { method: "DELETE", path: "/Users" },
        want: "operation 1, a DELETE, needs an id in its path, such as /Users/2819c223 (RFC 7644 §3.7)",
      },
      {
        given: { method: "PUT", path: `${BASE}/Groups/`, data },
        want: "operation 1, a PUT, needs an id in its path, such as /Groups/2819c223 (RFC 7644 §3.7)",
      },
      {
        given: { method: "POST", path: "/Users/1", data },
        want: 'operation 1, a POST, goes to the endpoint /Users, not to "/Users/1" (RFC 7644 §3.7)',
      },
    ];
    for (const { given, want, unknown = false } of wrong) {
      test(`${given.method} ${given.path} is refused, and nothing is sent`, async () => {
        const { fetch, sent } = bulkServer();
        const error = await rejection(client({ fetch, ...BULK }).bulk([create("a"), given]));
        expect(error).toBeInstanceOf(unknown ? UnknownResourceType : TypeError);
        expect(error).toHaveProperty("message", want);
        expect(sent).toEqual([]);
        await client({ fetch, ...BULK }).bulk([create("a"), given], { checkRequestPayload: false });
        expect(operationsIn(sent[0])).toHaveLength(2);
      });
    }

    test("of a path below no endpoint nothing is refused where no resource type is known, and of /Me never", async () => {
      const { fetch, sent } = bulkServer();
      const devices: BulkOperation = { method: "POST", path: "/Devices", bulkId: "d", data: { anything: [1] } };
      const me: BulkOperation = { method: "PATCH", path: "/Me", data: [{ op: "remove", path: "title" }] };
      expect(await client({ fetch, ...BULK, resourceModels: [] }).bulk([devices, me])).toMatchObject([
        { ok: true },
        { ok: true },
      ]);
      await client({ fetch, ...BULK }).bulk([me]);
      expect(sent.map((request) => operationsIn(request).length)).toEqual([2, 1]);
      expect(operationsIn(sent[0])[0]).toEqual(devices);
    });
  });

  for (const strategy of ["bulk", "single"] as const) {
    test(`RFC 7644 §3.5.2: changes that are none are carried out without a request, strategy ${strategy}`, async () => {
      const { fetch, sent } = bulkServer();
      const babs = { id: "1", schemas: [USER], userName: "babs" };
      const data = [patch(User), diff(User, babs, babs), [], { schemas: [PATCH_OP], Operations: [] }];
      const operations = data.map((each) => ({ method: "PATCH", path: "/Users/1", data: each }) as const);
      const results = await client({ fetch, ...BULK }).bulk(operations, { strategy });
      expect(results).toEqual(
        operations.map((operation, index) => ({ ok: true, operation, index, status: 204, id: "1" })),
      );
      await client({ fetch, ...BULK }).bulk(operations, { strategy, checkRequestPayload: false });
      expect(sent).toEqual([]);
    });
  }

  test("RFC 7644 §3.7: what diff gives is data of a PATCH", async () => {
    const { fetch, sent } = bulkServer();
    const babs = { id: "1", schemas: [USER], userName: "babs" };
    const data = diff(User, babs, { ...babs, nickName: "Babs" });
    await client({ fetch, ...BULK }).bulk([{ method: "PATCH", path: "/Users/1", data }]);
    expect(operationsIn(sent[0])).toMatchObject([{ data: data.toJSON() }]);
  });

  const misuse: ReadonlyArray<{ title: string; given: readonly BulkOperation[]; options?: BulkCallOptions }> = [
    { title: "two operations of one bulkId", given: [create("a"), create("a")] },
    { title: "a reference to nothing", given: [{ method: "DELETE", path: "/Users/bulkId:x" }] },
    {
      title: "a path to another origin",
      given: [{ method: "POST", path: "https://evil.example/Users", data: {} }],
    },
    { title: "a path above the base", given: [{ method: "POST", path: "/../admin", data: {} }] },
    { title: "failOnErrors of 0", given: [create("a")], options: { failOnErrors: 0 } },
    { title: "no concurrency", given: [create("a")], options: { concurrency: 0, strategy: "single" } },
  ];
  for (const { title, given, options } of misuse) {
    test(`${title} is a TypeError`, async () => {
      const { fetch, sent } = bulkServer();
      expect(await rejection(client({ fetch, ...BULK }).bulk(given, options))).toBeInstanceOf(TypeError);
      expect(sent).toEqual([]);
    });
  }
});

describe("strategy: bulk requests where the server says that it supports them, else one request each", () => {
  const cases: ReadonlyArray<{ title: string; config?: ClientOptions; options?: BulkCallOptions; want: string }> = [
    { title: "supported", config: BULK, want: "/Bulk" },
    { title: "supported, in words", config: supporting({ supported: "True" }), want: "/Bulk" },
    { title: "not supported", config: supporting({ supported: false }), want: "/Users" },
    { title: "nobody knows", want: "/Users" },
    { title: "nobody knows, and the caller asks for it", options: { strategy: "bulk" }, want: "/Bulk" },
    {
      title: "supported, and the caller asks for the other",
      config: BULK,
      options: { strategy: "single" },
      want: "/Users",
    },
    { title: "the client knows better", config: { capabilities: { bulk: true } }, want: "/Bulk" },
    {
      title: "the call knows better",
      config: { ...supporting({ supported: false }), capabilities: { bulk: false } },
      options: { capabilities: { bulk: true }, strategy: "bulk" },
      want: "/Bulk",
    },
    {
      title: "the call knows that it does not",
      config: BULK,
      options: { capabilities: { bulk: false } },
      want: "/Users",
    },
    { title: "the profile knows", config: { profile: { name: "p", capabilities: { bulk: true } } }, want: "/Bulk" },
  ];
  for (const { title, config = {}, options, want } of cases) {
    test(title, async () => {
      const { raiseScimErrors: _raise, checkResponsePayload: _check, ...rest } = config;
      const { fetch, sent } = bulkServer();
      await client({ ...rest, fetch }).bulk([create("a")], options);
      expect(sent.map(({ url }) => url.slice(BASE.length))).toEqual([want]);
    });
  }

  test("bulk requests that the server does not support are refused before they are sent", async () => {
    const { fetch, sent } = bulkServer();
    const scim = client({ fetch, ...supporting({ supported: false }) });
    const error = await rejection(scim.bulk([create("a")], { strategy: "bulk" }));
    expect(error).toBeInstanceOf(UnsupportedByServer);
    expect(error).toMatchObject({ capability: "bulk" });
    expect(sent).toEqual([]);
  });
});

describe("RFC 7643 §5: nothing of a bulk is sent where the server cannot do a part of it", () => {
  const removal = [{ op: "remove", path: "title" }];
  const cases: ReadonlyArray<{ capability: Capability; given: BulkOperation }> = [
    { capability: "create", given: { method: "POST", path: "/Users", data: { userName: "a" } } },
    { capability: "replace", given: { method: "PUT", path: "/Users/1", data: { userName: "a" } } },
    { capability: "patch", given: { method: "PATCH", path: "/Users/1", data: removal } },
    { capability: "delete", given: { method: "DELETE", path: "/Users/1" } },
  ];
  for (const { capability, given } of cases) {
    for (const strategy of ["bulk", "single"] as const) {
      test(`${given.method} of one type, by the profile, strategy ${strategy}`, async () => {
        const { fetch, sent } = bulkServer();
        const profile = { name: "acme", resourceTypes: { User: { without: [capability] } } };
        const scim = client({ fetch, ...BULK, profile });
        const group: BulkOperation = { method: "DELETE", path: "/Groups/1" };
        for (const checkRequestPayload of [true, false]) {
          const error = await rejection(scim.bulk([group, given], { strategy, checkRequestPayload }));
          expect(error).toBeInstanceOf(UnsupportedByServer);
          expect(error).toMatchObject({ capability });
          expect(error).toHaveProperty(
            "message",
            `operation 1 of the bulk: the server does not support ${capability} for User (RFC 7643 §5); ` +
              `capabilities: { ${capability}: true } sends it all the same`,
          );
        }
        expect(sent).toEqual([]);
        await scim.bulk([group, given], { strategy, capabilities: { [capability]: true } });
        expect(sent).not.toEqual([]);
      });
    }
  }

  test("PATCH of any type, by ServiceProviderConfig", async () => {
    const { fetch, sent } = bulkServer();
    const serviceProviderConfig = { bulk: { supported: true }, patch: { supported: false } };
    const given: BulkOperation = { method: "PATCH", path: "/Users/1", data: removal };
    const error = await rejection(client({ fetch, serviceProviderConfig }).bulk([given]));
    expect(error).toMatchObject({ code: "unsupported_by_server", capability: "patch" });
    expect(sent).toEqual([]);
  });
});
