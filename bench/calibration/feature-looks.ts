// Which windows of a feature are looked at, and when: as the product does it with windows of 1 h, 24 h and 7 d.
import type { DriftReference } from "../../src/monitor/drift-reference.ts";
import { type FeatureDrift, neededSamples } from "../../src/monitor/feature-drift.ts";
import type { DriftSettings } from "../../src/monitor/monitor.ts";
import { dayMillis, hourMillis } from "../../src/window/ladder.ts";
import type { Bits } from "./bits.ts";
import { type Looked, type Seen, seenInHours, WindowLooks } from "./looks.ts";
import type { Shape } from "./shape.ts";
import { SlidingCounts } from "./sliding-counts.ts";

/** Configured windows. */
export const windowsMillis = [hourMillis, 24 * hourMillis, 7 * dayMillis] as const;

/**
 * Where a window of an hour looks that has too few values: as far as windows that slide by the hour are kept
 * (`pipeline/windows.ts`).
 */
const dayHours = 24;
const longerHours = [3, 6, 12, dayHours] as const;

export class FeatureLooks {
  readonly windows: SlidingCounts;
  readonly #shape: Shape;
  readonly #needed: number;
  readonly #ofHour: WindowLooks;
  readonly #ofDay: WindowLooks;
  readonly #ofWeek: WindowLooks;
  /** By length in hours; made when they are asked for. */
  readonly #longer = new Map<number, WindowLooks>();
  readonly #looksAt: (windowMillis: number) => WindowLooks;
  /** What a longer window in the place of one of an hour has shown; null until it is asked for in this hour. */
  #instead: Looked | null = null;

  constructor(
    shape: Shape,
    prepared: DriftReference,
    settings: DriftSettings,
    alphaOf: (windowMillis: number) => number,
    bits: Bits,
  ) {
    this.#looksAt = (windowMillis) =>
      new WindowLooks({ shape, reference: prepared, settings, windowMillis, alpha: alphaOf(windowMillis) }, bits);
    this.#shape = shape;
    this.#needed = neededSamples(prepared, settings);
    this.windows = new SlidingCounts(shape.binCount, shape.binCount + 2);
    this.#ofHour = this.#looksAt(windowsMillis[0]);
    this.#ofDay = this.#looksAt(windowsMillis[1]);
    this.#ofWeek = this.#looksAt(windowsMillis[2]);
    this.#longer.set(dayHours, this.#ofDay);
  }

  /** Takes the counts of a minute of simulation, and leaves zeros. */
  push(minute: number, counts: Uint8Array): void {
    this.windows.push(minute, counts);
    if ((minute + 1) % 60 === 0) this.#instead = null;
  }

  /** The window of an hour that ends with this minute. */
  lookAtHour(minute: number): Looked {
    const size = this.windows.hourValues;
    if (size < this.#needed) {
      this.#instead ??= this.#lookLonger(Math.floor((minute + 1) / 60));
      return this.#instead;
    }
    const { first, second, share } = this.#hoursAt(minute, size);
    return this.#ofHour.lookAtHours(this.windows.hour, size, first, second, share);
  }

  /** The product's comparison of what `lookAtHour` looks at. */
  driftAtHour(minute: number): FeatureDrift {
    const size = this.windows.hourValues;
    const longer = size < this.#needed ? this.#longerWindow(Math.floor((minute + 1) / 60)) : null;
    if (longer !== null) return longer.looks.drift(longer.seen);
    const { first, second, share } = this.#hoursAt(minute, size);
    return this.#ofHour.drift(seenInHours(this.windows.hour, size, first, second, share));
  }

  /** The two hours of the day that a window of an hour reaches into, and the share of values in the first. */
  #hoursAt(minute: number, size: number): { first: number; second: number; share: number } {
    const first = Math.floor(minute / 60) % 24;
    return { first, second: (first + 23) % 24, share: this.windows.valuesOfHour / size };
  }

  #lookLonger(endHour: number): Looked {
    const longer = this.#longerWindow(endHour);
    if (longer === null) return this.#ofHour.lookAtRates(this.windows.hours(1, endHour));
    return longer.looks.look(longer.seen, longer.size);
  }

  /** The shortest that has enough values. */
  #longerWindow(endHour: number): { looks: WindowLooks; seen: Seen; size: number } | null {
    for (const hours of longerHours) {
      const seen = this.windows.hours(hours, endHour);
      const size = this.#values(seen.counts);
      if (size >= this.#needed) return { looks: this.#looksOfHours(hours), seen, size };
    }
    return null;
  }

  #looksOfHours(hours: number): WindowLooks {
    const looks = this.#longer.get(hours) ?? this.#looksAt(hours * hourMillis);
    this.#longer.set(hours, looks);
    return looks;
  }

  /** As `driftAtHour`, of the day that has ended with the latest whole hour. */
  driftAtDay(): FeatureDrift {
    return this.#ofDay.drift({ counts: this.windows.day, byHour: null });
  }

  lookAtDay(): Looked {
    return this.#lookAtDays(this.windows.day, this.#ofDay);
  }

  lookAtWeek(): Looked {
    return this.#lookAtDays(this.windows.week, this.#ofWeek);
  }

  #lookAtDays(counts: Int32Array, looks: WindowLooks): Looked {
    const size = this.#values(counts);
    const seen = { counts, byHour: null };
    return size < this.#needed ? looks.lookAtRates(seen) : looks.look(seen, size);
  }

  #values(counts: Int32Array): number {
    let values = 0;
    for (let bin = 0; bin < this.#shape.binCount; bin++) values += counts[bin] as number;
    return values;
  }
}
