// The order in which files of tests run: the longest first, so that no worker is left with one of them at the end, and servers that
// are still being fetched or built are waited for last.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { longest } from "./longest-files.ts";
import { areAlertmanagerBinariesThere } from "./servers/alertmanager-binaries.ts";
import { isChromiumThere } from "./servers/chromium.ts";
import { areKafkaJarsThere } from "./servers/kafka-jars.ts";
import { arePrometheusBinariesThere } from "./servers/prometheus-binaries.ts";

const loadsServers = /(servers\/|"\.\/)(kafka|prometheus|alertmanager|shipped|chromium)\.ts"/;

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const byPlace = new Map(files.map((file) => [relative(file.project.config.root, file.moduleId), file]));
    const first = longest.flatMap((place) => byPlace.get(place) ?? []);
    const sorted = [...new Set([...first, ...others])];
    const areBuilt = arePrometheusBinariesThere() && areAlertmanagerBinariesThere();
    if (areBuilt && areKafkaJarsThere() && isChromiumThere()) return sorted;
    const waits = (file: TestSpecification): boolean => loadsServers.test(readFileSync(file.moduleId, "utf8"));
    return [...sorted.filter((file) => !waits(file)), ...sorted.filter(waits)];
  }
}
