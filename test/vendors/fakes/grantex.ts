/**
 * Grantex as it is on the wire, faults included: the auth service of mishrasanjeev/grantex, routes/scim.ts, plugins/auth.ts
 * and plugins/errors.ts, with what was measured on it. Two planes with a credential each, Fastify around them, PostgreSQL
 * behind them.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { JsonObject, JsonValue } from "../../../src/json.ts";

/** A row of `scim_users`. */
interface Row {
  readonly id: string;
  readonly developer: string;
  external_id: string | null;
  user_name: string;
  display_name: string | null;
  active: boolean;
  /** What the column holds: text where a write stringified it, an array where the default applied. */
  emails: JsonValue;
  readonly created_at: string;
  updated_at: string;
}

interface TokenRow {
  readonly id: string;
  readonly developer: string;
  readonly label: string;
  readonly secret: string;
  readonly createdAt: string;
}

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

/** What the error handler makes 500 of: a type error in a handler, a constraint of the database. */
class Crash extends Error {}

/** A Grantex with its database. */
export class GrantexFake {
  readonly apiKey: string = `gx_test_${randomBytes(12).toString("hex")}`;
  readonly users: Row[] = [];
  readonly #tokens: TokenRow[] = [];
  /** What came in: `GET /scim/v2/Users?count=100`. */
  readonly requests: string[] = [];
  #now = Date.parse("2026-01-01T00:00:00Z");
  #limited = 0;

  /** A SCIM token, as if it had been created. */
  issue(): string {
    return this.#issue("fixture").secret;
  }

  /** A user that single sign-on created: its e-mails are an array. */
  addJustInTime(userName: string, emails: JsonValue): Row {
    return this.#insert({ userName }, emails);
  }

  /** The next requests of the SCIM plane are over the rate limit. */
  limit(requests: number): void {
    this.#limited = requests;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    this.requests.push(`${request.method} ${pathname}${search}`);
    try {
      return pathname.startsWith("/v1/")
        ? await this.#tokenPlane(request, pathname)
        : await this.#scimPlane(request, pathname);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      return handled(500, "Internal Server Error", "INTERNAL_ERROR");
    }
  };

