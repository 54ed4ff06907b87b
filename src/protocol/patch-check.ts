/**
 * The check of a PATCH request before it is sent: what can be known of it without the resource.
 *
 * @module
 */
import { PatchError, type IssueRule } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import { formatAttributes } from "../schema/attribute-path.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import type { Views } from "../schema/view.ts";
import { operationsOf, type PatchInput, type PatchOperation } from "./patch.ts";
import { findImmutable } from "./element.ts";
import { readStep, valueIssues, valueOf, type PatchIssue, type Step } from "./patch-step.ts";

/** Operations as they are to be sent, and what is wrong with them. */
export interface CheckedOperations {
  /** Names and paths in the schema's spelling, a lone value of a multi-valued attribute in an array. */
  readonly operations: readonly PatchOperation[];
  /** Nothing when all is well; operations with an issue are as they were given. */
  readonly issues: readonly PatchIssue[];
}

/** How many issues are listed unless a limit is given. */
const LIMIT = 64;

/**
 * Checks operations against a model: each path is found and each value fits (context `patch`); what is readOnly is not
 * touched; what is immutable is only ever added, which the server refuses when it is there already; what is required is
 * not removed; `remove` has no value; unknown attributes and extensions are refused, with the name that was probably meant.
 *
 * @param limit the most issues listed, at least 1.
 */
export function checkOperations(
  model: ResourceModel<Views>,
  input: PatchInput,
  limit: number = LIMIT,
): CheckedOperations {
  const issues: PatchIssue[] = [];
  const operations = operationsOf(input).map((operation, index) => {
    if (issues.length >= limit) return operation;
    const found = issues.length;
    try {
      const step = readStep(model, operation, index);
      const refused = mutabilityIssues(model, step);
      const others = valueIssues(model, step, limit - issues.length);
      issues.push(
        ...refused,
        ...others.filter(({ rule, path }) => rule !== "mutability" || path !== refused[0]?.path),
      );
      return issues.length === found ? written(step) : operation;
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      issues.push(issueOf(error));
      return operation;
    }
  });
  return { operations, issues: issues.slice(0, limit) };
}

function written({ op, target, value }: Step): PatchOperation {
  if (op === "remove" || value === undefined) return { op: "remove", path: target.path };
  return target.path === "" ? { op, value } : { op, path: target.path, value };
}

/** At most one: the outermost attribute that the operation must not touch. */
function mutabilityIssues(model: ResourceModel<Views>, step: Step): PatchIssue[] {
  const { op, target } = step;
  const path = [...target.attributes, ...target.subAttributes];
  const { attribute, element } = valueOf(target);
  const readOnly = path.find(({ mutability }) => mutability === "readOnly");
  if (readOnly !== undefined) return [refusal(step, `"${target.shown}" is readOnly`, "RFC 7643 §7")];
  if (op === "add") return [];
  if (op === "remove" && attribute?.required === true && !element) {
    return [refusal(step, `"${target.shown}" is required and must not be removed`, "RFC 7644 §3.5.2.2")];
  }
  if (path.some(({ mutability }) => mutability === "immutable")) {
    return [refusal(step, `"${target.shown}" is immutable and can only be added`, "RFC 7644 §3.5.2")];
  }
  const merged =
    attribute === undefined ? model.attributes : attribute.multiValued ? undefined : attribute.subAttributes;
  if (op === "remove" || merged === undefined || !isJsonObject(step.value)) return [];
  const set = findImmutable(merged, step.value);
  return set === undefined
    ? []
    : [
        refusal(
          step,
          `"${formatAttributes([...path, ...set])}" is immutable and can only be added`,
          "RFC 7644 §3.5.2",
        ),
      ];
}

function refusal({ target, index }: Step, message: string, section: string): PatchIssue {
  const text = `${message} (${section})`;
  return {
    path: target.shown,
    rule: "mutability",
    message: text,
    section,
    operation: index,
    scimType: "mutability",
  };
}

const RULES: Readonly<Record<string, IssueRule>> = {
  invalidSyntax: "type",
  invalidPath: "unknown",
  invalidFilter: "unknown",
  noTarget: "required",
  invalidValue: "required",
};

function issueOf({ message, scimType, operation }: PatchError): PatchIssue {
  const section = /RFC \d{4} §[\d.]+(?=\)$)/.exec(message)?.[0] ?? "RFC 7644 §3.5.2";
  return { path: "", rule: RULES[scimType] ?? "type", message, section, operation, scimType };
}
