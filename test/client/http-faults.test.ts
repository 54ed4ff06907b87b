import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Answer, Http, type HttpOptions, type SendRequest } from "../../src/client/http.ts";
import { BaseURL } from "../../src/client/url.ts";
import { RequestNetworkError } from "../../src/errors.ts";
import { closedPort, loopback } from "./loopback.ts";

const MIB = 1024 * 1024;

/** Sends to a server of this test, by default without retries. */
async function exchange(
  listener: RequestListener,
  request: Partial<SendRequest> = {},
  options: HttpOptions = {},
): Promise<Answer> {
  const base = new BaseURL(`${await loopback(listener)}/scim/v2`);
  const http = new Http(base, { retry: false, ...options });
  return http.send({ method: "GET", url: base.resolve("/Users"), ...request });
}

/** A listener, and what settles when the client has closed the connection. */
function watched(listener: RequestListener): { listener: RequestListener; closed: Promise<void> } {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  return {
    closed,
    listener: (request, response) => {
      request.socket.once("close", () => resolve());
      listener(request, response);
    },
  };
}

async function failureOf(sending: Promise<unknown>): Promise<RequestNetworkError> {
  const error: unknown = await sending.catch((thrown: unknown) => thrown);
  if (error instanceof RequestNetworkError) return error;
  throw new Error("it did not fail as it should", { cause: error });
}

describe("a body is bounded, 64 MiB by default", () => {
  test("64 MiB and one byte is an error, and the connection is closed", async () => {
    const chunk = Buffer.alloc(MIB, " ");
    const { listener, closed } = watched((_request, response) => {
      let sent = 0;
      const write = (): void => {
        while (sent < 64) {
          sent += 1;
          if (!response.write(chunk)) return void response.once("drain", write);
        }
        response.write(" ");
      };
      write();
    });
    expect(await failureOf(exchange(listener))).toMatchObject({
      reason: "bodyTooLarge",
      status: 200,
      message: expect.stringMatching(/: the answer is larger than 67108864 bytes$/) as string,
    });
    await closed;
  });

  test("64 MiB is not", async () => {
    const chunk = Buffer.alloc(MIB, " ");
    const { body } = await exchange((_request, response) => {
      for (let sent = 0; sent < 63; sent += 1) response.write(chunk);
      response.write(chunk.subarray(1));
      response.end("1");
    });
    expect(body).toBe(1);
  });

  test("a Content-Length above the bound is enough", async () => {
    const { listener, closed } = watched((_request, response) => {
      response.writeHead(200, { "content-length": 64 * MIB + 1 }).write("{");
    });
    expect(await failureOf(exchange(listener))).toMatchObject({ reason: "bodyTooLarge", status: 200 });
    await closed;
  });

  test("what counts are decompressed bytes", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB + 1, " "));
    expect(bomb.byteLength).toBeLessThan(MIB);
    const listener: RequestListener = (_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-length": bomb.byteLength }).end(bomb);
    };
    expect(await failureOf(exchange(listener))).toMatchObject({ reason: "bodyTooLarge", status: 200 });
  });

  test("a compressed body below the bound is read", async () => {
    const { body } = await exchange((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync('{"userName":"é"}'));
    });
    expect(body).toEqual({ userName: "é" });
  });
});

