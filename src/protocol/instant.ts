/**
 * Points in time: what dateTime values (RFC 7643 §2.3.5) are compared by.
 *
 * @module
 */
import { isDateTime } from "../schema/date-time.ts";

/** A point in time, exactly; JavaScript's `Date` would lose what is below a millisecond. */
export interface Instant {
  /** Seconds since 1970-01-01T00:00:00Z. A leap second is the first second after it. */
  readonly seconds: number;
  /** The digits after the decimal point, without zeros at the end. */
  readonly fraction: string;
}

/**
 * The point in time that a date-time names, of RFC 3339 or the end of a day, `2011-05-13T24:00:00Z`, which is XML Schema's
 * (RFC 7643 §2.3.5); `undefined` for any other text.
 */
export function instantOf(text: string): Instant | undefined {
  if (!isDateTime(text) && !isEndOfDay(text)) return undefined;
  const zone = /[Zz]$/.test(text) ? text.length - 1 : text.length - 6;
  return { seconds: localSeconds(text) - offsetSeconds(text, zone), fraction: fractionOf(text, zone) };
}

/** Whether it is the first moment of the next day. */
function isEndOfDay(text: string): boolean {
  return /^24:00:00(?:\.0+)?[Zz+-]/.test(text.slice(11)) && isDateTime(`${text.slice(0, 11)}00${text.slice(13)}`);
}

/** Negative when the first is earlier, positive when it is later, 0 when they are the same. */
export function compareInstants(one: Instant, other: Instant): number {
  if (one.seconds !== other.seconds) return one.seconds - other.seconds;
  if (one.fraction === other.fraction) return 0;
  return one.fraction < other.fraction ? -1 : 1;
}

/** The calendar repeats itself after 400 years; without them `Date.UTC` takes the year 50 for 1950. */
const FOUR_CENTURIES = { years: 400, seconds: 146_097 * 86_400 } as const;

function localSeconds(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2) + FOUR_CENTURIES.years;
  const [month, day, hour] = [twoDigits(text, 5) - 1, twoDigits(text, 8), twoDigits(text, 11)];
  const milliseconds = Date.UTC(year, month, day, hour, twoDigits(text, 14), twoDigits(text, 17));
  return milliseconds / 1000 - FOUR_CENTURIES.seconds;
}

function offsetSeconds(text: string, zone: number): number {
  if (zone === text.length - 1) return 0;
  const seconds = twoDigits(text, zone + 1) * 3600 + twoDigits(text, zone + 4) * 60;
  return text[zone] === "-" ? -seconds : seconds;
}

function fractionOf(text: string, zone: number): string {
  let end = zone;
  while (end > 20 && text[end - 1] === "0") end -= 1;
  return text.slice(20, end);
}

function twoDigits(text: string, offset: number): number {
  return (text.charCodeAt(offset) - 0x30) * 10 + text.charCodeAt(offset + 1) - 0x30;
}
