/** Resources of the servers in this folder, and which context takes them. */
import type { Context } from "../../../src/schema/context.ts";

/** A resource. */
export interface ResourceFixture {
  /** The resource type. */
  readonly type: "User" | "Group" | "Device";
  readonly title: string;
  readonly resource: object;
  /** The contexts in which it is valid. */
  readonly valid: readonly Context[];
}

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const BLE = "urn:ietf:params:scim:schemas:extension:ble:2.0:Device";
const DPP = "urn:ietf:params:scim:schemas:extension:dpp:2.0:Device";
const ble = { versionSupport: ["5.3"], deviceMacAddress: "2C:54:91:88:23:E2", pairingMethods: ["urn:x:pairing"] };
const read = {
  id: "2819c223",
  meta: { resourceType: "User", created: "2010-01-23T04:56:22Z", version: 'W/"3"' },
  groups: [{ value: "e9e30dba", display: "Guides" }],
};

export const resources: readonly ResourceFixture[] = [
  { type: "User", title: "with nothing in it", resource: {}, valid: ["patch"] },
  {
    type: "User",
    title: "that is written, with most of what a user can have",
    resource: {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
      externalId: "701984",
      userName: "bjensen@example.com",
      name: { formatted: "Ms. Barbara J Jensen", familyName: "Jensen", honorificPrefix: "Ms." },
      profileUrl: "https://login.example.com/bjensen",
      emails: [{ value: "b@example.com", type: "work", primary: true }, { value: "b@home.example" }],
      addresses: [{ type: "work", country: "AT", primary: false }],
      x509Certificates: [{ value: "TUlJRFF6Q0NBcXlnQXdJQkFnSUNFQUF3" }],
      active: true,
      [ENTERPRISE]: { costCenter: "4130", manager: { value: "26118915" } },
    },
    valid: ["create", "replace", "patch"],
  },
  {
    type: "User",
    title: "whose unassigned attributes are null and empty",
    resource: { userName: "b", nickName: null, emails: [], name: null, [ENTERPRISE]: null },
    valid: ["create", "replace", "patch"],
  },
  { type: "User", title: "that was read", resource: { userName: "b", ...read }, valid: ["response"] },
  {
    type: "User",
    title: "that was read without an id",
    resource: { userName: "b" },
    valid: ["create", "replace", "patch"],
  },
  {
    type: "User",
    title: "that was read with attributes that nobody published",
    resource: { id: "1", userName: "b", shoeSize: 44, "urn:example:extension": { a: [null] } },
    valid: ["response"],
  },
  {
    type: "User",
    title: "with a password",
    resource: { userName: "b", password: "t1meMa$heen" },
    valid: ["create", "replace", "patch"],
  },
  { type: "User", title: "without a required attribute", resource: { displayName: "b" }, valid: ["patch"] },
  { type: "User", title: "whose required attribute is null", resource: { id: "1", userName: null }, valid: [] },
  {
    type: "User",
    title: "with a boolean as text",
    resource: { id: "1", userName: "b", active: "true" },
    valid: [],
  },
  {
    type: "User",
    title: "with a lone value where a list belongs",
    resource: { id: "1", userName: "b", emails: { value: "b" } },
    valid: [],
  },
  { type: "User", title: "with null in a list", resource: { userName: "b", emails: [null] }, valid: [] },
  {
    type: "User",
    title: "with a certificate that is not base64",
    resource: { userName: "b", x509Certificates: [{ value: "not base64!" }] },
    valid: [],
  },
  {
    type: "User",
    title: "with a sub-attribute that does not exist",
    resource: { userName: "b", name: { lastName: "Jensen" } },
    valid: [],
  },
  {
    type: "User",
    title: "with an attribute that is called as a member of every object is",
    resource: JSON.parse('{"userName":"b","constructor":"c","__proto__":{"d":1}}') as object,
    valid: [],
  },
  {
    type: "User",
    title: "with nulls in an extension's data",
    resource: { id: "1", [ENTERPRISE]: { department: null, manager: { value: null } } },
    valid: ["response"],
  },
  {
    type: "Group",
    title: "with members",
    resource: { displayName: "Guides", members: [{ value: "2819c223", type: "User", $ref: "../Users/2819c223" }] },
    valid: ["create", "replace", "patch"],
  },
  {
    type: "Device",
    title: "with a required extension",
    resource: { active: true, [BLE]: ble },
    valid: ["create", "replace", "patch"],
  },
  { type: "Device", title: "without it", resource: { active: true }, valid: ["patch"] },
  {
    type: "Device",
    title: "with a required list that is empty",
    resource: { active: true, [BLE]: { ...ble, versionSupport: [] } },
    valid: [],
  },
  {
    type: "Device",
    title: "with an extension within an extension",
    resource: { active: true, [BLE]: { ...ble, "urn:x:pairing": { key: 1 } } },
    valid: ["create", "replace", "patch"],
  },
  {
    type: "Device",
    title: "with a number that is no integer",
    resource: { active: true, [BLE]: ble, [DPP]: { dppVersion: 2.5, bootstrapKey: "AAAA" } },
    valid: [],
  },
];
