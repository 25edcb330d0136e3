// How well a version does as people look at it: plain data, as in `status-view.ts`. Types only.

export interface PerformanceView {
  readonly labels: LabelsView;
  /** The shortest first; none before a minute has closed. */
  readonly windows: readonly PerformanceWindowView[];
}

/** What is known of a version's labels since it was first seen. */
export interface LabelsView {
  /** Predictions with a label; those that have one as no outcome came are among them. */
  readonly labelled: number;
  readonly absent: number;
  /** Predictions whose outcome did not come in time. */
  readonly expired: number;
  /** Labels that say nothing of how well the model does. */
  readonly unusable: number;
  /** Predictions of the model, of all versions, that wait for their outcome. */
  readonly pending: number;
  /** Half of the outcomes came within this time: a bound of the histogram; null where it is beyond the last one, or none came. */
  readonly halfWithinSeconds: number | null;
}

export interface PerformanceWindowView {
  /** Its length, as in `1h`. */
  readonly window: string;
  readonly endMillis: number;
  /** The share of its predictions that have a label by now; null where it has no predictions. */
  readonly coverage: number | null;
  /** Labels that came in it, by weight; without as many as are needed there are no metrics. */
  readonly labels: number;
  readonly labelsNeeded: number;
  /** By outcomes that came in the window. */
  readonly metrics: readonly MetricView[];
  /** By the newest predictions that have labels. */
  readonly cohort: CohortView;
  /** Metrics of the window's predictions before their labels come. */
  readonly estimated: readonly EstimateView[];
}

export interface MetricView {
  /** As on /metrics. */
  readonly metric: string;
  /** Labels that tell it from others of the name, such as `threshold` and `horizon`; none of the metric of all. */
  readonly at: readonly MetricPlace[];
  readonly value: number;
  /** The interval of 95 %; null where none holds. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly samples: number;
  readonly reference: number | null;
}

export interface MetricPlace {
  readonly name: string;
  readonly value: string;
}

export interface EstimateView {
  readonly metric: string;
  readonly value: number;
  /** How far such estimates were from what labels showed later, at most; null where that is not known. */
  readonly gap: number | null;
}

export interface CohortView {
  /** `ripe`: there is one; `unripe`: none has enough labels; `short`: predictions are not kept by times as short as the window. */
  readonly state: "ripe" | "unripe" | "short";
  /** The share of predictions with a label from which on a window is judged. */
  readonly mature: number;
  readonly endMillis: number | null;
  readonly coverage: number | null;
  readonly metrics: readonly MetricView[];
}

/** In short: the metric that is looked at first. */
export interface HeadlineView {
  readonly metric: string;
  readonly value: number;
  readonly window: string;
  readonly samples: number;
}
