// How well a model does: predictions with their labels, by the time of the outcome in panes, and by that of the prediction in cohorts.
import { addPair, unusablePairs } from "../performance/pairs.ts";
import { mergePanes, type PerformancePane, packPane, performanceMonoid } from "../performance/pane.ts";
import { addPrediction } from "../performance/predicted.ts";
import { type Reader, readAll, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { unpack } from "../window/pane-series.ts";
import { minuteMillis } from "../window/resolution.ts";
import type { PaneMonitor } from "./monitor.ts";
import { PerformanceAlarm } from "./performance-alarm.ts";
import { Cohorts, cohortWidthMillis } from "./performance-cohorts.ts";
import { PerformanceMemory } from "./performance-memory.ts";
import { performanceRows } from "./performance-rows.ts";
import { performanceFamilies, performanceTotalsWriter, performanceWriter } from "./performance-samples.ts";
import { countPair, QualityTotals, readTallies, type Tallies, writeTallies } from "./quality-objectives.ts";
import { preparePerformance } from "./window-performance.ts";

/** What an open minute has of a segment. */
export interface OpenPerformance {
  readonly predictions: PerformancePane;
  readonly pairs: PerformancePane;
  /** The same pairs by the start of the cohort that their predictions belong to. */
  readonly cohorts: Map<number, PerformancePane>;
  /** Pairs by objective that is about single predictions. */
  readonly objectives: Tallies;
}

export interface PerformanceTotals {
  /** Pairs that say nothing: without a label that can be read, or without anything to compare it with. */
  unusable: number;
  /** By segment. */
  readonly cohorts: Map<string, Cohorts>;
  /** Of all traffic. */
  readonly quality: QualityTotals;
  readonly alarm: PerformanceAlarm;
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

  createTotals: () => ({ unusable: 0, cohorts: new Map(), quality: new QualityTotals(), alarm: new PerformanceAlarm() }),
  encodeTotals({ unusable, cohorts, quality, alarm }, writer) {
    writer.unsigned(unusable);
    writeAll(writer, sorted(cohorts), ([segment, of]) => {
      writer.text(segment);
      of.encode(writer);
    });
    quality.encode(writer);
    alarm.encode(writer);
  },
  decodeTotals(reader) {
    const unusable = reader.unsigned();
    const cohorts = new Map(readAll(reader, () => [reader.text(), Cohorts.decode(reader)] as const));
    return { unusable, cohorts, quality: QualityTotals.decode(reader), alarm: PerformanceAlarm.decode(reader) };
  },

  observes: ({ settings }) => settings.performance !== null,
  open: () => ({ predictions: new Map(), pairs: new Map(), cohorts: new Map(), objectives: new Map() }),
  observe({ predictions }, frame, { settings: { performance: settings } }) {
    if (settings !== null && !frame.failed) addPrediction(predictions, frame, settings.pairs);
  },
  label({ pairs, cohorts, objectives }, pair, { settings }) {
    if (settings.performance === null) return;
    addPair(pairs, pair, settings.performance.pairs);
    countPair(objectives, pair, settings.performance.objectives, settings.performance.pairs);
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
  encodeOpen({ predictions, pairs, cohorts, objectives }, writer) {
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
    writeTallies(objectives, writer);
  },
  decodeOpen(reader) {
    const [predictions, pairs] = [readPane(reader), readPane(reader)];
    const cohorts = new Map(readAll(reader, () => [reader.integer(), readPane(reader)] as const));
    return { predictions, pairs, cohorts, objectives: readTallies(reader) };
  },

  settle(memory, panes) {
    memory.admit(panes.map(({ pairs }) => pairs));
    return null;
  },
  *close({ predictions, pairs, cohorts, objectives }, memory, totals, _schema, { segment, endMillis }) {
    const { performance: settings } = memory.settings;
    for (const pane of [pairs, ...cohorts.values()]) memory.fold(pane);
    if (segment === "") {
      totals.unusable += unusablePairs(pairs);
      if (settings !== null) {
        totals.quality.close(endMillis - minuteMillis, pairs, objectives, settings.objectives, settings.pairs);
      }
    }
    yield;
    let own = totals.cohorts.get(segment);
    if (own === undefined) {
      own = new Cohorts();
      totals.cohorts.set(segment, own);
    }
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
  *look(looked, memory, totals, tell) {
    if (looked.segment === "") totals.alarm.look(looked, memory, tell);
    yield;
  },
  convertOpen: () => undefined,
  convertClosed: () => [],
  converted: () => undefined,
  monoid: () => performanceMonoid,

  notices: () => [],
  turnedAway: ({ turnedAway }) => new Map([["classes", turnedAway]]),
  prepare: preparePerformance,
  rows: performanceRows,
  totalsWriter: performanceTotalsWriter,
  windowWriter: performanceWriter,
};

function readPane(reader: Reader): PerformancePane {
  return unpack(performanceMonoid, reader.blob());
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([one], [other]) => compareText(one, other));
}
