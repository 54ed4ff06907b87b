import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { Agent, ProxyAgent } from "undici";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bearer } from "../../src/client/auth.ts";
import { type Answer, Http, type HttpOptions } from "../../src/client/http.ts";
import { BaseURL } from "../../src/client/url.ts";
import { fetchFrom } from "../../src/node.ts";
import { loopback, portOf } from "./loopback.ts";

function get(origin: string, options: HttpOptions): Promise<Answer> {
  const base = new BaseURL(`${origin}/scim/v2`);
  return new Http(base, { retry: false, ...options }).send({ method: "GET", url: base.resolve("/Users/1") });
}

test("a server in this process answers without a socket", async () => {
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "application/scim+json" });
    response.end(JSON.stringify({ id: "1", authorization: request.headers.authorization, url: request.url }));
  });
  const answer = await get("http://scim.test", { fetch: fetchFrom(server), auth: bearer("t") });
  expect(answer).toMatchObject({
    body: { id: "1", authorization: "Bearer t", url: "/scim/v2/Users/1" },
    json: true,
  });
});

test("RFC 9110 §9.3.6: requests go through a proxy by the dispatcher of fetchOptions", async () => {
  const origin = await loopback((request, response) => void response.end(JSON.stringify(request.url)));
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, near) => {
    asked.push(`${request.method} ${request.url}`);
    const far = connect(Number(new URL(origin).port), "127.0.0.1", () => {
      near.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      near.pipe(far).pipe(near);
    });
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  const dispatcher = new ProxyAgent(`http://127.0.0.1:${await portOf(proxy)}`);
  onTestFinished(async () => {
    await dispatcher.destroy();
    proxy.close();
  });
  const { host } = new URL(origin);
  expect((await get(origin, { fetchOptions: { dispatcher } })).body).toBe("/scim/v2/Users/1");
  expect(asked).toEqual([`CONNECT ${host}`]);
});

const hasOpenSSL = spawnSync("openssl", ["version"]).status === 0;

describe.skipIf(!hasOpenSSL)("RFC 8446 §4.4.2: a client certificate (skipped where there is no openssl)", () => {
  let folder: string;
  const read = (name: string): Buffer => readFileSync(join(folder, name));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "scimkit-tls-"));
    for (const name of ["server", "client"]) {
      const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost"];
      const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", `${name}.key`];
      const args = ["req", "-x509", ...key, ...subject, "-days", "2", "-out", `${name}.crt`];
      execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
    }
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  async function tlsOrigin(): Promise<string> {
    const options = {
      key: read("server.key"),
      cert: read("server.crt"),
      ca: read("client.crt"),
      requestCert: true,
    };
    const server = createTlsServer({ ...options, rejectUnauthorized: true }, (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response.end(JSON.stringify(subject.CN));
    });
    onTestFinished(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    });
    return `https://localhost:${await portOf(server, "localhost")}`;
  }

  async function agent(options: { key?: Buffer; cert?: Buffer }): Promise<HttpOptions> {
    const dispatcher = new Agent({ connect: { ca: read("server.crt"), ...options } });
    onTestFinished(() => dispatcher.destroy());
    return { fetchOptions: { dispatcher } };
  }

  test("is presented by the dispatcher of fetchOptions", async () => {
    const options = await agent({ key: read("client.key"), cert: read("client.crt") });
    expect((await get(await tlsOrigin(), options)).body).toBe("client");
  });

  test("that is missing ends the connection", async () => {
    await expect(get(await tlsOrigin(), await agent({}))).rejects.toMatchObject({ reason: "connection" });
  });

  test("of a server that nobody trusts means that nothing was sent", async () => {
    const base = new BaseURL(await tlsOrigin());
    const sending = new Http(base, { retry: false }).send({
      method: "POST",
      url: base.resolve("/Users"),
      body: {},
    });
    await expect(sending).rejects.toMatchObject({ reason: "connection", unknownOutcome: false });
  });
});
