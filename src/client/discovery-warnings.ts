/**
 * Warnings of a discovery: what is odd in a server's documents, however much of it there is.
 *
 * @module
 */

/** The three documents of RFC 7644 §4. */
export type DiscoveryDocument = "ServiceProviderConfig" | "ResourceTypes" | "Schemas";

/** Something in a server's documents that could not be used as it stands; discovery went on without it. */
export interface DiscoveryWarning {
  readonly document: DiscoveryDocument;
  /** What it is about: a resource type, a schema URN, an attribute path; empty for the document as a whole. */
  readonly path: string;
  readonly message: string;
}

/** No server that means well comes near. */
const MOST_WARNINGS = 200;

/** Collects warnings. A server can give cause for any number, so that only the first are kept and the others counted. */
export class DiscoveryWarnings {
  readonly #kept: DiscoveryWarning[] = [];
  #more: { readonly document: DiscoveryDocument; count: number } | undefined;

  add(warning: DiscoveryWarning): void {
    if (this.#kept.length < MOST_WARNINGS) this.#kept.push(warning);
    else (this.#more ??= { document: warning.document, count: 0 }).count += 1;
  }

  /** In the order in which they came; the last says how many more there were. */
  list(): readonly DiscoveryWarning[] {
    if (this.#more === undefined) return this.#kept;
    const { document, count } = this.#more;
    return [...this.#kept, { document, path: "", message: `and ${count} warnings more` }];
  }
}
