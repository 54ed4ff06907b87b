/**
 * Secrets in texts of others (RFC 7644 §7.5): a server that refuses a password may quote it.
 *
 * @module
 */

/** Shorter ones stand in too many words to be taken out of a text. */
const SHORTEST = 4;

/** Takes secrets out of a text, the longest first, so that of none that holds another a rest is left; not those of a few characters. */
export function hide(text: string, secrets: readonly string[]): string {
  const known = secrets.filter(({ length }) => length >= SHORTEST).toSorted((a, b) => b.length - a.length);
  return known.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
}
