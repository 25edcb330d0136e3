// The matrix of what was predicted and what it was: on the page where someone asks for it, and nowhere else.
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { paneMonitors } from "../../src/monitor/index.ts";
import { performance } from "../../src/monitor/performance.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Fold } from "../../src/state/fold.ts";
import { windowAt, windowOf } from "../../src/state/window-of.ts";
import { applyLines } from "../state/lines.ts";

const start = Date.parse("2026-03-01T00:00:00Z");
const index = paneMonitors.indexOf(performance as (typeof paneMonitors)[number]);

/** The lines of the matrix after an hour of outcomes that carry their predictions. */
function shown(
  outcomes: string,
  task: string,
  pairs: readonly (readonly [prediction: string | number, label: string | number])[],
): string[] {
  const config = `source: {file: {paths: [none]}}\ndefaults: {windows: [1h]}\nmodels: {m: {${task}outcomes: ${outcomes}}}`;
  const fold = new Fold(foldSettings(parseConfig(config, "test")));
  const lines = pairs.map(([prediction, label], at) =>
    JSON.stringify({ type: "outcome", model: "m", version: "1", id: `${at}`, time: start + at * 1000, prediction, label }),
  );
  applyLines(fold, fold.log("events", 0, 0), decoderFor("native"), lines);
  fold.closeThrough(start + 3_600_000);
  const model = [...fold.models.values()][0];
  const version = model?.versions.get("1");
  if (model === undefined || version === undefined) throw new Error("nothing was folded");
  const window = windowOf(windowAt(model, version, version.all, "", 3_600_000, start + 3_600_000), index);
  const written: string[] = [];
  const monitor = paneMonitors[index];
  monitor
    ?.windowWriter({ model: "m", version: "1" }, "", "1h")
    .write(
      window,
      model.memories[index],
      { sample: (series, value) => written.push(`${series.prefix}${value}`), histogram: () => undefined },
      () => "shown",
    );
  return written.filter((line) => line.startsWith("ml_performance_confusion")).map((line) => line.replace(/^.*window="1h",/, ""));
}

const classes = [
  ["a", "a"],
  ["a", "b"],
  ["c", "b"],
  ["a", "a"],
] as const;

test("of several classes, by their names", () => {
  expect(shown("{confusion: true}", "", classes)).toEqual([
    'label="a",prediction="a"} 2',
    'label="b",prediction="a"} 1',
    'label="b",prediction="c"} 1',
  ]);
  expect(shown("{}", "", classes)).toEqual([]);
});

test("of two classes, as positive and negative", () => {
  const pairs = [
    [1, 1],
    [1, 0],
    [0, 0],
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 1],
  ] as const;
  // Predictions without scores are decisions between two classes where the task says so.
  expect(shown("{confusion: true, positive: 1}", "task: binary, ", pairs)).toEqual([
    'label="positive",prediction="positive"} 3',
    'label="negative",prediction="positive"} 1',
    'label="negative",prediction="negative"} 2',
    'label="positive",prediction="negative"} 1',
  ]);
});
