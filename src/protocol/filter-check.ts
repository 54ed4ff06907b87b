/**
 * Checks a filter against a model before it is sent (RFC 7644 §3.4.2.2): names that exist, operators that fit the type,
 * values of the right type.
 *
 * @module
 */
import type { Issue, IssueRule } from "../errors.ts";
import { printable, type Attribute, type Attributes, type AttributeType } from "../schema/attribute.ts";
import { joinAttributePath, type AttributePath } from "../schema/attribute-path.ts";
import { isDateTime } from "../schema/date-time.ts";
import { sameName, type ResourceModel } from "../schema/resource-model.ts";
import { nearestName } from "../schema/spelling.ts";
import type { Views } from "../schema/view.ts";
import { isOrder, isSubstring } from "./criterion.ts";
import type { Comparison, Filter, FilterValue, Present, ValuePath } from "./filter.ts";
import { parseFilter } from "./filter-parser.ts";

/** More than anyone reads; hints for thousands of names would take their time. */
const MOST = 20;

const SECTION = "RFC 7644 §3.4.2.2";

/**
 * What is wrong with a filter for resources of a model, in the order of its text; at most 20 issues.
 *
 * - `unknown`: an attribute, sub-attribute or schema that the model does not have. Below a complex attribute whose
 *   sub-attributes are not published every name is accepted.
 * - `type`: an operator that the attribute's type does not allow, a value of another type, a complex attribute compared
 *   as a whole, brackets where there is nothing to select.
 * - `format`: a dateTime compared with text that is no date-time.
 *
 * @throws {SCIMSyntaxError} when the text is no filter.
 */
export function checkFilter(model: ResourceModel<Views>, filter: Filter | string): Issue[] {
  const check = new FilterCheck(model);
  check.filter(typeof filter === "string" ? parseFilter(filter) : filter);
  return check.issues;
}

/** What a value path's brackets are about. */
interface Scope {
  readonly attribute: Attribute;
  readonly path: string;
}

class FilterCheck {
  readonly issues: Issue[] = [];
  readonly #model: ResourceModel<Views>;

  constructor(model: ResourceModel<Views>) {
    this.#model = model;
  }

  /** @param scope where the paths begin, in brackets. */
  filter(filter: Filter, scope?: Scope): void {
    if (this.issues.length === MOST) return;
    switch (filter.op) {
      case "and":
      case "or":
        for (const operand of filter.filters) this.filter(operand, scope);
        break;
      case "not":
        this.filter(filter.filter, scope);
        break;
      case "valuePath":
        this.#valuePath(filter);
        break;
      default:
        this.#condition(filter, scope);
    }
  }

