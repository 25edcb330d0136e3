// Every command in the documents does what it is there for: those of the exporter, promtool and amtool are run as they are written, but
// for addresses; of those that take long, or that other tests run, it is said who does. Benchmarks are there, and are not run here.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partitionCounts } from "../../src/source/simulator.ts";
import { type Ended, Folder } from "../cli/command.ts";
import { freeAddress } from "../e2e/exporter.ts";
import { type AlertmanagerServer, startAlertmanager } from "../servers/alertmanager.ts";
import { alertmanagerBinaries } from "../servers/alertmanager-binaries.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { type PrometheusServer, startPrometheus } from "../servers/prometheus.ts";
import { prometheusBinaries } from "../servers/prometheus-binaries.ts";
import { until } from "../until.ts";
import { blocksOf, commandsOf, documents, inCheckout, textOf } from "./markdown.ts";

const { amtool } = await alertmanagerBinaries();
const { promtool } = await prometheusBinaries();

const commands = [...new Set(documents().flatMap((path) => commandsOf(textOf(path))))];
const ofExporter = /^(?:bin\/)?prediction-exporter /;
const scripts = (JSON.parse(textOf("package.json")) as { scripts: Record<string, string> }).scripts;

/** Not run: tests have no container engine. What they do in its place: docs/stack.md, `tests/deploy`. */
const needsEngine = /^docker /;

/** Who runs what is not run here. */
const elsewhere: Readonly<Record<string, string>> = {
  "npm test": "vitest.config.ts",
  "npm ci": "tests/project/package.test.ts",
  "npm run demo": "tests/demo/demo.test.ts",
  "git clone https://github.com/prediction-exporter/prediction-exporter": "tests/docs/tutorial.test.ts",
  "cd prediction-exporter": "tests/docs/tutorial.test.ts",
  "curl http://127.0.0.1:9877/-/ready": "tests/docs/tutorial.test.ts",
  "curl http://127.0.0.1:9877/metrics": "tests/docs/tutorial.test.ts",
  "curl -s HOST:9877/-/healthy": "tests/docs/tutorial.test.ts",
  "prometheus --config.file=prometheus/prometheus.yml": "tests/docs/tutorial.test.ts",
  "promtool test rules": "tests/prometheus/rules.test.ts",
  "promtool tsdb create-blocks-from openmetrics": "tests/bench/quiet-weeks.test.ts",
  "promtool tsdb create-blocks-from rules": "tests/grafana/targets.test.ts",
  "promtool test rules tests/prometheus/rules/*.test.yml": "tests/prometheus/rules.test.ts",
  "pint --offline --config prometheus/pint.hcl lint --min-severity info --fail-on info prometheus/rules":
    "tests/prometheus/pint.test.ts",
  "npx vitest run tests/prometheus/config.test.ts": "tests/prometheus/config.test.ts",
  "amtool config routes test": "tests/alertmanager/routes.test.ts",
  'export PREDICTION_EXPORTER_TIME_LAPSE="60 from 2026-01-05T08:00:00Z at 2026-11-23T10:15:00Z"': "tests/cli/clock.test.ts",
};

/** Run from the checkout; shown without what they are about, they are run on what is shipped. */
const onTheBundle: Readonly<Record<string, string>> = {
  "promtool check config": "promtool check config prometheus/prometheus.yml",
  "promtool check config --lint=all --lint-fatal prometheus/prometheus.yml":
    "promtool check config --lint=all --lint-fatal prometheus/prometheus.yml",
  "promtool check rules": "promtool check rules prometheus/rules/*.yml",
  "promtool check rules --lint=all --lint-fatal prometheus/rules/*.yml":
    "promtool check rules --lint=all --lint-fatal prometheus/rules/*.yml",
  "amtool check-config": "amtool check-config alertmanager/alertmanager.yml",
  "amtool check-config /etc/alertmanager/alertmanager.yml": "amtool check-config alertmanager/alertmanager.yml",
};

