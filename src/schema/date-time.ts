/**
 * The `dateTime` type (RFC 7643 §2.3.5): a date and a time of RFC 3339 §5.6 with its offset, such as
 * `2008-01-23T04:56:22Z`.
 *
 * @module
 */

/**
 * A date-time of RFC 3339: every field within its range, the day within its month, the offset present, a fraction of any
 * length. Second 60 is accepted at any minute: when there was a leap second is no matter of form. Anchored and linear: no
 * text can be read in two ways.
 */
export const DATE_TIME: RegExp =
  /^(?:\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Whether a text is a date-time of RFC 3339, as `DATE_TIME` defines it. */
export function isDateTime(text: string): boolean {
  return DATE_TIME.test(text);
}
