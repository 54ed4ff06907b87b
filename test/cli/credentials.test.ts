import { expect, test } from "vitest";
import { readCredentials } from "../../src/cli/credentials.ts";

test("RFC 7617 §2: the password in a Basic header field is a secret, as it is in SCIM_BASIC", () => {
  const pair = "babs:hunter2:secret";
  const field = readCredentials({ token: undefined, headers: [`Authorization: Basic ${btoa(pair)}`], env: {} });
  const variable = readCredentials({ token: undefined, headers: [], env: { SCIM_BASIC: pair } });
  for (const { secrets } of [field, variable]) expect(secrets).toContain("hunter2:secret");
});
