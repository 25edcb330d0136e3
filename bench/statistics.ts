// How long the scores of a feature take, and their p-values.
//
//   npm run bench:statistics [-- rounds]

import { Random } from "../src/source/simulator/random.ts";
import { andersonDarlingWeights } from "../src/stats/anderson-darling-law.ts";
import { rateSurvival } from "../src/stats/rate.ts";
import { independentPValues, numericScores } from "../src/stats/scores.ts";
import { type NumericSample, wasserstein } from "../src/stats/wasserstein.ts";

const bins = 20;
const rounds = Number(process.argv[2] ?? 20_000);
const random = new Random(1);
const edges = Float64Array.from({ length: bins - 1 }, (_, index) => index);

/** The exactness of sums as of doubles that were added up. */
const exact = new Float64Array(bins);

function drawn(perBin: number): NumericSample {
  const counts = Float64Array.from({ length: bins }, () => Math.round(perBin * random.between(0.7, 1.3)));
  const means = counts.map((_, bin) => (bin === 0 ? -1 : 1) * random.between(0.4, 0.6));
  const offsets = counts.map((count, bin) => count * (means[bin] as number));
  return {
    counts,
    parts: { counts, offsets, offsetsWithin: exact },
    size: counts.reduce((sum, count) => sum + count, 0),
  };
}

/** Prints microseconds of processor time a call. */
function measure(what: string, work: (round: number) => number): void {
  for (let round = 0; round < rounds / 4; round++) work(round);
  const before = process.cpuUsage();
  let sum = 0;
  for (let round = 0; round < rounds; round++) sum += work(round);
  const { user, system } = process.cpuUsage(before);
  console.log(`${what}: ${((user + system) / rounds).toFixed(2)} us (sum ${sum.toExponential(3)})`);
}

const reference = drawn(1000);
const windows = Array.from({ length: 64 }, () => drawn(100));
const weights = andersonDarlingWeights(reference);
const scored = windows.map((window) => numericScores(reference, window, edges, 5, 0.02));
measure(`all scores of ${bins} bins`, (round) => {
  return numericScores(reference, windows[round % 64] as (typeof windows)[0], edges, 5, 0.02).effects.psi;
});
measure("of these the Wasserstein distance", (round) => {
  return wasserstein(reference.parts, (windows[round % 64] as (typeof windows)[0]).parts, edges);
});
measure("their three p-values", (round) => {
  const { min_effect, chi_square, anderson_darling } = independentPValues(scored[round % 64] as (typeof scored)[0], weights);
  return min_effect + chi_square + anderson_darling;
});
measure("p-value of a rate of 1 %, 20,000 and 2,000 values", (round) => {
  return rateSurvival({ count: 200, size: 20_000 }, { count: 20 + (round % 40), size: 2000 }, 0.005);
});
