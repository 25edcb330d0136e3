// The command `run`: the exporter as a process, from its configuration to its end.
import { ConfigError, loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { formats } from "../decode/index.ts";
import { EventLoopLag } from "../expose/event-loop-lag.ts";
import { parseListenAddress } from "../expose/listen-address.ts";
import { ProcessMetrics } from "../expose/process-metrics.ts";
import { Renderer } from "../expose/render.ts";
import { createWeb } from "../expose/web.ts";
import { Exporter, topicSettings } from "../pipeline/exporter.ts";
import type { Logger } from "../pipeline/logger.ts";
import { createLogger } from "./logger.ts";
import { createSource } from "./source.ts";

/** After this long the process ends whether or not everything was put away. */
const longestStopMillis = 9_000;

export async function run(configPath: string, version: string): Promise<void> {
  const config = loadConfig(configPath, formats);
  checkListen(config.web.listen, configPath);
  const logger = createLogger();
  const exporter = await createExporter(config, version, logger);
  const processCollectors = [new ProcessMetrics(), new EventLoopLag(() => performance.now())];
  const collectors = [...exporter.collectors, ...processCollectors];
  const renderer = new Renderer({ collectors: () => collectors, now: () => performance.now(), logger });
  const ready = () => ({ ready: exporter.waitingFor().length === 0, waitingFor: exporter.waitingFor() });
  const web = createWeb({ renderer, listen: config.web.listen, ready, logger });
  logger.info({ listen: await web.start(), version }, "listening");
  endOnSignals(logger, async () => {
    await exporter.stop();
    await web.stop();
  });
  try {
    await exporter.start();
  } catch (error) {
    // What listens would keep the process from ending.
    await web.stop();
    throw error;
  }
}

function checkListen(listen: string, configPath: string): void {
  try {
    parseListenAddress(listen);
  } catch (error) {
    throw new ConfigError(`${configPath}: web.${(error as Error).message}`);
  }
}

async function createExporter(config: Config, version: string, logger: Logger): Promise<Exporter> {
  const source = createSource(config, logger);
  return Exporter.create({ config, source, topics: topicSettings(config), version, logger, now: Date.now });
}

/** The first signal ends the process in order, the second at once. */
function endOnSignals(logger: Logger, stop: () => Promise<void>): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) process.exit(1);
    ending = true;
    logger.info({ signal }, "stopping");
    setTimeout(() => {
      logger.error({ afterMillis: longestStopMillis }, "not stopped in time");
      process.exit(1);
    }, longestStopMillis).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ reason: String(error) }, "could not stop in order");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
}
