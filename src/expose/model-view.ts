// One model as people look at it, with what is known of its features: plain data, as in `status-view.ts`. Types only.
import type { VersionFacts } from "./model-facts-view.ts";
import type { NamedCount, VersionSummary } from "./status-view.ts";

/** One model with everything that is known of its features. */
export interface ModelView {
  readonly nowMillis: number;
  readonly name: string;
  /** The one with the most predictions in its newest window first. */
  readonly versions: readonly VersionView[];
}

export interface VersionView extends VersionSummary {
  /** Since it was first seen; absent where nothing but its traffic is known. */
  readonly facts?: VersionFacts;
  /** What happened to it, oldest first: the latest only. */
  readonly notices: readonly NoticeView[];
  /** Outputs, then features, each by name. */
  readonly features: readonly FeatureView[];
}

export interface NoticeView {
  readonly timeMillis: number;
  readonly text: string;
}

export interface FeatureView {
  readonly name: string;
  /** Outputs are what the model says: `$score`, `$prediction`. */
  readonly output: boolean;
  /** undecided: too few values so far to tell. */
  readonly type: "numeric" | "categorical" | "undecided";
  /** Its bins are not frozen yet: those shown are of the window itself. */
  readonly learning: boolean;
  /** The shortest first; none where it is stale, or while the type is undecided. */
  readonly windows: readonly FeatureWindow[];
}

export interface FeatureWindow {
  /** Its length, as in `1h`. */
  readonly window: string;
  readonly endMillis: number;
  /** Values that the distribution is made of. */
  readonly samples: number;
  /** Values expected by state, `ok` among them. */
  readonly states: readonly NamedCount[];
  readonly mean: number | null;
  /** Of the population. */
  readonly standardDeviation: number | null;
  readonly quantiles: readonly QuantileView[];
  /** Different categories, estimated. */
  readonly distinct: number | null;
  readonly bins: readonly BinView[];
}

export interface QuantileView {
  readonly q: number;
  readonly value: number;
}

/** (lower, upper] of numbers, or a category. */
export interface BinView {
  /** As on /metrics: the upper bound, or the category. */
  readonly name: string;
  /** Null for a category and where the bin is open. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly count: number;
}
