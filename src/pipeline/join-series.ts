// The series of a version whose outcomes are joined: what became of its predictions and outcomes, how long labels take, and
// which share of the predictions of a window has one.
import { formatDuration } from "../config/duration.ts";
import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { durationSum, zeroDurations } from "../monitor/duration.ts";
import { delayBoundsSeconds, type JoinVersion } from "../state/join-model.ts";
import { windowEnd } from "../window/resolution.ts";

export const outcomes: Family = {
  name: "ml_outcomes_total",
  help: "Outcomes by what became of them: joined (the version is that of the prediction), orphaned, duplicate, late or unjoined, of which no prediction was looked for (the version is the one that the outcome names); absent: predictions to which no outcome means a label.",
  type: "counter",
  labels: ["model", "version", "state", "shard"],
};
const expired: Family = {
  name: "ml_predictions_expired_total",
  help: "Predictions whose outcome did not come by the horizon.",
  type: "counter",
  labels: ["model", "version", "shard"],
};
const repeated: Family = {
  name: "ml_predictions_duplicate_total",
  help: "Predictions that repeat the id of another within the horizon; they are joined with nothing.",
  type: "counter",
  labels: ["model", "version", "shard"],
};
const delay: Family = {
  name: "ml_label_delay_seconds",
  help: "Time from predictions to their outcomes.",
  type: "histogram",
  labels: ["model", "version", "shard"],
};
const coverage: Family = {
  name: "ml_label_coverage_ratio",
  help: "Weighted share of the predictions of a window, by their own time, that have a label by now.",
  type: "gauge",
  labels: ["model", "version", "window"],
};
export const pending: Family = {
  name: "ml_predictions_pending",
  help: "Predictions that wait for their outcome.",
  type: "gauge",
  labels: ["model"],
};

export const joinFamilies: readonly Family[] = [expired, repeated, pending, coverage, delay];

const states = ["joined", "orphaned", "duplicate", "late", "absent"] as const;
const noDelays = zeroDurations(delayBoundsSeconds);

/** How many series the counters of a version are, with the buckets of its histogram. */
export const joinSeriesEach = states.length + 2 + delayBoundsSeconds.length + 3;

/** Everything made once for a version, so that a scrape formats numbers only. */
export class JoinSeries {
  readonly #model: string;
  readonly #version: string;
  readonly #states: readonly Series[];
  readonly #expired: Series;
  readonly #repeated: Series;
  readonly #delay: Series;
  readonly #coverage = new Map<number, Series>();

  constructor(model: string, version: string) {
    this.#model = model;
    this.#version = version;
    this.#states = states.map((state) => createSeries(outcomes, [model, version, state, "all"]));
    this.#expired = createSeries(expired, [model, version, "all"]);
    this.#repeated = createSeries(repeated, [model, version, "all"]);
    this.#delay = createSeries(delay, [model, version, "all"]);
  }

  /**
   * @param absence whether a label may follow from the absence of an outcome
   * @param zero the counters are new: they say 0 for a while
   */
  writeCounters(of: JoinVersion, page: Page, absence: boolean, zero: boolean): void {
    for (const [index, state] of states.entries()) {
      if (state === "absent" && !absence && of.absent === 0) continue;
      page.sample(this.#states[index] as Series, zero ? 0 : of[state]);
    }
    page.sample(this.#expired, zero ? 0 : of.expired);
    page.sample(this.#repeated, zero ? 0 : of.repeated);
    const delays = zero ? noDelays : of.delays;
    page.histogram(this.#delay, delayBoundsSeconds, delays.counts, durationSum(delays));
  }

  /** Nothing where the window has no predictions, or is shown no more. @param isShown of a window's end and length */
  writeCoverage(
    { cohorts }: JoinVersion,
    windowMillis: number,
    frontierMillis: number,
    page: Page,
    isShown: (endMillis: number, windowMillis: number) => boolean,
  ): void {
    if (!isShown(windowEnd(frontierMillis, windowMillis), windowMillis)) return;
    const ratio = cohorts.ratio(windowMillis, frontierMillis);
    if (Number.isNaN(ratio)) return;
    let series = this.#coverage.get(windowMillis);
    if (series === undefined) {
      series = createSeries(coverage, [this.#model, this.#version, formatDuration(windowMillis)]);
      this.#coverage.set(windowMillis, series);
    }
    page.sample(series, ratio);
  }
}
