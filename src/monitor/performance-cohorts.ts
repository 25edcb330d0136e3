// How well a model does by the time of its predictions: labels come late, so a cohort is judged when most of its predictions have
// one (and all that have none are known to have none, where that is a label), and cohorts that are not ripe are not mixed with
// those that are.
import type { Ripeness } from "../performance/labelled-pair.ts";
import { labelledWeight } from "../performance/pairs.ts";
import { mergePanes, type PerformancePane, packPane, performanceMonoid } from "../performance/pane.ts";
import { predictedWeight } from "../performance/predicted.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { unpack } from "../window/pane-series.ts";
import { dayMillis, hourMillis, paneStart, stepOf } from "../window/resolution.ts";
import type { ModelSettings } from "./monitor.ts";

/** Cohorts are of hours where they are needed for no longer than this, else of days. */
const longestInHours = 14 * dayMillis;

/** A window of predictions most of which have a label. */
export interface RipeWindow {
  readonly endMillis: number;
  readonly pane: PerformancePane;
  /** The share of its predictions with a label. */
  readonly coverage: number;
}

interface Cohort {
  /** All but what is loose. */
  packed: Uint8Array;
  /** What came since it was packed: a cohort gets labels with every minute, and is read far more rarely. */
  loose: PerformancePane | null;
  /** Of predictions, and of those that have a label. */
  predicted: number;
  labelled: number;
}

/** How long a cohort is needed: until its labels have come and no window reaches it. */
export function cohortKeepMillis({ performance, drift }: ModelSettings): number {
  const longest = Math.max(...drift.windows.map(({ millis }) => millis + stepOf(millis)));
  return (performance?.horizonMillis ?? 0) + longest;
}

export function cohortWidthMillis(settings: ModelSettings): number {
  return cohortKeepMillis(settings) <= longestInHours ? hourMillis : dayMillis;
}

/** The cohorts of one segment. */
export class Cohorts {
  readonly #cohorts = new Map<number, Cohort>();
  #widthMillis = hourMillis;
  /** Changes with what windows are made of. */
  revision = 0;

  /**
   * Takes a minute when it closes.
   * @param predictions that were made in it
   * @param labels that came in it, by start of the cohort of their predictions
   */
  close(
    startMillis: number,
    predictions: PerformancePane,
    labels: ReadonlyMap<number, PerformancePane>,
    settings: ModelSettings,
  ): void {
    this.#keepWidth(cohortWidthMillis(settings));
    if (predictions.size > 0) this.#add(this.#startOf(startMillis), predictions, true);
    // Labels of predictions that were not seen, or are long ago, belong to no cohort.
    for (const [start, pane] of labels) this.#add(start, pane, false);
    const endMillis = startMillis - cohortKeepMillis(settings);
    for (const start of this.#cohorts.keys()) if (start + this.#widthMillis <= endMillis) this.#cohorts.delete(start);
  }

  /** Hours cannot be had of days, nor days of hours of which some are gone already. */
  #keepWidth(widthMillis: number): void {
    if (widthMillis === this.#widthMillis) return;
    this.#cohorts.clear();
    this.#widthMillis = widthMillis;
  }

  #startOf(timeMillis: number): number {
    return paneStart(timeMillis, this.#widthMillis);
  }

  #add(start: number, pane: PerformancePane, isNew: boolean): void {
    let cohort = this.#cohorts.get(start);
    if (cohort === undefined) {
      if (!isNew) return;
      cohort = { packed: packPane(new Map()), loose: null, predicted: 0, labelled: 0 };
      this.#cohorts.set(start, cohort);
    }
    this.revision += 1;
    cohort.loose ??= new Map();
    mergePanes(cohort.loose, pane);
    cohort.predicted += predictedWeight(pane);
    cohort.labelled += labelledWeight(pane);
  }

  get empty(): boolean {
    return this.#cohorts.size === 0;
  }

  /** Whether windows of this length can be made of cohorts. */
  makes(windowMillis: number): boolean {
    return windowMillis % this.#widthMillis === 0;
  }

  /**
   * The newest window of this length whose predictions have labels; null where there is none yet. It slides by the width of
   * cohorts, the last of which is whole.
   * @param endMillis the end of the last minute that was closed
   */
  ripe(windowMillis: number, endMillis: number, { mature, ripeMillis }: Ripeness): RipeWindow | null {
    const first = Math.min(...this.#cohorts.keys());
    for (let end = this.#startOf(endMillis - ripeMillis); end > first; end -= this.#widthMillis) {
      const window = this.window(windowMillis, end, mature);
      if (window !== null) return window;
    }
    return null;
  }

  /** The window that ends at a time; null where it cannot be made of cohorts, or too few of its predictions have a label. */
  window(windowMillis: number, endMillis: number, mature: number): RipeWindow | null {
    if (!this.makes(windowMillis)) return null;
    const inside = [...this.#cohorts].filter(([start]) => start >= endMillis - windowMillis && start < endMillis);
    const sum = (of: (cohort: Cohort) => number): number => inside.reduce((all, [, cohort]) => all + of(cohort), 0);
    const coverage = sum(({ labelled }) => labelled) / sum(({ predicted }) => predicted);
    if (!(coverage >= mature)) return null;
    const pane: PerformancePane = new Map();
    for (const [, cohort] of inside) performanceMonoid.combine(pane, packedOf(cohort), 1);
    return { endMillis, coverage, pane };
  }

  encode(writer: Writer): void {
    writer.unsigned(this.#widthMillis);
    const sorted = [...this.#cohorts].sort(([one], [other]) => one - other);
    writeAll(writer, sorted, ([start, cohort]) => {
      writer.integer(start);
      writer.blob(packedOf(cohort));
    });
  }

  static decode(reader: Reader): Cohorts {
    const cohorts = new Cohorts();
    cohorts.#widthMillis = reader.unsigned();
    readAll(reader, () => {
      const start = reader.integer();
      const packed = reader.blob().slice();
      const pane = unpack(performanceMonoid, packed);
      cohorts.#cohorts.set(start, { packed, loose: null, predicted: predictedWeight(pane), labelled: labelledWeight(pane) });
    });
    return cohorts;
  }
}

function packedOf(cohort: Cohort): Uint8Array {
  if (cohort.loose === null) return cohort.packed;
  const sum = unpack(performanceMonoid, cohort.packed);
  mergePanes(sum, cohort.loose);
  cohort.packed = packPane(sum);
  cohort.loose = null;
  return cohort.packed;
}
