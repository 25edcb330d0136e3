// A real Prometheus that only answers what is asked of its stored data, with all that it says beside the data.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GoServer, startGoServer } from "./go-server.ts";
import { prometheusBinaries } from "./prometheus-binaries.ts";

const { prometheus } = await prometheusBinaries();

export interface StoredSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds, and the value as text. */
  readonly values: readonly (readonly [number, string])[];
}

/** From and to a moment, both included, in seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export interface Answer {
  readonly result: readonly StoredSeries[];
  /** Its warnings and infos, as for a rate of what is no counter. */
  readonly remarks: readonly string[];
}

export interface StoredPrometheus extends GoServer {
  instant(expression: string, time: number): Promise<Answer>;
  range(expression: string, range: Range): Promise<Answer>;
  /** Values of a label of the series that a selector has at any time. */
  labelValues(selector: string, label: string): Promise<readonly string[]>;
}

/**
 * @param data a directory with blocks; its owner removes it
 * @param lookbackSeconds how old a sample may be for a series to be there; where it is not given, what is usual
 */
export async function startStored(data: string, lookbackSeconds?: number): Promise<StoredPrometheus> {
  const server = await startGoServer(prometheus, (directory) => {
    const config = join(directory, "prometheus.yml");
    writeFileSync(config, "{}");
    return [
      `--config.file=${config}`,
      "--web.listen-address=127.0.0.1:0",
      `--storage.tsdb.path=${data}`,
      // What it stores is older than it would keep.
      "--storage.tsdb.retention.time=100y",
      ...(lookbackSeconds === undefined ? [] : [`--query.lookback-delta=${lookbackSeconds}s`]),
    ];
  });
  return { ...server, ...client(server.url) };
}

function client(url: string): Omit<StoredPrometheus, keyof GoServer> {
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
    labelValues: async (selector, label) =>
      (await ask<string[]>(url, `label/${label}/values`, { "match[]": selector }, "GET")).data,
  };
}

interface Body<Data> {
  readonly status: string;
  readonly data: Data;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** Expressions may be longer than an address can be: they are posted. */
async function ask<Data>(
  url: string,
  path: string,
  parameters: Readonly<Record<string, string | number>>,
  method: "GET" | "POST" = "POST",
) {
  const asked = new URLSearchParams(Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]));
  const at = `${url}/api/v1/${path}`;
  const response = await (method === "GET" ? fetch(`${at}?${asked}`) : fetch(at, { method, body: asked }));
  const { status, data, error, warnings = [], infos = [] } = (await response.json()) as Body<Data>;
  if (status !== "success") throw new Error(`${JSON.stringify(parameters)}: ${error}`);
  return { data, remarks: [...warnings, ...infos] };
}
