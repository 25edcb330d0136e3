// What is known of a version since it was first seen, beside its traffic: plain data, as in `model-view.ts`. Types only.
//
// Only what there is: a model without batch runs has no `batch`.
import type { NamedCount } from "./status-view.ts";

export interface VersionFacts {
  readonly latency?: LatencyFacts;
  /** In the order of the configuration. */
  readonly objectives?: readonly ObjectiveFacts[];
  readonly batch?: BatchFacts;
  /** Those that name the version, and those of the model that name none. */
  readonly outcomes?: readonly OutcomeFacts[];
  readonly schema?: SchemaFacts;
}

export interface LatencyFacts {
  /** Predictions that said how long they took. */
  readonly predictions: number;
  readonly meanSeconds: number;
  /** Half of them took no longer: a bound of the histogram; null where it is beyond the last one. */
  readonly halfWithinSeconds: number | null;
}

export interface ObjectiveFacts {
  readonly name: string;
  /** The share of good predictions that is promised. */
  readonly promised: number;
  /** A prediction that takes longer is bad; null: one that fails is. */
  readonly belowMillis: number | null;
  /** Predictions that it is about. */
  readonly predictions: number;
  readonly bad: number;
  /** Null before the first prediction. */
  readonly kept: boolean | null;
}

export interface BatchFacts {
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
  /** When the latest successful run ended. */
  readonly lastSuccessMillis: number | null;
  /** Its rows. */
  readonly rows: number | null;
  /** What is expected; null where nobody said. */
  readonly everyMillis: number | null;
  readonly graceMillis: number | null;
  readonly leastRows: number | null;
  /** How long ago period and grace after the last success were over; 0 where they are not, null where that is not known. */
  readonly overdueMillis: number | null;
}

export interface OutcomeFacts {
  /** The one that they name; "" for none. */
  readonly version: string;
  readonly count: number;
  readonly lastMillis: number | null;
  /** By unit. */
  readonly values: readonly ValueFacts[];
}

/** Sums of the values of outcomes. */
export interface ValueFacts {
  readonly unit: string;
  readonly gained: number;
  /** Of negative values (refunds, chargebacks), as a positive number. */
  readonly returned: number;
}

export interface SchemaFacts {
  /** Values in closed panes that are not as the configuration says: the reasons that occurred. */
  readonly violations: readonly NamedCount[];
  /** Features that appeared, vanished or changed their type: what occurred. */
  readonly changes: readonly NamedCount[];
}
