// The columns of numbers that are kept of parts of bins, for the loops that are run for every value of a pane.
import { lowUnit } from "./bin-units.ts";
import { addToPair } from "./columns.ts";

/** The weighted count of a part's values, and their sum (see bin-counts.ts). */
export const partColumns = { count: 0, sumHigh: 1, sumLow: 2 } as const;
/** Numbers of their own: V8 (13.6) does not come to optimize hot functions that ask `partColumns` for them (`--trace-deopt`). */
export const { sumHigh, sumLow } = partColumns;
export const partWidth = Object.keys(partColumns).length;

const perUnit = 1 / lowUnit;

/**
 * Adds values to a part, of which the sum is known in low units.
 * @param numbers of all parts, column by column, then others
 * @param width how many parts there are
 */
export function addToPart(numbers: Float64Array, width: number, part: number, count: number, lowUnits: number): void {
  const high = Math.floor(lowUnits * perUnit);
  numbers[part] = (numbers[part] as number) + count;
  addToPair(numbers, sumHigh * width + part, width, lowUnit, high, lowUnits - high * lowUnit);
}
