// The command `replay`: folds files in virtual time and writes what the windows say. The same input gives the same bytes.
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { parseDuration } from "../config/duration.ts";
import { ConfigError, loadConfig } from "../config/load.ts";
import { decoderFor } from "../decode/index.ts";
import { foldSettings } from "../pipeline/fold-settings.ts";
import { Ingest } from "../pipeline/ingest.ts";
import { Rejections } from "../pipeline/rejections.ts";
import { Replay } from "../pipeline/replay.ts";
import { FileSource } from "../source/file.ts";
import { Fold } from "../state/fold.ts";
import { createLogger } from "./logger.ts";

export interface ReplayCommand {
  readonly config: string;
  readonly input: readonly string[];
  readonly output: string;
  readonly every: string;
  readonly bins: boolean;
}

export async function replay(command: ReplayCommand): Promise<void> {
  const config = loadConfig(command.config);
  const everyMillis = parseDuration(command.every);
  if (!(everyMillis >= 60_000) || everyMillis % 60_000 !== 0) {
    throw new ConfigError(`--every ${command.every}: not whole minutes such as 1m, 1h or 24h`);
  }
  const logger = createLogger();
  const fold = new Fold(foldSettings(config));
  const output = command.output === "-" ? process.stdout : createWriteStream(command.output);
  const windows = new Replay(fold, { everyMillis, bins: command.bins }, (line) => output.write(`${line}\n`));
  const topics = new Map(
    command.input.map((path) => [path, settingsOf(config.source.file?.format, config.source.file?.lateness)]),
  );
  const decode = { messageBytes: config.limits.message_bytes, futureMillis: config.defaults.future };
  const options = { topics, decode, begin: () => ({ offset: 0 }), now: Date.now };
  const ingest = new Ingest(fold, options, logger, new Rejections(logger, Date.now), () => windows.advance());
  const source = new FileSource(command.input.map((path) => ({ path, topic: path })));
  const ended = new Promise<void>((resolve) => {
    ingest.whenFinished = resolve;
  });
  await source.start(ingest);
  await ended;
  windows.finish();
  if (output !== process.stdout) {
    output.end();
    await finished(output);
  }
  await source.stop();
}

function settingsOf(format = "native", latenessMillis = 60_000) {
  return { decoder: decoderFor(format), latenessMillis };
}
