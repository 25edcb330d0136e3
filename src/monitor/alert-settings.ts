// What rules compare a model's series with, as far as it is said for that alone: types only. It decides nothing here.

/** On which side of a threshold values are bad: above what may be at most, below what has to be at least. */
export type Bound = "most" | "least";

/** A limit of a metric of performance. */
export interface PerformanceLimit {
  readonly metric: string;
  readonly windowMillis: number;
  readonly bound: Bound;
  readonly limit: number;
}

export interface AlertSettings {
  /** The share of a version's features that may drift. */
  readonly driftingShare: number;
  readonly referenceAgeMillis: number;
  /** How long there may be no prediction; null: of a batch model nobody knows. */
  readonly silenceMillis: number | null;
  /** How long there may be no outcome; null: none are joined. */
  readonly outcomeSilenceMillis: number | null;
  readonly eventDelayMillis: number;
  /** Violations of the schema per prediction. */
  readonly schemaViolations: number;
  /** Times the usual volume. */
  readonly volume: { readonly low: number; readonly high: number };
  /** How much worse predictions may be than in the reference, as a part of what they were there. */
  readonly performanceChange: number;
  /** Events without which a burning budget says nothing. */
  readonly sloEvents: number;
  /** None where outcomes are not joined. */
  readonly performance: readonly PerformanceLimit[];
}
