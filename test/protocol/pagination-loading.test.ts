import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { paginate } from "../../src/protocol/pagination.ts";
import { byIndex, serve, users } from "./list-server.ts";

const WALK = "../../src/protocol/page-walk.ts";

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const resources: T[] = [];
  for await (const resource of list) resources.push(resource);
  return resources;
}

test("where what walks over the pages cannot be loaded iteration rejects, and the next list tries again", async () => {
  vi.doMock(WALK, () => {
    throw new Error("offline");
  });
  const server = serve(byIndex(users(2)));
  const list = paginate(server.fetchPage);
  await expect(all(list)).rejects.toMatchObject({ cause: { message: "offline" } });
  expect(list.complete).toBe(false);
  expect(server.requests).toEqual([]);

  vi.doUnmock(WALK);
  expect(await all(paginate(server.fetchPage))).toHaveLength(2);
});

describe("what walks over the pages is loaded when iteration starts", () => {
  let loading: PromiseWithResolvers<object>;
  beforeEach(() => {
    loading = Promise.withResolvers();
    vi.doMock(WALK, () => loading.promise);
  });
  afterEach(() => {
    loading.resolve({});
    vi.doUnmock(WALK);
    vi.resetModules();
  });

  test("options that are not of their range are refused before", () => {
    const { fetchPage } = serve(byIndex(users(1)));
    expect(() => paginate(fetchPage, { count: 0 })).toThrow(TypeError);
    expect(() => paginate(fetchPage, { startIndex: 1, cursor: "" })).toThrow(TypeError);
  });

  test("an abort while it is loaded rejects with the reason at once", async () => {
    const server = serve(byIndex(users(1)));
    const controller = new AbortController();
    const list = paginate(server.fetchPage, { signal: controller.signal });
    const next = list[Symbol.asyncIterator]().next();
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(list).toMatchObject({ complete: false, totalResults: undefined });
    expect(server.requests).toEqual([]);
  });

  test("leaving the list while it is loaded ends the next that waits", async () => {
    const server = serve(byIndex(users(1)));
    const list = paginate(server.fetchPage);
    const iterator = list.pages();
    const next = iterator.next();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
    expect(list.complete).toBe(false);
    expect(server.requests).toEqual([]);
  });
});
