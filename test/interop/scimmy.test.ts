import { describeBehaviours } from "./lane.ts";
import { scimmyDepartures } from "./scimmy-departures.ts";
import { startScimmy } from "./servers/scimmy.ts";

describeBehaviours({
  name: "SCIMMY over loopback",
  departures: scimmyDepartures,
  open: () =>
    Promise.resolve({
      newProvider: async () => {
        const { baseURL, token, close } = await startScimmy({ me: "bjensen" });
        return { baseURL, token, close, fetch: (request) => fetch(request) };
      },
      close: () => Promise.resolve(),
    }),
});
