/**
 * What of a filter the server can carry out, by its profile (RFC 7644 §3.4.2.2): what it would ignore or take for something
 * else is refused before it is sent. Loaded with the first filter for a server whose profile speaks of filters.
 *
 * @module
 */
import { UnsupportedByServer } from "../errors.ts";
import type { Filter } from "../protocol/filter.ts";
import { parseFilter } from "../protocol/filter-parser.ts";
import { supportedFilter, unsupportedFilter, type FilterSupport } from "../protocol/filter-support.ts";
import type { Exchange } from "./exchange.ts";
import type { CallOptions } from "./options.ts";
import type { AnyModel } from "./service-description.ts";

/**
 * A filter in the form that the server reads right. Over several types it is good where the server can filter one of them so
 * (RFC 7644 §3.4.2.1).
 *
 * @throws {UnsupportedByServer} for what it cannot do; `capabilities` overrides.
 */
export function guardFilter(
  exchange: Exchange,
  models: readonly AnyModel[],
  given: string | Filter,
  options: CallOptions,
): string {
  if (models.length === 0 || exchange.isOverridden("filter", options)) return String(given);
  const { name, filter: support } = exchange.context.profile;
  const filter = typeof given === "string" ? parseFilter(given) : given;
  const reasons = models.map((model) => unsupportedFilter(model, filter, supportOf(exchange, model)));
  if (reasons.includes(undefined)) return String(support?.parenthesise === true ? filter : given);
  throw new UnsupportedByServer(
    "filter",
    `${name} ${reasons[0]}; capabilities: { filter: true } sends it all the same`,
  );
}

/**
 * The filter by which `find` narrows down what it looks through itself: the given one, as much of it as the server
 * understands, or none.
 */
export function narrowingFilter(
  exchange: Exchange,
  model: AnyModel,
  filter: Filter,
  options: CallOptions | undefined,
): Filter | undefined {
  if (exchange.isOverridden("filter", options)) return filter;
  return supportedFilter(model, filter, supportOf(exchange, model));
}

function supportOf(exchange: Exchange, model: AnyModel): FilterSupport {
  return { ...exchange.context.profile.filter, ...exchange.ofType(model)?.filter };
}
