// The programs of Prometheus 3: named by the environment, from the PATH, or built by Go from tools/prometheus and kept.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDirectory, cachedDirectory, runTool } from "./cache.ts";

const version = "3.16.0";
const module = fileURLToPath(new URL("../../tools/prometheus", import.meta.url));
const place = (): string => join(cacheDirectory(), `prometheus-${version}`);

export interface PrometheusBinaries {
  readonly prometheus: string;
  readonly promtool: string;
}

/** Finds or builds the programs; a build takes minutes the first time and is kept. */
export async function prometheusBinaries(): Promise<PrometheusBinaries> {
  return ofTheMachine() ?? within(await cachedDirectory(place(), build));
}

export function arePrometheusBinariesThere(): boolean {
  return ofTheMachine() !== null || existsSync(place());
}

function within(directory: string): PrometheusBinaries {
  return { prometheus: join(directory, "prometheus"), promtool: join(directory, "promtool") };
}

function ofTheMachine(): PrometheusBinaries | null {
  const { PREDICTION_EXPORTER_PROMETHEUS, PREDICTION_EXPORTER_PROMTOOL } = process.env;
  if (PREDICTION_EXPORTER_PROMETHEUS && PREDICTION_EXPORTER_PROMTOOL) {
    return { prometheus: PREDICTION_EXPORTER_PROMETHEUS, promtool: PREDICTION_EXPORTER_PROMTOOL };
  }
  return isVersion3("prometheus") && isVersion3("promtool") ? { prometheus: "prometheus", promtool: "promtool" } : null;
}

function isVersion3(program: string): boolean {
  const { stdout, stderr } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return /version (3|[4-9]|\d{2,})\./.test(`${stdout}${stderr}`);
}

/** go.sum checks what is fetched. */
async function build(directory: string): Promise<void> {
  process.stderr.write(`building Prometheus ${version} with Go: some minutes, once (kept in ${cacheDirectory()})\n`);
  const flags = `-s -w -X github.com/prometheus/common/version.Version=${version}`;
  const args = ["build", "-tags", "remove_all_sd,netgo", "-trimpath", "-ldflags", flags, "-o", `${directory}/`, "tool"];
  await runTool("go", args, "Go 1.26 or newer, or put Prometheus 3 on the PATH", { cwd: module, gently: true });
  process.stderr.write(`built Prometheus ${version}\n`);
}
