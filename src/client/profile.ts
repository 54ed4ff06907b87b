/**
 * Server profiles: how a service provider differs from the RFC, as data. Each layer defines its own slice; this file puts
 * them together. Resolution: a call's option, the client's, the profile's, ServiceProviderConfig's, the RFC's default.
 *
 * @module
 */
import type { PagingDialect } from "../protocol/page-walk.ts";
import type { Repairs } from "../schema/repairs.ts";
import type { DiscoverySources } from "./discovery.ts";
import type { Capabilities } from "./options.ts";

/** What is known of a server, or of a kind of servers. Everything has the RFC's default. */
export interface ServerProfile {
  /** For messages. */
  readonly name: string;
  /** Nothing is repaired and every deviation is an error. Default `false`. */
  readonly strict?: boolean;
  /** Documents to take in place of the server's, or where the server keeps them; `none: "accept"` lets all three be absent. */
  readonly discovery?: DiscoverySources & { readonly none?: "accept" | "refuse" };
  /** Default `application/scim+json`. */
  readonly requestContentType?: string;
  /** Repairs beyond those that every answer gets. */
  readonly repairs?: Repairs;
  /** What the server can do, where its ServiceProviderConfig is wrong or missing. */
  readonly capabilities?: Capabilities;
  /** How the server pages. */
  readonly paging?: PagingDialect;
  /** What becomes of members that are null in a create or replace: `drop` where a server refuses them. Default `send`. */
  readonly nulls?: "send" | "drop";
}

/** The RFC as it is written, tolerant of what servers make of it: the default. */
export const rfc: ServerProfile = { name: "rfc" };

/** The RFC to the letter: every deviation is an error. */
export const strict: ServerProfile = { name: "strict", strict: true };
