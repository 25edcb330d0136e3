// How well a model does, from pairs of predictions and labels: what a pane takes of each pair, and the metrics of a pane.
import { otherName } from "../event/event.ts";
import { compareText } from "../primitive/dictionary.ts";
import { SumTable } from "../primitive/sum-table.ts";
import { withoutInterval } from "../stats/performance/estimate.ts";
import { addDecision, addScore, decisionMetrics, scoreMetrics } from "./binary.ts";
import { addClasses, classMetrics, foldClasses } from "./classes.ts";
import { addError, errorMetrics } from "./errors.ts";
import { decisionOf, isPositive, isScore, kindOfPair, type LabelledPair, type PairSettings } from "./labelled-pair.ts";
import type { Measured, Performance } from "./measured.ts";
import { type PerformancePane, partOf } from "./pane.ts";

/**
 * Names of the parts of a pane. What decides the meaning of one is in its name: under other settings others are filled and read.
 */
interface PartNames {
  /** By threshold, the model's own decisions first. */
  readonly decisions: readonly string[];
  readonly scores: string;
  /** Before the horizon. */
  readonly errors: string;
}

const errorPrefix = "error ";
const labelledPart = "labelled";
const unusablePart = "unusable";
const known = new WeakMap<PairSettings, PartNames>();

function partNames(settings: PairSettings): PartNames {
  let names = known.get(settings);
  if (names === undefined) {
    const { positive, thresholds, percentageFloor } = settings;
    const [first = null, ...further] = thresholds;
    names = {
      decisions: [first, ...further].map((threshold) => `decision ${JSON.stringify([positive, threshold])}`),
      scores: `score ${JSON.stringify([positive])}`,
      errors: `${errorPrefix}${percentageFloor} `,
    };
    known.set(settings, names);
  }
  return names;
}

/** The name of the part that has the scores of pairs. */
export function scoresPart(settings: PairSettings): string {
  return partNames(settings).scores;
}

/** Adds a pair to a pane that is open. */
export function addPair(pane: PerformancePane, pair: LabelledPair, settings: PairSettings): void {
  partOf(pane, labelledPart).add(0, pair.weight);
  switch (kindOfPair(pair, settings)) {
    case "binary":
      addBinary(pane, pair, settings);
      break;
    case "errors":
      addError(
        partOf(pane, partNames(settings).errors + pair.horizon),
        pair.prediction as number,
        pair.label as number,
        pair.weight,
        settings.percentageFloor,
      );
      break;
    case "classes":
      addClasses(pane, String(pair.label), String(pair.prediction), pair.weight);
      break;
    case null:
      partOf(pane, unusablePart).add(0, 1);
  }
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
    else if (name.startsWith("class ")) for (const one of JSON.parse(name.slice(6)) as string[]) names.classes.add(one);
  }
  return names;
}

/** What stands behind the floor in the name of a part of errors. */
function horizonOf(name: string): string {
  return name.slice(name.indexOf(" ", errorPrefix.length) + 1);
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
