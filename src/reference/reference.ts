// A reference: the frozen description of what is normal for a model, that its windows are compared with. Types only.
// In memory its counts have the same form as those of a window, so that both are read in the same way.
import type { PerformancePane } from "../performance/pane.ts";
import type { BinCounts } from "../primitive/bin-counts.ts";
import type { NumericBins } from "../primitive/bins.ts";
import type { Categories } from "../primitive/categories.ts";
import type { CategoryCounts } from "../primitive/category-counts.ts";
import type { TargetSum } from "../primitive/target.ts";

/** What is known of a feature's values over some time. */
export interface Distribution {
  /** Values by `kind` (see `event/value.ts`); `absent` are events without the feature. */
  readonly kinds: Float64Array;
  /** Of a numeric feature; null where there were no values. */
  readonly numbers: BinCounts | null;
  /** Of a categorical feature; null where there were no values. */
  readonly texts: CategoryCounts | null;
  /** Targets (scores or predictions) of all events, with a value of the feature or without. */
  readonly targets: TargetSum;
}

/** Counts of one hour or day of the reference, from which is learned how much they differ from each other. */
export interface BasePane {
  readonly startMillis: number;
  /** As of a distribution. */
  readonly kinds: Float64Array;
  /** By bin; for a category also `other` and `unseen`, as in `CategoryCounts.counts`. */
  readonly counts: Float64Array;
}

/** One feature or output. */
export interface FeatureReference {
  readonly name: string;
  readonly type: "numeric" | "categorical";
  /** Numbers count as texts, as of a prediction that names a class. */
  readonly numbersAsTexts: boolean;
  /** Of a numeric feature, else null. */
  readonly bins: NumericBins | null;
  /** Of a categorical feature, else null. */
  readonly categories: Categories | null;
  /** The whole period. */
  readonly all: Distribution;
  /** Counts by bin by hour of the day (UTC, 24 arrays); null where the period is shorter than three days. */
  readonly byHour: readonly Float64Array[] | null;
  /** In ascending order of their starts, without those that had no event of the model. */
  readonly hours: readonly BasePane[];
  readonly days: readonly BasePane[];
  /** How many earlier hours and days there were that are in `all` and `byHour`, but not listed. */
  readonly leftOut: { readonly hours: number; readonly days: number };
  /** By segment, as in `channel=web`. */
  readonly segments: ReadonlyMap<string, Distribution>;
  /** How many hours and days there are by now, of a reference that goes on learning them; to list them takes longer. */
  readonly growing?: { readonly hourCount: number; readonly dayCount: number };
}

/** Where a reference comes from. */
export interface Provenance {
  readonly kind: "file" | "kafka" | "learned" | "accepted";
  /** Names of files, or of topics. */
  readonly source: readonly string[];
  /** The period of event time, [from, to); NaN where rows had no times. */
  readonly fromMillis: number;
  readonly toMillis: number;
  /** Predictions that it is made of. */
  readonly rows: number;
  /** When it was made, and by which version of this program. */
  readonly madeMillis: number;
  readonly madeBy: string;
  /** What it came in the place of, the latest last. */
  readonly history: readonly Replacement[];
}

/** A reference that another one came in the place of. */
export interface Replacement {
  readonly hash: string;
  readonly replacedMillis: number;
  readonly reason: string;
}

export interface Reference {
  readonly model: string;
  /** The version that it is of; null where it serves all. */
  readonly version: string | null;
  /** SHA-256, in hexadecimal, of everything but the provenance: two references of one hash give the same scores. */
  readonly hash: string;
  readonly provenance: Provenance;
  /** By name. */
  readonly features: ReadonlyMap<string, FeatureReference>;
  /** How well the model did; null where its rows had no labels. */
  readonly performance: PerformancePane | null;
}
