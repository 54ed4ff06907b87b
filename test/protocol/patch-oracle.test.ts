import SCIMMY from "scimmy";
import { describe, expect, test } from "vitest";
import { PatchError } from "../../src/errors.ts";
import type { JsonObject } from "../../src/json.ts";
import { EnterpriseUser, User } from "../../src/models.gen.ts";
import { applyPatch } from "../../src/protocol/apply.ts";
import { PATCH_OP_SCHEMA, type PatchOperation } from "../../src/protocol/patch.ts";
import { stateOfMembers } from "./naive-patch.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Employee = User.with(EnterpriseUser);

/** The sentences that decide where SCIMMY does something else; quoted as far as it takes. */
const ALL_REPLACED = `RFC 7644 §3.5.2.3: "the attribute and all values are replaced"`;
const UNCHANGED = `RFC 7644 §3.5.2.3: "Sub-attributes that are not specified in the "value" parameter are left unchanged"`;
const CONTAINED = `RFC 7644 §3.5.2.1: "If the target location already contains the value specified, no changes SHOULD be made"`;
const ONE_PRIMARY = `RFC 7644 §3.5.2: "SHALL cause the server to automatically set "primary" to "false" for any other values"`;
const NO_TARGET = `RFC 7644 §3.5.2.3: "no record match was made, the service provider SHALL indicate failure by returning … "noTarget""`;
const CASE = `RFC 7644 §3.10: "All facets (URN, attribute, and sub-attribute name) of the fully encoded attribute name are case insensitive"`;
const REMOVED = `RFC 7644 §3.5.2.2: "If the target location is a single-value attribute, the attribute and its associated value is removed"`;
const URN = `RFC 7644 §3.10: "attributes are uniquely identified by prefixing the attribute name with its schema URN"`;
const EQUAL = `RFC 7643 §7, caseExact: "case sensitivity also impacts how attribute values MAY be compared against filter values"`;
const MUTABILITY = `RFC 7644 §3.5.2.2: "removed or becomes unassigned and is defined as a required attribute …, "mutability""`;
const READ_ONLY = `RFC 7644 §3.5.2: "a client MUST NOT modify an attribute that has mutability "readOnly""`;

const resource: JsonObject = {
  schemas: [CORE, ENTERPRISE],
  id: "7c1e",
  userName: "dreyes",
  name: { familyName: "Reyes", givenName: "Dana" },
  nickName: "Dee",
  active: true,
  emails: [
    { value: "dana@corp.example", type: "work", primary: true },
    { value: "dana@home.example", type: "home" },
  ],
  roles: [{ value: "cook" }],
  [ENTERPRISE]: { department: "Sea", manager: { value: "19af" } },
};

