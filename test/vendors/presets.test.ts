import { describe, expect, test } from "vitest";
import { SCIMClient, UnsupportedByServer, type Deletion, type ServerProfile } from "../../src/index.ts";
import { User } from "../../src/models.gen.ts";
import { aws } from "../../src/vendors/aws.ts";
import { github } from "../../src/vendors/github.ts";
import { gitlabGroup, gitlabInstance } from "../../src/vendors/gitlab.ts";
import { grantex } from "../../src/vendors/grantex.ts";
import { rivergen } from "../../src/vendors/rivergen.ts";
import { salesforce } from "../../src/vendors/salesforce.ts";
import { slack } from "../../src/vendors/slack.ts";
import { snowflake, snowflakeBefore2026 } from "../../src/vendors/snowflake.ts";

type Refused = "bulk" | "search" | "sort";

interface Preset {
  readonly profile: ServerProfile;
  /** What is refused before anything is known but the preset. */
  readonly refused: readonly Refused[];
  readonly deletion: { readonly User?: Deletion; readonly Group?: Deletion };
}

const presets: readonly Preset[] = [
  { profile: aws, refused: ["search"], deletion: { User: "deletes", Group: "deletes" } },
  { profile: github, refused: ["bulk", "search", "sort"], deletion: { User: "suspends", Group: "deletes" } },
  { profile: gitlabGroup, refused: ["bulk", "search", "sort"], deletion: { User: "unlinks" } },
  { profile: gitlabInstance, refused: ["bulk", "search", "sort"], deletion: { User: "deactivates" } },
  { profile: grantex, refused: ["bulk", "search", "sort"], deletion: { User: "deletes" } },
  { profile: rivergen, refused: [], deletion: { User: "unspecified" } },
  { profile: salesforce, refused: [], deletion: { User: "deactivates" } },
  { profile: slack, refused: ["search"], deletion: { User: "deactivates", Group: "deletes" } },
  { profile: snowflake, refused: [], deletion: { User: "deletes", Group: "deletes" } },
  { profile: snowflakeBefore2026, refused: [], deletion: { User: "deletes", Group: "deletes" } },
];

for (const { profile, refused, deletion } of presets) {
  describe(profile.name, () => {
    test("what it does not offer is refused before anything is sent", async () => {
      let sent = 0;
      const scim = new SCIMClient("https://example.com/scim/v2", {
        profile,
        retry: false,
        fetch: () => {
          sent += 1;
          return new Response(null, { status: 500 });
        },
      });
      const filter = profile.capabilities?.unfiltered === false ? { filter: 'userName eq "a"' } : {};
      const uses: { readonly [K in Refused]: () => Promise<unknown> } = {
        bulk: () => scim.bulk([{ method: "DELETE", path: "/Users/1" }], { strategy: "bulk" }),
        search: () => scim.search(User, filter),
        sort: () => scim.query(User, { sortBy: "userName", ...filter }),
      };
      const found: string[] = [];
      for (const [name, use] of Object.entries(uses)) {
        const error = await use().catch((reason: unknown) => reason);
        if (error instanceof UnsupportedByServer) found.push(name);
      }
      expect(found).toEqual(refused);
      expect(sent).toBe(Object.keys(uses).length - refused.length);
    });

    test("what DELETE does is said", () => {
      const said = Object.entries(profile.resourceTypes ?? {}).map(([name, type]) => [name, type.deletion]);
      expect(Object.fromEntries(said.filter(([, effect]) => effect !== undefined))).toEqual(deletion);
    });

    test("it is plain JSON, so that it can be saved, spread and compared", () => {
      expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
    });
  });
}
