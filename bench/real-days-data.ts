// Counts by bin of days and hours of real flights: the reference (January to March) and what came after (April to June).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

interface BinsRow {
  readonly feature: string;
  readonly kind: "numeric" | "categorical";
  readonly edges?: readonly number[];
  readonly bins?: readonly string[];
}

export interface Feature {
  readonly name: string;
  readonly ordered: boolean;
  readonly bins: number;
  /** The bin of a value, -1 where it is in none (null, absent). */
  readonly binOf: (value: unknown) => number;
}

export interface Row {
  readonly millis: number;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Line {
  readonly time: string;
  readonly type?: string;
  readonly features?: Readonly<Record<string, unknown>>;
  readonly score?: number;
  readonly prediction?: number | string;
}

/** Features of the golden bins; `segments` and the like are left out. */
export function features(folder: string): Feature[] {
  const { rows } = JSON.parse(readFileSync(join(folder, "flights-q2/golden/bins.json"), "utf8")) as { rows: BinsRow[] };
  return rows.map((row) => (row.kind === "numeric" ? numeric(row) : categorical(row)));
}

function numeric({ feature, edges = [] }: BinsRow): Feature {
  return {
    name: feature,
    ordered: true,
    bins: edges.length + 1,
    binOf: (value) => (typeof value === "number" ? edges.filter((edge) => edge < value).length : -1),
  };
}

function categorical({ feature, bins = [] }: BinsRow): Feature {
  const codes = new Map(bins.map((name, code) => [name, code]));
  return {
    name: feature,
    ordered: false,
    bins: bins.length,
    binOf(value) {
      if (value === null || value === undefined) return -1;
      return codes.get(String(value)) ?? codes.get("unseen") ?? -1;
    },
  };
}

/** Categories that the reference has, beyond the bins: they are `other`. */
export function otherIsKnown(all: readonly Feature[], rows: readonly Row[], folder: string): Feature[] {
  const { rows: specs } = JSON.parse(readFileSync(join(folder, "flights-q2/golden/bins.json"), "utf8")) as { rows: BinsRow[] };
  return all.map((feature, at) => {
    const other = specs[at]?.bins?.indexOf("other") ?? -1;
    if (other < 0) return feature;
    const known = new Set(rows.map((row) => String(row.values[feature.name])));
    const unseen = feature.bins - 1;
    return {
      ...feature,
      binOf: (value) => {
        const bin = feature.binOf(value);
        return bin === unseen && known.has(String(value)) ? other : bin;
      },
    };
  });
}

export function rowsOf(folder: string, file: string): Row[] {
  const lines = gunzipSync(readFileSync(join(folder, "flights-q2", file)))
    .toString("utf8")
    .trimEnd()
    .split("\n");
  return lines
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.features !== undefined)
    .map((line) => ({
      millis: Date.parse(line.time),
      values: { ...line.features, $score: line.score, $prediction: line.prediction },
    }));
}

/** Counts by bin of each pane that has rows, in ascending order of starts. */
export function panesOf(
  rows: readonly Row[],
  feature: Feature,
  paneMillis: number,
): { startMillis: number; counts: Float64Array }[] {
  const panes = new Map<number, Float64Array>();
  for (const { millis, values } of rows) {
    const start = Math.floor(millis / paneMillis) * paneMillis;
    const bin = feature.binOf(values[feature.name]);
    if (bin < 0) continue;
    const counts = panes.get(start) ?? new Float64Array(feature.bins);
    counts[bin] = (counts[bin] as number) + 1;
    panes.set(start, counts);
  }
  return [...panes].sort(([a], [b]) => a - b).map(([startMillis, counts]) => ({ startMillis, counts }));
}
