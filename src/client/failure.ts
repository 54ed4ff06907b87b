/**
 * What becomes of a request that gets no complete answer.
 *
 * @module
 */
import { RequestNetworkError, type NetworkFailure, type RequestReference } from "../errors.ts";
import { hide } from "./secrets.ts";

/** One attempt that got no complete answer. */
export interface Failure {
  readonly reason: NetworkFailure["reason"];
  /** What happened, as the end of a sentence. */
  readonly detail: string;
  /** The HTTP status, when the headers had arrived. */
  readonly status?: number;
  /** Whether the request may have reached the server. */
  readonly sent: boolean;
  /** Whether it would fail again, however often it is sent. */
  readonly lasting?: boolean;
  /** What was thrown; it may hold the request and its credentials. */
  readonly cause?: unknown;
}

/** A fetch that was rejected, or a body that broke off when there is a status. */
export function connectionFailure(cause: unknown, status?: number): Failure {
  const code = codeOf(cause, 0);
  const isBadPort = cause instanceof Error && cause.cause instanceof Error && cause.cause.message === "bad port";
  const what =
    status === undefined ? "the connection failed" : "the connection broke off in the middle of the answer";
  const hint = status === undefined && code !== undefined ? (HINTS[code] ?? "") : "";
  const why = isBadPort ? BAD_PORT : code === undefined ? "" : ` (${code})${hint}`;
  return {
    reason: "connection",
    detail: what + why,
    sent: status !== undefined || !(isBadPort || (code !== undefined && NEVER_CONNECTED.test(code))),
    ...(isBadPort || (code !== undefined && LASTING.test(code)) ? { lasting: true } : {}),
    ...(status === undefined ? {} : { status }),
    cause,
  };
}

/**
 * The error of a request whose last attempt failed. What a fetch throws may hold the request: the cause is a copy that
 * keeps name, message, code and stack, and in these no text of `secrets`.
 */
export function networkError(
  request: RequestReference,
  failure: Failure,
  unknownOutcome: boolean,
  secrets: readonly string[],
): RequestNetworkError {
  const { reason, detail, status } = failure;
  const outcome = !unknownOutcome
    ? ""
    : request.method === "GET"
      ? "; the write that it completes was carried out"
      : "; whether the server carried it out is unknown";
  const cause = copyOf(failure.cause, secrets, 0);
  return new RequestNetworkError(`${request.method} ${request.url}: ${detail}${outcome}`, {
    reason,
    request,
    unknownOutcome,
    ...(status === undefined ? {} : { status }),
    ...(cause === undefined ? {} : { cause }),
  });
}

const MAX_DEPTH = 5;

/** What the Fetch standard calls a bad port has neither a code nor a class of its own. */
const BAD_PORT = ": fetch refuses this port (port blocking of the Fetch standard)";

const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: ": nothing listens there",
  ENOTFOUND: ": there is no such host",
  ERR_SSL_WRONG_VERSION_NUMBER: ": the server speaks no TLS there; is its URL http?",
};

/** What a wrong URL or certificate leads to. */
const LASTING =
  /^(?:CERT_\w+|ERR_TLS_CERT\w*|ERR_SSL_WRONG_VERSION_NUMBER|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

// Node's codes, which Deno and Bun share in part. Without a code the request counts as sent.
const NEVER_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_SSL_WRONG_VERSION_NUMBER|CERT_\w+|ERR_TLS_CERT\w*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

function copyOf(error: unknown, secrets: readonly string[], depth: number): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner = depth < MAX_DEPTH ? copyOf(error.cause, secrets, depth + 1) : undefined;
  const copy = new Error(hide(error.message, secrets), inner === undefined ? undefined : { cause: inner });
  const kept = { name: error.name, stack: error.stack, code: ownCode(error) };
  for (const [key, text] of Object.entries(kept)) {
    if (typeof text !== "string") continue;
    Object.defineProperty(copy, key, { value: hide(text, secrets), configurable: true, writable: true });
  }
  return copy;
}

function codeOf(error: unknown, depth: number): string | undefined {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return undefined;
  return ownCode(error) ?? codeOf(error.cause, depth + 1);
}

function ownCode(error: Error): string | undefined {
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? code : undefined;
}
