/**
 * The tour that `npm start` gives: a SCIM server from a library off the shelf runs in this process, and a client meets it
 * for the first time.
 *
 * @module
 */
import { once } from "node:events";
import { createServer } from "node:http";
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
import { EnterpriseUser, User } from "../src/models.gen.ts";
import { scimmyApp } from "./scimmy-app.ts";

const TOKEN = "tour-token";

function heading(text: string): void {
  console.log(`\n${styleText("bold", text)}`);
}

function line(name: string, value: string): void {
  console.log(`  ${styleText("dim", name.padEnd(14))} ${value}`);
}

const server = createServer(scimmyApp({ token: TOKEN })).listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") throw new Error("the server has no port");

const deviations = new Map<string, number>();
const scim = new SCIMClient(`http://127.0.0.1:${address.port}/scim/v2`, {
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

  heading("delete: DELETE, and then it is gone");
  await scim.delete(User, babs.id);
  const gone = await scim.query(User, babs.id, { raiseScimErrors: false });
  if (isScimError(gone)) line(gone.status, gone.detail ?? "");

  heading("what this server does that differs from the RFC");
  for (const [text, times] of deviations) line(`${times}×`, text);
  if (deviations.size === 0) line("nothing", "was reported");
} finally {
  server.closeAllConnections();
  server.close();
}
