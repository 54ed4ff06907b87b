/**
 * What to do when a cursor has expired (RFC 9865 §2.1): read the list again from its start, pass over what was read
 * before, and go on behind it. That is right only while the list is the same, and so a digest of every resource read is
 * kept; its size does not grow with the list.
 *
 * @module
 */
import { SCIMResponseErrorObject } from "../errors.ts";

/** RFC 9865 §2.1; a server that forgot a cursor may not know whether it ever gave it. */
const EXPIRED: ReadonlySet<string | undefined> = new Set(["expiredCursor", "invalidCursor"]);

/** One walk by cursor, and its reading again. */
export class CursorRestart<T> {
  readonly #identify: (resource: T) => string | undefined;
  readonly #read = new Digest();
  #again: { readonly digest: Digest; readonly error: SCIMResponseErrorObject } | undefined;
  #restartedAt = 0;

  constructor(identify: (resource: T) => string | undefined) {
    this.#identify = identify;
  }

  /** Whether the place where the cursor expired is still ahead. */
  get rereading(): boolean {
    return this.#again !== undefined;
  }

  /** Whether the walk shall start again after this error: the cursor has expired, and there was progress since the last start. */
  begin(error: unknown): boolean {
    if (!(error instanceof SCIMResponseErrorObject) || !EXPIRED.has(error.scimType)) return false;
    if (this.#again !== undefined || this.#read.length <= this.#restartedAt) return false;
    this.#restartedAt = this.#read.length;
    this.#again = { digest: new Digest(), error };
    return true;
  }

  /**
   * Passes over what was read before the cursor expired.
   *
   * @returns the resources of the page that were not read before.
   * @throws {SCIMResponseErrorObject} the error that ended the walk, when the list is no longer the same.
   */
  pass(resources: readonly T[]): readonly T[] {
    let passed = 0;
    for (; this.#again !== undefined && passed < resources.length; passed += 1) {
      const { digest, error } = this.#again;
      digest.push(this.#name(resources[passed]));
      if (digest.length < this.#read.length) continue;
      if (!digest.equals(this.#read)) throw error;
      this.#again = undefined;
    }
    return passed === 0 ? resources : resources.slice(passed);
  }

  /** Takes resources that were not read before. */
  take(resources: readonly T[]): void {
    for (const resource of resources) this.#read.push(this.#name(resource));
  }

  /** The list has no more pages. @throws {SCIMResponseErrorObject} the error that ended the walk, when it was longer before. */
  end(): void {
    if (this.#again !== undefined) throw this.#again.error;
  }

  #name(resource: T | undefined): string {
    return (resource === undefined ? undefined : this.#identify(resource)) ?? JSON.stringify(resource);
  }
}

/** Two numbers of 32 bits that stand for a sequence of texts. */
class Digest {
  #a = 0x811c9dc5;
  #b = 0x2545f491;
  /** How many texts there were. */
  length = 0;

  push(text: string): void {
    this.length += 1;
    for (let at = 0; at <= text.length; at += 1) {
      const unit = at < text.length ? text.charCodeAt(at) : 0x10000;
      this.#a = Math.imul(this.#a ^ unit, 0x01000193);
      this.#b = Math.imul((this.#b << 13) | (this.#b >>> 19), 0x85ebca6b) + unit;
      this.#b |= 0;
    }
  }

  equals(other: Digest): boolean {
    return this.length === other.length && this.#a === other.#a && this.#b === other.#b;
  }
}
