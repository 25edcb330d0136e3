// The exporter as a process: page and stream put together, signals, and the end in order. Whatever decides which streams
// are read, and from which configuration, stands elsewhere.
import { EventLoopLag } from "../expose/event-loop-lag.ts";
import { ProcessMetrics } from "../expose/process-metrics.ts";
import { Renderer } from "../expose/render.ts";
import { createWeb, type Web } from "../expose/web.ts";
import { Exporter, type ExporterOptions } from "../pipeline/exporter.ts";
import type { Logger } from "../pipeline/logger.ts";
import { type Clock, realClock } from "./clock.ts";

/** After this long the process ends whether or not everything was put away. */
const longestStopMillis = 9_000;

export interface ServeOptions extends Omit<ExporterOptions, "now" | "pace"> {
  /** Absent: the real one. */
  readonly clock?: Clock;
  /** Loads the configuration anew and puts it into effect; rejects where that fails. Absent: there is no reload. */
  readonly reload?: (exporter: Exporter) => Promise<void>;
  /** What else is to be put away at the end. */
  readonly atEnd?: () => void;
}

export interface Served {
  readonly exporter: Exporter;
  /** Where it listens: `host:port`. */
  readonly listen: string;
  /** Ends the process in order. */
  end(): void;
}

/** Listens, then reads. @throws where it cannot listen, or the source cannot be read as it is configured */
export async function serve(options: ServeOptions): Promise<Served> {
  const { config, logger, version, reload, clock = realClock } = options;
  const exporter = await Exporter.create({ ...options, now: clock.now, pace: clock.pace });
  const collectors = [...exporter.collectors, new ProcessMetrics(), new EventLoopLag(() => performance.now())];
  const renderer = new Renderer({ collectors: () => collectors, now: () => performance.now(), logger });
  const ready = () => ({ ready: exporter.waitingFor().length === 0, waitingFor: exporter.waitingFor() });
  const reloading = reload === undefined ? {} : { reload: () => reload(exporter) };
  const web = createWeb({ renderer, listen: config.web.listen, ready, status: exporter.status, logger, ...reloading });
  const listen = await web.start();
  logger.info({ listen, version }, "listening");
  const end = endOnSignals(logger, () => stop(exporter, web, options.atEnd));
  if (reload !== undefined) reloadOnSignal(() => reload(exporter), logger);
  try {
    await exporter.start();
  } catch (error) {
    // What listens would keep the process from ending.
    await web.stop();
    throw error;
  }
  return { exporter, listen, end };
}

function reloadOnSignal(reload: () => Promise<void>, logger: Logger): void {
  process.on("SIGHUP", () => {
    reload().catch((error: Error) => logger.error({ reason: error.message }, "reload failed: the configuration before it stays"));
  });
}

async function stop(exporter: Exporter, web: Web, atEnd: () => void = () => undefined): Promise<void> {
  await exporter.stop();
  await web.stop();
  atEnd();
}

/** The first signal ends the process in order, the second at once. @returns what the first signal does */
function endOnSignals(logger: Logger, stop: () => Promise<void>): () => void {
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
  return () => end("SIGTERM");
}
