/**
 * Lists of any length (RFC 7644 §3.4.2.4, RFC 9865), as they are given out before anything is loaded or asked for.
 *
 * @module
 */
import { defined, type JsonValue } from "../json.ts";
import { paginate, type List } from "../protocol/pagination.ts";
import type { ExchangeContext } from "./exchange.ts";
import type { ListPages } from "./list-pages.ts";
import { checkOptions, type ListOptions } from "./options.ts";
import { pagingOf } from "./paging.ts";
import { snapshot } from "./snapshot.ts";

/**
 * All resources of a list, page after page.
 *
 * @param open gives the pages, when the first one is asked for, with the options as they are now.
 * @throws {TypeError} for what is no option, and for numbers that are not of their range.
 */
export function listing(
  context: ExchangeContext,
  options: ListOptions | undefined,
  open: (signal: AbortSignal, options: ListOptions) => Promise<ListPages>,
): List<JsonValue> {
  checkOptions(options, "list");
  const asked = snapshot({ ...options });
  const { limit, onExpiredCursor, startIndex, cursor, count, signal } = asked;
  const paging = pagingOf(context, asked);
  let pages: ListPages | undefined;
  return paginate<JsonValue>(
    async (request) => {
      pages ??= await open(request.signal, asked);
      return pages.fetch(request);
    },
    {
      ...defined({ limit, onExpiredCursor, startIndex, cursor, count, signal }),
      onDeviation: (deviation) => pages?.report(deviation),
      // To the letter of the RFC totals are right, and nothing is asked for behind them.
      dialect: context.profile.strict === true ? { exactTotals: true, ...paging } : paging,
    },
  );
}
