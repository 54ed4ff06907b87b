/**
 * How a server pages, by its profile and by what it says of itself.
 *
 * @module
 */
import { UnsupportedByServer } from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { member } from "../protocol/messages.ts";
import type { PagingDialect } from "../protocol/page-walk.ts";
import type { Exchange } from "./exchange.ts";
import type { QueryOptions } from "./options.ts";

/**
 * The paging of a server: the profile's, else what ServiceProviderConfig says. Its `filter.maxResults` bounds a page (RFC
 * 7643 §5), its `pagination` names the method and another bound (RFC 9865 §4); a bound of 0 says nothing.
 */
export function pagingOf(profile: PagingDialect | undefined, config: JsonObject | undefined): PagingDialect {
  if (config === undefined) return profile ?? {};
  const pagination = objectOf(member(config, "pagination"));
  const bounds = [
    positive(member(objectOf(member(config, "filter")), "maxResults")),
    positive(member(pagination, "maxPageSize")),
  ].filter((bound) => bound !== undefined);
  const cursors = member(pagination, "cursor") === true;
  const preferred = member(pagination, "defaultPaginationMethod") === "cursor";
  return {
    ...(cursors && (preferred || member(pagination, "index") === false) ? { method: "cursor" as const } : {}),
    ...(bounds.length === 0 ? {} : { maxCount: Math.min(...bounds) }),
    ...profile,
  };
}

/**
 * Refuses a page that the server cannot give, also one of more resources than it puts into an answer: whoever asks for so
 * many may take what comes for all.
 *
 * @throws {UnsupportedByServer} `capabilities` overrides.
 */
export function checkPage(exchange: Exchange, options: QueryOptions | undefined): void {
  const { startIndex = 1, count } = options ?? {};
  if (startIndex > 1) exchange.require("startIndex", options);
  if (count === 0) exchange.require("zeroCount", options);
  const most = exchange.paging(options).maxCount ?? 0;
  if (count === undefined || most <= 0 || count <= most) return;
  throw new UnsupportedByServer(
    "maxResults",
    `the server gives at most ${most} resources in one answer, and count asks for ${count} (RFC 7643 §5); list gives them page by page, and capabilities: { maxResults: 0 } sends it all the same`,
  );
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function positive(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
