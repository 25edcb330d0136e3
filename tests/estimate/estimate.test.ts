// The estimate of small configurations, whose series are counted here by hand; that every family is counted or named; and what
// levers save.
import { expect, test } from "vitest";
import { metricFamilies } from "../../scripts/metric-families.ts";
import { parseConfig } from "../../src/config/load.ts";
import { type Assumptions, usualAssumptions } from "../../src/estimate/assumptions.ts";
import { estimateModels, seriesIn, unlisted } from "../../src/estimate/estimate.ts";
import { savings } from "../../src/estimate/levers.ts";
import { ownSeries } from "../../src/estimate/own-series.ts";
import { tryModel } from "../../src/estimate/trial.ts";
import { ProcessMetrics } from "../../src/expose/process-metrics.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";

const none = new Map();
const single: Assumptions = { ...usualAssumptions, versions: 1 };
const configOf = (text: string) => parseConfig(`source: {kafka: {brokers: [none:1], topics: {events: {}}}}\n${text}`, "test");

function byCause(text: string, assumptions = single, model = "m"): Record<string, number> {
  const { counts } = estimateModels(configOf(text), none, assumptions);
  return Object.fromEntries(counts.filter((count) => count.model === model).map(({ cause, series }) => [cause, series]));
}

const small = (more = "", windows = "1h") => `
defaults: {windows: [${windows}]}
models:
  m:
    task: binary
    segments: []
    features:
      x: {type: numeric, edges: [1, 2], observations: true}
      y: {type: categorical, categories: [a, b]}
    slos: {latency: {objective: 0.99, below_ms: 100}}
${more}`;

/** Learned bins: 20 quantiles and two tails. Of two categories a third for what is neither. */
const [scoreBins, twoCategories] = [22, 3];
/** x, y, $score, $prediction: two of them are numbers. */
const [numbers, categories] = [2, 2];
const expected = {
  // Model, predictions, errors, first and last.
  traffic: 5,
  // 15 and 12 bounds, and of each +Inf, sum and count.
  latency: 15 + 3 + 12 + 3,
  slo: 3,
  // Eight states of each; five violations, three changes.
  quality: 8 * (numbers + categories) + 5 + 3,
  // Share, age, delay, silence, four states, violations, two of volume, events of objectives; false alarms.
  threshold: 12 + 1,
  // Samples, mean, deviation and four quantiles; of categories samples and different values.
  distribution: 7 * numbers + 2 * categories,
  // In the window and in the reference; those of y are not asked for.
  bins: 2 * (3 + scoreBins + twoCategories),
  // Where it comes from, rows, end, since when, learning; states that are possible.
  reference: 5 + 5 * numbers + 4 * categories,
  // Three scores (of categories two), one test, rates of three (four) states, samples, length, calibrated; drifting, monitored; causes.
  drift: (3 + 1 + 3 + 3) * numbers + (2 + 1 + 4 + 3) * categories + 2 + 2,
  // The alarm, how often, its limits (one of p-values a window, one of evidence), and evidence of each.
  alarm: 1 + 1 + 1 + 1 + numbers + categories,
};

test("series of a small configuration, by what they are there for", () => {
  expect(byCause(small())).toEqual(expected);
});

test("versions multiply everything, another window what is by window", () => {
  const twice = Object.fromEntries(Object.entries(expected).map(([cause, series]) => [cause, 2 * series]));
  expect(byCause(small(), { ...single, versionsOf: new Map([["m", 2]]) })).toEqual(twice);
  expect(byCause(small(), { ...single, versions: 2 })).toEqual(twice);
  const { counts } = estimateModels(configOf(small()), none, usualAssumptions);
  expect(counts.filter(({ model }) => model === "")).toMatchObject([{ cause: "traffic", series: 1 }]);

  const longer = byCause(small("", "1h, 24h"));
  const ofReference = expected.bins / 2;
  expect(longer).toEqual({
    ...expected,
    distribution: 2 * expected.distribution,
    bins: ofReference + 2 * ofReference,
    drift: 2 * expected.drift,
    alarm: expected.alarm + 1,
  });
});

test("windows shorter than the time between two batch runs count as often as a run lies in them", () => {
  const batch = (windows: string) => byCause(small("    batch: {every: 6h}", windows));
  const [hour, day, both] = [batch("1h"), batch("24h"), batch("1h, 24h")];
  expect(day).toMatchObject({ distribution: expected.distribution, drift: expected.drift });
  expect(hour).toMatchObject({
    distribution: Math.round(expected.distribution / 6),
    // What explains a change is of the longest window only.
    bins: Math.round(expected.bins / 2 + expected.bins / 12),
  });
  expect(both.distribution).toBe(Math.round(expected.distribution * (1 + 1 / 6)));
});

test("values of an attribute multiply what is by segment", () => {
  const segmented = byCause(small().replace("segments: []", "segments: [channel]"), { ...single, segmentValues: 3 });
  const parts = 1 + 3;
  const ofReference = expected.bins / 2;
  const ofAll = 2 + 2;
  expect(segmented).toEqual({
    ...expected,
    distribution: parts * expected.distribution,
    bins: ofReference + parts * ofReference,
    drift: parts * (expected.drift - ofAll) + ofAll,
    alarm: expected.alarm + 3 * (numbers + categories),
  });
});

