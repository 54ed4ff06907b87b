const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Four people who differ in what they lack. */
export const staff: Readonly<Record<"chen" | "bo" | "ada" | "dana", Readonly<Record<string, unknown>>>> = {
  chen: {
    schemas: [CORE, ENTERPRISE],
    id: "1",
    userName: "cwong",
    userType: "Contractor",
    nickName: "Wing",
    name: { familyName: "d'Arc", givenName: "Chen" },
    emails: [
      { type: "home", value: "chen@lab.example" },
      { type: "work", value: "chen@corp.example", primary: true },
    ],
    ims: [{ type: "irc", value: "chen@chat.example" }],
    active: true,
    meta: { resourceType: "User", lastModified: "2024-02-29T23:59:59Z" },
    [ENTERPRISE]: { department: "Optics", manager: { value: "4", displayName: "Dana" } },
  },
  bo: {
    schemas: [CORE],
    id: "2",
    userName: "Cato",
    userType: "Temp",
    name: { familyName: "Arcturus" },
    emails: [{ type: "home", value: "bo@corp.example" }],
    active: false,
    meta: { resourceType: "User", lastModified: "2024-03-01T01:00:00+01:00" },
  },
  ada: {
    schemas: [CORE],
    id: "3",
    userName: "ada",
    userType: "Temp",
    nickName: "Ada",
    emails: [
      { type: "work", value: "ada@lab.example" },
      { type: "home", value: "ada@home.example" },
    ],
    meta: { resourceType: "User", lastModified: "2024-02-29T22:59:59.5-01:00" },
  },
  dana: { schemas: [CORE, ENTERPRISE], id: "4", userName: "dana", [ENTERPRISE]: { department: "optics" } },
};
