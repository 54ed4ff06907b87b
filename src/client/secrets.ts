/**
 * Secrets in texts of others (RFC 7644 §7.5): a server that refuses a password may quote it.
 *
 * @module
 */

/** Shorter ones stand in too many words to be taken out of a text. */
const SHORTEST = 4;

/** Of how many characters a beginning is, unless there are fewer. */
const BEGINNING = 16;

/**
 * Takes secrets out of a text, the longest first, so that of none that holds another a rest is left; not those of a few
 * characters. Each is found verbatim, escaped for JSON once or twice (a body that is quoted in a detail), and
 * percent-encoded, with `%20` or `+` for a blank; not in another case, escaped for HTML or cut. The time grows with the text
 * and with the secrets, not with their product.
 */
export function hide(text: string, secrets: readonly string[]): string {
  // By their beginnings, the longest first; a text is compared with few that begin alike.
  const known = new Map<string, string[]>();
  // In no form is it shorter.
  const fitting = secrets.filter(({ length }) => length >= SHORTEST && length <= text.length);
  const forms = [...new Set(fitting)].flatMap(formsOf).toSorted((a, b) => b.length - a.length);
  for (const form of new Set(forms)) {
    const start = form.slice(0, BEGINNING);
    const alike = known.get(start);
    if (alike === undefined) known.set(start, [form]);
    else alike.push(form);
  }
  const first = new Set(forms.map((form) => form.charCodeAt(0)));
  const lengths = [...new Set([...known.keys()].map(({ length }) => length))].toSorted((a, b) => b - a);
  const at = (place: number): string | undefined => {
    for (const length of lengths) {
      const form = known.get(text.slice(place, place + length))?.find((one) => text.startsWith(one, place));
      if (form !== undefined) return form;
    }
    return undefined;
  };
  let shown = "";
  let rest = 0;
  for (let place = 0; place < text.length; place += 1) {
    const form = first.has(text.charCodeAt(place)) ? at(place) : undefined;
    if (form === undefined) continue;
    shown += `${text.slice(rest, place)}***`;
    rest = place + form.length;
    place = rest - 1;
  }
  return shown + text.slice(rest);
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
