import { describe, expect, test } from "vitest";
import { diff, patch, strict, UnknownResourceType, type Deviation } from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { BULK_RESPONSE } from "../../src/protocol/bulk.ts";
import { Schema } from "../../src/schema/service-provider-models.ts";
import { BASE, BULK, bulkServer, client, operationsIn } from "./bulk-server.ts";
import { ENTERPRISE, GROUP, PATCH_OP, rejection, replay, USER } from "./replay.ts";

const Employee = User.with(EnterpriseUser);
const babs = { id: "b/1", schemas: [USER], userName: "babs" };

describe("RFC 7644 §3.7: an operation with a model in place of a path", () => {
  for (const checkRequestPayload of [true, false]) {
    test(`goes where the model's verb would, checkRequestPayload ${checkRequestPayload}`, async () => {
      const { fetch, sent } = bulkServer();
      const results = await client({ fetch, ...BULK, checkRequestPayload }).bulk([
        { method: "POST", model: Employee, bulkId: "a", data: { schemas: [USER], userName: "a" } },
        { method: "PUT", model: User, version: "1", data: babs },
        { method: "PATCH", model: User, id: "bulkId:a", data: patch(User).replace("active", false) },
        { method: "PATCH", model: User, id: "2", data: diff(User, babs, { ...babs, title: "t" }) },
        { method: "DELETE", model: Group, id: "3", bulkId: "d", version: "9" },
      ]);
      expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
      expect(sent.flatMap(operationsIn)).toMatchObject([
        { method: "POST", path: "/Users", bulkId: "a", data: { schemas: [USER], userName: "a" } },
        { method: "PUT", path: "/Users/b%2F1", version: "1", data: { userName: "babs" } },
        {
          method: "PATCH",
          path: "/Users/a",
          data: { schemas: [PATCH_OP], Operations: [{ op: "replace", path: "active", value: false }] },
        },
        {
          method: "PATCH",
          path: "/Users/2",
          data: { schemas: [PATCH_OP], Operations: [{ op: "add", path: "title", value: "t" }] },
        },
        { method: "DELETE", path: "/Groups/3", bulkId: "d", version: "9" },
      ]);
    });
  }

  test("that is the server's: its endpoint and its attributes count", async () => {
    const { fetch, sent } = bulkServer();
    const scim = client({ fetch, ...BULK, resourceModels: [Employee.at({ endpoint: "/v2/People" })] });
    await scim.bulk([{ method: "POST", model: User, data: { userName: "a", [ENTERPRISE]: {} } as never }]);
    expect(operationsIn(sent[0])).toMatchObject([{ path: "/v2/People" }]);
  });

  test("its data is checked", async () => {
    const { fetch, sent } = bulkServer();
    const given = [{ method: "POST", model: User, data: { userName: 3 } as never }] as const;
    expect(await rejection(client({ fetch, ...BULK }).bulk(given))).toMatchObject({
      code: "request_payload_validation_error",
      issues: [{ path: "Operations[0].userName", rule: "type" }],
    });
    expect(sent).toEqual([]);
  });

  const wrong: ReadonlyArray<{ title: string; given: object; want: string | RegExp }> = [
    {
      title: "a path as well",
      given: { method: "DELETE", model: User, id: "1", path: "/Users/1" },
      want: "operation 1 has a model and a path; one of them says where it goes",
    },
    {
      title: "what is no model",
      given: { method: "DELETE", model: "User", id: "1" },
      want: /^the model of operation 1 must be a resource model/,
    },
    {
      title: "an extension",
      given: { method: "DELETE", model: EnterpriseUser, id: "1" },
      want: /^the model of operation 1 must be a resource model/,
    },
    {
      title: "what only the server writes",
      given: { method: "DELETE", model: Schema, id: "1" },
      want: "operation 1: Schema is maintained by the server and can only be read (RFC 7644 §4)",
    },
    {
      title: "no id",
      given: { method: "DELETE", model: User },
      want: "operation 1: the id must be a string, not undefined",
    },
    {
      title: "an id that would be another path",
      given: { method: "PATCH", model: User, id: "..", data: [] },
      want: 'operation 1: the id must be a path segment of its own, not ".." (RFC 3986 §3.3)',
    },
    {
      title: "a replacement without its id",
      given: { method: "PUT", model: User, data: { userName: "a" } },
      want: "operation 1: the data of a PUT must have the id of the resource (RFC 7644 §3.5.1)",
    },
    {
      title: "no data",
      given: { method: "POST", model: User },
      want: "operation 1, a POST, lacks data (RFC 7644 §3.7)",
    },
    { title: "no method", given: { model: User, id: "1" }, want: /^operation 1 has no method/ },
  ];
  for (const { title, given, want } of wrong) {
    test(`with ${title} is a TypeError`, async () => {
      const { fetch, sent } = bulkServer();
      const operations = [{ method: "DELETE", path: "/Users/1" }, given as never] as const;
      const error = await rejection(client({ fetch, ...BULK }).bulk(operations));
      expect(error).toBeInstanceOf(TypeError);
      expect((error as TypeError).message).toMatch(want);
      expect(sent).toEqual([]);
    });
  }

  test("of a type that the server does not have is an UnknownResourceType", async () => {
    const given = [{ method: "DELETE", model: Group, id: "1" }] as const;
    const error = await rejection(client({ ...BULK, resourceModels: [User] }).bulk(given));
    expect(error).toBeInstanceOf(UnknownResourceType);
  });
});

