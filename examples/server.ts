/**
 * The SCIMMY app behind a port of this machine.
 *
 * @module
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { scimmyApp, type ScimmyAppOptions } from "./scimmy-app.ts";

/** A service provider that runs. */
export interface RunningServer {
  /** Where its endpoints are. */
  readonly baseURL: string;
  /** Ends it, and every connection to it. */
  close(): void;
}

/**
 * Starts the SCIMMY app.
 *
 * @param port 0 takes any that is free.
 * @throws what Node throws when it cannot listen there, such as `EADDRINUSE`.
 */
export async function startServer(options: ScimmyAppOptions, port: number): Promise<RunningServer> {
  const server = createServer(scimmyApp(options)).listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    baseURL: `http://127.0.0.1:${address.port}/scim/v2`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
