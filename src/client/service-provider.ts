/**
 * A service provider as a client knows it: discovered, registered, or given.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import type { JsonObject } from "../json.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import type { Views } from "../schema/view.ts";
import { SharedWork } from "./abort.ts";
import type { Judgement } from "./answer.ts";
import { DiscoveryWarnings } from "./discovery-warnings.ts";
import type { DiscoveryOptions, ReadDocument } from "./discovery.ts";
import { GeneratedModels } from "./generated-models.ts";
import type { Http } from "./http.ts";
import type { Switches } from "./options.ts";
import type { ServerProfile } from "./profile.ts";
import {
  describeGiven,
  isModel,
  ServiceDescription,
  type AnyModel,
  type Discovery,
  type GivenDescription,
  type ResolveEndpoint,
} from "./service-description.ts";
import type { BaseURL } from "./url.ts";

/** What is known, and what goes with it; swapped as a whole, so that no call sees half of a discovery. */
export interface Known {
  readonly description: ServiceDescription;
  readonly generated: GeneratedModels;
  /** What the server's schemas have become since models were generated, as far as these have been met. */
  readonly differences: DiscoveryWarnings;
}

/** The part of a client that learns the server: discovery, and the models that come of it. */
export class ServiceProvider {
  protected known: Known;
  readonly #base: BaseURL;
  readonly #http: Http;
  readonly #profile: ServerProfile;
  readonly #judgement: Omit<Judgement, "expected">;
  readonly #checked: boolean;
  #discovery: Discovery | undefined;
  /** Models with validators that the client was given or has used. */
  readonly #generated = new Set<AnyModel>();
  readonly #discovering = new Map<string, SharedWork<Discovery>>();

