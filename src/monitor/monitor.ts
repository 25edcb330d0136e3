// The contract of a monitor: one aspect of a model's predictions. A monitor says how an event updates its state, how
// states add up and which samples follow. It owns no time and no window: who holds its states does.
import type { RunEvent } from "../event/event.ts";
import type { Frame } from "../event/frame.ts";
import type { Schema } from "../event/schema.ts";
import type { Family, Page } from "../expose/sample.ts";
import type { Labelled, PerformanceSettings } from "../performance/labelled-pair.ts";
import type { PerformanceRow } from "../performance/measured.ts";
import type { Reader, Writer } from "../primitive/bytes.ts";
import type { Reference } from "../reference/reference.ts";
import type { DriftTest, Method } from "../stats/scores.ts";
import type { Monoid } from "../window/monoid.ts";
import type { AlertSettings } from "./alert-settings.ts";
import type { AlarmChange } from "./drift-alarm.ts";

/** Whose samples: the first label values of every series. */
export interface Subject {
  readonly model: string;
  readonly version: string;
}

/**
 * Whether a unit of series (a monitor's, a feature's) may be on the page: `hidden` where a limit turns it away or its
 * counters are not known yet, `zero` where it is new, so that its counters have to begin at 0 for no increase to be lost.
 */
export type Gate = (unit: string, series: number) => "hidden" | "zero" | "shown";

/** Writes the samples of one subject. */
export interface TotalsWriter<State> {
  /** @param zero whether counters say 0 */
  write(state: State, settings: ModelSettings, page: Page, zero: boolean): void;
}

/** Counts since a model version was first seen: updated as events arrive, in any order. */
export interface TotalsMonitor<State> {
  readonly name: string;
  readonly families: readonly Family[];
  /** How many series a writer writes; none where the model has nothing of the kind. */
  series(state: State, settings: ModelSettings): number;
  zero(): State;
  /** Takes a prediction. */
  count?(state: State, frame: Frame, settings: ModelSettings): void;
  /** Takes what became of a batch run. */
  run?(state: State, event: RunEvent): void;
  encode(state: State, writer: Writer): void;
  decode(reader: Reader): State;
  /** Makes the series of one subject, once. */
  writer(subject: Subject): TotalsWriter<State>;
}

export interface FeatureSettings {
  readonly type?: "numeric" | "categorical" | undefined;
  readonly range?: readonly [low: number, high: number] | undefined;
  /** Fixes the bins: (a, b]. */
  readonly edges?: readonly number[] | undefined;
  /** Fixes the dictionary. */
  readonly categories?: readonly string[] | undefined;
  /** Known categories that are counted together. */
  readonly otherCategories?: readonly string[] | undefined;
  /** Whether counts by bin are exported. */
  readonly observations?: boolean | undefined;
  /** Whether every prediction has to have it. */
  readonly required?: boolean | undefined;
  /** Its share of the false alarms that are accepted, relative to the mean of those that are given; as that mean where it is not. */
  readonly importance?: number | undefined;
}

/** A share of predictions that has to be good. */
export interface ObjectiveSettings {
  readonly name: string;
  /** The share of good predictions that is promised, in (0, 1). */
  readonly objective: number;
  /** A prediction that takes longer is bad; null: one that fails is. */
  readonly belowMillis: number | null;
}

/** When batch runs are expected. */
export interface BatchSettings {
  readonly everyMillis: number;
  readonly graceMillis: number;
  /** A successful run has at least so many rows. */
  readonly minRows: number | null;
}

/** How windows are compared with the reference. */
export interface DriftSettings {
  /** Drift that does not matter, as PSI. */
  readonly minEffect: number;
  /** False alarms that a version may raise, all signals together, in so much time. */
  readonly falseAlarms: { readonly count: number; readonly millis: number };
  /** The windows that each feature is compared in, with the names that labels give them. */
  readonly windows: readonly { readonly millis: number; readonly name: string }[];
  /** Values without which a window has no scores, and how many a degree of freedom. */
  readonly minSamples: number;
  readonly minSamplesPerDegree: number;
  /** Whether windows are expected to differ as the reference's hours and days do; else events count as independent. */
  readonly dispersion: boolean;
  /** Which scores and whose p-values are exported. */
  readonly methods: readonly Method[];
  readonly tests: readonly DriftTest[];
  /** By state: how much more often than in the reference values may be so. */
  readonly tolerance: { readonly missing: number; readonly null: number; readonly wrong_type: number; readonly unseen: number };
}

