// Where a log is begun that no snapshot knows.
import type { Config } from "../config/schema.ts";
import type { LogBounds, Start } from "../source/source.ts";
import { minuteMillis } from "../window/resolution.ts";
import { outcomeSettings } from "./fold-settings.ts";

/** As `source.kafka.start` says; what is not from Kafka is read from its beginning. */
export function beginAt(config: Config, bounds: LogBounds, nowMillis: number): Start {
  const start = config.source.kafka?.start ?? "earliest";
  if (start === "earliest") return { offset: bounds.low };
  if (start === "latest") return { offset: bounds.end };
  return { timeMillis: nowMillis - (start === "auto" ? backMillis(config) : start) };
}

/**
 * As far back as learning and the longest window need, and before that as far as predictions may be whose outcomes come
 * meanwhile: without them those would be of nobody.
 */
function backMillis(config: Config): number {
  const learnMillis = Math.max(config.defaults.learn, ...Object.values(config.models).map((model) => model.learn ?? 0));
  return learnMillis + Math.max(...config.defaults.windows) + greatestHorizon(config) + minuteMillis;
}

/** The longest that an outcome of any model may come after its prediction; 0 where none is joined. */
function greatestHorizon(config: Config): number {
  const all = [{}, ...Object.values(config.models)].map((model) => outcomeSettings(config, model));
  return Math.max(...all.map((outcomes) => outcomes?.horizonMillis ?? 0));
}
