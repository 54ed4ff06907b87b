/**
 * What the command line and the environment say of how requests are authenticated.
 *
 * @module
 */
import { basic, bearer, type Authenticate } from "../client/auth.ts";
import { addHeaders, secretsOf, type HeaderRecord } from "../client/headers.ts";

/** Where credentials come from. */
export interface CredentialSources {
  /** The bearer token of an option. */
  readonly token: string | undefined;
  /** Header fields of options, as `Name: value`. */
  readonly headers: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Beyond the usual names. A tenant's name in a header is no secret, and may well be in the server's documents. */
const CREDENTIAL = /auth|key|sign/;

/** How requests are authenticated. */
export interface Credentials {
  /** `undefined` when there is nothing to send. */
  readonly authenticate: Authenticate | undefined;
  /** Texts that are neither shown nor written. */
  readonly secrets: readonly string[];
}

/** How a user is told to give credentials. */
export const CREDENTIALS_HINT =
  "set SCIM_TOKEN, SCIM_BASIC=user:password or SCIM_HEADER='Name: value' in the environment, or pass --token or --header";

/**
 * Reads credentials: a token or user name and password, and header fields, which go over them. An option goes over the
 * environment, where a variable that is empty counts as not set.
 *
 * @throws {TypeError} for what cannot be sent; the message never holds it.
 */
export function readCredentials({ token, headers, env }: CredentialSources): Credentials {
  const pair = env["SCIM_BASIC"] || undefined;
  const bearerToken = token ?? (env["SCIM_TOKEN"] || undefined);
  if (token === undefined && bearerToken !== undefined && pair !== undefined) {
    throw new TypeError("SCIM_TOKEN and SCIM_BASIC are both set: one Authorization is sent, so unset the other");
  }
  const fields: HeaderRecord = {};
  for (const line of (env["SCIM_HEADER"] ?? "").split("\n")) {
    if (line.trim() !== "") addField(fields, line, "SCIM_HEADER");
  }
  for (const line of headers) addField(fields, line, "--header");
  const user = bearerToken === undefined && pair !== undefined ? userOf(pair) : undefined;
  const authenticate = bearerToken === undefined ? user && basic(...user) : bearer(bearerToken);
  const secrets = [
    ...(bearerToken === undefined ? [] : [bearerToken]),
    ...(user === undefined ? [] : [user.join(":"), user[1], Buffer.from(user.join(":")).toString("base64")]),
    ...secretsOf(fields, Object.fromEntries(Object.entries(fields).filter(([name]) => CREDENTIAL.test(name)))),
  ];
  const nothing = authenticate === undefined && Object.keys(fields).length === 0;
  return { authenticate: nothing ? undefined : withFields(authenticate, fields), secrets };
}

/** All fields are given as credentials are: they go to the server alone, and no error shows them. */
function withFields(authenticate: Authenticate | undefined, fields: HeaderRecord): Authenticate {
  return async (request, options) => addHeaders(addHeaders({}, await authenticate?.(request, options)), fields);
}

function addField(fields: HeaderRecord, line: string, source: string): void {
  const at = line.indexOf(":");
  if (at < 1) throw new TypeError(`${source} takes a header field as in "X-API-Key: value"`);
  addHeaders(fields, [[line.slice(0, at).trim(), line.slice(at + 1).trim()]]);
}

function userOf(pair: string): [user: string, password: string] {
  const at = pair.indexOf(":");
  if (at === -1) throw new TypeError("SCIM_BASIC takes a user name and a password with a colon between them");
  return [pair.slice(0, at), pair.slice(at + 1)];
}
