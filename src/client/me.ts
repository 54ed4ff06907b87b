/**
 * `/Me` (RFC 7644 §3.11): the resource of whoever the credentials belong to.
 *
 * @module
 */
import type { Create, Replace, Views } from "../schema/view.ts";
import type { WritableModel } from "../schema/resource-model.ts";
import type { Modification } from "./modification.ts";
import type {
  Answered,
  Exactly,
  Modified,
  ModifyOptions,
  Only,
  Pending,
  Projected,
  ReadOptions,
  Unmodified,
  WriteOptions,
} from "./options.ts";
import type { AnyModel, ServiceDescription } from "./service-description.ts";
import type { Target } from "./retrieval.ts";
import type { BaseURL, CallURL } from "./url.ts";
import type { VerbLoader } from "./verb-loader.ts";
import type { Verbs } from "./verbs.ts";
import type { Again } from "./writing.ts";

/** The verbs of `/Me`. There is one such resource, so there is no id, no list and no search. */
export class Me<Raise extends boolean, Check extends boolean> {
  readonly #base: BaseURL;
  readonly #verbs: VerbLoader;
  readonly #description: () => ServiceDescription;

  /** @internal */
  constructor(base: BaseURL, verbs: VerbLoader, description: () => ServiceDescription) {
    this.#base = base;
    this.#verbs = verbs;
    this.#description = description;
  }

  /** Reads the resource of the authenticated subject: `GET /Me`. */
  async query<M extends AnyModel, const O extends Only<O, ReadOptions> = {}>(
    model: M,
    options?: Exactly<O, ReadOptions>,
  ): Promise<Answered<Projected<M, O>, O, Raise, Check> | Unmodified<O>> {
    const bound = this.#bind(model);
    return this.#verbs.run(
      options?.signal,
      [options],
      ({ retrieval }, given) => retrieval.read(bound, this.#target(given), given),
      true,
    ) as never;
  }

  /** Creates the resource of the authenticated subject, as self-registration does: `POST /Me`. */
  async create<M extends AnyModel, const O extends Only<O, WriteOptions> = {}>(
    model: M,
    resource: Create<M>,
    options?: Exactly<O, WriteOptions>,
  ): Promise<Answered<Projected<M, O>, O, Raise, Check> | Pending<O>> {
    const bound = this.#bind(model);
    return this.#verbs.run(options?.signal, [resource, options], (verbs, created, given) =>
      verbs.writing.create(bound, this.#target(given), created, given, this.#again(verbs, bound, given)),
    ) as never;
  }

  /** Replaces the resource of the authenticated subject: `PUT /Me`. */
  async replace<M extends AnyModel, const O extends Only<O, WriteOptions> = {}>(
    model: M,
    resource: Replace<M> | Create<M>,
    options?: Exactly<O, WriteOptions>,
  ): Promise<Answered<Projected<M, O>, O, Raise, Check> | Pending<O>> {
    const bound = this.#bind(model);
    return this.#verbs.run(options?.signal, [resource, options], (verbs, replaced, given) =>
      verbs.writing.replace(bound, this.#target(given), replaced, given, this.#again(verbs, bound, given)),
    ) as never;
  }

  /** Modifies the resource of the authenticated subject: `PATCH /Me`. `undefined` as for `SCIMClient.modify`. */
  async modify<M extends AnyModel, const O extends Only<O, ModifyOptions> = {}>(
    model: M,
    modification: Modification<M["~views"]>,
    options?: Exactly<O, ModifyOptions>,
  ): Promise<Modified<M, O, Raise, Check>> {
    const bound = this.#bind(model);
    return this.#verbs.run(
      options?.signal,
      [modification, options],
      (verbs, changes, given) =>
        verbs.writing.modify(
          bound,
          this.#target(given),
          changes,
          given,
          undefined,
          this.#again(verbs, bound, given),
        ),
      true,
    ) as never;
  }

  /** Deletes the resource of the authenticated subject: `DELETE /Me`. */
  async delete<V extends Views, const O extends Only<O, WriteOptions> = {}>(
    model: WritableModel<V>,
    options?: Exactly<O, WriteOptions>,
  ): Promise<Answered<undefined, Omit<O, "checkResponsePayload">, Raise, true> | Pending<O>> {
    const bound = this.#bind(model);
    return this.#verbs.run(options?.signal, [options], ({ writing }, given) =>
      writing.delete(bound, this.#target(given), given, undefined),
    ) as never;
  }

  #again({ retrieval }: Verbs, model: AnyModel, options: ModifyOptions | undefined): Again {
    const target = this.#target({ searchParams: options?.searchParams });
    return (answer) => retrieval.readAgain(model, target, options, answer);
  }

  #bind(model: AnyModel): AnyModel {
    return this.#description().bind(model);
  }

  #target(options: CallURL | undefined): Target {
    return (query) => this.#base.ofCall("/Me", options, { query });
  }
}
