// pint, a linter of Prometheus rules: named by the environment, or built by Go from tools/pint and kept. Not taken from the PATH:
// what it finds depends on its version.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { builtByGo, type GoProgram } from "./go-build.ts";

const program: GoProgram = {
  name: "pint",
  version: "0.87.0",
  module: "pint",
  versionVariable: "main.version",
  tags: "remove_all_sd,netgo",
  otherwise: "Go 1.26 or newer, or name pint by PREDICTION_EXPORTER_PINT",
};

/** Finds or builds the program; a build takes minutes the first time and is kept. */
export async function pintProgram(): Promise<string> {
  const { PREDICTION_EXPORTER_PINT } = process.env;
  if (PREDICTION_EXPORTER_PINT) return PREDICTION_EXPORTER_PINT;
  return join(await builtByGo(program), "pint");
}

/**
 * What it says of rules, without asking a Prometheus: empty where it finds nothing. Also says why it could not check.
 * @param config its configuration file
 * @param paths files or folders of rules
 */
export async function lintRules(config: string, paths: readonly string[]): Promise<string> {
  const args = [
    "--offline",
    "--no-color",
    "--log-level",
    "error",
    "--config",
    config,
    "lint",
    "--min-severity",
    "info",
    ...paths,
  ];
  // It ends with 0 where all findings are below a bug: what it prints tells.
  const { stdout, stderr } = spawnSync(await pintProgram(), args, { encoding: "utf8" });
  return `${stdout}${stderr}`;
}
