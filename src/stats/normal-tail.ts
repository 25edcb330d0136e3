// The upper tail of the standard normal law, with full relative precision however far out.

/** From here on the continued fraction converges in few terms; below, the series about 0 loses no digit that matters. */
const farOut = 2.5;
const fractionTerms = 40;

/**
 * P(z > at).
 * Sources: Marsaglia 2004, "Evaluating the normal distribution" (series); Laplace's continued fraction (DLMF 7.9.1).
 */
export function normalUpperTail(at: number): number {
  if (at < 0) return 1 - normalUpperTail(-at);
  const density = Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI);
  if (at > farOut) {
    let fraction = at;
    for (let term = fractionTerms; term > 0; term--) fraction = at + term / fraction;
    return density / fraction;
  }
  let sum = at;
  let term = at;
  for (let odd = 3; term > sum * Number.EPSILON; odd += 2) {
    term *= (at * at) / odd;
    sum += term;
  }
  return 0.5 - density * sum;
}
