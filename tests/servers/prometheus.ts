// A real Prometheus 3 that tests start and ask, and what its promtool says.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../until.ts";
import { prometheusBinaries } from "./prometheus-binaries.ts";

// As this is loaded, where no time runs out: building may take many minutes.
const { prometheus, promtool } = await prometheusBinaries();

/** What a prometheus.yml says, as far as tests need it. JSON is YAML: it is written as such. */
export interface PrometheusSettings {
  /** Addresses (host:port) whose /metrics are scraped as the job "test". */
  readonly targets?: readonly string[];
  /** Further scrape configurations, in the words of prometheus.yml. */
  readonly scrapeConfigs?: readonly object[];
  readonly globalScrapeInterval?: string;
  /** Absolute paths. */
  readonly ruleFiles?: readonly string[];
  /** More command line, such as --web.enable-lifecycle. */
  readonly args?: readonly string[];
}

function configuration({ targets, scrapeConfigs, globalScrapeInterval, ruleFiles }: PrometheusSettings): string {
  const interval = globalScrapeInterval ?? "1s";
  const test = targets === undefined ? [] : [{ job_name: "test", static_configs: [{ targets }] }];
  return JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ruleFiles ?? [],
    scrape_configs: [...test, ...(scrapeConfigs ?? [])],
  });
}

export interface PrometheusServer {
  readonly url: string;
  /** The vector that an expression gives now, or at a time in seconds. */
  query(expression: string, time?: number): Promise<Sample[]>;
  /** What an expression gives from one time to another, all in seconds. */
  queryRange(expression: string, range: TimeRange): Promise<Series[]>;
  /** The scrape targets with their health. */
  targets(): Promise<Target[]>;
  stop(): Promise<void>;
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly points: readonly { readonly time: number; readonly value: number }[];
}

export interface TimeRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export interface Target {
  readonly health: string;
  readonly lastError: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Starts a server of its own on a port of its own; the first scrape comes some 5 s later, whatever the interval.
 * @param config settings, or the text of a prometheus.yml
 * @param args more command line
 */
export async function startPrometheus(
  config: PrometheusSettings | string,
  args: readonly string[] = typeof config === "string" ? [] : (config.args ?? []),
): Promise<PrometheusServer> {
  const directory = mkdtempSync(join(tmpdir(), "prometheus-"));
  writeFileSync(join(directory, "prometheus.yml"), typeof config === "string" ? config : configuration(config));
  const child = spawn(prometheus, [...commandLine(directory), ...args], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const abandon = (): void => {
    child.kill("SIGKILL");
    remove();
  };
  const stop = async (): Promise<void> => {
    process.off("exit", abandon);
    child.kill("SIGTERM");
    await ended;
    remove();
  };
  process.once("exit", abandon);
  try {
    return { ...client(await readyAddress(child)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function commandLine(directory: string): string[] {
  return [
    `--config.file=${join(directory, "prometheus.yml")}`,
    "--web.listen-address=127.0.0.1:0",
    `--storage.tsdb.path=${join(directory, "data")}`,
  ];
}

async function readyAddress(child: ChildProcess): Promise<string> {
  const url = await listening(child);
  await until(async () => (await fetch(`${url}/-/ready`)).ok, { deadlineMillis: 60_000 });
  return url;
}

function client(url: string): Omit<PrometheusServer, "stop"> {
  return {
    url,
    query: (expression, time) => query(url, expression, time),
    queryRange: (expression, range) => queryRange(url, expression, range),
    targets: async () => ((await api(url, "targets")) as { activeTargets: Target[] }).activeTargets,
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
  const { result } = (await api(url, `query?${parameters}`)) as {
    result: { metric: Record<string, string>; value: [number, string] }[];
  };
  return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

async function queryRange(url: string, expression: string, { start, end, step }: TimeRange): Promise<Series[]> {
  const parameters = new URLSearchParams({ query: expression, start: `${start}`, end: `${end}`, step: `${step}` });
  const { result } = (await api(url, `query_range?${parameters}`)) as {
    result: { metric: Record<string, string>; values: [number, string][] }[];
  };
  return result.map(({ metric, values }) => ({
    metric,
    points: values.map(([time, value]) => ({ time, value: Number(value) })),
  }));
}

/** What promtool's linter says of a page in text 0.0.4: empty when nothing. */
export async function lintMetrics(page: string): Promise<string> {
  const result = spawnSync(promtool, ["check", "metrics"], { input: page, encoding: "utf8" });
  return result.status === 0 ? "" : `exit ${result.status}\n${result.stdout}${result.stderr}`;
}
