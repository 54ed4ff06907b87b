/**
 * SCIMMY on a socket of its own, or on none.
 *
 * @module
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { scimmyApp, type ScimmyAppOptions } from "../../../examples/scimmy-app.ts";

/** A SCIMMY server that is listening. */
export interface ScimmyServer {
  readonly server: Server;
  readonly baseURL: string;
  readonly token: string;
  readonly close: () => Promise<void>;
}

/** Starts SCIMMY on loopback, on a port that the system chooses, with an empty directory and a clock that counts seconds. */
export async function startScimmy(options: Partial<ScimmyAppOptions> = {}): Promise<ScimmyServer> {
  const { server, token } = scimmyServer(options);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  // A server that listens on a port has an address object.
  const { port } = server.address() as AddressInfo;
  return {
    server,
    baseURL: `http://127.0.0.1:${port}/scim/v2`,
    token,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** SCIMMY as a server that does not listen: whoever has it hands it connections. */
export function scimmyServer(options: Partial<ScimmyAppOptions> = {}): { server: Server; token: string } {
  const token = options.token ?? "scimmy-token";
  let seconds = Date.parse("2026-01-01T00:00:00Z") / 1000;
  const now = (): Date => new Date((seconds += 1) * 1000);
  return { server: createServer(scimmyApp({ now, ...options, token })), token };
}
