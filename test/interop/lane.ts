/**
 * A lane: one service provider that nobody here wrote, over which the behaviours run.
 *
 * @module
 */
import { afterAll, beforeAll, describe, onTestFinished, test } from "vitest";
import { SCIMClient, bearer, type ClientOptions, type Deviation } from "../../src/index.ts";
import { bulking } from "./behaviours/bulking.ts";
import { differing } from "./behaviours/differing.ts";
import { discovering } from "./behaviours/discovering.ts";
import { patching } from "./behaviours/patching.ts";
import { reading } from "./behaviours/reading.ts";
import { switching } from "./behaviours/switching.ts";
import { walking } from "./behaviours/walking.ts";
import { writing } from "./behaviours/writing.ts";

/** A service provider with an empty directory. */
export interface Provider {
  readonly baseURL: string;
  readonly token: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** What makes providers, as long as a lane is open. */
export interface Source {
  readonly newProvider: () => Promise<Provider>;
  readonly close: () => Promise<void>;
}

/** What a behaviour is given. */
export interface Situation {
  readonly provider: Provider;
  /** A client that knows nothing of the provider but its token. */
  readonly scim: SCIMClient;
  /** What that client has tolerated so far. */
  readonly deviations: readonly Deviation[];
  /** Another client of the same provider. */
  readonly connect: <R extends boolean = true, C extends boolean = true>(
    options?: ClientOptions & { readonly raiseScimErrors?: R; readonly checkResponsePayload?: C },
  ) => SCIMClient<R, C>;
}

/** Something that a client sees at a service provider that keeps to the RFC. */
export interface Behaviour {
  /** How lanes refer to it. */
  readonly name: string;
  readonly title: string;
  readonly run: (situation: Situation) => Promise<void>;
}

/** Where a service provider does not behave as the RFC says. */
export interface Departure {
  readonly behaviour: string;
  /** What it does. */
  readonly reason: string;
  /** What the client makes of that: it is checked in place of the behaviour. */
  readonly instead: (situation: Situation) => Promise<void>;
}

/** A service provider that nobody here wrote. */
export interface Lane {
  readonly name: string;
  /** Opens the lane, or says why it cannot be opened here. */
  readonly open: () => Promise<Source | { readonly unavailable: string }>;
  readonly departures: readonly Departure[];
}

/** Longest that opening a lane may take, in milliseconds: it may have to be installed first. */
const OPENING_LIMIT = 160_000;

const BEHAVIOURS: readonly Behaviour[] = [
  ...discovering,
  ...reading,
  ...walking,
  ...writing,
  ...patching,
  ...differing,
  ...bulking,
  ...switching,
];

/**
 * Registers one test for each behaviour. Where the service provider departs from the RFC, the test's title says how, and
 * what the client makes of it is checked; where there is none to be had, each test is skipped with the reason.
 */
export function describeBehaviours(lane: Lane): void {
  for (const { behaviour } of lane.departures) {
    if (!BEHAVIOURS.some(({ name }) => name === behaviour))
      throw new TypeError(`there is no behaviour "${behaviour}"`);
  }
  describe(lane.name, () => {
    let source: Source | { readonly unavailable: string };
    beforeAll(async () => {
      source = await lane.open();
    }, OPENING_LIMIT);
    afterAll(async () => {
      if ("newProvider" in source) await source.close();
    });
    for (const { name, title, run } of BEHAVIOURS) {
      const departure = lane.departures.find(({ behaviour }) => behaviour === name);
      test(departure === undefined ? title : `${title} — not here: ${departure.reason}`, async ({ skip }) => {
        if ("unavailable" in source) return skip(source.unavailable);
        const given = await situation(source);
        return departure === undefined ? run(given) : departure.instead(given);
      });
    }
  });
}

async function situation(source: Source): Promise<Situation> {
  const provider = await source.newProvider();
  onTestFinished(() => provider.close());
  const deviations: Deviation[] = [];
  const connect: Situation["connect"] = (options) =>
    new SCIMClient(provider.baseURL, { auth: bearer(provider.token), fetch: provider.fetch, ...options });
  return {
    provider,
    deviations,
    connect,
    scim: connect({ onDeviation: (deviation) => deviations.push(deviation) }),
  };
}
