/**
 * Results that nobody changes by mistake.
 *
 * @module
 */

/** Freezes plain JSON, at every level. What is frozen already is taken to be so all the way down. */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
