// A Prometheus that runs with a prometheus.yml in its place, as users start it: with an environment, and a log to look at.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prometheusBinaries } from "../servers/prometheus-binaries.ts";
import { until } from "../until.ts";

// As this is loaded, where no time runs out: building may take minutes.
const { prometheus } = await prometheusBinaries();

type Labels = Readonly<Record<string, string>>;

export interface RunningBundle {
  query(expression: string): Promise<readonly { readonly metric: Labels; readonly value: number }[]>;
  targets(): Promise<readonly { readonly labels: Labels; readonly health: string; readonly lastError: string }[]>;
  /** Each rule with the name of its file. */
  rules(): Promise<readonly { readonly file: string; readonly name: string; readonly health: string }[]>;
  /** Alerts that are pending or fire. */
  alerts(): Promise<readonly { readonly labels: Labels; readonly annotations: Labels }[]>;
  /** Lines that it has logged. */
  log(): readonly string[];
  stop(): Promise<void>;
}

/** @param directory holds prometheus.yml; it is not written to */
export async function startBundle(directory: string, environment: Readonly<Record<string, string>>): Promise<RunningBundle> {
  const data = mkdtempSync(join(tmpdir(), "bundle-data-"));
  const args = [`--config.file=${join(directory, "prometheus.yml")}`, `--storage.tsdb.path=${data}`];
  const child = spawn(prometheus, [...args, "--web.listen-address=127.0.0.1:0"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...environment },
  });
  const log: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => log.push(...text.split("\n").filter((line) => line !== "")));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const url = await readyAddress(child, log);
    return { ...client(url), log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readyAddress(child: ChildProcess, log: readonly string[]): Promise<string> {
  const address = (): string | undefined => /msg="Listening on".*?address=(127\.0\.0\.1:\d+)/.exec(log.join("\n"))?.[1];
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}:\n${log.join("\n")}`);
      const at = address();
      return at !== undefined && (await fetch(`http://${at}/-/ready`)).ok;
    },
    { deadlineMillis: 60_000 },
  );
  return `http://${address()}`;
}

function client(url: string): Omit<RunningBundle, "log" | "stop"> {
  return {
    query: async (expression) => {
      const { result } = await api<{ result: { metric: Labels; value: [number, string] }[] }>(
        url,
        `query?${new URLSearchParams({ query: expression })}`,
      );
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    targets: async () => (await api<{ activeTargets: [] }>(url, "targets")).activeTargets,
    rules: async () => {
      const { groups } = await api<{ groups: { file: string; rules: { name: string; health: string }[] }[] }>(url, "rules");
      return groups.flatMap(({ file, rules }) => rules.map((rule) => ({ ...rule, file: file.replace(/^.*\//, "") })));
    },
    alerts: async () => (await api<{ alerts: [] }>(url, "alerts")).alerts,
  };
}

async function api<Data>(url: string, path: string): Promise<Data> {
  const body = (await (await fetch(`${url}/api/v1/${path}`)).json()) as { status: string; data: Data; error?: string };
  if (body.status !== "success") throw new Error(`${path}: ${body.error}`);
  return body.data;
}
