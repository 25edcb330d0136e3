// A real Alertmanager that tests start, send alerts to and ask, and what its amtool says.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../until.ts";
import { alertmanagerBinaries } from "./alertmanager-binaries.ts";

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

export interface AlertmanagerServer {
  readonly url: string;
  send(...alerts: readonly AlertSent[]): Promise<void>;
  /** Says that alerts with these labels are over. */
  resolve(...labels: readonly Labels[]): Promise<void>;
  alerts(): Promise<AlertShown[]>;
  /** Silences alerts that have all of these labels, for an hour. */
  silence(labels: Labels): Promise<void>;
  /** What it counted: the sum of a metric's samples, of those with the labels where some are given. */
  counted(metric: string, labels?: Labels): Promise<number>;
  /** What it has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts a server of its own on a port of its own.
 * @param config the text of an alertmanager.yml
 */
export async function startAlertmanager(config: string): Promise<AlertmanagerServer> {
  const directory = mkdtempSync(join(tmpdir(), "alertmanager-"));
  const file = join(directory, "alertmanager.yml");
  writeFileSync(file, config);
  const child = spawn(alertmanager, commandLine(file, directory), { stdio: ["ignore", "ignore", "pipe"] });
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
    const { url, log } = await ready(child);
    return { ...client(url), log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** No clustering: one alone. */
function commandLine(file: string, directory: string): string[] {
  const addresses = ["--web.listen-address=127.0.0.1:0", "--cluster.listen-address="];
  return [`--config.file=${file}`, `--storage.path=${join(directory, "data")}`, ...addresses];
}

/** The address that it bound is in its log. */
async function ready(child: ChildProcess): Promise<{ url: string; log: () => string }> {
  let log = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      const address = /msg="Listening on".*?address=(127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
    child.once("close", (code) => reject(new Error(`alertmanager ended with ${code}:\n${log}`)));
    child.once("error", reject);
  });
  await until(async () => (await fetch(`${url}/-/ready`)).ok, { deadlineMillis: 60_000 });
  return { url, log: () => log };
}

function client(url: string): Omit<AlertmanagerServer, "log" | "stop"> {
  const send = async (...alerts: readonly AlertSent[]): Promise<void> => {
    await post(url, "alerts", alerts);
  };
  return {
    url,
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
