// The shape of `alerts`: what rules compare series with, so that nobody edits a rule. It decides nothing in the exporter: each of
// these is a series of its own (`ml_threshold`).
import { performanceMetrics } from "./objectives.ts";
import { count, namedAmong, number, optional, period, section, window, z } from "./terms.ts";

const part = z.number("above 0, at most 1").gt(0, "above 0, at most 1").max(1, "above 0, at most 1");
const above = number.positive("above 0");

const objective = section({
  least: number.exactOptional(),
  most: number.exactOptional(),
  /** One of those that the model has. */
  window,
}).superRefine(({ least, most }, context) => {
  if ((least === undefined) !== (most === undefined)) return;
  context.addIssue({ code: "custom", message: "one limit: least or most" });
});

const volume = {
  low: z.number("from 0 to 1").min(0, "from 0 to 1").max(1, "from 0 to 1"),
  high: z.number("1 or above").min(1, "1 or above"),
};

const terms = {
  /** The share of features that may drift. */
  drifting_share: part,
  /** How old a reference may be: from the end of the time that it is of. */
  reference_age: period,
  /** How long there may be no prediction; of a model with `batch` only where it says so itself. */
  silence: period,
  /** How long there may be no outcome, where outcomes are joined. */
  outcome_silence: period,
  /** How late predictions may come: from their own time to their record's. */
  event_delay: period,
  /** Violations of the schema per prediction. */
  schema_violations: number.min(0, "0 or above"),
  /** By how much predictions may be worse than in the reference, as a part of what they were there. */
  performance_change: above,
  /** Without so many events in its long window an alert of a burning budget says nothing. */
  slo_events: count,
};

/** By metric: what it has to be at least, or may be at most. */
const performance = namedAmong(performanceMetrics, objective, "metrics of performance, and the limit of each");

export const alerts = section({
  drifting_share: terms.drifting_share.default(0.3),
  reference_age: terms.reference_age.prefault("180d"),
  silence: terms.silence.prefault("15m"),
  outcome_silence: terms.outcome_silence.prefault("6h"),
  event_delay: terms.event_delay.prefault("5m"),
  schema_violations: terms.schema_violations.default(0.01),
  // In parts of what is usual at that hour of the week.
  volume: section({ low: volume.low.default(0.4), high: volume.high.default(2.5) }).prefault({}),
  performance_change: terms.performance_change.default(0.05),
  slo_events: terms.slo_events.default(100),
  performance: performance.default({}),
});

/** What a model says instead of the defaults. */
export const alertsOfModel = section(optional({ ...terms, volume: section(optional(volume)), performance }));

export type AlertsConfig = z.output<typeof alerts>;
