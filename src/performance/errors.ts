// Pairs of a regression or a forecast: the sums of their errors that a pane keeps, and every metric that follows.
import { locate, located, lowerBound, maxBucket, upperBound } from "../primitive/bucket.ts";
import { addExact, exactSum, exactWidth } from "../primitive/exact-sum.ts";
import type { SumTable } from "../primitive/sum-table.ts";
import { squaredWeight } from "../primitive/weight.ts";
import { type Histogram, histogramQuantile } from "../stats/performance/error-quantiles.ts";
import { type Estimate, withoutInterval } from "../stats/performance/estimate.ts";
import * as regression from "../stats/performance/regression.ts";
import type { RegressionSums } from "../stats/performance/regression-sums.ts";
import type { Layout } from "./layout.ts";
import type { Measured } from "./measured.ts";

const count = 0;
const weightSquares = 1;
const floored = 2;
const percentageCount = 3;
const percentageSquaresOfWeights = 4;
const exactSums = 8;
const errors = exactSums;
const absoluteErrors = errors + exactWidth;
const squaredErrors = absoluteErrors + exactWidth;
const fourthPowers = squaredErrors + exactWidth;
const targets = fourthPowers + exactWidth;
const absoluteTargets = targets + exactWidth;
const squaredTargets = absoluteTargets + exactWidth;
const absoluteProducts = squaredTargets + exactWidth;
const percentages = absoluteProducts + exactWidth;
const percentageSquares = percentages + exactWidth;
/** By bucket of the absolute error, which are 3 % wide. */
const buckets = 4096;

export const errorLayout: Layout = {
  amounts: {
    count,
    weight_squares: weightSquares,
    floored,
    percentage_count: percentageCount,
    percentage_weight_squares: percentageSquaresOfWeights,
  },
  exact: {
    errors,
    absolute_errors: absoluteErrors,
    squared_errors: squaredErrors,
    fourth_powers: fourthPowers,
    labels: targets,
    absolute_labels: absoluteTargets,
    squared_labels: squaredTargets,
    absolute_products: absoluteProducts,
    percentages,
    percentage_squares: percentageSquares,
  },
  lists: {
    sizes: {
      amounts: { errors: buckets },
      exact: {},
      places: maxBucket + 1,
      called: "size_up_to",
      nameOf: (bucket) => upperBound(bucket),
      placeOf: bucketUpTo,
    },
  },
};

/** The bucket that ends at a size. */
function bucketUpTo(size: number): number {
  locate(size);
  return upperBound(located.bucket) === size ? located.bucket : -1;
}

/**
 * Adds an error.
 * @param floor the least |label| that a percentage is taken of; 0: all but 0 itself. Labels below it are counted
 */
export function addError(part: SumTable, prediction: number, label: number, weight: number, floor: number): void {
  const error = prediction - label;
  const [size, target] = [Math.abs(error), Math.abs(label)];
  const squared = squaredWeight(weight);
  part.add(count, weight);
  part.add(weightSquares, squared);
  addExact(part, errors, weight * error);
  addExact(part, absoluteErrors, weight * size);
  addExact(part, squaredErrors, weight * size ** 2);
  addExact(part, fourthPowers, weight * size ** 4);
  addExact(part, targets, weight * label);
  addExact(part, absoluteTargets, weight * target);
  addExact(part, squaredTargets, weight * target ** 2);
  addExact(part, absoluteProducts, weight * size * target);
  locate(size);
  part.add(buckets + located.bucket, weight);
  if (target < floor || target === 0) part.add(floored, weight);
  const by = Math.max(target, floor);
  if (by === 0) return;
  part.add(percentageCount, weight);
  part.add(percentageSquaresOfWeights, squared);
  addExact(part, percentages, (weight * size) / by);
  addExact(part, percentageSquares, weight * (size / by) ** 2);
}

export function errorSumsOf(part: SumTable): RegressionSums {
  const squares = exactSum(part, squaredTargets);
  return {
    count: part.at(count),
    weightSquares: part.at(weightSquares),
    errors: exactSum(part, errors),
    absoluteErrors: exactSum(part, absoluteErrors),
    squaredErrors: exactSum(part, squaredErrors),
    fourthPowers: exactSum(part, fourthPowers),
    targets: exactSum(part, targets),
    targetSquares: squares,
    absoluteTargets: exactSum(part, absoluteTargets),
    squaredTargets: squares,
    absoluteProducts: exactSum(part, absoluteProducts),
    percentages: {
      count: part.at(percentageCount),
      weightSquares: part.at(percentageSquaresOfWeights),
      sum: exactSum(part, percentages),
      squares: exactSum(part, percentageSquares),
    },
    floored: part.at(floored),
  };
}

/** Absolute errors by their bucket: those that have any, ascending, and the weight in each. */
export function errorBuckets(part: SumTable): {
  readonly buckets: readonly number[];
  readonly weights: readonly number[];
  readonly weightSquares: number;
} {
  const found = part.entries().filter(([key]) => key >= buckets && key <= buckets + maxBucket);
  return {
    buckets: found.map(([key]) => key - buckets),
    weights: found.map(([, weight]) => weight),
    weightSquares: part.at(weightSquares),
  };
}

/** Weighted numbers of absolute errors by size. */
export function errorHistogramOf(part: SumTable): Histogram {
  const found = errorBuckets(part);
  const edges = [lower(found.buckets[0] ?? 0)];
  const counts: number[] = [];
  for (const [at, bucket] of found.buckets.entries()) {
    // Between buckets that have errors is one bin that has none.
    if (edges.at(-1) !== lower(bucket)) {
      edges.push(lower(bucket));
      counts.push(0);
    }
    edges.push(upperBound(bucket));
    counts.push(found.weights[at] as number);
  }
  return { edges, counts, weightSquares: found.weightSquares };
}

function lower(bucket: number): number {
  return bucket === 0 ? 0 : lowerBound(bucket);
}

export function* errorMetrics(part: SumTable): Iterable<Measured> {
  const sums = errorSumsOf(part);
  const histogram = errorHistogramOf(part);
  const mean = regression.meanAbsoluteError(sums);
  yield { metric: "mae", ...mean };
  yield { metric: "rmse", ...regression.rootMeanSquaredError(sums) };
  yield { metric: "mape", ...regression.meanAbsolutePercentage(sums) };
  yield { metric: "mape_floored_ratio", ...share(sums.floored, sums, mean) };
  yield { metric: "wape", ...regression.weightedAbsolutePercentage(sums) };
  yield { metric: "r2", ...regression.determination(sums) };
  yield { metric: "bias", ...regression.bias(sums) };
  yield { metric: "absolute_error_p50", ...histogramQuantile(histogram, 0.5) };
  yield { metric: "absolute_error_p90", ...histogramQuantile(histogram, 0.9) };
  yield { metric: "absolute_error_p99", ...histogramQuantile(histogram, 0.99) };
}

function share(part: number, sums: RegressionSums, { samples }: Estimate): Estimate {
  return withoutInterval(part / sums.count, samples);
}
