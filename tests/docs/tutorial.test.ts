// docs/tutorial.md as a user follows it: its files are written, its commands are run, and what it promises is there. Only addresses
// are others, as a broker of the test and free ports take the place of the usual ones.
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Folder, type Running } from "../cli/command.ts";
import { freeAddress } from "../e2e/exporter.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { type PrometheusServer, startPrometheusAt } from "../servers/prometheus.ts";
import { until } from "../until.ts";
import { type Block, blocksOf, inCheckout, textOf } from "./markdown.ts";

const blocks = blocksOf(textOf("docs/tutorial.md"));
const recordsAMinute = 40;
const minutes = 10;

/** The text of the only block of a language. */
function only(language: string): string {
  const found = blocks.filter((block) => block.language === language);
  expect(found.length).toBe(1);
  return (found[0] as Block).text;
}

const commands = blocks.filter(({ language }) => language === "sh").flatMap(({ text }) => text.trim().split("\n"));
const folder = new Folder();
let kafka: KafkaServer;
let prometheus: PrometheusServer | undefined;
let exporter: Running;
let listen = "";

beforeAll(async () => {
  [kafka, listen] = [await startKafka(), await freeAddress()];
  await kafka.createTopic("scoring", 1);
  const record = JSON.parse(only("json")) as { at: number; input: { amount: number } };
  const now = Date.now();
  const values = Array.from({ length: minutes * recordsAMinute }, (_, index) => {
    const at = now - minutes * 60_000 + (index * 60_000) / recordsAMinute;
    return JSON.stringify({ ...record, request_id: `r-${index}`, at, input: { ...record.input, amount: index } });
  });
  await kafka.produce("scoring", 0, values);
});
afterAll(async () => {
  await prometheus?.stop();
  await folder.close();
  await kafka?.close();
});

const address = (): string => `http://${listen}`;
const answerOf = async (command: string): Promise<string> => {
  const url = command.replace(/^curl http:\/\/127\.0\.0\.1:9877/, address());
  return (await fetch(url)).text();
};

/** What a line of the page is about to show, by the line. Cloning and installing was done by whoever runs this. */
const steps = new Map<string, () => Promise<void>>([
  ["git clone https://github.com/prediction-exporter/prediction-exporter", async () => undefined],
  ["cd prediction-exporter", async () => undefined],
  ["npm ci", async () => undefined],
  [
    "bin/prediction-exporter check --config exporter.yml",
    async () => {
      const config = only("yaml").replace("localhost:9092", kafka.broker).replace("127.0.0.1:9877", listen);
      folder.write("exporter.yml", config);
      const { code, output, errors } = await folder.run("check", "--config", "exporter.yml");
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      expect(output).toContain("scoring");
    },
  ],
  [
    "bin/prediction-exporter run --config exporter.yml",
    async () => {
      exporter = folder.start("run", "--config", "exporter.yml");
      await until(async () => (await fetch(`${address()}/-/healthy`)).ok, {
        deadlineMillis: 60_000,
        what: "the exporter answers",
      });
    },
  ],
  [
    "curl http://127.0.0.1:9877/-/ready",
    async () => {
      const isReady = async (): Promise<boolean> => (await answerOf("curl http://127.0.0.1:9877/-/ready")).startsWith("ready");
      await until(isReady, { deadlineMillis: 60_000, what: `it is ready: ${exporter.errors}` });
    },
  ],
  [
    "curl http://127.0.0.1:9877/metrics",
    async () => {
      const page = await answerOf("curl http://127.0.0.1:9877/metrics");
      expect(page).toMatch(/^ml_predictions_total\{model="checkout-risk",version="2026-11",shard="\w+"\} \d+$/m);
      expect(page).toMatch(/^ml_window_samples\{model="checkout-risk",version="2026-11",.*feature="amount",window="1h"\} [1-9]/m);
      expect(page).not.toMatch(/^ml_exporter_events_rejected_total\{.*\} [1-9]/m);
      expect(await (await fetch(`${address()}/`)).text()).toContain("checkout-risk");
    },
  ],
  [
    "prometheus --config.file=prometheus/prometheus.yml",
    async () => {
      cpSync(inCheckout("prometheus"), folder.place("prometheus"), { recursive: true });
      const targets = folder.place(join("prometheus", "targets", "prediction-exporter.yml"));
      writeFileSync(targets, JSON.stringify([{ targets: [listen] }]));
      prometheus = await startPrometheusAt(folder.place("prometheus/prometheus.yml"));
    },
  ],
]);

test("every command of the page is one that this test runs", () => {
  expect(commands).toEqual([...steps.keys()]);
});

test.each(commands)("%s", (command) => (steps.get(command) as () => Promise<void>)());

test("Prometheus has the model, and an answer to what the page asks", async () => {
  const counted = 'ml_predictions_total{model="checkout-risk",version="2026-11"}';
  const isThere = async (): Promise<boolean> => (await prometheus?.query(counted))?.[0]?.value === minutes * recordsAMinute;
  await until(isThere, { deadlineMillis: 90_000, what: counted });
  const asked = only("promql").trim();
  // A rate needs two scrapes.
  const isAnswered = async (): Promise<boolean> => (await prometheus?.query(asked))?.length === 1;
  await until(isAnswered, { deadlineMillis: 90_000, what: asked });
  expect((await prometheus?.query(asked))?.[0]?.metric).toEqual({ model: "checkout-risk", version: "2026-11" });
});
