// Panels that may be empty, and why. A panel of which this is not true any more has to be taken from here.

/** Questions that the hours of the demo have no answer to, whatever is chosen: panel and letter of the query, by the reason. */
const unanswered: Readonly<Record<string, readonly string[]>> = {
  "what is usual in an hour is known after two weeks": ["B", "C", "D"].flatMap((letter) => [
    `ml-data-quality: Predictions in an hour ${letter}`,
    `ml-model: Predictions in an hour ${letter}`,
  ]),
  "all references of the demo are files of whole weeks: all are calibrated": ["ml-feature: What it is compared with E"],
  "no source fails or is held up": ["ml-exporter: Failed exchanges A", "ml-exporter: Who holds the newest minute back B"],
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
  "not every alert has been on for a day": ["ml-alerts: Never acted on"],
  "labels of fraud come late: its losses are watched after days": [
    "ml-fleet: Performance alarms",
    "ml-fleet: Performance alarms over time",
    "ml-model: Performance alarm",
    "ml-performance: Alarm",
    "ml-performance: Evidence that losses have grown",
  ],
  "estimates are judged of windows of a day, and of models that are estimated": ["ml-performance: How wrong estimates were"],
  "only forecast promises something of its predictions": ["ml-performance: Against objectives"],
  "of another exporter there is a recorded page of what it says of itself": [
    "ml-exporter: How late its timers run",
    "ml-exporter: Memory",
    "ml-exporter: Processor",
    "ml-exporter: Who holds the newest minute back",
  ],
  "events are rejected and lost there only": ["ml-exporter: Lost before they were read", "ml-exporter: Rejected, by reason"],
};

const reasons = (lists: typeof ofSome): Map<string, string> =>
  new Map(Object.entries(lists).flatMap(([reason, names]) => names.map((name): [string, string] => [name, reason])));

export const emptyInDemo: ReadonlyMap<string, string> = reasons(unanswered);
export const emptyOfSome: ReadonlyMap<string, string> = reasons(ofSome);
