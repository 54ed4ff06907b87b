import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import express from "express";
import { describe, expect, test } from "vitest";
import { fetchFrom } from "../src/node.ts";

const BASE = "http://scim.test/scim/v2";

function fetchOf(listener: RequestListener): ReturnType<typeof fetchFrom> {
  return fetchFrom(createServer(listener));
}

/** A promise and what settles it. */
function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe("fetchFrom answers from a server that does not listen", () => {
  test("method, path, query, header fields and body arrive as they were sent", async () => {
    const fetch = fetchOf((request, response) => {
      request.setEncoding("utf8");
      let body = "";
      request.on("data", (text: string) => (body += text));
      request.on("end", () => {
        const { method, url, headers, socket } = request;
        response.end(JSON.stringify({ method, url, headers, body, from: socket.remoteAddress }));
      });
    });
    const response = await fetch(`${BASE}/Users?filter=id%20pr#x`, {
      method: "POST",
      headers: { authorization: "Bearer t", "content-type": "application/scim+json" },
      body: '{"userName":"é"}',
    });
    expect(await response.json()).toEqual({
      method: "POST",
      url: "/scim/v2/Users?filter=id%20pr",
      headers: expect.objectContaining({
        host: "scim.test",
        authorization: "Bearer t",
        "content-type": "application/scim+json",
        connection: "close",
      }) as unknown,
      body: '{"userName":"é"}',
      from: "127.0.0.1",
    });
  });

  test("status, status text, header fields and URL come back, two cookies as two", async () => {
    const fetch = fetchOf((_request, response) => {
      response.writeHead(418, "Short and stout", { "set-cookie": ["a=1", "b=2"], etag: 'W/"1"' });
      response.end("tea");
    });
    const response = await fetch(new Request(`${BASE}/Users/1`));
    expect(response).toMatchObject({
      status: 418,
      statusText: "Short and stout",
      url: `${BASE}/Users/1`,
      ok: false,
    });
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(response.headers.get("etag")).toBe('W/"1"');
    expect(await response.text()).toBe("tea");
  });

  for (const status of [204, 304]) {
    test(`RFC 9110 §6.4.1: ${status} has no body`, async () => {
      const response = await fetchOf((_request, answer) => answer.writeHead(status).end())(new URL(BASE));
      expect(response).toMatchObject({ status, body: null });
    });
  }

  test("RFC 9110 §9.3.2: HEAD has no body", async () => {
    const response = await fetchOf((_request, answer) => answer.end("x"))(BASE, { method: "HEAD" });
    expect(response).toMatchObject({ status: 200, body: null });
  });

  test("an answer is readable before it ends", async () => {
    const second = gate();
    const fetch = fetchOf((_request, response) => {
      response.write("one");
      void second.opened.then(() => response.end("two"));
    });
    const reader = (await fetch(BASE)).body?.pipeThrough(new TextDecoderStream()).getReader();
    expect(await reader?.read()).toEqual({ done: false, value: "one" });
    second.open();
    expect(await reader?.read()).toEqual({ done: false, value: "two" });
    expect(await reader?.read()).toEqual({ done: true, value: undefined });
  });

  test("a request body is streamed", async () => {
    const first = gate();
    const fetch = fetchOf((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += String(chunk);
        first.open();
      });
      request.on("end", () => response.end(body));
    });
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode("one"));
        await first.opened;
        controller.enqueue(new TextEncoder().encode("two"));
        controller.close();
      },
    });
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    expect(await (await fetch(BASE, init)).text()).toBe("onetwo");
  });

  test("a megabyte goes both ways", async () => {
    const fetch = fetchOf((request, response) => void request.pipe(response));
    const body = "0123456789abcdef".repeat(65_536);
    expect(await (await fetch(BASE, { method: "PUT", body })).text()).toBe(body);
  });

  test("requests run side by side, each on a connection of its own", async () => {
    const sockets = new Set<unknown>();
    const all = gate();
    const fetch = fetchOf((request, response) => {
      sockets.add(request.socket);
      if (sockets.size === 5) all.open();
      void all.opened.then(() => response.end(request.url));
    });
    const texts = await Promise.all([1, 2, 3, 4, 5].map(async (n) => (await fetch(`${BASE}/${n}`)).text()));
    expect(texts).toEqual(["/scim/v2/1", "/scim/v2/2", "/scim/v2/3", "/scim/v2/4", "/scim/v2/5"]);
  });

  test("an Express application with a body parser answers", async () => {
    const app = express().use(express.json({ type: "application/scim+json" }));
    app.post("/scim/v2/Users", (request, response) => void response.status(201).json(request.body));
    const response = await fetchFrom(createServer(app))(`${BASE}/Users`, {
      method: "POST",
      headers: { "content-type": "application/scim+json" },
      body: '{"userName":"bjensen"}',
    });
    expect([response.status, await response.json()]).toEqual([201, { userName: "bjensen" }]);
  });

  test("an answer that comes before the request body was read is the answer", async () => {
    const fetch = fetchOf((_request, response) => void response.writeHead(413).end("too large"));
    const response = await fetch(BASE, { method: "POST", body: "x".repeat(1_000_000) });
    expect([response.status, await response.text()]).toEqual([413, "too large"]);
  });
});

