// One metric of performance, measured: what some time says of it, with its interval and sample size.
import type { Estimate } from "../stats/performance/estimate.ts";

export interface Measured extends Estimate {
  readonly metric: string;
}

/** What the metric is of, where there are several: a threshold of the score, a forecast's horizon, one class against all others; else "". */
export interface Performance extends Measured {
  readonly threshold: string;
  readonly horizon: string;
  readonly class: string;
}

/** A metric of performance, as on the page. */
export interface PerformanceRow {
  readonly feature: "";
  readonly metric: string;
  /** Whose time it goes by: of outcomes or of predictions. */
  readonly by: "outcome" | "prediction";
  readonly threshold?: string;
  readonly horizon?: string;
  readonly class?: string;
  readonly value: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly samples: number;
}
