import { isJsonObject, type JsonValue } from "../../src/json.ts";
import { patch } from "../../src/index.ts";
import { Group } from "../../src/models.gen.ts";
import { path } from "../../src/protocol/path.ts";
import type { BulkOperation } from "../../src/protocol/bulk.ts";
import { ENTERPRISE } from "../client/replay.ts";
import { randomNumbers } from "./fault-server.ts";
import { plain } from "./message.ts";
import type { Provider } from "./provider.ts";

/** What there is: of each user its display name and manager, of each group its members, all by name. */
export interface Organisation {
  readonly users: Readonly<Record<string, { displayName: string; manager: string }>>;
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** Operations that make an organisation out of nothing. */
export interface Founding {
  readonly operations: readonly BulkOperation[];
  /** What there is when all of them are carried out. */
  readonly result: Organisation;
}

/**
 * Five operations for each of `size`: three users and a group are created, in any order, and then one thing changes: a user
 * is replaced or deleted, or a group modified. Most refer to users and groups that others create, also later ones. With
 * `circles`, every tenth group is in a circle with the next one.
 */
export function found(size: number, circles: boolean): Founding {
  const random = randomNumbers(size);
  const users: Record<string, { displayName: string; manager: string }> = {};
  const groups: Record<string, string[]> = {};
  const creates: BulkOperation[] = [];
  const changes: BulkOperation[] = [];
  const anyUser = (): string => `user-${Math.floor(random() * size * 3)}`;
  for (let number = 0; number < size * 3; number += 1) {
    const name = `user-${number}`;
    // Managers have higher numbers than those who report to them: no circle, and most references lead ahead.
    const superior = number + 1 + Math.floor(random() * 50);
    const manager = superior < size * 3 && random() < 0.95 ? `user-${superior}` : "";
    const displayName = number % 3 === 0 ? `User ${number} ${"é".repeat(900)}` : `User ${number}`;
    users[name] = { displayName, manager };
    creates.push({
      method: "POST",
      path: "/Users",
      bulkId: name,
      data: {
        userName: name,
        displayName,
        ...(manager === "" ? {} : { [ENTERPRISE]: { manager: { value: `bulkId:${manager}` } } }),
      },
    });
  }
  for (let number = 0; number < size; number += 1) {
    const name = `group-${number}`;
    const members = [...new Set(Array.from({ length: 1 + Math.floor(random() * 8) }, anyUser))];
    if (circles && number % 10 === 0) members.push(`group-${number + 1}`);
    if (circles && number % 10 === 1) members.push(`group-${number - 1}`);
    groups[name] = members;
    creates.push({
      method: "POST",
      path: "/Groups",
      bulkId: name,
      data: { displayName: name, members: members.map((member) => ({ value: `bulkId:${member}` })) },
    });
    changes.push(change(number, users, groups, anyUser()));
  }
  const shuffled = creates.map((operation) => ({ operation, place: random() }));
  shuffled.sort((a, b) => a.place - b.place);
  return {
    operations: [...shuffled.map(({ operation }) => operation), ...changes],
    result: sorted({ users, groups }),
  };
}

function change(
  number: number,
  users: Record<string, { displayName: string; manager: string }>,
  groups: Record<string, string[]>,
  newcomer: string,
): BulkOperation {
  const group = `group-${number}`;
  const user = `user-${number}`;
  const members = groups[group] ?? [];
  const [first = ""] = members;
  switch (number % 4) {
    case 0: {
      delete users[user];
      return { method: "DELETE", path: `/Users/bulkId:${user}` };
    }
    case 1: {
      users[user] = { displayName: `Replaced ${number}`, manager: newcomer };
      const data = {
        userName: user,
        displayName: `Replaced ${number}`,
        [ENTERPRISE]: { manager: { value: `bulkId:${newcomer}` } },
      };
      return { method: "PUT", path: `/Users/bulkId:${user}`, data };
    }
    case 2: {
      groups[group] = [...new Set([...members, newcomer])];
      const data = patch(Group).add("members", [{ value: `bulkId:${newcomer}` }]);
      return { method: "PATCH", path: `/Groups/bulkId:${group}`, data };
    }
    default: {
      groups[group] = members.slice(1);
      const data = patch(Group).remove(path`members[value eq ${`bulkId:${first}`}]`);
      return { method: "PATCH", path: `/Groups/bulkId:${group}`, data };
    }
  }
}

/**
 * What there is at a provider.
 *
 * @param ids the ids of all that were created, by their names.
 */
export function organisationAt(provider: Provider, ids: ReadonlyMap<string, string>): Organisation {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const named = (id: JsonValue | undefined): string => names.get(plain(id)) ?? plain(id);
  const users = provider.all("Users").map((user): [string, { displayName: string; manager: string }] => {
    const enterprise = user[ENTERPRISE];
    const manager = isJsonObject(enterprise) ? enterprise["manager"] : undefined;
    return [plain(user["userName"]), { displayName: plain(user["displayName"]), manager: valueOf(manager, named) }];
  });
  const groups = provider.all("Groups").map((group): [string, string[]] => {
    const members = Array.isArray(group["members"]) ? group["members"] : [];
    return [plain(group["displayName"]), members.map((member) => valueOf(member, named))];
  });
  return sorted({ users: Object.fromEntries(users), groups: Object.fromEntries(groups) });
}

function valueOf(value: JsonValue | undefined, named: (id: JsonValue | undefined) => string): string {
  return isJsonObject(value) ? named(value["value"]) : "";
}

function sorted({ users, groups }: Organisation): Organisation {
  const inOrder = Object.entries(groups).map(([name, members]): [string, string[]] => [name, members.toSorted()]);
  return { users, groups: Object.fromEntries(inOrder) };
}
