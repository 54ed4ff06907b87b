/**
 * Grantex: its server profile, its users over the generic client, and the SCIM tokens that it gives out beside SCIM.
 *
 * The two planes have credentials of their own: a developer API key manages tokens, a SCIM token manages users, and neither
 * opens the other. Sources: the auth service of `mishrasanjeev/grantex` (`apps/auth-service/src/routes/scim.ts`, `plugins/
 * auth.ts`, `plugins/errors.ts`, `db/migrations/008_scim_sso.sql`) and the calls of the `@grantex/sdk` package.
 *
 * @module
 */
import type { OnDeviation } from "../deviation.ts";
import { bearer, type Token } from "../client/auth.ts";
import { Http, type HttpOptions } from "../client/http.ts";
import type { CallOptions } from "../client/options.ts";
import type { ServerProfile } from "../client/profile.ts";
import { SCIMClient } from "../client/scim-client.ts";
import { BaseURL } from "../client/url.ts";
import type { Filter } from "../protocol/filter.ts";
import type { ListResponse } from "../protocol/messages.ts";
import type { PatchInput } from "../protocol/patch.ts";
import { defineModel } from "../schema/define-model.ts";
import type { InferViews } from "../schema/infer.ts";
import type { ResourceModel } from "../schema/resource-model.ts";
import { frozen } from "./frozen.ts";
import {
  GrantexTokens,
  type GrantexToken,
  type IssuedGrantexToken,
  type NewGrantexToken,
  type TokenCallOptions,
} from "./grantex-tokens.ts";

export {
  GrantexTokens,
  type GrantexToken,
  type IssuedGrantexToken,
  type NewGrantexToken,
  type TokenCallOptions,
} from "./grantex-tokens.ts";

/**
 * What Grantex keeps of a user; whatever else it is sent, it drops and answers as if it had kept it (`rowToScimUser`). User
 * names are told apart by case (`008_scim_sso.sql`), against RFC 7643 §4.1.1.
 */
export const GrantexUserSchema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:User",
  name: "User",
  attributes: [
    { name: "userName", required: true, caseExact: true, uniqueness: "server" },
    { name: "displayName" },
    { name: "active", type: "boolean" },
    {
      name: "emails",
      type: "complex",
      multiValued: true,
      subAttributes: [
        { name: "value" },
        { name: "display" },
        { name: "type" },
        { name: "primary", type: "boolean" },
      ],
    },
  ],
} as const;

/** The types of `GrantexUser`. */
export interface GrantexUserViews extends InferViews<typeof GrantexUserSchema> {}
/** A user as Grantex returns it. */
export type GrantexUser = GrantexUserViews["read"];
/** What creating a user takes. */
export type GrantexUserCreate = GrantexUserViews["create"];
/** What replacing a user takes: `active` as well, because Grantex takes its absence for `true`. */
export type GrantexUserReplace = Omit<GrantexUserCreate, "active"> & { readonly active: boolean };
/** The users of Grantex, at `/Users`. */
export const GrantexUser: ResourceModel<GrantexUserViews> = /* @__PURE__ */ defineModel({
  schema: GrantexUserSchema,
});

/** How Grantex differs from the RFC. */
export const grantex: ServerProfile = {
  name: "Grantex",
  // server.ts: Fastify without a parser for application/scim+json answers 415.
  requestContentType: "application/json",
  // routes/scim.ts: /ServiceProviderConfig and /Users are all there is; the rest is Fastify's 404.
  discovery: {
    resourceTypes: [{ name: "User", endpoint: "/Users", schema: GrantexUserSchema.id }],
    schemas: [GrantexUserSchema],
  },
  // The same: no /Bulk and no /.search; sortBy is not read.
  capabilities: { bulk: false, sort: false, search: false },
  // routes/scim.ts, GET /scim/v2/Users: only startIndex and count are read.
  filter: { ignored: true },
  // The same: count is at least 1 and at most 200.
  paging: { maxCount: 200, zeroCount: false },
  // routes/scim.ts: emails are stringified into a column that is JSON already.
  repairs: { stringifiedJson: ["emails"] },
  // The same: null for active violates the table, null for emails is stored as the text "null".
  nulls: "drop",
  // routes/scim.ts, PATCH: other operations are passed over; COALESCE takes null for absent.
  patch: { operations: ["add", "replace"], nulls: false },
  resourceTypes: {
    User: {
      // The same: other paths are passed over, and the answer is 200.
      patch: { attributes: ["active", "userName", "displayName"] },
      // routes/scim.ts, PUT: `active = true` where there is none.
      demands: { replace: ["active"] },
      // routes/scim.ts, DELETE.
      deletion: "deletes",
    },
  },
};

