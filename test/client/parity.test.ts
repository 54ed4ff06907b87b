import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Deviation,
  RequestPayloadValidationError,
  ResponsePayloadValidationError,
  SCIMClient,
  SCIMClientError,
  strict,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { collect, errorOf, failure, GROUP, listOf, replay, routes, USER, type Reply } from "./replay.ts";

// What docs/parity.md claims and no other test proves.
const BASE = "https://auth.example/scim/v2";
const BADGE = "urn:example:params:scim:schemas:extension:badge:2.0:User";

const verbs: ReadonlyArray<{ title: string; call: (scim: SCIMClient) => Promise<unknown> }> = [
  { title: "discover", call: (scim) => scim.discover() },
  { title: "create", call: (scim) => scim.create(User, { userName: "bjensen" }) },
  { title: "query by id", call: (scim) => scim.query(User, "1") },
  { title: "query", call: (scim) => scim.query([User, Group]) },
  { title: "find", call: (scim) => scim.find(User, 'userName eq "bjensen"') },
  { title: "list", call: (scim) => collect(scim.list(User, { limit: 100 })) },
  { title: "search", call: (scim) => scim.search(User, { count: 1 }) },
  { title: "replace", call: (scim) => scim.replace(User, { id: "1", userName: "bjensen" }) },
  { title: "modify", call: (scim) => scim.modify(User, "1", [{ op: "replace", path: "active", value: false }]) },
  { title: "delete", call: (scim) => scim.delete(User, "1") },
  { title: "me.query", call: (scim) => scim.me.query(User) },
];

