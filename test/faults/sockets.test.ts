import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { SCIMClient, type Deviation } from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { collect } from "../client/replay.ts";
import { loopback } from "../client/loopback.ts";
import { FaultServer, type FaultPlan } from "./fault-server.ts";
import { BASE } from "./message.ts";
import { Provider, type ProviderOptions } from "./provider.ts";
import { contradictions, count, sendEach, usersFor, writesOf } from "./write-run.ts";

/** What a line can do to sockets; Retry-After asks for no time, which would really pass, and a date always asks for some. */
const ROUGH: FaultPlan = {
  rates: {
    reset: 0.03,
    resetAfter: 0.03,
    cutShort: 0.03,
    tooManySeconds: 0.03,
    busy: 0.03,
    busySeconds: 0.03,
    badGateway: 0.03,
    gatewayTimeoutAfter: 0.03,
  },
  retryAfter: 0,
};

/** Serves a fault server on a real port: where it throws, the connection is destroyed, also in the middle of an answer. */
function listener(server: FaultServer): RequestListener {
  return (incoming, outgoing) => {
    const answer = async (): Promise<void> => {
      const body = await text(incoming);
      const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]);
      const { method = "GET", url = "/" } = incoming;
      const request = new Request(new URL(url, BASE), { method, headers, body: body === "" ? null : body });
      const response = await server.fetch(request);
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      for await (const chunk of response.body ?? []) {
        await new Promise((resolve) => void outgoing.write(chunk, resolve));
      }
      outgoing.end();
    };
    answer().catch(() => incoming.socket.destroy());
  };
}

async function connect(options: ProviderOptions, plan: FaultPlan) {
  const server = new FaultServer(new Provider(options), plan);
  const origin = await loopback(listener(server));
  const deviations: Deviation[] = [];
  const scim = new SCIMClient<true, true>(`${origin}${new URL(BASE).pathname}`, {
    resourceModels: [User.with(EnterpriseUser), Group],
    retry: { limit: 12, backoff: 0 },
    onDeviation: (deviation) => void deviations.push(deviation),
  });
  return { scim, server, deviations };
}

test("over sockets that are destroyed: a walk over 2000 users loses and repeats nothing", async () => {
  const plan = { ...ROUGH, rates: { ...ROUGH.rates, duplicatedPage: 0.05, skippedPage: 0.05 } };
  const { scim, server } = await connect({ users: 2000, maxResults: 20 }, plan);
  const list = scim.list(User, { count: 20 });
  const ids = (await collect(list)).map(({ id }) => id);
  expect(ids).toEqual(Array.from({ length: 2000 }, (_, index) => `u${index + 1}`));
  expect(list.complete).toBe(true);
  expect(server.struck).toBeGreaterThan(20);
});

test("over sockets that are destroyed: 200 writes are answered or reported as unknown, and none is carried out twice", async () => {
  const { scim, server } = await connect({ users: usersFor(200) }, ROUGH);
  const outcomes = await sendEach(scim, writesOf(200, { versioned: false }));
  expect(contradictions(outcomes, server.provider)).toEqual([]);
  expect(count(outcomes, "done")).toBeGreaterThan(150);
  expect(count(outcomes, "unknown")).toBeGreaterThan(5);
  expect(server.struck).toBeGreaterThan(30);
});
