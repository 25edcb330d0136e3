// Service level objectives of quality, such as: in 95 % of hours the false-positive rate is below 5 %; 99 % of forecasts are right to
// 20 %. Counted as outcomes come, like those of latency and availability (`objectives.ts`), so that the same rules serve all.
import {
  decisionOf,
  isPositive,
  kindOfPair,
  type LabelledPair,
  type PairSettings,
  type QualityObjective,
} from "../performance/labelled-pair.ts";
import { isPlain, performanceOf } from "../performance/pairs.ts";
import { mergePanes, type PerformancePane, packPane, performanceMonoid } from "../performance/pane.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { unpack } from "../window/pane-series.ts";
import { paneStart } from "../window/resolution.ts";

/** Windows with fewer labels are not judged. */
const leastLabels = 30;

interface Tally {
  events: number;
  bad: number;
}

/** By name of the objective. */
export type Tallies = Map<string, Tally>;

function tallyOf(tallies: Tallies, name: string): Tally {
  let tally = tallies.get(name);
  if (tally === undefined) {
    tally = { events: 0, bad: 0 };
    tallies.set(name, tally);
  }
  return tally;
}

export function addTallies(into: Tallies, from: Tallies): void {
  for (const [name, { events, bad }] of from) {
    const tally = tallyOf(into, name);
    tally.events += events;
    tally.bad += bad;
  }
}

/** Counts a pair for the objectives of single predictions. */
export function countPair(
  tallies: Tallies,
  pair: LabelledPair,
  objectives: readonly QualityObjective[],
  settings: PairSettings,
): void {
  for (const objective of objectives) {
    if (objective.overMillis !== null) continue;
    const measured = measure(pair, objective.metric, settings);
    if (Number.isNaN(measured)) continue;
    const tally = tallyOf(tallies, objective.name);
    tally.events += 1;
    if (!isGood(measured, objective)) tally.bad += 1;
  }
}

/** NaN where the pair says nothing of it. */
function measure(pair: LabelledPair, metric: string, settings: PairSettings): number {
  const kind = kindOfPair(pair, settings);
  if (metric === "error") {
    if (kind === "classes") return String(pair.label) === String(pair.prediction) ? 0 : 1;
    if (kind !== "binary") return Number.NaN;
    return decisionOf(pair, settings) === isPositive(pair.label as number | string, settings) ? 0 : 1;
  }
  if (kind !== "errors") return Number.NaN;
  const size = Math.abs((pair.prediction as number) - (pair.label as number));
  if (metric === "absolute_error") return size;
  const by = Math.max(Math.abs(pair.label as number), settings.percentageFloor);
  return by === 0 ? Number.NaN : size / by;
}

function isGood(measured: number, { metric, side, limit }: QualityObjective): boolean {
  if (metric === "error") return measured === 0;
  return side === "below" ? measured < limit : measured > limit;
}

/** The window of one length that is being filled. */
interface Filling {
  readonly startMillis: number;
  readonly pane: PerformancePane;
}

/** What is counted of a version, and the windows that are being filled. */
export class QualityTotals {
  readonly tallies: Tallies = new Map();
  /** By length. */
  readonly #filling = new Map<number, Filling>();

  /**
   * Takes the pairs of a minute that closes. A window is judged when the first minute after it closes that has any.
   * @param counted what single pairs counted for
   */
  close(
    startMillis: number,
    pairs: PerformancePane,
    counted: Tallies,
    objectives: readonly QualityObjective[],
    settings: PairSettings,
  ): void {
    addTallies(this.tallies, counted);
    const lengths = new Set(objectives.map(({ overMillis }) => overMillis).filter((millis) => millis !== null));
    for (const length of this.#filling.keys()) if (!lengths.has(length)) this.#filling.delete(length);
    for (const length of lengths) {
      const start = paneStart(startMillis, length);
      const before = this.#filling.get(length);
      if (before !== undefined && before.startMillis !== start) this.#judge(before.pane, length, objectives, settings);
      const pane = before?.startMillis === start ? before.pane : new Map();
      mergePanes(pane, pairs);
      this.#filling.set(length, { startMillis: start, pane });
    }
  }

  #judge(pane: PerformancePane, length: number, objectives: readonly QualityObjective[], settings: PairSettings): void {
    const metrics = [...performanceOf(pane, settings)].filter(isPlain);
    for (const objective of objectives) {
      if (objective.overMillis !== length) continue;
      const measured = metrics.find(({ metric }) => metric === objective.metric);
      if (measured === undefined || Number.isNaN(measured.value) || measured.samples < leastLabels) continue;
      const tally = tallyOf(this.tallies, objective.name);
      tally.events += 1;
      if (!isGood(measured.value, objective)) tally.bad += 1;
    }
  }

  encode(writer: Writer): void {
    writeTallies(this.tallies, writer);
    const sorted = [...this.#filling].sort(([one], [other]) => one - other);
    writeAll(writer, sorted, ([length, { startMillis, pane }]) => {
      writer.unsigned(length);
      writer.integer(startMillis);
      writer.blob(packPane(pane));
    });
  }

  static decode(reader: Reader): QualityTotals {
    const totals = new QualityTotals();
    for (const [name, tally] of readTallies(reader)) totals.tallies.set(name, tally);
    readAll(reader, () => {
      const length = reader.unsigned();
      const startMillis = reader.integer();
      totals.#filling.set(length, { startMillis, pane: unpack(performanceMonoid, reader.blob()) });
    });
    return totals;
  }
}

export function writeTallies(tallies: Tallies, writer: Writer): void {
  const sorted = [...tallies].sort(([one], [other]) => compareText(one, other));
  writeAll(writer, sorted, ([name, { events, bad }]) => {
    writer.text(name);
    writer.unsigned(events);
    writer.unsigned(bad);
  });
}

export function readTallies(reader: Reader): Tallies {
  return new Map(readAll(reader, () => [reader.text(), { events: reader.unsigned(), bad: reader.unsigned() }] as const));
}
