// The programs of Alertmanager: named by the environment, or built by Go from tools/alertmanager and kept.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { builtByGo, type GoProgram, placeOf } from "./go-build.ts";

const program: GoProgram = {
  name: "Alertmanager",
  // Newer modules lack the files of the web interface, without which Alertmanager does not compile.
  version: "0.31.1",
  module: "alertmanager",
  versionVariable: "github.com/prometheus/common/version.Version",
  // The time zones are built in: a bare machine may have none.
  tags: "netgo,timetzdata",
  otherwise: "Go 1.26 or newer",
};

export interface AlertmanagerBinaries {
  readonly alertmanager: string;
  readonly amtool: string;
}

/** Finds or builds the programs; a build takes a minute or two the first time and is kept. */
export async function alertmanagerBinaries(): Promise<AlertmanagerBinaries> {
  return ofTheEnvironment() ?? within(await builtByGo(program));
}

export function areAlertmanagerBinariesThere(): boolean {
  return ofTheEnvironment() !== null || existsSync(placeOf(program));
}

function within(directory: string): AlertmanagerBinaries {
  return { alertmanager: join(directory, "alertmanager"), amtool: join(directory, "amtool") };
}

function ofTheEnvironment(): AlertmanagerBinaries | null {
  const { PREDICTION_EXPORTER_ALERTMANAGER: alertmanager, PREDICTION_EXPORTER_AMTOOL: amtool } = process.env;
  return alertmanager && amtool ? { alertmanager, amtool } : null;
}
