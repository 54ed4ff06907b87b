/**
 * What carries out the verbs on resources: retrieval, writing, and the payloads of both. Loaded with the first of them.
 *
 * @module
 */
import type { Exchange } from "./exchange.ts";
import { Payload } from "./payload.ts";
import { Retrieval } from "./retrieval.ts";
import type { Known } from "./service-provider.ts";
import { Writing } from "./writing.ts";

/** Carries out the verbs of one client. */
export class Verbs {
  readonly retrieval: Retrieval;
  readonly writing: Writing;
  readonly #exchange: Exchange;
  readonly #payloads = new WeakMap<Known, Payload>();

  /** @param known what the client knows of the server at the moment. */
  constructor(exchange: Exchange, known: () => Known) {
    const payload = (): Payload => this.payload(known());
    this.#exchange = exchange;
    this.retrieval = new Retrieval(exchange, payload);
    this.writing = new Writing(exchange, payload, this.retrieval);
  }

  /** The payloads of one discovery. It holds the compiled validators, which live as long as the models that they are of. */
  payload(known: Known): Payload {
    let payload = this.#payloads.get(known);
    if (payload === undefined) {
      payload = new Payload(this.#exchange.context.profile, known.generated);
      this.#payloads.set(known, payload);
    }
    return payload;
  }
}
