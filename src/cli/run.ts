// The command `run`: the exporter on the streams that a configuration file names.
import { loadDocument } from "../config/load.ts";
import { notYetUsed } from "../config/not-yet-used.ts";
import type { Config } from "../config/schema.ts";
import { formats } from "../decode/index.ts";
import { type Exporter, topicSettings } from "../pipeline/exporter.ts";
import type { References } from "../pipeline/fold-settings.ts";
import type { Logger } from "../pipeline/logger.ts";
import { refuseWrongSurroundings } from "./check.ts";
import { processClock } from "./clock.ts";
import { createLogger } from "./logger.ts";
import { loadReferences } from "./references.ts";
import { serve } from "./serve.ts";
import { createSource } from "./source.ts";

/** @throws ConfigError; an error that says why it cannot listen or read */
export async function run(configPath: string, version: string): Promise<void> {
  const logger = createLogger();
  const clock = processClock();
  if (clock.pace !== 1)
    logger.warn({ now: new Date(clock.now()).toISOString(), pace: clock.pace }, "a rehearsal: time is not the real one");
  const { config, references } = load(configPath, logger);
  const reload = async (exporter: Exporter): Promise<void> => {
    try {
      const loaded = load(configPath, logger);
      await exporter.reload(loaded.config, loaded.references);
    } catch (error) {
      exporter.reloadFailed((error as Error).message);
      throw error;
    }
  };
  const source = createSource(config, logger, clock);
  await serve({ config, configPath, references, source, topics: topicSettings(config), version, logger, reload, clock });
}

function load(configPath: string, logger: Logger): { config: Config; references: References } {
  const loaded = loadDocument(configPath, formats);
  refuseWrongSurroundings(loaded);
  for (const warning of notYetUsed(loaded.document)) logger.warn({ configuration: configPath }, warning);
  return { config: loaded.config, references: loadReferences(loaded) };
}
