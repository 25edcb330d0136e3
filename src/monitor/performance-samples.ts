// The samples of performance: how well a model does, beside how sure that is, and beside how well it did in its reference.
import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { Measured, Performance } from "../performance/measured.ts";
import { performanceOf } from "../performance/pairs.ts";
import type { PerformancePane } from "../performance/pane.ts";
import type { Gate, PaneTotalsWriter, Subject, WindowWriter } from "./monitor.ts";
import { ObjectiveSeries, seriesEach } from "./objectives.ts";
import type { PerformanceTotals } from "./performance.ts";
import { PerformanceAlarmSeries, performanceAlarmFamilies } from "./performance-alarm-samples.ts";
import type { PerformanceMemory } from "./performance-memory.ts";
import type { Gaps } from "./performance-trust.ts";
import { performanceOfWindow } from "./window-performance.ts";

const plainLabels = ["model", "version", "segment", "window"] as const;
const labels = [...plainLabels, "metric", "by", "threshold", "horizon", "class"] as const;
const value: Family = {
  name: "ml_performance",
  help: "How well the model does, by outcomes in the window or by its newest predictions that have labels; no sample below 30 labels. The metrics are in docs/performance-metrics.md.",
  type: "gauge",
  labels,
};
const lower: Family = {
  name: "ml_performance_lower",
  help: "Lower limit of the metric's interval of 95 %; no sample where none holds.",
  type: "gauge",
  labels,
};
const upper: Family = {
  name: "ml_performance_upper",
  help: "Upper limit of the metric's interval of 95 %; no sample where none holds.",
  type: "gauge",
  labels,
};
const samples: Family = {
  name: "ml_performance_samples",
  help: "Labels that the metric is of; of weighted events the effective number.",
  type: "gauge",
  labels,
};
const reference: Family = {
  name: "ml_performance_reference",
  help: "The metric in the model's reference.",
  type: "gauge",
  labels: ["model", "version", "metric", "threshold", "horizon", "class"],
};
const estimated: Family = {
  name: "ml_performance_estimated",
  help: "The metric of the window's predictions if scores mean what they meant in the reference; it cannot see that they do not.",
  type: "gauge",
  labels: [...plainLabels, "metric"],
};
const gap: Family = {
  name: "ml_performance_estimate_gap",
  help: "How far estimates of such windows were from what all of their labels showed later, of the last 26: typical (root mean square) and greatest. What an estimate is to be trusted to.",
  type: "gauge",
  labels: ["model", "version", "window", "metric", "gap"],
};
const confusion: Family = {
  name: "ml_performance_confusion",
  help: "Labels of one class that were predicted as another or the same, by outcomes in the window; where outcomes.confusion asks for it.",
  type: "gauge",
  labels: [...plainLabels, "label", "prediction"],
};
const ripeEnd: Family = {
  name: "ml_performance_cohort_end_timestamp_seconds",
  help: "End of the newest window of predictions that enough labels have come for.",
  type: "gauge",
  labels: plainLabels,
};
const ripeCoverage: Family = {
  name: "ml_performance_cohort_coverage_ratio",
  help: "Share of the predictions of that window that have a label.",
  type: "gauge",
  labels: plainLabels,
};
const unusable: Family = {
  name: "ml_labels_unusable_total",
  help: "Labels that say nothing of how well the model does: they cannot be read as its task asks, or their predictions cannot.",
  type: "counter",
  labels: ["model", "version", "shard"],
};

const ofMetric: readonly Family[] = [value, lower, upper, samples];
export const performanceFamilies: readonly Family[] = [
  ...ofMetric,
  reference,
  estimated,
  gap,
  confusion,
  ripeEnd,
  ripeCoverage,
  unusable,
  ...performanceAlarmFamilies,
];

/** Series by what stands in their labels, made once each. */
class Made {
  readonly #series = new Map<string, Series>();

