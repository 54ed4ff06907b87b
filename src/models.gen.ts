/**
 * The resource types of RFC 7643.
 *
 * @module
 */
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "./schema/core-schemas.ts";
import { defineExtension, defineModel } from "./schema/define-model.ts";
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
/** The users of a server, at `/Users` (RFC 7643 §4.1). */
export const User: ResourceModel<UserViews> = /* @__PURE__ */ defineModel({ schema: UserSchema });

/** The types of `EnterpriseUser`. */
export interface EnterpriseUserViews extends InferExtensionViews<typeof EnterpriseUserSchema> {}
/** The enterprise part of a user as a server returns it. */
export type EnterpriseUser = EnterpriseUserViews["read"];
/** What creating the enterprise part of a user takes. */
export type EnterpriseUserCreate = EnterpriseUserViews["create"];
/** What replacing the enterprise part of a user takes. */
export type EnterpriseUserReplace = EnterpriseUserViews["replace"];
/** What PATCH takes at each path of the enterprise part of a user. */
export type EnterpriseUserPaths = EnterpriseUserViews["paths"];
/** The enterprise extension: `User.with(EnterpriseUser)` (RFC 7643 §4.3). */
export const EnterpriseUser: ExtensionModel<
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  EnterpriseUserViews
> = /* @__PURE__ */ defineExtension({ schema: EnterpriseUserSchema });

/** The types of `Group`. */
export interface GroupViews extends InferViews<typeof GroupSchema> {}
/** A group as a server returns it. */
export type Group = GroupViews["read"];
/** What creating a group takes. */
export type GroupCreate = GroupViews["create"];
/** What replacing a group takes. */
export type GroupReplace = GroupViews["replace"];
/** What PATCH takes at each path of a group. */
export type GroupPaths = GroupViews["paths"];
/** The groups of a server, at `/Groups` (RFC 7643 §4.2). */
export const Group: ResourceModel<GroupViews> = /* @__PURE__ */ defineModel({ schema: GroupSchema });
