import { SCIMClient, type ClientOptions } from "../../src/index.ts";
import { isJsonObject, type JsonObject } from "../../src/json.ts";
import { EnterpriseUser, Group, User } from "../../src/models.gen.ts";
import { BULK_RESPONSE, type BulkOperation } from "../../src/protocol/bulk.ts";
import { replay, type Sent } from "./replay.ts";

export const BASE = "https://scim.example/scim/v2";

export function client(options: Omit<ClientOptions, "raiseScimErrors" | "checkResponsePayload"> = {}): SCIMClient {
  return new SCIMClient<true, true>(BASE, {
    retry: false,
    resourceModels: [User.with(EnterpriseUser), Group],
    ...options,
  });
}

/** What ServiceProviderConfig says of bulk. */
export function supporting(bulk: JsonObject): Pick<ClientOptions, "serviceProviderConfig"> {
  return { serviceProviderConfig: { bulk } };
}

export const BULK: Pick<ClientOptions, "serviceProviderConfig"> = supporting({ supported: true });

/** Answers bulk requests: each POST creates, everything else succeeds. */
export function bulkServer(): ReturnType<typeof replay> {
  const { fetch, sent } = replay({ status: 200 });
  return {
    sent,
    fetch: async (request) => {
      await fetch(request);
      const body = sent.at(-1)?.body;
      const operations = isJsonObject(body) && Array.isArray(body["Operations"]) ? body["Operations"] : [];
      const answers = operations.filter(isJsonObject).map(({ method, bulkId, path: place }) => {
        const created = typeof bulkId === "string" && method === "POST" ? `/${encodeURIComponent(bulkId)}` : "";
        const location = `${BASE}${typeof place === "string" ? place : ""}${created}`;
        return {
          method,
          bulkId,
          location,
          status: method === "POST" ? "201" : method === "DELETE" ? "204" : "200",
        };
      });
      return Response.json({ schemas: [BULK_RESPONSE], Operations: answers });
    },
  };
}

/** The operations of a bulk request. */
export function operationsIn(sent: Sent | undefined): unknown[] {
  const body = sent?.body;
  return isJsonObject(body) && Array.isArray(body["Operations"]) ? body["Operations"] : [];
}

/** Creates a user of the name of its bulkId. */
export function create(bulkId: string, data: object = {}): BulkOperation {
  return { method: "POST", path: "/Users", bulkId, data: { userName: bulkId, ...data } };
}