/** Of the exporter, in the order in which one makes what the next needs; others of it are named without what they take. */
const inOrder = [
  "prediction-exporter check --config FILE",
  "prediction-exporter check --config exporter.yml",
  "bin/prediction-exporter check --config exporter.yml",
  "bin/prediction-exporter run --config exporter.yml",
  "prediction-exporter run --config exporter.yml",
  "bin/prediction-exporter reference build --config exporter.yml --model fraud --input train.parquet --output fraud.json",
  "bin/prediction-exporter reference build --config exporter.yml --model fraud --from-kafka 28d --output fraud.json",
  "bin/prediction-exporter reference show fraud.json",
  "prediction-exporter reference build --config exporter.yml --model fraud --from-kafka 28d --output references/fraud.json",
  "prediction-exporter reference show references/fraud.json",
  "prediction-exporter reference advise references/fraud.json",
  "prediction-exporter reference advise --config exporter.yml --model fraud --prometheus http://localhost:9090",
  'prediction-exporter reference accept --config exporter.yml --model fraud --window 7d --reason "new shop in FR"',
  'prediction-exporter reference accept --config exporter.yml --model fraud --window 28d --reason "yearly review"',
  "prediction-exporter simulate --to kafka --config exporter.yml --history 3h --incidents incidents.yml --follow",
];
const silences = commands.filter((command) => /^amtool .*silence add /.test(command));

test("every command is run here, or by a test that is there", () => {
  const known = new Set([...Object.keys(elsewhere), ...Object.keys(onTheBundle), ...inOrder, ...silences]);
  const isKnown = (command: string): boolean =>
    known.has(command) || ofExporter.test(command) || command.startsWith("npm run ") || needsEngine.test(command);
  expect(commands.filter((command) => !isKnown(command))).toEqual([]);
  expect([...known].filter((command) => !commands.includes(command))).toEqual([]);
  for (const path of Object.values(elsewhere)) expect(existsSync(inCheckout(path))).toBe(true);
});

test.each(commands.filter((command) => command.startsWith("npm run ")))(
  "%s is a script, and what it runs is there",
  (command) => {
    const script = scripts[command.split(" ")[2] as string];
    expect(script).toBeDefined();
    const path = /(?:^| )((?:bench|scripts|bin)\/[\w./-]+)/.exec(script as string)?.[1];
    if (path !== undefined) expect(existsSync(inCheckout(path))).toBe(true);
  },
);

test.each(Object.entries(onTheBundle))("%s", (_shown, command) => {
  const { status, stdout, stderr } = shell(command, inCheckout("."));
  expect({ status, stderr, output: status === 0 ? "" : stdout }).toEqual({ status: 0, stderr: "", output: "" });
});

function shell(command: string, cwd: string): { status: number | null; stdout: string; stderr: string } {
  const text = command.replace(/^promtool /, `'${promtool}' `).replace(/^amtool /, `'${amtool}' `);
  return spawnSync("sh", ["-c", text], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, HOME: "/nonexistent", RUNBOOKS_URL: "https://r.test", BOARDS_URL: "https://b.test" },
  });
}

