/** Runs `bench/server.ts` for as long as a benchmark needs it. @module */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts the server, gives its base URL to `work`, and stops it whatever happens. */
export async function withServer<T>(work: (base: string) => Promise<T>): Promise<T> {
  const server = spawn(process.execPath, [fileURLToPath(new URL("server.ts", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(server.stdout, "data")) as [Buffer];
    return await work(`http://127.0.0.1:${Number(port.toString())}/scim/v2`);
  } finally {
    server.kill();
  }
}
