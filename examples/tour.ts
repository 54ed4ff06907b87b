/**
 * The tour that `npm start` gives: a SCIM server from a library off the shelf runs in this process, and a client meets it
 * for the first time.
 *
 * @module
 */
import { styleText } from "node:util";
import {
  RequestPayloadValidationError,
  SCIMClient,
  SCIMResponseErrorObject,
  bearer,
  filter,
  isScimError,
  patch,
  path,
} from "../src/index.ts";
import { EnterpriseUser, Group, User } from "../src/models.gen.ts";
import { startServer } from "./server.ts";

const TOKEN = "tour-token";

function heading(text: string): void {
  console.log(`\n${styleText("bold", text)}`);
}

function line(name: string, value: string): void {
  console.log(`  ${styleText("dim", name.padEnd(14))} ${value}`);
}

const server = await startServer({ token: TOKEN, me: "mandy@example.com" }, 0);

const deviations = new Map<string, number>();
const scim = new SCIMClient(server.baseURL, {
  auth: bearer(TOKEN),
  onDeviation: ({ message, section }) => {
    const text = `${message} (${section})`;
    deviations.set(text, (deviations.get(text) ?? 0) + 1);
  },
});

try {
  heading("discover: what the server says of itself");
  const { resourceTypes, warnings } = await scim.discover();
  for (const type of resourceTypes) {
    const model = scim.getResourceModel(type.name);
    const extensions = model.extensions.map((extension) => extension.model.name);
    const extended = extensions.length === 0 ? "" : `, extended by ${extensions.join(", ")}`;
    line(type.name, `${model.endpoint}, ${model.attributes.size} attributes${extended}`);
  }
  for (const { document, message } of warnings) line("warning", `${document}: ${message}`);

  heading("create: POST /Users, checked before it is sent and after it came back");
  const Employee = User.with(EnterpriseUser);
  const babs = await scim.create(Employee, {
    userName: "bjensen@example.com",
    displayName: "Barbara Jensen",
    name: { givenName: "Barbara", familyName: "Jensen" },
    emails: [
      { value: "bjensen@example.com", type: "work", primary: true },
      { value: "babs@jensen.example", type: "home" },
    ],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "Tours" },
  });
  await scim.create(User, { userName: "mandy@example.com", displayName: "Mandy Pepperidge" });
  line("id", babs.id);
  line("location", babs.meta?.location ?? "none");

  heading("query: GET /Users with a filter whose values are escaped");
  const page = await scim.query(User, { filter: filter`userName sw ${"bjensen"}`, sortBy: "userName" });
  for (const user of page.Resources) line(user.id, `${user.userName}, ${user.displayName ?? "no display name"}`);

  heading("find: the one resource that matches, checked here as well; undefined where there is none");
  const mandy = await scim.find(User, filter`userName eq ${"mandy@example.com"}`);
  line("userName", mandy?.userName ?? "none");
  const nobody = await scim.find(User, filter`userName eq ${"nobody@example.com"}`);
  line("and nobody", nobody?.userName ?? "none");

  heading("modify: PATCH with operations that fit the model");
  const changes = patch(Employee)
    .replace("displayName", "Babs Jensen")
    .remove(path`emails[type eq ${"home"}]`);
  for (const operation of changes.operations) line(operation.op, operation.path?.toString() ?? "");
  const modified = await scim.modify(Employee, babs.id, changes, { reread: true });
  line("now", `${modified.displayName}, ${modified.emails?.length ?? 0} e-mail address`);

  heading("replace: PUT, what the server maintains is left out");
  const replaced = await scim.replace(Employee, { ...modified, title: "Tour Guide" });
  line("title", replaced.title ?? "none");

  heading("bulk: many operations in one request, with references among them");
  const results = await scim.bulk([
    { method: "POST", model: User, bulkId: "otter", data: { userName: "otter@example.com" } },
    { method: "POST", model: Group, data: { displayName: "Guides", members: [{ value: "bulkId:otter" }] } },
    { method: "PATCH", model: User, id: babs.id, data: patch(User).replace("nickName", "Babs") },
  ]);
  for (const result of results) {
    const { method, model } = result.operation;
    line(
      `${method} ${model?.name}`,
      result.ok ? `${result.status}, ${result.id}` : (result.error.detail ?? "failed"),
    );
  }

  heading("list: all that match, page after page, two resources each");
  const users = scim.list(User, { filter: "meta.created pr", count: 2 });
  for await (const user of users) line(user.id, user.userName);
  line("complete", `${users.complete}, ${users.totalResults} in all`);

  heading("search: a query by POST, for what should not stand in a URL, and of several types at once");
  const found = await scim.search([User, Group], { filter: "meta.created pr", sortBy: "id", count: 4 });
  for (const { id, meta } of found.Resources) line(id, meta?.resourceType ?? "");
  line("totalResults", `${found.totalResults}`);

  heading("/Me: whoever the credentials belong to");
  const me = await scim.me.query(User);
  line("userName", me.userName);
  line("location", me.meta?.location ?? "none");

  heading("a request that the client refuses: nothing is sent");
  try {
    await scim.create(scim.getResourceModel("User"), { nickname: 3, emails: "babs@jensen.example" });
  } catch (error) {
    if (!(error instanceof RequestPayloadValidationError)) throw error;
    for (const issue of error.issues) line(issue.rule, issue.message);
  }

  heading("a request that the server refuses");
  try {
    await scim.create(User, { userName: "bjensen@example.com" });
  } catch (error) {
    if (!(error instanceof SCIMResponseErrorObject)) throw error;
    line(`${error.status}`, error.message);
    line("scimType", error.scimType ?? "none");
  }

  heading("request: anything else below the base URL, with the answer as it came");
  const { status, headers, body } = await scim.request({ method: "GET", path: "/ResourceTypes" });
  line(`${status}`, `${headers.get("content-type")}, ${JSON.stringify(body).length} characters`);

  heading("delete: DELETE, and then it is gone");
  await scim.delete(User, babs.id);
  const gone = await scim.query(User, babs.id, { raiseScimErrors: false });
  if (isScimError(gone)) line(gone.status, gone.detail ?? "");

  heading("what this server does that differs from the RFC");
  for (const [text, times] of deviations) line(`${times}×`, text);
  if (deviations.size === 0) line("nothing", "was reported");
} finally {
  server.close();
}
