/**
 * Writing resources: creating (RFC 7644 §3.3), replacing and modifying (§3.5), deleting (§3.6). `SCIMClient` and `/Me` say
 * where the resource is and give the types.
 *
 * @module
 */
import { SCIMResponseErrorObject, type ErrorMessage, type RequestPending } from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { isEmpty } from "./answer.ts";
import { ifMatch } from "./entity-tag.ts";
import type { Exchange, Exchanged } from "./exchange.ts";
import type { Answer } from "./http.ts";
import type { Modification } from "./modification.ts";
import { checkOptions, type ModifyOptions, type WriteOptions } from "./options.ts";
import type { Payload } from "./payload.ts";
import { ofTheRead, projection, type Outcome, type Retrieval, type Target } from "./retrieval.ts";
import type { AnyModel } from "./service-description.ts";
import type { Verb } from "./status-codes.ts";

/** Reads what was written, for a server that answered without it; `undefined` when nothing had to be written. */
export type Again = (answer: Answer | undefined) => Promise<Outcome<JsonObject>>;

/** Writes resources for one client. */
export class Writing {
  readonly #exchange: Exchange;
  readonly #payload: () => Payload;
  readonly #retrieval: Retrieval;

  constructor(exchange: Exchange, payload: () => Payload, retrieval: Retrieval) {
    this.#exchange = exchange;
    this.#payload = payload;
    this.#retrieval = retrieval;
  }

