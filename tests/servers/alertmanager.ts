// A real Alertmanager that tests start, send alerts to and ask, and what its amtool says.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { alertmanagerBinaries } from "./alertmanager-binaries.ts";
import { type GoServer, startGoServer } from "./go-server.ts";

// As this is loaded, where no time runs out: building may take minutes.
const { alertmanager, amtool } = await alertmanagerBinaries();

export type Labels = Readonly<Record<string, string>>;

/** An alert as Prometheus sends it. */
export interface AlertSent {
  readonly labels: Labels;
  readonly annotations?: Labels;
  readonly startsAt?: string;
  /** When it is over; absent: it fires. */
  readonly endsAt?: string;
}

/** An alert as Alertmanager shows it. */
export interface AlertShown {
  readonly labels: Labels;
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[]; readonly silencedBy: readonly string[] };
  readonly receivers: readonly { readonly name: string }[];
}

export interface AlertmanagerServer extends GoServer {
  send(...alerts: readonly AlertSent[]): Promise<void>;
  /** Says that alerts with these labels are over. */
  resolve(...labels: readonly Labels[]): Promise<void>;
  alerts(): Promise<AlertShown[]>;
  /** Silences alerts that have all of these labels, for an hour. */
  silence(labels: Labels): Promise<void>;
  /** What it counted: the sum of a metric's samples, of those with the labels where some are given. */
  counted(metric: string, labels?: Labels): Promise<number>;
}

/**
 * Starts a server of its own on a port of its own.
 * @param config the text of an alertmanager.yml
 */
export async function startAlertmanager(config: string): Promise<AlertmanagerServer> {
  const server = await startGoServer(alertmanager, (directory) => commandLine(config, directory));
  return { ...server, ...client(server.url) };
}

/** No clustering: one alone. */
function commandLine(config: string, directory: string): string[] {
  const file = join(directory, "alertmanager.yml");
  writeFileSync(file, config);
  const addresses = ["--web.listen-address=127.0.0.1:0", "--cluster.listen-address="];
  return [`--config.file=${file}`, `--storage.path=${join(directory, "data")}`, ...addresses];
}

function client(url: string): Omit<AlertmanagerServer, keyof GoServer> {
  const send = async (...alerts: readonly AlertSent[]): Promise<void> => {
    await post(url, "alerts", alerts);
  };
  return {
    send,
    resolve: (...labels) => send(...labels.map((of) => ({ labels: of, endsAt: new Date().toISOString() }))),
    alerts: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as AlertShown[],
    silence: async (labels) => {
      const matchers = Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
      const [startsAt, endsAt] = [new Date(), new Date(Date.now() + 3_600_000)].map((time) => time.toISOString());
      await post(url, "silences", { matchers, startsAt, endsAt, createdBy: "on call", comment: "seen, working on it" });
    },
    counted: (metric, labels = {}) => counted(url, metric, labels),
  };
}

async function post(url: string, path: string, body: unknown): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${url}/api/v2/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  await response.text();
}

async function counted(url: string, metric: string, labels: Labels): Promise<number> {
  const wanted = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  const lines = (await (await fetch(`${url}/metrics`)).text()).split("\n");
  const samples = lines.filter(
    (line) => new RegExp(`^${metric}[{ ]`).test(line) && wanted.every((label) => line.includes(label)),
  );
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

export interface AmtoolResult {
  readonly status: number | null;
  readonly output: string;
}

/** Runs amtool, away from any settings of whoever runs it. */
export function runAmtool(...args: readonly string[]): AmtoolResult {
  const { status, stdout, stderr } = spawnSync(amtool, args, { encoding: "utf8", env: { HOME: "/nonexistent" } });
  return { status, output: `${stdout}${stderr}` };
}
