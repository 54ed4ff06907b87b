export { clientCredentials, type ClientCredentialsOptions } from "./client/oauth.ts";
