// The command `reference advise`: whether a reference is still a fair baseline, in words and as an exit code.
import { parseDuration } from "../config/duration.ts";
import { ConfigError, loadConfig } from "../config/load.ts";
import { formats } from "../decode/index.ts";
import { type DriftCounts, driftInPrometheus, driftInScores } from "../pipeline/reference/drift-seen.ts";
import { advise, usualLimits } from "../reference/advice.ts";
import { readReference } from "./reference-build.ts";

export interface AdviseCommand {
  readonly config?: string;
  readonly model?: string;
  readonly scores?: string;
  readonly prometheus?: string;
  readonly alpha: number;
  readonly maxAge: string;
  readonly minRows: number;
  readonly json: boolean;
}

/** @returns the exit code: 0 fair, 1 to be built anew. @throws ConfigError for bad usage */
export async function adviseCommand(path: string | undefined, command: AdviseCommand): Promise<number> {
  const mostAgeMillis = parseDuration(command.maxAge);
  if (!(mostAgeMillis > 0)) throw new ConfigError(`--max-age ${command.maxAge}: a duration such as 90d`);
  if (command.scores !== undefined && command.prometheus !== undefined) {
    throw new ConfigError("either --scores or --prometheus");
  }
  const reference = await readReference(path ?? configuredPath(command), command.model);
  const seen = await driftSeen(command, reference.model);
  const advice = advise(reference, seen, { ...usualLimits, mostAgeMillis, leastRows: command.minRows }, Date.now());
  if (command.json) process.stdout.write(`${JSON.stringify({ model: reference.model, hash: reference.hash, ...advice })}\n`);
  else {
    const verdict = advice.fair ? "a fair baseline" : "build it anew";
    const lines = advice.findings.map(({ about, fair, words }) => `${fair ? "fair" : "not fair"}  ${about}: ${words}`);
    process.stdout.write(`${[...lines, `${reference.model}: ${verdict}`].join("\n")}\n`);
  }
  return advice.fair ? 0 : 1;
}

/** @throws ConfigError where the configuration names no reference */
export function configuredPath({ config, model }: { readonly config?: string; readonly model?: string }): string {
  if (config === undefined || model === undefined) throw new ConfigError("a reference file, or --config and --model");
  const { models } = loadConfig(config, formats);
  const path = Object.hasOwn(models, model) ? models[model]?.reference : undefined;
  if (path === undefined) throw new ConfigError(`${config}: models.${model}.reference is missing`);
  return path;
}

async function driftSeen({ scores, prometheus, alpha }: AdviseCommand, model: string): Promise<DriftCounts | null> {
  if (scores !== undefined) return driftInScores(scores, model, alpha);
  return prometheus === undefined ? null : driftInPrometheus(prometheus, model, alpha);
}
