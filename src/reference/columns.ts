// What bins keep, as lists of numbers for files that people read. The order of names is that of the files.
import { BinCounts } from "../primitive/bin-counts.ts";
import { CategoryCounts } from "../primitive/category-counts.ts";

/** A list of these names has a number for every bin. */
export const binColumns = [
  "count",
  "sumHigh",
  "sumLow",
  "squaresHigh",
  "squaresLow",
  "targetCount",
  "targetHigh",
  "targetLow",
] as const;
export const categoryColumns = ["count", "targetCount", "targetHigh", "targetLow"] as const;

/** What names are in files. */
export const columnNames = {
  count: "counts",
  sumHigh: "sums_high",
  sumLow: "sums_low",
  squaresHigh: "squares_high",
  squaresLow: "squares_low",
  targetCount: "target_counts",
  targetHigh: "targets_high",
  targetLow: "targets_low",
} as const;

export type ColumnName = (typeof binColumns)[number];

/** The numbers of a distribution's bins by the name that they have in files. */
export function listsOf(counts: BinCounts | CategoryCounts): Record<string, readonly number[] | number> {
  const { columns } = counts;
  const names: readonly ColumnName[] = counts instanceof BinCounts ? binColumns : categoryColumns;
  const lists = names.map((name) => [columnNames[name], (columns as Readonly<Record<string, readonly number[]>>)[name]] as const);
  const unseen = counts instanceof CategoryCounts ? { unseen_values: counts.unseen } : {};
  return { ...(Object.fromEntries(lists) as Record<string, readonly number[]>), weight_squares: counts.weightSquares, ...unseen };
}
