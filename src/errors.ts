/**
 * The error family. Wrong use of the library is a plain `TypeError` and an aborted call rejects with `signal.reason`;
 * everything else that goes wrong is a `SCIMClientError`. `code` is the class name in snake case and never changes.
 *
 * No error holds a request's credentials or payload; what a server sent (`body`) is not enumerable, so that neither
 * `console.log` nor `JSON.stringify` prints it.
 *
 * @module
 */

/** Detail error keywords of RFC 7644 §3.12, table 9, and RFC 9865 §2.1. Servers invent more: the type is open. */
export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount"
  | (string & {});

/** A SCIM Error message (RFC 7644 §3.12). */
export interface ErrorMessage {
  readonly schemas: readonly ["urn:ietf:params:scim:api:messages:2.0:Error"];
  /** The HTTP status code as text. */
  readonly status: string;
  readonly scimType?: ScimType;
  readonly detail?: string;
}

/** The rules that a payload can break; what an issue's `rule` names. */
export type IssueRule =
  | "type"
  | "required"
  | "unknown"
  | "mutability"
  | "returned"
  | "format"
  | "schemas"
  | "name"
  | "bounds"
  | "deviation";

/** One thing that is wrong with a payload. It never holds the offending value. */
export interface Issue {
  /** Attribute path with positions, such as `emails[1].value`; empty for the payload as a whole. */
  readonly path: string;
  readonly rule: IssueRule;
  /** One sentence: subject, rule, place. */
  readonly message: string;
  /** The section that sets the rule, such as `RFC 7643 §2.2`. */
  readonly section: string;
}

/** At least one issue. */
export type Issues = readonly [Issue, ...Issue[]];

/** Which request an error belongs to. The URL is without user information. */
export interface RequestReference {
  readonly method: string;
  readonly url: string;
}

/** Everything that scimkit throws on its own account, wrong use and aborts apart. */
export class SCIMClientError extends Error {
  override readonly name: string = "SCIMClientError";
  /** The class name in snake case. */
  readonly code: string = "scim_client_error";
  /**
   * Where one call of `modify` takes several requests: how many of them had been carried out before this one failed. They are
   * not undone; read the resource to see where it stands. Otherwise absent. Not enumerable.
   */
  declare readonly appliedRequests?: number;

  /** The message becomes one line of sensible length, for servers have a say in it. */
  constructor(message?: string, options?: ErrorOptions) {
    super(message === undefined ? undefined : line(message), options);
  }
}

/** No complete answer came: the request was refused before it was sent, or the answer never arrived whole. */
export class SCIMRequestError extends SCIMClientError {
  override readonly name: string = "SCIMRequestError";
  override readonly code: string = "scim_request_error";
}

/** The payload does not fit the model in this context; nothing was sent. */
export class RequestPayloadValidationError extends SCIMRequestError {
  override readonly name = "RequestPayloadValidationError";
  override readonly code = "request_payload_validation_error";
  readonly issues: Issues;

  /** @param advice what the caller can do about it, as the end of the message. */
  constructor(subject: string, issues: Issues, advice = "") {
    super(summary(subject, issues) + advice);
    this.issues = issues;
  }
}

/** What a `RequestNetworkError` knows beside its message. */
export interface NetworkFailure {
  /** `timeout`, `bodyTooLarge`, or `connection` for everything the network did. */
  readonly reason: "timeout" | "bodyTooLarge" | "connection";
  readonly request: RequestReference;
  /** The HTTP status, when the headers had arrived. */
  readonly status?: number;
  /**
   * Whether the server may have carried out the request all the same: true for a write that was sent, and for the read
   * that completes one.
   */
  readonly unknownOutcome: boolean;
  readonly cause?: unknown;
}

/** The connection failed, also in the middle of a body; the time ran out; or the body was larger than allowed. */
export class RequestNetworkError extends SCIMRequestError {
  override readonly name = "RequestNetworkError";
  override readonly code = "request_network_error";
  readonly reason: NetworkFailure["reason"];
  readonly request: RequestReference;
  readonly status: number | undefined;
  /**
   * Whether the server may have carried out the request all the same: true for a write that was sent, and for the read
   * that completes one.
   */
  readonly unknownOutcome: boolean;

