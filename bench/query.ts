/** What one request costs beyond ky: reading a user by id over loopback, one after the other and sixteen at once. @module */
import ky from "ky";
import { SCIMClient } from "../src/index.ts";
import { EnterpriseUser, User } from "../src/models.gen.ts";
import { inTurn, ms, type Benchmark, type Figure } from "./figure.ts";
import { withServer } from "./with-server.ts";

const REQUESTS = 2000;

export const query: Benchmark = {
  name: "query",
  run: () =>
    withServer(async (base) => {
      const scim = new SCIMClient(base);
      const model = User.with(EnterpriseUser);
      const retry = { limit: 3, methods: ["get"] };
      const ways = {
        ours: () => scim.query(model, "1"),
        ky: () =>
          ky(`${base}/Users/1`, { timeout: 30_000, retry, headers: { accept: "application/scim+json" } }).json(),
        fetch: async () => (await fetch(`${base}/Users/1`)).json() as Promise<unknown>,
      };
      const figures: Figure[] = [];
      for (const [title, concurrency] of [
        ["one after the other", 1],
        ["16 at once", 16],
      ] as const) {
        for (const [floor, target] of [
          ["ky", 1.25],
          ["fetch", undefined],
        ] as const) {
          const result = await inTurn(
            () => many(ways.ours, concurrency),
            () => many(ways[floor], concurrency),
            9,
          );
          figures.push({
            name: `query by id ÷ ${floor}, ${title}`,
            ratio: result.ratio,
            ...(target === undefined ? {} : { target }),
            detail: `${ms(result.ours / REQUESTS)}, ${ms(result.floor / REQUESTS)} a request`,
          });
        }
      }
      return figures;
    }),
};

async function many(request: () => Promise<unknown>, concurrency: number): Promise<void> {
  let left = REQUESTS;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left > 0) {
        left -= 1;
        await request();
      }
    }),
  );
}
