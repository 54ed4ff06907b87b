/**
 * Which writes are guarded by a version (RFC 7644 §3.14).
 *
 * @module
 */
import { isJsonObject } from "../json.ts";
import type { Exchange } from "./exchange.ts";
import type { Answer } from "./http.ts";
import type { WriteOptions } from "./options.ts";
import type { AnyModel } from "./service-description.ts";

/**
 * When a write has an If-Match: `auto`, where the server has ETags and the version is known; `never`; `*` always, with `*`
 * where there is no version, for servers that refuse a write without it. A call's `ifMatch` decides over it.
 */
export type ETagPolicy = "auto" | "never" | "*";

/**
 * The header fields that guard a write.
 *
 * @param target what is written: a resource with its `meta.version`, or only its id.
 * @throws {UnsupportedByServer} for a tag of the call's own where the server has no ETags.
 */
export function ifMatch(
  exchange: Exchange,
  model: AnyModel,
  options: WriteOptions | undefined,
  target: unknown,
): Readonly<Record<string, string>> | undefined {
  const chosen = options?.ifMatch;
  if (chosen === false) return undefined;
  if (chosen !== undefined) {
    exchange.requireVersions(options, model);
    return { "if-match": chosen };
  }
  const policy = exchange.etagPolicy;
  if (policy === "never") return undefined;
  const version = exchange.supports("etag", options, model) === true ? versionOf(target) : undefined;
  if (version !== undefined) return { "if-match": version };
  return policy === "*" ? { "if-match": "*" } : undefined;
}

/** The header fields that guard a write on top of another, whose answer says which version there is now. */
export function ifMatchAfter(
  guard: Readonly<Record<string, string>> | undefined,
  answer: Answer,
): Readonly<Record<string, string>> | undefined {
  if (guard === undefined || guard["if-match"] === "*") return guard;
  const version = answer.headers.get("etag") ?? versionOf(answer.body);
  return version === undefined ? undefined : { "if-match": version };
}

function versionOf(resource: unknown): string | undefined {
  const meta = isJsonObject(resource) ? resource["meta"] : undefined;
  const version = isJsonObject(meta) ? meta["version"] : undefined;
  return typeof version === "string" && version !== "" ? version : undefined;
}
