// The command `reference build`: from files or from Kafka's history to a reference file.
import { access, readFile } from "node:fs/promises";
import { ConfigError, loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { formats } from "../decode/index.ts";
import { mappedDecoder } from "../decode/mapping.ts";
import { jsonDecoder } from "../decode/native.ts";
import { foldSettings } from "../pipeline/fold-settings.ts";
import { type Built, buildReference, type Rows } from "../pipeline/reference/build.ts";
import { fileKind, type LineFormat, readFiles } from "../pipeline/reference/row-files.ts";
import { decodeReference, encodeReference } from "../reference/file.ts";
import type { Provenance, Reference } from "../reference/reference.ts";
import { writeDurably } from "../state/durable-file.ts";
import { ProgressBar } from "./progress-bar.ts";
import { kafkaRows } from "./reference-kafka.ts";

export interface BuildCommand {
  readonly config: string;
  readonly model: string;
  readonly input?: readonly string[];
  readonly fromKafka?: string;
  readonly output: string;
  readonly modelVersion?: string;
  /** A reference file whose bins are taken. */
  readonly like?: string;
  readonly force: boolean;
}

/** Where rows come from, and what is said of that in the file. */
export interface Origin {
  readonly rows: Rows;
  readonly kind: Provenance["kind"];
  readonly source: readonly string[];
  close(): Promise<void>;
}

/** @throws ConfigError for bad usage; an error in words where no reference can be made */
export async function buildCommand(command: BuildCommand, programVersion: string): Promise<void> {
  const config = loadConfig(command.config, formats);
  const replaced = await whatIsThere(command);
  const like = command.like === undefined ? null : await readReference(command.like, command.model);
  const { models, defaults } = foldSettings(config);
  const origin = await originOf(command, config);
  const startedMillis = performance.now();
  const bar = new ProgressBar(`building the reference of ${command.model}`);
  let built: Built;
  try {
    built = await buildReference(origin.rows, {
      model: command.model,
      version: command.modelVersion ?? null,
      settings: models.get(command.model) ?? defaults,
      limits: config.limits,
      like,
      provenance: {
        kind: origin.kind,
        source: origin.source,
        madeMillis: Date.now(),
        madeBy: programVersion,
        history: replaced === null ? [] : historyWith(replaced, "built anew", Date.now()),
      },
      progress: (share) => bar.show(share),
    });
  } catch (error) {
    bar.abandon();
    throw error;
  } finally {
    await origin.close();
  }
  bar.end();
  await writeDurably(command.output, encodeReference(built.reference));
  say(built, command.output, (performance.now() - startedMillis) / 1000);
}

export function historyWith({ hash, provenance }: Reference, reason: string, replacedMillis: number): Provenance["history"] {
  return [...provenance.history, { hash, replacedMillis, reason }];
}

/** The reference that is to be overwritten, which has to be asked for; null where there is none. */
async function whatIsThere({ output, force }: BuildCommand): Promise<Reference | null> {
  const exists = await access(output).then(
    () => true,
    () => false,
  );
  if (!exists) return null;
  if (!force) throw new ConfigError(`--output ${output}: there is such a file; --force replaces it`);
  try {
    return decodeReference(await readFile(output, "utf8"), output);
  } catch {
    // Whatever it is, it is to be replaced; what is no reference has no history.
    return null;
  }
}

/** @throws ConfigError where it is no reference of the model */
export async function readReference(path: string, model?: string): Promise<Reference> {
  try {
    return decodeReference(await readFile(path, "utf8"), path, model === undefined ? {} : { model });
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(message.includes(path) ? message : `${path}: ${message}`);
  }
}

async function originOf(command: BuildCommand, config: Config): Promise<Origin> {
  const { input, fromKafka } = command;
  if ((input === undefined) === (fromKafka === undefined)) throw new ConfigError("either --input or --from-kafka");
  if (fromKafka !== undefined) return kafkaRows(config, fromKafka);
  const paths = input as readonly string[];
  for (const path of paths) {
    if (fileKind(path) === null) throw new ConfigError(`--input ${path}: not .csv, .jsonl, .ndjson (each also .gz) or .parquet`);
    await access(path).catch((error: Error) => {
      throw new ConfigError(`--input ${error.message}`);
    });
  }
  const format = lineFormat(config, command);
  return { rows: (pass) => readFiles(paths, format, pass), kind: "file", source: paths, close: async () => undefined };
}

/** Lines of files are shaped as those of `source.file`; what they need not say is whose predictions they are. */
function lineFormat({ source, limits }: Config, { model, modelVersion }: BuildCommand): LineFormat {
  const said = { type: "prediction", model, ...(modelVersion === undefined ? {} : { version: modelVersion }) };
  const constants = Object.entries(said).map(([field, value]) => [field, { value }]);
  const map = source.file?.map;
  return {
    decoder:
      map === undefined
        ? jsonDecoder("rows", (json) => ({ ...said, ...json }))
        : mappedDecoder({ ...Object.fromEntries(constants), ...map }),
    // Lines have no timestamps of their own that times could be later than.
    options: { messageBytes: limits.message_bytes, futureMillis: Number.POSITIVE_INFINITY },
  };
}

function say({ reference, leftOut, counts, labels, turnedAway, clippedTargets }: Built, output: string, seconds: number): void {
  const lines = [
    ...leftOut.map(({ name, why }) => `left out: ${name} ${why}`),
    ...counts.notes.map((note) => `not read: ${note}`),
    ...[...counts.bad].map(([reason, count]) => `passed over: ${count} rows, ${reason}`),
    ...counts.examples.map((example) => `  ${example}`),
    ...(counts.others > 0 ? [`passed over: ${counts.others} rows of other models or versions`] : []),
    ...labelLines(labels, counts),
    ...(turnedAway > 0 ? [`limits turned away ${turnedAway} values: they are in no bin`] : []),
    ...(clippedTargets > 0 ? [`${clippedTargets} scores or predictions beyond 2^37 were taken as 2^37 in sums`] : []),
    ...(Number.isNaN(reference.provenance.fromMillis)
      ? ["rows have no time: without hours and days there are scores, but no p-values"]
      : []),
    `${output}: ${reference.features.size} features, hash ${reference.hash}`,
    `${counts.rows} rows in ${seconds.toFixed(1)} s, ${Math.round(counts.rows / seconds)} rows a second, ` +
      `${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most`,
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
}

/** What came of labels and outcomes; nothing where there were none. */
function labelLines(
  { pairs, unusable, fromOutcomes, fromAbsence, tooYoung, turnedAway }: Built["labels"],
  { outcomes }: Built["counts"],
): string[] {
  if (pairs === 0 && outcomes === 0) return [];
  const of = outcomes === 0 ? "" : `, ${fromOutcomes} of them by ${outcomes} outcomes`;
  const absent = fromAbsence === 0 ? "" : `, ${fromAbsence} as no outcome came`;
  return [
    `labels: ${pairs} predictions have one${of}${absent}`,
    ...(tooYoung > 0
      ? [
          `${tooYoung} predictions are within outcomes.horizon of the last one: nobody knows yet whether they will have an outcome`,
        ]
      : []),
    ...(unusable > 0
      ? [`${unusable} labels say nothing of how well the model did: they, or what was predicted, cannot be read as its task asks`]
      : []),
    ...(turnedAway > 0 ? [`limits.pending turned away ${turnedAway} outcomes: their predictions have no label`] : []),
  ];
}