  /** Creates (RFC 7644 §3.3). */
  async create(
    model: AnyModel,
    url: Target,
    resource: unknown,
    options: WriteOptions | undefined,
    again: Again,
  ): Promise<Outcome<JsonObject>> {
    checkOptions(options, "write");
    refuseReadOnly(model, "create");
    this.#exchange.require("create", options, model);
    const checked = this.#exchange.switch("checkRequestPayload", options);
    const body = checked ? this.#encode(model, "create", resource, options) : asJson(resource);
    const exchanged = await this.#run(
      model,
      "POST",
      url(projection([model], options, checked)),
      body,
      "create",
      options,
    );
    return this.#written(model, exchanged, options, again);
  }

  /** Replaces (RFC 7644 §3.5.1). */
  async replace(
    model: AnyModel,
    url: Target,
    resource: unknown,
    options: WriteOptions | undefined,
    again: Again,
  ): Promise<Outcome<JsonObject>> {
    checkOptions(options, "write");
    refuseReadOnly(model, "replace");
    this.#exchange.require("replace", options, model);
    const checked = this.#exchange.switch("checkRequestPayload", options);
    const body = checked ? this.#encode(model, "replace", resource, options) : asJson(resource);
    const headers = ifMatch(this.#exchange, model, options, resource);
    const exchanged = await this.#run(
      model,
      "PUT",
      url(projection([model], options, checked)),
      body,
      "replace",
      options,
      headers,
    );
    return this.#written(model, exchanged, options, again);
  }

  /**
   * Modifies (RFC 7644 §3.5.2); `undefined` when the server answers without the resource. Where the server's dialect needs
   * several requests, they are sent one after the other, and the first that fails ends it.
   */
  async modify(
    model: AnyModel,
    url: Target,
    modification: Modification,
    options: ModifyOptions | undefined,
    target: unknown,
    again: Again,
  ): Promise<Outcome<JsonObject> | undefined> {
    checkOptions(options, "modify");
    refuseReadOnly(model, "modify");
    const checked = this.#exchange.switch("checkRequestPayload", options);
    const { readModifications, sendInTurn } = await import("./modification.ts");
    const { messages, unsupported } = readModifications(this.#exchange, model, modification, options);
    const reread = options?.reread === true;
    if (messages.length === 0) return reread ? again(undefined) : undefined;
    const refused = unsupported !== undefined || this.#exchange.supports("patch", options, model) === false;
    if (refused && options?.withoutPatch === "replace") {
      return this.#modifyByReplace(model, url, modification, options, target, again);
    }
    this.#exchange.require("patch", options, model);
    if (unsupported !== undefined) throw unsupported;
    const place = url(projection([model], options, checked));
    const { answer, error, pending } = await sendInTurn(
      messages,
      ifMatch(this.#exchange, model, options, target),
      (message, headers) => this.#run(model, "PATCH", place, message, "modify", options, headers),
    );
    if (error !== undefined || pending !== undefined) return error ?? pending;
    if (isEmpty(answer)) return reread ? again(answer) : undefined;
    return this.#retrieval.decode(model, answer, options);
  }

  /**
   * RFC 7644 §3.5.1 is all that such a server offers: the whole resource, with the operations applied to it. The version
   * that the caller knows guards it where there is one, else the one that was read.
   */
  async #modifyByReplace(
    model: AnyModel,
    url: Target,
    modification: Modification,
    options: ModifyOptions,
    target: unknown,
    again: Again,
  ): Promise<Outcome<JsonObject>> {
    this.#exchange.require("replace", options, model);
    const { reread: _reread, withoutPatch: _without, ...write } = options;
    const { attributes: _attributes, excludedAttributes: _excluded, ...read } = write;
    const whole = { ...ofTheRead(read), checkResponsePayload: true, raiseScimErrors: true };
    // What the caller has seen counts, not what is read now.
    const version = ifMatch(this.#exchange, model, options, target)?.["if-match"];
    let current: unknown;
    try {
      current = await this.#retrieval.read(model, url, whole);
    } catch (error) {
      const raised = this.#exchange.switch("raiseScimErrors", options);
      if (raised || !(error instanceof SCIMResponseErrorObject)) throw error;
      return error.toError();
    }
    const resource = isJsonObject(current) ? current : {};
    const { applyPatch } = await import("../protocol/apply.ts");
    const patched = applyPatch(model, resource, modification);
    if (patched === resource) return again(undefined);
    const guarded = version === undefined ? write : { ...write, ifMatch: version };
    return this.replace(model, url, patched, guarded, again);
  }

  /** Deletes (RFC 7644 §3.6). */
  async delete(
    model: AnyModel,
    url: Target,
    options: WriteOptions | undefined,
    target: unknown,
  ): Promise<ErrorMessage | RequestPending | undefined> {
    checkOptions(options, "write");
    refuseReadOnly(model, "delete");
    this.#exchange.require("delete", options, model);
    const { error, pending } = await this.#run(
      model,
      "DELETE",
      url({}),
      undefined,
      "delete",
      options,
      ifMatch(this.#exchange, model, options, target),
    );
    return error ?? pending;
  }

  #encode(
    model: AnyModel,
    context: "create" | "replace",
    resource: unknown,
    options: WriteOptions | undefined,
  ): JsonObject {
    return this.#payload().encode(model, context, resource, this.#exchange.unknownAttributes(options));
  }

  #run(
    model: AnyModel,
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    url: URL,
    body: JsonValue | undefined,
    verb: Verb,
    options: WriteOptions | undefined,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Exchanged> {
    const payload = this.#payload();
    const secrets = () => payload.secrets(model, body);
    const expected = this.#exchange.expected(verb);
    return this.#exchange.run({ method, url, body, headers, expected, secrets }, options);
  }

  async #written(
    model: AnyModel,
    exchanged: Exchanged,
    options: WriteOptions | undefined,
    again: Again,
  ): Promise<Outcome<JsonObject>> {
    const { answer, error, pending } = exchanged;
    if (error !== undefined || pending !== undefined) return (error ?? pending) as ErrorMessage | RequestPending;
    return isEmpty(answer) ? again(answer) : this.#retrieval.decode(model, answer, options);
  }
}

function refuseReadOnly(model: AnyModel, verb: string): void {
  if (!model.readOnly) return;
  throw new TypeError(`${verb}: ${model.name} is maintained by the server and can only be read (RFC 7644 §4)`);
}

/** With the check switched off a payload goes out as it is; there has to be one. */
function asJson(resource: unknown): JsonValue {
  if (resource === undefined || typeof resource === "function" || typeof resource === "symbol") {
    throw new TypeError("the resource must be JSON (RFC 7644 §3.1)");
  }
  return resource as JsonValue;
}