describe("whatever a server answers, a verb gives something or throws an error of the family", () => {
  const user = { schemas: [USER], id: "1", userName: "bjensen", emails: [{ value: "a@example.com" }] };
  const bodies = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.uint8Array({ maxLength: 60 }),
    fc.constantFrom(
      ...[user, listOf(user), listOf(user, 7, null, []), errorOf(400, "invalidValue"), [user], { schemas: 1 }].map(
        (value) => JSON.stringify(value),
      ),
      `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
      '{"schemas":[1e400],"id":1e400}',
      '{"__proto__":{"id":"1"},"constructor":null}',
    ),
  );
  const answers = fc.record({
    status: fc.constantFrom(200, 200, 201, 202, 204, 299, 302, 304, 400, 401, 404, 409, 412, 429, 500, 503),
    type: fc.constantFrom("application/scim+json", "application/json", "text/html", "", ";", "a/b/c"),
    body: bodies,
  });

  for (const { title, call } of verbs) {
    test(
      title,
      async () => {
        const property = fc.asyncProperty(
          answers,
          fc.boolean(),
          async ({ status, type, body }, raiseScimErrors) => {
            const fetch = (): Response =>
              new Response(status === 204 || status === 304 ? null : new Uint8Array(Buffer.from(body)), {
                status,
                headers: type === "" ? {} : { "content-type": type },
              });
            const scim: SCIMClient<boolean> = new SCIMClient(BASE, { fetch, retry: false, raiseScimErrors });
            scim.registerNaiveResourceTypes([User, Group]);
            const outcome = await call(scim as SCIMClient).then(
              () => "given",
              (error: unknown) => (error instanceof SCIMClientError ? "of the family" : error),
            );
            // A failure is never taken for a success.
            const possible = status >= 400 && raiseScimErrors ? [] : ["given"];
            expect([...possible, "of the family"]).toContain(outcome);
          },
        );
        await fc.assert(property, { numRuns: 60 });
      },
      30_000,
    );
  }
});

/** A server with two resource types of one schema, and a third whose extension is required. */
function types(...extra: ReadonlyArray<readonly [string, Reply]>): ReturnType<typeof routes> {
  const badge = { id: BADGE, name: "Badge", attributes: [{ name: "number", type: "string", required: true }] };
  return routes({
    "GET /ResourceTypes": {
      body: listOf(
        { name: "Employee", endpoint: "/Employees", schema: USER },
        { name: "Visitor", endpoint: "/Visitors", schema: USER },
        {
          name: "Guard",
          endpoint: "/Guards",
          schema: GROUP,
          schemaExtensions: [{ schema: BADGE, required: true }],
        },
      ),
    },
    "GET /Schemas": { body: listOf(badge) },
    "GET /ServiceProviderConfig": { body: {} },
    ...Object.fromEntries(extra),
  });
}

test("RFC 7643 §6: two resource types of one schema are two models with endpoints of their own", async () => {
  const body = { schemas: [USER], id: "1", userName: "bjensen" };
  const { fetch, sent } = types(["GET /Employees/1", { body }], ["GET /Visitors/1", { body }]);
  const scim = new SCIMClient(BASE, { fetch });
  await scim.discover();
  for (const name of ["Employee", "visitor"]) await scim.query(scim.getResourceModel(name), "1");
  expect(sent.slice(-2).map(({ url }) => url)).toEqual([`${BASE}/Employees/1`, `${BASE}/Visitors/1`]);
});

test("RFC 7643 §6: a resource without its required extension is refused before it is sent", async () => {
  const { fetch, sent } = types();
  const scim = new SCIMClient(BASE, { fetch });
  await scim.discover();
  const before = sent.length;
  const error = await failure(() => scim.create(scim.getResourceModel("Guard"), { displayName: "Night" }));
  expect(error).toBeInstanceOf(RequestPayloadValidationError);
  expect(error).toMatchObject({ issues: [{ path: BADGE, rule: "required" }] });
  expect(sent.length).toBe(before);
});

describe("RFC 7644 §3.4.2.1: a list of several types is told apart by schemas, then by meta.resourceType", () => {
  const core = { id: "1", active: "True", displayName: "d" };
  const cases: Array<{ title: string; given: object; want: object }> = [
    { title: "the URN", given: { ...core, schemas: [USER] }, want: { active: true } },
    { title: "the URN behind another", given: { ...core, schemas: [BADGE, USER] }, want: { active: true } },
    { title: "the URN in other case", given: { ...core, schemas: [USER.toUpperCase()] }, want: { active: true } },
    { title: "meta.resourceType", given: { ...core, meta: { resourceType: "User" } }, want: { active: true } },
    {
      title: "the URN of a type without that attribute",
      given: { ...core, schemas: [GROUP] },
      want: { active: "True" },
    },
  ];
  for (const { title, given, want } of cases) {
    test(title, async () => {
      const { fetch } = replay({ body: listOf(given) });
      const { Resources } = await new SCIMClient(BASE, { fetch }).query([User, Group]);
      expect(Resources).toMatchObject([want]);
    });
  }
});

test("RFC 7643 §2.3: dates, binary values and numbers come as they were sent, with every digit", async () => {
  const given = {
    schemas: [USER],
    id: "1",
    userName: "bjensen",
    meta: { created: "2026-01-02T03:04:05.678901234+05:30", lastModified: "2026-01-02T03:04:05Z" },
    x509Certificates: [{ value: "_-8" }, { value: "YWI" }],
    locale: "EN-us",
    emails: [
      { value: "babs@localhost", type: "HOME" },
      { value: "not an address", type: "private" },
    ],
  };
  const { fetch } = replay({ body: given });
  const deviations: unknown[] = [];
  const onDeviation = (deviation: unknown): void => void deviations.push(deviation);
  expect(await new SCIMClient(BASE, { fetch, onDeviation }).query(User, "1")).toEqual(given);
  expect(deviations).toEqual([]);
});

describe("RFC 7643 §3: what a server adds or misspells is tolerated and reported, or an error where the profile is strict", () => {
  const cases = [
    { given: { pattern: "^a" }, path: "pattern", kind: "unknownAttribute" },
    { given: { Active: true }, path: "active", kind: "attributeName" },
    { given: { active: "True" }, path: "active", kind: "stringifiedBoolean" },
    { given: { emails: { value: "a@example.com" } }, path: "emails", kind: "loneValue" },
  ];
  for (const { given, path, kind } of cases) {
    test(JSON.stringify(given), async () => {
      const { fetch } = replay({ body: { schemas: [USER], id: "1", userName: "bjensen", ...given } });
      const deviations: Deviation[] = [];
      const onDeviation = (deviation: Deviation): void => void deviations.push(deviation);
      expect(await new SCIMClient(BASE, { fetch, onDeviation }).query(User, "1")).toMatchObject({ id: "1" });
      expect(deviations).toMatchObject([{ path, kind }]);
      const error = await failure(() => new SCIMClient(BASE, { fetch, profile: strict }).query(User, "1"));
      expect(error).toBeInstanceOf(ResponsePayloadValidationError);
      expect(error).toMatchObject({ issues: [{ path }] });
    });
  }
});
