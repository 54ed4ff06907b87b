/**
 * Talking to a Node server in this process, without a socket: for tests, and for a server and a client in one program.
 * Needs Node 22.6.
 *
 * @module
 */
import { type IncomingMessage, request as send } from "node:http";
import { type Duplex, duplexPair } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A `Server` of `node:http`, by what tells it from others; so these declarations need no types of Node. */
export interface NodeServer {
  emit(event: "connection", connection: unknown): boolean;
  closeAllConnections(): void;
}

/** A `fetch` that talks to one server, whatever host the URL names. */
export interface NodeFetch {
  (input: Request | URL | string, init?: RequestInit): Promise<Response>;
  /** Breaks off what is under way; later calls are refused with `TypeError`. The server itself is not closed. */
  close(): void;
}

/**
 * A `fetch` whose requests a `node:http` server answers in process; it need not listen. Give it to `SCIMClient` as
 * `fetch`:
 *
 * ```ts
 * import { createServer } from "node:http";
 * import { fetchFrom } from "scimkit/node";
 *
 * const scim = new SCIMClient("http://scim.test/scim/v2", { fetch: fetchFrom(createServer(app)) });
 * ```
 *
 * Every request is a connection of its own. Bodies are streamed both ways, and the signal of the request ends either.
 * As with `fetch`, whatever breaks rejects with `TypeError` with the cause; unlike `fetch`, redirects are not followed
 * and content codings are neither asked for nor undone.
 */
export function fetchFrom(server: NodeServer): NodeFetch {
  const open = new Set<Duplex>();
  let closed = false;

  const connect = (): Duplex => {
    const [near, far] = duplexPair();
    open.add(near);
    near.once("close", () => {
      open.delete(near);
      far.destroy();
    });
    // What a server has ended is still being read; what it has dropped is lost, as with a socket.
    far.once("close", () => {
      if (!far.writableFinished) near.destroy(new Error("the server closed the connection"));
    });
    far.on("error", ignore);
    // Applications log and trust by the address of the peer.
    Object.assign(far, { remoteAddress: "127.0.0.1", remoteFamily: "IPv4", remotePort: 0 });
    server.emit("connection", far);
    return near;
  };

  const fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    if (closed) throw new TypeError("fetch failed", { cause: new Error("the fetch function was closed") });
    try {
      const message = await exchange(request, connect);
      return toResponse(request, message);
    } catch (error) {
      request.signal.throwIfAborted();
      throw new TypeError("fetch failed", { cause: error });
    }
  };

  const close = (): void => {
    closed = true;
    for (const connection of open) connection.destroy(new Error("the fetch function was closed"));
  };

  return Object.assign(fetch, { close });
}

function exchange(request: Request, createConnection: () => Duplex): Promise<IncomingMessage> {
  const { method, url, body, signal } = request;
  const { pathname, search, host } = new URL(url);
  const headers = { host, ...Object.fromEntries(request.headers) };
  const outgoing = send({ method, path: pathname + search, headers, createConnection, signal });
  return new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.on("error", reject);
    // A server may answer without reading the body; then it is the answer that counts.
    if (body === null) outgoing.end();
    else pipeline(chunksOf(body, reject), outgoing).catch(ignore);
  });
}

async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  fail: (error: unknown) => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } catch (error) {
    fail(error);
    throw error;
  }
}

function toResponse(request: Request, message: IncomingMessage): Response {
  const headers = new Headers();
  const { rawHeaders, statusCode = 0, statusMessage = "" } = message;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
  }
  const empty = request.method === "HEAD" || statusCode === 204 || statusCode === 205 || statusCode === 304;
  if (empty) message.resume();
  const response = new Response(empty ? null : streamOf(request, message), {
    status: statusCode,
    statusText: statusMessage,
    headers,
  });
  Object.defineProperty(response, "url", { value: request.url });
  return response;
}

function streamOf(request: Request, message: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = message[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await chunks.next();
          if (next.done === true) controller.close();
          else controller.enqueue(next.value);
        } catch (error) {
          request.signal.throwIfAborted();
          throw new TypeError("terminated", { cause: error });
        }
      },
      cancel() {
        message.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

function ignore(): void {}
