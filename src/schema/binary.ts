/**
 * The `binary` type (RFC 7643 §2.3.6): bytes in base64 or base64url (RFC 4648 §4, §5), padded or not.
 *
 * @module
 */

/**
 * Base64 or base64url, not mixed, of a length that bytes can have; the padding may be left out, line breaks are not
 * allowed. The groups of four are spelled out: a counted group makes engines keep a state per group, which overflows
 * their stack at some megabytes. Anchored and linear.
 */
export const BINARY: RegExp =
  /^(?:(?:[A-Za-z\d+/][A-Za-z\d+/][A-Za-z\d+/][A-Za-z\d+/])*(?:[A-Za-z\d+/][A-Za-z\d+/](?:==)?|[A-Za-z\d+/][A-Za-z\d+/][A-Za-z\d+/]=?)?|(?:[\w-][\w-][\w-][\w-])*(?:[\w-][\w-](?:==)?|[\w-][\w-][\w-]=?)?)$/;
