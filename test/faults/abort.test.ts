import { describe, expect, test } from "vitest";
import {
  patch,
  RequestNetworkError,
  type BulkOperation,
  type BulkResult,
  type SCIMClient,
} from "../../src/index.ts";
import { Group, User } from "../../src/models.gen.ts";
import { collect, failure, rejection, USER } from "../client/replay.ts";
import { badLine } from "./bad-line.ts";
import type { Fault, FaultPlan, FaultServer } from "./fault-server.ts";
import type { Message } from "./message.ts";
import { virtualClock } from "./virtual-clock.ts";

/** Silent for the requests of which it says so; no time passes. */
const silentFor = (when: (request: number, message: Message) => boolean) => ({
  script: (request: number, message: Message): Fault | undefined =>
    when(request, message) ? "silence" : undefined,
  onSilence: () => {},
});

const SILENT = silentFor(() => true);

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Until the server has been asked so many times. */
async function asked(server: FaultServer, times: number): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  while (server.requests < times) await turn();
}

/** Lets everything that is under way come to rest. */
async function rest(): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  for (let turns = 0; turns < 20; turns += 1) await turn();
}

const users = (count: number): BulkOperation[] =>
  Array.from({ length: count }, (_, index) => ({
    method: "POST",
    path: "/Users",
    bulkId: `b${index}`,
    data: { userName: `user-${index}` },
  }));

/** What a caller may abort with: also an error of the family, as where one of many calls fails and ends the others. */
const REASONS = [
  new Error("enough"),
  new RequestNetworkError("another call failed", {
    reason: "connection",
    request: { method: "GET", url: "https://scim.example" },
    unknownOutcome: false,
  }),
  "a text",
];

describe("a list that is left", () => {
  test("break cancels the request in flight, and nothing more is sent", async () => {
    const { scim, server } = badLine(
      { users: 1000 },
      silentFor((request) => request === 3),
    );
    const seen: string[] = [];
    for await (const { id } of scim.list(User)) {
      seen.push(id);
      if (seen.length === 150) await asked(server, 3);
      if (seen.length === 160) break;
    }
    await rest();
    expect(seen).toHaveLength(160);
    expect([server.requests, server.cancelled]).toEqual([3, 1]);
  });

  test("an error in the loop does so too, and is what the caller gets", async () => {
    const { scim, server } = badLine(
      { users: 1000 },
      silentFor((request) => request === 2),
    );
    const bug = new Error("bug");
    const walking = (async () => {
      for await (const _ of scim.list(User)) {
        await asked(server, 2);
        throw bug;
      }
    })();
    expect(await rejection(walking)).toBe(bug);
    await rest();
    expect([server.requests, server.cancelled]).toEqual([2, 1]);
  });

  test("a list whose limit is reached asks for no further page", async () => {
    const { scim, server } = badLine({ users: 1000 }, {});
    const seen: string[] = [];
    for await (const { id } of scim.list(User, { limit: 150 })) seen.push(id);
    await rest();
    expect([seen.length, server.requests]).toEqual([150, 2]);
  });

  test("find ends its walk where it has found two", async () => {
    const { scim, server } = badLine({ users: 1000 }, {}, { capabilities: { filter: false } });
    await failure(() => scim.find(User, "userName pr"));
    await rest();
    expect(server.requests).toBeLessThanOrEqual(2);
  });
});

interface Verb {
  readonly verb: string;
  readonly call: (scim: SCIMClient, signal: AbortSignal) => Promise<unknown>;
}

const resource = { schemas: [USER], id: "u1", userName: "user-1" };
const change = patch(User).replace("displayName", "x");
const VERBS: readonly Verb[] = [
  { verb: "discover", call: (scim, signal) => scim.discover({ signal }) },
  { verb: "query", call: (scim, signal) => scim.query(User, "u1", { signal }) },
  { verb: "query for a list", call: (scim, signal) => scim.query(User, { signal }) },
  { verb: "search", call: (scim, signal) => scim.search([User, Group], { signal }) },
  { verb: "find", call: (scim, signal) => scim.find(User, "id pr", { signal }) },
  { verb: "list", call: (scim, signal) => collect(scim.list(User, { signal })) },
  { verb: "list().pages()", call: (scim, signal) => collect(scim.list(User, { signal }).pages()) },
  { verb: "create", call: (scim, signal) => scim.create(User, { userName: "x" }, { signal }) },
  { verb: "replace", call: (scim, signal) => scim.replace(User, resource, { signal }) },
  { verb: "modify", call: (scim, signal) => scim.modify(User, "u1", change, { signal }) },
  { verb: "delete", call: (scim, signal) => scim.delete(User, "u1", { signal }) },
  { verb: "bulk", call: (scim, signal) => scim.bulk(users(20), { signal }) },
  { verb: "bulk, one by one", call: (scim, signal) => scim.bulk(users(20), { signal, strategy: "single" }) },
  { verb: "me.query", call: (scim, signal) => scim.me.query(User, { signal }) },
  { verb: "me.modify", call: (scim, signal) => scim.me.modify(User, change, { signal }) },
  { verb: "request", call: (scim, signal) => scim.request({ method: "GET", path: "/Users" }, { signal }) },
];

