// Detectors of one feature as state: written and read they go on as before, and those of an older version begin anew.
import { expect, test } from "vitest";
import { kindOf } from "../../bench/calibration/kinds.ts";
import { type KnownFeature, knownFeatures, settingsOf } from "../../bench/calibration/model.ts";
import { detectionOf } from "../../src/monitor/detection.ts";
import { type DetectedPane, FeatureDetectors } from "../../src/monitor/drift-detectors.ts";
import { Reader, Writer, writeAll } from "../../src/primitive/bytes.ts";

const limit = 7;
const plan = { minEffect: 0.02, referenceDays: 10, samplesPerDegree: 20, features: 1, months: 0, seed: 4 };
const [{ shape, reference }] = knownFeatures({ ...plan, kind: kindOf("normal") }) as [KnownFeature];
const detection = detectionOf(reference, settingsOf(plan));

/** Values that are higher than those of the reference. */
function pane(minute: number): DetectedPane {
  const counts = Array.from({ length: shape.binCount }, (_, bin) => ((bin + minute) % 3) + (bin > 15 ? 1 : 0));
  const values = counts.reduce((sum, count) => sum + count, 0);
  return { counts, worth: 1, states: [["missing", { count: minute % 4, size: values + (minute % 4) }]] };
}

function bytesOf(detectors: FeatureDetectors): Uint8Array {
  const writer = new Writer();
  detectors.encode(writer);
  return writer.bytes();
}

const stepped = (detectors: FeatureDetectors, from: number, to: number): FeatureDetectors => {
  for (let minute = from; minute < to; minute++) detectors.step(detection, pane(minute), 5 + Math.floor(minute / 15), limit);
  return detectors;
};

test("what was written and read goes on as if nothing had happened", () => {
  const before = stepped(new FeatureDetectors(), 0, 20);
  const read = FeatureDetectors.decode(new Reader(bytesOf(before)));
  expect(bytesOf(read)).toEqual(bytesOf(before));
  expect(bytesOf(stepped(read, 20, 30))).toEqual(bytesOf(stepped(before, 20, 30)));
  expect([...before.evidence.keys()]).toEqual(["histogram", "missing"]);
});

test("what an older version wrote, with other bets or other bins, begins anew", () => {
  const fresh = stepped(new FeatureDetectors(), 0, 3);
  for (const [bets, bins, gathered, rates] of [
    [3, shape.binCount, 0, 3],
    [11, 5, 9, 5],
    [11, shape.binCount, 0, 5],
  ] as const) {
    const writer = new Writer();
    writer.boolean(true);
    writer.floats(new Float64Array(bets).fill(3));
    writer.floats(new Float64Array(bins).fill(3));
    writer.floats(new Float64Array(gathered));
    writeAll(writer, [new Float64Array(rates).fill(Number.NEGATIVE_INFINITY)], (rate) => {
      writer.text("missing");
      writer.floats(rate);
    });
    writeAll(writer, [], () => undefined);
    const old = stepped(FeatureDetectors.decode(new Reader(writer.bytes())), 0, 3);
    expect(bytesOf(old)).toEqual(bytesOf(fresh));
  }
});