  constructor(message: string, failure: NetworkFailure) {
    super(message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.reason = failure.reason;
    this.request = failure.request;
    this.status = failure.status;
    this.unknownOutcome = failure.unknownOutcome;
  }
}

/** What a `TokenRequestError` knows beside its message. */
export interface TokenFailure {
  readonly request: RequestReference;
  /** The HTTP status of the authorization server, when it answered. */
  readonly status?: number | undefined;
  /** The error code of RFC 6749 §5.2, when it gave one. */
  readonly error?: string | undefined;
  readonly cause?: unknown;
}

/** The OAuth 2.0 authorization server gave no usable access token, so that the SCIM request was not sent. */
export class TokenRequestError extends SCIMRequestError {
  override readonly name = "TokenRequestError";
  override readonly code = "token_request_error";
  /** The request to the authorization server, not the SCIM request that waited for it. */
  readonly request: RequestReference;
  /** The HTTP status of the authorization server; `undefined` where no complete answer came (`cause` says why). */
  readonly status: number | undefined;
  /** The error code of RFC 6749 §5.2, such as `invalid_client`. */
  readonly error: string | undefined;

  constructor(message: string, failure: TokenFailure) {
    super(message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.request = failure.request;
    this.status = failure.status;
    this.error = failure.error;
  }
}

/** ServiceProviderConfig or the profile says that the server cannot do this. Nothing was sent; `capabilities` overrides. */
export class UnsupportedByServer extends SCIMRequestError {
  override readonly name = "UnsupportedByServer";
  override readonly code = "unsupported_by_server";
  /** What is missing: `patch`, `bulk`, `filter`, `sort`, `etag`, … */
  readonly capability: string;

  constructor(capability: string, message: string) {
    super(message);
    this.capability = capability;
  }
}

/** No resource type of that name or schema is known; the message lists those that are. */
export class UnknownResourceType extends SCIMRequestError {
  override readonly name = "UnknownResourceType";
  override readonly code = "unknown_resource_type";
  /** The names that are known. */
  readonly known: readonly string[];

  constructor(message: string, known: readonly string[]) {
    super(message);
    this.known = known;
  }
}

/** What every answer error carries. */
export interface AnswerReference {
  readonly status: number;
  readonly headers: Headers;
  readonly request: RequestReference;
  /** The decoded body, or its text where it was not JSON. */
  readonly body?: unknown;
  /** Whether the server may have carried out the write all the same. */
  readonly unknownOutcome?: boolean;
}

/** An answer came and cannot be accepted. */
export class SCIMResponseError extends SCIMClientError {
  override readonly name: string = "SCIMResponseError";
  override readonly code: string = "scim_response_error";
  /** The HTTP status. */
  readonly status: number;
  readonly request: RequestReference;
  /**
   * Whether the server may have carried out the write all the same: the answer is a success that cannot be accepted, or a
   * gateway's (502, 503 without Retry-After, 504); or an earlier attempt had no answer but such a one; or the write
   * succeeded, and this is the read that completes it. `false` for other reads.
   */
  readonly unknownOutcome: boolean;
  /** Response headers. Not enumerable: servers put cookies and tokens there. */
  declare readonly headers: Headers;
  /** The decoded body, or its text. Not enumerable: it may hold personal data. */
  declare readonly body: unknown;

  constructor(message: string, answer: AnswerReference) {
    super(message);
    this.status = answer.status;
    this.request = answer.request;
    this.unknownOutcome = answer.unknownOutcome ?? false;
    Object.defineProperty(this, "headers", { value: answer.headers });
    Object.defineProperty(this, "body", { value: answer.body });
  }
}

/** The server answered with a SCIM Error message (RFC 7644 §3.12). */
export class SCIMResponseErrorObject extends SCIMResponseError {
  override readonly name = "SCIMResponseErrorObject";
  override readonly code = "scim_response_error_object";
  readonly scimType: ScimType | undefined;
  readonly detail: string | undefined;
  readonly #status: string;

  constructor(error: ErrorMessage, answer: AnswerReference) {
    const said = [error.scimType, error.detail].filter((part) => part !== undefined && part !== "").join(": ");
    super(
      `${answer.request.method} ${answer.request.url} was refused with ${answer.status}` +
        (said === "" ? "" : `: ${said}`),
      answer,
    );
    this.scimType = error.scimType;
    this.detail = error.detail;
    this.#status = error.status;
  }