describe("what breaks rejects as it does with fetch", () => {
  test("a connection that the server closes without an answer is a TypeError with a cause", async () => {
    const fetch = fetchOf((request) => void request.socket.destroy());
    await expect(fetch(BASE)).rejects.toMatchObject({
      name: "TypeError",
      message: "fetch failed",
      cause: { message: "the server closed the connection" },
    });
  });

  test("a connection that the server closes in the middle of a body is a TypeError when reading", async () => {
    const fetch = fetchOf((request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => request.socket.destroy());
    });
    const response = await fetch(BASE);
    await expect(response.text()).rejects.toMatchObject({ name: "TypeError", message: "terminated" });
  });

  test("an answer that is not HTTP is a TypeError with a cause", async () => {
    const fetch = fetchOf((request) => void request.socket.end("not HTTP at all\r\n\r\n"));
    await expect(fetch(BASE)).rejects.toMatchObject({
      message: "fetch failed",
      cause: { code: "HPE_INVALID_CONSTANT" },
    });
  });

  test("a request body that fails is a TypeError with its cause", async () => {
    const broken = new Error("the source is gone");
    const fetch = fetchOf((request, response) => void request.resume().on("end", () => response.end()));
    const body = new ReadableStream({ pull: (controller) => controller.error(broken) });
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    await expect(fetch(BASE, init)).rejects.toMatchObject({ message: "fetch failed", cause: broken });
  });
});

describe("abort and close", () => {
  test("a signal that is aborted already rejects with its reason, and the server sees nothing", async () => {
    let seen = 0;
    const fetch = fetchOf((_request, response) => void response.end(String((seen += 1))));
    const reason = new Error("not now");
    await expect(fetch(BASE, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(seen).toBe(0);
  });

  test("abort before the answer rejects with the signal's reason, and the server sees the connection close", async () => {
    const abort = new AbortController();
    const closed = gate();
    const fetch = fetchOf((request) => {
      request.socket.once("close", closed.open);
      abort.abort(reason);
    });
    const reason = new Error("enough");
    await expect(fetch(BASE, { signal: abort.signal })).rejects.toBe(reason);
    await closed.opened;
  });

  test("abort in the middle of a body rejects the reader with the signal's reason", async () => {
    const abort = new AbortController();
    const closed = gate();
    const fetch = fetchOf((request, response) => {
      request.socket.once("close", closed.open);
      response.write("half");
    });
    const reason = new Error("enough");
    const response = await fetch(BASE, { signal: abort.signal });
    const text = response.text();
    abort.abort(reason);
    await expect(text).rejects.toBe(reason);
    await closed.opened;
  });

  test("a body that is cancelled closes the connection", async () => {
    const closed = gate();
    const fetch = fetchOf((request, response) => {
      request.socket.once("close", closed.open);
      response.write("half");
    });
    await (await fetch(BASE)).body?.cancel();
    await closed.opened;
  });

  test("close() breaks off what is under way and refuses what comes later", async () => {
    const server: Server = createServer();
    const fetch = fetchFrom(server);
    const arrived = once(server, "request");
    const pending = fetch(BASE);
    await arrived;
    fetch.close();
    const closed = { message: "fetch failed", cause: { message: "the fetch function was closed" } };
    await expect(pending).rejects.toMatchObject(closed);
    await expect(fetch(BASE)).rejects.toMatchObject(closed);
  });
});
