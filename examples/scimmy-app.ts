/**
 * A SCIM service provider that nobody here wrote: SCIMMY and scimmy-routers on Express, with users, the enterprise
 * extension and groups kept in memory, behind a bearer token. It shows what a server made from a library off the shelf
 * answers, faults included.
 *
 * SCIMMY keeps its resource types in module state, so they are declared once, and each app hands its own directory to
 * their handlers with every request.
 *
 * @module
 */
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

/** Options of `scimmyApp`. */
export interface ScimmyAppOptions {
  /** The bearer token that every request must carry. */
  readonly token: string;
  /** The `userName` of the user that `/Me` stands for. Default: none, and `/Me` answers 501. */
  readonly me?: string;
  /** What the time is, for `meta.created` and `meta.lastModified`. Default: the system's clock. */
  readonly now?: () => Date;
}

/**
 * An Express application with SCIM at `/scim/v2` and an empty directory of its own. Ids are counted from 1 for each
 * resource type, so the same requests give the same answers.
 */
export function scimmyApp({ token, me, now = () => new Date() }: ScimmyAppOptions): Express {
  const directory = new Directory(now);
  // The routers add their authentication scheme to whatever an earlier app left behind.
  SCIMMY.Config.set("authenticationSchemes", []);
  const routers = new SCIMMYRouters({
    type: "bearer",
    docUri: "https://datatracker.ietf.org/doc/html/rfc6750",
    baseUri: origin,
    context: () => directory,
    handler: (request) => {
      if (request.get("authorization") !== `Bearer ${token}`)
        throw new Error("The bearer token is missing or wrong");
      // The routers answer 501 at /Me for a user that is undefined, which their declaration leaves out.
      return directory.idOf(me) as string;
    },
  });
  const app = express();
  app.disable("x-powered-by");
  app.use("/scim/v2", routers);
  app.use(answered);
  return app;
}

/** The routers pass on a server error that they have answered; Express would print it and cut the connection. */
function answered(_error: unknown, _request: Request, _response: Response, _next: NextFunction): void {}

interface Stored {
  readonly id: string;
  readonly meta: { readonly created: string; readonly lastModified: string };
  readonly userName?: string;
  readonly displayName?: string;
  readonly members?: readonly Member[];
}

interface Member {
  readonly value: string;
  readonly display?: string;
}

type Attributes = Readonly<Record<string, unknown>>;

class Directory {
  readonly #now: () => Date;
  readonly #users = new Map<string, Stored>();
  readonly #groups = new Map<string, Stored>();
  #lastUser = 0;
  #lastGroup = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  idOf(userName: string | undefined): string | undefined {
    return [...this.#users.values()].find((user) => user.userName === userName && userName !== undefined)?.id;
  }

  users(): readonly Stored[] {
    return [...this.#users.values()].map((user) => this.#withGroups(user));
  }

  user(id: string): Stored {
    return this.#withGroups(existing(this.#users, id));
  }

  saveUser(id: string | undefined, attributes: Attributes): Stored {
    const userName = String(attributes["userName"]).toLowerCase();
    for (const other of this.#users.values()) {
      if (other.id !== id && other.userName?.toLowerCase() === userName) {
        throw new SCIMMY.Types.Error(409, "uniqueness", `The userName "${other.userName}" is taken`);
      }
    }
    // A password is taken and forgotten: nothing here signs users in.
    const { password: _, ...kept } = attributes;
    const user = this.#save(this.#users, id ?? `user-${(this.#lastUser += 1)}`, id, kept);
    return this.#withGroups(user);
  }

  removeUser(id: string): void {
    remove(this.#users, id);
    for (const group of this.#groups.values()) {
      const members = group.members?.filter(({ value }) => value !== id);
      if (members?.length !== group.members?.length)
        this.#groups.set(group.id, { ...group, members: members ?? [] });
    }
  }

  groups(): readonly Stored[] {
    return [...this.#groups.values()];
  }

  group(id: string): Stored {
    return existing(this.#groups, id);
  }

  saveGroup(id: string | undefined, attributes: Attributes): Stored {
    return this.#save(this.#groups, id ?? `group-${(this.#lastGroup += 1)}`, id, attributes);
  }

  removeGroup(id: string): void {
    remove(this.#groups, id);
  }

  #save(all: Map<string, Stored>, id: string, replaced: string | undefined, attributes: Attributes): Stored {
    const time = this.#now().toISOString();
    const created = replaced === undefined ? time : existing(all, replaced).meta.created;
    const stored: Stored = { ...attributes, id, meta: { created, lastModified: time } };
    all.set(id, stored);
    return stored;
  }

  /** Membership is written on the group and read on the user as well (RFC 7643 §4.1.2). */
  #withGroups(user: Stored): Stored {
    const groups = [...this.#groups.values()]
      .filter(({ members }) => members?.some(({ value }) => value === user.id))
      .map(({ id, displayName }) => ({ value: id, display: displayName, type: "direct" }));
    return groups.length === 0 ? user : Object.assign({}, user, { groups });
  }
}

SCIMMY.Resources.declare(SCIMMY.Resources.User, {
  extensions: [{ schema: SCIMMY.Schemas.EnterpriseUser, required: false }],
  ingress: ({ id }: Target, user: object, directory: Directory) => directory.saveUser(id, plain(user)),
  egress: ({ id, filter }: Target, directory: Directory) =>
    id === undefined ? matching(directory.users(), filter) : directory.user(id),
  degress: ({ id }: Target, directory: Directory) => directory.removeUser(id ?? ""),
});

SCIMMY.Resources.declare(SCIMMY.Resources.Group, {
  ingress: ({ id }: Target, group: object, directory: Directory) => directory.saveGroup(id, plain(group)),
  egress: ({ id, filter }: Target, directory: Directory) =>
    id === undefined ? matching(directory.groups(), filter) : directory.group(id),
  degress: ({ id }: Target, directory: Directory) => directory.removeGroup(id ?? ""),
});

/** What SCIMMY tells a handler about the request. */
interface Target {
  readonly id?: string;
  readonly filter?: { match(values: readonly unknown[]): unknown[] };
}

function matching(resources: readonly Stored[], filter: Target["filter"]): unknown[] {
  return filter === undefined ? [...resources] : filter.match(resources);
}

function existing(all: ReadonlyMap<string, Stored>, id: string): Stored {
  const found = all.get(id);
  if (found === undefined) throw notFound(id);
  return found;
}

function remove(all: Map<string, Stored>, id: string): void {
  if (!all.delete(id)) throw notFound(id);
}

function notFound(id: string): Error {
  return new SCIMMY.Types.Error(404, "", `There is no resource with the id "${id}"`);
}

/** SCIMMY's instances are live views with accessors; what is kept is their JSON. */
function plain(instance: object): Attributes {
  return JSON.parse(JSON.stringify(instance)) as Attributes;
}

function origin(request: Request): string {
  return `${request.protocol}://${request.get("host") ?? "localhost"}`;
}
