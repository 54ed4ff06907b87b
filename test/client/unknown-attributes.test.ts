import { describe, expect, test } from "vitest";
import {
  diff,
  RequestPayloadValidationError,
  SCIMClient,
  type BulkCallOptions,
  type ClientOptions,
  type JsonObject,
  type ServerProfile,
  type UnknownAttributes,
} from "../../src/index.ts";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import { failure, replay, USER, type Reply } from "./replay.ts";

const BASE = "https://auth.example/scim/v2";
const BADGE = "urn:acme:badge:1.0:User";
const ENTERPRISE = EnterpriseUser.schema.id;

/** As many servers send it: with attributes, sub-attributes and an extension that none of their schemas defines. */
const sent = {
  schemas: [USER, BADGE],
  id: "2819c223",
  userName: "bjensen",
  badge: "7",
  name: { familyName: "Jensen", initials: "B" },
  emails: [{ value: "b@example.com", verified: true }],
  [BADGE]: { number: "7" },
};
const published = {
  schemas: [USER],
  id: "2819c223",
  userName: "bjensen",
  name: { familyName: "Jensen" },
  emails: [{ value: "b@example.com" }],
};

function client(options: Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload">, ...replies: Reply[]) {
  const { fetch, sent: requests } = replay(...replies);
  const scim = new SCIMClient<true, true>(BASE, { retry: false, fetch, ...options });
  return { scim, requests };
}

const without = ({ id: _id, ...resource }: JsonObject): JsonObject => resource;

interface Call {
  readonly unknownAttributes?: UnknownAttributes;
}

const VERBS: ReadonlyArray<{
  verb: string;
  call: (scim: SCIMClient, options: Call) => Promise<unknown>;
  /** What of the resource the request holds. */
  body: (resource: JsonObject) => unknown;
  /** The requests before it. */
  before?: number;
}> = [
  {
    verb: "create",
    call: (scim, options) => {
      const { id: _id, ...resource } = sent;
      return scim.create(User, resource, options);
    },
    body: without,
  },
  { verb: "replace", call: (scim, options) => scim.replace(User, sent, options), body: without },
  {
    verb: "me.create",
    call: (scim, options) => {
      const { id: _id, ...resource } = sent;
      return scim.me.create(User, resource, options);
    },
    body: without,
  },
  { verb: "me.replace", call: (scim, options) => scim.me.replace(User, sent, options), body: without },
  {
    verb: "modify by replacing",
    call: (scim, options) =>
      scim.modify(User, "2819c223", [{ op: "replace", path: "displayName", value: "Babs" }], {
        withoutPatch: "replace",
        capabilities: { patch: false },
        ...options,
      }),
    body: (resource) => ({ ...without(resource), displayName: "Babs" }),
    before: 1,
  },
  {
    verb: "me.modify by replacing",
    call: (scim, options) =>
      scim.me.modify(User, [{ op: "replace", path: "displayName", value: "Babs" }], {
        withoutPatch: "replace",
        capabilities: { patch: false },
        ...options,
      }),
    body: (resource) => ({ ...without(resource), displayName: "Babs" }),
    before: 1,
  },
  {
    verb: "bulk, single requests",
    call: (scim, options) => bulk(scim, { strategy: "single", ...options }),
    body: without,
  },
  {
    verb: "bulk",
    call: (scim, options) => bulk(scim, { strategy: "bulk", ...options }),
    body: (resource) =>
      expect.objectContaining({
        Operations: [expect.objectContaining({ data: without(resource) })],
      }) as unknown,
  },
];

/** What the server answers to a bulk is of no interest here. */
async function bulk(scim: SCIMClient, options: BulkCallOptions): Promise<unknown> {
  scim.registerNaiveResourceTypes([User]);
  return scim.bulk([{ method: "PUT", path: "/Users/2819c223", data: sent }], options);
}

