// Panels that may be empty, and why. A panel of which this is not true any more has to be taken from here.

/** Questions that the hours of the demo have no answer to, whatever is chosen: panel and letter of the query, by the reason. */
const unanswered: Readonly<Record<string, readonly string[]>> = {
  "what is usual in an hour is known after two weeks": ["B", "C", "D"].flatMap((letter) => [
    `ml-data-quality: Predictions in an hour ${letter}`,
    `ml-model: Predictions in an hour ${letter}`,
  ]),
  "performance is watched after a day of labels": [
    "ml-fleet: All models G",
    "ml-fleet: Performance alarms A",
    "ml-fleet: Performance alarms over time A",
    "ml-model: Performance alarm A",
    "ml-performance: Alarm A",
    "ml-performance: Evidence that losses have grown A",
    "ml-performance: Evidence that losses have grown B",
  ],
  "estimates are judged when all labels of a day have come": ["ml-performance: How wrong estimates were A"],
  "the demo promises no performance": ["ml-performance: Against objectives A"],
  "all references of the demo are files of whole weeks: all are calibrated": ["ml-feature: What it is compared with E"],
  "nothing of the demo is rejected, lost or held up, and its source does not fail": [
    "ml-exporter: Failed exchanges A",
    "ml-exporter: Lost before they were read A",
    "ml-exporter: Lost before they were read B",
    "ml-exporter: Rejected, by reason A",
    "ml-exporter: Who holds the newest minute back B",
  ],
  "the recorded pages are of a Prometheus and an Alertmanager that had sent nothing": [
    "ml-alerts: Notifications A",
    "ml-alerts: Notifications B",
    "ml-exporter: Alerts that Alertmanager did not take A",
    "ml-exporter: Notifications that were not delivered A",
  ],
  "the demo is shorter than a day": ["ml-alerts: Never acted on A"],
  "alerts of the demo are kept on for 15 minutes and more": ["ml-alerts: What fired most D"],
};

/** Panels that show nothing for some of what can be chosen, by the reason; those above that ask nothing else are added. */
const ofSome: Readonly<Record<string, readonly string[]>> = {
  "a feature that appeared within the hour is in no reference and in no full window": [
    "ml-feature: Beyond what is allowed",
    "ml-feature: Length compared",
    "ml-feature: Score (PSI)",
    "ml-feature: Scores over time",
    "ml-feature: Values",
    "ml-feature: p-value",
  ],
  "a feature is of numbers or of categories": [
    "ml-feature: Different values",
    "ml-feature: Mean and standard deviation",
    "ml-feature: Numbers now and in the reference",
    "ml-feature: Quantiles",
    "ml-feature: Words now and in the reference",
    "ml-model: Quantiles and mean",
  ],
  "counts by bin are exported of some features": ["ml-feature: Shares by bin over time"],
  "not every feature raises an alarm": ["ml-feature: Signals"],
  "small segments have too few values": ["ml-feature: All segments now", "ml-feature: Segments that differ most"],
  "jobs of forecast predict once in a quarter of an hour": ["ml-model: Failed"],
  "forecast has no objectives": [
    "ml-fleet: Budgets spent",
    "ml-fleet: Least budget left",
    "ml-model: Bad events in an hour",
    "ml-model: Budget left",
  ],
  "only some metrics are of a model, or of its reference": [
    "ml-performance: Calibration error",
    "ml-performance: In the reference",
    "ml-performance: Scores and labels",
  ],
  "only outcomes of recommendation carry a value": ["ml-performance: Value"],
  "only fraud asks for its confusion": ["ml-performance: What was taken for what"],
  "not every objective burns": ["ml-slo: Burning"],
  "not every app has a GPU": ["ml-infrastructure: Errors and throttling", "ml-infrastructure: Memory of GPUs"],
  "an alert that was on before the time that is looked at did not begin in it": ["ml-alerts: Began"],
  "not every alert is still on": ["ml-alerts: Firing", "ml-alerts: What fires"],
};

const reasons = (lists: typeof ofSome): Map<string, string> =>
  new Map(Object.entries(lists).flatMap(([reason, names]) => names.map((name): [string, string] => [name, reason])));

export const emptyInDemo: ReadonlyMap<string, string> = reasons(unanswered);
export const emptyOfSome: ReadonlyMap<string, string> = reasons(ofSome);
