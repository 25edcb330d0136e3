// What a rehearsal is made of: the simulator and the exporter on a Kafka, and a Prometheus with all that is shipped, in which time runs
// as fast as for the others.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";
import { demoConfig } from "../../src/cli/demo-config.ts";
import { type Effect, partitionCounts, type StoryName } from "../../src/source/simulator.ts";
import { type Lapse, lapsedConfiguration, lapsedDuration, lapsedRules, type RuleFile } from "../prometheus/time-lapse.ts";
import type { KafkaServer } from "../servers/kafka.ts";
import { freePort } from "../servers/port.ts";
import { type PrometheusServer, startPrometheus } from "../servers/prometheus.ts";
import { allTargetsUp } from "./exporter.ts";

const launcher = fileURLToPath(new URL("../../bin/prediction-exporter", import.meta.url));
const shipped = fileURLToPath(new URL("../../prometheus/", import.meta.url));

/** What goes wrong, in minutes since the beginning. */
export interface RehearsedIncident {
  readonly story: StoryName;
  readonly effect: Effect;
  readonly after: number;
  readonly lasts: number;
}

export function settingOf({ pace, fromMillis, atMillis }: Lapse): string {
  return `${pace} from ${new Date(fromMillis).toISOString()} at ${new Date(atMillis).toISOString()}`;
}

/** The demo's configuration on Kafka. */
export function exporterConfig(kafka: KafkaServer, listen: string): string {
  return changed(demoConfig(listen, 1, "./state"), [
    [/^ {2}simulator: .*$/m, `  ${kafkaSource(kafka)}`],
    // Prometheus is to see each counter begin.
    ["zero_for: 0s", "zero_for: 2m"],
    // What takes real time has more of the rehearsal's: logs are waited for longer, and saved less often.
    [/^ {2}idle: .*$/m, "  idle: 3m"],
    ["state: {", "state: {every: 5m, "],
    // To have little to compute.
    ["    segments: [channel]\n", ""],
    ["threshold: [0.5, 0.8]", "threshold: 0.5"],
    // A third of the payments is reviewed, which is enough to judge by: chargebacks take days.
    [", absent: 0, confusion: true", ", mature: 0.3"],
  ]);
}

/** What a configuration says of where the streams are. */
function kafkaSource({ broker }: KafkaServer): string {
  const topics = Object.keys(partitionCounts).map((topic) => `${topic}: {}`);
  return `kafka: {brokers: ["${broker}"], topics: {${topics.join(", ")}}}`;
}

/** A text with some of its parts changed. @throws where one is not there */
export function changed(text: string, changes: readonly (readonly [part: string | RegExp, by: string])[]): string {
  return changes.reduce((before, [part, by]) => {
    const after = before.replace(part, by);
    if (after === before) throw new Error(`no ${part} in\n${before}`);
    return after;
  }, text);
}

/** Plays the streams until it is ended. */
export async function simulate(
  kafka: KafkaServer,
  history: string,
  incidents: readonly RehearsedIncident[],
  environment: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), "simulate-"));
  writeFileSync(join(directory, "simulate.yml"), `source: {${kafkaSource(kafka)}}\n`);
  const entries = incidents.map(({ after, lasts, ...rest }) => ({ ...rest, after: `${after}m`, lasts: `${lasts}m` }));
  writeFileSync(join(directory, "incidents.yml"), JSON.stringify(entries));
  const args = [
    "simulate",
    "--to",
    "kafka",
    "--config",
    "simulate.yml",
    "--incidents",
    "incidents.yml",
    "--history",
    history,
    "--follow",
  ];
  const env = { ...process.env, ...environment };
  const child = spawn(launcher, args, { cwd: directory, env, stdio: ["ignore", "inherit", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const abandon = (): void => void child.kill("SIGKILL");
  process.once("exit", abandon);
  return async () => {
    process.off("exit", abandon);
    endOf(child);
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
}

function endOf(child: ChildProcess): void {
  if (child.exitCode === null) child.kill("SIGKILL");
}

/** A Prometheus, and what lets it evaluate the rules. */
export interface RehearsedPrometheus {
  readonly prometheus: PrometheusServer;
  readonly evaluate: () => Promise<void>;
}

/** A Prometheus with the shipped configuration and rules, lapsed, that finds this exporter and this Alertmanager. */
export async function prometheusWith(
  lapse: Lapse,
  exporter: string,
  alertmanager: string,
  ends: (() => unknown)[],
): Promise<RehearsedPrometheus> {
  const directory = mkdtempSync(join(tmpdir(), "rehearsal-"));
  ends.push(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(join(shipped, "targets"), join(directory, "targets"), { recursive: true });
  const targets = (name: string, address: string): void =>
    writeFileSync(join(directory, "targets", `${name}.yml`), JSON.stringify([{ targets: [address] }]));
  targets("prediction-exporter", exporter);
  targets("alertmanager", new URL(alertmanager).host);
  const rules = readdirSync(join(shipped, "rules"));
  const own = `127.0.0.1:${await freePort()}`;
  const text = readFileSync(join(shipped, "prometheus.yml"), "utf8")
    .replaceAll("targets/", `${directory}/targets/`)
    .replace("localhost:9090", own);
  const config = lapsedConfiguration(load(text) as Parameters<typeof lapsedConfiguration>[0], lapse.pace);
  const args = [
    "--web.enable-lifecycle",
    `--web.listen-address=${own}`,
    `--query.lookback-delta=${lapsedDuration("5m", lapse.pace)}`,
    `--rules.alert.resend-delay=${lapsedDuration("1m", lapse.pace)}`,
  ];
  const prometheus = await startPrometheus(JSON.stringify({ ...config, rule_files: [`${directory}/*.json`] }), { args });
  ends.push(() => prometheus.stop());
  // It finds its targets some five real seconds after its start, which are minutes here.
  await allTargetsUp(prometheus);
  const evaluate = async (): Promise<void> => {
    for (const name of rules) {
      const file = load(readFileSync(join(shipped, "rules", name), "utf8")) as RuleFile;
      writeFileSync(join(directory, `${name}.json`), JSON.stringify(lapsedRules(file, lapse)));
    }
    const reloaded = await fetch(`${prometheus.url}/-/reload`, { method: "POST" });
    if (!reloaded.ok) throw new Error(await reloaded.text());
  };
  return { prometheus, evaluate };
}
