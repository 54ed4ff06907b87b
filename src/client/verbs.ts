/**
 * What carries out the verbs on resources: retrieval, writing, and the payloads of both. Loaded with the first of them.
 *
 * @module
 */
import { Exchange, type ExchangeContext } from "./exchange.ts";
import { Payload } from "./payload.ts";
import { Retrieval } from "./retrieval.ts";
import type { Known } from "./service-provider.ts";
import { Writing } from "./writing.ts";

/** Carries out the verbs of one client. */
export class Verbs {
  readonly exchange: Exchange;
  readonly retrieval: Retrieval;
  readonly writing: Writing;
  readonly #payloads = new WeakMap<Known, Payload>();

  /** @param known what the client knows of the server at the moment. */
  constructor(context: ExchangeContext, known: () => Known) {
    const payload = (): Payload => this.payload(known());
    this.exchange = new Exchange(context);
    this.retrieval = new Retrieval(this.exchange, payload);
    this.writing = new Writing(this.exchange, payload, this.retrieval);
  }

  /** The payloads of one discovery. It holds the compiled validators, which live as long as the models that they are of. */
  payload(known: Known): Payload {
    let payload = this.#payloads.get(known);
    if (payload === undefined) {
      payload = new Payload(this.exchange.context.profile, known.generated);
      this.#payloads.set(known, payload);
    }
    return payload;
  }
}
