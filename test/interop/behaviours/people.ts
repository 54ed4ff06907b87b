/**
 * Who lives in the directories that the behaviours fill.
 *
 * @module
 */
import type { SCIMClient } from "../../../src/index.ts";
import { isJsonObject } from "../../../src/json.ts";
import { EnterpriseUser, User, type EnterpriseUserViews, type UserViews } from "../../../src/models.gen.ts";
import type { ResourceModel } from "../../../src/schema/resource-model.ts";
import type { Create, ExtendedViews } from "../../../src/schema/view.ts";

/** The URN of the enterprise extension. */
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A user with the enterprise extension. */
export const Employee: ResourceModel<ExtendedViews<UserViews, typeof ENTERPRISE, EnterpriseUserViews>> =
  User.with(EnterpriseUser);

/** Somebody of whom a lot is known. `/Me` is whoever has this userName. */
export const babs: Create<typeof Employee> = {
  userName: "bjensen",
  name: { givenName: "Barbara", familyName: "Jensen" },
  displayName: "Babs",
  active: true,
  emails: [
    { value: "bjensen@work.example", type: "work", primary: true },
    { value: "babs@home.example", type: "home" },
  ],
  [ENTERPRISE]: { employeeNumber: "701984", department: "Sales", manager: { value: "26118915" } },
};

/** Creates users of these names one after the other, active when there is an "e" in their name. */
export async function populate(scim: SCIMClient, ...userNames: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const userName of userNames) {
    const { id } = await scim.create(User, {
      userName,
      displayName: `The ${userName}`,
      active: userName.includes("e"),
    });
    ids.push(id);
  }
  return ids;
}

/** How to ask for the order in which `populate` and others have created resources, if the service provider can sort. */
export function sorted(scim: SCIMClient, sortBy: string): { readonly sortBy?: string } {
  const sort = scim.serviceProviderConfig?.["sort"];
  return isJsonObject(sort) && sort["supported"] === false ? {} : { sortBy };
}
