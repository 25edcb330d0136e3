// The law of a weighted sum of squares of independent standard normal variables: its upper tail.
// Statistics that are quadratic forms (X^2 of dependent values, Anderson-Darling) have it; eigenvalues are the weights.
import { MomentGenerating } from "./moment-generating.ts";

/**
 * The probability that sum of weight_k Z_k^2 exceeds x, the Z_k standard normal and independent.
 *
 * Relative error about 1e-11, also where the result is 1e-300.
 * @param weights not negative, one at least above 0 (those that are 0 count for nothing); else NaN
 * @param restSum sum of further weights, too many to list and small against the largest one
 * @param restSquares sum of their squares
 *
 * With the moment generating function M(z) = product of (1 - 2 z weight)^(-1/2) the tail is a contour integral of
 * e^(-z x) M(z) / z around the branch points z = 1 / (2 weight). On a parabola about them, through the saddle point, the
 * midpoint rule converges geometrically, and to relative precision, as the integrand is nowhere much larger than its result.
 * Source: J. A. C. Weideman and L. N. Trefethen 2007, "Parabolic and Hyperbolic Contours for Computing the Bromwich
 * Integral"; the law: J. P. Imhof 1961, "Computing the Distribution of Quadratic Forms in Normal Variables"; the saddle
 * point: R. Lugannani and S. Rice 1980.
 */
export function weightedChiSquareSurvival(x: number, weights: ArrayLike<number>, restSum = 0, restSquares = 0): number {
  const largest = largestOf(weights);
  if (!(largest > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  const branch = 1 / (2 * largest);
  const size = Math.max(leastSize, saddle(x, weights, branch, restSum) * x);
  const generating = new MomentGenerating(weights, restSum, restSquares);
  const upper = x >= restSum + sumOf(weights);
  const result = midpointSum(new Contour(x, branch, size), generating, upper);
  // Rounding may leave a probability of nearly 1 above it.
  return Math.min(1, Math.max(0, result));
}

function largestOf(weights: ArrayLike<number>): number {
  let largest = 0;
  for (let at = 0; at < weights.length; at++) largest = Math.max(largest, weights[at] as number);
  return largest;
}

function sumOf(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += weights[at] as number;
  return sum;
}

/** The contour's distance from the branch point, times x, is at least this: nearer to it the rule converges slowly. */
const leastSize = 6;

/** Halving an interval of ratio n so often finds the saddle point as well as is needed (a tenth). */
const saddleSteps = 7;

/**
 * Distance s below the nearest branch point of the saddle point, sum of weight / (1 - 2 (branch - s) weight) = x. It lies
 * between 1 / (2 x), as if there were one weight, and n / (2 x), as if all n were equal.
 */
function saddle(x: number, weights: ArrayLike<number>, branch: number, restSum: number): number {
  let low = 0.5 / x;
  let high = ((weights.length + restSum / x) * 0.5) / x;
  for (let step = 0; step < saddleSteps; step++) {
    const middle = Math.sqrt(low * high);
    let mean = restSum;
    for (let at = 0; at < weights.length; at++) {
      const weight = weights[at] as number;
      mean += weight / (1 - 2 * weight * (branch - middle));
    }
    if (mean > x) low = middle;
    else high = middle;
  }
  return high;
}

/** Where the integrand has fallen to 1e-16 of its value at the vertex, in units of the root of the contour's size. */
const range = 6;

/** The step is pi / (size + fineness sqrt(size)): the error of the rule is then about e^(-fineness^2). */
const fineness = 8;

/** z = branch - size / x (1 + i u)^2, at steps of u. */
class Contour {
  readonly x: number;
  readonly branch: number;
  readonly size: number;
  readonly step: number;
  readonly nodes: number;

  constructor(x: number, branch: number, size: number) {
    this.x = x;
    this.branch = branch;
    this.size = size;
    this.step = Math.PI / (size + fineness * Math.sqrt(size));
    this.nodes = Math.ceil(range / Math.sqrt(size) / this.step);
  }

  /**
   * What the pole at z = 0 adds to the sum over the nodes if it is not taken out: 1 where the contour passes well below of
   * it, 0 well above, and, since the rule has a step, something between nearby.
   */
  get pole(): number {
    const distance = 1 - Math.sqrt((this.branch * this.x) / this.size);
    return 1 / (1 + Math.exp((-2 * Math.PI * distance) / this.step));
  }
}

/**
 * In the upper half of the law the integrand is e^(-z x) (M(z) - 1) / z: the "- 1" changes nothing of the integral and takes
 * away the pole. In the lower half it would cancel digits, and the pole's part is added.
 */
function midpointSum(contour: Contour, generating: MomentGenerating, upper: boolean): number {
  const { size, x, branch, step } = contour;
  let sum = 0;
  for (let node = 0; node < contour.nodes; node++) {
    sum += integrand((node + 0.5) * step, contour, generating, upper ? 1 : 0);
  }
  const integral = ((2 * step * size) / (Math.PI * x)) * Math.exp(size - branch * x) * sum;
  return upper ? integral : integral + contour.pole;
}

/** Real part of e^((branch - z) x - size) (M(z) - less) / z (1 + i u); the last factor is the contour's derivative. */
function integrand(u: number, { x, branch, size }: Contour, generating: MomentGenerating, less: number): number {
  const re = branch - (size / x) * (1 - u * u);
  const im = ((-2 * size) / x) * u;
  generating.evaluate(re, im);
  const topRe = generating.re - less;
  const topIm = generating.im;
  const square = re * re + im * im;
  const quotientRe = (topRe * re + topIm * im) / square;
  const quotientIm = (topIm * re - topRe * im) / square;
  const cosine = Math.cos(2 * size * u);
  const sine = Math.sin(2 * size * u);
  return Math.exp(-size * u * u) * (quotientRe * (cosine - u * sine) - quotientIm * (sine + u * cosine));
}
