/**
 * Criteria: what one value has to be for a comparison to match (RFC 7644 §3.4.2.2, table 3).
 *
 * @module
 */
import type { Attribute } from "../schema/attribute.ts";
import type { ComparisonOperator, FilterValue } from "./filter.ts";
import { compareInstants, instantOf } from "./instant.ts";

/** Tells whether one value matches; `undefined` stands for an attribute that is unassigned (RFC 7643 §2.5). */
export type Criterion = (value: unknown) => boolean;

/** How deep presence is looked for; schemas go eight levels at most. */
const DEPTH = 32;

/**
 * The criterion of a comparison. `null` is compared with the attribute as a whole, anything else with each value.
 *
 * - `eq` needs the same type, so `ne` matches a value of another type and an unassigned attribute; nothing else does.
 * - Text is compared in lower case unless the attribute is caseExact or binary; text of unknown attributes, too.
 * - dateTime values are points in time. Text that is no date-time of RFC 3339 equals only itself and is in no order.
 * - What has no order (booleans, binary values) is neither greater nor less.
 *
 * @param attribute `undefined` for what no schema defines.
 */
export function criterionOf(
  operator: ComparisonOperator,
  operand: FilterValue,
  attribute: Attribute | undefined,
): Criterion {
  if (operator === "ne") return not(criterionOf("eq", operand, attribute));
  if (operand === null) return operator === "eq" ? isUnassigned : never;
  if (typeof operand !== "string") return valueCriterion(operator, operand);
  if (attribute?.type === "dateTime") return dateTimeCriterion(operator, operand);
  if (attribute?.type === "binary" && isOrder(operator)) return never;
  const exact = attribute !== undefined && (attribute.caseExact || attribute.type === "binary");
  return exact ? exactCriterion(operator, operand) : foldedCriterion(operator, operand);
}

/** Whether an attribute has no value: null, an empty array, and what consists of nothing else (RFC 7643 §2.5). */
export function isUnassigned(value: unknown): boolean {
  return isEmpty(value, false, 0);
}

/** Whether `pr` matches: some value is there that is not empty, and text is not empty either. */
export function isPresent(value: unknown): boolean {
  return !isEmpty(value, true, 0);
}

/** Whether an operator asks for an order. */
export function isOrder(operator: ComparisonOperator): boolean {
  return operator === "gt" || operator === "ge" || operator === "lt" || operator === "le";
}

/** Whether an operator looks for text within text. */
export function isSubstring(operator: ComparisonOperator): boolean {
  return operator === "co" || operator === "sw" || operator === "ew";
}

function isEmpty(value: unknown, text: boolean, depth: number): boolean {
  if (typeof value !== "object") return value === undefined || (text && value === "");
  if (value === null) return true;
  if (depth === DEPTH) return false;
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return parts.every((part) => isEmpty(part, text, depth + 1));
}

function never(): boolean {
  return false;
}

function not(criterion: Criterion): Criterion {
  return (value) => !criterion(value);
}

function valueCriterion(operator: ComparisonOperator, operand: number | boolean): Criterion {
  if (operator === "eq") return (value) => value === operand;
  if (typeof operand === "boolean") return never;
  switch (operator) {
    case "gt":
      return (value) => typeof value === "number" && value > operand;
    case "ge":
      return (value) => typeof value === "number" && value >= operand;
    case "lt":
      return (value) => typeof value === "number" && value < operand;
    case "le":
      return (value) => typeof value === "number" && value <= operand;
    default:
      return never;
  }
}

function exactCriterion(operator: ComparisonOperator, operand: string): Criterion {
  switch (operator) {
    case "co":
      return (value) => typeof value === "string" && value.includes(operand);
    case "sw":
      return (value) => typeof value === "string" && value.startsWith(operand);
    case "ew":
      return (value) => typeof value === "string" && value.endsWith(operand);
    case "gt":
      return (value) => typeof value === "string" && value > operand;
    case "ge":
      return (value) => typeof value === "string" && value >= operand;
    case "lt":
      return (value) => typeof value === "string" && value < operand;
    case "le":
      return (value) => typeof value === "string" && value <= operand;
    default:
      return (value) => value === operand;
  }
}

function foldedCriterion(operator: ComparisonOperator, operand: string): Criterion {
  const folded = operand.toLowerCase();
  if (operator === "eq") return foldedEquality(operand, folded);
  const test = exactCriterion(operator, folded);
  return (value) => typeof value === "string" && test(value.toLowerCase());
}

/** Only letters beyond ASCII change their length with their case. */
function foldedEquality(operand: string, folded: string): Criterion {
  const { length } = folded;
  const ascii = /^[\0-\x7f]*$/.test(folded);
  return (value) => {
    if (value === operand) return true;
    return typeof value === "string" && !(ascii && value.length !== length) && value.toLowerCase() === folded;
  };
}

function dateTimeCriterion(operator: ComparisonOperator, operand: string): Criterion {
  const wanted = instantOf(operand);
  if (isSubstring(operator)) return foldedCriterion(operator, operand);
  if (wanted === undefined) return operator === "eq" ? (value) => value === operand : never;
  const order = (value: unknown): number => {
    const instant = typeof value === "string" ? instantOf(value) : undefined;
    return instant === undefined ? Number.NaN : compareInstants(instant, wanted);
  };
  switch (operator) {
    case "gt":
      return (value) => order(value) > 0;
    case "ge":
      return (value) => order(value) >= 0;
    case "lt":
      return (value) => order(value) < 0;
    case "le":
      return (value) => order(value) <= 0;
    default:
      return (value) => order(value) === 0;
  }
}
