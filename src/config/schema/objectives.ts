// The shape of `slos`: what is promised of a model's predictions.
import { choice, duration, number, section, share, z } from "./terms.ts";

/** Metrics of performance that an objective may be over, each as in docs/performance-metrics.md. */
export const performanceMetrics = [
  "accuracy",
  "balanced_accuracy",
  "precision",
  "recall",
  "f1",
  "false_positive_rate",
  "specificity",
  "roc_auc",
  "pr_auc",
  "log_loss",
  "brier",
  "calibration_error",
  "calibration_error_squared_debiased",
  "calibration_in_the_large",
  "score_mean",
  "label_mean",
  "log_loss_clipped_ratio",
  "precision_macro",
  "recall_macro",
  "f1_macro",
  "precision_weighted",
  "recall_weighted",
  "f1_weighted",
  "top_2_accuracy",
  "top_3_accuracy",
  "top_5_accuracy",
  "roc_auc_macro",
  "ctr",
  "ndcg",
  "mrr",
  "hit_rate",
  "mae",
  "rmse",
  "mape",
  "mape_floored_ratio",
  "wape",
  "r2",
  "bias",
  "absolute_error_p50",
  "absolute_error_p90",
  "absolute_error_p99",
] as const;

/** What a single prediction is measured by, once it has its label. */
export const pairMeasures = ["error", "absolute_error", "absolute_percentage_error"] as const;

const wholeMinutes = duration.refine((millis) => millis > 0 && millis % 60_000 === 0, "whole minutes, above 0");

/** Of windows that lie side by side, or without `over` of single predictions. */
const quality = section({
  objective: share,
  metric: choice([...performanceMetrics, ...pairMeasures]),
  over: wholeMinutes.exactOptional(),
  below: number.exactOptional(),
  above: number.exactOptional(),
}).superRefine((value, context) => {
  const complain = (message: string): void => context.addIssue({ code: "custom", message });
  const ofPairs = (pairMeasures as readonly string[]).includes(value.metric);
  const limits = Number(value.below !== undefined) + Number(value.above !== undefined);
  if (ofPairs && value.over !== undefined) complain(`${value.metric} is of single predictions: without over`);
  if (!ofPairs && value.over === undefined) complain(`${value.metric} is of a window: over says how long it is, as in 1h`);
  if (value.metric === "error" ? limits > 0 : limits !== 1) {
    complain(value.metric === "error" ? "an error has no limit: neither below nor above" : "one limit: below or above");
  }
});

export const slos = z
  .object(
    {
      latency: section({ objective: share, below_ms: number.positive("milliseconds, above 0") }).optional(),
      availability: section({ objective: share }).optional(),
    },
    "names of objectives: latency, availability, or your own",
  )
  .catchall(quality);
