/**
 * Payloads on their way between caller and server: names made canonical, what has no effect taken out, everything checked
 * against the model in its context. One place for both directions.
 *
 * @module
 */
import type { Deviation, DeviationKind, OnDeviation } from "../deviation.ts";
import {
  RequestPayloadValidationError,
  ResponsePayloadValidationError,
  UnexpectedContentFormat,
  type Issue,
  type Issues,
} from "../errors.ts";
import { isJsonObject, kindOf, type JsonObject, type JsonValue } from "../json.ts";
import { readList } from "../protocol/list-response.ts";
import { hasSchema, LIST_RESPONSE, member, type ListResponse } from "../protocol/messages.ts";
import { unmetDemands } from "../schema/demands.ts";
import { knownPart, type UnknownAttributes } from "../schema/known-part.ts";
import { normalise } from "../schema/normalise.ts";
import { sameName } from "../schema/resource-model.ts";
import { Validators } from "../schema/validator.ts";
import { reference, subject } from "./answer.ts";
import type { GeneratedModels } from "./generated-models.ts";
import type { Answer } from "./http.ts";
import type { ServerProfile } from "./profile.ts";
import { secretsIn } from "./secret-attributes.ts";
import type { AnyModel } from "./service-description.ts";

/** An error names no more issues than this; there may be a million. */
const MOST_ISSUES = 64;

/** Encodes and decodes resources for one discovery: validators are compiled once and kept. */
export class Payload {
  readonly #profile: ServerProfile;
  readonly #generated: GeneratedModels;
  readonly #validators: Validators;

  constructor(profile: ServerProfile, generated: GeneratedModels) {
    this.#profile = profile;
    this.#generated = generated;
    this.#validators = new Validators({ precompiled: (model) => generated.validatorsOf(model) });
  }

  /** The values in the body of a write that the server never returns, by what is known of it and by what was generated. */
  secrets(model: AnyModel, body: unknown): readonly string[] {
    const own = this.#generated.ownOf(model);
    return own === undefined ? secretsIn(model, body) : [...secretsIn(model, body), ...secretsIn(own, body)];
  }

  /**
   * A resource as it is sent: names in the schema's spelling, `readOnly` attributes taken out but for those that the profile
   * demands, `schemas` completed.
   *
   * @param unknown what becomes of attributes that the model does not define; nobody checks those that are sent.
   * @throws {TypeError} when it is no object or not plain JSON.
   * @throws {RequestPayloadValidationError} when it does not fit the model.
   */
  encode(
    model: AnyModel,
    context: "create" | "replace",
    resource: unknown,
    unknown: UnknownAttributes,
  ): JsonObject {
    if (!isJsonObject(resource)) {
      throw new TypeError(`${model.name}: the resource to ${context} must be an object, not ${kindOf(resource)}`);
    }
    const normalised = normalise(
      model,
      context,
      this.#profile.nulls === "drop" ? withoutNulls(resource) : resource,
    ) as JsonObject;
    const checked = unknown === "refuse" ? normalised : knownPart(model, normalised);
    const demanded = this.#readOnlyDemanded(model, context, resource);
    const [issue, ...more] = [
      ...this.#validators.issues(model, context, checked),
      ...this.#unmet(model, context, { ...checked, ...demanded }),
    ];
    if (issue !== undefined) throw refusal(`${model.name} cannot be sent to ${context} it`, [issue, ...more]);
    const sent = unknown === "send" ? normalised : checked;
    return demanded === undefined ? sent : { ...sent, ...demanded };
  }

