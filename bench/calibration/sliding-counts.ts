// The counts of one feature's windows: of an hour, sliding by the minute, of 3 to 24 hours by the hour, of 7 days by the day.
// Simulated minutes come one after the other, beginning with a whole day.

const [hourMinutes, dayHours, weekDays] = [60, 24, 7] as const;

/** Sums of the latest so many panes of counts. */
class Ring {
  readonly sum: Int32Array;
  readonly #panes: readonly Int32Array[];
  #next = 0;

  constructor(length: number, outcomes: number) {
    this.sum = new Int32Array(outcomes);
    this.#panes = Array.from({ length }, () => new Int32Array(outcomes));
  }

  push(pane: Int32Array): void {
    const oldest = this.#panes[this.#next] as Int32Array;
    const { sum } = this;
    for (let at = 0; at < sum.length; at++) {
      const count = pane[at] as number;
      sum[at] = (sum[at] as number) + count - (oldest[at] as number);
      oldest[at] = count;
    }
    this.#next = (this.#next + 1) % this.#panes.length;
  }

  /** @param ago 0: the latest */
  pane(ago: number): Int32Array {
    const { length } = this.#panes;
    return this.#panes[(this.#next - 1 - ago + 2 * length) % length] as Int32Array;
  }
}

/** The same of minutes, whose counts are small. */
class MinuteRing {
  readonly sum: Int32Array;
  /** Values in the sum. */
  values = 0;
  readonly #bins: number;
  readonly #panes: Uint8Array;
  #next = 0;

  constructor(bins: number, outcomes: number) {
    this.#bins = bins;
    this.sum = new Int32Array(outcomes);
    this.#panes = new Uint8Array(hourMinutes * outcomes);
  }

  /** Takes counts and leaves zeros. @returns values in them */
  push(pane: Uint8Array): number {
    const { sum } = this;
    const panes = this.#panes;
    const oldest = this.#next;
    const bins = this.#bins;
    let came = 0;
    let went = 0;
    for (let at = 0; at < bins; at++) {
      const count = pane[at] as number;
      const old = panes[oldest + at] as number;
      sum[at] = (sum[at] as number) + count - old;
      panes[oldest + at] = count;
      pane[at] = 0;
      came += count;
      went += old;
    }
    for (let at = bins; at < sum.length; at++) {
      const count = pane[at] as number;
      sum[at] = (sum[at] as number) + count - (panes[oldest + at] as number);
      panes[oldest + at] = count;
      pane[at] = 0;
    }
    this.#next = (oldest + sum.length) % panes.length;
    this.values += came - went;
    return came;
  }
}

export class SlidingCounts {
  /** Values of the clock's hour, so far. */
  valuesOfHour = 0;
  readonly #minutes: MinuteRing;
  readonly #hours: Ring;
  readonly #days: Ring;
  readonly #bins: number;

  /** @param bins the first so many outcomes are values */
  constructor(bins: number, outcomes: number) {
    this.#bins = bins;
    this.#minutes = new MinuteRing(bins, outcomes);
    this.#hours = new Ring(dayHours, outcomes);
    this.#days = new Ring(weekDays, outcomes);
  }

  /**
   * @param minute of simulation, which has just ended
   * @param counts are zeros afterwards
   */
  push(minute: number, counts: Uint8Array): void {
    const values = this.#minutes.push(counts);
    this.valuesOfHour = values + (minute % hourMinutes === 0 ? 0 : this.valuesOfHour);
    if ((minute + 1) % hourMinutes !== 0) return;
    this.#hours.push(this.#minutes.sum);
    if ((minute + 1) % (hourMinutes * dayHours) === 0) this.#days.push(this.#hours.sum);
  }

  /** Values of the latest 60 minutes. */
  get hourValues(): number {
    return this.#minutes.values;
  }

  /** A view, as are the others. */
  get hour(): Int32Array {
    return this.#minutes.sum;
  }

  get day(): Int32Array {
    return this.#hours.sum;
  }

  get week(): Int32Array {
    return this.#days.sum;
  }

  /** A sum of so many whole hours, and its values by hour of the day. @param endHour of simulation, which has not begun */
  hours(many: number, endHour: number): { readonly counts: Int32Array; readonly byHour: number[] } {
    const counts = new Int32Array(this.hour.length);
    const byHour = new Array<number>(dayHours).fill(0);
    for (let ago = 0; ago < many; ago++) {
      const pane = this.#hours.pane(ago);
      const hour = (endHour - 1 - ago) % dayHours;
      for (let at = 0; at < counts.length; at++) counts[at] = (counts[at] as number) + (pane[at] as number);
      for (let bin = 0; bin < this.#bins; bin++) byHour[hour] = (byHour[hour] as number) + (pane[bin] as number);
    }
    return { counts, byHour };
  }
}
