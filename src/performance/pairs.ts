// How well a model does, from pairs of predictions and labels: what a pane takes of each pair, and the metrics of a pane.
import { otherName } from "../event/event.ts";
import { compareText } from "../primitive/dictionary.ts";
import { SumTable } from "../primitive/sum-table.ts";
import { withoutInterval } from "../stats/performance/estimate.ts";
import { addDecision, addScores } from "./binary.ts";
import { decisionMetrics, scoreMetrics } from "./binary-metrics.ts";
import { addClassScores, classScoreMetrics, oneVersusRest } from "./class-scores.ts";
import { addClasses, classMetrics, foldClasses, matrixCells } from "./classes.ts";
import { addError, errorMetrics } from "./errors.ts";
import { decisionOf, isPositive, isScore, kindOfPair, type LabelledPair, type PairSettings } from "./labelled-pair.ts";
import { addLoss } from "./loss-cells.ts";
import type { Measured, Performance } from "./measured.ts";
import { type PerformancePane, partOf } from "./pane.ts";
import { errorPrefix, horizonOf, labelledPart, lossPart, partNames, unusablePart } from "./part-names.ts";
import { requestMetrics } from "./requests.ts";

/** Classes, and horizons, of a model that are told apart; the matrix of classes has the square of it. */
export const mostNames = 50;

/** Adds a pair to a pane that is open. */
export function addPair(pane: PerformancePane, pair: LabelledPair, settings: PairSettings): void {
  partOf(pane, labelledPart).add(0, pair.weight);
  switch (kindOfPair(pair, settings)) {
    case "binary":
      addBinary(pane, pair, settings);
      break;
    case "errors":
      addErrors(pane, pair, settings);
      break;
    case "classes":
      addClasses(pane, String(pair.label), String(pair.prediction), pair.weight);
      if (pair.classes.length > 0) addClassScores(pane, pair);
      break;
    case null:
      partOf(pane, unusablePart).add(0, 1);
  }
}

function addErrors(pane: PerformancePane, { horizon, weight, ...pair }: LabelledPair, settings: PairSettings): void {
  const [prediction, label] = [pair.prediction as number, pair.label as number];
  addError(partOf(pane, partNames(settings).errors + horizon), prediction, label, weight, settings.percentageFloor);
  addLoss(partOf(pane, lossPart), prediction, label, weight);
}

function addBinary(pane: PerformancePane, pair: LabelledPair, settings: PairSettings): void {
  const { score, weight } = pair;
  const { decisions, scores } = partNames(settings);
  const label = isPositive(pair.label as number | string, settings) === true;
  addDecision(partOf(pane, decisions[0] as string), decisionOf(pair, settings), label, weight);
  if (!isScore(score)) return;
  for (let at = 1; at < decisions.length; at++) {
    addDecision(partOf(pane, decisions[at] as string), score >= (settings.thresholds[at] as number), label, weight);
  }
  addScores(partOf(pane, scores), [score], label, weight);
}

/** Weight of all pairs of a pane. */
export function labelledWeight(pane: PerformancePane): number {
  return pane.get(labelledPart)?.at(0) ?? 0;
}

/** Pairs without a usable label, or with nothing to compare it with. */
export function unusablePairs(pane: PerformancePane): number {
  return pane.get(unusablePart)?.at(0) ?? 0;
}

/** Names of classes and horizons that a pane has, to be admitted before it is closed. */
export function namesOf(pane: PerformancePane): { readonly classes: Set<string>; readonly horizons: Set<string> } {
  const names = { classes: new Set<string>(), horizons: new Set<string>() };
  for (const name of pane.keys()) {
    if (name.startsWith(errorPrefix)) names.horizons.add(horizonOf(name));
  }
  for (const [{ label, prediction }] of matrixCells(pane)) names.classes.add(label).add(prediction);
  return names;
}

/** Puts classes and horizons that were not admitted together. */
export function foldNames(pane: PerformancePane, classes: ReadonlySet<string>, horizons: ReadonlySet<string>): void {
  foldClasses(pane, classes);
  for (const [name, part] of [...pane]) {
    if (!name.startsWith(errorPrefix)) continue;
    const horizon = horizonOf(name);
    if (horizons.has(horizon)) continue;
    pane.delete(name);
    partOf(pane, name.slice(0, name.length - horizon.length) + otherName).addAll(part);
  }
}

/** Metrics of requests, each of which is one observation. */
const ofRequests: ReadonlySet<string> = new Set(["ctr", "ndcg", "mrr", "hit_rate"]);

/**
 * Every metric that a pane says something of. Items that were shown on one request are not independent, so that of a ranking no
 * interval holds but those of metrics of whole requests.
 */
export function* performanceOf(pane: PerformancePane, settings: PairSettings): Iterable<Performance> {
  const clustered = settings.task === "ranking";
  for (const one of metricsOf(pane, settings)) {
    yield clustered && !ofRequests.has(one.metric) ? { ...one, ...withoutInterval(one.value, one.samples) } : one;
  }
}

function* metricsOf(pane: PerformancePane, settings: PairSettings): Iterable<Performance> {
  const { decisions, scores } = partNames(settings);
  for (const [at, name] of decisions.entries()) {
    const part = pane.get(name);
    if (part !== undefined) yield* of(decisionMetrics(part), { threshold: at === 0 ? "" : String(settings.thresholds[at]) });
  }
  const scored = pane.get(scores);
  if (scored !== undefined) yield* of(scoreMetrics(scored));
  yield* of(classMetrics(pane));
  yield* of(classScoreMetrics(pane));
  for (const one of oneVersusRest(pane)) yield* of([one], { class: one.class });
  yield* of(requestMetrics(pane));
  yield* errorsOf(pane, settings);
}

/** Of each horizon, and of all together. */
function* errorsOf(pane: PerformancePane, settings: PairSettings): Iterable<Performance> {
  for (const horizon of [...namesOf(pane).horizons].sort(compareText)) {
    const part = pane.get(partNames(settings).errors + horizon);
    if (part !== undefined && horizon !== "") yield* of(errorMetrics(part), { horizon });
  }
  const all = allErrors(pane, settings);
  if (all !== null) yield* of(errorMetrics(all));
}

/** Errors of all horizons together; null where there are none. */
export function allErrors(pane: PerformancePane, settings: PairSettings): SumTable | null {
  const all = new SumTable();
  for (const [name, part] of pane) if (name.startsWith(partNames(settings).errors)) all.addAll(part);
  return all.isZero ? null : all;
}

const plain = { threshold: "", horizon: "", class: "" };

function* of(measured: Iterable<Measured>, at: Partial<typeof plain> = {}): Iterable<Performance> {
  for (const one of measured) if (one.samples > 0) yield { ...one, ...plain, ...at };
}

/** Whether a metric is of all: of no further threshold, horizon or class. */
export function isPlain(one: Performance): boolean {
  return one.threshold === "" && one.horizon === "" && one.class === "";
}
