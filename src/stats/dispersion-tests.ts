// Tests of dependent values: how often as great a difference comes by chance, if windows go on to vary as they did in the
// reference. P-values below the dispersion's smallest alpha are not to be trusted.
import { andersonDarling } from "./anderson-darling.ts";
import type { Dispersion } from "./dispersion.ts";
import { pooled } from "./dispersion-bins.ts";
import type { RateDispersion } from "./dispersion-rate.ts";
import { pearson } from "./pearson.ts";
import { psi } from "./psi.ts";
import { quadraticFormTail } from "./quadratic-form.ts";
import { type Sample, samplingScale } from "./sample.ts";

/**
 * The p-value of any difference of the proportions, by X^2 and PSI.
 *
 * X^2 and PSI / s (s = 1/n + 1/m) have the same law near the reference. Further out X^2 overstates bins that fill and PSI bins
 * that empty, both of which happen where all of a window's events depend on each other, so the lesser of the two is tested.
 * @returns in [0, 1]; NaN where a sample is empty
 */
export function dispersedDifference(dispersion: Dispersion, reference: Sample, window: Sample): number {
  return dispersedMinEffect(dispersion, reference, window, 0);
}

export const knobs = { x2: true, kl: !process.env.NOKL, along: true };
/**
 * The p-value of H0: PSI <= accepted.
 * @param accepted the PSI up to which drift is accepted, at least 0
 * @returns in [0, 1]; NaN where a sample is empty
 */
export function dispersedMinEffect(dispersion: Dispersion, reference: Sample, window: Sample, accepted: number): number {
  const [before, now] = [inGroups(dispersion, reference), inGroups(dispersion, window)];
  const scale = samplingScale(before, now);
  const { shares, trace, direction } = dispersion.chiSquare;
  let statistic = psi(before, now) / scale;
  const noncentrality = accepted / scale;
  if (knobs.x2 && accepted === 0) statistic = Math.min(statistic, pearson(before, now));
  if (accepted > 0 && statistic > noncentrality)
    statistic = Math.min(statistic, divergenceFromAccepted(before, now, statistic * scale, accepted, scale));
  const form = { shares, degreesOfFreedom: dispersion.degreesOfFreedom };
  if (accepted === 0) return quadraticFormTail(form, statistic / (trace * (process.env.NOLESS ? 1 : dispersion.lesserRatio)));
  return quadraticFormTail(form, statistic / trace, noncentrality / trace, knobs.along ? direction : shares[0]);
}

export function divergenceFromAccepted(before: Sample, now: Sample, index: number, accepted: number, scale: number): number {
  const B = before.counts.length;
  const p = Array.from(before.counts, (c) => (c + 0.5) / (before.size + B / 2));
  const q = Array.from(now.counts, (c) => (c + 0.5) / (now.size + B / 2));
  const psiAt = (k: number): number =>
    p.reduce((s, x, b) => {
      const y = x + k * (q[b]! - x);
      return s + (y - x) * Math.log(y / x);
    }, 0);
  let lo = 0,
    hi = 1;
  if (accepted > 0)
    for (let i = 0; i < 30; i++) {
      const k = (lo + hi) / 2;
      if (psiAt(k) < accepted) lo = k;
      else hi = k;
    }
  const k = lo;
  let kl = 0;
  for (let b = 0; b < B; b++) {
    const y = p[b]! + k * (q[b]! - p[b]!);
    kl += q[b]! * Math.log(q[b]! / y);
  }
  return (Math.sqrt(accepted / scale) + Math.sqrt((2 * Math.max(0, kl)) / scale)) ** 2;
}

/** The p-value of the Anderson-Darling statistic; NaN where bins have no order or a sample is empty. */
export function dispersedAndersonDarling(dispersion: Dispersion, reference: Sample, window: Sample): number {
  if (dispersion.andersonDarling === null) return Number.NaN;
  const { shares, trace } = dispersion.andersonDarling;
  const statistic = andersonDarling(inGroups(dispersion, reference), inGroups(dispersion, window));
  return quadraticFormTail({ shares, degreesOfFreedom: dispersion.degreesOfFreedom }, statistic / trace);
}

/**
 * The two-sided p-value of a difference of rates.
 * @param standardised the difference in units of the standard deviation that independent events give it
 */
export function dispersedRate({ overdispersion, degreesOfFreedom }: RateDispersion, standardised: number): number {
  return quadraticFormTail({ shares: [1], degreesOfFreedom }, (standardised * standardised) / overdispersion);
}

function inGroups({ groups }: Dispersion, { counts, size }: Sample): Sample {
  return { counts: pooled(counts, groups), size };
}
