// Sums of targets by bin, as three columns: the count, then the high part and the rest (see target.ts).
import type { Columns, Layout } from "./columns.ts";
import { type BinTargets, TargetSum, targetUnit } from "./target.ts";

/** Which columns they are; the rest is in the one after `targetHigh`. */
export interface TargetColumns {
  readonly targetCount: number;
  readonly targetHigh: number;
}

/** Of columns that hold nothing else. */
export const targetColumns = { targetCount: 0, targetHigh: 1, targetLow: 2 } as const;
export const targetLayout: Layout = {
  columns: Object.keys(targetColumns).length,
  pairs: [{ high: targetColumns.targetHigh, unit: targetUnit }],
};

/** The targets of each bin. */
export function targetsOf(columns: Columns, { targetCount, targetHigh }: TargetColumns): BinTargets {
  return { counts: columns.column(targetCount).slice(), sums: columns.pair(targetHigh, targetUnit) };
}

/** The targets of all bins, exactly. */
export function totalTargetsOf(columns: Columns, { targetCount, targetHigh }: TargetColumns): TargetSum {
  const [highs, rests] = [columns.column(targetHigh), columns.column(targetHigh + 1)];
  const total = new TargetSum();
  columns.column(targetCount).forEach((count, bin) => {
    total.add({ count, high: highs[bin] as number, low: rests[bin] as number });
  });
  return total;
}
