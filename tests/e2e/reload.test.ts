// A running exporter is given another configuration: all of it takes effect at the next minute, or nothing does and it
// says why, on the page, in the series and to whoever asked.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { until } from "../until.ts";
import { awaitReady, awaitSample, ExporterHome, type ExporterProcess, freeAddress, samples } from "./exporter.ts";

const minute = 60_000;
const hour = 60 * minute;
const bad = new URL("../config/bad/", import.meta.url);
const badFiles = readdirSync(bad).filter((name) => name.endsWith(".yml"));
const perMinute = 12;
const begin = Math.floor(Date.now() / hour) * hour - 2 * hour;
const numberAt = (index: number): number => (index * 7) % 97;

let kafka: KafkaServer;
let exporter: ExporterProcess;
let listen: string;
const home = new ExporterHome();

interface Choice {
  /** Of the model that the reloads change. */
  readonly edges?: string;
  readonly idle?: string;
  readonly every?: string;
  readonly zeroFor?: string;
}

function config({ edges = "10, 50", idle = "10m", every = "30s", zeroFor = "0s" }: Choice = {}): string {
  return `source: {kafka: {brokers: ["${kafka.broker}"], group: reload, topics: {reload: {}}, start: earliest}, idle: ${idle}}
state: {directory: ./state, every: ${every}}
web: {listen: "${listen}", zero_for: ${zeroFor}}
defaults: {windows: [1h], stale: 1d}
models:
  changed: {features: {x: {edges: [${edges}], observations: true}}}
  kept: {features: {x: {edges: [10, 50], observations: true}}}
`;
}

/** Produces the predictions of some minutes, the same of both models. */
async function produce(fromMinute: number, toMinute: number): Promise<void> {
  const records = [];
  for (let index = fromMinute * perMinute; index < toMinute * perMinute; index++) {
    const time = begin + (index * minute) / perMinute;
    for (const model of ["changed", "kept"]) {
      const event = { type: "prediction", model, time, features: { x: numberAt(index) }, latency_ms: index % 50 };
      records.push({ value: JSON.stringify(event), timestamp: String(time) });
    }
  }
  await kafka.produce("reload", 0, records);
}

/** Counts by bin, with the upper edge of each, of the values of some minutes. */
function expectedBins(edges: readonly number[], fromMinute: number, toMinute: number): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries([...edges.map(String), "+Inf"].map((bin) => [bin, 0]));
  for (let index = fromMinute * perMinute; index < toMinute * perMinute; index++) {
    const edge = edges.find((one) => numberAt(index) <= one);
    const bin = edge === undefined ? "+Inf" : String(edge);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

async function binsOf(model: string): Promise<Record<string, number>> {
  const found = [...(await samples(exporter))].flatMap(([key, value]) => {
    const bin = /^ml_window_observations\{bin="([^"]*)",feature="x",/.exec(key)?.[1];
    return bin !== undefined && key.includes(`model="${model}"`) ? [[bin, value] as const] : [];
  });
  return Object.fromEntries(found);
}

