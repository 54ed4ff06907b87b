import { fetchFrom } from "../../src/node.ts";
import { describeBehaviours } from "./lane.ts";
import { scimmyDepartures } from "./scimmy-departures.ts";
import { scimmyServer } from "./servers/scimmy.ts";

describeBehaviours({
  name: "SCIMMY in process",
  departures: scimmyDepartures,
  open: () =>
    Promise.resolve({
      newProvider: () => {
        const { server, token } = scimmyServer({ me: "bjensen" });
        const inProcess = fetchFrom(server);
        const close = (): Promise<void> => Promise.resolve(inProcess.close());
        return Promise.resolve({ baseURL: "http://scimmy.test/scim/v2", token, fetch: inProcess, close });
      },
      close: () => Promise.resolve(),
    }),
});