describe("what breaks on the wire is a RequestNetworkError", () => {
  const faults: Array<{
    title: string;
    given: RequestListener;
    want: { reason: string; status: number | undefined };
  }> = [
    {
      title: "a connection that is reset before the answer",
      given: ({ socket }) => socket.resetAndDestroy(),
      want: { reason: "connection", status: undefined },
    },
    {
      title: "a connection that is closed before the answer",
      given: ({ socket }) => socket.destroy(),
      want: { reason: "connection", status: undefined },
    },
    {
      title: "an answer that is not HTTP",
      given: ({ socket }) => socket.end("SCIM/2.0 200 fine\r\n\r\n"),
      want: { reason: "connection", status: undefined },
    },
    {
      title: "a connection that is reset in the middle of a body",
      given: ({ socket }, response) => {
        response.writeHead(200, { "content-length": 100 });
        response.write('{"userName":', () => socket.resetAndDestroy());
      },
      want: { reason: "connection", status: 200 },
    },
    {
      title: "a chunked body without its last chunk",
      given: ({ socket }, response) => {
        response.writeHead(201);
        response.write('{"userName":', () => socket.destroy());
      },
      want: { reason: "connection", status: 201 },
    },
    {
      title: "headers that do not come",
      given: () => undefined,
      want: { reason: "timeout", status: undefined },
    },
    {
      title: "a body that does not come",
      given: (_request, response) => response.writeHead(200).flushHeaders(),
      want: { reason: "timeout", status: 200 },
    },
    {
      title: "a body that stops",
      given: (_request, response) => void response.writeHead(200).write("{"),
      want: { reason: "timeout", status: 200 },
    },
  ];
  for (const { title, given, want } of faults) {
    test(`${title}: the connection is closed, and a write has an unknown outcome`, async () => {
      const { listener, closed } = watched(given);
      // The headers have to arrive before the time-out even on a machine that has much else to do.
      const request = { method: "POST", body: { a: 1 }, timeout: want.reason === "timeout" ? 1000 : 30_000 };
      expect(await failureOf(exchange(listener, request))).toMatchObject({ ...want, unknownOutcome: true });
      await closed;
    });
  }

  test("a body that is not what its content coding says", async () => {
    const sending = exchange((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end("{}");
    });
    expect(await failureOf(sending)).toMatchObject({ reason: "connection", status: 200 });
  });

  test("a port where nobody listens: a write was not sent", async () => {
    const origin = await closedPort();
    const base = new BaseURL(origin);
    const sending = new Http(base, { retry: false }).send({
      method: "POST",
      url: base.resolve("/Users"),
      body: {},
    });
    expect(await failureOf(sending)).toMatchObject({
      message: `POST ${origin}/Users: the connection failed (ECONNREFUSED): nothing listens there`,
      reason: "connection",
      unknownOutcome: false,
    });
  });

  test("a reset in the middle of a body is made good by a retry", async () => {
    let count = 0;
    const answer = await exchange(
      ({ socket }, response) => {
        count += 1;
        response.writeHead(200, { "content-length": 10 });
        if (count === 1) response.write('{"id":', () => socket.resetAndDestroy());
        else response.end('{"id":"1"}');
      },
      { retry: { limit: 1, backoff: 0 } },
    );
    expect(answer).toMatchObject({ body: { id: "1" }, attempt: 2 });
  });

  test("truncated JSON that ends as HTTP says is an answer with its text", async () => {
    const answer = await exchange((_request, response) => void response.end('{"userName":'));
    expect(answer).toMatchObject({ status: 200, body: undefined, text: '{"userName":' });
  });

  test("a redirect to another origin is not followed", async () => {
    let reached = 0;
    const elsewhere = await loopback((_request, response) => void response.end(String((reached += 1))));
    const listener: RequestListener = (_request, response) => {
      response.writeHead(308, { location: `${elsewhere}/scim/v2/Users` }).end();
    };
    const answer = await exchange(listener, { method: "PATCH", body: { password: "x" } });
    expect([answer.status, reached]).toEqual([308, 0]);
  });

  test("a redirect loop ends", async () => {
    let reached = 0;
    const answer = await exchange((_request, response) => {
      reached += 1;
      response.writeHead(307, { location: "/scim/v2/Users" }).end();
    });
    expect([answer.status, reached]).toEqual([307, 6]);
  });
});

describe("abort closes the connection and rejects with the reason of the signal", () => {
  const reason = new Error("enough");

  test("before the answer", async () => {
    const abort = new AbortController();
    const { listener, closed } = watched(() => abort.abort(reason));
    await expect(exchange(listener, { signal: abort.signal })).rejects.toBe(reason);
    await closed;
  });

  test("in the middle of a body", async () => {
    const abort = new AbortController();
    const { listener, closed } = watched((_request, response) => void response.write("{"));
    const fetch = async (request: Request): Promise<Response> => {
      const response = await globalThis.fetch(request);
      setImmediate(() => abort.abort(reason));
      return response;
    };
    const request = { method: "POST", body: { a: 1 }, signal: abort.signal };
    await expect(exchange(listener, request, { fetch })).rejects.toBe(reason);
    await closed;
  });

  test("AbortSignal.timeout rejects with its TimeoutError", async () => {
    const signal = AbortSignal.timeout(50);
    const error: unknown = await exchange(() => undefined, { signal }).catch((thrown: unknown) => thrown);
    expect(error).toBe(signal.reason);
    expect(error).toMatchObject({ name: "TimeoutError" });
  });
});

test("connections are used again", async () => {
  const ports = new Set<number | undefined>();
  const listener: RequestListener = ({ socket }, response) =>
    response.end(String(ports.add(socket.remotePort).size));
  const base = new BaseURL(await loopback(listener));
  const http = new Http(base);
  for (let count = 0; count < 10; count += 1) await http.send({ method: "GET", url: base.resolve("/Users") });
  expect(ports.size).toBeLessThan(5);
});
