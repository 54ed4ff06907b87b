/**
 * What is not as the RFC has it in a server's discovery documents and is understood all the same: their envelopes, and their
 * entries by the schemas of RFC 7643 §5 to §7.
 *
 * @module
 */
import type { Deviation, OnDeviation } from "../deviation.ts";
import { ResponsePayloadValidationError, type Issue } from "../errors.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { member } from "../protocol/messages.ts";
import { isURN } from "../schema/attribute-path.ts";
import { check } from "../schema/check.ts";
import { normalise } from "../schema/normalise.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import { ResourceType, Schema, ServiceProviderConfig } from "../schema/service-provider-models.ts";
import type { Views } from "../schema/view.ts";
import { reference, subject } from "./answer.ts";
import type { DiscoveryDocument, DiscoveryWarning } from "./discovery-warnings.ts";
import type { Answer } from "./http.ts";

/** So many are told; a document has any number of entries, and each can be odd in the same way. */
const MOST_TOLD = 64;

const MODELS: Readonly<Record<DiscoveryDocument, ResourceModel<Views>>> = {
  ServiceProviderConfig,
  ResourceTypes: ResourceType,
  Schemas: Schema,
};

/** Collects the departures of one discovery: whoever listens hears of them; under a strict profile they are an error. */
export class DiscoveryDepartures {
  readonly #report: OnDeviation | undefined;
  readonly #strict: boolean;
  readonly #told = new Set<string>();
  readonly #issues: Issue[] = [];
  #answer: Answer | undefined;

  constructor(report: OnDeviation | undefined, strict: boolean) {
    this.#report = report;
    this.#strict = strict;
  }

  /** Receives what is odd about an answer with a document; `undefined` where nobody wants to know. */
  of(document: DiscoveryDocument, answer: Answer): OnDeviation | undefined {
    if (!this.#strict && this.#report === undefined) return undefined;
    return (deviation) => this.#tell(document, undefined, deviation, answer);
  }

  /**
   * The entries of a document in the form of their schema. What cannot be brought into it stays as it is.
   *
   * @param listed whether they came in a list. Default `true`.
   */
  entries(
    document: DiscoveryDocument,
    items: readonly JsonValue[],
    answer: Answer,
    listed = true,
  ): readonly JsonValue[] {
    const model = MODELS[document];
    return items.map((item, index) => {
      if (!this.#strict && this.#report === undefined) return normalise(model, "response", item);
      const place = listed ? index : undefined;
      // RFC 7643 §8.7 shows schemas without `schemas`.
      const bare = document === "Schemas" && isJsonObject(item) && member(item, "schemas") === undefined;
      const normalised = normalise(model, "response", item, (deviation) => {
        const { kind, path } = deviation;
        // Documents can be extended as any resource can (RFC 7643 §3.3).
        if ((bare && kind === "schemas") || (kind === "unknownAttribute" && isURN(path))) return;
        this.#tell(document, place, deviation, answer);
      });
      if (this.#strict) {
        for (const issue of check(model, "response", normalised)) this.#tell(document, place, issue, answer);
      }
      return normalised;
    });
  }

  /**
   * Under a strict profile, what cannot be used is no better than what had to be repaired.
   *
   * @throws {ResponsePayloadValidationError} naming all that was found, under a strict profile and if anything was.
   */
  settle(warnings: readonly DiscoveryWarning[], answer: Answer | undefined): void {
    if (!this.#strict) return;
    this.#answer ??= answer;
    for (const { document, path, message } of warnings) {
      this.#add({ path: path === "" ? document : path, rule: "deviation", message, section: "RFC 7644 §4" });
    }
    const [first, ...more] = this.#issues;
    if (first === undefined || this.#answer === undefined) return;
    throw new ResponsePayloadValidationError(subject(this.#answer), [first, ...more], reference(this.#answer));
  }

  #tell(document: DiscoveryDocument, index: number | undefined, found: Deviation | Issue, answer: Answer): void {
    // Each entry can be odd in the same way: that is said once.
    const kind = "kind" in found ? found.kind : found.rule;
    const what = found.path === "" ? found.message : found.path.replaceAll(/\[\d+\]/g, "");
    const once = `${document} ${kind} ${what}`;
    if (this.#told.has(once) || this.#told.size === MOST_TOLD) return;
    this.#told.add(once);
    const place = index === undefined ? document : `${document}[${index}]`;
    const path = found.path === "" ? place : `${place}.${found.path}`;
    const where = index === undefined ? `/${document}` : `/${document}, entry ${index}`;
    const message = `${where}: ${found.message}`;
    if (!this.#strict) {
      if ("kind" in found) this.#report?.({ kind: found.kind, path, message, section: found.section });
      return;
    }
    this.#answer ??= answer;
    this.#add({ path, rule: "kind" in found ? "deviation" : found.rule, message, section: found.section });
  }

  #add(issue: Issue): void {
    if (this.#issues.length < MOST_TOLD) this.#issues.push(issue);
  }
}
