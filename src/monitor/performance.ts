// How well a model does: predictions with their labels, by the time of the outcome in panes, and by that of the prediction in cohorts.
import { addPair, unusablePairs } from "../performance/pairs.ts";
import { mergePanes, type PerformancePane, packPane, performanceMonoid } from "../performance/pane.ts";
import { addPrediction } from "../performance/predicted.ts";
import { type Reader, readAll, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { unpack } from "../window/pane-series.ts";
import { minuteMillis } from "../window/resolution.ts";
import type { PaneMonitor } from "./monitor.ts";
import { Cohorts, cohortWidthMillis } from "./performance-cohorts.ts";
import { PerformanceMemory } from "./performance-memory.ts";
import { performanceRows } from "./performance-rows.ts";
import { performanceFamilies, performanceWriter, unusableWriter } from "./performance-samples.ts";
import { Trust } from "./performance-trust.ts";
import { preparePerformance } from "./window-performance.ts";

/** What an open minute has of a segment. */
export interface OpenPerformance {
  readonly predictions: PerformancePane;
  readonly pairs: PerformancePane;
  /** The same pairs by the start of the cohort that their predictions belong to. */
  readonly cohorts: Map<number, PerformancePane>;
}

export interface PerformanceTotals {
  /** Pairs that say nothing: without a label that can be read, or without anything to compare it with. */
  unusable: number;
  /** By segment. */
  readonly cohorts: Map<string, Cohorts>;
  /** Of all traffic. */
  readonly trust: Trust;
}

export const performance: PaneMonitor<PerformanceMemory, PerformanceTotals, OpenPerformance, PerformancePane> = {
  name: "performance",
  since: 2,
  families: performanceFamilies,
  createMemory: (settings) => new PerformanceMemory(settings),
  adaptMemory(memory, settings) {
    memory.settings = settings;
    return false;
  },
  *encodeMemory(memory, writer) {
    memory.encode(writer);
    yield;
  },
  decodeMemory: (reader, settings) => PerformanceMemory.decode(reader, settings),

  createTotals: () => ({ unusable: 0, cohorts: new Map(), trust: new Trust() }),
  encodeTotals({ unusable, cohorts, trust }, writer) {
    writer.unsigned(unusable);
    writeAll(writer, sorted(cohorts), ([segment, of]) => {
      writer.text(segment);
      of.encode(writer);
    });
    trust.encode(writer);
  },
  decodeTotals(reader) {
    const unusable = reader.unsigned();
    const cohorts = new Map(readAll(reader, () => [reader.text(), Cohorts.decode(reader)] as const));
    return { unusable, cohorts, trust: Trust.decode(reader) };
  },

  observes: ({ settings }) => settings.performance !== null,
  open: () => ({ predictions: new Map(), pairs: new Map(), cohorts: new Map() }),
  observe({ predictions }, frame, { settings: { performance: settings } }) {
    if (settings !== null && !frame.failed) addPrediction(predictions, frame, settings.pairs);
  },
  label({ pairs, cohorts }, pair, { settings }) {
    if (settings.performance === null) return;
    addPair(pairs, pair, settings.performance.pairs);
    if (Number.isNaN(pair.predictedMillis)) return;
    const width = cohortWidthMillis(settings);
    const start = Math.floor(pair.predictedMillis / width) * width;
    let cohort = cohorts.get(start);
    if (cohort === undefined) {
      cohort = new Map();
      cohorts.set(start, cohort);
    }
    addPair(cohort, pair, settings.performance.pairs);
  },
  encodeOpen({ predictions, pairs, cohorts }, writer) {
    writer.blob(packPane(predictions));
    writer.blob(packPane(pairs));
    writeAll(
      writer,
      [...cohorts].sort(([one], [other]) => one - other),
      ([start, pane]) => {
        writer.integer(start);
        writer.blob(packPane(pane));
      },
    );
  },
  decodeOpen(reader) {
    const [predictions, pairs] = [readPane(reader), readPane(reader)];
    return { predictions, pairs, cohorts: new Map(readAll(reader, () => [reader.integer(), readPane(reader)] as const)) };
  },

  settle(memory, panes) {
    memory.admit(panes.map(({ pairs }) => pairs));
    return null;
  },
  *close({ predictions, pairs, cohorts }, memory, totals, _schema, { segment, endMillis }) {
    for (const pane of [pairs, ...cohorts.values()]) memory.fold(pane);
    if (segment === "") totals.unusable += unusablePairs(pairs);
    yield;
    let own = totals.cohorts.get(segment);
    if (own === undefined) {
      own = new Cohorts();
      totals.cohorts.set(segment, own);
    }
    if (segment === "") totals.trust.settle(endMillis - minuteMillis, own, memory);
    own.close(endMillis - minuteMillis, predictions, cohorts, memory.settings);
    if (own.empty) totals.cohorts.delete(segment);
    mergePanes(pairs, predictions);
    return pairs;
  },
  *learn(memory, panes, startMillis, endMillis) {
    for (const { segment, closed } of panes) {
      if (segment === "") memory.learn(closed, startMillis, endMillis);
      yield;
    }
    return null;
  },
  look: () => [],
  convertOpen: () => undefined,
  convertClosed: () => [],
  converted: () => undefined,
  monoid: () => performanceMonoid,

  notices: () => [],
  turnedAway: ({ turnedAway }) => new Map([["classes", turnedAway]]),
  prepare: preparePerformance,
  rows: performanceRows,
  totalsWriter: unusableWriter,
  windowWriter: performanceWriter,
};

function readPane(reader: Reader): PerformancePane {
  return unpack(performanceMonoid, reader.blob());
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([one], [other]) => compareText(one, other));
}
