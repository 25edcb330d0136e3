// A real Prometheus 3 that tests start and ask, and what its promtool says.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type GoServer, startGoServer } from "./go-server.ts";
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
}

/** How it is started beside what is configured. */
export interface PrometheusStart {
  /** More command line, such as --web.enable-lifecycle. */
  readonly args?: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
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

export interface PrometheusServer extends GoServer {
  /** The vector that an expression gives now, or at a time in seconds. */
  query(expression: string, time?: number): Promise<Sample[]>;
  /** What an expression gives from one time to another, all in seconds. */
  queryRange(expression: string, range: TimeRange): Promise<Series[]>;
  /** The scrape targets with their health. */
  targets(): Promise<Target[]>;
  /** Each rule with the name of its file. */
  rules(): Promise<RunningRule[]>;
  /** Alerts that are pending or fire. */
  alerts(): Promise<RunningAlert[]>;
}

export interface RunningRule {
  readonly file: string;
  readonly name: string;
  readonly health: string;
}

export interface RunningAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
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
 */
export function startPrometheus(config: PrometheusSettings | string, start: PrometheusStart = {}): Promise<PrometheusServer> {
  return started((directory) => {
    const file = join(directory, "prometheus.yml");
    writeFileSync(file, typeof config === "string" ? config : configuration(config));
    return file;
  }, start);
}

/** As `startPrometheus`, as users start it: with a prometheus.yml in its place, which is not written to. */
export function startPrometheusAt(file: string, start: PrometheusStart = {}): Promise<PrometheusServer> {
  return started(() => file, start);
}

/** @param configure gives the configuration file for its folder */
async function started(
  configure: (directory: string) => string,
  { args = [], environment = {} }: PrometheusStart,
): Promise<PrometheusServer> {
  const commandLine = (directory: string): string[] => [
    `--config.file=${configure(directory)}`,
    "--web.listen-address=127.0.0.1:0",
    `--storage.tsdb.path=${join(directory, "data")}`,
    ...args,
  ];
  const server = await startGoServer(prometheus, commandLine, { ...process.env, ...environment });
  return { ...server, ...client(server.url) };
}

function client(url: string): Omit<PrometheusServer, keyof GoServer> {
  return {
    query: (expression, time) => query(url, expression, time),
    queryRange: (expression, range) => queryRange(url, expression, range),
    targets: async () => ((await api(url, "targets")) as { activeTargets: Target[] }).activeTargets,
    rules: async () => {
      const { groups } = (await api(url, "rules")) as { groups: { file: string; rules: RunningRule[] }[] };
      return groups.flatMap(({ file, rules }) => rules.map((rule) => ({ ...rule, file: basename(file) })));
    },
    alerts: async () => ((await api(url, "alerts")) as { alerts: RunningAlert[] }).alerts,
  };
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
