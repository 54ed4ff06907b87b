/** What a server publishes that has the schemas of RFC 7643 and nothing else, and resources of it. */
import type { DiscoveryDocuments } from "../../../codegen/documents.ts";
import { EnterpriseUserSchema, GroupSchema, UserSchema } from "../../../src/schema/core-schemas.ts";

export const rfc7643: DiscoveryDocuments = {
  resourceTypes: [
    {
      name: "User",
      endpoint: "/Users",
      schema: UserSchema.id,
      schemaExtensions: [{ schema: EnterpriseUserSchema.id, required: false }],
    },
    { name: "Group", endpoint: "/Groups", schema: GroupSchema.id },
  ],
  schemas: [UserSchema, GroupSchema, EnterpriseUserSchema],
};
