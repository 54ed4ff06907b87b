/**
 * A resource, or any complex value in it, while operations change it. Copy on write: what no operation changes stays the
 * same object, and nothing that was given is ever changed.
 *
 * @module
 */
import { isJsonObject, setMember, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { sameName } from "../schema/resource-model.ts";
import { isHollow, isUnassigned } from "../schema/unassigned.ts";
import { memberName } from "./element.ts";
import { ListDraft } from "./list-draft.ts";
import { member } from "./messages.ts";

/** A part under change, and its value when it was last looked at. */
interface Child {
  readonly draft: ComplexDraft | ListDraft;
  seen: JsonValue | readonly JsonValue[];
}

/** A complex value under change. Members are found in any case and written in the schema's. */
export class ComplexDraft {
  #base: JsonObject;
  #copy: JsonObject | undefined;
  readonly #children = new Map<Attribute, Child>();

  constructor(base: JsonObject) {
    this.#base = base;
  }

  /** The value of an attribute as it is now. It is never changed afterwards. */
  get(attribute: Attribute): JsonValue | undefined {
    this.#settle(attribute);
    return member(this.#copy ?? this.#base, attribute.name);
  }

  /** Sets an attribute; `undefined` unassigns it. */
  set(attribute: Attribute, value: JsonValue | undefined): void {
    this.#settle(attribute);
    this.#children.delete(attribute);
    this.#write(attribute.name, value);
  }

  /** Sets a member that no schema defines. */
  setOpaque(name: string, value: JsonValue | undefined): void {
    this.#write(name, value);
  }

  /** The value of a single-valued complex attribute, to be changed; where there is none it begins empty. */
  complex(attribute: Attribute): ComplexDraft {
    const child = this.#children.get(attribute);
    if (child?.draft instanceof ComplexDraft) return child.draft;
    const value = this.get(attribute);
    const draft = new ComplexDraft(isJsonObject(value) ? value : {});
    this.#children.set(attribute, { draft, seen: draft.finish() });
    return draft;
  }

  /** The values of a multi-valued attribute, to be changed. */
  list(attribute: Attribute): ListDraft {
    const child = this.#children.get(attribute);
    if (child?.draft instanceof ListDraft) return child.draft;
    const value = this.get(attribute);
    const draft = new ListDraft(attribute, Array.isArray(value) ? value : isUnassigned(value) ? [] : [value]);
    this.#children.set(attribute, { draft, seen: draft.finish() });
    return draft;
  }

  /** The value as it is now; the object that was given when nothing has changed. It is never changed afterwards. */
  finish(): JsonObject {
    for (const attribute of this.#children.keys()) this.#settle(attribute);
    this.#base = this.#copy ?? this.#base;
    this.#copy = undefined;
    return this.#base;
  }

  #settle(attribute: Attribute): void {
    const child = this.#children.get(attribute);
    if (child === undefined) return;
    const value = child.draft.finish();
    if (value === child.seen) return;
    child.seen = value;
    // What the draft gives away it never changes again, so that the array is as good as a mutable one.
    const settled = value as JsonValue;
    this.#write(attribute.name, isHollow(settled) ? undefined : settled);
  }

  #write(name: string, value: JsonValue | undefined): void {
    const current = this.#copy ?? this.#base;
    const found = memberName(current, name);
    if (value === undefined ? found === undefined : found === name && current[name] === value) return;
    const copy = (this.#copy ??= { ...this.#base });
    if (found !== name || value === undefined) {
      for (const key of Object.keys(copy)) if (sameName(key, name)) delete copy[key];
    }
    if (value !== undefined) setMember(copy, name, value);
  }
}
