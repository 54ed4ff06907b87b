import { isJsonObject } from "../../src/json.ts";
import { headersOf, textOf, type Reply } from "../client/replay.ts";
import { error, isList, type Message, messageOf, plain } from "./message.ts";
import type { Provider } from "./provider.ts";

/** What can go wrong. `After` is after the request was carried out, everything else is before. */
export const FAULTS = [
  "reset",
  "resetAfter",
  "cutShort",
  "silence",
  "silenceAfter",
  "tooManySeconds",
  "tooManyDate",
  "busy",
  "busySeconds",
  "busyDate",
  "badGateway",
  "gatewayTimeout",
  "gatewayTimeoutAfter",
  "duplicatedPage",
  "skippedPage",
  "smallTotal",
  "largeTotal",
  "noTotal",
  "expiredCursor",
] as const;

export type Fault = (typeof FAULTS)[number];

const OF_PAGES: ReadonlySet<Fault> = new Set([
  "duplicatedPage",
  "skippedPage",
  "smallTotal",
  "largeTotal",
  "noTotal",
  "expiredCursor",
]);

export interface FaultPlan {
  /** Default 1. */
  readonly seed?: number;
  /** How often each one strikes, from 0 to 1. */
  readonly rates?: Readonly<Partial<Record<Fault, number>>>;
  /** What strikes a request, by its number from 1; where it says nothing, `rates` do. */
  readonly script?: (request: number, message: Message) => Fault | undefined;
  /** The most seconds that Retry-After asks for. Default 5. */
  readonly retryAfter?: number;
  /** Whether pages say where they start. Default `true`. */
  readonly startIndexes?: boolean;
  /** What becomes of the total of every page. */
  readonly total?: (total: number) => number | undefined;
  /** Resources that are on no page, though they count. */
  readonly withheld?: (id: string) => boolean;
  /** Called where the server falls silent, so that time can pass. */
  readonly onSilence?: () => void;
}

/** A service provider behind a bad line: the same plan gives the same faults for the same requests. */
export class FaultServer {
  readonly provider: Provider;
  requests = 0;
  /** How often each fault has struck. */
  readonly faults: Map<Fault, number> = new Map();
  /** Requests that came again before the time that Retry-After had set. */
  hasty = 0;
  /** Requests that nobody waits for any more. */
  cancelled = 0;
  readonly #plan: FaultPlan;
  readonly #random: () => number;
  readonly #notBefore = new Map<string, number>();
  #burst: { left: number; readonly fault: Fault } | undefined;
  #previousPage: Reply | undefined;
  /** The list requests that got a wrong page: they get the right one when they are asked again. */
  readonly #misled = new Set<string>();

  constructor(provider: Provider, plan: FaultPlan) {
    this.provider = provider;
    this.#plan = plan;
    this.#random = randomNumbers(plan.seed ?? 1);
  }