describe("RFC 7644 §3.7.3: the result of an operation with a model has the resource that the server gave", () => {
  /** Answers with one response for each operation. */
  function answering(...responses: readonly unknown[]): ReturnType<typeof replay>["fetch"] {
    const Operations = responses.map((response, index) => ({
      method: "POST",
      bulkId: `${index}`,
      status: "201",
      location: `${BASE}/Users/${index}`,
      response,
    }));
    return replay({ body: { schemas: [BULK_RESPONSE], Operations } }).fetch;
  }

  const post = (bulkId: string) => ({ method: "POST", model: User, bulkId, data: { userName: "a" } }) as const;
  const odd = { schemas: [USER], id: "1", UserName: "a", active: "True" };
  const repaired = { schemas: [USER], id: "1", userName: "a", active: true };

  test("repaired, and what was repaired is reported with the operation's place", async () => {
    const heard: Deviation[] = [];
    const results: unknown[] = [];
    const scim = client({ ...BULK, fetch: answering(repaired, odd), onDeviation: (each) => void heard.push(each) });
    const [first, second] = await scim.bulk([post("0"), post("1")], { onResult: (each) => results.push(each) });
    expect(first).toMatchObject({ ok: true, resource: repaired });
    expect(second).toMatchObject({ ok: true, response: odd, resource: repaired });
    expect(results).toEqual([first, second]);
    expect(heard.map(({ kind, index }) => [kind, index])).toEqual([
      ["attributeName", 1],
      ["stringifiedBoolean", 1],
    ]);
  });

  test("from single requests too", async () => {
    const { fetch } = replay({ status: 201, body: odd }, { status: 200, body: odd }, { status: 204 });
    const results = await client({ fetch }).bulk(
      [
        post("0"),
        { method: "PUT", model: User, data: { id: "1", userName: "a" } },
        { method: "DELETE", model: User, id: "2" },
      ],
      { concurrency: 1 },
    );
    expect(results).toMatchObject([{ resource: repaired }, { resource: repaired }, { ok: true }]);
    expect(results[2]).not.toHaveProperty("resource");
  });

  const invalid = [
    {
      title: "what does not fit the model",
      given: { schemas: [USER], id: "1", name: 3 },
      code: "response_payload_validation_error",
    },
    { title: "what is no resource", given: ["1"], code: "unexpected_content_format" },
  ];
  for (const { title, given, code } of invalid) {
    test(`of ${title} the result says so, and it has succeeded all the same`, async () => {
      const [result] = await client({ ...BULK, fetch: answering(given) }).bulk([post("0")]);
      expect(result).toMatchObject({
        ok: true,
        id: expect.any(String) as string,
        response: given,
        invalid: { code },
      });
      expect(result).not.toHaveProperty("resource");
    });
  }

  test("under the strict profile what would have to be repaired does not fit", async () => {
    const [result] = await client({ ...BULK, profile: strict, fetch: answering(odd) }).bulk([post("0")]);
    expect(result).toMatchObject({ ok: true, invalid: { issues: [{ rule: "deviation" }, { rule: "deviation" }] } });
  });

  test("not where answers are not checked, nor with a path", async () => {
    const { fetch } = replay({ status: 201, body: odd });
    const options = { retry: false, resourceModels: [User, Group], fetch, checkResponsePayload: false } as const;
    const unchecked = client(options);
    const [first] = await unchecked.bulk([post("0")]);
    expect(first).toMatchObject({ ok: true, response: odd });
    expect(first).not.toHaveProperty("resource");
    const [second] = await client({ ...BULK, fetch: answering(odd) }).bulk([
      { method: "POST", path: "/Users", bulkId: "0", data: { userName: "a" } },
    ]);
    expect(second).toMatchObject({ ok: true, response: odd });
    expect(second).not.toHaveProperty("resource");
  });

  test("nor where the server gave none", async () => {
    const { fetch } = bulkServer();
    const [result] = await client({ ...BULK, fetch }).bulk([
      { method: "POST", model: Group, data: { schemas: [GROUP], displayName: "g" } },
    ]);
    expect(result).toMatchObject({ ok: true });
    expect(Object.keys(result)).not.toContain("resource");
  });
});
