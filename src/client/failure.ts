/**
 * What becomes of a request that gets no complete answer.
 *
 * @module
 */
import { RequestNetworkError, type NetworkFailure, type RequestReference } from "../errors.ts";

/** One attempt that got no complete answer. */
export interface Failure {
  readonly reason: NetworkFailure["reason"];
  /** What happened, as the end of a sentence. */
  readonly detail: string;
  /** The HTTP status, when the headers had arrived. */
  readonly status?: number;
  /** Whether the request may have reached the server. */
  readonly sent: boolean;
  readonly cause?: Error | undefined;
}

/** The error of a request whose last attempt failed. */
export function networkError(
  request: RequestReference,
  failure: Failure,
  unknownOutcome: boolean,
): RequestNetworkError {
  const outcome = unknownOutcome ? "; whether the server carried it out is unknown" : "";
  const { reason, detail, status, cause } = failure;
  return new RequestNetworkError(`${request.method} ${request.url}: ${detail}${outcome}`, {
    reason,
    request,
    unknownOutcome,
    ...(status === undefined ? {} : { status }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What a failed fetch or a broken body says, without anything of the request that it may hold. */
export function connectionFailure(error: unknown, detail: string, status?: number): Failure {
  const cause = withoutRequest(error, 0);
  const code = codeOf(error, 0);
  return {
    reason: "connection",
    detail: code === undefined ? detail : `${detail} (${code})`,
    sent: status !== undefined || code === undefined || !neverConnected(code),
    ...(status === undefined ? {} : { status }),
    cause,
  };
}

const DEPTH = 5;

/** Errors of a fetch may hold the request with its credentials: what is kept is a copy of name, message, code and stack. */
function withoutRequest(error: unknown, depth: number): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner = depth < DEPTH ? withoutRequest(error.cause, depth + 1) : undefined;
  const copy = new Error(error.message, inner === undefined ? undefined : { cause: inner });
  const { name, stack } = error;
  for (const [key, value] of Object.entries({ name, stack, code: ownCode(error) })) {
    if (typeof value === "string") Object.defineProperty(copy, key, { value, configurable: true, writable: true });
  }
  return copy;
}

function codeOf(error: unknown, depth: number): string | undefined {
  if (!(error instanceof Error) || depth > DEPTH) return undefined;
  return ownCode(error) ?? codeOf(error.cause, depth + 1);
}

function ownCode(error: Error): string | undefined {
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? code : undefined;
}

// Codes of Node, which Deno and Bun share in part. Where there is no code the request counts as sent.
function neverConnected(code: string): boolean {
  return /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT\w*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/.test(
    code,
  );
}