/** Operations, one each, and the sentence against SCIMMY where it does something else. */
const corpus: readonly { given: PatchOperation; scimmy?: string }[] = [
  { given: { op: "add", path: "title", value: "Cook" } },
  { given: { op: "add", path: "nickName", value: "Dany" } },
  { given: { op: "add", path: "TITLE", value: "Cook" }, scimmy: CASE },
  { given: { op: "add", path: `${CORE}:title`, value: "Cook" }, scimmy: URN },
  { given: { op: "add", path: "name.middleName", value: "M" } },
  { given: { op: "add", path: "name", value: { middleName: "M" } } },
  { given: { op: "add", path: "emails", value: [{ value: "d@lab.example", type: "other" }] } },
  { given: { op: "add", path: "emails", value: { value: "d@lab.example", type: "other" } } },
  {
    given: { op: "add", path: "emails", value: [{ value: "dana@home.example", type: "home" }] },
    scimmy: CONTAINED,
  },
  { given: { op: "add", path: "emails", value: [{ value: "d@lab.example", primary: true }] }, scimmy: ONE_PRIMARY },
  { given: { op: "add", path: "phoneNumbers", value: [{ value: "tel:+1" }] } },
  { given: { op: "add", path: 'emails[type eq "home"]', value: { display: "Home" } } },
  { given: { op: "add", path: 'emails[type eq "home"].display', value: "Home" } },
  { given: { op: "add", path: 'emails[type eq "HOME"].display', value: "Home" }, scimmy: EQUAL },
  { given: { op: "add", path: 'emails[type eq "home"].primary', value: true }, scimmy: ONE_PRIMARY },
  { given: { op: "add", path: 'emails[type eq "none"].display', value: "x" } },
  { given: { op: "add", value: { title: "Cook", emails: [{ value: "d@lab.example" }] } } },
  { given: { op: "add", value: { nickname: "Dany" } } },
  { given: { op: "add", path: "unheardOf", value: "x" } },
  { given: { op: "add", path: "name.unheardOf", value: "x" } },
  { given: { op: "add", path: "title", value: 7 } },
  { given: { op: "add", path: "active", value: "yes" } },
  { given: { op: "add", path: "id", value: "2" } },
  { given: { op: "add", path: "groups", value: [{ value: "g" }] }, scimmy: READ_ONLY },
  { given: { op: "add", path: "emails[", value: {} } },
  { given: { op: "add", path: `${ENTERPRISE}:division`, value: "West" } },
  { given: { op: "add", path: `${ENTERPRISE}:manager.value`, value: "20b0" } },
  { given: { op: "add", path: ENTERPRISE, value: { division: "West" } } },
  { given: { op: "add", value: { [ENTERPRISE]: { division: "West" } } } },
  { given: { op: "remove", path: "nickName" } },
  { given: { op: "remove", path: "title" } },
  { given: { op: "remove", path: "name" } },
  { given: { op: "remove", path: "name.givenName" } },
  { given: { op: "remove", path: "emails" } },
  { given: { op: "remove", path: 'emails[type eq "work"]' } },
  { given: { op: "remove", path: 'emails[type eq "work" and value ew "corp.example"]' } },
  { given: { op: "remove", path: 'emails[type eq "work" or type eq "home"]' } },
  { given: { op: "remove", path: 'emails[not (type eq "work")]' } },
  { given: { op: "remove", path: 'emails[type eq "none"]' } },
  { given: { op: "remove", path: 'emails[type eq "work"].primary' } },
  { given: { op: "remove", path: 'roles[value eq "cook"]' } },
  { given: { op: "remove", path: `${ENTERPRISE}:department` } },
  { given: { op: "remove", path: `${ENTERPRISE}:manager` } },
  { given: { op: "remove", path: ENTERPRISE }, scimmy: REMOVED },
  { given: { op: "remove", path: "userName" }, scimmy: MUTABILITY },
  { given: { op: "remove", path: "id" } },
  { given: { op: "remove", path: "unheardOf" } },
  { given: { op: "replace", path: "nickName", value: "Dany" } },
  { given: { op: "replace", path: "title", value: "Cook" } },
  { given: { op: "replace", path: "active", value: false } },
  { given: { op: "replace", path: "name.givenName", value: "Dany" } },
  { given: { op: "replace", path: "name", value: { givenName: "Dany" } }, scimmy: UNCHANGED },
  { given: { op: "replace", path: "emails", value: [{ value: "d@lab.example" }] } },
  { given: { op: "replace", path: "emails", value: [] } },
  { given: { op: "replace", path: "nickName", value: null } },
  { given: { op: "replace", path: 'emails[type eq "work"]', value: { value: "d@lab.example", type: "work" } } },
  { given: { op: "replace", path: 'emails[type eq "work"].value', value: "d@lab.example" } },
  { given: { op: "replace", path: 'emails[type eq "home"].primary', value: true }, scimmy: ONE_PRIMARY },
  { given: { op: "replace", path: 'emails[type eq "none"]', value: { value: "x" } }, scimmy: NO_TARGET },
  { given: { op: "replace", path: 'emails[type eq "none"].value', value: "x" } },
  { given: { op: "replace", value: { active: false } } },
  { given: { op: "replace", value: { emails: [{ value: "d@lab.example" }] } }, scimmy: ALL_REPLACED },
  { given: { op: "replace", value: { name: { givenName: "Dany" } } } },
  { given: { op: "replace", value: { id: "2" } } },
  { given: { op: "replace", path: "userName", value: null }, scimmy: MUTABILITY },
  { given: { op: "replace", path: `${ENTERPRISE}:department`, value: "Land" } },
];

async function bySCIMMY(operation: PatchOperation): Promise<unknown> {
  try {
    const instance = new SCIMMY.Schemas.User(structuredClone(resource));
    const message = new SCIMMY.Messages.PatchOp({
      schemas: [PATCH_OP_SCHEMA],
      Operations: [structuredClone(operation)],
    } as never);
    const result: unknown = (await message.apply(instance)) ?? instance;
    return state(JSON.parse(JSON.stringify(result)) as JsonObject);
  } catch (error) {
    return { scimType: (error as { scimType?: string }).scimType ?? String(error) };
  }
}

function byUs(operation: PatchOperation): unknown {
  try {
    return state(applyPatch(Employee, resource, [operation]));
  } catch (error) {
    if (error instanceof PatchError) return { scimType: error.scimType };
    throw error;
  }
}

function state(result: JsonObject): JsonObject {
  const { schemas: _, meta: __, ...rest } = stateOfMembers(Employee.attributes, result);
  return rest;
}

// SCIMMY declares less than it takes.
SCIMMY.Schemas.User.extend(SCIMMY.Schemas.EnterpriseUser.definition as never, false);

describe("RFC 7644 §3.5.2: SCIMMY does the same", () => {
  for (const { given, scimmy } of corpus) {
    if (scimmy !== undefined) continue;
    test(JSON.stringify(given), async () => {
      expect(byUs(given)).toEqual(await bySCIMMY(given));
    });
  }
});

describe("SCIMMY does something else, and a sentence of the RFC decides", () => {
  for (const { given, scimmy } of corpus) {
    if (scimmy === undefined) continue;
    test(`${JSON.stringify(given)}: ${scimmy}`, async () => {
      expect(byUs(given)).not.toEqual(await bySCIMMY(given));
    });
  }
});