describe("RFC 7643 §7: what a server sends and does not publish, when it is written back", () => {
  for (const { verb, call, body, before = 0 } of VERBS) {
    const reply = { status: verb.endsWith("create") ? 201 : 200, body: sent };

    test(`${verb}: is refused, and the error says what can be done`, async () => {
      const { scim, requests } = client({}, reply);
      const error = await failure(() => call(scim, {}));
      expect(error).toBeInstanceOf(RequestPayloadValidationError);
      const paths = (error as RequestPayloadValidationError).issues.map(({ path }) =>
        path.replace(/^Operations\[0\]\./, ""),
      );
      expect(paths.toSorted()).toEqual(["badge", "emails[0].verified", "name.initials", BADGE]);
      expect(String(error)).toContain('unknownAttributes: "drop" leaves out');
      expect(requests).toHaveLength(before);
    });

    test(`${verb}: is left out`, async () => {
      const { scim, requests } = client({}, reply);
      await call(scim, { unknownAttributes: "drop" });
      expect(requests).toHaveLength(before + 1);
      expect(requests[before]?.body).toEqual(body(published));
    });

    test(`${verb}: is sent`, async () => {
      const { scim, requests } = client({}, reply);
      await call(scim, { unknownAttributes: "send" });
      expect(requests[before]?.body).toEqual(body(sent));
    });
  }

  test("an error that the option would not help with does not name it", async () => {
    const { scim } = client({}, { body: sent });
    const { message } = (await failure(() => scim.replace(User, { id: "1", userName: 7 } as never))) as Error;
    expect(message).toContain('"userName" must be a string');
    expect(message).not.toContain("unknownAttributes");
    scim.registerNaiveResourceTypes([User]);
    const operations = [{ op: "replace", path: "badge", value: "8" }];
    const patching = () => scim.bulk([{ method: "PATCH", path: "/Users/1", data: { Operations: operations } }]);
    expect(String(await failure(patching))).not.toContain("unknownAttributes");
  });

  for (const unknownAttributes of ["drop", "send"] as const) {
    test(`${unknownAttributes}: what is known is checked as ever`, async () => {
      const { scim, requests } = client({ unknownAttributes }, { body: sent });
      const error = await failure(() => scim.replace(User, { ...sent, active: "yes", userName: null } as never));
      expect(error).toMatchObject({
        issues: [
          { path: "userName", rule: "required" },
          { path: "active", rule: "type" },
        ],
      });
      expect(requests).toEqual([]);
    });

    test(`${unknownAttributes}: an operation of a PATCH on it is refused`, async () => {
      const { scim, requests } = client({ unknownAttributes }, { body: sent });
      for (const path of ["badge", "name.initials", "emails[verified eq true].value", `${BADGE}:number`]) {
        // oxlint-disable-next-line no-await-in-loop
        expect(await failure(() => scim.modify(User, "1", [{ op: "replace", path, value: "8" }]))).toMatchObject({
          issues: [{ rule: "unknown" }],
        });
      }
      expect(requests).toEqual([]);
    });
  }

  test("unchecked, all is sent", async () => {
    const { scim, requests } = client({ unknownAttributes: "drop" }, { body: sent });
    await scim.replace(User, sent, { checkRequestPayload: false });
    expect(requests[0]?.body).toEqual(sent);
  });

  test("what differs in published attributes alone can be modified without a word of the rest", async () => {
    const { scim, requests } = client({}, { body: sent });
    const seen = await scim.query(User, "2819c223");
    await scim.modify(User, seen, diff(User, seen, { ...seen, displayName: "Babs" }));
    expect(requests[1]?.body).toMatchObject({ Operations: [{ op: "add", path: "displayName", value: "Babs" }] });
  });

  const demanding: Omit<ServerProfile, "name"> = {
    resourceTypes: { User: { demands: { replace: ["active"] } } },
  };
  test("what the profile demands is demanded all the same", async () => {
    const { scim } = client({ profile: { name: "acme", ...demanding }, unknownAttributes: "drop" }, { body: sent });
    await expect(scim.replace(User, sent)).rejects.toThrow('"active" must be present');
  });

  test("an extension that is known stays", async () => {
    const { scim, requests } = client({ unknownAttributes: "drop" }, { body: sent });
    const extended = { ...sent, [ENTERPRISE]: { department: "Tours", desk: "4" } };
    await scim.replace(User.with(EnterpriseUser), extended);
    expect(requests[0]?.body).toEqual({
      ...without(published),
      schemas: [USER, ENTERPRISE],
      [ENTERPRISE]: { department: "Tours" },
    });
  });
});

describe("unknownAttributes is the call's, else the client's, the profile's, else refuse", () => {
  const levels: {
    given: readonly (UnknownAttributes | undefined)[];
    want: UnknownAttributes;
  }[] = [
    { given: [], want: "refuse" },
    { given: [undefined, undefined, "drop"], want: "drop" },
    { given: [undefined, "send", "drop"], want: "send" },
    { given: ["refuse", "send", "drop"], want: "refuse" },
    { given: ["drop", "refuse", undefined], want: "drop" },
    { given: [undefined, "refuse", "send"], want: "refuse" },
  ];
  for (const { given, want } of levels) {
    test(JSON.stringify(given), async () => {
      const [onCall, onClient, inProfile] = given;
      const { scim, requests } = client(
        {
          ...(onClient === undefined ? {} : { unknownAttributes: onClient }),
          ...(inProfile === undefined ? {} : { profile: { name: "acme", unknownAttributes: inProfile } }),
        },
        { body: sent },
      );
      await scim.replace(User, sent, { unknownAttributes: onCall }).catch(() => {});
      const wanted = { refuse: undefined, drop: without(published), send: without(sent) };
      expect(requests[0]?.body).toEqual(wanted[want]);
    });
  }

  test("another word is a TypeError, and nothing is sent", async () => {
    const { scim, requests } = client({}, { body: sent });
    for (const word of ["dorp", "", true]) {
      const options = { unknownAttributes: word as never };
      // oxlint-disable-next-line no-await-in-loop
      const error = await failure(() => scim.replace(User, sent, options));
      expect(String(error)).toContain('TypeError: unknownAttributes must be "refuse", "drop" or "send"');
    }
    expect(requests).toEqual([]);
  });
});
