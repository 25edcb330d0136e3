// How well a model did in its reference, built as the product builds it from rows with labels.
import type { PerformancePane } from "../../src/performance/pane.ts";
import { built, type Row } from "../reference/built.ts";

/** @param lines of JSON: rows with score or scores, prediction and label */
export async function referenceOf(lines: readonly string[]): Promise<PerformancePane> {
  const rows = lines
    .filter((line) => line !== "")
    .map((line) => {
      const { time, ...row } = JSON.parse(line) as Row & { readonly time?: string };
      return { ...row, ...(time === undefined ? {} : { timeMillis: Date.parse(time) }) };
    });
  const { reference } = await built(rows);
  if (reference.performance === null) throw new Error("no row has a label");
  return reference.performance;
}
