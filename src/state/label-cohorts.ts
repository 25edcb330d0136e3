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

/** Cohorts of one width. */
interface Level {
  readonly paneMillis: number;
  readonly cohorts: Map<number, Cohort>;
}

export class LabelCohorts {
  readonly #levels: Level[] = [];

  /** Counts a prediction. @param rungs which cohorts are kept */
  predicted(timeMillis: number, weight: number, rungs: readonly Rung[]): void {
    for (let at = 0; at < rungs.length; at++) {
      const rung = rungs[at] as Rung;
      if (rung.keepMillis > 0) this.#cohort(rung.paneMillis, timeMillis).predicted += weight;
    }
  }

  /** Takes back that a prediction without a label was counted: another stands for its id. */
  withdrawn(timeMillis: number, weight: number): void {
    for (const { paneMillis, cohorts } of this.#levels) {
      const start = Math.floor(timeMillis / paneMillis) * paneMillis;
      const cohort = cohorts.get(start);
      if (cohort === undefined) continue;
      cohort.predicted -= weight;
      if (cohort.predicted === 0) cohorts.delete(start);
    }
  }

  #cohort(paneMillis: number, timeMillis: number): Cohort {
    const { cohorts } = this.#level(paneMillis);
    const start = Math.floor(timeMillis / paneMillis) * paneMillis;
    let cohort = cohorts.get(start);
    if (cohort === undefined) {
      cohort = { predicted: 0, labelled: 0 };
      cohorts.set(start, cohort);
    }
    return cohort;
  }

  #level(paneMillis: number): Level {
    let level = this.#levels.find((one) => one.paneMillis === paneMillis);
    if (level === undefined) {
      level = { paneMillis, cohorts: new Map() };
      this.#levels.push(level);
      this.#levels.sort((one, other) => one.paneMillis - other.paneMillis);
    }
    return level;
  }

  /** Counts that a prediction which was counted has a label now. */
  labelled(timeMillis: number, weight: number): void {
    for (let at = 0; at < this.#levels.length; at++) {
      const { paneMillis, cohorts } = this.#levels[at] as Level;
      const cohort = cohorts.get(Math.floor(timeMillis / paneMillis) * paneMillis);
      if (cohort !== undefined) cohort.labelled += weight;
    }
  }

  /** The share of a window that ends with the newest whole cohort at a frontier; NaN where it has no predictions. */
  ratio(windowMillis: number, frontierMillis: number): number {
    const end = windowEnd(frontierMillis, windowMillis);
    let predicted = 0;
    let labelled = 0;
    for (const [start, cohort] of this.#level(stepOf(windowMillis)).cohorts) {
      if (start < end - windowMillis || start >= end) continue;
      predicted += cohort.predicted;
      labelled += cohort.labelled;
    }
    return labelled / predicted;
  }

  /** Forgets the cohorts that no window reaches. */
  expire(frontierMillis: number, rungs: readonly Rung[]): void {
    for (const { paneMillis, cohorts } of this.#levels) {
      const keepMillis = rungs.find((rung) => rung.paneMillis === paneMillis)?.keepMillis ?? 0;
      for (const start of cohorts.keys()) if (start + paneMillis <= frontierMillis - keepMillis) cohorts.delete(start);
    }
  }

  encode(writer: Writer): void {
    const levels = this.#levels.filter(({ cohorts }) => cohorts.size > 0);
    writeAll(writer, levels, ({ paneMillis, cohorts }) => {
      writer.unsigned(paneMillis);
      const sorted = [...cohorts].sort(([a], [b]) => a - b);
      writeAll(writer, sorted, ([start, { predicted, labelled }]) => {
        writer.integer(start / paneMillis);
        writer.amount(predicted);
        writer.amount(labelled);
      });
    });
  }

  /** Fills these (new) cohorts. */
  decode(reader: Reader): void {
    readAll(reader, () => {
      const paneMillis = reader.unsigned();
      const { cohorts } = this.#level(paneMillis);
      readAll(reader, () => {
        cohorts.set(reader.integer() * paneMillis, { predicted: reader.amount(), labelled: reader.amount() });
      });
    });
  }
}
