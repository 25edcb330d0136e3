// The exporter as a process, as a user starts it, and its page as a table.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../servers/port.ts";
import type { PrometheusServer } from "../servers/prometheus.ts";
import { until } from "../until.ts";

const launcher = fileURLToPath(new URL("../../bin/prediction-exporter", import.meta.url));

export interface ExporterProcess {
  readonly url: string;
  readonly pid: number;
  /** What it has logged so far. */
  log(): string;
  /** @returns the exit code, or the signal that ended it */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

/** A folder for one exporter's configuration and state, which outlive its process. */
export class ExporterHome {
  readonly directory = mkdtempSync(join(tmpdir(), "exporter-"));
  readonly #running = new Set<ChildProcess>();

  /** Starts the exporter; resolves when it answers. `listen` in the configuration has to be the address given here. */
  async start(config: string, listen: string, environment: Readonly<Record<string, string>> = {}): Promise<ExporterProcess> {
    writeFileSync(join(this.directory, "exporter.yml"), config);
    const child = spawn(launcher, ["run", "--config", "exporter.yml"], {
      cwd: this.directory,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.add(child);
    let log = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        log += text;
      });
    }
    const ended = new Promise<number | string>((resolve) => {
      child.once("exit", (code, signal) => {
        this.#running.delete(child);
        resolve(code ?? signal ?? "");
      });
    });
    const url = `http://${listen}`;
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`the exporter ended with ${child.exitCode}: ${log}`);
        return (await fetch(`${url}/-/healthy`)).ok;
      },
      { deadlineMillis: 30_000, what: "the exporter answers" },
    );
    return {
      url,
      pid: child.pid as number,
      log: () => log,
      end: async (signal) => {
        child.kill(signal);
        return ended;
      },
    };
  }

  /** Ends what runs still and removes the folder. */
  close(): void {
    for (const child of this.#running) child.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** An address on the loopback for a server of a test. */
export async function freeAddress(): Promise<string> {
  return `127.0.0.1:${await freePort()}`;
}

export async function pageText(exporter: ExporterProcess, accept = "text/plain"): Promise<string> {
  const response = await fetch(`${exporter.url}/metrics`, { headers: { accept } });
  if (!response.ok) throw new Error(`/metrics: ${response.status}`);
  return response.text();
}

/** The page's samples by `name{labels}` with labels in alphabetical order and without `shard`. */
export async function samples(exporter: ExporterProcess): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const line of (await pageText(exporter)).split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null) continue;
    const labels = [...(match[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
      .map(([, name, value]) => `${name}="${value}"`)
      .filter((label) => !label.startsWith("shard="))
      .sort();
    found.set(labels.length === 0 ? (match[1] as string) : `${match[1]}{${labels.join(",")}}`, Number(match[3]));
  }
  return found;
}

/** Waits until a sample has a value; the error says which value it had. */
export async function awaitSample(
  exporter: ExporterProcess,
  key: string,
  expected: number,
  deadlineMillis = 60_000,
): Promise<void> {
  let last: number | undefined;
  const holds = async (): Promise<boolean> => {
    last = (await samples(exporter)).get(key);
    if (last !== expected) throw new Error(`${key} is ${last}, not ${expected}`);
    return true;
  };
  await until(holds, { deadlineMillis, what: key });
}

export async function awaitReady(exporter: ExporterProcess, deadlineMillis = 60_000): Promise<void> {
  const ready = async (): Promise<boolean> => {
    const response = await fetch(`${exporter.url}/-/ready`);
    if (!response.ok) throw new Error(await response.text());
    return true;
  };
  await until(ready, { deadlineMillis, what: "the exporter is ready" });
}

/** Waits until Prometheus has scraped every target. */
export async function allTargetsUp(prometheus: PrometheusServer): Promise<void> {
  const up = async (): Promise<boolean> => {
    const targets = await prometheus.targets();
    return targets.length > 0 && targets.every((target) => target.health === "up");
  };
  await until(up, { deadlineMillis: 30_000, what: "the targets are up" });
}
