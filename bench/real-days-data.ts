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

/**
 * On how many days the two-sample Kolmogorov-Smirnov test of raw values rejects the whole at a level, as one that believes in
 * independent values would (limit law, Smirnov 1948).
 */
export function ksRejects(rows: readonly Row[], feature: Feature, paneMillis: number, level: number): number {
  const numberOf = (row: Row): number => row.values[feature.name] as number;
  const numbers = rows.filter((row) => typeof row.values[feature.name] === "number");
  const sorted = numbers.map(numberOf).sort((a, b) => a - b);
  const days = Map.groupBy(numbers, ({ millis }) => Math.floor(millis / paneMillis));
  let rejected = 0;
  for (const day of days.values()) {
    const distance = ksDistance(
      sorted,
      day.map(numberOf).sort((a, b) => a - b),
    );
    const size = (sorted.length * day.length) / (sorted.length + day.length);
    if (kolmogorovTail(Math.sqrt(size) * distance) < level) rejected += 1;
  }
  return rejected;
}

function ksDistance(all: readonly number[], some: readonly number[]): number {
  let [distance, below, at] = [0, 0, 0];
  while (at < some.length) {
    const value = some[at] as number;
    while (below < all.length && (all[below] as number) < value) below += 1;
    distance = Math.max(distance, Math.abs(below / all.length - at / some.length));
    while (at < some.length && some[at] === value) at += 1;
    while (below < all.length && all[below] === value) below += 1;
    distance = Math.max(distance, Math.abs(below / all.length - at / some.length));
  }
  return distance;
}

/** Kolmogorov's limit law: 2 sum (-1)^(k-1) exp(-2 k^2 x^2); of small x the terms do not end, and the probability is 1. */
function kolmogorovTail(x: number): number {
  if (x < 0.3) return 1;
  let tail = 0;
  for (let k = 1; k <= 20; k++) tail += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return tail;
}
