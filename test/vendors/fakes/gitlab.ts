/** GitLab's SCIM APIs as "Internal API" has them. */
import type { JsonObject } from "../../../src/json.ts";
import { FakeService, objectOf, Refusal, textOf, type Call, type Collection, type Stored } from "./service.ts";

const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** A group with SAML, or an instance. */
export class GitLabFake extends FakeService {
  readonly #kind: "group" | "instance";
  /** The accounts that a group let go, which stay in GitLab. */
  readonly unlinked: Stored[] = [];

  constructor(kind: "group" | "instance") {
    super(`https://gitlab.example/api/scim/v2/${kind === "group" ? "groups/acme" : "application"}`);
    this.#kind = kind;
  }

  protected override collectionOf(name: string | undefined): Collection | undefined {
    return name === "Users" ? this.users : undefined;
  }

  protected override list(collection: Collection, call: Call): JsonObject {
    const page = super.list(collection, call);
    return {
      schemas: [LIST],
      totalResults: page["totalResults"],
      itemsPerPage: 20,
      startIndex: page["startIndex"],
      Resources: page["Resources"],
    };
  }

  /** "eq: The attribute matches exactly the specified value." */
  protected override filtered(_collection: Collection, all: readonly Stored[], text: string): Stored[] {
    const [, name = "", quoted, bare] = /^(\w+) eq (?:"([^"]*)"|(\S+))$/.exec(text) ?? [];
    if (name === "") throw new Refusal(400, "Unsupported filter");
    return all.filter((resource) => resource[name] === (quoted ?? bare));
  }

  /** The id of a user is its external UID. */
  protected override create(collection: Collection, body: JsonObject): Response {
    for (const name of ["externalId", "userName", "emails", "name"]) {
      if (body[name] === undefined || body[name] === null) throw new Refusal(400, `${name} is missing`);
    }
    const id = textOf(body["externalId"]);
    if (collection.resources.has(id)) throw new Refusal(409, "identity exists");
    const stored = { ...body, id, active: true };
    collection.resources.set(id, stored);
    return this.json(201, this.shown(collection, stored));
  }

  protected override replace(): Response {
    throw new Refusal(405, "405 Not Allowed");
  }

  /** Anything but the id and active is passed over; the answer is always 204. */
  protected override patch(collection: Collection, resource: Stored, body: JsonObject): Response {
    let after = { ...resource };
    for (const { op, path, value } of this.operations(body)) {
      if (!/^(?:replace|add|update)$/i.test(textOf(op))) continue;
      if (path === "id" || path === "externalId")
        after = { ...after, id: textOf(value), externalId: textOf(value) };
      if (path === "active") after["active"] = textOf(value) === "true";
    }
    collection.resources.delete(resource.id);
    collection.resources.set(after.id, after);
    if (this.#kind === "group" && after["active"] === false) this.#unlink(collection, after);
    return new Response(null, { status: 204 });
  }

  protected override remove(collection: Collection, resource: Stored): Response {
    if (this.#kind === "group") this.#unlink(collection, resource);
    else collection.resources.set(resource.id, { ...resource, active: false });
    return new Response(null, { status: 204 });
  }

  /** The name is flat, and there is nothing else of it. */
  protected override shown(
    _collection: Collection,
    { id, active, userName, emails, name }: JsonObject,
  ): JsonObject {
    return {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      id,
      active,
      "name.formatted": objectOf(name ?? {})["formatted"],
      userName,
      meta: { resourceType: "User" },
      emails,
    };
  }

  #unlink(collection: Collection, resource: Stored): void {
    collection.resources.delete(resource.id);
    this.unlinked.push(resource);
  }
}
