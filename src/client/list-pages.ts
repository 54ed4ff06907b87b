/**
 * The pages of one list, as they are asked for: requests, answers, and what is odd about the pages as a whole.
 *
 * @module
 */
import type { Deviation } from "../deviation.ts";
import { ResponsePayloadValidationError, UnexpectedContentFormat } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { readList } from "../protocol/list-response.ts";
import type { ListResponse } from "../protocol/messages.ts";
import type { PageRequest } from "../protocol/pagination.ts";
import { reference, subject } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import type { Answer } from "./http.ts";
import type { ListOptions, QueryOptions } from "./options.ts";
import type { Retrieval, Target } from "./retrieval.ts";
import type { AnyModel } from "./service-description.ts";

/** Fetches the pages of one list. A SCIM Error is always thrown. */
export class ListPages {
  readonly #exchange: Exchange;
  readonly #retrieval: Retrieval;
  readonly #models: readonly AnyModel[];
  readonly #via: "query" | "search";
  readonly #url: Target;
  readonly #options: QueryOptions;
  readonly #strict: boolean;
  readonly #keeps: boolean;
  #last: Answer | undefined;
  #total = Infinity;

  /** @param keeps whether the last answer is wanted. */
  constructor(
    exchange: Exchange,
    retrieval: Retrieval,
    models: readonly AnyModel[],
    url: (via: "query" | "search") => Target,
    options: ListOptions | undefined,
    keeps: boolean,
  ) {
    const { limit: _limit, via = "query", onExpiredCursor: _restart, ...asked } = options ?? {};
    const { startIndex: _index, cursor: _cursor, count: _count, signal: _signal, ...rest } = asked;
    this.#exchange = exchange;
    this.#retrieval = retrieval;
    this.#models = models;
    this.#via = via;
    this.#url = url(via);
    this.#options = rest;
    this.#strict = exchange.context.profile.strict === true;
    this.#keeps = keeps || this.#strict;
  }

  /** The answer that came last, where it is wanted. */
  get last(): Answer | undefined {
    return this.#last;
  }

  /** One page. */
  async fetch(request: PageRequest): Promise<ListResponse<JsonValue>> {
    const asked = { ...this.#options, ...request, raiseScimErrors: true };
    const { answer } = await this.#retrieval.page(this.#models, this.#via, this.#url, asked);
    // Who does not need the last page does not hold it while the next one comes.
    if (this.#keeps) this.#last = answer;
    const beyond = (request.startIndex ?? 1) > this.#total;
    const list = this.#exchange.switch("checkResponsePayload", asked)
      ? await this.#retrieval.decodeList(this.#models, answer, asked, beyond)
      : readList(answer.body);
    this.#total = list?.totalResults ?? this.#total;
    if (list !== undefined) return list;
    throw new UnexpectedContentFormat(
      `${subject(answer)} answered ${answer.status} with no list`,
      reference(answer),
    );
  }

  /** Tells of what is odd about the pages as a whole; under a strict profile that ends the walk. */
  report(deviation: Deviation): void {
    if (!this.#strict) {
      this.#exchange.report(this.#options)?.(deviation);
    } else if (this.#last !== undefined) {
      const { path, message, section } = deviation;
      const issue = { path, rule: "deviation", message, section } as const;
      throw new ResponsePayloadValidationError(subject(this.#last), [issue], reference(this.#last));
    }
  }
}
