// What sequential detectors compare a minute's panes with: a reference prepared for them, computed once.
import { pooled } from "../stats/dispersion-bins.ts";
import { type HistogramBaseline, histogramBaseline } from "../stats/histogram-detector.ts";
import { type RateBaseline, rateBaseline } from "../stats/rate-detector.ts";
import { effectiveSize } from "../stats/sample.ts";
import { dayMillis } from "../window/ladder.ts";
import type { Customs, DriftReference } from "./drift-reference.ts";
import type { DriftState } from "./drift-states.ts";
import { overdispersionOf } from "./feature-drift.ts";
import type { DriftSettings } from "./monitor.ts";

const hoursOfDay = 24;

export class Detection {
  /** Of the windows of which it is known how much they differ without drift; without any, nothing is detected. */
  readonly customs: readonly Customs[];
  readonly #reference: DriftReference;
  readonly #settings: DriftSettings;
  /** The group of each bin. */
  readonly #groups: readonly number[];
  /** By hour of the day; one for all where the reference does not know hours. */
  readonly #baselines: (HistogramBaseline | undefined)[] = [];
  readonly #rates = new Map<DriftState, RateBaseline>();

  constructor(reference: DriftReference, customs: readonly Customs[], settings: DriftSettings) {
    this.#reference = reference;
    this.#settings = settings;
    this.customs = customs;
    const [first] = customs;
    const own = Array.from({ length: reference.bins }, (_, bin) => bin);
    this.#groups = first?.bins.known === true ? first.bins.groups : own;
  }

  /** Whether it is known how much values depend on each other, or said that they do not. */
  get known(): boolean {
    return this.customs.length > 0 || !this.#settings.dispersion;
  }

  /** Counts by bin of a pane, in groups; of a category without `unseen`, whose rate is watched for itself. */
  grouped(counts: ArrayLike<number>): Float64Array {
    return pooled(
      this.#groups.map((_, bin) => counts[bin] as number),
      this.#groups,
    );
  }

  /** For panes that begin in an hour of the day (UTC). */
  baseline(hour: number): HistogramBaseline {
    const byHour = this.#reference.matches(1);
    const at = byHour ? hour : 0;
    let baseline = this.#baselines[at];
    if (baseline === undefined) {
      baseline = this.#baselineOf(byHour ? hour : null);
      this.#baselines[at] = baseline;
    }
    return baseline;
  }

  #baselineOf(hour: number | null): HistogramBaseline {
    const onlyHour = Array.from({ length: hoursOfDay }, (_, at) => Number(at === hour));
    const sample = hour === null ? this.#reference.sample : this.#reference.matched(onlyHour);
    const reference = { counts: this.grouped(sample.counts), size: effectiveSize(sample, this.#groups.length) };
    return histogramBaseline(reference, this.#settings.minEffect, this.#overdispersion());
  }

  /** In the direction in which windows differ most from each other, of windows of any length. */
  #overdispersion(): number {
    const greatest = this.customs.map(({ bins }) => {
      return bins.known ? bins.chiSquare.trace * (bins.chiSquare.shares[0] as number) : 1;
    });
    return Math.max(1, ...greatest);
  }

  /** NaN, so that steps change nothing, where the reference knows nothing of the state. */
  rate(state: DriftState): RateBaseline {
    let baseline = this.#rates.get(state);
    if (baseline === undefined) {
      const reference = this.#reference.stateCounts().get(state) ?? { count: 0, size: 0 };
      // Bets multiply: what comes in clumps of different size counts as if all were of the size that decides about the tail.
      const overdispersion = Math.max(1, ...this.customs.map((customs) => clumpIn(customs, state)));
      baseline = rateBaseline(reference, this.#settings.tolerance[state], overdispersion);
      this.#rates.set(state, baseline);
    }
    return baseline;
  }
}

function clumpIn(customs: Customs, state: DriftState): number {
  const own = customs.rate(state);
  return Math.max(overdispersionOf(customs, state), own.known ? own.clump : 1);
}

const prepared = new WeakMap<DriftReference, { readonly settings: DriftSettings; readonly detection: Detection }>();

/** As much of how windows differ as is known by now. */
export function detectionOf(reference: DriftReference, settings: DriftSettings): Detection {
  const before = prepared.get(reference);
  const grows = reference.feature.growing !== undefined;
  if (before?.settings === settings && !grows) return before.detection;
  const customs = settings.dispersion ? knownCustoms(reference, settings) : [];
  if (before?.settings === settings && isSame(before.detection.customs, customs)) return before.detection;
  const detection = new Detection(reference, customs, settings);
  prepared.set(reference, { settings, detection });
  return detection;
}

function knownCustoms(reference: DriftReference, { windows }: DriftSettings): Customs[] {
  // A pane is compared with its hour of the day, so customs are asked for in the same way where they are learned from hours.
  const all = windows.map(({ millis }) => reference.customs(millis, reference.matches(1) && millis <= dayMillis));
  return all.filter(({ bins }) => bins.known);
}

function isSame(one: readonly Customs[], other: readonly Customs[]): boolean {
  return one.length === other.length && one.every((customs, index) => customs === other[index]);
}
