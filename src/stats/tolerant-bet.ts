// A bet that values no longer come as in the reference, which no law that is tolerated can expect to win.

/** The reference of a bet: proportions by bin, and how far from them a law may be. */
export interface Tolerated {
  /** p, each above 0; they sum to 1. */
  readonly proportions: Float64Array;
  /** r: laws of a distance up to it are tolerated (see `distance`). */
  readonly reach: number;
}

/**
 * By bin, ln of the e-value of an event in it: ln(f / bound), with the bound the greatest mean of f under any tolerated law.
 *
 * - f: how many times more frequent events of the bin are in a predicted law q than in h = p + a r (q - p) / d, with d the
 *   distance of q. For a = 1 this h is about the tolerated law that is nearest to q, and the bet grows fastest if q is right
 *   (growth about (d - r)^2 / 2 an event); for a = 0 it is the reference itself, and the bet is bolder;
 * - valid: the mean of f / bound is at most 1 under any law within reach, however wrong q is, and so is that of the product of
 *   many such, even if the law changes from event to event within reach;
 * - source: for the best bet against many laws M. Larsson, A. Ramdas, J. Ruf 2024, "The numeraire e-variable and reverse
 *   information projection", arXiv 2402.18810.
 * @param ratios q / p by bin
 * @param allowance a, 0 to 1
 * @returns null where q itself is tolerated, so that there is nothing to bet on
 */
export function logTolerantBet(ratios: Float64Array, tolerated: Tolerated, allowance: number): Float64Array | null {
  const share = (allowance * tolerated.reach) / distance(ratios, tolerated.proportions);
  if (!(share < 1)) return null;
  const factors = ratios.map((ratio) => ratio / (1 + share * (ratio - 1)));
  const bound = greatestMean(factors, tolerated);
  return factors.map((factor) => Math.log(factor / bound));
}

/**
 * Twice the Hellinger distance, 2 sqrt(sum of (sqrt(l) - sqrt(p))^2).
 *
 * Its square is at most the PSI, as ln(x) >= 2 (x - 1) / (x + 1) for x >= 1, and near it: 6 % below where a proportion has grown
 * to six times. And distances add up: who is within d of a law that is within r of the reference is within d + r of that. Of
 * n independent values and their law, n times the square is nearly chi-square with B - 1 degrees of freedom.
 * @param ratios l / p by bin
 */
export function distance(ratios: Float64Array, proportions: Float64Array): number {
  return 2 * Math.sqrt(ratios.reduce((sum, ratio, bin) => sum + (proportions[bin] as number) * (Math.sqrt(ratio) - 1) ** 2, 0));
}

/** Halving so often where the bound is least leaves it a ten-millionth too high: it is flat there. */
const mostSteps = 20;

/**
 * The greatest mean of f under any law l within reach.
 *
 * Within reach is where sum of sqrt(l p) >= c = 1 - r^2 / 8. For any v above all f, by Cauchy and Schwarz,
 * c^2 <= sum of l (v - f) * sum of p / (v - f), so that the mean of f is at most v - c^2 / sum of p / (v - f). This is convex
 * in v, and for the best v some law has that mean.
 */
function greatestMean(factors: Float64Array, { proportions, reach }: Tolerated): number {
  // c^2; beyond a reach of sqrt(8) all laws are.
  const overlap = Math.max(0, 1 - (reach * reach) / 8) ** 2;
  if (overlap === 1) return factors.reduce((mean, factor, bin) => mean + factor * (proportions[bin] as number), 0);
  const greatest = Math.max(...factors);
  // Not below the best v, by Kantorovich's inequality for the mean of v - f and that of its inverse.
  const farthest = ((greatest - Math.min(...factors)) * (1 / Math.sqrt(1 - overlap) - 1)) / 2;
  let [low, high] = [greatest, greatest + farthest];
  for (let step = 0; step < mostSteps; step++) {
    const middle = (low + high) / 2;
    if (overlapFor(middle, factors, proportions) < overlap) low = middle;
    else high = middle;
  }
  return high - overlap / meanInverse(high, factors, proportions);
}

/** Sum of p / (v - f). */
function meanInverse(v: number, factors: Float64Array, proportions: Float64Array): number {
  let sum = 0;
  for (let bin = 0; bin < factors.length; bin++) sum += (proportions[bin] as number) / (v - (factors[bin] as number));
  return sum;
}

/** (Sum of sqrt(l p))^2 of the law l that attains the bound for a v: its proportions are as p / (v - f)^2. */
function overlapFor(v: number, factors: Float64Array, proportions: Float64Array): number {
  let [first, second] = [0, 0];
  for (let bin = 0; bin < factors.length; bin++) {
    const inverse = 1 / (v - (factors[bin] as number));
    first += (proportions[bin] as number) * inverse;
    second += (proportions[bin] as number) * inverse * inverse;
  }
  return (first * first) / second;
}
