import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Deviation } from "../../src/deviation.ts";
import { RequestNetworkError } from "../../src/errors.ts";
import type { ListResponse } from "../../src/protocol/messages.ts";
import { type List, paginate, type PageRequest, type PaginateOptions } from "../../src/protocol/pagination.ts";
import {
  byCursor,
  byIndex,
  page,
  refusal,
  type Request,
  scripted,
  serve,
  type User,
  users,
} from "./list-server.ts";

// These tests tell what waits for what; loading is not among it.
beforeAll(() => import("../../src/protocol/page-walk.ts"));

async function ids(list: AsyncIterable<User>): Promise<string[]> {
  const seen: string[] = [];
  for await (const { id } of list) seen.push(id);
  return seen;
}

const idsOf = (resources: readonly User[]): string[] => resources.map(({ id }) => id);

interface Walk {
  readonly list: List<User>;
  readonly seen: string[];
  readonly requests: Request[];
  readonly kinds: string[];
}

async function walk(
  server: { fetchPage: (request: PageRequest) => Promise<ListResponse<User>>; requests: Request[] },
  options: PaginateOptions<User> = {},
): Promise<Walk> {
  const deviations: Deviation[] = [];
  const list = paginate(server.fetchPage, { onDeviation: (deviation) => deviations.push(deviation), ...options });
  const seen = await ids(list);
  return { list, seen, requests: server.requests, kinds: deviations.map(({ kind }) => kind) };
}

async function pagesOf(list: List<User>): Promise<ListResponse<User>[]> {
  const pages: ListResponse<User>[] = [];
  for await (const given of list.pages()) pages.push(given);
  return pages;
}

/** Each cursor is good for so many requests. */
function expiring(all: (round: number) => readonly User[], lifetime: number, cap: (round: number) => number) {
  let round = 0;
  let left = lifetime;
  return serve((request) => {
    if ((request.cursor ?? "") === "") {
      round += 1;
      left = lifetime * round;
    } else if (left <= 0) {
      throw refusal(round % 2 === 0 ? "invalidCursor" : "expiredCursor");
    }
    left -= 1;
    return byCursor(all(round), { cap: cap(round) })(request);
  });
}

describe("RFC 7644 §3.4.2.4: index paging", () => {
  const table: { title: string; given: PaginateOptions<User>; total: number; cap?: number; want: Request[] }[] = [
    {
      title: "the next page starts behind the resources that came",
      given: { count: 2 },
      total: 5,
      want: [{ count: 2 }, { startIndex: 3, count: 2 }, { startIndex: 5, count: 2 }],
    },
    {
      title: "a server may give fewer resources than were asked for",
      given: { count: 10 },
      total: 5,
      cap: 2,
      want: [{ count: 10 }, { startIndex: 3, count: 10 }, { startIndex: 5, count: 10 }],
    },
    { title: "the count is 100 where nobody says otherwise", given: {}, total: 3, want: [{ count: 100 }] },
    {
      title: "the dialect has a count of its own",
      given: { dialect: { count: 20 } },
      total: 3,
      want: [{ count: 20 }],
    },
    {
      title: "more than the dialect's maximum is not asked for",
      given: { count: 500, dialect: { maxCount: 50 } },
      total: 3,
      want: [{ count: 50 }],
    },
    { title: "a maximum of 0 says nothing", given: { dialect: { maxCount: 0 } }, total: 3, want: [{ count: 100 }] },
    {
      title: "the first request says startIndex=1 where the dialect wants it",
      given: { dialect: { firstStartIndex: true } },
      total: 3,
      want: [{ startIndex: 1, count: 100 }],
    },
    {
      title: "no more than the limit is asked for",
      given: { limit: 2 },
      total: 5,
      want: [{ count: 2 }],
    },
    {
      title: "count stays the same up to the limit",
      given: { limit: 3, count: 2 },
      total: 5,
      want: [{ count: 2 }, { startIndex: 3, count: 2 }],
    },
    { title: "a limit of 0 asks for nothing", given: { limit: 0 }, total: 5, want: [] },
    {
      title: "a list can start anywhere",
      given: { startIndex: 4 },
      total: 5,
      want: [{ startIndex: 4, count: 100 }],
    },
    {
      title: "without paging there is one request without any parameter",
      given: { dialect: { method: "none" } },
      total: 3,
      want: [{}],
    },
    {
      title: "a full page that reaches the totalResults that pages before it stated is the last one",
      given: { count: 2 },
      total: 4,
      want: [{ count: 2 }, { startIndex: 3, count: 2 }],
    },
    {
      title: "a full page of fewer resources than were asked for is the last one as well",
      given: { count: 10 },
      total: 4,
      cap: 2,
      want: [{ count: 10 }, { startIndex: 3, count: 10 }],
    },
    {
      title: "a full first page may state itself as totalResults, and is followed by one more request",
      given: { count: 2 },
      total: 2,
      want: [{ count: 2 }, { startIndex: 3, count: 2 }],
    },
    {
      title: "a full first page that reaches totalResults is the only one where totals are exact",
      given: { count: 2, dialect: { exactTotals: true } },
      total: 2,
      want: [{ count: 2 }],
    },
    {
      title: "a first page that is not full is the only one",
      given: { count: 3 },
      total: 2,
      want: [{ count: 3 }],
    },
    {
      title: "a full first page that starts further on and reaches totalResults has not stated itself",
      given: { startIndex: 3, count: 2 },
      total: 4,
      want: [{ startIndex: 3, count: 2 }],
    },
    {
      title: "a full first page that reaches the limit is the only one",
      given: { limit: 2 },
      total: 2,
      want: [{ count: 2 }],
    },
    { title: "an empty list takes one request", given: {}, total: 0, want: [{ count: 100 }] },
  ];
  for (const { title, given, total, cap, want } of table) {
    test(title, async () => {
      const all = users(total);
      const { list, seen, requests, kinds } = await walk(
        serve(byIndex(all, cap === undefined ? {} : { cap })),
        given,
      );
      const start = (given.startIndex ?? 1) - 1;
      expect(requests).toEqual(want);
      expect(seen).toEqual(idsOf(all.slice(start, start + (given.limit ?? Infinity))));
      expect(kinds).toEqual([]);
      expect(list.totalResults).toBe(given.limit === 0 ? undefined : total);
      expect(list.complete).toBe((given.limit ?? total) >= total);
    });
  }

  test("itemsPerPage plays no part", async () => {
    const answer = byIndex(users(5), { cap: 2 });
    const { seen } = await walk(serve((request) => ({ ...answer(request), itemsPerPage: 100 })));
    expect(seen).toEqual(idsOf(users(5)));
  });

  test("totalResults may be absent: the list ends at an empty page", async () => {
    const { list, seen, requests } = await walk(serve(byIndex(users(5), { totals: false })), { count: 2 });
    expect(seen).toEqual(idsOf(users(5)));
    expect(requests).toHaveLength(4);
    expect(list).toMatchObject({ complete: true, totalResults: undefined });
  });

  test("a limit that cuts a page gives that many and is not complete", async () => {
    const { list, seen } = await walk(
      serve(() => page(users(10), { totalResults: 10 })),
      { limit: 3 },
    );
    expect(seen).toEqual(["u1", "u2", "u3"]);
    expect(list.complete).toBe(false);
  });

  test("a limit that the whole list keeps within is complete", async () => {
    const { list, seen } = await walk(serve(byIndex(users(3))), { limit: 5 });
    expect(seen).toEqual(["u1", "u2", "u3"]);
    expect(list.complete).toBe(true);
  });

  test("a server that does not page gives everything in one answer, however many were asked for", async () => {
    const { list, seen, requests } = await walk(serve(() => page(users(250), { totalResults: 250 })));
    expect(seen).toEqual(idsOf(users(250)));
    expect(requests).toHaveLength(1);
    expect(list.complete).toBe(true);
  });

  test("one page that holds less than totalResults is not complete where the server does not page", async () => {
    const { list, kinds } = await walk(
      serve(() => page(users(3), { totalResults: 9 })),
      { dialect: { method: "none" } },
    );
    expect(list).toMatchObject({ complete: false, totalResults: 9 });
    expect(kinds).toEqual(["totalResults"]);
  });

  test("a resource is the same if its id and its resource type are", async () => {
    const all = [
      { id: "1", meta: { resourceType: "User" } },
      { id: "1", meta: { resourceType: "Group" } },
      { id: "2", meta: { resourceType: "User" } },
    ];
    const list = paginate(serve(byIndex(all)).fetchPage, { count: 1 });
    const seen = [];
    for await (const resource of list) seen.push(resource);
    expect(seen).toEqual(all);
    expect(list.complete).toBe(true);
  });
});

