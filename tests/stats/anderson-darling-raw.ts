// The two-sample Anderson-Darling statistic of raw values, written apart from the one of bins so that each checks the other.
// Source: Scholz and Stephens 1987, "K-Sample Anderson-Darling Tests", equation 7, over the distinct values of both samples.

function countBelow(sorted: readonly number[], value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const element = sorted[middle] as number;
    if (element < value || (orEqual && element === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many are below a value, those equal to it counted half; and how many are equal. */
function midrank(sorted: readonly number[], value: number): { readonly below: number; readonly equal: number } {
  const below = countBelow(sorted, value, false);
  const equal = countBelow(sorted, value, true) - below;
  return { below: below + equal / 2, equal };
}

/** A^2_akN of two samples; arguments in any order. */
export function andersonDarlingRaw(one: readonly number[], other: readonly number[]): number {
  const samples = [one, other].map((values) => [...values].sort((a, b) => a - b));
  const size = one.length + other.length;
  let sum = 0;
  for (const value of new Set([...one, ...other])) {
    const ranks = samples.map((sorted) => midrank(sorted, value));
    const below = ranks.reduce((total, rank) => total + rank.below, 0);
    const equal = ranks.reduce((total, rank) => total + rank.equal, 0);
    if (equal === size) return 0;
    const spread = below * (size - below) - (size * equal) / 4;
    samples.forEach((sorted, index) => {
      const excess = size * (ranks[index]?.below as number) - sorted.length * below;
      sum += ((equal / size) * excess * excess) / spread / sorted.length;
    });
  }
  return ((size - 1) / size) * sum;
}
