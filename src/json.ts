/** A value that JSON can carry (RFC 8259 §3). */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. A member that is absent reads as `undefined`. */
export type JsonObject = { [member: string]: JsonValue | undefined };

/** As `JsonValue`, where it is only read: what is `as const`, frozen or `Readonly` fits in too. */
export type ReadonlyJsonValue =
  string | number | boolean | null | readonly ReadonlyJsonValue[] | ReadonlyJsonObject;

/** As `JsonObject`, where it is only read. */
export type ReadonlyJsonObject = { readonly [member: string]: ReadonlyJsonValue | undefined };

/** Whether a value is a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sets a member, also one called `__proto__`, which an assignment would take for the prototype. */
export function setMember(object: JsonObject, member: string, value: JsonValue | undefined): void {
  if (member !== "__proto__") object[member] = value;
  else Object.defineProperty(object, member, { value, writable: true, enumerable: true, configurable: true });
}

/** Leaves out the members that are `undefined`. */
export function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** What a value is, without saying which, for messages: `an array`, `a number`, `undefined`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return Number.isFinite(value) ? "a number" : "a number out of range";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
