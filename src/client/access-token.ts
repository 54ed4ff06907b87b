/**
 * Keeps an access token for as long as it is valid, and asks for a new one once for all that wait for it.
 *
 * @module
 */

/** An access token as an authorization server issues it. */
export interface AccessToken<T> {
  /** What authenticates a request with it. */
  readonly fields: T;
  /** Its lifetime in seconds from the moment it was asked for; `undefined` where the server does not say. */
  readonly lifetime: number | undefined;
}

/** One token for many requests. */
export class TokenKeeper<T> {
  readonly #issue: () => Promise<AccessToken<T>>;
  readonly #clock: () => number;
  #kept: { readonly fields: T; readonly until: number } | undefined;
  #pending: Promise<T> | undefined;

  /** `issue` asks the authorization server; `clock` gives milliseconds. */
  constructor(issue: () => Promise<AccessToken<T>>, clock: () => number) {
    this.#issue = issue;
    this.#clock = clock;
  }

  /**
   * The token that is kept, or the one that is under way, or a new one; `refresh` never gives the kept one. Rejects with
   * what `issue` threw; the next call asks again.
   */
  get(refresh: boolean): T | Promise<T> {
    // Nobody has used a token that is still under way, so it is not the one that was refused.
    if (this.#pending !== undefined) return this.#pending;
    if (!refresh && this.#kept !== undefined && this.#clock() < this.#kept.until) return this.#kept.fields;
    this.#kept = undefined;
    const run = this.#renew();
    this.#pending = run;
    const end = (): void => {
      this.#pending = undefined;
    };
    run.then(end, end);
    return run;
  }

  async #renew(): Promise<T> {
    const asked = this.#clock();
    const { fields, lifetime } = await this.#issue();
    this.#kept = { fields, until: asked + usable(lifetime) };
    return fields;
  }
}

const MARGIN = 30_000;

/** For how many milliseconds a token may be used: a tenth of a short lifetime is left for requests on their way. */
function usable(lifetime: number | undefined): number {
  if (lifetime === undefined) return Infinity;
  const whole = lifetime * 1000;
  return whole - Math.min(MARGIN, whole / 10);
}
