import { defineExtension, defineModel } from "./schema/define-model.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "./schema/core-schemas.ts";
import type { InferExtensionViews, InferViews } from "./schema/infer.ts";
import type { ExtensionModel, ResourceModel } from "./schema/resource-model.ts";

/** The types of `User`. */
export interface UserViews extends InferViews<typeof UserSchema> {}
/** A user as a server returns it. */
export type User = UserViews["read"];
/** What creating a user takes. */
export type UserCreate = UserViews["create"];
/** What replacing a user takes. */
export type UserReplace = UserViews["replace"];
/** What PATCH takes at each path of a user. */
export type UserPaths = UserViews["paths"];
/** Users, at `/Users` (RFC 7643 §4.1). */
export const User: ResourceModel<UserViews> = /* @__PURE__ */ defineModel({ schema: UserSchema });

/** The types of `EnterpriseUser`. */
export interface EnterpriseUserViews extends InferExtensionViews<typeof EnterpriseUserSchema> {}
export type EnterpriseUser = EnterpriseUserViews["read"];
export type EnterpriseUserCreate = EnterpriseUserViews["create"];
export type EnterpriseUserReplace = EnterpriseUserViews["replace"];
export type EnterpriseUserPaths = EnterpriseUserViews["paths"];
export const EnterpriseUser: ExtensionModel<
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  EnterpriseUserViews
> = /* @__PURE__ */ defineExtension({ schema: EnterpriseUserSchema });

export interface GroupViews extends InferViews<typeof GroupSchema> {}
export type Group = GroupViews["read"];
export type GroupCreate = GroupViews["create"];
export type GroupReplace = GroupViews["replace"];
export type GroupPaths = GroupViews["paths"];
export const Group: ResourceModel<GroupViews> = /* @__PURE__ */ defineModel({ schema: GroupSchema });
