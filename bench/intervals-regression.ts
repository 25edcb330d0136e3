// Regressions with errors of named distributions, for the coverage of intervals.
import type { Random } from "../src/source/simulator/random.ts";
import { histogramQuantile } from "../src/stats/performance/error-quantiles.ts";
import type { Estimate } from "../src/stats/performance/estimate.ts";
import { noMoments } from "../src/stats/performance/moments.ts";
import * as regression from "../src/stats/performance/regression.ts";
import type { RegressionSums } from "../src/stats/performance/regression-sums.ts";
import type { Case } from "./intervals-binary.ts";

/** Errors by name: how to draw one, and the means of e, |e| and e^2. */
interface Errors {
  readonly name: string;
  readonly bias: number;
  readonly absolute: number;
  readonly square: number;
  draw(random: Random): number;
}

const exponential = (random: Random): number => -Math.log(1 - random.uniform());
const student = (random: Random, freedom: number): number => {
  let squares = 0;
  for (let term = 0; term < freedom; term++) squares += random.normal() ** 2;
  return random.normal() / Math.sqrt(squares / freedom);
};
const halfNormal = Math.sqrt(2 / Math.PI);
const logNormal = (sigma: number): Errors => ({
  name: `log-normal errors, sigma ${sigma}`,
  bias: Math.exp(sigma ** 2 / 2),
  absolute: Math.exp(sigma ** 2 / 2),
  square: Math.exp(2 * sigma ** 2),
  draw: (random) => Math.exp(sigma * random.normal()),
});
/** Normal errors, of which a share is so many times as wide. */
const contaminated = (share: number, times: number): Errors => ({
  name: `normal errors, ${100 * share} % of them ${times} times as wide`,
  bias: 0,
  absolute: halfNormal * (1 - share + share * times),
  square: 1 - share + share * times ** 2,
  draw: (random) => random.normal() * (random.chance(share) ? times : 1),
});

const errors: readonly Errors[] = [
  { name: "normal errors", bias: 0, absolute: halfNormal, square: 1, draw: (random) => random.normal() },
  {
    name: "Laplace errors",
    bias: 0,
    absolute: 1,
    square: 2,
    draw: (random) => exponential(random) * (random.chance(0.5) ? 1 : -1),
  },
  { name: "exponential errors", bias: 1, absolute: 1, square: 2, draw: exponential },
  // E |t| = 2 sqrt(nu) / ((nu - 1) B(nu / 2, 1 / 2)).
  {
    name: "Student errors, 5 degrees",
    bias: 0,
    absolute: (8 * Math.sqrt(5)) / (6 * Math.PI),
    square: 5 / 3,
    draw: (random) => student(random, 5),
  },
  {
    name: "Student errors, 3 degrees",
    bias: 0,
    absolute: (2 * Math.sqrt(3)) / Math.PI,
    square: 3,
    draw: (random) => student(random, 3),
  },
  logNormal(0.5),
  logNormal(1),
  contaminated(0.05, 5),
  contaminated(0.01, 10),
];

/** Labels are log-normal, so that WAPE has something to divide by. */
const [labelSigma, labelScale] = [0.5, 10];
/** Cells of |e|, each 5 % wider than the one before, from 1e-4 to 1e4. */
const cellWidth = Math.log(1.05);
const firstEdge = -Math.log(1e4);
const edges = Float64Array.from({ length: 378 }, (_, index) => Math.exp(firstEdge + index * cellWidth));
const cellOf = (size: number): number => {
  const cell = Math.floor((Math.log(Math.max(size, 1e-9)) - firstEdge) / cellWidth);
  return Math.max(0, Math.min(edges.length - 2, cell));
};
/** Draws that stand for the distribution where its quantiles have no formula. */
const drawsOfTruth = 500_000;

export class Regression implements Case {
  readonly name: string;
  readonly truth: Readonly<Record<string, number>>;
  readonly #errors: Errors;

  constructor(random: Random, own: Errors) {
    this.name = own.name;
    this.#errors = own;
    const sizes = Float64Array.from({ length: drawsOfTruth }, () => Math.abs(own.draw(random))).sort();
    this.truth = {
      bias: own.bias,
      MAE: own.absolute,
      RMSE: Math.sqrt(own.square),
      WAPE: own.absolute / (labelScale * Math.exp(labelSigma ** 2 / 2)),
      "median absolute error": sizes[drawsOfTruth / 2] as number,
      "p90 of absolute errors": sizes[0.9 * drawsOfTruth] as number,
    };
  }

  sample(random: Random, size: number): Record<string, Estimate> {
    const counts = new Float64Array(edges.length - 1);
    const sums = { ...empty, count: size, weightSquares: size };
    for (let event = 0; event < size; event++) {
      const error = this.#errors.draw(random);
      const [target, absolute, square] = [labelScale * Math.exp(labelSigma * random.normal()), Math.abs(error), error * error];
      const cell = cellOf(absolute);
      counts[cell] = (counts[cell] as number) + 1;
      sums.errors += error;
      sums.absoluteErrors += absolute;
      sums.squaredErrors += square;
      sums.fourthPowers += square * square;
      sums.absoluteTargets += target;
      sums.squaredTargets += target * target;
      sums.absoluteProducts += absolute * target;
    }
    const histogram = { edges, counts, weightSquares: size };
    return {
      bias: regression.bias(sums),
      MAE: regression.meanAbsoluteError(sums),
      RMSE: regression.rootMeanSquaredError(sums),
      WAPE: regression.weightedAbsolutePercentage(sums),
      "median absolute error": histogramQuantile(histogram, 0.5),
      "p90 of absolute errors": histogramQuantile(histogram, 0.9),
    };
  }
}

/** Sums that the metrics here do not take stay 0. */
const empty: RegressionSums = {
  count: 0,
  weightSquares: 0,
  errors: 0,
  absoluteErrors: 0,
  squaredErrors: 0,
  fourthPowers: 0,
  targets: 0,
  targetSquares: 0,
  absoluteTargets: 0,
  squaredTargets: 0,
  absoluteProducts: 0,
  percentages: noMoments,
  floored: 0,
};

export function regressions(random: Random): Regression[] {
  return errors.map((own) => new Regression(random, own));
}
