// The samples of drift: scores of a window against the reference, with their sample size and p-values.
import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { discoveries } from "../stats/benjamini-hochberg.ts";
import { driftStates } from "./drift-states.ts";
import type { DriftSettings, Subject } from "./monitor.ts";
import type { WindowDrift } from "./window-drift.ts";

const windowLabels = ["model", "version", "segment", "feature", "window"] as const;
const score: Family = {
  name: "ml_drift_score",
  help: "How far the window is from the reference; no sample where there are too few values. The methods are in docs/scores.md.",
  type: "gauge",
  labels: [...windowLabels, "method"],
};
const pValue: Family = {
  name: "ml_drift_p_value",
  help: "How often a window without drift would differ as much: tests of the distribution, and of rates of values in a state.",
  type: "gauge",
  labels: [...windowLabels, "test"],
};
const samples: Family = {
  name: "ml_drift_samples",
  help: "Values that the scores are of; of weighted events the effective number.",
  type: "gauge",
  labels: windowLabels,
};
const length: Family = {
  name: "ml_drift_window_seconds",
  help: "Length of what the scores are of: more than the window where that has too few values.",
  type: "gauge",
  labels: windowLabels,
};
const calibrated: Family = {
  name: "ml_drift_calibrated",
  help: "Whether the reference knows how much windows differ without drift, as far out as an alarm asks: else there are no p-values.",
  type: "gauge",
  labels: windowLabels,
};
const remaining: Family = {
  name: "ml_drift_calibration_remaining_seconds",
  help: "Event time until the reference will know how much windows differ; no sample where it knows, or will not.",
  type: "gauge",
  labels: windowLabels,
};

const drifting: Family = {
  name: "ml_drifting_features",
  help: "Features and outputs of the version that drift in the window, with an expected share of false ones of 5 % (Benjamini-Hochberg): for boards, not for alarms.",
  type: "gauge",
  labels: ["model", "version", "window"],
};
const monitored: Family = {
  name: "ml_monitored_features",
  help: "Features and outputs of the version whose drift in the window has a p-value.",
  type: "gauge",
  labels: ["model", "version", "window"],
};

const ofFeature: readonly Family[] = [score, pValue, samples, length, calibrated, remaining];
export const driftFamilies: readonly Family[] = [...ofFeature, drifting, monitored];

/** The accepted share of false ones among the features that are said to drift. */
const falseDiscoveries = 0.05;

/** How many features of a version drift in one window: made once. */
export class DriftingSeries {
  readonly #drifting: Series;
  readonly #monitored: Series;

  constructor({ model, version }: Subject, window: string) {
    this.#drifting = createSeries(drifting, [model, version, window]);
    this.#monitored = createSeries(monitored, [model, version, window]);
  }

  /** @param pValues of the features' distributions; NaN where there is none */
  write(pValues: readonly number[], page: Page): void {
    page.sample(this.#drifting, discoveries(pValues, falseDiscoveries));
    page.sample(this.#monitored, pValues.filter((p) => !Number.isNaN(p)).length);
  }
}

/** How many series a feature's drift in one window has at most. */
export function driftSeriesCount({ methods, tests }: DriftSettings): number {
  return methods.length + tests.length + driftStates.length + ofFeature.length - 2;
}

/** Makes the series of one feature in one window, once. */
export class DriftSeries {
  readonly #labels: readonly string[];
  readonly #byName = new Map<string, Series>();
  readonly #samples: Series;
  readonly #length: Series;
  readonly #calibrated: Series;
  readonly #remaining: Series;

  constructor({ model, version }: Subject, segment: string, feature: string, window: string) {
    this.#labels = [model, version, segment, feature, window];
    this.#samples = createSeries(samples, this.#labels);
    this.#length = createSeries(length, this.#labels);
    this.#calibrated = createSeries(calibrated, this.#labels);
    this.#remaining = createSeries(remaining, this.#labels);
  }

  /** What there is no number for is NaN, and not on the page. */
  write({ values: drift, rates }: WindowDrift, { methods, tests }: DriftSettings, page: Page): void {
    for (const method of methods) page.sample(this.#named(score, method), drift.scores[method]);
    for (const test of tests) page.sample(this.#named(pValue, test), drift.pValue(test));
    for (const { state, pValue: p } of rates.states) page.sample(this.#named(pValue, state), p);
    page.sample(this.#samples, drift.samples);
    page.sample(this.#length, drift.windowMillis / 1000);
    const { calibration } = drift;
    page.sample(this.#calibrated, calibration.known ? 1 : 0);
    if (!calibration.known) page.sample(this.#remaining, calibration.remainingMillis / 1000);
  }

  #named(family: Family, name: string): Series {
    const key = `${family.name} ${name}`;
    let series = this.#byName.get(key);
    if (series === undefined) {
      series = createSeries(family, [...this.#labels, name]);
      this.#byName.set(key, series);
    }
    return series;
  }
}
