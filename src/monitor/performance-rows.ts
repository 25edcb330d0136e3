// A window's performance as rows of a report: every metric, however few labels there are.
import type { Performance, PerformanceRow } from "../performance/measured.ts";
import { performanceOf } from "../performance/pairs.ts";
import type { PerformanceMemory } from "./performance-memory.ts";
import { type PerformanceWindow, performanceOfWindow } from "./window-performance.ts";

export function* performanceRows(window: PerformanceWindow, memory: PerformanceMemory): Iterable<PerformanceRow> {
  const said = performanceOfWindow(window, memory);
  const { performance } = memory.settings;
  if (said === null || performance === null) return;
  for (const one of performanceOf(window.closed, performance.pairs)) yield* row(one, "outcome");
  for (const one of said.byPrediction?.metrics ?? []) yield* row(one, "prediction");
  for (const { metric, value, lower, upper, samples } of said.estimated) {
    const limits = Number.isNaN(lower) ? {} : { lower, upper };
    yield { feature: "", metric: `estimated_${metric}`, by: "prediction", value, ...limits, samples };
  }
}

function* row(one: Performance, by: PerformanceRow["by"]): Iterable<PerformanceRow> {
  const { metric, threshold, horizon, value, lower, upper, samples } = one;
  if (Number.isNaN(value)) return;
  yield {
    feature: "",
    metric,
    by,
    ...(threshold === "" ? {} : { threshold }),
    ...(horizon === "" ? {} : { horizon }),
    ...(one.class === "" ? {} : { class: one.class }),
    value,
    ...(Number.isNaN(lower) ? {} : { lower, upper }),
    samples,
  };
}
