// The first hours of a model's labels that are like all later ones. What is normal is learned from them, and how much hours differ.
//
// Labels of some kinds come sooner than others, as what is wrong is found sooner than what is right. Labels of a young stream are mostly
// of those, so what came before a horizon was over is passed over. And at least a whole day is taken, as how wrong predictions are
// mostly goes by its hours.
import { labelledWeight } from "../performance/pairs.ts";
import { mergePanes, type PerformancePane, packPane, performanceMonoid } from "../performance/pane.ts";
import { pairsOnly } from "../performance/predicted.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { unpack } from "../window/pane-series.ts";
import { dayMillis, hourMillis, paneStart } from "../window/resolution.ts";

/** Of a day with labels so many hours have to have some. */
const leastHours = 12;

export class FirstHours {
  /** By start. */
  readonly #hours = new Map<number, PerformancePane>();
  /** Of the first label that was seen. */
  #firstMillis = Number.NaN;
  /** When labels begin to count. */
  #fromMillis = Number.NaN;
  #complete = false;

  /**
   * Takes pairs of a minute, until there is a whole day and as much as is asked for.
   * @param horizonMillis how long a label may come after its prediction
   * @returns whether it took them
   */
  add(pairs: PerformancePane, startMillis: number, endMillis: number, leastMillis: number, horizonMillis: number): boolean {
    if (this.#complete) return false;
    if (labelledWeight(pairs) > 0) {
      if (Number.isNaN(this.#firstMillis)) this.#firstMillis = startMillis;
      if (startMillis < this.#firstMillis + horizonMillis) return false;
      if (Number.isNaN(this.#fromMillis)) this.#fromMillis = startMillis;
      const start = paneStart(startMillis, hourMillis);
      const hour = this.#hours.get(start) ?? new Map();
      mergePanes(hour, pairsOnly(pairs));
      this.#hours.set(start, hour);
    }
    this.#complete = this.spanMillis(endMillis) >= Math.max(dayMillis, leastMillis) && this.#hours.size >= leastHours;
    return true;
  }

  /** Since the first label that counts; NaN before it. */
  spanMillis(endMillis: number): number {
    return endMillis - this.#fromMillis;
  }

  /** Whether they are all there. */
  get complete(): boolean {
    return this.#complete;
  }

  get hours(): Iterable<readonly [startMillis: number, pane: PerformancePane]> {
    return this.#hours;
  }

  /** All that there is by now. */
  sum(): PerformancePane {
    const sum: PerformancePane = new Map();
    for (const pane of this.#hours.values()) mergePanes(sum, pane);
    return sum;
  }

  encode(writer: Writer): void {
    writer.float(this.#firstMillis);
    writer.float(this.#fromMillis);
    writer.boolean(this.#complete);
    const hours = [...this.#hours].sort(([one], [other]) => one - other);
    writeAll(writer, hours, ([start, pane]) => {
      writer.integer(start / hourMillis);
      writer.blob(packPane(pane));
    });
  }

  static decode(reader: Reader): FirstHours {
    const first = new FirstHours();
    first.#firstMillis = reader.float();
    first.#fromMillis = reader.float();
    first.#complete = reader.boolean();
    readAll(reader, () => {
      first.#hours.set(reader.integer() * hourMillis, unpack(performanceMonoid, reader.blob()));
    });
    return first;
  }
}