/** Where Grantex is and how to reach it. */
export interface GrantexOptions extends Omit<HttpOptions, "auth" | "accept" | "contentType"> {
  /** Developer API key: for tokens. */
  readonly apiKey?: Token;
  /** SCIM token: for users. */
  readonly scimToken?: Token;
  /** Default `https://api.grantex.dev`. */
  readonly baseUrl?: string | URL;
  /** Called with every tolerated deviation. */
  readonly onDeviation?: OnDeviation;
}

/** What an API key opens. Results are frozen. */
export interface GrantexTokenCalls {
  readonly tokens: GrantexTokens;
  /** Creates a SCIM token; its secret is in this answer and never again. */
  createToken(token: NewGrantexToken | string, options?: TokenCallOptions): Promise<IssuedGrantexToken>;
  /** The tokens of the developer, newest first, without their secrets. */
  listTokens(options?: TokenCallOptions): Promise<{ readonly tokens: readonly GrantexToken[] }>;
  /** Revokes a token; whoever uses it is refused from then on. */
  revokeToken(id: string, options?: TokenCallOptions): Promise<void>;
}

/** What a SCIM token opens. Results are frozen. */
export interface GrantexUserCalls {
  /** The generic client, with the profile and the model of this server: `list`, `find`, `diff` and `modify`, hooks. */
  readonly scim: SCIMClient;
  /** One page of users; Grantex gives 100 unless `count` says otherwise, and 200 at most: more is refused. */
  listUsers(page?: GrantexPage, options?: GrantexCallOptions): Promise<ListResponse<GrantexUser>>;
  getUser(id: string, options?: GrantexCallOptions): Promise<GrantexUser>;
  /**
   * The only user that matches a filter. Grantex ignores filters, so all users are read and matched here.
   *
   * @returns `undefined` when none matches.
   * @throws {ResponsePayloadValidationError} when more than one matches.
   */
  findUser(filter: string | Filter, options?: GrantexCallOptions): Promise<GrantexUser | undefined>;
  /** Creates a user. Grantex answers 500 to a `userName` that it has already. */
  createUser(user: GrantexUserCreate, options?: GrantexCallOptions): Promise<GrantexUser>;
  /**
   * Replaces a user; what is left out is cleared.
   *
   * @throws {RequestPayloadValidationError} without `active`, which would re-activate the user.
   */
  replaceUser(id: string, user: GrantexUserReplace, options?: GrantexCallOptions): Promise<GrantexUser>;
  /**
   * Modifies a user.
   *
   * @throws {UnsupportedByServer} for what Grantex would pass over and answer with 200: `remove`, null, and paths other
   *   than `active`, `userName` and `displayName`.
   */
  updateUser(
    id: string,
    operations: PatchInput<GrantexUserViews>,
    options?: GrantexCallOptions,
  ): Promise<GrantexUser>;
  /** Deletes a user for good. */
  deleteUser(id: string, options?: GrantexCallOptions): Promise<void>;
}

/** Which page of users. */
export interface GrantexPage {
  /** From 1. */
  readonly startIndex?: number;
  /** From 1 to 200. */
  readonly count?: number;
}

/** Options of every call. */
export type GrantexCallOptions = Pick<
  CallOptions,
  "signal" | "timeout" | "headers" | "onResponse" | "onDeviation" | "capabilities"
>;

/** What can be done follows from the credentials that were given. */
export type GrantexScim<O extends object> = (O extends { readonly apiKey: Token } ? GrantexTokenCalls : object) &
  (O extends { readonly scimToken: Token } ? GrantexUserCalls : object) & {
    /** The same with a SCIM token, so that users can be managed. */
    withToken(scimToken: Token): GrantexScim<Omit<O, "scimToken"> & { readonly scimToken: Token }>;
  };

