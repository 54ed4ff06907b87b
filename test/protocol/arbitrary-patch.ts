/** Arbitrary resources of the staff model and operations on them, most of them valid. */
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../src/json.ts";
import type { PatchOperation } from "../../src/protocol/patch.ts";
import { BADGE, STAFF } from "./staff-model.ts";

/** Few words, so that values meet again; some differ by case alone. */
const word = fc.constantFrom("a", "A", "b", "c", "work", "Work", "home", 'q"\\');
const flag = fc.boolean();
const number = fc.integer({ min: 0, max: 3 });

function object(
  members: Record<string, fc.Arbitrary<JsonValue>>,
  required: string[] = [],
): fc.Arbitrary<JsonValue> {
  return fc.record(members, { requiredKeys: required });
}

function listOf(element: fc.Arbitrary<JsonValue>, minLength = 0): fc.Arbitrary<JsonValue> {
  return fc.array(element, { minLength, maxLength: 4 });
}

const contact = object({ value: word, type: word, primary: flag, display: word }, ["value"]);
const place = object({ type: word, city: word, floor: number, primary: flag }, ["city"]);
const team = object({ value: word, type: word }, ["value"]);
const lock = object({ value: word, zone: word }, ["value"]);
const name = object({ first: word, last: word, origin: word, aliases: listOf(word) });
const badge = object({ number: word, colour: word, holder: object({ value: word }), locks: listOf(lock) });

const ATTRIBUTES: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  login: word,
  title: word,
  code: word,
  active: flag,
  rank: number,
  secret: word,
  name,
  office: object({ city: word, floor: number }),
  tags: listOf(word),
  keys: listOf(word),
  levels: listOf(number),
  contacts: listOf(contact),
  places: listOf(place),
  teams: listOf(team, 1),
  [BADGE]: badge,
};

/** What PATCH can name, with the values that belong there. */
const PATHS: ReadonlyArray<readonly [string, fc.Arbitrary<JsonValue>]> = [
  ...Object.entries(ATTRIBUTES),
  ["name.first", word],
  ["name.last", word],
  ["name.origin", word],
  ["name.aliases", listOf(word)],
  ["office.city", word],
  ["contacts", contact],
  ["contacts.type", word],
  ["contacts.primary", flag],
  ["contacts[value eq {}]", contact],
  ["contacts[value eq {}].type", word],
  ["contacts[value eq {}].value", word],
  ["contacts[value eq {}].display", word],
  ["contacts[type eq {}].primary", flag],
  ["contacts[primary eq true].type", word],
  ["contacts[not (type pr)]", contact],
  ["places[type eq {} and city eq {}]", place],
  ["places[type eq {} or floor eq 1].city", word],
  ["places[type eq {}].primary", flag],
  ["teams[value eq {}]", team],
  ["teams[type pr].type", word],
  ["tags[value eq {}]", word],
  ["tags[value sw {}]", word],
  [`${BADGE}:number`, word],
  [`${BADGE}:holder`, object({ value: word })],
  [`${BADGE}:holder.value`, word],
  [`${BADGE}:locks[value eq {}].zone`, word],
  [`${STAFF}:title`, word],
  ["stamp", word],
  ["name.formatted", word],
  ["groups", listOf(object({ value: word }))],
  ["unheardOf", word],
];

/** Staff as a server has it. */
export const staff: fc.Arbitrary<JsonObject> = fc
  .record<Record<string, JsonValue>>(
    {
      ...ATTRIBUTES,
      stamp: word,
      groups: listOf(object({ value: word }, ["value"])),
      id: fc.constant("2819"),
      meta: fc.constant({ resourceType: "Staff" }),
    },
    { requiredKeys: ["login", "teams", "id", "meta"] },
  )
  .map((given) => {
    const resource = given as JsonObject;
    const { name: full, contacts } = resource as { name?: JsonObject; contacts?: JsonObject[] };
    if (full !== undefined) resource["name"] = { last: "a", formatted: "server", ...full };
    if (contacts !== undefined)
      resource["contacts"] = contacts.map((each, index) => ({ ...each, label: `label ${index}` }));
    for (const list of [resource["contacts"], resource["places"]]) onePrimary(list);
    return { schemas: BADGE in resource ? [STAFF, BADGE] : [STAFF], ...resource };
  });

function onePrimary(list: JsonValue | undefined): void {
  let seen = false;
  for (const each of Array.isArray(list) ? (list as JsonObject[]) : []) {
    if (each["primary"] === true && seen) each["primary"] = false;
    seen ||= each["primary"] === true;
  }
}

const path: fc.Arbitrary<readonly [string, JsonValue]> = fc.constantFrom(...PATHS).chain(([template, value]) =>
  fc.tuple(fc.array(word, { minLength: 2, maxLength: 2 }), fc.option(value, { freq: 12 })).map(([words, given]) => {
    let next = 0;
    return [template.replaceAll("{}", () => JSON.stringify(words[(next += 1) - 1])), given] as const;
  }),
);

/** Operations on staff. */
export const operation: fc.Arbitrary<PatchOperation> = fc.oneof(
  { arbitrary: path.map(([at, value]): PatchOperation => ({ op: "add", path: at, value })), weight: 4 },
  { arbitrary: path.map(([at, value]): PatchOperation => ({ op: "replace", path: at, value })), weight: 4 },
  { arbitrary: path.map(([at]): PatchOperation => ({ op: "remove", path: at })), weight: 3 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom<"add" | "replace">("add", "replace"), fc.record(ATTRIBUTES, { requiredKeys: [] }))
      .map(([op, value]): PatchOperation => ({ op, value })),
    weight: 2,
  },
);