  /** @throws {TypeError} when the parts of the given description contradict each other. */
  constructor(
    base: BaseURL,
    http: Http,
    profile: ServerProfile,
    given: GivenDescription & Switches & { readonly onDeviation?: OnDeviation | undefined },
  ) {
    this.#base = base;
    this.#http = http;
    this.#profile = profile;
    this.#judgement = {
      checkStatus: given.checkResponseStatusCodes ?? true,
      checkContentType: given.checkResponseContentType ?? true,
      report: given.onDeviation,
    };
    this.#checked = given.checkResponsePayload ?? true;
    const { discovery, serviceProviderConfig } = given;
    this.#discovery =
      discovery === undefined || serviceProviderConfig === undefined
        ? discovery
        : { ...discovery, serviceProviderConfig };
    this.#remember(given.resourceModels ?? [], "resourceModels");
    this.known = this.#known(describeGiven(given, this.#resolveEndpoint));
  }

  /** The models of the server's resource types: discovered, registered, or given to the constructor. */
  get resourceModels(): readonly AnyModel[] {
    return this.known.description.models;
  }

  /** The server's ServiceProviderConfig as it published it (RFC 7643 §5), where it is known. */
  get serviceProviderConfig(): JsonObject | undefined {
    return this.known.description.serviceProviderConfig;
  }

  /**
   * Asks the server for its ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 §4) and builds its models. Each
   * document may be missing; what stands in for it is said in the warnings. Calls at the same time share one run,
   * of which a signal ends no more than the wait of its own call, unless nobody else waits; when a run fails, what was
   * known before stays. Where generated models are known to the client, as its `resourceModels`, registered or used before,
   * their differences from the server's schemas are among the warnings.
   *
   * @returns what was learned, as plain JSON that a later client takes as its `discovery`.
   * @throws {TypeError} for an option that there is not.
   * @throws {SCIMResponseError} for 401, 403, 5xx, answers that are no SCIM, and a server that has none of the three.
   * @throws {ResponsePayloadValidationError} under a strict profile, listing all that is not as the RFC has it in what the
   *   server published. A tolerant client's discovery can be given to a strict one as `discovery`.
   */
  async discover(options: DiscoveryOptions = {}): Promise<Discovery> {
    const { schemas = true, resourceTypes = true, serviceProviderConfig = true, signal, ...others } = options;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw new TypeError(`"${unknown}" is not an option of discover`);
    signal?.throwIfAborted();
    const key = [schemas, resourceTypes, serviceProviderConfig].join();
    const running = this.#discovering.get(key);
    if (running?.abandoned === false) return running.wait(signal);
    const run: SharedWork<Discovery> = new SharedWork((abandoned) =>
      this.#discover({ schemas, resourceTypes, serviceProviderConfig }, abandoned).finally(() => {
        if (this.#discovering.get(key) === run) this.#discovering.delete(key);
      }),
    );
    this.#discovering.set(key, run);
    return run.wait(signal);
  }

  /**
   * The model of one of the server's resource types, by its name, its schema's URN or its schema's name.
   *
   * @throws {UnknownResourceType} listing the resource types there are.
   * @throws {TypeError} when several resource types have that schema.
   */
  getResourceModel(name: string): ResourceModel;
  /** As above, with the types of a model that was written or generated. */
  getResourceModel<V extends Views>(name: string, options: { readonly as: ResourceModel<V> }): ResourceModel<V>;
  getResourceModel(name: string): AnyModel {
    return this.known.description.get(name);
  }

  /** As `getResourceModel`, with `undefined` for a resource type that the server does not have. */
  findResourceModel(name: string): ResourceModel | undefined {
    return this.known.description.find(name) as ResourceModel | undefined;
  }

  /**
   * Takes these models as the server's resource types, each at its own endpoint, in place of a discovery.
   *
   * @throws {TypeError} for what is no list of models.
   */
  registerNaiveResourceTypes(models: readonly AnyModel[]): void {
    this.#remember(models, "registerNaiveResourceTypes");
    this.#discovery = undefined;
    this.known = this.#known(new ServiceDescription(models, this.serviceProviderConfig));
  }

  readonly #resolveEndpoint: ResolveEndpoint = (endpoint) => {
    const located = this.#base.locate(endpoint);
    if ("path" in located) return located;
    return { refused: `its endpoint is not below the base URL (${located.outside})` };
  };

  #known(description: ServiceDescription): Known {
    const generated = new GeneratedModels();
    const differences = new DiscoveryWarnings();
    description.onBind = (own, model) => {
      if (model.validators !== undefined) this.#generated.add(model);
      return generated.adopt(own, model, (deviation) => {
        const { path, message } = deviation;
        differences.add({ document: "Schemas", path, message });
        this.#judgement.report?.(deviation);
      });
    };
    return { description, generated, differences };
  }

  #remember(models: readonly AnyModel[], taker: string): void {
    const given: unknown = models;
    if (!Array.isArray(given) || !given.every(isModel)) {
      throw new TypeError(
        `${taker} takes a list of resource models: User of scimkit/models, or what defineModel gives`,
      );
    }
    for (const model of models) if (model.validators !== undefined) this.#generated.add(model);
  }

  async #discover(options: DiscoveryOptions, signal: AbortSignal): Promise<Discovery> {
    const { ABSENT, discover, DiscoveryDepartures, documentOf, documentsOf } = await import("./discovery.ts");
    const departures = this.#checked
      ? new DiscoveryDepartures(this.#judgement.report, this.#profile.strict === true)
      : new DiscoveryDepartures(undefined, false);
    const read: ReadDocument = async (document, path, searchParams) => {
      const answer = await this.#http.send({
        method: "GET",
        url: this.#base.resolve(path, { searchParams }),
        signal,
      });
      if (ABSENT.has(answer.status)) return { absent: answer };
      return {
        answer,
        body: documentOf(answer, {
          ...this.#judgement,
          report: departures.of(document, answer) ?? this.#judgement.report,
        }),
      };
    };
    const sources = this.#profile.discovery ?? {};
    const { discovery, description } = await discover(
      read,
      this.#resolveEndpoint,
      options,
      sources,
      this.#discovery ?? documentsOf(this.known.description),
      departures,
    );
    signal.throwIfAborted();
    const known = this.#known(description);
    description.bindKnown(this.#generated);
    const differences = known.differences.list();
    this.#discovery =
      differences.length === 0 ? discovery : { ...discovery, warnings: [...discovery.warnings, ...differences] };
    this.known = known;
    return this.#discovery;
  }
}
