// The moment generating function of a weighted sum of squared standard normal variables, at complex arguments:
// M(z) = product of (1 - 2 z weight)^(-1/2), each root the principal one.

/** A product of more than this is divided by it, and that is counted: many factors would else overflow. */
const large = 2 ** 300;
const logLarge = 300 * Math.LN2;

/** Holds its last result, so that evaluating it makes no garbage. */
export class MomentGenerating {
  re = 1;
  im = 0;
  readonly #weights: ArrayLike<number>;
  readonly #restSum: number;
  readonly #restSquares: number;

  /**
   * @param restSum sum of further weights so small that the logarithms of their factors are z weight + (z weight)^2
   * @param restSquares sum of their squares
   */
  constructor(weights: ArrayLike<number>, restSum: number, restSquares: number) {
    this.#weights = weights;
    this.#restSum = restSum;
    this.#restSquares = restSquares;
  }

  /**
   * Sets `re` and `im` to M at zRe + i zIm, with zIm below 0: all factors then have arguments between 0 and pi, and the
   * argument of their product is followed by counting how often it passes pi. One root suffices in the end.
   */
  evaluate(zRe: number, zIm: number): void {
    let re = 1;
    let im = 0;
    let turns = 0;
    let logScale = 0;
    for (let at = 0; at < this.#weights.length; at++) {
      const twice = 2 * (this.#weights[at] as number);
      const factorRe = 1 - twice * zRe;
      const factorIm = -twice * zIm;
      const nextRe = re * factorRe - im * factorIm;
      const nextIm = re * factorIm + im * factorRe;
      if (im > 0 && nextIm <= 0) turns += 1;
      const reduce = Math.abs(nextRe) + Math.abs(nextIm) > large;
      re = reduce ? nextRe / large : nextRe;
      im = reduce ? nextIm / large : nextIm;
      if (reduce) logScale += logLarge;
    }
    this.#root(Math.log(Math.hypot(re, im)) + logScale, Math.atan2(im, re) + 2 * Math.PI * turns, zRe, zIm);
  }

  /** The inverse root of a product of which modulus and argument are known, times the factors of the small weights. */
  #root(logModulus: number, argument: number, zRe: number, zIm: number): void {
    const restRe = zRe * this.#restSum + (zRe * zRe - zIm * zIm) * this.#restSquares;
    const restIm = zIm * this.#restSum + 2 * zRe * zIm * this.#restSquares;
    const modulus = Math.exp(restRe - logModulus / 2);
    this.re = modulus * Math.cos(restIm - argument / 2);
    this.im = modulus * Math.sin(restIm - argument / 2);
  }
}
