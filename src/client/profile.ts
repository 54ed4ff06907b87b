/**
 * Server profiles: how a service provider differs from the RFC, as data. Each layer defines its own slice; this file puts
 * them together. Resolution: a call's option, the client's, the profile's, ServiceProviderConfig's, the RFC's default.
 *
 * @module
 */
import type { FilterSupport } from "../protocol/filter-support.ts";
import type { PagingDialect } from "../protocol/page-walk.ts";
import type { PatchDialect } from "../protocol/patch-dialect.ts";
import type { PatchSupport } from "../protocol/patch-support.ts";
import type { Demands } from "../schema/demands.ts";
import type { UnknownAttributes } from "../schema/known-part.ts";
import type { Repairs } from "../schema/repairs.ts";
import type { DiscoverySources } from "./discovery.ts";
import type { ETagPolicy } from "./entity-tag.ts";
import type { Capabilities, Capability } from "./options.ts";
import type { Verb } from "./status-codes.ts";

/** What is known of a server, or of a kind of servers. Everything has the RFC's default. */
export interface ServerProfile {
  /** For messages. */
  readonly name: string;
  /** Nothing is repaired and every deviation is an error, in discovery documents too. Default `false`. */
  readonly strict?: boolean;
  /** Documents to take in place of the server's, or where the server keeps them; `none: "accept"` lets all three be absent. */
  readonly discovery?: DiscoverySources & { readonly none?: "accept" | "refuse" };
  /** Default `application/scim+json`. */
  readonly requestContentType?: string;
  /** Repairs beyond those that every answer gets. */
  readonly repairs?: Repairs;
  /** What the server can do, where its ServiceProviderConfig is wrong or missing. */
  readonly capabilities?: Capabilities;
  /** What the server understands of filters; a filter that asks for more is refused before it is sent. */
  readonly filter?: FilterSupport;
  /** How the server wants PATCH requests, and what it carries out; what it would ignore is refused before it is sent. */
  readonly patch?: PatchDialect & PatchSupport;
  /** How the server pages. */
  readonly paging?: PagingDialect;
  /** When writes are guarded by If-Match. Default `auto`. */
  readonly etag?: ETagPolicy;
  /** What becomes of members that are null in a create or replace: `drop` where a server refuses them. Default `send`. */
  readonly nulls?: "send" | "drop";
  /** What becomes of attributes that the server does not publish, when a resource is written. Default `refuse`. */
  readonly unknownAttributes?: UnknownAttributes;
  /** Statuses with which the server says that a verb succeeded, beside the RFC's. */
  readonly expectedStatusCodes?: { readonly [V in Verb]?: readonly number[] };
  /** What holds for resources of one type alone, by its name. */
  readonly resourceTypes?: { readonly [name: string]: ResourceTypeProfile };
}

/** What is known of one resource type of a server. */
export interface ResourceTypeProfile {
  /** What the server does not offer for this type. */
  readonly without?: readonly Capability[];
  /** What the server understands of filters for this type, over what it understands in general. */
  readonly filter?: FilterSupport;
  /** What the server carries out of PATCH for this type, over what it carries out in general. */
  readonly patch?: PatchSupport;
  /**
   * Attributes without which the server refuses a resource, or makes up a value. One that is `readOnly` is sent for that:
   * `{ replace: ["id"] }` is for servers that look for the id in the body of a PUT.
   */
  readonly demands?: Demands;
  /** What DELETE does. Default `deletes`. */
  readonly deletion?: Deletion;
}

/**
 * What becomes of a resource that is deleted: it is gone (`deletes`); it stays, inactive, and can be activated again
 * (`deactivates`); it stays, inactive for ever (`suspends`); it stays and no longer belongs to the client (`unlinks`); the
 * documentation leaves it open (`unspecified`).
 */
export type Deletion = "deletes" | "deactivates" | "suspends" | "unlinks" | "unspecified";

/** The RFC as it is written, tolerant of what servers make of it: the default. */
export const rfc: ServerProfile = { name: "rfc" };

/** The RFC to the letter: every deviation is an error. */
export const strict: ServerProfile = { name: "strict", strict: true };
