/** GitHub as "REST API endpoints for SCIM" has it. */
import type { JsonObject } from "../../../src/json.ts";
import { FakeService, objectOf, Refusal, textOf, type Call, type Collection, type Stored } from "./service.ts";

const FILTERS: Readonly<Record<string, readonly string[]>> = {
  Users: ["userName", "externalId", "id", "displayName"],
  Groups: ["externalId", "id", "displayName"],
};

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Users: ["schemas", "externalId", "active", "userName", "displayName", "emails"],
  Groups: ["schemas", "externalId", "displayName"],
};

/** An enterprise with managed users. */
export class GitHubFake extends FakeService {
  protected override readonly defaultCount = 30;
  /** Users that were deleted: suspended for ever. */
  readonly suspended: Stored[] = [];

  constructor() {
    super("https://api.github.example/scim/v2/enterprises/octo");
  }

  protected override answer(call: Call): Response {
    if (call.headers.get("user-agent") === null) throw new Refusal(403, "a User-Agent is required");
    if (this.collectionOf(call.path[0]) !== undefined) return super.answer(call);
    return new Response(
      JSON.stringify({ message: "Not Found", documentation_url: "https://docs.github.com/rest" }),
      {
        status: 404,
        headers: { "content-type": "application/json; charset=utf-8" },
      },
    );
  }

  /** "Multiple filters are not supported." */
  protected override filtered(collection: Collection, all: readonly Stored[], text: string): Stored[] {
    const [, name = "", value = ""] = /^(\w+) eq ("(?:[^"\\]|\\.)*")$/.exec(text) ?? [];
    if (FILTERS[collection.name]?.includes(name) !== true)
      throw new Refusal(400, "invalid filter", "invalidFilter");
    return all.filter((resource) => resource[name] === JSON.parse(value));
  }

  protected override create(collection: Collection, body: JsonObject): Response {
    this.#check(collection, body);
    return super.create(collection, body);
  }

  protected override replace(collection: Collection, resource: Stored, body: JsonObject): Response {
    this.#check(collection, body);
    return super.replace(collection, resource, body);
  }

  /** For users a path "that includes filters … will be ineffective". */
  protected override patched(collection: Collection, resource: Stored, operations: readonly JsonObject[]): Stored {
    const effective = operations.filter(({ path }) => collection !== this.users || !textOf(path).includes("["));
    return super.patched(collection, resource, effective);
  }

  /** "Suspends a SCIM user permanently from an enterprise." */
  protected override remove(collection: Collection, resource: Stored): Response {
    if (collection === this.users) this.suspended.push(resource);
    return super.remove(collection, resource);
  }

  #check(collection: Collection, body: JsonObject): void {
    for (const name of REQUIRED[collection.name] ?? []) {
      if (body[name] === undefined || body[name] === null)
        throw new Refusal(400, `${name} is required`, "invalidSyntax");
    }
    if (collection !== this.users || !Array.isArray(body["emails"])) return;
    for (const email of body["emails"].map(objectOf)) {
      for (const name of ["value", "type", "primary"]) {
        if (email[name] === undefined) throw new Refusal(400, `emails.${name} is required`, "invalidSyntax");
      }
    }
  }
}