  /**
   * A resource as it came: repaired where that is possible, and valid.
   *
   * @param projected whether the call chose attributes, `schemas` not among them (RFC 7644 §3.9).
   * @param index its position, when it came in a list.
   * @throws {UnexpectedContentFormat} when it is no resource.
   * @throws {ResponsePayloadValidationError} when it cannot be repaired; under a strict profile, when it would have to be.
   */
  decode(
    model: AnyModel,
    value: JsonValue,
    answer: Answer,
    report: OnDeviation | undefined,
    projected: boolean,
    index?: number,
  ): JsonObject {
    if (!isJsonObject(value)) throw notThat(answer, `one ${model.name}`, value, index);
    if (index === undefined && hasSchema(value, LIST_RESPONSE))
      throw notThat(answer, `one ${model.name}`, value, index);
    const deviations: Issue[] = [];
    const hear = this.#reporter(report, deviations, index);
    // Nobody has to send what was not asked for: RFC 7644 §3.4.2 shows such an answer without `schemas`.
    const asked = projected && member(value, "schemas") === undefined;
    const normalised = normalise(
      model,
      "response",
      value,
      hear !== undefined && asked ? without("schemas", hear) : hear,
      this.#profile.repairs,
    );
    const [issue, ...more] = [
      ...deviations,
      ...this.#validators.issues(model, "response", normalised),
      ...withoutId(model, normalised),
    ];
    if (issue === undefined) return normalised as JsonObject;
    const place = index === undefined ? "" : `, resource ${index}`;
    throw new ResponsePayloadValidationError(
      `${subject(answer)}${place}`,
      [issue, ...more],
      reference(answer),
      index,
    );
  }

  /**
   * A list as it came: each resource decoded by the model that it says it is of.
   *
   * @param models those that can come; one alone is taken whatever a resource says of itself.
   * @param beyond whether it lies behind the total that was stated before it: nobody wonders that it does not fit.
   */
  decodeList(
    models: readonly AnyModel[],
    value: JsonValue | undefined,
    answer: Answer,
    report: OnDeviation | undefined,
    projected: boolean,
    beyond = false,
  ): ListResponse<JsonObject> {
    const deviations: Issue[] = [];
    const all = this.#reporter(report, deviations, undefined);
    const hear = beyond && all !== undefined ? without("totalResults", all) : all;
    const lone = loneResource(value);
    const list =
      lone === undefined ? readList(value, hear) : { schemas: [LIST_RESPONSE] as const, Resources: [lone] };
    if (lone !== undefined) hear?.(LONE_RESOURCE);
    if (list === undefined) throw notThat(answer, "a ListResponse", value, undefined);
    const [issue, ...more] = deviations;
    if (issue !== undefined) {
      throw new ResponsePayloadValidationError(subject(answer), [issue, ...more], reference(answer));
    }
    const only = models.length === 1 ? models[0] : undefined;
    const Resources = list.Resources.map((resource, index) => {
      const model = only ?? modelOf(models, resource);
      if (model !== undefined) return this.decode(model, resource, answer, report, projected, index);
      if (!isJsonObject(resource)) throw notThat(answer, "a resource", resource, index);
      this.#unknownType(resource, answer, report, index);
      return resource;
    });
    return { ...list, Resources };
  }

  /** RFC 7644 §3.5.1: a server ignores what is readOnly. One that does not, and needs it, has to get it. */
  #readOnlyDemanded(model: AnyModel, context: "create" | "replace", resource: JsonObject): JsonObject | undefined {
    const demands = this.#profile.resourceTypes?.[model.name]?.demands?.[context];
    const found = demands?.flatMap((path): [string, JsonValue][] => {
      const attribute = model.attributes.get(path);
      const value = attribute?.mutability === "readOnly" ? member(resource, attribute.name) : undefined;
      return attribute === undefined || value === undefined ? [] : [[attribute.name, value]];
    });
    return found === undefined || found.length === 0 ? undefined : Object.fromEntries(found);
  }

  #unmet(model: AnyModel, context: "create" | "replace", resource: JsonValue): readonly Issue[] {
    const { name, resourceTypes } = this.#profile;
    const demands = resourceTypes?.[model.name]?.demands;
    return demands === undefined ? [] : unmetDemands(model, context, resource, demands, name);
  }

  #unknownType(resource: JsonObject, answer: Answer, report: OnDeviation | undefined, index: number): void {
    const deviations: Issue[] = [];
    this.#reporter(
      report,
      deviations,
      index,
    )?.({
      kind: "schemas",
      path: "schemas",
      message: `resource ${index} is of none of the types that were asked for; it is given as it came`,
      section: "RFC 7644 §3.4.2",
    });
    const [issue] = deviations;
    if (issue !== undefined && isJsonObject(resource)) {
      throw new ResponsePayloadValidationError(
        `${subject(answer)}, resource ${index}`,
        [issue],
        reference(answer),
        index,
      );
    }
  }

  /** Under a strict profile deviations become issues; otherwise they go to whoever listens, with their position. */
  #reporter(report: OnDeviation | undefined, issues: Issue[], index: number | undefined): OnDeviation | undefined {
    if (this.#profile.strict === true) {
      return ({ path, message, section }) => {
        if (issues.length < MOST_ISSUES) issues.push({ path, rule: "deviation", message, section });
      };
    }
    if (report === undefined || index === undefined) return report;
    return (deviation: Deviation) => {
      report({ ...deviation, index });
    };
  }
}