describe("RFC 9865 §2: cursor paging", () => {
  test("the first cursor is empty, the others are nextCursor as it came, all else stays the same", async () => {
    const { list, seen, requests } = await walk(serve(byCursor(users(5))), {
      count: 2,
      dialect: { method: "cursor" },
    });
    expect(seen).toEqual(idsOf(users(5)));
    expect(requests).toEqual([
      { cursor: "", count: 2 },
      { cursor: "c2", count: 2 },
      { cursor: "c4", count: 2 },
    ]);
    expect(list).toMatchObject({ complete: true, totalResults: 5 });
  });

  test("count stays the same up to the limit", async () => {
    const { seen, requests } = await walk(serve(byCursor(users(9))), { count: 2, limit: 3, cursor: "" });
    expect(seen).toEqual(["u1", "u2", "u3"]);
    expect(requests.map(({ count }) => count)).toEqual([2, 2]);
  });

  test("a nextCursor that nobody asked for is followed, from the page on which it comes", async () => {
    const { list, seen, requests } = await walk(
      scripted(
        page(users(2), { totalResults: 6 }),
        page(users(4).slice(2), { totalResults: 6, nextCursor: "%2F+=" }),
        page(users(6).slice(4)),
      ),
      { count: 2 },
    );
    expect(seen).toEqual(idsOf(users(6)));
    expect(requests).toEqual([{ count: 2 }, { startIndex: 3, count: 2 }, { cursor: "%2F+=", count: 2 }]);
    expect(list.complete).toBe(true);
  });

  test("a server that does not page by index may ask for cursors", async () => {
    const { requests } = await walk(serve(byCursor(users(3), { cap: 2 })), { dialect: { method: "none" } });
    expect(requests).toEqual([{}, { cursor: "c2" }]);
  });

  test("totalResults may be omitted", async () => {
    const { list, seen } = await walk(serve(byCursor(users(5), { totals: false, cap: 2 })), { cursor: "" });
    expect(seen).toEqual(idsOf(users(5)));
    expect(list).toMatchObject({ complete: true, totalResults: undefined });
  });

  test("only the absence of nextCursor is the end: not an empty page, not totalResults", async () => {
    const { list, seen, kinds } = await walk(
      scripted(
        page(users(2), { totalResults: 2, nextCursor: "a" }),
        page<User>([], { nextCursor: "b" }),
        page(users(3).slice(2), { nextCursor: "" }),
      ),
    );
    expect(seen).toEqual(["u1", "u2", "u3"]);
    expect(kinds).toEqual(["totalResults"]);
    expect(list.complete).toBe(true);
  });

  test("fewer resources than totalResults are not the complete list", async () => {
    const { list, kinds } = await walk(
      scripted(page(users(2), { totalResults: 5, nextCursor: "a" }), page(users(3).slice(2))),
    );
    expect(list).toMatchObject({ complete: false, totalResults: 5 });
    expect(kinds).toEqual(["totalResults"]);
  });

  test("the same cursor may lead to different pages", async () => {
    const { seen } = await walk(
      scripted(
        page(users(1), { nextCursor: "scroll" }),
        page(users(2).slice(1), { nextCursor: "scroll" }),
        page(users(3).slice(2)),
      ),
    );
    expect(seen).toEqual(["u1", "u2", "u3"]);
  });

  test("a server that knows no cursors is walked by index", async () => {
    const { list, seen, requests } = await walk(serve(byIndex(users(5))), {
      count: 2,
      dialect: { method: "cursor" },
    });
    expect(seen).toEqual(idsOf(users(5)));
    expect(requests.slice(0, 2)).toEqual([
      { cursor: "", count: 2 },
      { startIndex: 3, count: 2 },
    ]);
    expect(list.complete).toBe(true);
  });

  test("a list can start at a cursor; totals then say nothing", async () => {
    const { list, seen } = await walk(serve(byCursor(users(5), { cap: 2 })), { cursor: "c2" });
    expect(seen).toEqual(["u3", "u4", "u5"]);
    expect(list.complete).toBe(true);
  });

  test("RFC 9865 §2.1: a count of ours that is invalidCount is left out", async () => {
    const answer = byCursor(users(5), { cap: 2 });
    const server = serve((request) => {
      if (request.count !== undefined) throw refusal("invalidCount");
      return answer(request);
    });
    const { seen, requests } = await walk(server, { cursor: "" });
    expect(seen).toEqual(idsOf(users(5)));
    expect(requests.map(({ count }) => count)).toEqual([100, undefined, undefined, undefined]);
  });

  test("RFC 9865 §2.1: a count of the caller's that is invalidCount is an error", async () => {
    const error = refusal("invalidCount");
    await expect(walk(scripted<User>(error), { count: 500 })).rejects.toBe(error);
  });

  test("RFC 9865 §2.1: expiredCursor reaches the caller behind the resources of the pages before", async () => {
    const error = refusal("expiredCursor");
    const list = paginate(scripted(page(users(2), { nextCursor: "a" }), error).fetchPage);
    const seen: string[] = [];
    await expect(
      (async () => {
        for await (const { id } of list) seen.push(id);
      })(),
    ).rejects.toBe(error);
    expect(seen).toEqual(["u1", "u2"]);
    expect(list.complete).toBe(false);
  });

  describe("RFC 9865 §2.1: after expiredCursor the list is read again and goes on behind what was read", () => {
    test("also when pages are of another size by then, and as often as there is progress", async () => {
      const server = expiring(
        () => users(100),
        3,
        (round) => 5 + round,
      );
      const { list, seen, kinds } = await walk(server, {
        onExpiredCursor: "restart",
        dialect: { method: "cursor" },
      });
      expect(seen).toEqual(idsOf(users(100)));
      expect(list.complete).toBe(true);
      expect(kinds).toEqual([]);
    });

    test("unless there is no progress", async () => {
      const server = serve((request: Request) => {
        if (request.cursor === "c4") throw refusal("expiredCursor");
        return byCursor(users(9), { cap: 2 })(request);
      });
      await expect(walk(server, { onExpiredCursor: "restart" })).rejects.toMatchObject({
        scimType: "expiredCursor",
      });
      expect(server.requests).toHaveLength(6);
    });

    test("and what comes then is doubted as before", async () => {
      const twice = page(users(2), { nextCursor: "a" });
      const { list, seen } = await walk(
        scripted(twice, twice, refusal("expiredCursor"), twice, twice, page(users(4).slice(2))),
        { onExpiredCursor: "restart" },
      );
      expect(seen).toEqual(["u1", "u2", "u3", "u4"]);
      expect(list.complete).toBe(true);
    });

    const changes: { title: string; given: User[] }[] = [
      { title: "in another order", given: [...users(4).toReversed(), ...users(20).slice(4)] },
      { title: "with one fewer", given: users(20).slice(1) },
      { title: "shorter than what was read", given: users(3) },
    ];
    for (const { title, given } of changes) {
      test(`unless the list is ${title}: then expiredCursor is thrown`, async () => {
        const server = expiring(
          (round) => (round === 1 ? users(20) : given),
          3,
          () => 2,
        );
        const list = paginate(server.fetchPage, { onExpiredCursor: "restart" });
        const seen: string[] = [];
        const work = (async () => {
          for await (const { id } of list) seen.push(id);
        })();
        await expect(work).rejects.toMatchObject({ scimType: "expiredCursor" });
        expect(seen).toEqual(idsOf(users(6)));
        expect(server.requests.length).toBeLessThanOrEqual(7);
      });
    }
  });
});