  async #tokenPlane(request: Request, pathname: string): Promise<Response> {
    // plugins/auth.ts runs before the body is read.
    const [, scheme = "", key] = /^(\S+) (.*)$/.exec(request.headers.get("authorization") ?? "") ?? [];
    if (scheme.toLowerCase() !== "bearer" || key !== this.apiKey) {
      return handled(401, "Invalid API key", "UNAUTHORIZED");
    }
    const body = await parse(request);
    if (body instanceof Response) return body;
    const route = `${request.method} ${pathname.replace(/^(\/v1\/scim\/tokens\/)[^/]+$/, "$1:id")}`;
    if (route === "POST /v1/scim/tokens") {
      const label = member(body, "label");
      if (!isTruthy(label)) return handled(400, "label is required", "BAD_REQUEST");
      const { id, secret, createdAt } = this.#issue(text(label));
      return json(201, { id, label: text(label), token: secret, createdAt });
    }
    if (route === "GET /v1/scim/tokens") {
      const rows = this.#tokens.filter(({ developer }) => developer === "dev").toReversed();
      return json(200, {
        tokens: rows.map(({ id, label, createdAt }) => ({ id, label, createdAt, lastUsedAt: null })),
      });
    }
    if (route === "DELETE /v1/scim/tokens/:id") {
      const id = decodeURIComponent(pathname.slice("/v1/scim/tokens/".length));
      const index = this.#tokens.findIndex((token) => token.id === id && token.developer === "dev");
      if (index === -1) return handled(404, "SCIM token not found", "NOT_FOUND");
      this.#tokens.splice(index, 1);
      return new Response(null, { status: 204 });
    }
    return notFound(request, pathname);
  }

  async #scimPlane(request: Request, pathname: string): Promise<Response> {
    if (this.#limited > 0) {
      this.#limited -= 1;
      return handled(429, "Rate limit exceeded, retry in 1 minute", "BAD_REQUEST", { "retry-after": "0" });
    }
    const body = await parse(request);
    if (body instanceof Response) return body;
    if (request.method === "GET" && pathname === "/scim/v2/ServiceProviderConfig") return json(200, CONFIG);
    const id = /^\/scim\/v2\/Users\/([^/]*)$/.exec(pathname)?.[1];
    const served = id === undefined ? ["GET", "POST"] : ["GET", "PUT", "PATCH", "DELETE"];
    if ((id === undefined && pathname !== "/scim/v2/Users") || !served.includes(request.method)) {
      return notFound(request, pathname);
    }
    const authorization = request.headers.get("authorization");
    if (authorization?.startsWith("Bearer ") !== true)
      return refused(401, "Missing or invalid Bearer token", "unauthorized");
    if (!this.#tokens.some(({ secret }) => secret === authorization.slice(7))) {
      return refused(401, "Invalid SCIM token", "unauthorized");
    }
    if (id === undefined) {
      return request.method === "GET" ? this.#list(new URL(request.url).searchParams) : this.#create(body);
    }
    const row = this.users.find((user) => user.id === decodeURIComponent(id));
    if (request.method === "PUT") return this.#replace(row, body);
    if (request.method === "PATCH") return this.#patch(row, body);
    if (row === undefined) return refused(404, "User not found", "noTarget");
    if (request.method === "GET") return json(200, asUser(row));
    this.users.splice(this.users.indexOf(row), 1);
    return new Response(null, { status: 204 });
  }

  #list(query: URLSearchParams): Response {
    const startIndex = Math.max(1, numberOf(query, "startIndex", 1));
    const count = Math.min(200, Math.max(1, numberOf(query, "count", 100)));
    if (!Number.isInteger(startIndex) || !Number.isInteger(count))
      throw new Crash("invalid input syntax for bigint");
    const rows = this.users.slice(startIndex - 1, startIndex - 1 + count);
    return json(200, {
      schemas: [LIST],
      totalResults: this.users.length,
      startIndex,
      itemsPerPage: count,
      Resources: rows.map(asUser),
    });
  }

  #create(body: JsonValue | undefined): Response {
    if (!isTruthy(member(body, "userName"))) return refused(400, "userName is required", "invalidValue");
    const emails = member(body, "emails");
    return json(201, asUser(this.#insert(body as JsonObject, JSON.stringify(emails === undefined ? [] : emails))));
  }

  #replace(row: Row | undefined, body: JsonValue | undefined): Response {
    const userName = member(body, "userName");
    if (!isTruthy(userName)) return refused(400, "userName is required", "invalidValue");
    const active = member(body, "active");
    if (active === null) throw new Crash("null value in column active");
    if (row === undefined) return refused(404, "User not found", "noTarget");
    this.#rename(row, text(userName));
    row.display_name = textOrNull(member(body, "displayName"));
    row.external_id = textOrNull(member(body, "externalId"));
    row.active = active === undefined ? true : active === true;
    row.emails = JSON.stringify(member(body, "emails") ?? []);
    row.updated_at = this.#tick();
    return json(200, asUser(row));
  }

  #patch(row: Row | undefined, body: JsonValue | undefined): Response {
    const operations = member(body, "Operations") ?? [];
    if (!Array.isArray(operations)) throw new Crash("operations is not iterable");
    const change: JsonObject = {};
    for (const operation of operations) {
      const op = member(operation, "op");
      if (typeof op !== "string") throw new Crash("Cannot read properties of undefined (reading 'toLowerCase')");
      if (!["replace", "add"].includes(op.toLowerCase())) continue;
      const path = member(operation, "path");
      const value = member(operation, "value");
      if (path === "active" || path === "userName" || path === "displayName") change[path] = value;
      else if (!isTruthy(path) && typeof value === "object" && value !== null) Object.assign(change, value);
    }
    if (row === undefined) return refused(404, "User not found", "noTarget");
    const { userName, displayName, active } = change;
    if (userName !== undefined && userName !== null) this.#rename(row, text(userName));
    row.display_name = textOrNull(displayName) ?? row.display_name;
    row.active = active === undefined || active === null ? row.active : active === true;
    row.updated_at = this.#tick();
    return json(200, asUser(row));
  }

  #insert(body: JsonObject, emails: JsonValue): Row {
    const { userName, active } = body;
    if (active === null) throw new Crash("null value in column active");
    this.#claim(text(userName), undefined);
    const now = this.#tick();
    const row = {
      id: `scimuser_${randomUUID()}`,
      developer: "dev",
      external_id: textOrNull(body["externalId"]),
      user_name: text(userName),
      display_name: textOrNull(body["displayName"]),
      active: active === undefined ? true : active === true,
      emails,
      created_at: now,
      updated_at: now,
    };
    this.users.push(row);
    return row;
  }

  #rename(row: Row, userName: string): void {
    this.#claim(userName, row);
    row.user_name = userName;
  }

  /** UNIQUE (developer_id, user_name), which tells upper from lower case. */
  #claim(userName: string, row: Row | undefined): void {
    if (this.users.some((user) => user !== row && user.user_name === userName))
      throw new Crash("duplicate key value");
  }

  #issue(label: string): TokenRow {
    const token = {
      id: `scimtok_${randomUUID()}`,
      developer: "dev",
      label,
      secret: randomBytes(32).toString("hex"),
      createdAt: this.#tick(),
    };
    this.#tokens.push(token);
    return token;
  }

  #tick(): string {
    this.#now += 1000;
    return new Date(this.#now).toISOString();
  }
}

