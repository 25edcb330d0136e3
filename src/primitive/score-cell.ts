// Cells of scores from 0 to 1, the same for every model: so histograms of scores need no reference and always add up. They are fine
// where scores of confident models lie: each octave of the distance to the nearer end is divided into 64, down to 2^-20.
//
// With them the area under a ROC curve is right to 0.001 at any share of positives (`scripts/compare-performance.ts`); cells of
// equal width are wrong by hundredths where positives are rare.
import { highestBit } from "./double.ts";

const octaves = 19;
const slices = 64;
/** Below the middle: one for what is nearest to 0, and the slices of the octaves from 2^-20 to 2^-1. */
const half = 1 + octaves * slices;
export const scoreCells: number = 2 * half;
/** Inside of a cell scores are told apart to this share of its width. */
const positions = 4096;

const lowest = 2 ** -(octaves + 1);

/** Boundaries, one more than cells: cells are [a, b) below 0.5 and (1 - b, 1 - a] above. */
export const scoreLimits: Float64Array = Float64Array.from({ length: scoreCells + 1 }, (_, cell) => {
  return cell <= half ? boundary(cell) : 1 - boundary(scoreCells - cell);
});

function boundary(cell: number): number {
  if (cell === 0) return 0;
  const slice = (cell - 1) % slices;
  return lowest * 2 ** Math.floor((cell - 1) / slices) * (1 + slice / slices);
}

/** Where a score lies: set by `locateScore`. */
export const locatedScore = { cell: 0, position: 0 };

/** Sets `locatedScore` to the cell of a score from 0 to 1 and its position in it, a whole number of 4096 parts. */
export function locateScore(score: number): void {
  const below = score < 0.5;
  const near = below ? score : 1 - score;
  const cell = cellBelow(near);
  const index = below ? cell : scoreCells - 1 - cell;
  const [lower, upper] = [scoreLimits[index] as number, scoreLimits[index + 1] as number];
  locatedScore.cell = index;
  locatedScore.position = Math.round(((score - lower) / (upper - lower)) * positions);
}

/** @param near the distance to the nearer end, at most 0.5 */
function cellBelow(near: number): number {
  if (near < lowest) return 0;
  if (near >= 0.5) return half - 1;
  const octave = highestBit(near);
  const slice = Math.floor((near * 2 ** -octave - 1) * slices);
  return 1 + (octave + octaves + 1) * slices + slice;
}

/** The sum of scores of a cell, from its weight and the sum of positions times weight. */
export function scoreSum(cell: number, weight: number, positionSum: number): number {
  const [lower, upper] = [scoreLimits[cell] as number, scoreLimits[cell + 1] as number];
  return lower * weight + (upper - lower) * (positionSum / positions);
}