/**
 * Grantex's SCIM: tokens with an API key, users with a SCIM token.
 *
 * ```ts
 * const admin = grantexScim({ apiKey: "…" });
 * const issued = await admin.tokens.create({ label: "Okta" });
 * const idp = admin.withToken(issued.token);
 * const babs = await idp.createUser({ userName: "bjensen@example.com" });
 * ```
 *
 * @throws {TypeError} for options that make no sense; from a call whose credential was not given.
 */
export function grantexScim<const O extends GrantexOptions>(options: O): GrantexScim<O> {
  return new Grantex(options) as object as GrantexScim<O>;
}

class Grantex implements GrantexTokenCalls, GrantexUserCalls {
  readonly #options: GrantexOptions;
  readonly #tokens: GrantexTokens | undefined;
  readonly #scim: SCIMClient | undefined;

  constructor(options: GrantexOptions) {
    const { apiKey, scimToken, baseUrl = "https://api.grantex.dev", onDeviation, ...http } = options;
    const base = new BaseURL(baseUrl);
    this.#options = options;
    if (apiKey !== undefined) {
      const { requestContentType: contentType } = grantex;
      this.#tokens = new GrantexTokens(new Http(base, { ...http, auth: bearer(apiKey), contentType }));
    }
    if (scimToken !== undefined) {
      this.#scim = new SCIMClient<true, true>(base.resolve("/scim/v2"), {
        ...http,
        auth: bearer(scimToken),
        profile: grantex,
        resourceModels: [GrantexUser],
        ...(onDeviation === undefined ? {} : { onDeviation }),
      });
    }
  }

  get tokens(): GrantexTokens {
    if (this.#tokens !== undefined) return this.#tokens;
    throw new TypeError("Grantex manages SCIM tokens with a developer API key: give grantexScim an apiKey");
  }

  get scim(): SCIMClient {
    if (this.#scim !== undefined) return this.#scim;
    throw new TypeError(
      "Grantex manages users with a SCIM token, not with the API key: give grantexScim a scimToken, or use withToken",
    );
  }

  withToken(scimToken: Token): Grantex {
    return new Grantex({ ...this.#options, scimToken });
  }

  async createToken(token: NewGrantexToken | string, options?: TokenCallOptions): Promise<IssuedGrantexToken> {
    return this.tokens.create(typeof token === "string" ? { label: token } : token, options);
  }

  async listTokens(options?: TokenCallOptions): Promise<{ readonly tokens: readonly GrantexToken[] }> {
    return Object.freeze({ tokens: await this.tokens.list(options) });
  }

  async revokeToken(id: string, options?: TokenCallOptions): Promise<void> {
    return this.tokens.revoke(id, options);
  }

  async listUsers(page: GrantexPage = {}, options?: GrantexCallOptions): Promise<ListResponse<GrantexUser>> {
    const { startIndex, count } = page;
    const bounds = {
      ...(startIndex === undefined ? {} : { startIndex }),
      ...(count === undefined ? {} : { count }),
    };
    return frozen(await this.scim.query(GrantexUser, { ...options, ...bounds }));
  }

  async getUser(id: string, options?: GrantexCallOptions): Promise<GrantexUser> {
    return frozen(await this.scim.query(GrantexUser, id, options ?? {}));
  }

  async findUser(filter: string | Filter, options?: GrantexCallOptions): Promise<GrantexUser | undefined> {
    return frozen(await this.scim.find(GrantexUser, filter, options));
  }

  async createUser(user: GrantexUserCreate, options?: GrantexCallOptions): Promise<GrantexUser> {
    return frozen(await this.scim.create(GrantexUser, user, options ?? {}));
  }

  async replaceUser(id: string, user: GrantexUserReplace, options?: GrantexCallOptions): Promise<GrantexUser> {
    return frozen(await this.scim.replace(GrantexUser, { ...user, id }, options ?? {}));
  }

  async updateUser(
    id: string,
    operations: PatchInput<GrantexUserViews>,
    options?: GrantexCallOptions,
  ): Promise<GrantexUser> {
    return frozen(await this.scim.modify(GrantexUser, id, operations, { ...options, reread: true }));
  }

  async deleteUser(id: string, options?: GrantexCallOptions): Promise<void> {
    await this.scim.delete(GrantexUser, id, options ?? {});
  }
}