  /** The message as RFC 7644 §3.12 spells it; its status is the HTTP one, or its own where it came with a success. */
  toError(): ErrorMessage {
    return {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: this.#status,
      ...(this.scimType === undefined ? {} : { scimType: this.scimType }),
      ...(this.detail === undefined ? {} : { detail: this.detail }),
    };
  }
}

/** The status is 400 or more without a SCIM Error message, or is not among those expected. */
export class UnexpectedStatusCode extends SCIMResponseError {
  override readonly name = "UnexpectedStatusCode";
  override readonly code = "unexpected_status_code";
}

/** The answer is not in a JSON media type. */
export class UnexpectedContentType extends SCIMResponseError {
  override readonly name = "UnexpectedContentType";
  override readonly code = "unexpected_content_type";
}

/** The answer is not JSON, or not the message that belongs here. */
export class UnexpectedContentFormat extends SCIMResponseError {
  override readonly name = "UnexpectedContentFormat";
  override readonly code = "unexpected_content_format";
}

/** The answer does not fit the model and cannot be repaired. */
export class ResponsePayloadValidationError extends SCIMResponseError {
  override readonly name = "ResponsePayloadValidationError";
  override readonly code = "response_payload_validation_error";
  readonly issues: Issues;
  /** Position of the resource in a list, from 0; `undefined` for a single resource. */
  readonly index: number | undefined;

  constructor(subject: string, issues: Issues, answer: AnswerReference, index?: number) {
    super(summary(subject, issues), answer);
    this.issues = issues;
    this.index = index;
  }
}

/** The server took the request and will carry it out later: 202 (RFC 9967 §2.5). */
export class RequestPending extends SCIMResponseError {
  override readonly name = "RequestPending";
  override readonly code = "request_pending";
  /** `Set-Txn`: what the completion event will carry. */
  readonly txn: string | undefined;
  /** Where the result will be, as the server gave it. */
  readonly location: string | undefined;

  constructor(answer: AnswerReference) {
    super(`${answer.request.method} ${answer.request.url} was accepted and is pending (RFC 9967 §2.5)`, answer);
    this.txn = answer.headers.get("set-txn") ?? undefined;
    this.location = answer.headers.get("location") ?? undefined;
  }
}

/** A filter or a path is not in the grammar of RFC 7644 figure 1 or figure 7. */
export class SCIMSyntaxError extends SCIMClientError {
  override readonly name = "SCIMSyntaxError";
  override readonly code = "scim_syntax_error";
  /** Where the text stops making sense, in UTF-16 units from 0. */
  readonly offset: number;
  /** What could have stood there. */
  readonly expected: string;
  /** The keyword a server would answer with. */
  readonly scimType: "invalidFilter" | "invalidPath";

  constructor(subject: "filter" | "path", expected: string, offset: number, found: string) {
    super(
      `${subject}: expected ${expected} at offset ${offset}, found ${found} (RFC 7644 ${subject === "filter" ? "§3.4.2.2" : "§3.5.2"})`,
    );
    this.offset = offset;
    this.expected = expected;
    this.scimType = subject === "filter" ? "invalidFilter" : "invalidPath";
  }
}

/** A PATCH operation does not fit the model or the resource it is applied to (RFC 7644 §3.5.2). */
export class PatchError extends SCIMClientError {
  override readonly name = "PatchError";
  override readonly code = "patch_error";
  /** The keyword a server would answer with. */
  readonly scimType: ScimType;
  /** Position of the operation, from 0. */
  readonly operation: number;

  constructor(message: string, scimType: ScimType, operation: number) {
    super(message);
    this.scimType = scimType;
    this.operation = operation;
  }
}

/** Every concrete error: `switch (error.code)` narrows it. */
export type AnySCIMError =
  | RequestPayloadValidationError
  | RequestNetworkError
  | TokenRequestError
  | UnsupportedByServer
  | UnknownResourceType
  | SCIMResponseErrorObject
  | UnexpectedStatusCode
  | UnexpectedContentType
  | UnexpectedContentFormat
  | ResponsePayloadValidationError
  | RequestPending
  | SCIMSyntaxError
  | PatchError;

const LONGEST_MESSAGE = 1000;
// Controls, and what else ends a line.
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;

function line(text: string): string {
  const cut = text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
  return cut.replace(CONTROLS, " ");
}

function summary(subject: string, issues: Issues): string {
  const more = issues.length === 1 ? "" : ` (and ${issues.length - 1} more)`;
  return `${subject}: ${issues[0].message}${more}`;
}