const predictions = (model: string): string => `ml_predictions_total{model="${model}",version="unversioned"}`;
const isCounter = (key: string): boolean => /^ml_\w+_(total|count|sum|bucket)(\{|$)/.test(key);

let before = new Map<string, number>();
/** No counter of a model may be lower than it was when this was last asked, or gone. */
async function expectNoneLower(): Promise<void> {
  const now = await samples(exporter);
  const lower = [...before].filter(([key, value]) => isCounter(key) && !((now.get(key) ?? -1) >= value));
  expect(lower).toEqual([]);
  before = now;
}

function writeConfig(text: string): void {
  writeFileSync(join(home.directory, "exporter.yml"), text);
}

async function post(): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${exporter.url}/-/reload`, { method: "POST" });
  return { status: response.status, text: await response.text() };
}

const refused = { status: 500, text: "reload failed, the configuration before it stays: see the log\n" };
const reloaded = { status: 200, text: "reloaded\n" };
/** Waits until the page, which is kept for a moment, says whether the last reload succeeded. */
const awaitSuccessful = (expected: 0 | 1): Promise<void> =>
  awaitSample(exporter, "ml_exporter_config_last_reload_successful", expected, 10_000);

/** Why the last reload failed, as programs are told. */
async function failure(): Promise<string | null> {
  const status = (await (await fetch(`${exporter.url}/api/v1/status`)).json()) as {
    readonly configuration: { readonly error: string | null };
  };
  return status.configuration.error;
}

/** The text of the status page. */
async function pageText(): Promise<string> {
  const html = await (await fetch(`${exporter.url}/`)).text();
  const named: Record<string, string> = { lt: "<", gt: ">", amp: "&" };
  const unescaped = (_: string, entity: string): string => named[entity] ?? String.fromCharCode(Number(entity.slice(1)));
  return html.replaceAll(/<[^>]*>/g, "").replaceAll(/&(lt|gt|amp|#\d+);/g, unescaped);
}

beforeAll(async () => {
  kafka = await startKafka();
  await kafka.createTopic("reload", 1);
  await produce(0, 10);
  listen = await freeAddress();
  exporter = await home.start(config(), listen);
  await awaitReady(exporter);
  await awaitSample(exporter, predictions("kept"), 10 * perMinute);
  before = await samples(exporter);
});
afterAll(async () => {
  home.close();
  await kafka.close();
});

describe("another configuration", () => {
  test("takes effect with the first minute that nothing was seen of; models that it leaves alone keep their windows", async () => {
    // The last two minutes are open still: an event of them may come.
    const old = expectedBins([10, 50], 0, 8);
    expect([await binsOf("changed"), await binsOf("kept")]).toEqual([old, old]);
    writeConfig(config({ edges: "20, 70" }));
    expect(await post()).toEqual(reloaded);
    await expectNoneLower();
    expect([await binsOf("changed"), await binsOf("kept")]).toEqual([old, old]);
    expect(await pageText()).toContain(new Date(begin + 10 * minute).toISOString().slice(11, 16));
    await produce(10, 20);
    await awaitSample(exporter, predictions("kept"), 20 * perMinute);
    await until(async () => (await binsOf("kept"))["+Inf"] === expectedBins([10, 50], 0, 18)["+Inf"], {
      deadlineMillis: 20_000,
      what: "minutes were closed",
    });
    expect(await binsOf("kept")).toEqual(expectedBins([10, 50], 0, 18));
    expect(await binsOf("changed")).toEqual(expectedBins([20, 70], 10, 18));
    await expectNoneLower();
    expect((await samples(exporter)).get(predictions("changed"))).toBe(20 * perMinute);
  });

  test("is loaded at SIGHUP too", async () => {
    writeConfig(config({ edges: "5" }));
    process.kill(exporter.pid, "SIGHUP");
    await until(() => exporter.log().split("configuration reloaded").length === 3, {
      deadlineMillis: 10_000,
      what: "it says so",
    });
    await produce(20, 30);
    await until(async () => (await binsOf("kept"))["+Inf"] === expectedBins([10, 50], 0, 28)["+Inf"], {
      deadlineMillis: 20_000,
      what: "minutes were closed",
    });
    expect(await binsOf("changed")).toEqual(expectedBins([5], 20, 28));
    expect(await binsOf("kept")).toEqual(expectedBins([10, 50], 0, 28));
    await expectNoneLower();
    await awaitSuccessful(1);
    expect(await failure()).toBe(null);
  });

  test("is asked for by POST or PUT only", async () => {
    for (const method of ["GET", "HEAD", "DELETE"]) {
      const { status, headers } = await fetch(`${exporter.url}/-/reload`, { method });
      expect({ method, status, allow: headers.get("allow") }).toEqual({ method, status: 405, allow: "POST, PUT" });
    }
  });
});

describe("a configuration that cannot be loaded", () => {
  const unchanged = async (): Promise<void> => {
    expect([await binsOf("changed"), await binsOf("kept")]).toEqual([expectedBins([5], 20, 28), expectedBins([10, 50], 0, 28)]);
    await expectNoneLower();
  };

  test.each(badFiles)("%s", async (name) => {
    writeConfig(readFileSync(new URL(name, bad), "utf8"));
    expect(await post()).toEqual(refused);
    await awaitSuccessful(0);
    // Which formats there are is said, and is other here than where the messages are compared.
    const said = readFileSync(new URL(name.replace(".yml", ".txt"), bad), "utf8")
      .trimEnd()
      .replaceAll(name, "exporter.yml");
    const comparable = (text: string): string => text.replaceAll(/(native)[\w, ]*/g, "$1");
    const reason = (await failure()) as string;
    expect(comparable(reason)).toBe(comparable(said));
    const page = await pageText();
    expect(page).toContain("the one loaded");
    expect(page).toContain((reason.split("\n")[0] as string).slice(0, 70));
    await unchanged();
  });

  test("is said at SIGHUP too, and nothing ends", async () => {
    writeConfig(config({ edges: "5" }));
    expect(await post()).toEqual(reloaded);
    await awaitSuccessful(1);
    writeConfig("models: [");
    process.kill(exporter.pid, "SIGHUP");
    await awaitSuccessful(0);
    expect(exporter.log()).toMatch(/exporter\.yml:1.*reload failed: the configuration before it stays/);
    await unchanged();
  });

  test.each([
    ["source", { idle: "2m" }],
    ["state", { every: "1m" }],
    ["web", { zeroFor: "7s" }],
    ["source, state, web", { idle: "2m", every: "1m", zeroFor: "7s" }],
  ])("changes %s, which needs a restart", async (parts, choice) => {
    // What else it changes is not taken over either.
    writeConfig(config({ ...choice, edges: "33" }));
    expect(await post()).toEqual(refused);
    const reason = `${parts}: cannot be changed by a reload, only by a restart`;
    await awaitSuccessful(0);
    expect(await failure()).toBe(reason);
    expect(await pageText()).toContain(reason);
    await unchanged();
  });

  test("is forgotten when a good one is loaded", async () => {
    writeConfig(config({ edges: "5" }));
    expect(await post()).toEqual(reloaded);
    await awaitSuccessful(1);
    expect(await failure()).toBe(null);
    const page = await pageText();
    expect(page).toContain("no failure");
    expect(page).not.toContain("the one loaded");
    await unchanged();
    await produce(30, 40);
    await until(async () => (await binsOf("kept"))["+Inf"] === expectedBins([10, 50], 0, 38)["+Inf"], {
      deadlineMillis: 20_000,
      what: "minutes were closed",
    });
    // The one in effect is the one of before the failures: its windows go on.
    expect(await binsOf("changed")).toEqual(expectedBins([5], 20, 38));
    await expectNoneLower();
    expect(await exporter.end("SIGTERM")).toBe(0);
  });
});
