import { describeBehaviours } from "./lane.ts";
import { scimSdkDepartures } from "./scim-sdk-departures.ts";
import { openPeer } from "./servers/peer.ts";
import { scimSdk } from "./servers/scim-sdk.ts";

describeBehaviours({
  name: "SCIM-SDK",
  departures: scimSdkDepartures,
  open: () => openPeer(scimSdk),
});
