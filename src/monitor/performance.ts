// How well a model does: predictions with their labels, by the time of the outcome in panes, and by that of the prediction in cohorts.
import { type Labelled, type PerformanceSettings, saysSomething } from "../performance/labelled-pair.ts";
import { OpenPairs } from "../performance/open-pairs.ts";
import { unusablePairs } from "../performance/pairs.ts";
import { mergePanes, type PerformancePane, packPane, performanceMonoid } from "../performance/pane.ts";
import { OpenPredictions } from "../performance/predicted.ts";
import { addRequest } from "../performance/requests.ts";
import { type Reader, readAll, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { unpack } from "../window/pane-series.ts";
import { minuteMillis } from "../window/resolution.ts";
import type { ModelSettings, PaneMonitor } from "./monitor.ts";
import { OpenCohorts } from "./open-cohorts.ts";
import { OpenRequests, type RequestItem } from "./open-requests.ts";
import { PerformanceAlarm } from "./performance-alarm.ts";
import { Cohorts, cohortWidthMillis } from "./performance-cohorts.ts";
import { PerformanceMemory } from "./performance-memory.ts";
import { performanceRows } from "./performance-rows.ts";
import { performanceFamilies, performanceTotalsWriter, performanceWriter } from "./performance-samples.ts";
import { Trust } from "./performance-trust.ts";
import { addTallies, countPair, QualityTotals, type Tallies } from "./quality-objectives.ts";
import { preparePerformance } from "./window-performance.ts";

/** What an open minute has of a segment. */
export interface OpenPerformance {
  /** Under which its predictions are read. */
  readonly settings: PerformanceSettings | null;
  readonly predictions: OpenPredictions;
  /** Pairs of predictions that belong to no cohort. */
  readonly pairs: OpenPairs;
  /** All others. */
  readonly cohorts: OpenCohorts;
  /** Pairs by objective that is about single predictions. */
  readonly objectives: Tallies;
  /** Pairs that are items of requests. */
  readonly items: RequestItem[];
}

export interface PerformanceTotals {
  /** Pairs that say nothing: without a label that can be read, or without anything to compare it with. */
  unusable: number;
  /** By segment. */
  readonly cohorts: Map<string, Cohorts>;
  readonly requests: Map<string, OpenRequests>;
  /** Of all traffic. */
  readonly quality: QualityTotals;
  readonly alarm: PerformanceAlarm;
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

  createTotals: () => ({
    unusable: 0,
    cohorts: new Map(),
    requests: new Map(),
    quality: new QualityTotals(),
    alarm: new PerformanceAlarm(),
    trust: new Trust(),
  }),
  encodeTotals({ unusable, cohorts, requests, quality, alarm, trust }, writer) {
    writer.unsigned(unusable);
    writeAll(writer, sorted(cohorts), ([segment, of]) => {
      writer.text(segment);
      of.encode(writer);
    });
    writeAll(writer, sorted(requests), ([segment, of]) => {
      writer.text(segment);
      of.encode(writer);
    });
    quality.encode(writer);
    alarm.encode(writer);
    trust.encode(writer);
  },
  decodeTotals(reader) {
    const unusable = reader.unsigned();
    const cohorts = new Map(readAll(reader, () => [reader.text(), Cohorts.decode(reader)] as const));
    const requests = new Map(readAll(reader, () => [reader.text(), OpenRequests.decode(reader)] as const));
    const [quality, alarm] = [QualityTotals.decode(reader), PerformanceAlarm.decode(reader)];
    return { unusable, cohorts, requests, quality, alarm, trust: Trust.decode(reader) };
  },

  observes: ({ performance: settings }) => settings !== null,
  open: openPerformance,
  observe({ predictions, settings }, frame) {
    if (settings !== null && !frame.failed) predictions.add(frame, settings.pairs);
  },
  note({ predictions, settings }, prediction) {
    if (settings !== null) predictions.add(prediction, settings.pairs);
  },
  label({ pairs, cohorts, objectives, items }, pair, { settings }) {
    if (settings.performance === null || !saysSomething(pair)) return;
    countPair(objectives, pair, settings.performance.objectives, settings.performance.pairs);
    const hasCohort = !Number.isNaN(pair.predictedMillis);
    if (hasCohort && !Number.isNaN(pair.group)) items.push(itemOf(pair));
    (hasCohort ? cohorts.of(pair.predictedMillis) : pairs).add(pair, settings.performance.pairs);
  },
  addLabels(into, { predictions, pairs, cohorts, objectives, items }) {
    into.predictions.addAll(predictions);
    mergePanes(into.pairs.pane, pairs.pane);
    for (const [start, cohort] of cohorts.all) mergePanes(into.cohorts.at(start).pane, cohort.pane);
    addTallies(into.objectives, objectives);
    for (const item of items) into.items.push(item);
  },
  // Pairs are told when their minute closes: a pane that is open for longer has predictions only.
  encodeOpen: ({ predictions }, writer) => writer.blob(packPane(predictions.pane)),
  decodeOpen: (reader, { settings }) => ({ ...openPerformance(settings), predictions: new OpenPredictions(readPane(reader)) }),

  settle(memory, panes) {
    memory.admit(panes.flatMap(({ pairs, cohorts }) => [pairs.pane, ...[...cohorts.all.values()].map(({ pane }) => pane)]));
    return null;
  },
  *close({ predictions, pairs: own, cohorts: open, objectives, items }, memory, totals, _schema, { segment, endMillis }) {
    const { performance: settings } = memory.settings;
    for (const { pane } of [own, ...open.all.values()]) memory.fold(pane);
    if (settings !== null) judgeRequests({ cohorts: open, items }, totals, segment, endMillis - minuteMillis, memory.settings);
    const pairs = own.pane;
    const labels = new Map([...open.all].map(([start, { pane }]) => [start, pane]));
    for (const cohort of labels.values()) mergePanes(pairs, cohort);
    if (segment === "") {
      totals.unusable += unusablePairs(pairs);
      if (settings !== null) {
        totals.quality.close(endMillis - minuteMillis, pairs, objectives, settings.objectives, settings.pairs);
      }
    }
    yield;
    let cohorts = totals.cohorts.get(segment);
    if (cohorts === undefined) {
      cohorts = new Cohorts();
      totals.cohorts.set(segment, cohorts);
    }
    if (segment === "") totals.trust.settle(endMillis - minuteMillis, cohorts, memory);
    cohorts.close(endMillis - minuteMillis, predictions.pane, labels, memory.settings);
    if (cohorts.empty) totals.cohorts.delete(segment);
    mergePanes(pairs, predictions.pane);
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

function openPerformance(of: ModelSettings): OpenPerformance {
  const [predictions, pairs, cohorts] = [new OpenPredictions(), new OpenPairs(), new OpenCohorts(cohortWidthMillis(of))];
  return { settings: of.performance, predictions, pairs, cohorts, objectives: new Map(), items: [] };
}

function itemOf({ group, rank, label, weight, predictedMillis }: Labelled): RequestItem {
  const clicked = typeof label === "number" ? label > 0 : label === "true";
  return { group, rank, clicked, weight, predictedMillis };
}

/** Takes the items of a minute, and judges requests whose horizon ends with it. */
function judgeRequests(
  { cohorts, items }: Pick<OpenPerformance, "cohorts" | "items">,
  { requests }: PerformanceTotals,
  segment: string,
  startMillis: number,
  settings: ModelSettings,
): void {
  const open = requests.get(segment) ?? new OpenRequests();
  for (const item of items) open.add(item, settings.performance?.horizonMillis ?? 0);
  for (const request of open.due(startMillis)) {
    addRequest(cohorts.of(request.predictedMillis).pane, request);
  }
  if (open.empty) requests.delete(segment);
  else requests.set(segment, open);
}

function readPane(reader: Reader): PerformancePane {
  return unpack(performanceMonoid, reader.blob());
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([one], [other]) => compareText(one, other));
}
