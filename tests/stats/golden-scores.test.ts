// Scores of real windows against those that scipy and numpy computed from the same counts (tests/data/README.md).
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { chiSquareSurvival } from "../../src/stats/chi-square.ts";
import type { Sample } from "../../src/stats/sample.ts";
import { total } from "../../src/stats/sample.ts";
import { categoricalScores, independentPValues, numericScores, type Scores } from "../../src/stats/scores.ts";
import type { NumericSample } from "../../src/stats/wasserstein.ts";

interface Row {
  readonly feature: string;
  readonly window: string;
  readonly start: string;
  readonly samples: number;
  readonly counts: readonly number[];
  readonly psi: number;
  readonly psi_adjusted: number;
  readonly min_effect_p: number;
  readonly psi_zero_p: number;
  readonly jensen_shannon: number;
  readonly hellinger: number;
  readonly total_variation: number;
  readonly chi_square: number;
  readonly chi_square_df: number;
  readonly chi_square_p: number;
  readonly kolmogorov_smirnov_binned?: number;
}

interface Bins {
  readonly feature: string;
  readonly kind: "numeric" | "categorical";
  readonly edges: readonly number[];
  readonly reference_std: number;
  readonly reference_counts: readonly number[];
}

/** The accepted PSI that these numbers were computed for. */
const accepted = 0.1;

/** Below this p-values have few digits where they were computed. */
const leastP = 1e-12;

function read<Read>(folder: string, file: string): Read[] {
  const bytes = readFileSync(new URL(`../data/${folder}/${file}`, import.meta.url));
  return (JSON.parse((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")) as { rows: Read[] }).rows;
}

const sample = (counts: readonly number[]): Sample => ({ counts, size: total(counts) });

/** Sums are not among these numbers, so they are left at zero and the Wasserstein distance out. */
function scoresOf(bins: Bins, row: Row): Scores {
  const [reference, window] = [sample(bins.reference_counts), sample(row.counts)];
  if (bins.kind === "categorical") return categoricalScores(reference, window, true, accepted);
  const zeros = new Float64Array(row.counts.length);
  const withParts = (one: Sample): NumericSample => {
    return { ...one, parts: { counts: one.counts, offsets: zeros, offsetsWithin: zeros } };
  };
  return numericScores(withParts(reference), withParts(window), bins.edges, bins.reference_std, accepted);
}

function expectNear(own: number, expected: number, relative: number, what: string): void {
  const deviation = own === expected ? 0 : Math.abs(own - expected) / Math.abs(expected);
  expect(deviation, `${what}: ${own} and not ${expected}`).toBeLessThanOrEqual(relative);
}

describe.each(["flights-q2", "segments"])("%s", (folder) => {
  const bins = new Map(read<Bins>(folder, "bins.json").map((row) => [row.feature, row]));
  const rows = read<Row>(folder, "drift.json.gz").filter(({ samples }) => samples > 0);

  test("scores and statistics to 1e-9", () => {
    expect(rows.length).toBeGreaterThan(200);
    for (const row of rows) {
      const what = `${row.feature} ${row.window} ${row.start}`;
      const { effects, chiSquare } = scoresOf(bins.get(row.feature) as Bins, row);
      for (const key of ["psi", "psi_adjusted", "jensen_shannon", "hellinger", "total_variation"] as const) {
        expectNear(effects[key], row[key], 1e-9, `${what} ${key}`);
      }
      expectNear(chiSquare.statistic, row.chi_square, 1e-9, `${what} chi_square`);
      expect(chiSquare.degreesOfFreedom).toBe(row.chi_square_df);
      if (row.kolmogorov_smirnov_binned === undefined) expect(effects.kolmogorov_smirnov).toBeNaN();
      else expectNear(effects.kolmogorov_smirnov, row.kolmogorov_smirnov_binned, 1e-9, `${what} kolmogorov_smirnov`);
    }
  });

  test("p-values to 1e-6", () => {
    let compared = 0;
    for (const row of rows) {
      const scores = scoresOf(bins.get(row.feature) as Bins, row);
      const { min_effect, chi_square } = independentPValues(scores, null);
      const zero = chiSquareSurvival(scores.minEffect.statistic, scores.minEffect.degreesOfFreedom);
      const pairs = [
        [min_effect, row.min_effect_p],
        [chi_square, row.chi_square_p],
        [zero, row.psi_zero_p],
      ] as const;
      for (const [own, expected] of pairs) {
        if (expected < leastP) expect(own).toBeLessThan(2 * leastP);
        else expectNear(own, expected, 1e-6, `${row.feature} ${row.window} ${row.start}`);
        compared += expected < leastP ? 0 : 1;
      }
    }
    expect(compared).toBeGreaterThan(rows.length);
  });
});
