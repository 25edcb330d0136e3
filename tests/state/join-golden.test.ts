// What becomes of the outcomes of a real stream is what independent software says of the same file.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { durationSum } from "../../src/monitor/duration.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Fold } from "../../src/state/fold.ts";
import type { JoinVersion } from "../../src/state/join-model.ts";
import { applyLines } from "./lines.ts";

const folder = new URL("../data/flights-q2/", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("join.json", folder), "utf8")) as {
  readonly predictions: number;
  readonly joined: number;
  readonly orphaned: number;
  readonly duplicate: number;
  readonly without_outcome: number;
  readonly label_delay_seconds: { readonly mean: number; readonly min: number; readonly max: number };
  readonly rows: readonly { window: string; start: string; end: string; predictions: number; labelled: number }[];
};
const lines = gunzipSync(readFileSync(new URL("events.jsonl.gz", folder)))
  .toString("utf8")
  .split("\n");
const day = 86_400_000;
const days = golden.rows.filter(({ window }) => window === "24h");

let versions: readonly JoinVersion[];
const delays: number[] = [];

beforeAll(() => {
  const config = "source: {file: {paths: [none]}}\ndefaults: {windows: [2d, 120d], learn: 1d, outcomes: {horizon: 2d}}";
  const fold = new Fold(foldSettings(parseConfig(config, "test")));
  fold.join.onJoined = ({ predictedMillis, outcomeMillis }) => delays.push((outcomeMillis - predictedMillis) / 1000);
  const log = fold.log("events", 0, 60_000);
  for (let from = 0; from < lines.length; from += 500) {
    applyLines(fold, log, decoderFor("native"), lines.slice(from, from + 500));
    fold.advance();
  }
  fold.closeThrough(Date.parse(days.at(-1)?.end ?? "") + 5 * day);
  versions = [...fold.join.models.values()].flatMap((model) => [...model.versions.values()]);
});

const sum = (name: "joined" | "orphaned" | "duplicate" | "expired" | "late" | "repeated"): number => {
  return versions.reduce((total, version) => total + version[name], 0);
};

describe("of the flights", () => {
  test("as many are joined, orphaned, duplicate and without outcome", () => {
    expect(sum("joined")).toBe(golden.joined);
    expect(sum("orphaned")).toBe(golden.orphaned);
    expect(sum("duplicate")).toBe(golden.duplicate);
    expect(sum("expired")).toBe(golden.without_outcome);
    expect([sum("late"), sum("repeated")]).toEqual([0, 0]);
  });

  test("labels take as long", () => {
    const { mean, min, max } = golden.label_delay_seconds;
    const total = versions.reduce((seconds, { delays: histogram }) => seconds + durationSum(histogram), 0);
    expect(total / golden.joined).toBeCloseTo(mean, 6);
    expect(delays.reduce((least, delay) => Math.min(least, delay), Number.POSITIVE_INFINITY)).toBe(min);
    expect(delays.reduce((most, delay) => Math.max(most, delay), 0)).toBe(max);
  });

  test("as many of the predictions of two days have a label", () => {
    const version = versions.find(({ joined }) => joined > 0) as JoinVersion;
    expect(days.length).toBeGreaterThan(80);
    for (const [index, { end, predictions, labelled }] of days.entries()) {
      const before = days[index - 1] ?? { predictions: 0, labelled: 0 };
      const share = (labelled + before.labelled) / (predictions + before.predictions);
      expect(version.cohorts.ratio(2 * day, Date.parse(end))).toBeCloseTo(share, 12);
    }
  });
});
