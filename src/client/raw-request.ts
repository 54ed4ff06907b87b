/**
 * Requests that no verb sends, and their answers as they came.
 *
 * @module
 */
import type { JsonValue, ReadonlyJsonValue } from "../json.ts";
import type { HeaderFields } from "./headers.ts";

/** What `request` sends. */
export interface RawRequest {
  /** Such as `GET`. */
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