  /** How many faults there were. */
  get struck(): number {
    return [...this.faults.values()].reduce((sum, times) => sum + times, 0);
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    this.requests += 1;
    const message = await messageOf(request);
    const key = `${message.method} ${request.url} ${JSON.stringify(message.body ?? null)}`;
    if ((this.#notBefore.get(key) ?? 0) > Date.now()) this.hasty += 1;
    const fault = this.#draw(message, key);
    if (fault !== undefined) this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    switch (fault) {
      case "reset":
        throw reset();
      case "resetAfter":
        this.provider.handle(message);
        throw reset();
      case "cutShort":
        return cutShort(this.#handle(message));
      case "silence":
        return this.#silence(request);
      case "silenceAfter":
        this.provider.handle(message);
        return this.#silence(request);
      case "tooManySeconds":
      case "tooManyDate":
        return this.#later(429, key, fault === "tooManyDate" ? "date" : "seconds");
      case "busy":
        return response(error(503));
      case "busySeconds":
      case "busyDate":
        return this.#later(503, key, fault === "busyDate" ? "date" : "seconds");
      case "badGateway":
        return response({ status: 502, text: "<h1>Bad gateway</h1>", headers: { "content-type": "text/html" } });
      case "gatewayTimeout":
        return response({ status: 504, text: "" });
      case "gatewayTimeoutAfter":
        this.provider.handle(message);
        return response({ status: 504, text: "" });
      default:
        return response(this.#handle(message, fault));
    }
  };

  #draw(message: Message, key: string): Fault | undefined {
    const { rates, script } = this.#plan;
    const scripted = script?.(this.requests, message);
    if (scripted !== undefined) return scripted;
    if (this.#burst !== undefined && this.#burst.left > 0) {
      this.#burst.left -= 1;
      return this.#burst.fault;
    }
    const honest = !isList(message) || this.#misled.has(key);
    let drawn = this.#random();
    for (const fault of FAULTS) {
      drawn -= rates?.[fault] ?? 0;
      if (drawn >= 0) continue;
      if (OF_PAGES.has(fault) && honest) return undefined;
      if (OF_PAGES.has(fault)) this.#misled.add(key);
      if (fault.startsWith("busy")) this.#burst = { left: Math.floor(this.#random() * 3), fault };
      return fault;
    }
    return undefined;
  }

  #handle(message: Message, fault?: Fault): Reply {
    if (!isList(message)) return this.provider.handle(message);
    if (fault === "expiredCursor") return error(400, "expiredCursor");
    if (fault === "duplicatedPage" && this.#previousPage !== undefined) return this.#previousPage;
    const right = this.provider.handle(message);
    const given = fault === "skippedPage" ? this.provider.handle(following(message, right)) : right;
    const page = this.#told(given, fault);
    if (fault !== "skippedPage") this.#previousPage = page;
    return page;
  }

  /** A page as the server tells of it. */
  #told(reply: Reply, fault: Fault | undefined): Reply {
    const { body } = reply;
    if (!isJsonObject(body) || !Array.isArray(body["Resources"])) return reply;
    const { startIndex, totalResults, Resources, ...rest } = body;
    const right = Number(totalResults);
    const stated = this.#plan.total === undefined ? right : this.#plan.total(right);
    const total =
      fault === "smallTotal"
        ? Math.floor(right * this.#random())
        : fault === "largeTotal"
          ? right * 2 + 1
          : fault === "noTotal"
            ? undefined
            : stated;
    const withheld = this.#plan.withheld ?? (() => false);
    return {
      ...reply,
      body: {
        ...rest,
        ...(total === undefined ? {} : { totalResults: total }),
        ...(startIndex === undefined || this.#plan.startIndexes === false ? {} : { startIndex }),
        Resources: Resources.filter((each) => !(isJsonObject(each) && withheld(plain(each["id"])))),
      },
    };
  }

  #later(status: number, key: string, form: "seconds" | "date"): Response {
    const wait = Math.round(this.#random() * (this.#plan.retryAfter ?? 5)) * 1000;
    const date = Math.ceil((Date.now() + wait) / 1000) * 1000;
    this.#notBefore.set(key, form === "date" ? date : Date.now() + wait);
    const when = form === "date" ? new Date(date).toUTCString() : String(wait / 1000);
    return response({ ...error(status), headers: { "retry-after": when } });
  }

  /** No answer, until the client gives up. */
  #silence({ signal }: Request): Promise<never> {
    return new Promise((_, reject) => {
      const giveUp = (): void => {
        this.cancelled += 1;
        reject(reset());
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener("abort", giveUp, { once: true });
      this.#plan.onSilence?.();
    });
  }
}

/** The list request that the page of this one leads to. */
function following(message: Message, { body }: Reply): Message {
  const page = isJsonObject(body) ? body : {};
  const query = new URLSearchParams(message.query);
  if (typeof page["nextCursor"] === "string") query.set("cursor", page["nextCursor"]);
  else query.set("startIndex", String(Number(page["startIndex"]) + Number(page["itemsPerPage"])));
  return { ...message, query };
}

function response(reply: Reply): Response {
  return new Response(textOf(reply) ?? null, { status: reply.status ?? 200, headers: headersOf(reply) });
}

/** The headers and half of the body; an answer without a body is lost whole. */
function cutShort(reply: Reply): Response {
  const bytes = new TextEncoder().encode(textOf(reply) ?? "");
  if (bytes.length === 0) throw reset();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.subarray(0, bytes.length / 2)),
    pull: (controller) => controller.error(reset()),
  });
  return new Response(body, { status: reply.status ?? 200, headers: headersOf(reply) });
}

/** As fetch rejects. */
function reset(): TypeError {
  return new TypeError("fetch failed", {
    cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
  });
}

/** Mulberry32: from 0 to 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
