#!/usr/bin/env node
import { codegen } from "./codegen.ts";

const USAGE = `scimkit codegen <base URL or folder>   typed models from a server's schemas

scimkit codegen --help says more.
`;

const [command, ...rest] = process.argv.slice(2);
if (command === "codegen") {
  process.exitCode = await codegen(rest, process.env);
} else {
  const asked = command === "--help" || command === "-h";
  (asked ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = asked ? 0 : 2;
}
