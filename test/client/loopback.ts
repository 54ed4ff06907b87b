import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { onTestFinished } from "vitest";

/** The origin of a port of this machine on which nobody listens. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  const origin = await originOf(server);
  server.close();
  await once(server, "close");
  return origin;
}

/** A server on a random port of this machine until the test ends; gives its origin. */
export async function loopback(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const origin = await originOf(server);
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return origin;
}

async function originOf(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}
