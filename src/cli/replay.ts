// The command `replay`: folds files in virtual time and writes what the windows say. The same input gives the same bytes.
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { access } from "node:fs/promises";
import type { Writable } from "node:stream";
import { parseDuration } from "../config/duration.ts";
import { ConfigError, loadDocument } from "../config/load.ts";
import { formats } from "../decode/index.ts";
import { streamSettings } from "../pipeline/exporter.ts";
import { foldSettings } from "../pipeline/fold-settings.ts";
import { Ingest, isBehind } from "../pipeline/ingest.ts";
import { Pacing } from "../pipeline/pacing.ts";
import { Rejections } from "../pipeline/rejections.ts";
import { Replay } from "../pipeline/replay.ts";
import { FileSource } from "../source/file.ts";
import { Fold } from "../state/fold.ts";
import { createLogger } from "./logger.ts";
import { loadReferences } from "./references.ts";

export interface ReplayCommand {
  readonly config: string;
  readonly input: readonly string[];
  readonly output: string;
  readonly every: string;
  readonly bins: boolean;
}

/** @throws ConfigError for bad usage; an error that names the file where one cannot be read to its end or written */
export async function replay(command: ReplayCommand): Promise<void> {
  const loaded = loadDocument(command.config, formats);
  const { config } = loaded;
  const everyMillis = parseDuration(command.every);
  if (!(everyMillis >= 60_000) || everyMillis % 60_000 !== 0) {
    throw new ConfigError(`--every ${command.every}: not whole minutes such as 1m, 1h or 24h`);
  }
  const logger = createLogger();
  const fold = new Fold(foldSettings(config, loadReferences(loaded)));
  // Before the output is opened: a slip in a name does not cost what was written there before.
  for (const path of command.input) await access(path);
  const output = await openOutput(command.output);
  const windows = new Replay(fold, { everyMillis, bins: command.bins }, output.write);
  const stream = streamSettings(config.source.file);
  const topics = new Map(command.input.map((path) => [path, stream]));
  const decode = { messageBytes: config.limits.message_bytes, futureMillis: config.defaults.future };
  const options = { topics, decode: () => decode, begin: () => ({ offset: 0 }), now: Date.now };
  const source = new FileSource(command.input.map((path) => ({ path, topic: path })));
  const ingest: Ingest = new Ingest(fold, options, logger, new Rejections(logger, Date.now), () => {
    leaveThoseRead(ingest);
    windows.advance();
    pacing.pauseThoseAhead();
  });
  const pacing = new Pacing(ingest, source, config.source.ahead, Date.now);
  const ended = new Promise<void>((resolve) => {
    ingest.whenFinished = resolve;
  });
  await source.start(ingest);
  await ended;
  const { problems } = source.status();
  // Half an input is not evaluated to its end: the last windows would look whole.
  if (problems.length === 0) windows.finish();
  await source.stop();
  await output.end();
  if (problems.length > 0) throw new Error(problems.join("\n"));
  logger.info({ records: ingest.records, ...notFolded(fold) }, "replayed");
}

/** A file that is read to its end is not waited for: it brings nothing more. */
function leaveThoseRead({ standings, fold }: Ingest): void {
  for (const standing of standings.values()) if (!isBehind(standing, standing.bounds.end)) fold.exclude(standing.state);
}

/** What did not go into the windows, by reason. */
function notFolded(fold: Fold) {
  const sums = { late: {} as Record<string, number>, rejected: {} as Record<string, number> };
  for (const log of fold.logs.values()) {
    for (const [reason, count] of log.late) sums.late[reason] = (sums.late[reason] ?? 0) + count;
    for (const [reason, count] of log.rejected) sums.rejected[reason] = (sums.rejected[reason] ?? 0) + count;
  }
  return sums;
}

interface Output {
  readonly write: (line: string) => void;
  /** Waits until everything is written. @throws where some of it could not be */
  end(): Promise<void>;
}

async function openOutput(path: string): Promise<Output> {
  const stream: Writable = path === "-" ? process.stdout : createWriteStream(path);
  if (stream !== process.stdout) await once(stream, "open");
  let failure: Error | undefined;
  stream.on("error", (error) => {
    failure ??= error;
  });
  return {
    write: (line) => void stream.write(`${line}\n`),
    async end() {
      await new Promise<void>((resolve) => {
        // Standard output is not ours to end.
        if (stream === process.stdout) stream.write("", () => resolve());
        else stream.end(() => resolve());
      });
      if (failure !== undefined) throw new Error(`${path}: ${failure.message}`);
    },
  };
}
