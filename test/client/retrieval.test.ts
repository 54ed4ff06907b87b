import { describe, expect, test } from "vitest";
import {
  defineModel,
  filter,
  parseFilter,
  SCIMClient,
  strict,
  type ClientOptions,
  type Deviation,
  type JsonObject,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { collect, errorOf, failure, GROUP, LIST, listOf, replay, USER, type Reply, type Sent } from "./replay.ts";

const BASE = "https://auth.example/scim/v2";
const HIDDEN = "urn:example:params:scim:schemas:core:2.0:Hidden";

function user(id: string, userName: string, more: JsonObject = {}): JsonObject {
  return { schemas: [USER], id, userName, ...more };
}

interface Given {
  readonly scim: SCIMClient<boolean, boolean>;
  readonly sent: Sent[];
  readonly heard: Deviation[];
}

function server(replies: readonly Reply[], options: ClientOptions = {}): Given {
  const heard: Deviation[] = [];
  const { fetch, sent } = replay(...replies);
  const onDeviation = (deviation: Deviation): void => void heard.push(deviation);
  return { heard, sent, scim: new SCIMClient(BASE, { fetch, retry: false, onDeviation, ...options }) };
}

/** Pages of users with these names; all say how many there are. */
function pages(...names: ReadonlyArray<readonly string[]>): Reply[] {
  const totalResults = names.flat().length;
  let next = 0;
  return names.map((page) => ({
    body: { schemas: [LIST], totalResults, Resources: page.map((name) => user(String((next += 1)), name)) },
  }));
}

function query({ url }: Sent): string {
  return decodeURIComponent(new URL(url).search);
}

const wanted = 'userName eq "b"';

describe("find gives the only resource that matches, by its own judgement", () => {
  const FINDS: ReadonlyArray<{
    title: string;
    replies: readonly Reply[];
    given?: string;
    want: JsonObject | undefined;
  }> = [
    { title: "none", replies: [{ body: listOf() }], want: undefined },
    { title: "none, and no Resources", replies: [{ body: { schemas: [LIST], totalResults: 0 } }], want: undefined },
    { title: "one", replies: [{ body: listOf(user("1", "b")) }], want: user("1", "b") },
    { title: "one, in a bare array", replies: [{ body: [user("1", "b")] }], want: user("1", "b") },
    { title: "one, that came without a list", replies: [{ body: user("1", "b") }], want: user("1", "b") },
    { title: "one, in another case", replies: [{ body: listOf(user("1", "B")) }], want: user("1", "B") },
    {
      title: "none that matches: the server took its own idea of it",
      replies: [{ body: listOf(user("1", "bb")) }],
      want: undefined,
    },
    {
      title: "one of all: the server ignored the filter",
      replies: pages(["a", "x"], ["b", "y"], ["z"]),
      want: user("3", "b"),
    },
    {
      title: "one in an attribute whose case matters",
      replies: [{ body: listOf(user("1", "x", { externalId: "B" }), user("2", "y", { externalId: "b" })) }],
      given: 'externalId eq "b"',
      want: user("2", "y", { externalId: "b" }),
    },
    {
      title: "one by a value of many",
      replies: [
        {
          body: listOf(
            user("1", "x", { emails: [{ type: "work", value: "b@x" }] }),
            user("2", "y", {
              emails: [
                { type: "work", value: "a@x" },
                { type: "home", value: "b@x" },
              ],
            }),
          ),
        },
      ],
      given: 'emails[type eq "work" and value eq "b@x"]',
      want: user("1", "x", { emails: [{ type: "work", value: "b@x" }] }),
    },
    {
      title: "one that a changing list gave twice",
      replies: [
        { body: { ...listOf(user("1", "b")), totalResults: 2 } },
        { body: { ...listOf(user("1", "b"), user("2", "c")), totalResults: 2 } },
      ],
      want: user("1", "b"),
    },
  ];
  for (const { title, replies, given = wanted, want } of FINDS) {
    test(title, async () => {
      expect(await server(replies).scim.find(User, given)).toEqual(want);
      expect(await server(replies).scim.find(User, parseFilter(given))).toEqual(want);
    });
  }

  test("two are an error, and what lies behind them is not read", async () => {
    const { scim, sent } = server(pages(["a", "b"], ["b"], ["c"], ["d"], ["e"]));
    expect(await failure(() => scim.find(User, wanted))).toMatchObject({
      code: "response_payload_validation_error",
      message: expect.stringMatching(
        /: more than one User matches the filter, and find gives the only one$/,
      ) as string,
      issues: [{ path: "Resources", rule: "bounds", section: "RFC 7644 §3.4.2.2" }],
    });
    expect(sent.length).toBeLessThan(5);
  });

  test("the filter is sent, and the same resource twice on one page is one", async () => {
    const { scim, sent } = server([{ body: listOf(user("1", "b"), user("1", "b", { nickName: "late" })) }]);
    expect(await scim.find(User, filter`userName eq ${"b"}`)).toMatchObject({ id: "1" });
    expect(sent.map(query)).toEqual(['?filter=userName eq "b"&count=100']);
  });

  test("a server that cannot filter is asked for everything", async () => {
    const replies = pages(["a", "x"], ["b", "y"], ["z"]);
    for (const options of [
      { serviceProviderConfig: { filter: { supported: false } } },
      { capabilities: { filter: false } },
      { profile: { name: "p", capabilities: { filter: false } } },
    ]) {
      const { scim, sent } = server(replies, options);
      expect(await scim.find(User, wanted)).toEqual(user("3", "b"));
      expect(sent.map(query)).toEqual(["?count=100", "?startIndex=3&count=100", "?startIndex=5&count=100"]);
    }
    const { scim, sent } = server(replies, { capabilities: { filter: false } });
    await scim.find(User, wanted, { capabilities: { filter: true } });
    expect(sent.map(query)[0]).toBe('?filter=userName eq "b"&count=100');
  });

  test("a server that refuses the filter is an error, not an absence", async () => {
    const refused = { status: 400, body: errorOf(400, "invalidFilter") };
    expect(await failure(() => server([refused]).scim.find(User, wanted))).toMatchObject({
      scimType: "invalidFilter",
    });
    expect(await failure(() => server([{ status: 404 }]).scim.find(User, wanted))).toMatchObject({ status: 404 });
  });

  const WRONG: ReadonlyArray<{ title: string; call: (scim: Given["scim"]) => unknown; want: object }> = [
    { title: "no filter", call: (scim) => scim.find(User, undefined as never), want: { name: "TypeError" } },
    {
      title: "text that is none",
      call: (scim) => scim.find(User, "userName"),
      want: { code: "scim_syntax_error" },
    },
    {
      title: "an attribute that the model does not have",
      call: (scim) => scim.find(User, 'members eq "b"'),
      want: { code: "request_payload_validation_error", issues: [{ path: "members", rule: "unknown" }] },
    },
    {
      title: "what is never returned",
      call: (scim) => scim.find(User, 'password eq "x"'),
      want: { name: "TypeError" },
    },
    {
      title: "what is never returned, inside of something",
      call: (scim) => scim.find(User, `${wanted} and (id pr or not (password pr))`),
      want: { name: "TypeError" },
    },
    ...[
      "attributes",
      "excludedAttributes",
      "limit",
      "filter",
      "startIndex",
      "count",
      "cursor",
      "sortBy",
      "via",
    ].map((name) => ({
      title: `the option ${name}`,
      call: (scim: Given["scim"]) => scim.find(User, wanted, { [name]: ["id"] }),
      want: { name: "TypeError", message: expect.stringMatching(`^"${name}" is not an option`) as string },
    })),
  ];
  for (const { title, call, want } of WRONG) {
    test(`wrong use: ${title}`, async () => {
      const { scim, sent } = server([{ body: listOf(user("1", "b")) }]);
      expect(await failure(() => call(scim))).toMatchObject(want);
      expect(sent).toEqual([]);
    });
  }
});

describe("options belong to their verb", () => {
  const operations = [{ op: "remove", path: "nickName" }] as const;
  type Call = (scim: Given["scim"], options: object) => unknown;
  const VERBS: ReadonlyArray<{ verb: string; call: Call; not: readonly string[] }> = [
    {
      verb: "query by id",
      call: (scim, options) => scim.query(User, "1", options),
      not: ["filter", "count", "limit", "ifMatch", "reread"],
    },
    {
      verb: "query of a list",
      call: (scim, options) => scim.query(User, options),
      not: ["limit", "via", "ifNoneMatch", "ifMatch"],
    },
    {
      verb: "search",
      call: (scim, options) => scim.search(User, options),
      not: ["limit", "via", "ifNoneMatch", "reread"],
    },
    {
      verb: "list",
      call: (scim, options) => collect(scim.list(User, options)),
      not: ["ifNoneMatch", "ifMatch", "reread", "respondAsync"],
    },
    {
      verb: "create",
      call: (scim, options) => scim.create(User, { userName: "b" }, options),
      not: ["filter", "ifNoneMatch", "reread", "count"],
    },
    {
      verb: "replace",
      call: (scim, options) => scim.replace(User, { id: "1", userName: "b" }, options),
      not: ["filter", "withoutPatch"],
    },
    {
      verb: "modify",
      call: (scim, options) => scim.modify(User, "1", operations, options),
      not: ["filter", "ifNoneMatch", "limit"],
    },
    { verb: "delete", call: (scim, options) => scim.delete(User, "1", options), not: ["filter", "reread"] },
    { verb: "me.query", call: (scim, options) => scim.me.query(User, options), not: ["filter", "ifMatch"] },
    { verb: "me.modify", call: (scim, options) => scim.me.modify(User, operations, options), not: ["filter"] },
    {
      verb: "request",
      call: (scim, options) => scim.request({ method: "GET", path: "/Users" }, options),
      not: ["filter", "attributes", "url", "capabilities", "timeuot", "expectedStatusCodes", "body"],
    },
    {
      verb: "a raw request",
      call: (scim, options) => scim.request({ method: "POST", path: "/Users", ...options }),
      not: ["data", "url", "header", "signal"],
    },
  ];
  for (const { verb, call, not } of VERBS) {
    for (const name of not) {
      test(`${verb} has no ${name}`, async () => {
        const { scim, sent } = server([{ status: 500 }]);
        const error = await failure(() => call(scim, { [name]: 1 }));
        expect(error).toBeInstanceOf(TypeError);
        expect((error as Error).message).toMatch(`"${name}" is not an option here; `);
        expect(sent).toEqual([]);
      });
    }
  }
});

describe("capabilities are those that there are", () => {
  const wrong = { capabilities: { fliter: true } } as object;
  test("on a call", async () => {
    const { scim, sent } = server([{ status: 500 }]);
    for (const call of [
      () => scim.query(User, { filter: "id pr", ...wrong }),
      () => collect(scim.list(User, wrong)),
      () => scim.delete(User, "1", wrong),
      () => scim.bulk([], wrong),
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const error = await failure(call);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(
        '"fliter" is not a capability; perhaps "filter" is meant; there are bulk, ',
      );
    }
    expect(sent).toEqual([]);
  });

  test("on the client", () => {
    expect(() => server([], wrong)).toThrow('"fliter" is not a capability');
  });
});

describe("query, search and list give what came, and tell of what does not match the filter", () => {
  const answer = { body: listOf(user("1", "b"), user("2", "c"), user("3", "d")) };
  const CALLS: ReadonlyArray<[string, (scim: Given["scim"], given: string) => unknown]> = [
    ["query", (scim, given) => scim.query(User, { filter: given })],
    ["search", (scim, given) => scim.search(User, { filter: parseFilter(given) })],
    ["list", (scim, given) => collect(scim.list(User, { filter: given }))],
    ["query of the root", (scim, given) => scim.query([User, Group], { filter: given })],
  ];
  for (const [verb, call] of CALLS) {
    test(`${verb}: two of three do not`, async () => {
      const { scim, heard } = server([answer]);
      const given = await call(scim, wanted);
      expect(JSON.stringify(given)).toContain('"userName":"d"');
      expect(heard).toEqual([
        {
          kind: "filterIgnored",
          path: "Resources",
          message: "2 of 3 resources do not match the filter",
          section: "RFC 7644 §3.4.2.2",
        },
      ]);
      const other = server([answer], { profile: strict });
      expect(await failure(() => call(other.scim, wanted))).toMatchObject({
        code: "response_payload_validation_error",
        issues: [{ path: "Resources", rule: "deviation" }],
      });
    });

    test(`${verb}: all do`, async () => {
      for (const options of [{}, { profile: strict }]) {
        const { scim, heard } = server([answer], options);
        await call(scim, "userName pr");
        expect(heard).toEqual([]);
      }
    });
  }

  const SILENT: ReadonlyArray<{ title: string; call: (scim: Given["scim"]) => unknown; reply?: Reply }> = [
    { title: "attributes were chosen", call: (scim) => scim.query(User, { filter: wanted, attributes: ["id"] }) },
    {
      title: "attributes were left out",
      call: (scim) => scim.query(User, { filter: wanted, excludedAttributes: ["userName"] }),
    },
    {
      title: "the filter is about what is never returned",
      call: (scim) => scim.query(User, { filter: `${wanted} or password pr` }),
    },
    {
      title: "the filter is in another grammar",
      call: (scim) => scim.query(User, { filter: "userName like b", checkRequestPayload: false }),
    },
    { title: "nothing came", call: (scim) => scim.query(User, { filter: wanted }), reply: { body: listOf() } },
    { title: "there is no filter", call: (scim) => scim.query(User, { count: 3 }) },
    {
      title: "the answer is not checked",
      call: (scim) => scim.query(User, { filter: wanted, checkResponsePayload: false }),
    },
  ];
  for (const { title, call, reply = answer } of SILENT) {
    test(`nothing is told where ${title}`, async () => {
      for (const options of [{}, { profile: strict }]) {
        const { scim, heard } = server([reply], options);
        await call(scim);
        expect(heard).toEqual([]);
      }
    });
  }

  test("RFC 7643 §7: nor where the filter is about what is returned on request alone", async () => {
    const Hidden = defineModel({
      schema: {
        id: HIDDEN,
        attributes: [
          { name: "asked", returned: "request" },
          {
            name: "parts",
            type: "complex",
            multiValued: true,
            subAttributes: [{ name: "value" }, { name: "secret", returned: "never" }],
          },
        ],
      },
    });
    const reply = { body: listOf({ schemas: [HIDDEN], id: "1" }) };
    for (const given of [
      'asked eq "x"',
      'not (asked eq "x") and id pr',
      'parts[value eq "x" and secret eq "y"]',
      "parts.secret pr",
    ]) {
      const { scim, heard } = server([reply], { profile: strict });
      await scim.search(Hidden, { filter: given });
      expect(heard).toEqual([]);
      expect(await failure(() => scim.find(Hidden, given))).toBeInstanceOf(TypeError);
    }
    const { scim, heard } = server([reply]);
    await scim.query(Hidden, { filter: 'parts[value eq "x"]' });
    expect(heard).toMatchObject([{ kind: "filterIgnored" }]);
  });

  test("RFC 7644 §3.4.2.1: what a type does not have is unassigned in its resources, whatever they hold", async () => {
    const group = { schemas: [GROUP], id: "9", displayName: "b", userName: "c" };
    const member = { ...group, id: "8", members: [{ value: "1" }] };
    const reply = { body: listOf(user("1", "a", { members: [{ value: "2" }] }), group, member) };
    const table = [
      { given: 'userName sw "a" or members pr', want: 1 },
      { given: "userName pr", want: 2 },
      { given: "not (userName pr)", want: 1 },
      { given: 'members[value eq "1"]', want: 2 },
      { given: 'not (members[value eq "2"]) and id pr', want: 0 },
      { given: 'password eq "x" or userName eq null', want: 0 },
    ];
    for (const { given, want } of table) {
      const { scim, heard } = server([reply]);
      await scim.search([User, Group], { filter: given });
      const message = `${want} of 3 resources do not match the filter`;
      expect([given, heard.filter(({ kind }) => kind === "filterIgnored")]).toMatchObject([
        given,
        want === 0 ? [] : [{ message }],
      ]);
    }
  });

  test("what none of the types has is looked for in the resources, and a resource of no type is not judged", async () => {
    const other = { schemas: ["urn:example:Other"], id: "7" };
    const { scim, heard } = server([{ body: listOf(user("1", "a", { badge: "x" }), user("2", "b"), other) }]);
    await scim.query([User, Group], { filter: "badge pr", checkRequestPayload: false });
    expect(heard.filter(({ kind }) => kind === "filterIgnored")).toMatchObject([
      { message: "1 of 3 resources do not match the filter" },
    ]);
  });

  test("RFC 7644 §3.4.2.1: in a mixed list each is judged by its own type", async () => {
    const group = { schemas: [GROUP], id: "9", displayName: "b" };
    const { scim, heard } = server([{ body: listOf(user("1", "b"), group) }]);
    await scim.query([User, Group], { filter: 'userName eq "b" or displayName eq "b"' });
    expect(heard).toEqual([]);
    await scim.query([User, Group], { filter: 'displayName eq "b"' });
    expect(heard).toMatchObject([{ message: "1 of 2 resources do not match the filter" }]);
  });
});

describe("RFC 7644 §3.4.2.1: each condition of a filter over several types fits one of them", () => {
  const Lamp = defineModel({
    schema: {
      id: "urn:example:params:scim:schemas:core:2.0:Lamp",
      attributes: [{ name: "active" }, { name: "watts", type: "integer" }],
    },
  });
  const CALLS: ReadonlyArray<[string, (scim: Given["scim"], given: string) => unknown]> = [
    ["query", (scim, given) => scim.query([User, Group, Lamp], { filter: given })],
    ["search", (scim, given) => scim.search([User, Group, Lamp], { filter: parseFilter(given) })],
    ["list", (scim, given) => collect(scim.list([User, Group, Lamp], { filter: given }))],
  ];
  const GOOD: readonly string[] = [
    'userName sw "a" or members pr',
    'userName sw "a" and not (members[value eq "1" and type eq "User"]) and watts gt 5',
    'active eq true or active eq "on"',
    'emails[type eq "work"] or members.value eq "1"',
  ];
  const BAD: ReadonlyArray<{ given: string; want: readonly string[] }> = [
    { given: 'userName sw "a" or membrs pr', want: ["unknown membrs"] },
    { given: "userName gt 5 or members pr", want: ["type userName"] },
    { given: 'watts eq "5" or userName pr', want: ["type watts"] },
    { given: "nosuch[a pr and b pr]", want: ["unknown nosuch"] },
    { given: "members[value pr and nosuch pr]", want: ["unknown members.nosuch"] },
    { given: "active gt 5 or members eq 5", want: ["type active", "type members"] },
  ];
  for (const [verb, call] of CALLS) {
    test(verb, async () => {
      for (const given of GOOD) {
        const { scim, sent } = server([{ body: listOf() }]);
        await call(scim, given);
        expect(sent).toHaveLength(1);
      }
      for (const { given, want } of BAD) {
        const { scim, sent } = server([]);
        const error = await failure(() => call(scim, given));
        expect(error).toMatchObject({ code: "request_payload_validation_error" });
        const { issues } = error as { issues: ReadonlyArray<{ rule: string; path: string }> };
        expect([given, ...issues.map(({ rule, path }) => `${rule} ${path}`)]).toEqual([given, ...want]);
        expect(sent).toEqual([]);
      }
    });
  }

  test("at most 20 issues", async () => {
    const given = Array.from({ length: 1000 }, (_, at) => `a${at} pr`).join(" or ");
    const error = await failure(() => server([]).scim.query([User, Group], { filter: given }));
    expect((error as { issues: unknown[] }).issues).toHaveLength(20);
  });
});
