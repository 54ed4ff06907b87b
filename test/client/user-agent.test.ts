import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { userAgent, VERSION } from "../../src/client/user-agent.ts";

describe("RFC 9110 §10.1.5: a user agent names itself and its version", () => {
  test("the version is that of the package", () => {
    expect(VERSION).toBe(manifest.version);
  });

  for (const platform of [undefined, "Node.js/24", "Deno/2.5.6", "Bun/1.3", "Cloudflare-Workers"]) {
    test(`on ${platform ?? "a platform without a name"} it is ours`, () => {
      expect(userAgent(platform)).toEqual({ "user-agent": `scimkit/${VERSION}` });
    });
  }

  test("a browser keeps its own", () => {
    expect(userAgent("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0")).toEqual({});
  });
});
