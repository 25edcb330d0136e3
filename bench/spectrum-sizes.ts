// How often a test rejects where it should not, if a covariance is known by its estimate only: draws Wishart matrices, takes
// the critical value from each by the code that runs in production, and the rate at which the true law exceeds it. Shows what
// the constants of src/stats/dispersion-spectrum.ts do; writes nothing.
//
//   node bench/spectrum-sizes.ts                       rates divided by nominal ones, with the constants as they are
//   node bench/spectrum-sizes.ts NONE SEVERAL [DRAWS]  with others
import { Random } from "../src/source/simulator/random.ts";
import { cautions, estimatedSpectrum } from "../src/stats/dispersion-spectrum.ts";
import { type Noncentrality, type QuadraticForm, quadraticFormTail } from "../src/stats/quadratic-form.ts";

const [none, several, draws = 300] = process.argv.slice(2).map(Number);
const levels = [0.05, 0.01, 1e-4, 1e-6];
const freedoms = [19, 37, 59];
const seed = 5;

const repeated = (value: number, many: number): number[] => new Array<number>(many).fill(value);

/** Eigenvalues up to a factor. The last three are those found for real weather, by windows of a week. */
const spectra: Readonly<Record<string, readonly number[]>> = {
  "9 equal": repeated(1, 9),
  "19 equal": repeated(1, 19),
  "3, 8 of 1": [3, ...repeated(1, 8)],
  "6, 8 of 1": [6, ...repeated(1, 8)],
  "30, 8 of 1": [30, ...repeated(1, 8)],
  "12, 6, 7 of 1": [12, 6, ...repeated(1, 7)],
  "60, 12, 7 of 1": [60, 12, ...repeated(1, 7)],
  "20, 20, 20, 6 of 1": [20, 20, 20, ...repeated(1, 6)],
  "60, 30, 30, 30, 5 of 1": [60, 30, 30, 30, ...repeated(1, 5)],
  "80, 40, 20, 6 of 1": [80, 40, 20, ...repeated(1, 6)],
  "0.7^i": Array.from({ length: 9 }, (_, index) => 0.7 ** index),
  "1 / (i (i + 1))": Array.from({ length: 19 }, (_, index) => 1 / ((index + 1) * (index + 2))),
  "dew point": [0.369, 0.288, 0.166, ...repeated(0.03, 6)],
  temperature: [0.477, 0.247, 0.134, 0.064, 0.041, 0.015, 0.009, 0.007, 0.006],
  "wind direction": [0.24, 0.2, 0.14, 0.117, 0.09, 0.065, 0.054, 0.042, 0.041],
};
/** Squared length of the accepted deviation, along the first eigenvector, in units of the trace; 0 tests for any. */
const accepted = [0, 0.4, 3];

/** The ratio that a law exceeds with a probability. */
function quantile(form: QuadraticForm, probability: number, noncentrality: Noncentrality): number {
  let [low, high] = [0, 1];
  while (quadraticFormTail(form, high, noncentrality) > probability) [low, high] = [high, 2 * high];
  for (let step = 0; step < 25; step++) {
    const middle = (low + high) / 2;
    if (quadraticFormTail(form, middle, noncentrality) > probability) low = middle;
    else high = middle;
  }
  return high;
}

/** The estimate of a diagonal covariance from so many normal vectors. */
function wishart(random: Random, variances: readonly number[], freedom: number): Float64Array {
  const size = variances.length;
  const matrix = new Float64Array(size * size);
  for (let draw = 0; draw < freedom; draw++) {
    const vector = variances.map((variance) => Math.sqrt(variance / freedom) * random.normal());
    vector.forEach((one, row) => {
      vector.forEach((other, column) => {
        matrix[row * size + column] = (matrix[row * size + column] as number) + one * other;
      });
    });
  }
  return matrix;
}

/** By level: mean of the rate over the nominal one, and its standard error. */
function sizes(shares: readonly number[], freedom: number, size: number, caution: typeof cautions): string[] {
  const random = new Random(seed);
  const times = levels.map(() => [] as number[]);
  for (let draw = 0; draw < draws; draw++) {
    const estimate = estimatedSpectrum(wishart(random, shares, freedom), shares.length, shares.length, freedom, caution);
    levels.forEach((level, at) => {
      const critical = quantile(estimate, level, { size: size / estimate.trace, share: estimate.direction }) * estimate.trace;
      const truth = { shares, degreesOfFreedom: Number.POSITIVE_INFINITY };
      times[at]?.push(quadraticFormTail(truth, critical, { size, share: shares[0] as number }) / level);
    });
  }
  return times.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / draws;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws;
    return `${mean.toFixed(2)} ± ${Math.sqrt(variance / draws).toFixed(2)}`;
  });
}

const caution = { none: none ?? cautions.none, several: several ?? cautions.several } as typeof cautions;
process.stdout.write(`freedom\taccepted\tspectrum\t${levels.join("\t")}\n`);
for (const freedom of freedoms) {
  for (const size of accepted) {
    for (const [name, values] of Object.entries(spectra)) {
      const sum = values.reduce((total, value) => total + value, 0);
      const shares = values.map((value) => value / sum);
      process.stdout.write(`${freedom}\t${size}\t${name}\t${sizes(shares, freedom, size, caution).join("\t")}\n`);
    }
  }
}
