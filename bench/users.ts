/**
 * Users as a large server returns them: about 1.6 KB of JSON each, with the enterprise extension, in the spelling and
 * with the types of RFC 7643. The same count gives the same users.
 *
 * @module
 */
import type { JsonObject } from "../src/json.ts";

const GIVEN = ["Ada", "Béla", "Chidi", "Dolores", "Emre", "Fatima", "Grzegorz", "Hanako"];
const FAMILY = ["Aalto", "Brandt", "Castellano", "Dimitrov", "Eriksson", "Fujimoto", "García", "Haugen"];
const DEPARTMENT = ["Logistics", "Research", "Finance", "Field Service", "Support"];

/** Makes `count` users. */
export function users(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, index) => user(index));
}

function user(index: number): JsonObject {
  const given = pick(GIVEN, index);
  const family = pick(FAMILY, index >> 3);
  const login = `${given}.${family}.${index}`.toLowerCase();
  const id = identifier(index);
  return {
    schemas: [
      "urn:ietf:params:scim:schemas:core:2.0:User",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ],
    id,
    externalId: `hr-${100_000 + index}`,
    userName: `${login}@example.com`,
    name: { formatted: `${given} ${family}`, familyName: family, givenName: given },
    displayName: `${given} ${family}`,
    title: "Senior Coordinator",
    preferredLanguage: "en-GB",
    active: index % 17 !== 0,
    emails: [
      { value: `${login}@example.com`, type: "work", primary: true },
      { value: `${login}@home.example.net`, type: "home" },
    ],
    phoneNumbers: [{ value: `tel:+43-1-555-${1000 + (index % 9000)}`, type: "work" }],
    addresses: [
      {
        type: "work",
        streetAddress: `${1 + (index % 200)} Harbour Road`,
        locality: "Vienna",
        postalCode: String(1010 + (index % 230)),
        country: "AT",
      },
    ],
    groups: [membership(index % 50, "All staff"), membership(50 + (index % 20), `${pick(DEPARTMENT, index)} team`)],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
      employeeNumber: String(700_000 + index),
      costCenter: String(4000 + (index % 60)),
      organization: "Example Harbour",
      department: pick(DEPARTMENT, index),
      manager: {
        value: identifier(index >> 4),
        $ref: `https://scim.example.com/v2/Users/${identifier(index >> 4)}`,
        displayName: `${pick(GIVEN, index >> 4)} ${pick(FAMILY, index >> 7)}`,
      },
    },
    meta: {
      resourceType: "User",
      created: moment(index),
      lastModified: moment(index + 90_000),
      location: `https://scim.example.com/v2/Users/${id}`,
      version: `W/"${(index * 2_654_435_761).toString(16)}"`,
    },
  };
}

function membership(index: number, display: string): JsonObject {
  const value = identifier(1_000_000 + index);
  return { value, $ref: `https://scim.example.com/v2/Groups/${value}`, display, type: "direct" };
}

/** In the form of a UUID. */
function identifier(index: number): string {
  return `2819c223-7f76-453a-919d-${index.toString(16).padStart(12, "0")}`;
}

function moment(index: number): string {
  return new Date(1_600_000_000_000 + index * 61_000).toISOString();
}

function pick(from: readonly string[], index: number): string {
  return from[index % from.length] ?? "";
}
