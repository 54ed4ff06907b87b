import { SCIMResponseErrorObject, type ScimType } from "../../src/errors.ts";
import { LIST_RESPONSE, type ListResponse } from "../../src/protocol/messages.ts";
import type { FetchPage, PageRequest } from "../../src/protocol/pagination.ts";

export interface User {
  readonly id: string;
}

export type Request = Omit<PageRequest, "signal">;

export function users(count: number): User[] {
  return Array.from({ length: count }, (_, index) => ({ id: `u${index + 1}` }));
}

export function page<T>(
  Resources: readonly T[],
  members: Omit<Partial<ListResponse<T>>, "Resources" | "schemas"> = {},
): ListResponse<T> {
  return { schemas: [LIST_RESPONSE], ...members, Resources: [...Resources] };
}

export function refusal(scimType: ScimType | undefined, status = 400): SCIMResponseErrorObject {
  return new SCIMResponseErrorObject(
    {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: String(status),
      ...(scimType === undefined ? {} : { scimType }),
    },
    { status, headers: new Headers(), request: { method: "GET", url: "https://scim.example/v2/Users" } },
  );
}

/** Which pages a server gives, one by one, whatever is asked for; behind them, empty ones. */
/** Serves what a function of the request gives, and keeps count. */
export function serve<T>(answer: (request: Request, number: number) => ListResponse<T>): Served<T> {
  const requests: Request[] = [];
  const fetchPage = async (asked: PageRequest): Promise<ListResponse<T>> => {
    const { signal, ...request } = asked;
    signal.throwIfAborted();
    requests.push(request);
    return answer(request, requests.length);
  };
  return { fetchPage, requests };
}

/** Which pages a server gives, one by one, whatever is asked for; behind them, empty ones. */
export function scripted<T>(...pages: readonly (ListResponse<T> | Error)[]): Served<T> {
  return serve((_, number) => {
    const answer = pages[number - 1] ?? page<T>([]);
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

/** What a server answers. */
export type Answer<T> = (request: Request) => ListResponse<T>;

/** A page function and what it was asked for. */
export interface Served<T> {
  readonly fetchPage: FetchPage<T>;
  readonly requests: Request[];
}

export interface IndexServer {
  /** How many resources a page holds at most. */
  readonly cap?: number;
  readonly totals?: boolean;
  readonly startIndexes?: boolean;
}

/** RFC 7644 §3.4.2.4 as it is written. */
export function byIndex<T>(
  resources: readonly T[],
  { cap = Infinity, totals = true, startIndexes = true }: IndexServer = {},
): Answer<T> {
  return ({ startIndex = 1, count = Infinity }: Request): ListResponse<T> => {
    const first = Math.max(startIndex, 1);
    const slice = resources.slice(first - 1, first - 1 + Math.min(cap, count));
    return page(slice, {
      ...(totals ? { totalResults: resources.length } : {}),
      ...(startIndexes ? { startIndex: first, itemsPerPage: slice.length } : {}),
    });
  };
}

/** RFC 9865 as it is written; the cursor is a position that only the server understands. */
export function byCursor<T>(
  resources: readonly T[],
  { cap = Infinity, totals = true }: IndexServer = {},
): Answer<T> {
  return ({ cursor = "", count = Infinity }: Request): ListResponse<T> => {
    const start = cursor === "" ? 0 : Number.parseInt(cursor.slice(1), 36);
    if (!(start >= 0 && start < Math.max(resources.length, 1))) throw refusal("invalidCursor");
    const end = start + Math.min(cap, count);
    return page(resources.slice(start, end), {
      ...(totals ? { totalResults: resources.length } : {}),
      ...(end < resources.length ? { nextCursor: `c${end.toString(36)}` } : {}),
    });
  };
}
