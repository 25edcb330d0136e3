// The shape of the configuration file: one schema gives types, defaults and messages. Its sections are in the folder
// `schema`.
import { formatDuration } from "./duration.ts";
import type { AlertsConfig } from "./schema/alerts.ts";
import { defaults } from "./schema/defaults.ts";
import { models } from "./schema/model.ts";
import { source } from "./schema/source.ts";
import { count, duration, flag, lasting, path, section, text, type z } from "./schema/terms.ts";

const day = 86_400_000;

/** Each save writes the whole state; a timer cannot be set to more than some weeks. */
const every = duration.refine((millis) => millis >= 1000 && millis <= day, "from 1s to 1d");

const state = section({
  directory: text.default("./state"),
  every: every.prefault("30s"),
  kafka: section({ topic: text }).optional(),
});

const web = section({
  listen: text.default("127.0.0.1:9877"),
  /** How long counters of a new model say 0, so that every scraper sees them begin. */
  zero_for: lasting("30s"),
  config_file: path.optional(),
});

const limits = section({
  series: count.default(50_000),
  models: count.default(100),
  versions: count.default(20),
  features: count.default(500),
  slots: count.default(10_000),
  segments: count.default(20),
  categories: count.default(500),
  message_bytes: count.default(262_144),
  pending: count.default(2_000_000),
});

const whole = section({
  source,
  state: state.prefault({}),
  web: web.prefault({}),
  limits: limits.prefault({}),
  defaults: defaults.prefault({}),
  discover: flag.default(true),
  models: models.prefault({}),
});

/** What goes by metrics of performance needs labels, and windows that there are. */
export const configSchema = whole.superRefine(({ defaults, models }, context) => {
  const complain = (path: string[], message: string): void => context.addIssue({ code: "custom", path, message });
  const windowed = (
    path: string[],
    { performance = {} }: Pick<AlertsConfig, "performance"> | { performance?: undefined },
  ): void => {
    for (const [metric, { window }] of Object.entries(performance)) {
      if (defaults.windows.includes(window)) continue;
      const there = defaults.windows.map(formatDuration).join(", ");
      complain([...path, "alerts", "performance", metric, "window"], `no window of defaults.windows, which are ${there}`);
    }
  };
  windowed(["defaults"], defaults.alerts);
  for (const [model, { slos = {}, outcomes, alerts = {} }] of Object.entries(models)) {
    windowed(["models", model], alerts);
    if (defaults.outcomes !== undefined || outcomes !== undefined) continue;
    const needs = `needs labels: models.${model}.outcomes, if only {}, joins them`;
    const { latency, availability, ...ofQuality } = slos;
    for (const name of Object.keys(ofQuality)) complain(["models", model, "slos", name], needs);
    for (const name of Object.keys(alerts.performance ?? {})) complain(["models", model, "alerts", "performance", name], needs);
  }
});

export type Config = z.output<typeof configSchema>;
export type { ModelConfig } from "./schema/model.ts";
export type { KafkaConfig, SimulatorConfig } from "./schema/source.ts";
