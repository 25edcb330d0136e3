// The Hellinger distance.
import { type Sample, total } from "./sample.ts";

/**
 * Hellinger distance: sqrt(1 - sum sqrt(p q)), computed as sqrt(1/2 sum (sqrt p - sqrt q)^2), where nothing cancels.
 *
 * - range: 0 (equal) to 1 (nothing in common); a metric; empty bins need no smoothing;
 * - look at it where rare bins matter: it feels them more than the total variation and less than the PSI;
 * - p-value: 8 / s times its square has the law of the PSI, so the tests of the PSI serve for it;
 * - source: E. Hellinger 1909; its law: Yurdakul 2018 (see `psi.ts`).
 * @returns NaN where a sample is empty
 */
export function hellinger(reference: Sample, window: Sample): number {
  const referenceTotal = total(reference.counts);
  const windowTotal = total(window.counts);
  let sum = 0;
  for (let bin = 0; bin < reference.counts.length; bin++) {
    const p = (reference.counts[bin] as number) / referenceTotal;
    const q = (window.counts[bin] as number) / windowTotal;
    sum += (Math.sqrt(p) - Math.sqrt(q)) ** 2;
  }
  return Math.sqrt(sum / 2);
}