const CONFIG = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: false, maxResults: 200 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      name: "OAuth Bearer Token",
      description: "Authentication scheme using the Bearer token",
      type: "oauthbearertoken",
      primary: true,
    },
  ],
  meta: { resourceType: "ServiceProviderConfig" },
};

/** Fastify's own parser: application/json and nothing else, and a body where there is a type. */
async function parse(request: Request): Promise<JsonValue | Response | undefined> {
  const type = request.headers.get("content-type");
  if (type === null) return undefined;
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    return handled(415, `Unsupported Media Type: ${type}`, "BAD_REQUEST");
  }
  const body = await request.text();
  if (body === "")
    return handled(400, "Body cannot be empty when content-type is set to 'application/json'", "BAD_REQUEST");
  if (body.length > 1024 * 1024) return handled(413, "Request body is too large", "BAD_REQUEST");
  try {
    return JSON.parse(body) as JsonValue;
  } catch {
    return handled(400, "Body is not valid JSON", "BAD_REQUEST");
  }
}

function asUser(row: Row): JsonObject {
  return {
    schemas: [USER],
    id: row.id,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    userName: row.user_name,
    ...(row.display_name === null ? {} : { displayName: row.display_name }),
    active: row.active,
    emails: row.emails,
    meta: { resourceType: "User", created: row.created_at, lastModified: row.updated_at },
  };
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** Shape 1: what a handler refuses. */
function refused(status: number, detail: string, scimType: string): Response {
  return json(status, { schemas: [ERROR], detail, scimType, status });
}

/** Shape 2: what the error handler and the token plane say. */
function handled(
  status: number,
  message: string,
  code: string,
  headers?: Readonly<Record<string, string>>,
): Response {
  return json(status, { message, code, requestId: "req-1" }, headers);
}

/** Shape 3: what Fastify says of a route that there is not. */
function notFound({ method }: Request, pathname: string): Response {
  return json(404, { message: `Route ${method}:${pathname} not found`, error: "Not Found", statusCode: 404 });
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

function isTruthy(value: JsonValue | undefined): boolean {
  return Boolean(value);
}

/** What a text column makes of a value. */
function text(value: JsonValue | undefined): string {
  return typeof value === "object" && value !== null ? "[object Object]" : String(value);
}

function textOrNull(value: JsonValue | undefined): string | null {
  return value === undefined || value === null ? null : text(value);
}

/** A parameter that comes twice is an array, which is no number. */
function numberOf(query: URLSearchParams, name: string, absent: number): number {
  const values = query.getAll(name);
  return values.length === 0 ? absent : values.length === 1 ? Number(values[0]) : NaN;
}
