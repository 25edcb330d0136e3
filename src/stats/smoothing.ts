// Proportions by Jeffreys' rule: every bin gets half an observation more, so that no proportion is zero.

/** What each bin gets in advance: Jeffreys' prior of multinomial proportions is a Dirichlet distribution of halves. */
const prior = 0.5;

/**
 * The proportion of a bin, (c + 1/2) / (n + B/2).
 *
 * A floor under the proportions (1e-4, say) in its place makes scores of small samples depend on the floor: of 5 values
 * a bin, a test at 5 % then fails in 18 % of the cases.
 * @param count observations in the bin
 * @param size observations in all bins
 * @param bins how many bins
 * Source: H. Jeffreys 1946, "An Invariant Form for the Prior Probability in Estimation Problems".
 */
export function jeffreysProportion(count: number, size: number, bins: number): number {
  return (count + prior) / (size + prior * bins);
}
