/**
 * What is checked of a bulk before any of it is sent: where each operation leads, whether the server offers it, and its data
 * as its verb would check it (RFC 7644 §3.7).
 *
 * @module
 */
import { RequestPayloadValidationError, UnsupportedByServer, type Issue } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { BulkOperation } from "../protocol/bulk.ts";
import { compileAttributes } from "../schema/attribute.ts";
import { ResourceModel } from "../schema/resource-model.ts";
import type { GenericViews } from "../schema/view.ts";
import { atPath, type AnyBulkOperation } from "./bulk-operation.ts";
import type { Exchange } from "./exchange.ts";
import { readModifications, type Modification } from "./modification.ts";
import type { CallOptions, WriteOptions } from "./options.ts";
import { refusal, type Payload } from "./payload.ts";
import { isModel, type AnyModel, type ServiceDescription } from "./service-description.ts";

/** An operation with its path, and the model that it is for, where that is known. */
export interface PlacedOperation {
  readonly operation: BulkOperation;
  readonly model: AnyModel | undefined;
  /** Whether the operation named the model. */
  readonly named: boolean;
}

/** The options of a call that decide what is checked. */
type CheckOptions = CallOptions & Pick<WriteOptions, "unknownAttributes">;

/** Checks operations for one bulk. */
export class BulkCheck {
  readonly #exchange: Exchange;
  readonly #payload: Payload;
  readonly #description: ServiceDescription;
  /** Those of the server, and those that operations name. */
  readonly #known: Set<AnyModel>;

  constructor(exchange: Exchange, description: ServiceDescription, payload: Payload) {
    this.#exchange = exchange;
    this.#description = description;
    this.#payload = payload;
    this.#known = new Set(description.models);
  }

