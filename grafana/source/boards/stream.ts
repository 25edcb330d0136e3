// Whether predictions of a model come: as many as usual, at all, and in time. On two boards.
import { beginnings } from "../beginnings.ts";
import { threshold, thresholdOfModel } from "../promql.ts";
import type { Panel } from "../spec.ts";
import { noTraffic, ofModel } from "./of-model.ts";

const { lines } = beginnings(noTraffic);

export const stream: readonly Panel[] = [
  {
    ...lines(
      "Predictions in an hour",
      "Beside the median of the same hour of earlier weeks, and what is too few and too many of it.",
    ),
    queries: [
      { expr: 'model:ml_predictions:increase1h{model="$model"}', name: "last hour" },
      { expr: 'model:ml_predictions_usual:increase1h{model="$model"}', name: "usual" },
      {
        expr: `model:ml_predictions_usual:increase1h{model="$model"} * on (model) ${thresholdOfModel("volume_low_ratio")}`,
        name: "too few",
        limitOf: "ModelVolumeLow",
      },
      {
        expr: `model:ml_predictions_usual:increase1h{model="$model"} * on (model) ${thresholdOfModel("volume_high_ratio")}`,
        name: "too many",
        limitOf: "ModelVolumeHigh",
      },
    ],
    noData: "The exporter has known the model for less than 70 minutes; what is usual takes two weeks to know.",
  },
  {
    ...lines("Silence", "Time since the newest prediction of any version, and how long may pass before somebody is called."),
    unit: "s",
    queries: [
      { expr: 'model:ml_prediction_silence:seconds{model="$model"}', name: "silent for" },
      { expr: thresholdOfModel("prediction_silence_seconds"), name: "too long", limitOf: "ModelPredictionsStopped" },
    ],
  },
  {
    ...lines(
      "Delay of events",
      "99th percentile of the time from a prediction to its record in Kafka. What is later than a minute may be in no window.",
    ),
    unit: "s",
    queries: [
      { expr: `model_version:ml_event_delay_seconds:p99_1h{${ofModel}}`, name: "version {{version}}" },
      { expr: threshold("event_delay_seconds", ofModel), name: "too late, version {{version}}", limitOf: "ModelEventDelayHigh" },
    ],
  },
];
