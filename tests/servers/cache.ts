// Where servers for tests are kept between runs: outside of the checkout.
import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";

export function cacheDirectory(): string {
  const { PREDICTION_EXPORTER_CACHE, XDG_CACHE_HOME } = process.env;
  return PREDICTION_EXPORTER_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "prediction-exporter");
}

/** Runs a program of the machine to its end. @throws with what it printed, or with what to install where it is missing */
export function runTool(program: string, args: readonly string[], toInstall: string, cwd?: string): string {
  const result = spawnSync(program, args, { cwd, encoding: "utf8", maxBuffer: 64 * 2 ** 20 });
  if (result.error !== undefined) throw new Error(`${program} cannot be started (${result.error.message}): install ${toInstall}`);
  if (result.status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}
