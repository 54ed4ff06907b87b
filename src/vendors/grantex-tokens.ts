/**
 * The SCIM tokens of Grantex: vendor REST beside SCIM, with a developer API key.
 *
 * @module
 */
import { UnexpectedContentFormat } from "../errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { asException, judge, reference, subject } from "../client/answer.ts";
import type { Answer, Http } from "../client/http.ts";
import type { CallOptions } from "../client/options.ts";
import { frozen } from "./frozen.ts";

/** A SCIM token as it is listed: everything but the secret. */
export interface GrantexToken {
  readonly id: string;
  readonly label: string;
  readonly createdAt: string;
  /** `null` where Grantex does not say; it never does so far. */
  readonly lastUsedAt: string | null;
}

/** What creating a token takes. */
export interface NewGrantexToken {
  /** For people; several tokens may have the same. */
  readonly label: string;
}

/** Options of the calls about tokens. */
export type TokenCallOptions = Pick<CallOptions, "signal" | "timeout" | "headers" | "onResponse">;

/**
 * A SCIM token as it was created. Its secret is in `token`, once: Grantex keeps none. Wherever the object is printed, logged
 * or turned into JSON, the secret is left out.
 */
export class IssuedGrantexToken implements GrantexToken {
  readonly id: string;
  readonly label: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly #token: string;

  /** @internal */
  constructor(token: GrantexToken, secret: string) {
    this.id = token.id;
    this.label = token.label;
    this.createdAt = token.createdAt;
    this.lastUsedAt = token.lastUsedAt;
    this.#token = secret;
    // What Node, Deno and Bun print.
    Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), { value: () => this.toJSON() });
    Object.freeze(this);
  }

  /** The secret. */
  get token(): string {
    return this.#token;
  }

  /** Without the secret. */
  toJSON(): GrantexToken & { readonly token: "***" } {
    const { id, label, createdAt, lastUsedAt } = this;
    return { id, label, createdAt, lastUsedAt, token: "***" };
  }

  /** Without the secret. */
  toString(): string {
    return `IssuedGrantexToken ${this.id}`;
  }
}

/** Manages the SCIM tokens of a developer. Results are frozen. */
export class GrantexTokens {
  readonly #http: Http;

  /** @internal */
  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Creates a token: `POST /v1/scim/tokens`. To rotate: create, switch, revoke.
   *
   * @throws {TypeError} when the label is no text or empty.
   * @throws {UnexpectedStatusCode} with Grantex's message, such as for a wrong API key.
   */
  async create(token: NewGrantexToken, options?: TokenCallOptions): Promise<IssuedGrantexToken> {
    const { label }: { readonly label?: unknown } = token;
    if (typeof label !== "string" || label === "") throw new TypeError("the label of a token is text");
    const answer = await this.#send("POST", undefined, 201, options, { label });
    const { body } = answer;
    const secret = isJsonObject(body) ? body["token"] : undefined;
    if (!isJsonObject(body) || typeof secret !== "string" || secret === "") throw notThat(answer, "a token");
    return new IssuedGrantexToken(tokenOf(answer, body), secret);
  }

  /**
   * The tokens there are, newest first: `GET /v1/scim/tokens`.
   *
   * @throws {UnexpectedStatusCode} with Grantex's message.
   */
  async list(options?: TokenCallOptions): Promise<readonly GrantexToken[]> {
    const answer = await this.#send("GET", undefined, 200, options);
    const tokens = isJsonObject(answer.body) ? answer.body["tokens"] : undefined;
    if (!Array.isArray(tokens)) throw notThat(answer, "tokens");
    return frozen(tokens.map((token) => tokenOf(answer, token)));
  }

  /**
   * Revokes a token: `DELETE /v1/scim/tokens/{id}`.
   *
   * @throws {TypeError} for an id that is empty, `.`, `..` or no text.
   * @throws {UnexpectedStatusCode} 404 when the developer has no such token.
   */
  async revoke(id: string, options?: TokenCallOptions): Promise<void> {
    await this.#send("DELETE", { id }, 204, options);
  }

  async #send(
    method: "GET" | "POST" | "DELETE",
    parts: { readonly id: string } | undefined,
    expected: number,
    options: TokenCallOptions | undefined,
    body?: JsonObject,
  ): Promise<Answer> {
    const answer = await this.#http.send({
      method,
      url: this.#http.base.resolve("/v1/scim/tokens", parts),
      body,
      headers: options?.headers,
      signal: options?.signal,
      timeout: options?.timeout,
      onResponse: options?.onResponse,
    });
    const judgement = { expected: [expected], checkStatus: true, checkContentType: true, report: undefined };
    const error = judge(answer, judgement);
    if (error !== undefined) throw asException(error, answer);
    return answer;
  }
}

function tokenOf(answer: Answer, value: JsonValue): GrantexToken {
  const { id, label, createdAt, lastUsedAt } = isJsonObject(value) ? value : {};
  if (typeof id !== "string" || typeof label !== "string" || typeof createdAt !== "string") {
    throw notThat(answer, "a token");
  }
  return { id, label, createdAt, lastUsedAt: typeof lastUsedAt === "string" ? lastUsedAt : null };
}

function notThat(answer: Answer, wanted: string): UnexpectedContentFormat {
  return new UnexpectedContentFormat(
    `${subject(answer)} answered ${answer.status} with something else than ${wanted}`,
    reference(answer),
  );
}
