// The command `run`: the exporter on the streams that a configuration file names.
import { ConfigError, loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { formats } from "../decode/index.ts";
import { parseListenAddress } from "../expose/listen-address.ts";
import { type Exporter, topicSettings } from "../pipeline/exporter.ts";
import { createLogger } from "./logger.ts";
import { serve } from "./serve.ts";
import { createSource } from "./source.ts";

/** @throws ConfigError; an error that says why it cannot listen or read */
export async function run(configPath: string, version: string): Promise<void> {
  const config = load(configPath);
  const logger = createLogger();
  const reload = async (exporter: Exporter): Promise<void> => {
    try {
      await exporter.reload(load(configPath));
    } catch (error) {
      exporter.reloadFailed((error as Error).message);
      throw error;
    }
  };
  const source = createSource(config, logger);
  await serve({ config, configPath, source, topics: topicSettings(config), version, logger, reload });
}

function load(configPath: string): Config {
  const config = loadConfig(configPath, formats);
  try {
    parseListenAddress(config.web.listen);
  } catch (error) {
    throw new ConfigError(`${configPath}: web.${(error as Error).message}`);
  }
  return config;
}