/** The error of a resource that cannot be sent. Many who meet it have read the resource from a server that sends more than it publishes. */
export function refusal(what: string, issues: Issues): RequestPayloadValidationError {
  const advice = issues.every(({ rule }) => rule === "unknown")
    ? '; unknownAttributes: "drop" leaves out what the schemas do not define, "send" sends it'
    : "";
  return new RequestPayloadValidationError(what, issues, advice);
}

/** Hears of all deviations but those of a kind. */
function without(kind: DeviationKind, hear: OnDeviation): OnDeviation {
  return (deviation) => {
    if (deviation.kind !== kind) hear(deviation);
  };
}

/** Text for every validator, also for those that were generated; yet nothing can be read or written by it. */
function withoutId(model: AnyModel, resource: JsonValue): readonly Issue[] {
  if (!model.identified || !isJsonObject(resource) || resource["id"] !== "") return [];
  const message = '"id" must have a value, not empty text, in a response (RFC 7643 §3.1)';
  return [{ path: "id", rule: "required", message, section: "RFC 7643 §3.1" }];
}

/** Dispatches a resource of a mixed list by its `schemas`, then by `meta.resourceType` (RFC 7644 §3.4.2.1). */
function modelOf(models: readonly AnyModel[], resource: JsonValue): AnyModel | undefined {
  const candidates = models.filter((model) => model.is(resource));
  if (candidates.length <= 1) return candidates[0];
  const meta = isJsonObject(resource) ? resource["meta"] : undefined;
  const type = isJsonObject(meta) ? meta["resourceType"] : undefined;
  const named = typeof type === "string" ? candidates.find(({ name }) => sameName(name, type)) : undefined;
  return named ?? candidates[0];
}

const LONE_RESOURCE: Deviation = {
  kind: "envelope",
  path: "",
  message: "a lone resource stands where a ListResponse belongs",
  section: "RFC 7644 §3.4.2",
};

/** Some servers answer a query that one resource matches with that resource. */
function loneResource(value: JsonValue | undefined): JsonObject | undefined {
  return isJsonObject(value) && typeof value["id"] === "string" && readList(value) === undefined
    ? value
    : undefined;
}

/** Leaves out members that are null, at every level of plain objects, for a server that would store or refuse them. */
function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, isJsonObject(value) ? withoutNulls(value) : value]),
  );
}

function notThat(
  answer: Answer,
  wanted: string,
  found: JsonValue | undefined,
  index: number | undefined,
): UnexpectedContentFormat {
  const place = index === undefined ? "" : ` at position ${index}`;
  const kind = found === undefined ? "no body" : isJsonObject(found) ? messageKind(found) : kindOf(found);
  return new UnexpectedContentFormat(
    `${subject(answer)} answered ${answer.status} with ${kind}${place}, expected ${wanted}`,
    reference(answer),
  );
}

function messageKind(value: JsonObject): string {
  return hasSchema(value, LIST_RESPONSE) ? "a ListResponse" : "another object";
}
