import { once } from "node:events";
import { createServer } from "node:http";
import { Provider, type IssuedToken } from "oidc-provider";
import { onTestFinished, vi } from "vitest";
import type { Fetch } from "../../src/client/http.ts";
import { portOf } from "./loopback.ts";

/** An authorization server that others wrote, on a random port of this machine until the test ends. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** How many token requests it has answered. */
  readonly tokenRequests: () => number;
  readonly find: (token: string) => Promise<IssuedToken | undefined>;
}

/** Starts oidc-provider with these clients, which may use client credentials and nothing else. */
export async function authorizationServer(...clients: readonly object[]): Promise<AuthorizationServer> {
  const server = createServer();
  const issuer = `http://127.0.0.1:${await portOf(server)}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const provider = new Provider(issuer, {
    clients: clients.map((client) => ({
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      ...client,
    })),
    scopes: ["scim"],
    ttl: { ClientCredentials: 600 },
    cookies: { keys: ["a-key"] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, audience: string) => ({ audience, scope: "scim" }),
      },
    },
  });
  const answer = provider.callback();
  warn.mockRestore();
  let requests = 0;
  server.on("request", (request, response) => {
    if (request.url === "/token") requests += 1;
    answer(request, response);
  });
  return { issuer, tokenRequests: () => requests, find: (token) => provider.ClientCredentials.find(token) };
}

/** A SCIM server that asks the authorization server about every token, and has one user of any id. */
export function scimServer({ find }: AuthorizationServer): { readonly fetch: Fetch; readonly seen: IssuedToken[] } {
  const seen: IssuedToken[] = [];
  return {
    seen,
    fetch: async ({ headers, url }) => {
      const token = await find(headers.get("authorization")?.replace(/^Bearer /, "") ?? "");
      if (token === undefined)
        return new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
      seen.push(token);
      const id = url.slice(url.lastIndexOf("/") + 1);
      const user = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], id, userName: "bjensen" };
      return Response.json(user, { headers: { "content-type": "application/scim+json" } });
    },
  };
}
