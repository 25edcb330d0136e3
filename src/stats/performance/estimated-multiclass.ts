// Performance of a classifier of several classes before labels are there: one-vs-rest calibration, brought to a sum of 1.
import { type Estimate, withoutInterval } from "./estimate.ts";
import { type Confusion, multiclassAccuracy } from "./multiclass.ts";

/**
 * Probabilities of the classes of one prediction: each class's score goes through the map of that class (`calibrationMap` on
 * the class against all others), and what comes out is divided by its sum.
 * @param bins by class, the bin of its score
 * @param maps by class, the share of that class by bin
 * @returns by class, adding to 1; all classes alike where every map says 0
 * Source: B. Zadrozny and C. Elkan 2002, section 4.
 */
export function calibratedClasses(bins: ArrayLike<number>, maps: readonly ArrayLike<number>[]): Float64Array {
  const shares = Float64Array.from(maps, (map, index) => map[bins[index] as number] as number);
  const sum = shares.reduce((all, share) => all + share, 0);
  return shares.map((share) => (sum === 0 ? 1 / shares.length : share / sum));
}

/**
 * What one prediction adds to the expected confusion matrix: in the column of the predicted class, each row gets the
 * probability of its label. Matrices of predictions add (`merged`), and every metric of a matrix can be taken of the sum.
 */
export function expectedConfusion(prediction: number, probabilities: ArrayLike<number>, weight = 1): Confusion {
  const size = probabilities.length;
  const counts = new Float64Array(size * size);
  for (let label = 0; label < size; label++) counts[label * size + prediction] = weight * (probabilities[label] as number);
  return { counts, weightSquares: weight * weight };
}

/** Expected share of right predictions: 0 to 1, NaN without predictions. No interval, as for `estimatedBinary`. */
export function estimatedAccuracy(expected: Confusion): Estimate {
  const { value, samples } = multiclassAccuracy(expected);
  return withoutInterval(value, samples);
}
