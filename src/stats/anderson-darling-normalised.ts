// The Anderson-Darling statistic less its mean, in units of its standard deviation, as other software shows it.

/** From here on the expansions of harmonic numbers below are exact to the last digit of a double. */
const expansionFrom = 1000;

/** Euler's constant, and the sum of 1 / k^2 over all k. */
const euler = 0.5772156649015329;
const zetaOfTwo = Math.PI ** 2 / 6;

/** Sums of 1 / k and 1 / k^2 up to a number. Source: NIST Digital Library of Mathematical Functions, 5.11.2 and 5.15.8. */
function harmonic(upTo: number): { readonly first: number; readonly second: number } {
  if (upTo >= expansionFrom) {
    const inverse = 1 / upTo;
    const first = Math.log(upTo) + euler + inverse / 2 - inverse ** 2 / 12 + inverse ** 4 / 120;
    return { first, second: zetaOfTwo - inverse + inverse ** 2 / 2 - inverse ** 3 / 6 + inverse ** 5 / 30 };
  }
  let first = 0;
  let second = 0;
  for (let k = 1; k <= upTo; k++) {
    first += 1 / k;
    second += 1 / k ** 2;
  }
  return { first, second };
}

/**
 * (A^2 - 1) / sd(A^2) for two samples, the standard deviation that of values without ties.
 *
 * The double sum g = sum_{i<j<N} 1 / ((N - i) j) is taken in closed form, sum 1/k^2 - 2 / N sum 1/k (k below N): from
 * sum_{k<N} (sum_{j<=k} 1/j) / (N - k) = (sum_{k<=N} 1/k)^2 - sum_{k<=N} 1/k^2.
 * @param statistic A^2 with midranks, see `andersonDarling`
 * @param n size of one sample, whole
 * @param m size of the other; both together at least 4
 * Source: Scholz and Stephens 1987, equation 4 (their T_kN for k = 2).
 */
export function normalisedAndersonDarling(statistic: number, n: number, m: number): number {
  const size = n + m;
  const { first: h, second } = harmonic(size - 1);
  const g = second - (2 * h) / size;
  const inverses = 1 / n + 1 / m;
  // The general a, b, c, d with k = 2.
  const a = 4 * g - 6 + (10 - 6 * g) * inverses;
  const b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverses - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverses + 4 * h;
  const d = (2 * h + 6) * 4 - 8 * h;
  const variance = (a * size ** 3 + b * size ** 2 + c * size + d) / ((size - 1) * (size - 2) * (size - 3));
  return (statistic - 1) / Math.sqrt(variance);
}