describe("RFC 7644 §3.4.2.4: behind the last resource", () => {
  const all = users(2);
  const first = page(all, { totalResults: 2 });
  const behind: { title: string; given: ListResponse<User> | Error }[] = [
    { title: "there is nothing", given: page<User>([], { totalResults: 2, startIndex: 3 }) },
    { title: "there is nothing, and no total", given: page<User>([]) },
    { title: "there is nothing, and a total of nothing", given: page<User>([], { totalResults: 0 }) },
    { title: "there is nothing, and a larger total", given: page<User>([], { totalResults: 9 }) },
    { title: "comes the first page again", given: first },
    { title: "comes the first page again, as if it were the next", given: { ...first, startIndex: 3 } },
    { title: "comes the last resource again", given: page(all.slice(1), { totalResults: 1, startIndex: 2 }) },
    { title: "the server refuses to look", given: refusal("invalidValue") },
  ];
  for (const { title, given } of behind) {
    test(`${title}: the list ends, is complete, and nothing is reported`, async () => {
      const { list, seen, requests, kinds } = await walk(scripted(first, given), { count: 2 });
      expect(seen).toEqual(idsOf(all));
      expect(requests).toEqual([{ count: 2 }, { startIndex: 3, count: 2 }]);
      expect(kinds).toEqual([]);
      expect(list).toMatchObject({ complete: true, totalResults: 2 });
    });
  }

  const stated: { title: string; given: readonly (number | undefined)[]; want: number }[] = [
    { title: "no page before the last one stated it: one more request", given: [undefined, undefined, 6], want: 4 },
    { title: "a page stated a smaller one: one more request", given: [5, 6, 6], want: 4 },
    { title: "the last page alone stated another one: one more request", given: [5, 5, 6], want: 4 },
    { title: "a page stated a larger one: a step back, and one more request", given: [7, 6, 6, 6], want: 5 },
    { title: "the pages before it agreed, and some stated none", given: [undefined, 6, undefined], want: 3 },
    { title: "the first page alone stated it", given: [6, undefined, undefined], want: 3 },
    { title: "all pages agreed", given: [6, 6, 6], want: 3 },
  ];
  for (const { title, given, want } of stated) {
    test(`a full page reaches the total, and ${title}`, async () => {
      const everybody = users(6);
      const answer = byIndex(everybody, { totals: false });
      const { list, seen, requests, kinds } = await walk(
        serve((request, number) => {
          const total = given[number - 1];
          return { ...answer(request), ...(total === undefined ? {} : { totalResults: total }) };
        }),
        { count: 2 },
      );
      expect(seen).toEqual(idsOf(everybody));
      expect(requests).toHaveLength(want);
      expect(kinds).toEqual([]);
      expect(list.complete).toBe(true);
    });
  }

  test("what is new is doubted like any other page", async () => {
    const answer = byIndex(users(6));
    const server = serve((request, number) => ({
      ...answer(number === 2 ? { ...request, startIndex: 5 } : request),
      totalResults: 2,
    }));
    const { seen, kinds } = await walk(server, { count: 2 });
    expect(seen).toEqual(idsOf(users(6)));
    expect(kinds).toEqual(["envelope", "totalResults"]);
  });

  test("a total that all pages agree on is believed, even if there is more", async () => {
    const answer = byIndex(users(6));
    const server = serve((request) => ({ ...answer(request), totalResults: 4 }));
    const { list, seen } = await walk(server, { count: 2 });
    expect(seen).toEqual(idsOf(users(4)));
    expect(list).toMatchObject({ complete: true, totalResults: 4 });
  });
});

