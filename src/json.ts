/** A value that JSON can carry (RFC 8259 §3). */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. A member that is absent reads as `undefined`. */
export type JsonObject = { [member: string]: JsonValue | undefined };

/** Whether a value is a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
