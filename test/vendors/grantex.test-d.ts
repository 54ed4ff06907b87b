import { expectTypeOf, test } from "vitest";
import type { ListResponse, SCIMClient, Token } from "../../src/index.ts";
import {
  grantexScim,
  type GrantexToken,
  type GrantexTokens,
  type GrantexUser,
  type IssuedGrantexToken,
} from "../../src/vendors/grantex.ts";

const admin = grantexScim({ apiKey: "k" });
const idp = grantexScim({ scimToken: "t" });
const both = grantexScim({ apiKey: "k", scimToken: () => "t", baseUrl: "https://grantex.example" });

test("an API key opens the tokens and nothing else", () => {
  expectTypeOf(admin.tokens).toEqualTypeOf<GrantexTokens>();
  expectTypeOf(admin.createToken("x")).resolves.toEqualTypeOf<IssuedGrantexToken>();
  expectTypeOf(admin.listTokens()).resolves.toEqualTypeOf<{ readonly tokens: readonly GrantexToken[] }>();
  expectTypeOf(admin.revokeToken("1")).resolves.toEqualTypeOf<void>();
  for (const name of [
    "scim",
    "listUsers",
    "getUser",
    "createUser",
    "replaceUser",
    "updateUser",
    "deleteUser",
  ] as const) {
    expectTypeOf(admin).not.toHaveProperty(name);
  }
  // @ts-expect-error users need a SCIM token
  void admin.scim;
});

test("a SCIM token opens the users and nothing else", () => {
  expectTypeOf(idp.scim).toEqualTypeOf<SCIMClient>();
  expectTypeOf(idp.listUsers({ startIndex: 1, count: 10 })).resolves.toEqualTypeOf<ListResponse<GrantexUser>>();
  expectTypeOf(idp.getUser("1")).resolves.toEqualTypeOf<GrantexUser>();
  expectTypeOf(idp.findUser("userName pr")).resolves.toEqualTypeOf<GrantexUser | undefined>();
  expectTypeOf(idp.createUser({ userName: "a" })).resolves.toEqualTypeOf<GrantexUser>();
  expectTypeOf(idp.deleteUser("1")).resolves.toEqualTypeOf<void>();
  // @ts-expect-error tokens need an API key
  void idp.tokens;
  for (const name of ["tokens", "createToken", "listTokens", "revokeToken"] as const) {
    expectTypeOf(idp).not.toHaveProperty(name);
  }
});

test("a token that is added opens the users as well", () => {
  const more = admin.withToken("t");
  expectTypeOf(more.tokens).toEqualTypeOf<GrantexTokens>();
  expectTypeOf(more.getUser("1")).resolves.toEqualTypeOf<GrantexUser>();
  expectTypeOf(idp.withToken("u").getUser("1")).resolves.toEqualTypeOf<GrantexUser>();
  // @ts-expect-error tokens need an API key, still
  void idp.withToken("u").tokens;
  expectTypeOf(both.tokens).toEqualTypeOf<GrantexTokens>();
  expectTypeOf(both.scim).toEqualTypeOf<SCIMClient>();
});

test("a credential that may be missing opens nothing", () => {
  const options: { apiKey?: Token } = {};
  const perhaps = grantexScim(options);
  // @ts-expect-error nobody knows whether there is an API key
  void perhaps.tokens;
});

test("replacing a user says whether it is active", () => {
  void idp.replaceUser("1", { userName: "a", active: false });
  // @ts-expect-error Grantex takes the absence of active for true
  void idp.replaceUser("1", { userName: "a" });
  // @ts-expect-error Grantex does not keep names
  void idp.createUser({ userName: "a", name: { familyName: "b" } });
  // @ts-expect-error remove has a path
  void idp.updateUser("1", [{ op: "remove" }]);
});
