// Which share of a version's predictions have a label by now: weights by the time of the prediction, in minutes, hours and
// days as the windows ask for. The sums are exact in any order, as weights are multiples of 2^-8.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { type Rung, stepOf, windowEnd } from "../window/resolution.ts";

interface Cohort {
  /** Of predictions that can be joined. */
  predicted: number;
  /** Of those that have a label. */
  labelled: number;
}

export class LabelCohorts {
  /** By the width of a cohort, then by its start. */
  readonly #cohorts = new Map<number, Map<number, Cohort>>();

  /** Counts a prediction. @param rungs which cohorts are kept */
  predicted(timeMillis: number, weight: number, rungs: readonly Rung[]): void {
    for (const { paneMillis, keepMillis } of rungs) {
      if (keepMillis > 0) this.#cohort(paneMillis, timeMillis).predicted += weight;
    }
  }

  #cohort(paneMillis: number, timeMillis: number): Cohort {
    let cohorts = this.#cohorts.get(paneMillis);
    if (cohorts === undefined) {
      cohorts = new Map();
      this.#cohorts.set(paneMillis, cohorts);
    }
    const start = Math.floor(timeMillis / paneMillis) * paneMillis;
    let cohort = cohorts.get(start);
    if (cohort === undefined) {
      cohort = { predicted: 0, labelled: 0 };
      cohorts.set(start, cohort);
    }
    return cohort;
  }

  /** Counts that a prediction which was counted has a label now. */
  labelled(timeMillis: number, weight: number): void {
    for (const [paneMillis, cohorts] of this.#cohorts) {
      const cohort = cohorts.get(Math.floor(timeMillis / paneMillis) * paneMillis);
      if (cohort !== undefined) cohort.labelled += weight;
    }
  }

  /** The share of a window that ends with the newest whole cohort at a frontier; NaN where it has no predictions. */
  ratio(windowMillis: number, frontierMillis: number): number {
    const end = windowEnd(frontierMillis, windowMillis);
    let predicted = 0;
    let labelled = 0;
    for (const [start, cohort] of this.#cohorts.get(stepOf(windowMillis)) ?? []) {
      if (start < end - windowMillis || start >= end) continue;
      predicted += cohort.predicted;
      labelled += cohort.labelled;
    }
    return labelled / predicted;
  }

  /** Forgets the cohorts that no window reaches. */
  expire(frontierMillis: number, rungs: readonly Rung[]): void {
    for (const [paneMillis, cohorts] of this.#cohorts) {
      const keepMillis = rungs.find((rung) => rung.paneMillis === paneMillis)?.keepMillis ?? 0;
      for (const start of cohorts.keys()) if (start + paneMillis <= frontierMillis - keepMillis) cohorts.delete(start);
      if (cohorts.size === 0) this.#cohorts.delete(paneMillis);
    }
  }

  encode(writer: Writer): void {
    writeAll(writer, sorted(this.#cohorts), ([paneMillis, cohorts]) => {
      writer.unsigned(paneMillis);
      writeAll(writer, sorted(cohorts), ([start, { predicted, labelled }]) => {
        writer.integer(start / paneMillis);
        writer.amount(predicted);
        writer.amount(labelled);
      });
    });
  }

  decode(reader: Reader): void {
    const read = (paneMillis: number) => {
      const start = reader.integer() * paneMillis;
      return [start, { predicted: reader.amount(), labelled: reader.amount() }] as const;
    };
    for (const [paneMillis, cohorts] of readAll(reader, () => {
      const paneMillis = reader.unsigned();
      return [paneMillis, readAll(reader, () => read(paneMillis))] as const;
    })) {
      this.#cohorts.set(paneMillis, new Map(cohorts));
    }
  }
}

function sorted<Kept>(kept: ReadonlyMap<number, Kept>): [number, Kept][] {
  return [...kept].sort(([a], [b]) => a - b);
}
