// The counts of two real streams, by bin and by state, are those that independent software computed.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Replay } from "../../src/pipeline/replay.ts";
import { Fold } from "../../src/state/fold.ts";
import { configFor, type GoldenBins } from "./golden-bins.ts";
import { applyLines } from "./lines.ts";

interface GoldenCounts {
  readonly window: string;
  readonly start?: string;
  readonly feature: string;
  readonly samples: number;
  readonly counts: readonly number[];
  readonly mean?: number;
}
interface GoldenQuality extends Record<"events" | "ok" | "missing" | "null" | "wrong_type" | "unseen", number> {
  readonly window: string;
  readonly start?: string;
  readonly feature: string;
}
interface Line {
  readonly time: string;
  readonly segment: string;
  readonly feature: string;
  readonly window: string;
  readonly metric?: string;
  readonly value?: number;
  readonly bins?: readonly number[];
}

const folder = (name: string): URL => new URL(`../data/${name}/`, import.meta.url);
const json = <T>(url: URL): { rows: T[] } => JSON.parse(readFileSync(url, "utf8")) as { rows: T[] };
const zipped = <T>(url: URL): { rows: T[] } => JSON.parse(gunzipSync(readFileSync(url)).toString("utf8")) as { rows: T[] };

/** Counts by bin in the order of the reference numbers: they have no bin for others where there are none. */
function withoutOther(row: GoldenBins, counts: readonly number[]): readonly number[] {
  if (row.kind === "numeric" || row.bins?.includes("other")) return counts;
  return counts.toSpliced(-2, 1);
}

describe.each([
  { name: "flights-q2", model: "flights", whole: "91d" },
  { name: "segments", model: "segments", whole: "6d" },
])("$name", ({ name, model, whole }) => {
  const bins = json<GoldenBins>(new URL("bins.json", folder(name))).rows;
  const counts = zipped<GoldenCounts>(new URL("counts.json.gz", folder(name))).rows;
  const quality = zipped<GoldenQuality>(new URL("quality.json.gz", folder(name))).rows;
  const config = parseConfig(configFor(model, bins, ["24h", whole]), "golden");
  const fold = new Fold(foldSettings(config));
  const events = gunzipSync(readFileSync(new URL("events.jsonl.gz", folder(name))))
    .toString("utf8")
    .split("\n");
  const found = new Map<string, Line>();
  const replay = new Replay(fold, { everyMillis: 86_400_000, bins: true }, (text) => {
    const line = JSON.parse(text) as Line;
    if (line.segment === "") found.set(`${line.time} ${line.window} ${line.feature} ${line.metric ?? "bins"}`, line);
  });
  applyLines(fold, fold.log("events", 0, 60_000), decoderFor("native"), events);
  const lastDay = Math.ceil(fold.lastOpenEnd / 86_400_000) * 86_400_000;
  replay.finish();

  const end = (row: { window: string; start?: string }): string =>
    row.window === "all" ? new Date(lastDay).toISOString() : new Date(Date.parse(row.start as string) + 86_400_000).toISOString();
  const key = (row: { window: string; start?: string; feature: string }, what: string): string =>
    `${end(row)} ${row.window === "all" ? whole : row.window} ${row.feature} ${what}`;
  const ours = <T extends { window: string }>(rows: readonly T[]): T[] => rows.filter((row) => row.window !== "7d");

  test("counts by bin of every day and of the whole period", () => {
    const specs = new Map(bins.map((row) => [row.feature, row]));
    const rows = ours(counts);
    expect(rows.length).toBeGreaterThan(100);
    for (const row of rows) {
      const line = found.get(key(row, "bins"));
      const spec = specs.get(row.feature) as GoldenBins;
      const got = withoutOther(spec, line?.bins ?? row.counts.map(() => 0));
      expect({ at: key(row, "bins"), counts: got }).toEqual({ at: key(row, "bins"), counts: row.counts });
    }
  });

  test("states of values of every day and of the whole period", () => {
    for (const row of ours(quality)) {
      for (const state of ["ok", "missing", "null", "wrong_type", "unseen"] as const) {
        const line = found.get(key(row, state));
        expect({ at: key(row, state), value: line?.value }).toEqual({ at: key(row, state), value: row[state] });
      }
    }
  });

  test("means to one part in a million", () => {
    const rows = ours(counts).filter((row) => row.mean !== undefined && row.samples > 0);
    expect(rows.length).toBeGreaterThan(50);
    for (const row of rows) {
      const value = found.get(key(row, "mean"))?.value as number;
      expect(Math.abs(value - (row.mean as number)), key(row, "mean")).toBeLessThanOrEqual(
        1e-6 * Math.max(1e-3, Math.abs(row.mean as number)),
      );
    }
  });
});
