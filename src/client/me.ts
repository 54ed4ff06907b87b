/**
 * `/Me` (RFC 7644 §3.11): the resource of whoever the credentials belong to.
 *
 * @module
 */
import type { Create, Replace, Views } from "../schema/view.ts";
import type { WritableModel } from "../schema/resource-model.ts";
import type { Exchange, Query } from "./exchange.ts";
import type { Modification } from "./modification.ts";
import type {
  Answered,
  CallOptions,
  Exactly,
  Modified,
  ModifyOptions,
  Pending,
  Projected,
  ReadOptions,
  Unmodified,
  WriteOptions,
} from "./options.ts";
import type { AnyModel, ServiceDescription } from "./service-description.ts";
import type { Retrieval } from "./retrieval.ts";
import type { Again, Writing } from "./writing.ts";

/** The verbs of `/Me`. There is one such resource, so there is no id, no list and no search. */
export class Me<Raise extends boolean, Check extends boolean> {
  readonly #exchange: Exchange;
  readonly #retrieval: Retrieval;
  readonly #writing: Writing;
  readonly #description: () => ServiceDescription;

  /** @internal */
  constructor(exchange: Exchange, retrieval: Retrieval, writing: Writing, description: () => ServiceDescription) {
    this.#exchange = exchange;
    this.#retrieval = retrieval;
    this.#writing = writing;
    this.#description = description;
  }

  /** Reads the resource of the authenticated subject: `GET /Me`. */
  async query<M extends AnyModel, const O extends ReadOptions = {}>(
    model: M,
    options?: Exactly<O, ReadOptions>,
  ): Promise<Answered<Projected<M, O>, O, Raise, Check> | Unmodified<O>> {
    return (await this.#retrieval.read(this.#bind(model), this.#target(options), options)) as never;
  }

  /** Creates the resource of the authenticated subject, as self-registration does: `POST /Me`. */
  async create<M extends AnyModel, const O extends WriteOptions = {}>(
    model: M,
    resource: Create<M>,
    options?: Exactly<O, WriteOptions>,
  ): Promise<Answered<Projected<M, O>, O, Raise, Check> | Pending<O>> {
    const bound = this.#bind(model);
    const again = this.#again(bound, options);
    return (await this.#writing.create(bound, this.#target(options), resource, options, again)) as never;
  }

  /** Replaces the resource of the authenticated subject: `PUT /Me`. */
  async replace<M extends AnyModel, const O extends WriteOptions = {}>(
    model: M,
    resource: Replace<M> | Create<M>,
    options?: Exactly<O, WriteOptions>,
  ): Promise<Answered<Projected<M, O>, O, Raise, Check> | Pending<O>> {
    const bound = this.#bind(model);
    const again = this.#again(bound, options);
    return (await this.#writing.replace(bound, this.#target(options), resource, options, again)) as never;
  }

  /** Modifies the resource of the authenticated subject: `PATCH /Me`. `undefined` as for `SCIMClient.modify`. */
  async modify<M extends AnyModel, const O extends ModifyOptions = {}>(
    model: M,
    modification: Modification<M["~views"]>,
    options?: Exactly<O, ModifyOptions>,
  ): Promise<Modified<M, O, Raise, Check>> {
    const bound = this.#bind(model);
    const again = this.#again(bound, options);
    return (await this.#writing.modify(
      bound,
      this.#target(options),
      modification,
      options,
      undefined,
      again,
    )) as never;
  }

  /** Deletes the resource of the authenticated subject: `DELETE /Me`. */
  async delete<V extends Views, const O extends WriteOptions = {}>(
    model: WritableModel<V>,
    options?: Exactly<O, WriteOptions>,
  ): Promise<Answered<undefined, Omit<O, "checkResponsePayload">, Raise, true> | Pending<O>> {
    return (await this.#writing.delete(this.#bind(model), this.#target(options), options, undefined)) as never;
  }

  #again(model: AnyModel, options: ModifyOptions | undefined): Again {
    return (answer) => this.#retrieval.readAgain(model, this.#target(undefined), options, answer);
  }

  #bind(model: AnyModel): AnyModel {
    return this.#description().bind(model);
  }

  #target(options: CallOptions | undefined): (query: Query) => URL {
    return (query) => this.#exchange.url("/Me", options, { query });
  }
}
