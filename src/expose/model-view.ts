// One model as people look at it, with what is known of its features: plain data, as in `status-view.ts`. Types only.
import type { AlarmView } from "./alarm-view.ts";
import type { VersionFacts } from "./model-facts-view.ts";
import type { PerformanceView } from "./performance-view.ts";
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
  /** What its windows are compared with; null while nothing is known. */
  readonly reference: ReferenceView | null;
  /** Its drift alarm; null where nothing is tested. */
  readonly alarm: AlarmView | null;
  /** How well it does; null where its outcomes are not joined. */
  readonly performance: PerformanceView | null;
  /** Why the mean of its score or prediction is another than in the reference; empty where nothing is known of it. */
  readonly causes: readonly ChangeView[];
  /** Outputs, then features, each by name. */
  readonly features: readonly FeatureView[];
}

export interface NoticeView {
  readonly timeMillis: number;
  readonly text: string;
}

/** What is normal for a version. */
export interface ReferenceView {
  /** `learned`: from the stream; else from a file. */
  readonly kind: "learned" | "file" | "kafka" | "accepted";
  /** Null while parts of it are still learned. */
  readonly hash: string | null;
  /** The period of event time that it is of; null where it is not known. */
  readonly fromMillis: number | null;
  readonly toMillis: number | null;
  /** Predictions that it is made of. */
  readonly rows: number | null;
  /** Features that have one, and that are still learned. */
  readonly known: number;
  readonly learning: number;
}

/** How the mean of an output changed in a window, and which features explain it. */
export interface ChangeView {
  /** `$score` or `$prediction`. */
  readonly metric: string;
  readonly window: string;
  readonly referenceMean: number;
  readonly windowMean: number;
  /** The first hour (of a longer window: day) of the window that differed; null where none did by itself. */
  readonly sinceMillis: number | null;
  /** The most important first. */
  readonly features: readonly CauseView[];
}

export interface CauseView {
  readonly feature: string;
  /** What of the change comes from other shares of the feature's values, in the metric's unit. */
  readonly mix: number;
  /** The bin that most of it comes from, and its part. */
  readonly bin: BinView | null;
  readonly binMix: number;
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
  /** Against the reference; null where there is none. */
  readonly drift: DriftView | null;
}

export interface DriftView {
  /** What the scores are of: a longer window, where the one shown has too few values. */
  readonly window: string;
  /** Values; of weighted events the effective number. */
  readonly samples: number;
  /** Without as many there are no scores. */
  readonly samplesNeeded: number;
  /** Compared with the same hours of the day. */
  readonly matched: boolean;
  /** Names as on /metrics; those without a number are left out. */
  readonly scores: readonly NamedNumber[];
  readonly pValues: readonly NamedNumber[];
  readonly states: readonly StateDriftView[];
  /** Drift up to this PSI does not matter. */
  readonly minEffect: number;
  /** A p-value below this alarms. */
  readonly alpha: number;
  /** Null where p-values are to be trusted. */
  readonly uncalibrated: UncalibratedView | null;
}

export interface NamedNumber {
  readonly name: string;
  readonly value: number;
}

/** How often values are in a state. */
export interface StateDriftView {
  readonly state: string;
  readonly share: number;
  readonly referenceShare: number;
  /** How much more often would not matter. */
  readonly tolerance: number;
  readonly pValue: number | null;
  /** A p-value below this alarms. */
  readonly alpha: number;
}

export interface UncalibratedView {
  /**
   * `partial`: much of the window has no events; `off`: by configuration events count as independent; `few_panes`: too few hours or days to know how much windows differ;
   * `one_group`: nearly all values are in one bin; `no_variation`: hours or days do not differ at all; `alpha`: not as far out as an alarm asks.
   */
  readonly reason: "off" | "partial" | "few_panes" | "one_group" | "no_variation" | "alpha";
  /** Event time until it will be known; null where it will not. */
  readonly remainingMillis: number | null;
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
  /** The share of values that the reference has in it; null where there is none. */
  readonly reference: number | null;
}
