// Base panes of one width, of which there are hundreds for every feature: all but the last are packed. Where one is looked at, all
// are unpacked into one array, and stay so until another series is looked at: whoever learns from them looks at each several times.
import { kindCount } from "../event/value.ts";
import { Reader, Writer } from "../primitive/bytes.ts";
import type { BasePane } from "./reference.ts";

/** Of each pane its start, its kinds and its counts, one behind the other. */
interface Unpacked {
  readonly series: BaseSeries;
  readonly panes: number;
  readonly width: number;
  readonly numbers: Float64Array;
}

/** What was unpacked last. */
let latest: Unpacked | null = null;

function unpacked(series: BaseSeries): Unpacked {
  if (latest?.series !== series || latest.panes !== series.packedCount) latest = series.unpack();
  return latest;
}

/** One that is over: it holds no numbers of its own. */
class PackedPane implements BasePane {
  readonly #series: BaseSeries;
  readonly #index: number;

  constructor(series: BaseSeries, index: number) {
    this.#series = series;
    this.#index = index;
  }

  get startMillis(): number {
    const { numbers, width } = unpacked(this.#series);
    return numbers[this.#index * width] as number;
  }

  get kinds(): Float64Array {
    const { numbers, width } = unpacked(this.#series);
    const from = this.#index * width + 1;
    return numbers.subarray(from, from + kindCount);
  }

  get counts(): Float64Array {
    const { numbers, width } = unpacked(this.#series);
    return numbers.subarray(this.#index * width + 1 + kindCount, (this.#index + 1) * width);
  }
}

export class BaseSeries {
  readonly #paneMillis: number;
  readonly #most: number;
  readonly #bins: number;
  #packed: Uint8Array = new Uint8Array(0);
  /** Those that are packed, as they were asked for. */
  readonly #panes: PackedPane[] = [];
  packedCount = 0;
  #growing: BasePane | null = null;
  #lastStart = Number.NEGATIVE_INFINITY;

  /**
   * @param most panes: later ones are not taken
   * @param bins how many counts a pane has
   */
  constructor(paneMillis: number, most: number, bins: number) {
    this.#paneMillis = paneMillis;
    this.#most = most;
    this.#bins = bins;
  }

  get count(): number {
    return this.packedCount + (this.#growing === null ? 0 : 1);
  }

  /** In ascending order of their starts; the last one may still grow. Those before it are the same objects every time. */
  panes(): BasePane[] {
    while (this.#panes.length < this.packedCount) this.#panes.push(new PackedPane(this, this.#panes.length));
    return this.#growing === null ? [...this.#panes] : [...this.#panes, this.#growing];
  }

  unpack(): Unpacked {
    const reader = new Reader(this.#packed);
    const width = 1 + kindCount + this.#bins;
    const numbers = new Float64Array(this.packedCount * width);
    for (let at = 0; at < numbers.length; at += width) {
      numbers[at] = reader.integer() * this.#paneMillis;
      readNumbers(reader, numbers, at + 1, kindCount);
      readNumbers(reader, numbers, at + 1 + kindCount, this.#bins);
    }
    return { series: this, panes: this.packedCount, width, numbers };
  }

  /** Takes panes that are over, in ascending order; their starts are multiples of the width. */
  take(panes: readonly BasePane[]): void {
    const writer = new Writer();
    let taken = 0;
    for (const pane of panes) {
      if (pane.startMillis <= this.#lastStart || this.count + taken >= this.#most) continue;
      this.#write(pane, writer);
      this.#lastStart = pane.startMillis;
      taken += 1;
    }
    this.#append(writer.bytes(), taken);
  }

  #append(panes: Uint8Array, many: number): void {
    const bytes = new Uint8Array(this.#packed.length + panes.length);
    bytes.set(this.#packed);
    bytes.set(panes, this.#packed.length);
    this.#packed = bytes;
    this.packedCount += many;
  }

  add(millis: number, kinds: ArrayLike<number>, counts: ArrayLike<number>): void {
    const pane = this.#paneAt(Math.floor(millis / this.#paneMillis) * this.#paneMillis);
    if (pane === null) return;
    for (let at = 0; at < kinds.length; at++) pane.kinds[at] = (pane.kinds[at] as number) + (kinds[at] as number);
    for (let bin = 0; bin < counts.length; bin++) pane.counts[bin] = (pane.counts[bin] as number) + (counts[bin] as number);
  }

  /** Null where there are enough, and of times before the last pane: a reference that was learned before has them. */
  #paneAt(startMillis: number): BasePane | null {
    if (this.#growing?.startMillis === startMillis) return this.#growing;
    if (startMillis <= this.#lastStart || this.count >= this.#most) return null;
    this.#seal();
    this.#lastStart = startMillis;
    this.#growing = this.#empty(startMillis);
    return this.#growing;
  }

  #empty(startMillis: number): BasePane {
    return { startMillis, kinds: new Float64Array(kindCount), counts: new Float64Array(this.#bins) };
  }

  /** Packs the pane that grows: it is over. */
  #seal(): void {
    if (this.#growing === null) return;
    const writer = new Writer();
    this.#write(this.#growing, writer);
    this.#append(writer.bytes(), 1);
    this.#growing = null;
  }

  #write(pane: BasePane, writer: Writer): void {
    writer.integer(pane.startMillis / this.#paneMillis);
    writeNumbers(pane.kinds, writer);
    writeNumbers(pane.counts, writer);
  }

  #read(reader: Reader): BasePane {
    const pane = this.#empty(reader.integer() * this.#paneMillis);
    readNumbers(reader, pane.kinds, 0, kindCount);
    readNumbers(reader, pane.counts, 0, this.#bins);
    return pane;
  }

  encode(writer: Writer): void {
    writer.unsigned(this.packedCount);
    writer.blob(this.#packed);
    writer.boolean(this.#growing !== null);
    if (this.#growing !== null) this.#write(this.#growing, writer);
  }

  decode(reader: Reader): void {
    this.packedCount = reader.unsigned();
    this.#packed = reader.blob().slice();
    if (reader.boolean()) this.#growing = this.#read(reader);
    this.#lastStart = this.panes().at(-1)?.startMillis ?? Number.NEGATIVE_INFINITY;
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

/** @throws RangeError where there are not as many as there should be */
function readNumbers(reader: Reader, into: Float64Array, at: number, many: number): void {
  const whole = reader.boolean();
  const length = reader.unsigned();
  if (length !== many) throw new RangeError(`${length} numbers, not ${many}`);
  for (let index = at; index < at + many; index++) into[index] = whole ? reader.unsigned() : reader.float();
}
