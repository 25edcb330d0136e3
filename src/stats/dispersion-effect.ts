// The PSI of a window that drifted further than is accepted, on the scale of the quadratic form that is its law near the reference.
import { psi } from "./psi.ts";
import { type Sample, samplingScale } from "./sample.ts";
import { jeffreysProportion } from "./smoothing.ts";

/**
 * The correction below applies with the weight variance^-1/3. Exact are the ends: 1 for independent events, nothing for a
 * shift that all of a window's events share. Between them, with AR(1) events of variance 19, the power was found by simulation
 * (the table is in `docs/statistics.md`, "Constants that were measured").
 */
const weightPower = -1 / 3;

/**
 * PSI / s, less what it overstates.
 *
 * sqrt(PSI / s) has the standard deviation 1 near the reference. Where bins empty it has more (PSI grows as -ln q): with 20
 * bins, of which one has lost most of its share, a true PSI of 0.1 is rejected at 1e-6 in 2e-3 of the windows. The signed root
 * of the likelihood ratio is right there. So the way from the accepted PSI to the window's is taken as sqrt(2 KL(q | q0) / s)
 * where that is shorter, with q0 the point of the straight line from the reference to the window where PSI is as accepted.
 * Source: the signed root: Barndorff-Nielsen, Cox 1994, "Inference and Asymptotics", chapter 3.
 * @param accepted a PSI above 0
 * @param variance of the counts along the drift, in units of that of independent events
 * @returns NaN where a sample is empty
 */
export function effectStatistic(reference: Sample, window: Sample, accepted: number, variance: number): number {
  const scale = samplingScale(reference, window);
  const index = psi(reference, window);
  if (!(index > accepted)) return index / scale;
  const start = Math.sqrt(accepted / scale);
  const way = Math.sqrt(index / scale) - start;
  const divergence = divergenceFromAccepted(smoothed(reference), smoothed(window), accepted);
  const overstated = Math.max(0, (way * way * scale) / (2 * divergence) - 1);
  return (start + way / Math.sqrt(1 + overstated * Math.max(1, variance) ** weightPower)) ** 2;
}

function smoothed({ counts, size }: Sample): Float64Array {
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin] as number;
  return Float64Array.from(counts, (count) => jeffreysProportion((count * size) / total, size, counts.length));
}

/** From the window back Newton's method cannot pass the wanted point, as PSI is convex on the way; it takes some five steps. */
const mostSteps = 50;
const precision = 1e-9;

/** KL(q | q0) = sum q ln(q / q0), of the window's proportions q from those on its way where PSI is as accepted. */
function divergenceFromAccepted(p: Float64Array, q: Float64Array, accepted: number): number {
  let part = 1;
  for (let step = 0; step < mostSteps; step++) {
    const change = stepTowards(p, q, part, accepted);
    part -= change;
    if (change < precision * part) break;
  }
  let divergence = 0;
  for (let bin = 0; bin < p.length; bin++) {
    const now = q[bin] as number;
    divergence += now * Math.log(now / onTheWay(p, q, part, bin));
  }
  return divergence;
}

/** Newton's step: by how much PSI is above the accepted one at a part of the way, over its slope. */
function stepTowards(p: Float64Array, q: Float64Array, part: number, accepted: number): number {
  let [excess, slope] = [-accepted, 0];
  for (let bin = 0; bin < p.length; bin++) {
    const before = p[bin] as number;
    const here = onTheWay(p, q, part, bin);
    const logRatio = Math.log(here / before);
    excess += (here - before) * logRatio;
    slope += ((q[bin] as number) - before) * (logRatio + 1 - before / here);
  }
  return excess / slope;
}

function onTheWay(p: Float64Array, q: Float64Array, part: number, bin: number): number {
  return (p[bin] as number) + part * ((q[bin] as number) - (p[bin] as number));
}
