// A real Prometheus that only answers what is asked of its stored data, with all that it says beside the data.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { prometheusBinaries } from "../servers/prometheus-binaries.ts";
import { until } from "../until.ts";

const { prometheus } = await prometheusBinaries();

export interface Answer {
  readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly values: readonly [number, string][] }[];
  /** Its warnings and infos, as for a rate of what is no counter. */
  readonly remarks: readonly string[];
}

export interface StoredPrometheus {
  readonly url: string;
  instant(expression: string, time: number): Promise<Answer>;
  range(expression: string, range: { readonly start: number; readonly end: number; readonly step: number }): Promise<Answer>;
  /** Values of a label of the series that a selector has at any time. */
  labelValues(selector: string, label: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** @param data a directory with blocks; its owner removes it */
export async function startStored(data: string): Promise<StoredPrometheus> {
  const config = join(data, "prometheus.yml");
  writeFileSync(config, "{}");
  // What it stores is older than it would keep.
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, "--storage.tsdb.retention.time=100y"];
  const child = spawn(prometheus, [...args, "--web.listen-address=127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const abandon = (): void => void child.kill("SIGKILL");
  process.once("exit", abandon);
  const stop = async (): Promise<void> => {
    process.off("exit", abandon);
    child.kill("SIGTERM");
    await ended;
  };
  try {
    const url = await listening(child);
    await until(async () => (await fetch(`${url}/-/ready`)).ok, { deadlineMillis: 60_000 });
    return { url, stop, ...client(url) };
  } catch (error) {
    await stop();
    throw error;
  }
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

function client(url: string): Omit<StoredPrometheus, "url" | "stop"> {
  return {
    instant: async (query, time) => {
      const { data, remarks } = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
        url,
        "query",
        {
          query,
          time,
        },
      );
      return { result: data.result.map(({ metric, value }) => ({ metric, values: [value] })), remarks };
    },
    range: async (query, { start, end, step }) => {
      const { data, remarks } = await ask<Pick<Answer, "result">>(url, "query_range", { query, start, end, step });
      return { result: data.result, remarks };
    },
    labelValues: async (selector, label) => (await ask<string[]>(url, `label/${label}/values`, { "match[]": selector })).data,
  };
}

interface Body<Data> {
  readonly status: string;
  readonly data: Data;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

async function ask<Data>(url: string, path: string, parameters: Readonly<Record<string, string | number>>) {
  const texts = Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]);
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(texts)}`);
  const { status, data, error, warnings = [], infos = [] } = (await response.json()) as Body<Data>;
  if (status !== "success") throw new Error(`${JSON.stringify(parameters)}: ${error}`);
  return { data, remarks: [...warnings, ...infos] };
}
