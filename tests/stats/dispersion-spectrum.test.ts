// Eigenvalues of an estimate: what is kept of them, and how sure the greatest one is.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/source/simulator/random.ts";
import { estimatedSpectrum } from "../../src/stats/dispersion-spectrum.ts";

function diagonal(values: readonly number[]): Float64Array {
  const matrix = new Float64Array(values.length ** 2);
  values.forEach((value, at) => {
    matrix[at * values.length + at] = value;
  });
  return matrix;
}

/** The estimate of a diagonal covariance from so many normal vectors. */
function estimate(random: Random, variances: readonly number[], freedom: number): Float64Array {
  const size = variances.length;
  const matrix = new Float64Array(size * size);
  for (let draw = 0; draw < freedom; draw++) {
    const vector = variances.map((variance) => Math.sqrt(variance / freedom) * random.normal());
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const at = row * size + column;
        matrix[at] = (matrix[at] as number) + (vector[row] as number) * (vector[column] as number);
      }
    }
  }
  return matrix;
}

const spectrumOf = (values: readonly number[], freedom: number) =>
  estimatedSpectrum(diagonal(values), values.length, values.length, freedom);

describe("a covariance that is known nearly for sure", () => {
  const sure = 1e9;

  test("keeps its eigenvalues", () => {
    const { trace, shares, direction } = spectrumOf([60, 30, 6, 4], sure);
    expect(trace).toBe(100);
    [0.6, 0.3, 0.06, 0.04].forEach((share, at) => {
      expect(shares[at]).toBeCloseTo(share, 6);
    });
    expect(direction).toBeCloseTo(0.6, 6);
  });

  test("gains degrees of freedom by (l / (l1 - l))^2 of each other that stands out, up to those of all of them", () => {
    // The two others do not stand out of each other.
    expect(spectrumOf([60, 1, 1, 1], 1000).degreesOfFreedom).toBe(1000);
    // (40 / 20)^2 = 4; 1 more or less, as what chance adds at 1,000 degrees of freedom is taken off.
    expect(Math.abs(spectrumOf([60, 40, 1, 1], 1000).degreesOfFreedom - 1004)).toBeLessThan(1);
    expect(spectrumOf([60, 60, 1, 1], 1000).degreesOfFreedom).toBe(2000);
  });
});

test("equal eigenvalues that an estimate spreads come out nearly equal, but for half of the greatest", () => {
  const random = new Random(3);
  const firsts = Array.from({ length: 50 }, () => estimatedSpectrum(estimate(random, Array(9).fill(1), 59), 9, 9, 59));
  const mean = (of: (index: number) => number): number => firsts.reduce((sum, _, at) => sum + of(at), 0) / firsts.length;
  // The estimate's own greatest share is some 0.2 there.
  expect(mean((at) => firsts[at]?.shares[0] ?? 0)).toBeLessThan(0.18);
  expect(mean((at) => firsts[at]?.direction ?? 0)).toBeLessThan(0.14);
});

test("shares are positive, descend and sum to 1; the direction is at most the first", () => {
  const variances = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(fc.integer(), variances, fc.integer({ min: 13, max: 200 }), (seed, values, freedom) => {
      const { shares, direction, degreesOfFreedom } = estimatedSpectrum(
        estimate(new Random(seed), values, freedom),
        values.length,
        values.length,
        freedom,
      );
      expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-12);
      expect(shares.every((share, at) => share > 0 && share <= (shares[at - 1] ?? 1) * (1 + 1e-12))).toBe(true);
      expect(direction).toBeLessThanOrEqual((shares[0] as number) * (1 + 1e-9));
      expect(degreesOfFreedom).toBeGreaterThanOrEqual(freedom);
      expect(degreesOfFreedom).toBeLessThanOrEqual(freedom * values.length);
    }),
  );
});