test("models that are not listed are like one of which nothing is said", () => {
  const one = byCause("", { ...single, unlisted: 1 }, unlisted);
  const three = byCause("", { ...single, unlisted: 3 }, unlisted);
  expect(three).toEqual(Object.fromEntries(Object.entries(one).map(([cause, series]) => [cause, 3 * series])));
  // 20 features, the score and the prediction.
  expect(one.quality).toBe(8 * 22 + 5 + 3);
  expect(byCause("", { ...single, unlisted: 1, features: 10 }, unlisted).quality).toBe(8 * 12 + 5 + 3);
});

/** Configurations that together export all that there is. */
const everything = [
  small(
    "    outcomes: {threshold: [0.5, 0.8], absent: 0, confusion: true, horizon: 1d}\n    batch: {every: 1h, min_rows: 5}",
    "1h, 24h",
  ),
  "models: {m: {task: multiclass, outcomes: {}, segments: [a]}}",
  "models: {m: {task: forecast, outcomes: {}}}",
  "models: {m: {task: ranking, outcomes: {horizon: 15m}}}",
  "models: {m: {}}",
];

/** Families that an estimate counts none of, and why. */
const notCounted: Readonly<Record<string, string>> = {
  ml_drift_alarm_since_timestamp_seconds: "while an alarm is on",
  ml_drift_alarm_first_deviation_timestamp_seconds: "while an alarm is on",
  ml_drift_alarm_signal: "while an alarm is on",
  ml_performance_alarm_since_timestamp_seconds: "while an alarm is on",
  ml_drift_calibration_remaining_seconds: "until the reference has grown",
  ml_business_value_total: "only events say whether outcomes have values",
  ml_business_value_returned_total: "only events say whether outcomes have values",
};

test("every family of models is counted, or named here with a reason", async () => {
  const counted = new Set<string>();
  for (const text of everything) {
    const { families } = tryModel("m", foldSettings(configOf(text)), { ...single, segmentValues: 2 });
    for (const { name } of families) counted.add(name);
  }
  const all = (await metricFamilies()).map(({ name }) => name).filter((name) => !name.startsWith("ml_exporter_"));
  expect(all.filter((name) => !counted.has(name)).sort()).toEqual(Object.keys(notCounted).sort());
});

/** To be made once in a process. */
const ofProcess = new ProcessMetrics();

test("what the exporter says of itself follows from topics and partitions", async () => {
  const of = async (topics: string, partitions: number) => {
    const config = parseConfig(`source: {kafka: {brokers: [none:1], topics: ${topics}}}`, "test");
    return (await ownSeries(config, partitions, 0, ofProcess)).get("exporter") as number;
  };
  const one = await of("{a: {}}", 1);
  // Lag, whether it is paused, whether it holds the frontier.
  expect((await of("{a: {}}", 4)) - one).toBe(3 * 3);
  const two = await of("{a: {}, b: {}}", 1);
  // Rejections, late events, events by type, gaps, recreations: as on a page of the whole exporter.
  expect(two - one).toBeGreaterThan(20);
  expect((await of("{a: {}, b: {}, c: {}}", 1)) - two).toBe(two - one);
});

test("each lever saves what the estimate without it is lower by, the largest first", () => {
  const text = small("    outcomes: {threshold: [0.5, 0.8], confusion: true, horizon: 15m}", "5m, 1h").replace(
    "segments: []",
    "segments: [channel]",
  );
  const config = configOf(text);
  const assumptions = { ...usualAssumptions, segmentValues: 2 };
  const before = estimateModels(config, none, assumptions);
  const found = savings({ config, assumptions }, none, before);
  expect(found.map(({ series }) => series)).toEqual(found.map(({ series }) => series).sort((a, b) => b - a));
  const of = (what: string): number | undefined => found.find((one) => one.what === what)?.series;
  const without = (changed: string): number => {
    return seriesIn(before.counts) - seriesIn(estimateModels(configOf(changed), none, assumptions).counts);
  };
  expect(of("models.m.segments: []")).toBe(without(text.replace("[channel]", "[]")));
  expect(of("models.m.features.*.observations: false")).toBe(without(text.replace(", observations: true", "")));
  expect(of("models.m.outcomes.threshold: 0.5")).toBe(without(text.replace("[0.5, 0.8]", "0.5")));
  expect(of("models.m.outcomes.confusion: false")).toBe(without(text.replace(", confusion: true", "")));
  expect(of("defaults.windows: [5m]")).toBe(without(text.replace("[5m, 1h]", "[5m]")));
  expect(of("defaults.scores: [psi_adjusted]")).toBe(without(text.replace("1h]", "1h], scores: [psi_adjusted]")));
  expect(of("defaults.expire below 7d, so that one version is live")).toBe(
    seriesIn(before.counts) - seriesIn(estimateModels(config, none, { ...assumptions, versions: 1 }).counts),
  );
  // Latency, delays, delays of labels: of each one is left.
  expect(of("in prometheus.yml: convert_classic_histograms_to_nhcb: true")).toBe(2 * (18 + 15 + 17 - 3));
});