describe("servers that page badly", () => {
  test("a server that fails behind the last resource is an error", async () => {
    const failure = refusal(undefined, 503);
    await expect(walk(scripted(page(users(2), { totalResults: 2 }), failure), { count: 2 })).rejects.toBe(failure);
  });

  test("a failure of the network behind the last resource is an error", async () => {
    const failure = new RequestNetworkError("reset", {
      reason: "connection",
      request: { method: "GET", url: "https://scim.example" },
      unknownOutcome: false,
    });
    await expect(walk(scripted(page(users(2), { totalResults: 2 }), failure), { count: 2 })).rejects.toBe(failure);
  });

  test("paging is ignored and the whole list comes every time: it is given once and is not known to be complete", async () => {
    const { list, seen, requests, kinds } = await walk(serve(() => page(users(7))));
    expect(seen).toEqual(idsOf(users(7)));
    expect(requests.length).toBeLessThanOrEqual(3);
    expect(kinds).toContain("repeatedResource");
    expect(list.complete).toBe(false);
  });

  test("the same without ids: pages of the same text are the same page", async () => {
    const nameless = [{ value: "admin" }, { value: "auditor" }];
    const list = paginate(serve(() => page(nameless)).fetchPage);
    const seen = [];
    for await (const resource of list) seen.push(resource);
    expect(seen).toEqual(nameless);
  });

  const lies: { title: string; total: (n: number, start: number) => number; want: readonly string[] }[] = [
    { title: "the number of resources on the page", total: (n) => n, want: ["totalResults"] },
    { title: "about half of what there is", total: () => 550, want: ["totalResults"] },
    { title: "what came so far", total: (n, start) => start - 1 + n, want: [] },
    { title: "one less than what there is", total: () => 999, want: ["totalResults"] },
    { title: "what is left", total: (_, start) => 1001 - start, want: ["totalResults"] },
    { title: "0", total: () => 0, want: ["totalResults"] },
    { title: "more than there is", total: () => 2000, want: ["totalResults"] },
  ];
  for (const { title, total, want } of lies) {
    test(`totalResults is ${title}: no resource is lost, and it is reported once`, async () => {
      const all = users(1000);
      const answer = byIndex(all);
      const server = serve((request) => {
        const honest = answer(request);
        return { ...honest, totalResults: total(honest.Resources.length, request.startIndex ?? 1) };
      });
      const { list, seen, kinds } = await walk(server, { count: 100 });
      expect(seen).toEqual(idsOf(all));
      expect(kinds).toEqual(want);
      expect(list.complete).toBe(total(100, 1) <= 1000);
    });
  }

  test("totalResults is right and the list is empty, as with too few rights: not complete", async () => {
    const { list, requests, kinds } = await walk(serve(() => page<User>([], { totalResults: 40 })));
    expect(requests).toHaveLength(1);
    expect(kinds).toEqual(["totalResults"]);
    expect(list).toMatchObject({ complete: false, totalResults: 40 });
  });

  const faults: {
    title: string;
    fault: (request: Request, all: readonly User[]) => ListResponse<User>;
    want: string[];
  }[] = [
    {
      title: "the page before it once more",
      fault: ({ startIndex = 1, count = 1 }, all) => byIndex(all)({ startIndex: startIndex - count, count }),
      want: ["envelope"],
    },
    {
      title: "the page before it once more, as if it were the next",
      fault: ({ startIndex = 1, count = 1 }, all) => ({
        ...byIndex(all)({ startIndex: startIndex - count, count }),
        startIndex,
      }),
      want: ["repeatedResource"],
    },
    {
      title: "the page behind it",
      fault: ({ startIndex = 1, count = 1 }, all) => byIndex(all)({ startIndex: startIndex + count, count }),
      want: ["envelope"],
    },
    { title: "an empty page", fault: (_, all) => page<User>([], { totalResults: all.length }), want: [] },
  ];
  for (const { title, fault, want } of faults) {
    test(`now and then ${title} comes: it is asked for again, and nothing is lost or repeated`, async () => {
      const all = users(1000);
      const answer = byIndex(all);
      let last = 0;
      const server = serve((request, number) => {
        const faulty = number % 5 === 0 && number !== last + 1 && (request.startIndex ?? 1) < 900;
        if (faulty) last = number;
        return faulty ? fault(request, all) : answer(request);
      });
      const { list, seen, kinds } = await walk(server, { count: 50 });
      expect(seen).toEqual(idsOf(all));
      expect(list.complete).toBe(true);
      expect(new Set(kinds)).toEqual(new Set(want));
    });
  }

  test("a page comes twice by cursor: it is asked for again", async () => {
    const { list, seen } = await walk(
      scripted(page(users(2), { nextCursor: "a" }), page(users(2), { nextCursor: "a" }), page(users(4).slice(2))),
    );
    expect(seen).toEqual(idsOf(users(4)));
    expect(list.complete).toBe(true);
  });

  const ahead: { title: string; totals: boolean; once: (request: Request) => boolean }[] = [
    { title: "the first page", totals: true, once: ({ startIndex }) => startIndex === undefined },
    { title: "an empty page of a list without totals", totals: false, once: ({ startIndex }) => startIndex === 5 },
  ];
  for (const { title, totals, once } of ahead) {
    test(`${title} says that it starts further on: it is asked for again`, async () => {
      const answer = byIndex(users(6), { totals });
      let strayed = false;
      const server = serve((request) => {
        if (strayed || !once(request)) return answer(request);
        strayed = true;
        return answer({ ...request, startIndex: (request.startIndex ?? 1) + 2 });
      });
      const { list, seen, kinds } = await walk(server, { count: 2 });
      expect(seen).toEqual(idsOf(users(6)));
      expect(kinds).toEqual(["envelope"]);
      expect(list.complete).toBe(true);
    });
  }

  test("a page is left out, unseen: the page behind it comes in its place, then in its own, and the walk goes on", async () => {
    const answer = byIndex(users(12), { startIndexes: false });
    const server = serve((request) => answer(request.startIndex === 5 ? { ...request, startIndex: 7 } : request));
    const { list, seen, kinds } = await walk(server, { count: 2 });
    expect(seen).toEqual(idsOf(users(12)).filter((id) => id !== "u5" && id !== "u6"));
    expect(kinds).toEqual(["repeatedResource", "repeatedResource"]);
    expect(list).toMatchObject({ complete: false, totalResults: 12 });
  });

  test("a page comes again for whatever is asked for: the walk passes over it once", async () => {
    const answer = byIndex(users(12), { startIndexes: false });
    const { list, seen, requests } = await walk(
      serve((request) => answer({ ...request, startIndex: Math.min(request.startIndex ?? 1, 3) })),
      { count: 2 },
    );
    expect(seen).toEqual(idsOf(users(4)));
    expect(requests.map(({ startIndex }) => startIndex)).toEqual([undefined, 3, 5, 5, 7, 7]);
    expect(list.complete).toBe(false);
  });

  test("the first page says that it starts at 0, as where positions are counted from 0: it is believed", async () => {
    const { seen, requests, kinds } = await walk(serve(() => page(users(2), { totalResults: 2, startIndex: 0 })));
    expect(seen).toEqual(idsOf(users(2)));
    expect(requests).toHaveLength(1);
    expect(kinds).toEqual([]);
  });

  test("startIndex in the answer is always 1: it is asked about once and not believed", async () => {
    const answer = byIndex(users(6));
    const server = serve((request) => ({ ...answer(request), startIndex: 1 }));
    const { list, seen, requests, kinds } = await walk(server, { count: 2, dialect: { exactTotals: true } });
    expect(seen).toEqual(idsOf(users(6)));
    expect(requests).toHaveLength(4);
    expect(kinds).toEqual(["envelope"]);
    expect(list.complete).toBe(true);
  });

  test("a resource was created in front: what comes twice is left out, reported, and the list is not complete", async () => {
    const before = users(6);
    const after = [{ id: "new" }, ...before];
    const server = serve((request, number) => byIndex(number === 1 ? before : after)(request));
    const { list, seen, kinds } = await walk(server, { count: 3 });
    expect(seen).toEqual(idsOf(before));
    expect(kinds).toEqual(["repeatedResource"]);
    expect(list).toMatchObject({ complete: false, totalResults: 7 });
  });

  test("resources were created at the end: they come too", async () => {
    const server = serve((request, number) => byIndex(users(number === 1 ? 6 : 8))(request));
    const { list, seen } = await walk(server, { count: 3 });
    expect(seen).toEqual(idsOf(users(8)));
    expect(list).toMatchObject({ complete: true, totalResults: 8 });
  });

  test("resources were deleted in front: the walk steps back by as many, and nothing is lost", async () => {
    const before = users(9);
    const after = before.filter(({ id }) => id !== "u1" && id !== "u3");
    const server = serve((request, number) => byIndex(number === 1 ? before : after)(request));
    const { list, seen, kinds } = await walk(server, { count: 3 });
    expect(seen).toEqual(idsOf(before));
    expect(kinds).toEqual([]);
    expect(list).toMatchObject({ complete: true, totalResults: 7 });
  });

  test("more was deleted than the walk remembers: the list is not complete", async () => {
    const server = serve((request, number) => byIndex(number === 3 ? users(60).slice(20) : users(60))(request));
    const { list } = await walk(server, { count: 10 });
    expect(list.complete).toBe(false);
  });

  test("a list without totals goes round in a circle: it ends, at any page size", async () => {
    for (const size of [7, 10, 64, 99]) {
      for (const length of [1, 5, 64, 250]) {
        const all = users(length);
        const server = serve(({ startIndex = 1 }) =>
          page(Array.from({ length: size }, (_, at) => ({ id: `u${((startIndex - 1 + at) % length) + 1}` }))),
        );
        const { list, seen } = await walk(server, { count: size });
        expect(new Set(seen)).toEqual(new Set(idsOf(all)));
        expect(server.requests.length).toBeLessThan(10 + (8 * length) / size);
        expect(list.complete).toBe(false);
      }
    }
  });

  test("cursors go round in a circle: the list ends", async () => {
    const server = serve(({ cursor = "" }) => {
      const at = cursor === "" ? 0 : Number(cursor);
      return page([{ id: `u${at}` }], { nextCursor: String(at === 9 ? 3 : at + 1) });
    });
    const { list, seen } = await walk(server);
    expect(new Set(seen).size).toBe(10);
    expect(server.requests.length).toBeLessThan(200);
    expect(list.complete).toBe(false);
  });

  test("a server of five pages turns round whatever is asked for: the list ends", async () => {
    const given = [
      page(users(11)),
      page(users(13).slice(2)),
      page(users(14).slice(10)),
      page(users(15).slice(3)),
      page(users(5).slice(1)),
    ];
    const server = serve((_, number) => given[number % 5] ?? page([]));
    const { list } = await walk(server, { maxPages: 5000 });
    expect(server.requests.length).toBeLessThan(200);
    expect(list.complete).toBe(false);
  });

  test("behind a part of the page before it comes that page again: it is still known", async () => {
    const { seen } = await walk(
      scripted(
        page(users(1)),
        page(users(2), { totalResults: 9 }),
        page<User>([], { totalResults: 9 }),
        page(users(1), { totalResults: 9 }),
        page(users(2), { totalResults: 9 }),
      ),
    );
    expect(seen).toEqual(idsOf(users(2)));
  });

  test("after a step back a short page comes: what was read before is still remembered", async () => {
    const { seen } = await walk(
      scripted(
        page(users(2), { totalResults: 10 }),
        page(users(8).slice(2), { totalResults: 10 }),
        page<User>([], { totalResults: 7 }),
        page(users(6).slice(5), { totalResults: 7 }),
        page(users(9).slice(6), { totalResults: 9 }),
      ),
    );
    expect(seen).toEqual(idsOf(users(9)));
  });

  test("empty pages with ever new cursors end after a thousand", async () => {
    const server = serve<User>((_, number) => page([], { nextCursor: String(number) }));
    const { list } = await walk(server);
    expect(server.requests).toHaveLength(1001);
    expect(list.complete).toBe(false);
  });

  test("a list without end stops at the most requests", async () => {
    const server = serve(({ startIndex = 1 }) => page([{ id: `u${startIndex}` }]));
    const { list, seen } = await walk(server, { maxPages: 50 });
    expect(seen).toHaveLength(50);
    expect(list.complete).toBe(false);
  });
});

