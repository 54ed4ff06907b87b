/**
 * Server profiles by the names that the command line has for them, which are those of their exports.
 *
 * @module
 */
import type { ServerProfile } from "../client/profile.ts";

type Preset = () => Promise<ServerProfile>;

const PRESETS: Readonly<Record<string, Preset>> = {
  aws: async () => (await import("../vendors/aws.ts")).aws,
  github: async () => (await import("../vendors/github.ts")).github,
  gitlabGroup: async () => (await import("../vendors/gitlab.ts")).gitlabGroup,
  gitlabInstance: async () => (await import("../vendors/gitlab.ts")).gitlabInstance,
  grantex: async () => (await import("../vendors/grantex.ts")).grantex,
  rivergen: async () => (await import("../vendors/rivergen.ts")).rivergen,
  salesforce: async () => (await import("../vendors/salesforce.ts")).salesforce,
  slack: async () => (await import("../vendors/slack.ts")).slack,
  snowflake: async () => (await import("../vendors/snowflake.ts")).snowflake,
  snowflakeBefore2026: async () => (await import("../vendors/snowflake.ts")).snowflakeBefore2026,
};

/** The names that there are. */
export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS);

/**
 * A profile by its name.
 *
 * @throws {TypeError} listing the names that there are.
 */
export async function presetProfile(name: string): Promise<ServerProfile> {
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (preset === undefined) throw new TypeError(`--profile takes one of ${PRESET_NAMES.join(", ")}`);
  return preset();
}
