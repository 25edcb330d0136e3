// How far to trust estimates: what was estimated of weeks gone by, beside what their labels said later. A window is judged once, when
// all of its labels have had the time to come, and windows lie side by side, so that each label counts once.
import { estimatedOf } from "../performance/estimated.ts";
import { isPlain, labelledWeight, performanceOf } from "../performance/pairs.ts";
import type { PerformancePane } from "../performance/pane.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { greatestGap, typicalGap } from "../stats/performance/trust.ts";
import { hourMillis } from "../window/resolution.ts";
import type { Cohorts } from "./performance-cohorts.ts";
import type { PerformanceMemory } from "./performance-memory.ts";

/** Below so many predictions with a label, and of those that the metric is of, what came of a window is too uncertain itself. */
const leastLabels = 500;
const leastOfMetric = 30;
/** Windows of each length that are remembered: of weeks, those of half a year. */
const mostWindows = 26;
/** Windows that are not longer than this are not judged: they differ by chance. */
const shortestMillis = 2 * hourMillis;

interface Judged {
  /** Of the last window that was judged, or passed over. */
  endMillis: number;
  /** By metric: estimated - realised, the latest last. */
  readonly gaps: Map<string, number[]>;
}

/** How far estimates of one metric were from what labels showed: as root mean square, and at most. */
export interface Gaps {
  readonly typical: number;
  readonly greatest: number;
}

export class Trust {
  readonly #byLength = new Map<number, Judged>();
  /** Changes with what is said. */
  revision = 0;

  /**
   * Judges the windows that are due, before cohorts forget what these are made of.
   * @param untilMillis the start of the minute that closes: labels that came before it are in the cohorts
   */
  settle(untilMillis: number, cohorts: Cohorts, memory: PerformanceMemory): void {
    const { performance, drift } = memory.settings;
    if (performance === null) return;
    for (const millis of this.#byLength.keys())
      if (!drift.windows.some((one) => one.millis === millis)) this.#byLength.delete(millis);
    for (const { millis } of drift.windows) {
      if (millis <= shortestMillis) continue;
      const due = Math.floor((untilMillis - performance.horizonMillis) / millis) * millis;
      const judged = this.#of(millis, due);
      for (; judged.endMillis < due; judged.endMillis += millis) {
        const window = cohorts.window(millis, judged.endMillis + millis, performance.mature);
        if (window !== null) this.#note(judged, window.pane, memory);
      }
    }
  }

  #of(millis: number, due: number): Judged {
    let judged = this.#byLength.get(millis);
    if (judged === undefined) {
      // What ended before the first minute that closes has no cohorts.
      judged = { endMillis: due, gaps: new Map() };
      this.#byLength.set(millis, judged);
    }
    return judged;
  }

  #note({ gaps }: Judged, pane: PerformancePane, { reference, settings: { performance } }: PerformanceMemory): void {
    if (reference === null || performance === null || labelledWeight(pane) < leastLabels) return;
    const realised = new Map([...performanceOf(pane, performance.pairs)].filter(isPlain).map((one) => [one.metric, one]));
    for (const { metric, value } of estimatedOf(pane, reference, performance.pairs)) {
      const came = realised.get(metric);
      const gap = value - (came?.value ?? Number.NaN);
      if (came === undefined || came.samples < leastOfMetric || Number.isNaN(gap)) continue;
      gaps.set(metric, [...(gaps.get(metric) ?? []), gap].slice(-mostWindows));
      this.revision += 1;
    }
  }

  /** By metric: how far estimates of windows of this length were from what labels showed. */
  gaps(windowMillis: number): ReadonlyMap<string, Gaps> {
    const gaps = this.#byLength.get(windowMillis)?.gaps ?? new Map<string, number[]>();
    return new Map([...gaps].map(([metric, of]) => [metric, { typical: typicalGap(of), greatest: greatestGap(of) }]));
  }

  encode(writer: Writer): void {
    const sorted = [...this.#byLength].sort(([one], [other]) => one - other);
    writeAll(writer, sorted, ([millis, { endMillis, gaps }]) => {
      writer.unsigned(millis);
      writer.integer(endMillis);
      writeAll(
        writer,
        [...gaps].sort(([one], [other]) => compareText(one, other)),
        ([metric, of]) => {
          writer.text(metric);
          writeAll(writer, of, (gap) => writer.float(gap));
        },
      );
    });
  }

  static decode(reader: Reader): Trust {
    const trust = new Trust();
    readAll(reader, () => {
      const [millis, endMillis] = [reader.unsigned(), reader.integer()];
      const gaps = readAll(reader, () => [reader.text(), readAll(reader, () => reader.float())] as const);
      trust.#byLength.set(millis, { endMillis, gaps: new Map(gaps) });
    });
    return trust;
  }
}
