/**
 * What a wrong name was probably meant to be.
 *
 * @module
 */

const LONGEST = 80;

/**
 * The name that looks most like the one given, whatever their case; the first of several.
 *
 * @returns `undefined` when none is within two changed, missing or extra characters; within one for names of up to four
 *   characters.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let best = name.length > 4 ? 3 : 2;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), best);
    if (distance < best) {
      nearest = candidate;
      best = distance;
    }
  }
  return nearest;
}

/** The number of edits, or `bound` when there are that many or more; the bound keeps it nearly linear. */
function editDistance(one: string, other: string, bound: number): number {
  if (Math.abs(one.length - other.length) >= bound) return bound;
  let previous = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      const edits = Math.min(
        (previous[column] ?? bound) + 1,
        (current[column - 1] ?? bound) + 1,
        (previous[column - 1] ?? bound) + same,
      );
      current.push(edits);
      least = Math.min(least, edits);
    }
    if (least >= bound) return bound;
    previous = current;
  }
  return Math.min(previous[other.length] ?? bound, bound);
}
