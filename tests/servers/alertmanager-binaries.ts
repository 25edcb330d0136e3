// The programs of Alertmanager: named by the environment, or built by Go from tools/alertmanager and kept.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDirectory, cachedDirectory, runTool } from "./cache.ts";

// Newer modules lack the files of the web interface, without which Alertmanager does not compile.
const version = "0.31.1";
const module = fileURLToPath(new URL("../../tools/alertmanager", import.meta.url));
const place = (): string => join(cacheDirectory(), `alertmanager-${version}`);

export interface AlertmanagerBinaries {
  readonly alertmanager: string;
  readonly amtool: string;
}

/** Finds or builds the programs; a build takes a minute or two the first time and is kept. */
export async function alertmanagerBinaries(): Promise<AlertmanagerBinaries> {
  return ofTheEnvironment() ?? within(await cachedDirectory(place(), build));
}

export function areAlertmanagerBinariesThere(): boolean {
  return ofTheEnvironment() !== null || existsSync(place());
}

function within(directory: string): AlertmanagerBinaries {
  return { alertmanager: join(directory, "alertmanager"), amtool: join(directory, "amtool") };
}

function ofTheEnvironment(): AlertmanagerBinaries | null {
  const { PREDICTION_EXPORTER_ALERTMANAGER: alertmanager, PREDICTION_EXPORTER_AMTOOL: amtool } = process.env;
  return alertmanager && amtool ? { alertmanager, amtool } : null;
}

/** go.sum checks what is fetched. The time zones are built in: a bare machine may have none. */
async function build(directory: string): Promise<void> {
  process.stderr.write(`building Alertmanager ${version} with Go: a minute or two, once (kept in ${cacheDirectory()})\n`);
  const flags = `-s -w -X github.com/prometheus/common/version.Version=${version}`;
  const args = ["build", "-tags", "netgo,timetzdata", "-trimpath", "-ldflags", flags, "-o", `${directory}/`, "tool"];
  await runTool("go", args, "Go 1.26 or newer", { cwd: module, gently: true });
  process.stderr.write(`built Alertmanager ${version}\n`);
}
