// Absolute errors by size of the prediction: what a reference knows of them says what to expect of predictions without labels.
import { locate, located, maxBucket, origin } from "../primitive/bucket.ts";
import { addExact, exactSum, exactWidth } from "../primitive/exact-sum.ts";
import type { SumTable } from "../primitive/sum-table.ts";
import { squaredWeight } from "../primitive/weight.ts";
import { type Moments, noMoments } from "../stats/performance/moments.ts";
import type { Layout } from "./layout.ts";

/** A cell is 2^2 buckets of numbers: eight to an octave, from the lowest number to the highest. */
const bucketBits = 2;
const middle = (maxBucket >> bucketBits) + 1;
export const predictionCells: number = 2 * middle;

const counts = 0;
const weightSquares = 32_768;
const losses = 65_536;
const squares = losses + 32_768 * exactWidth;

/** A group of neighbouring cells has so many labelled rows, so that its mean loss is known to a tenth or so. */
const leastOfGroup = 200;

export const lossLayout: Layout = {
  amounts: {},
  exact: {},
  lists: {
    cells: {
      amounts: { count: counts, weight_squares: weightSquares },
      exact: { losses, loss_squares: squares },
      places: predictionCells,
      called: "prediction_from",
      nameOf: endNearerZero,
      placeOf: cellFrom,
    },
  },
};

/** Where a cell begins, seen from zero. */
function endNearerZero(cell: number): number {
  const bucket = Math.abs(cell - middle) << bucketBits;
  return bucket === 0 ? 0 : Math.sign(cell - middle) * origin(bucket);
}

/** The cell that begins there. */
function cellFrom(end: number): number {
  const cell = predictionCell(end * justAbove);
  return endNearerZero(cell) === end ? cell : -1;
}

/** A boundary belongs to the cell that ends there: a value so much greater is in the next. */
const justAbove = 1 + 2 ** -20;

/** The cell of a finite prediction. */
export function predictionCell(prediction: number): number {
  locate(prediction);
  const { bucket } = located;
  return bucket < 0 ? middle - (-bucket >> bucketBits) : middle + (bucket >> bucketBits);
}

/** Adds the loss of a prediction. */
export function addLoss(part: SumTable, prediction: number, label: number, weight: number): void {
  const cell = predictionCell(prediction);
  const loss = Math.abs(prediction - label);
  part.add(counts + cell, weight);
  part.add(weightSquares + cell, squaredWeight(weight));
  addExact(part, losses + cell * exactWidth, weight * loss);
  addExact(part, squares + cell * exactWidth, weight * loss ** 2);
}

/** Groups of neighbouring cells, each of which has enough rows; the last one stands for all that lies outside and has none. */
export interface LossGroups {
  readonly moments: readonly Moments[];
  groupOf(cell: number): number;
}

/** @returns null where all rows together are too few */
export function lossGroups(part: SumTable): LossGroups | null {
  const cells = part.entries().filter(([key]) => key < counts + predictionCells);
  const groups: { first: number; moments: Moments }[] = [];
  let open: { first: number; moments: Moments } | null = null;
  for (const [cell] of cells) {
    const moments = momentsOf(part, cell);
    open = open === null ? { first: cell, moments } : { first: open.first, moments: added(open.moments, moments) };
    if (open.moments.count ** 2 / open.moments.weightSquares < leastOfGroup) continue;
    groups.push(open);
    open = null;
  }
  const last = groups.at(-1);
  if (last === undefined) return null;
  if (open !== null) last.moments = added(last.moments, open.moments);
  return groupsFrom(groups, cells.at(-1)?.[0] as number);
}

function groupsFrom(groups: readonly { first: number; moments: Moments }[], lastCell: number): LossGroups {
  const firsts = groups.map(({ first }) => first);
  return {
    moments: [...groups.map(({ moments }) => moments), noMoments],
    groupOf(cell) {
      const group = firsts.findLastIndex((first) => first <= cell);
      return group === -1 || cell > lastCell ? groups.length : group;
    },
  };
}

function momentsOf(part: SumTable, cell: number): Moments {
  return {
    count: part.at(counts + cell),
    weightSquares: part.at(weightSquares + cell),
    sum: exactSum(part, losses + cell * exactWidth),
    squares: exactSum(part, squares + cell * exactWidth),
  };
}

function added(one: Moments, other: Moments): Moments {
  return {
    count: one.count + other.count,
    weightSquares: one.weightSquares + other.weightSquares,
    sum: one.sum + other.sum,
    squares: one.squares + other.squares,
  };
}
