// A version's drift alarm as people look at it: plain data, as in `status-view.ts`. Types only.
import type { BinView } from "./model-view.ts";

export interface AlarmView {
  readonly on: boolean;
  /** How often it began since the version was first seen. */
  readonly count: number;
  /** What is raised now, in the order in which it was. */
  readonly signals: readonly AlarmSignalView[];
  /** Signals that were raised or ended, oldest first: the latest only. */
  readonly changes: readonly AlarmChangeView[];
}

export interface AlarmChangeView {
  readonly timeMillis: number;
  readonly raised: boolean;
  /** Whether the alarm began or ended with it. */
  readonly alarm: boolean;
  readonly signal: AlarmSignalView;
}

/** One thing that is tested, and why it was raised. */
export interface AlarmSignalView {
  /** "" is all traffic. */
  readonly segment: string;
  readonly feature: string;
  /** As in `1h`; null of a sequential detector. */
  readonly window: string | null;
  /** `min_effect`: the distribution of values; else the state whose rate it is, or the detector. */
  readonly test: string;
  readonly sinceMillis: number;
  /** The p-value, of a sequential detector the common logarithm of its evidence; and what it was compared with. */
  readonly value: number;
  readonly limit: number;
  readonly samples: number;
  /** PSI; of a state the difference of its rates. */
  readonly effect: number | null;
  /** Of a state its rate in the reference and in the window, of a number its mean; else null. */
  readonly before: number | null;
  readonly after: number | null;
  /** The bin whose share changed most, with its shares; null where there is none. */
  readonly bin: ChangedBinView | null;
}

export interface ChangedBinView {
  readonly bin: BinView;
  readonly before: number;
  readonly after: number;
}
