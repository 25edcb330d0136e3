// Far tails of quadratic forms of normal variables whose covariance was estimated, by a saddlepoint.
import { normalSurvival } from "./normal.ts";

/** A statistic's law under its null hypothesis. */
export interface QuadraticForm {
  /** lambda: estimated eigenvalues as shares of their sum; positive, in descending order, sum 1. */
  readonly shares: readonly number[];
  /** nu: degrees of freedom of the estimate. Infinity: the covariance is known. */
  readonly degreesOfFreedom: number;
}

/** The mean of the deviation at the boundary of the null hypothesis. */
export interface Noncentrality {
  /** sum of (lambda_i / W_i) mu_i^2: its squared length in the units of the ratio. */
  readonly size: number;
  /** lambda_m: share of the eigenvalue along which it lies, at most the first. */
  readonly share: number;
}

const central: Noncentrality = { size: 0, share: 0 };

/**
 * P(T > ratio) of T = sum (lambda_i / W_i) (z_i + mu_i)^2, where nu W_i is chi-square with nu degrees of freedom: W_i is the
 * estimate of an eigenvalue in units of the truth. With one eigenvalue this is the tail of F(1, nu).
 *
 * The W_i are replaced by one
 * W = sum omega_i W_i whose weights omega are the parts that the eigenvalues have in a deviation as great as this one (those
 * of the tilted law at the saddlepoint): far out a dominant eigenvalue has all of it, and then its own uncertainty is what
 * counts. Given W, the cumulant generating function of W (T - ratio) is linear in W, and over W it has a closed form:
 *
 *     K(x) = -1/2 sum log(1 - 2 x lambda_i) - nu/2 sum log(1 - 2 u omega_i / nu),   u = size x / (1 - 2 x lambda_m) - ratio x
 *
 * and P(W (T - ratio) > 0) is the formula of Lugannani and Rice with the second order of Daniels. For laws that are known
 * exactly (F, chi-square, noncentral chi-square) its relative error is below 4 % with one eigenvalue, below 1 % with two,
 * below 0.1 % from five on, however far out.
 * Sources: Kuonen 1999, "Saddlepoint approximations for distributions of quadratic forms in normal variables", Biometrika 86;
 * Lugannani, Rice 1980; Daniels 1987, "Tail probability approximations", International Statistical Review 55. The
 * treatment of the uncertainty is our own; `docs/statistics.md` shows the sizes it leads to.
 * @param ratio the statistic divided by the sum of the estimated eigenvalues
 * @returns in [0, 1]; NaN where an argument is NaN
 */
export function quadraticFormTail(form: QuadraticForm, ratio: number, noncentrality: Noncentrality = central): number {
  if (Number.isNaN(ratio) || Number.isNaN(noncentrality.size)) return Number.NaN;
  if (ratio <= 0) return 1;
  const difference = new Difference(form, ratio, noncentrality);
  difference.solve(Number.POSITIVE_INFINITY);
  if (form.degreesOfFreedom !== Number.POSITIVE_INFINITY) {
    difference.weigh();
    difference.solve(form.degreesOfFreedom);
  }
  return difference.tail();
}

/** Newton's steps end when one changes the saddlepoint by less than this share: its error is then the square of that. */
const precision = 1e-5;
/** Bisection alone would have found the saddlepoint to the last bit by then. */
const mostSteps = 100;
/** Below this signed root the formula is 0/0 and its limit is taken. */
const nearMean = 1e-3;
/** Below this one the terms of second order are differences of numbers so large that only their rounding is left. */
const nearMeanForSecondOrder = 0.01;

/** W (T - ratio), and the derivatives of its cumulant generating function K at a point. */
class Difference {
  readonly #shares: readonly number[];
  readonly #top: number;
  readonly #ratio: number;
  readonly #noncentrality: number;
  readonly #along: number;
  /** omega. */
  readonly #weights: Float64Array;
  #freedom = Number.POSITIVE_INFINITY;
  #point = 0;
  #first = 0;
  #second = 0;

  constructor(form: QuadraticForm, ratio: number, noncentrality: Noncentrality) {
    this.#shares = form.shares;
    this.#top = form.shares[0] as number;
    this.#ratio = ratio;
    this.#noncentrality = noncentrality.size;
    this.#along = noncentrality.share;
    this.#weights = Float64Array.from(form.shares);
    this.#point = this.#guess();
  }

