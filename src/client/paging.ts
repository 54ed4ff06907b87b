/**
 * How a server pages, by its profile and by what it says of itself.
 *
 * @module
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { member } from "../protocol/messages.ts";
import type { PagingDialect } from "../protocol/page-walk.ts";
import type { ExchangeContext } from "./exchange.ts";
import type { CallOptions } from "./options.ts";

/**
 * How a server pages; `maxResults` of the call, of the client and of the profile bounds a page in that order.
 *
 * @throws {TypeError} for a `maxResults` that is no count.
 */
export function pagingOf(
  { capabilities, profile, serviceProviderConfig }: ExchangeContext,
  options: CallOptions | undefined,
): PagingDialect {
  const paging = statedPaging(profile.paging, serviceProviderConfig());
  const maxCount = options?.capabilities?.maxResults ?? capabilities.maxResults ?? profile.capabilities?.maxResults;
  if (maxCount === undefined) return paging;
  if (!(Number.isSafeInteger(maxCount) && maxCount >= 0)) {
    throw new TypeError("capabilities: maxResults must be a whole number from 0 (RFC 7643 §5)");
  }
  return { ...paging, maxCount };
}

/**
 * The paging of a server: the profile's, else what ServiceProviderConfig says. Its `filter.maxResults` bounds a page (RFC
 * 7643 §5), its `pagination` names the method and another bound (RFC 9865 §4); a bound of 0 says nothing.
 */
function statedPaging(profile: PagingDialect | undefined, config: JsonObject | undefined): PagingDialect {
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

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function positive(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
