/** The part of oidc-provider that the tests use; the package has no declarations. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  export interface IssuedToken {
    readonly clientId: string;
    readonly scope?: string;
    readonly aud?: string;
    destroy(): Promise<void>;
  }

  export class Provider {
    constructor(issuer: string, configuration: object);
    readonly ClientCredentials: { find(token: string): Promise<IssuedToken | undefined> };
    callback(): RequestListener;
  }
}
