// What sequential detectors compare a minute's panes with: a reference prepared for them, computed once.
import { pooled } from "../stats/dispersion-bins.ts";
import { type HistogramBaseline, histogramBaseline, type Order, orderOf } from "../stats/histogram-detector.ts";
import { type RateBaseline, rateBaseline } from "../stats/rate-detector.ts";
import { effectiveSize, type Sample } from "../stats/sample.ts";
import { dayMillis, hourMillis } from "../window/resolution.ts";
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
  /** The group of each bin; null: each is its own. */
  readonly #groups: readonly number[] | null;
  /** Null: bins have none. */
  readonly #order: Order | null;
  /**
   * For panes of one hour of the day; null: of any, where the reference does not know hours. They come hour by hour, and those of
   * all hours together would be as large as the reference.
   */
  #latest: { readonly hour: number | null; readonly baseline: HistogramBaseline } | null = null;
  readonly #rates = new Map<DriftState, RateBaseline>();

  constructor(reference: DriftReference, customs: readonly Customs[], settings: DriftSettings) {
    this.#reference = reference;
    this.#settings = settings;
    this.customs = customs;
    const [first] = customs;
    const groups = first?.bins.known === true ? first.bins.groups : null;
    this.#groups = groups?.every((group, bin) => group === bin) ? null : groups;
    this.#order = reference.ordered ? orderOf(this.#grouped(reference.sample), this.#overdispersion("direction")) : null;
  }

  /** Whether it is known how much values depend on each other, or said that they do not. */
  get known(): boolean {
    return this.customs.length > 0 || !this.#settings.dispersion;
  }

  /** Whether bins have an order. */
  get ordered(): boolean {
    return this.#reference.ordered;
  }

  /**
   * Counts by bin of a pane, in groups. Of a category what follows them is `unseen`, which is no part of the distribution: its rate
   * is watched for itself.
   */
  grouped(counts: ArrayLike<number>): ArrayLike<number> {
    if (this.#groups === null) return counts;
    return pooled(Array.prototype.slice.call(counts, 0, this.#groups.length), this.#groups);
  }

  #grouped(sample: Sample): Sample {
    const { bins } = this.#reference;
    const counts = Array.from(this.grouped(sample.counts)).slice(0, bins);
    return { counts, size: effectiveSize(sample, bins) };
  }

  /** For panes that begin in an hour of the day (UTC). */
  baseline(hour: number): HistogramBaseline {
    const at = this.#reference.matches(1) ? hour : null;
    if (this.#latest === null || this.#latest.hour !== at) this.#latest = { hour: at, baseline: this.#baselineOf(at) };
    return this.#latest.baseline;
  }

  #baselineOf(hour: number | null): HistogramBaseline {
    const onlyHour = Array.from({ length: hoursOfDay }, (_, at) => Number(at === hour));
    const sample = hour === null ? this.#reference.sample : this.#reference.matched(onlyHour);
    return histogramBaseline(this.#grouped(sample), this.#settings.minEffect, this.#overdispersion("greatest"), this.#order);
  }

  /**
   * In the direction in which windows differ most from each other, of windows of any length.
   * @param which `direction`: less what chance alone puts into the greatest of several. Bets that know no past take it; for those
   *   that do it is not enough, as clusters that last for minutes are predicted by their beginning. (But with it, 28 windows of a
   *   day that differ by chance only would halve all evidence.)
   */
  #overdispersion(which: "greatest" | "direction"): number {
    const greatest = this.customs.map(({ bins }) => {
      if (!bins.known) return 1;
      const { trace, shares, direction } = bins.chiSquare;
      return trace * (which === "greatest" ? (shares[0] as number) : direction);
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

/**
 * Of windows of any length, and of hours in any case: a pane is compared with its hour of the day, so how much hours differ from
 * theirs decides (with summer time all those of a feature that goes by the clock do). Without that nothing is known.
 */
function knownCustoms(reference: DriftReference, { windows }: DriftSettings): Customs[] {
  const others = windows.map(({ millis }) => millis).filter((millis) => millis !== hourMillis);
  const all = [hourMillis, ...others].map((millis) => reference.customs(millis, reference.matches(1) && millis <= dayMillis));
  return all[0]?.bins.known ? all.filter(({ bins }) => bins.known) : [];
}

function isSame(one: readonly Customs[], other: readonly Customs[]): boolean {
  return one.length === other.length && one.every((customs, index) => customs === other[index]);
}
