// How well a model does, from pairs of predictions and labels: what a pane takes of each pair, and the metrics of a pane.
import { otherName } from "../event/event.ts";
import { compareText } from "../primitive/dictionary.ts";
import { SumTable } from "../primitive/sum-table.ts";
import { addDecision, addScore, decisionMetrics, scoreMetrics } from "./binary.ts";
import { addClasses, classMetrics, foldClasses } from "./classes.ts";
import { addError, errorMetrics } from "./errors.ts";
import { decisionOf, isPositive, isScore, kindOfPair, type LabelledPair, type PairSettings } from "./labelled-pair.ts";
import { addLoss } from "./losses.ts";
import type { Measured, Performance } from "./measured.ts";
import { type PerformancePane, partOf } from "./pane.ts";
import { classPrefix, errorPrefix, horizonOf, labelledPart, lossPart, partNames, unusablePart } from "./part-names.ts";

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
  addScore(partOf(pane, scores), score, label, weight);
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
    else if (name.startsWith(classPrefix))
      for (const one of JSON.parse(name.slice(classPrefix.length)) as string[]) names.classes.add(one);
  }
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

/** Every metric that a pane says something of. */
export function* performanceOf(pane: PerformancePane, settings: PairSettings): Iterable<Performance> {
  const { decisions, scores } = partNames(settings);
  for (const [at, name] of decisions.entries()) {
    const part = pane.get(name);
    if (part !== undefined) yield* of(decisionMetrics(part), at === 0 ? "" : String(settings.thresholds[at]), "");
  }
  const scored = pane.get(scores);
  if (scored !== undefined) yield* of(scoreMetrics(scored), "", "");
  yield* of(classMetrics(pane), "", "");
  yield* errorsOf(pane, settings);
}

/** Of each horizon, and of all together. */
function* errorsOf(pane: PerformancePane, settings: PairSettings): Iterable<Performance> {
  const horizons = [...namesOf(pane).horizons].sort(compareText);
  const all = new SumTable();
  for (const horizon of horizons) {
    const part = pane.get(partNames(settings).errors + horizon);
    if (part === undefined) continue;
    all.addAll(part);
    if (horizon !== "") yield* of(errorMetrics(part), "", horizon);
  }
  if (!all.isZero) yield* of(errorMetrics(all), "", "");
}

function* of(measured: Iterable<Measured>, threshold: string, horizon: string): Iterable<Performance> {
  for (const one of measured) {
    if (one.samples > 0) yield { ...one, threshold, horizon };
  }
}
