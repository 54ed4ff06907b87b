import { SCIMClient, type ClientOptions, type Deviation } from "../../src/index.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { type Fault, type FaultPlan, FaultServer } from "./fault-server.ts";
import { BASE } from "./message.ts";
import { Provider, type ProviderOptions } from "./provider.ts";
import { virtualClock, type VirtualClock } from "./virtual-clock.ts";

/** What can happen to any request, in about one of four. */
export const LINE: Readonly<Partial<Record<Fault, number>>> = {
  reset: 0.02,
  resetAfter: 0.02,
  cutShort: 0.02,
  silence: 0.01,
  silenceAfter: 0.01,
  tooManySeconds: 0.02,
  tooManyDate: 0.02,
  busy: 0.02,
  busySeconds: 0.02,
  busyDate: 0.02,
  badGateway: 0.02,
  gatewayTimeout: 0.02,
  gatewayTimeoutAfter: 0.02,
};

export interface BadLine {
  readonly scim: SCIMClient;
  readonly server: FaultServer;
  readonly provider: Provider;
  readonly clock: VirtualClock;
  readonly deviations: Deviation[];
}

/** A client and a service provider with a bad line between them, on which no time passes but what waiting takes. */
export function badLine(
  given: ProviderOptions | Provider,
  plan: FaultPlan,
  options: Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload"> = {},
  clock: VirtualClock = virtualClock(),
): BadLine {
  const provider = given instanceof Provider ? given : new Provider(given);
  const server = new FaultServer(provider, { onSilence: () => clock.pass(30_000), ...plan });
  const deviations: Deviation[] = [];
  const config = provider.handle({ method: "GET", path: "/ServiceProviderConfig" }).body;
  const scim = new SCIMClient<true, true>(BASE, {
    fetch: server.fetch,
    resourceModels: [User.with(EnterpriseUser), Group],
    serviceProviderConfig: { ...(config as object) },
    retry: { limit: 12, totalTimeout: 3_600_000 },
    onRetry: clock.onRetry,
    onDeviation: (deviation) => void deviations.push(deviation),
    ...options,
  });
  return { scim, server, provider, clock, deviations };
}
