import { describe, expect, test } from "vitest";
import {
  RequestNetworkError,
  SCIMClient,
  SCIMResponseError,
  SCIMResponseErrorObject,
  type ClientOptions,
  type Fetch,
} from "../../src/index.ts";
import { User } from "../../src/models.gen.ts";
import { errorOf, rejection, replay, USER, type Reply } from "./replay.ts";

const BASE = "https://scim.example/scim/v2";
const babs = { schemas: [USER], id: "2819c223", userName: "bjensen" };
const operations = [{ op: "remove", path: "nickName" }] as const;

function client(options: ClientOptions): SCIMClient {
  return new SCIMClient<true, true>(BASE, { retry: false, ...options } as Pick<ClientOptions, "fetch">);
}

interface Verb {
  readonly verb: string;
  readonly call: (scim: SCIMClient) => Promise<unknown>;
}

const WRITES: readonly Verb[] = [
  { verb: "create", call: (scim) => scim.create(User, { userName: "bjensen" }) },
  { verb: "replace", call: (scim) => scim.replace(User, babs) },
  { verb: "modify", call: (scim) => scim.modify(User, "2819c223", operations, { reread: true }) },
  { verb: "delete", call: (scim) => scim.delete(User, "2819c223") },
  { verb: "me.create", call: (scim) => scim.me.create(User, { userName: "bjensen" }) },
  { verb: "me.replace", call: (scim) => scim.me.replace(User, { userName: "bjensen" }) },
  { verb: "me.modify", call: (scim) => scim.me.modify(User, operations, { reread: true }) },
];

describe("an error says whether the write may have been carried out all the same", () => {
  const ANSWERS: ReadonlyArray<{ title: string; reply: Reply; want: boolean }> = [
    { title: "a SCIM Error", reply: { status: 409, body: errorOf(409, "uniqueness") }, want: false },
    { title: "the 504 of a gateway", reply: { status: 504, text: "" }, want: true },
    { title: "a success that is not JSON", reply: { status: 200, text: "done" }, want: true },
    { title: "a success that holds an Error", reply: { status: 200, body: errorOf(400) }, want: true },
    { title: "a success of another status", reply: { status: 206, body: babs }, want: true },
    { title: "202: it will be", reply: { status: 202 }, want: true },
  ];
  for (const { title, reply, want } of ANSWERS) {
    for (const { verb, call } of WRITES) {
      test(`${verb}, ${title}: ${want ? "it may" : "it was not"}`, async () => {
        const error = await rejection(call(client({ fetch: replay(reply).fetch })));
        expect(error).toBeInstanceOf(SCIMResponseError);
        expect(error).toMatchObject({ status: reply.status, unknownOutcome: want });
      });
    }
  }

  test("no read was one, whatever answers it", async () => {
    const scim = client({ fetch: replay({ status: 504, text: "" }).fetch });
    const reads = [scim.query(User, "1"), scim.query(User), scim.search(User), scim.me.query(User)];
    for (const error of await Promise.all(reads.map(rejection))) {
      expect(error).toMatchObject({ status: 504, unknownOutcome: false });
    }
  });
});

