/**
 * `diff` and `applyPatch` of 500 changes in a large group, beside a `structuredClone` of the group: the least that anything
 * costs that keeps what it was given.
 *
 * @module
 */
import { Group, type Group as GroupResource } from "../src/models.gen.ts";
import { applyPatch } from "../src/protocol/apply.ts";
import { diff } from "../src/protocol/diff.ts";
import { inTurn, ms, type Benchmark, type Figure } from "./figure.ts";

const CHANGES = 500;
const ROUNDS = 25;

export const patch: Benchmark = { name: "patch", run };

async function run(): Promise<readonly Figure[]> {
  const small = change(10_000);
  const large = change(20_000);
  const clone = await inTurn(
    () => work(small),
    () => structuredClone(small.before),
    ROUNDS,
  );
  const growth = await inTurn(
    () => work(large),
    () => work(small),
    ROUNDS,
  );
  return [
    {
      name: "diff and applyPatch of 500 changes in 10,000 members / structuredClone",
      ratio: clone.ratio,
      target: 10,
      detail: `${ms(clone.ours)} / ${ms(clone.floor)}`,
    },
    {
      name: "500 changes in 20,000 members / in 10,000",
      ratio: growth.ratio,
      target: 2.5,
      detail: `${ms(growth.ours)} / ${ms(growth.floor)}`,
    },
  ];
}

interface Change {
  readonly before: GroupResource;
  readonly after: GroupResource;
}

/** Half of the changes are members who go, half are members who come; nothing is shared between the two states. */
function change(size: number): Change {
  const people = Array.from({ length: size + CHANGES / 2 }, (_, index) => member(index));
  return { before: group(people.slice(0, size)), after: structuredClone(group(people.slice(CHANGES / 2))) };
}

function group(members: NonNullable<GroupResource["members"]>): GroupResource {
  return { schemas: [Group.schema.id], id: "e9e30dba", displayName: "Everyone", members };
}

function member(index: number): NonNullable<GroupResource["members"]>[number] {
  const value = `2819c223-7f76-453a-919d-${String(index).padStart(12, "0")}`;
  return { value, $ref: `https://id.example/scim/v2/Users/${value}`, type: "User", display: `Person ${index}` };
}

function work({ before, after }: Change): void {
  const changed = applyPatch(Group, before, diff(Group, before, after));
  if (changed.members?.length !== after.members?.length) throw new Error("the difference leads elsewhere");
}
