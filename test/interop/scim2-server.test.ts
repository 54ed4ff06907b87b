import { describeBehaviours } from "./lane.ts";
import { scim2ServerDepartures } from "./scim2-server-departures.ts";
import { openPeer } from "./servers/peer.ts";
import { scim2Server } from "./servers/scim2-server.ts";

describeBehaviours({
  name: "scim2-server",
  departures: scim2ServerDepartures,
  open: () => openPeer(scim2Server),
});
