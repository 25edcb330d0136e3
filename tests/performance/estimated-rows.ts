// Performance that is estimated without labels in a folded stream, and what came of it, beside what NannyML says of the same file.
import { estimatedOf } from "../../src/performance/estimated.ts";
import { isPlain, performanceOf } from "../../src/performance/pairs.ts";
import type { PerformancePane } from "../../src/performance/pane.ts";
import type { Deviations } from "../stats/performance/deviations.ts";
import type { GoldenRow } from "../stats/performance/golden-rows.ts";
import type { Folded } from "./folded.ts";

export interface EstimatedRow {
  readonly window: string;
  readonly start: string;
  readonly end: string;
  readonly labelled: number;
  readonly estimated: Readonly<Record<string, number>>;
  readonly realized: Readonly<Record<string, number>>;
}

/** The window that an estimate is of. */
export function windowOfEstimate({ window, start, end, labelled }: EstimatedRow): GoldenRow {
  return { by: "outcome_time", window, start, end, samples: labelled };
}

export function noteEstimates(
  deviations: Deviations,
  stream: Folded,
  reference: PerformancePane,
  golden: readonly EstimatedRow[],
): void {
  for (const row of golden) {
    const window = stream.paneOf(windowOfEstimate(row)) ?? new Map();
    const estimated = new Map([...estimatedOf(window, reference, stream.settings)].map((one) => [one.metric, one.value]));
    const ripe = stream.paneOf({ ...windowOfEstimate(row), by: "prediction_time" }) ?? new Map();
    const metrics = [...performanceOf(ripe, stream.settings)].filter(isPlain);
    const realised = new Map(metrics.map((one) => [one.metric, one.value]));
    for (const [key, value] of Object.entries(row.estimated)) {
      deviations.note(`estimated ${key}`, estimated.get(key) ?? Number.NaN, value, row.start);
      deviations.note(`realised ${key}`, realised.get(key) ?? Number.NaN, row.realized[key], row.start);
    }
  }
}
