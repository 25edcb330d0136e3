// Tests of dependent values: how often as great a difference comes by chance, if windows go on to vary as they did in the
// reference. P-values below the dispersion's smallest alpha are not to be trusted. Samples are given by bin, not pooled.
import { andersonDarling } from "./anderson-darling.ts";
import type { Dispersion } from "./dispersion.ts";
import { pooled } from "./dispersion-bins.ts";
import { effectStatistic } from "./dispersion-effect.ts";
import { pearson } from "./pearson.ts";
import { psi } from "./psi.ts";
import { quadraticFormTail } from "./quadratic-form.ts";
import { type Sample, samplingScale } from "./sample.ts";

/**
 * The p-value of any difference of the proportions, by X^2 and PSI.
 *
 * X^2 and PSI / s (s = 1/n + 1/m) have the same law near the reference. Further out X^2 overstates bins that fill and PSI bins
 * that empty, and both happens by chance where many events share one cause, so the lesser of the two is tested.
 * @returns in [0, 1]; NaN where a sample is empty
 */
export function dispersedDifference(dispersion: Dispersion, reference: Sample, window: Sample): number {
  const [before, now] = [inGroups(dispersion, reference), inGroups(dispersion, window)];
  const statistic = Math.min(pearson(before, now), psi(before, now) / samplingScale(before, now));
  return quadraticFormTail(dispersion.chiSquare, statistic / dispersion.differenceMean);
}

/**
 * The p-value of H0: PSI <= accepted.
 * @param accepted the PSI up to which drift is accepted; 0 tests for any difference
 * @returns in [0, 1]; NaN where a sample is empty
 */
export function dispersedMinEffect(dispersion: Dispersion, reference: Sample, window: Sample, accepted: number): number {
  if (accepted === 0) return dispersedDifference(dispersion, reference, window);
  const [before, now] = [inGroups(dispersion, reference), inGroups(dispersion, window)];
  const { trace, direction } = dispersion.chiSquare;
  const statistic = effectStatistic(before, now, accepted, trace * direction);
  const noncentrality = accepted / samplingScale(before, now);
  return quadraticFormTail(dispersion.chiSquare, statistic / trace, { size: noncentrality / trace, share: direction });
}

/** The p-value of the Anderson-Darling statistic; NaN where bins have no order or a sample is empty. */
export function dispersedAndersonDarling(dispersion: Dispersion, reference: Sample, window: Sample): number {
  if (dispersion.andersonDarling === null) return Number.NaN;
  const statistic = andersonDarling(inGroups(dispersion, reference), inGroups(dispersion, window));
  return quadraticFormTail(dispersion.andersonDarling, statistic / dispersion.andersonDarling.trace);
}

function inGroups({ groups }: Dispersion, { counts, size }: Sample): Sample {
  return { counts: pooled(counts, groups), size };
}
