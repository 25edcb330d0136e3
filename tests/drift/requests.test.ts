// Lists that were shown on request, from events to metrics: clicks within the horizon, and what was not clicked by its end.
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Replay } from "../../src/pipeline/replay.ts";
import { Fold } from "../../src/state/fold.ts";
import { applyLines } from "../state/lines.ts";

const start = Date.parse("2026-03-01T00:00:00Z");
const minute = 60_000;

test("of requests of three items: what the first and the second were clicked for", () => {
  const settings = foldSettings(
    parseConfig(
      "source: {file: {paths: [none]}}\ndefaults: {windows: [1h]}\nmodels: {shop: {task: ranking, outcomes: {horizon: 10m, absent: 0}}}",
      "test",
    ),
  );
  const fold = new Fold(settings);
  const lines: { at: number; line: object }[] = [];
  for (let request = 0; request < 40; request++) {
    const at = start + request * 20_000;
    for (const rank of [3, 1, 2]) {
      const id = `${request}-${rank}`;
      const shown = { type: "prediction", model: "shop", id, time: at, group: `r${request}`, rank, score: 0.5 / rank };
      lines.push({ at, line: shown });
      // Of every fourth request the second item, and of every second of these the first, too.
      const clicked = request % 4 === 0 && (rank === 2 || (rank === 1 && request % 8 === 0));
      if (clicked) lines.push({ at: at + 30_000, line: { type: "outcome", model: "shop", id, time: at + 30_000, label: 1 } });
    }
  }
  lines.sort((one, other) => one.at - other.at);
  const log = fold.log("events", 0, 0);
  applyLines(
    fold,
    log,
    decoderFor("native"),
    lines.map(({ line }) => JSON.stringify(line)),
  );
  const written: string[] = [];
  const replay = new Replay(fold, { everyMillis: 60 * minute, bins: false }, (line) => written.push(line));
  replay.finish();
  const rows = written.map((line) => JSON.parse(line) as { metric?: string; by?: string; value: number; samples: number });
  const metricOf = (metric: string): readonly [number, number] | undefined => {
    const row = rows.find((one) => one.metric === metric && one.by === "outcome");
    return row === undefined ? undefined : [row.value, row.samples];
  };
  expect(metricOf("ctr")).toEqual([expect.closeTo((5 * (2 / 3) + 5 * (1 / 3)) / 40, 12), 40]);
  expect(metricOf("mrr")).toEqual([expect.closeTo((5 * 1 + 5 / 2) / 40, 12), 40]);
  expect(metricOf("hit_rate")).toEqual([0.25, 40]);
  // Both clicks at the top are the best order; one at the second place is not. Requests without a click have none.
  expect(metricOf("ndcg")).toEqual([expect.closeTo((5 * 1 + 5 / Math.log2(3)) / 10, 12), 10]);
  // Items by themselves are decisions, too.
  expect(metricOf("label_mean")).toEqual([expect.closeTo(15 / 120, 12), 120]);
});