  /**
   * Finds the path of an operation that has a model, and the model of one that has a path.
   *
   * @throws {TypeError} for an operation that has both, for a model that is none or can only be read, and for an id that is
   *   none.
   * @throws {UnknownResourceType} when the server has no such resource type.
   */
  place(operation: AnyBulkOperation, index: number): PlacedOperation {
    // What is no operation at all is refused when the bulk is planned.
    if (!isJsonObject(operation) || operation.model === undefined) {
      const placed = operation as BulkOperation;
      return { operation: placed, model: this.#modelAt((placed as BulkOperation | undefined)?.path), named: false };
    }
    const { model, path }: { readonly model: unknown; readonly path?: unknown } = operation;
    if (path !== undefined) {
      throw new TypeError(`operation ${index} has a model and a path; one of them says where it goes`);
    }
    if (!isModel(model)) {
      throw new TypeError(
        `the model of operation ${index} must be a resource model: User of scimkit/models, or what getResourceModel gives`,
      );
    }
    if (model.readOnly) {
      throw new TypeError(
        `operation ${index}: ${model.name} is maintained by the server and can only be read (RFC 7644 §4)`,
      );
    }
    const bound = this.#description.bind(model);
    this.#known.add(bound);
    return { operation: named(index, () => atPath(operation, bound)), model: bound, named: true };
  }

  /**
   * Refuses an operation that the server cannot carry out, or whose version it would not heed (RFC 7644 §3.14).
   *
   * @throws {UnsupportedByServer}
   */
  require({ operation, model }: PlacedOperation, index: number, options: CallOptions): void {
    const { method } = operation;
    const capability = isMethod(method) ? CAPABILITIES[method] : undefined;
    try {
      if (capability !== undefined) this.#exchange.require(capability, options, model);
      if (operation.method !== "POST" && operation.version !== undefined)
        this.#exchange.requireVersions(options, model);
    } catch (error) {
      if (!(error instanceof UnsupportedByServer)) throw error;
      throw new UnsupportedByServer(error.capability, `operation ${index} of the bulk: ${error.message}`);
    }
  }

  /**
   * The operation with its data as it is sent. Where nothing is known of the server, it has to judge.
   *
   * @throws {TypeError} for a path that leads elsewhere, or that is not of the kind that the method needs.
   * @throws {UnknownResourceType} for a path where there is no resource type.
   * @throws {RequestPayloadValidationError} when the data does not fit the model.
   */
  check(placed: PlacedOperation, index: number, options: CheckOptions): BulkOperation {
    const { operation, model } = placed;
    if (!placed.named) this.#checkPath(operation, model, index);
    if (model === undefined || operation.data === undefined) return operation;
    try {
      return { ...operation, data: this.#checkData(model, operation.method, operation.data, options) };
    } catch (error) {
      if (!(error instanceof RequestPayloadValidationError)) throw error;
      const [first, ...more] = error.issues.map((issue) => at(issue, index));
      if (first === undefined) throw error;
      const where = `operation ${index} of the bulk`;
      throw operation.method === "PATCH"
        ? new RequestPayloadValidationError(where, [first, ...more])
        : refusal(where, [first, ...more]);
    }
  }

  /**
   * What of the data of a placed operation no error may show: by the models of where it goes; where there is none, as for
   * `/Me`, by all that are known and by the User of RFC 7643.
   */
  secretsAt(path: unknown, data: unknown): readonly string[] {
    const there = this.#modelsAt(path, this.#known);
    const models = there.length > 0 ? there : [...this.#known, ANYBODY];
    return models.flatMap((model) => this.#payload.secrets(model, data));
  }

  /** The model of what a path leads to, where there is one. */
  #modelAt(place: unknown): AnyModel | undefined {
    return this.#modelsAt(place, this.#description.models)[0];
  }

  #modelsAt(place: unknown, models: Iterable<AnyModel>): readonly AnyModel[] {
    const located = typeof place === "string" ? this.#exchange.context.base.locate(place) : undefined;
    if (located === undefined || "outside" in located) return [];
    const [path = ""] = located.path.split("?", 1);
    return [...models].filter(({ endpoint }) => path === endpoint || path.startsWith(`${endpoint}/`));
  }

  /** RFC 7644 §3.7: the path of a POST is the endpoint of a resource type, every other that of a resource. */
  #checkPath({ method, path }: BulkOperation, model: AnyModel | undefined, index: number): void {
    if (typeof path !== "string" || path === "" || !isMethod(method)) return;
    const located = this.#exchange.context.base.locate(path);
    if ("outside" in located) {
      throw new TypeError(`operation ${index}, a ${method}: the path "${path}" is not below the base URL`);
    }
    const [place = ""] = located.path.split("?", 1);
    if (model === undefined) {
      if (this.#description.models.length === 0 || ME.test(place)) return;
      throw this.#description.unknownEndpoint(`operation ${index}, a ${method}: nothing is known of "${path}"`);
    }
    const isEndpoint = place.replace(/\/$/, "") === model.endpoint;
    if (isEndpoint === (method === "POST")) return;
    throw new TypeError(
      method === "POST"
        ? `operation ${index}, a POST, goes to the endpoint ${model.endpoint}, not to "${path}" (RFC 7644 §3.7)`
        : `operation ${index}, a ${method}, needs an id in its path, such as ${model.endpoint}/2819c223 (RFC 7644 §3.7)`,
    );
  }

  #checkData(model: AnyModel, method: BulkOperation["method"], data: object, options: CheckOptions): JsonObject {
    if (method !== "PATCH") {
      const unknown = this.#exchange.unknownAttributes(options);
      return this.#payload.encode(model, method === "POST" ? "create" : "replace", data, unknown);
    }
    const checked = { ...options, checkRequestPayload: true };
    const { messages, unsupported } = readModifications(this.#exchange, model, data as Modification, checked);
    if (unsupported !== undefined) throw unsupported;
    if (messages.length > 1) throw new TypeError("the server takes such a PATCH in several requests; use modify");
    const [message] = messages;
    return isJsonObject(message) ? message : { Operations: [] };
  }
}

const CAPABILITIES = { POST: "create", PUT: "replace", PATCH: "patch", DELETE: "delete" } as const;

/** An alias for a resource of a type that nobody names (RFC 7644 §3.11). */
const ME = /^\/Me\/?$/i;

/** What is secret of a User (RFC 7643 §4.1.1). */
const ANYBODY: AnyModel = new ResourceModel<GenericViews>({
  name: "User",
  endpoint: "/Users",
  schema: { id: "urn:ietf:params:scim:schemas:core:2.0:User", attributes: [] },
  attributes: compileAttributes(
    [{ name: "password", mutability: "writeOnly", returned: "never" }],
    () => undefined,
  ),
});

/** Callers without types may give anything. */
function isMethod(method: string): method is BulkOperation["method"] {
  return Object.hasOwn(CAPABILITIES, method);
}

/** Says which operation a mistake is in. */
function named<T>(index: number, place: () => T): T {
  try {
    return place();
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`operation ${index}: ${error.message}`) : error;
  }
}

function at(issue: Issue, index: number): Issue {
  return { ...issue, path: `Operations[${index}]${issue.path === "" ? "" : `.${issue.path}`}` };
}
