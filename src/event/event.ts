// A decoded and validated event: what every wire format is decoded to. Feature values stay as they came
// (their types are judged where the model's schema is known); everything else is checked.

export interface PredictionEvent {
  readonly type: "prediction";
  readonly model: string;
  readonly version: string;
  /** "" where the event carries none. */
  readonly id: string;
  readonly timeMillis: number;
  /** Own enumerable keys are feature names; null where the event has no features. */
  readonly features: Readonly<Record<string, unknown>> | null;
  /** Undefined: the event has no such field (for outputs, null counts as a null value). */
  readonly score: unknown;
  readonly scores: Readonly<Record<string, unknown>> | null;
  readonly prediction: unknown;
  /** NaN where absent. */
  readonly latencyMillis: number;
  readonly failed: boolean;
  readonly segment: Readonly<Record<string, unknown>> | null;
  /** 1 / sampling rate; 1 where absent. */
  readonly weight: number;
  /** What a forecast is for, such as the number of steps ahead; "" where the event does not say. */
  readonly horizon: string;
  /** Of an item of a list that was shown on request: which request; "" where it is none. */
  readonly group: string;
  /** Its place in the list, from 1; NaN where the event does not say. */
  readonly rank: number;
  /** What came of it, as rows of a reference say at once; in a stream an outcome does. */
  readonly label: unknown;
}

export interface OutcomeEvent {
  readonly type: "outcome";
  readonly model: string;
  /** Of the prediction, where the outcome says it; "" where it does not. */
  readonly version: string;
  readonly id: string;
  readonly timeMillis: number;
  readonly label: unknown;
  /** Money or any other quantity; NaN where absent. */
  readonly value: number;
  /** What `value` is counted in; "" where it is not said. */
  readonly unit: string;
  /** It says itself what was predicted, and needs no other event. */
  readonly carries: boolean;
  /** Undefined: it has no such field. */
  readonly score: unknown;
  readonly prediction: unknown;
  /** Of a prediction that it carries; 1 where absent. */
  readonly weight: number;
  readonly segment: Readonly<Record<string, unknown>> | null;
}

export const runStates = ["started", "succeeded", "failed"] as const;
export type RunState = (typeof runStates)[number];

export interface RunEvent {
  readonly type: "run";
  readonly model: string;
  readonly version: string;
  readonly runId: string;
  readonly state: RunState;
  readonly timeMillis: number;
  /** NaN where absent. */
  readonly rows: number;
}

export type Event = PredictionEvent | OutcomeEvent | RunEvent;

/** The version of an event that names none. */
export const unversioned = "unversioned";

/** Where models, versions and segments are counted that a limit turned away. */
export const otherName = "__other__";
