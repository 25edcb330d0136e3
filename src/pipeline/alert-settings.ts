// What rules compare series with, from the configuration of a model and the defaults.
import type { Config, ModelConfig } from "../config/schema.ts";
import type { AlertSettings, PerformanceLimit } from "../monitor/alert-settings.ts";

/** Outcomes of a batch model come with its runs: one that is missed is the job's alarm, and not that of its outcomes. */
const runsWithoutOutcomes = 2;

export function alertSettings({ defaults }: Config, model: ModelConfig): AlertSettings {
  const own = model.alerts ?? {};
  const alerts = {
    ...defaults.alerts,
    ...own,
    volume: { ...defaults.alerts.volume, ...own.volume },
    performance: { ...defaults.alerts.performance, ...own.performance },
  };
  const judged = defaults.outcomes !== undefined || model.outcomes !== undefined;
  return {
    driftingShare: alerts.drifting_share,
    referenceAgeMillis: alerts.reference_age,
    silenceMillis: model.batch === undefined ? alerts.silence : (own.silence ?? null),
    outcomeSilenceMillis: judged ? outcomeSilence(alerts.outcome_silence, model) : null,
    eventDelayMillis: alerts.event_delay,
    schemaViolations: alerts.schema_violations,
    volume: alerts.volume,
    performanceChange: alerts.performance_change,
    sloEvents: alerts.slo_events,
    performance: judged ? limitsOf(alerts.performance) : [],
  };
}

function outcomeSilence(millis: number, { alerts, batch }: ModelConfig): number {
  if (alerts?.outcome_silence !== undefined || batch === undefined) return millis;
  return Math.max(millis, runsWithoutOutcomes * batch.every);
}

function limitsOf(performance: Config["defaults"]["alerts"]["performance"]): PerformanceLimit[] {
  return Object.entries(performance).map(([metric, { least, most, window }]) => {
    const windowMillis = window;
    if (least !== undefined) return { metric, windowMillis, bound: "least", limit: least };
    return { metric, windowMillis, bound: "most", limit: most as number };
  });
}
