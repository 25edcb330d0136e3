// How late the event loop runs what is due: the one number that says whether scrapes, heartbeats and the stream wait for
// each other.
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Collector, Family, Page } from "./sample.ts";
import { createSeries } from "./series.ts";

const lag: Family = {
  name: "ml_exporter_event_loop_lag_seconds",
  help: "99th percentile of how late the event loop ran a timer, over the last 30 to 60 seconds; 0 when idle.",
  type: "gauge",
  labels: [],
};
/** Node measures the time between two ticks of a timer of this interval: what exceeds it is lag. */
const tickMillis = 10;
/** Not the time since the last scrape: of two scrapers each has to see what happened between the other's scrapes. */
const intervalMillis = 30_000;
const nanosPerSecond = 1e9;

/** What is used of Node's histogram of delays, in nanoseconds. */
export interface DelayHistogram {
  readonly count: number;
  percentile(percent: number): number;
  enable(): unknown;
  reset(): void;
}

export class EventLoopLag implements Collector {
  readonly name = "event_loop";
  readonly families = [lag];
  readonly causeOf = (): string => "exporter";
  readonly #series = createSeries(lag, []);
  readonly #histogram: DelayHistogram;
  readonly #now: () => number;
  #beganMillis: number;
  #previousSeconds = Number.NaN;

  /** @param now a monotonic clock in milliseconds */
  constructor(now: () => number, histogram: DelayHistogram = monitorEventLoopDelay({ resolution: tickMillis })) {
    this.#now = now;
    this.#beganMillis = now();
    this.#histogram = histogram;
    histogram.enable();
  }

  collect(page: Page): Iterable<void> {
    const current = this.#currentSeconds();
    page.sample(this.#series, worse(current, this.#previousSeconds));
    if (this.#now() - this.#beganMillis >= intervalMillis) this.#beginInterval(current);
    return [];
  }

  #beginInterval(previousSeconds: number): void {
    this.#previousSeconds = previousSeconds;
    this.#beganMillis = this.#now();
    this.#histogram.reset();
  }

  /** NaN before the first tick. */
  #currentSeconds(): number {
    if (this.#histogram.count === 0) return Number.NaN;
    return Math.max(0, this.#histogram.percentile(99) / nanosPerSecond - tickMillis / 1000);
  }
}

function worse(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return Number.isNaN(other) ? one : Math.max(one, other);
}
