// Anderson-Darling from bins: against raw values, against the paper's sums, and its law against seeded simulation.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/source/simulator/random.ts";
import { andersonDarling } from "../../src/stats/anderson-darling.ts";
import {
  andersonDarlingLimitSurvival,
  andersonDarlingSurvival,
  andersonDarlingWeights,
} from "../../src/stats/anderson-darling-law.ts";
import { normalisedAndersonDarling } from "../../src/stats/anderson-darling-normalised.ts";
import { type Sample, total } from "../../src/stats/sample.ts";
import { symmetricEigenvalues } from "../../src/stats/symmetric-eigenvalues.ts";
import { andersonDarlingRaw } from "./anderson-darling-raw.ts";

const sample = (counts: ArrayLike<number>): Sample => ({ counts, size: total(counts) });
const repeated = (counts: readonly number[]): number[] => counts.flatMap((count, bin) => new Array<number>(count).fill(bin));
const counts = fc.array(fc.nat({ max: 20 }), { minLength: 6, maxLength: 6 }).filter((all) => all.some((count) => count > 0));

describe("statistic", () => {
  test("equals that of raw values which are equal within bins", () => {
    fc.assert(
      fc.property(counts, counts, (reference, window) => {
        const raw = andersonDarlingRaw(repeated(reference), repeated(window));
        expect(Math.abs(andersonDarling(sample(reference), sample(window)) - raw)).toBeLessThanOrEqual(1e-12 * (1 + raw));
      }),
    );
  });

  test("of the paper's example: samples 1 and 2 of smoothness of paper", () => {
    // scipy 1.17.1: anderson_ksamp([laboratory 1, laboratory 2], variant="midrank").statistic; data of Scholz and Stephens 1987, table 3.
    const one = [38.7, 41.5, 43.8, 44.5, 45.5, 46.0, 47.7, 58.0];
    const two = [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8];
    expect(normalisedAndersonDarling(andersonDarlingRaw(one, two), 8, 8)).toBeCloseTo(1.7183096744360893, 12);
  });

  test("is the same for weighted counts of the same size", () => {
    const [reference, window] = [sample([30, 20, 50, 40]), sample([10, 30, 20, 5])];
    const weighted = { counts: [25, 75, 50, 12.5], size: 65 };
    expect(andersonDarling(reference, weighted)).toBeCloseTo(andersonDarling(reference, window), 12);
  });

  test("is nothing where all values are in one bin, and not a number without values", () => {
    expect(andersonDarling(sample([0, 5, 0]), sample([0, 9, 0]))).toBe(0);
    expect(andersonDarling(sample([0, 0, 0]), sample([0, 9, 0]))).toBeNaN();
  });
});

describe("normalised", () => {
  test("closed form and expansion of the sums agree with the sums", () => {
    for (const size of [8, 40, 999, 1000, 1001, 1003, 5000]) {
      const n = Math.floor(size / 3);
      let h = 0;
      let g = 0;
      for (let i = 1; i < size; i++) h += 1 / i;
      let partial = 0;
      for (let j = 2; j < size; j++) {
        partial += 1 / (size - j + 1);
        g += partial / j;
      }
      const inverses = 1 / n + 1 / (size - n);
      // Scholz and Stephens 1987, equation 4, for any k.
      const k = 2;
      const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverses;
      const b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverses - 8 * h + 4 * g - 6;
      const c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverses + 4 * h;
      const d = (2 * h + 6) * k * k - 4 * h * k;
      const variance = (a * size ** 3 + b * size ** 2 + c * size + d) / ((size - 1) * (size - 2) * (size - 3));
      expect(normalisedAndersonDarling(3, n, size - n)).toBeCloseTo(2 / Math.sqrt(variance), 11);
    }
  });
});

describe("law", () => {
  test("weights add up to 1 and tend to 1 / (j (j + 1)) as bins grow many", () => {
    const few = andersonDarlingWeights(sample([5, 900, 3, 17, 60]));
    expect(few.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const many = andersonDarlingWeights(sample(new Float64Array(200).fill(1e6)));
    for (const j of [1, 2, 3]) expect((many[j - 1] as number) * j * (j + 1)).toBeCloseTo(1, 1);
    expect(andersonDarlingSurvival(3.857, many) / andersonDarlingLimitSurvival(3.857)).toBeCloseTo(1, 1);
  });

  test("holds in simulation: two samples of ten bins of unequal shares", () => {
    const shares = [0.02, 0.3, 0.08, 0.1, 0.1, 0.05, 0.15, 0.1, 0.06, 0.04].map((share, bin) => [bin, share] as const);
    const weights = andersonDarlingWeights({ counts: shares.map(([, share]) => share), size: 1e9 });
    const random = new Random(7);
    const draw = (size: number): Sample => {
      const drawn = new Float64Array(shares.length);
      for (let at = 0; at < size; at++) {
        const bin = random.weighted(shares);
        drawn[bin] = (drawn[bin] as number) + 1;
      }
      return sample(drawn);
    };
    const rounds = 4000;
    const p = Array.from({ length: rounds }, () => andersonDarlingSurvival(andersonDarling(draw(400), draw(200)), weights));
    for (const level of [0.5, 0.1, 0.05, 0.01]) {
      const share = p.filter((value) => value <= level).length / rounds;
      // Four standard errors of the simulation.
      expect(Math.abs(share - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / rounds));
    }
  });

  test("eigenvalues of a matrix that is known", () => {
    // The second difference matrix of n rows has eigenvalues 2 - 2 cos(k pi / (n + 1)).
    const size = 7;
    const matrix = Array.from({ length: size * size }, (_, at) => {
      const distance = Math.abs(Math.floor(at / size) - (at % size));
      return distance === 0 ? 2 : distance === 1 ? -1 : 0;
    });
    const values = symmetricEigenvalues(matrix, size);
    values.forEach((value, index) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((size - index) * Math.PI) / (size + 1)), 13);
    });
  });
});
