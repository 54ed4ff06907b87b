/**
 * Requests that no verb sends, and their answers as they came.
 *
 * @module
 */
import type { JsonValue, ReadonlyJsonValue } from "../json.ts";
import { isToken, type HeaderFields } from "./headers.ts";
import { checkOptions, type CallOptions } from "./options.ts";

/** What `request` sends. */
export interface RawRequest {
  /** Such as `GET`; sent in upper case. */
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: ReadonlyJsonValue | undefined;
  readonly headers?: HeaderFields | undefined;
}

/** What `request` gives: the answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Decoded JSON; text where it was none; `undefined` when there was no body. */
  readonly body: JsonValue | undefined;
}

/** Options of `request`. */
export type RawOptions = Pick<
  CallOptions,
  "signal" | "timeout" | "retry" | "headers" | "searchParams" | "onResponse"
>;

/** All texts and numbers of a body: nobody knows which of them are secret, so no error shows any. */
export function textsOf(body: ReadonlyJsonValue | undefined): readonly string[] {
  const texts: string[] = [];
  JSON.stringify(body, (_name, value: unknown) => {
    if (typeof value === "string" || typeof value === "number") texts.push(String(value));
    return value;
  });
  return texts;
}

/** Refuses what is misspelt, and a method that is none. @throws {TypeError} */
export function checkRaw(request: RawRequest, options: RawOptions): void {
  checkOptions(request, REQUEST);
  checkOptions(options, OPTIONS);
  if (!isToken(request.method)) throw new TypeError("the method of a request must be a token (RFC 9110 §9.1)");
}

const REQUEST: Readonly<Record<keyof RawRequest, true>> = { body: true, headers: true, method: true, path: true };
const OPTIONS: Readonly<Record<keyof RawOptions, true>> = {
  headers: true,
  onResponse: true,
  retry: true,
  searchParams: true,
  signal: true,
  timeout: true,
};
