/**
 * Filters against what they replace: parsing against scim2-parse-filter, matching against predicates written by hand for
 * one question, as careful about absent values and case as the RFC asks.
 *
 * @module
 */
import { measure } from "mitata";
import { parse } from "scim2-parse-filter";
import type { JsonObject } from "../src/json.ts";
import { User } from "../src/models.gen.ts";
import { parseFilter } from "../src/protocol/filter-parser.ts";
import { matches } from "../src/protocol/matches.ts";
import { users } from "./users.ts";

/** Our time as a multiple of the other's, in one run. */
export interface Ratio {
  readonly name: string;
  readonly nanoseconds: number;
  readonly floor: number;
  readonly ratio: number;
  /** What `ratio` may be at most. */
  readonly limit: number;
}

/** The forms of RFC 7644 §3.4.2.2. */
const CORPUS: readonly string[] = [
  'userName Eq "cwong"',
  `name.familyName co "d'Arc"`,
  'userName sw "C"',
  'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "C"',
  "nickName pr",
  'meta.lastModified gt "2024-02-29T23:59:59Z"',
  'meta.lastModified ge "2024-02-29T23:59:59Z"',
  'meta.lastModified lt "2024-02-29T23:59:59Z"',
  'meta.lastModified le "2024-02-29T23:59:59Z"',
  'nickName pr and userType eq "Contractor"',
  'nickName pr or userType eq "Temp"',
  'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"',
  'userType eq "Temp" and (emails co "corp.example" or emails.value co "lab.example")',
  'userType ne "Temp" and not (emails co "corp.example" or emails.value co "lab.example")',
  'userType eq "Temp" and (emails.type eq "home")',
  'userType eq "Temp" and emails[type eq "home" and value co "@corp.example"]',
  'emails[type eq "home" and value co "@corp.example"] or ims[type eq "irc" and value co "@chat.example"]',
];

const POPULATION = 100_000;

/** The same questions to one user, as a filter and by hand. */
const QUESTIONS: readonly { filter: string; predicate: (user: JsonObject) => boolean }[] = [
  {
    filter: 'userName eq "EMRE.fujimoto.44444@example.com"',
    predicate: (user) => folded(user["userName"]) === "emre.fujimoto.44444@example.com",
  },
  {
    filter: 'active eq true and emails[type eq "work" and value ew "9@example.com"]',
    predicate: (user) =>
      user["active"] === true &&
      some(
        user["emails"],
        (email) => folded(email["type"]) === "work" && folded(email["value"]).endsWith("9@example.com"),
      ),
  },
  {
    filter: 'name.familyName sw "d" and not (meta.lastModified lt "2022-01-01T00:00:00Z")',
    predicate: (user) =>
      folded(member(user["name"], "familyName")).startsWith("d") &&
      !(Date.parse(text(member(user["meta"], "lastModified"))) < Date.UTC(2022, 0)),
  },
];

/** Parsing is to take at most half of scim2-parse-filter's time, matching at most three times a predicate's. */
export async function filterRatios(): Promise<readonly Ratio[]> {
  const everyone = users(POPULATION);
  const ratios = [
    await compare(
      "parseFilter : scim2-parse-filter, the forms of RFC 7644 §3.4.2.2",
      0.5,
      () => CORPUS.map((filter) => parseFilter(filter)),
      () => CORPUS.map((filter) => parse(filter)),
    ),
  ];
  for (const { filter, predicate } of QUESTIONS) {
    const parsed = parseFilter(filter);
    ratios.push(
      await compare(
        `matches : predicate, ${POPULATION} users, ${filter}`,
        3,
        () => count(everyone, (user) => matches(User, parsed, user)),
        () => count(everyone, predicate),
      ),
    );
  }
  return ratios;
}

/** Each one's fastest time of several turns, turn by turn, so that both meet the same machine. */
async function compare(name: string, limit: number, ours: () => unknown, other: () => unknown): Promise<Ratio> {
  const best = { ours: Infinity, other: Infinity };
  for (let turn = 0; turn < 3; turn += 1) {
    best.ours = Math.min(best.ours, (await measure(ours)).min);
    best.other = Math.min(best.other, (await measure(other)).min);
  }
  return { name, nanoseconds: best.ours, floor: best.other, ratio: best.ours / best.other, limit };
}

function count(everyone: readonly JsonObject[], predicate: (user: JsonObject) => boolean): number {
  let found = 0;
  for (const user of everyone) if (predicate(user)) found += 1;
  return found;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function folded(value: unknown): string {
  return text(value).toLowerCase();
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function some(values: unknown, test: (value: Readonly<Record<string, unknown>>) => boolean): boolean {
  return Array.isArray(values) && (values as Readonly<Record<string, unknown>>[]).some(test);
}

if (import.meta.main) {
  for (const { name, ratio, limit } of await filterRatios()) {
    console.log(`${ratio <= limit ? "ok  " : "MISS"} ${ratio.toFixed(2)} (at most ${limit})  ${name}`);
  }
}
