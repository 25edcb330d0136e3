// Which share of a version's predictions have a label by now: weights by the time of the prediction, in minutes, hours and
// days as the windows ask for. The sums are exact in any order, as weights are multiples of 2^-8.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { paneStart, type Rung, stepOf, windowEnd } from "../window/resolution.ts";

interface Cohort {
  /** Of predictions that can be joined. */
  predicted: number;
  /** Of those that have a label. */
  labelled: number;
}

/** Cohorts of one width. */
class Level {
  readonly paneMillis: number;
  readonly cohorts = new Map<number, Cohort>();
  /** The one that was asked for last, as most of one minute's events are of few cohorts. */
  #lastStart = Number.NaN;
  #last: Cohort | undefined;

  constructor(paneMillis: number) {
    this.paneMillis = paneMillis;
  }

  at(timeMillis: number): Cohort | undefined {
    const { paneMillis } = this;
    if (timeMillis >= this.#lastStart && timeMillis < this.#lastStart + paneMillis) return this.#last;
    const start = paneStart(timeMillis, paneMillis);
    const cohort = this.cohorts.get(start);
    if (cohort !== undefined) {
      this.#lastStart = start;
      this.#last = cohort;
    }
    return cohort;
  }

  /** A new one where there is none. */
  open(timeMillis: number): Cohort {
    const cohort = { predicted: 0, labelled: 0 };
    this.cohorts.set(paneStart(timeMillis, this.paneMillis), cohort);
    return cohort;
  }

  /** @param startMillis of the cohort */
  forget(startMillis: number): void {
    this.cohorts.delete(startMillis);
    if (startMillis === this.#lastStart) this.#lastStart = Number.NaN;
  }
}

export class LabelCohorts {
  readonly #levels: Level[] = [];

  /** Counts a prediction. @param rungs which cohorts are kept */
  predicted(timeMillis: number, weight: number, rungs: readonly Rung[]): void {
    for (let at = 0; at < rungs.length; at++) {
      const rung = rungs[at] as Rung;
      if (rung.keepMillis <= 0) continue;
      const level = this.#level(rung.paneMillis);
      const cohort = level.at(timeMillis) ?? level.open(timeMillis);
      cohort.predicted += weight;
    }
  }

  /** Takes back that a prediction without a label was counted: another stands for its id. */
  withdrawn(timeMillis: number, weight: number): void {
    for (const level of this.#levels) {
      const cohort = level.at(timeMillis);
      if (cohort === undefined) continue;
      cohort.predicted -= weight;
      if (cohort.predicted === 0) level.forget(paneStart(timeMillis, level.paneMillis));
    }
  }

  #level(paneMillis: number): Level {
    for (let at = 0; at < this.#levels.length; at++) {
      const known = this.#levels[at] as Level;
      if (known.paneMillis === paneMillis) return known;
    }
    const level = new Level(paneMillis);
    this.#levels.push(level);
    this.#levels.sort((one, other) => one.paneMillis - other.paneMillis);
    return level;
  }

  /** Counts that a prediction which was counted has a label now. */
  labelled(timeMillis: number, weight: number): void {
    for (let at = 0; at < this.#levels.length; at++) {
      const cohort = (this.#levels[at] as Level).at(timeMillis);
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
    for (const level of this.#levels) {
      const { paneMillis, cohorts } = level;
      const keepMillis = rungs.find((rung) => rung.paneMillis === paneMillis)?.keepMillis ?? 0;
      for (const start of cohorts.keys()) if (start + paneMillis <= frontierMillis - keepMillis) level.forget(start);
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
