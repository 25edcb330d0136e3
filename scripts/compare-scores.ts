// Compares every score with numbers that other software computed, and prints the worst deviation of each.
// Run: node scripts/compare-scores.ts <folder>..., each with events.jsonl.gz, reference.jsonl.gz and golden/{bins,drift}.json
// (tests/data/README.md says what they are). Exits with 1 where a deviation is above its bound.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { binOf } from "../src/primitive/bins.ts";
import { chooseParts } from "../src/primitive/choose-bins.ts";
import { NumberSketch } from "../src/primitive/sketch.ts";
import { andersonDarling } from "../src/stats/anderson-darling.ts";
import { normalisedAndersonDarling } from "../src/stats/anderson-darling-normalised.ts";
import { chiSquareSurvival } from "../src/stats/chi-square.ts";
import { minEffectSurvival } from "../src/stats/min-effect.ts";
import type { Sample } from "../src/stats/sample.ts";
import { categoricalScores, independentPValues, numericScores, type Scores } from "../src/stats/scores.ts";
import type { NumericSample } from "../src/stats/wasserstein.ts";
import { andersonDarlingRaw } from "../tests/stats/anderson-darling-raw.ts";
import { binnedNumbers } from "../tests/stats/binned-numbers.ts";

interface BinRow {
  readonly feature: string;
  readonly kind: "numeric" | "categorical";
  readonly bins: readonly string[];
  readonly edges: readonly number[];
  readonly reference_std: number;
  readonly reference_counts: readonly number[];
}

/** A row of drift.json; what is undefined there is absent. */
interface DriftRow {
  readonly window: string;
  readonly start: string;
  readonly end: string;
  readonly feature: string;
  readonly samples: number;
  readonly counts: readonly number[];
  readonly [key: string]: number | string | readonly number[] | undefined;
}

interface Event {
  readonly type?: string;
  readonly time: string;
  readonly features: Readonly<Record<string, unknown>>;
  readonly score?: number;
  readonly scores?: Readonly<Record<string, number>>;
  readonly prediction: unknown;
}

/** Up to these a deviation is accepted, and why it is not simply 1e-9. */
const bounds: Readonly<Record<string, number>> = {
  counts: 0,
  "reference counts": 0,
  psi: 1e-9,
  psi_adjusted: 1e-9,
  jensen_shannon: 1e-9,
  hellinger: 1e-9,
  total_variation: 1e-9,
  kolmogorov_smirnov_binned: 1e-9,
  chi_square: 1e-9,
  chi_square_df: 0,
  min_effect_p: 1e-6,
  psi_zero_p: 1e-6,
  chi_square_p: 1e-6,
  "wasserstein of raw values": 1e-9,
  "wasserstein against what sums by part give": 1e-9,
  "wasserstein above the exact one (relative)": 1e-9,
  "wasserstein below the exact one (in standard deviations)": 0.02,
  "anderson_darling of raw values": 1e-9,
  "anderson_darling of grouped values, from bins": 1e-9,
};

/** p-values below this are compared too, without a bound: who reads them does not mind their digits. */
const leastP = 1e-12;

/** Smaller numbers have lost digits or are zero where they were computed. */
const underflow = 1e-300;

/** The accepted PSI that the numbers were computed for. */
const accepted = 0.1;

class Deviations {
  readonly #worst = new Map<string, { deviation: number; where: string; compared: number; outside: number }>();

  note(key: string, deviation: number, where: string): void {
    const entry = this.#worst.get(key) ?? { deviation: 0, where: "", compared: 0, outside: 0 };
    entry.compared += 1;
    if (!(deviation <= (bounds[key] ?? Number.POSITIVE_INFINITY))) entry.outside += 1;
    if (!(deviation <= entry.deviation)) Object.assign(entry, { deviation, where });
    this.#worst.set(key, entry);
  }

  relative(key: string, own: number, expected: unknown, where: string): void {
    if (typeof expected !== "number") return;
    this.note(key, own === expected ? 0 : Math.abs(own - expected) / Math.abs(expected), where);
  }

  /** Prints all, and says whether all are within their bounds. */
  print(): boolean {
    let fine = true;
    for (const key of Object.keys(bounds)) {
      if (this.#worst.has(key)) continue;
      fine = false;
      console.log(`${key}: NOT COMPARED`);
    }
    for (const [key, { deviation, where, compared, outside }] of this.#worst) {
      const bound = bounds[key];
      if (outside > 0) fine = false;
      const verdict = bound === undefined ? "no bound" : outside > 0 ? `${outside} OUTSIDE of ${bound}` : `within ${bound}`;
      console.log(`${key}: worst ${deviation.toExponential(2)} of ${compared}, ${verdict}${where ? ` (${where})` : ""}`);
    }
    return fine;
  }
}

const lines = (path: string): Event[] =>
  gunzipSync(readFileSync(path))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);