/** What a model's panes and series need to know from the configuration. */
export interface ModelSettings {
  /** What kind of model it is, whose, and how much it matters; "" where nobody said. */
  readonly task: string;
  readonly team: string;
  readonly tier: string;
  readonly features: ReadonlyMap<string, FeatureSettings>;
  readonly learnMillis: number;
  /** Distinct texts that a pane of one feature remembers. */
  readonly textLimit: number;
  /** Features whose counts by bin are exported beside the outputs'. */
  readonly observations: "outputs" | "all";
  readonly objectives: readonly ObjectiveSettings[];
  readonly batch: BatchSettings | null;
  readonly alerts: AlertSettings;
  readonly drift: DriftSettings;
  /** Null: its outcomes are not joined. */
  readonly performance: PerformanceSettings | null;
  /** What is normal, where it is configured; null where it is learned. */
  readonly reference: Reference | null;
  /** What was learned before, where the state that had it is gone; null else. */
  readonly learned: Reference | null;
  /** By version: references of their own, with the bins of the model's. */
  readonly versionReferences: ReadonlyMap<string, Reference>;
}

/** What part of an event a pane takes: everything, or the outputs only (segments that nobody asked for). */
export type Scope = "all" | "outputs";

/**
 * An aspect that is kept by panes. `Memory` is what a model knows for all of its versions (types, bins), `Totals` the
 * sums over a version's closed panes since it was first seen, `Open` what a pane collects while events may still come
 * (so it may depend on no order), `Closed` what remains of it.
 */
export interface PaneMonitor<Memory, Totals, Open, Closed> {
  readonly name: string;
  /** The first format of snapshots that has it. */
  readonly since: number;
  readonly families: readonly Family[];
  createMemory(settings: ModelSettings): Memory;
  /**
   * Goes on under settings of the same fingerprint: what is shown may differ, and the reference.
   * @returns whether panes have to be converted
   */
  adaptMemory(memory: Memory, settings: ModelSettings): boolean;
  /** In parts, so that others can have a turn between them. */
  encodeMemory(memory: Memory, writer: Writer): Iterable<void>;
  /** As it was written; `adaptMemory` brings it under the settings that hold now. */
  decodeMemory(reader: Reader, settings: ModelSettings): Memory;

  createTotals(settings: ModelSettings): Totals;
  encodeTotals(totals: Totals, writer: Writer): void;
  /** Opens the slots that the totals know of, so that limits are used as they were. */
  decodeTotals(reader: Reader, schema: Schema): Totals;

  /** Whether it wants to see predictions: else there are no panes but of labels. */
  observes(settings: ModelSettings): boolean;
  /** @param settings that hold for the pane: memory may have those of panes before, while others are to take effect */
  open(settings: ModelSettings): Open;
  /** Takes a prediction when it comes; not one that waits (`frame.waits`), where `note` takes it. */
  observe(open: Open, frame: Frame, memory: Memory, schema: Schema, scope: Scope): void;
  /** Takes a prediction that waits, when its minute closes; as `label`, by segments that are together. */
  note?(open: Open, prediction: Labelled): void;
  /** Takes a prediction with its label, into the pane of the minute in which they met; none where it has no use for them. */
  label?(open: Open, pair: Labelled, memory: Memory): void;
  /** Adds what another pane took of labels: those of predictions in the same segments are taken once, then added to each. */
  addLabels?(into: Open, labelled: Open): void;
  encodeOpen(open: Open, writer: Writer, memory: Memory, schema: Schema): void;
  decodeOpen(reader: Reader, memory: Memory, schema: Schema): Open;

  /** Learns from all versions' panes of one start before they are closed. @returns null: nothing that panes have to follow */
  settle(memory: Memory, panes: readonly Open[], schema: Schema): Lesson<Closed> | null;
  /**
   * Closes a pane, in parts, so that others can have a turn between them. `totals` are the version's; a pane of all traffic
   * adds to them (at once: whoever reads them finds all of the pane or nothing), a segment's does not.
   */
  close(open: Open, memory: Memory, totals: Totals, schema: Schema, pane: PaneOf): Generator<void, Closed>;
  /** Learns from all versions' and segments' closed panes of one start, in parts. @returns as `settle` */
  learn(
    memory: Memory,
    panes: readonly SegmentPane<Closed>[],
    startMillis: number,
    endMillis: number,
  ): Generator<void, Lesson<Closed> | null>;
  /** Looks, for alarms, at what a segment's closed pane completes, in parts. Panes are looked at in the order of their ends. */
  look(looked: Looked<Closed>, memory: Memory, totals: Totals, tell: (change: AlarmChange) => void): Iterable<void>;
  /** Brings panes that were made before the memory knew better into the form that it asks for now. */
  convertOpen(open: Open, memory: Memory, schema: Schema): void;
  /** In parts. */
  convertClosed(closed: Closed, memory: Memory): Iterable<void>;
  /** All panes are. */
  converted(memory: Memory): void;
  monoid(memory: Memory): Monoid<Closed>;

