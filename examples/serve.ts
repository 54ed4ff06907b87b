/**
 * `npm run serve`: the SCIMMY app on a port, until it is interrupted, for whoever wants to try what README shows.
 * `npm run serve -- 4000` takes another port.
 *
 * @module
 */
import { startServer } from "./server.ts";

const TOKEN = "a-token";
const port = Number(process.argv[2] ?? 3000);

if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`serve: "${process.argv[2]}" is no port, a whole number up to 65535`);
  process.exit(1);
}
try {
  const { baseURL } = await startServer({ token: TOKEN, me: "bjensen@example.com" }, port);
  console.log(`A SCIM server with an empty directory is at

  ${baseURL}   and takes the token   ${TOKEN}

  import { SCIMClient, bearer } from "scimkit";
  const scim = new SCIMClient("${baseURL}", { auth: bearer("${TOKEN}") });

/Me is the user bjensen@example.com, once there is one. Ctrl+C ends it; what it holds is gone then.`);
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
  console.error(`serve: port ${port} is taken; npm run serve -- ${port + 1} takes another`);
  process.exit(1);
}
