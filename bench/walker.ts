/**
 * One walk over all users, by one way, in a process of its own: `node walker.ts floor|pages|list|query BASE`. Prints what it
 * measured as JSON.
 *
 * @module
 */
import type { Walk } from "./walk.ts";

const [way, base = ""] = process.argv.slice(2);
const TOTAL = 100_000;
const PAGE = 1000;
const heap: [number, number] = [0, 0];
let pages = 0;
let seen = 0;

function page(resources: readonly unknown[]): void {
  seen += resources.length;
  turned();
}

function turned(): void {
  pages += 1;
  // The collection is not what is measured, and both ways pay for it twice.
  if (pages !== 3 && pages !== 100) return;
  globalThis.gc?.();
  heap[pages === 3 ? 0 : 1] = process.memoryUsage().heapUsed;
}

async function floor(): Promise<void> {
  while (seen < TOTAL) {
    const response = await fetch(`${base}/Users?startIndex=${seen + 1}&count=${PAGE}`);
    page((JSON.parse(await response.text()) as { Resources: unknown[] }).Resources);
  }
}

async function ours(): Promise<() => Promise<void>> {
  const { SCIMClient } = await import("../src/index.ts");
  const { EnterpriseUser, User } = await import("../src/models.gen.ts");
  const scim = new SCIMClient(base);
  const model = User.with(EnterpriseUser);
  if (way === "query") {
    return async () => {
      while (seen < TOTAL) page((await scim.query(model, { startIndex: seen + 1, count: PAGE })).Resources);
    };
  }
  if (way === "list") {
    return async () => {
      for await (const user of scim.list(model, { count: PAGE })) {
        seen += user.id === "" ? 0 : 1;
        if (seen % PAGE === 0) turned();
      }
    };
  }
  return async () => {
    for await (const { Resources } of scim.list(model, { count: PAGE }).pages()) page(Resources);
  };
}

const walk = way === "floor" ? floor : await ours();
const started = performance.now();
await walk();
const milliseconds = performance.now() - started;
if (seen !== TOTAL) throw new Error(`${seen} users came`);
const result: Walk = { milliseconds, heap, peak: process.resourceUsage().maxRSS * 1024 };
console.log(JSON.stringify(result));
