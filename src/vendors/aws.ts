/**
 * AWS IAM Identity Center. Source: the "IAM Identity Center SCIM Implementation Developer Guide"
 * (docs.aws.amazon.com/singlesignon/latest/developerguide), by the names of its pages.
 *
 * @module
 */
import type { ServerProfile } from "../client/profile.ts";

/**
 * How AWS IAM Identity Center differs from the RFC.
 *
 * "GetGroup" and "ListGroups" always return an empty list of members: never write a group back that was read. Whether a user
 * is a member is asked by a filter on `id` and `members` together.
 */
export const aws: ServerProfile = {
  name: "AWS IAM Identity Center",
  // "Limitations": there is no /Search; that there is no /Bulk, ServiceProviderConfig says.
  capabilities: { search: false },
  // "Limitations": eq, and "and" only in the combinations that the pages of the operations list.
  filter: { operators: ["eq"], logical: [], valuePaths: false },
  // "ListUsers", "ListGroups": pages follow on a cursor; startIndex is not supported; count is 1 to 100.
  paging: { method: "cursor", maxCount: 100, startIndex: false, zeroCount: false },
  patch: {
    // "PatchUser", "PatchGroup": the path is required for remove; the examples of the other operations have one as well.
    form: "path",
    // "PatchGroup", member operations: remove has the path members and a list of values.
    memberRemove: "valueList",
    // "PatchGroup": at most 100 membership changes in a request.
    maxValues: 100,
    // "Limitations": PatchGroup does not replace or remove all members.
    valueByValue: ["members"],
  },
  resourceTypes: {
    User: {
      // "ListUsers": supported filter combinations.
      filter: { attributes: ["userName", "externalId", "groups.value", "id"] },
      // "CreateUser": givenName, familyName, userName and displayName are required.
      demands: { create: ["name.givenName", "name.familyName", "displayName"] },
      // "DeleteUser".
      deletion: "deletes",
    },
    Group: {
      // "Supported API operations": there is no PutGroup.
      without: ["replace"],
      // "ListGroups": supported filter combinations.
      filter: { attributes: ["displayName", "externalId", "id", ["id", "members"]] },
      // "DeleteGroup".
      deletion: "deletes",
    },
  },
};