describe("an aborted call rejects with signal.reason, exactly", () => {
  for (const { verb, call } of VERBS) {
    test(`${verb}: the request in flight is cancelled and not sent again`, async () => {
      const clock = virtualClock();
      for (const reason of REASONS) {
        const { scim, server } = badLine({}, SILENT, {}, clock);
        const controller = new AbortController();
        const calling = rejection(call(scim, controller.signal));
        // oxlint-disable-next-line no-await-in-loop
        await asked(server, 1);
        // oxlint-disable-next-line no-await-in-loop
        await rest();
        const underWay = server.requests;
        controller.abort(reason);
        // oxlint-disable-next-line no-await-in-loop
        expect(await calling).toBe(reason);
        // oxlint-disable-next-line no-await-in-loop
        await rest();
        expect([server.requests, server.cancelled]).toEqual([underWay, underWay]);
      }
    });

    test(`${verb}: a signal that is aborted already sends nothing`, async () => {
      const { scim, server } = badLine({}, {});
      for (const reason of REASONS) {
        // oxlint-disable-next-line no-await-in-loop
        expect(await failure(() => call(scim, AbortSignal.abort(reason)))).toBe(reason);
      }
      expect(server.requests).toBe(0);
    });

    test(`${verb}: while it waits for Retry-After it ends at once, and nothing more is sent`, async () => {
      const controller = new AbortController();
      const reason = new Error("enough");
      const plan: FaultPlan = { script: () => "tooManySeconds", seed: 2 };
      const { scim, server, clock } = badLine({}, plan, {
        onRetry: () => void setImmediate(() => controller.abort(reason)),
      });
      expect(await rejection(call(scim, controller.signal))).toBe(reason);
      const sent = server.requests;
      clock.pass(60_000);
      await rest();
      expect([server.requests, clock.elapsed() >= 60_000]).toEqual([sent, true]);
    });
  }
});

describe("a bulk that is aborted", () => {
  const bulk = { maxOperations: 10, maxPayloadSize: 65_536 };

  test("what was answered before was heard of, and nothing more is sent", async () => {
    const { scim, server, provider } = badLine(
      { bulk },
      silentFor((request) => request === 3),
    );
    const controller = new AbortController();
    const heard: BulkResult[] = [];
    const running = rejection(
      scim.bulk(users(100), { signal: controller.signal, onResult: (result) => void heard.push(result) }),
    );
    await asked(server, 3);
    controller.abort();
    expect(await running).toBe(controller.signal.reason);
    await rest();
    expect([server.requests, server.cancelled]).toEqual([3, 1]);
    expect(heard.map(({ ok, index }) => [ok, index])).toEqual(
      Array.from({ length: 20 }, (_, index) => [true, index]),
    );
    expect(provider.all("Users")).toHaveLength(20);
  });

  test("one by one: all that is under way is cancelled", async () => {
    const { scim, server, provider } = badLine(
      { bulk },
      silentFor((request) => request > 10),
    );
    const controller = new AbortController();
    const heard: BulkResult[] = [];
    const running = rejection(
      scim.bulk(users(100), {
        strategy: "single",
        concurrency: 5,
        signal: controller.signal,
        onResult: (result) => void heard.push(result),
      }),
    );
    await asked(server, 15);
    controller.abort();
    expect(await running).toBe(controller.signal.reason);
    await rest();
    expect([server.requests, server.cancelled]).toEqual([15, 5]);
    expect(heard.map(({ ok }) => ok)).toEqual(Array(10).fill(true));
    expect(provider.all("Users")).toHaveLength(10);
  });
});

describe("slow answers", () => {
  test("a time-out of the caller's own ends the call with a TimeoutError", async () => {
    const { scim, server, clock } = badLine({}, { script: () => "silence", onSilence: () => clock.pass(50) });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("too slow", "TimeoutError")), 50);
    const error = await rejection(scim.query(User, "u1", { signal: controller.signal }));
    expect(error).toMatchObject({ name: "TimeoutError" });
    expect([server.requests, server.cancelled]).toEqual([1, 1]);
  });

  test("a time-out of the client's is retried, and each silent request cancelled", async () => {
    const { scim, server, clock } = badLine(
      { users: 1 },
      { script: (request) => (request < 4 ? "silence" : undefined), onSilence: () => clock.pass(100) },
      { timeout: 100 },
    );
    expect(await scim.query(User, "u1")).toMatchObject({ userName: "user-1" });
    expect([server.requests, server.cancelled]).toEqual([4, 3]);
  });
});
