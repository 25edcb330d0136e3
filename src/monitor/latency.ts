// How long the model took to answer, as its events say.

import type { Family } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { addDuration, type DurationHistogram, decodeDurations, durationSum, encodeDurations, zeroDurations } from "./duration.ts";
import type { TotalsMonitor } from "./monitor.ts";

/** From a cached look-up to a slow generation; finer around the tenth of a second where most objectives lie. */
const boundsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, 30] as const;
const none = zeroDurations(boundsSeconds);

const latencySeconds: Family = {
  name: "ml_prediction_latency_seconds",
  help: "Time that predictions took, by their latency_ms.",
  type: "histogram",
  labels: ["model", "version", "shard"],
};

export const latency: TotalsMonitor<DurationHistogram> = {
  name: "latency",
  families: [latencySeconds],
  series: () => boundsSeconds.length + 3,
  zero: () => zeroDurations(boundsSeconds),
  count(state, frame) {
    if (!Number.isNaN(frame.latencyMillis)) addDuration(state, boundsSeconds, frame.latencyMillis);
  },
  encode: encodeDurations,
  decode: decodeDurations,
  writer({ model, version }) {
    const series = createSeries(latencySeconds, [model, version, "all"]);
    return {
      write(state, _settings, page, zero) {
        const shown = zero ? none : state;
        page.histogram(series, boundsSeconds, shown.counts, durationSum(shown));
      },
    };
  },
};