describe("property: honest servers", () => {
  const honestServer = fc.record({
    length: fc.nat(300),
    count: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    cap: fc.integer({ min: 1, max: 60 }),
    limit: fc.option(fc.nat(320), { nil: undefined }),
    totals: fc.boolean(),
    startIndexes: fc.boolean(),
    lookAhead: fc.boolean(),
    method: fc.constantFrom("index", "cursor"),
  });

  test("no resource is lost or repeated, at any page size, by index and by cursor", async () => {
    await fc.assert(
      fc.asyncProperty(honestServer, async ({ length, count, limit, lookAhead, method, ...honest }) => {
        const all = users(length);
        const answer = method === "cursor" ? byCursor(all, honest) : byIndex(all, honest);
        const { list, seen, kinds } = await walk(serve(answer), {
          lookAhead,
          dialect: { method },
          ...(count === undefined ? {} : { count }),
          ...(limit === undefined ? {} : { limit }),
        });
        expect(seen).toEqual(idsOf(all.slice(0, limit)));
        expect(kinds).toEqual([]);
        expect([(limit ?? Infinity) > length, (limit ?? Infinity) >= length]).toContain(list.complete);
      }),
    );
  });

  test("while resources are deleted, none is repeated, and none is lost of a list that says it is complete", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 200 }),
        fc.array(fc.record({ at: fc.nat(200), page: fc.integer({ min: 2, max: 20 }) }), { maxLength: 9 }),
        async (length, deletions) => {
          let current = users(length);
          const server = serve((request, number) => {
            for (const { at } of deletions.filter((deletion) => deletion.page === number)) {
              const victim = current[at];
              current = current.filter((user) => user !== victim);
            }
            return byIndex(current)(request);
          });
          const { list, seen } = await walk(server, { count: 10, lookAhead: false });
          expect(new Set(seen).size).toBe(seen.length);
          const lost = current.filter(({ id }) => !seen.includes(id));
          expect(list.complete === false || lost.length === 0).toBe(true);
        },
      ),
    );
  });
});

