import { describe, expect, test } from "vitest";
import { defineModel } from "../../src/index.ts";
import { ServiceDescription } from "../../src/client/service-description.ts";
import { BulkCheck } from "../../src/client/bulk-check.ts";
import type { Exchange } from "../../src/client/exchange.ts";
import { GeneratedModels } from "../../src/client/generated-models.ts";
import { Payload } from "../../src/client/payload.ts";
import { BaseURL } from "../../src/client/url.ts";
import { User } from "../../src/models.gen.ts";
import { ERROR } from "../../src/protocol/messages.ts";
import { BULK_RESPONSE } from "../../src/protocol/bulk.ts";
import { BASE, BULK, client } from "./bulk-server.ts";
import { PATCH_OP, rejection, replay } from "./replay.ts";

const SECRET = "t1meMa$heen";
const Badge = defineModel({
  schema: {
    id: "urn:example:params:scim:schemas:core:2.0:Badge",
    attributes: [{ name: "pin", returned: "never" }],
  },
});

const ROWS: ReadonlyArray<{ title: string; given: object; models: readonly (typeof User | typeof Badge)[] }> = [
  {
    title: "a PATCH of /Me",
    given: {
      method: "PATCH",
      path: "/Me",
      data: { schemas: [PATCH_OP], Operations: [{ op: "replace", path: "password", value: SECRET }] },
    },
    models: [User],
  },
  { title: "a PUT of /Me", given: { method: "PUT", path: "/Me", data: { pin: SECRET } }, models: [User, Badge] },
  {
    title: "a POST where nothing is known of the server",
    given: { method: "POST", path: "/Users", bulkId: "a", data: { userName: "a", password: SECRET } },
    models: [],
  },
  {
    title: "a PATCH without a path where nothing is known of the server",
    given: { method: "PATCH", path: "/Me", data: { Operations: [{ op: "add", value: { password: SECRET } }] } },
    models: [],
  },
  {
    title: "a POST with a model where nothing is known of the server",
    given: { method: "POST", model: Badge, bulkId: "a", data: { pin: SECRET } },
    models: [],
  },
];

describe("RFC 7644 §7.5: no error of a bulk shows a secret that the server quotes", () => {
  const refusal = { schemas: [ERROR], status: "400", detail: `"${SECRET}" is weak` };
  for (const { title, given, models } of ROWS) {
    const operations = [given as never] as const;
    const scim = (reply: object, status = 200) =>
      client({ ...BULK, resourceModels: models, fetch: replay({ status, body: reply }).fetch });

    test(`in one request each: ${title}`, async () => {
      const [result] = await scim(refusal, 400).bulk(operations, { strategy: "single" });
      expect(result).toMatchObject({ ok: false, error: { detail: '"***" is weak' } });
    });

    test(`in a bulk request: ${title}`, async () => {
      const { method, path = "/Users", bulkId } = given as { method: string; path?: string; bulkId?: string };
      const Operations = [{ method, bulkId, status: "400", location: `${BASE}${path}`, response: refusal }];
      const [result] = await scim({ schemas: [BULK_RESPONSE], Operations }).bulk(operations, { strategy: "bulk" });
      expect(result).toMatchObject({ ok: false, error: { detail: '"***" is weak' } });
    });

    test(`in a bulk request that is refused as a whole: ${title}`, async () => {
      const error = await rejection(scim(refusal, 400).bulk(operations, { strategy: "bulk" }));
      expect(error).toMatchObject({ message: expect.stringMatching(/400: "\*\*\*" is weak$/) as string });
    });
  }
});

test("RFC 7643 §7: where a generated model stays in force, what it or the server's own calls secret is", () => {
  const own = defineModel({
    schema: { id: Badge.schema.id, attributes: [{ name: "pin" }, { name: "code", mutability: "writeOnly" }] },
  });
  const generated = new GeneratedModels();
  generated.ownOf = (model) => (model === Badge ? own : undefined);
  const exchange = { context: { base: new BaseURL(BASE) } } as unknown as Exchange;
  const check = new BulkCheck(
    exchange,
    new ServiceDescription([Badge]),
    new Payload({ name: "a server" }, generated),
  );
  expect(check.secretsAt(`${Badge.endpoint}/1`, { pin: "abcd", code: "efgh" })).toEqual(["abcd", "efgh"]);
});
