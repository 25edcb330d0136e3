// Counts by bin of one feature in each hour and each day: from how much they differ from each other follows how much a
// window may differ from the reference without drift. Of a learned reference they go on growing after it was frozen.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import type { BasePane, FeatureReference } from "../reference/reference.ts";
import { dayMillis, hourMillis } from "../window/ladder.ts";

/** Four weeks of hours serve every window up to a day; more would cost memory for little. */
export const mostHours = 672;
/** Days for the longer windows: a quarter. */
export const mostDays = 90;

class Series {
  readonly #paneMillis: number;
  readonly #most: number;
  readonly #bins: number;
  readonly panes: BasePane[] = [];

  constructor(paneMillis: number, most: number, bins: number) {
    this.#paneMillis = paneMillis;
    this.#most = most;
    this.#bins = bins;
  }

  /** Whether what comes at this time would be taken. */
  takes(millis: number): boolean {
    const last = this.panes.at(-1);
    return this.panes.length < this.#most || (last !== undefined && millis < last.startMillis + this.#paneMillis);
  }

  add(millis: number, kinds: Float64Array, counts: ArrayLike<number>): void {
    if (!this.takes(millis)) return;
    const startMillis = Math.floor(millis / this.#paneMillis) * this.#paneMillis;
    let pane = this.panes.at(-1);
    if (pane === undefined || pane.startMillis < startMillis) {
      pane = { startMillis, kinds: new Float64Array(kinds.length), counts: new Float64Array(this.#bins) };
      this.panes.push(pane);
    }
    for (let at = 0; at < kinds.length; at++) pane.kinds[at] = (pane.kinds[at] as number) + (kinds[at] as number);
    for (let bin = 0; bin < counts.length; bin++) pane.counts[bin] = (pane.counts[bin] as number) + (counts[bin] as number);
  }

  encode(writer: Writer): void {
    writeAll(writer, this.panes, (pane) => {
      writer.integer(pane.startMillis / this.#paneMillis);
      writeNumbers(pane.kinds, writer);
      writeNumbers(pane.counts, writer);
    });
  }

  decode(reader: Reader): void {
    const read = (): BasePane => ({
      startMillis: reader.integer() * this.#paneMillis,
      kinds: readNumbers(reader),
      counts: readNumbers(reader),
    });
    this.panes.push(...readAll(reader, read));
  }
}

export class BasePanes {
  readonly #hours: Series;
  readonly #days: Series;

  /** @param bins how many bins counts have, where there are any */
  constructor(bins: number) {
    this.#hours = new Series(hourMillis, mostHours, bins);
    this.#days = new Series(dayMillis, mostDays, bins);
  }

  /** Those of a reference that was learned before. */
  static from({ hours, days, bins, categories }: FeatureReference): BasePanes {
    const panes = new BasePanes(bins?.anchors.length ?? (categories?.names.length ?? 0) + 2);
    panes.#hours.panes.push(...hours.map(copied));
    panes.#days.panes.push(...days.map(copied));
    return panes;
  }

  /** In ascending order of their starts; the last one may still grow. */
  get hours(): readonly BasePane[] {
    return this.#hours.panes;
  }

  get days(): readonly BasePane[] {
    return this.#days.panes;
  }

  /** Adds what a pane has that begins at a time; times never go back. */
  add(millis: number, kinds: Float64Array, counts: ArrayLike<number>): void {
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

function copied({ startMillis, kinds, counts }: BasePane): BasePane {
  return { startMillis, kinds: kinds.slice(), counts: counts.slice() };
}

/** Counts of events are whole, weighted ones are multiples of 2^-8: two ways to write them, the shorter one where it can be. */
function writeNumbers(numbers: Float64Array, writer: Writer): void {
  const whole = numbers.every(Number.isSafeInteger);
  writer.boolean(whole);
  writer.unsigned(numbers.length);
  for (const number of numbers) {
    if (whole) writer.unsigned(number);
    else writer.float(number);
  }
}

function readNumbers(reader: Reader): Float64Array {
  const whole = reader.boolean();
  return Float64Array.from(readAll(reader, () => (whole ? reader.unsigned() : reader.float())));
}
