// How much more counts differ between panes than those of independent values would.

/**
 * Pearson's chi-square over its degrees of freedom, of counts by bin in several panes: about 1 where values are
 * independent and their distribution stays, above where values come in clusters or the distribution moves.
 * Source: McCullagh, Nelder 1989, "Generalized Linear Models", 2nd edition, section 4.5.
 * @param panes counts by bin, each of as many bins
 * @returns NaN where there are fewer than two panes with values, or fewer than two bins with values
 */
export function dispersionIndex(panes: readonly Float64Array[]): number {
  const filled = panes.filter((counts) => sum(counts) > 0);
  const bins = filled[0]?.length ?? 0;
  const totals = Float64Array.from({ length: bins }, (_, bin) => sum(filled.map((counts) => counts[bin] as number)));
  const all = sum(totals);
  const filledBins = totals.filter((total) => total > 0).length;
  if (filled.length < 2 || filledBins < 2) return Number.NaN;
  let chiSquare = 0;
  for (const counts of filled) {
    const size = sum(counts);
    for (const [bin, total] of totals.entries()) {
      const expected = (size * total) / all;
      if (expected > 0) chiSquare += ((counts[bin] as number) - expected) ** 2 / expected;
    }
  }
  return chiSquare / ((filled.length - 1) * (filledBins - 1));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
