// Blocks of samples from files, and a Prometheus on them that answers what a rule says at each of many moments.
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "../tests/servers/cache.ts";
import { type PrometheusBinaries, prometheusBinaries } from "../tests/servers/prometheus-binaries.ts";

/** Blocks may be so long: of few long ones the file is read a few times only. */
const longestBlock = "744h";
/** Longer than anything is backfilled. */
const retention = "100y";

export interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds and the value as text. */
  readonly values: readonly (readonly [number, string])[];
}

/** From and to a moment, both included, in seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export class Backfill {
  readonly #binaries: PrometheusBinaries;
  readonly #data: string;

  private constructor(binaries: PrometheusBinaries, data: string) {
    this.#binaries = binaries;
    this.#data = data;
  }

  /** @param data a directory for blocks */
  static async in(data: string): Promise<Backfill> {
    return new Backfill(await prometheusBinaries(), data);
  }

  /** Makes blocks of a file and removes it. Servers that run do not see them. */
  async take(file: string): Promise<void> {
    const args = ["tsdb", "create-blocks-from", "openmetrics", "-q", `--max-block-duration=${longestBlock}`, file, this.#data];
    await runTool(this.#binaries.promtool, args, "Prometheus 3");
    rmSync(file);
  }

  /**
   * @param lookbackSeconds how old a sample may be for a series to be there. Samples are as far apart as evaluations, and at the same
   *   moments: with less than that a series has ended where its sample is missing, as it has for a server that scrapes
   */
  serve(lookbackSeconds: number): Promise<BackfillServer> {
    return BackfillServer.start(this.#binaries.prometheus, this.#data, lookbackSeconds);
  }
}

export class BackfillServer {
  readonly #url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(url: string, child: ChildProcess, ended: Promise<void>) {
    this.#url = url;
    this.#child = child;
    this.#ended = ended;
  }

  static async start(program: string, data: string, lookbackSeconds: number): Promise<BackfillServer> {
    const config = join(data, "prometheus.yml");
    writeFileSync(config, "{}");
    const args = [
      `--config.file=${config}`,
      "--web.listen-address=127.0.0.1:0",
      `--storage.tsdb.path=${data}`,
      `--storage.tsdb.retention.time=${retention}`,
      `--query.lookback-delta=${lookbackSeconds}s`,
    ];
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const kill = (): void => void child.kill("SIGKILL");
    process.once("exit", kill);
    void ended.then(() => process.off("exit", kill));
    return new BackfillServer(await readyAddress(child), child, ended);
  }

  async range(expression: string, { start, end, step }: Range): Promise<RangeSeries[]> {
    const body = new URLSearchParams({ query: expression, start: `${start}`, end: `${end}`, step: `${step}` });
    const response = await fetch(`${this.#url}/api/v1/query_range`, { method: "POST", body });
    const answer = (await response.json()) as { status: string; error?: string; data: { result: RangeSeries[] } };
    if (answer.status !== "success") throw new Error(`${answer.error}: ${expression}`);
    return answer.data.result;
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}

/** The address that its log names, once it answers. */
async function readyAddress(child: ChildProcess): Promise<string> {
  const log: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log.push(text);
      if (text.includes("Server is ready to receive web requests")) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`prometheus ended with ${code}:\n${log.join("")}`)));
  });
  const address = /msg="Listening on".*?address=(127\.0\.0\.1:\d+)/.exec(log.join(""))?.[1];
  if (address === undefined) throw new Error(`prometheus names no address:\n${log.join("")}`);
  return `http://${address}`;
}
