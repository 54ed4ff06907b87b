import { elimityScimDepartures } from "./elimity-scim-departures.ts";
import { describeBehaviours } from "./lane.ts";
import { elimityScim } from "./servers/elimity-scim.ts";
import { openPeer } from "./servers/peer.ts";

describeBehaviours({
  name: "elimity-com/scim",
  departures: elimityScimDepartures,
  open: () => openPeer(elimityScim),
});
