import type { Fetch } from "../../src/client/http.ts";

/** A request as it left the client. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded JSON; `undefined` where there was no body. */
  readonly body: unknown;
}

/** An answer; JSON in `application/scim+json` unless a header or a body of text says otherwise. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In place of `body`, as it stands. */
  readonly text?: string;
}

/** What was sent, read once. */
export async function sentBy(request: Request): Promise<Sent> {
  const text = await request.text();
  return {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
  };
}

export function headersOf({ headers, body, text }: Reply): Record<string, string> {
  return { ...(body === undefined && text === undefined ? {} : { "content-type": SCIM_JSON }), ...headers };
}

export function textOf({ body, text }: Reply): string | undefined {
  return text ?? (body === undefined ? undefined : JSON.stringify(body));
}

/** A server in this process: gives the replies in their order, the last one ever after, and keeps what it was sent. */
export function replay(...replies: readonly Reply[]): { readonly fetch: Fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (request) => {
      sent.push(await sentBy(request));
      const reply = replies[Math.min(sent.length, replies.length) - 1] ?? { status: 500 };
      return new Response(textOf(reply) ?? null, { status: reply.status ?? 200, headers: headersOf(reply) });
    },
  };
}

/** A server in this process that answers by method and path below `/scim/v2`, such as `GET /Users`; 404 for others. */
export function routes(table: Readonly<Record<string, Reply>>): { readonly fetch: Fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (request) => {
      sent.push(await sentBy(request));
      const { pathname, search } = new URL(request.url);
      const path = decodeURIComponent(pathname.slice("/scim/v2".length));
      const reply = table[`${request.method} ${path}${search}`] ??
        table[`${request.method} ${path}`] ?? { status: 404 };
      return new Response(textOf(reply) ?? null, { status: reply.status ?? 200, headers: headersOf(reply) });
    },
  };
}

export const SCIM_JSON = "application/scim+json";
export const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
export const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
export const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
export const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
export const SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/** A page that holds these and says that there are no others. */
export function listOf(...resources: readonly unknown[]): object {
  return { schemas: [LIST], totalResults: resources.length, Resources: resources };
}

/** A SCIM Error message. */
export function errorOf(status: number, scimType?: string, detail?: string): object {
  return {
    schemas: [ERROR],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** What a rejected promise was rejected with; throws when it was fulfilled. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`it did not fail, and gave ${JSON.stringify(value)}`);
}

/** As `rejection`, for what may throw at once. */
export function failure(call: () => unknown): Promise<unknown> {
  return rejection((async () => call())());
}

/** Everything that a list holds. */
export async function collect<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of list) all.push(item);
  return all;
}
