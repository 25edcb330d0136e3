// What sequential detectors find in the minutes of one feature: the product's own, on simulated counts.
import { detectorShare, evidenceLimit, testsOf } from "../../src/monitor/alarm-budget.ts";
import { type Detection, detectionOf } from "../../src/monitor/detection.ts";
import { findingOfEvidence } from "../../src/monitor/detector-looks.ts";
import { FeatureDetectors } from "../../src/monitor/drift-detectors.ts";
import type { DriftReference } from "../../src/monitor/drift-reference.ts";
import type { DriftState } from "../../src/monitor/drift-states.ts";
import type { DriftSettings } from "../../src/monitor/monitor.ts";
import type { Looked } from "./looks.ts";
import type { Shape } from "./shape.ts";

/** In the order of the tests of windows. */
export const detectorTests = ["histogram", "missing", "null", "wrong_type", "unseen"] as const;

export class DetectorLooks {
  readonly #own = new FeatureDetectors();
  readonly #shape: Shape;
  readonly #detection: Detection;
  /** The common logarithm of the evidence that alarms. */
  readonly #limit: number;
  readonly #calm: Looked;
  readonly #counted = { missing: { count: 0, size: 0 }, null: { count: 0, size: 0 }, unseen: { count: 0, size: 0 } };
  /** No simulated value is of the wrong type. */
  readonly #states: readonly (readonly [DriftState, { count: number; size: number }])[];

  /** With the share of one of so many features of its kind, as `AlarmBudget` divides it. */
  constructor(shape: Shape, prepared: DriftReference, settings: DriftSettings, features: number) {
    const tests = testsOf({ type: shape.bins === null ? "categorical" : "numeric" });
    this.#shape = shape;
    this.#detection = detectionOf(prepared, settings);
    this.#limit = evidenceLimit(settings.falseAlarms, detectorShare / (features * tests));
    // A signal of a detector ends as one of the shortest window does.
    this.#calm = { findings: null, windowMillis: Math.min(...settings.windows.map(({ millis }) => millis)), published: true };
    const { missing, null: nulls, unseen } = this.#counted;
    const states = [["missing", missing] as const, ["null", nulls] as const];
    this.#states = shape.bins === null ? [...states, ["unseen", unseen]] : states;
  }

  /** By test: the common logarithm of the evidence so far. */
  get evidence(): ReadonlyMap<string, number> {
    return this.#own.evidence;
  }

  /** Takes the counts of a minute of simulation, which it leaves as they are. */
  take(minute: number, counts: Uint8Array): Looked {
    if (!this.#detection.known) return this.#calm;
    const values = this.#count(counts);
    const pane = { counts, worth: values > 0 ? 1 : Number.NaN, states: this.#states };
    this.#own.step(this.#detection, pane, Math.floor(minute / 60) % 24, this.#limit);
    for (const log10 of this.#own.evidence.values()) {
      if (findingOfEvidence(log10, this.#limit) !== "calm") return { ...this.#calm, findings: this.#findings() };
    }
    return this.#calm;
  }

  /** @returns values */
  #count(counts: Uint8Array): number {
    const { binCount } = this.#shape;
    const { missing, null: nulls, unseen } = this.#counted;
    let values = 0;
    for (let bin = 0; bin < binCount; bin++) values += counts[bin] as number;
    missing.count = counts[binCount] as number;
    nulls.count = counts[binCount + 1] as number;
    unseen.count = counts[binCount - 1] as number;
    unseen.size = values;
    missing.size = values + missing.count + nulls.count;
    nulls.size = missing.size;
    return values;
  }

  #findings(): Looked["findings"] {
    return detectorTests.map((test) => {
      const log10 = this.#own.evidence.get(test);
      return log10 === undefined ? "unknown" : findingOfEvidence(log10, this.#limit);
    });
  }
}
