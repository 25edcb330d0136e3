// Counts by bin of one feature in each hour and each day: from how much they differ from each other follows how much a
// window may differ from the reference without drift. Of a learned reference they go on growing after it was frozen.
import { binsIn } from "../primitive/bins.ts";
import type { Reader, Writer } from "../primitive/bytes.ts";
import { BaseSeries } from "../reference/base-series.ts";
import type { BasePane, FeatureReference } from "../reference/reference.ts";
import { dayMillis, hourMillis } from "../window/resolution.ts";

/** Four weeks of hours serve every window up to a day; more would cost memory for little. */
export const mostHours = 672;
/** Days for the longer windows: a quarter. */
export const mostDays = 90;

export class BasePanes {
  readonly #hours: BaseSeries;
  readonly #days: BaseSeries;

  /** @param bins how many bins counts have, where there are any */
  constructor(bins: number) {
    this.#hours = new BaseSeries(hourMillis, mostHours, bins);
    this.#days = new BaseSeries(dayMillis, mostDays, bins);
  }

  /** Those of a reference that was learned before. */
  static from({ hours, days, bins, categories }: FeatureReference): BasePanes {
    const panes = new BasePanes(bins === null ? (categories?.names.length ?? 0) + 2 : binsIn(bins));
    panes.#hours.take(hours);
    panes.#days.take(days);
    return panes;
  }

  /** Unpacked: in ascending order of their starts; the last one may still grow. */
  get hours(): readonly BasePane[] {
    return this.#hours.panes();
  }

  get days(): readonly BasePane[] {
    return this.#days.panes();
  }

  get hourCount(): number {
    return this.#hours.count;
  }

  get dayCount(): number {
    return this.#days.count;
  }

  /** The reference with these panes as its hours and days: as they are whenever one looks. */
  growingIn(reference: FeatureReference): FeatureReference {
    return Object.defineProperties({ ...reference, growing: this } as FeatureReference, {
      hours: { get: () => this.hours, enumerable: true },
      days: { get: () => this.days, enumerable: true },
    });
  }

  /** Adds what a pane has that begins at a time; what lies before the last pane is not taken. */
  add(millis: number, kinds: ArrayLike<number>, counts: ArrayLike<number>): void {
    this.#hours.add(millis, kinds, counts);
    this.#days.add(millis, kinds, counts);
  }

  encode(writer: Writer): void {
    this.#hours.encode(writer);
    this.#days.encode(writer);
  }

  static decode(reader: Reader, bins: number): BasePanes {
    const panes = new BasePanes(bins);
    panes.#hours.decode(reader);
    panes.#days.decode(reader);
    return panes;
  }
}
