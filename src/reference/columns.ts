// What bins keep, as lists of numbers for files that people read. The order of names is that of the files.
import { BinCounts } from "../primitive/bin-counts.ts";
import type { CategoryCounts } from "../primitive/category-counts.ts";

/** A list of these names has a number for every part of a bin. */
export const partColumns = ["count", "sumHigh", "sumLow"] as const;
/** A list of these has one for every bin. */
export const targetColumns = ["targetCount", "targetHigh", "targetLow"] as const;
export const categoryColumns = ["count", ...targetColumns] as const;

/** What names are in files. */
export const columnNames = {
  count: "counts",
  sumHigh: "sums_high",
  sumLow: "sums_low",
  targetCount: "target_counts",
  targetHigh: "targets_high",
  targetLow: "targets_low",
} as const;

export type ColumnName = keyof typeof columnNames;

/** The numbers of a distribution's bins by the name that they have in files. */
export function listsOf(counts: BinCounts | CategoryCounts): Record<string, readonly number[] | number> {
  if (counts instanceof BinCounts) {
    const { columns } = counts;
    const { squaresHigh, squaresLow, weightSquares } = columns;
    const squares = { squares_high: squaresHigh, squares_low: squaresLow };
    return { ...named([...partColumns, ...targetColumns], columns), ...squares, weight_squares: weightSquares };
  }
  return { ...named(categoryColumns, counts.columns), weight_squares: counts.weightSquares, unseen_values: counts.unseen };
}

function named<Name extends ColumnName>(
  names: readonly Name[],
  columns: Readonly<Record<Name, readonly number[]>>,
): Record<string, readonly number[]> {
  return Object.fromEntries(names.map((name) => [columnNames[name], columns[name]]));
}
