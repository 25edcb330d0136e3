// Counts by bin of one feature in each hour and each day: from how much they differ from each other follows how much a
// window may differ from the reference without drift. Of a learned reference they go on growing after it was frozen.
import { binsIn } from "../primitive/bins.ts";
import { Reader, readAll, Writer } from "../primitive/bytes.ts";
import type { BasePane, FeatureReference } from "../reference/reference.ts";
import { dayMillis, hourMillis } from "../window/resolution.ts";

/** Four weeks of hours serve every window up to a day; more would cost memory for little. */
export const mostHours = 672;
/** Days for the longer windows: a quarter. */
export const mostDays = 90;

/** Panes of one width. All but the last are packed: a model has hundreds of them for every feature. */
class Series {
  readonly #paneMillis: number;
  readonly #most: number;
  readonly #bins: number;
  #packed: Uint8Array = new Uint8Array(0);
  #packedCount = 0;
  #growing: BasePane | null = null;
  #lastStart = Number.NEGATIVE_INFINITY;

  constructor(paneMillis: number, most: number, bins: number) {
    this.#paneMillis = paneMillis;
    this.#most = most;
    this.#bins = bins;
  }

  get count(): number {
    return this.#packedCount + (this.#growing === null ? 0 : 1);
  }

  /** In ascending order of their starts; the last one may still grow. */
  panes(): BasePane[] {
    const reader = new Reader(this.#packed);
    const packed = Array.from({ length: this.#packedCount }, () => this.#read(reader));
    return this.#growing === null ? packed : [...packed, this.#growing];
  }

  /** Those of a reference that was learned before. */
  take(panes: readonly BasePane[]): void {
    for (const { startMillis, kinds, counts } of panes) this.add(startMillis, kinds, counts);
    this.#seal();
  }

  add(millis: number, kinds: ArrayLike<number>, counts: ArrayLike<number>): void {
    const pane = this.#paneAt(Math.floor(millis / this.#paneMillis) * this.#paneMillis, kinds.length);
    if (pane === null) return;
    for (let at = 0; at < kinds.length; at++) pane.kinds[at] = (pane.kinds[at] as number) + (kinds[at] as number);
    for (let bin = 0; bin < counts.length; bin++) pane.counts[bin] = (pane.counts[bin] as number) + (counts[bin] as number);
  }

  /** Null where there are enough, and of times before the last pane: a reference that was learned before has them. */
  #paneAt(startMillis: number, kinds: number): BasePane | null {
    if (this.#growing?.startMillis === startMillis) return this.#growing;
    if (startMillis <= this.#lastStart || this.count >= this.#most) return null;
    this.#seal();
    this.#lastStart = startMillis;
    this.#growing = { startMillis, kinds: new Float64Array(kinds), counts: new Float64Array(this.#bins) };
    return this.#growing;
  }

  /** Packs the pane that grows: it is over. */
  #seal(): void {
    if (this.#growing === null) return;
    const writer = new Writer();
    this.#write(this.#growing, writer);
    const bytes = new Uint8Array(this.#packed.length + writer.bytes().length);
    bytes.set(this.#packed);
    bytes.set(writer.bytes(), this.#packed.length);
    this.#packed = bytes;
    this.#packedCount += 1;
    this.#growing = null;
  }

  #write(pane: BasePane, writer: Writer): void {
    writer.integer(pane.startMillis / this.#paneMillis);
    writeNumbers(pane.kinds, writer);
    writeNumbers(pane.counts, writer);
  }

  #read(reader: Reader): BasePane {
    return { startMillis: reader.integer() * this.#paneMillis, kinds: readNumbers(reader), counts: readNumbers(reader) };
  }

  encode(writer: Writer): void {
    writer.unsigned(this.#packedCount);
    writer.blob(this.#packed);
    writer.boolean(this.#growing !== null);
    if (this.#growing !== null) this.#write(this.#growing, writer);
  }

  decode(reader: Reader): void {
    this.#packedCount = reader.unsigned();
    this.#packed = reader.blob().slice();
    if (reader.boolean()) this.#growing = this.#read(reader);
    this.#lastStart = this.panes().at(-1)?.startMillis ?? Number.NEGATIVE_INFINITY;
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
