// The exporter as people look at it: plain data for the pages and for their JSON. Types only;
// those of one model with its features are in `model-view.ts`.
//
// Times are milliseconds since the epoch; a number that is not known is null, never NaN. Whatever has a name from outside
// is an item of an array, never a key: a model may be called `__proto__`.
import type { HeadlineView } from "./performance-view.ts";

/** Everything but the models' features: the overview. */
export interface StatusView {
  /** When this view was made. */
  readonly nowMillis: number;
  readonly exporter: ExporterView;
  readonly configuration: ConfigurationView;
  readonly frontier: FrontierView;
  readonly topics: readonly TopicView[];
  readonly logs: readonly LogView[];
  readonly rejections: readonly RejectionView[];
  readonly limits: readonly LimitView[];
  /** By name. */
  readonly models: readonly ModelSummary[];
}

export interface ExporterView {
  readonly version: string;
  readonly startedMillis: number;
  readonly ready: boolean;
  /** What keeps it from being ready, in words. */
  readonly waitingFor: readonly string[];
  readonly source: SourceView;
  readonly snapshot: SnapshotView;
}

export interface SourceView {
  /** Whether the last exchange with the system behind the source succeeded. */
  readonly up: boolean;
  /** In words. */
  readonly problems: readonly string[];
  /** Times that a stuck log was no longer waited for. */
  readonly leftBehind: number;
}

export interface SnapshotView {
  readonly savedMillis: number;
  /** How often the state is to be saved. */
  readonly everyMillis: number;
  /** Saves that failed. */
  readonly errors: number;
}

export interface ConfigurationView extends ConfigurationFile {
  /** The minute of event time with which what was loaded takes effect; null where it has. */
  readonly takesEffectMillis: number | null;
}

/** What is known of the configuration where it is loaded. */
export interface ConfigurationFile {
  /** Null where the exporter runs without a file. */
  readonly path: string | null;
  /** When what is in effect was loaded. */
  readonly loadedMillis: number;
  /** Why the last reload failed, so that the configuration before it stays; null where it did not. */
  readonly error: string | null;
  /** When it failed. */
  readonly failedMillis: number | null;
}

export interface FrontierView {
  /** End of the last minute of event time that is closed; null before the first. */
  readonly endMillis: number | null;
  /** Minutes that are not closed. */
  readonly openPanes: number;
}

export interface TopicView {
  readonly topic: string;
  readonly events: number;
  /** Events that came after their minute was closed, by who closed it. */
  readonly late: readonly NamedCount[];
  /** Records that were deleted, lost or unreadable before they were read. */
  readonly gapRecords: number;
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** One partition of a topic. */
export interface LogView {
  readonly topic: string;
  readonly partition: number;
  /** Records not read yet; null for a log that is not read here. */
  readonly unreadRecords: number | null;
  /** Waits for slower logs. */
  readonly paused: boolean;
  /** The frontier waits for it. */
  readonly holdsFrontier: boolean;
  /** The frontier does not wait for it: it is idle, left behind or new. */
  readonly notWaitedFor: boolean;
  /** The latest event time. */
  readonly latestMillis: number | null;
}

export interface RejectionView {
  readonly topic: string;
  readonly reason: string;
  readonly count: number;
  /** The latest one since the process started; null where there was none since. */
  readonly example: RejectionPlace | null;
}

export interface RejectionPlace {
  readonly partition: number;
  readonly offset: number;
  readonly detail: string;
}

export interface LimitView {
  readonly limit: string;
  /** Null for a limit that holds in many places at once, each with a use of its own. */
  readonly used: number | null;
  readonly allowed: number | null;
  /** What it turned away; null where that is not counted. */
  readonly turnedAway: number | null;
}

export interface ModelSummary {
  readonly name: string;
  readonly versions: readonly VersionSummary[];
}

export interface VersionSummary {
  readonly version: string;
  /** Since it was first seen, failed ones included. */
  readonly predictions: number;
  readonly errors: number;
  readonly firstMillis: number | null;
  readonly lastMillis: number | null;
  /** The newest window of the shortest length; null before a minute has closed. */
  readonly window: WindowTraffic | null;
  readonly quality: QualityView;
  /** Null while nothing is compared with a reference. */
  readonly drifting: DriftingView | null;
  /** How well it does, in one number; null where that is not known. */
  readonly headline: HeadlineView | null;
}

/** A version's drift alarm, in short: it is on where anything is raised. */
export interface DriftingView {
  /** Features and outputs of which a signal is raised. */
  readonly alarming: number;
  /** Features and outputs that are compared with a reference. */
  readonly compared: number;
  /** Those that were raised first, at most a few. */
  readonly worst: readonly DriftingFeature[];
}

export interface DriftingFeature {
  readonly feature: string;
  /** The one that was raised first, as in `24h`; "" of a sequential detector. */
  readonly window: string;
}

export interface WindowTraffic {
  /** Its length, as in `1h`. */
  readonly window: string;
  readonly endMillis: number;
  /** It ended so long ago that its numbers are withheld: here and on /metrics. */
  readonly stale: boolean;
  readonly predictions: number | null;
  readonly errors: number | null;
  /** Over the part of the window since the version's first event. */
  readonly perSecond: number | null;
}

/** Values of the newest window that are not as they should be. */
export interface QualityView {
  /** Features and outputs with such values. */
  readonly features: number;
  /** Those with the greatest share, at most a few. */
  readonly worst: readonly QualityProblem[];
}

export interface QualityProblem {
  readonly feature: string;
  /** missing, null, nan, infinite, wrong_type, out_of_range or unseen. */
  readonly state: string;
  readonly count: number;
  /** Of the values expected. */
  readonly share: number;
}
