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
import { ms, type Benchmark, type Figure } from "./figure.ts";
import { users } from "./users.ts";

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

export const filter: Benchmark = {
  name: "filter",
  async run() {
    const everyone = users(POPULATION);
    const figures = [
      await compare(
        "parseFilter ÷ scim2-parse-filter, the forms of RFC 7644 §3.4.2.2",
        0.5,
        () => CORPUS.map((line) => parseFilter(line)),
        () => CORPUS.map((line) => parse(line)),
      ),
    ];
    for (const { filter: question, predicate } of QUESTIONS) {
      const parsed = parseFilter(question);
      figures.push(
        await compare(
          `matches ÷ predicate, ${POPULATION} users, ${question}`,
          3,
          () => count(everyone, (user) => matches(User, parsed, user)),
          () => count(everyone, predicate),
        ),
      );
    }
    return figures;
  },
};

/** Each one's fastest time of several turns, turn by turn, so that both meet the same machine. */
async function compare(name: string, target: number, ours: () => unknown, floor: () => unknown): Promise<Figure> {
  const best = { ours: Infinity, floor: Infinity };
  for (let turn = 0; turn < 3; turn += 1) {
    best.ours = Math.min(best.ours, (await measure(ours)).min);
    best.floor = Math.min(best.floor, (await measure(floor)).min);
  }
  const detail = `${ms(best.ours / 1e6)}, ${ms(best.floor / 1e6)}`;
  return { name, ratio: best.ours / best.floor, target, detail };
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
