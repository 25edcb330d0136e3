// The command `demo` as a process, as `npm run demo` starts it: what it shows, what it says, and how it ends.
// That it ends by itself after the minutes that it is given: tests/project/package.test.ts.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { processorSeconds } from "../../bench/process-usage.ts";
import { freeAddress } from "../e2e/exporter.ts";
import { readMarkup } from "../expose/markup.ts";
import { parsePage } from "../expose/strict-parser.ts";
import { lintMetrics } from "../servers/prometheus.ts";
import { until } from "../until.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const models = ["fraud", "recommendation", "forecast"];
/** What the demo has promised to whoever starts it. */
// A minute where nothing else runs (it takes 52 s of one processor); its caches are shared with what runs beside it.
const readySeconds = 100;
/** A machine that many others use too may take many times as long. */
const deadlineMillis = 600_000;
const longestEndMillis = 10_000;

const running = new Set<ChildProcess>();
const folders: string[] = [];
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

class Demo {
  readonly child: ChildProcess;
  readonly ended: Promise<number | string>;
  output = "";
  errors = "";
  readonly #temporary = mkdtempSync(join(tmpdir(), "demo-test-"));

  constructor(...args: readonly string[]) {
    folders.push(this.#temporary);
    const path = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
    this.child = spawn(join(root, "bin", "prediction-exporter"), ["demo", ...args], {
      cwd: this.#temporary,
      env: { ...process.env, PATH: path, TMPDIR: this.#temporary },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(this.child);
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        running.delete(this.child);
        resolve(code ?? signal ?? "");
      });
    });
  }

  /** What it keeps on disk. */
  get kept(): string[] {
    return readdirSync(this.#temporary).filter((name) => name.startsWith("prediction-exporter-demo-"));
  }
}

async function textOf(url: string, accept = "text/html"): Promise<string> {
  const response = await fetch(url, { headers: { accept } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

/** Models on a page of metrics whose predictions are counted. */
function counted(metrics: string, format: "text" | "openmetrics"): Set<string | undefined> {
  const name = format === "text" ? "ml_predictions_total" : "ml_predictions";
  const family = parsePage(metrics, format).find((one) => one.name === name);
  return new Set(family?.samples.filter(({ value }) => value > 0).map(({ labels }) => labels.get("model")));
}

/** How long a demo has taken so far: the processor's time where that is known, as a machine may be busy with other things. */
function secondsOf({ child }: Demo, startedMillis: number): number {
  const known = process.platform === "linux" && child.pid !== undefined;
  return known ? processorSeconds(child.pid) : (performance.now() - startedMillis) / 1000;
}

test("within a minute three models are on the page and in both formats; one Ctrl-C ends it and leaves nothing", async () => {
  const listen = await freeAddress();
  const url = `http://${listen}`;
  const demo = new Demo("--listen", listen);
  const startedMillis = performance.now();
  const isReady = () => demo.output.includes("Open");
  const isOverdue = () => secondsOf(demo, startedMillis) > readySeconds;
  await until(() => isReady() || isOverdue(), { deadlineMillis, what: "the demo says what to open" });
  expect(isReady(), demo.errors).toBe(true);

  const said = demo.output.split("\n").map((line) => line.trim());
  expect(said).toContain("Three models, simulated: fraud, recommendation, forecast. Open");
  expect(said.filter((line) => line.startsWith(url)).map((line) => line.split(" ")[0])).toEqual([`${url}/`, `${url}/metrics`]);

  const overview = readMarkup(await textOf(`${url}/`));
  const links = overview.attributes.filter(([name]) => name === "href").map(([, value]) => value);
  expect(links).toEqual(expect.arrayContaining(models.map((model) => `/models/${model}`)));
  for (const model of models) expect(readMarkup(await textOf(`${url}/models/${model}`)).text).toContain(`Model ${model}`);

  const text = await textOf(`${url}/metrics`, "text/plain");
  const openmetrics = await textOf(`${url}/metrics`, "application/openmetrics-text; version=1.0.0");
  expect(counted(text, "text")).toEqual(new Set(models));
  expect(counted(openmetrics, "openmetrics")).toEqual(new Set(models));
  expect(await lintMetrics(text)).toBe("");
  expect(demo.kept).toHaveLength(1);

  const endingMillis = performance.now();
  demo.child.kill("SIGINT");
  expect(await demo.ended).toBe(0);
  expect(performance.now() - endingMillis).toBeLessThan(longestEndMillis);
  expect(demo.kept).toEqual([]);
}, 660_000);

test("one Ctrl-C ends it while it folds the past, too", async () => {
  const listen = await freeAddress();
  const demo = new Demo("--listen", listen);
  const answers = async () => (await fetch(`http://${listen}/-/healthy`)).ok;
  await until(answers, { deadlineMillis, what: "the demo answers" });
  const endingMillis = performance.now();
  demo.child.kill("SIGINT");
  expect(await demo.ended, demo.errors).toBe(0);
  expect(performance.now() - endingMillis).toBeLessThan(longestEndMillis);
  expect([demo.output, demo.kept]).toEqual(["", []]);
});

describe("that it cannot listen is said, and nothing is left", () => {
  test("where the port is taken", async () => {
    const listen = await freeAddress();
    const server = await taken(Number(listen.split(":")[1]));
    const demo = new Demo("--listen", listen);
    const code = await demo.ended.finally(() => server.close());
    expect(demo.errors).toContain(`prediction-exporter: cannot listen on ${listen}: the port is in use\n`);
    expect([code, demo.output, demo.kept]).toEqual([1, "", []]);
  });

  test.each(["nowhere", "127.0.0.1:99999", "127.0.0.1"])("where --listen is %s", async (listen) => {
    const demo = new Demo("--listen", listen);
    const code = await demo.ended;
    expect(demo.errors).toMatch(new RegExp(`^--listen ${listen}: .+\n$`));
    expect([code, demo.output, demo.kept]).toEqual([2, "", []]);
  });
});

function taken(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