  of(family: Family, labelValues: readonly string[]): Series {
    const key = `${family.name}\n${labelValues.join("\n")}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = createSeries(family, labelValues);
      this.#series.set(key, series);
    }
    return series;
  }
}

export function performanceWriter(
  { model, version }: Subject,
  segment: string,
  window: string,
): WindowWriter<PerformanceMemory, PerformanceTotals, PerformancePane> {
  const made = new Made();
  const own = [model, version, segment, window];
  const writeMetric = (one: Performance, by: string, page: Page): void => {
    const labelValues = [...own, one.metric, by, one.threshold, one.horizon, one.class];
    page.sample(made.of(value, labelValues), one.value);
    page.sample(made.of(lower, labelValues), one.lower);
    page.sample(made.of(upper, labelValues), one.upper);
    page.sample(made.of(samples, labelValues), one.samples);
  };
  const writeEstimates = (estimates: readonly Measured[], gaps: ReadonlyMap<string, Gaps>, page: Page): void => {
    for (const one of estimates) page.sample(made.of(estimated, [...own, one.metric]), one.value);
    for (const [metric, { typical, greatest }] of gaps) {
      page.sample(made.of(gap, [model, version, window, metric, "typical"]), typical);
      page.sample(made.of(gap, [model, version, window, metric, "greatest"]), greatest);
    }
  };
  return {
    write(of, memory, page, gate) {
      const said = performanceOfWindow(of, memory);
      if (said === null) return;
      const { byOutcome, byPrediction, estimated: estimates, gaps, confusion: counts } = said;
      const count =
        ofMetric.length * (byOutcome.length + (byPrediction?.metrics.length ?? 0)) +
        estimates.length +
        2 * gaps.size +
        counts.length +
        2;
      if (gate("performance", count) === "hidden") return;
      for (const one of byOutcome) writeMetric(one, "outcome", page);
      writeEstimates(estimates, gaps, page);
      for (const { label, prediction, weight } of counts) page.sample(made.of(confusion, [...own, label, prediction]), weight);
      if (byPrediction === null) return;
      for (const one of byPrediction.metrics) writeMetric(one, "prediction", page);
      page.sample(made.of(ripeEnd, own), byPrediction.endMillis / 1000);
      page.sample(made.of(ripeCoverage, own), byPrediction.coverage);
    },
  };
}

/** What was counted of labels, and what is normal. */
export function performanceTotalsWriter({ model, version }: Subject): PaneTotalsWriter<PerformanceMemory, PerformanceTotals> {
  const series = createSeries(unusable, [model, version, "all"]);
  const ofReference = new ReferenceSeries({ model, version });
  const ofObjectives = new ObjectiveSeries({ model, version });
  const ofAlarm = new PerformanceAlarmSeries({ model, version });
  return {
    write(totals, { settings }, page, gate) {
      if (settings.performance === null) return;
      for (const objective of settings.performance.objectives) {
        const counted = gate(`slo ${objective.name}`, seriesEach);
        if (counted !== "hidden") ofObjectives.write(objective, totals.quality.tallies, page, counted === "zero");
      }
      ofAlarm.writeCount(totals.alarm, page, gate);
      const shown = gate("$labels", 1);
      if (shown !== "hidden") page.sample(series, shown === "zero" ? 0 : totals.unusable);
    },
    writeState(totals, memory, page, gate) {
      ofReference.write(memory, page, gate);
      if (memory.settings.performance !== null) ofAlarm.writeState(totals.alarm, memory, page, gate);
    },
  };
}

class ReferenceSeries {
  readonly #subject: Subject;
  /** Made for a reference, which does not change. */
  #of: PerformancePane | null = null;
  #samples: readonly { readonly series: Series; readonly value: number }[] = [];

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  write(memory: PerformanceMemory, page: Page, gate: Gate): void {
    const { reference: pane, settings } = memory;
    if (pane === null || settings.performance === null) return;
    if (this.#of !== pane) {
      const { model, version } = this.#subject;
      this.#of = pane;
      this.#samples = [...performanceOf(pane, settings.performance.pairs)].map((one) => ({
        series: createSeries(reference, [model, version, one.metric, one.threshold, one.horizon, one.class]),
        value: one.value,
      }));
    }
    if (this.#samples.length === 0 || gate("performance", this.#samples.length) === "hidden") return;
    for (const { series, value: was } of this.#samples) page.sample(series, was);
  }
}