  #valuePath(filter: ValuePath): void {
    const path = printable(joinAttributePath(filter.path), 200);
    const attribute = this.#inModel(filter.path, path);
    if (attribute === undefined) return;
    if (attribute.type !== "complex" && !attribute.multiValued) {
      this.#report(path, "type", `has a single value of type ${attribute.type}, brackets have nothing to select`);
      return;
    }
    this.filter(filter.filter, { attribute, path });
  }

  #condition(filter: Comparison | Present, scope: Scope | undefined): void {
    const names = printable(joinAttributePath(filter.path), 200);
    const path = scope === undefined ? names : `${scope.path}.${names}`;
    const attribute =
      scope === undefined ? this.#inModel(filter.path, path) : this.#inElement(filter.path, path, scope);
    if (attribute !== undefined && filter.op !== "pr") this.#comparison(filter, attribute, path);
  }

  #comparison({ op, value }: Comparison, attribute: Attribute, path: string): void {
    if (value === null) {
      if (op !== "eq" && op !== "ne") this.#report(path, "type", `cannot be compared with null by "${op}"`);
      return;
    }
    if (attribute.type === "complex" && attribute.subAttributes === undefined) return;
    const simple = attribute.type === "complex" ? attribute.subAttributes?.get("value") : attribute;
    if (simple === undefined) {
      this.#report(path, "type", "is complex, so that one of its sub-attributes has to be named");
    } else if (isOrder(op) && (simple.type === "boolean" || simple.type === "binary")) {
      this.#report(path, "type", `is ${simple.type} and has no order, so that "${op}" is an invalidFilter`);
    } else if (isSubstring(op) && TYPES[simple.type] !== "string") {
      this.#report(path, "type", `is ${simple.type} and no text, so that "${op}" cannot be used`);
    } else if (TYPES[simple.type] !== typeof value) {
      this.#report(path, "type", `is ${simple.type} and cannot be compared with ${describe(value)}`);
    } else if (simple.type === "dateTime" && !isSubstring(op) && !isDateTime(String(value))) {
      this.#report(path, "format", "must be compared with a date-time such as 2008-01-23T04:56:22Z");
    }
  }

  /** The attribute that a path names in the model; `undefined` when that is reported, or not to be known. */
  #inModel(path: AttributePath, shown: string): Attribute | undefined {
    const model = this.#model;
    const { schema, attribute, subAttributes } = path;
    const names = [attribute, ...subAttributes];
    if (schema === undefined) return this.#descend(model.attributes, names, model.name, shown);
    const whole = joinAttributePath(path);
    const chain = model.resolve(whole);
    if (chain !== undefined) return chain.at(-1);
    const urn = attribute === "" ? whole : schema;
    if (sameName(urn, model.schema.id)) return this.#descend(model.attributes, names, model.name, shown);
    const extension = model.attributes.get(urn);
    if (extension !== undefined) return this.#descend(extension.subAttributes, names, `"${extension.name}"`, shown);
    const known = [model.schema.id, ...model.extensions.map((entry) => entry.model.schema.id)];
    const near = nearestName(urn, known) ?? nearestName(whole, known);
    this.#report(shown, "unknown", `is not in a schema of ${model.name}${hint(near)}`);
    return undefined;
  }

  #inElement(path: AttributePath, shown: string, scope: Scope): Attribute | undefined {
    const { attribute } = scope;
    const names = [path.attribute, ...path.subAttributes];
    if (path.schema === undefined && attribute.type === "complex") {
      if (attribute.subAttributes === undefined) return undefined;
      return this.#descend(attribute.subAttributes, names, `"${scope.path}"`, shown);
    }
    if (path.schema === undefined && names.length === 1 && sameName(path.attribute, "value")) return attribute;
    this.#report(shown, "unknown", `is not a sub-attribute of "${scope.path}"`);
    return undefined;
  }

  #descend(
    level: Attributes | undefined,
    names: readonly string[],
    owner: string,
    shown: string,
  ): Attribute | undefined {
    let within = level;
    let found: Attribute | undefined;
    for (const name of names) {
      if (found?.type === "complex" && within === undefined) return undefined;
      const next: Attribute | undefined = within?.get(name);
      if (next === undefined) {
        const near = this.#near(name, within, found);
        this.#report(
          shown,
          "unknown",
          `is not an attribute of ${found === undefined ? owner : `"${found.name}"`}${hint(near)}`,
        );
        return undefined;
      }
      found = next;
      within = next.subAttributes;
    }
    return found;
  }

  /** What was probably meant: a similar name, or the name in an extension, whose URN has to be there. */
  #near(name: string, level: Attributes | undefined, parent: Attribute | undefined): string | undefined {
    if (parent === undefined && level === this.#model.attributes) {
      for (const { model } of this.#model.extensions) {
        const attribute = model.attributes.get(name);
        if (attribute !== undefined) return `${model.schema.id}:${attribute.name}`;
      }
    }
    return nearestName(name, level === undefined ? [] : [...level].map((attribute) => attribute.name));
  }

  #report(path: string, rule: IssueRule, what: string): void {
    this.issues.push({ path, rule, message: `"${path}" ${what} (${SECTION})`, section: SECTION });
  }
}

/** What stands for a value of each type in JSON. */
const TYPES: Readonly<Record<AttributeType, "string" | "boolean" | "number" | "object">> = {
  string: "string",
  boolean: "boolean",
  decimal: "number",
  integer: "number",
  dateTime: "string",
  binary: "string",
  reference: "string",
  complex: "object",
};

function describe(value: FilterValue): string {
  return typeof value === "string" ? "a string" : typeof value === "number" ? "a number" : "a boolean";
}

function hint(name: string | undefined): string {
  return name === undefined ? "" : `; perhaps "${name}" is meant`;
}
