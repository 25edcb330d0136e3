// The command `reference accept`: what a model does now becomes its reference, and the file says what it was before.
import { access } from "node:fs/promises";
import { parseDuration } from "../config/duration.ts";
import { ConfigError, loadConfig } from "../config/load.ts";
import { formats } from "../decode/index.ts";
import { foldSettings } from "../pipeline/fold-settings.ts";
import { acceptedReference } from "../pipeline/reference/accept.ts";
import { encodeReference } from "../reference/file.ts";
import type { Reference } from "../reference/reference.ts";
import { featuresOfOtherBins } from "../reference/same-bins.ts";
import { DirectoryStore } from "../state/directory-store.ts";
import { writeDurably } from "../state/durable-file.ts";
import type { Fold } from "../state/fold.ts";
import type { FoldSettings } from "../state/settings.ts";
import { decodeSnapshot } from "../state/snapshot.ts";
import { configuredPath } from "./reference-advise.ts";
import { historyWith, readReference } from "./reference-build.ts";

export interface AcceptCommand {
  readonly config: string;
  readonly model: string;
  readonly modelVersion?: string;
  readonly window: string;
  /** Why, for whoever asks later. */
  readonly reason: string;
  /** The model's configured reference where it is not said. */
  readonly output?: string;
}

/** @throws ConfigError for bad usage; an error in words where the state cannot give a reference */
export async function acceptCommand(command: AcceptCommand, programVersion: string): Promise<void> {
  const windowMillis = parseDuration(command.window);
  if (!(windowMillis > 0)) throw new ConfigError(`--window ${command.window}: a duration such as 7d`);
  const config = loadConfig(command.config, formats);
  const output = command.output ?? configuredPath(command);
  const before = await inForce(command, output);
  const { fold, name } = await latestFold(config.state.directory, foldSettings(config));
  const reference = acceptedReference(fold, {
    model: command.model,
    version: command.modelVersion ?? null,
    windowMillis,
    provenance: {
      kind: "accepted",
      source: [name],
      madeMillis: Date.now(),
      madeBy: programVersion,
      history:
        before === null
          ? [{ hash: "none", replacedMillis: Date.now(), reason: command.reason }]
          : historyWith(before, command.reason, Date.now()),
    },
  });
  const others = before === null ? [] : featuresOfOtherBins(before, reference);
  if (others.length > 0) {
    throw new Error(`${others.join(", ")}: the bins of the running model are not those of ${output}, which is not in force yet`);
  }
  await writeDurably(output, encodeReference(reference));
  process.stderr.write(`${output}: ${reference.provenance.rows} predictions, hash ${reference.hash}\n`);
}

/** The reference that the new one comes in the place of: at the model's configured place, else at the output's. */
async function inForce({ config, model }: AcceptCommand, output: string): Promise<Reference | null> {
  const { models } = loadConfig(config, formats);
  const path = (Object.hasOwn(models, model) ? models[model]?.reference : undefined) ?? output;
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists ? readReference(path, model) : null;
}

/** The newest snapshot that can be read. Nothing is written to the folder: the exporter may be running. */
async function latestFold(directory: string, settings: FoldSettings): Promise<{ fold: Fold; name: string }> {
  const refusals: string[] = [];
  for (const { name, read } of await listed(directory)) {
    const loaded = await read().then(
      (bytes) => decodeSnapshot(bytes, settings),
      (error: Error) => ({ refused: error.message }),
    );
    if ("fold" in loaded) return { fold: loaded.fold, name };
    refusals.push(`${name}: ${loaded.refused}`);
  }
  throw new Error(`${directory}: no snapshot that can be read${refusals.length > 0 ? `: ${refusals.join("; ")}` : ""}`);
}

async function listed(directory: string): ReturnType<DirectoryStore["list"]> {
  try {
    return await new DirectoryStore(directory).list();
  } catch (error) {
    throw new Error(`${directory}: ${(error as Error).message}`);
  }
}
