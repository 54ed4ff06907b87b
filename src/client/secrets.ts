/**
 * Secrets in texts of others (RFC 7644 §7.5): a server that refuses a password may quote it.
 *
 * @module
 */

/** Shorter ones stand in too many words to be taken out of a text. */
const SHORTEST = 4;

/**
 * Takes secrets out of a text, the longest first, so that of none that holds another a rest is left; not those of a few
 * characters. Each is found verbatim, escaped for JSON once or twice (a body that is quoted in a detail), and
 * percent-encoded, with `%20` or `+` for a blank; not in another case, escaped for HTML or cut. The secrets are sorted once;
 * a place in the text then costs the logarithm of their number, and as many characters as it has in common with them.
 */
export function hide(text: string, secrets: readonly string[]): string {
  // In no form is it shorter.
  const fitting = secrets.filter(({ length }) => length >= SHORTEST && length <= text.length);
  const forms = [...new Set([...new Set(fitting)].flatMap(formsOf))].toSorted();
  const shorter = beginningsOf(forms);
  const first = new Set(forms.map((form) => form.charCodeAt(0)));
  let shown = "";
  let rest = 0;
  for (let place = 0; place < text.length; place += 1) {
    const length = first.has(text.charCodeAt(place)) ? longestAt(text, place, forms, shorter) : 0;
    if (length === 0) continue;
    shown += `${text.slice(rest, place)}***`;
    rest = place + length;
    place = rest - 1;
  }
  return shown + text.slice(rest);
}

/** For each of sorted forms the index of the longest other one that it begins with, or -1. */
function beginningsOf(forms: readonly string[]): readonly number[] {
  const open: number[] = [];
  return forms.map((form, index) => {
    let last = open.at(-1);
    while (last !== undefined && !form.startsWith(forms[last] ?? "")) {
      open.pop();
      last = open.at(-1);
    }
    open.push(index);
    return last ?? -1;
  });
}

/** The length of the longest of sorted forms that stands at a place of a text, or 0. */
function longestAt(text: string, place: number, forms: readonly string[], shorter: readonly number[]): number {
  // The forms before `low` are not after the text in their order, those from `high` on are; and so much of it they share.
  let [low, high, lowShares, highShares] = [0, forms.length, 0, 0];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const form = forms[middle] ?? "";
    let shares = Math.min(lowShares, highShares);
    while (shares < form.length && form.charCodeAt(shares) === text.charCodeAt(place + shares)) shares += 1;
    if (shares === form.length || form.charCodeAt(shares) < text.charCodeAt(place + shares)) {
      low = middle + 1;
      lowShares = shares;
    } else {
      high = middle;
      highShares = shares;
    }
  }
  // Each that stands there is a beginning of the last one before the text.
  let found = low - 1;
  while ((forms[found]?.length ?? 0) > lowShares) found = shorter[found] ?? -1;
  return forms[found]?.length ?? 0;
}

function formsOf(secret: string): string[] {
  const json = escaped(secret);
  const form = new URLSearchParams({ "": secret }).toString().slice(1);
  return [
    secret,
    json,
    escaped(json),
    encodeURIComponent(secret.toWellFormed()),
    form,
    form.replaceAll("+", "%20"),
  ];
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