describe("the exporter's", () => {
  const folder = new Folder();
  let kafka: KafkaServer;
  let prometheus: PrometheusServer;
  let listen = "";

  beforeAll(async () => {
    [kafka, prometheus, listen] = [await startKafka(), await startPrometheus({}), await freeAddress()];
    for (const [topic, partitions] of Object.entries(partitionCounts)) await kafka.createTopic(topic, partitions);
    await kafka.produce("predictions", 0, predictions());
    folder.write("exporter.yml", configWith("{}"));
    folder.write("train.parquet", trainingRows());
    const incidents = blocksOf(textOf("docs/rehearsal.md")).find(({ language }) => language === "yaml");
    folder.write("incidents.yml", incidents?.text ?? "");
    mkdirSync(folder.place("references"));
    mkdirSync(folder.place("bin"));
    symlinkSync(inCheckout("bin/prediction-exporter"), folder.place("bin/prediction-exporter"));
  });

  function configWith(fraud: string): string {
    const source = `kafka: {brokers: ["${kafka.broker}"], topics: {predictions: {}}, start: earliest}, idle: 1s`;
    return (
      `source: {${source}}\ndefaults: {windows: [24h, 7d, 28d], learn: 24h}\nmodels: {fraud: ${fraud}}\n` +
      `state: {directory: ./state}\nweb: {listen: "${listen}"}\n`
    );
  }

  afterAll(async () => {
    await prometheus?.stop();
    await kafka?.close();
    await folder.close();
  });

  test.each(commands.filter((command) => ofExporter.test(command)))(
    "%s: there is such a command, with these options",
    async (command) => {
      const words = command.split(" ").slice(1);
      const options = words.filter((word) => word.startsWith("--"));
      const end = words.findIndex((word) => !/^[a-z]+$/.test(word));
      const { code, output } = await folder.run(...(end < 0 ? words : words.slice(0, end)), "--help");
      expect(code).toBe(0);
      expect(options.filter((option) => !output.includes(`${option} `))).toEqual([]);
    },
  );

  /** What is accepted takes the place of the file that the configuration names, with what a snapshot has of a model under it. */
  async function nameReference(): Promise<void> {
    rmSync(folder.place("state"), { recursive: true });
    folder.write("exporter.yml", configWith("{reference: references/fraud.json}"));
    await goesOn("bin/prediction-exporter run --config exporter.yml");
  }

  test.each(inOrder)("%s", async (command) => {
    if (command.includes("--prometheus")) await nameReference();
    if (/ run | --follow$/.test(command)) return goesOn(command);
    if (command.endsWith("--output fraud.json")) rmSync(folder.place("fraud.json"), { force: true });
    const { code, errors, output } = await ended(command);
    // `advise` says by its code whether the reference is to be built anew.
    const isAdvice = command.includes(" advise ");
    expect({ code: isAdvice && code === 1 ? 0 : code, errors: code === 0 || isAdvice ? "" : errors }).toEqual({
      code: 0,
      errors: "",
    });
    if (!/ --output | accept /.test(command)) expect(output).not.toBe("");
  });

  /** Runs what does not end by itself until it has done something, and ends it. */
  async function goesOn(command: string): Promise<void> {
    const child = spawn("sh", ["-c", `exec ${asWritten(command)}`], { cwd: folder.directory, stdio: "ignore" });
    const end = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    try {
      await until(() => (command.includes(" run ") ? isReady() : hasWritten()), { deadlineMillis: 120_000, what: command });
    } finally {
      child.kill("SIGTERM");
    }
    const code = await end;
    if (command.includes(" run ")) expect(code).toBe(0);
  }

  /** It has read all that there is, and windows are closed. */
  const isReady = async (): Promise<boolean> =>
    (await fetch(`http://${listen}/-/ready`)).ok &&
    /^ml_window_samples\{model="fraud"/m.test(await (await fetch(`http://${listen}/metrics`)).text());
  const hasWritten = async (): Promise<boolean> =>
    (await kafka.admin.fetchTopicOffsets("runs")).some(({ high }) => Number(high) > 0);

  function asWritten(command: string): string {
    return command
      .replace(/^prediction-exporter /, "bin/prediction-exporter ")
      .replace("http://localhost:9090", prometheus.url)
      .replace(" FILE", " exporter.yml");
  }

  function ended(command: string): Promise<Ended> {
    return new Promise((resolve) => {
      const child = spawn("sh", ["-c", asWritten(command)], { cwd: folder.directory });
      let [output, errors] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        errors += text;
      });
      child.once("close", (code, signal) => resolve({ code: code ?? signal ?? "", output, errors }));
    });
  }
});

describe("amtool's", () => {
  let alertmanager: AlertmanagerServer;
  beforeAll(async () => {
    alertmanager = await startAlertmanager("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
  });
  afterAll(() => alertmanager?.stop());

  test.each(silences)("%s", (command) => {
    const at = `--alertmanager.url=${alertmanager.url}`;
    const asked = command.includes("--alertmanager.url")
      ? command.replace(/--alertmanager\.url=\S+/, at)
      : command.replace("amtool ", `amtool ${at} `);
    const { status, stdout, stderr } = shell(`${asked} --author=test`, inCheckout("."));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^[0-9a-f-]{36}\n$/);
  });
});

const hour = 3_600_000;

/** Three days of a model, up to now. */
function predictions(): string[] {
  const now = Date.now();
  return Array.from({ length: 3000 }, (_, index) =>
    JSON.stringify({
      type: "prediction",
      model: "fraud",
      version: "3",
      id: `p-${index}`,
      time: Math.floor(now - 72 * hour + (index * 72 * hour) / 3000),
      features: { amount: (index * 37) % 200, country: ["DE", "FR", "US"][index % 3] },
      score: ((index * 17) % 100) / 100,
      prediction: index % 5 === 0 ? 1 : 0,
    }),
  );
}

function trainingRows(): Uint8Array {
  const rows = predictions().map((line) => JSON.parse(line) as { time: number; features: { amount: number }; score: number });
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "time", type: "STRING", data: rows.map(({ time }) => new Date(time).toISOString()) },
        { name: "amount", type: "DOUBLE", data: rows.map(({ features }) => features.amount) },
        { name: "score", type: "DOUBLE", data: rows.map(({ score }) => score) },
      ],
    }),
  );
}
