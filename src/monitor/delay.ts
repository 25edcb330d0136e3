// How long after its event time a prediction was written to the log: the delay that no consumer can make up for.

import type { Family } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { addDuration, type DurationHistogram, decodeDurations, durationSum, encodeDurations, zeroDurations } from "./duration.ts";
import type { TotalsMonitor } from "./monitor.ts";

/** From in time to a day late; a log's lateness (default 1 min) is a bound, so that what misses it can be read off. */
const boundsSeconds = [0.1, 1, 5, 15, 30, 60, 120, 300, 900, 3600, 21600, 86400] as const;
const none = zeroDurations(boundsSeconds);

const delaySeconds: Family = {
  name: "ml_event_delay_seconds",
  help: "Time from a prediction's event time to its record's timestamp; 0 where the event is later.",
  type: "histogram",
  labels: ["model", "version", "shard"],
};

export const delay: TotalsMonitor<DurationHistogram> = {
  name: "delay",
  families: [delaySeconds],
  series: () => boundsSeconds.length + 3,
  zero: () => zeroDurations(boundsSeconds),
  count(state, frame) {
    if (Number.isNaN(frame.recordMillis)) return;
    addDuration(state, boundsSeconds, Math.max(0, frame.recordMillis - frame.timeMillis));
  },
  encode: encodeDurations,
  decode: decodeDurations,
  writer({ model, version }) {
    const series = createSeries(delaySeconds, [model, version, "all"]);
    return {
      write(state, _settings, page, zero) {
        const shown = zero ? none : state;
        page.histogram(series, boundsSeconds, shown.counts, durationSum(shown));
      },
    };
  },
};
