/**
 * Hooks to log and trace with. They see no credentials: header fields that carry them read `***`, `Set-Cookie` is left
 * out, and so are bodies. What a hook throws reaches the caller of the verb; a promise is waited for until the call's
 * signal is aborted or its total time is over.
 *
 * @module
 */
import type { NetworkFailure, RequestReference } from "../errors.ts";

/** A request about to be sent. */
export interface RequestEvent {
  readonly request: RequestReference;
  /** A redacted copy. */
  readonly headers: Headers;
  /** Which attempt this is, from 1; retries, redirects and the second try after a 401 count. */
  readonly attempt: number;
}

/** An answer that has come whole. */
export interface ResponseEvent {
  readonly request: RequestReference;
  readonly status: number;
  /** A copy without `Set-Cookie`. */
  readonly headers: Headers;
  /** The `ETag` header (RFC 7644 §3.14). */
  readonly etag: string | undefined;
  /** The `Location` header. */
  readonly location: string | undefined;
  /** The `Set-Txn` header (RFC 9967 §2.5). */
  readonly txn: string | undefined;
  /** From sending this attempt to the end of its body. */
  readonly milliseconds: number;
  readonly attempt: number;
}

/** A request about to be sent again after a wait. */
export interface RetryEvent {
  readonly request: RequestReference;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** The wait before the next one, in milliseconds. */
  readonly delay: number;
  /** The status that is the reason; `undefined` where no complete answer came. */
  readonly status: number | undefined;
  /** What the network did; `undefined` where an answer is the reason. */
  readonly failure: NetworkFailure["reason"] | undefined;
}

/** Called with every answer, also those that are followed, refreshed or retried. */
export type OnResponse = (event: ResponseEvent) => void | Promise<void>;

/** The hooks of a client. */
export interface Hooks {
  /** Called before every attempt. */
  readonly onRequest?: ((event: RequestEvent) => void | Promise<void>) | undefined;
  /** Called with every answer, also those that are followed, refreshed or retried. */
  readonly onResponse?: OnResponse | undefined;
  /** Called before the wait for every retry. */
  readonly onRetry?: ((event: RetryEvent) => void | Promise<void>) | undefined;
}

/** What `onResponse` gets. */
export function responseEvent(
  request: RequestReference,
  response: Response,
  attempt: number,
  milliseconds: number,
): ResponseEvent {
  const headers = new Headers(response.headers);
  headers.delete("set-cookie");
  const get = (name: string): string | undefined => headers.get(name) ?? undefined;
  const { status } = response;
  const [etag, location, txn] = [get("etag"), get("location"), get("set-txn")];
  return { request, status, headers, etag, location, txn, milliseconds, attempt };
}
