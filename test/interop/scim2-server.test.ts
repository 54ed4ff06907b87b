import { describeBehaviours, type Provider } from "./lane.ts";
import { scim2ServerDepartures } from "./scim2-server-departures.ts";
import { startScim2Server } from "./servers/scim2-server.ts";

describeBehaviours({
  name: "scim2-server",
  departures: scim2ServerDepartures,
  async open() {
    const server = await startScim2Server("bjensen");
    if ("unavailable" in server) return server;
    const newProvider = (): Promise<Provider> =>
      Promise.resolve({
        baseURL: server.newTenant(),
        token: server.token,
        fetch: (request) => fetch(request),
        close: () => Promise.resolve(),
      });
    return { newProvider, close: () => server.close() };
  },
});