describe("a SCIM Error is returned only where it says what became of the write", () => {
  const lenient = { raiseScimErrors: false, checkResponseStatusCodes: false };
  const returning = (fetch: Fetch, retry: ClientOptions["retry"] = false): SCIMClient =>
    client({ fetch, retry, ...lenient });

  const LEAVES_OPEN: ReadonlyArray<{ title: string; reply: Reply }> = [
    { title: "of a gateway", reply: { status: 504, body: errorOf(504) } },
    { title: "of a server that is gone in the middle of it", reply: { status: 503, body: errorOf(503) } },
    { title: "in a success", reply: { status: 200, body: errorOf(400) } },
  ];
  for (const { title, reply } of LEAVES_OPEN) {
    for (const { verb, call } of WRITES) {
      test(`${verb}, a SCIM Error ${title}: it is thrown`, async () => {
        const error = await rejection(call(returning(replay(reply).fetch)));
        expect(error).toBeInstanceOf(SCIMResponseErrorObject);
        expect(error).toMatchObject({ status: reply.status, unknownOutcome: true });
      });
    }
  }

  for (const { verb, call } of WRITES) {
    test(`${verb}, refused: it is returned`, async () => {
      const refused = { status: 409, body: errorOf(409, "uniqueness") };
      expect(await call(returning(replay(refused).fetch))).toEqual(errorOf(409, "uniqueness"));
      const busy = { status: 503, body: errorOf(503), headers: { "retry-after": "1" } };
      expect(await call(returning(replay(busy).fetch))).toEqual(errorOf(503));
    });
  }

  for (const { verb, call } of WRITES.filter((write) => /replace|delete/.test(write.verb))) {
    test(`${verb}, refused after an attempt that was lost: it is thrown`, async () => {
      const { fetch, sent } = replay({ status: 409, body: errorOf(409) });
      let lost = false;
      const flaky: Fetch = (request) => {
        if (lost) return fetch(request);
        lost = true;
        return Promise.reject(new TypeError("fetch failed"));
      };
      const error = await rejection(call(returning(flaky, { backoff: 0 })));
      expect(sent).toHaveLength(1);
      expect(error).toMatchObject({ status: 409, unknownOutcome: true });
    });
  }

  test("a call's word is no other than the client's", async () => {
    const { fetch } = replay({ status: 504, body: errorOf(504) });
    const create = client({ fetch }).create(User, { userName: "bjensen" }, lenient);
    expect(await rejection(create)).toMatchObject({ status: 504, unknownOutcome: true });
  });

  test("a read has no outcome that could be unknown", async () => {
    const scim = returning(replay({ status: 504, body: errorOf(504) }).fetch);
    for (const read of [scim.query(User, "1"), scim.query(User), scim.search(User), scim.me.query(User)]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await read).toEqual(errorOf(504));
    }
  });

  test("what reads, applies and replaces has written nothing where the read is refused", async () => {
    const { fetch, sent } = replay({ status: 504, body: errorOf(504) });
    const options = { withoutPatch: "replace", capabilities: { patch: false } } as const;
    expect(await returning(fetch).modify(User, "1", operations, options)).toEqual(errorOf(504));
    expect(sent.map(({ method }) => method)).toEqual(["GET"]);
  });
});

describe("a write that succeeded stays one when the read that completes it fails", () => {
  const written: Reply = { status: 204, headers: { location: `${BASE}/Users/2819c223` } };
  const completed = WRITES.filter(({ verb }) => verb !== "delete");
  for (const { verb, call } of completed) {
    const answered = verb.endsWith("create") ? { ...written, status: 201 } : written;

    test(`${verb}: an error says so`, async () => {
      const { fetch, sent } = replay(answered, { status: 403, body: errorOf(403) });
      const error = await rejection(call(client({ fetch })));
      expect(sent.map(({ method }) => method)).toEqual([expect.any(String), "GET"]);
      expect(error).toMatchObject({ status: 403, request: { method: "GET" }, unknownOutcome: true });
    });

    test(`${verb}: an error says so, also where errors are returned`, async () => {
      const { fetch } = replay(answered, { status: 403, body: errorOf(403) });
      const error = await rejection(call(client({ fetch, raiseScimErrors: false })));
      expect(error).toMatchObject({ status: 403, request: { method: "GET" }, unknownOutcome: true });
    });

    test(`${verb}: a lost connection says so`, async () => {
      const { fetch } = replay(answered);
      const error = await rejection(
        call(
          client({
            fetch: (request) => (request.method === "GET" ? Promise.reject(new TypeError()) : fetch(request)),
          }),
        ),
      );
      expect(error).toBeInstanceOf(RequestNetworkError);
      expect(error).toMatchObject({
        request: { method: "GET" },
        unknownOutcome: true,
        message: expect.stringMatching(
          /: the connection failed; the write that it completes was carried out$/,
        ) as string,
      });
    });
  }

  test("where there was nothing to write, nothing was", async () => {
    const scim = client({ fetch: replay({ status: 403, body: errorOf(403) }).fetch });
    const error = await rejection(scim.modify(User, "1", [], { reread: true }));
    expect(error).toMatchObject({ status: 403, unknownOutcome: false });
  });
});