  /** What a person should hear of, oldest first; only the latest are remembered. */
  notices(totals: Totals): readonly Notice[];
  /** Values that a limit turned away from a model's closed panes, by limit. */
  turnedAway(memory: Memory): ReadonlyMap<string, number>;

  /** Computes what samples and rows of a window need, a little at a time, so that whoever asks for them finds it done. */
  prepare(window: WindowOf<Closed, Totals>, memory: Memory): Iterable<void>;
  /** What a window says, for reports: the same values as on the page, and the states of values. */
  rows(window: WindowOf<Closed, Totals>, memory: Memory): Iterable<Row>;

  /** Makes the series of one subject's totals, once. */
  totalsWriter(subject: Subject): PaneTotalsWriter<Memory, Totals>;
  /** Makes the series of one window of one subject, once. */
  windowWriter(subject: Subject, segment: string, window: string): WindowWriter<Memory, Totals, Closed>;
}

/**
 * What panes have taught, and what asks for another form of them. Nothing of it holds until all closed panes can have that form:
 * to bring them into it takes a while, in which others see all as it was.
 */
export interface Lesson<Closed> {
  /** Brings a closed pane into the form that this asks for, in parts. */
  convert(closed: Closed): Iterable<void>;
  /** From now on it holds. */
  adopt(): void;
}

/** A closed pane of a segment; "" is all traffic. */
export interface SegmentPane<Closed> {
  readonly segment: string;
  readonly closed: Closed;
}

/** A window of a version and segment: the sum of its panes, and those of longer windows that end with it. */
export interface WindowOf<Closed, Totals = unknown> {
  readonly version: string;
  readonly segment: string;
  readonly windowMillis: number;
  readonly endMillis: number;
  readonly closed: Closed;
  /** Of its version. */
  readonly totals: Totals;
  /** How many of the panes that it is the sum of have something; NaN where that is not known. */
  readonly filledPanes: number;
  /** Longer ones, the shortest first, for what has too few values in this one. */
  longer(): Iterable<{ readonly windowMillis: number; readonly closed: Closed; readonly filledPanes: number }>;
  /** The hours that it consists of (of a longer window the days), in order; none where hours are not kept. */
  panes(): Iterable<{ readonly startMillis: number; readonly paneMillis: number; readonly closed: Closed }>;
}

/** A closed pane that others have joined before, and the windows that it may complete. */
export interface Looked<Closed> {
  readonly version: string;
  readonly segment: string;
  readonly closed: Closed;
  /** Its end. */
  readonly endMillis: number;
  /** The newest window of a length that has ended by then, in parts. */
  window(windowMillis: number): Generator<void, WindowOf<Closed>>;
  /** The panes of a width that start in [from, to), in order; none where they are not kept. */
  panes(paneMillis: number, fromMillis: number, toMillis: number): Iterable<readonly [startMillis: number, closed: Closed]>;
}

/** Which pane it is. */
export interface PaneOf {
  readonly segment: string;
  readonly scope: Scope;
  readonly endMillis: number;
}

/** Something that happened to a version, in words. */
export interface Notice {
  readonly timeMillis: number;
  readonly text: string;
}

/** One value of a feature in a window: a metric, a score of a method, a p-value of a test; or its counts by bin; or of performance. */
export type Row =
  | PerformanceRow
  | { readonly feature: string; readonly metric: string; readonly value: number; readonly samples: number }
  | { readonly feature: string; readonly method: string; readonly value: number; readonly samples: number }
  | { readonly feature: string; readonly test: string; readonly value: number; readonly samples: number }
  | { readonly feature: string; readonly bins: readonly number[]; readonly samples: number };

export interface PaneTotalsWriter<Memory, Totals> {
  write(totals: Totals, memory: Memory, page: Page, gate: Gate): void;
  /** Gauges, which hold also while counters are not known yet. */
  writeState(totals: Totals, memory: Memory, page: Page, gate: Gate): void;
}

export interface WindowWriter<Memory, Totals, Closed> {
  write(window: WindowOf<Closed, Totals>, memory: Memory, page: Page, gate: Gate): void;
}

/** A monitor in a list: its states are opaque to whoever holds them. */
export type AnyPaneMonitor = PaneMonitor<unknown, unknown, unknown, unknown>;
export type AnyTotalsMonitor = TotalsMonitor<unknown>;
