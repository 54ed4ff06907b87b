/**
 * What `modify` takes: a builder, a list of operations, or a PatchOp message.
 *
 * @module
 */
import {
  RequestPayloadValidationError,
  SCIMClientError,
  UnsupportedByServer,
  type ErrorMessage,
} from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { checkOperations } from "../protocol/patch-check.ts";
import { toDialect } from "../protocol/patch-dialect.ts";
import { unsupportedOperation } from "../protocol/patch-support.ts";
import {
  operationsOf,
  PATCH_OP_SCHEMA,
  PatchBuilder,
  type PatchInput,
  type PatchOp,
  type PatchOperation,
} from "../protocol/patch.ts";
import type { Views } from "../schema/view.ts";
import { ifMatchAfter } from "./entity-tag.ts";
import type { Exchange, Exchanged } from "./exchange.ts";
import type { HeaderRecord } from "./headers.ts";
import type { CallOptions } from "./options.ts";
import type { AnyModel } from "./service-description.ts";

/** What `modify` takes (RFC 7644 §3.5.2). */
export type Modification<V extends Views = Views> = PatchInput<V>;

/**
 * The message to send; `undefined` when there is nothing to change. A message that is not checked is sent as it is.
 *
 * @throws {TypeError} for anything that is no modification.
 * @throws {RequestPayloadValidationError} when an operation does not fit the model.
 */
export function readModification(
  model: AnyModel,
  modification: Modification,
  checked: boolean,
): JsonValue | undefined {
  const given = operationsOf(modification);
  if (given.length === 0) return undefined;
  const isMessage = !Array.isArray(modification) && !(modification instanceof PatchBuilder);
  if (!checked && isMessage) return modification as unknown as JsonValue;
  return { schemas: [PATCH_OP_SCHEMA], Operations: checked ? check(model, given) : given } as unknown as JsonValue;
}

/** What `modify` sends: one request after the other. */
export interface Modifications {
  /** The messages, in the server's dialect; none when there is nothing to change. */
  readonly messages: readonly JsonValue[];
  /** What speaks against sending them: the server is known to refuse an operation, or to ignore it. */
  readonly unsupported: UnsupportedByServer | undefined;
}

/**
 * The messages to send. What is not checked is sent as it is.
 *
 * @throws {TypeError} for anything that is no modification.
 * @throws {RequestPayloadValidationError} when an operation does not fit the model.
 */
export function readModifications(
  exchange: Exchange,
  model: AnyModel,
  modification: Modification,
  options: (CallOptions & { readonly respondAsync?: boolean | undefined }) | undefined,
): Modifications {
  const checked = exchange.switch("checkRequestPayload", options);
  const message = readModification(model, modification, checked);
  if (message === undefined) return { messages: [], unsupported: undefined };
  if (!checked) return { messages: [message], unsupported: undefined };
  const { name, patch = {} } = exchange.context.profile;
  const operations = operationsOf(message as unknown as PatchOp);
  const requests = toDialect(model, operations, patch);
  const reason = exchange.isOverridden("patch", options) ? undefined : refusal(exchange, model, operations);
  const later =
    requests.length > 1 && options?.respondAsync === true
      ? `${name} takes these operations in ${requests.length} requests, which cannot be answered later; leave out respondAsync`
      : undefined;
  const why = later ?? (reason && `${name} ${reason}; capabilities: { patch: true } sends it all the same`);
  return {
    messages: requests.map((sent) => ({ schemas: [PATCH_OP_SCHEMA], Operations: sent }) as unknown as JsonValue),
    unsupported: why === undefined ? undefined : new UnsupportedByServer("patch", why),
  };
}

/** Why the server does not carry out one of some operations, as far as its profile says. */
function refusal(exchange: Exchange, model: AnyModel, operations: readonly PatchOperation[]): string | undefined {
  const { patch } = exchange.context.profile;
  const ofType = exchange.ofType(model)?.patch;
  if (patch === undefined && ofType === undefined) return undefined;
  return unsupportedOperation(model, operations, { ...patch, ...ofType }, patch?.memberRemove);
}

/**
 * Sends messages one after the other. What a request had carried out is not undone when a later one fails: its error says in
 * `appliedRequests` how many there were, a SCIM Error that is returned says it in its detail.
 *
 * @param guard header fields of the first request that name a version; later ones name the version that the answer gives.
 */
export async function sendInTurn(
  messages: readonly JsonValue[],
  guard: HeaderRecord | undefined,
  send: (message: JsonValue, headers: HeaderRecord | undefined) => Promise<Exchanged>,
): Promise<Exchanged> {
  let headers = guard;
  let last: Exchanged | undefined;
  for (const [applied, message] of messages.entries()) {
    try {
      last = await send(message, headers);
    } catch (error) {
      if (applied > 0 && error instanceof SCIMClientError) {
        Object.defineProperty(error, "appliedRequests", { value: applied });
      }
      throw error;
    }
    if (last.error !== undefined && applied > 0) return { ...last, error: appliedInPart(last.error, applied) };
    if (last.error !== undefined) return last;
    headers = ifMatchAfter(headers, last.answer);
  }
  if (last === undefined) throw new TypeError("there is nothing to send");
  return last;
}

function appliedInPart(error: ErrorMessage, applied: number): ErrorMessage {
  const before = `${applied} PATCH ${applied === 1 ? "request" : "requests"} of this call had been carried out`;
  return { ...error, detail: error.detail === undefined ? before : `${error.detail} (${before})` };
}

function check(model: AnyModel, given: readonly PatchOperation[]): readonly PatchOperation[] {
  const { operations, issues } = checkOperations(model, given);
  const [issue, ...more] = issues;
  if (issue === undefined) return operations;
  throw new RequestPayloadValidationError(`${model.name} cannot be modified so`, [issue, ...more]);
}
