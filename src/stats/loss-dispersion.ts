// How much more the mean loss of groups of labels varies than it would if labels were independent.
import type { LossSums } from "./performance-detector.ts";

/**
 * Between-groups variance by within-groups variance: sum n_g (mean_g - mean)^2 / (groups - 1) by sum (x - mean)^2 / n; 1 on average for
 * independent labels of one law, so many where each label stands for so many that are alike.
 *
 * At least 1: less is chance. NaN below two groups with labels, and where all losses are alike.
 * @param groups sums of losses from 0 to 1, as of hours
 * Source: the F ratio of a one-way analysis of variance, R. A. Fisher 1925; as an overdispersion: P. McCullagh and J. A. Nelder 1989, 4.5.
 */
export function lossDispersion(groups: readonly LossSums[]): number {
  const filled = groups.filter(({ size }) => size > 0);
  const total = (of: (group: LossSums) => number): number => filled.reduce((sum, group) => sum + of(group), 0);
  const size = total((group) => group.size);
  const mean = total((group) => group.sum) / size;
  const within = total((group) => group.squares) / size - mean * mean;
  if (filled.length < 2 || !(within > 0)) return Number.NaN;
  const between = total((group) => group.size * (group.sum / group.size - mean) ** 2) / (filled.length - 1);
  return Math.max(1, between / within);
}
