/**
 * The `User-Agent` of requests (RFC 9110 §10.1.5).
 *
 * @module
 */
import type { HeaderRecord } from "./headers.ts";

/** The version of this package. */
export const VERSION = "0.1.0";

/**
 * The header field, given the name of the platform if it has one. A browser names itself, and would have to ask the
 * server's leave to send another name.
 */
export function userAgent(platform: string | undefined): HeaderRecord {
  return platform?.startsWith("Mozilla/") === true ? {} : { "user-agent": `scimkit/${VERSION}` };
}
