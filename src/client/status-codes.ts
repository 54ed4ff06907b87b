/**
 * The statuses that verbs expect (RFC 7644 §3.3 to §3.7, §3.12).
 *
 * @module
 */

/** The verbs that have a list of their own. */
export type Verb = "create" | "query" | "search" | "replace" | "modify" | "delete" | "bulk";

/**
 * The statuses that each verb expects, after scim2-client, with 202, 413 and 429. Below 400 they decide what succeeds; from
 * 400 on every answer is an error, and a listed one is no surprise. 307 and 308 are followed before anyone looks.
 */
export const EXPECTED_STATUS_CODES: Readonly<Record<Verb, readonly number[]>> = {
  create: [201, 202, 400, 401, 403, 404, 409, 413, 429, 500],
  query: [200, 400, 401, 403, 404, 413, 429, 500],
  search: [200, 400, 401, 403, 404, 409, 413, 429, 500, 501],
  replace: [200, 202, 204, 400, 401, 403, 404, 409, 412, 413, 429, 500, 501],
  modify: [200, 202, 204, 400, 401, 403, 404, 409, 412, 413, 429, 500, 501],
  delete: [202, 204, 400, 401, 403, 404, 409, 412, 413, 429, 500, 501],
  bulk: [200, 202, 400, 401, 403, 404, 409, 413, 429, 500, 501],
};
