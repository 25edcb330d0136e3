// Which share of a version's predictions have a label by now: weights by the time of the prediction, in minutes, hours and
// days as the windows ask for. The sums are exact in any order, as weights are multiples of 2^-8.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { NearStarts } from "../window/near-starts.ts";
import { paneStart, type Rung, stepOf, windowEnd } from "../window/resolution.ts";

interface Cohort {
  /** Of predictions that can be joined. */
  predicted: number;
  /** Of those that have a label. */
  labelled: number;
}

/** Starts in a row that are found without a search: of minutes, those of four hours. */
const startsNear = 256;

/** Cohorts of one width, by start. */
type Level = NearStarts<Cohort>;

export class LabelCohorts {
  readonly #levels: Level[] = [];

  /** Counts a prediction. @param rungs which cohorts are kept */
  predicted(timeMillis: number, weight: number, rungs: readonly Rung[]): void {
    for (let at = 0; at < rungs.length; at++) {
      const rung = rungs[at] as Rung;
      if (rung.keepMillis <= 0) continue;
      const level = this.#level(rung.paneMillis);
      const start = paneStart(timeMillis, rung.paneMillis);
      let cohort = level.get(start);
      if (cohort === undefined) {
        cohort = { predicted: 0, labelled: 0 };
        level.set(start, cohort);
      }
      cohort.predicted += weight;
    }
  }

  /** Takes back that a prediction without a label was counted: another stands for its id. */
  withdrawn(timeMillis: number, weight: number): void {
    for (const level of this.#levels) {
      const start = paneStart(timeMillis, level.paneMillis);
      const cohort = level.get(start);
      if (cohort === undefined) continue;
      cohort.predicted -= weight;
      if (cohort.predicted === 0) level.delete(start);
    }
  }

  #level(paneMillis: number): Level {
    for (let at = 0; at < this.#levels.length; at++) {
      const known = this.#levels[at] as Level;
      if (known.paneMillis === paneMillis) return known;
    }
    const level: Level = new NearStarts(paneMillis, startsNear);
    this.#levels.push(level);
    this.#levels.sort((one, other) => one.paneMillis - other.paneMillis);
    return level;
  }

  /** Counts that a prediction which was counted has a label now. */
  labelled(timeMillis: number, weight: number): void {
    for (let at = 0; at < this.#levels.length; at++) {
      const level = this.#levels[at] as Level;
      const cohort = level.get(paneStart(timeMillis, level.paneMillis));
      if (cohort !== undefined) cohort.labelled += weight;
    }
  }

  /** The share of a window that ends with the newest whole cohort at a frontier; NaN where it has no predictions. */
  ratio(windowMillis: number, frontierMillis: number): number {
    const end = windowEnd(frontierMillis, windowMillis);
    let predicted = 0;
    let labelled = 0;
    for (const [start, cohort] of this.#level(stepOf(windowMillis)).all) {
      if (start < end - windowMillis || start >= end) continue;
      predicted += cohort.predicted;
      labelled += cohort.labelled;
    }
    return labelled / predicted;
  }

  /** Forgets the cohorts that no window reaches. */
  expire(frontierMillis: number, rungs: readonly Rung[]): void {
    for (const level of this.#levels) {
      const { paneMillis } = level;
      const keepMillis = rungs.find((rung) => rung.paneMillis === paneMillis)?.keepMillis ?? 0;
      for (const start of level.all.keys()) if (start + paneMillis <= frontierMillis - keepMillis) level.delete(start);
    }
  }

  encode(writer: Writer): void {
    const levels = this.#levels.filter(({ size }) => size > 0);
    writeAll(writer, levels, ({ paneMillis, all }) => {
      writer.unsigned(paneMillis);
      const sorted = [...all].sort(([a], [b]) => a - b);
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
      const level = this.#level(paneMillis);
      readAll(reader, () => {
        level.set(reader.integer() * paneMillis, { predicted: reader.amount(), labelled: reader.amount() });
      });
    });
  }
}