describe("property: servers that lie", () => {
  test("the walk ends, gives no resource of neighbouring pages twice, and asks no more than twice for a page", async () => {
    const answers = fc.array(
      fc.record({
        start: fc.nat(30),
        length: fc.nat(12),
        totalResults: fc.option(fc.nat(60), { nil: undefined }),
        startIndex: fc.option(fc.nat(60), { nil: undefined }),
        nextCursor: fc.option(fc.constantFrom("a", "b", ""), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(answers, fc.boolean(), async (pages, lookAhead) => {
        const server = serve((_, number) => {
          const { start, length, ...members } = pages[number % pages.length] ?? { start: 0, length: 0 };
          const stated = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
          return page(users(start + length).slice(start), stated);
        });
        const given: string[][] = [];
        const list = paginate(server.fetchPage, { lookAhead, maxPages: 5000, dialect: { method: "index" } });
        for await (const { Resources } of list.pages()) given.push(idsOf(Resources));
        for (const [index, resources] of given.entries()) {
          expect(new Set(resources).size).toBe(resources.length);
          const before = new Set(given[index - 1]);
          expect(resources.filter((id) => before.has(id))).toEqual([]);
        }
        expect(list.complete).toBeTypeOf("boolean");
        expect(server.requests.length).toBeLessThan(5000);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a list", () => {
  test("asks for nothing before its first resource is asked for", async () => {
    const server = serve(byIndex(users(3)));
    const list = paginate(server.fetchPage);
    const iterator = list[Symbol.asyncIterator]();
    expect(server.requests).toEqual([]);
    expect(await iterator.next()).toEqual({ done: false, value: { id: "u1" } });
    expect(list).toMatchObject({ complete: undefined, totalResults: undefined });
  });

  test("can be iterated once, by resources or by pages", async () => {
    const list = paginate(serve(byIndex(users(3))).fetchPage);
    expect(await ids(list)).toHaveLength(3);
    const once = /can be iterated once/;
    await expect(ids(list)).rejects.toThrow(once);
    expect(() => list.pages()).toThrow(TypeError);
    const pages = paginate(serve(byIndex(users(3))).fetchPage);
    pages.pages();
    expect(() => pages[Symbol.asyncIterator]()).toThrow(once);
  });

  test("gives its pages, the first one even if it is empty, without what came before", async () => {
    expect(await pagesOf(paginate(serve(byIndex<User>([])).fetchPage))).toMatchObject([
      { totalResults: 0, Resources: [] },
    ]);
    const overlapping = scripted(page(users(3), { totalResults: 5 }), page(users(5).slice(2), { totalResults: 5 }));
    expect((await pagesOf(paginate(overlapping.fetchPage))).map(({ Resources }) => idsOf(Resources))).toEqual([
      ["u1", "u2", "u3"],
      ["u4", "u5"],
    ]);
  });

  test("does not change the page that came", async () => {
    const came = page(Object.freeze(users(3)) as User[], { totalResults: 3 });
    Object.freeze(came.Resources);
    expect(await ids(paginate(scripted(Object.freeze(came)).fetchPage, { limit: 2 }))).toEqual(["u1", "u2"]);
  });

  test("tells apart resources as the caller says", async () => {
    const list = paginate(serve(byIndex([{ name: "a" }, { name: "A" }, { name: "b" }])).fetchPage, {
      count: 2,
      identify: ({ name }) => name.toLowerCase(),
    });
    const seen = [];
    for await (const { name } of list) seen.push(name);
    expect(seen).toEqual(["a", "b"]);
  });

  const wrong: { given: PaginateOptions<User>; want: RegExp }[] = [
    { given: { count: 0 }, want: /"count" must be a whole number of 1 or more/ },
    { given: { count: 1.5 }, want: /"count"/ },
    { given: { limit: -1 }, want: /"limit" must be a whole number of 0 or more/ },
    { given: { startIndex: 0 }, want: /"startIndex"/ },
    { given: { maxPages: Number.NaN }, want: /"maxPages"/ },
    { given: { startIndex: 1, cursor: "" }, want: /not at both/ },
  ];
  for (const { given, want } of wrong) {
    test(`${JSON.stringify(given)} is a TypeError`, () => {
      expect(() => paginate(serve(byIndex(users(1))).fetchPage, given)).toThrow(TypeError);
      expect(() => paginate(serve(byIndex(users(1))).fetchPage, given)).toThrow(want);
    });
  }

  test("an exception of onDeviation reaches whoever iterates", async () => {
    const refused = new Error("strict");
    const server = serve(() => page(users(2), { totalResults: 9 }));
    const onDeviation = (): void => {
      throw refused;
    };
    await expect(walk(server, { onDeviation })).rejects.toBe(refused);
  });
});

/** A server whose answers the test lets go, one by one. */
function held(all: readonly User[]) {
  const waiting: { request: PageRequest; release: () => void; fail: (error: unknown) => void }[] = [];
  const fetchPage = (request: PageRequest): Promise<ListResponse<User>> =>
    new Promise((resolve, reject) => {
      waiting.push({ request, release: () => resolve(byIndex(all)(request)), fail: reject });
    });
  const release = (index: number): void => waiting[index]?.release();
  return { fetchPage, waiting, release };
}

/** Lets everything run that waits for nothing else. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("look-ahead", () => {
  test("the next page is fetched while this one is consumed, and no more than one", async () => {
    const server = held(users(9));
    const iterator = paginate(server.fetchPage, { count: 3 })[Symbol.asyncIterator]();
    const first = iterator.next();
    await settled();
    expect(server.waiting).toHaveLength(1);
    server.release(0);
    expect(await first).toMatchObject({ value: { id: "u1" } });
    await settled();
    expect(server.waiting).toHaveLength(2);
    server.release(1);
    await settled();
    expect(server.waiting).toHaveLength(2);
    for (const id of ["u2", "u3", "u4"]) expect(await iterator.next()).toMatchObject({ value: { id } });
    await settled();
    expect(server.waiting).toHaveLength(3);
    await iterator.return?.();
  });

  test("can be switched off", async () => {
    const server = held(users(4));
    const iterator = paginate(server.fetchPage, { count: 2, lookAhead: false })[Symbol.asyncIterator]();
    const first = iterator.next();
    await settled();
    server.release(0);
    await first;
    await iterator.next();
    await settled();
    expect(server.waiting).toHaveLength(1);
    await iterator.return?.();
  });

  test("nothing is fetched ahead of the limit", async () => {
    const server = serve(byIndex(users(9)));
    expect(await ids(paginate(server.fetchPage, { count: 3, limit: 3 }))).toHaveLength(3);
    expect(server.requests).toHaveLength(1);
  });

  test("a failure ahead surfaces behind the resources of the pages before, and not when the loop is left", async () => {
    const unhandled = vi.fn<() => void>();
    process.on("unhandledRejection", unhandled);
    try {
      const failure = refusal(undefined, 500);
      const failing = () => scripted(page(users(3), { totalResults: 9 }), failure).fetchPage;
      const seen: string[] = [];
      const list = paginate(failing(), { count: 3 });
      await expect(
        (async () => {
          for await (const { id } of list) {
            await settled();
            seen.push(id);
          }
        })(),
      ).rejects.toBe(failure);
      expect(seen).toEqual(["u1", "u2", "u3"]);
      expect(list).toMatchObject({ complete: false, totalResults: 9 });

      for await (const { id } of paginate(failing(), { count: 3 })) {
        await settled();
        if (id === "u2") break;
      }
      await settled();
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off("unhandledRejection", unhandled);
    }
  });

  test("a function that throws at once is a failure like any other", async () => {
    const failure = new Error("no");
    const fetchPage = (): Promise<ListResponse<User>> => {
      throw failure;
    };
    await expect(ids(paginate(fetchPage))).rejects.toBe(failure);
  });
});

describe("leaving and aborting", () => {
  test("break cancels the request under way", async () => {
    const server = held(users(9));
    const list = paginate(server.fetchPage, { count: 3 });
    setImmediate(() => server.release(0));
    for await (const { id } of list) {
      if (id === "u2") break;
    }
    expect(server.waiting).toHaveLength(2);
    expect(server.waiting[1]?.request.signal.aborted).toBe(true);
    expect(list).toMatchObject({ complete: false, totalResults: 9 });
    await settled();
  });

  test("return ends a next that waits for a page that never comes", async () => {
    const server = held(users(9));
    const iterator = paginate(server.fetchPage)[Symbol.asyncIterator]();
    const next = iterator.next();
    await settled();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
    expect(server.waiting[0]?.request.signal.aborted).toBe(true);
  });

  test("a list that is left before it began asks for nothing", async () => {
    const server = serve(byIndex(users(1)));
    const list = paginate(server.fetchPage);
    const iterator = list[Symbol.asyncIterator]();
    await iterator.return?.();
    expect(await iterator.next()).toMatchObject({ done: true });
    expect(server.requests).toEqual([]);
    expect(list.complete).toBe(false);
  });

  test("throw leaves the list too", async () => {
    const server = held(users(1));
    const iterator = paginate(server.fetchPage).pages();
    const reason = new Error("thrown in");
    await expect(iterator.throw?.(reason)).rejects.toBe(reason);
    expect(server.waiting).toEqual([]);
  });

  test("an aborted signal: iteration rejects with its reason and nothing is asked for", async () => {
    const server = serve(byIndex(users(1)));
    const reason = new Error("too late");
    await expect(walk(server, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });

  test("abort while a page is fetched: rejects with the reason at once, even if the page never comes", async () => {
    const server = held(users(9));
    const controller = new AbortController();
    const iterator = paginate(server.fetchPage, { signal: controller.signal })[Symbol.asyncIterator]();
    const next = iterator.next();
    await settled();
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(server.waiting[0]?.request.signal.reason).toBe(reason);
  });

  test("abort between two resources of a page: rejects with the reason, also if the page ahead is here", async () => {
    const controller = new AbortController();
    const reason = "not even an Error";
    const seen: string[] = [];
    const work = (async () => {
      for await (const { id } of paginate(serve(byIndex(users(9))).fetchPage, {
        count: 3,
        signal: controller.signal,
      })) {
        seen.push(id);
        if (id === "u2") controller.abort(reason);
      }
    })();
    await expect(work).rejects.toBe(reason);
    expect(seen).toEqual(["u1", "u2"]);
  });

  test("a signal that outlives the list keeps nothing of it", async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, "addEventListener");
    const remove = vi.spyOn(signal, "removeEventListener");
    await ids(paginate(serve(byIndex(users(30))).fetchPage, { count: 3, signal }));
    expect(add).toHaveBeenCalledTimes(1);
    expect(remove).toHaveBeenCalledTimes(1);
  });
});

/** Makes each page when it is asked for. */
const manyUsers = async ({ startIndex = 1, count = 0 }: PageRequest): Promise<ListResponse<User>> =>
  JSON.parse(
    JSON.stringify(
      page(
        Array.from({ length: Math.min(count, 100_001 - startIndex) }, (_, at) => ({
          id: `2819c223-7f76-453a-919d-${String(startIndex + at).padStart(12, "0")}`,
          userName: `user${startIndex + at}@example.com`,
        })),
        { totalResults: 100_000 },
      ),
    ),
  ) as ListResponse<User>;

test("a walk over 100,000 resources needs no more memory at its end than at its start", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heap = async (): Promise<number> => {
    await settled();
    collect();
    return process.memoryUsage().heapUsed;
  };
  let [pages, resources, early, late] = [0, 0, 0, 0];
  for await (const { Resources } of paginate(manyUsers, { count: 1000 }).pages()) {
    pages += 1;
    resources += Resources.length;
    if (pages === 3) early = await heap();
    if (pages === 100) late = await heap();
  }
  expect({ pages, resources }).toEqual({ pages: 100, resources: 100_000 });
  expect(late - early).toBeLessThan(4 * 2 ** 20);
});
