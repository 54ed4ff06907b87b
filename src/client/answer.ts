/**
 * Judging an answer, in the order that never takes a failure for a success: a SCIM Error, any other 400 or more, a status
 * that was not expected, the media type, the format, an Error in a success (RFC 7644 §3.12).
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import {
  SCIMResponseErrorObject,
  UnexpectedContentFormat,
  UnexpectedContentType,
  UnexpectedStatusCode,
  type AnswerReference,
  type ErrorMessage,
} from "../errors.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { printable } from "../schema/attribute.ts";
import { member, readError } from "../protocol/messages.ts";
import type { Answer } from "./http.ts";
import { hide } from "./secrets.ts";
import { parseURL } from "./url.ts";

/** How an answer is judged. */
export interface Judgement {
  /** Statuses that count as success; empty for any below 400. */
  readonly expected: readonly number[];
  readonly checkStatus: boolean;
  readonly checkContentType: boolean;
  readonly report: OnDeviation | undefined;
}

/**
 * Judges an answer.
 *
 * @returns the SCIM Error that it is; `undefined` when it is a success whose body, if there is one, is JSON.
 * @throws {UnexpectedStatusCode | UnexpectedContentType | UnexpectedContentFormat}
 */
export function judge(answer: Answer, judgement: Judgement): ErrorMessage | undefined {
  const { status } = answer;
  if (status >= 400) {
    const error =
      answer.json || answer.mediaType === undefined ? readError(answer.body, status, judgement.report) : undefined;
    const secrets = answer.secrets();
    if (error !== undefined) return discreet(error, secrets);
    const why = explanation(answer.body, secrets, 0);
    throw new UnexpectedStatusCode(
      `${subject(answer)} answered ${status}${why === "" ? "" : `: ${why}`}${status === 404 && isPage(answer) ? BASE_URL : ""}`,
      reference(answer),
    );
  }
  // What redirects was not followed, and is no answer, unless the call says that it is.
  const listed = judgement.expected.includes(status);
  if (!listed && (status >= 300 || (judgement.checkStatus && judgement.expected.length > 0))) {
    const wanted = judgement.expected.filter((code) => code < 400).join(", ");
    throw new UnexpectedStatusCode(
      `${subject(answer)} answered ${status}${wanted === "" ? "" : `, expected ${wanted}`}${redirection(answer)}`,
      reference(answer),
    );
  }
  if (isEmpty(answer)) return undefined;
  if (judgement.checkContentType && !answer.json) {
    const type = answer.mediaType ?? "no media type";
    throw new UnexpectedContentType(
      `${subject(answer)} answered ${status} with ${type}, expected application/scim+json (RFC 7644 §3.1)` +
        (isPage(answer) ? BASE_URL : ""),
      reference(answer),
    );
  }
  if (answer.body === undefined) {
    throw new UnexpectedContentFormat(
      `${subject(answer)} answered ${status} with a body that is not JSON`,
      reference(answer),
    );
  }
  const { mediaType } = answer;
  if (judgement.checkContentType && mediaType !== undefined && !COMMON_MEDIA_TYPES.has(mediaType)) {
    judgement.report?.({
      kind: "mediaType",
      path: "",
      message: `the answer is ${mediaType} where application/scim+json belongs`,
      section: "RFC 7644 §3.1",
    });
  }
  const error = readError(answer.body, status, judgement.report);
  return error === undefined ? undefined : discreet(error, answer.secrets());
}

/** An Error without the secrets that it quotes: a server may quote what it refuses. */
export function discreet(error: ErrorMessage, secrets: readonly string[]): ErrorMessage {
  const { scimType, detail } = error;
  return {
    ...error,
    ...(scimType === undefined || KEYWORDS.has(scimType) ? {} : { scimType: hide(scimType, secrets) }),
    ...(detail === undefined ? {} : { detail: hide(detail, secrets) }),
  };
}

/** Whether an answer has no body at all. */
export function isEmpty(answer: Answer): boolean {
  return answer.body === undefined && answer.text === undefined;
}

/** What an error says of an answer. */
export function reference(answer: Answer): AnswerReference {
  return {
    status: answer.status,
    headers: answer.headers,
    request: answer.request,
    body: answer.body ?? answer.text,
    unknownOutcome: answer.unknownOutcome,
  };
}

/** `GET https://example.com/scim/v2/Users`: how messages name a request. */
export function subject({ request }: Answer): string {
  return `${request.method} ${request.url}`;
}

/** The exception for a SCIM Error. */
export function asException(error: ErrorMessage, answer: Answer): SCIMResponseErrorObject {
  return new SCIMResponseErrorObject(error, reference(answer));
}

/** What is most often wrong where there is no SCIM at all. */
const BASE_URL = "; is the base URL right, which often ends in /scim/v2?";

function isPage({ mediaType }: Answer): boolean {
  return mediaType === "text/html";
}

/** Where a redirect leads that is not followed, without its query. */
function redirection({ status, headers, url }: Answer): string {
  const target = status >= 300 && status < 400 ? headers.get("location") : null;
  const parsed = target === null ? undefined : parseURL(target, url);
  if (parsed === undefined) return "";
  return `; it redirects to ${printable(parsed.origin + parsed.pathname, 256)}, which is not followed${BASE_URL}`;
}

const COMMON_MEDIA_TYPES: ReadonlySet<string> = new Set(["application/scim+json", "application/json"]);

/** RFC 7644 §3.12, table 9, and RFC 9865 §2.1: no secrets, even where somebody's password is one of them. */
const KEYWORDS: ReadonlySet<string> = new Set([
  "invalidFilter",
  "tooMany",
  "uniqueness",
  "mutability",
  "invalidSyntax",
  "invalidPath",
  "noTarget",
  "invalidValue",
  "invalidVers",
  "sensitive",
  "invalidCursor",
  "expiredCursor",
  "invalidCount",
]);

/** Where servers and gateways that do not speak SCIM put the reason. */
const EXPLANATIONS: readonly string[] = ["message", "error_description", "title", "error", "description", "code"];

function explanation(body: JsonValue | undefined, secrets: readonly string[], depth: number): string {
  if (!isJsonObject(body) || depth > 2) return "";
  for (const name of EXPLANATIONS) {
    const value = member(body, name);
    if (typeof value !== "string" || value === "") continue;
    // Hidden first: half a secret would not be found.
    const shown = hide(value, secrets);
    return shown.length > 300 ? `${shown.slice(0, 300)}…` : shown;
  }
  const errors = member(body, "Errors");
  return explanation(Array.isArray(errors) ? errors[0] : errors, secrets, depth + 1);
}
