// Sequential detectors of one feature in one segment: what they remember, and the step of one closed pane.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import {
  createHistogramDetector,
  type HistogramDetector,
  isDetectorOf,
  stepHistogramDetector,
} from "../stats/histogram-detector.ts";
import { createRateDetector, type RateDetector, stepRateDetector } from "../stats/rate-detector.ts";
import { total } from "../stats/sample.ts";
import type { Detection } from "./detection.ts";
import { type DriftReference, sampleOf } from "./drift-reference.ts";
import { type DriftState, type StateCount, stateCounts } from "./drift-states.ts";
import { type ClosedFeature, unseenOf } from "./feature-pane.ts";
import { countedOf } from "./feature-reference.ts";

/** The detector of the distribution; those of rates are called as their states. */
const histogramTest = "histogram";

/** Natural to common logarithms. */
const toCommon = Math.LOG10E;

/**
 * Evidence does not grow beyond what alarms: it would take hours to be forgotten when the change is over. Less evidence alarms
 * later, so the guarantee of the detectors stays. One bet alone has to be able to lift the mean of all to the limit.
 */
export function capEvidence(logEvidence: Float64Array, limit: number): void {
  const most = limit / toCommon + Math.log(logEvidence.length);
  for (let at = 0; at < logEvidence.length; at++) logEvidence[at] = Math.min(most, logEvidence[at] as number);
}

/** What a pane of a minute has of a feature. */
export interface DetectedPane {
  /** By bin; of which only those that are tested count. */
  readonly counts: ArrayLike<number>;
  /** Independent observations that a count of one is worth; NaN without values. */
  readonly worth: number;
  /** Values in each state. One that no value was in so far may be left out. */
  readonly states: Iterable<readonly [DriftState, StateCount]>;
}

/** The product's panes as detectors see them. */
export function detectedPane({ feature }: DriftReference, part: ClosedFeature): DetectedPane {
  const { counts, size } = sampleOf(feature, countedOf(part));
  return { counts, worth: size / total(counts), states: stateCounts(feature, part.kinds, unseenOf(part)) };
}

export class FeatureDetectors {
  #histogram: HistogramDetector | null = null;
  /** Of states that a value was in since the reference was there: others have no evidence. Null while there is none. */
  #rates: Map<DriftState, RateDetector> | null = null;
  /** By detector: the common logarithm of its evidence after the last pane. */
  readonly evidence = new Map<string, number>();

  /**
   * Takes a closed pane of a minute.
   * @param hour of the day (UTC) of its start
   * @param limit the common logarithm of the evidence that alarms
   */
  step(detection: Detection, { counts, worth, states }: DetectedPane, hour: number, limit: number): void {
    if (worth > 0) this.#stepHistogram(detection, counts, worth, hour, limit);
    for (const [state, counted] of states) {
      if (counted.count === 0 && this.#rates?.has(state) !== true) continue;
      const detector = this.#rate(state);
      this.evidence.set(state, toCommon * stepRateDetector(detector, counted, detection.rate(state)));
      capEvidence(detector, limit);
    }
  }

  #rate(state: DriftState): RateDetector {
    this.#rates ??= new Map();
    let detector = this.#rates.get(state);
    if (detector === undefined) {
      detector = createRateDetector();
      this.#rates.set(state, detector);
    }
    return detector;
  }

  #stepHistogram(detection: Detection, counts: ArrayLike<number>, worth: number, hour: number, limit: number): void {
    const baseline = detection.baseline(hour);
    const bins = baseline.proportions.length;
    if (this.#histogram === null || !isDetectorOf(this.#histogram, bins, detection.ordered)) {
      this.#histogram = together(createHistogramDetector(bins, detection.ordered));
    }
    const logEvidence = stepHistogramDetector(this.#histogram, detection.grouped(counts), worth, baseline, hour);
    this.evidence.set(histogramTest, toCommon * logEvidence);
    capEvidence(this.#histogram.logEvidence, limit);
  }

  encode(writer: Writer): void {
    writer.boolean(this.#histogram !== null);
    if (this.#histogram !== null) {
      writer.floats(this.#histogram.logEvidence);
      writer.floats(this.#histogram.past);
      writer.floats(this.#histogram.gathered);
    }
    writeAll(writer, sorted(this.#rates ?? new Map<DriftState, RateDetector>()), ([state, detector]) => {
      writer.text(state);
      writer.floats(detector);
    });
    writeAll(writer, sorted(this.evidence), ([test, log10]) => {
      writer.text(test);
      writer.float(log10);
    });
  }

  static decode(reader: Reader): FeatureDetectors {
    const detectors = new FeatureDetectors();
    if (reader.boolean()) {
      const [logEvidence, past, gathered] = [reader.floats(), reader.floats(), reader.floats()];
      detectors.#histogram = together({ logEvidence, past, gathered });
    }
    for (const [state, rate] of readAll(reader, () => [reader.text(), reader.floats()] as const)) {
      // One of an older version, which made other bets, begins anew with the next value in the state.
      if (rate.length === createRateDetector().length) detectors.#rate(state as DriftState).set(rate);
    }
    for (const [test, log10] of readAll(reader, () => [reader.text(), reader.float()] as const)) {
      detectors.evidence.set(test, log10);
    }
    return detectors;
  }
}

/** The same in one piece of memory: there is one for every feature. */
function together({ logEvidence, past, gathered }: HistogramDetector): HistogramDetector {
  const numbers = Float64Array.of(...logEvidence, ...past, ...gathered);
  const [pastAt, gatheredAt] = [logEvidence.length, logEvidence.length + past.length];
  return {
    logEvidence: numbers.subarray(0, pastAt),
    past: numbers.subarray(pastAt, gatheredAt),
    gathered: numbers.subarray(gatheredAt),
  };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => compareText(a, b));
}

/** By segment and feature. */
export class Detectors {
  readonly #bySegment = new Map<string, Map<string, FeatureDetectors>>();

  of(segment: string, feature: string): FeatureDetectors {
    let features = this.#bySegment.get(segment);
    if (features === undefined) {
      features = new Map();
      this.#bySegment.set(segment, features);
    }
    let detectors = features.get(feature);
    if (detectors === undefined) {
      detectors = new FeatureDetectors();
      features.set(feature, detectors);
    }
    return detectors;
  }

  *all(): Iterable<readonly [segment: string, feature: string, detectors: FeatureDetectors]> {
    for (const [segment, features] of this.#bySegment) {
      for (const [feature, detectors] of features) yield [segment, feature, detectors];
    }
  }

  forget(segment: string): void {
    this.#bySegment.delete(segment);
  }

  encode(writer: Writer): void {
    writeAll(writer, sorted(this.#bySegment), ([segment, features]) => {
      writer.text(segment);
      writeAll(writer, sorted(features), ([feature, detectors]) => {
        writer.text(feature);
        detectors.encode(writer);
      });
    });
  }

  static decode(reader: Reader): Detectors {
    const detectors = new Detectors();
    const features = () => new Map(readAll(reader, () => [reader.text(), FeatureDetectors.decode(reader)] as const));
    for (const [segment, found] of readAll(reader, () => [reader.text(), features()] as const)) {
      detectors.#bySegment.set(segment, found);
    }
    return detectors;
  }
}
