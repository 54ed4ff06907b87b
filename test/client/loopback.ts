import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { Server as NetServer } from "node:net";
import { onTestFinished } from "vitest";

/** The origin of a port of this machine on which nobody listens. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  const origin = `http://127.0.0.1:${await portOf(server)}`;
  server.close();
  await once(server, "close");
  return origin;
}

/** A server on a random port of this machine until the test ends; gives its origin. */
export async function loopback(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const origin = `http://127.0.0.1:${await portOf(server)}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return origin;
}

/** Lets a server listen on a random port. */
export async function portOf(server: NetServer, host = "127.0.0.1"): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
