/**
 * The server of the benchmarks, a process of its own: `/Users/{id}` and pages of as many users as are asked for, all made
 * before the first request. It prints its port.
 *
 * @module
 */
import { createServer } from "node:http";
import { users } from "./users.ts";

const TOTAL = 100_000;
const PAGE = 1000;
const one = JSON.stringify(users(1)[0]);
// A hundred different pages would be 160 MB; the ids alone are made new for each.
const page = users(PAGE).map((user) => {
  const [head = "", tail = ""] = JSON.stringify({ ...user, id: "\u0000" }).split('"\\u0000"');
  return [head, tail] as const;
});

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  response.setHeader("content-type", "application/scim+json");
  if (url.pathname !== "/scim/v2/Users") {
    response.end(one);
    return;
  }
  const start = Number(url.searchParams.get("startIndex") ?? 1);
  const count = Math.min(Number(url.searchParams.get("count") ?? PAGE), PAGE, Math.max(0, TOTAL - start + 1));
  const resources = page.slice(0, count).map(([head, tail], index) => `${head}"${start + index}"${tail}`);
  response.end(
    `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":${TOTAL},"startIndex":${start},` +
      `"itemsPerPage":${count},"Resources":[${resources.join(",")}]}`,
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" && address !== null ? address.port : 0);
});
