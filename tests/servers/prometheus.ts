// A real Prometheus 3 and its promtool: named by the environment, from the PATH, or built by Go from tools/prometheus.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../until.ts";
import { cacheDirectory, runTool } from "./cache.ts";

const version = "3.16.0";
const module = fileURLToPath(new URL("../../tools/prometheus", import.meta.url));

export interface PrometheusBinaries {
  readonly prometheus: string;
  readonly promtool: string;
}

/** Finds or builds the programs; a build takes minutes the first time and is kept. */
export async function prometheusBinaries(): Promise<PrometheusBinaries> {
  const { PREDICTION_EXPORTER_PROMETHEUS, PREDICTION_EXPORTER_PROMTOOL } = process.env;
  if (PREDICTION_EXPORTER_PROMETHEUS && PREDICTION_EXPORTER_PROMTOOL) {
    return { prometheus: PREDICTION_EXPORTER_PROMETHEUS, promtool: PREDICTION_EXPORTER_PROMTOOL };
  }
  if (isVersion3("prometheus") && isVersion3("promtool")) return { prometheus: "prometheus", promtool: "promtool" };
  const directory = join(cacheDirectory(), `prometheus-${version}`);
  const binaries = { prometheus: join(directory, "prometheus"), promtool: join(directory, "promtool") };
  if (!existsSync(binaries.prometheus) || !existsSync(binaries.promtool)) build(directory);
  return binaries;
}

function isVersion3(program: string): boolean {
  const { stdout, stderr } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return /version (3|[4-9]|\d{2,})\./.test(`${stdout}${stderr}`);
}

/** Builds beside the place and renames, so that a build that was cut short is never used. go.sum checks what is fetched. */
function build(directory: string): void {
  process.stderr.write(`building Prometheus ${version} with Go (some minutes, kept in ${directory})\n`);
  mkdirSync(cacheDirectory(), { recursive: true });
  const temporary = mkdtempSync(`${directory}-`);
  const flags = `-s -w -X github.com/prometheus/common/version.Version=${version}`;
  const args = ["build", "-tags", "remove_all_sd,netgo", "-trimpath", "-ldflags", flags, "-o", `${temporary}/`, "tool"];
  runTool("go", args, "Go 1.26 or newer, or put Prometheus 3 on the PATH", module);
  rmSync(directory, { recursive: true, force: true });
  renameSync(temporary, directory);
}

export interface PrometheusServer {
  readonly url: string;
  /** The vector that an expression gives now, or at a time in seconds. */
  query(expression: string, time?: number): Promise<Sample[]>;
  /** The scrape targets with their health. */
  targets(): Promise<{ readonly health: string; readonly lastError: string; readonly labels: Record<string, string> }[]>;
  stop(): Promise<void>;
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** @param config prometheus.yml */
export async function startPrometheus(config: string): Promise<PrometheusServer> {
  const { prometheus } = await prometheusBinaries();
  const directory = mkdtempSync(join(tmpdir(), "prometheus-"));
  writeFileSync(join(directory, "prometheus.yml"), config);
  const args = [
    `--config.file=${join(directory, "prometheus.yml")}`,
    "--web.listen-address=127.0.0.1:0",
    `--storage.tsdb.path=${join(directory, "data")}`,
  ];
  const child = spawn(prometheus, args, { stdio: ["ignore", "ignore", "pipe"] });
  const kill = (): boolean => child.kill("SIGKILL");
  process.once("exit", kill);
  const url = await listening(child);
  await until(async () => (await fetch(`${url}/-/ready`)).ok, { deadlineMillis: 60_000 });
  return {
    url,
    query: (expression, time) => query(url, expression, time),
    targets: async () => ((await api(url, "targets")) as { activeTargets: [] }).activeTargets,
    stop: async () => {
      process.off("exit", kill);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The address that it bound, which its log names. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      const address = /msg="Listening on".*?address=(127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
    child.once("exit", (code) => reject(new Error(`prometheus ended with ${code}:\n${log}`)));
    child.once("error", reject);
  });
}

async function api(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/${path}`);
  const body = (await response.json()) as { status: string; data: unknown; error?: string };
  if (body.status !== "success") throw new Error(`${path}: ${body.error}`);
  return body.data;
}

async function query(url: string, expression: string, time?: number): Promise<Sample[]> {
  const parameters = new URLSearchParams({ query: expression, ...(time === undefined ? {} : { time: String(time) }) });
  const { result } = (await api(url, `query?${parameters}`)) as { result: { metric: Record<string, string>; value: [number, string] }[] };
  return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

/** What promtool's linter says of a page in text 0.0.4: empty when nothing. */
export async function lintMetrics(page: string): Promise<string> {
  const { promtool } = await prometheusBinaries();
  const result = spawnSync(promtool, ["check", "metrics"], { input: page, encoding: "utf8" });
  return result.status === 0 ? "" : `exit ${result.status}\n${result.stdout}${result.stderr}`;
}
