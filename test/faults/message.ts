import type { JsonValue } from "../../src/json.ts";
import { errorOf, type Reply } from "../client/replay.ts";

export const BASE = "https://scim.example/scim/v2";

/** A request, or an operation of a bulk. */
export interface Message {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  /** The bytes of the body. */
  readonly size?: number;
  readonly body?: JsonValue | undefined;
  /** The id that the resource gets which the message creates. */
  readonly newId?: string | undefined;
}

/** Reads a request. */
export async function messageOf(request: Request): Promise<Message> {
  const { pathname, searchParams } = new URL(request.url);
  const bytes = await request.bytes();
  return {
    method: request.method,
    path: pathname.slice(new URL(BASE).pathname.length),
    query: searchParams,
    ifMatch: request.headers.get("if-match") ?? undefined,
    ifNoneMatch: request.headers.get("if-none-match") ?? undefined,
    size: bytes.length,
    body: bytes.length === 0 ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as JsonValue),
  };
}

/** A write is known by the text `write-…` in its body; one without by its method and path. */
export function nameOfWrite({ method, path, body }: Message): string {
  return /"(write-[^"]+)"/.exec(JSON.stringify(body ?? null))?.[1] ?? `${method} ${path}`;
}

/** Whether it asks for resources of an endpoint, by GET or by `/.search`. */
export function isList({ method, path }: Message): boolean {
  return path.endsWith("/.search") || (method === "GET" && /^\/(?:Users|Groups)$/.test(path));
}

export function error(status: number, scimType?: string): Reply {
  return { status, body: errorOf(status, scimType) };
}

/** A value as the text that it stands for. */
export function plain(value: JsonValue | undefined): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}
