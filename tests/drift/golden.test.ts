// Scores and p-values of two real streams, through fold and windows, are those that independent software computed. (W1 needs
// the values of the reference themselves: `scripts/compare-scores.ts` compares it.)
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { kind, kindCount } from "../../src/event/value.ts";
import { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Replay } from "../../src/pipeline/replay.ts";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import { CategoryCounts } from "../../src/primitive/category-counts.ts";
import { TargetSum } from "../../src/primitive/target.ts";
import { assembleReference, timeless } from "../../src/reference/assemble.ts";
import type { FeatureReference } from "../../src/reference/reference.ts";
import { Fold } from "../../src/state/fold.ts";
import { configFor, type GoldenBins } from "../state/golden-bins.ts";
import { applyLines } from "../state/lines.ts";

interface GoldenDrift extends Readonly<Record<string, unknown>> {
  readonly window: string;
  readonly start?: string;
  readonly feature: string;
  readonly samples: number;
}
interface Line {
  readonly time: string;
  readonly segment: string;
  readonly feature: string;
  readonly window: string;
  readonly method?: string;
  readonly test?: string;
  readonly value: number;
  readonly samples: number;
}

const day = 86_400_000;
const defaults = { drift: { dispersion: "off", min_samples: 1, min_samples_per_degree: 1 } };
const folder = (name: string): URL => new URL(`../data/${name}/`, import.meta.url);
const zipped = <T>(url: URL): { rows: T[] } => JSON.parse(gunzipSync(readFileSync(url)).toString("utf8")) as { rows: T[] };

/** Golden key, our name, relative bound, and below which absolute value rounding decides. */
const compared = [
  ["psi", "psi", 1e-9, 0],
  ["psi_adjusted", "psi_adjusted", 1e-9, 1e-12],
  ["jensen_shannon", "jensen_shannon", 1e-9, 0],
  ["hellinger", "hellinger", 1e-9, 0],
  ["total_variation", "total_variation", 1e-9, 0],
  ["kolmogorov_smirnov_binned", "kolmogorov_smirnov", 1e-9, 0],
  ["min_effect_p", "min_effect", 1e-6, 1e-12],
  ["chi_square_p", "chi_square", 1e-6, 1e-12],
] as const;

/** The bins' counts as a reference: one that was built from the rows has the same. */
function referenceOf(row: GoldenBins, memory: FeatureMemory): FeatureReference {
  const { bins, categories } = memory.of(row.feature);
  const whole = row.kind === "numeric" || row.bins?.includes("other");
  const counts = whole ? [...row.reference_counts] : row.reference_counts.toSpliced(-1, 0, 0);
  const zeros = counts.map(() => 0);
  const kinds = new Float64Array(kindCount);
  const size = counts.reduce((sum, count) => sum + count, 0);
  kinds[row.kind === "numeric" ? kind.number : kind.string] = size;
  const numbers = bins === null ? null : BinCounts.ofSums(bins, counts, zeros, zeros);
  const columns = {
    count: counts,
    targetCount: zeros,
    targetHigh: zeros,
    targetLow: zeros,
    weightSquares: size,
    unseenValues: 0,
  };
  const texts = categories === null ? null : CategoryCounts.of(columns);
  const all = { kinds, numbers, texts, targets: new TargetSum() };
  const type = row.kind;
  const numbersAsTexts = row.feature === "$prediction";
  return { name: row.feature, type, numbersAsTexts, bins, categories, all, segments: new Map(), ...timeless };
}

describe.each([
  { name: "flights-q2", model: "flights", whole: "91d" },
  { name: "segments", model: "segments", whole: "6d" },
])("$name", ({ name, model, whole }) => {
  const bins = (JSON.parse(readFileSync(new URL("bins.json", folder(name)), "utf8")) as { rows: GoldenBins[] }).rows;
  const golden = zipped<GoldenDrift>(new URL("drift.json.gz", folder(name))).rows;
  const config = configFor(model, bins, ["24h", "7d", whole], defaults);
  const learning = foldSettings(parseConfig(config, "golden"));
  const memory = new FeatureMemory(learning.models.get(model) ?? learning.defaults);
  const times = { fromMillis: Number.NaN, toMillis: Number.NaN, madeMillis: 0 };
  const provenance = { kind: "file" as const, source: [], ...times, rows: 0, madeBy: "test", history: [] };
  const features = bins.map((row) => referenceOf(row, memory));
  const reference = assembleReference(model, null, features, provenance);
  const models = { [model]: { reference: "r", features: JSON.parse(config).models[model].features } };
  const settings = parseConfig(JSON.stringify({ ...JSON.parse(config), models }), "golden");
  const fold = new Fold(foldSettings(settings, new Map([["r", reference]])));
  const found = new Map<string, Line>();
  const replay = new Replay(fold, { everyMillis: day, bins: false }, (text) => {
    const line = JSON.parse(text) as Line;
    const what = line.method ?? line.test;
    if (line.segment === "" && what !== undefined) found.set(`${line.time} ${line.window} ${line.feature} ${what}`, line);
  });
  const events = gunzipSync(readFileSync(new URL("events.jsonl.gz", folder(name)))).toString("utf8");
  applyLines(fold, fold.log("events", 0, 60_000), decoderFor("native"), events.split("\n"));
  const last = Math.ceil(fold.lastOpenEnd / day) * day;
  replay.finish();

  const lengths: Readonly<Record<string, number>> = { "24h": day, "7d": 7 * day };
  const lineOf = (row: GoldenDrift, what: string): Line | undefined => {
    const end = row.window === "all" ? last : Date.parse(row.start as string) + (lengths[row.window] as number);
    return found.get(`${new Date(end).toISOString()} ${row.window === "all" ? whole : row.window} ${row.feature} ${what}`);
  };

  test.each(compared)("%s of every window that has values", (key, what, bound, least) => {
    let many = 0;
    for (const row of golden) {
      const expected = row[key];
      const line = lineOf(row, what);
      // A window with fewer values than bins looks further back; the last week is not over.
      if (typeof expected !== "number" || line?.samples !== row.samples) continue;
      many += 1;
      const deviation = Math.abs(line.value - expected) / Math.max(Math.abs(expected), least);
      if (expected >= least || line.value > least * (1 + bound))
        expect(deviation, JSON.stringify({ row, line })).toBeLessThanOrEqual(bound);
    }
    expect(many).toBeGreaterThan(100);
  });
});
