// Traffic: how many predictions, how many of them failed, and when the first and the last were made.

import type { Family } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { TotalsMonitor } from "./monitor.ts";

const predictions: Family = {
  name: "ml_predictions_total",
  help: "Predictions, failed ones included.",
  type: "counter",
  labels: ["model", "version", "shard"],
};
const errors: Family = {
  name: "ml_prediction_errors_total",
  help: "Predictions with status error.",
  type: "counter",
  labels: ["model", "version", "shard"],
};
const first: Family = {
  name: "ml_first_prediction_timestamp_seconds",
  help: "Earliest event time of a prediction.",
  type: "gauge",
  labels: ["model", "version"],
};
const last: Family = {
  name: "ml_last_prediction_timestamp_seconds",
  help: "Latest event time of a prediction.",
  type: "gauge",
  labels: ["model", "version"],
};

export interface Traffic {
  predictions: number;
  errors: number;
  firstMillis: number;
  lastMillis: number;
}

export const traffic: TotalsMonitor<Traffic> = {
  name: "traffic",
  families: [predictions, errors, first, last],
  series: () => 4,
  zero: () => ({ predictions: 0, errors: 0, firstMillis: Number.POSITIVE_INFINITY, lastMillis: Number.NEGATIVE_INFINITY }),
  count(state, frame) {
    state.predictions += 1;
    if (frame.failed) state.errors += 1;
    state.firstMillis = Math.min(state.firstMillis, frame.timeMillis);
    state.lastMillis = Math.max(state.lastMillis, frame.timeMillis);
  },
  encode(state, writer) {
    writer.unsigned(state.predictions);
    writer.unsigned(state.errors);
    writer.float(state.firstMillis);
    writer.float(state.lastMillis);
  },
  decode: (reader) => ({
    predictions: reader.unsigned(),
    errors: reader.unsigned(),
    firstMillis: reader.float(),
    lastMillis: reader.float(),
  }),
  writer({ model, version }) {
    const predictionsSeries = createSeries(predictions, [model, version, "all"]);
    const errorsSeries = createSeries(errors, [model, version, "all"]);
    const firstSeries = createSeries(first, [model, version]);
    const lastSeries = createSeries(last, [model, version]);
    return {
      write(state, _settings, page, zero) {
        page.sample(predictionsSeries, zero ? 0 : state.predictions);
        page.sample(errorsSeries, zero ? 0 : state.errors);
        if (state.predictions === 0) return;
        page.sample(firstSeries, state.firstMillis / 1000);
        page.sample(lastSeries, state.lastMillis / 1000);
      },
    };
  },
};
