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
  const factors = new Float64Array(ratios.length);
  const bound = tolerantBet(ratios, distance(ratios, tolerated.proportions), tolerated, allowance, factors);
  return Number.isNaN(bound) ? null : factors.map((factor) => Math.log(factor / bound));
}

/**
 * As `logTolerantBet`, for whoever lays many bets: nothing is allocated.
 * @param ratios q / p by bin, of as many bins as the reference has; what follows is not read
 * @param far the distance of q
 * @param factors is filled with f by bin
 * @returns the bound of f; NaN where there is nothing to bet on
 */
export function tolerantBet(
  ratios: Float64Array,
  far: number,
  tolerated: Tolerated,
  allowance: number,
  factors: Float64Array,
): number {
  const share = (allowance * tolerated.reach) / far;
  if (!(share < 1)) return Number.NaN;
  for (let bin = 0; bin < tolerated.proportions.length; bin++) {
    const ratio = ratios[bin] as number;
    factors[bin] = ratio / (1 + share * (ratio - 1));
  }
  return greatestMean(factors, tolerated);
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
  let sum = 0;
  for (let bin = 0; bin < proportions.length; bin++) {
    sum += (proportions[bin] as number) * (Math.sqrt(ratios[bin] as number) - 1) ** 2;
  }
  return 2 * Math.sqrt(sum);
}

/** Most that are taken; two or three are usual. */
const mostSteps = 20;
/**
 * Steps end where v changes by so little of its distance from f: the bound, which is flat there and holds for any v, is then too high
 * by some 1e-8.
 */
const settled = 1e-3;

/**
 * The greatest mean of f under any law l within reach.
 *
 * Within reach is where sum of sqrt(l p) >= c = 1 - r^2 / 8. For any v above all f, by Cauchy and Schwarz,
 * c^2 <= sum of l (v - f) * sum of p / (v - f), so that the mean of f is at most v - c^2 / sum of p / (v - f). This is convex
 * in v, and for the best v some law has that mean: the one with proportions as p / (v - f)^2, where its (sum of sqrt(l p))^2 is
 * just c^2. For f that vary little, 1 less that square is the variance of f by (v - mean)^2: its inverse root is nearly straight, so
 * that Newton's method is quick on it.
 */
function greatestMean(factors: Float64Array, { proportions, reach }: Tolerated): number {
  const { mean, deviation, least, greatest } = spreadOf(factors, proportions);
  // c^2; beyond a reach of sqrt(8) all laws are within.
  const overlap = Math.max(0, 1 - (reach * reach) / 8) ** 2;
  const apart = 1 - overlap;
  if (apart === 0) return mean;
  if (overlap === 0 || least === greatest) return greatest;
  // Not below the best v, by Kantorovich's inequality for the mean of v - f and that of its inverse.
  let [low, high] = [greatest, greatest + ((greatest - least) * (1 / Math.sqrt(apart) - 1)) / 2];
  let v = inside(mean + deviation / Math.sqrt(apart), low, high);
  let bound = greatest;
  for (let step = 0; step < mostSteps; step++) {
    // Sums of p / (v - f), of its square and its cube in the place of v - f.
    let [first, second, third] = [0, 0, 0];
    for (let bin = 0; bin < proportions.length; bin++) {
      const inverse = 1 / (v - (factors[bin] as number));
      const share = (proportions[bin] as number) * inverse;
      first += share;
      second += share * inverse;
      third += share * inverse * inverse;
    }
    bound = Math.min(bound, v - overlap / first);
    const found = 1 - (first * first) / second;
    if (found > apart) low = v;
    else high = v;
    const fall = (2 * first * (first * third - second * second)) / (second * second);
    const next = inside(v + (2 * found * (Math.sqrt(found / apart) - 1)) / fall, low, high);
    if (Math.abs(next - v) <= settled * (v - greatest)) break;
    v = next;
  }
  return bound;
}

/** The middle, where a step leads out of the interval that the best v is in. */
function inside(v: number, low: number, high: number): number {
  return v > low && v < high ? v : (low + high) / 2;
}

interface Spread {
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  readonly least: number;
  readonly greatest: number;
}

function spreadOf(factors: Float64Array, proportions: Float64Array): Spread {
  let [mean, square, least, greatest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let bin = 0; bin < proportions.length; bin++) {
    const factor = factors[bin] as number;
    const share = (proportions[bin] as number) * factor;
    mean += share;
    square += share * factor;
    if (factor < least) least = factor;
    if (factor > greatest) greatest = factor;
  }
  return { mean, deviation: Math.sqrt(Math.max(0, square - mean * mean)), least, greatest };
}
