// The jars of Apache Kafka, from Maven Central, kept between runs and checked against the committed list.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDirectory, cachedDirectory, runTool } from "./cache.ts";

const kafkaVersion = "4.4.0";
const recipe = fileURLToPath(new URL("../../tools/kafka/", import.meta.url));
const place = (): string => join(cacheDirectory(), `kafka-${kafkaVersion}`);

export function areKafkaJarsThere(): boolean {
  return existsSync(place());
}

/** Fetches the jars unless they are there. @returns the folder that holds them */
export function kafkaJars(): Promise<string> {
  return cachedDirectory(place(), fetchJars);
}

async function fetchJars(directory: string): Promise<void> {
  process.stderr.write(`fetching Kafka ${kafkaVersion} with Maven (kept in ${cacheDirectory()})\n`);
  await runTool("java", ["-version"], "Java 17 or newer");
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  const args = ["-q", "-B", "-f", join(recipe, "pom.xml"), goal, `-DoutputDirectory=${directory}`];
  await runTool("mvn", args, "Maven 3.8 or newer");
  checkSums(directory);
  process.stderr.write(`fetched Kafka ${kafkaVersion}\n`);
}

/** The jars have to be the ones of the committed list, no more and no fewer. */
function checkSums(directory: string): void {
  const file = join(recipe, "checksums.txt");
  const sums = readdirSync(directory)
    .sort()
    .map(
      (jar) =>
        `${createHash("sha256")
          .update(readFileSync(join(directory, jar)))
          .digest("hex")}  ${jar}\n`,
    )
    .join("");
  if (process.env.WRITE_CHECKSUMS === "1") writeFileSync(file, sums);
  if (readFileSync(file, "utf8") !== sums) throw new Error(`the jars in ${directory} are not those of ${file}`);
}
