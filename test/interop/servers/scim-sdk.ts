/**
 * SCIM-SDK, the Java service provider.
 *
 * @module
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Recipe } from "./peer.ts";

const [groupId, artifactId, version] = ["de.captaingoldfish", "scim-sdk-server", "1.30.0"];
const launcher = fileURLToPath(new URL("scim-sdk.java", import.meta.url));

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>scimkit</groupId>
  <artifactId>peer</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>${groupId}</groupId>
      <artifactId>${artifactId}</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>`;

/** What is gained by compiling less counts for more than what is gained by compiling better. Answers are not held back. */
const tuning = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dsun.net.httpserver.nodelay=true"];

/** A directory of Java archives. The launcher is compiled each time it starts, in about a second. */
export const scimSdk: Recipe = {
  name: "SCIM-SDK",
  requirements: [`${artifactId}==${version}`],
  async install(directory, run) {
    const [, major] = /^\w+ (\d+)/.exec(await run("java", "--version")) ?? [];
    if (Number(major) < 17) throw new Error("Java 17 is needed");
    const pom = join(directory, "pom.xml");
    await writeFile(pom, project);
    const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
    await run("mvn", "-q", "-B", "-f", pom, copy, "-DincludeScope=runtime", `-DoutputDirectory=${directory}`);
  },
  command: (directory) => ["java", ...tuning, "-cp", join(directory, "*"), launcher],
};
