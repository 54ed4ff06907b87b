import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { parseFilter, SCIMClient, type RequestEvent } from "../../src/index.ts";
import { defineModel } from "../../src/schema/define-model.ts";
import { Group, User } from "../../src/models.gen.ts";
import { collect, errorOf, failure, listOf, replay } from "./replay.ts";

const BASE = "https://auth.example/scim/v2";
const SECRET = "hunter2 s3cret";
const Key = defineModel({
  schema: {
    id: "urn:example:Key",
    name: "Key",
    attributes: [
      { name: "codes", type: "string", multiValued: true, returned: "never" },
      {
        name: "parts",
        type: "complex",
        multiValued: true,
        subAttributes: [
          { name: "type", type: "string" },
          { name: "pin", type: "string", mutability: "writeOnly", returned: "never" },
        ],
      },
    ],
  },
});

function client(fetch: ReturnType<typeof replay>["fetch"], events: RequestEvent[] = []): SCIMClient {
  return new SCIMClient(BASE, {
    fetch,
    retry: false,
    resourceModels: [User, Group, Key],
    onRequest: (event) => void events.push(event),
  });
}

describe("RFC 7644 §7.5.2: what is never returned does not stand in a URL", () => {
  const FILTERS = [
    { model: User, filter: `password eq "${SECRET}"`, path: "password" },
    { model: User, filter: `userName pr and not (PASSWORD sw "${SECRET}")`, path: "PASSWORD" },
    { model: User, filter: parseFilter(`password eq "${SECRET}" or title pr`), path: "password" },
    { model: Key, filter: `parts[type eq "a" and pin eq "${SECRET}"]`, path: "parts.pin" },
    { model: Key, filter: `parts.pin eq "${SECRET}"`, path: "parts.pin" },
    { model: Key, filter: `codes eq "${SECRET}"`, path: "codes" },
    { model: Key, filter: `codes[value eq "${SECRET}"]`, path: "codes.value" },
    { model: Key, filter: `urn:example:Key:codes eq "${SECRET}"`, path: "urn:example:Key:codes" },
  ];
  for (const { model, filter, path } of FILTERS) {
    const title = String(filter);
    test(`${title} is refused in a query, and nothing is sent`, async () => {
      const { fetch, sent } = replay({ body: listOf() });
      const scim = client(fetch);
      for (const call of [
        () => scim.query(model, { filter }),
        () => scim.query([Group, model], { filter }),
        () => collect(scim.list(model, { filter })),
      ]) {
        const error = await failure(call);
        expect(error).toMatchObject({
          code: "request_payload_validation_error",
          issues: [{ path, rule: "returned", section: "RFC 7644 §7.5.2" }],
        });
        expect(inspect(error, { depth: 10 })).not.toContain("s3cret");
      }
      expect(sent).toEqual([]);
    });

    test(`${title} is sent in the body of a search, and no error shows what it compares`, async () => {
      const { fetch, sent } = replay({ status: 400, body: errorOf(400, "invalidFilter", `no ${title}`) });
      const error = await failure(() => client(fetch).search(model, { filter }));
      expect(error).toMatchObject({ scimType: "invalidFilter", message: expect.stringContaining("***") as string });
      expect(inspect(error, { depth: 10 })).not.toContain("s3cret");
      expect(sent).toMatchObject([{ method: "POST", body: { filter: title } }]);
    });

    test(`${title} is sent in a query that is not checked, and no error and no hook shows it`, async () => {
      const { fetch, sent } = replay({ status: 400, body: errorOf(400, "invalidFilter", `no ${title}`) });
      const events: RequestEvent[] = [];
      const options = { filter, count: 1, checkRequestPayload: false };
      const error = await failure(() => client(fetch, events).query(model, options));
      expect(new URL(sent[0]?.url ?? "").searchParams.get("filter")).toBe(title);
      expect(events[0]?.request.url).toMatch(/[?&]filter=\*\*\*/);
      expect(error).toMatchObject({ message: expect.stringContaining("count=1") as string });
      expect(inspect([error, events], { depth: 10 })).not.toContain("s3cret");
    });
  }

  test("what is not in the grammar may hold a secret as well", async () => {
    const { fetch } = replay({ status: 400 });
    const options = { filter: `password=${SECRET}`, checkRequestPayload: false };
    expect(inspect(await failure(() => client(fetch).query(User, options)))).not.toContain("s3cret");
  });

  test("presence, null and what is returned are no secrets", async () => {
    for (const filter of ["password pr", "password eq null", 'userName eq "bjensen"']) {
      const events: RequestEvent[] = [];
      const scim = client(replay({ body: listOf() }).fetch, events);
      await scim.query(User, { filter });
      await scim.query(User, { filter, checkRequestPayload: false });
      const shown = events.map(({ request }) => new URL(request.url).searchParams.get("filter"));
      expect(shown).toEqual([filter, filter]);
    }
  });
});

describe("RFC 7644 §7.5: no error shows what a PATCH path compares with a secret attribute", () => {
  const filter = `type eq "a" and not (pin eq "${SECRET}")`;
  const ROWS: ReadonlyArray<{ given: { op: string; path: string; value?: unknown }; path: string }> = [
    { given: { op: "replace", path: `parts[${filter}].type`, value: 7 }, path: "parts[***].type" },
    { given: { op: "replace", path: `parts[${filter}].pin`, value: 7 }, path: "parts[***].pin" },
    { given: { op: "add", path: `parts[${filter}]`, value: { nosuch: 1 } }, path: "parts[***].nosuch" },
    { given: { op: "remove", path: `parts[${filter}]`, value: 7 }, path: "parts[***]" },
    { given: { op: "replace", path: `codes[value eq "${SECRET}"]`, value: 7 }, path: "codes[***]" },
    { given: { op: "replace", path: 'parts[type eq "a"].pin', value: 7 }, path: 'parts[type eq "a"].pin' },
  ];
  for (const { given, path } of ROWS) {
    const title = `${given.op} ${given.path}`;
    const message = { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [given] };
    test(`${title} that is refused here`, async () => {
      const { fetch, sent } = replay({ status: 204 });
      const error = await failure(() => client(fetch).modify(Key, "1", message as never));
      expect(error).toMatchObject({ issues: [{ path }] });
      expect(inspect(error, { depth: 10 })).not.toContain("s3cret");
      expect(sent).toEqual([]);
    });

    test(`${title} that the server refuses`, async () => {
      const body = errorOf(400, "noTarget", `nothing is ${given.path}, in ${JSON.stringify(message)}`);
      const { fetch, sent } = replay({ status: 400, body });
      const options = { checkRequestPayload: false };
      const error = await failure(() => client(fetch).modify(Key, "1", message as never, options));
      expect(error).toMatchObject({
        scimType: "noTarget",
        message: expect.stringContaining("nothing is") as string,
      });
      expect(inspect(error, { depth: 10 })).not.toContain("s3cret");
      expect(sent).toMatchObject([{ body: message }]);
    });
  }
});
