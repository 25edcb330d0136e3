// The programs of Prometheus 3: named by the environment, from the PATH, or built by Go from tools/prometheus and kept.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { builtByGo, type GoProgram, placeOf } from "./go-build.ts";

const program: GoProgram = {
  name: "Prometheus",
  version: "3.16.0",
  module: "prometheus",
  versionVariable: "github.com/prometheus/common/version.Version",
  tags: "remove_all_sd,netgo",
  otherwise: "Go 1.26 or newer, or put Prometheus 3 on the PATH",
};

export interface PrometheusBinaries {
  readonly prometheus: string;
  readonly promtool: string;
}

/** Finds or builds the programs; a build takes minutes the first time and is kept. */
export async function prometheusBinaries(): Promise<PrometheusBinaries> {
  return ofTheMachine() ?? within(await builtByGo(program));
}

export function arePrometheusBinariesThere(): boolean {
  return ofTheMachine() !== null || existsSync(placeOf(program));
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