  /** The saddlepoint of a chi-square law, or of a noncentral one that is far out. */
  #guess(): number {
    const mean = 1 + this.#noncentrality;
    if (this.#ratio <= mean) return 0;
    return (1 - Math.sqrt((mean / this.#ratio) * (this.#noncentrality > 1 ? 1 : mean / this.#ratio))) / (2 * this.#top);
  }

  /** Finds the saddlepoint, the only zero of the increasing K' between its poles. */
  solve(freedom: number): void {
    this.#freedom = freedom;
    const upwards = this.#ratio > 1 + this.#noncentrality;
    let low = upwards ? 0 : Number.NEGATIVE_INFINITY;
    let high = upwards ? 1 / (2 * this.#top) : 0;
    for (let step = 0; step < mostSteps; step++) {
      const inside = this.#slopes();
      if (inside ? this.#first < 0 : !upwards) low = this.#point;
      else high = this.#point;
      const last = this.#point;
      const next = last - this.#first / this.#second;
      const isNewtons = inside && next >= low && next <= high;
      this.#point = isNewtons ? next : between(low, high, 1 / this.#top);
      // How far a step of bisection went says nothing of how far the zero is.
      if (isNewtons && Math.abs(next - last) <= precision * Math.abs(last)) break;
    }
  }

  /** Sets the weights omega to the parts of the mean of the law that is tilted to the saddlepoint. */
  weigh(): void {
    const meanTilt = 1 / (1 - 2 * this.#point * this.#along);
    let sum = 0;
    for (let index = 0; index < this.#weights.length; index++) {
      const share = this.#shares[index] as number;
      // Of a mean, that part counts by which it was passed: its square is known, what is added to it is not.
      const passed = index === 0 ? this.#noncentrality * meanTilt * Math.max(0, meanTilt - 1) : 0;
      const part = share / (1 - 2 * this.#point * share) + passed;
      this.#weights[index] = part;
      sum += part;
    }
    for (let index = 0; index < this.#weights.length; index++) this.#weights[index] = (this.#weights[index] as number) / sum;
  }

  /** Sets the first and second derivative at the point; false outside of the domain of K. */
  #slopes(): boolean {
    const point = this.#point;
    if (!(1 - 2 * point * this.#top > 0)) return false;
    const tilt = 1 / (1 - 2 * point * this.#along);
    const u = this.#noncentrality * point * tilt - this.#ratio * point;
    const u1 = this.#noncentrality * tilt * tilt - this.#ratio;
    const u2 = 4 * this.#along * this.#noncentrality * tilt * tilt * tilt;
    const scaled = (2 * u) / this.#freedom;
    let [one, two, scaleOne, scaleTwo] = [0, 0, 0, 0];
    for (let index = 0; index < this.#weights.length; index++) {
      const share = this.#shares[index] as number;
      const part = share / (1 - 2 * point * share);
      one += part;
      two += part * part;
      const open = 1 - scaled * (this.#weights[index] as number);
      if (open <= 0) return false;
      const scale = (this.#weights[index] as number) / open;
      scaleOne += scale;
      scaleTwo += scale * scale;
    }
    this.#first = one + scaleOne * u1;
    this.#second = 2 * two + (2 / this.#freedom) * scaleTwo * u1 * u1 + scaleOne * u2;
    return true;
  }

  /** P(T > ratio); the saddlepoint is known. */
  tail(): number {
    this.#slopes();
    const { value, third, fourth } = this.#moreDerivatives();
    const root = Math.sign(this.#point) * Math.sqrt(Math.max(0, -2 * value));
    const skewness = third / this.#second ** 1.5;
    if (Math.abs(root) < nearMean) return 0.5 - skewness / (6 * Math.sqrt(2 * Math.PI));
    const steepness = this.#point * Math.sqrt(this.#second);
    const shape = fourth / this.#second ** 2 / 8 - (5 * skewness * skewness) / 24;
    const correction = shape / steepness - steepness ** -3 - skewness / (2 * steepness * steepness) + root ** -3;
    const density = Math.exp((-root * root) / 2) / Math.sqrt(2 * Math.PI);
    // The second order is not needed about the mean, where its terms cancel.
    const weight = Math.abs(root) < nearMeanForSecondOrder ? 0 : Math.min(1, Math.abs(root));
    const upper = density * (1 / steepness - 1 / root + weight * correction);
    return Math.min(1, Math.max(0, normalSurvival(root) + upper));
  }

  /** K and its third and fourth derivative at the point. */
  #moreDerivatives(): { value: number; third: number; fourth: number } {
    const point = this.#point;
    const pole = 2 * this.#along;
    const tilt = 1 / (1 - point * pole);
    const u = this.#noncentrality * point * tilt - this.#ratio * point;
    const u1 = this.#noncentrality * tilt ** 2 - this.#ratio;
    const u2 = 2 * pole * this.#noncentrality * tilt ** 3;
    const u3 = 6 * pole ** 2 * this.#noncentrality * tilt ** 4;
    const u4 = 24 * pole ** 3 * this.#noncentrality * tilt ** 5;
    const nu = this.#freedom;
    let value = nu === Number.POSITIVE_INFINITY ? u : 0;
    let [third, fourth, s1, s2, s3, s4] = [0, 0, 0, 0, 0, 0];
    for (let index = 0; index < this.#weights.length; index++) {
      const share = this.#shares[index] as number;
      const weight = this.#weights[index] as number;
      const part = (2 * share) / (1 - 2 * point * share);
      const scale = weight / (1 - (2 * u * weight) / nu);
      value -= Math.log1p(-2 * point * share) / 2;
      if (nu !== Number.POSITIVE_INFINITY) value -= (nu / 2) * Math.log1p((-2 * u * weight) / nu);
      third += part ** 3;
      fourth += 3 * part ** 4;
      s1 += scale;
      s2 += (2 / nu) * scale ** 2;
      s3 += (8 / nu ** 2) * scale ** 3;
      s4 += (48 / nu ** 3) * scale ** 4;
    }
    third += s3 * u1 ** 3 + 3 * s2 * u1 * u2 + s1 * u3;
    fourth += s4 * u1 ** 4 + 6 * s3 * u1 ** 2 * u2 + s2 * (3 * u2 ** 2 + 4 * u1 * u3) + s1 * u4;
    return { value, third, fourth };
  }
}

/** A point between two bounds, of which the lower may be -Infinity: then one that is further down by a step. */
function between(low: number, high: number, step: number): number {
  return low === Number.NEGATIVE_INFINITY ? 2 * high - step : (low + high) / 2;
}