const rows = <Row>(path: string): Row[] => (JSON.parse(readFileSync(path, "utf8")) as { rows: Row[] }).rows;

function featureValue(event: Event, feature: string): unknown {
  if (feature === "$score") return event.score;
  if (feature === "$prediction") return event.prediction === undefined ? undefined : String(event.prediction);
  if (feature.startsWith("$score.")) return event.scores?.[feature.slice("$score.".length)];
  return event.features[feature];
}

/** The values of a feature, with the times of their events; of a numeric one the numbers only, else the texts only. */
class Values {
  readonly times: number[] = [];
  readonly values: (number | string)[] = [];

  constructor(events: readonly Event[], { feature, kind }: BinRow) {
    for (const event of events) {
      const value = featureValue(event, feature);
      if (typeof value !== (kind === "numeric" ? "number" : "string")) continue;
      this.times.push(Date.parse(event.time));
      this.values.push(value as number | string);
    }
  }

  between(start: string, end: string, inclusive: boolean): (number | string)[] {
    const [from, to] = [Date.parse(start), Date.parse(end)];
    return this.values.filter((_, index) => {
      const time = this.times[index] as number;
      return time >= from && (time < to || (inclusive && time === to));
    });
  }
}

/** Counts by bin of texts. */
function counted(values: readonly string[], bins: BinRow, seen: ReadonlySet<unknown>): Sample {
  const counts = new Float64Array(bins.reference_counts.length);
  for (const value of values) {
    const bin = categoryBin(value, bins, seen);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { counts, size: values.length };
}

/** The edges of the bins' parts, chosen by the reference as `reference build` chooses them. */
function partsOf(reference: readonly number[], edges: readonly number[]): number[] {
  const sketch = new NumberSketch();
  for (const value of reference) sketch.add(value);
  return chooseParts(sketch, edges);
}

function categoryBin(value: string, { bins }: BinRow, seen: ReadonlySet<unknown>): number {
  const own = bins.indexOf(value);
  return own >= 0 && value !== "other" && value !== "unseen" ? own : bins.indexOf(seen.has(value) ? "other" : "unseen");
}

/** The integral of |F_q - F_p| of raw values, and the sum over parts of |integral of F_q - F_p|, which sums by part give. */
function wassersteinRaw(
  one: readonly number[],
  other: readonly number[],
  edges: readonly number[],
): { exact: number; byPart: number } {
  const steps = [
    ...one.map((value) => [value, 1, 0] as const),
    ...other.map((value) => [value, 0, 1] as const),
    ...edges.map((edge) => [edge, 0, 0] as const),
  ].sort((a, b) => a[0] - b[0]);
  const inParts = new Float64Array(edges.length + 1);
  let [oneBelow, otherBelow, exact] = [0, 0, 0];
  steps.forEach(([value, ofOne, ofOther], index) => {
    oneBelow += ofOne;
    otherBelow += ofOther;
    const next = steps[index + 1]?.[0] ?? value;
    const area = (otherBelow / other.length - oneBelow / one.length) * (next - value);
    exact += Math.abs(area);
    const part = binOf(edges, next);
    inParts[part] = (inParts[part] as number) + area;
  });
  return { exact, byPart: inParts.reduce((sum, part) => sum + Math.abs(part), 0) };
}

function compareScores(deviations: Deviations, row: DriftRow, scores: Scores, where: string): void {
  const { effects } = scores;
  for (const key of ["psi", "psi_adjusted", "jensen_shannon", "hellinger", "total_variation"] as const) {
    deviations.relative(key, effects[key], row[key], where);
  }
  deviations.relative("kolmogorov_smirnov_binned", effects.kolmogorov_smirnov, row.kolmogorov_smirnov_binned, where);
  deviations.relative("chi_square", scores.chiSquare.statistic, row.chi_square, where);
  deviations.relative("chi_square_df", scores.chiSquare.degreesOfFreedom, row.chi_square_df, where);
  const own: Readonly<Record<string, number>> = {
    min_effect_p: minEffectSurvival(scores.minEffect),
    psi_zero_p: chiSquareSurvival(scores.minEffect.statistic, scores.minEffect.degreesOfFreedom),
    chi_square_p: independentPValues(scores, null).chi_square,
  };
  for (const [key, p] of Object.entries(own)) {
    const expected = row[key];
    if (typeof expected === "number" && expected < underflow) continue;
    const small = typeof expected === "number" && expected < leastP;
    deviations.relative(small ? `${key} below ${leastP}` : key, p, expected, where);
  }
}

/** Numbers as they came, and in bins and parts. */
interface Raw {
  readonly values: readonly number[];
  readonly sample: NumericSample;
}

/** Everything of numbers that goes back to their raw values. */
function compareRaw(
  deviations: Deviations,
  { bins, parts, row, where }: { bins: BinRow; parts: readonly number[]; row: DriftRow; where: string },
  reference: Raw,
  window: Raw,
  own: number,
): void {
  const raws = wassersteinRaw(reference.values, window.values, parts);
  const exact = raws.exact / bins.reference_std;
  deviations.relative("wasserstein of raw values", exact, row.wasserstein_over_reference_std, where);
  const bySums = raws.byPart / bins.reference_std;
  deviations.relative("wasserstein against what sums by part give", own, bySums, where);
  deviations.note("wasserstein above the exact one (relative)", Math.max(0, own / exact - 1), where);
  deviations.note("wasserstein below the exact one (in standard deviations)", Math.max(0, exact - own), where);
  const [n, m] = [reference.values.length, window.values.length];
  const raw = andersonDarlingRaw(reference.values, window.values);
  deviations.relative("anderson_darling of raw values", normalisedAndersonDarling(raw, n, m), row.anderson_darling, where);
  const group = (values: readonly number[]): number[] => values.map((value) => binOf(bins.edges, value));
  const grouped = andersonDarlingRaw(group(reference.values), group(window.values));
  const fromBins = andersonDarling(reference.sample, window.sample);
  deviations.relative("anderson_darling of grouped values, from bins", fromBins, grouped, where);
  deviations.relative("anderson_darling from bins against raw values", fromBins, raw, where);
}

type Compare = (row: DriftRow, values: readonly (number | string)[], where: string) => void;

function numbersOf(deviations: Deviations, bins: BinRow, known: readonly number[]): Compare {
  const parts = partsOf(known, bins.edges);
  const sampled = (values: readonly number[]): Raw => ({ values, sample: binnedNumbers(values, bins.edges, parts) });
  const reference = sampled(known);
  deviations.note("reference counts", difference(reference.sample.counts, bins.reference_counts), bins.feature);
  return (row, values, where) => {
    const window = sampled(values as number[]);
    deviations.note("counts", difference(window.sample.counts, row.counts), where);
    const scores = numericScores(reference.sample, window.sample, parts, bins.reference_std, accepted);
    compareScores(deviations, row, scores, where);
    compareRaw(deviations, { bins, parts, row, where }, reference, window, scores.effects.wasserstein);
  };
}

function textsOf(deviations: Deviations, bins: BinRow, known: readonly string[]): Compare {
  const seen = new Set<unknown>(known);
  const reference = counted(known, bins, seen);
  deviations.note("reference counts", difference(reference.counts, bins.reference_counts), bins.feature);
  return (row, values, where) => {
    const window = counted(values as string[], bins, seen);
    deviations.note("counts", difference(window.counts, row.counts), where);
    const hasUnseen = bins.bins.at(-1) === "unseen";
    compareScores(deviations, row, categoricalScores(reference, window, hasUnseen, accepted), where);
  };
}

function compareFeature(
  deviations: Deviations,
  folder: string,
  bins: BinRow,
  drift: readonly DriftRow[],
  events: Event[],
  reference: Event[],
): void {
  const known = new Values(reference, bins).values;
  const stream = new Values(events, bins);
  const compare =
    bins.kind === "numeric" ? numbersOf(deviations, bins, known as number[]) : textsOf(deviations, bins, known as string[]);
  for (const row of drift) {
    if (row.samples === 0) continue;
    const where = `${folder} ${row.feature} ${row.window} ${row.start}`;
    compare(row, stream.between(row.start, row.end, row.window === "all"), where);
  }
}

function difference(own: ArrayLike<number>, expected: readonly number[]): number {
  return expected.reduce((sum, count, index) => sum + Math.abs(count - (own[index] as number)), 0);
}

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error("usage: node scripts/compare-scores.ts <folder>...");
  process.exit(2);
}
const deviations = new Deviations();
for (const folder of folders) {
  const events = lines(join(folder, "events.jsonl.gz")).filter(({ type }) => type === "prediction");
  const reference = lines(join(folder, "reference.jsonl.gz"));
  const drift = rows<DriftRow>(join(folder, "golden", "drift.json"));
  for (const bins of rows<BinRow>(join(folder, "golden", "bins.json"))) {
    const own = drift.filter(({ feature }) => feature === bins.feature);
    compareFeature(deviations, basename(folder), bins, own, events, reference);
  }
}
process.exitCode = deviations.print() ? 0 : 1;
