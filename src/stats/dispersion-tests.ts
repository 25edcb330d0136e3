// P-values of statistics of dependent values: how often as much comes by chance, if windows go on to vary as they did in the
// reference. Statistics are computed from counts that were pooled by the dispersion's groups.
import type { Dispersion } from "./dispersion.ts";
import type { RateDispersion } from "./dispersion-rate.ts";
import type { Spectrum } from "./dispersion-spectrum.ts";
import { quadraticFormTail } from "./quadratic-form.ts";

/**
 * The p-value of X^2.
 * @returns in [0, 1]; not to be trusted below the dispersion's smallest alpha; NaN where the statistic is
 */
export function dispersedChiSquare(dispersion: Dispersion, statistic: number): number {
  return survival(dispersion.chiSquare, dispersion.degreesOfFreedom, statistic, 0);
}

/**
 * The p-value of the minimum-effect test of H0: PSI <= accepted; accepted = 0 tests for any difference.
 * @param statistic PSI / s with s = 1/n + 1/m
 * @param noncentrality accepted / s
 */
export function dispersedMinEffect(dispersion: Dispersion, statistic: number, noncentrality: number): number {
  return survival(dispersion.chiSquare, dispersion.degreesOfFreedom, statistic, noncentrality);
}

/** The p-value of the Anderson-Darling statistic; NaN where bins have no order. */
export function dispersedAndersonDarling(dispersion: Dispersion, statistic: number): number {
  if (dispersion.andersonDarling === null) return Number.NaN;
  return survival(dispersion.andersonDarling, dispersion.degreesOfFreedom, statistic, 0);
}

/**
 * The two-sided p-value of a difference of rates.
 * @param standardised the difference in units of the standard deviation that independent events give it
 */
export function dispersedRate(dispersion: RateDispersion, standardised: number): number {
  const { overdispersion, degreesOfFreedom } = dispersion;
  return quadraticFormTail({ shares: [1], degreesOfFreedom }, (standardised * standardised) / overdispersion);
}

function survival(spectrum: Spectrum, degreesOfFreedom: number, statistic: number, noncentrality: number): number {
  const { shares, trace } = spectrum;
  return quadraticFormTail({ shares, degreesOfFreedom }, statistic / trace, noncentrality / trace);
}
